//! What can be done to a message and to a link.

use faultline_lessons::Verb;
use faultline_model::{NodeId, SortedSet};
use faultline_sim::{Action, FlightView, LinkView, WorldView};

use super::super::form::Form;
use super::{Deed, Entry, Scene, joined};
use crate::session::Staging;
use crate::widgets::Icon;

/// The directed link, if the view lists it.
pub fn find(view: &WorldView, from: NodeId, to: NodeId) -> Option<&LinkView> {
    view.links.iter().find(|link| (link.from.node, link.to.node) == (from, to))
}

/// The items of a message's menu.
pub fn of_message(flight: &FlightView, scene: Scene<'_>) -> Vec<Entry> {
    let (msg, from, to) = (flight.msg, flight.from.node, flight.to.node);
    let mut all = vec![Entry::act("Deliver now", Icon::Deliver, Action::Deliver(msg))];
    if scene.offers(Verb::Drop) {
        all.push(Entry::act("Drop", Icon::Drop, Action::Drop(msg)).with_key("D"));
    }
    if scene.offers(Verb::Delay) {
        all.push(Entry::ask("Delay…", Icon::Delay, Form::Delay(msg)));
    }
    if scene.offers(Verb::Duplicate) {
        all.push(Entry::act("Duplicate", Icon::Copy, Action::Duplicate(msg)));
    }
    let mut more = vec![];
    if scene.offers(Verb::DropAll) {
        more.push(Entry::act(
            "Drop all like this",
            Icon::Drop,
            Action::DropAll(from, to, flight.kind.clone()),
        ));
    }
    if scene.offers(Verb::Hold) {
        more.push(if flight.held {
            Entry::act("Release", Icon::Play, Action::Release(from, to))
        } else {
            Entry::act("Hold all on this link", Icon::Hold, Action::Hold(from, to))
        });
    }
    joined(all, more)
}

/// Both directions of a link that are not yet as wanted.
struct Ways<'a> {
    here: &'a LinkView,
    back: Option<&'a LinkView>,
}

impl Ways<'_> {
    /// The directions of which something is true, or not.
    fn where_it(&self, is: impl Fn(&LinkView) -> bool, wanted: bool) -> Vec<(NodeId, NodeId)> {
        let both = [Some(self.here), self.back];
        let found = both.into_iter().flatten().filter(|link| is(link) == wanted);
        found.map(|link| (link.from.node, link.to.node)).collect()
    }
}

/// An item that does the same to each of these directions; none if there are none.
fn each(
    label: &str,
    icon: Icon,
    ways: &[(NodeId, NodeId)],
    make: impl Fn(NodeId, NodeId) -> Action,
) -> Option<Entry> {
    let actions = ways.iter().map(|&(from, to)| make(from, to)).collect();
    (!ways.is_empty()).then(|| Entry::new(label, icon, Deed::Do(actions)))
}

/// The items of a link's menu.
pub fn of_link(here: &LinkView, back: Option<&LinkView>, staging: &Staging) -> Vec<Entry> {
    let (from, to) = (here.from.node, here.to.node);
    let ways = Ways { here, back };
    let mut all = vec![];
    let cuts = staging.offers(Verb::Cut);
    if cuts {
        all.extend(each("Cut", Icon::Cut, &ways.where_it(|link| link.cut, false), Action::Cut));
    }
    if cuts || staging.offers(Verb::Partition) {
        all.extend(each("Heal", Icon::Heal, &ways.where_it(|link| link.cut, true), Action::Heal));
    }
    if cuts && !here.cut && back.is_some() {
        all.extend(each("Cut one way", Icon::OneWay, &[(from, to)], Action::Cut));
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
        all.push(Entry::act(label, Icon::Forward, Action::Order(from, to, kept)));
        all.push(Entry::ask("Latency…", Icon::Delay, Form::Latency(from, to)));
    }
    joined(all, standing(&ways, staging))
}

/// Bandwidth, and the rules that stand until they are lifted.
fn standing(ways: &Ways<'_>, staging: &Staging) -> Vec<Entry> {
    let mut all = vec![];
    if staging.offers(Verb::Bandwidth) {
        all.push(Entry::ask(
            "Bandwidth…",
            Icon::Slow,
            Form::Bandwidth(ways.here.from.node, ways.here.to.node),
        ));
    }
    if staging.offers(Verb::Hold) {
        let hold = ways.where_it(|link| link.held, false);
        all.extend(each("Hold all on this link", Icon::Hold, &hold, Action::Hold));
        all.extend(each("Release", Icon::Play, &ways.where_it(|link| link.held, true), Action::Release));
    }
    if staging.offers(Verb::DropAll) {
        let kinds: SortedSet<&String> =
            [Some(ways.here), ways.back].into_iter().flatten().flat_map(|link| &link.dropped).collect();
        for kind in kinds {
            let there = ways.where_it(|link| link.dropped.contains(kind), true);
            let make = |from, to| Action::LetThrough(from, to, kind.clone());
            all.extend(each(&format!("Let {kind} through"), Icon::Heal, &there, make));
        }
    }
    all
}
