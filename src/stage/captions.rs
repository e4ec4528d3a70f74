//! What the labels of messages must leave free on this stage, and which of them are written.

use faultline_model::{MsgId, NodeId};
use faultline_sim::{FlightView, WorldView};
use leptos::prelude::*;

use super::clock::dial_boxes;
use super::geometry::{Box2, Geometry, LABELS_FROM, Point, Room, WORDS_FROM};
use super::labels::{LINE, Placed, Wish, place, text_width};
use super::lens::Lens;
use super::node::BOX;
use super::words;
use crate::session::{Grave, Moment, Session, progress};

/// At most so many messages wear their label, and one for so many square pixels.
const MOST: usize = 24;
const ROOM: f64 = 22_000.0;
/// Labels that cover no more than so much touch, and no more.
const TOUCHING_PX2: f64 = 24.0;
/// With more messages than this nobody can tell whose label is whose: only those pointed at wear one.
const CROWD: usize = 120;

/// At which shares of a link its words may stand, best first.
const ALONG: [f64; 3] = [0.5, 0.36, 0.64];

/// What is written at a link.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkWords {
    /// Which link: the lower number first.
    pub ends: (NodeId, NodeId),
    /// What is set on it.
    pub text: String,
    /// The middle of the text.
    pub at: Point,
}

impl LinkWords {
    fn area(&self) -> Box2 {
        Box2::around(self.at, text_width(&self.text), LINE)
    }
}

/// Finds the labels of all messages in flight their places.
pub fn place_all(
    session: Session,
    geometry: Memo<Geometry>,
    taken: Memo<Vec<Box2>>,
    linked: Memo<Vec<LinkWords>>,
    lens: Lens,
    old: Option<&Placed>,
) -> Placed {
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
            let nodes = taken.get();
            let graves = graves(geometry, &nodes, moment);
            let links = linked.with(|linked| linked.iter().map(LinkWords::area).collect());
            let fixed = [nodes, graves, links].concat();
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
pub fn nodes(geometry: &Geometry, view: &WorldView) -> Vec<Box2> {
    let reach = geometry.radius * 2.0 + 8.0;
    let mut all: Vec<Box2> = geometry.places.iter().map(|&place| Box2::around(place, reach, reach)).collect();
    if geometry.radius < WORDS_FROM {
        if geometry.radius >= LABELS_FROM {
            let named = view.nodes.iter().enumerate();
            all.extend(named.map(|(index, node)| name_box(geometry, index, &node.id)));
        }
        return all;
    }
    for (index, node) in view.nodes.iter().enumerate() {
        let (at, _) = geometry.label(index);
        for (line, text) in words::label(node, geometry).iter().enumerate() {
            // The first line may begin with the dot of an epoch.
            let dot = if line == 0 { words::dot_width(node) } else { 0.0 };
            let width = words::caption_width(text) + dot;
            let middle = Point { x: geometry.kept_in(at.x, width), y: at.y - 4.0 + 17.0 * line as f64 };
            all.push(Box2::around(middle, width, 16.0));
        }
        if let Some(text) = words::clock(node) {
            all.extend(dial_boxes(geometry, index, &text));
        }
        if let Some(cell) = words::boxes(node).filter(|_| geometry.room() == Room::Whole) {
            let middle = Point { x: at.x, y: at.y + 9.0 + BOX / 2.0 };
            all.push(Box2::around(middle, cell.boxes.len() as f64 * BOX, BOX));
        }
    }
    all
}

/// The name that stands beneath or beside a small node.
fn name_box(geometry: &Geometry, index: usize, name: &str) -> Box2 {
    let ((at, anchor), width) = (geometry.label(index), words::caption_width(name));
    let x = match anchor {
        "start" => at.x + width / 2.0,
        "end" => at.x - width / 2.0,
        _ => geometry.kept_in(at.x, width),
    };
    Box2::around(Point { x, y: at.y - 4.0 }, width, 16.0)
}

/// The cross at the cursor, and its label.
fn graves(geometry: &Geometry, nodes: &[Box2], moment: &Moment) -> Vec<Box2> {
    let at_cursor = moment.graves.iter().filter(|grave| grave.event == moment.cursor);
    at_cursor
        .flat_map(|grave| {
            let (at, label) = (grave_at(geometry, grave), beside_grave(geometry, nodes, grave));
            let middle = Point { x: at.x + label.x, y: at.y + label.y };
            let width = text_width(&words::grave_label(grave));
            [Box2::around(at, 20.0, 18.0), Box2::around(middle, width, LINE)]
        })
        .collect()
}

fn grave_at(geometry: &Geometry, grave: &Grave) -> Point {
    geometry.lane(grave.flight.from.node.index(), grave.flight.to.node.index()).at(grave.place)
}

/// Where the middle of the words at a cross stands, from the cross: clear of the nodes.
pub fn beside_grave(geometry: &Geometry, nodes: &[Box2], grave: &Grave) -> Point {
    let width = text_width(&words::grave_label(grave));
    let (beside, beyond) = (width / 2.0 + 13.0, geometry.radius + 18.0);
    let sides = [
        (0.0, -18.0),
        (beside, 0.0),
        (-beside, 0.0),
        (0.0, 18.0),
        (beside, -16.0),
        (-beside, -16.0),
        (beside, 16.0),
        (-beside, 16.0),
        (0.0, -beyond),
        (0.0, beyond),
    ];
    clear(geometry, nodes, grave_at(geometry, grave), width, &sides)
}

/// Finds the words at links, which [`super::link::all_set`] gives, their places: clear of the nodes and of each
/// other.
pub fn at_links(geometry: &Geometry, nodes: &[Box2], set: Vec<(NodeId, NodeId, String)>) -> Vec<LinkWords> {
    let beyond = geometry.radius + 18.0;
    let mut fixed = nodes.to_vec();
    let mut words = vec![];
    for (a, b, text) in set {
        let (line, width) = (geometry.line(a.index(), b.index()), text_width(&text));
        let beside = width / 2.0 + 8.0;
        let sides = [
            (0.0, -9.0),
            (0.0, 12.0),
            (beside, -12.0),
            (-beside, -12.0),
            (beside, 12.0),
            (-beside, 12.0),
            (0.0, -beyond),
            (0.0, beyond),
        ];
        let middle = line.at(0.5);
        // Where several links meet, their middles may be close together, and the words move along them.
        let along = ALONG.map(|share| line.at(share));
        let offsets: Vec<(f64, f64)> = along
            .iter()
            .flat_map(|at| sides.map(|(x, y)| (at.x - middle.x + x, at.y - middle.y + y)))
            .collect();
        let off = clear(geometry, &fixed, middle, width, &offsets);
        let words_here =
            LinkWords { ends: (a, b), text, at: Point { x: middle.x + off.x, y: middle.y + off.y } };
        fixed.push(words_here.area());
        words.push(words_here);
    }
    words
}

/// The first of these offsets from `at`, kept on the stage, at which a line so wide covers next to nothing;
/// else the one at which it covers least.
fn clear(geometry: &Geometry, fixed: &[Box2], at: Point, width: f64, offsets: &[(f64, f64)]) -> Point {
    let covered = |offset: Point| {
        let line = Box2::around(Point { x: at.x + offset.x, y: at.y + offset.y }, width, LINE);
        fixed.iter().map(|other| line.overlap(other)).sum::<f64>().max(TOUCHING_PX2)
    };
    let kept = |&(x, y): &(f64, f64)| Point { x: geometry.kept_in(at.x + x, width) - at.x, y };
    let best = offsets.iter().map(kept).map(|offset| (covered(offset), offset));
    let best = best.min_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or(Point { x: 0.0, y: -18.0 }, |(_, offset)| offset)
}

#[cfg(test)]
mod tests {
    use faultline_lessons::{Layout, catalogue};
    use faultline_sim::{Scenario, Script, Timeline};

    use super::super::geometry::Players;
    use super::super::link::all_set;
    use super::*;

    #[test]
    fn a_label_goes_where_it_covers_nothing() {
        let node = |x: f64| Box2::around(Point { x, y: 0.0 }, 76.0, 76.0);
        let sides = [(0.0, -18.0), (60.0, 0.0), (-60.0, 0.0), (0.0, -52.0)];
        let players = Players { names: vec![], clients: vec![] };
        let stage = Geometry::arrange(&Layout::Ring, &players, &[], 400.0, 400.0);
        let put = |fixed: &[Box2]| clear(&stage, fixed, Point { x: 140.0, y: 0.0 }, 100.0, &sides);
        assert_eq!(put(&[]), Point { x: 0.0, y: -18.0 }, "the first that is free");
        // Between two nodes that stand close there is room above them only.
        assert_eq!(put(&[node(0.0), node(180.0)]), Point { x: 0.0, y: -52.0 });
        assert_eq!(put(&[node(180.0)]), Point { x: -60.0, y: 0.0 });
        let rim = clear(&stage, &[], Point { x: 20.0, y: 0.0 }, 100.0, &sides);
        assert_eq!(rim, Point { x: 34.0, y: -18.0 }, "it stays on the stage");
    }

    #[test]
    fn words_at_links_that_meet_stand_beside_each_other() {
        let scenario = Scenario { protocol: "clock-synchronisation".into(), nodes: 4, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        let mut timeline = Timeline::new(scenario, world);
        let ways = "\
            latency C1->Time constant 10ms\n\
            latency Time->C1 constant 50ms\n\
            latency C2->Time constant 50ms\n\
            latency Time->C2 constant 10ms\n";
        Script::parse(ways).unwrap().run(&mut timeline).unwrap();
        let view = timeline.view();
        let names = view.nodes.iter().map(|node| node.id.clone()).collect();
        let players = Players { names, clients: view.nodes.iter().map(|node| node.client).collect() };
        let row = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let tiers = Layout::Tiers(vec![row(&["Time"]), row(&["C1", "C2", "C3"])]);
        for (width, height) in [(390.0, 420.0), (760.0, 480.0)] {
            let stage = Geometry::arrange(&tiers, &players, &[], width, height);
            let words = at_links(&stage, &nodes(&stage, &view), all_set(&view));
            assert_eq!(words.len(), 2);
            let overlap = words[0].area().overlap(&words[1].area());
            assert!(overlap <= TOUCHING_PX2, "{overlap} square pixels at {width} by {height}: {words:?}");
        }
    }

    #[test]
    fn labels_keep_clear_of_the_names_of_small_nodes() {
        let scenario = Scenario { protocol: "gossip".into(), nodes: 64, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        let view = world.view();
        let players = Players { names: vec![String::new(); 64], clients: vec![false; 64] };
        let stage = Geometry::arrange(&Layout::Grid, &players, &[], 390.0, 560.0);
        assert!((LABELS_FROM..WORDS_FROM).contains(&stage.radius), "{}", stage.radius);
        let taken = nodes(&stage, &view);
        assert_eq!(taken.len(), 2 * 64, "circles and names");
        for (index, name) in taken[64..].iter().enumerate() {
            let (at, _) = stage.label(index);
            assert!(name.overlap(&Box2::around(Point { x: at.x, y: at.y - 4.0 }, 16.0, 8.0)) > 100.0);
        }
    }

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
