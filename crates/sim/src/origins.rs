//! How a node came to its state: for its role, its epoch, each of its cells and each field of its state,
//! the event that last changed it.
//!
//! Found by going back over checkpoints and playing the stretch after each one again, without moving
//! the cursor.

use faultline_model::NodeId;

use crate::{AnyWorld, Timeline, rows};

/// One part of what a node shows, and since when it has been so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Whether it is the role, the epoch or a cell, which the stage shows; else it is a field of the state.
    pub on_stage: bool,
    /// What the part is called: "role", the epoch's own name, a cell's label, a field.
    pub label: String,
    /// Its value now.
    pub value: String,
    /// Its value before that; empty when it was not there, or has always been as it is.
    pub before: String,
    /// The event that changed it.
    pub since: Since,
}

/// Since when something has been as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The number of the event that changed it.
    Event(u32),
    /// Since the start of the run.
    Start,
    /// For longer than was looked back.
    Earlier,
}

/// So many events are played again at most to find out: a checkpoint's distance and as much again.
const MOST_REPLAYED: u32 = 20_000;

impl Timeline {
    /// How a node came to what it shows behind event number `event` of the current branch; nothing for a
    /// node that does not exist. Role, epoch and cells come first, then the fields of its state.
    pub fn origins(&self, node: NodeId, event: u32) -> Vec<Origin> {
        let now = self.world_after(event);
        let mut end = now.events();
        let mut open = parts(now.as_ref(), node);
        let mut replayed = 0;
        for start in self.checkpoints_before(end).rev() {
            replayed += end - start;
            if replayed > MOST_REPLAYED || open.iter().all(|origin| origin.since != Since::Earlier) {
                break;
            }
            self.look_through(node, (start, end), &mut open);
            end = start;
        }
        if end == 0 {
            let always = open.iter_mut().filter(|origin| origin.since == Since::Earlier);
            always.for_each(|origin| origin.since = Since::Start);
        }
        open
    }

    /// Plays one stretch again and notes the last change of each part that is still open.
    fn look_through(&self, node: NodeId, (start, end): (u32, u32), open: &mut [Origin]) {
        let mut world = self.world_after(start);
        let mut before = parts(world.as_ref(), node);
        let mut found: Vec<Option<(u32, String)>> = vec![None; open.len()];
        for number in start + 1..=end {
            self.redo_on(world.as_mut());
            if self.events()[number as usize - 1].node != node {
                continue;
            }
            let after = parts(world.as_ref(), node);
            for (origin, found) in open.iter().zip(&mut found) {
                let [was, is] = [&before, &after].map(|parts| value(parts, origin));
                if was != is {
                    *found = Some((number, was.unwrap_or_default().to_owned()));
                }
            }
            before = after;
        }
        for (origin, found) in open.iter_mut().zip(found) {
            if let Some((number, was)) = found.filter(|_| origin.since == Since::Earlier) {
                (origin.since, origin.before) = (Since::Event(number), was);
            }
        }
    }
}

/// What a node shows, part by part; nothing yet is known of any part's past.
fn parts(world: &dyn AnyWorld, node: NodeId) -> Vec<Origin> {
    let (Some(view), Some(state)) = (world.node(node), world.detail(node)) else {
        return vec![];
    };
    let part = |on_stage: bool, label: String, value: String| Origin {
        on_stage,
        label,
        value,
        before: String::new(),
        since: Since::Earlier,
    };
    let mut parts = vec![part(true, "role".to_owned(), view.role)];
    parts.extend(view.epoch.map(|epoch| part(true, view.epoch_name.to_owned(), epoch.to_string())));
    parts.extend(view.cells.into_iter().map(|cell| part(true, cell.label, cell.text)));
    let text = |row: crate::Row| row.pieces.into_iter().map(|piece| piece.text).collect();
    let fields = rows(None, &state, world.cast()).into_iter();
    parts.extend(fields.map(|row| part(false, row.label.clone(), text(row))));
    parts
}

fn value<'p>(parts: &'p [Origin], like: &Origin) -> Option<&'p str> {
    let same = |part: &&Origin| part.on_stage == like.on_stage && part.label == like.label;
    parts.iter().find(same).map(|part| part.value.as_str())
}
