//! One experiment, performed in portions. All that the web app knows of experiments goes through here.

use faultline_experiments::{Plan, Runner, find};
use faultline_lessons::catalogue;
use faultline_sim::{AnyWorld, Scenario};

use super::job::clock;
use super::message::{Heard, Measured, Trials};

/// An experiment that is under way.
pub struct Performed {
    runner: Runner,
    /// When it began, milliseconds.
    began: f64,
}

impl Performed {
    /// Begins, once the protocol has been fetched; says why if it cannot.
    pub async fn begin(trials: &Trials) -> Result<Performed, String> {
        let experiment = find(&trials.slug).ok_or("there is no experiment of that name")?;
        catalogue::fetch(experiment.protocol).await.map_err(|error| error.to_string())?;
        let plan = Plan::new(experiment, trials.trials, trials.seed, build);
        Ok(Performed { runner: Runner::new(plan), began: clock() })
    }

    /// Goes on for about so many milliseconds; whether all trials are done.
    pub fn go_on(&mut self, millis: f64) -> bool {
        let until = clock() + millis;
        loop {
            if self.runner.go_on(1) {
                return true;
            }
            if clock() >= until {
                return false;
            }
        }
    }

    /// What is known so far.
    pub fn heard(&self) -> Heard {
        let (done, count) = self.runner.progress();
        let millis = clock() - self.began;
        Heard::Measured(Box::new(Measured { done, count, millis, report: self.runner.report() }))
    }
}

fn build(scenario: &Scenario) -> Result<Box<dyn AnyWorld>, String> {
    catalogue::build(scenario).map_err(|error| error.to_string())
}
