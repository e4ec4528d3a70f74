use faultline_model::{Bandwidth, Chance, Latency, Part, Span, Time};
use proptest::prelude::*;

use super::*;
use crate::{Pace, Trouble};

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9_]{0,6}(-[a-z0-9]{1,4})?"
}

fn kind() -> impl Strategy<Value = String> {
    name().prop_filter("`by` ends the message of a delay", |name| name != "by")
}

/// Any text at all, awkward ones often.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6} [a-z]=[0-9]{1,3}",
        "[ -~]{0,20}",
        "\\PC{0,12}",
        Just(" # \"\\\n\t\u{7f}".to_owned()),
        Just("\"a # b".to_owned()),
    ]
}

fn ends() -> impl Strategy<Value = Ends> {
    (name(), name(), any::<bool>()).prop_map(|(from, to, both)| Ends { from, to, both })
}

fn ordinal() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(1u32..=1_000_000)
}

fn which() -> impl Strategy<Value = Which> {
    (name(), name(), prop::option::of(kind()), ordinal()).prop_map(|(from, to, kind, ordinal)| Which {
        from,
        to,
        kind,
        ordinal,
    })
}

fn span() -> impl Strategy<Value = Span> {
    (0..=crate::Run::MAX_MICROS).prop_map(Span)
}

fn latency() -> impl Strategy<Value = Latency> {
    let span = || (0u64..=3_600_000_000).prop_map(Span);
    prop_oneof![
        span().prop_map(Latency::Constant),
        (span(), span()).prop_map(|(a, b)| Latency::Uniform(a.min(b), a.max(b))),
        (span(), span()).prop_map(|(mean, deviation)| Latency::Normal(mean, deviation)),
        span().prop_map(Latency::Exponential),
        (span(), 100u32..=100_000).prop_map(|(scale, shape)| Latency::Pareto(scale, shape)),
        (0u32..=1_000_000, part(), part()).prop_map(|(share, a, b)| Latency::Mixture(Chance(share), a, b)),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    let micros = || 0u32..=3_600_000_000;
    prop_oneof![
        micros().prop_map(Part::Constant),
        (micros(), micros()).prop_map(|(a, b)| Part::Uniform(a.min(b), a.max(b))),
        (micros(), micros()).prop_map(|(mean, deviation)| Part::Normal(mean, deviation)),
        micros().prop_map(Part::Exponential),
        (micros(), 100u32..=100_000).prop_map(|(scale, shape)| Part::Pareto(scale, shape)),
    ]
}

fn bandwidth() -> impl Strategy<Value = Bandwidth> {
    prop_oneof![
        Just(Bandwidth::UNLIMITED),
        (1u64..1_000_000_000_000).prop_map(Bandwidth),
        (1u64..1_000_000).prop_map(|thousands| Bandwidth(thousands * 1_000)),
    ]
}

fn groups() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(1usize..4, 2..4).prop_map(|sizes| {
        let mut next = 0;
        let mut name = || {
            next += 1;
            format!("S{next}")
        };
        sizes.into_iter().map(|size| (0..size).map(|_| name()).collect()).collect()
    })
}

prop_compose! {
    fn workload()(
        pace in prop_oneof![
            (1..=Workload::<String>::MAX_RATE).prop_map(Pace::Open),
            (1u16..=1_000, span(), span()).prop_map(|(outstanding, think, patience)| {
                Pace::Closed { outstanding, think, patience: patience.max(Span(1)) }
            }),
        ],
        clients in prop::collection::vec(name(), 0..3),
        share in prop::option::of(0u32..=1_000_000),
        keys in 1u32..=10_000,
        zipf in 0u32..=10_000,
        total in prop::option::of(1u32..=10_000),
        until in prop::option::of(span()),
    ) -> Workload<String> {
        let mix = share.map_or(vec![], |share| {
            vec![("read".to_owned(), Chance(share)), ("compare-and-set".to_owned(), Chance(1_000_000 - share))]
        });
        Workload { clients, pace, mix, keys, zipf, total, until: until.map(|until| Time(until.0)) }
    }
}

prop_compose! {
    fn chaos()(
        seed in any::<u64>(),
        rate in 0u32..=6_000_000,
        kinds in prop::sample::subsequence(Trouble::ALL.map(|(kind, _)| kind).to_vec(), 1..7),
        down in 0u16..=1_000,
        within in (1u64..=3_600_000_000).prop_map(Span),
        from in 0u64..1_000_000_000,
        lasts in 1u64..1_000_000_000,
    ) -> Chaos {
        Chaos { seed, rate, kinds, down, within, from: Time(from), until: Time(from + lasts) }
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        which().prop_map(Act::Deliver),
        which().prop_map(Act::Drop),
        which().prop_map(Act::Duplicate),
        (which(), span()).prop_map(|(which, by)| Act::Delay(which, by)),
        (name(), prop::option::of(name()), ordinal()).prop_map(|(n, kind, nth)| Act::Fire(n, kind, nth)),
        name().prop_map(Act::Sync),
        name().prop_map(Act::Take),
        (name(), text()).prop_map(|(node, text)| Act::Invoke(node, text)),
        ends().prop_map(Act::Cut),
        ends().prop_map(Act::Heal),
        Just(Act::HealAll),
        groups().prop_map(Act::Partition),
        (ends(), 0u32..=1_000_000).prop_map(|(ends, chance)| Act::Lose(ends, Chance(chance))),
        (ends(), 0u32..=1_000_000).prop_map(|(ends, chance)| Act::Repeat(ends, Chance(chance))),
        (ends(), any::<bool>()).prop_map(|(ends, kept)| Act::Order(ends, kept)),
        (ends(), prop::option::of(latency())).prop_map(|(ends, latency)| Act::Latency(ends, latency)),
        name().prop_map(Act::Crash),
        (name(), any::<bool>()).prop_map(|(node, empty)| Act::Restart(node, empty)),
        name().prop_map(Act::Pause),
        name().prop_map(Act::Resume),
        (name(), -10_000_000_000_000i64..10_000_000_000_000).prop_map(|(node, by)| Act::Skew(node, by)),
        (name(), -900_000i32..=900_000).prop_map(|(node, ppm)| Act::Drift(node, ppm)),
        (name(), 1u32..=100_000).prop_map(|(node, percent)| Act::Slow(node, percent)),
        (ends(), name()).prop_map(|(ends, kind)| Act::DropAll(ends, kind)),
        (ends(), name()).prop_map(|(ends, kind)| Act::LetThrough(ends, kind)),
        ends().prop_map(Act::Hold),
        ends().prop_map(Act::Release),
        (ends(), prop::option::of(bandwidth())).prop_map(|(ends, width)| Act::Bandwidth(ends, width)),
        name().prop_map(Act::Kill),
        (name(), -10_000_000_000_000i64..10_000_000_000_000).prop_map(|(node, by)| Act::Jump(node, by)),
        (name(), name(), any::<bool>()).prop_map(|(node, with, step)| {
            Act::SyncClock(node, with, if step { Correction::Step } else { Correction::Slew })
        }),
        (name(), prop::option::of((0u64..=3_600_000_000).prop_map(Span)))
            .prop_map(|(node, latency)| Act::DiskLatency(node, latency)),
        (name(), 1u32..=100_000).prop_map(|(node, percent)| Act::DiskSlow(node, percent)),
        (name(), any::<bool>()).prop_map(|(node, full)| Act::DiskFull(node, full)),
        name().prop_map(Act::Corrupt),
        workload().prop_map(|spec| Act::Workload(Box::new(spec))),
        Just(Act::EndWorkload),
        (1u32..=1_000_000).prop_map(Act::Arrive),
        Just(Act::Add),
        name().prop_map(Act::Remove),
        (name(), name()).prop_map(|(node, lie)| Act::Lie(node, lie)),
        name().prop_map(Act::Honest),
        text().prop_map(Act::Skip),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let compare = prop::sample::select(vec![
        Compare::Is,
        Compare::IsNot,
        Compare::Less,
        Compare::AtMost,
        Compare::More,
        Compare::AtLeast,
    ]);
    let path = "[a-zA-Z0-9_:*-]{1,6}(\\.[a-zA-Z0-9]{1,4}){0,2}";
    let link = prop::option::of((name(), name()));
    let time = || span().prop_map(|span| Time(span.0));
    let test = prop_oneof![
        (name(), path, compare, text()).prop_map(|(node, path, c, value)| Test::Field(node, path, c, value)),
        (prop::option::of(0u32..=100_000), prop_oneof![name(), text()])
            .prop_map(|(count, role)| Test::Role(count, role)),
        name().prop_map(Test::Violated),
        name().prop_map(Test::Holds),
        (link, prop::option::of(name())).prop_map(|(link, kind)| Test::InFlight(link, kind)),
        Just(Test::Quiet),
        time().prop_map(Test::Before),
        time().prop_map(Test::From),
    ];
    (any::<bool>(), test).prop_map(|(negated, test)| Condition { negated, test })
}

fn step() -> impl Strategy<Value = Step> {
    let command = prop_oneof![
        3 => act().prop_map(Command::Act),
        1 => (span(), act()).prop_map(|(at, act)| Command::Plan(Time(at.0), act)),
        1 => chaos().prop_map(|chaos| Command::Chaos(Box::new(chaos))),
        1 => span().prop_map(Command::RunFor),
        1 => (1..=crate::MAX_EVENTS).prop_map(Command::RunEvents),
        1 => condition().prop_map(Command::RunUntil),
        2 => condition().prop_map(Command::Expect),
    ];
    let at = span().prop_map(|span| Time(span.0));
    (prop::option::of(0..=crate::MAX_EVENTS), prop::option::of(at), command)
        .prop_map(|(after, at, command)| Step { after, at, command })
}

fn script() -> impl Strategy<Value = Script> {
    let header = (name(), prop::option::of(1u16..=1_000), prop::option::of(any::<u64>()), name(), text());
    let comment = prop::option::of(prop_oneof![Just(String::new()), "[ -~]{0,12}[!-~]"]);
    let line = (prop::option::of(step()), comment);
    (header, prop::collection::vec(line, 0..12)).prop_map(|((protocol, nodes, seed, knob, value), lines)| {
        let mut header = vec![Header::Protocol(protocol)];
        header.extend(nodes.map(Header::Nodes));
        header.extend(seed.map(Header::Seed));
        header.push(Header::Set(knob, value));
        let header =
            header.into_iter().map(|h| Line { statement: Some(Statement::Header(h)), comment: None });
        let lines = lines.into_iter().map(|(step, comment)| {
            let statement = step.map(Statement::Step);
            // Behind a statement, the comment's text begins with a blank.
            let blank = if statement.is_some() { " " } else { "" };
            let comment = comment.map(|text| if text.is_empty() { text } else { format!("{blank}{text}") });
            Line { statement, comment }
        });
        Script { lines: header.chain(lines).collect() }
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(script in script()) {
        let text = script.to_string();
        prop_assert_eq!(Script::parse(&text), Ok(script), "{}", text);
    }

    #[test]
    fn printing_twice_changes_nothing(script in script()) {
        let text = script.to_string();
        prop_assert_eq!(Script::parse(&text).unwrap().to_string(), text);
    }

    #[test]
    fn any_text_is_answered(text in "(\\PC|\n|\t|\r|#|\"|\\\\){0,120}") {
        if let Err(error) = Script::parse(&text) {
            prop_assert!(text.get(error.span.clone()).is_some(), "{error:?}");
        }
    }

    #[test]
    fn a_damaged_script_is_answered(script in script(), place in any::<prop::sample::Index>(), c in any::<char>()) {
        let mut letters: Vec<char> = script.to_string().chars().collect();
        let i = place.index(letters.len());
        letters[i] = c;
        let text: String = letters.into_iter().collect();
        match Script::parse(&text) {
            Ok(read) => prop_assert_eq!(Script::parse(&read.to_string()), Ok(read)),
            Err(error) => prop_assert!(text.get(error.span.clone()).is_some(), "{error:?}"),
        }
    }
}

#[test]
fn comments_and_blank_lines_stay() {
    let text = "\
#!faultline
# Figure 8, §5.4.2

protocol raft
set election-min = 150ms # short

at 1.2s crash S2 # the leader
after event 57 at 1.25s pause S4
drop S1->S3 AppendEntries #2 # the second
#
run until leader #
invoke C1 \"say # this\"
";
    let script = Script::parse(text).unwrap();
    assert_eq!(script.to_string(), text);
    assert_eq!(script.steps().map(|(line, _)| line).collect::<Vec<_>>(), [7, 8, 9, 11, 12]);
}

#[test]
fn other_spellings_mean_the_same() {
    let printed = |text: &str| Script::parse(text).unwrap().to_string();
    assert_eq!(printed("  after 57 events   crash  S2\r\n"), "after event 57 crash S2\n");
    assert_eq!(printed("partition S1 S2|S3"), "partition S1 S2 | S3\n");
    assert_eq!(printed("skew S2 5s"), "skew S2 +5s\n");
    assert_eq!(printed("latency S1->S2 80ms"), "latency S1->S2 constant 80ms\n");
    assert_eq!(printed("expect S1.role=leader"), "expect S1.role = leader\n");
    assert_eq!(printed("expect S1.log.len>=2"), "expect S1.log.len >= 2\n");
    assert_eq!(printed("expect S1.role == leader"), "expect S1.role = leader\n");
    assert_eq!(printed("run 1 events"), "run 1 event\n");
    assert_eq!(printed("expect not in flight"), "expect not in flight\n");
}

fn error(text: &str) -> (usize, usize, String, String) {
    let error = Script::parse(text).expect_err(text);
    let marked = text[error.span.clone()].to_owned();
    (error.line, error.column, marked, error.to_string())
}

#[test]
fn errors_point_at_the_place_and_say_what_would_be_right() {
    let cases: &[(&str, usize, usize, &str, &str)] = &[
        ("run 1s\n  crsh S2", 2, 3, "crsh", "did you mean `crash`?"),
        ("duplciate S1->S2", 1, 1, "duplciate", "did you mean `duplicate`?"),
        ("xyzzy", 1, 1, "xyzzy", "the commands are: add, after, arrive, at"),
        ("crash", 1, 6, "", "write a node, such as S2"),
        ("crash 2S", 1, 7, "2S", "write a node"),
        ("crash S2 S3", 1, 10, "S3", "one command a line"),
        ("crash S2 #now", 1, 10, "#now", "leave a blank behind the #"),
        ("drop S1 -> S3", 1, 6, "S1", "without blanks: S1->S3"),
        ("drop S1<->S3", 1, 6, "S1<->S3", "a message goes one way"),
        ("drop S1->S3 Vote #0", 1, 18, "#0", "from 1 to 1000000"),
        ("delay S1->S3 Vote 20ms", 1, 19, "20ms", "write `by`"),
        ("delay S1->S3 Vote by 20", 1, 22, "20", "such as 150ms or 1.2s"),
        ("at 1.2 crash S2", 1, 4, "1.2", "such as 150ms or 1.2s"),
        ("at 1.2s", 1, 8, "", "write a command, such as crash S2"),
        ("after 5 crash S2", 1, 9, "crash", "write `events`"),
        ("partition S1 S2", 1, 11, "S1", "at least two groups"),
        ("partition S1 | S1", 1, 16, "S1", "stands here twice"),
        ("lose S1->S2 110%", 1, 13, "110%", "from 0% to 100%"),
        ("lose S1->S2 0.5", 1, 13, "0.5", "from 0% to 100%"),
        ("latency S1->S2 gauss 3ms", 1, 16, "gauss 3ms", "constant 5ms"),
        ("drift S2 +200", 1, 10, "+200", "such as +200ppm"),
        ("drift S2 -1000000ppm", 1, 10, "-1000000ppm", "from 0 to 900000"),
        ("skew S2 +99999999999s", 1, 9, "+99999999999s", "at most ten years"),
        ("slow S2 0%", 1, 9, "0%", "from 1 to 100000"),
        ("restart S2 with disk", 1, 17, "disk", "write `empty`"),
        ("run", 1, 4, "", "run until leader"),
        ("run 0 events", 1, 5, "0", "from 1 to 2000000"),
        ("run 5", 1, 6, "", "write `events`"),
        ("expect S1.role leader", 1, 16, "leader", "= != < <= > >="),
        ("expect S1. = 3", 1, 8, "S1.", "S1.log.3.term"),
        ("expect time = 2s", 1, 15, "2s", "write time < 2s"),
        ("expect 2", 1, 9, "", "a role, such as leader"),
        ("invoke C1 \"write", 1, 11, "\"write", "write a second"),
        ("invoke C1 \"wr\\ite\"", 1, 14, "\\", "no escape"),
        ("crash S2\nseed 4", 2, 1, "seed 4", "before the first command"),
        ("seed 4\nseed 5", 2, 1, "seed 5", "said above"),
        ("nodes 5000", 1, 7, "5000", "from 1 to 1000"),
        ("ä crash S2\ncrash é§", 1, 1, "ä", "the commands are"),
        ("crash S2\ncrash é§", 2, 7, "é§", "is no name"),
    ];
    for &(text, line, column, marked, help) in cases {
        let (found_line, found_column, found, message) = error(text);
        assert_eq!((found_line, found_column, found.as_str()), (line, column, marked), "{text}: {message}");
        assert!(message.contains(help), "{text}: {message}");
    }
}

#[test]
fn too_much_text_is_refused() {
    let long = "#".repeat(Script::MAX_BYTES + 1);
    assert!(Script::parse(&long).unwrap_err().to_string().contains("at most 262144"));
    let many = "\n".repeat(Script::MAX_LINES + 1);
    assert!(Script::parse(&many).unwrap_err().to_string().contains("at most 10000 lines"));
    assert_eq!(Script::parse(&"\n".repeat(Script::MAX_LINES)).unwrap().lines.len(), Script::MAX_LINES);
}

#[test]
fn the_header_says_what_the_run_starts_from() {
    let script =
        Script::parse("# a header\nprotocol raft\nlesson raft-logs\nseed 42\nset disk = 5ms\nrun 1s")
            .unwrap();
    let base =
        Scenario { nodes: 5, seed: 1, set: vec![("disk".into(), "1ms".into())], ..Scenario::default() };
    let scenario = script.scenario(base);
    assert_eq!((scenario.protocol.as_str(), scenario.lesson.as_deref()), ("raft", Some("raft-logs")));
    assert_eq!((scenario.nodes, scenario.seed), (5, 42));
    assert_eq!(scenario.set.last(), Some(&("disk".to_owned(), "5ms".to_owned())));
}
