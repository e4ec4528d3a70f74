//! Servers on a ring, clients outside it.

use std::f64::consts::{PI, TAU};

use super::{AROUND, Geometry, Point, RADIUS, ROLE_FROM, WORDS_FROM};

/// Room at the top of the stage, and for one column and one row of clients.
const TOP: f64 = 12.0;
const COLUMN: f64 = 120.0;
const ROW: f64 = 104.0;

/// Where clients stand: in columns at the left where there is width, else in rows below.
#[derive(Clone, Copy, Debug)]
struct Guests {
    count: usize,
    /// How many share a column, or a row.
    together: usize,
    below: bool,
}

/// What the ring itself has to fill.
#[derive(Clone, Copy, Debug)]
struct Room {
    left: f64,
    width: f64,
    height: f64,
}

impl Guests {
    fn on(count: usize, width: f64, height: f64) -> Guests {
        let below = height > width;
        let together = if below { width / 108.0 } else { height / 118.0 };
        Guests { count, together: (together as usize).max(1), below }
    }

    /// How many columns or rows they take.
    fn lines(self) -> f64 {
        self.count.div_ceil(self.together) as f64
    }

    fn leave(self, width: f64, height: f64) -> Room {
        match self.below {
            true => Room { left: 0.0, width, height: height - self.lines() * ROW },
            false => {
                let left = self.lines() * COLUMN;
                Room { left, width: width - left, height }
            }
        }
    }

    fn place(self, number: usize, room: Room, width: f64, height: f64) -> Point {
        let (line, spot) = (number / self.together, number % self.together);
        let here = (self.count - line * self.together).min(self.together) as f64;
        let share = (spot as f64 + 0.5) / here;
        match self.below {
            true => Point { x: width * share, y: room.height + line as f64 * ROW + 34.0 },
            false => Point { x: 66.0 + line as f64 * COLUMN, y: height * share - 8.0 },
        }
    }
}

/// How much room a node's labels need: under it, and to either side of its outline.
fn margins(radius: f64) -> (f64, f64) {
    match radius {
        r if r >= ROLE_FROM => (46.0, 62.0 - r / 2.0),
        r if r >= WORDS_FROM => (26.0, 62.0 - r / 2.0),
        _ => (16.0, 34.0),
    }
}

impl Room {
    /// How far nodes of that radius can stand from the middle: across and down.
    fn reach(self, radius: f64) -> (f64, f64) {
        let (below, beside) = margins(radius);
        let across = self.width / 2.0 - radius - beside;
        let down = (self.height - below - TOP) / 2.0 - radius - AROUND;
        (across.max(20.0), down.max(20.0))
    }

    /// The largest radius at which neighbours do not touch.
    fn radius(self, servers: usize, small: f64) -> f64 {
        let mut radius = if small < 360.0 { 24.0 } else { (small / 11.0).clamp(ROLE_FROM, RADIUS) };
        while servers > 1 && radius > 3.0 {
            let (across, down) = self.reach(radius);
            let chord = 2.0 * across.min(down) * (PI / servers as f64).sin();
            if radius <= chord * if radius >= WORDS_FROM { 0.32 } else { 0.42 } {
                break;
            }
            radius = (radius * 0.85).max(3.0);
        }
        radius
    }
}

/// Arranges all nodes, `true` for clients.
pub fn arrange(clients: &[bool], width: f64, height: f64) -> Geometry {
    let guests = Guests::on(clients.iter().filter(|client| **client).count(), width, height);
    let servers = clients.len() - guests.count;
    let room = guests.leave(width, height);
    let radius = room.radius(servers, width.min(height));
    let (across, down) = room.reach(radius);
    let down = down.min(across * 1.45);
    let across = across.min(down * 1.5);
    // An odd ring reaches lower at its sides than at its foot: its weight is moved to the middle.
    let odd = servers % 2 == 1 && servers > 1;
    let sag = if odd { down * (1.0 - (PI / servers as f64).cos()) / 2.0 } else { 0.0 };
    let (below, _) = margins(radius);
    let middle =
        Point { x: room.left + room.width / 2.0, y: (room.height + TOP + AROUND - below) / 2.0 + sag };
    let (mut server, mut guest) = (0, 0);
    let place = |&client: &bool| {
        if client {
            guest += 1;
            return guests.place(guest - 1, room, width, height);
        }
        server += 1;
        on_ring(server - 1, servers, middle, across, down)
    };
    let places = clients.iter().map(place).collect();
    let aside = match radius {
        r if r < WORDS_FROM => 1.5,
        _ if servers == 2 => 12.0,
        _ => 5.0,
    };
    Geometry { width, height, places, radius, middle, aside }
}

/// The first stands at the top; two stand side by side, one in the middle.
fn on_ring(server: usize, servers: usize, middle: Point, across: f64, down: f64) -> Point {
    if servers == 1 {
        return middle;
    }
    let start = if servers == 2 { -PI } else { -PI / 2.0 };
    let angle = start + TAU * server as f64 / servers as f64;
    Point { x: middle.x + across * angle.cos(), y: middle.y + down * angle.sin() }
}
