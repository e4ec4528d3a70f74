//! The links of a view, found by their ends.

use std::sync::Arc;

use faultline_model::{NodeId, SortedMap, sort};
use faultline_sim::{LinkView, WorldView};

/// Links change seldom, and there are many of them: they are shared with the view that they are of.
#[derive(Clone, Debug)]
pub struct Links {
    view: Arc<WorldView>,
    places: SortedMap<(NodeId, NodeId), usize>,
}

/// The two ends of a link, in the order of the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub a: NodeId,
    pub b: NodeId,
}

impl Links {
    /// The links of a view.
    pub fn of(view: Arc<WorldView>) -> Links {
        let ends = |link: &LinkView| (link.from.node, link.to.node);
        let places = view.links.iter().enumerate().map(|(place, link)| (ends(link), place)).collect();
        Links { view, places }
    }

    /// Whether that view has the same links.
    pub fn still(&self, view: &WorldView) -> bool {
        (Arc::ptr_eq(&self.view.links, &view.links) || self.view.links == view.links)
            && self.view.nodes.len() == view.nodes.len()
    }

    /// The view that they are of.
    pub fn view(&self) -> &WorldView {
        &self.view
    }

    /// The link from one node to another.
    pub fn get(&self, from: NodeId, to: NodeId) -> Option<&LinkView> {
        self.view.links.get(*self.places.get(&(from, to))?)
    }

    /// The pairs that have a link in either direction.
    pub fn pairs(&self) -> Vec<Pair> {
        let pair = |&(from, to): &(NodeId, NodeId)| Pair { a: from.min(to), b: from.max(to) };
        let mut pairs: Vec<Pair> = self.places.keys().map(pair).collect();
        sort(&mut pairs);
        pairs.dedup();
        pairs
    }
}
