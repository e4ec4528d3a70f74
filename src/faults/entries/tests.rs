use faultline_lessons::catalogue;
use faultline_model::NodeId;
use faultline_sim::Scenario;

use super::*;

fn world_of(protocol: &str) -> Box<dyn AnyWorld> {
    let scenario = Scenario { protocol: protocol.into(), nodes: 3, ..Scenario::default() };
    catalogue::build(&scenario).unwrap()
}

fn world() -> Box<dyn AnyWorld> {
    world_of("raft")
}

fn items(world: &dyn AnyWorld, staging: &Staging, target: &Target) -> Vec<Entry> {
    entries(Scene { view: &world.view(), staging, world: Some(world) }, target).unwrap_or_default().1
}

fn labels(world: &dyn AnyWorld, staging: &Staging, target: &Target) -> Vec<String> {
    items(world, staging, target).into_iter().map(|entry| entry.label).collect()
}

/// The items of a menu and of the menus that it opens.
fn flat(items: Vec<Entry>) -> Vec<Entry> {
    let inner = |entry: Entry| match entry.deed {
        Deed::Open(items) => flat(items),
        _ => vec![entry],
    };
    items.into_iter().flat_map(inner).collect()
}

fn targets(world: &dyn AnyWorld) -> Vec<Target> {
    let view = world.view();
    let nodes = view.nodes.iter().map(|node| Target::Node(node.node));
    let flights = view.flights.iter().map(|flight| Target::Msg(flight.msg));
    let links = view.links.iter().map(|link| Target::Link(link.from.node, link.to.node));
    nodes.chain(flights).chain(links).collect()
}

/// Does every item without a form to a copy; how many there were.
fn try_all(world: &dyn AnyWorld) -> usize {
    let mut tried = 0;
    for target in targets(world) {
        for entry in flat(items(world, &Staging::default(), &target)) {
            let Deed::Do(actions) = entry.deed else {
                continue;
            };
            let mut copy = world.fork();
            assert!(!actions.is_empty(), "{} does nothing", entry.label);
            for action in actions {
                let done = copy.apply(&action);
                assert!(done.is_ok(), "{target:?}: {}: {done:?}", entry.label);
                tried += 1;
            }
        }
    }
    tried
}

#[test]
fn every_item_without_a_form_can_be_done() {
    for entry in catalogue::protocols() {
        let mut world = world_of(entry.slug);
        assert!(try_all(world.as_ref()) > 4, "{}", entry.slug);
        for _ in 0..12 {
            world.step();
        }
        // With everything in some other state than at first.
        for target in targets(world.as_ref()).into_iter().step_by(2) {
            for entry in flat(items(world.as_ref(), &Staging::default(), &target)) {
                if let (Deed::Do(actions), false) = (entry.deed, entry.label.starts_with("Restart")) {
                    actions.iter().for_each(|action| drop(world.apply(action)));
                }
            }
        }
        assert!(try_all(world.as_ref()) > 4, "{}", entry.slug);
    }
}

#[test]
fn every_form_can_be_sent_as_it_opens() {
    let mut world = world();
    for _ in 0..12 {
        world.step();
    }
    let view = world.view();
    let mut tried = 0;
    for target in targets(world.as_ref()) {
        for entry in flat(items(world.as_ref(), &Staging::default(), &target)) {
            let Deed::Ask(form) = entry.deed else {
                continue;
            };
            let values = crate::faults::fields::Values::of(&form.fields(&view));
            let mut copy = world.fork();
            for action in form.read(&values, &view).unwrap() {
                copy.apply(&action).unwrap();
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn what_cannot_be_done_is_absent() {
    let mut world = world();
    let all = Staging::default();
    let node = Target::Node(NodeId(0));
    let up = labels(world.as_ref(), &all, &node);
    assert_eq!(
        up,
        ["Write…", "Read…", "Cas…", "Crash", "Pause", "Set clock…", "Slow down…", "Clock", "Disk"]
    );
    world.apply(&Action::Crash(NodeId(0))).unwrap();
    assert_eq!(labels(world.as_ref(), &all, &node), ["Restart", "Restart with empty disk"]);
    let link = Target::Link(NodeId(0), NodeId(1));
    let usual = ["Lose packets…", "Duplicate packets…", "Keep order", "Latency…", "Bandwidth…"];
    let expect = |world: &dyn AnyWorld, before: &[&str], after: &[&str]| {
        assert_eq!(labels(world, &all, &link), [before, &usual[..], after].concat());
    };
    expect(world.as_ref(), &["Cut", "Cut one way"], &["Hold all on this link"]);
    world.apply(&Action::Cut(NodeId(0), NodeId(1))).unwrap();
    expect(world.as_ref(), &["Cut", "Heal"], &["Hold all on this link"]);
    world.apply(&Action::Heal(NodeId(0), NodeId(1))).unwrap();
    world.apply(&Action::Hold(NodeId(0), NodeId(1))).unwrap();
    world.apply(&Action::DropAll(NodeId(1), NodeId(0), "RequestVote".into())).unwrap();
    let lift = ["Hold all on this link", "Release", "Let RequestVote through"];
    expect(world.as_ref(), &["Cut", "Cut one way"], &lift);
    world.apply(&Action::Hold(NodeId(1), NodeId(0))).unwrap();
    expect(world.as_ref(), &["Cut", "Cut one way"], &lift[1..]);
}

#[test]
fn what_a_protocol_does_not_offer_is_absent() {
    let offered = |protocol: &str, label: &str| {
        let world = world_of(protocol);
        let nodes = targets(world.as_ref()).into_iter().filter(|target| matches!(target, Target::Node(_)));
        let mut all = nodes.flat_map(|node| flat(items(world.as_ref(), &Staging::default(), &node)));
        all.any(|entry| entry.label == label)
    };
    assert!(!offered("raft", "Remove") && !offered("raft", "Lie…"));
    let slugs = || catalogue::protocols().iter().map(|entry| entry.slug);
    assert!(slugs().any(|slug| offered(slug, "Remove")));
    assert!(slugs().any(|slug| offered(slug, "Lie…")));
}

#[test]
fn the_palette_narrows_the_menu() {
    let world = world();
    let only = Staging { palette: Some(vec![Verb::Crash]), ..Staging::default() };
    let node = labels(world.as_ref(), &only, &Target::Node(NodeId(1)));
    assert_eq!(node, ["Write…", "Read…", "Cas…", "Crash", "Crash, keep unsynced writes"]);
    let link = Target::Link(NodeId(0), NodeId(1));
    assert!(labels(world.as_ref(), &only, &link).is_empty());
}

#[test]
fn keys_do_what_their_items_do() {
    let world = world();
    let key = |key| drop_or_crash(&world.view(), &Staging::default(), &Target::Node(NodeId(2)), key);
    assert_eq!(key("C"), Some(Action::Crash(NodeId(2))));
    assert_eq!(key("D"), None);
}
