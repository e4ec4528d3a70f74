//! The nodes' own logs, merged by their own clocks' stamps as an operator would see them, or in the
//! order in which the lines were really written.

use std::ops::Range;

use faultline_model::{NodeId, sort_by_key};
use faultline_sim::{Journal, Line, Timeline};
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::{UseElementSizeReturn, use_element_size};
use leptos_use_media_query::use_media_query;

use crate::checks::use_evidence;
use crate::inspector::{moment, select, visible};
use crate::session::{Session, Target, use_session};
use crate::widgets::keep_focus_by;

/// The height of a line, and of one that a finger must hit.
const ROW_PX: f64 = 26.0;
const TOUCH_ROW_PX: f64 = 44.0;
/// So many events are looked through for lines.
const MOST_EVENTS: u32 = 20_000;

/// The panel.
#[component]
pub fn Logs() -> impl IntoView {
    let session = use_session();
    let (truly, node, text) =
        (RwSignal::new(false), RwSignal::new(None::<NodeId>), RwSignal::new(String::new()));
    // The cursor, and which events are meant by its number.
    let read = Memo::new(move |before: Option<&(u32, u64)>| {
        let (story, playing) = (session.story(), session.playing.get());
        let cursor = settled(before.map(|before| before.0), session.cursor(), playing);
        let kept = before.filter(|before| playing && before.0 == cursor);
        kept.copied().unwrap_or((cursor, story))
    });
    let journal = Memo::new(move |_| {
        let (cursor, _) = read.get();
        untrack(|| session.look(|timeline| timeline.journal(cursor, MOST_EVENTS))).unwrap_or_default()
    });
    let lines = Memo::new(move |_| {
        let (truly, node, text) = (truly.get(), node.get(), text.get().to_lowercase());
        journal.with(|journal| {
            session.look(|timeline| chosen(timeline, journal, truly, node, &text)).unwrap_or_default()
        })
    });
    let told = Memo::new(move |_| journal.with(summary));
    view! {
        <div class="logs">
            <div class="history-bar">
                {order(truly)}
                {nodes(session, node)}
                <input
                    class="input"
                    type="search"
                    aria-label="Only lines with this text"
                    placeholder="Only lines with…"
                    on:input=move |event| text.set(event_target_value(&event))
                />
                <p class="history-told" role="status">{told}</p>
            </div>
            {list(session, lines, truly)}
        </div>
    }
}

/// Up to which event the logs are read. While time runs over a long run they are read anew only now and
/// then, because each time they are sorted.
fn settled(before: Option<u32>, cursor: u32, playing: bool) -> u32 {
    /// A part of what is read; a run of fewer events is read at each.
    const PART: u32 = 64;
    match before {
        Some(before) if playing && cursor > before && cursor - before <= cursor.min(MOST_EVENTS) / PART => {
            before
        }
        _ => cursor,
    }
}

/// The lines that are asked for, in the order that is asked for.
fn chosen(
    timeline: &Timeline,
    journal: &Journal,
    truly: bool,
    node: Option<NodeId>,
    text: &str,
) -> Vec<Line> {
    let says = |line: &Line| {
        text.is_empty()
            || timeline.narrate(line.event).is_some_and(|told| told.text.to_lowercase().contains(text))
    };
    let wanted = |line: &&Line| node.is_none_or(|node| line.node == node) && says(line);
    let mut lines: Vec<Line> = journal.lines.iter().filter(wanted).copied().collect();
    if truly {
        sort_by_key(&mut lines, |line| line.event);
    }
    lines
}

/// How far the order of the stamps can be trusted, in a sentence.
fn summary(journal: &Journal) -> String {
    let all = journal.lines.len();
    let of = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let cut = match journal.left_out {
        0 => String::new(),
        events => format!(" The first {events} events are left out."),
    };
    let told = match (all, journal.displaced, journal.before_cause) {
        (0, ..) => "No node has written a line yet.".to_owned(),
        (_, 0, _) => format!("{}, all in the order in which they were written.", of(all, "line", "lines")),
        (_, moved, 0) => format!("{moved} of {all} lines stand in the wrong place."),
        (_, moved, early) => {
            let early = of(early, "line stands before its cause", "lines stand before their cause");
            format!("{moved} of {all} lines stand in the wrong place; {early}.")
        }
    };
    told + &cut
}

/// By which order.
fn order(truly: RwSignal<bool>) -> AnyView {
    let choice = |word: &'static str, value: bool| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (truly.get() == value).to_string()
                on:click=move |_| truly.set(value)
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="history-choice" role="group" aria-label="Order">
            {choice("By their stamps", false)}
            {choice("True order", true)}
        </div>
    }
    .into_any()
}

/// Whose lines.
fn nodes(session: Session, node: RwSignal<Option<NodeId>>) -> AnyView {
    let names = Memo::new(move |_| {
        session.view().nodes.iter().map(|node| (node.node, node.id.clone())).collect::<Vec<_>>()
    });
    let option = move |(id, name): (NodeId, String)| {
        view! { <option value=id.0 selected=node.get_untracked() == Some(id)>{name}</option> }
    };
    view! {
        <select
            class="select"
            aria-label="Lines of"
            on:change=move |event| node.set(event_target_value(&event).parse().ok().map(NodeId))
        >
            <option value="">"every node"</option>
            {move || names.get().into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

/// The visible lines.
fn list(session: Session, lines: Memo<Vec<Line>>, truly: RwSignal<bool>) -> AnyView {
    let frame = NodeRef::<Div>::new();
    let UseElementSizeReturn { height, .. } = use_element_size(frame);
    let top = RwSignal::new(0.0);
    let touch = use_media_query("(pointer: coarse), (max-width: 699px)");
    let row_px = Signal::derive(move || if touch.get() { TOUCH_ROW_PX } else { ROW_PX });
    let count = Memo::new(move |_| lines.with(Vec::len));
    let rows = Memo::new(move |_| visible(count.get(), row_px.get(), top.get(), height.get()));
    // Like a log that is followed: at its end, unless somebody scrolled away from there.
    let follows = RwSignal::new(true);
    Effect::new(move |_| {
        let end = count.get() as f64 * row_px.get() - height.get();
        if let Some(frame) = frame.get().filter(|_| follows.get_untracked()) {
            frame.set_scroll_top(end.max(0.0) as i32);
        }
    });
    let scrolled = move |_| {
        if let Some(frame) = frame.get_untracked() {
            let at = f64::from(frame.scroll_top());
            top.set(at);
            let (high, row) = (height.get_untracked(), row_px.get_untracked());
            follows.set(at + high + row >= count.get_untracked() as f64 * row);
        }
    };
    let shown = Memo::new(move |_| {
        let Range { start, end } = rows.get();
        let generation = session.story();
        lines.with(|lines| {
            (start..end.min(lines.len())).map(|row| (row, generation, lines[row])).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="log" node_ref=frame on:scroll=scrolled>
            <ol aria-label="Log lines" style:height=move || format!("{}px", count.get() as f64 * row_px.get()) style:--row=move || format!("{}px", row_px.get())>
                <For
                    each=move || {
                        keep_focus_by("data-line");
                        shown.get()
                    }
                    key=move |(row, generation, line)| (*row, *generation, line.event, truly.get_untracked())
                    children=move |(row, _, line)| item(session, row, line, truly.get_untracked())
                />
            </ol>
        </div>
    }
    .into_any()
}

fn item(session: Session, row: usize, line: Line, truly: bool) -> AnyView {
    let Line { event, node, local, before_cause, .. } = line;
    let displaced = line.displaced && !truly;
    let cast = session.cast();
    let name = cast.name(node).to_owned();
    let text = untrack(|| session.narrate(event)).map(|sentence| sentence.text).unwrap_or_default();
    // Every line of a node's log is the node's: its name stands in its own column.
    let own =
        text.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix(' ').or(rest.strip_prefix("’s ")));
    let text = own.map(str::to_owned).unwrap_or(text);
    let note = match before_cause.filter(|_| !truly) {
        Some(cause) => Some(format!("before its cause, event {cause}")),
        None => displaced.then(|| "out of place".to_owned()),
    };
    let lit = Memo::new(move |_| session.lit.get() == Some(Target::Event(event)));
    let evidence = use_evidence();
    let guilty = Memo::new(move |_| evidence.has_event(event));
    let light = move |on: bool| session.lit.set(on.then_some(Target::Event(event)));
    view! {
        <li style:--place=row.to_string() class:displaced=displaced class:lit=lit class:guilty=guilty>
            <button
                type="button"
                data-line=event
                on:click=move |_| select(session, event)
                on:mouseenter=move |_| light(true)
                on:mouseleave=move |_| light(false)
                on:focus=move |_| light(true)
                on:blur=move |_| light(false)
            >
                <span class="log-stamp">{stamp(local)}</span>
                {truly.then(|| view! { <span class="log-true">{moment(line.at)}</span> })}
                <span class="log-node">{name}</span>
                <span class="log-text">{text}</span>
                {note.map(|note| view! { <span class="log-note">{note}</span> })}
            </button>
        </li>
    }
    .into_any()
}

/// What a clock read, to the millisecond; before its zero with a minus.
fn stamp(local: i64) -> String {
    let sign = if local < 0 { "−" } else { "" };
    format!("{sign}{}", moment(faultline_model::Time(local.unsigned_abs())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_how_far_the_stamps_can_be_trusted() {
        let line = |event: u32, displaced: bool, before_cause: Option<u32>| Line {
            event,
            node: NodeId(0),
            at: faultline_model::Time(0),
            local: 0,
            displaced,
            before_cause,
        };
        let of = |lines: Vec<Line>, left_out: u32| {
            let displaced = lines.iter().filter(|line| line.displaced).count();
            let before_cause = lines.iter().filter(|line| line.before_cause.is_some()).count();
            summary(&Journal { lines, displaced, before_cause, left_out })
        };
        assert_eq!(of(vec![], 0), "No node has written a line yet.");
        assert_eq!(of(vec![line(1, false, None)], 0), "1 line, all in the order in which they were written.");
        assert_eq!(
            of(vec![line(1, true, Some(2)), line(2, false, None)], 9),
            "1 of 2 lines stand in the wrong place; 1 line stands before its cause. The first 9 events are left out."
        );
    }

    #[test]
    fn a_clock_before_its_zero_has_a_minus() {
        assert_eq!(stamp(1_871_003), "1.871 s");
        assert_eq!(stamp(-30_000), "−0.030 s");
    }

    #[test]
    fn a_long_run_is_read_now_and_then_while_it_plays() {
        assert_eq!(settled(None, 5_000, true), 5_000);
        assert_eq!(settled(Some(40), 41, true), 41);
        assert_eq!(settled(Some(6_400), 6_450, true), 6_400);
        assert_eq!(settled(Some(6_400), 6_600, true), 6_600);
        assert_eq!(settled(Some(6_400), 6_450, false), 6_450);
        assert_eq!(settled(Some(6_400), 20, true), 20);
    }
}
