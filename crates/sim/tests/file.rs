//! A run as a file: it comes back the same, and where another version plays otherwise is found.

mod common;

use common::{any_action, fingerprint, play, timeline, world};
use faultline_model::NodeId;
use faultline_sim::file::{Comparing, Difference, RunFile, Writing, behaviour};
use faultline_sim::{Action, RestoreError, Restoring, Run, Timeline, Walk};
use proptest::prelude::*;

fn written(timeline: &Timeline, piece: u32) -> RunFile {
    let mut writing = Writing::of(timeline);
    while !writing.go(timeline, piece) {}
    writing.finish("0.1.0", behaviour(Box::new(world(1))))
}

fn compared(file: &RunFile, timeline: &Timeline, piece: u32) -> Option<Difference> {
    let mut comparing = Comparing::new(file, timeline);
    loop {
        if let Some(outcome) = comparing.go(timeline, piece) {
            return outcome;
        }
    }
}

fn restored(run: &Run, piece: u32) -> Result<Timeline, RestoreError> {
    let mut restoring = Restoring::new(run.clone(), Box::new(world(run.scenario.seed)))?;
    while !restoring.go(piece)? {}
    Ok(restoring.finish())
}

proptest! {
    #[test]
    fn a_run_comes_back_from_its_file_whatever_the_pieces(
        seed: u64,
        plan in prop::collection::vec((0u8..40, any_action()), 0..12),
        back in 0u32..100,
        piece in 1u32..97,
    ) {
        let mut run = timeline(seed);
        play(&mut run, &plan, 60);
        run.seek(run.len().saturating_sub(back));
        let file = written(&run, piece);
        let text = serde_json::to_string(&file).unwrap();
        let read: RunFile = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &file);
        prop_assert_eq!(read.check(), Ok(()));
        let again = restored(&read.run, piece).unwrap();
        prop_assert_eq!(again.digest_text(), file.trace.digest.clone());
        prop_assert_eq!(again.cursor(), run.cursor());
        prop_assert_eq!(again.events(), run.events());
        prop_assert_eq!(compared(&file, &again, piece), None);
    }

    #[test]
    fn a_walk_sees_what_the_timeline_saw_and_leaves_it_alone(
        seed: u64, plan in prop::collection::vec((0u8..40, any_action()), 0..12),
    ) {
        let mut run = timeline(seed);
        play(&mut run, &plan, 60);
        let before = fingerprint(run.world());
        let mut walk = Walk::along(&run);
        let mut seen = vec![walk.world().digest()];
        while let Some(event) = walk.step(&run) {
            prop_assert_eq!(event, run.events()[seen.len() - 1]);
            prop_assert!(walk.follows(&run));
            seen.push(walk.world().digest());
        }
        prop_assert_eq!(fingerprint(run.world()), before);
        prop_assert_eq!(seen.len() as u32, run.len() + 1);
        for place in [0, run.len() / 3, run.len()] {
            run.seek(place);
            prop_assert_eq!(run.digest(), seen[place as usize]);
        }
    }
}

#[test]
fn the_first_event_that_differs_is_found() {
    let mut one = timeline(7);
    play(&mut one, &[(120, Action::Crash(NodeId(1)))], 100);
    let file = written(&one, 1_000);
    let mut other = timeline(7);
    play(&mut other, &[(120, Action::Pause(NodeId(1)))], 100);
    assert_eq!(compared(&file, &other, 9), Some(Difference::Trace { after: 120, by: 121 }));

    let mut coarse = file.clone();
    coarse.trace.every = 50;
    let marks: Vec<&str> = (1..=4).map(|i| &file.trace.marks[(i * 50 - 1) * 6..i * 50 * 6]).collect();
    coarse.trace.marks = marks.concat();
    assert_eq!(compared(&coarse, &one, 9), None);
    let difference = compared(&coarse, &other, 9).unwrap();
    assert_eq!(difference, Difference::Trace { after: 100, by: 150 });
    assert_eq!(difference.to_string(), "the events are others from somewhere between 101 and 150 on");

    let mut other_end = file.clone();
    other_end.trace.marks = String::new();
    other_end.trace.end = "0".repeat(16);
    assert_eq!(compared(&other_end, &one, 9), Some(Difference::Trace { after: 0, by: 221 }));
    let mut other_kind = file;
    other_kind.trace.algorithm = "sha-4".to_owned();
    assert!(matches!(compared(&other_kind, &one, 9), Some(Difference::Algorithm { .. })));
}

#[test]
fn long_runs_have_few_marks_and_each_is_where_it_should_be() {
    let mut run = timeline(3);
    while run.len() < 10_000 {
        run.step();
    }
    let file = written(&run, 700);
    assert_eq!((file.trace.every, file.trace.marks.len()), (3, 3_333 * 6));
    assert_eq!(compared(&file, &run, 700), None);
    let mut walk = Walk::along(&run);
    (0..300).for_each(|_| assert!(walk.step(&run).is_some()));
    let expected = format!("{:016x}", walk.world().digest());
    assert_eq!(&file.trace.marks[99 * 6..100 * 6], &expected[..6]);
}

#[test]
fn a_walk_notices_that_the_run_is_another_one() {
    let mut run = timeline(3);
    play(&mut run, &[(10, Action::Crash(NodeId(1)))], 10);
    let mut walk = Walk::along(&run);
    while walk.step(&run).is_some() {}
    run.step();
    assert!(walk.follows(&run), "it has only become longer");
    run.seek(5);
    assert!(walk.follows(&run), "the cursor alone changes nothing");
    run.act(Action::Crash(NodeId(2))).unwrap();
    assert!(!walk.follows(&run));
    run.switch(0);
    assert!(walk.follows(&run));
    assert!(!walk.follows(&timeline(4)));
}

#[test]
fn a_run_that_breaks_off_leaves_what_could_be_played() {
    let mut run = timeline(3);
    play(
        &mut run,
        &[(30, Action::Crash(NodeId(1))), (10, Action::Restart(NodeId(1), faultline_sim::Disk::Kept))],
        20,
    );
    let mut file = written(&run, 64).run;
    file.interventions[1].action = Action::Crash(NodeId(1));
    let mut restoring = Restoring::new(file, Box::new(world(3))).unwrap();
    let error = restoring.go(1_000).unwrap_err();
    assert!(matches!(error, RestoreError::Refused { after: 41, .. }), "{error}");
    let timeline = restoring.finish();
    assert_eq!((timeline.len(), timeline.cursor()), (41, 41));
}

#[test]
fn who_wrote_it_is_said_only_when_it_was_another() {
    let mut file = written(&timeline(3), 64);
    let here = file.protocol_version.clone();
    assert_eq!(here.len(), 8);
    assert_eq!(file.other_version("0.1.0", &here), []);
    file.app = "9.9.9".to_owned();
    file.protocol_version = "0".repeat(9_000);
    let said: Vec<String> = file.other_version("0.1.0", &here).iter().map(ToString::to_string).collect();
    assert_eq!(said[0], "it was made by Faultline 9.9.9, and this is 0.1.0");
    assert!(said[1].starts_with("the protocol toy was version 0000") && said[1].len() < 200);
    file.version = 2;
    assert!(file.check().unwrap_err().to_string().contains("newer Faultline"));
}

#[test]
fn load_counts_what_is_there_to_do() {
    let mut run = timeline(5);
    let mut most = faultline_sim::Load::default();
    for _ in 0..300 {
        run.step();
        let (load, view) = (run.world().load(), run.world().view());
        assert_eq!(load.in_flight as usize, view.flights.len());
        assert_eq!(load.waiting as usize, view.nodes.iter().map(|node| node.inbox).sum::<usize>());
        assert_eq!(load.writing as usize, view.nodes.iter().map(|node| node.writing).sum::<usize>());
        most.in_flight = most.in_flight.max(load.in_flight);
        most.writing = most.writing.max(load.writing);
    }
    assert!(most.in_flight > 1 && most.writing > 0, "{most:?}");
    run.act(Action::Crash(NodeId(1))).unwrap();
    let load = run.world().load();
    assert_eq!((load.servers, load.running), (3, 2));
}
