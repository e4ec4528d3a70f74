//! Random faults within a budget: a pure function from a seed to a plan.
//!
//! Faults come at random times with a given rate, each of a random kind at a random place, and each is
//! undone again: what is crashed restarts, what is cut heals. The budget says how many servers may be
//! down at the same time; there is never more than one partition, and when the chaos ends everything is
//! as it was. So what a system promises under such faults can be held against it.

mod faults;
mod text;

use faultline_model::{Span, Time};

use crate::Run;

/// A kind of fault that chaos causes and undoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// A server crashes, and restarts with its disk.
    Crash,
    /// A server stands still, and goes on.
    Pause,
    /// The network splits into two groups, and heals.
    Partition,
    /// One direction of a link is cut, and heals.
    Cut,
    /// One direction of a link becomes ten to a hundred times slower, and as fast as it was.
    Delay,
    /// A server's work takes two to ten times as long, and as long as it did.
    Slow,
    /// A server's clock is set up to ten seconds wrong, and right.
    Skew,
}

/// Random faults, as data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chaos {
    /// The seed of every choice.
    pub seed: u64,
    /// How many faults there are a minute, on average, in thousandths.
    pub rate: u32,
    /// Which kinds; each is equally likely.
    pub kinds: Vec<Trouble>,
    /// At most so many servers are crashed or paused at once.
    pub down: u16,
    /// Every fault is undone after so long at the latest.
    pub within: Span,
    /// True time before which nothing happens.
    pub from: Time,
    /// True time at which all is undone.
    pub until: Time,
}

impl Trouble {
    /// All kinds, in the order in which forms list them, with the word that a script has for each.
    pub const ALL: [(Trouble, &'static str); 7] = [
        (Trouble::Crash, "crash"),
        (Trouble::Pause, "pause"),
        (Trouble::Partition, "partition"),
        (Trouble::Cut, "cut"),
        (Trouble::Delay, "delay"),
        (Trouble::Slow, "slow"),
        (Trouble::Skew, "skew"),
    ];

    /// The word that a script has for it.
    pub fn word(self) -> &'static str {
        Trouble::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

impl Chaos {
    /// The highest rate, in thousandths of a fault a minute.
    pub const MAX_RATE: u32 = 6_000_000;
    /// The longest that a fault may last.
    pub const MAX_WITHIN: Span = Span::secs(3_600);
    /// The longest chaos. At most [`Chaos::MOST`] faults of it are planned.
    pub const MAX_TIME: Time = Time(Run::MAX_MICROS);
    /// The most faults: each takes two entries of a plan.
    pub const MOST: usize = crate::Plan::MOST / 2;

    /// Ten faults a minute of the kinds that every system must bear, at most one server down, for one
    /// minute from `from` on.
    pub fn usual(seed: u64, from: Time) -> Chaos {
        Chaos {
            seed,
            rate: 10_000,
            kinds: vec![Trouble::Crash, Trouble::Pause, Trouble::Partition],
            down: 1,
            within: Span::secs(5),
            from,
            until: from + Span::secs(60),
        }
    }

    /// Whether it can be planned; the error begins with a verb: "has no kinds".
    pub fn check(&self) -> Result<(), String> {
        if self.rate > Self::MAX_RATE {
            return Err(format!("has more than {} faults a minute", Self::MAX_RATE / 1_000));
        }
        if self.kinds.is_empty() {
            return Err("has no kind of fault".to_owned());
        }
        if self.within == Span::ZERO || self.within > Self::MAX_WITHIN {
            return Err(format!("undoes faults after no time, or after more than {}", Self::MAX_WITHIN));
        }
        if self.until > Self::MAX_TIME || self.from >= self.until {
            return Err("ends before it begins, or after more than ten years".to_owned());
        }
        Ok(())
    }
}
