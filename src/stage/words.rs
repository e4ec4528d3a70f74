//! What is written at nodes and messages, and what assistive technology calls them. Pure.

use std::iter;

use faultline_model::{Cell, Span};
use faultline_sim::{FlightView, Loss, NodeView, Status};

use super::geometry::{Geometry, Room};
use super::labels::text_width;
use crate::session::Grave;

/// A line of a node's label is at most about so long before the rest goes to a second one.
const LINE: usize = 24;
/// What stands above a row of boxes has no second line to go to.
const ABOVE_BOXES: usize = 40;

/// Where a role stands beneath a node, what follows it makes the line no wider.
const ROLE_PX: f64 = 230.0;
/// On a narrow stage several parts in one line beneath a node are no wider.
const NARROW_PX: f64 = 150.0;
/// What is wider than this does not fit within a node.
const WITHIN_PX: f64 = 56.0;

/// What stands within a node under its name.
pub fn role(node: &NodeView) -> String {
    match node.status {
        Status::Down => "crashed".to_owned(),
        Status::Left => "has left".to_owned(),
        Status::Paused => "paused".to_owned(),
        Status::Up | Status::Busy => node.role.clone(),
    }
}

/// The role, if it fits within a node; else it stands beneath.
pub fn role_within(node: &NodeView) -> Option<String> {
    Some(role(node)).filter(|role| width_of(role, 6.3) <= WITHIN_PX)
}

/// How large a name is written so that it stays within a node of that radius, pixels.
pub fn name_size(name: &str, radius: f64) -> f64 {
    let (largest, smallest) = (15.0, 12.0);
    // Bold letters are about so wide for their size.
    ((2.0 * radius - 12.0) / width_of(name, 0.62)).clamp(smallest, largest)
}

/// How wide a text is whose letters are `letter` wide on average; narrow ones have half of it.
fn width_of(text: &str, letter: f64) -> f64 {
    text.chars().map(|c| if "ijl. ".contains(c) { letter / 2.0 } else { letter }).sum()
}

/// One or two lines under a node: its epoch and its cells, as far as there is room.
pub fn beneath(node: &NodeView, room: Room) -> [String; 2] {
    match room {
        // What else fits beside a role depends on the neighbours: see `label`.
        Room::Word | Room::RoleOnly => return [role(node), String::new()],
        Room::Narrow => {
            let mut lines = parts(node);
            return [lines.next().unwrap_or_default(), lines.next().unwrap_or_default()];
        }
        Room::Whole => {}
    }
    let mut lines = [String::new(), String::new()];
    let mut line = 0;
    let most = if boxes(node).is_some() { ABOVE_BOXES } else { LINE };
    let written = node.cells.iter().filter(|cell| cell.boxes.is_empty());
    for part in parts_with(node, written) {
        let long = lines[line].chars().count() + part.chars().count() + 3 > most;
        if line == 0 && long && !lines[0].is_empty() {
            line = 1;
        }
        if !lines[line].is_empty() {
            lines[line].push_str(" · ");
        }
        lines[line].push_str(&part);
    }
    lines
}

/// What stands under a node of this stage: [`beneath`], as wide as the distance to its neighbours allows.
pub fn label(node: &NodeView, geometry: &Geometry) -> [String; 2] {
    match geometry.room() {
        Room::Narrow => {
            let room = geometry.label_room(node.node.index()) - dot_width(node);
            // A role that has no room, neither within nor here, is left to the shape.
            let role = role(node);
            let cells: Vec<Cell> = node.cells.iter().map(|cell| bare(cell, room)).collect();
            let parts = parts_with(node, cells.iter());
            packed(parts.filter(|part| *part != role || caption_width(part) <= room), room)
        }
        Room::RoleOnly => {
            let width = geometry.label_room(node.node.index()).min(ROLE_PX);
            let rest = parts(node).filter(|part| *part != role(node));
            [whole(iter::once(role(node)).chain(rest), width), String::new()]
        }
        room => beneath(node, room),
    }
}

/// The first part, and as many of the next as fit beside it whole.
fn whole(parts: impl Iterator<Item = String>, width: f64) -> String {
    let mut line = String::new();
    for part in parts {
        let longer = if line.is_empty() { part } else { format!("{line} · {part}") };
        if !line.is_empty() && caption_width(&longer) > width {
            break;
        }
        line = longer;
    }
    line
}

/// Two lines of so many parts as fit, and the beginning of the next. What stands alone may be as wide as there
/// is room; what is put together is kept short.
fn packed(parts: impl Iterator<Item = String>, width: f64) -> [String; 2] {
    let mut lines = [String::new(), String::new()];
    let mut line = 0;
    for part in parts {
        let longer = if lines[line].is_empty() { part.clone() } else { format!("{} · {part}", lines[line]) };
        if line == 0 && !lines[0].is_empty() && caption_width(&longer) > width.min(NARROW_PX) {
            lines[1] = part;
            line = 1;
        } else {
            lines[line] = longer;
        }
    }
    lines.map(|line| elided(line, width))
}

/// What there is to say beneath a node: its role if it does not fit within, its epoch, its cells.
fn parts(node: &NodeView) -> impl Iterator<Item = String> {
    parts_with(node, node.cells.iter())
}

/// The same with these of its cells.
fn parts_with<'n>(node: &'n NodeView, cells: impl Iterator<Item = &'n Cell>) -> impl Iterator<Item = String> {
    let outside = Some(role(node)).filter(|_| role_within(node).is_none());
    let epoch = node.epoch.map(|epoch| format!("{} {epoch}", node.epoch_name).trim().to_owned());
    outside.into_iter().chain(epoch).chain(cells.map(said)).filter(|part| !part.is_empty())
}

/// A cell in words.
fn said(cell: &Cell) -> String {
    format!("{} {}", cell.label, cell.text).trim().to_owned()
}

/// A cell without its label where both are wider than that and the value is more than a letter or two: it
/// says more than half of both.
fn bare(cell: &Cell, width: f64) -> Cell {
    let fits = caption_width(&said(cell)) <= width || cell.text.chars().count() < 4;
    if fits { cell.clone() } else { Cell { label: String::new(), ..cell.clone() } }
}

/// A text cut so that it is no wider.
fn elided(text: String, width: f64) -> String {
    if caption_width(&text) <= width {
        return text;
    }
    let mut short = text;
    while !short.is_empty() && caption_width(&short) + caption_width("…") > width {
        short.pop();
    }
    // Rather a word less than half a word.
    if let Some(space) = short.rfind(' ').filter(|&space| space * 2 > short.len()) {
        short.truncate(space);
    }
    short.truncate(short.trim_end_matches(|c: char| !c.is_alphanumeric()).len());
    short + "…"
}

/// How wide the dot is, with its space, that the first line beneath a node begins with if it has an epoch.
pub fn dot_width(node: &NodeView) -> f64 {
    if node.epoch.is_some() { 16.0 } else { 0.0 }
}

/// How wide a text beneath a node is: it is a little larger than those at messages, 13 pixels to 12.
pub fn caption_width(text: &str) -> f64 {
    text_width(text) * 13.0 / 12.0
}

/// The cell of a node that is drawn as a row of boxes.
pub fn boxes(node: &NodeView) -> Option<&Cell> {
    node.cells.iter().find(|cell| !cell.boxes.is_empty())
}

/// A node's accessible name. It begins with the node's id.
pub fn name_of(node: &NodeView) -> String {
    let mut name = format!("{}, {}", node.id, node.role);
    if let Some(epoch) = node.epoch {
        name.push_str(format!(", {} {epoch}", node.epoch_name).trim_end());
    }
    match node.status {
        Status::Up => {}
        Status::Busy => name.push_str(", busy"),
        Status::Paused => name.push_str(", paused"),
        Status::Down => name.push_str(", crashed"),
        Status::Left => name.push_str(", has left"),
    }
    for cell in &node.cells {
        name.push_str(&format!(", {} {}", cell.label, cell.text));
    }
    if node.inbox > 0 {
        name.push_str(&format!(", {} waiting in its inbox", node.inbox));
    }
    if node.writing > 0 {
        name.push_str(", writing to disk");
    }
    if let Some(clock) = clock(node) {
        name.push_str(&format!(", clock {clock}"));
    }
    if node.slow != 100 {
        name.push_str(&format!(", work takes {} %", node.slow));
    }
    name
}

/// How far a node's clock is off; `None` when it is right.
pub fn clock(node: &NodeView) -> Option<String> {
    let offset = match node.offset {
        0 => None,
        off => {
            let sign = if off > 0 { '+' } else { '−' };
            // Microseconds of drift are no news; milliseconds are read at a glance.
            let size = off.unsigned_abs();
            let size = if size >= 10_000 { (size + 500) / 1_000 * 1_000 } else { size };
            Some(format!("{sign}{}", Span(size)))
        }
    };
    let drift = (node.drift != 0).then(|| format!("{:+} ppm", node.drift).replace('-', "−"));
    match (offset, drift) {
        (None, None) => None,
        (offset, drift) => Some([offset, drift].into_iter().flatten().collect::<Vec<_>>().join(", ")),
    }
}

/// What is written at a message.
pub fn label_of(flight: &FlightView) -> String {
    let verb = if flight.verb.is_empty() { &flight.kind } else { &flight.verb };
    match flight.text.as_str() {
        "" => verb.clone(),
        text => format!("{verb} · {text}"),
    }
}

/// What is written at the place where a message died.
pub fn grave_label(grave: &Grave) -> String {
    let why = match grave.loss {
        Loss::Dropped => "dropped",
        Loss::Chance => "lost",
        Loss::Cut => "link cut",
        Loss::Down => "node down",
        Loss::Alike => "kind dropped",
    };
    format!("{} · {why}", label_of(&grave.flight))
}

/// A message's accessible name.
pub fn message_name(flight: &FlightView) -> String {
    format!("{} from {} to {}", flight.kind, flight.from.name, flight.to.name)
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_model::CellBox;
    use faultline_sim::Scenario;

    use super::*;

    fn node() -> NodeView {
        let scenario = Scenario { protocol: "raft".into(), nodes: 3, ..Scenario::default() };
        catalogue::build(&scenario).unwrap().view().nodes.remove(0)
    }

    #[test]
    fn a_name_begins_with_the_id_and_says_what_is_wrong() {
        let sick = NodeView { status: Status::Down, offset: -5_000_000, inbox: 2, ..node() };
        let name = name_of(&sick);
        assert!(name.starts_with("S1, "), "{name}");
        assert!(name.contains("crashed") && name.contains("2 waiting") && name.contains("−5s"), "{name}");
    }

    #[test]
    fn a_row_of_boxes_is_drawn_and_not_written_but_it_is_said() {
        let entry = CellBox { text: "1".to_owned(), epoch: Some(1), firm: false };
        let cells = vec![Cell::row("log", "1×2", vec![entry.clone(), entry]), Cell::new("commit", 0)];
        let logged = NodeView { epoch: Some(1), epoch_name: "term", cells, ..node() };
        assert_eq!(beneath(&logged, Room::Whole), ["term 1 · commit 0".to_owned(), String::new()]);
        assert_eq!(beneath(&logged, Room::Narrow)[1], "log 1×2", "no room for boxes");
        assert!(name_of(&logged).contains("log 1×2"));
    }

    #[test]
    fn a_role_that_is_too_long_for_a_node_stands_beneath_and_a_long_name_is_smaller() {
        let with = |role: &str| NodeView { role: role.to_owned(), epoch: None, cells: vec![], ..node() };
        for short in ["leader", "follower", "candidate", "database", "acceptor", "crashed"] {
            assert_eq!(role_within(&with(short)).as_deref(), Some(short));
            assert_eq!(beneath(&with(short), Room::Whole)[0], "");
        }
        for long in ["web server", "coordinator", "participant"] {
            assert_eq!(role_within(&with(long)), None, "{long}");
            assert_eq!(beneath(&with(long), Room::Whole)[0], long);
            assert_eq!(beneath(&with(long), Room::Narrow)[0], long);
        }
        assert_eq!((name_size("S1", 34.0), name_size("S1", 20.0)), (15.0, 15.0));
        assert!((12.0..14.0).contains(&name_size("Gateway", 34.0)));
        assert_eq!(name_size("Gateway", 24.0), 12.0);
    }

    #[test]
    fn a_label_that_would_meet_the_next_is_shortened() {
        let text = "cart eggs milk tea ‖ eggs milk rice".to_owned();
        assert_eq!(elided(text.clone(), 400.0), text);
        let short = elided(text, 170.0);
        assert!(short.ends_with("tea…") && caption_width(&short) <= 170.0, "{short}");
        let sees = || ["S1 alive", "S2 dead", "S3 alive"].map(String::from).into_iter();
        assert_eq!(packed(sees(), 140.0), ["S1 alive · S2 dead", "S3 alive"]);
        assert_eq!(packed(sees(), 66.0)[0], "S1 alive");
        assert!(packed(sees(), 66.0)[1].ends_with('…'), "more is to be said");
        let siblings = ["clock Sx:2 Sy:1 ‖ Sx:2 Sz:1", "cart eggs"].map(String::from);
        assert_eq!(packed(siblings.clone().into_iter(), 380.0), siblings, "one part may be long");
        assert_eq!(whole(sees(), 140.0), "S1 alive · S2 dead");
        assert_eq!(whole(sees(), 10.0), "S1 alive");
    }

    #[test]
    fn a_value_stays_where_its_label_has_no_room() {
        let claim = Cell::new("claims", "± 30 ms");
        assert_eq!(bare(&claim, 120.0), claim);
        assert_eq!(bare(&claim, 88.0).label, "");
        assert_eq!(bare(&Cell::new("photographs", "2"), 60.0).label, "photographs", "2 of what?");
    }

    #[test]
    fn what_does_not_fit_goes_to_the_second_line() {
        let cell = |text: &str| Cell::new("log", text);
        let full = NodeView {
            epoch: Some(3),
            epoch_name: "term",
            cells: vec![cell("1 2"), cell("a rather long one"), cell("b")],
            ..node()
        };
        let [first, second] = beneath(&full, Room::Whole);
        assert_eq!(first, "term 3 · log 1 2");
        assert!(second.starts_with("log a rather"));
    }
}
