//! From what happened to charts.

use faultline_model::{NodeId, SortedMap, SortedSet, Time, sort, sort_by_key};
use faultline_sim::tally::{Histogram, Windows, percentile};
use faultline_sim::{Event, Load, Operation, What};

use super::chart::{Axis, Chart, Lane, Mark, Point, Table, Unit};
use super::record::{Measured, Record};
use super::words::length;

/// A span of time is cut into at most so many windows, and lengths into so many buckets.
const WINDOWS: usize = 56;
const BUCKETS: usize = 40;
/// A lane of bars or steps, pixels; a lane of dots.
const LOW: i32 = 30;
const HIGH: i32 = 64;
/// So many kinds of message or nodes have a lane; those that come later have none.
const MOST_LANES: usize = 24;

/// Everything that a chart can be made of.
pub struct Run<'a> {
    /// The events of the branch.
    pub events: &'a [Event],
    /// What the log does not hold.
    pub record: &'a Record,
    /// Client operations.
    pub history: &'a [Operation],
    /// Where the time axis ends.
    pub until: Time,
    /// The nodes' names.
    pub name: &'a dyn Fn(NodeId) -> String,
    /// The hue of a kind of message, as a word.
    pub hue: &'a dyn Fn(&str) -> &'static str,
}

impl Run<'_> {
    /// All charts that have something to show, in the order in which they stand.
    pub fn charts(&self) -> Vec<Chart> {
        let mut all = vec![];
        if !self.history.is_empty() {
            all.push(self.latency());
            all.extend(self.latency_histogram());
            all.push(self.throughput());
        }
        if !self.events.is_empty() {
            all.push(self.availability());
            all.push(self.queues());
        }
        all.extend(self.messages());
        all.extend(self.record.measures.iter().map(|(series, values)| self.measured(series, values)));
        all
    }

    fn windows(&self) -> Windows {
        Windows::over(self.until, WINDOWS)
    }

    fn bars(&self) -> Mark {
        Mark::Bars(self.windows().width)
    }

    fn over_time(&self, id: &str, title: &str, unit: Unit, mark: Mark, lanes: Vec<Lane>) -> Chart {
        Chart {
            id: id.to_owned(),
            title: title.to_owned(),
            note: String::new(),
            axis: Axis::Time(self.until.0),
            unit,
            mark,
            height: LOW,
            lanes,
            rules: vec![],
            table: None,
        }
    }

    fn latency(&self) -> Chart {
        let mut lanes = [lane("answered", "teal"), lane("failed", "red"), lane("open so far", "grey")];
        for operation in self.history {
            let (place, took) = match latency(operation) {
                Some(took) => (usize::from(operation.failed), took),
                None => (2, self.until.since(operation.invoked).0),
            };
            let (x, at) = (operation.invoked.0, operation.invoked);
            lanes[place].points.push(Point { x, y: took as i64, at });
        }
        lanes.iter_mut().for_each(|lane| sort_by_key(&mut lane.points, |point| point.x));
        let lanes = lanes.into_iter().filter(|lane| !lane.points.is_empty()).collect();
        let title = "Latency of operations";
        let head = ["client", "asked", "answer", "invoked (us)", "took (us)"].map(str::to_owned).to_vec();
        let row = |operation: &Operation| {
            vec![
                operation.process.clone(),
                operation.call.clone(),
                operation.result.clone().unwrap_or_else(|| "open".to_owned()),
                operation.invoked.0.to_string(),
                latency(operation).map(|took| took.to_string()).unwrap_or_default(),
            ]
        };
        let table = Some(Table { head, rows: self.history.iter().map(row).collect() });
        Chart { height: HIGH, table, ..self.over_time("latency", title, Unit::Micros, Mark::Dots, lanes) }
    }

    fn latency_histogram(&self) -> Option<Chart> {
        let mut took: Vec<(u64, Time)> = self.history.iter().filter_map(answered).collect();
        sort(&mut took);
        let sorted: Vec<u64> = took.iter().map(|(took, _)| *took).collect();
        let largest = *sorted.last()?;
        let histogram = Histogram::of(&sorted, BUCKETS);
        let bucket = |(place, count): (usize, &u32)| {
            let x = place as u64 * histogram.width;
            // A click leads to the answer of the slowest one in the bucket.
            let slowest = took.partition_point(|(took, _)| *took < x + histogram.width).saturating_sub(1);
            Point { x, y: i64::from(*count), at: took[slowest].1 }
        };
        let points = histogram.counts.iter().enumerate().map(bucket).collect();
        let share = |name: &str, per_mille| Some((name.to_owned(), percentile(&sorted, per_mille)?));
        let rules: Vec<(String, u64)> =
            [share("p50", 500), share("p90", 900), share("p99", 990), share("max", 1_000)]
                .into_iter()
                .flatten()
                .collect();
        let said: Vec<String> =
            rules.iter().map(|(name, value)| format!("{name} {}", length(*value))).collect();
        let lanes = vec![Lane { name: "operations".to_owned(), hue: "teal", points }];
        Some(Chart {
            note: said.join(" · "),
            axis: Axis::Length(largest + histogram.width),
            mark: Mark::Bars(histogram.width),
            height: HIGH,
            rules,
            ..self.over_time("latency-histogram", "How long answers took", Unit::Count, Mark::Dots, lanes)
        })
    }

    fn throughput(&self) -> Chart {
        let windows = self.windows();
        let of = |name: &str, hue, failed: bool| {
            let fits = |operation: &&Operation| operation.failed == failed;
            let times = self.history.iter().filter(fits).filter_map(|operation| operation.returned);
            let counts = windows.counts(times);
            let value = |count: u32| windows.rate(count) as i64;
            Lane { points: points(windows, counts.into_iter().map(value)), ..lane(name, hue) }
        };
        let lanes = vec![of("answers", "green", false), of("errors", "red", true)];
        let count =
            |failed| self.history.iter().filter(|op| op.returned.is_some() && op.failed == failed).count();
        let note = format!(
            "{} answered, {} failed, {} open; counted per {}",
            count(false),
            count(true),
            self.history.iter().filter(|operation| operation.returned.is_none()).count(),
            length(windows.width),
        );
        Chart {
            note,
            ..self.over_time("throughput", "Throughput and errors", Unit::Rate, self.bars(), lanes)
        }
    }

    /// Of the operations that were asked in each window, how many have been answered without an error so
    /// far; and how many of the servers run.
    fn availability(&self) -> Chart {
        let windows = self.windows();
        let asked = windows.counts(self.history.iter().map(|operation| operation.invoked));
        let good = |operation: &&Operation| operation.returned.is_some() && !operation.failed;
        let served = windows.counts(self.history.iter().filter(good).map(|operation| operation.invoked));
        let share = |index: usize| {
            let x = windows.start(index).0;
            Point { x, y: i64::from(served[index] * 100 / asked[index]), at: Time(x) }
        };
        let points = (0..windows.count).filter(|&index| asked[index] > 0).map(share).collect();
        let answered = Lane { points, ..lane("answered of those asked", "green") };
        let running = self.steps("servers running", "sky", |load| load.running * 100 / load.servers.max(1));
        let mut lanes = vec![running];
        if !answered.points.is_empty() {
            lanes.insert(0, answered);
        }
        self.over_time("availability", "Availability", Unit::PerCent, Mark::Steps, lanes)
    }

    fn queues(&self) -> Chart {
        let lanes = vec![
            self.steps("messages in flight", "sky", |load| load.in_flight),
            self.steps("inputs in inboxes", "amber", |load| load.waiting),
            self.steps("writes not yet on disk", "violet", |load| load.writing),
        ];
        self.over_time("queues", "Queue lengths", Unit::Count, Mark::Steps, lanes)
    }

    fn steps(&self, name: &str, hue: &'static str, value: impl Fn(&Load) -> u32) -> Lane {
        let mut points: Vec<Point> = vec![];
        for (at, load) in &self.record.loads {
            let y = i64::from(value(load));
            if points.last().is_none_or(|last| last.y != y) {
                points.push(Point { x: at.0, y, at: *at });
            }
        }
        Lane { points, ..lane(name, hue) }
    }

    /// A lane for the arrivals of each kind of message, and one for what was lost of it.
    fn messages(&self) -> Option<Chart> {
        let windows = self.windows();
        let mut order = vec![];
        let mut lanes: SortedMap<(&'static str, bool), Vec<Time>> = SortedMap::new();
        let mut waiting = SortedSet::new();
        for event in self.events {
            let lost = match event.what {
                // One that waits in an inbox has arrived; it is not counted again when it is handled.
                What::Queued => {
                    waiting.insert(event.msg);
                    false
                }
                What::Delivered if waiting.remove(&event.msg) => continue,
                What::Delivered => false,
                What::Lost(_) => true,
                _ => continue,
            };
            if !order.contains(&event.kind) {
                order.push(event.kind);
            }
            lanes.entry((event.kind, lost)).or_default().push(event.at);
        }
        let mut drawn = vec![];
        for kind in order.iter().take(MOST_LANES) {
            for lost in [false, true] {
                let Some(times) = lanes.get(&(*kind, lost)) else { continue };
                let counts = windows.counts(times.iter().copied()).into_iter().map(i64::from);
                let name = if lost { format!("{kind} lost ✕") } else { (*kind).to_owned() };
                let hue = if lost { "red" } else { (self.hue)(kind) };
                drawn.push(Lane { name, hue, points: points(windows, counts) });
            }
        }
        let count =
            |lost| lanes.iter().filter(|(key, _)| key.1 == lost).map(|(_, times)| times.len()).sum::<usize>();
        let note =
            format!("{} arrived, {} lost; counted per {}", count(false), count(true), length(windows.width));
        let chart = self.over_time("messages", "Messages over time", Unit::Count, self.bars(), drawn);
        (!order.is_empty()).then_some(Chart { note, ..chart })
    }

    fn measured(&self, series: &str, values: &[Measured]) -> Chart {
        let mut lanes: SortedMap<NodeId, Lane> = SortedMap::new();
        for &(node, at, y) in values {
            let lane = lanes.entry(node).or_insert_with(|| lane(&(self.name)(node), "teal"));
            match lane.points.last_mut() {
                Some(last) if last.x == at.0 => last.y = y,
                _ => lane.points.push(Point { x: at.0, y, at }),
            }
        }
        let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        let id: String = series.chars().map(plain).collect();
        let title = format!("Measured: {series}");
        let lanes = lanes.into_values().take(MOST_LANES).collect();
        self.over_time(&format!("measured-{id}"), &title, Unit::Count, Mark::Steps, lanes)
    }
}

fn lane(name: &str, hue: &'static str) -> Lane {
    Lane { name: name.to_owned(), hue, points: vec![] }
}

fn points(windows: Windows, values: impl Iterator<Item = i64>) -> Vec<Point> {
    let point = |(index, y)| {
        let at = windows.start(index);
        Point { x: at.0, y, at }
    };
    values.enumerate().map(point).collect()
}

/// How long an operation took, microseconds; `None` while it is open.
fn latency(operation: &Operation) -> Option<u64> {
    operation.returned.map(|returned| returned.since(operation.invoked).0)
}

/// How long an operation took that was answered without an error, and when it was.
fn answered(operation: &Operation) -> Option<(u64, Time)> {
    latency(operation).zip(operation.returned).filter(|_| !operation.failed)
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
