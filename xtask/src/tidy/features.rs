//! Trunk cannot tell Cargo to build the app's package alone: it builds it among the workspace's
//! default members, and a feature that one of those asks of a shared crate would silently be compiled
//! into the page. This compares what the page asks for with what it gets.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::Finding;
use crate::shell::{ask, cargo};

/// Every crate of the page that gets more features than the page asks for.
pub fn check() -> Result<Vec<Finding>> {
    let asked = tree(&["--package", "faultline"])?;
    let built = tree(&[])?;
    Ok(judge(&asked, &built))
}

fn judge(asked: &BTreeSet<String>, built: &BTreeSet<String>) -> Vec<Finding> {
    let grown = asked.difference(built);
    grown
        .map(|name| Finding {
            file: "Cargo.toml".to_owned(),
            line: 1,
            what: format!(
                "the page gets more of {name} than it asks for: another package wants more features"
            ),
        })
        .collect()
}

/// Name, version and features of all that those packages depend on as WebAssembly.
fn tree(packages: &[&str]) -> Result<BTreeSet<String>> {
    const SHAPE: &[&str] = &["--edges", "normal", "--prefix", "none", "--no-dedupe", "--format", "{p} [{f}]"];
    const TARGET: &[&str] = &["--target", "wasm32-unknown-unknown", "--offline"];
    let text =
        ask(cargo().arg("tree").args(packages).args(SHAPE).args(TARGET)).context("cargo tree failed")?;
    Ok(text.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_from_elsewhere_is_found() {
        let set = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        let asked = set(&["serde_json v1 [std]"]);
        assert_eq!(judge(&asked, &set(&["clap v4 []", "serde_json v1 [std]"])), []);
        assert_eq!(judge(&asked, &set(&["serde_json v1 [preserve_order,std]"])).len(), 1);
    }
}
