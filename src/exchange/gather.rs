//! The run as a file, gathered a piece at a time.

use faultline_lessons::catalogue;
use faultline_sim::file::{Writing, behaviour};
use faultline_sim::{RunFile, Scenario};
use leptos::prelude::*;

use super::kinds::Report;
use super::{breathe, json};
use crate::session::Session;

/// So many events are gone through before the page gets its turn.
const PIECE: u32 = 2_000;

/// The version of this program.
pub const APP: &str = env!("CARGO_PKG_VERSION");

/// How a protocol behaves in this program; empty when there is none of that name.
pub fn protocol_version(slug: &str) -> String {
    let scenario = Scenario { protocol: slug.to_owned(), ..Scenario::default() };
    catalogue::build(&scenario).map(behaviour).unwrap_or_default()
}

/// The run on stage as the text of a file.
pub async fn file_text(session: Session, report: Report<'_>) -> Result<String, String> {
    json::text(&file(session, report).await?)
}

async fn file(session: Session, report: Report<'_>) -> Result<RunFile, String> {
    let none = || "no run is loaded yet".to_owned();
    let mut writing = untrack(|| session.look(Writing::of)).ok_or_else(none)?;
    loop {
        let before = writing.progress();
        match untrack(|| session.look(|timeline| writing.go(timeline, PIECE))) {
            Some(true) => break,
            Some(false) if writing.progress().0 > before.0 => {}
            _ => return Err("the run was changed meanwhile: try again".to_owned()),
        }
        let (done, of) = writing.progress();
        if !report(done, of) {
            return Err("it was cancelled".to_owned());
        }
        breathe().await;
    }
    let slug = untrack(|| session.scenario()).map(|scenario| scenario.protocol).unwrap_or_default();
    Ok(writing.finish(APP, protocol_version(&slug)))
}
