//! Nodes that come and go while the system runs, where the protocol has a rule for it.

use std::rc::Rc;

use faultline_model::{Clock, Cx, NodeId, Outbox, Protocol, Surroundings};

use crate::event::What;
use crate::slot::{Health, Held, Slot};
use crate::{Event, Global, Refused, Run};

impl<P: Protocol> Global<P> {
    /// Whether a node can be added now.
    pub(crate) fn is_elastic(&self) -> bool {
        P::newcomer(&self.setup.cast, &self.setup.params).is_some()
    }

    /// A node joins: it boots with an empty disk and the cast that it is now part of.
    pub(crate) fn add_node(&mut self) -> Result<Event, Refused> {
        let Some(member) = P::newcomer(&self.setup.cast, &self.setup.params) else {
            let name = P::ABOUT.name;
            return Refused::because(format!(
                "{name} has no rule by which a node joins: its nodes are fixed"
            ));
        };
        let most = usize::from(Run::MAX_NODES);
        if self.setup.cast.len() >= 2 * most {
            return Refused::because(format!("a run has at most {} nodes", 2 * most));
        }
        if self.setup.cast.find(&member.name).is_some() {
            return Refused::because(format!("there is already a node {}", member.name));
        }
        let node = Rc::make_mut(&mut self.setup).cast.join(member);
        let setup = Rc::clone(&self.setup);
        let (mut outbox, mut picks) = (Outbox::default(), 0);
        let around = Surroundings {
            me: node,
            true_now: self.now,
            clock: &Clock::default(),
            cast: &setup.cast,
            seed: setup.seed,
            picks: &mut picks,
        };
        let mut cx = Cx::new(around, &setup.params, &mut outbox);
        let mut state = P::boot(None, &mut cx);
        state.on_join(&mut cx);
        let mut slot = Slot::new(state, None);
        slot.picks = picks;
        self.slots.push(Held::new(slot));
        let rule = outbox.rule.take();
        self.emit(node, &mut outbox);
        self.note(node);
        Ok(self.record(Event { rule, ..self.blank(What::Joined, node) }))
    }

    /// A node leaves for good: the others see a cast without it, and what is on its way to it is lost.
    pub(crate) fn remove_node(&mut self, node: NodeId) -> Result<Event, Refused> {
        if !self.is_elastic() {
            let name = P::ABOUT.name;
            return Refused::because(format!("{name} has no rule by which a node leaves: crash it instead"));
        }
        let kind = self.setup.cast.kind(node);
        if self.setup.cast.of_kind(kind).count() < 2 {
            return self.refuse(node, "is the last of its kind");
        }
        Rc::make_mut(&mut self.setup).cast.leave(node);
        let slot = self.slots[node.index()].change();
        slot.crash();
        slot.health = Health::Left;
        slot.disk = None;
        Ok(self.happened(What::Left, node))
    }
}
