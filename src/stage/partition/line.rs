//! Which side of a drawn line everybody stands on. Pure.

use super::super::geometry::Point;

/// A line shorter than this is a slip of the hand, pixels.
const SHORTEST: f64 = 24.0;
/// Points closer than this are one, pixels.
const STEP: f64 = 3.0;
/// A line that comes back so near to its start, as a share of its length, is a loop.
const CLOSED: f64 = 0.18;

/// Adds a point to a line that is being drawn; false when it is too close to the last one to matter.
pub fn extend(line: &mut Vec<Point>, at: Point) -> bool {
    let far = line.last().is_none_or(|last| last.distance(at) >= STEP);
    if far {
        line.push(at);
    }
    far
}

fn length(line: &[Point]) -> f64 {
    line.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
}

/// For every place, whether it lies on the second side of the line: within a loop, or beyond a line
/// that is thought to go on straight at both ends. `None` when the line separates nobody from nobody.
pub fn sides(line: &[Point], places: &[Point], width: f64, height: f64) -> Option<Vec<bool>> {
    let long = length(line);
    if long < SHORTEST {
        return None;
    }
    let (first, last) = (*line.first()?, *line.last()?);
    let outline =
        if first.distance(last) < long * CLOSED { line.to_vec() } else { around(line, width, height) };
    let sides: Vec<bool> = places.iter().map(|&place| within(&outline, place)).collect();
    (sides.contains(&true) && sides.contains(&false)).then_some(sides)
}

/// The line, made longer at both ends until it is far outside the stage, and closed by an arc there.
fn around(line: &[Point], width: f64, height: f64) -> Vec<Point> {
    let far = 4.0 * (width + height);
    let middle = Point { x: width / 2.0, y: height / 2.0 };
    let (start, end) = (beyond(line.iter(), far), beyond(line.iter().rev(), far));
    let angle = |p: Point| (p.y - middle.y).atan2(p.x - middle.x);
    let (from, to) = (angle(end), angle(start));
    let turn = (to - from).rem_euclid(std::f64::consts::TAU);
    let arc = (1..24).map(|i| {
        let angle = from + turn * f64::from(i) / 24.0;
        Point { x: middle.x + far * 1.2 * angle.cos(), y: middle.y + far * 1.2 * angle.sin() }
    });
    [start].into_iter().chain(line.iter().copied()).chain([end]).chain(arc).collect()
}

/// A point far beyond the first of a line, in the direction in which the line begins.
fn beyond<'a>(mut line: impl Iterator<Item = &'a Point>, far: f64) -> Point {
    let first = line.next().copied().unwrap_or_default();
    let mut inner = first;
    for &point in line {
        inner = point;
        if inner.distance(first) > 16.0 {
            break;
        }
    }
    let long = inner.distance(first).max(1e-6);
    Point { x: first.x + (first.x - inner.x) / long * far, y: first.y + (first.y - inner.y) / long * far }
}

/// Whether a point lies within a closed outline, by the even-odd rule.
fn within(outline: &[Point], at: Point) -> bool {
    let edges = outline.iter().zip(outline.iter().cycle().skip(1));
    let crossed = edges.filter(|(a, b)| {
        (a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x
    });
    crossed.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(all: &[(f64, f64)]) -> Vec<Point> {
        all.iter().map(|&(x, y)| Point { x, y }).collect()
    }

    const CORNERS: [(f64, f64); 4] = [(100.0, 100.0), (500.0, 100.0), (100.0, 400.0), (500.0, 400.0)];

    fn split(line: &[(f64, f64)]) -> Option<Vec<bool>> {
        sides(&points(line), &points(&CORNERS), 600.0, 500.0)
    }

    fn parts(line: &[(f64, f64)]) -> Vec<bool> {
        let sides = split(line).unwrap();
        // Which of both is called the second does not matter.
        sides.iter().map(|side| *side != sides[0]).collect()
    }

    #[test]
    fn a_line_across_parts_left_from_right_and_top_from_bottom() {
        assert_eq!(parts(&[(300.0, 0.0), (300.0, 500.0)]), [false, true, false, true]);
        assert_eq!(parts(&[(600.0, 250.0), (0.0, 250.0)]), [false, false, true, true]);
        // It need not reach the edges, for it is thought to go on.
        assert_eq!(parts(&[(300.0, 220.0), (300.0, 280.0)]), [false, true, false, true]);
        assert_eq!(parts(&[(180.0, 40.0), (60.0, 180.0)]), [false, true, true, true]);
    }

    #[test]
    fn a_bent_line_goes_round_whom_it_goes_round() {
        let hook = [(0.0, 300.0), (200.0, 300.0), (200.0, 480.0), (200.0, 500.0)];
        assert_eq!(parts(&hook), [false, false, true, false]);
    }

    #[test]
    fn a_loop_holds_whom_it_encloses() {
        let ring = [(60.0, 60.0), (150.0, 60.0), (150.0, 150.0), (60.0, 150.0), (62.0, 66.0)];
        assert_eq!(split(&ring).unwrap(), [true, false, false, false]);
    }

    #[test]
    fn a_slip_or_a_line_beside_everybody_parts_nobody() {
        assert_eq!(split(&[(300.0, 200.0), (305.0, 205.0)]), None);
        assert_eq!(split(&[(20.0, 0.0), (20.0, 500.0)]), None);
        assert_eq!(split(&[]), None);
        assert_eq!(split(&[(1.0, 1.0)]), None);
    }

    #[test]
    fn points_that_are_close_are_one() {
        let mut line = vec![];
        let taken = [0.0, 1.0, 2.0, 5.0].map(|x| extend(&mut line, Point { x, y: 0.0 }));
        assert_eq!(taken, [true, false, false, true]);
        assert_eq!(line.len(), 2);
    }
}
