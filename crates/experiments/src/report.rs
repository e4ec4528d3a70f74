//! What came of an experiment, as plain data: for a table, a figure, or JSON.

use serde::{Deserialize, Serialize};

use crate::{Axis, Claim, Curve, Mark, Plan, Results, Unit};

/// What came of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The experiment's slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What is done in one trial.
    pub about: String,
    /// Authors, title, place, year.
    pub source: String,
    /// How many trials an arm had.
    pub trials: u32,
    /// The seed of all of them.
    pub seed: u64,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What was measured, to be drawn.
    pub curves: Vec<Curve>,
    /// What the source gives to compare with.
    pub references: Vec<Curve>,
    /// What the source claims, beside what was measured.
    pub rows: Vec<Row>,
}

/// A claim beside what was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The row of the project's table of reference numbers.
    pub oracle: String,
    /// What it is the number of.
    pub what: String,
    /// What was measured, in `unit`.
    pub measured: f64,
    /// What the source states, in `unit`.
    pub expected: f64,
    /// The least and the greatest that agree with it.
    pub range: (f64, f64),
    /// Whether what was measured does.
    pub inside: bool,
    /// What all of them are measured in.
    pub unit: Unit,
    /// The number as the source prints it.
    pub printed: String,
    /// How it was verified.
    pub mark: Mark,
    /// Where it stands.
    pub place: String,
}

impl Report {
    /// Whether every claim agrees with what was measured.
    pub fn holds(&self) -> bool {
        self.rows.iter().all(|row| row.inside)
    }
}

pub(crate) fn report(plan: &Plan, results: &Results) -> Report {
    let experiment = plan.experiment;
    let row = |claim: &Claim| {
        let measured = (claim.measured)(results);
        let range = claim.tolerance.range(claim.expected, plan.trials);
        Row {
            oracle: claim.oracle.to_owned(),
            what: claim.what.to_owned(),
            measured,
            expected: claim.expected,
            range,
            inside: (range.0..=range.1).contains(&measured),
            unit: claim.unit,
            printed: claim.printed.to_owned(),
            mark: claim.mark,
            place: claim.place.to_owned(),
        }
    };
    let mut curves = (experiment.curves)(results);
    for curve in &mut curves {
        // Of an arm that has not had its turn yet, nothing is known.
        curve.points.retain(|(x, y)| x.is_finite() && y.is_finite());
    }
    Report {
        slug: experiment.slug.to_owned(),
        title: experiment.title.to_owned(),
        about: experiment.about.to_owned(),
        source: experiment.source.to_owned(),
        trials: plan.trials,
        seed: plan.seed,
        x: experiment.x.clone(),
        y: experiment.y.clone(),
        curves,
        references: (experiment.references)(),
        rows: experiment.claims.iter().map(row).collect(),
    }
}
