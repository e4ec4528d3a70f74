//! What the labels of messages must leave free on this stage, and which of them are written.

use faultline_model::MsgId;
use faultline_sim::{FlightView, WorldView};
use leptos::prelude::*;

use super::geometry::{Box2, Geometry, LABELS_FROM, Point, Room, WORDS_FROM};
use super::labels::{Placed, Wish, place, text_width};
use super::lens::Lens;
use super::node::BOX;
use super::words;
use crate::session::{Moment, Session, progress};

/// At most so many messages wear their label, and one for so many square pixels.
const MOST: usize = 24;
const ROOM: f64 = 22_000.0;
/// With more messages than this nobody can tell whose label is whose: only those pointed at wear one.
const CROWD: usize = 120;

/// Finds the labels of all messages in flight their places.
pub fn place_all(session: Session, geometry: Memo<Geometry>, lens: Lens, old: Option<&Placed>) -> Placed {
    session.moment().with(|moment| {
        geometry.with(|geometry| {
            if geometry.radius < LABELS_FROM || moment.view.flights.len() > CROWD {
                return Placed::new();
            }
            let now = session.display_time.get_untracked().max(moment.view.time.0 as f64);
            let (corner, (width, height)) = (lens.corner(), lens.field());
            let most = ((width * height / ROOM) as usize).clamp(4, MOST);
            let speaking = speaking(&moment.view.flights, most);
            let wishes: Vec<Wish> = speaking.into_iter().map(|flight| wish(geometry, flight, now)).collect();
            let mut fixed = nodes(geometry, &moment.view);
            fixed.extend(graves(geometry, moment));
            let stage =
                Box2 { left: corner.x, top: corner.y, right: corner.x + width, bottom: corner.y + height };
            place(&wishes, &fixed, stage, old)
        })
    })
}

/// Whose labels are tried: those of all messages where there is room. Else those that were sent last,
/// and of a broadcast, which says the same to everybody, only one.
fn speaking(flights: &[FlightView], most: usize) -> Vec<&FlightView> {
    if flights.len() <= most {
        return flights.iter().collect();
    }
    let same = |a: &FlightView, b: &FlightView| {
        (a.from.node, a.sent_at, &a.kind, &a.text) == (b.from.node, b.sent_at, &b.kind, &b.text)
    };
    let mut chosen: Vec<&FlightView> = vec![];
    for flight in flights.iter().rev() {
        if !chosen.iter().any(|other| same(other, flight)) {
            chosen.push(flight);
        }
        if chosen.len() == most {
            break;
        }
    }
    chosen.reverse();
    chosen
}

/// Where a message is now and will be on its way, as far as it gets.
fn wish(geometry: &Geometry, flight: &FlightView, now: f64) -> Wish {
    let lane = geometry.lane(flight.from.node.index(), flight.to.node.index());
    let so_far = progress(flight, now);
    let end = if flight.doomed { 0.5 } else { 1.0 };
    let on_the_way = [0.0, 0.5, 0.75].map(|share: f64| lane.at((share * end).max(so_far.min(end * 0.9))));
    let msg: MsgId = flight.msg;
    Wish { msg, on_the_way, width: text_width(&words::label_of(flight)) }
}

/// Nodes and what is written under them.
fn nodes(geometry: &Geometry, view: &WorldView) -> Vec<Box2> {
    let reach = geometry.radius * 2.0 + 8.0;
    let mut all: Vec<Box2> = geometry.places.iter().map(|&place| Box2::around(place, reach, reach)).collect();
    if geometry.radius < WORDS_FROM {
        return all;
    }
    for (index, node) in view.nodes.iter().enumerate() {
        let (at, _) = geometry.label(index);
        for (line, text) in words::beneath(node, geometry.room()).iter().enumerate() {
            let middle = Point { x: at.x, y: at.y - 4.0 + 17.0 * line as f64 };
            all.push(Box2::around(middle, text_width(text), 16.0));
        }
        if let Some(cell) = words::boxes(node).filter(|_| geometry.room() == Room::Whole) {
            let middle = Point { x: at.x, y: at.y + 9.0 + BOX / 2.0 };
            all.push(Box2::around(middle, cell.boxes.len() as f64 * BOX, BOX));
        }
    }
    all
}

/// The cross at the cursor with its label.
fn graves(geometry: &Geometry, moment: &Moment) -> Vec<Box2> {
    let at_cursor = moment.graves.iter().filter(|grave| grave.event == moment.cursor);
    at_cursor
        .map(|grave| {
            let flight = &grave.flight;
            let lane = geometry.lane(flight.from.node.index(), flight.to.node.index());
            let at = lane.at(grave.place);
            Box2::around(Point { x: at.x, y: at.y - 9.0 }, text_width(&words::grave_label(grave)), 40.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_sim::Scenario;

    use super::*;

    #[test]
    fn a_broadcast_speaks_once_where_there_is_no_room_for_all() {
        let scenario = Scenario { protocol: "raft".into(), nodes: 9, ..Scenario::default() };
        let mut world = catalogue::build(&scenario).unwrap();
        while world.view().flights.len() < 8 {
            world.step().unwrap();
        }
        let flights = world.view().flights;
        assert_eq!(speaking(&flights, 24).len(), flights.len());
        let few = speaking(&flights, 4);
        assert!(few.len() <= 4 && !few.is_empty());
        for (i, a) in few.iter().enumerate() {
            for b in &few[..i] {
                assert!((a.from.node, a.sent_at, &a.text) != (b.from.node, b.sent_at, &b.text));
            }
        }
        assert_eq!(few.last().unwrap().msg, flights.last().unwrap().msg, "what was sent last");
    }
}
