//! Where nodes stand and messages travel, in pixels of the stage. Pure: no document, no session.

mod area;
mod arrangement;
mod guests;
mod overlay;
mod regions;
mod ring;
mod row;
#[cfg(test)]
mod tests;

use faultline_lessons::{Layout, Spot};
use faultline_model::SortedMap;

pub use area::Area;
use arrangement::{beside_guests, in_regions, in_tiers};

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

/// Who stands on the stage, in the order of the cast.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Players {
    /// Their names.
    pub names: Vec<String>,
    /// Which of them are clients.
    pub clients: Vec<bool>,
}

/// What belongs to a layout itself, drawn behind everything.
#[derive(Clone, Debug, PartialEq)]
pub enum Decor {
    /// The ring of a hash ring.
    Circle { middle: Point, across: f64, down: f64 },
    /// A region of a map.
    Region { area: Area, name: String },
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
    /// What is drawn behind the nodes.
    pub decor: Vec<Decor>,
    /// Whether names that have no room under their nodes stand outside, away from the middle.
    outward: bool,
    /// Whether servers stand on one ring, in their order.
    pub ringed: bool,
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
/// How far from a node its halo lies: outside its timer's arc, above the words beneath it.
pub const HALO: f64 = 10.0;
/// Nodes whose heights differ by less have their labels side by side.
const LEVEL: f64 = 44.0;
/// The two lines under a node reach about so far from the first one's foot.
const UNDER: f64 = 20.0;
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
    /// Its role.
    Word,
    /// One line with its role and epoch.
    RoleOnly,
    /// Two short lines: its epoch and its first cell.
    Narrow,
    /// Everything.
    Whole,
}

impl Players {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.clients.len()
    }

    fn servers(&self) -> Vec<usize> {
        (0..self.len()).filter(|&node| !self.clients[node]).collect()
    }
}

impl Geometry {
    /// Arranges nodes on a stage of that size. `edges` are the pairs that talk to each other, which an
    /// overlay graph is drawn by.
    pub fn arrange(
        layout: &Layout,
        players: &Players,
        edges: &[(usize, usize)],
        width: f64,
        height: f64,
    ) -> Geometry {
        let (width, height) = (width.max(240.0), height.max(200.0));
        match layout {
            Layout::Pair => {
                let servers = players.servers().len();
                let beside = row::arrange(&players.clients, servers, width, height);
                // More than stand side by side stand in a chain; two on a phone are a ring, one above clients.
                let other = if servers > 2 { Layout::Chain } else { Layout::Ring };
                beside.unwrap_or_else(|| beside_guests(&other, players, edges, width, height))
            }
            Layout::Tiers(tiers) => in_tiers(tiers, players, width, height),
            Layout::Regions(regions) => in_regions(regions, players, width, height),
            Layout::Free(spots) => {
                beside_guests(&Layout::Ring, players, edges, width, height).moved(spots, players)
            }
            _ => beside_guests(layout, players, edges, width, height),
        }
    }

    /// With some nodes at places of their own.
    fn moved(mut self, spots: &[Spot], players: &Players) -> Geometry {
        let by_name: SortedMap<&str, &Spot> = spots.iter().map(|spot| (&*spot.node, spot)).collect();
        for node in 0..players.len() {
            if let Some(spot) = by_name.get(players.names[node].as_str()) {
                self.places[node] = self.point(spot);
            }
        }
        self.ringed = self.ringed && spots.is_empty();
        self
    }

    /// The part of the stage in which the middle of a node may stand.
    fn field(&self) -> Area {
        let (_, above, below) = area::need(self.radius);
        let beside = self.radius + AROUND;
        Area {
            left: beside,
            top: above,
            width: (self.width - 2.0 * beside).max(1.0),
            height: (self.height - above - below).max(1.0),
        }
    }

    fn point(&self, spot: &Spot) -> Point {
        let field = self.field();
        let share = |thousandths: u16| f64::from(thousandths.min(1_000)) / 1_000.0;
        Point { x: field.left + field.width * share(spot.x), y: field.top + field.height * share(spot.y) }
    }

    /// The place of its own that a node has when it stands at a point.
    pub fn spot(&self, node: &str, at: Point) -> Spot {
        let field = self.field();
        let thousandths = |share: f64| (share.clamp(0.0, 1.0) * 1_000.0).round() as u16;
        Spot {
            node: node.to_owned(),
            x: thousandths((at.x - field.left) / field.width),
            y: thousandths((at.y - field.top) / field.height),
        }
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
        if self.radius < ROLE_FROM && self.width < NARROW {
            Room::Word
        } else if self.radius < ROLE_FROM {
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

    /// How wide what stands under a node may be before it meets what stands under the next one, or a node
    /// that stands lower, pixels.
    pub fn label_room(&self, node: usize) -> f64 {
        let (here, (label, _)) = (self.place(node), self.label(node));
        let reach = self.radius + HALO;
        let room = |other: &Point| {
            let (aside, below) = ((other.x - here.x).abs(), other.y - here.y);
            let beside_lines = other.y - reach < label.y + UNDER && other.y + reach > label.y - UNDER;
            match below {
                below if below.abs() < LEVEL => aside - 8.0,
                // One right below leaves no room at all, however short the line.
                below if below > 0.0 && beside_lines && aside > reach + UNDER => 2.0 * (aside - reach),
                _ => self.width,
            }
        };
        self.places.iter().filter(|other| **other != here).map(room).fold(self.width - 8.0, f64::min)
    }

    /// Where the middle of a text so wide stands that is wanted at `x` and must not leave the stage.
    pub fn kept_in(&self, x: f64, width: f64) -> f64 {
        let half = width / 2.0 + 4.0;
        if self.width < 2.0 * half { self.width / 2.0 } else { x.clamp(half, self.width - half) }
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
        if !self.outward {
            return (Point { x: place.x, y: place.y + self.radius + 21.0 }, "middle");
        }
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
