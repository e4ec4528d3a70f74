//! Servers side by side.

use super::area::need;
use super::{Geometry, Point, RADIUS, ROLE_FROM};

/// Servers side by side, clients outside them; `None` when they have no room.
pub fn arrange(clients: &[bool], servers: usize, width: f64, height: f64) -> Option<Geometry> {
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
    if order.len() > 1 && gap < need(radius).0 {
        return None;
    }
    let middle = Point { x: width / 2.0, y: if below { height * 0.30 } else { height * 0.46 } };
    let first = middle.x - gap * (order.len().saturating_sub(1)) as f64 / 2.0;
    let mut places = vec![middle; clients.len()];
    for (column, &node) in order.iter().enumerate() {
        places[node] = Point { x: first + gap * column as f64, y: middle.y };
    }
    if below {
        let each = outside.len() as f64;
        for (number, &client) in outside.iter().enumerate() {
            let x = width * (number as f64 + 0.5) / each;
            places[client] = Point { x, y: (middle.y + 190.0).min(height - radius - 54.0) };
        }
    }
    Some(Geometry {
        width,
        height,
        places,
        radius,
        middle,
        decor: vec![],
        outward: true,
        ringed: true,
        aside: 13.0,
    })
}
