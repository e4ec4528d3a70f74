//! What stands beside the stage, and the faults on offer.

use faultline_model::{About, Cast};
use faultline_sim::Action;
use serde::{Deserialize, Serialize};

/// Something shown beside the stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Panel {
    /// "What B knows": that node's own state and nothing else.
    Knows(String),
    /// "What really happened": the events, as an all-seeing observer writes them down.
    Happened,
    /// True time above every node's own clock.
    Clocks,
    /// "Who reaches whom": for every two servers whether a message would arrive, and who takes whom to have
    /// failed.
    Reach,
    /// "The code": lines of a program, those lit by whose rule the last event happened.
    Code(Vec<CodeLine>),
}

/// One line of the panel "The code".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CodeLine {
    /// The line as it is read.
    pub text: String,
    /// The rules of the protocol that this line stands for, by their ids.
    pub rules: Vec<String>,
}

impl Panel {
    /// Whether the nodes and rules that it names exist.
    ///
    /// # Errors
    ///
    /// The first name that does not, and those that do.
    pub fn check(&self, cast: &Cast, about: &About) -> Result<(), String> {
        match self {
            Panel::Knows(name) if cast.find(name).is_none() => {
                let names: Vec<&str> = cast.iter().take(8).map(|(_, member)| &*member.name).collect();
                Err(format!("`knows` speaks of `{name}`, and there is no such node: {}", names.join(", ")))
            }
            Panel::Code(lines) => {
                let known = |id: &&String| about.rules.iter().any(|rule| rule.id == **id);
                let Some(id) = lines.iter().flat_map(|line| &line.rules).find(|id| !known(id)) else {
                    return Ok(());
                };
                let ids: Vec<&str> = about.rules.iter().map(|rule| rule.id).collect();
                Err(format!(
                    "`code` speaks of rule `{id}`; the rules of {} are: {}",
                    about.slug,
                    ids.join(", ")
                ))
            }
            Panel::Knows(_) | Panel::Happened | Panel::Clocks | Panel::Reach => Ok(()),
        }
    }
}

/// A fault that a learner can cause; with it comes what takes it back (heal, resume).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// A message is lost.
    Drop,
    /// A message arrives later.
    Delay,
    /// A message arrives twice.
    Duplicate,
    /// A link loses a share of its messages.
    Loss,
    /// A link has another latency.
    Latency,
    /// A directed link carries nothing.
    Cut,
    /// Groups of nodes do not reach each other.
    Partition,
    /// A node stops and forgets its memory.
    Crash,
    /// A crashed node starts again.
    Restart,
    /// A node stands still without knowing it.
    Pause,
    /// A node's clock is set wrong.
    Skew,
    /// A node's clock runs fast or slow.
    Drift,
    /// A node works slowly.
    Slow,
    /// Every message of one kind on a directed link is lost.
    DropAll,
    /// Nothing on a directed link arrives until it is released.
    Hold,
    /// A directed link carries so much a second.
    Bandwidth,
    /// A node's clock jumps.
    Jump,
    /// A node's clock is corrected by another's.
    SyncClock,
    /// A node's disk is slow, or full.
    Disk,
    /// A record on a node's disk is damaged.
    Corrupt,
    /// A node joins.
    Add,
    /// A node leaves for good.
    Remove,
    /// A node lies.
    Lie,
    /// Clients ask by themselves.
    Workload,
}

impl Verb {
    /// All of them.
    pub const ALL: [Verb; 24] = [
        Verb::Drop,
        Verb::Delay,
        Verb::Duplicate,
        Verb::Loss,
        Verb::Latency,
        Verb::Cut,
        Verb::Partition,
        Verb::Crash,
        Verb::Restart,
        Verb::Pause,
        Verb::Skew,
        Verb::Drift,
        Verb::Slow,
        Verb::DropAll,
        Verb::Hold,
        Verb::Bandwidth,
        Verb::Jump,
        Verb::SyncClock,
        Verb::Disk,
        Verb::Corrupt,
        Verb::Add,
        Verb::Remove,
        Verb::Lie,
        Verb::Workload,
    ];

    /// The first word of its line in a script, which is also [`faultline_sim::Action::verb`].
    pub fn word(self) -> &'static str {
        match self {
            Verb::Drop => "drop",
            Verb::Delay => "delay",
            Verb::Duplicate => "duplicate",
            Verb::Loss => "lose",
            Verb::Latency => "latency",
            Verb::Cut => "cut",
            Verb::Partition => "partition",
            Verb::Crash => "crash",
            Verb::Restart => "restart",
            Verb::Pause => "pause",
            Verb::Skew => "skew",
            Verb::Drift => "drift",
            Verb::Slow => "slow",
            Verb::DropAll => "drop-all",
            Verb::Hold => "hold",
            Verb::Bandwidth => "bandwidth",
            Verb::Jump => "jump",
            Verb::SyncClock => "sync-clock",
            Verb::Disk => "disk",
            Verb::Corrupt => "corrupt",
            Verb::Add => "add",
            Verb::Remove => "remove",
            Verb::Lie => "lie",
            Verb::Workload => "workload",
        }
    }

    /// The tool that an action takes; `None` for what is no fault.
    pub fn of(action: &Action) -> Option<Verb> {
        Verb::ALL.into_iter().find(|verb| verb.word() == action.verb())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_a_verb_of_the_script_language() {
        for verb in Verb::ALL {
            assert!(faultline_sim::VERBS.contains(&verb.word()), "{verb:?}");
        }
        assert_eq!(Verb::of(&Action::Crash(faultline_model::NodeId(0))), Some(Verb::Crash));
        assert_eq!(Verb::of(&Action::HealAll), None);
    }
}
