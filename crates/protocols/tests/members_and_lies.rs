//! Nodes that join and leave, and nodes that lie: what the protocols make of it, and what is refused.

use faultline_model::{Habitat, Latency, NodeId, Params, Protocol, Span};
use faultline_protocols::abd_register::AbdRegister;
use faultline_protocols::last_writer_wins::LastWriterWins;
use faultline_protocols::paxos::Paxos;
use faultline_protocols::raft::Raft;
use faultline_sim::{Action, AnyWorld, Disk, Scenario, Script, Setup, Status, Timeline, World};

fn world<P: Protocol>(knobs: &[(&str, &str)]) -> World<P> {
    let mut params = P::Params::default();
    for (name, value) in knobs {
        params.set(name, value).unwrap();
    }
    let cast = P::cast(&params, P::default_nodes());
    let habitat = Habitat { latency: Latency::Constant(Span::millis(50)), ..Habitat::default() };
    World::new(Setup { cast, params, habitat, seed: 1 })
}

fn refused(world: &mut dyn AnyWorld, action: &Action) -> String {
    let before = (world.digest(), world.events());
    let refused = world.apply(action).unwrap_err().to_string();
    assert_eq!((world.digest(), world.events()), before, "what is refused changes nothing");
    refused
}

#[test]
fn a_golden_run_of_joining_and_leaving() {
    let script = Script::parse(include_str!("../scripts/last-writer-wins/joins-and-leaves.txt")).unwrap();
    let play = || {
        let scenario = Scenario { protocol: "last-writer-wins".to_owned(), seed: 1, ..Scenario::default() };
        let mut run = Timeline::new(script.scenario(scenario), Box::new(world::<LastWriterWins>(&[])));
        script.run(&mut run).unwrap_or_else(|failure| panic!("{failure}"));
        run
    };
    let mut run = play();
    // The same through a link, by seeking, and as an exported script.
    let end = (run.digest(), run.len());
    run.seek(3);
    run.seek(end.1);
    assert_eq!(run.digest(), end.0);
    let linked = faultline_sim::link::decode(&faultline_sim::link::encode(&run.run())).unwrap();
    let restored = Timeline::restore(&linked, Box::new(world::<LastWriterWins>(&[]))).unwrap();
    assert_eq!(restored.digest(), end.0);
    let exported = faultline_sim::export(&mut run);
    let mut again = Timeline::new(run.scenario().clone(), Box::new(world::<LastWriterWins>(&[])));
    exported.run(&mut again).unwrap();
    assert_eq!(again.digest(), end.0);
}

#[test]
fn who_has_left_stays_away_for_good() {
    let mut world = world::<LastWriterWins>(&[]);
    world.apply(&Action::Add).unwrap();
    let (a, c) = (NodeId(0), NodeId(4));
    assert_eq!(world.cast().name(c), "C");
    let view = world.view();
    assert!(view.elastic);
    assert_eq!(view.nodes.len(), 5);
    assert!(view.links.iter().any(|link| link.from.node == c && link.to.node == a));
    assert!(!view.links.iter().any(|link| link.from.node == c && &*link.to.name == "C1"));
    world.apply(&Action::Remove(a)).unwrap();
    assert_eq!(world.view().nodes[0].status, Status::Left);
    let gone = "A has left for good";
    for action in [
        Action::Remove(a),
        Action::Crash(a),
        Action::Restart(a, Disk::Kept),
        Action::Pause(a),
        Action::Skew(a, 5),
        Action::Cut(a, c),
        Action::Partition(vec![vec![a], vec![c]]),
    ] {
        assert_eq!(refused(&mut world, &action), gone, "{action:?}");
    }
    assert!(!world.view().links.iter().any(|link| link.from.node == a || link.to.node == a));
    world.apply(&Action::Remove(c)).unwrap();
    assert_eq!(refused(&mut world, &Action::Remove(NodeId(1))), "B is the last of its kind");
}

#[test]
fn where_there_is_no_rule_for_it_nobody_joins_or_leaves() {
    let mut world = world::<Raft>(&[]);
    assert!(!world.view().elastic);
    assert_eq!(
        refused(&mut world, &Action::Add),
        "Raft has no rule by which a node joins: its nodes are fixed"
    );
    assert_eq!(
        refused(&mut world, &Action::Remove(NodeId(1))),
        "Raft has no rule by which a node leaves: crash it instead"
    );
}

#[test]
fn a_lie_is_told_as_the_protocol_offers_it_and_only_then() {
    let mut run = world::<Paxos>(&[]);
    let acceptor = NodeId(0);
    let proposer = run.cast().find("P1").unwrap();
    let lie = |node, name: &str| Action::Lie(node, name.to_owned());
    assert_eq!(
        refused(&mut run, &lie(proposer, "forget-promises")),
        "Paxos, one decree offers no lie that P1 could tell"
    );
    assert_eq!(
        refused(&mut run, &lie(acceptor, "steal")),
        "A1 knows no such lie; it can: forget-promises, invent-vote, two-faced"
    );
    assert_eq!(refused(&mut run, &Action::Honest(acceptor)), "A1 does not lie");
    run.apply(&lie(acceptor, "invent-vote")).unwrap();
    assert_eq!(refused(&mut run, &lie(acceptor, "invent-vote")), "A1 already tells that lie");
    assert_eq!(run.view().nodes[0].lying, Some("invent-vote"));
    run.apply(&Action::Invoke(proposer, "propose A".to_owned())).unwrap();
    let mut told = vec![];
    for _ in 0..6 {
        let event = run.step().unwrap();
        if event.kind == "Promise" {
            told.push((run.cast().name(event.peer.unwrap()).to_owned(), event.lie));
            if event.lie {
                let text = run.narrate(&event, None).text;
                assert!(text.starts_with("P1 gets Promise from A1 (ballot 1), a lie"), "{text}");
            }
        }
    }
    told.sort();
    assert_eq!(told[..2], [("A1".to_owned(), true), ("A2".to_owned(), false)]);
    let mut other = world::<Raft>(&[]);
    assert!(refused(&mut other, &lie(NodeId(0), "lie")).contains("offers no lie"));
}

#[test]
fn a_liar_lies_through_a_crash_and_its_state_stays_honest() {
    let mut run = world::<AbdRegister>(&[]);
    let (liar, reader) = (NodeId(0), run.cast().find("R1").unwrap());
    run.apply(&Action::Lie(liar, "forged-value".to_owned())).unwrap();
    run.apply(&Action::Crash(liar)).unwrap();
    run.apply(&Action::Restart(liar, Disk::Kept)).unwrap();
    let state = format!("{:?}", run.global().node(liar));
    run.apply(&Action::Invoke(reader, "read x".to_owned())).unwrap();
    while run.view().flights.iter().all(|flight| !flight.lie) {
        run.step().expect("an answer");
    }
    assert_eq!(format!("{:?}", run.global().node(liar)), state);
    let lie = run.view().flights.into_iter().find(|flight| flight.lie).unwrap();
    assert_eq!((&*lie.from.name, lie.kind.as_str()), ("S1", "Answer"));
    let original = lie.msg;
    run.apply(&Action::Duplicate(original)).unwrap();
    assert_eq!(run.view().flights.iter().filter(|flight| flight.lie).count(), 2, "a copy is the same lie");
}

/// A liar that is never asked changes nothing.
#[test]
fn a_lie_that_nobody_hears_changes_nothing() {
    let play = |lies: bool| {
        let mut run = world::<AbdRegister>(&[]);
        if lies {
            run.apply(&Action::Lie(NodeId(2), "forged-value".to_owned())).unwrap();
        }
        let (writer, reader) = (run.cast().find("W1").unwrap(), run.cast().find("R1").unwrap());
        run.apply(&Action::Cut(reader, NodeId(2))).unwrap();
        run.apply(&Action::Invoke(writer, "write x=1".to_owned())).unwrap();
        run.apply(&Action::Invoke(reader, "read x".to_owned())).unwrap();
        while run.next_due().is_some_and(|due| due.0 < 1_000_000) {
            run.step();
        }
        format!("{:?}", run.history().iter().map(|op| (&op.result, op.returned)).collect::<Vec<_>>())
    };
    assert_eq!(play(true), play(false));
}
