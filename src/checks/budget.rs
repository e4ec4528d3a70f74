//! How far a search may go: one table for the form, for `window.faultline.search` and for hints.

use faultline_check::{Bounds, offered_requests};
use faultline_sim::{AnyWorld, Run, link};

use crate::session::Session;
use crate::worker::Question;

/// One thing that a search may do only so often.
pub struct Budget {
    /// Its name in `window.faultline.search`.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The most that can be asked for.
    pub most: u32,
    /// What is asked for unless somebody says otherwise.
    pub usual: u32,
}

const fn budget(name: &'static str, label: &'static str, most: u32, usual: u32) -> Budget {
    Budget { name, label, most, usual }
}

/// All budgets. A timer may fire at any time, for an asynchronous system has no clock to rely on.
pub const BUDGETS: [Budget; 8] = [
    budget("timeouts", "Timers that fire", 20, 2),
    budget("drops", "Messages dropped", 20, 0),
    budget("duplicates", "Messages duplicated", 20, 0),
    budget("restarts", "Crashes with restart", 20, 1),
    budget("crashes", "Crashes for good", 20, 0),
    budget("requests", "Requests of clients", 16, 0),
    budget("depth", "Longest run, steps", 400, 40),
    budget("maxStates", "Most states", 4_000_000, 500_000),
];

/// Where in [`BUDGETS`] the longest run stands.
const DEPTH: usize = 6;

/// The most memory that a search may take, MiB: a tab has some 4,000, and the page needs its own.
pub const MEMORY: u32 = 1_024;

/// A value for each of [`BUDGETS`], and a bound on all faults together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// In the order of [`BUDGETS`].
    pub values: [u32; BUDGETS.len()],
    /// Drops, duplicates, restarts and crashes together.
    pub faults: u8,
    /// Whether timers fire in the order of the nodes' clocks.
    pub clocks: bool,
}

impl Default for Budgets {
    fn default() -> Budgets {
        Budgets { values: BUDGETS.map(|budget| budget.usual), faults: u8::MAX, clocks: false }
    }
}

impl Budgets {
    /// What a hint looks through, one after the other: a few steps with few kinds of trouble at a time,
    /// for all kinds together have too many states to reach far.
    pub fn near() -> [Budgets; 3] {
        let near = |values| Budgets { values, faults: 1, clocks: false };
        [
            near([2, 0, 0, 1, 0, 0, 24, 120_000]),
            near([1, 0, 0, 0, 1, 4, 24, 120_000]),
            near([3, 0, 1, 1, 1, 2, 24, 120_000]),
        ]
    }

    /// The same, but only for runs with fewer steps than that.
    pub fn shorter_than(mut self, steps: u32) -> Budgets {
        self.values[DEPTH] = self.values[DEPTH].min(steps.saturating_sub(1));
        self
    }

    /// Sets one; says what would be right.
    pub fn set(&mut self, place: usize, value: Option<u32>) -> Result<(), String> {
        let Budget { label, most, .. } = BUDGETS[place];
        let value = value.filter(|value| *value <= most);
        self.values[place] =
            value.ok_or_else(|| format!("{label}: write a whole number from 0 to {most}."))?;
        Ok(())
    }

    fn bounds(self, world: &dyn AnyWorld) -> Bounds {
        let [timeouts, drops, duplicates, restarts, crashes, requests, depth, states] = self.values;
        let few = |count: u32| count.min(u8::MAX.into()) as u8;
        Bounds {
            timeouts: few(timeouts),
            drops: few(drops),
            duplicates: few(duplicates),
            restarts: few(restarts),
            crashes: few(crashes),
            faults: self.faults,
            requests: offered_requests(world, requests as usize),
            clocks: self.clocks,
            symmetry: true,
            depth,
            states,
            ..Bounds::default()
        }
    }

    /// The question for a search of the run on stage, from its cursor or from its start; `None` without
    /// a run.
    pub fn question(self, session: Session, property: Option<String>, from_here: bool) -> Option<Question> {
        session.look(|timeline| {
            let run = cut(timeline.run(), from_here);
            let bounds = self.bounds(timeline.world());
            Question { run: link::encode(&run), property, bounds, memory: MEMORY }
        })
    }
}

/// The run up to its cursor, or before its first event.
fn cut(mut run: Run, from_here: bool) -> Run {
    if !from_here {
        run.cursor = 0;
    }
    run.length = run.cursor;
    run.interventions.retain(|done| done.after < run.length);
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_asks_only_for_what_is_nearer_than_what_it_has() {
        assert_eq!(BUDGETS[DEPTH].name, "depth");
        assert_eq!(Budgets::default().shorter_than(7).values[DEPTH], 6);
        assert_eq!(Budgets::near()[0].shorter_than(90).values, Budgets::near()[0].values);
    }

    #[test]
    fn a_budget_beyond_its_range_is_refused_with_the_range() {
        let mut budgets = Budgets::default();
        assert_eq!(budgets.set(0, Some(3)), Ok(()));
        assert_eq!(budgets.values[0], 3);
        assert!(budgets.set(0, Some(21)).unwrap_err().contains("0 to 20"));
        assert!(budgets.set(7, None).unwrap_err().contains("Most states"));
        assert_eq!(budgets.values[0], 3);
    }
}
