//! Random runs: what holds in all of them, and what breaks in some.

use super::*;

/// Random writes and deletes at three replicas; returns the run at rest.
fn random_run(seed: u64, knobs: &[(&str, &str)], loss: u32, skew: u64, mut check: impl FnMut(&Lab)) -> Lab {
    const PLAN: Purpose = Purpose::new("test: plan");
    let habitat = Habitat {
        latency: Latency::Uniform(Span::millis(1), Span::millis(400)),
        loss: Chance(loss),
        ..Habitat::default()
    };
    let mut lab = Lab::with(3, seed, habitat, knobs);
    let draw = |step, low, high| Draw::new(seed, PLAN, 0, step).between(low, high);
    for node in 0..3 {
        lab.act(&Action::Skew(NodeId(node), draw(900 + u64::from(node), 0, skew) as i64));
    }
    for step in 0..12 {
        let wait = Span::millis(draw(3 * step, 0, 500));
        let time = lab.0.now() + wait;
        while lab.0.next_due().is_some_and(|due| due <= time) {
            lab.0.step();
            check(&lab);
        }
        lab.0.wait(time);
        let op = match draw(3 * step + 1, 0, 4) {
            0 => "delete x".to_owned(),
            _ => format!("write x=v{step}"),
        };
        lab.invoke(NodeId(3 + draw(3 * step + 2, 0, 2) as u16), &op);
    }
    lab.run_to(lab.0.now() + Span::secs(120));
    check(&lab);
    lab
}

#[test]
fn replicas_converge_whatever_the_clocks_say_when_ties_are_ordered() {
    for seed in 0..60 {
        let lab = random_run(seed, &[("resolution", "500ms")], 0, 3_000_000, |_| ());
        let verdict = lab.verdict("convergence");
        assert!(verdict.holds && lab.0.view().flights.is_empty(), "seed {seed}: {}", verdict.why);
    }
}

#[test]
fn replicas_converge_in_spite_of_losses_when_they_tell_their_peers_again() {
    for seed in 0..20 {
        // 59 rounds of anti-entropy against 20% loss, judged between two rounds.
        let lab = random_run(seed, &[("anti-entropy", "2s")], 200_000, 3_000_000, |_| ());
        let held: Vec<_> = (0..3).map(|node| lab.x(NodeId(node))).collect();
        assert!(held.windows(2).all(|pair| pair[0] == pair[1]), "seed {seed}: {held:?}");
    }
}

#[test]
fn with_equal_clocks_and_fine_timestamps_no_acknowledged_write_is_ever_lost() {
    for seed in 0..60 {
        random_run(seed, &[], 0, 0, |lab| {
            let verdict = lab.verdict(LOST);
            assert!(verdict.holds, "seed {seed} at {}: {}", lab.0.now(), verdict.why);
        });
    }
}

#[test]
fn with_skewed_clocks_acknowledged_writes_are_lost() {
    let mut broken = 0;
    for seed in 0..60 {
        let mut seen = false;
        random_run(seed, &[], 0, 3_000_000, |lab| seen |= !lab.holds(LOST));
        broken += u32::from(seen);
    }
    assert!(broken > 10, "{broken} of 60 runs");
}
