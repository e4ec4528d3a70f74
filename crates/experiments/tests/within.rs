//! Every experiment at its own seed and number of trials agrees with its source.

use faultline_experiments::{Experiment, Plan, Report, Runner, experiments, find};
use faultline_lessons::catalogue;
use faultline_sim::{AnyWorld, Scenario};

fn build(scenario: &Scenario) -> Result<Box<dyn AnyWorld>, String> {
    catalogue::build(scenario).map_err(|error| error.to_string())
}

fn plan(experiment: &'static Experiment, trials: Option<u32>, seed: Option<u64>) -> Plan {
    Plan::new(experiment, trials, seed, build)
}

fn report(plan: Plan) -> Report {
    let mut runner = Runner::new(plan);
    assert!(runner.go_on(u64::MAX));
    runner.report()
}

/// One test each, so that they run side by side and each says its name.
macro_rules! within_tolerance {
    ($($test:ident: $slug:literal,)+) => {
        $(#[test]
        fn $test() {
            let report = report(plan(find($slug).expect("an experiment"), None, None));
            let outside: Vec<_> = report.rows.iter().filter(|row| !row.inside).collect();
            assert!(outside.is_empty(), "{outside:#?}");
        })+

        #[test]
        fn every_experiment_has_its_test() {
            let tested = [$($slug),+];
            for experiment in experiments() {
                assert!(tested.contains(&experiment.slug), "{} is not measured here", experiment.slug);
            }
        }
    };
}

// A new experiment has its line here.
within_tolerance! {
    later_writes_are_lost_as_computed: "last-writer-wins",
    a_clock_is_off_by_half_the_difference: "clock-reading",
    a_clock_gains_until_the_next_answer: "clock-drift",
    messages_of_mutual_exclusion: "mutual-exclusion-messages",
    silence_makes_phi_as_defined: "phi-silence",
    phi_is_wrong_as_often_as_it_says: "failure-detection",
    somebody_finds_a_crash_as_soon_in_a_large_group: "swim-detection",
    news_spreads_like_an_infection: "swim-dissemination",
    rounds_until_everybody_knows: "gossip-rounds",
    rumors_leave_the_residue_of_the_tables: "gossip-residue",
    a_tree_of_hashes_finds_one_key: "gossip-merkle",
    time_without_a_leader_is_that_of_figure_16: "raft-figure-16",
    the_earliest_timer_runs_out_as_computed: "raft-timeouts",
    votes_are_split_as_computed: "raft-split-votes",
    votes_of_figure_7: "raft-figure-7",
    the_story_of_figure_8: "raft-figure-8",
    messages_of_two_phase_commit: "two-phase-commit-messages",
}

/// Tables 1 and 2 with 1,000 trials a row, 45 s of processor time in this profile: on all cores. The page and
/// the command measure with fewer unless they are asked for more.
#[test]
fn rumors_leave_the_residue_of_the_tables_in_a_thousand_trials() {
    let plan = plan(find("gossip-residue").expect("an experiment"), Some(1_000), None);
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let share = |thread: u64| (thread..plan.count()).step_by(threads as usize);
    let mut values: Vec<(u64, Vec<f64>)> = std::thread::scope(|scope| {
        let perform = |thread| scope.spawn(move || share(thread).map(|n| (n, plan.perform(n))).collect());
        let workers: Vec<std::thread::ScopedJoinHandle<'_, Vec<_>>> = (0..threads).map(perform).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("trials that end")).collect()
    });
    values.sort_by_key(|(number, _)| *number);
    let mut runner = Runner::new(plan);
    values.iter().for_each(|(_, values)| runner.note(values));
    let outside: Vec<_> = runner.report().rows.into_iter().filter(|row| !row.inside).collect();
    assert!(outside.is_empty(), "{outside:#?}");
}

#[test]
fn slugs_are_unique_and_everything_is_named_and_sourced() {
    for (place, experiment) in experiments().iter().enumerate() {
        let slug = experiment.slug;
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        assert!(!slug.is_empty() && slug.chars().all(plain), "{slug}");
        assert!(experiments()[..place].iter().all(|other| other.slug != slug), "{slug} twice");
        for text in [experiment.title, experiment.about, experiment.source] {
            assert!(!text.is_empty() && !text.contains("  "), "{slug}: `{text}`");
        }
        assert!(!experiment.arms.is_empty() && !experiment.measures.is_empty(), "{slug}");
        assert!(!experiment.claims.is_empty(), "{slug} reproduces nothing");
        for claim in experiment.claims {
            let (low, high) = claim.tolerance.range(claim.expected, experiment.trials);
            assert!(low <= claim.expected && claim.expected <= high, "{slug}: {}", claim.what);
        }
    }
}

#[test]
fn the_answer_is_the_same_however_the_trials_are_divided() {
    let experiment = find("raft-timeouts").expect("an experiment");
    let whole = report(plan(experiment, Some(40), Some(7)));
    let mut pieces = Runner::new(plan(experiment, Some(40), Some(7)));
    for size in [1, 2, 30, 0, 13].into_iter().cycle() {
        if pieces.go_on(size) {
            break;
        }
    }
    assert_eq!(pieces.report(), whole);
    // As threads do it: backwards, and put in order afterwards.
    let plan_ = plan(experiment, Some(40), Some(7));
    let mut values: Vec<_> = (0..plan_.count()).rev().map(|number| plan_.perform(number)).collect();
    values.reverse();
    let mut noted = Runner::new(plan_);
    values.iter().for_each(|values| noted.note(values));
    assert_eq!(noted.report(), whole);
    assert_ne!(report(plan(experiment, Some(40), Some(8))).curves, whole.curves, "the seed matters");
}

#[test]
fn a_report_can_be_had_before_anything_is_known() {
    for experiment in experiments() {
        let report = Runner::new(plan(experiment, Some(1), None)).report();
        let points = report.curves.iter().flat_map(|curve| &curve.points);
        assert!(points.into_iter().all(|(x, y)| x.is_finite() && y.is_finite()), "{}", experiment.slug);
        assert!(!report.holds(), "{}: nothing agrees with nothing", experiment.slug);
    }
}
