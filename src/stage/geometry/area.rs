//! Rectangles to fill with nodes: how much room a node needs, and who stands in rows and columns.

use super::{AROUND, LABELS_FROM, Point, RADIUS, ROLE_FROM, WORDS_FROM};

/// An upright rectangle of the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Nodes of one size at their places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    pub radius: f64,
    pub places: Vec<Point>,
}

/// Nodes are at least so large, however many there are.
pub const SMALLEST: f64 = 1.5;

impl Area {
    /// The middle.
    pub fn middle(self) -> Point {
        Point { x: self.left + self.width / 2.0, y: self.top + self.height / 2.0 }
    }

    /// Without a margin on every side.
    pub fn inset(self, margin: f64) -> Area {
        Area {
            left: self.left + margin,
            top: self.top + margin,
            width: (self.width - 2.0 * margin).max(1.0),
            height: (self.height - 2.0 * margin).max(1.0),
        }
    }
}

/// How much room a node takes with what is written under it: across, above its middle, below it.
pub fn need(radius: f64) -> (f64, f64, f64) {
    match radius {
        r if r >= ROLE_FROM => (r + 96.0, r + AROUND, r + 48.0),
        r if r >= WORDS_FROM => (r + 92.0, r + AROUND, r + 28.0),
        r if r >= LABELS_FROM => (2.0 * r + 22.0, r + 9.0, r + 26.0),
        r => (2.4 * r, 1.2 * r, 1.2 * r),
    }
}

/// The largest radius at which a node and its labels fit a cell.
pub fn fit(width: f64, height: f64) -> f64 {
    let fits = |radius: f64| {
        let (across, above, below) = need(radius);
        across <= width && above + below <= height
    };
    let mut radius = RADIUS;
    while radius > SMALLEST && !fits(radius) {
        radius -= 0.5;
    }
    radius.max(SMALLEST)
}

/// Rows and columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells {
    pub area: Area,
    pub columns: usize,
    pub rows: usize,
}

impl Cells {
    /// The division of `area` for `count` nodes in which they are largest; `wide` prefers few rows.
    pub fn best(area: Area, count: usize, wide: bool) -> Cells {
        let cells = |columns: usize| Cells { area, columns, rows: count.div_ceil(columns).max(1) };
        let value = |cells: Cells| {
            let (width, height) = cells.size();
            let radius = cells.radius();
            // Among divisions of one radius the one with cells of a good shape, or the widest.
            let shape = if wide { cells.columns as f64 } else { -(width / height.max(1.0)).ln().abs() };
            (radius, shape)
        };
        (1..=count.max(1))
            .map(cells)
            .max_by(|a, b| {
                let (a, b) = (value(*a), value(*b));
                a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
            })
            .unwrap_or(cells(1))
    }

    fn size(self) -> (f64, f64) {
        (self.area.width / self.columns as f64, self.area.height / self.rows as f64)
    }

    /// How large a node is that fits.
    pub fn radius(self) -> f64 {
        let (width, height) = self.size();
        fit(width, height)
    }

    /// Where a node of that radius stands in a cell.
    pub fn place(self, column: usize, row: usize, radius: f64) -> Point {
        let (width, height) = self.size();
        let (_, above, below) = need(radius);
        Point {
            x: self.area.left + width * (column as f64 + 0.5),
            y: self.area.top + height * row as f64 + (height - above - below) / 2.0 + above,
        }
    }
}

/// Nodes in rows, left to right.
pub fn grid(area: Area, count: usize) -> Filled {
    let cells = Cells::best(area, count, false);
    let radius = cells.radius();
    let place = |node: usize| cells.place(node % cells.columns, node / cells.columns, radius);
    Filled { radius, places: (0..count).map(place).collect() }
}

/// Nodes along a line: from left to right on a flat arch, so that the line between two of them does
/// not run through a third; where one row has no room, to and fro.
pub fn chain(area: Area, count: usize) -> Filled {
    // The words under the first and the last are a little wider than their share of the row.
    let inner = Area { left: area.left + 10.0, width: area.width - 20.0, ..area };
    let one = Cells { area: inner, columns: count.max(1), rows: 1 };
    if count <= 3 || one.radius() >= LABELS_FROM && area.width > area.height {
        let radius = one.radius();
        let (_, above, below) = need(radius);
        let rise = if count < 3 { 0.0 } else { ((area.height - above - below) * 0.6).clamp(0.0, 150.0) };
        let place = |node: usize| {
            let off = 2.0 * (node as f64 + 0.5) / count as f64 - 1.0;
            let at = one.place(node, 0, radius);
            Point { y: at.y + rise * (off * off - 0.5), ..at }
        };
        return Filled { radius, places: (0..count).map(place).collect() };
    }
    let cells = Cells::best(area, count, true);
    let radius = cells.radius();
    let place = |node: usize| {
        let (row, column) = (node / cells.columns, node % cells.columns);
        let column = if row % 2 == 0 { column } else { cells.columns - 1 - column };
        cells.place(column, row, radius)
    };
    Filled { radius, places: (0..count).map(place).collect() }
}

/// Rows of so many nodes each, top to bottom, each in the middle of its row.
pub fn tiers(area: Area, counts: &[usize]) -> Filled {
    let mut radius = RADIUS;
    let lines = |radius: f64| -> (usize, f64) {
        let (across, above, below) = need(radius);
        let together = ((area.width / across) as usize).max(1);
        let lines = counts.iter().map(|count| count.div_ceil(together)).sum::<usize>().max(1);
        (together, area.height / lines as f64 - above - below)
    };
    while radius > SMALLEST && lines(radius).1 < 0.0 {
        radius -= 0.5;
    }
    let radius = radius.max(SMALLEST);
    let (together, slack) = lines(radius);
    let (_, above, below) = need(radius);
    let mut places = vec![];
    let mut top = area.top;
    for &count in counts {
        for line in 0..count.div_ceil(together) {
            let here = (count - line * together).min(together);
            // A row that need not be full is not pulled apart to the edges.
            let gap = (area.width / here as f64).min(need(radius).0 + 120.0);
            let first = area.middle().x - gap * (here as f64 - 1.0) / 2.0;
            let y = top + slack / 2.0 + above;
            places.extend((0..here).map(|i| Point { x: first + gap * i as f64, y }));
            top += above + below + slack;
        }
    }
    Filled { radius, places }
}
