//! Chaos: within its budget at all times, the same for the same seed, and all undone in the end.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{timeline, world};
use faultline_model::{Span, Time};
use faultline_sim::{Chaos, PlanState, Script, Status, Trouble, perform};
use proptest::prelude::*;

prop_compose! {
    fn any_chaos()(
        seed in any::<u64>(),
        rate in 1_000u32..600_000,
        kinds in prop::sample::subsequence(Trouble::ALL.map(|(kind, _)| kind).to_vec(), 1..=7),
        down in 0u16..3,
        within in 1_000u64..10_000_000,
        from in 0u64..1_000_000,
        lasts in 1_000_000u64..60_000_000,
    ) -> Chaos {
        Chaos { seed, rate, kinds, down, within: Span(within), from: Time(from), until: Time(from + lasts) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_budget_holds_at_all_times(chaos in any_chaos()) {
        let faults = chaos.faults(&world(1));
        let mut open: BTreeMap<String, Time> = BTreeMap::new();
        let (mut down, mut split) = (BTreeSet::new(), 0);
        for (at, act) in &faults {
            prop_assert!((chaos.from..=chaos.until).contains(at), "{act} at {at}");
            let line = act.to_string();
            let words: Vec<&str> = line.split(' ').collect();
            let (ends, what) = match (words[0], words.get(1).copied().unwrap_or("")) {
                ("crash" | "pause", node) => (false, format!("down {node}")),
                ("restart" | "resume", node) => (true, format!("down {node}")),
                ("partition", _) => (false, "split".to_owned()),
                ("heal", "all") => (true, "split".to_owned()),
                ("cut", _) => (false, "split".to_owned()),
                ("heal", _) => (true, "split".to_owned()),
                ("latency", link) => (line.ends_with("default"), format!("latency {link}")),
                ("slow", node) => (line.ends_with(" 100%"), format!("slow {node}")),
                ("skew", node) => (line.ends_with(" +0s"), format!("skew {node}")),
                other => panic!("{other:?} is no fault of chaos"),
            };
            if ends {
                let began = open.remove(&what);
                prop_assert!(began.is_some_and(|began| *at <= began + chaos.within), "{line} at {at}: {began:?}");
            } else {
                prop_assert_eq!(open.insert(what.clone(), *at), None, "{} twice at once", what);
            }
            if let Some(node) = what.strip_prefix("down ") {
                if ends { down.remove(node); } else { down.insert(node.to_owned()); }
                prop_assert!(down.len() <= usize::from(chaos.down), "{down:?} at {at}");
            }
            if what == "split" {
                split += if ends { -1 } else { 1 };
                prop_assert!((0..=1).contains(&split));
            }
        }
        prop_assert!(open.is_empty(), "never undone: {open:?}");
    }

    #[test]
    fn the_same_seed_plans_the_same_and_others_do_not(chaos in any_chaos(), other in any::<u64>()) {
        prop_assert_eq!(chaos.faults(&world(1)), chaos.faults(&world(2)), "the run's own seed plays no part");
        let elsewhere = Chaos { seed: other, ..chaos.clone() };
        if chaos.faults(&world(1)).len() > 4 && other != chaos.seed {
            prop_assert_ne!(chaos.faults(&world(1)), elsewhere.faults(&world(1)));
        }
    }

    #[test]
    fn every_fault_is_accepted_and_in_the_end_all_is_well(chaos in any_chaos(), seed in 0u64..100) {
        let chaos = Chaos { until: chaos.until.min(chaos.from + Span::secs(8)), ..chaos };
        let mut run = timeline(seed);
        run.plan_chaos(&chaos).unwrap();
        prop_assert!(run.run_to(chaos.until, 200_000));
        let undone: Vec<_> = run.planned().into_iter().filter(|view| view.state != PlanState::Done).collect();
        prop_assert_eq!(undone, vec![]);
        let view = run.world().view();
        for node in &view.nodes {
            prop_assert!(matches!(node.status, Status::Up | Status::Busy), "{} is {:?}", node.id, node.status);
            prop_assert_eq!((node.slow, node.offset), (100, 0));
        }
        prop_assert!(view.links.iter().all(|link| !link.cut && link.latency.is_none()));
    }

    #[test]
    fn its_line_reads_back(chaos in any_chaos()) {
        let mut run = timeline(1);
        perform(&mut run, &format!("chaos {chaos}")).unwrap();
        let lines: Vec<(Time, String)> = run.planned().into_iter().map(|view| (view.at, view.text)).collect();
        let meant = chaos.faults(&world(1)).into_iter().map(|(at, act)| (at, act.to_string()));
        prop_assert_eq!(lines, meant.collect::<Vec<_>>());
    }
}

#[test]
fn there_is_about_as_much_of_it_as_was_asked_for() {
    let chaos = Chaos {
        rate: 60_000,
        kinds: vec![Trouble::Skew],
        within: Span::millis(1),
        until: Time(300_000_000),
        ..Chaos::usual(5, Time::ZERO)
    };
    // One a second for 300 s; four standard deviations of a Poisson count either way.
    let faults = chaos.faults(&world(1)).len() / 2;
    assert!((230..=370).contains(&faults), "{faults}");
}

#[test]
fn a_partition_has_a_server_on_either_side_and_cuts_something() {
    for seed in 0..200 {
        let chaos =
            Chaos { rate: 600_000, kinds: vec![Trouble::Partition], ..Chaos::usual(seed, Time::ZERO) };
        for (_, act) in chaos.faults(&world(1)) {
            let line = act.to_string();
            let Some(groups) = line.strip_prefix("partition ") else { continue };
            assert!(groups.split('|').all(|group| group.contains('S')), "{line}");
        }
    }
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let error = |text: &str| Script::parse(text).unwrap_err().to_string();
    assert!(error("chaos").contains("10/min"));
    assert!(error("chaos 10").contains("`10` is no rate"));
    assert!(error("chaos 10/min earthquake").contains("`earthquake` does not belong here"));
    assert!(error("chaos 10/min crash crash").contains("twice"));
    assert!(error("chaos 10/min from 5s until 5s").contains("ends before it begins"));
    assert!(error("chaos 10/min within 2s within 3s").contains("twice"));
    assert!(error("chaos 9999/min").contains("more than 6000 faults a minute"));
    let usual = Chaos::usual(3, Time(1_000_000));
    assert_eq!(usual.to_string(), "10/min crash pause partition down 1 within 5s from 1s until 61s seed 3");
    assert!(Chaos { kinds: vec![], ..usual.clone() }.faults(&world(1)).is_empty());
    assert!(Chaos { rate: 0, ..usual }.faults(&world(1)).is_empty());
}
