//! What is drawn.

use serde::{Deserialize, Serialize};

use crate::{Arm, Mark, Results};

/// How a curve's points are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drawn {
    /// Each value holds until the next: a distribution that was measured.
    Steps,
    /// Straight from point to point.
    Line,
    /// The points alone.
    Points,
}

/// A named row of points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What it shows: "150–155 ms".
    pub name: String,
    /// The arm that it belongs to, and whose colour it shares with what else belongs to it.
    pub arm: Option<usize>,
    /// How it is drawn.
    pub drawn: Drawn,
    /// Its points by increasing x, in the units of the axes.
    pub points: Vec<(f64, f64)>,
    /// Of a curve that was not measured: where it comes from, and how that was verified.
    pub source: Option<(String, Mark)>,
}

impl Curve {
    /// What an arm measured.
    pub fn measured(name: &str, arm: usize, drawn: Drawn, points: Vec<(f64, f64)>) -> Curve {
        Curve { name: name.to_owned(), arm: Some(arm), drawn, points, source: None }
    }

    /// How the first measure of each arm is distributed.
    pub fn distributions(arms: &[Arm], results: &Results) -> Vec<Curve> {
        const POINTS: usize = 200;
        let curve = |(arm, name): (usize, &Arm)| {
            Curve::measured(name.name, arm, Drawn::Steps, results.of(arm).distribution(POINTS))
        };
        arms.iter().enumerate().map(curve).collect()
    }

    /// What a source gives to compare with.
    pub fn of_source(
        name: &str,
        arm: Option<usize>,
        drawn: Drawn,
        points: Vec<(f64, f64)>,
        source: (&str, Mark),
    ) -> Curve {
        let source = Some((source.0.to_owned(), source.1));
        Curve { name: name.to_owned(), arm, drawn, points, source }
    }
}
