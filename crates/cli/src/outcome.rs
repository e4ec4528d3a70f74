//! What a verb comes to.

use std::io::Write;

use miette::{IntoDiagnostic, Result};
use serde::Serialize;

/// Whether what was asked for holds. Input that cannot be used is an error instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Exit status 0.
    Holds,
    /// Exit status 1.
    DoesNotHold,
}

impl Outcome {
    /// `Holds` if it does.
    pub fn of(holds: bool) -> Outcome {
        if holds { Outcome::Holds } else { Outcome::DoesNotHold }
    }
}

/// Prints a value as one JSON document.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    print(&format!("{}\n", serde_json::to_string_pretty(value).into_diagnostic()?));
    Ok(())
}

/// Prints; a reader that has gone away (`faultline run … | head`) is no error.
pub fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
