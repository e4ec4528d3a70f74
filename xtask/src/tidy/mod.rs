//! `cargo xtask tidy`: the house rules that neither the compiler nor clippy checks. Each finding
//! names a file and a line, so that an editor can go there.

mod edges;
mod features;
mod text;

use std::fmt;

use anyhow::{Context, Result, bail};

use crate::shell::{ask, program, root};

/// One broken rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// What is known and accepted: file, the first words of the finding, and why it stays.
const ALLOWED: &[(&str, &str, &str)] = &[];

/// `cargo xtask tidy`.
pub fn run() -> Result<()> {
    let listing = ask(program("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))
        .context("tidy asks git which files there are, and git did not answer")?;
    let mut findings = Vec::new();
    let mut read = 0;
    for file in listing.split('\0').filter(|file| !file.is_empty()) {
        // Listed but deleted, or not text: nothing to say about it.
        let Ok(content) = std::fs::read_to_string(root().join(file)) else {
            continue;
        };
        read += 1;
        findings.extend(text::check(file, &content));
    }
    findings.extend(edges::check()?);
    findings.extend(features::check()?);
    findings.retain(|finding| !allowed(finding));
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => println!("  {read} files keep the house rules"),
        1 => bail!("one house rule is broken"),
        count => bail!("{count} house rules are broken"),
    }
    Ok(())
}

fn allowed(finding: &Finding) -> bool {
    ALLOWED.iter().any(|(file, what, _)| finding.file == *file && finding.what.starts_with(what))
}
