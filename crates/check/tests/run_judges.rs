//! Judges of whole runs: on testimony made by hand, and on runs of protocols that testify.

use faultline_check::registry::Judgement;
use faultline_check::run::Record;
use faultline_model::{Cast, Fact, NodeId, OpId, Params, Protocol, Span, Time};
use faultline_protocols::heartbeat_monitor::HeartbeatMonitor;
use faultline_protocols::raft::Raft;
use faultline_protocols::remote_procedure_call::RemoteProcedureCall;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_sim::{Action, Event, Operation, Scenario, Script, Setup, Testimony, Timeline, What, World};

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);

fn event(at: u64, what: What, node: NodeId) -> Event {
    Event::new(Time(at), what, node)
}

fn operation(call: &str, invoked: u32, returned: Option<u32>) -> Operation {
    let time = |event: u32| Time(u64::from(event) * 10);
    Operation {
        process: "C1".to_owned(),
        call: call.to_owned(),
        result: returned.map(|_| "ok".to_owned()),
        failed: false,
        invoked: time(invoked),
        invoked_event: invoked,
        returned: returned.map(time),
        returned_event: returned,
    }
}

/// Event number n happens at 10 n; crashes and restarts of B are given, all others are timers of A.
fn judge(operations: &[Operation], faults: &[(u32, What)], facts: &[(u32, NodeId, Fact)]) -> Vec<Judgement> {
    let kind = |number: u32| faults.iter().find(|(at, _)| *at == number).map(|(_, what)| *what);
    let events: Vec<Event> = (1..=20)
        .map(|number| match kind(number) {
            Some(what) => event(u64::from(number) * 10, what, B),
            None => event(u64::from(number) * 10, What::Fired, A),
        })
        .collect();
    let testimony: Vec<Testimony> = facts
        .iter()
        .map(|(event, node, fact)| {
            let at = Time(u64::from(*event) * 10);
            Testimony { event: *event, node: *node, at, fact: fact.clone() }
        })
        .collect();
    let cast = Cast::of(&["A", "B", "C"]);
    let record = Record { cast: &cast, operations, events: &events, testimony: &testimony, now: Time(200) };
    record.judge()
}

fn find<'j>(all: &'j [Judgement], name: &str) -> &'j Judgement {
    all.iter().find(|judgement| judgement.name == name).unwrap_or_else(|| panic!("{name}: {all:?}"))
}

#[test]
fn nothing_is_judged_of_which_nothing_was_testified() {
    assert_eq!(judge(&[operation("write x=1", 1, Some(4))], &[], &[]), []);
}

#[test]
fn a_detector_is_complete_if_every_watcher_suspects_in_time_and_accurate_if_it_was_right() {
    let watches = |node| (0, node, Fact::Watches(if node == A { B } else { A }, Span(50)));
    let crash = [(5, What::Crashed)];
    let noticed = judge(&[], &crash, &[watches(A), watches(B), (9, A, Fact::Suspects(B))]);
    for name in ["Strong completeness", "Eventual accuracy", "Strong accuracy"] {
        assert_eq!(find(&noticed, name).holds, Some(true), "{name}");
    }
    let unnoticed = judge(&[], &crash, &[watches(A)]);
    let missed = find(&unnoticed, "Strong completeness");
    assert_eq!((missed.holds, &missed.nodes[..], &missed.events[..]), (Some(false), &[A, B][..], &[10][..]));
    assert!(missed.why.starts_with("B was down for 50us and not suspected by A"), "{}", missed.why);
    // Suspected while it was up, and trusted again later.
    let wrong = [watches(A), (3, A, Fact::Suspects(B)), (8, A, Fact::Trusts(B))];
    let mended = judge(&[], &[], &wrong);
    let strong = find(&mended, "Strong accuracy");
    assert_eq!((strong.holds, &strong.events[..]), (Some(false), &[3][..]));
    assert_eq!(find(&mended, "Eventual accuracy").holds, Some(true));
    assert_eq!(find(&judge(&[], &[], &wrong[..2]), "Eventual accuracy").holds, Some(false));
}

#[test]
fn an_effect_counts_once_for_all_copies_and_twice_on_one() {
    let asked = [operation("add 1", 1, Some(6)), operation("add 2", 2, None)];
    let copies = [(3, A, Fact::Applies(OpId(1))), (4, B, Fact::Applies(OpId(1)))];
    assert_eq!(find(&judge(&asked, &[], &copies), "Exactly once").holds, Some(true));
    let twice = [&copies[..], &[(7, B, Fact::Applies(OpId(1)))]].concat();
    let all = judge(&asked, &[], &twice);
    let broken = find(&all, "Exactly once");
    assert_eq!((broken.holds, &broken.operations[..]), (Some(false), &[0][..]));
    assert_eq!((&broken.nodes[..], &broken.events[..]), (&[B][..], &[4, 7][..]));
    // What B had in memory is gone with it.
    assert_eq!(find(&judge(&asked, &[(5, What::Crashed)], &twice), "Exactly once").holds, Some(true));
    let once_and_for_all = [(3, A, Fact::TakesEffect(OpId(1))), (7, B, Fact::TakesEffect(OpId(1)))];
    assert_eq!(
        find(&judge(&asked, &[(5, What::Crashed)], &once_and_for_all), "Exactly once").holds,
        Some(false)
    );
    // A kind of operation of which none takes effect changes nothing.
    let look = [operation("add 1", 1, Some(6)), operation("read", 2, Some(7))];
    assert_eq!(find(&judge(&look, &[], &copies), "Exactly once").holds, Some(true));
    // Acknowledged, and never done.
    let lost = judge(&asked, &[], &[(4, A, Fact::TakesEffect(OpId(2)))]);
    let lost = find(&lost, "Exactly once");
    assert_eq!((lost.holds, &lost.operations[..], &lost.events[..]), (Some(false), &[0][..], &[6][..]));
}

#[test]
fn write_skew_is_a_snapshot_and_lights_both_transactions() {
    let asked = [operation("t1", 1, Some(9)), operation("t2", 2, Some(10))];
    let reads = |tx, key: &str| Fact::Reads(OpId(tx), key.into(), 0);
    let writes = |tx, key: &str| Fact::Writes(OpId(tx), key.into(), 1);
    let facts = [
        (3, A, reads(1, "x")),
        (4, B, reads(1, "y")),
        (4, A, reads(2, "x")),
        (5, B, reads(2, "y")),
        (6, A, Fact::Commits(OpId(1))),
        (6, A, writes(1, "x")),
        (7, B, Fact::Commits(OpId(2))),
        (7, B, writes(2, "y")),
    ];
    let all = judge(&asked, &[], &facts);
    assert_eq!(find(&all, "Snapshot isolation").holds, Some(true));
    let circle = find(&all, "Serializable");
    assert_eq!((circle.holds, &circle.events[..]), (Some(false), &[6, 7][..]));
    assert_eq!(circle.why, "a circle: `t1` read what was replaced by, `t2` read what was replaced by");
}

fn begin<P: Protocol>(nodes: usize) -> Timeline {
    begin_with::<P>(nodes, &[])
}

fn begin_with<P: Protocol>(nodes: usize, set: &[(&str, &str)]) -> Timeline {
    let mut params = P::Params::default();
    set.iter().for_each(|(knob, value)| params.set(knob, value).expect("a knob"));
    let setup = Setup { cast: P::cast(&params, nodes), params, habitat: P::habitat(), seed: 1 };
    Timeline::new(Scenario::default(), Box::new(World::<P>::new(setup)))
}

fn record_of(timeline: &Timeline) -> Vec<Judgement> {
    let testimony: Vec<Testimony> = timeline.testimony().cloned().collect();
    let world = timeline.world();
    let operations = world.history();
    let record = Record {
        cast: world.cast(),
        operations: &operations,
        events: &timeline.events()[..timeline.cursor() as usize],
        testimony: &testimony,
        now: world.now(),
    };
    record.judge()
}

fn steps(timeline: &mut Timeline, count: u32) {
    for _ in 0..count {
        timeline.step();
    }
}

#[test]
fn raft_applies_a_command_that_was_sent_twice_once() {
    let mut timeline = begin::<Raft>(3);
    steps(&mut timeline, 200);
    let client = timeline.world().cast().iter().last().expect("a client").0;
    timeline.act(Action::Invoke(client, "write x=1".to_owned())).expect("a write");
    steps(&mut timeline, 400);
    assert!(timeline.world().history()[0].result.is_some(), "it was answered");
    let all = record_of(&timeline);
    assert_eq!(find(&all, "Exactly once").holds, Some(true));
    assert_eq!(find(&all, "Exactly once").why, "each of 1 operations took effect once");
    timeline.seek(100);
    assert_eq!(record_of(&timeline), [], "at that time nothing had taken effect");
}

#[test]
fn transfers_of_two_phase_commit_depend_on_each_other_in_no_circle() {
    let mut timeline = begin::<TwoPhaseCommit>(4);
    for transfer in ["transfer 30 P1 P2", "transfer 10 P2 P3", "transfer 5 P3 P1"] {
        timeline.act(Action::Invoke(A, transfer.to_owned())).expect("a transfer");
        steps(&mut timeline, 40);
    }
    let all = record_of(&timeline);
    for name in ["Strictly serializable", "Serializable", "Snapshot isolation"] {
        let verdict = find(&all, name);
        assert_eq!(verdict.holds, Some(true), "{name}");
        assert_eq!(verdict.why, "3 committed transactions depend on each other in no circle");
    }
}

fn play(timeline: &mut Timeline, script: &str) {
    Script::parse(script).expect("a script").run(timeline).unwrap_or_else(|failure| panic!("{failure}"));
}

/// A lost reply, and a read beside it: reading twice has no effect.
#[test]
fn the_bank_says_how_often_a_call_took_effect() {
    for (dedup, holds) in [("off", false), ("durable", true)] {
        let mut timeline = begin_with::<RemoteProcedureCall>(2, &[("dedup", dedup)]);
        for call in ["credit 1", "balance"] {
            let lost = "run until in flight Bank->Stub Reply\ndrop Bank->Stub Reply\nrun 1s";
            play(&mut timeline, &format!("invoke C1 {call}\n{lost}"));
        }
        assert_eq!(find(&record_of(&timeline), "Exactly once").holds, Some(holds), "{dedup}");
    }
}

#[test]
fn a_monitor_is_complete_and_not_accurate() {
    let mut timeline = begin::<HeartbeatMonitor>(3);
    play(&mut timeline, "at 1s crash S1\ncut M<->S2\nrun 3s");
    let all = record_of(&timeline);
    assert_eq!(find(&all, "Strong completeness").holds, Some(true));
    assert_eq!(find(&all, "Eventual accuracy").holds, Some(false), "S2 is up and cut off");
    play(&mut timeline, "heal M<->S2\nrun 1s");
    assert_eq!(find(&record_of(&timeline), "Eventual accuracy").holds, Some(true));
}
