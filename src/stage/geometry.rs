//! Where nodes stand and messages travel, in pixels of the stage. Pure: no document, no session.

mod ring;
mod row;

use faultline_lessons::Layout;

/// A point on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// A directed way from one node's outline to another's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lane {
    pub from: Point,
    pub to: Point,
}

/// An upright rectangle, for labels that must not cover each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Box2 {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// The whole arrangement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Geometry {
    pub width: f64,
    pub height: f64,
    /// Each node's middle, by its index in the cast.
    pub places: Vec<Point>,
    /// A node's radius.
    pub radius: f64,
    /// The middle of the ring.
    pub middle: Point,
    /// How far a message's way lies beside the line between two nodes, so that both directions and
    /// the line itself can be told apart.
    aside: f64,
}

/// The radius of a node where there is room.
const RADIUS: f64 = 34.0;
/// Below this radius a node's role is written under it and not within.
pub const ROLE_FROM: f64 = 31.0;
/// Below this radius a node has no words of its own within.
pub const WORDS_FROM: f64 = 20.0;
/// Below this radius a node has no labels at all.
pub const LABELS_FROM: f64 = 11.0;
/// On a stage narrower than this, neighbours' labels would touch.
const NARROW: f64 = 480.0;
/// Room for a node's timer arc and halo.
const AROUND: f64 = 14.0;

impl Point {
    /// The point that lies `share` of the way to `other`.
    pub fn toward(self, other: Point, share: f64) -> Point {
        Point { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }

    /// How far `other` is.
    pub fn distance(self, other: Point) -> f64 {
        (other.x - self.x).hypot(other.y - self.y)
    }
}

impl Lane {
    /// The point at that share of the way.
    pub fn at(&self, share: f64) -> Point {
        self.from.toward(self.to, share)
    }

    /// How long it is.
    pub fn length(&self) -> f64 {
        self.from.distance(self.to)
    }

    /// Its direction in degrees, clockwise from the right.
    pub fn degrees(&self) -> f64 {
        (self.to.y - self.from.y).atan2(self.to.x - self.from.x).to_degrees()
    }
}

impl Box2 {
    /// Around a middle.
    pub fn around(middle: Point, width: f64, height: f64) -> Box2 {
        Box2 {
            left: middle.x - width / 2.0,
            top: middle.y - height / 2.0,
            right: middle.x + width / 2.0,
            bottom: middle.y + height / 2.0,
        }
    }

    /// How much of the other it covers, square pixels.
    pub fn overlap(&self, other: &Box2) -> f64 {
        let wide = self.right.min(other.right) - self.left.max(other.left);
        let high = self.bottom.min(other.bottom) - self.top.max(other.top);
        wide.max(0.0) * high.max(0.0)
    }

    /// How large it is, square pixels.
    pub fn area(&self) -> f64 {
        (self.right - self.left) * (self.bottom - self.top)
    }
}

/// How much can be written under a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// One line with its role and epoch.
    RoleOnly,
    /// Two short lines: its epoch and its first cell.
    Narrow,
    /// Everything.
    Whole,
}

impl Geometry {
    /// Arranges nodes, `true` for clients, on a stage of that size.
    pub fn arrange(layout: Layout, clients: &[bool], width: f64, height: f64) -> Geometry {
        let (width, height) = (width.max(240.0), height.max(200.0));
        let servers = clients.iter().filter(|client| !**client).count();
        let beside =
            (layout == Layout::Pair).then(|| row::arrange(clients, servers, width, height)).flatten();
        beside.unwrap_or_else(|| ring::arrange(clients, width, height))
    }

    /// The way of messages from one node to another.
    pub fn lane(&self, from: usize, to: usize) -> Lane {
        let (a, b) = (self.place(from), self.place(to));
        let length = a.distance(b).max(1.0);
        let (ux, uy) = ((b.x - a.x) / length, (b.y - a.y) / length);
        // To the right of its direction, so that the way back is on the other side.
        let shift = |p: Point, along: f64| Point {
            x: p.x + ux * along - uy * self.aside,
            y: p.y + uy * along + ux * self.aside,
        };
        let inset = (self.radius + 13.0).min(length / 2.0 - 1.0);
        Lane { from: shift(a, inset), to: shift(b, -inset) }
    }

    /// The straight line between two nodes' outlines.
    pub fn line(&self, from: usize, to: usize) -> Lane {
        let (a, b) = (self.place(from), self.place(to));
        let inset = self.radius / a.distance(b).max(1.0);
        Lane { from: a.toward(b, inset.min(0.5)), to: b.toward(a, inset.min(0.5)) }
    }

    /// How much can be written under a node.
    pub fn room(&self) -> Room {
        if self.radius < ROLE_FROM {
            Room::RoleOnly
        } else if self.width < NARROW {
            Room::Narrow
        } else {
            Room::Whole
        }
    }

    /// A node's middle.
    pub fn place(&self, node: usize) -> Point {
        self.places.get(node).copied().unwrap_or(self.middle)
    }

    /// Where a node's labels begin: under it, or outside a crowded ring.
    pub fn label(&self, node: usize) -> (Point, &'static str) {
        let place = self.place(node);
        if self.radius >= WORDS_FROM {
            let gap = if self.radius >= ROLE_FROM { 24.0 } else { 21.0 };
            return (Point { x: place.x, y: place.y + self.radius + gap }, "middle");
        }
        let away = Point { x: place.x - self.middle.x, y: place.y - self.middle.y };
        let length = away.x.hypot(away.y).max(1.0);
        let reach = self.radius + if self.radius < LABELS_FROM { 5.0 } else { 13.0 };
        let at = Point { x: place.x + away.x / length * reach, y: place.y + away.y / length * reach + 4.0 };
        let anchor = match away.x / length {
            x if x > 0.35 => "start",
            x if x < -0.35 => "end",
            _ => "middle",
        };
        (at, anchor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(servers: usize, clients: usize) -> Vec<bool> {
        let mut cast = vec![false; servers];
        cast.extend(vec![true; clients]);
        cast
    }

    #[test]
    fn all_nodes_stand_on_the_stage_and_apart() {
        for layout in [Layout::Ring, Layout::Pair] {
            for (width, height) in [(784.0, 500.0), (390.0, 560.0), (340.0, 420.0), (700.0, 300.0)] {
                for servers in [1, 2, 3, 4, 5, 7, 9, 12, 25, 60] {
                    for clients in [0, 1, 2, 3] {
                        let it = Geometry::arrange(layout, &cast(servers, clients), width, height);
                        let what = format!("{layout:?} {servers}+{clients} on {width}x{height}");
                        for (i, a) in it.places.iter().enumerate() {
                            let r = it.radius;
                            assert!(a.x >= r && a.x <= width - r, "{what}: node {i} at {a:?}");
                            assert!(a.y >= r && a.y <= height - r, "{what}: node {i} at {a:?}");
                            for b in &it.places[..i] {
                                assert!(a.distance(*b) > 2.0 * r, "{what}: {a:?} touches {b:?}, r {r}");
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn five_servers_have_room_for_their_words() {
        let it = Geometry::arrange(Layout::Ring, &cast(5, 1), 784.0, 520.0);
        assert_eq!(it.radius, RADIUS);
        assert!(it.places.iter().all(|p| p.y + it.radius + 40.0 <= 520.0));
    }

    #[test]
    fn two_hundred_nodes_are_arranged_too() {
        let it = Geometry::arrange(Layout::Ring, &cast(200, 0), 784.0, 500.0);
        assert!(it.radius >= 3.0);
        assert!(it.places[0].distance(it.places[1]) >= 2.0 * it.radius - 1.0);
    }

    #[test]
    fn a_message_and_its_answer_travel_apart() {
        let it = Geometry::arrange(Layout::Pair, &cast(2, 0), 700.0, 420.0);
        let (there, back) = (it.lane(0, 1), it.lane(1, 0));
        assert!((there.at(0.5).y - back.at(0.5).y).abs() > 20.0);
        assert!(there.length() > 100.0 && there.from.x < there.to.x);
    }
}
