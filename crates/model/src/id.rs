//! Identities: nodes, messages in flight, client operations, and the cast that names the nodes.

use serde::{Deserialize, Serialize};

/// A node's index in the [`Cast`]; its name ("S2") is looked up there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId(pub u16);

impl NodeId {
    /// The index into per-node tables.
    #[inline]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One message in flight, numbered from 1 in the order in which messages left in this run.
///
/// Scripts never rely on it: they match messages by content. Within one run it is as stable as the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MsgId(pub u32);

/// One client operation ("write x=1"), numbered from 1 in the order of invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OpId(pub u32);

/// What part a node plays, fixed for the whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A member of the system itself: replica, server, acceptor.
    Server,
    /// A client of it: issues operations, times out, retries.
    Client,
}

/// One node of the cast.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Member {
    /// How people and scripts call it: "S2", "C1", "A". Unique, starts with a letter.
    pub name: String,
    /// The part it plays.
    pub kind: Kind,
    /// Whether it has left for good. It keeps its place and its name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub left: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Member {
    /// A member that is present.
    pub fn new(name: impl Into<String>, kind: Kind) -> Member {
        Member { name: name.into(), kind, left: false }
    }
}

/// All nodes of a run, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cast {
    members: Vec<Member>,
    /// How many of its kind stand before each member.
    ranks: Vec<usize>,
}

impl Cast {
    /// Servers `S1..Sn` and clients `C1..Cm`: the usual cast.
    pub fn servers_and_clients(servers: usize, clients: usize) -> Cast {
        let named = |prefix: &str, kind, count| {
            (1..=count).map(move |i| Member::new(format!("{prefix}{i}"), kind)).collect::<Vec<_>>()
        };
        let mut members = named("S", Kind::Server, servers);
        members.extend(named("C", Kind::Client, clients));
        members.into_iter().collect()
    }

    /// A cast of servers with the given names.
    pub fn of(names: &[&str]) -> Cast {
        names.iter().map(|name| Member::new(*name, Kind::Server)).collect()
    }

    /// The same cast with clients of the given names behind the others.
    #[must_use]
    pub fn with_clients(mut self, names: &[&str]) -> Cast {
        for name in names {
            self.join(Member::new(*name, Kind::Client));
        }
        self
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no nodes at all.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// All members with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Member)> {
        self.members.iter().enumerate().map(|(i, member)| (NodeId(i as u16), member))
    }

    /// The ids of one kind, ascending, without those that have left.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = NodeId> {
        self.iter().filter(move |(_, member)| member.kind == kind && !member.left).map(|(id, _)| id)
    }

    /// How many of a node's kind stand before it, those that have left included: it never changes. Panics
    /// when the id is not of this cast.
    pub fn rank(&self, id: NodeId) -> usize {
        self.ranks[id.index()]
    }

    /// Whether a node has left for good.
    pub fn has_left(&self, id: NodeId) -> bool {
        self.members.get(id.index()).is_some_and(|member| member.left)
    }

    /// A member comes in addition; its id is the next one.
    pub fn join(&mut self, member: Member) -> NodeId {
        let of_its_kind = |other: &&Member| other.kind == member.kind;
        let before = self.members.iter().zip(&self.ranks).rev().find(|(other, _)| of_its_kind(other));
        self.ranks.push(before.map_or(0, |(_, rank)| rank + 1));
        self.members.push(member);
        NodeId((self.members.len() - 1) as u16)
    }

    /// A member leaves for good. Panics when the id is not of this cast.
    pub fn leave(&mut self, id: NodeId) {
        self.members[id.index()].left = true;
    }

    /// The part that a node plays. Panics when the id is not of this cast.
    #[inline]
    pub fn kind(&self, id: NodeId) -> Kind {
        self.members[id.index()].kind
    }

    /// A node's name; "?" for an id that is not of this cast.
    pub fn name(&self, id: NodeId) -> &str {
        self.members.get(id.index()).map_or("?", |member| &member.name)
    }

    /// The node of that name, upper or lower case.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.iter().find(|(_, member)| member.name.eq_ignore_ascii_case(name)).map(|(id, _)| id)
    }
}

impl FromIterator<Member> for Cast {
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Cast {
        let mut cast = Cast::default();
        for member in members {
            cast.join(member);
        }
        cast
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_joins_comes_last_and_who_leaves_keeps_his_place() {
        let mut cast = Cast::of(&["A", "B"]).with_clients(&["C1", "C2"]);
        let joined = cast.join(Member::new("C", Kind::Server));
        assert_eq!((joined, cast.find("c")), (NodeId(4), Some(NodeId(4))));
        cast.leave(NodeId(0));
        let ids = |kind| cast.of_kind(kind).map(|id| id.0).collect::<Vec<_>>();
        assert_eq!((ids(Kind::Server), ids(Kind::Client)), (vec![1, 4], vec![2, 3]));
        let ranks: Vec<usize> = cast.iter().map(|(id, _)| cast.rank(id)).collect();
        assert_eq!(ranks, [0, 1, 0, 1, 2]);
        assert!(cast.has_left(NodeId(0)) && !cast.has_left(NodeId(1)) && !cast.has_left(NodeId(9)));
        assert_eq!((cast.name(NodeId(0)), cast.len()), ("A", 5));
    }
}
