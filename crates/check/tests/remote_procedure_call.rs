//! Only an identifier that is kept together with the effect makes asking again safe.
//!
//! The stub is a box of its own, so that each run has one step more than in a model where the client itself
//! asks again: the program's call to it.

use faultline_check::Bounds;
use faultline_protocols::remote_procedure_call::RemoteProcedureCall;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests};

fn world(set: &[(&str, &str)]) -> World<RemoteProcedureCall> {
    within::world(2, set)
}

/// One call.
fn one_call(world: &World<RemoteProcedureCall>, bounds: Bounds) -> Bounds {
    Bounds { requests: requests(world, &["C1: credit 1"]), ..bounds }
}

/// M01: par 4, and the call to the stub.
#[test]
fn without_identifiers_asking_again_executes_twice() {
    let world = world(&[("dedup", "off")]);
    for property in ["exactly-once-effect", "conservation"] {
        let bounds = one_call(&world, Bounds { timeouts: 1, ..Bounds::default() });
        assert_eq!(found(&world, property, bounds).steps, 5, "{property}");
    }
}

/// M02: by hand 5 to 6, and the call to the stub. Crash and restart are one step of a search.
#[test]
fn with_identifiers_in_memory_a_crash_in_between_executes_twice() {
    let world = world(&[("dedup", "memory")]);
    let bounds = one_call(&world, Bounds { timeouts: 1, restarts: 1, ..Bounds::default() });
    assert_eq!(found(&world, "exactly-once-effect", bounds).steps, 6);
    let safe = one_call(&world, Bounds { timeouts: 2, duplicates: 2, ..Bounds::default() });
    assert_eq!(exhausted(&world, None, safe), 856);
}

/// The second copy begins before the first has ended.
#[test]
fn with_identifiers_in_memory_two_threads_execute_twice() {
    let set = [("dedup", "memory"), ("threads", "2"), ("execution", "10ms")];
    let bounds = |world: &_| one_call(world, Bounds { timeouts: 3, ..Bounds::default() });
    let two = world(&set);
    assert_eq!(found(&two, "exactly-once-effect", bounds(&two)).steps, 7);
    let one = world(&[set[0], set[2]]);
    assert_eq!(exhausted(&one, None, bounds(&one)), 34);
}

/// An identifier that is forgotten while a copy is on its way.
#[test]
fn an_identifier_that_expires_is_as_good_as_none() {
    let world = world(&[("id-lifetime", "1s")]);
    let bounds = one_call(&world, Bounds { timeouts: 2, ..Bounds::default() });
    assert_eq!(found(&world, "exactly-once-effect", bounds).steps, 6);
}

/// The correct twin: within two timeouts, a crash and a repeated message, with one call and with two.
#[test]
fn with_identifiers_on_disk_no_call_executes_twice() {
    let lone = world(&[]);
    let bounds = Bounds { timeouts: 2, restarts: 1, duplicates: 1, ..Bounds::default() };
    assert_eq!(exhausted(&lone, None, one_call(&lone, bounds.clone())), 499);
    let two = world(&[("clients", "2"), ("threads", "2"), ("execution", "10ms")]);
    let requests = requests(&two, &["C1: credit 1", "C2: credit 1"]);
    let bounds = Bounds { requests, timeouts: 4, duplicates: 0, ..bounds };
    assert_eq!(exhausted(&two, None, bounds), 15_922);
}
