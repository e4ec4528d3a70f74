//! From the operations of a run in the simulator.

use super::error::{HistoryError, Trouble, shorten};
use super::{History, MAX_OPERATIONS, Operation, Outcome};
use crate::spec::{Call, Ret, Verb};

/// What protocols answer when there is no value, nothing was done, or nobody knows. As values they could
/// not be told from that.
const NO_VALUE: [&str; 2] = ["nil", "nothing"];
const NOT_DONE: [&str; 3] = ["refused", "not leader", "unavailable"];
const NOT_KNOWN: [&str; 3] = ["unknown", "timeout", "timed out"];

/// The history of a run.
pub(super) fn history(operations: &[faultline_sim::Operation]) -> Result<History, HistoryError> {
    let wrong = |trouble| HistoryError { line: None, trouble };
    if operations.is_empty() {
        return Err(wrong(Trouble::Empty));
    }
    if operations.len() > MAX_OPERATIONS {
        return Err(wrong(Trouble::TooMany(MAX_OPERATIONS)));
    }
    let mut judged = vec![];
    // Time, the number of the event, returns after invocations, and the operation's place.
    let mut events = vec![];
    for (place, operation) in operations.iter().enumerate() {
        let call = call(&operation.call).map_err(wrong)?;
        let outcome = operation.result.as_deref().map_or(Outcome::Unknown, |text| outcome(&call, text));
        events.push((operation.invoked, operation.invoked_event, false, place));
        if outcome != Outcome::Unknown {
            let at = operation.returned.unwrap_or(operation.invoked);
            events.push((at, operation.returned_event.unwrap_or(operation.invoked_event), true, place));
        }
        let process = operation.process.as_str().into();
        judged.push(Operation { process, call, outcome, invoked: 0, returned: None });
    }
    events.sort_unstable();
    let mut order = vec![];
    for (event, &(_, _, is_return, place)) in (1u32..).zip(&events) {
        if is_return {
            judged[place].returned = Some(event);
        } else {
            judged[place].invoked = event;
            order.push(place);
        }
    }
    debug_assert!(order.is_sorted(), "a run lists its operations as they were invoked");
    Ok(History { operations: judged, events: events.len() as u32, lines: vec![] })
}

fn call(text: &str) -> Result<Call, Trouble> {
    let stranger = || Trouble::Call(shorten(text));
    let words: Vec<&str> = text.split_whitespace().take(5).collect();
    let (key, verb) = match words[..] {
        ["read" | "get", key] => (key, Verb::Read),
        ["delete", key] => (key, Verb::Delete),
        ["write" | "put", assignment] => {
            let (key, value) = assignment.split_once('=').ok_or_else(stranger)?;
            (key, Verb::Write(value.into()))
        }
        ["append", assignment] => {
            let (key, value) = assignment.split_once('=').ok_or_else(stranger)?;
            (key, Verb::Append(value.into()))
        }
        ["cas", key, old, new] => {
            let old = (!NO_VALUE.contains(&old)).then(|| old.into());
            (key, Verb::Cas(old, new.into()))
        }
        _ => return Err(stranger()),
    };
    if let Verb::Write(value) | Verb::Append(value) | Verb::Cas(_, value) = &verb {
        let value = value.as_ref();
        if [&NO_VALUE[..], &NOT_DONE, &NOT_KNOWN].into_iter().flatten().any(|reserved| *reserved == value) {
            return Err(Trouble::Reserved(value.to_owned()));
        }
    }
    Ok(Call { key: key.into(), verb })
}

fn outcome(call: &Call, text: &str) -> Outcome {
    if NOT_DONE.contains(&text) {
        return Outcome::Failed;
    }
    if NOT_KNOWN.contains(&text) {
        return Outcome::Unknown;
    }
    match &call.verb {
        Verb::Read => Outcome::Returned(Ret::Value((!NO_VALUE.contains(&text)).then(|| text.into()))),
        Verb::Cas(..) if text == "failed" => Outcome::Returned(Ret::Mismatch),
        _ if text == "ok" => Outcome::Returned(Ret::Done),
        // An answer that says neither that it was done nor that it was not.
        _ => Outcome::Unknown,
    }
}
