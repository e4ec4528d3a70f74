//! The trace of one client's request: a bar for each message, timer and write that follows from it,
//! under the one that caused it. It shows what no log has: what was lost, what still flies, what waited.

use faultline_model::{Cast, Time};
use faultline_sim::{Operation, Root, SpanOf, Timeline, TraceSpan, in_a_log, trace};
use leptos::attr::custom::custom_attribute;
use leptos::ev;
use leptos::prelude::*;

use crate::checks::use_evidence;
use crate::inspector::{length, select};
use crate::session::{Session, Target, use_session};
use crate::spacetime::hue_word;
use crate::widgets::focus_on;

/// So many spans are drawn.
const MOST_SPANS: usize = 400;

/// A request that can be chosen.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    root: Root,
    text: String,
}

/// A span as it is drawn.
#[derive(Clone, Debug, PartialEq)]
struct Bar {
    depth: u16,
    title: String,
    /// How it ended, in words.
    end: String,
    took: String,
    /// Left edge, width and the waiting part's left edge, in shares of the whole.
    place: (f64, f64, Option<f64>),
    lost: bool,
    open: bool,
    hue: &'static str,
    event: Option<u32>,
    target: Option<Target>,
}

/// The panel.
#[component]
pub fn Waterfall() -> impl IntoView {
    let session = use_session();
    let choices = Memo::new(move |_| {
        session.story();
        let at = |timeline: &Timeline| choices(&timeline.world().history());
        session.look(at).unwrap_or_default()
    });
    let wanted = RwSignal::new(None::<u32>);
    let root = Memo::new(move |_| {
        let wanted = wanted.get();
        choices.with(|choices| {
            let asked = choices.iter().find(|choice| Some(choice.root.event) == wanted);
            asked.or(choices.last()).map(|choice| choice.root)
        })
    });
    let bars = Memo::new(move |_| {
        let root = root.get()?;
        session.look(|timeline| bars(timeline, root))
    });
    view! {
        <div class="trace">
            <div class="history-bar">
                {chooser(choices, root, wanted)}
                <p class="history-told" role="status">{move || bars.get().map(|(_, told)| told)}</p>
            </div>
            {move || match bars.get() {
                None => view! {
                    <p class="nothing">"No client has asked for anything yet. A request becomes a trace."</p>
                }.into_any(),
                Some((bars, _)) => tree(session, bars),
            }}
        </div>
    }
}

fn choices(history: &[Operation]) -> Vec<Choice> {
    let choice = |operation: &Operation| {
        let Operation { process, call, result, invoked_event, returned_event, .. } = operation;
        let answer = result.as_deref().map_or("no answer yet", |result| result);
        Choice {
            root: Root { event: *invoked_event, answered: *returned_event },
            text: format!("{process}: {call} → {answer}"),
        }
    };
    history.iter().map(choice).collect()
}

/// Which request.
fn chooser(choices: Memo<Vec<Choice>>, root: Memo<Option<Root>>, wanted: RwSignal<Option<u32>>) -> AnyView {
    let option = move |choice: Choice| {
        let event = choice.root.event;
        let here = root.get_untracked().is_some_and(|root| root.event == event);
        view! { <option value=event selected=here>{choice.text}</option> }
    };
    view! {
        <select
            class="select"
            aria-label="Request"
            disabled=move || choices.with(Vec::is_empty)
            on:change=move |event| wanted.set(event_target_value(&event).parse().ok())
        >
            {move || choices.get().into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

/// The bars of a request, as far as the cursor, and what the logs hide of it, in a sentence.
fn bars(timeline: &Timeline, root: Root) -> (Vec<Bar>, String) {
    let world = timeline.world();
    let events = &timeline.events()[..timeline.cursor() as usize];
    let view = world.view();
    let spans = trace(events, &view.flights, root, MOST_SPANS);
    let now = world.now();
    let begin = spans.iter().map(|span| span.begin).min().unwrap_or_default();
    let end = spans.iter().map(|span| span.end.unwrap_or(now)).max().unwrap_or(begin);
    let whole = (end.since(begin).0 as f64).max(1.0);
    let share = |at: Time| at.since(begin).0 as f64 / whole;
    let hidden = spans.iter().filter(|span| !in_a_log(span) && span.of != SpanOf::Request).count();
    let waited = spans.iter().filter(|span| span.waited.is_some()).count();
    let told = summary(&spans, hidden, waited);
    let flying = |span: &TraceSpan| match span.of {
        SpanOf::Message(msg) => view.flights.iter().find(|flight| flight.msg == msg),
        _ => None,
    };
    let bar = |span: &TraceSpan| {
        let until = span.end.unwrap_or(now);
        let left = share(span.begin);
        Bar {
            depth: span.depth,
            title: title(span, world.cast(), timeline),
            end: ending(span),
            took: length(until.since(span.begin).0),
            place: (left, share(until) - left, span.waited.map(share)),
            lost: span.lost.is_some(),
            open: span.end.is_none(),
            hue: hue(span),
            event: span.event,
            target: match (span.of, flying(span)) {
                (SpanOf::Message(msg), Some(_)) => Some(Target::Msg(msg)),
                _ => span.event.map(Target::Event),
            },
        }
    };
    (spans.iter().map(bar).collect(), told)
}

fn hue(span: &TraceSpan) -> &'static str {
    use faultline_model::Hue;
    hue_word(match span.of {
        SpanOf::Request => Hue::Amber,
        SpanOf::Message(_) => Hue::Teal,
        SpanOf::Timer | SpanOf::Other => Hue::Grey,
        SpanOf::Write => Hue::Violet,
    })
}

fn title(span: &TraceSpan, cast: &Cast, timeline: &Timeline) -> String {
    let node = cast.name(span.node);
    let other = |event: Option<u32>| event.and_then(|event| timeline.narrate(event)).map(|told| told.text);
    match span.of {
        SpanOf::Request => other(Some(span.opened)).unwrap_or_default().trim_end_matches('.').to_owned(),
        SpanOf::Message(_) => format!("{} {node}→{}", span.kind, span.to.map_or("?", |to| cast.name(to))),
        SpanOf::Timer => format!("{node}’s {} timer", span.kind.to_lowercase()),
        SpanOf::Write => format!("{node} writes to its disk"),
        SpanOf::Other => other(span.event).unwrap_or_default(),
    }
}

fn ending(span: &TraceSpan) -> String {
    match (span.lost, span.end, span.waited) {
        (Some(_), ..) => "lost: in no log".to_owned(),
        (None, None, _) if span.of == SpanOf::Request => "no answer yet".to_owned(),
        (None, None, Some(_)) => "waits in an inbox: in no log".to_owned(),
        (None, None, None) => "on its way: in no log".to_owned(),
        (None, Some(_), Some(_)) => "waited in an inbox: in no log".to_owned(),
        (None, Some(_), None) => String::new(),
    }
}

/// What the trace shows and the logs hide.
fn summary(spans: &[TraceSpan], hidden: usize, waited: usize) -> String {
    let count = spans.len();
    let cut = if count == MOST_SPANS { " and more" } else { "" };
    match (hidden, waited) {
        (0, 0) => format!("{count} spans{cut}, each of which some node’s log tells."),
        (hidden, 0) => format!("{count} spans{cut}; {hidden} of them stand in no log."),
        (0, waited) => format!("{count} spans{cut}; no log tells that {waited} of them waited in an inbox."),
        (hidden, waited) => {
            format!(
                "{count} spans{cut}; {hidden} of them stand in no log, and none tells that {waited} waited."
            )
        }
    }
}

/// The spans as a tree whose items arrow keys walk.
fn tree(session: Session, bars: Vec<Bar>) -> AnyView {
    let last = bars.len();
    let items = bars.into_iter().enumerate().map(|(row, bar)| item(session, row, bar)).collect_view();
    let press = move |event: ev::KeyboardEvent| {
        let here = crate::widgets::focused_number("data-span").unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowDown" => (here + 1).min(last.saturating_sub(1)),
            "ArrowUp" => here.saturating_sub(1),
            "Home" => 0,
            "End" => last.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        focus_on(&format!("[data-span=\"{next}\"]"));
    };
    view! { <ul class="spans keeps-arrows" role="tree" aria-label="Trace of the request" on:keydown=press>{items}</ul> }
        .into_any()
}

fn item(session: Session, row: usize, bar: Bar) -> AnyView {
    let Bar { depth, title, end, took, place: (left, width, waited), lost, open, hue, event, target } = bar;
    let name = format!("{title}, {took}{}{end}", if end.is_empty() { "" } else { ", " });
    let part = |share: f64| format!("{:.3}%", share * 100.0);
    let shown = StoredValue::new(target);
    let evidence = use_evidence();
    let guilty = Memo::new(move |_| event.is_some_and(|event| evidence.has_event(event)));
    let light = move |on: bool| session.lit.set(shown.get_value().filter(|_| on));
    let choose = move || {
        if let Some(event) = event {
            select(session, event);
        }
    };
    let wait = waited.map(|from| {
        view! { <i class="wait" style:left=part(from) style:width=part((left + width - from).max(0.0))></i> }
    });
    view! {
        <li
            role="treeitem"
            {..custom_attribute("aria-level", (depth + 1).to_string())}
            class="span"
            class:lost=lost
            class:open=open
            class:guilty=guilty
            data-hue=hue
            data-span=row
            aria-label=name
            tabindex={if row == 0 { "0" } else { "-1" }}
            on:click=move |_| choose()
            on:keydown=move |event| if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                event.stop_propagation();
                choose();
            }
            on:mouseenter=move |_| light(true)
            on:mouseleave=move |_| light(false)
            on:focus=move |_| light(true)
            on:blur=move |_| light(false)
        >
            <span class="span-title" style:padding-left=format!("{}px", depth.min(12) * 12)>{title}</span>
            <span class="span-way">
                <i class="span-bar" style:left=part(left) style:width=part(width)></i>
                {wait}
            </span>
            <span class="span-took" aria-hidden="true">{took}</span>
            <span class="span-end" aria-hidden="true">{end}</span>
        </li>
    }
    .into_any()
}
