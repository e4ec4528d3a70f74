//! The liveness probe on the learner's run: a copy, in which everything is mended, is asked something.

use faultline_check::probe::{Probe, Probing};
use faultline_check::registry::Judgement;
use faultline_model::Span;
use faultline_sim::Timeline;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

use crate::session::Session;

/// How long the copy may take to answer: longer than any timeout of the protocols, doubled a few times.
const WITHIN: Span = Span::secs(10);
/// And in so many events at most.
const MOST_EVENTS: u32 = 40_000;
/// So many of them between two looks at whether the page wants to draw: some milliseconds.
const PORTION: u32 = 250;
/// The run must have stood still for so long, milliseconds.
const REST: u32 = 300;

/// The verdict on the moment at the cursor, once time has stood still for a while; `None` where nobody can be
/// asked anything.
pub fn probed(session: Session) -> Signal<Option<Judgement>> {
    let verdict = RwSignal::new(None::<Judgement>);
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (moment, playing) = (session.revision(), session.playing.get());
        let mine = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        if playing || moment == 0 {
            return;
        }
        let stale = move || turn.try_get_value() != mine;
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(REST).await;
            if stale() {
                return;
            }
            let begun = untrack(|| session.look(begin)).flatten();
            let Some((asked, begun)) = begun else { return verdict.set(None) };
            let mut probing = match begun {
                Ok(probing) => probing,
                Err(refused) => return verdict.set(Some(told(&asked, &Probe::Refused(refused), WITHIN))),
            };
            for _ in 0..MOST_EVENTS / PORTION {
                if let Some(probe) = probing.go_on(PORTION) {
                    return verdict.set(Some(told(&asked, &probe, probing.elapsed())));
                }
                TimeoutFuture::new(0).await;
                if stale() {
                    return;
                }
            }
            verdict.set(Some(told(&asked, &Probe::Silent, probing.elapsed())));
        });
    });
    verdict.into()
}

/// Asks a copy of the world the first thing that a client, else a server, can be asked.
fn begin(timeline: &Timeline) -> Option<(String, Result<Probing, String>)> {
    let view = timeline.world().view();
    let takes =
        |client: bool| view.nodes.iter().find(|node| node.client == client && !node.operations.is_empty());
    let node = takes(true).or_else(|| takes(false))?;
    let operation = node.operations.first()?;
    let probing = Probing::begin(timeline.world(), node.node, operation, WITHIN);
    Some((format!("`{operation}` at {}", node.id), probing.map_err(|refused| refused.to_string())))
}

fn told(asked: &str, probe: &Probe, elapsed: Span) -> Judgement {
    let mut verdict = Judgement::new("K17", "Answers once everything is mended");
    match probe {
        Probe::Answered { answer, after } => {
            verdict.holds = Some(true);
            verdict.why =
                format!("with every fault mended now, {asked} is answered `{answer}` after {after}");
        }
        Probe::Silent => {
            verdict.holds = Some(false);
            verdict.why = format!("with every fault mended now, {asked} is not answered within {elapsed}");
        }
        Probe::Refused(why) => verdict.why = format!("{asked} cannot be asked: {why}"),
    }
    verdict
}
