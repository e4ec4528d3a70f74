//! Which crate may know which: the architecture's arrows, checked against the manifests.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;
use crate::shell::{ask, cargo, root};

/// Every crate of the workspace and the ones of it that its code may name. Its tests may name more:
/// the simulator's tests run real protocols.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("faultline-model", &[]),
    ("faultline-chunk", &[]),
    ("faultline-protocols", &["faultline-model"]),
    ("faultline-sim", &["faultline-model"]),
    ("faultline-check", &["faultline-model", "faultline-sim"]),
    ("faultline-experiments", &["faultline-model", "faultline-sim"]),
    (
        "faultline-lessons",
        &[
            "faultline-model",
            "faultline-chunk",
            "faultline-protocols",
            "faultline-sim",
            "faultline-check",
            "faultline-experiments",
        ],
    ),
    ("faultline", ANY),
    ("faultline-cli", ANY),
    ("xtask", ANY),
    ("tools", &[]),
];

const ANY: &[&str] = &[
    "faultline-model",
    "faultline-protocols",
    "faultline-sim",
    "faultline-check",
    "faultline-experiments",
    "faultline-chunk",
    "faultline-lessons",
];

/// What ties code to a browser. Nothing in crates/ may: the same engine runs in the page, in the
/// worker, on the command line and in tests.
const BROWSER: &[&str] =
    &["leptos", "web-sys", "js-sys", "wasm-bindgen", "wasm-bindgen-futures", "gloo-timers", "gloo-worker"];

/// One manifest, reduced to what the rules speak of.
struct Manifest {
    name: String,
    file: String,
    /// Names of what its code, not its tests, depends on.
    depends_on: Vec<String>,
}

/// Every arrow that points the wrong way.
pub fn check() -> Result<Vec<Finding>> {
    let text = ask(cargo().args(["metadata", "--no-deps", "--format-version", "1", "--offline"]))
        .context("cargo metadata failed")?;
    let metadata: Value = serde_json::from_str(&text)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    Ok(judge(&packages.iter().map(manifest).collect::<Vec<_>>()))
}

fn manifest(package: &Value) -> Manifest {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let path = text(&package["manifest_path"]);
    let top = format!("{}/", root().display());
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    Manifest {
        name: text(&package["name"]),
        file: path.strip_prefix(&top).unwrap_or(&path).to_owned(),
        depends_on: dependencies.filter(|one| one["kind"] != "dev").map(|one| text(&one["name"])).collect(),
    }
}

fn judge(manifests: &[Manifest]) -> Vec<Finding> {
    let rules: BTreeMap<_, _> = MAY_KNOW.iter().copied().collect();
    let mut findings = Vec::new();
    for manifest in manifests {
        let mut add = |what: String| {
            findings.push(Finding { file: manifest.file.clone(), line: 1, what });
        };
        let Some(may) = rules.get(manifest.name.as_str()) else {
            add(format!("say in xtask/src/tidy/edges.rs where {} stands", manifest.name));
            continue;
        };
        for other in &manifest.depends_on {
            let other = other.as_str();
            let ours = rules.contains_key(other);
            if ours && !may.contains(&other) {
                add(format!("{} must not know {other}: dependencies point one way", manifest.name));
            }
            if manifest.file.starts_with("crates/") && BROWSER.contains(&other) {
                add(format!("{} must not know {other}: nothing in crates/ knows the browser", manifest.name));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(name: &str, file: &str, depends_on: &[&str]) -> usize {
        let depends_on = depends_on.iter().map(|name| (*name).to_owned()).collect();
        judge(&[Manifest { name: name.to_owned(), file: file.to_owned(), depends_on }]).len()
    }

    #[test]
    fn arrows_point_one_way() {
        assert_eq!(findings("faultline-sim", "crates/sim/Cargo.toml", &["serde", "faultline-model"]), 0);
        assert_eq!(findings("faultline-model", "crates/model/Cargo.toml", &["faultline-sim"]), 1);
        assert_eq!(findings("faultline-sim", "crates/sim/Cargo.toml", &["faultline-protocols"]), 1);
        assert_eq!(findings("faultline-lessons", "crates/lessons/Cargo.toml", &["faultline"]), 1);
    }

    #[test]
    fn only_the_app_knows_the_browser() {
        assert_eq!(findings("faultline-sim", "crates/sim/Cargo.toml", &["web-sys"]), 1);
        assert_eq!(findings("faultline", "Cargo.toml", &["web-sys", "leptos"]), 0);
    }

    #[test]
    fn a_new_crate_must_be_placed() {
        assert_eq!(findings("faultline-new", "crates/new/Cargo.toml", &[]), 1);
    }
}
