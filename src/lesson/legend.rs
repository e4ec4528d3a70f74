//! Which mark a role and a kind of message have, learned from what has been on stage.

use faultline_model::{Hue, Shape, SortedMap};
use faultline_sim::WorldView;
use leptos::prelude::*;

use crate::session::Session;

/// How something is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its outline.
    pub shape: Shape,
    /// Its hue.
    pub hue: Hue,
    /// Whether it is drawn hollow: a reply.
    pub hollow: bool,
}

/// The marks that have been seen so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    roles: SortedMap<String, Look>,
    kinds: SortedMap<String, Look>,
}

impl Legend {
    /// The look of a role.
    pub fn role(&self, role: &str) -> Option<Look> {
        self.roles.get(role).copied()
    }

    /// The look of a kind of message.
    pub fn kind(&self, kind: &str) -> Option<Look> {
        self.kinds.get(kind).copied()
    }

    /// Takes in what is on stage now.
    fn see(&mut self, view: &WorldView) {
        for node in &view.nodes {
            if !self.roles.contains_key(&node.role) {
                let look = Look { shape: node.shape, hue: node.hue, hollow: false };
                self.roles.insert(node.role.clone(), look);
            }
        }
        for flight in &view.flights {
            if !self.kinds.contains_key(&flight.kind) {
                let look = Look { shape: Shape::Circle, hue: flight.hue, hollow: flight.reply };
                self.kinds.insert(flight.kind.clone(), look);
            }
        }
    }
}

/// Puts the legend of this page into the context.
pub fn provide_legend(session: Session) {
    let legend = Memo::new(move |before: Option<&Legend>| {
        let mut legend = before.cloned().unwrap_or_default();
        legend.see(&session.view());
        legend
    });
    provide_context(legend);
}

/// The legend of this page.
pub fn use_legend() -> Memo<Legend> {
    expect_context::<Memo<Legend>>()
}
