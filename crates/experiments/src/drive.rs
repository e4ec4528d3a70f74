//! What trials do with a world.

use faultline_model::{NodeId, Time};
use faultline_sim::{Action, AnyWorld};

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
