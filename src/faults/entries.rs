//! What can be done to a node, a message or a link now. Pure.

use faultline_lessons::Verb;
use faultline_model::{MsgId, NodeId};
use faultline_sim::{Action, Disk, LinkView, NodeView, Status, WorldView};

use super::form::Form;
use crate::session::{Staging, Target};
use crate::widgets::Icon;

/// One item of a menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its accessible name, part of the public contract.
    pub label: String,
    /// Its picture.
    pub icon: Icon,
    /// The key that does the same.
    pub key: Option<&'static str>,
    /// What it does.
    pub deed: Deed,
}

/// What an item does.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Acts at once, one after the other.
    Do(Vec<Action>),
    /// Asks for more first.
    Ask(Form),
}

impl Entry {
    fn act(label: &str, icon: Icon, action: Action) -> Entry {
        Entry { label: label.to_owned(), icon, key: None, deed: Deed::Do(vec![action]) }
    }
    fn ask(label: &str, icon: Icon, form: Form) -> Entry {
        Entry { label: label.to_owned(), icon, key: None, deed: Deed::Ask(form) }
    }
    fn with_key(self, key: &'static str) -> Entry {
        Entry { key: Some(key), ..self }
    }
}

/// The menu of `target`: its title and its items; `None` when the target is no longer there.
pub fn entries(view: &WorldView, staging: &Staging, target: &Target) -> Option<(String, Vec<Entry>)> {
    match target {
        Target::Node(node) => {
            let view = view.nodes.get(node.index())?;
            Some((format!("{}, {}", view.id, view.role), of_node(view, staging)))
        }
        Target::Msg(msg) => {
            let flight = view.flights.iter().find(|flight| flight.msg == *msg)?;
            let title = format!("{} from {} to {}", flight.kind, flight.from.name, flight.to.name);
            Some((title, of_message(*msg, staging)))
        }
        Target::Link(from, to) => {
            let find = |a: NodeId, b: NodeId| {
                view.links.iter().find(|link| (link.from.node, link.to.node) == (a, b))
            };
            let (here, back) = (find(*from, *to)?, find(*to, *from));
            let title = format!("link {} to {}", here.from.name, here.to.name);
            Some((title, of_link(here, back, staging)))
        }
        Target::Event(_) | Target::Role(_) | Target::Epoch(_) | Target::Kind(_) => None,
    }
}

fn of_node(view: &NodeView, staging: &Staging) -> Vec<Entry> {
    let node = view.node;
    let mut all = vec![];
    let crash = staging.offers(Verb::Crash) || staging.offers(Verb::Restart);
    if view.status == Status::Down {
        if crash {
            let restart = |disk| Action::Restart(node, disk);
            all.push(Entry::act("Restart", Icon::Restart, restart(Disk::Kept)).with_key("C"));
            all.push(Entry::act("Restart with empty disk", Icon::Restart, restart(Disk::Empty)));
        }
        return all;
    }
    for operation in &view.operations {
        let word = operation.split_whitespace().next().unwrap_or("ask");
        let mut label: String = word.chars().take(1).flat_map(char::to_uppercase).collect();
        label.extend(word.chars().skip(1));
        all.push(Entry::ask(&format!("{label}…"), Icon::Pen, Form::Invoke(node, operation.clone())));
    }
    if crash {
        all.push(Entry::act("Crash", Icon::Crash, Action::Crash(node)).with_key("C"));
    }
    if staging.offers(Verb::Pause) {
        all.push(match view.status {
            Status::Paused => Entry::act("Resume", Icon::Play, Action::Resume(node)),
            _ => Entry::act("Pause", Icon::Pause, Action::Pause(node)),
        });
    }
    if staging.offers(Verb::Skew) || staging.offers(Verb::Drift) {
        all.push(Entry::ask("Set clock…", Icon::Clock, Form::Clock(node)));
    }
    if staging.offers(Verb::Slow) {
        all.push(Entry::ask("Slow down…", Icon::Slow, Form::Slow(node)));
    }
    all
}

fn of_message(msg: MsgId, staging: &Staging) -> Vec<Entry> {
    let mut all = vec![Entry::act("Deliver now", Icon::Deliver, Action::Deliver(msg))];
    if staging.offers(Verb::Drop) {
        all.push(Entry::act("Drop", Icon::Drop, Action::Drop(msg)).with_key("D"));
    }
    if staging.offers(Verb::Delay) {
        all.push(Entry::ask("Delay…", Icon::Delay, Form::Delay(msg)));
    }
    if staging.offers(Verb::Duplicate) {
        all.push(Entry::act("Duplicate", Icon::Copy, Action::Duplicate(msg)));
    }
    all
}

fn of_link(here: &LinkView, back: Option<&LinkView>, staging: &Staging) -> Vec<Entry> {
    let (from, to) = (here.from.node, here.to.node);
    let is_cut = |link: Option<&LinkView>| link.is_some_and(|link| link.cut);
    let both = |make: fn(NodeId, NodeId) -> Action, when: bool| {
        let mut actions = vec![];
        if here.cut != when {
            actions.push(make(from, to));
        }
        if back.is_some() && is_cut(back) != when {
            actions.push(make(to, from));
        }
        actions
    };
    let entry = |label: &str, icon, actions| Entry {
        label: label.to_owned(),
        icon,
        key: None,
        deed: Deed::Do(actions),
    };
    let mut all = vec![];
    let cuts = staging.offers(Verb::Cut);
    if cuts && (!here.cut || back.is_some() && !is_cut(back)) {
        all.push(entry("Cut", Icon::Cut, both(Action::Cut, true)));
    }
    if (cuts || staging.offers(Verb::Partition)) && (here.cut || is_cut(back)) {
        all.push(entry("Heal", Icon::Heal, both(Action::Heal, false)));
    }
    if cuts && !here.cut && back.is_some() {
        all.push(entry("Cut one way", Icon::OneWay, vec![Action::Cut(from, to)]));
    }
    if staging.offers(Verb::Loss) {
        all.push(Entry::ask("Lose packets…", Icon::Dice, Form::Lose(from, to)));
    }
    if staging.offers(Verb::Duplicate) {
        all.push(Entry::ask("Duplicate packets…", Icon::Copy, Form::Repeat(from, to)));
    }
    if staging.offers(Verb::Latency) {
        let (label, kept) =
            if here.fifo == Some(true) { ("Let overtake", false) } else { ("Keep order", true) };
        all.push(entry(label, Icon::Forward, vec![Action::Order(from, to, kept)]));
        all.push(Entry::ask("Latency…", Icon::Delay, Form::Latency(from, to)));
    }
    all
}

/// What the keys D and C do to a target; `None` when the key means nothing there.
pub fn drop_or_crash(view: &WorldView, staging: &Staging, target: &Target, key: &str) -> Option<Action> {
    let (_, items) = entries(view, staging, target)?;
    items.into_iter().find(|entry| entry.key == Some(key)).and_then(|entry| match entry.deed {
        Deed::Do(mut actions) if actions.len() == 1 => actions.pop(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_sim::{AnyWorld, Scenario};

    use super::*;

    fn world() -> Box<dyn AnyWorld> {
        let scenario = Scenario { protocol: "raft".into(), nodes: 3, ..Scenario::default() };
        catalogue::build(&scenario).unwrap()
    }

    fn labels(world: &dyn AnyWorld, staging: &Staging, target: &Target) -> Vec<String> {
        let (_, items) = entries(&world.view(), staging, target).unwrap();
        items.into_iter().map(|entry| entry.label).collect()
    }

    #[test]
    fn every_item_without_a_form_can_be_done() {
        let mut world = world();
        for _ in 0..12 {
            world.step();
        }
        let view = world.view();
        let nodes = view.nodes.iter().map(|node| Target::Node(node.node));
        let flights = view.flights.iter().map(|flight| Target::Msg(flight.msg));
        let links = view.links.iter().map(|link| Target::Link(link.from.node, link.to.node));
        let mut tried = 0;
        for target in nodes.chain(flights).chain(links) {
            for entry in entries(&view, &Staging::default(), &target).unwrap().1 {
                let Deed::Do(actions) = entry.deed else {
                    continue;
                };
                let mut copy = world.fork();
                assert!(!actions.is_empty(), "{} does nothing", entry.label);
                for action in actions {
                    copy.apply(&action).unwrap();
                    tried += 1;
                }
            }
        }
        assert!(tried > 10);
    }

    #[test]
    fn what_cannot_be_done_is_absent() {
        let mut world = world();
        let all = Staging::default();
        let node = Target::Node(NodeId(0));
        assert!(labels(world.as_ref(), &all, &node).contains(&"Crash".to_owned()));
        world.apply(&Action::Crash(NodeId(0))).unwrap();
        assert_eq!(labels(world.as_ref(), &all, &node), ["Restart", "Restart with empty disk"]);
        let link = Target::Link(NodeId(0), NodeId(1));
        assert_eq!(
            labels(world.as_ref(), &all, &link),
            ["Cut", "Cut one way", "Lose packets…", "Duplicate packets…", "Keep order", "Latency…"]
        );
        world.apply(&Action::Cut(NodeId(0), NodeId(1))).unwrap();
        assert_eq!(
            labels(world.as_ref(), &all, &link),
            ["Cut", "Heal", "Lose packets…", "Duplicate packets…", "Keep order", "Latency…"]
        );
    }

    #[test]
    fn the_palette_narrows_the_menu() {
        let world = world();
        let only = Staging { palette: Some(vec![Verb::Crash]), ..Staging::default() };
        let node = labels(world.as_ref(), &only, &Target::Node(NodeId(1)));
        assert_eq!(node, ["Write…", "Read…", "Cas…", "Crash"]);
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
}
