//! __Title__, run by the simulator.

use faultline_model::{Habitat, Protocol};
use faultline_protocols::__module__::__Name__;
use faultline_sim::{AnyWorld, Setup, World};

fn world(seed: u64) -> World<__Name__> {
    let params = <__Name__ as Protocol>::Params::default();
    let cast = __Name__::cast(&params, __Name__::default_nodes());
    World::new(Setup { cast, params, habitat: Habitat::default(), seed })
}

#[test]
fn every_property_holds_at_the_end_of_an_undisturbed_run() {
    let mut world = world(42);
    while world.events() < 1_000 && world.step().is_some() {}
    for verdict in world.verdicts() {
        assert!(verdict.holds, "{}: {}", verdict.property, verdict.why);
    }
}
