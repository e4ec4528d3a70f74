//! What an experiment is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Claim, Curve, Results, Trial, Unit};

/// A figure, a table or a formula of a source, and how it is measured.
#[derive(Debug)]
pub struct Experiment {
    /// Its name in addresses and on the command line: "raft-figure-16".
    pub slug: &'static str,
    /// The slug of the protocol that its trials run.
    pub protocol: &'static str,
    /// Its title for people.
    pub title: &'static str,
    /// What is done in one trial and what of it is assumed where the source is silent; a few sentences.
    pub about: &'static str,
    /// Authors, title, place, year.
    pub source: &'static str,
    /// What is compared, one curve or row each; at least one.
    pub arms: &'static [Arm],
    /// What one trial measures, by name: so many values it returns.
    pub measures: &'static [&'static str],
    /// How many trials an arm has unless somebody asks for another number.
    pub trials: u32,
    /// The seed unless somebody asks for another.
    pub seed: u64,
    /// One trial: a pure function of the arm and the trial's seed.
    pub trial: fn(&Trial<'_>) -> Vec<f64>,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn of the results; no curve for what is only a table.
    pub curves: fn(&Results) -> Vec<Curve>,
    /// What the source gives to compare with: its curves, or the points of them that it states.
    pub references: fn() -> Vec<Curve>,
    /// What the source claims.
    pub claims: &'static [Claim],
}

/// One of the things compared.
#[derive(Debug)]
pub struct Arm {
    /// Its name: "150–155 ms".
    pub name: &'static str,
    /// How often its trial is repeated.
    pub repeat: Repeat,
}

/// How often a trial is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Once: nothing in it is left to chance.
    Once,
    /// So many times for each trial that is asked for.
    Times(u32),
}

impl Arm {
    /// An arm with as many trials as are asked for.
    pub const fn new(name: &'static str) -> Arm {
        Arm { name, repeat: Repeat::Times(1) }
    }

    /// An arm in which nothing is left to chance.
    pub const fn once(name: &'static str) -> Arm {
        Arm { name, repeat: Repeat::Once }
    }

    /// An arm whose outcome is so rare that it has `times` trials for each one asked for.
    pub const fn times(name: &'static str, times: u32) -> Arm {
        Arm { name, repeat: Repeat::Times(times) }
    }

    /// How many trials it has when so many are asked for.
    pub fn trials(&self, asked: u32) -> u32 {
        match self.repeat {
            Repeat::Once => 1,
            Repeat::Times(times) => asked * times,
        }
    }
}

/// An axis of a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// What it shows: "time without a leader".
    pub name: Cow<'static, str>,
    /// What it is measured in.
    pub unit: Unit,
    /// Where it begins and ends; what lies beyond is drawn at its end.
    pub range: (f64, f64),
    /// Whether it is logarithmic; then it begins above zero.
    pub log: bool,
}

impl Axis {
    /// An axis with even steps.
    pub const fn linear(name: &'static str, unit: Unit, range: (f64, f64)) -> Axis {
        Axis { name: Cow::Borrowed(name), unit, range, log: false }
    }

    /// An axis on which each step is as many times the one before.
    pub const fn logarithmic(name: &'static str, unit: Unit, range: (f64, f64)) -> Axis {
        Axis { name: Cow::Borrowed(name), unit, range, log: true }
    }

    /// Of trials: how many of them. The vertical axis of every distribution.
    pub const SHARE: Axis = Axis::linear("share of trials", Unit::Share, (0.0, 1.0));
}
