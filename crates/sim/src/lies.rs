//! Nodes that lie: what leaves them is not what their protocol says.

use faultline_model::{Lie, NodeId, Protocol};

use crate::event::What;
use crate::{Event, Global, Refused};

impl<P: Protocol> Global<P> {
    /// The lies that a node can be made to tell.
    pub(crate) fn lies_of(&self, node: NodeId) -> &'static [Lie] {
        P::lies(self.setup.cast.kind(node))
    }

    /// From now on a node tells that lie, through crashes too: it is its program that is wrong.
    pub(crate) fn begin_lying(&mut self, node: NodeId, id: &str) -> Result<Event, Refused> {
        let lies = self.lies_of(node);
        if lies.is_empty() {
            let (name, protocol) = (self.name(node), P::ABOUT.name);
            return Refused::because(format!("{protocol} offers no lie that {name} could tell"));
        }
        let Some(lie) = lies.iter().find(|lie| lie.id == id) else {
            let known: Vec<&str> = lies.iter().map(|lie| lie.id).collect();
            return Refused::because(format!(
                "{} knows no such lie; it can: {}",
                self.name(node),
                known.join(", ")
            ));
        };
        if self.slots[node.index()].lie == Some(lie) {
            return self.refuse(node, "already tells that lie");
        }
        self.slots[node.index()].change().lie = Some(lie);
        Ok(self.happened(What::Lies, node))
    }

    /// A node is honest again; what it has said stays said.
    pub(crate) fn stop_lying(&mut self, node: NodeId) -> Result<Event, Refused> {
        if self.slots[node.index()].lie.is_none() {
            return self.refuse(node, "does not lie");
        }
        self.slots[node.index()].change().lie = None;
        Ok(self.happened(What::Honest, node))
    }

    /// A message leaves a node; of one that lies, perhaps another than the protocol says.
    #[inline]
    pub(crate) fn say(&mut self, from: NodeId, to: NodeId, msg: P::Msg) {
        let slot = &self.slots[from.index()];
        let told = slot.lie.and_then(|lie| slot.state.lie(lie.id, to, &msg, &self.setup.cast));
        match told.filter(|told| *told != msg) {
            None => self.send(from, to, msg),
            Some(told) => {
                let before = self.sent;
                self.send(from, to, told);
                self.flights.mark_lies(before);
            }
        }
    }
}
