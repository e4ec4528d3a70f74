//! Sending a run to the page that it belongs on, and receiving one.

use faultline_lessons::planned;
use faultline_sim::Scenario;
use leptos::prelude::*;
use web_sys::Storage;

use super::incoming::Incoming;
use super::{Exchange, json};
use crate::address::PageKind;

/// Under these names the tab keeps what goes from page to page: what is to be opened, with its name in
/// the first line; and the run that was left behind.
const SENT: &str = "faultline-sent";
const LEFT: &str = "faultline-left";

/// Whether a run that starts so can be shown on this page.
pub fn belongs_here(page: &PageKind, scenario: &Scenario) -> bool {
    match page {
        PageKind::Sandbox(slug) => *slug == scenario.protocol,
        PageKind::Lesson(slug) => scenario.lesson.as_ref() == Some(slug),
        _ => false,
    }
}

/// The address of the page that it belongs on.
fn address_of(scenario: &Scenario) -> String {
    let lesson = scenario.lesson.as_deref().and_then(planned).filter(|(_, lesson)| lesson.written());
    match lesson {
        Some((_, lesson)) => format!("lesson/{}/", lesson.slug),
        None => format!("sandbox/{}/", scenario.protocol),
    }
}

/// What the tab keeps, if the browser lets it.
fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Opens something on the page that it belongs on; this page is left.
pub fn go(exchange: Exchange, scenario: &Scenario, name: &str, incoming: &Incoming) -> Result<(), String> {
    let address = address_of(scenario);
    let (Incoming::Json(text) | Incoming::Script(text) | Incoming::Link(text)) = incoming;
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
    let sent = storage().and_then(|storage| storage.set_item(SENT, &format!("{name}\n{text}")).ok());
    sent.ok_or_else(|| {
        format!("this browser keeps nothing from page to page; open it on the page {address}")
    })?;
    let run = exchange.session.and_then(|session| untrack(|| session.run()));
    if let (Some(storage), Some(Ok(text))) = (storage(), run.map(|run| json::text(&run))) {
        // Without it there is no way back but the browser's own.
        let _ = storage.set_item(LEFT, &text);
    }
    window()
        .location()
        .set_href(&address)
        .map_err(|_| format!("the page {address} cannot be opened from here"))
}

/// Opens what another page has sent here.
pub fn arrive(exchange: Exchange) {
    let take = |name: &str| {
        let storage = storage()?;
        let text = storage.get_item(name).ok().flatten();
        let _ = storage.remove_item(name);
        text
    };
    let Some(sent) = take(SENT) else { return };
    exchange.far.set_value(take(LEFT));
    let (name, text) = sent.split_once('\n').unwrap_or(("What was sent", &sent));
    exchange.open(name.to_owned(), text.as_bytes().to_vec(), true);
}

/// Back to the run that was left behind on another page.
pub fn back(exchange: Exchange) {
    if let Some(text) = exchange.far.try_update_value(Option::take).flatten() {
        exchange.open("The previous run".to_owned(), text.into_bytes(), false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_to_its_lesson_or_its_sandbox() {
        let mut scenario = Scenario { protocol: "raft".to_owned(), ..Scenario::default() };
        assert_eq!(address_of(&scenario), "sandbox/raft/");
        assert!(belongs_here(&PageKind::Sandbox("raft".to_owned()), &scenario));
        assert!(!belongs_here(&PageKind::Sandbox("paxos".to_owned()), &scenario));
        assert!(!belongs_here(&PageKind::Lesson("raft-elections".to_owned()), &scenario));
        scenario.lesson = Some("raft-elections".to_owned());
        assert_eq!(address_of(&scenario), "lesson/raft-elections/");
        assert!(belongs_here(&PageKind::Lesson("raft-elections".to_owned()), &scenario));
        assert!(!belongs_here(&PageKind::Home, &scenario));
        scenario.lesson = Some("../../elsewhere".to_owned());
        assert_eq!(address_of(&scenario), "sandbox/raft/", "a lesson that does not exist leads nowhere");
    }
}
