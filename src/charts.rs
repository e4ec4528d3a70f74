//! How the run went so far: latencies, throughput, availability, queues, messages, measured values.
//!
//! [`build`] makes charts of what happened, [`draw`] makes shapes of them; this binds them to the session.
//! Every chart has its numbers as a table, and shares one cursor with the stage.

mod build;
mod chart;
mod draw;
mod figure;
mod record;

use std::rc::Rc;
use std::sync::Arc;

use faultline_chunk::chunk;
use faultline_model::Time;
use faultline_sim::Timeline;
use gloo_timers::callback::Timeout;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::use_element_size;

use crate::inspector::words;
use crate::session::{Session, use_session};
use crate::spacetime::{Story, hue_word};
use crate::widgets::Room;
use build::Run;
use chart::Chart;
use record::Record;

/// While time runs, charts are drawn anew so often, milliseconds.
const REDRAWN: u32 = 250;
/// So many events are gone through before the page gets its turn.
const PIECE: u32 = 2_000;

/// What every chart needs.
#[derive(Clone, Copy)]
struct Panel {
    session: Session,
    charts: RwSignal<Vec<Arc<Chart>>>,
    /// The time that is pointed at, in any chart; microseconds.
    aim: RwSignal<Option<u64>>,
    width: Signal<f64>,
}

chunk! { rooms: pub fn show_charts() -> Room { Rc::new(|| view! { <Charts/> }.into_any()) } }

/// The panel.
#[component]
fn Charts() -> impl IntoView {
    let session = use_session();
    let field = NodeRef::<Div>::new();
    let size = use_element_size(field);
    let panel = Panel { session, charts: RwSignal::new(vec![]), aim: RwSignal::new(None), width: size.width };
    let story = Story::of(session);
    let gathered = gather(panel, story);
    let ids = Memo::new(move |_| {
        panel.charts.with(|charts| charts.iter().map(|chart| chart.id.clone()).collect::<Vec<_>>())
    });
    view! {
        <div class="charts" node_ref=field>
            {move || gathered.get().map(|(done, of)| view! {
                <p class="nothing">
                    <label>"Going through the run… " <progress max=of.max(1) value=done></progress></label>
                </p>
            })}
            <Show when=move || ids.with(Vec::is_empty) && gathered.get().is_none()>
                <p class="nothing">"Nothing has happened yet: press Play, and the charts fill."</p>
            </Show>
            <For each=move || ids.get() key=Clone::clone let(id)>
                {figure::figure(panel, id)}
            </For>
        </div>
    }
}

/// Keeps the charts up to date; the signal says how far it is while it is behind.
fn gather(panel: Panel, story: Memo<Story>) -> Signal<Option<(u32, u32)>> {
    let session = panel.session;
    let record = StoredValue::new_local(Record::default());
    let behind = RwSignal::new(None::<(u32, u32)>);
    let waiting = StoredValue::new(false);
    let changed = Memo::new(move |_| session.story());
    Effect::new(move |before: Option<()>| {
        changed.get();
        if waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        // The first time at once; while time runs, not at every frame.
        let playing = before.is_some() && session.playing.get_untracked();
        Timeout::new(if playing { REDRAWN } else { 0 }, move || go_on(panel, story, record, behind, waiting))
            .forget();
    });
    behind.into()
}

/// Goes a piece further; draws when it has caught up, else comes again after the browser's turn.
fn go_on(
    panel: Panel,
    story: Memo<Story>,
    record: StoredValue<Record, LocalStorage>,
    behind: RwSignal<Option<(u32, u32)>>,
    waiting: StoredValue<bool>,
) {
    // The panel may have been closed meanwhile.
    let followed = record.try_update_value(|record| {
        untrack(|| {
            panel.session.look(|timeline| {
                let done = record.follow(timeline, PIECE);
                done.then(|| charts_of(record, timeline, story)).ok_or((record.gone(), timeline.len()))
            })
        })
    });
    let Some(followed) = followed else { return };
    match followed {
        Some(Err(progress)) => {
            behind.set(Some(progress));
            Timeout::new(0, move || go_on(panel, story, record, behind, waiting)).forget();
        }
        done => {
            behind.set(None);
            waiting.set_value(false);
            show(panel, done.and_then(Result::ok).unwrap_or_default());
        }
    }
}

/// Only what is another one is drawn anew.
fn show(panel: Panel, charts: Vec<Chart>) {
    panel.charts.update(|shown| {
        let kept = |chart: Chart| {
            let same = shown.iter().find(|old| ***old == chart);
            same.cloned().unwrap_or_else(|| Arc::new(chart))
        };
        *shown = charts.into_iter().map(kept).collect();
    });
}

fn charts_of(record: &Record, timeline: &Timeline, story: Memo<Story>) -> Vec<Chart> {
    let events = timeline.events();
    let last = events.last().map_or(Time::ZERO, |event| event.at);
    let run = Run {
        events,
        record,
        history: &record.history(),
        until: last,
        name: &|node| timeline.world().cast().name(node).to_owned(),
        hue: &|kind| story.with_untracked(|story| hue_word(story.ink(kind).hue)),
    };
    run.charts()
}
