//! What is told of a run's past: causes, lives of messages, how nodes came to their states, the logs
//! that nodes would have written, traces of requests, and where two branches part.

mod common;

use std::collections::BTreeMap;

use common::{any_action, fingerprint, habitat, play, setup, timeline};
use faultline_model::{MsgId, NodeId, Time};
use faultline_sim::{
    Action, AnyWorld, Fate, Origin, Root, Since, SpanOf, Tie, Timeline, What, World, cause, chain,
    common as in_common, copied_from, effects, journal, life, rows, trace,
};
use proptest::prelude::*;

fn run(seed: u64, plan: &[(u8, Action)]) -> Timeline {
    let mut run = timeline(seed);
    play(&mut run, plan, 120);
    run
}

/// The world behind each event of the current branch, from the start, by playing it all again.
fn worlds(run: &Timeline) -> Vec<Box<dyn AnyWorld>> {
    let again = Timeline::restore(&run.run(), Box::new(World::new(setup(run.scenario().seed, habitat()))));
    let mut again = again.unwrap();
    again.seek(0);
    let mut worlds = vec![again.world().fork()];
    while again.cursor() < again.len() {
        again.step();
        worlds.push(again.world().fork());
    }
    worlds
}

fn plans() -> impl Strategy<Value = Vec<(u8, Action)>> {
    prop::collection::vec((0u8..40, any_action()), 0..12)
}

proptest! {
    #[test]
    fn a_cause_is_where_it_says(seed: u64, plan in plans()) {
        let run = run(seed, &plan);
        let (events, worlds) = (run.events(), worlds(&run));
        for (number, event) in (1u32..).zip(events) {
            let Some(cause) = cause(events, number) else {
                prop_assert!(event.msg.is_none(), "every message was sent: {event:?}");
                continue;
            };
            prop_assert!(cause.event < number);
            prop_assert!(effects(events, cause.event, usize::MAX).contains(&number)
                || cause.event == 0 || matches!(event.what, What::Delayed | What::Duplicated));
            let Some(before) = (cause.event as usize).checked_sub(1) else { continue };
            let causing = events[before];
            match cause.tie {
                Tie::Wrote => {
                    let writing = |world: usize| worlds[world].node(event.node).unwrap().writing;
                    prop_assert_eq!(causing.node, event.node);
                    // What is written within that event and was there before it tells the two apart.
                    prop_assert!(writing(before + 1) + usize::from(causing.what == What::Synced) > writing(before)
                        || causing.what == What::Synced, "{causing:?} asked for a write");
                }
                Tie::Armed => prop_assert_eq!(causing.node, event.node),
                Tie::Waited => prop_assert_eq!((causing.node, causing.msg), (event.node, event.msg)),
                Tie::Sent => {
                    let known = |world: usize| {
                        worlds[world].view().flights.iter().any(|flight| Some(flight.msg) == event.msg)
                    };
                    prop_assert!(!known(before) && known(before + 1), "sent by {causing:?}");
                }
            }
        }
        for number in 1..=run.len() {
            let chain = chain(events, number);
            prop_assert!(chain.windows(2).all(|pair| pair[1].event < pair[0].event));
            if let Some(last) = chain.last().filter(|last| last.event != 0 && last.tie != Tie::Armed) {
                prop_assert_eq!(cause(events, last.event), None);
            }
        }
    }

    #[test]
    fn a_life_is_all_that_happened_to_a_message(seed: u64, plan in plans()) {
        let run = run(seed, &plan);
        let events = run.events();
        let mut seen: BTreeMap<MsgId, Vec<u32>> = BTreeMap::new();
        for (number, event) in (1..).zip(events) {
            if let Some(msg) = event.msg {
                seen.entry(msg).or_default().push(number);
            }
        }
        let flying: Vec<MsgId> = run.world().view().flights.iter().map(|flight| flight.msg).collect();
        let waiting: usize = run.world().view().nodes.iter().map(|node| node.inbox).sum();
        let mut waits = 0;
        for (msg, steps) in &seen {
            let life = life(events, *msg).unwrap();
            prop_assert_eq!(&life.steps[..steps.len()], &steps[..]);
            prop_assert_eq!(life.fate == Fate::Flying, flying.contains(msg), "{:?}", life);
            waits += usize::from(life.fate == Fate::Waiting);
            prop_assert_eq!(life.end().is_none(), matches!(life.fate, Fate::Flying | Fate::Waiting));
            if let Some(first) = copied_from(events, &life) {
                prop_assert!(first.0 < msg.0);
            }
        }
        prop_assert!(waits <= waiting, "{waits} messages wait among {waiting} inputs");
        prop_assert_eq!(life(events, MsgId(1_000_000)), None);
    }

    #[test]
    fn origins_are_what_playing_it_all_again_shows(seed: u64, plan in plans(), place in 0u32..400) {
        let run = run(seed, &plan);
        let place = place % (run.len() + 1);
        let worlds = worlds(&run);
        for node in (0..5).map(NodeId) {
            for origin in run.origins(node, place) {
                let value = |event: usize| value(worlds[event].as_ref(), node, &origin);
                let now = value(place as usize);
                prop_assert_eq!(Some(&origin.value), now.as_ref());
                let changed = (1..=place as usize).rev().find(|&event| value(event) != value(event - 1));
                match changed {
                    Some(event) => {
                        prop_assert_eq!(origin.since, Since::Event(event as u32), "{}", &origin.label);
                        prop_assert_eq!(&origin.before, &value(event - 1).unwrap_or_default());
                    }
                    None => prop_assert_eq!(origin.since, Since::Start),
                }
            }
        }
        prop_assert!(run.origins(NodeId(77), place).is_empty());
    }

    #[test]
    fn other_branches_are_read_as_they_would_be_visited(
        seed: u64, plans in prop::collection::vec((0u32..200, plans()), 1..4),
    ) {
        let mut run = run(seed, &[]);
        for (place, plan) in &plans {
            run.seek(place % (run.len() + 1));
            run.fork();
            play(&mut run, plan, 20);
        }
        let place = run.cursor() / 2;
        run.seek(place);
        let before = fingerprint(run.world());
        let count = run.branches().len();
        let told: Vec<_> = (0..count)
            .map(|index| {
                let half = run.branches()[index].length / 2;
                (run.events_of(index).into_owned(), run.interventions_of(index).to_vec(),
                 fingerprint(run.world_on(index, half).as_ref()))
            })
            .collect();
        let compared: Vec<u32> = (0..count).map(|index| run.compare(0, index).common).collect();
        prop_assert_eq!(fingerprint(run.world()), before, "looking moves nothing");
        for (index, (events, done, half)) in told.iter().enumerate() {
            run.switch(index);
            prop_assert_eq!(run.events(), &events[..]);
            prop_assert_eq!(run.interventions(), &done[..]);
            run.seek(run.len() / 2);
            prop_assert_eq!(&fingerprint(run.world()).0, &half.0);
            // Two worlds are alike up to the last common event, and no further.
            let (first, same) = (&told[0].0, compared[index] as usize);
            prop_assert_eq!(&events[..same], &first[..same]);
            let digest = |index: usize, event: u32| run.world_on(index, event).digest();
            prop_assert_eq!(digest(0, same as u32), digest(index, same as u32));
            // By hand somebody can do just what would have happened; then only who did it differs.
            if first.len() > same && events.len() > same && first[same] != events[same] {
                prop_assert_ne!(digest(0, same as u32 + 1), digest(index, same as u32 + 1));
            }
        }
    }

    #[test]
    fn logs_are_merged_by_local_stamps(seed: u64, plan in plans()) {
        let run = run(seed, &plan);
        let worlds = worlds(&run);
        let journal = run.journal(run.len(), u32::MAX);
        for line in &journal.lines {
            let read = worlds[line.event as usize].clock(line.node).unwrap().offset(line.at);
            prop_assert_eq!(line.local, line.at.0 as i64 + read, "event {}", line.event);
        }
        prop_assert!(journal.lines.windows(2).all(|pair| pair[0].local <= pair[1].local));
        let kept: Vec<u32> =
            journal.lines.iter().filter(|line| !line.displaced).map(|line| line.event).collect();
        prop_assert!(kept.windows(2).all(|pair| pair[0] < pair[1]), "what stays is in true order");
        let set = run.events().iter().any(|event| matches!(event.what, What::ClockSet | What::ClockSynced));
        prop_assert!(set || (journal.displaced, journal.before_cause) == (0, 0));
    }

    #[test]
    fn a_trace_is_a_forest_in_time(seed: u64, plan in plans(), answered: bool) {
        let run = run(seed, &plan);
        let events = run.events();
        let flights = run.world().view().flights;
        let requests = (1u32..).zip(events).filter(|(_, e)| matches!(e.what, What::Invoked | What::InvokeQueued));
        for (number, _) in requests {
            let answered = Some(number + 30).filter(|&last| answered && last <= run.len());
            let spans = trace(events, &flights, Root { event: number, answered }, 300);
            prop_assert_eq!((spans[0].of, spans[0].opened, spans[0].depth), (SpanOf::Request, number, 0));
            let mut above: Vec<(u16, Time)> = vec![];
            for span in &spans {
                above.truncate(usize::from(span.depth));
                prop_assert_eq!(above.len(), usize::from(span.depth), "no level is left out");
                prop_assert!(above.last().is_none_or(|(_, begin)| *begin <= span.begin));
                prop_assert!(span.end.is_none_or(|end| span.begin <= end));
                above.push((span.depth, span.begin));
            }
            if let Some(answered) = answered.filter(|&answered| !chain(events, answered).is_empty()) {
                let head = chain(events, answered).into_iter().any(|cause| cause.event == 0);
                prop_assert!(head || spans.iter().any(|span| span.event == Some(answered))
                    || !matches!(events[answered as usize - 1].what, What::Delivered));
            }
        }
    }
}

/// The value of a part of what a node shows.
fn value(world: &dyn AnyWorld, node: NodeId, origin: &Origin) -> Option<String> {
    let view = world.node(node)?;
    if origin.on_stage {
        let cells = view.cells.into_iter().map(|cell| (cell.label, cell.text));
        let epoch = view.epoch.map(|epoch| (view.epoch_name.to_owned(), epoch.to_string()));
        let mut all = [("role".to_owned(), view.role)].into_iter().chain(epoch).chain(cells);
        return all.find(|(label, _)| *label == origin.label).map(|(_, text)| text);
    }
    let rows = rows(None, &world.detail(node)?, world.cast());
    let row = rows.into_iter().find(|row| row.label == origin.label)?;
    Some(row.pieces.into_iter().map(|piece| piece.text).collect())
}

#[test]
fn the_fewest_lines_are_out_of_place() {
    let mut run = timeline(3);
    run.act(Action::Skew(NodeId(1), -60_000)).unwrap();
    for _ in 0..60 {
        run.step();
    }
    let told = run.journal(run.len(), u32::MAX);
    let of_the_skewed = told.lines.iter().filter(|line| line.node == NodeId(1)).count();
    assert!(0 < told.displaced && told.displaced <= of_the_skewed, "{} of {of_the_skewed}", told.displaced);
    assert!(told.before_cause > 0, "it answers before it is asked");
    let line = told.lines.iter().find(|line| line.before_cause.is_some()).unwrap();
    assert_eq!(line.node, NodeId(1));
    let late = run.journal(run.len(), 10);
    assert_eq!(late.left_out, run.len() - 10);
    assert!(late.lines.len() <= 10);
    // A stamp of its own for each event: the other way round, all but one line would have to move.
    let upside_down = journal(run.events(), 0, |number, _| -i64::from(number));
    assert_eq!(upside_down.displaced, upside_down.lines.len() - 1);
}

#[test]
fn a_request_is_followed_through_a_write_to_its_answer() {
    let mut run = timeline(11);
    let client = NodeId(3);
    run.act(Action::Invoke(client, "add 2".to_owned())).unwrap();
    let answer = loop {
        let event = run.step().unwrap();
        if event.node == client && event.what == What::Delivered {
            break run.cursor();
        }
        assert!(run.cursor() < 500, "the answer was lost: another seed");
    };
    let spans = trace(run.events(), &[], Root { event: 1, answered: Some(answer) }, 100);
    let told: Vec<(u16, &str, bool)> =
        spans.iter().map(|span| (span.depth, span.kind.as_str(), span.of == SpanOf::Write)).collect();
    assert_eq!(told, [(0, "", false), (1, "Add", false), (2, "", true), (3, "Added", false)]);
    let causes: Vec<Tie> = chain(run.events(), answer).iter().map(|cause| cause.tie).collect();
    assert_eq!(causes, [Tie::Sent, Tie::Wrote, Tie::Sent]);
    assert_eq!(chain(run.events(), answer).last().unwrap().event, 1);
}

#[test]
fn a_sentence_says_where_two_branches_part() {
    let mut run = timeline(5);
    assert_eq!(run.compare(0, 0).sentence, "Nothing has happened in either run yet.");
    while run.world().view().flights.is_empty() || run.len() < 8 {
        run.step();
    }
    let place = run.cursor();
    let flight = run.world().view().flights[0].clone();
    let stepped = run.step().unwrap();
    run.seek(place);
    run.act(Action::Drop(flight.msg)).unwrap();
    let told = run.compare(0, 1);
    assert_eq!((told.common, told.first, told.goes_on), (place, Some(place + 1), [true, true]));
    assert_eq!(told.until, run.events()[place as usize - 1].at);
    let (head, tail) = told.sentence.split_once("; then in A ").unwrap();
    assert!(head.starts_with(&format!("The runs are the same up to event {place} at ")), "{head}");
    let dropped = format!("{} from {} to {}", flight.kind, flight.from.name, flight.to.name);
    assert!(tail.ends_with(&format!(", in B {dropped} is lost: dropped by hand.")), "{tail}");
    assert!(run.compare(1, 0).sentence.contains(&format!("then in A {dropped} is lost")));
    assert_ne!(stepped.what, What::Lost(faultline_sim::Loss::Dropped));
    // A branch that has only just begun ends where it began.
    run.seek(4);
    run.fork();
    assert!(run.compare(2, 0).sentence.contains("; then A ends, while in B "));
    assert!(run.compare(2, 2).sentence.ends_with(", where both end."));
    // Different requests are different, although their events look alike.
    run.act(Action::Invoke(NodeId(3), "add 1".to_owned())).unwrap();
    run.seek(4);
    run.act(Action::Invoke(NodeId(3), "add 2".to_owned())).unwrap();
    let told = run.compare(2, 3);
    assert_eq!(told.common, 4);
    assert!(told.sentence.contains("is asked to add 1, in B C1 is asked to add 2"), "{}", told.sentence);
    assert_eq!(in_common((run.events(), run.interventions()), (run.events(), run.interventions())), 5);
}

#[test]
fn a_branch_takes_a_name_and_gives_it_back() {
    let mut run = timeline(1);
    run.step();
    run.fork();
    assert!(run.rename(1, "  no\u{7} leader  "));
    assert_eq!((run.branches()[1].label.as_str(), run.branches()[1].named), ("no leader", true));
    assert!(run.rename(0, &"x".repeat(500)));
    assert_eq!(run.branches()[0].label.chars().count(), faultline_sim::LONGEST_NAME);
    assert!(run.rename(1, " "));
    assert_eq!((run.branches()[1].label.as_str(), run.branches()[1].named), ("nothing done yet", false));
    assert!(!run.rename(9, "x"));
}
