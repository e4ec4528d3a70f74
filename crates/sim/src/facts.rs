//! What a run has cost so far: events, time, and what was done to it, counted.

use faultline_model::{SortedMap, Time};

use crate::{Action, Disk, Intervention, Timeline, variant_name};

/// The counts that goals and par scores speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// How many events have happened.
    pub events: u32,
    /// True time.
    pub time: Time,
    /// How often each kind of action was taken by hand, by its verb.
    done: SortedMap<&'static str, u32>,
    /// How many of them were faults.
    faults: u32,
}

/// The verbs of all actions, as goals and scripts write them.
pub const VERBS: [&str; 38] = [
    "deliver",
    "fire",
    "sync",
    "take",
    "invoke",
    "drop",
    "delay",
    "duplicate",
    "cut",
    "heal",
    "partition",
    "lose",
    "latency",
    "crash",
    "restart",
    "pause",
    "resume",
    "skew",
    "drift",
    "slow",
    "repeat",
    "order",
    "drop-all",
    "let-through",
    "hold",
    "release",
    "bandwidth",
    "jump",
    "sync-clock",
    "disk",
    "corrupt",
    "workload",
    "arrive",
    "add",
    "remove",
    "lie",
    "honest",
    "skip",
];

impl Action {
    /// What is done, in one word: the first word of its line in a script, or its first two with a hyphen
    /// between them ("drop-all").
    pub fn verb(&self) -> &'static str {
        match self {
            Action::HealAll => "heal",
            Action::EndWorkload => "workload",
            Action::Kill(_) => "crash",
            Action::DiskLatency(..) | Action::DiskSlow(..) | Action::DiskFull(..) => "disk",
            other => variant_name(other),
        }
    }

    /// Whether it is a fault: something that makes the system's life harder. What a client asks, what
    /// repairs, and what the schedule would have done anyway is none.
    pub fn is_fault(&self) -> bool {
        match self {
            Action::Drop(_)
            | Action::Delay(..)
            | Action::Duplicate(_)
            | Action::Cut(..)
            | Action::Partition(_)
            | Action::Lose(..)
            | Action::Repeat(..)
            | Action::Order(..)
            | Action::Latency(..)
            | Action::Crash(_)
            | Action::Restart(_, Disk::Empty)
            | Action::Pause(_)
            | Action::Skew(..)
            | Action::Drift(..)
            | Action::Slow(..)
            | Action::DropAll(..)
            | Action::Hold(..)
            | Action::Bandwidth(..)
            | Action::Kill(_)
            | Action::Jump(..)
            | Action::DiskLatency(..)
            | Action::DiskSlow(..)
            | Action::DiskFull(_, true)
            | Action::Corrupt(_)
            | Action::Remove(_)
            | Action::Lie(..) => true,
            Action::Workload(_)
            | Action::EndWorkload
            | Action::Arrive(_)
            | Action::Add
            | Action::Honest(_)
            | Action::Skip(_)
            | Action::Deliver(_)
            | Action::Fire(..)
            | Action::Sync(_)
            | Action::Take(_)
            | Action::Invoke(..)
            | Action::Heal(..)
            | Action::HealAll
            | Action::Restart(_, Disk::Kept)
            | Action::LetThrough(..)
            | Action::Release(..)
            | Action::SyncClock(..)
            | Action::DiskFull(_, false)
            | Action::Resume(_) => false,
        }
    }
}

impl Facts {
    /// The facts at a timeline's cursor.
    pub fn at_cursor(timeline: &Timeline) -> Facts {
        let before = timeline.cursor();
        let done = timeline.interventions().iter().take_while(|each| each.after < before);
        Facts::of(before, timeline.world().now(), done)
    }

    /// The facts of a run of so many events in which this was done.
    pub fn of<'i>(events: u32, time: Time, done: impl IntoIterator<Item = &'i Intervention>) -> Facts {
        let mut facts = Facts { events, time, ..Facts::default() };
        for intervention in done {
            facts.note(&intervention.action);
        }
        facts
    }

    /// Counts one more action.
    pub fn note(&mut self, action: &Action) {
        *self.done.entry(action.verb()).or_default() += 1;
        self.faults += u32::from(action.is_fault());
    }

    /// How often an action of that verb was taken by hand.
    pub fn done(&self, verb: &str) -> u32 {
        self.done.get(verb).copied().unwrap_or(0)
    }

    /// How many faults there were, of any kind.
    pub fn faults(&self) -> u32 {
        self.faults
    }
}
