//! Reading another machine's clock, sentence by sentence: golden scripts, row T6, and random runs.

use faultline_model::{Draw, Latency, NodeId, Protocol, Purpose, Span, Time};
use faultline_protocols::clock_synchronisation::{Algorithm, ClockSynchronisation, Correct, Knobs};
use faultline_sim::{Action, AnyWorld, Setup, World};

mod golden;

const TIME: NodeId = NodeId(0);
const C1: NodeId = NodeId(1);

#[test]
fn every_golden_script_plays_as_it_says() {
    golden::play_all::<ClockSynchronisation>(15);
}

/// The run in which a machine trusts its estimate keeps its claim with the rule.
#[test]
fn what_makes_the_claim_is_the_rule() {
    let script = golden::script_without::<ClockSynchronisation>("trusts-the-estimate", "bound-by-round-trip");
    let mut timeline = golden::timeline::<ClockSynchronisation>(&script);
    script.run(&mut timeline).expect_err("the error that it claims is half the round trip");
    assert_eq!(timeline.world().broken(None), None);
}

fn world(params: Knobs, seed: u64) -> World<ClockSynchronisation> {
    let (cast, habitat) = (ClockSynchronisation::cast(&params, 2), ClockSynchronisation::habitat());
    World::new(Setup { cast, params, habitat, seed })
}

fn run_to(world: &mut World<ClockSynchronisation>, time: Time) {
    while world.next_due().is_some_and(|due| due <= time) {
        world.step();
    }
    world.wait(time);
}

/// By how many microseconds C1's clock is ahead of the time server's.
fn error(world: &World<ClockSynchronisation>) -> i64 {
    let view = world.view();
    view.nodes[C1.index()].offset - view.nodes[TIME.index()].offset
}

/// Row T6, exact: the error is half the difference between the two ways, and at most half the round trip.
#[test]
fn the_error_is_half_the_difference_between_the_two_ways() {
    for algorithm in [Algorithm::Ntp, Algorithm::Cristian] {
        for (there, back) in [(10, 50), (50, 10), (30, 30), (0, 60), (60, 0), (25, 35)] {
            let mut world = world(Knobs { algorithm, ..Knobs::default() }, 1);
            let constant = |millis| Some(Latency::Constant(Span::millis(millis)));
            world.apply(&Action::Latency(C1, TIME, constant(there))).unwrap();
            world.apply(&Action::Latency(TIME, C1, constant(back))).unwrap();
            world.apply(&Action::Skew(C1, 123_456)).unwrap();
            world.apply(&Action::Skew(TIME, -7)).unwrap();
            run_to(&mut world, Time(2_000_000));
            let expected = (there as i64 - back as i64) * 500;
            assert_eq!(error(&world), expected, "{algorithm:?}, {there} ms and {back} ms");
            let sample = world.global().node(C1).0.sample.expect("it was answered");
            assert_eq!((sample.delay, sample.error), (Span::millis(60), Span::millis(30)));
            assert!(expected.unsigned_abs() <= sample.error.0);
        }
    }
}

const SHAPE: Purpose = Purpose::new("random runs of clock synchronisation");

/// What links and clocks do, drawn for a run: latencies of both ways, offsets, drifts within the bound.
fn shaken(seed: u64, correct: Correct) -> World<ClockSynchronisation> {
    let algorithm = if seed.is_multiple_of(2) { Algorithm::Ntp } else { Algorithm::Cristian };
    let service = Span::millis(seed % 3 * 7);
    let mut world =
        world(Knobs { algorithm, correct, service, poll: Span::secs(7), ..Knobs::default() }, seed);
    let mut draw = Draw::new(seed, SHAPE, 0, 0);
    for (from, to) in [(C1, TIME), (TIME, C1)] {
        let mean = Span(draw.between(1, 80_000));
        world.apply(&Action::Latency(from, to, Some(Latency::Exponential(mean)))).unwrap();
    }
    for node in [C1, TIME] {
        let offset = draw.between(0, 1_000_000) as i64 - 500_000;
        world.apply(&Action::Skew(node, offset)).unwrap();
    }
    // The two run apart by 200 ppm at most.
    for node in [C1, TIME] {
        let drift = draw.between(0, 200) as i32 - 100;
        world.apply(&Action::Drift(node, drift)).unwrap();
    }
    world
}

/// The bound of RFC 5905 §8, and its growth by the drift: never violated, at any moment.
#[test]
fn the_claim_holds_at_every_moment_of_random_runs() {
    for correct in [Correct::Step, Correct::Slew] {
        let mut nearest = f64::MAX;
        for seed in 0..40 {
            let mut world = shaken(seed, correct);
            for moment in 1..1_000 {
                run_to(&mut world, Time(moment * 61_803));
                assert_eq!(world.broken(Some("claimed-interval")), None, "seed {seed}, {}", world.now());
                let Some(bound) =
                    world.global().node(C1).0.bound(Time(moment * 61_803), &world.global().setup().params)
                else {
                    continue;
                };
                nearest = nearest.min(bound.0 as f64 - error(&world).unsigned_abs() as f64);
            }
        }
        assert!(nearest < 2_000.0, "some run comes near to its bound: {nearest} µs");
    }
}

/// Kulkarni et al. §3: the hybrid order never contradicts what happened before, and l is never ahead of a clock by
/// more than clocks are apart; clocks that are only read over a network do contradict it.
#[test]
fn hybrid_clocks_keep_the_order_that_clocks_contradict() {
    let mut contradicted = 0;
    for seed in 0..30 {
        let params = Knobs { epsilon: Span::millis(250), poll: Span::secs(2), ..Knobs::default() };
        let (cast, habitat) = (ClockSynchronisation::cast(&params, 4), ClockSynchronisation::habitat());
        let mut world = World::<ClockSynchronisation>::new(Setup { cast, params, habitat, seed });
        let mut draw = Draw::new(seed, SHAPE, 1, 0);
        for (from, to) in
            (0..16).map(|ends| (NodeId(ends / 4), NodeId(ends % 4))).filter(|(from, to)| from != to)
        {
            let latency = Latency::Exponential(Span(draw.between(500, 60_000)));
            world.apply(&Action::Latency(from, to, Some(latency))).unwrap();
        }
        for turn in 0..300 {
            run_to(&mut world, Time(turn * 11_000));
            let (who, whom) = (draw.between(0, 3), draw.between(0, 3));
            let op = if who == whom {
                "event".to_owned()
            } else {
                format!("send {}", world.cast().name(NodeId(whom as u16)))
            };
            world.apply(&Action::Invoke(NodeId(who as u16), op)).unwrap();
            assert_eq!(world.broken(Some("hybrid-order")), None, "seed {seed}");
            assert_eq!(world.broken(Some("near-physical-time")), None, "seed {seed}");
        }
        contradicted += usize::from(world.broken(Some("clock-order")).is_some());
    }
    assert!(contradicted > 20, "{contradicted}");
}

/// Lines of logs are stamped by the clock that their machine has at the time, corrected or not.
#[test]
fn logs_follow_a_clock_that_its_own_machine_corrects() {
    let script = golden::script::<ClockSynchronisation>("step-back");
    let mut timeline = golden::timeline::<ClockSynchronisation>(&script);
    script.run(&mut timeline).expect("a golden script");
    let journal = timeline.journal(timeline.len(), u32::MAX);
    let lines = journal.lines.iter().filter(|line| line.node == C1);
    let off: Vec<i64> = lines.map(|line| line.local - line.at.0 as i64).collect();
    // Stamped by the corrected clock: the answer and the two stops. By the fast one: the start and the question.
    assert_eq!(off, [0, 0, 0, 2_000_000, 2_000_000]);
}

/// A slew changes how fast the clock runs, and so when its timers fire: the machine that slows down asks later.
#[test]
fn timers_keep_what_is_left_of_them_on_a_clock_that_slews() {
    let mut world = world(Knobs { correct: Correct::Slew, ..Knobs::default() }, 1);
    world.apply(&Action::Skew(C1, 1_000_000)).unwrap();
    run_to(&mut world, Time(1_060_000));
    let poll = world.view().nodes[C1.index()].timers[0].due;
    // Of 29.94 s that are left the clock loses one second.
    assert!(poll.0.abs_diff(32_000_000) <= 2, "{poll}");
    let begun = error(&world);
    run_to(&mut world, Time(13_060_100));
    assert_eq!((begun, error(&world).abs() <= 2), (1_000_000, true));
}
