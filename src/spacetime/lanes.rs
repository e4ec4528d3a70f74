//! The lanes' order and which are folded, and their heads: buttons that fold and move them.

use faultline_model::NodeId;
use leptos::ev;
use leptos::prelude::*;

use super::geometry::{BOTTOM_PX, LEAST_GAP_PX, MOST_GAP_PX, TOP_PX};
use crate::session::{Session, Target};
use crate::widgets::focus_on;

/// A folded lane takes this much.
const FOLDED_PX: f64 = 15.0;
/// A movement of the pointer shorter than this is a click.
const CLICK_PX: f64 = 4.0;

/// In which order lanes stand, and which are folded. Nodes beyond it stand below, in their own order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    order: Vec<NodeId>,
    folded: Vec<NodeId>,
}

impl Arrangement {
    /// The same for exactly so many lanes.
    #[must_use]
    pub fn fitted(mut self, lanes: usize) -> Arrangement {
        let known = |node: &NodeId| node.index() < lanes;
        self.order.retain(known);
        self.folded.retain(known);
        for lane in 0..lanes {
            let node = NodeId(lane as u16);
            if !self.order.contains(&node) {
                self.order.push(node);
            }
        }
        self
    }

    /// The nodes from the top to the bottom.
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// The nodes whose lanes are folded.
    pub fn folded(&self) -> &[NodeId] {
        &self.folded
    }

    /// Whether a lane is folded.
    pub fn is_folded(&self, node: NodeId) -> bool {
        self.folded.contains(&node)
    }

    /// Folds or unfolds a lane. Returns whether it is folded now.
    pub fn fold(&mut self, node: NodeId) -> bool {
        if self.is_folded(node) {
            self.folded.retain(|folded| *folded != node);
            return false;
        }
        self.folded.push(node);
        true
    }

    /// At which place from the top a lane stands.
    pub fn place(&self, node: NodeId) -> usize {
        self.order.iter().position(|other| *other == node).unwrap_or(self.order.len())
    }

    /// Moves a lane to a place from the top, or to the last.
    pub fn move_to(&mut self, node: NodeId, place: usize) {
        let from = self.place(node);
        if from < self.order.len() {
            self.order.remove(from);
            self.order.insert(place.min(self.order.len()), node);
        }
    }

    /// The lanes' heights, node by node, so that they fill `height` as well as they can.
    pub fn ys(&self, height: f64) -> Vec<f64> {
        let halves: Vec<bool> = self.order.iter().map(|node| self.is_folded(*node)).collect();
        let pairs = halves.windows(2).flatten();
        let (folded, open) =
            pairs.fold(
                (0.0, 0.0),
                |(folded, open), is_folded| {
                    if *is_folded { (folded + 0.5, open) } else { (folded, open + 0.5) }
                },
            );
        let room = height - TOP_PX - BOTTOM_PX - folded * FOLDED_PX;
        let gap = (room / f64::max(open, 1.0)).clamp(LEAST_GAP_PX, MOST_GAP_PX);
        let size = |is_folded: bool| if is_folded { FOLDED_PX } else { gap };
        let mut ys = vec![TOP_PX; self.order.len()];
        let mut y = TOP_PX;
        for (place, node) in self.order.iter().enumerate() {
            if place > 0 {
                y += (size(halves[place - 1]) + size(halves[place])) / 2.0;
            }
            if let Some(slot) = ys.get_mut(node.index()) {
                *slot = y;
            }
        }
        ys
    }

    /// Which place from the top is nearest to a height.
    pub fn place_at(&self, ys: &[f64], y: f64) -> usize {
        let distance = |node: &NodeId| ys.get(node.index()).map_or(f64::MAX, |lane| (lane - y).abs());
        let places = self.order.iter().map(distance).enumerate();
        places.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(place, _)| place)
    }
}

/// What the heads share with the diagram.
#[derive(Clone, Copy)]
pub struct Heads {
    /// The run, for what is lit.
    pub session: Session,
    /// The nodes' names.
    pub names: Memo<Vec<String>>,
    /// The arrangement as it is drawn.
    pub shown: Memo<Arrangement>,
    /// The arrangement as it was chosen.
    pub chosen: RwSignal<Arrangement>,
    /// The lanes' heights.
    pub ys: Memo<Vec<f64>>,
}

/// A head that is dragged.
#[derive(Clone, Copy)]
struct Grip {
    node: NodeId,
    from_y: f64,
    moved: bool,
}

impl Heads {
    fn name(self, node: NodeId) -> String {
        self.names.with_untracked(|names| names.get(node.index()).cloned().unwrap_or_default())
    }

    fn change(self, change: impl FnOnce(&mut Arrangement)) {
        let mut arrangement = self.shown.get_untracked();
        change(&mut arrangement);
        self.chosen.set(arrangement);
    }

    fn fold(self, node: NodeId) {
        let mut folded = false;
        self.change(|arrangement| folded = arrangement.fold(node));
        let state = if folded { "folded" } else { "unfolded" };
        self.session.announce(format!("Lane {} {state}.", self.name(node)));
    }

    fn move_by(self, node: NodeId, by: isize) {
        let place = self.shown.with_untracked(|arrangement| arrangement.place(node));
        let to = place.saturating_add_signed(by);
        self.change(|arrangement| arrangement.move_to(node, to));
        let (to, of) = self.shown.with_untracked(|shown| (shown.place(node) + 1, shown.order().len()));
        self.session.announce(format!("Lane {}: {to} of {of}.", self.name(node)));
        self.focus(node);
    }

    /// A head that was moved stands elsewhere in the document.
    fn focus(self, node: NodeId) {
        request_animation_frame(move || {
            focus_on(&format!("[data-lane=\"{}\"]", node.0));
        });
    }

    fn drag(self, grip: RwSignal<Option<Grip>>, event: &ev::PointerEvent) {
        let Some(now) = grip.get_untracked().filter(|_| event.buttons() & 1 == 1) else {
            return;
        };
        let by = f64::from(event.client_y()) - now.from_y;
        if !now.moved && by.abs() <= CLICK_PX {
            return;
        }
        let ys = self.ys.get_untracked();
        let here = ys.get(now.node.index()).copied().unwrap_or_default();
        let (place, to) =
            self.shown.with_untracked(|shown| (shown.place(now.node), shown.place_at(&ys, here + by)));
        let mut next = Grip { moved: true, ..now };
        if place != to {
            self.change(|arrangement| arrangement.move_to(now.node, to));
            let after = self.ys.with_untracked(|ys| ys.get(now.node.index()).copied().unwrap_or_default());
            next.from_y += after - here;
        }
        grip.set(Some(next));
    }

    fn key(self, node: NodeId, event: &ev::KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let by = match event.key().as_str() {
            "ArrowUp" => -1,
            "ArrowDown" => 1,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if event.shift_key() {
            return self.move_by(node, by);
        }
        let beside = self.shown.with_untracked(|shown| {
            let place = shown.place(node).checked_add_signed(by)?;
            shown.order().get(place).copied()
        });
        if let Some(beside) = beside {
            focus_on(&format!("[data-lane=\"{}\"]", beside.0));
        }
    }
}

/// The heads of all lanes, over the names that the picture has of them: Enter or a click folds, Shift and an arrow or a drag moves.
#[component]
pub fn LaneHeads(heads: Heads) -> impl IntoView {
    let grip = RwSignal::new(None::<Grip>);
    let Heads { session, shown, ys, .. } = heads;
    let head = move |node: NodeId| {
        let folded = Memo::new(move |_| shown.with(|shown| shown.is_folded(node)));
        let first = Memo::new(move |_| shown.with(|shown| shown.place(node) == 0));
        let top =
            move || ys.with(|ys| ys.get(node.index()).map_or_else(String::new, |y| format!("{y:.1}px")));
        let name = heads.name(node);
        view! {
            <button
                type="button"
                class="lane-head keeps-arrows"
                data-lane=node.0
                aria-label=format!("Lane {name}")
                aria-expanded=move || (!folded.get()).to_string()
                title="Click: fold or unfold. Drag, or Shift and an arrow key: move."
                tabindex=move || if first.get() { "0" } else { "-1" }
                style:top=top
                on:pointerdown=move |event| {
                    event.stop_propagation();
                    let from_y = f64::from(event.client_y());
                    grip.set(Some(Grip { node, from_y, moved: false }));
                    let head: web_sys::Element = event_target(&event);
                    let _ = head.set_pointer_capture(event.pointer_id());
                }
                on:pointermove=move |event| {
                    if grip.get_untracked().is_some() {
                        event.stop_propagation();
                    }
                    heads.drag(grip, &event);
                }
                on:pointercancel=move |_| grip.set(None)
                on:click=move |event| {
                    event.stop_propagation();
                    let dragged = grip.get_untracked().is_some_and(|grip| grip.moved);
                    grip.set(None);
                    if !dragged {
                        heads.fold(node);
                    }
                }
                on:keydown=move |event| heads.key(node, &event)
                on:mouseenter=move |_| session.lit.set(Some(Target::Node(node)))
                on:mouseleave=move |_| session.lit.set(None)
            ></button>
        }
    };
    view! {
        <div class="lane-heads" role="group" aria-label="Lanes">
            // In the order of the nodes, so that a head that moves keeps its focus.
            <For each=move || (0..heads.names.with(Vec::len)).map(|n| NodeId(n as u16)) key=|node| *node children=head/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(arrangement: &Arrangement) -> Vec<u16> {
        arrangement.order().iter().map(|node| node.0).collect()
    }

    #[test]
    fn lanes_fill_the_height_within_limits() {
        let plain = Arrangement::default().fitted(5);
        assert_eq!(plain.ys(196.0), [38.0, 70.0, 102.0, 134.0, 166.0]);
        let gap = |lanes: usize, height: f64| {
            let ys = Arrangement::default().fitted(lanes).ys(height);
            ys.get(1).map_or(0.0, |second| second - ys[0])
        };
        assert_eq!((gap(200, 196.0), gap(2, 900.0)), (LEAST_GAP_PX, MOST_GAP_PX));
        assert_eq!(Arrangement::default().fitted(1).ys(900.0), [TOP_PX]);
    }

    #[test]
    fn a_folded_lane_leaves_its_room_to_the_others() {
        let mut some = Arrangement::default().fitted(5);
        assert!(some.fold(NodeId(2)));
        let ys = some.ys(196.0);
        assert_eq!((ys[0], ys[4].round()), (TOP_PX, 196.0 - BOTTOM_PX), "they still fill the height");
        assert!(ys[1] - ys[0] > 32.0 && ys[2] - ys[1] < 32.0);
        assert!(!some.fold(NodeId(2)));
        assert_eq!(some, Arrangement::default().fitted(5));
    }

    #[test]
    fn lanes_move_and_new_ones_come_last() {
        let mut some = Arrangement::default().fitted(4);
        some.move_to(NodeId(3), 0);
        some.move_to(NodeId(0), 99);
        assert_eq!(order(&some), [3, 1, 2, 0]);
        assert_eq!(some.ys(200.0)[3], TOP_PX);
        assert_eq!(order(&some.clone().fitted(6)), [3, 1, 2, 0, 4, 5]);
        assert_eq!(order(&some.fitted(2)), [1, 0]);
    }

    #[test]
    fn the_nearest_place_is_found() {
        let some = Arrangement::default().fitted(3);
        let ys = some.ys(132.0);
        let at = |y: f64| some.place_at(&ys, y);
        assert_eq!((at(-50.0), at(ys[1] + 5.0), at(1e9)), (0, 1, 2));
    }
}
