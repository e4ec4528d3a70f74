//! What a partition looks like on the stage: the line between two groups on a ring, else an outline
//! around every group. Pure.

use super::super::geometry::{Geometry, Players, Point};
use super::groups::Standing;
use faultline_model::sort_by;

/// Dashed curves, and where their name stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// The curves, as path data.
    pub path: String,
    /// Where "partition" is written.
    pub name: Point,
    /// How it is aligned there.
    pub anchor: &'static str,
}

/// The boundary of a partition: a curve if its two groups stand side by side on the ring, else
/// outlines if they do not overlap.
pub fn boundary(standing: &Standing, players: &Players, geometry: &Geometry) -> Option<Boundary> {
    let servers: Vec<usize> =
        (0..standing.len()).filter(|&i| players.clients.get(i) == Some(&false)).collect();
    let across = (3..=24).contains(&servers.len()) && geometry.ringed;
    across.then(|| curve(standing, &servers, geometry)).flatten().or_else(|| outlines(standing, geometry))
}

/// A curve through the two gaps between two groups on the ring.
fn curve(standing: &Standing, servers: &[usize], geometry: &Geometry) -> Option<Boundary> {
    let count = servers.len();
    let group = |i: usize| standing[servers[i]];
    if (0..count).any(|i| group(i).is_none_or(|group| group > 1)) {
        return None;
    }
    // Going round, the group changes exactly twice.
    let changes: Vec<usize> = (0..count).filter(|&i| group(i) != group((i + 1) % count)).collect();
    let [first, second] = changes[..] else {
        return None;
    };
    let end = |gap: usize| {
        let (a, b) = (geometry.place(servers[gap]), geometry.place(servers[(gap + 1) % count]));
        let between = a.toward(b, 0.5);
        let out = Point { x: between.x - geometry.middle.x, y: between.y - geometry.middle.y };
        let length = out.x.hypot(out.y).max(1.0);
        let beyond = geometry.radius * 2.0;
        Point {
            x: (between.x + out.x / length * beyond).clamp(8.0, geometry.width - 8.0),
            y: (between.y + out.y / length * beyond).clamp(8.0, geometry.height - 8.0),
        }
    };
    let (mut top, mut foot) = (end(first), end(second));
    if top.y > foot.y {
        std::mem::swap(&mut top, &mut foot);
    }
    let waist = geometry.middle.toward(top.toward(foot, 0.5), 0.55);
    // A quadratic curve through the waist.
    let bend = Point { x: 2.0 * waist.x - (top.x + foot.x) / 2.0, y: 2.0 * waist.y - (top.y + foot.y) / 2.0 };
    let path =
        format!("M {:.1} {:.1} Q {:.1} {:.1} {:.1} {:.1}", top.x, top.y, bend.x, bend.y, foot.x, foot.y);
    let left = top.x <= geometry.middle.x;
    let name = Point { x: top.x + if left { -8.0 } else { 8.0 }, y: top.y + 5.0 };
    Some(Boundary { path, name, anchor: if left { "end" } else { "start" } })
}

/// An outline around every group, if none reaches into another.
fn outlines(standing: &Standing, geometry: &Geometry) -> Option<Boundary> {
    let groups = standing.iter().flatten().max()? + 1;
    let reach = geometry.radius * 1.3 + 7.0;
    let around = |group: usize| {
        let nodes = (0..standing.len()).filter(|&node| standing[node] == Some(group));
        grown(&hull(nodes.map(|node| geometry.place(node)).collect()), reach)
    };
    let wide: Vec<Vec<Point>> = (0..groups).map(around).collect();
    let overlap = wide.iter().enumerate().any(|(i, a)| wide[..i].iter().any(|b| !apart(a, b)));
    if overlap {
        return None;
    }
    let top = wide.iter().flatten().copied().min_by(|a, b| a.y.total_cmp(&b.y))?;
    let name = Point { x: top.x + reach + 10.0, y: (top.y + 4.0).max(14.0) };
    Some(Boundary { path: wide.iter().map(|hull| closed(hull)).collect(), name, anchor: "start" })
}

/// The convex hull, clockwise on the stage (Andrew's monotone chain, 1979).
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    sort_by(&mut points, |a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut line: Vec<Point> = vec![];
        for point in points {
            while let [.., a, b] = line[..]
                && turn(a, b, point) <= 0.0
            {
                line.pop();
            }
            line.push(point);
        }
        line.pop();
        line
    };
    if points.len() < 3 {
        return points;
    }
    let mut all = half(&mut points.iter().copied());
    all.extend(half(&mut points.iter().rev().copied()));
    all
}

/// Positive when a, b, c turn to the right, as seen on a stage whose y grows downwards.
fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Whether an edge of one of two hulls has all of the other beyond it (the separating axis theorem).
fn apart(a: &[Point], b: &[Point]) -> bool {
    let splits = |a: &[Point], b: &[Point]| {
        let mut edges = a.iter().zip(a.iter().cycle().skip(1));
        edges.any(|(&from, &to)| b.iter().all(|&at| turn(from, to, at) < 0.0))
    };
    splits(a, b) || splits(b, a)
}

/// The hull of discs around the corners: eight points a disc are round enough for dashes.
fn grown(hull_of: &[Point], reach: f64) -> Vec<Point> {
    let around = |at: &Point| {
        let at = *at;
        (0..8).map(move |i| {
            let angle = std::f64::consts::TAU * (f64::from(i) + 0.5) / 8.0;
            Point { x: at.x + reach * angle.cos(), y: at.y + reach * angle.sin() }
        })
    };
    hull(hull_of.iter().flat_map(around).collect())
}

fn closed(hull: &[Point]) -> String {
    let corner =
        |(i, at): (usize, &Point)| format!("{} {:.1} {:.1} ", if i == 0 { 'M' } else { 'L' }, at.x, at.y);
    hull.iter().enumerate().map(corner).collect::<String>() + "Z "
}

#[cfg(test)]
mod tests {
    use faultline_lessons::Layout;

    use super::*;

    fn of(layout: &Layout, groups: &[usize]) -> Option<Boundary> {
        let names = (1..=groups.len()).map(|i| format!("S{i}")).collect();
        let players = Players { names, clients: vec![false; groups.len()] };
        let standing: Standing = groups.iter().copied().map(Some).collect();
        boundary(&standing, &players, &Geometry::arrange(layout, &players, &[], 700.0, 500.0))
    }

    #[test]
    fn two_groups_of_neighbours_on_the_ring_have_a_line_between_them() {
        let found = of(&Layout::Ring, &[0, 0, 0, 1, 1]).unwrap();
        assert!(found.path.starts_with('M') && found.path.contains('Q') && !found.path.contains("NaN"));
    }

    #[test]
    fn more_groups_and_other_layouts_have_outlines() {
        let three = of(&Layout::Ring, &[0, 0, 1, 1, 2, 2]).unwrap();
        assert_eq!(three.path.matches('Z').count(), 3);
        let row = |from: u16| (from..from + 4).map(|i| format!("S{i}")).collect::<Vec<_>>();
        let rows = of(&Layout::Tiers(vec![row(1), row(5)]), &[0, 0, 0, 0, 1, 1, 1, 1]).unwrap();
        assert_eq!(rows.path.matches('Z').count(), 2);
        let alone = of(&Layout::Chain, &[0, 0, 1]).unwrap();
        assert_eq!(alone.path.matches('Z').count(), 2, "one node has an outline, too");
    }

    #[test]
    fn groups_that_reach_into_each_other_have_none() {
        assert_eq!(of(&Layout::Ring, &[0, 1, 0, 1, 0, 1, 0]), None);
    }
}
