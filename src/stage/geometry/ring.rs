//! Servers on a ring, around a hub, or at the places to which their names hash.

use std::f64::consts::{PI, TAU};
use std::hash::Hasher;

use faultline_model::{StableHasher, sort_by};

use super::area::{Area, Filled, SMALLEST};
use super::{AROUND, LABELS_FROM, Point, RADIUS, ROLE_FROM, WORDS_FROM};

/// Room at the top of the stage.
const TOP: f64 = 12.0;
/// A crowd stands on at most so many rings, one within the other.
const MOST_RINGS: usize = 16;
/// How far apart two rings are, in radii of a node.
const APART: f64 = 2.4;

/// How much room a node's labels need: under it, and to either side of its outline.
fn margins(radius: f64) -> (f64, f64) {
    match radius {
        r if r >= ROLE_FROM => (46.0, 62.0 - r / 2.0),
        r if r >= WORDS_FROM => (26.0, 62.0 - r / 2.0),
        r if r >= LABELS_FROM => (16.0, 40.0),
        _ => (10.0, 12.0),
    }
}

/// How far nodes of that radius can stand from the middle: across and down.
fn reach(area: Area, radius: f64) -> (f64, f64) {
    let (below, beside) = margins(radius);
    let across = area.width / 2.0 - radius - beside;
    let down = (area.height - below - TOP) / 2.0 - radius - AROUND;
    (across.max(20.0), down.max(20.0))
}

/// How many rings, and how large the nodes on them are.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rings {
    count: usize,
    radius: f64,
}

/// The largest radius at which neighbours on one ring do not touch.
fn one_ring(area: Area, servers: usize, hub: bool) -> f64 {
    let small = area.width.min(area.height);
    let mut radius = if small < 360.0 { 24.0 } else { (small / 11.0).clamp(ROLE_FROM, RADIUS) };
    while servers > 1 && radius > SMALLEST {
        let (across, down) = reach(area, radius);
        let inner = across.min(down);
        let chord = 2.0 * inner * (PI / servers as f64).sin();
        let clear = !hub || radius * 2.6 <= inner;
        if clear && radius <= chord * if radius >= WORDS_FROM { 0.32 } else { 0.42 } {
            break;
        }
        radius = (radius * 0.85).max(SMALLEST);
    }
    radius
}

/// One ring where names can be written at its nodes, else as many as make the nodes largest.
fn rings(area: Area, servers: usize, hub: bool) -> Rings {
    let one = Rings { count: 1, radius: one_ring(area, servers, hub) };
    if one.radius >= LABELS_FROM {
        return one;
    }
    let radius_on = |count: usize| {
        let mut radius = LABELS_FROM - 0.5;
        while radius > SMALLEST {
            let (across, down) = reach(area, radius);
            let inner = across.min(down) - APART * radius * (count - 1) as f64;
            let places = servers.next_multiple_of(count);
            let chord = 2.0 * inner * (PI * count as f64 / places as f64).sin();
            if inner > 2.6 * radius && radius <= chord * 0.42 {
                break;
            }
            radius -= 0.1;
        }
        radius.max(SMALLEST)
    };
    (2..=MOST_RINGS.min(servers / 4 + 2))
        .map(|count| Rings { count, radius: radius_on(count) })
        .fold(one, |best, each| if each.radius > best.radius + 0.2 { each } else { best })
}

/// The outermost ring of an area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orbit {
    /// Its middle.
    pub middle: Point,
    /// Half its width.
    pub across: f64,
    /// Half its height.
    pub down: f64,
}

impl Orbit {
    fn of(area: Area, radius: f64, odd: Option<usize>) -> Orbit {
        let (across, down) = reach(area, radius);
        let down = down.min(across * 1.45);
        let across = across.min(down * 1.5);
        // An odd ring reaches lower at its sides than at its foot: its weight is moved to the middle.
        let sag = odd.map_or(0.0, |count| down * (1.0 - (PI / count as f64).cos()) / 2.0);
        let (below, _) = margins(radius);
        let middle = Point {
            x: area.left + area.width / 2.0,
            y: area.top + (area.height + TOP + AROUND - below) / 2.0 + sag,
        };
        Orbit { middle, across, down }
    }

    /// The place at an angle, so many pixels within.
    fn at(self, angle: f64, within: f64) -> Point {
        Point {
            x: self.middle.x + (self.across - within) * angle.cos(),
            y: self.middle.y + (self.down - within) * angle.sin(),
        }
    }
}

/// Servers on a ring, the first at the top; two stand side by side, one in the middle.
pub fn ring(area: Area, servers: usize) -> (Filled, Orbit) {
    let Rings { count, radius } = rings(area, servers, false);
    let odd = (servers % 2 == 1 && servers > 1 && servers < 12).then_some(servers);
    let orbit = Orbit::of(area, radius, odd);
    if servers == 1 {
        return (Filled { radius, places: vec![orbit.middle] }, orbit);
    }
    let start = if servers == 2 { -PI } else { -PI / 2.0 };
    (Filled { radius, places: around(orbit, servers, start, count, radius) }, orbit)
}

fn around(orbit: Orbit, count: usize, start: f64, rings: usize, radius: f64) -> Vec<Point> {
    // Every ring has as many places, some of the last unused: so the last never meets the first.
    let places = count.next_multiple_of(rings);
    let place = |node: usize| {
        let angle = start + TAU * node as f64 / places as f64;
        orbit.at(angle, (node % rings) as f64 * APART * radius)
    };
    (0..count).map(place).collect()
}

/// The first server in the middle, the others around it.
pub fn star(area: Area, servers: usize) -> (Filled, Orbit) {
    if servers < 3 {
        return ring(area, servers);
    }
    let others = servers - 1;
    let Rings { count, radius } = rings(area, others, true);
    let orbit = Orbit::of(area, radius, (others % 2 == 1 && others < 12).then_some(others));
    // Two leaves stand at either side of the hub.
    let start = if others == 2 { -PI } else { -PI / 2.0 };
    let mut places = vec![orbit.middle];
    places.extend(around(orbit, others, start, count, radius));
    (Filled { radius, places }, orbit)
}

/// Where on the hash ring a name lies, as a share of a full turn.
pub fn turn_of(name: &str) -> f64 {
    let mut hasher = StableHasher::new();
    hasher.write(name.as_bytes());
    hasher.finish() as f64 / u64::MAX as f64
}

/// Every server where its name hashes to, clockwise from the top. One that would cover another stands
/// within the ring at the same angle.
pub fn hash_ring(area: Area, names: &[&str]) -> (Filled, Orbit) {
    let mut order: Vec<(f64, usize)> =
        names.iter().enumerate().map(|(node, name)| (turn_of(name), node)).collect();
    sort_by(&mut order, |a, b| a.0.total_cmp(&b.0));
    let mut radius = one_ring(area, names.len().max(8), false);
    loop {
        let orbit = Orbit::of(area, radius, None);
        if let Some(places) = settle(orbit, &order, radius) {
            return (Filled { radius, places }, orbit);
        }
        if radius <= SMALLEST {
            // So many names that even dots collide: then they share the ring evenly.
            return ring(area, names.len());
        }
        radius = (radius * 0.92).max(SMALLEST);
    }
}

/// Each on the outermost ring where it covers nobody; `None` when there is no room.
fn settle(orbit: Orbit, order: &[(f64, usize)], radius: f64) -> Option<Vec<Point>> {
    let mut places = vec![orbit.middle; order.len()];
    let mut placed: Vec<Point> = vec![];
    let gap = if radius >= WORDS_FROM { 2.8 } else { 2.2 };
    // Only those before it along the ring, and the first ones, can be near.
    let near = 6 * MOST_RINGS;
    for &(turn, node) in order {
        let angle = turn * TAU - PI / 2.0;
        let free = (0..MOST_RINGS).map(|ring| ring as f64 * gap * 1.05 * radius).find_map(|within| {
            let at = orbit.at(angle, within);
            let room = orbit.across.min(orbit.down) - within > 3.0 * radius;
            let start = placed.len().saturating_sub(near);
            let mut others = placed[start..].iter().chain(placed[..start].iter().take(near));
            (room && others.all(|other| other.distance(at) >= gap * radius)).then_some(at)
        })?;
        places[node] = free;
        placed.push(free);
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_server_moves_no_other_on_the_hash_ring() {
        let area = Area { left: 0.0, top: 0.0, width: 784.0, height: 500.0 };
        let names: Vec<String> = (1..=9).map(|i| format!("S{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let turns = |names: &[&str]| {
            let (filled, orbit) = hash_ring(area, names);
            let angle = |at: &Point| {
                ((at.y - orbit.middle.y) / orbit.down).atan2((at.x - orbit.middle.x) / orbit.across)
            };
            filled.places.iter().map(angle).collect::<Vec<f64>>()
        };
        let (eight, nine) = (turns(&names[..8]), turns(&names));
        for (node, (a, b)) in eight.iter().zip(&nine).enumerate() {
            let turned = (a - b).abs().min(TAU - (a - b).abs());
            assert!(turned < 0.12, "S{}: {a} became {b}", node + 1);
        }
    }
}
