//! Performing the trials, all of them or a few at a time.

use faultline_model::{Draw, Purpose};

use crate::report::report;
use crate::{Build, Experiment, Repeat, Report, Results, Trial};

/// The most trials that can be asked for.
pub const MOST_TRIALS: u32 = 1_000_000;

/// The seed of a trial.
const TRIAL: Purpose = Purpose::new("trial of an experiment");

/// An experiment with its number of trials and its seed: which trials there are.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What is measured.
    pub experiment: &'static Experiment,
    /// How many trials an arm has.
    pub trials: u32,
    /// The seed of all of them.
    pub seed: u64,
    build: Build,
}

impl Plan {
    /// A plan; `None` stands for the experiment's own numbers. Trials are at least 1, at most
    /// [`MOST_TRIALS`].
    pub fn new(
        experiment: &'static Experiment,
        trials: Option<u32>,
        seed: Option<u64>,
        build: Build,
    ) -> Plan {
        let trials = trials.unwrap_or(experiment.trials).clamp(1, MOST_TRIALS);
        Plan { experiment, trials, seed: seed.unwrap_or(experiment.seed), build }
    }

    /// Trials of a round, in which each arm that leaves something to chance has its turn.
    fn round(&self) -> u64 {
        let times = |repeat| match repeat {
            Repeat::Once => 0,
            Repeat::Times(times) => u64::from(times),
        };
        self.experiment.arms.iter().map(|arm| times(arm.repeat)).sum()
    }

    fn once(&self) -> u64 {
        self.experiment.arms.iter().filter(|arm| arm.repeat == Repeat::Once).count() as u64
    }

    /// How many trials there are altogether.
    pub fn count(&self) -> u64 {
        self.once() + self.round() * u64::from(self.trials)
    }

    /// The arm of a trial and its number within it. All arms advance together, so that a half-done
    /// experiment shows something of each.
    fn place(&self, number: u64) -> (usize, u64) {
        let arms = self.experiment.arms.iter().enumerate();
        if number < self.once() {
            let mut once = arms.filter(|(_, arm)| arm.repeat == Repeat::Once);
            let (arm, _) = once.nth(number as usize).expect("as many as were counted");
            return (arm, 0);
        }
        let rest = number - self.once();
        let (round, mut place) = (rest / self.round(), rest % self.round());
        for (index, arm) in arms {
            let Repeat::Times(times) = arm.repeat else { continue };
            let times = u64::from(times);
            if place < times {
                return (index, round * times + place);
            }
            place -= times;
        }
        unreachable!("a place within a round belongs to an arm")
    }

    /// Performs one trial, counted from 0: what it measures.
    pub fn perform(&self, number: u64) -> Vec<f64> {
        let (arm, ordinal) = self.place(number);
        // 53 bits: what a link and a browser's JSON can hold.
        let seed = Draw::new(self.seed, TRIAL, arm as u64, ordinal).bits() >> 11;
        let values = (self.experiment.trial)(&Trial {
            arm,
            seed,
            protocol: self.experiment.protocol,
            build: &self.build,
        });
        debug_assert_eq!(values.len(), self.experiment.measures.len(), "{}", self.experiment.slug);
        values
    }
}

/// An experiment that is under way.
#[derive(Debug)]
pub struct Runner {
    plan: Plan,
    done: u64,
    /// By arm, then by measure, then by trial.
    values: Vec<Vec<Vec<f64>>>,
}

impl Runner {
    /// Nothing is done yet.
    pub fn new(plan: Plan) -> Runner {
        let arm = vec![vec![]; plan.experiment.measures.len()];
        Runner { plan, done: 0, values: vec![arm; plan.experiment.arms.len()] }
    }

    /// How many trials are done, and of how many.
    pub fn progress(&self) -> (u64, u64) {
        (self.done, self.plan.count())
    }

    /// Performs up to so many trials; whether all are done.
    pub fn go_on(&mut self, trials: u64) -> bool {
        let end = self.done.saturating_add(trials).min(self.plan.count());
        while self.done < end {
            let values = self.plan.perform(self.done);
            self.note(&values);
        }
        self.done == self.plan.count()
    }

    /// Takes what the next trial measured, which somebody else performed.
    pub fn note(&mut self, values: &[f64]) {
        let (arm, _) = self.plan.place(self.done);
        for (sample, &value) in self.values[arm].iter_mut().zip(values) {
            sample.push(value);
        }
        self.done += 1;
    }

    /// What is known so far.
    pub fn report(&self) -> Report {
        report(&self.plan, &Results::new(self.values.clone()))
    }
}
