//! Histories recorded from real systems are judged as they are known to be: twelve of etcd's and four of
//! a key-value store, the test data of the checker Porcupine.
//!
//! They are not part of the project. Where they are missing the tests say so and pass, but not in CI.
#![expect(clippy::disallowed_types, reason = "these tests say how long each history took")]
#![expect(clippy::disallowed_methods, reason = "whether a machine is CI's stands in its environment")]

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use faultline_check::history::History;
use faultline_check::linear::{Check, Order, OrderVerdict};
use faultline_check::spec::Model;

const JEPSEN: [(&str, bool); 12] = [
    ("jepsen/etcd_000.log", false),
    ("jepsen/etcd_001.log", false),
    ("jepsen/etcd_002.log", true),
    ("jepsen/etcd_003.log", false),
    ("jepsen/etcd_005.log", true),
    ("jepsen/etcd_007.log", true),
    ("jepsen/etcd_018.log", true),
    ("jepsen/etcd_020.log", false),
    ("jepsen/etcd_025.log", true),
    ("jepsen/etcd_031.log", true),
    ("jepsen/etcd_038.log", true),
    ("jepsen/etcd_040.log", false),
];

const KV: [(&str, bool); 4] =
    [("kv/c01-bad.txt", false), ("kv/c01-ok.txt", true), ("kv/c10-bad.txt", false), ("kv/c10-ok.txt", true)];

/// The text of a recorded history; `None` where there are none.
fn recorded(name: &str) -> Option<String> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/histories"));
    match fs::read_to_string(folder.join(name)) {
        Ok(text) => Some(text),
        Err(error) if std::env::var("CI").is_ok() => panic!("{name} must be there in CI: {error}"),
        Err(error) => {
            println!("skipped: {name} is not there ({error})");
            None
        }
    }
}

fn judge(histories: &[(&str, bool)], model: Model) {
    let mut wrong = vec![];
    for &(name, linearizable) in histories {
        let Some(text) = recorded(name) else { continue };
        let start = Instant::now();
        let mut check =
            Check::new(History::parse(&text).unwrap(), model, Order::Linearizable, Check::BYTES).unwrap();
        let verdict = check.finish().clone();
        println!("{name}: {:?}: {}", start.elapsed(), check.sentence().unwrap());
        if matches!(verdict, OrderVerdict::Holds { .. }) != linearizable {
            wrong.push(name);
        }
    }
    assert_eq!(wrong, Vec::<&str>::new(), "these are judged otherwise than they are known to be");
}

#[test]
fn etcd_as_jepsen_recorded_it() {
    judge(&JEPSEN, Model::CasRegister);
}

#[test]
fn a_key_value_store() {
    judge(&KV, Model::Kv);
}
