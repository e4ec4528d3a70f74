//! Every lesson through every gate. One test a lesson, so that a failure names it.

use faultline_check::Bounds;
use faultline_lessons::check::{Gate, check};
use faultline_lessons::{Block, Fix, Inline, Lesson, Mark, Par, Searched, Settings, catalogue, content};
use faultline_sim::{Action, Predicate, Scenario, Script, Timeline, Tree};

fn passes(slug: &str) {
    let lesson = content::lesson(slug).expect("it is listed").unwrap_or_else(|error| panic!("{error}"));
    let report = check(&lesson);
    assert!(report.passed(), "{slug}:\n{report}");
    // A gate that looked at nothing has shown nothing.
    for gate in Gate::ALL {
        let looked_at = report.findings.iter().filter(|finding| finding.gate == gate).count();
        assert!(looked_at > 0, "{slug}: no finding for {gate:?}");
    }
}

/// One test a lesson, in the order of the course.
macro_rules! every_gate {
    ($($test:ident $slug:literal;)+) => {
        $(#[test]
        fn $test() {
            passes($slug);
        })+

        #[test]
        fn no_lesson_is_without_its_test() {
            let tested = [$($slug),+];
            let untested = |(file, _): &&(&str, &str)| !tested.iter().any(|slug| file.ends_with(&format!("/{slug}.md")));
            let missing = content::FILES.iter().find(untested).map(|(file, _)| file);
            assert_eq!(missing, None, "add a line for it");
        }
    };
}

every_gate! {
    lost_message "lost-message";
    retry_and_idempotency "retry-and-idempotency";
    partial_failure "partial-failure";
    eight_fallacies "eight-fallacies";
    last_writer_wins "last-writer-wins";
    reading_clocks "reading-clocks";
    lamport_clocks "lamport-clocks";
    vector_clocks "vector-clocks";
    snapshot "snapshot";
    failure_detectors "failure-detectors";
    swim "swim";
    gossip "gossip";
    leases_and_fencing "leases-and-fencing";
    total_order "total-order";
    paxos "paxos";
    raft_elections "raft-elections";
    raft_logs "raft-logs";
    raft_commit "raft-commit";
    two_phase_commit "two-phase-commit";
}

/// What a page has to fetch before it can play a lesson: a step, a belief or a question may use another
/// protocol than the lesson's own.
#[test]
fn a_lesson_names_all_its_protocols() {
    assert_eq!(written("raft-elections").protocols(), ["raft"]);
    assert_eq!(written("total-order").protocols(), ["state-machine", "ben-or"]);
    let mut lesson = written("lost-message");
    lesson.quiz[0].options[0].belief.as_mut().expect("a run").settings.protocol = Some("raft".to_owned());
    assert!(lesson.protocols().contains(&"raft"));
}

fn written(slug: &str) -> Lesson {
    content::lesson(slug).expect("it is listed").expect("it compiles")
}

/// A gate that lets everything through is worth nothing: each of these faults must be caught by its own.
#[test]
fn every_gate_catches_what_it_is_for() {
    type Damage = fn(&mut Lesson);
    let cases: [(Gate, Damage); 14] = [
        (Gate::WrongBeliefsFail, |lesson| {
            let options = &mut lesson.steps[0].prediction.as_mut().unwrap().options;
            options.iter_mut().for_each(|option| option.right = !option.right);
        }),
        (Gate::GoalsCanBeReached, |lesson| {
            goal(lesson).par = Some(Par::Drops(3));
        }),
        (Gate::GoalsCanBeReached, |lesson| {
            goal(lesson).predicate = Predicate::Before(faultline_model::Time(1 << 50));
        }),
        (Gate::GoalsCanBeReached, |lesson| {
            goal(lesson).wrong = goal(lesson).solution.clone();
        }),
        (Gate::MendedResists, |lesson| {
            goal(lesson).resists = Some(Fix::default());
        }),
        (Gate::StepsAreReversible, |lesson| {
            lesson.steps[0].critical.as_mut().unwrap().until = Predicate::Violated("decided-once".to_owned());
        }),
        (Gate::SizesAreKept, |lesson| {
            lesson.steps[0].prose.push(Block::Paragraph(vec![Inline::Text("word ".repeat(41))]));
        }),
        (Gate::SizesAreKept, |lesson| drop(lesson.quiz.pop())),
        (Gate::NumbersAreSourced, |lesson| {
            lesson
                .sources
                .iter_mut()
                .filter_map(|source| source.number.as_mut())
                .for_each(|n| n.value.push('1'));
        }),
        (Gate::NumbersAreSourced, |lesson| {
            lesson.sources.iter_mut().for_each(|source| source.status = Mark::P);
        }),
        (Gate::ToolsAreOffered, |lesson| {
            lesson.steps[4].palette = Some(vec![]);
        }),
        // Within bounds without a timer that fires no general ever decides.
        (Gate::GoalsCanBeReached, |lesson| {
            let bounds = Bounds { timeouts: 0, ..Bounds::default() };
            goal(lesson).search = Some(Searched { bounds, ..searched(None) });
        }),
        (Gate::MendedResists, |lesson| {
            goal(lesson).search = Some(searched(Some(7)));
        }),
        (Gate::MendedResists, |lesson| {
            goal(lesson).resists = Some(Fix::default());
            goal(lesson).search = Some(searched(None));
        }),
    ];
    for (number, (gate, damage)) in cases.into_iter().enumerate() {
        let mut lesson = written("lost-message");
        damage(&mut lesson);
        let report = check(&lesson);
        let caught: Vec<Gate> = report.failures().map(|finding| finding.gate).collect();
        assert!(caught.contains(&gate), "case {number}: {gate:?} let it through; {report}");
        assert!(report.to_string().contains('✗'));
    }
}

/// A matching of which a wrong pair would come true, or a right one would not, is caught.
#[test]
fn every_pair_of_a_matching_is_run() {
    let at = |lesson: &mut Lesson, cause: usize, shows: &str| {
        let matching = lesson.steps.iter_mut().find_map(|step| step.matching.as_mut()).expect("a matching");
        shows.clone_into(&mut matching.pairs[cause].shows);
    };
    let wrong = |lesson: &Lesson| -> Vec<String> {
        let pairs = |finding: &&faultline_lessons::check::Finding| finding.what.contains("” makes “");
        check(lesson).failures().filter(pairs).map(|finding| finding.what.clone()).collect()
    };
    let mut lesson = written("eight-fallacies");
    at(&mut lesson, 3, "expect holds no-error");
    let found = wrong(&lesson);
    assert!(found.len() >= 3, "a page without an error comes of more than one dial: {found:?}");
    let mut lesson = written("eight-fallacies");
    at(&mut lesson, 4, "expect Browser.operation = 13 likes");
    assert_eq!(wrong(&lesson).len(), 1);
}

fn searched(states: Option<u32>) -> Searched {
    Searched { property: "agreement-of-generals".to_owned(), states, ..Searched::default() }
}

/// The goal of the generals at depth 1.
fn goal(lesson: &mut Lesson) -> &mut faultline_lessons::Goal {
    &mut lesson.steps[4].goals[0]
}

fn run(set: &[(&str, &str)], script: &str) -> Timeline {
    let scenario = Scenario {
        protocol: "unreliable-link".to_owned(),
        seed: 7,
        set: set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        ..Scenario::default()
    };
    let world = catalogue::build(&scenario).unwrap();
    let mut timeline = Timeline::new(scenario, world);
    Script::parse(script).unwrap().run(&mut timeline).unwrap();
    timeline
}

fn state_of_b(timeline: &Timeline) -> Tree {
    let world = timeline.world();
    world.detail(world.cast().find("B").unwrap()).unwrap()
}

/// What the first lesson says and the learner is to see.
#[test]
fn b_is_in_the_same_state_whether_m2_was_lost_is_late_or_was_never_sent() {
    let lost = run(&[], "at 11ms drop A->B Message\nat 40ms expect B.received.len = 2");
    let late = run(&[], "at 11ms delay A->B Message by 1s\nat 40ms expect B.received.len = 2");
    let never = run(&[("messages", "1")], "at 20ms invoke A send m3\nat 40ms expect B.received.len = 2");
    assert_eq!(state_of_b(&lost), state_of_b(&late));
    assert_eq!(state_of_b(&lost), state_of_b(&never));
    // With all three messages it is another state: the comparison can fail.
    assert_ne!(state_of_b(&lost), state_of_b(&run(&[], "run 40ms")));
}

/// Par for the generals is 2 drops: with one, whichever message it hits, nobody attacks alone.
#[test]
fn one_captured_messenger_parts_no_generals() {
    for depth in ["1", "2", "3"] {
        let set = [("mode", "generals"), ("ack-depth", depth), ("retries", "1")];
        let all = run(&set, "run 2s");
        let messages = all.world().events();
        for nth in 0..messages {
            let mut timeline = run(&set, "run 0s");
            let mut seen = std::collections::BTreeSet::new();
            loop {
                for flight in timeline.world().view().flights {
                    if seen.insert(flight.id) && seen.len() as u32 == nth + 1 {
                        timeline.act(Action::Drop(flight.msg)).unwrap();
                    }
                }
                if timeline.step().is_none() {
                    break;
                }
            }
            let decided = |node: &str| {
                let world = timeline.world();
                let state = world.detail(world.cast().find(node).unwrap()).unwrap();
                state.get("decided", world.cast()).unwrap().text(world.cast())
            };
            assert_eq!(decided("A"), decided("B"), "depth {depth}, message {}", nth + 1);
        }
    }
}

#[test]
fn settings_lie_on_top_of_each_other() {
    let lesson = written("raft-elections");
    let step = lesson.settings_at(3);
    let over = Settings { nodes: Some(3), ..Settings::default() };
    let both = step.with(&over);
    assert_eq!((both.nodes, both.set.len()), (Some(3), step.set.len()));
    let scenario = lesson.scenario(&both);
    assert_eq!((scenario.nodes, scenario.protocol.as_str()), (3, "raft"));
    let other = Settings { protocol: Some("unreliable-link".to_owned()), ..Settings::default() };
    assert!(lesson.scenario(&step.with(&other)).set.is_empty(), "another protocol has other knobs");
}

/// What L31 says of equal timeouts and of fifty milliseconds of spread holds for other seeds, too.
#[test]
fn equal_timeouts_never_converge_and_a_spread_does_whatever_the_seed() {
    let lesson = written("raft-elections");
    for (step, ends) in [(0, "run 10s\nexpect not leader"), (1, "run 2s\nexpect leader")] {
        for seed in 0..20 {
            let over = Settings { seed: Some(seed), ..Settings::default() };
            let scenario = lesson.scenario(&lesson.settings_at(step).with(&over));
            let world = catalogue::build(&scenario).unwrap();
            let mut timeline = Timeline::new(scenario, world);
            let (_, stage) = lesson.staged_by(step).unwrap();
            for script in [stage.before.as_str(), ends] {
                let played = Script::parse(script).unwrap().run(&mut timeline);
                assert!(played.is_ok(), "step {}, seed {seed}: {}", step + 1, played.unwrap_err());
            }
        }
    }
}
