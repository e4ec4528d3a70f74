//! Plans: what they do when their time comes, what a change of them does, and what survives a link.

use crate::common::{fingerprint, timeline, world};
use faultline_model::{NodeId, Time};
use faultline_sim::{Action, Plan, PlanError, PlanState, Run, Script, Timeline, What, export, link, perform};
use proptest::prelude::*;

fn ms(milliseconds: u64) -> Time {
    Time(milliseconds * 1_000)
}

fn states(timeline: &Timeline) -> Vec<(String, PlanState)> {
    timeline.planned().into_iter().map(|view| (view.text, view.state)).collect()
}

#[test]
fn an_entry_becomes_an_intervention_when_its_time_comes() {
    let mut planned = timeline(1);
    planned.plan_add(ms(100), "crash S2").unwrap();
    planned.plan_add(ms(150), "restart S2").unwrap();
    assert!(planned.run_to(ms(120), 10_000));
    assert_eq!(planned.interventions().len(), 1);
    assert_eq!(
        (planned.interventions()[0].at, &planned.interventions()[0].action),
        (ms(100), &Action::Crash(NodeId(1)))
    );
    assert_eq!(
        states(&planned),
        [("crash S2".to_owned(), PlanState::Done), ("restart S2".to_owned(), PlanState::Pending)]
    );
    planned.run_to(ms(300), 10_000);
    let mut by_hand = timeline(1);
    for (at, action) in
        [(100, Action::Crash(NodeId(1))), (150, Action::Restart(NodeId(1), faultline_sim::Disk::Kept))]
    {
        by_hand.run_to(ms(at), 10_000);
        by_hand.act(action).unwrap();
    }
    by_hand.run_to(ms(300), 10_000);
    assert_eq!(planned.digest(), by_hand.digest(), "a plan does what a hand does at that time");
}

#[test]
fn what_cannot_be_done_is_skipped_with_its_reason_in_the_log() {
    let mut run = timeline(1);
    run.plan_add(ms(50), "crash S2").unwrap();
    run.plan_add(ms(60), "crash S2").unwrap();
    run.plan_add(ms(70), "crash S9").unwrap();
    run.run_to(ms(80), 10_000);
    let skipped: Vec<u32> = run
        .planned()
        .iter()
        .filter(|view| view.state == PlanState::Skipped)
        .filter_map(|view| view.event)
        .collect();
    let texts: Vec<String> = skipped.iter().map(|&event| run.narrate(event).unwrap().text).collect();
    assert_eq!(texts[0], "a step of the plan is skipped: crash S2: S2 is already down.");
    assert!(
        texts[1].starts_with("a step of the plan is skipped: crash S9: there is no node S9"),
        "{texts:?}"
    );
    assert!(skipped.iter().all(|&event| run.events()[event as usize - 1].what == What::Skipped));
}

#[test]
fn both_directions_of_a_link_are_two_entries() {
    let mut run = timeline(1);
    run.plan_add(ms(50), "cut S1<->S2").unwrap();
    run.plan_add(ms(60), "drop all S1<->S2 Beat").unwrap();
    let texts: Vec<String> = run.planned().into_iter().map(|view| view.text).collect();
    assert_eq!(texts, ["cut S1->S2", "cut S2->S1", "drop all S1->S2 Beat", "drop all S2->S1 Beat"]);
    run.run_to(ms(70), 10_000);
    assert!(states(&run).iter().all(|(_, state)| *state == PlanState::Done), "{:?}", states(&run));
}

#[test]
fn moving_what_is_to_come_starts_no_branch() {
    let mut run = timeline(1);
    let id = run.plan_add(ms(500), "crash S2").unwrap().entries[0];
    run.run_to(ms(100), 10_000);
    let moved = run.plan_move(id, ms(200)).unwrap();
    assert_eq!((moved.left, run.branches().len()), (None, 1));
    run.run_to(ms(300), 10_000);
    assert_eq!(run.interventions()[0].at, ms(200));
}

#[test]
fn moving_what_has_happened_goes_back_and_branches() {
    let mut run = timeline(1);
    let id = run.plan_add(ms(100), "crash S2").unwrap().entries[0];
    run.run_to(ms(400), 10_000);
    let old = run.digest();
    let moved = run.plan_move(id, ms(250)).unwrap();
    assert_eq!(moved.left, Some(0));
    assert!(run.world().now() <= ms(100) && run.cursor() == run.len());
    assert_eq!(states(&run)[0].1, PlanState::Pending);
    run.run_to(ms(400), 10_000);
    assert_eq!(run.interventions()[0].at, ms(250));
    // The old future and its plan are still there.
    assert!(run.switch(0));
    run.seek(u32::MAX);
    run.wait(ms(400));
    assert_eq!((run.digest(), run.planned()[0].at), (old, ms(100)));
}

#[test]
fn planning_within_what_is_recorded_keeps_the_cursor_and_cuts_the_future() {
    let mut run = timeline(1);
    run.run_to(ms(400), 10_000);
    run.seek(5);
    let before = fingerprint(run.world());
    let added = run.plan_add(ms(200), "pause S1").unwrap();
    assert_eq!(added.left, Some(0));
    assert_eq!(fingerprint(run.world()), before, "the cursor stays");
    assert!(run.len() > 5 && run.events().last().unwrap().at <= ms(200));
    run.run_to(ms(400), 10_000);
    assert_eq!(run.interventions()[0].at, ms(200));
}

#[test]
fn a_change_is_taken_back_with_the_plan_that_was() {
    let mut run = timeline(1);
    run.plan_add(ms(100), "crash S2").unwrap();
    run.plan_add(ms(300), "restart S2").unwrap();
    let cleared = run.plan_clear();
    assert!(run.plan().is_empty());
    run.set_plan(cleared.before);
    assert_eq!(run.planned().len(), 2);
    run.run_to(ms(200), 10_000);
    let removed = run.plan_remove(run.planned()[0].id).unwrap();
    assert_eq!(removed.left, Some(0));
    run.set_plan(removed.before);
    run.run_to(ms(200), 10_000);
    assert_eq!(states(&run)[0].1, PlanState::Done);
}

#[test]
fn time_that_has_passed_without_an_event_passes_again() {
    let mut run = timeline(1);
    for node in 0..3 {
        run.act(Action::Crash(NodeId(node))).unwrap();
    }
    run.run_to(ms(1_000), 10_000);
    assert_eq!(run.world().now(), ms(1_000));
    run.plan_add(ms(500), "restart S1").unwrap();
    assert!(run.world().now() <= ms(500));
    run.step();
    assert_eq!(run.interventions().last().map(|done| done.at), Some(ms(500)));
}

#[test]
fn acting_in_the_past_plans_again_what_came_later() {
    let mut run = timeline(1);
    run.plan_add(ms(100), "crash S2").unwrap();
    run.run_to(ms(200), 10_000);
    run.seek(3);
    run.act(Action::Pause(NodeId(0))).unwrap();
    assert_eq!(states(&run)[0].1, PlanState::Pending);
    run.run_to(ms(200), 10_000);
    assert_eq!(states(&run)[0].1, PlanState::Done);
}

#[test]
fn scripts_plan_and_mistakes_are_pointed_out() {
    let mut run = timeline(1);
    perform(&mut run, "plan at 100ms crash S2").unwrap();
    assert_eq!(run.cursor(), 0, "a plan lets no time pass");
    perform(&mut run, "run 200ms").unwrap();
    assert_eq!(run.interventions().len(), 1);
    let late = perform(&mut run, "plan at 100ms crash S1").unwrap_err().to_string();
    assert!(late.contains("that has passed"), "{late}");
    assert!(Script::parse("plan crash S2").unwrap_err().to_string().contains("`at`"));
    let no_act = |line: &str| run.plan().clone().add_line(ms(1), line).unwrap_err();
    assert!(matches!(no_act("run 5s"), PlanError::NoAct(_)));
    assert!(matches!(no_act("skip it"), PlanError::NoAct(_)));
    assert!(matches!(no_act("crsh S1"), PlanError::Unreadable(_)));
    assert!(matches!(no_act("crash S1\ncrash S2"), PlanError::NoAct(_)));
    assert!(matches!(no_act("at 999999999999s crash S1"), PlanError::Unreadable(_)));
    assert!(matches!(run.plan_move(77, ms(1)), Err(PlanError::Unknown(77))));
    let mut full = Plan::default();
    for _ in 0..Plan::MOST {
        full.add_line(ms(1), "crash S1").unwrap();
    }
    assert_eq!(full.add_line(ms(1), "crash S1"), Err(PlanError::Full));
    let mut long = Plan::default();
    let line = format!("invoke C1 {}", "x".repeat(40_000));
    let fits = (0..9).take_while(|_| long.add_line(ms(1), &line).is_ok()).count();
    assert_eq!(fits, 3, "the text of all entries together is bounded");
}

#[test]
fn what_a_run_says_of_its_plan_is_checked() {
    let mut original = timeline(1);
    original.plan_add(ms(50), "crash S2").unwrap();
    original.plan_add(ms(500), "restart S2").unwrap();
    original.run_to(ms(100), 10_000);
    let run = original.run();
    assert_eq!(run.check(), Ok(()));
    type Spoil = fn(&mut Run);
    let spoilt: [Spoil; 6] = [
        |run| run.plan[0].done = Some(0),
        |run| run.plan[0].at = Time(1),
        |run| run.plan[1].done = run.plan[0].done,
        |run| run.plan.swap(0, 1),
        |run| run.plan[0].act = "cut S1<->S2".to_owned(),
        |run| run.plan[0].act = "dance".to_owned(),
    ];
    for (i, spoil) in spoilt.into_iter().enumerate() {
        let mut other = run.clone();
        spoil(&mut other);
        assert!(other.check().is_err(), "{i}");
        assert!(Timeline::restore(&other, Box::new(world(1))).is_err(), "{i}");
    }
}

fn any_line() -> impl Strategy<Value = (u64, String)> {
    let line = prop::sample::select(vec![
        "crash S1",
        "restart S1",
        "pause S2",
        "resume S2",
        "partition S1 | S2 S3",
        "heal all",
        "cut S1->S2",
        "invoke C1 add 5",
        "workload open 50/s",
        "drop S1->S2",
        "add node",
    ]);
    (0u64..600, line.prop_map(str::to_owned))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_run_with_a_plan_travels_in_links_json_and_scripts(
        seed in 0u64..1_000,
        lines in prop::collection::vec(any_line(), 0..8),
        until in 0u64..700,
        back in 0u32..40,
    ) {
        let mut original = timeline(seed);
        for (at, line) in &lines {
            original.plan_add(ms(*at), line).unwrap();
        }
        original.run_to(ms(until), 10_000);
        original.seek(original.len().saturating_sub(back));
        let run = original.run();
        prop_assert_eq!(run.check(), Ok(()));
        let linked = link::decode(&link::encode(&run)).unwrap();
        prop_assert_eq!(&linked, &run);
        let json: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
        prop_assert_eq!(&json, &run);
        let mut restored = Timeline::restore(&run, Box::new(world(seed))).unwrap();
        let plain = |timeline: &Timeline| {
            timeline.planned().into_iter().map(|view| (view.at, view.text, view.state, view.event)).collect::<Vec<_>>()
        };
        prop_assert_eq!(plain(&restored), plain(&original));
        prop_assert_eq!(restored.digest(), original.digest());
        let mut scripted = timeline(seed);
        let script = export(&mut original);
        prop_assert_eq!(&Script::parse(&script.to_string()).unwrap(), &script);
        script.run(&mut scripted).unwrap();
        prop_assert_eq!(scripted.digest(), original.digest());
        // And all of them go on alike.
        for run in [&mut original, &mut restored, &mut scripted] {
            run.run_to(ms(900), 10_000);
        }
        prop_assert_eq!(restored.digest(), original.digest());
        prop_assert_eq!(scripted.digest(), original.digest());
    }

    #[test]
    fn stepping_and_running_perform_a_plan_alike(seed in 0u64..1_000, lines in prop::collection::vec(any_line(), 0..8)) {
        let plan = |timeline: &mut Timeline| {
            for (at, line) in &lines {
                timeline.plan_add(ms(*at), line).unwrap();
            }
        };
        let (mut stepped, mut at_once) = (timeline(seed), timeline(seed));
        plan(&mut stepped);
        plan(&mut at_once);
        at_once.run_to(ms(650), 10_000);
        while stepped.len() < at_once.len() {
            let due = stepped.next_due();
            let event = stepped.step().unwrap();
            prop_assert_eq!(due, Some(event.at), "an event happens when it was due");
        }
        prop_assert_eq!(stepped.digest(), at_once.digest());
        prop_assert!(at_once.planned().iter().all(|view| view.state != PlanState::Pending));
    }

    #[test]
    fn any_changes_of_a_plan_leave_a_run_that_replays(
        seed in 0u64..1_000,
        changes in prop::collection::vec((0u8..6, any_line(), 0u32..6, 0u64..200), 1..12),
    ) {
        let mut run = timeline(seed);
        for (what, (at, line), id, on) in changes {
            let now = run.world().now();
            run.run_to(Time(now.0 + on * 1_000), 10_000);
            match what {
                0 | 1 => drop(run.plan_add(ms(at), &line)),
                2 => drop(run.plan_move(id, ms(at))),
                3 => drop(run.plan_remove(id)),
                4 => run.seek(id * 7),
                _ => drop(run.act(Action::Pause(NodeId(0)))),
            }
            let pending = run.planned().into_iter().find(|view| view.state == PlanState::Pending);
            if let Some(view) = pending {
                let last = run.events().last().map_or(Time::ZERO, |event| event.at);
                prop_assert!(view.at >= last, "{view:?} should have been done before {last}");
            }
        }
        let again = Timeline::restore(&run.run(), Box::new(world(seed))).unwrap();
        prop_assert_eq!(again.digest(), run.digest());
        prop_assert_eq!(again.planned().len(), run.planned().len());
    }
}
