//! Since when each property stands as it does.

use crate::{AnyWorld, Since, Timeline};

fn holds(world: &dyn AnyWorld) -> Vec<bool> {
    world.verdicts().into_iter().map(|verdict| verdict.holds).collect()
}

/// For every property, in the order of [`AnyWorld::verdicts`], since when it stands as it does behind
/// event number `event` of the current branch. Looks back at no more than about `most` events.
pub fn standing(timeline: &Timeline, event: u32, most: u32) -> Vec<Since> {
    let event = event.min(timeline.len());
    let count = holds(timeline.world_after(event).as_ref()).len();
    let mut found: Vec<Option<Since>> = vec![None; count];
    let mut end = event;
    for start in timeline.checkpoints_before(event).rev() {
        let mut world = timeline.world_after(start);
        let mut before = holds(world.as_ref());
        let mut changed: Vec<Option<u32>> = vec![None; count];
        while world.events() < end {
            timeline.redo_on(world.as_mut());
            let after = holds(world.as_ref());
            for (place, changed) in changed.iter_mut().enumerate() {
                if before[place] != after[place] {
                    *changed = Some(world.events());
                }
            }
            before = after;
        }
        for (found, changed) in found.iter_mut().zip(changed) {
            *found = found.or(changed.map(Since::Event));
        }
        end = start;
        if found.iter().all(Option::is_some) || event - start >= most {
            break;
        }
    }
    let rest = if end == 0 { Since::Start } else { Since::Earlier };
    found.into_iter().map(|found| found.unwrap_or(rest)).collect()
}
