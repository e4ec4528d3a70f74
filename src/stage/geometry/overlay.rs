//! A graph drawn by its forces: who talks to whom stands close. Pure, and the same every time.

use std::f64::consts::{PI, TAU};

use super::Point;
use super::area::{Area, Cells, Filled, SMALLEST, need};

/// Beyond so many nodes the forces are let act for fewer rounds: a round costs the square of the nodes.
const BUDGET: usize = 12_000_000;
const MOST_ROUNDS: usize = 160;

/// Arranges `count` nodes with those edges in an area; none covers another.
pub fn overlay(area: Area, count: usize, edges: &[(usize, usize)]) -> Filled {
    let cells = Cells::best(area, (count * 2).max(1), false);
    let radius = cells.radius();
    let drawn = relax(count, edges);
    let (across, above, below) = need(radius);
    // On a lattice of cells that are just large enough, each takes the free cell nearest to its place.
    let columns = ((area.width / across) as usize).max(1);
    let rows = ((area.height / (above + below)) as usize).max(1);
    let (columns, rows) = if columns * rows < count { (cells.columns, cells.rows) } else { (columns, rows) };
    let lattice = Cells { area, columns, rows };
    let places = snap(&drawn, lattice, radius.max(SMALLEST));
    Filled { radius, places }
}

/// Places in the unit square, from the forces of edges that pull and nodes that push (Fruchterman and
/// Reingold, 1991). It begins on a circle, in order, so that the outcome is a function of the graph.
fn relax(count: usize, edges: &[(usize, usize)]) -> Vec<Point> {
    let start = |node: usize| {
        let angle = TAU * node as f64 / count.max(1) as f64 - PI / 2.0;
        // Slightly off the circle, or nodes without edges would never leave their line.
        let out = 0.4 + 0.05 * ((node * 7) % 5) as f64 / 5.0;
        Point { x: 0.5 + out * angle.cos(), y: 0.5 + out * angle.sin() }
    };
    let mut places: Vec<Point> = (0..count).map(start).collect();
    if count < 3 {
        return places;
    }
    let ideal = 0.8 / (count as f64).sqrt();
    let rounds = (BUDGET / (count * count)).clamp(12, MOST_ROUNDS);
    for round in 0..rounds {
        let heat = 0.12 * (1.0 - round as f64 / rounds as f64) + 0.002;
        let mut moves = vec![Point::default(); count];
        for a in 0..count {
            for b in a + 1..count {
                let (dx, dy) = (places[a].x - places[b].x, places[a].y - places[b].y);
                let square = (dx * dx + dy * dy).max(1e-6);
                let push = ideal * ideal / square;
                shift(&mut moves, a, b, dx * push, dy * push);
            }
        }
        for &(a, b) in edges {
            let (dx, dy) = (places[b].x - places[a].x, places[b].y - places[a].y);
            let pull = dx.hypot(dy) / ideal;
            shift(&mut moves, a, b, dx * pull, dy * pull);
        }
        for (place, go) in places.iter_mut().zip(&moves) {
            // A weak pull to the middle keeps parts that nothing joins on the page.
            let (x, y) = (go.x + (0.5 - place.x) * 0.3, go.y + (0.5 - place.y) * 0.3);
            let far = x.hypot(y).max(1e-9);
            place.x += x / far * far.min(heat);
            place.y += y / far * far.min(heat);
        }
    }
    spread(&mut places);
    places
}

fn shift(moves: &mut [Point], a: usize, b: usize, x: f64, y: f64) {
    moves[a].x += x;
    moves[a].y += y;
    moves[b].x -= x;
    moves[b].y -= y;
}

/// Stretches places over the whole unit square.
fn spread(places: &mut [Point]) {
    let bounds = |get: fn(&Point) -> f64, places: &[Point]| {
        let low = places.iter().map(get).fold(f64::INFINITY, f64::min);
        let high = places.iter().map(get).fold(f64::NEG_INFINITY, f64::max);
        (low, (high - low).max(1e-9))
    };
    let ((left, width), (top, height)) = (bounds(|p| p.x, places), bounds(|p| p.y, places));
    for place in places {
        *place = Point { x: (place.x - left) / width, y: (place.y - top) / height };
    }
}

/// Gives every node the free cell nearest to where the forces put it, in the order of the cast.
fn snap(drawn: &[Point], lattice: Cells, radius: f64) -> Vec<Point> {
    let (columns, rows) = (lattice.columns as i64, lattice.rows as i64);
    let mut taken = vec![false; lattice.columns * lattice.rows];
    let wanted = |at: &Point| {
        let cell = |share: f64, count: i64| ((share * count as f64) as i64).clamp(0, count - 1);
        (cell(at.x, columns), cell(at.y, rows))
    };
    let mut place = |at: &Point| {
        let (column, row) = wanted(at);
        // Squares of growing size around the wanted cell; of one square, the nearest cell.
        let free = (0..columns.max(rows)).find_map(|far| {
            let edge = (-far..=far).flat_map(|dy| {
                let step = if dy.abs() == far { 1 } else { (2 * far).max(1) };
                (-far..=far).step_by(step as usize).map(move |dx| (dx, dy))
            });
            let inside = edge.map(|(dx, dy)| (column + dx, row + dy)).filter(|&(x, y)| {
                (0..columns).contains(&x) && (0..rows).contains(&y) && !taken[(y * columns + x) as usize]
            });
            inside.min_by_key(|&(x, y)| ((x - column).pow(2) + (y - row).pow(2), y, x))
        });
        let (x, y) = free.unwrap_or((column, row));
        taken[(y * columns + x) as usize] = true;
        lattice.place(x as usize, y as usize, radius)
    };
    drawn.iter().map(&mut place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area { left: 0.0, top: 0.0, width: 784.0, height: 500.0 };

    #[test]
    fn who_talks_stands_closer_than_who_does_not() {
        // Two cliques of five with one edge between them.
        let clique = |from: usize| (from..from + 5).flat_map(move |a| (a + 1..from + 5).map(move |b| (a, b)));
        let mut edges: Vec<(usize, usize)> = clique(0).chain(clique(5)).collect();
        edges.push((0, 5));
        let filled = overlay(AREA, 10, &edges);
        let mean = |pairs: &mut dyn Iterator<Item = (usize, usize)>| {
            let far: Vec<f64> = pairs.map(|(a, b)| filled.places[a].distance(filled.places[b])).collect();
            far.iter().sum::<f64>() / far.len() as f64
        };
        let within = mean(&mut clique(0).chain(clique(5)));
        let across = mean(&mut (0..5).flat_map(|a| (5..10).map(move |b| (a, b))));
        assert!(within * 1.5 < across, "{within} within, {across} across");
        assert_eq!(filled, overlay(AREA, 10, &edges), "the same every time");
    }
}
