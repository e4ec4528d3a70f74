//! What can be done to a node, a message or a link now. Pure.

mod network;
mod node;

use faultline_lessons::Verb;
use faultline_sim::{Action, AnyWorld, WorldView};

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
    /// Whether a line sets it apart from those before it.
    pub apart: bool,
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
    /// Opens a menu of its own.
    Open(Vec<Entry>),
}

impl Entry {
    fn new(label: &str, icon: Icon, deed: Deed) -> Entry {
        Entry { label: label.to_owned(), icon, key: None, apart: false, deed }
    }
    fn act(label: &str, icon: Icon, action: Action) -> Entry {
        Entry::new(label, icon, Deed::Do(vec![action]))
    }
    fn ask(label: &str, icon: Icon, form: Form) -> Entry {
        Entry::new(label, icon, Deed::Ask(form))
    }
    fn with_key(self, key: &'static str) -> Entry {
        Entry { key: Some(key), ..self }
    }
}

/// What a menu's items follow from.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The world as it is seen.
    pub view: &'a WorldView,
    /// What is on offer.
    pub staging: &'a Staging,
    /// The world itself, for what only it knows; without it such items are left out.
    pub world: Option<&'a dyn AnyWorld>,
}

impl Scene<'_> {
    fn offers(&self, verb: Verb) -> bool {
        self.staging.offers(verb)
    }

    /// Whether an action could be done now: tried on a copy, for what no view tells.
    fn can(&self, action: &Action) -> bool {
        self.world.is_some_and(|world| world.fork().apply(action).is_ok())
    }
}

/// The menu of `target`: its title and its items; `None` when the target is no longer there.
pub fn entries(scene: Scene<'_>, target: &Target) -> Option<(String, Vec<Entry>)> {
    match target {
        Target::Node(node) => {
            let view = scene.view.nodes.get(node.index())?;
            Some((format!("{}, {}", view.id, view.role), node::items(view, scene)))
        }
        Target::Msg(msg) => {
            let flight = scene.view.flights.iter().find(|flight| flight.msg == *msg)?;
            let title = format!("{} from {} to {}", flight.kind, flight.from.name, flight.to.name);
            Some((title, network::of_message(flight, scene)))
        }
        Target::Link(from, to) => {
            let (here, back) =
                (network::find(scene.view, *from, *to)?, network::find(scene.view, *to, *from));
            let title = format!("link {} to {}", here.from.name, here.to.name);
            Some((title, network::of_link(here, back, scene.staging)))
        }
        Target::Event(_) | Target::Role(_) | Target::Epoch(_) | Target::Kind(_) => None,
    }
}

/// The first item of the second part is set apart from the first part.
fn joined(mut first: Vec<Entry>, mut second: Vec<Entry>) -> Vec<Entry> {
    if let (false, Some(entry)) = (first.is_empty(), second.first_mut()) {
        entry.apart = true;
    }
    first.append(&mut second);
    first
}

/// What the keys D and C do to a target; `None` when the key means nothing there.
pub fn drop_or_crash(view: &WorldView, staging: &Staging, target: &Target, key: &str) -> Option<Action> {
    let (_, items) = entries(Scene { view, staging, world: None }, target)?;
    items.into_iter().find(|entry| entry.key == Some(key)).and_then(|entry| match entry.deed {
        Deed::Do(mut actions) if actions.len() == 1 => actions.pop(),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
