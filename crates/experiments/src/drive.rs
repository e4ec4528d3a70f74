//! What trials do with a world.

use faultline_model::{NodeId, Time};
use faultline_sim::{Action, AnyWorld, Event};

use crate::Trial;

/// Lets everything happen that is due up to `time`, and the time come.
pub(crate) fn run_to(world: &mut dyn AnyWorld, time: Time) {
    while world.next_due().is_some_and(|due| due <= time) {
        world.step();
    }
    world.wait(time);
}

/// Hands an operation to a node. Panics if it does not take it: the experiment is wrong.
pub(crate) fn invoke(world: &mut dyn AnyWorld, node: NodeId, operation: &str) {
    world
        .apply(&Action::Invoke(node, operation.to_owned()))
        .unwrap_or_else(|why| panic!("{operation}: {why}"));
}

/// The node of that name. Panics if there is none: the experiment is wrong.
pub(crate) fn named(world: &dyn AnyWorld, name: &str) -> NodeId {
    world.cast().find(name).unwrap_or_else(|| panic!("there is no node {name}"))
}

/// A field of a node's state, as the inspector writes it; `None` where the path leads nowhere.
pub(crate) fn field(world: &dyn AnyWorld, node: &str, path: &str) -> Option<String> {
    let tree = world.detail(named(world, node))?;
    tree.get(path, world.cast()).ok().map(|part| part.text(world.cast()))
}

/// The id of the rule that an event applied; empty when it named none.
pub(crate) fn rule_of(world: &dyn AnyWorld, event: &Event) -> &'static str {
    event.rule.and_then(|rule| world.about().rule(rule)).map_or("", |rule| rule.id)
}

/// A round of gossip, unless somebody sets it otherwise, microseconds.
const ROUND: f64 = 100_000.0;

/// Gossip among so many sites, of whom the first has just got news. A message takes a tenth of a round.
pub(crate) fn epidemic(trial: &Trial<'_>, sites: u16, set: &[(&str, &str)]) -> Box<dyn AnyWorld> {
    let mut world = trial.world("gossip", sites, &[&[("latency", "constant 10ms")], set].concat());
    invoke(world.as_mut(), NodeId(0), "write k1=news");
    world
}

/// In which round a site has just heard the news, if this event is that.
pub(crate) fn heard_in(world: &dyn AnyWorld, event: &Event) -> Option<f64> {
    let heard = rule_of(world, event) == "learn";
    heard.then(|| (event.at.0 as f64 / ROUND).floor())
}
