//! The liveness probe: once everything works again, is a fresh request answered in time?
//!
//! No run that ends can show that something never happens. What can be shown is that within a time, with
//! every fault mended and nothing unfair about the schedule, it did not.

use faultline_model::{Chance, NodeId, Span, Time};
use faultline_sim::{Action, AnyWorld, Disk, Refused, Status};
use serde::Serialize;

/// What a probe came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Probe {
    /// It was answered, after so much time.
    Answered {
        /// What came back.
        answer: String,
        /// How long it took.
        after: Span,
    },
    /// It was not, within the time allowed.
    Silent,
    /// It could not be asked.
    Refused(String),
}

/// A schedule with more events than this is taken for one that never ends.
const MOST_EVENTS: u32 = 200_000;

/// A probe that goes on as long as its owner lets it, on a copy of the world.
pub struct Probing {
    world: Box<dyn AnyWorld>,
    /// The place of the fresh request in the copy's history.
    asked: usize,
    begun: Time,
    end: Time,
}

impl Probing {
    /// Mends everything in a copy of `world`: heals the links, resumes and restarts the nodes (with their
    /// disks). Then hands `operation` to `client`.
    pub fn begin(
        world: &dyn AnyWorld,
        client: NodeId,
        operation: &str,
        within: Span,
    ) -> Result<Probing, Refused> {
        let mut world = world.fork();
        mend(world.as_mut());
        let asked = world.history().len();
        world.apply(&Action::Invoke(client, operation.to_owned()))?;
        let begun = world.now();
        Ok(Probing { world, asked, begun, end: Time(begun.0.saturating_add(within.0)) })
    }

    /// Lets the schedule run for at most so many events; what came of the probe, once that is known.
    pub fn go_on(&mut self, events: u32) -> Option<Probe> {
        for _ in 0..events {
            if let Some(answered) = self.answered() {
                return Some(answered);
            }
            if self.world.next_due().is_none_or(|due| due > self.end) || self.world.step().is_none() {
                return Some(Probe::Silent);
            }
        }
        self.answered()
    }

    fn answered(&self) -> Option<Probe> {
        let own = self.world.history().into_iter().nth(self.asked)?;
        Some(Probe::Answered { answer: own.result?, after: own.returned?.since(self.begun) })
    }

    /// How long the schedule has run.
    pub fn elapsed(&self) -> Span {
        self.world.now().since(self.begun)
    }
}

/// [`Probing`] to its end: whether `operation`, handed to `client` once everything is mended, is answered
/// within that time.
pub fn probe(world: &dyn AnyWorld, client: NodeId, operation: &str, within: Span) -> Probe {
    match Probing::begin(world, client, operation, within) {
        Err(refused) => Probe::Refused(refused.to_string()),
        Ok(mut probing) => probing.go_on(MOST_EVENTS).unwrap_or(Probe::Silent),
    }
}

/// Undoes every fault that keeps a system from working. What is refused was not broken.
fn mend(world: &mut dyn AnyWorld) {
    let view = world.view();
    let mut mending = vec![Action::HealAll];
    for link in view.links.iter() {
        let (from, to) = (link.from.node, link.to.node);
        if link.held {
            mending.push(Action::Release(from, to));
        }
        mending.extend(link.dropped.iter().map(|kind| Action::LetThrough(from, to, kind.clone())));
        if link.loss.is_some() {
            mending.push(Action::Lose(from, to, Chance(0)));
        }
    }
    for node in &view.nodes {
        if node.disk_full {
            mending.push(Action::DiskFull(node.node, false));
        }
        match node.status {
            Status::Down => mending.push(Action::Restart(node.node, Disk::Kept)),
            Status::Paused => mending.push(Action::Resume(node.node)),
            Status::Up | Status::Busy | Status::Left => {}
        }
        if node.slow != 100 {
            mending.push(Action::Slow(node.node, 100));
        }
    }
    for action in mending {
        let _ = world.apply(&action);
    }
}
