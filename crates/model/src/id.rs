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
}

/// All nodes of a run, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cast {
    members: Vec<Member>,
}

impl Cast {
    /// Servers `S1..Sn` and clients `C1..Cm`: the usual cast.
    pub fn servers_and_clients(servers: usize, clients: usize) -> Cast {
        let named = |prefix: &str, kind, count| {
            (1..=count).map(move |i| Member { name: format!("{prefix}{i}"), kind }).collect::<Vec<_>>()
        };
        let mut members = named("S", Kind::Server, servers);
        members.extend(named("C", Kind::Client, clients));
        Cast { members }
    }

    /// A cast of servers with the given names.
    pub fn of(names: &[&str]) -> Cast {
        let members =
            names.iter().map(|name| Member { name: (*name).to_owned(), kind: Kind::Server }).collect();
        Cast { members }
    }

    /// The same cast with clients of the given names behind the others.
    #[must_use]
    pub fn with_clients(mut self, names: &[&str]) -> Cast {
        self.members.extend(names.iter().map(|name| Member { name: (*name).to_owned(), kind: Kind::Client }));
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

    /// The ids of one kind, ascending.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = NodeId> {
        self.iter().filter(move |(_, member)| member.kind == kind).map(|(id, _)| id)
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
