//! Where clients stand: beside the servers, in columns at the left or in rows below.

use super::area::{Area, Filled, grid};
use super::{Point, RADIUS};

/// Room for one column and one row of clients.
const COLUMN: f64 = 120.0;
const ROW: f64 = 104.0;
/// Clients in columns take at most this share of the stage; more of them stand closer.
const MOST: f64 = 0.36;

/// The clients at their places, and what they leave to the servers.
#[derive(Clone, Debug, PartialEq)]
pub struct Guests {
    /// The clients; their radius is an upper bound for all nodes.
    pub filled: Filled,
    /// The servers' room.
    pub room: Area,
}

/// Places so many clients beside so many servers.
pub fn seat(guests: usize, servers: usize, width: f64, height: f64) -> Guests {
    let whole = Area { left: 0.0, top: 0.0, width, height };
    if guests == 0 {
        return Guests { filled: Filled { radius: RADIUS, places: vec![] }, room: whole };
    }
    let below = height > width;
    let together = if below { width / 108.0 } else { height / 118.0 };
    let together = (together as usize).max(1);
    let lines = guests.div_ceil(together) as f64;
    let (taken, side) = if below { (lines * ROW, height) } else { (lines * COLUMN, width) };
    if lines > 1.0 && taken > side * MOST {
        return crowd(guests, servers, whole, below);
    }
    let room = match below {
        true => Area { height: height - taken, ..whole },
        false => Area { left: taken, width: width - taken, ..whole },
    };
    let place = |number: usize| {
        let (line, spot) = (number / together, number % together);
        let here = (guests - line * together).min(together) as f64;
        let share = (spot as f64 + 0.5) / here;
        match below {
            true => Point { x: width * share, y: room.height + line as f64 * ROW + 34.0 },
            false => Point { x: 66.0 + line as f64 * COLUMN, y: height * share - 8.0 },
        }
    };
    Guests { filled: Filled { radius: RADIUS, places: (0..guests).map(place).collect() }, room }
}

/// A crowd of clients takes its share of the stage as a grid.
fn crowd(guests: usize, servers: usize, whole: Area, below: bool) -> Guests {
    let share = (guests as f64 / (guests + servers.max(1)) as f64).clamp(0.2, 0.5);
    let (mine, room) = match below {
        true => {
            let height = whole.height * (1.0 - share);
            (Area { top: height, height: whole.height - height, ..whole }, Area { height, ..whole })
        }
        false => {
            let width = whole.width * share;
            (Area { width, ..whole }, Area { left: width, width: whole.width - width, ..whole })
        }
    };
    Guests { filled: grid(mine.inset(8.0), guests), room }
}
