//! A chart as data: lanes of points over one axis. Whoever draws it, reads it out or writes it into a
//! table needs nothing else.

use super::words::{length, moment};
use faultline_model::{Time, sort};

/// What a value is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Microseconds.
    Micros,
    /// Thousandths of one a second.
    Rate,
    /// Per cent.
    PerCent,
    /// Things.
    Count,
}

impl Unit {
    /// A value for people.
    pub fn text(self, value: i64) -> String {
        match self {
            Unit::Micros => length(value.unsigned_abs()),
            Unit::Rate => format!("{}/s", thousandths(value)),
            Unit::PerCent => format!("{value}%"),
            Unit::Count => value.to_string(),
        }
    }

    /// A value for machines; the unit stands in the column's name.
    fn plain(self, value: i64) -> String {
        if self == Unit::Rate { thousandths(value) } else { value.to_string() }
    }

    /// What a column's name ends with.
    fn suffix(self) -> &'static str {
        match self {
            Unit::Micros => " (us)",
            Unit::Rate => " (1/s)",
            Unit::PerCent => " (%)",
            Unit::Count => "",
        }
    }
}

/// Thousandths as a decimal number without needless digits.
fn thousandths(value: i64) -> String {
    let text = format!("{}.{:03}", value / 1_000, value.unsigned_abs() % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What lies along a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// The time of the run, from 0 to here, microseconds.
    Time(u64),
    /// Lengths of time, from 0 to here, microseconds.
    Length(u64),
}

impl Axis {
    /// Where it ends.
    pub fn end(self) -> u64 {
        let (Axis::Time(end) | Axis::Length(end)) = self;
        end.max(1)
    }

    /// A place on it for people.
    pub fn text(self, x: u64) -> String {
        match self {
            Axis::Time(_) => moment(Time(x)),
            Axis::Length(_) => length(x),
        }
    }
}

/// How points are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A value that holds until the next point.
    Steps,
    /// A bar of this width, microseconds, to the right of each point.
    Bars(u64),
    /// A dot for each point.
    Dots,
}

/// One point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Along the axis, microseconds.
    pub x: u64,
    /// The value.
    pub y: i64,
    /// Where in the run a click on it leads.
    pub at: Time,
}

/// One row of points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What it is.
    pub name: String,
    /// The word of its hue.
    pub hue: &'static str,
    /// Its points, ascending along the axis.
    pub points: Vec<Point>,
}

impl Lane {
    /// The point that holds at `x`; of dots, the nearest.
    pub fn at(&self, x: u64, mark: Mark) -> Option<&Point> {
        let place = self.points.partition_point(|point| point.x <= x);
        let (before, after) = (place.checked_sub(1).map(|i| &self.points[i]), self.points.get(place));
        match (mark, before, after) {
            (Mark::Dots, Some(before), Some(after)) if after.x - x < x - before.x => Some(after),
            (Mark::Dots, None, after) => after,
            (_, before, _) => before,
        }
    }
}

/// A whole chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What it is called in file names and ids: letters, digits and hyphens.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it says in one line.
    pub note: String,
    /// What lies along it.
    pub axis: Axis,
    /// What its values are counted in.
    pub unit: Unit,
    /// How its points are drawn.
    pub mark: Mark,
    /// How high a lane is drawn, pixels.
    pub height: i32,
    /// Its lanes, drawn one below the other to the same scale.
    pub lanes: Vec<Lane>,
    /// Places that are marked with a line: name and place.
    pub rules: Vec<(String, u64)>,
    /// The numbers, when they are more than the points.
    pub table: Option<Table>,
}

/// Numbers in rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns' names; the unit of numbers is part of them.
    pub head: Vec<String>,
    /// The rows, with plain values.
    pub rows: Vec<Vec<String>>,
}

impl Chart {
    /// The lowest and the highest value that it shows; 0 is always among them.
    pub fn range(&self) -> (i64, i64) {
        let values = self.lanes.iter().flat_map(|lane| &lane.points).map(|point| point.y);
        values.fold((0, 0), |(low, high), y| (low.min(y), high.max(y)))
    }

    /// The places along the axis that have a point, ascending.
    pub fn stops(&self) -> Vec<u64> {
        let mut all: Vec<u64> =
            self.lanes.iter().flat_map(|lane| &lane.points).map(|point| point.x).collect();
        sort(&mut all);
        all.dedup();
        all
    }

    /// What it shows at `x`, as a sentence for those who cannot see it.
    pub fn reading(&self, x: u64) -> String {
        let mut text = format!("at {}", self.axis.text(x));
        for lane in &self.lanes {
            let value =
                lane.at(x, self.mark).map_or("nothing yet".to_owned(), |point| self.unit.text(point.y));
            text.push_str(&format!("; {} {value}", lane.name));
        }
        text
    }

    /// The time of the run that `x` leads to.
    pub fn target(&self, x: u64) -> Option<Time> {
        let own = |lane: &Lane| lane.at(x, self.mark).map(|point| (point.x.abs_diff(x), point.at));
        match (self.axis, self.mark) {
            (Axis::Time(end), Mark::Steps | Mark::Bars(_)) => Some(Time(x.min(end))),
            _ => self.lanes.iter().filter_map(own).min().map(|(_, at)| at),
        }
    }

    /// Its numbers.
    pub fn numbers(&self) -> Table {
        if let Some(table) = &self.table {
            return table.clone();
        }
        let along = match (self.axis, self.mark) {
            (Axis::Length(_), _) => "from (us)",
            _ => "time (us)",
        };
        let mut head = vec![along.to_owned()];
        head.extend(self.lanes.iter().map(|lane| format!("{}{}", lane.name, self.unit.suffix())));
        let row = |x: u64| {
            let value =
                |lane: &Lane| lane.at(x, self.mark).map(|point| self.unit.plain(point.y)).unwrap_or_default();
            std::iter::once(x.to_string()).chain(self.lanes.iter().map(value)).collect()
        };
        Table { head, rows: self.stops().into_iter().map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: u64, y: i64) -> Point {
        Point { x, y, at: Time(x + 1) }
    }

    fn chart(mark: Mark, axis: Axis) -> Chart {
        let lane = |name: &str, points: &[(u64, i64)]| Lane {
            name: name.to_owned(),
            hue: "sky",
            points: points.iter().map(|&(x, y)| point(x, y)).collect(),
        };
        Chart {
            id: "c".to_owned(),
            title: "C".to_owned(),
            note: String::new(),
            axis,
            unit: Unit::Count,
            mark,
            height: 30,
            lanes: vec![lane("a", &[(0, 1), (10, 4)]), lane("b", &[(4, -2), (11, 0)])],
            rules: vec![],
            table: None,
        }
    }

    #[test]
    fn a_value_holds_until_the_next_one() {
        let chart = chart(Mark::Steps, Axis::Time(20));
        assert_eq!(chart.reading(3), "at 0.000 s; a 1; b nothing yet");
        assert_eq!(chart.lanes[0].at(9, chart.mark).unwrap().y, 1);
        assert_eq!(chart.lanes[0].at(10, chart.mark).unwrap().y, 4);
        assert_eq!((chart.range(), chart.stops()), ((-2, 4), vec![0, 4, 10, 11]));
        assert_eq!(chart.target(15), Some(Time(15)));
        assert_eq!(chart.target(99), Some(Time(20)), "no click leads behind the end");
    }

    #[test]
    fn of_dots_the_nearest_is_meant() {
        let chart = chart(Mark::Dots, Axis::Time(20));
        let near = [0, 5, 6, 99].map(|x| chart.lanes[0].at(x, chart.mark).unwrap().x);
        assert_eq!(near, [0, 0, 10, 10]);
        assert_eq!(chart.lanes[1].at(0, chart.mark).unwrap().x, 4);
        assert_eq!(chart.target(12), Some(Time(12)), "the dot at 11 stands for what happened at 12");
    }

    #[test]
    fn a_table_has_a_row_for_every_place_with_a_point() {
        let table = chart(Mark::Steps, Axis::Time(20)).numbers();
        assert_eq!(table.head, ["time (us)", "a", "b"]);
        assert_eq!(table.rows[0], ["0", "1", ""]);
        assert_eq!(table.rows[2], ["10", "4", "-2"]);
    }

    #[test]
    fn values_are_written_with_their_units() {
        assert_eq!(Unit::Rate.text(2_500), "2.5/s");
        assert_eq!((Unit::Rate.plain(333), Unit::Rate.plain(20_000)), ("0.333".to_owned(), "20".to_owned()));
        assert_eq!(
            (Unit::PerCent.text(80), Unit::Micros.text(43_499)),
            ("80%".to_owned(), "43 ms".to_owned())
        );
    }
}
