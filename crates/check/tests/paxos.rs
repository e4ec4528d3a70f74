//! Paxos with a rule off chooses two values; with all of them on it does not, within the same bounds.
//!
//! Two proposers begin one ballot each at three acceptors. There is no learner, and no refusal is sent
//! but where it says so: on neither depends what is accepted. That a value is chosen is noted from what the
//! acceptors have sent.

use faultline_check::Bounds;
use faultline_protocols::paxos::Paxos;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests};

fn world(set: &[(&str, &str)]) -> World<Paxos> {
    let small = [("learners", "0"), ("reject", "off")];
    within::world(3, &[&small, set].concat())
}

fn one_ballot_each(world: &World<Paxos>, restarts: u8) -> Bounds {
    let requests = requests(world, &["P1: propose A", "P2: propose B"]);
    Bounds { timeouts: 0, restarts, requests, ..Bounds::default() }
}

/// M22, par 14.
#[test]
fn without_adoption_two_values_are_chosen() {
    let world = world(&[("adopt-highest", "off")]);
    assert_eq!(found(&world, "agreement", one_ballot_each(&world, 0)).steps, 14);
}

/// P2b says it two steps earlier: when the second value is proposed, and not when it is accepted.
#[test]
fn without_adoption_a_second_value_is_proposed_after_the_first_is_chosen() {
    let world = world(&[("adopt-highest", "off")]);
    assert_eq!(found(&world, "chosen-value-stays", one_ballot_each(&world, 0)).steps, 12);
}

/// P2c speaks of the same proposal, and of the majority that P2b leaves unsaid.
#[test]
fn without_adoption_a_proposal_has_no_majority_behind_it() {
    let world = world(&[("adopt-highest", "off")]);
    assert_eq!(found(&world, "p2c", one_ballot_each(&world, 0)).steps, 12);
}

/// What a majority said when it promised is false two steps before the second value is chosen.
#[test]
fn with_promises_that_are_not_kept_the_majority_behind_a_proposal_is_gone() {
    let world = world(&[("keep-promise", "off")]);
    assert_eq!(found(&world, "p2c", one_ballot_each(&world, 0)).steps, 12);
}

/// M23, par 14.
#[test]
fn with_promises_that_are_not_kept_two_values_are_chosen() {
    let world = world(&[("keep-promise", "off")]);
    assert_eq!(found(&world, "agreement", one_ballot_each(&world, 0)).steps, 14);
}

/// M24, par 15: a crash with its restart is one step.
#[test]
fn with_acceptors_that_forget_two_values_are_chosen() {
    let world = world(&[("persist-acceptor", "off")]);
    assert_eq!(found(&world, "agreement", one_ballot_each(&world, 1)).steps, 15);
}

/// The correct twin of all three. A restart gives back exactly what was there, so with one there are twice
/// as many states: those before it and those after it.
#[test]
fn with_every_rule_on_one_value_is_chosen_whatever_restarts() {
    let world = world(&[]);
    assert_eq!(exhausted(&world, None, one_ballot_each(&world, 0)), 60_813);
    assert_eq!(exhausted(&world, None, one_ballot_each(&world, 1)), 2 * 60_813);
}

#[test]
fn refusals_break_nothing() {
    let world = world(&[("reject", "on")]);
    assert_eq!(exhausted(&world, None, one_ballot_each(&world, 0)), 144_001);
}
