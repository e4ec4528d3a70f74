//! Curves over one pair of axes, as shapes.

use faultline_experiments::{Axis, Curve, Drawn, Report};

/// The room left of the plot for the numbers of its axis, and on its other sides, pixels.
const LEFT: f64 = 46.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 26.0;
const FOOT: f64 = 38.0;
/// The height of the drawing.
pub const HEIGHT: f64 = 252.0;
/// So far apart stand the numbers along the horizontal axis.
const APART: f64 = 52.0;
/// The narrowest drawing.
const NARROW: f64 = 240.0;

/// Where everything stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// The width of the drawing.
    pub width: f64,
    x: Scale,
    y: Scale,
}

/// One axis on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    from: f64,
    to: f64,
    log: bool,
    /// Where it begins and ends, pixels.
    start: f64,
    end: f64,
}

impl Scale {
    fn new(axis: &Axis, start: f64, end: f64) -> Scale {
        let bend = |value: f64| if axis.log { value.max(f64::MIN_POSITIVE).log10() } else { value };
        Scale { from: bend(axis.range.0), to: bend(axis.range.1), log: axis.log, start, end }
    }

    fn at(&self, value: f64) -> f64 {
        let value = if self.log { value.max(f64::MIN_POSITIVE).log10() } else { value };
        let share = ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
    }

    /// The values that are written beside it: powers of ten, or even steps of 1, 2 or 5.
    fn stops(&self) -> Vec<f64> {
        if self.log {
            let (first, last) = (self.from.ceil() as i32, self.to.floor() as i32);
            return (first..=last).map(|power| 10f64.powi(power)).collect();
        }
        let rough = (self.to - self.from) / 5.0;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
        let step = step.into_iter().find(|step| *step >= rough * 0.999).unwrap_or(rough);
        let (first, last) = ((self.from / step).ceil() as i64, (self.to / step + 1e-9).floor() as i64);
        (first..=last).map(|times| times as f64 * step).collect()
    }
}

/// A number beside an axis, and where its line crosses the plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The number with its unit.
    pub text: String,
    /// How far along.
    pub at: f64,
}

impl Plot {
    /// The plot of a report that is drawn so wide.
    pub fn of(report: &Report, width: f64) -> Plot {
        let width = width.max(NARROW);
        Plot {
            width,
            x: Scale::new(&report.x, LEFT, width - RIGHT),
            y: Scale::new(&report.y, HEIGHT - FOOT, TOP),
        }
    }

    /// The numbers along the horizontal axis.
    pub fn across(&self, axis: &Axis) -> Vec<Stop> {
        let stop = |value| Stop { text: axis.unit.text(value), at: self.x.at(value) };
        self.x.stops().into_iter().map(stop).collect()
    }

    /// The numbers along the vertical axis.
    pub fn up(&self, axis: &Axis) -> Vec<Stop> {
        let stop = |value| Stop { text: axis.unit.text(value), at: self.y.at(value) };
        self.y.stops().into_iter().map(stop).collect()
    }

    /// The lines behind the curves.
    pub fn grid(&self, report: &Report) -> String {
        let (left, right, foot, top) = (LEFT, self.width - RIGHT, HEIGHT - FOOT, TOP);
        let across = self.across(&report.x).into_iter().map(|stop| format!("M{:.1} {foot}V{top}", stop.at));
        let up = self.up(&report.y).into_iter().map(|stop| format!("M{left} {:.1}H{right}", stop.at));
        across.chain(up).collect()
    }

    /// The numbers along the horizontal axis that there is room for.
    pub fn written(&self, axis: &Axis) -> Vec<Stop> {
        let mut all: Vec<Stop> = vec![];
        for stop in self.across(axis) {
            if all.last().is_none_or(|last| stop.at - last.at >= APART) {
                all.push(stop);
            }
        }
        all
    }

    /// Where the names of the axes stand: the horizontal one's, and the vertical one's.
    pub fn names(&self) -> [(f64, f64); 2] {
        [(self.width - RIGHT, HEIGHT - 5.0), (0.0, 14.0)]
    }

    /// The line on which the numbers of the horizontal axis stand, and where those of the vertical one end.
    pub fn margins(&self) -> (f64, f64) {
        (HEIGHT - FOOT + 15.0, LEFT - 6.0)
    }

    /// A curve as a path.
    pub fn path(&self, curve: &Curve) -> String {
        let points: Vec<(f64, f64)> =
            curve.points.iter().map(|&(x, y)| (self.x.at(x), self.y.at(y))).collect();
        match curve.drawn {
            Drawn::Steps => {
                let foot = self.y.at(0.0);
                let steps = points.iter().map(|(x, y)| format!("H{x:.1}V{y:.1}"));
                format!("M{LEFT} {foot:.1}{}H{:.1}", steps.collect::<String>(), self.width - RIGHT)
            }
            Drawn::Line => {
                let line = points.iter().enumerate();
                line.map(|(place, (x, y))| format!("{}{x:.1} {y:.1}", if place == 0 { 'M' } else { 'L' }))
                    .collect()
            }
            // What was measured is round, what a source states is a diamond.
            Drawn::Points if curve.source.is_none() => {
                let dot =
                    |(x, y): &(f64, f64)| format!("M{:.1} {y:.1}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", x - 4.0);
                points.iter().map(dot).collect()
            }
            Drawn::Points => {
                let diamond = |(x, y): &(f64, f64)| format!("M{:.1} {y:.1}l6 -6l6 6l-6 6Z", x - 6.0);
                points.iter().map(diamond).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use faultline_experiments::{Mark, Unit};

    use super::*;

    fn report(x: Axis, y: Axis) -> Report {
        Report {
            slug: String::new(),
            title: String::new(),
            about: String::new(),
            source: String::new(),
            trials: 1,
            seed: 1,
            x,
            y,
            curves: vec![],
            references: vec![],
            rows: vec![],
        }
    }

    fn texts(stops: &[Stop]) -> Vec<&str> {
        stops.iter().map(|stop| stop.text.as_str()).collect()
    }

    #[test]
    fn axes_are_numbered_by_powers_of_ten_or_in_even_steps() {
        let logarithmic = report(Axis::logarithmic("t", Unit::Millis, (10.0, 10_000.0)), Axis::SHARE);
        let plot = Plot::of(&logarithmic, 356.0);
        let across = plot.across(&logarithmic.x);
        assert_eq!(texts(&across), ["10 ms", "100 ms", "1 s", "10 s"]);
        assert_eq!((across[0].at, across[1].at, across[3].at), (46.0, 146.0, 346.0));
        assert_eq!(texts(&plot.up(&logarithmic.y)), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        let seconds = Axis::linear("t", Unit::Number, (0.0, 0.4));
        let plot = Plot::of(&report(seconds.clone(), Axis::SHARE), 1.0);
        assert_eq!(texts(&plot.across(&seconds)), ["0", "0.1", "0.2", "0.3", "0.4"]);
        assert_eq!(plot.width, NARROW);
        assert_eq!(texts(&plot.written(&seconds)), ["0", "0.2", "0.4"], "the others would stand too close");
    }

    #[test]
    fn a_distribution_begins_at_nothing_and_goes_on_to_the_end() {
        let report = report(Axis::linear("t", Unit::Number, (0.0, 10.0)), Axis::SHARE);
        let plot = Plot::of(&report, 256.0);
        let curve = |points| Curve::measured("a", 0, Drawn::Steps, points);
        assert_eq!(
            plot.path(&curve(vec![(5.0, 0.5), (99.0, 1.0)])),
            "M46 214.0H146.0V120.0H246.0V26.0H246.0"
        );
        assert_eq!(plot.path(&curve(vec![])), "M46 214.0H246.0", "who never gets there stays at the foot");
    }

    #[test]
    fn what_a_source_states_has_another_shape_than_what_was_measured() {
        let report = report(Axis::linear("t", Unit::Number, (0.0, 10.0)), Axis::SHARE);
        let plot = Plot::of(&report, 256.0);
        let measured = Curve::measured("a", 0, Drawn::Points, vec![(5.0, 0.5)]);
        let stated = Curve::of_source("a", Some(0), Drawn::Points, vec![(5.0, 0.5)], ("b", Mark::P));
        assert!(plot.path(&measured).contains('a') && plot.path(&stated).ends_with('Z'));
        let line = Curve { drawn: Drawn::Line, points: vec![(0.0, 0.0), (10.0, 1.0)], ..stated };
        assert_eq!(plot.path(&line), "M46.0 214.0L246.0 26.0");
    }
}
