//! The liveness probe: once everything works again, is a fresh request answered in time?
//!
//! No run that ends can show that something never happens. What can be shown is that within a time, with
//! every fault mended and nothing unfair about the schedule, it did not.

use faultline_model::{Chance, NodeId, Span, Time};
use faultline_sim::{Action, AnyWorld, Disk, Status};
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

/// Mends everything in a copy of `world`: heals the links, resumes and restarts the nodes (with their
/// disks). Then hands `operation` to `client` and lets the schedule run for at most `within`.
pub fn probe(world: &dyn AnyWorld, client: NodeId, operation: &str, within: Span) -> Probe {
    let mut world = world.fork();
    mend(world.as_mut());
    let asked = world.history().len();
    if let Err(refused) = world.apply(&Action::Invoke(client, operation.to_owned())) {
        return Probe::Refused(refused.to_string());
    }
    let (begun, end) = (world.now(), Time(world.now().0.saturating_add(within.0)));
    for _ in 0..MOST_EVENTS {
        let own = world.history().get(asked).and_then(|own| Some((own.result.clone()?, own.returned?)));
        if let Some((answer, at)) = own {
            return Probe::Answered { answer, after: at.since(begun) };
        }
        if world.next_due().is_none_or(|due| due > end) || world.step().is_none() {
            break;
        }
    }
    Probe::Silent
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
