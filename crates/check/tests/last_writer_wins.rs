//! Last writer wins: M04, ties that a rule by arrival does not settle.

use faultline_check::Bounds;
use faultline_protocols::last_writer_wins::LastWriterWins;
use faultline_sim::{AnyWorld, World};

mod within;
use within::{exhausted, found, requests, world};

/// Two replicas whose clocks stand at the same second, and a write at each.
fn tie(rule: &str) -> (World<LastWriterWins>, Bounds) {
    let world = world::<LastWriterWins>(2, &[("tie", rule), ("client-retries", "0")]);
    let clients: Vec<String> = {
        let view = world.view();
        view.nodes.iter().filter(|node| node.client).map(|node| node.id.clone()).collect()
    };
    let asked = [format!("{}: write x=red", clients[0]), format!("{}: write x=blue", clients[1])];
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let requests = requests(&world, &asked);
    (world, Bounds { timeouts: 0, requests, ..Bounds::default() })
}

/// M04: par 4, where writes begin at the replicas; here a request and an answer travel for each, so 8.
#[test]
fn when_the_first_or_the_last_to_arrive_wins_a_tie_the_replicas_differ_for_good() {
    for rule in ["keep", "incoming", "none"] {
        let (world, bounds) = tie(rule);
        assert_eq!(found(&world, "convergence", bounds).steps, 8, "{rule}");
    }
}

#[test]
fn when_the_higher_node_wins_a_tie_they_agree() {
    let (world, bounds) = tie("node-id");
    assert_eq!(exhausted(&world, Some("convergence"), bounds.clone()), 69);
    assert_eq!(exhausted(&world, Some("convergence"), Bounds { duplicates: 1, ..bounds }), 467);
}
