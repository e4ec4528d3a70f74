//! A replica: one register, and which of two writes stays in it.

use std::cmp::Ordering;

use faultline_model::{Cast, Cell, Cx, Glance, Hue, NodeId, OpId, RuleId, Shape, SortedMap, Span, Time};
use serde::Serialize;

use super::{Disk, LastWriterWins, Msg, Op, Ret, Tie, Timer, rules};

/// A write with its timestamp, which never changes again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Version {
    /// The value; `None` marks a delete.
    pub value: Option<String>,
    /// What the clock of `writer` read, rounded down to the resolution.
    pub timestamp: Time,
    /// The node whose clock stamped it.
    pub writer: NodeId,
}

impl Version {
    /// The value for people.
    pub fn text(&self) -> &str {
        self.value.as_deref().unwrap_or("deleted")
    }

    /// Timestamp, then node id as in RFC 677, then the value: a node can stamp two writes alike when the
    /// resolution is coarse, and only a total order lets all replicas choose the same one.
    fn total_order(&self, other: &Version) -> Ordering {
        (self.timestamp, self.writer, &self.value).cmp(&(other.timestamp, other.writer, &other.value))
    }
}

/// A replica.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Replica {
    /// The register; `None` before the first write, and after a delete without a tombstone.
    pub x: Option<Version>,
    /// How many ties this replica has noticed.
    pub ties: u64,
    /// The last write of each client that was acknowledged.
    pub answered: SortedMap<NodeId, OpId>,
}

/// Where a write comes from.
#[derive(Clone, Copy)]
enum Source {
    OwnClient,
    Peer,
}

/// Which of a write that comes and one that is there stays, and by which rule.
struct Verdict {
    incoming_stays: bool,
    tie: bool,
    rule: RuleId,
}

fn judge(present: Option<&Version>, incoming: &Version, tie: Tie) -> Verdict {
    let verdict = |incoming_stays, tie, rule| Verdict { incoming_stays, tie, rule };
    let Some(present) = present else {
        return verdict(true, false, rules::ADOPT);
    };
    match incoming.timestamp.cmp(&present.timestamp) {
        Ordering::Greater => verdict(true, false, rules::ADOPT),
        Ordering::Less => verdict(false, false, rules::REJECT),
        Ordering::Equal if incoming == present => verdict(false, false, rules::KNOWN),
        Ordering::Equal => match tie {
            Tie::SameWrite => verdict(false, false, rules::TIE_UNNOTICED),
            Tie::Keep => verdict(false, true, rules::TIE_KEEP),
            Tie::Incoming => verdict(true, true, rules::TIE_INCOMING),
            Tie::NodeId if incoming.total_order(present) == Ordering::Greater => {
                verdict(true, true, rules::TIE_HIGHER)
            }
            Tie::NodeId => verdict(false, true, rules::TIE_LOWER),
        },
    }
}

/// Rounds a reading down to a multiple of the resolution.
fn rounded(reading: Time, resolution: Span) -> Time {
    Time(reading.0 - reading.0 % resolution.0.max(1))
}

impl Replica {
    pub(super) fn boot(saved: Option<Disk>, cx: &mut Cx<'_, LastWriterWins>) -> Replica {
        let Disk { x, answered } = saved.unwrap_or_default();
        Replica { x, answered, ties: 0 }.with_repair(cx)
    }

    fn with_repair(self, cx: &mut Cx<'_, LastWriterWins>) -> Replica {
        if cx.params().anti_entropy > Span::ZERO {
            cx.arm(Timer::Repair, cx.params().anti_entropy);
        }
        self
    }

    pub(super) fn on_request(
        &mut self,
        client: NodeId,
        id: OpId,
        op: Op,
        stamp: Option<Time>,
        cx: &mut Cx<'_, LastWriterWins>,
    ) {
        let value = match op {
            Op::Read => {
                cx.because(rules::READ);
                // A write that is still on its way to the disk can be lost, and must not have been seen.
                cx.flush();
                let value = self.x.as_ref().and_then(|version| version.value.clone());
                cx.send(client, Msg::Response { id, ret: Ret::Value(value) });
                return;
            }
            Op::Write(value) => Some(value),
            Op::Delete => None,
        };
        // Ids grow, and a client has one operation at a time: an older one is a copy that came late.
        if self.answered.get(&client).is_some_and(|&last| id <= last) {
            cx.because(rules::ANSWER_AGAIN);
            cx.flush();
            cx.send(client, Msg::Response { id, ret: Ret::Ok });
            return;
        }
        let (writer, reading) = stamp.map_or((cx.me(), cx.now()), |stamp| (client, stamp));
        let version = Version { value, timestamp: rounded(reading, cx.params().resolution), writer };
        self.answered.insert(client, id);
        let stays = self.merge(&version, Source::OwnClient, cx);
        cx.persist(Disk { x: self.x.clone(), answered: self.answered.clone() });
        cx.send(client, Msg::Response { id, ret: Ret::Ok });
        if stays {
            cx.broadcast(&Msg::Replicate { version });
        }
    }

    pub(super) fn on_replicate(&mut self, version: Version, cx: &mut Cx<'_, LastWriterWins>) {
        if self.merge(&version, Source::Peer, cx) {
            cx.persist(Disk { x: self.x.clone(), answered: self.answered.clone() });
        }
    }

    /// A newcomer asks. It may hear the same from others, too.
    pub(super) fn on_pull(&self, newcomer: NodeId, cx: &mut Cx<'_, LastWriterWins>) {
        let Some(version) = self.x.clone() else {
            cx.because(rules::NOTHING_TO_REPAIR);
            return;
        };
        cx.because(rules::TELL_NEWCOMER);
        cx.flush();
        cx.send(newcomer, Msg::Replicate { version });
    }

    /// Lets a write take its place, or not; true when it stays.
    fn merge(&mut self, incoming: &Version, source: Source, cx: &mut Cx<'_, LastWriterWins>) -> bool {
        let verdict = judge(self.x.as_ref(), incoming, cx.params().tie);
        cx.because(match (source, verdict.rule) {
            (Source::OwnClient, rules::ADOPT) => rules::ACCEPT,
            (Source::OwnClient, rules::REJECT) => rules::OUTDATED_ON_ARRIVAL,
            (_, rule) => rule,
        });
        self.ties += u64::from(verdict.tie);
        if !verdict.incoming_stays {
            return false;
        }
        if incoming.value.is_none() {
            let keep = cx.params().tombstones;
            cx.because(if keep { rules::KEEP_TOMBSTONE } else { rules::FORGET });
            self.x = keep.then(|| incoming.clone());
        } else {
            self.x = Some(incoming.clone());
        }
        true
    }

    pub(super) fn on_repair(&mut self, cx: &mut Cx<'_, LastWriterWins>) {
        cx.arm(Timer::Repair, cx.params().anti_entropy);
        let Some(version) = self.x.clone() else {
            cx.because(rules::NOTHING_TO_REPAIR);
            return;
        };
        cx.because(rules::REPAIR);
        cx.flush();
        cx.broadcast(&Msg::Replicate { version });
    }

    pub(super) fn glance(&self, cast: &Cast) -> Glance {
        let cells = match &self.x {
            None => vec![Cell::new("x", "–")],
            Some(version) => vec![
                Cell::new("x", version.text()),
                Cell::new("at", version.timestamp),
                Cell::new("by", cast.name(version.writer)),
            ],
        };
        Glance {
            role: "replica".to_owned(),
            shape: Shape::Cylinder,
            hue: Hue::Teal,
            cells,
            ..Glance::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(value: &str, timestamp: u64, writer: u16) -> Version {
        Version { value: Some(value.to_owned()), timestamp: Time(timestamp), writer: NodeId(writer) }
    }

    fn stays(present: &Version, incoming: &Version, tie: Tie) -> (bool, RuleId) {
        let verdict = judge(Some(present), incoming, tie);
        (verdict.incoming_stays, verdict.rule)
    }

    #[test]
    fn a_later_timestamp_wins_whatever_the_tie_rule_is() {
        let (early, late) = (version("a", 7, 1), version("b", 8, 0));
        for tie in [Tie::SameWrite, Tie::Keep, Tie::Incoming, Tie::NodeId] {
            assert_eq!(stays(&early, &late, tie), (true, rules::ADOPT), "{tie:?}");
            assert_eq!(stays(&late, &early, tie), (false, rules::REJECT), "{tie:?}");
            assert_eq!(stays(&late, &late, tie), (false, rules::KNOWN), "{tie:?}");
            assert!(judge(None, &early, tie).incoming_stays, "{tie:?}");
        }
    }

    #[test]
    fn each_tie_rule_decides_as_it_says() {
        let (red, blue) = (version("red", 7, 0), version("blue", 7, 1));
        assert_eq!(stays(&red, &blue, Tie::SameWrite), (false, rules::TIE_UNNOTICED));
        assert_eq!(stays(&red, &blue, Tie::Keep), (false, rules::TIE_KEEP));
        assert_eq!(stays(&red, &blue, Tie::Incoming), (true, rules::TIE_INCOMING));
        assert_eq!(stays(&red, &blue, Tie::NodeId), (true, rules::TIE_HIGHER));
        assert_eq!(stays(&blue, &red, Tie::NodeId), (false, rules::TIE_LOWER));
    }

    #[test]
    fn the_order_by_node_id_is_total_so_that_any_two_replicas_choose_alike() {
        let mut versions = vec![];
        for (timestamp, writer) in [(7, 0), (7, 1), (8, 0)] {
            versions.extend(["a", "b"].map(|value| version(value, timestamp, writer)));
        }
        versions.push(Version { value: None, ..version("", 7, 1) });
        for one in &versions {
            for two in versions.iter().filter(|&two| two != one) {
                let wins = |present, incoming| judge(Some(present), incoming, Tie::NodeId).incoming_stays;
                assert_ne!(wins(one, two), wins(two, one), "{one:?} {two:?}");
            }
        }
    }

    #[test]
    fn readings_are_rounded_down_to_the_resolution() {
        assert_eq!(rounded(Time(7_999_999), Span::secs(1)), Time(7_000_000));
        assert_eq!(rounded(Time(7_999_999), Span::micros(1)), Time(7_999_999));
    }
}
