//! What the searches of the protocols share: a world with some knobs set, and a search to its end.

use faultline_check::{Bounds, Counterexample, Request, Search, Verdict};
use faultline_model::{Params, Protocol};
use faultline_sim::{AnyWorld, Setup, World};

/// A system of so many servers at its start.
pub fn world<P: Protocol>(nodes: usize, set: &[(&str, &str)]) -> World<P> {
    let mut params = P::Params::default();
    for (knob, value) in set {
        params.set(knob, value).expect("a knob of the protocol");
    }
    World::new(Setup { cast: P::cast(&params, nodes), params, habitat: P::habitat(), seed: 1 })
}

/// Operations, as "node: operation".
pub fn requests<P: Protocol>(world: &World<P>, asked: &[&str]) -> Vec<Request> {
    let request = |text: &&str| {
        let (node, op) = text.split_once(": ").expect("a node and an operation");
        let node = world.cast().find(node).expect("a node of the cast");
        Request { node, op: op.to_owned() }
    };
    asked.iter().map(request).collect()
}

/// The shortest run that breaks the property, played once more to see that it does.
pub fn found<P: Protocol>(world: &World<P>, property: &str, bounds: Bounds) -> Counterexample {
    let mut search = Search::new(world, Some(property), bounds).expect("a property");
    let verdict = search.finish().clone();
    let Verdict::Found(counterexample) = verdict else {
        panic!("{property}: {verdict:?} after {:?}", search.progress());
    };
    let mut played = world.clone();
    for (place, action) in counterexample.actions.iter().enumerate() {
        assert_eq!(played.broken(Some(property)), None, "broken before action {place}");
        let event = played.apply(action).expect("every action can be done");
        println!("{property} {}: {}", place + 1, played.narrate(&event, None).text);
    }
    assert_eq!(played.broken(Some(property)), Some(property));
    println!("{property}: {} steps, {:?}", counterexample.steps, search.progress());
    counterexample
}

/// How many states there are within the bounds, none of which breaks the property.
pub fn exhausted<P: Protocol>(world: &World<P>, property: Option<&str>, bounds: Bounds) -> u32 {
    let mut search = Search::new(world, property, bounds).expect("a property");
    let verdict = search.finish().clone();
    assert_eq!(verdict, Verdict::Exhausted, "{property:?} within {:?}", search.bounds());
    assert!(!search.cut_off(), "no run is cut off by the bound on depth");
    println!("{property:?}: {:?}", search.progress());
    search.progress().states
}
