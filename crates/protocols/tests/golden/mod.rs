//! Golden scripts of one protocol, for the tests of several.

use std::path::PathBuf;

use faultline_model::{Params, Protocol};
use faultline_sim::script::{Header, Script, Statement};
use faultline_sim::{Scenario, Setup, Timeline, What, World};

/// All scripts of a protocol, by name.
fn scripts<P: Protocol>() -> Vec<(String, Script)> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "scripts", P::ABOUT.slug].iter().collect();
    let files = std::fs::read_dir(folder).expect("the folder of the scripts");
    let mut found: Vec<(String, Script)> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("a text");
            let script = Script::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, script)
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// The script of that name.
pub fn script<P: Protocol>(name: &str) -> Script {
    scripts::<P>().into_iter().find(|(other, _)| other == name).expect("a golden script").1
}

/// The script of that name without its line that sets `knob`.
pub fn script_without<P: Protocol>(name: &str, knob: &str) -> Script {
    let mut script = script::<P>(name);
    let lines = script.lines.len();
    script.lines.retain(
        |line| !matches!(&line.statement, Some(Statement::Header(Header::Set(set, _))) if set == knob),
    );
    assert_eq!(script.lines.len(), lines - 1, "{name} sets {knob}");
    script
}

/// A run that starts as the script's header says.
pub fn timeline<P: Protocol>(script: &Script) -> Timeline {
    let scenario = script.scenario(Scenario { seed: 1, ..Scenario::default() });
    assert_eq!(scenario.protocol, P::ABOUT.slug);
    let (mut params, mut habitat) = (P::Params::default(), P::habitat());
    for (knob, value) in &scenario.set {
        let known = P::Params::knobs().iter().any(|other| other.name == knob);
        let set = if known { params.set(knob, value) } else { habitat.set(knob, value) };
        set.unwrap_or_else(|error| panic!("{error}"));
    }
    let nodes = if scenario.nodes == 0 { P::default_nodes() } else { scenario.nodes.into() };
    let cast = P::cast(&params, nodes);
    let world = World::<P>::new(Setup { cast, params, habitat, seed: scenario.seed });
    Timeline::new(scenario, Box::new(world))
}

/// Plays all scripts; every event at a node that has a handler names its rule.
pub fn play_all<P: Protocol>(at_least: usize) {
    let scripts = scripts::<P>();
    assert!(scripts.len() >= at_least, "found only {}", scripts.len());
    let mut failures = vec![];
    for (name, script) in &scripts {
        let mut timeline = timeline::<P>(script);
        match script.run(&mut timeline) {
            Ok(transcript) => assert!(transcript.checks > 0, "{name} checks nothing"),
            Err(failure) => failures.push(format!("{name}, {failure}")),
        }
        for (number, event) in timeline.events().iter().enumerate() {
            let handled = matches!(event.what, What::Delivered | What::Fired | What::Invoked);
            assert!(!handled || event.rule.is_some(), "{name}, event {}: {event:?}", number + 1);
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
