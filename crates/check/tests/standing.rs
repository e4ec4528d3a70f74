//! Since when a property stands as it does agrees with looking at every event.

use faultline_model::Protocol;
use faultline_protocols::raft::Raft;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_sim::{Action, Disk, Scenario, Setup, Since, Timeline, World, standing};

fn timeline<P: Protocol>(nodes: usize) -> Timeline {
    let params = P::Params::default();
    let cast = P::cast(&params, nodes);
    let world = World::<P>::new(Setup { cast, params, habitat: P::habitat(), seed: 7 });
    Timeline::new(Scenario::default(), Box::new(world))
}

/// What [`standing`] says, from the verdicts behind every event.
fn brute(timeline: &mut Timeline, event: u32) -> Vec<Since> {
    let mut seen: Vec<Vec<bool>> = vec![];
    for at in 0..=event {
        timeline.seek(at);
        seen.push(timeline.world().verdicts().into_iter().map(|verdict| verdict.holds).collect());
    }
    let now = seen[event as usize].clone();
    let since = |place: usize| {
        let changed = (1..=event).rev().find(|&at| seen[at as usize - 1][place] != now[place]);
        changed.map_or(Since::Start, Since::Event)
    };
    (0..now.len()).map(since).collect()
}

#[test]
fn it_agrees_with_looking_at_every_event() {
    let mut timeline = timeline::<TwoPhaseCommit>(3);
    let (coordinator, operation) = {
        let view = timeline.world().view();
        let taker = view.nodes.iter().find(|node| !node.operations.is_empty()).expect("somebody takes one");
        (taker.node, taker.operations[0].clone())
    };
    // Crashed when the votes are on their way: the participants block until it is back.
    let mut changes = 0;
    for turn in 0..200 {
        // What comes too late or too early is refused, and is then no event.
        let _ = match turn {
            2 | 110 => timeline.act(Action::Invoke(coordinator, operation.clone())),
            7 | 115 => timeline.act(Action::Crash(coordinator)),
            60 | 170 => timeline.act(Action::Restart(coordinator, Disk::Kept)),
            _ => timeline.act(Action::HealAll),
        };
        timeline.step();
    }
    let last = timeline.len();
    for event in [0, 1, 20, 63, 64, 65, 130, last - 1, last] {
        let said = standing(&timeline, event, u32::MAX);
        assert_eq!(said, brute(&mut timeline, event), "behind event {event}");
        changes += said.iter().filter(|since| matches!(since, Since::Event(_))).count();
    }
    assert!(changes > 2, "something has changed in this run");
}

#[test]
fn it_looks_back_no_further_than_it_is_told() {
    let mut timeline = timeline::<Raft>(3);
    (0..400).for_each(|_| {
        timeline.step();
    });
    let said = standing(&timeline, 400, 64);
    assert!(said.contains(&Since::Earlier), "{said:?}");
}
