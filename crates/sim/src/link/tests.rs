use faultline_model::{Bandwidth, Chance, Latency, MsgId, NodeId, Span};
use proptest::prelude::*;

use super::*;
use crate::{Correction, Disk, Pace, Workload};

fn node() -> impl Strategy<Value = NodeId> {
    (0u16..9).prop_map(NodeId)
}

fn latency() -> impl Strategy<Value = Latency> {
    let span = || (0u64..3_600_000_000).prop_map(Span);
    prop_oneof![
        span().prop_map(Latency::Constant),
        (span(), span()).prop_map(|(a, b)| Latency::Uniform(a.min(b), a.max(b))),
        (span(), span()).prop_map(|(mean, deviation)| Latency::Normal(mean, deviation)),
        span().prop_map(Latency::Exponential),
        (span(), 100u32..=100_000).prop_map(|(scale, shape)| Latency::Pareto(scale, shape)),
    ]
}

fn workload() -> impl Strategy<Value = Workload> {
    let pace = prop_oneof![
        (1u32..1_000_000).prop_map(Pace::Open),
        (1u16..=1_000, 0u64..1_000_000, 1u64..1_000_000).prop_map(|(outstanding, think, patience)| {
            Pace::Closed { outstanding, think: Span(think), patience: Span(patience) }
        }),
    ];
    (pace, prop::collection::vec(node(), 0..3), 1u32..100, 0u32..2_000, 0u32..=1_000_000).prop_map(
        |(pace, clients, keys, zipf, share)| {
            let mix =
                vec![("read".to_owned(), Chance(share)), ("write".to_owned(), Chance(1_000_000 - share))];
            Workload { clients, keys, zipf, mix, total: Some(keys), ..Workload::new(pace) }
        },
    )
}

/// Rules on links, and faults of processes, clocks and disks.
fn lasting() -> impl Strategy<Value = Action> {
    let link = || (node(), node());
    let how = prop_oneof![Just(Correction::Step), Just(Correction::Slew)];
    prop_oneof![
        (link(), "[A-Za-z]{1,30}").prop_map(|((a, b), kind)| Action::DropAll(a, b, kind)),
        (link(), "[A-Za-z]{1,30}").prop_map(|((a, b), kind)| Action::LetThrough(a, b, kind)),
        link().prop_map(|(a, b)| Action::Hold(a, b)),
        link().prop_map(|(a, b)| Action::Release(a, b)),
        (link(), prop::option::of(1u64..1_000_000_000)).prop_map(|((a, b), bytes)| Action::Bandwidth(
            a,
            b,
            bytes.map(Bandwidth)
        )),
        node().prop_map(Action::Kill),
        (node(), -10_000_000_000i64..10_000_000_000).prop_map(|(n, by)| Action::Jump(n, by)),
        (link(), how).prop_map(|((a, b), how)| Action::SyncClock(a, b, how)),
        (node(), prop::option::of(0u64..3_600_000_000))
            .prop_map(|(n, latency)| Action::DiskLatency(n, latency.map(Span))),
        (node(), 1u32..=100_000).prop_map(|(n, percent)| Action::DiskSlow(n, percent)),
        (node(), any::<bool>()).prop_map(|(n, full)| Action::DiskFull(n, full)),
        node().prop_map(Action::Corrupt),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let msg = || (1u32..100_000).prop_map(MsgId);
    let link = || (node(), node());
    prop_oneof![
        msg().prop_map(Action::Deliver),
        (node(), any::<u32>()).prop_map(|(n, arming)| Action::Fire(n, arming)),
        node().prop_map(Action::Sync),
        node().prop_map(Action::Take),
        (node(), "[ -~]{0,30}").prop_map(|(n, op)| Action::Invoke(n, op)),
        msg().prop_map(Action::Drop),
        (msg(), 0u64..10_000_000).prop_map(|(m, by)| Action::Delay(m, Span(by))),
        msg().prop_map(Action::Duplicate),
        link().prop_map(|(a, b)| Action::Cut(a, b)),
        link().prop_map(|(a, b)| Action::Heal(a, b)),
        prop::collection::vec(prop::collection::vec(node(), 0..5), 0..4).prop_map(Action::Partition),
        Just(Action::HealAll),
        (link(), 0u32..=1_000_000).prop_map(|((a, b), p)| Action::Lose(a, b, Chance(p))),
        (link(), 0u32..=1_000_000).prop_map(|((a, b), p)| Action::Repeat(a, b, Chance(p))),
        (link(), any::<bool>()).prop_map(|((a, b), kept)| Action::Order(a, b, kept)),
        (link(), prop::option::of(latency())).prop_map(|((a, b), l)| Action::Latency(a, b, l)),
        node().prop_map(Action::Crash),
        (node(), any::<bool>())
            .prop_map(|(n, kept)| Action::Restart(n, if kept { Disk::Kept } else { Disk::Empty })),
        node().prop_map(Action::Pause),
        node().prop_map(Action::Resume),
        (node(), -10_000_000_000i64..10_000_000_000).prop_map(|(n, by)| Action::Skew(n, by)),
        (node(), -900_000i32..=900_000).prop_map(|(n, ppm)| Action::Drift(n, ppm)),
        (node(), 1u32..=100_000).prop_map(|(n, percent)| Action::Slow(n, percent)),
        lasting(),
        workload().prop_map(|spec| Action::Workload(Box::new(spec))),
        Just(Action::EndWorkload),
        any::<u32>().prop_map(Action::Arrive),
        Just(Action::Add),
        node().prop_map(Action::Remove),
        (node(), "[ -~]{0,30}").prop_map(|(n, lie)| Action::Lie(n, lie)),
        node().prop_map(Action::Honest),
        "[ -~]{0,30}".prop_map(Action::Skip),
    ]
}

prop_compose! {
    fn run()(
        protocol in "[a-z-]{1,20}",
        lesson in prop::option::of("[a-z-]{1,20}"),
        nodes in 0u16..=1_000,
        seed in any::<u64>(),
        set in prop::collection::vec(("[a-z-]{1,12}", "[ -~]{0,12}"), 0..4),
        steps in prop::collection::vec((0u32..50, 0u64..500_000, action()), 0..60),
        behind in 1u32..100,
        back in 0u32..50,
        planned in prop::collection::vec((0u64..10_000_000, "[a-z]{1,8}"), 0..5),
    ) -> Run {
        let (mut after, mut at) = (0, 0);
        let interventions: Vec<Intervention> = steps.into_iter().map(|(events, micros, action)| {
            at += micros;
            let this = Intervention { after: after + events, at: Time(at), action };
            after += events + 1;
            this
        }).collect();
        let length = after + behind;
        let mut plan: Vec<PlanLine> = planned.into_iter().map(|(later, name)| {
            PlanLine { at: Time(at + later), act: format!("crash {name}"), done: None }
        }).collect();
        plan.sort_by_key(|line| line.at);
        // What was done of it is among the interventions.
        plan.splice(0..0, interventions.iter().take(3).map(|each: &Intervention| {
            PlanLine { at: each.at, act: "heal all".to_owned(), done: Some(each.after) }
        }));
        let scenario = Scenario { protocol, lesson, nodes, seed, set };
        Run { version: Run::VERSION, scenario, interventions, cursor: length.saturating_sub(back), length, plan }
    }
}

proptest! {
    #[test]
    fn every_run_comes_back_from_its_link(run in run()) {
        prop_assert_eq!(run.check(), Ok(()));
        prop_assert_eq!(decode(&encode(&run)), Ok(run));
    }

    #[test]
    fn every_run_comes_back_from_json(run in run()) {
        let json = serde_json::to_string(&run).unwrap();
        prop_assert_eq!(serde_json::from_str::<Run>(&json).unwrap(), run);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        prop_assert!(decode(&text).is_err());
    }

    #[test]
    fn random_bytes_behind_a_right_header_are_answered(body in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(run) = decode_body(&body) {
            prop_assert_eq!(run.check(), Ok(()));
        }
    }

    #[test]
    fn random_records_are_answered(plain in prop::collection::vec(any::<u8>(), 0..200)) {
        let body = miniz_oxide::deflate::compress_to_vec(&plain, 1);
        if let Ok(run) = decode_body(&body) {
            prop_assert_eq!(run.check(), Ok(()));
        }
    }

    // The checksum would refuse nearly all of these; what is behind it must bear them too.
    #[test]
    fn changed_records_are_answered(run in run(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let bytes = URL_SAFE_NO_PAD.decode(encode(&run)).unwrap();
        let mut plain = inflate(&bytes[HEADER..]).unwrap();
        let i = place.index(plain.len());
        plain[i] = byte;
        let body = miniz_oxide::deflate::compress_to_vec(&plain, 1);
        if let Ok(run) = decode_body(&body) {
            prop_assert_eq!(run.check(), Ok(()));
        }
        let mut body = bytes[HEADER..].to_vec();
        let i = place.index(body.len());
        body[i] = byte;
        if let Ok(run) = decode_body(&body) {
            prop_assert_eq!(run.check(), Ok(()));
        }
    }

    #[test]
    fn a_cut_off_link_is_refused(run in run(), place in any::<prop::sample::Index>()) {
        let text = encode(&run);
        let cut = &text[..place.index(text.len())];
        prop_assert!(matches!(decode(cut), Err(LinkError::Damaged(_) | LinkError::Empty)), "{cut}");
    }
}

/// Forty things that a learner does to a Raft run, `together` of them at each stop.
fn forty_actions_in_groups(together: u32) -> Run {
    let mut interventions = vec![];
    let (mut after, mut at) = (0u32, 0u64);
    for i in 0..40u32 {
        after += 1;
        if i % together == 0 {
            after += 6 + i * 13 % 11;
            at += 310_337 + u64::from(i * 7_919 % 1_000) * 1_000;
        }
        let (from, to) = (NodeId((i % 5) as u16), NodeId(((i + 2) % 5) as u16));
        let action = match i % 8 {
            0 | 3 => Action::Drop(MsgId(after * 2 + i % 3)),
            1 => Action::Crash(from),
            2 => Action::Restart(NodeId(((i - 1) % 5) as u16), Disk::Kept),
            4 => Action::Cut(from, to),
            5 => Action::Invoke(NodeId(5), format!("write x={i}")),
            6 => Action::Delay(MsgId(after * 2), Span::millis(20)),
            _ => Action::Heal(NodeId(((i - 3) % 5) as u16), NodeId(((i - 1) % 5) as u16)),
        };
        interventions.push(Intervention { after, at: Time(at), action });
    }
    let scenario = Scenario {
        protocol: "raft".to_owned(),
        lesson: Some("raft-elections".to_owned()),
        nodes: 5,
        seed: 42,
        set: vec![("pre-vote".to_owned(), "on".to_owned())],
    };
    Run {
        version: Run::VERSION,
        scenario,
        interventions,
        cursor: after + 20,
        length: after + 31,
        plan: vec![],
    }
}

fn forty_actions() -> Run {
    forty_actions_in_groups(1)
}

#[test]
fn a_run_of_forty_actions_fits_an_ordinary_address() {
    // While it plays, every action has a time of its own; whoever stops it does several things at once.
    for (together, most) in [(1, 430), (3, 350)] {
        let run = forty_actions_in_groups(together);
        let text = encode(&run);
        println!("{together} at a time: {} characters", text.len());
        assert_eq!(decode(&text), Ok(run));
        assert!(text.len() <= most, "{} characters", text.len());
    }
}

#[test]
fn what_is_wrong_with_a_link_is_said() {
    let text = encode(&forty_actions());
    assert_eq!(decode(""), Err(LinkError::Empty));
    assert_eq!(decode(&"A".repeat(MAX_LINK + 1)), Err(LinkError::TooLong(MAX_LINK + 1)));
    assert_eq!(decode("abc%20"), Err(LinkError::Character { character: '%', position: 4 }));
    let newer = URL_SAFE_NO_PAD.encode([9, 0, 0, 0, 0]);
    assert_eq!(decode(&newer), Err(LinkError::Newer));
    let mut changed = text.clone().into_bytes();
    changed[100] = if changed[100] == b'A' { b'B' } else { b'A' };
    let error = decode(std::str::from_utf8(&changed).unwrap()).unwrap_err().to_string();
    assert!(error.starts_with("this link is damaged: its checksum"), "{error}");
    assert!(matches!(decode(&text[..text.len() - 2]), Err(LinkError::Damaged(_))));
}

fn sealed(body: &[u8]) -> String {
    let mut bytes = vec![ENCODING];
    bytes.extend(checksum(body));
    bytes.extend(body);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn what_follows_a_run_is_refused() {
    let run = forty_actions();
    let bytes = URL_SAFE_NO_PAD.decode(encode(&run)).unwrap();
    let mut body = bytes[HEADER..].to_vec();
    body.push(0);
    assert_eq!(decode(&sealed(&body)), Err(LinkError::Damaged("there is something behind the run")));
    let mut plain = inflate(&bytes[HEADER..]).unwrap();
    plain.push(0);
    let body = miniz_oxide::deflate::compress_to_vec(&plain, 6);
    assert_eq!(decode(&sealed(&body)), Err(LinkError::Damaged("there is something behind the run")));
}

#[test]
fn a_bomb_does_not_unfold() {
    let body = miniz_oxide::deflate::compress_to_vec(&vec![0; 40 << 20], 9);
    assert!(body.len() < 48 * 1024, "{}", body.len());
    assert_eq!(decode(&sealed(&body)), Err(LinkError::Damaged("it unfolds to more than a run can hold")));
}

#[test]
fn a_run_that_cannot_be_is_refused() {
    let refused = |change: &dyn Fn(&mut Run)| {
        let mut run = forty_actions();
        change(&mut run);
        let error = run.check().expect_err("bounds are checked");
        assert!(decode(&encode(&run)).is_err());
        error.to_string()
    };
    assert!(refused(&|run| run.version = 2).contains("newer"));
    assert!(refused(&|run| run.scenario.nodes = 1_001).contains("at most 1000"));
    assert!(refused(&|run| run.cursor = run.length + 1).contains("the cursor"));
    assert!(refused(&|run| run.length = 3).contains("the cursor"));
    assert!(refused(&|run| run.interventions[7].at = Time(0)).contains("intervention 8 does not come after"));
    assert!(
        refused(&|run| run.interventions[8].after = run.interventions[7].after).contains("intervention 9")
    );
    assert!(
        refused(&|run| run.interventions[0].action = Action::Skew(NodeId(0), i64::MIN)).contains("ten years")
    );
    assert!(refused(&|run| run.scenario.protocol = "x".repeat(1_001)).contains("at most 1000"));
    let mut long = forty_actions();
    long.interventions = vec![];
    assert_eq!(long.check(), Ok(()));
}

#[test]
fn newer_runs_are_told_apart_from_damaged_ones() {
    let run = Run { version: 2, ..forty_actions() };
    assert_eq!(decode(&encode(&run)), Err(LinkError::Run(RunError::Newer { found: 2 })));
}
