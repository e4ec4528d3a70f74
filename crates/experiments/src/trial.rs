//! One trial: its seed, and the worlds that it is run in.

use faultline_model::{Draw, Purpose};
use faultline_sim::{AnyWorld, Scenario, Script, ScriptFailure, Timeline};

/// How a scenario becomes a world at its start; the catalogue's `build`, with its errors as text.
pub type Build = fn(&Scenario) -> Result<Box<dyn AnyWorld>, String>;

/// One trial of one arm.
#[derive(Debug)]
pub struct Trial<'a> {
    /// Which arm it belongs to, by its place in [`crate::Experiment::arms`].
    pub arm: usize,
    /// The seed of every draw in it. It is small enough for links, so each trial can be looked at as a run.
    pub seed: u64,
    /// What the experiment says that it runs: the web app has fetched that protocol and no other.
    pub(crate) protocol: &'static str,
    pub(crate) build: &'a Build,
}

impl Trial<'_> {
    /// The scenario of a trial: a protocol, so many servers (0: its usual number), knobs as text.
    pub fn scenario(&self, protocol: &str, nodes: u16, set: &[(&str, &str)]) -> Scenario {
        let set = set.iter().map(|&(knob, value)| (knob.to_owned(), value.to_owned())).collect();
        Scenario { protocol: protocol.to_owned(), lesson: None, nodes, seed: self.seed, set }
    }

    /// A world at its start. Panics for a protocol or knob that does not exist: the experiment is wrong.
    pub fn world(&self, protocol: &str, nodes: u16, set: &[(&str, &str)]) -> Box<dyn AnyWorld> {
        self.begin(&self.scenario(protocol, nodes, set))
    }

    fn begin(&self, scenario: &Scenario) -> Box<dyn AnyWorld> {
        debug_assert_eq!(scenario.protocol, self.protocol, "the experiment names another protocol");
        (self.build)(scenario).unwrap_or_else(|why| panic!("{}: {why}", scenario.protocol))
    }

    /// Plays a whole script, header and all, to its end or to the first check that fails. Panics for a
    /// script that cannot be read: the experiment is wrong.
    pub fn play(&self, script: &str) -> (Timeline, Result<(), ScriptFailure>) {
        let script = Script::parse(script).unwrap_or_else(|error| panic!("{error}"));
        let scenario = script.scenario(self.scenario("", 0, &[]));
        let world = self.begin(&scenario);
        let mut timeline = Timeline::new(scenario, world);
        let played = script.run(&mut timeline).map(|_| ());
        (timeline, played)
    }

    /// A draw of the experiment's own, such as when a crash comes. `ordinal` tells several for one purpose
    /// apart.
    pub fn draw(&self, purpose: Purpose, ordinal: u64) -> Draw {
        Draw::new(self.seed, purpose, 0, ordinal)
    }
}
