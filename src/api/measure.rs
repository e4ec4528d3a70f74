//! `measure`: how fast the engine is on this machine, without drawing.

use faultline_lessons::catalogue;
use faultline_sim::{Action, AnyWorld, Scenario, Timeline, What};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::{Answer, json};

/// `{protocol, deliveries, history}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    protocol: String,
    deliveries: u32,
    /// Whether time travel keeps its record meanwhile.
    history: bool,
    nodes: u16,
    seed: u64,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted { protocol: "raft".to_owned(), deliveries: 100_000, history: false, nodes: 0, seed: 1 }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    /// How long it took, milliseconds.
    milliseconds: f64,
    /// How many messages were delivered.
    deliveries: u32,
    /// How many events there were in all.
    events: u32,
}

const MOST: u32 = 20_000_000;

/// Runs that many deliveries and says how long it took.
pub async fn measure(argument: &JsValue) -> Answer {
    let wanted: Wanted = match argument.is_undefined() {
        true => Wanted::default(),
        false => serde_wasm_bindgen::from_value(argument.clone())
            .map_err(|error| format!("measure takes {{protocol, deliveries, history}}: {error}"))?,
    };
    let most = if wanted.history { faultline_sim::MAX_EVENTS / 2 } else { MOST };
    if wanted.deliveries == 0 || wanted.deliveries > most {
        return Err(format!("deliveries lie between 1 and {most}"));
    }
    let scenario = Scenario {
        protocol: wanted.protocol.clone(),
        nodes: wanted.nodes,
        seed: wanted.seed,
        ..Scenario::default()
    };
    catalogue::fetch(&scenario.protocol).await.map_err(|error| error.to_string())?;
    let mut world = catalogue::build(&scenario).map_err(|error| error.to_string())?;
    let clock = window().performance().ok_or("this browser has no clock to measure with")?;
    let start = clock.now();
    let (deliveries, events) = if wanted.history {
        let mut timeline = Timeline::new(scenario, world);
        let mut delivered = 0;
        while delivered < wanted.deliveries {
            let Some(event) = timeline.step() else { break };
            delivered += u32::from(event.what == What::Delivered);
        }
        (delivered, timeline.len())
    } else {
        let delivered = deliver(world.as_mut(), wanted.deliveries);
        (delivered, world.events())
    };
    json(&Measured { milliseconds: clock.now() - start, deliveries, events })
}

/// Steps until so many messages have been delivered. A system that rests is asked for something.
fn deliver(world: &mut dyn AnyWorld, most: u32) -> u32 {
    let (mut delivered, mut turn) = (0, 0);
    while delivered < most {
        match world.step() {
            Some(event) => delivered += u32::from(event.what == What::Delivered),
            None if !ask(world, turn) => break,
            None => turn += 1,
        }
    }
    delivered
}

/// Hands a client its next operation; false when nobody takes any.
fn ask(world: &mut dyn AnyWorld, turn: usize) -> bool {
    let view = world.view();
    let asked = view.nodes.iter().find(|node| !node.operations.is_empty());
    asked.is_some_and(|node| {
        let operation = node.operations[turn % node.operations.len()].clone();
        world.apply(&Action::Invoke(node.node, operation)).is_ok()
    })
}
