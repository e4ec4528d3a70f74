//! The events of the branch as comma-separated values.

use faultline_model::NodeId;
use faultline_sim::{Event, Timeline, What, variant_name};
use leptos::prelude::*;

use super::kinds::Report;
use super::{breathe, csv};
use crate::session::Session;

/// The columns.
const HEAD: [&str; 10] =
    ["event", "time_us", "what", "node", "kind", "message", "from", "to", "rule", "sentence"];
/// So many lines are written before the page gets its turn.
const PIECE: u32 = 2_000;

/// Every event of the current branch, a line each.
pub async fn csv(session: Session, report: Report<'_>) -> Result<String, String> {
    let mut out = String::new();
    csv::line(&mut out, &HEAD);
    let mut done = 0;
    loop {
        let wrote = |timeline: &Timeline| {
            let until = timeline.len().min(done + PIECE);
            (done + 1..=until).for_each(|event| line(&mut out, timeline, event));
            (until, timeline.len())
        };
        let of;
        (done, of) = untrack(|| session.look(wrote)).ok_or("no run is loaded yet")?;
        if done >= of {
            return Ok(out);
        }
        if !report(done, of) {
            return Err("it was cancelled".to_owned());
        }
        breathe().await;
    }
}

fn line(out: &mut String, timeline: &Timeline, number: u32) {
    let (Some(event), Some(sentence)) =
        (timeline.events().get(number as usize - 1), timeline.narrate(number))
    else {
        return;
    };
    let name = |node: NodeId| timeline.world().cast().name(node).to_owned();
    let (from, to) = ends(event);
    csv::line(
        out,
        &[
            number.to_string(),
            event.at.0.to_string(),
            variant_name(&event.what).to_owned(),
            name(event.node),
            event.kind.to_owned(),
            event.msg.map(|msg| format!("m{}", msg.0)).unwrap_or_default(),
            from.map(name).unwrap_or_default(),
            to.map(name).unwrap_or_default(),
            sentence.rule,
            sentence.text,
        ],
    );
}

/// The sender and the receiver of what an event is about.
fn ends(event: &Event) -> (Option<NodeId>, Option<NodeId>) {
    match (event.what, event.peer) {
        (_, None) => (None, None),
        // A message arrives where its event is.
        (What::Delivered | What::Queued, from) => (from, Some(event.node)),
        (_, to) => (Some(event.node), to),
    }
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_sim::{Action, Scenario};

    use super::*;

    #[test]
    fn a_line_says_who_what_and_when() {
        let scenario = Scenario { protocol: "raft".to_owned(), seed: 42, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        let mut timeline = Timeline::new(scenario, world);
        while timeline.events().last().is_none_or(|event| event.kind != "RequestVote") {
            timeline.step();
        }
        let number = timeline.len();
        let event = timeline.events()[number as usize - 1];
        timeline.act(Action::Crash(NodeId(2))).unwrap();
        let mut out = String::new();
        line(&mut out, &timeline, number);
        line(&mut out, &timeline, number + 1);
        line(&mut out, &timeline, number + 2);
        let lines: Vec<&str> = out.lines().collect();
        let name = |node: NodeId| timeline.world().cast().name(node);
        let begin = format!(
            "{number},{},delivered,{},RequestVote,m{},{},{},",
            event.at.0,
            name(event.node),
            event.msg.unwrap().0,
            name(event.peer.unwrap()),
            name(event.node),
        );
        assert!(lines[0].starts_with(&begin), "{} does not begin with {begin}", lines[0]);
        assert!(lines[1].contains(",crashed,S3,,,,,,") && lines[1].contains("S3 crashes"), "{}", lines[1]);
        assert_eq!(lines.len(), 2);
    }
}
