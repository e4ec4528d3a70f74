//! Where nodes stand and messages travel, in pixels of the stage. Pure: no document, no session.

use std::f64::consts::{PI, TAU};

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
        Point {
            x: self.x + (other.x - self.x) * share,
            y: self.y + (other.y - self.y) * share,
        }
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
        (self.to.y - self.from.y)
            .atan2(self.to.x - self.from.x)
            .to_degrees()
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

/// How much room a node's labels need: under it, and to either side of its middle.
struct Margins {
    below: f64,
    beside: f64,
}

impl Geometry {
    /// Arranges nodes, `true` for clients, on a stage of that size.
    pub fn arrange(layout: Layout, clients: &[bool], width: f64, height: f64) -> Geometry {
        let (width, height) = (width.max(240.0), height.max(200.0));
        let servers = clients.iter().filter(|client| !**client).count();
        let beside = (layout == Layout::Pair).then(|| row(clients, servers, width, height)).flatten();
        beside.unwrap_or_else(|| ring(clients, servers, width, height))
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
        Lane {
            from: shift(a, inset),
            to: shift(b, -inset),
        }
    }

    /// The straight line between two nodes' outlines.
    pub fn line(&self, from: usize, to: usize) -> Lane {
        let (a, b) = (self.place(from), self.place(to));
        let inset = self.radius / a.distance(b).max(1.0);
        Lane {
            from: a.toward(b, inset.min(0.5)),
            to: b.toward(a, inset.min(0.5)),
        }
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
            return (
                Point {
                    x: place.x,
                    y: place.y + self.radius + gap,
                },
                "middle",
            );
        }
        let away = Point {
            x: place.x - self.middle.x,
            y: place.y - self.middle.y,
        };
        let length = away.x.hypot(away.y).max(1.0);
        let reach = self.radius + if self.radius < LABELS_FROM { 5.0 } else { 13.0 };
        let at = Point {
            x: place.x + away.x / length * reach,
            y: place.y + away.y / length * reach + 4.0,
        };
        let anchor = match away.x / length {
            x if x > 0.35 => "start",
            x if x < -0.35 => "end",
            _ => "middle",
        };
        (at, anchor)
    }
}

fn ring(clients: &[bool], servers: usize, width: f64, height: f64) -> Geometry {
    let guests = clients.len() - servers;
    let tall = height > width;
    let small = width.min(height);
    let mut radius = if small < 360.0 {
        24.0
    } else {
        (small / 11.0).clamp(ROLE_FROM, RADIUS)
    };
    let margins = |radius: f64| Margins {
        below: match radius {
            r if r >= ROLE_FROM => 46.0,
            r if r >= WORDS_FROM => 26.0,
            _ => 16.0,
        },
        beside: if radius >= WORDS_FROM {
            62.0 - radius / 2.0
        } else {
            34.0
        },
    };
    // Clients stand outside: in columns at the left where there is width, else in rows below.
    let columns = if guests == 0 || tall {
        0
    } else {
        guests.div_ceil(clients_a_column(height))
    };
    let a_row = ((width / 108.0) as usize).max(1);
    let rows = if guests == 0 || !tall {
        0
    } else {
        guests.div_ceil(a_row)
    };
    let left = columns as f64 * 120.0;
    let bottom = rows as f64 * 104.0;

    let room = |radius: f64| {
        let m = margins(radius);
        let across = (width - left) / 2.0 - radius - m.beside;
        let down = (height - bottom - m.below - 12.0) / 2.0 - radius - AROUND;
        (across.max(20.0), down.max(20.0))
    };
    // Neighbours on the ring must not touch.
    let mut reach = room(radius);
    if servers > 1 {
        for _ in 0..12 {
            let chord = 2.0 * reach.0.min(reach.1) * (PI / servers as f64).sin();
            let fits = chord * if radius >= WORDS_FROM { 0.32 } else { 0.42 };
            if radius <= fits || radius <= 3.0 {
                break;
            }
            radius = (radius * 0.85).max(3.0);
            reach = room(radius);
        }
    }
    let down = reach.1.min(reach.0 * 1.45);
    let across = reach.0.min(down * 1.5);
    let m = margins(radius);
    let middle = Point {
        x: left + (width - left) / 2.0,
        y: 12.0
            + AROUND
            + radius
            + (height - bottom - 12.0 - 2.0 * (radius + AROUND / 2.0) - m.below) / 2.0,
    };
    // An odd ring reaches lower at its sides than at its foot: its weight is moved to the middle.
    let sag = if servers % 2 == 1 && servers > 1 {
        down * (1.0 - (PI / servers as f64).cos()) / 2.0
    } else {
        0.0
    };
    let middle = Point {
        y: middle.y + sag,
        ..middle
    };

    let mut places = Vec::with_capacity(clients.len());
    let (mut server, mut guest) = (0, 0);
    for &client in clients {
        if client {
            places.push(if tall {
                let (row, column) = (guest / a_row, guest % a_row);
                let here = (guests - row * a_row).min(a_row) as f64;
                Point {
                    x: width * (column as f64 + 0.5) / here,
                    y: height - bottom + row as f64 * 104.0 + 34.0,
                }
            } else {
                let each = clients_a_column(height);
                let (column, row) = (guest / each, guest % each);
                let here = (guests - column * each).min(each) as f64;
                Point {
                    x: 66.0 + column as f64 * 120.0,
                    y: height * (row as f64 + 0.5) / here - 8.0,
                }
            });
            guest += 1;
        } else {
            let angle = -PI / 2.0 + TAU * server as f64 / servers.max(1) as f64;
            // Two stand side by side.
            let angle = if servers == 2 {
                angle - PI / 2.0
            } else {
                angle
            };
            let alone = servers == 1;
            places.push(Point {
                x: middle.x + if alone { 0.0 } else { across * angle.cos() },
                y: middle.y + if alone { 0.0 } else { down * angle.sin() },
            });
            server += 1;
        }
    }
    let aside = if radius >= WORDS_FROM {
        if servers == 2 { 12.0 } else { 5.0 }
    } else {
        1.5
    };
    Geometry {
        width,
        height,
        places,
        radius,
        middle,
        aside,
    }
}

fn clients_a_column(height: f64) -> usize {
    ((height / 118.0) as usize).max(1)
}

/// Servers side by side, clients outside them; `None` when they have no room.
fn row(clients: &[bool], servers: usize, width: f64, height: f64) -> Option<Geometry> {
    let guests = clients.len() - servers;
    let radius = (width / 11.0).clamp(ROLE_FROM, RADIUS);
    let below = guests > 0 && width < 620.0 || guests > servers;
    // The row in order: a client left of the first server, the servers, clients right of the others.
    let mut order: Vec<usize> = (0..clients.len()).filter(|&i| !clients[i]).collect();
    let outside: Vec<usize> = (0..clients.len()).filter(|&i| clients[i]).collect();
    if !below {
        for (number, &client) in outside.iter().enumerate() {
            if number == 0 {
                order.insert(0, client);
            } else {
                order.push(client);
            }
        }
    }
    let margin = radius + 56.0;
    let usual = if below || guests == 0 { 300.0 } else { 215.0 };
    let gaps = order.len().saturating_sub(1).max(1) as f64;
    let gap = ((width - 2.0 * margin) / gaps).min(usual + 80.0);
    if gap < 2.0 * radius + 44.0 {
        return None;
    }
    let middle = Point {
        x: width / 2.0,
        y: if below { height * 0.30 } else { height * 0.46 },
    };
    let first = middle.x - gap * (order.len().saturating_sub(1)) as f64 / 2.0;
    let mut places = vec![middle; clients.len()];
    for (column, &node) in order.iter().enumerate() {
        places[node] = Point {
            x: first + gap * column as f64,
            y: middle.y,
        };
    }
    if below {
        let each = outside.len() as f64;
        for (number, &client) in outside.iter().enumerate() {
            let x = width * (number as f64 + 0.5) / each;
            places[client] = Point {
                x,
                y: (middle.y + 190.0).min(height - radius - 54.0),
            };
        }
    }
    Some(Geometry {
        width,
        height,
        places,
        radius,
        middle,
        aside: 13.0 })
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
            for (width, height) in [
                (784.0, 500.0),
                (390.0, 560.0),
                (340.0, 420.0),
                (700.0, 300.0),
            ] {
                for servers in [1, 2, 3, 4, 5, 7, 9, 12, 25, 60] {
                    for clients in [0, 1, 2, 3] {
                        let it = Geometry::arrange(layout, &cast(servers, clients), width, height);
                        let what = format!("{layout:?} {servers}+{clients} on {width}x{height}");
                        for (i, a) in it.places.iter().enumerate() {
                            let r = it.radius;
                            assert!(a.x >= r && a.x <= width - r, "{what}: node {i} at {a:?}");
                            assert!(a.y >= r && a.y <= height - r, "{what}: node {i} at {a:?}");
                            for b in &it.places[..i] {
                                assert!(
                                    a.distance(*b) > 2.0 * r,
                                    "{what}: {a:?} touches {b:?}, r {r}"
                                );
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
