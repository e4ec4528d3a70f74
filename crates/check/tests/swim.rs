//! SWIM: M08, a failure detector without suspicion.

use faultline_check::Bounds;
use faultline_protocols::swim::Swim;

#[expect(dead_code, reason = "nobody asks SWIM for anything")]
mod within;
use within::{exhausted, found, world};

/// M08, par 2: the ping, and the end of the period without an answer.
#[test]
fn without_suspicion_a_live_member_is_declared_faulty_in_two_steps() {
    let world = world::<Swim>(3, &[("suspicion", "off")]);
    assert_eq!(found(&world, "accuracy", Bounds::default()).steps, 2);
}

/// M08’s twin cannot be right for ever in an asynchronous system: a suspect that does not hear of it in time
/// is declared faulty after one step more. Par 4 in the course plan, where the suspicion travels first.
#[test]
fn with_suspicion_it_takes_its_end_as_well() {
    let world = world::<Swim>(3, &[]);
    assert_eq!(found(&world, "accuracy", Bounds { timeouts: 3, ..Bounds::default() }).steps, 3);
}

#[test]
fn with_suspicion_two_timeouts_throw_nobody_out() {
    let world = world::<Swim>(3, &[("helpers", "1")]);
    assert_eq!(exhausted(&world, Some("accuracy"), Bounds::default()), 136);
}
