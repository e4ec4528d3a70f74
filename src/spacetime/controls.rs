//! The row below the diagram: what is pointed at or lit or what the colours mean, the axis, what is asked
//! about happened-before, and the zoom.

use leptos::prelude::*;

use super::axis::Axis;
use super::board::Board;
use super::palette::hue_word;
use super::story::Story;
use crate::session::{Session, Target};

/// The whole row.
#[component]
pub fn Controls(board: Board) -> impl IntoView {
    let Board { session, story, viewport, lights, .. } = board;
    let on_subject = move |act: fn(Board, u32)| {
        move || match untrack(|| board.subject()) {
            Some(event) => act(board, event),
            None => session.announce("Nothing has happened yet."),
        }
    };
    let lit = move |future: bool| {
        Signal::derive(move || {
            let lights = lights.get();
            let here = lights.event != 0 && board.subject() == Some(lights.event);
            Some(here && if future { lights.future } else { lights.past })
        })
    };
    view! {
        <div class="spacetime-bar">
            {move || match readout(board) {
                Some(readout) => readout,
                None => view! { <Legend session story/> }.into_any(),
            }}
            <div class="spacetime-tools">
                {axis_choice(board)}
                <ZoomButton name="Past (P)" act=on_subject(|board, event| board.light(event, false)) pressed=lit(false)>
                    <path d="M13 2.5L3 8l10 5.5z"/>
                </ZoomButton>
                <ZoomButton name="Future (F)" act=on_subject(|board, event| board.light(event, true)) pressed=lit(true)>
                    <path d="M3 2.5L13 8L3 13.5z"/>
                </ZoomButton>
                <ZoomButton
                    name="Path from the chosen event (T)"
                    act=move || board.begin_seeking()
                    pressed=Signal::derive(move || Some(board.seeking.get() || lights.get().goal != 0))
                >
                    <path d="M3 12.5L7 4.5L10 11.5L13 3.5"/>
                </ZoomButton>
                <ZoomButton
                    name="Vector timestamps (V)"
                    act=move || board.vectors.update(|shown| *shown = !*shown)
                    pressed=Signal::derive(move || Some(board.vectors.get()))
                >
                    <path d="M5 2.5H2.5V13.5H5M11 2.5h2.5V13.5H11M6 10V6M8 10V6M10 10V6"/>
                </ZoomButton>
                <ZoomButton name="Zoom out" act=move || viewport.zoom_by(0.5, None)>
                    <path d="M3 8h10"/>
                </ZoomButton>
                <ZoomButton name="Zoom in" act=move || viewport.zoom_by(2.0, None)>
                    <path d="M3 8h10M8 3v10"/>
                </ZoomButton>
                <ZoomButton name="Whole run" act=move || viewport.fit()>
                    <path d="M2 3v10M14 3v10M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2"/>
                </ZoomButton>
                <ZoomButton
                    name="Follow now"
                    act=move || viewport.follow()
                    pressed=Signal::derive(move || Some(viewport.follows()))
                >
                    <path d="M8 2v12M2 8h3.5M10.5 8H14"/>
                </ZoomButton>
            </div>
        </div>
    }
}

/// What the diagram runs along.
fn axis_choice(board: Board) -> AnyView {
    let choose = move |event: leptos::ev::Event| {
        let chosen: usize = event_target_value(&event).parse().unwrap_or(0);
        board.set_axis(Axis::ALL.get(chosen).copied().unwrap_or_default());
    };
    let option = move |(index, which): (usize, Axis)| {
        view! { <option value=index selected=move || board.axis.get() == which>{which.name()}</option> }
    };
    view! {
        <select class="axis-choice" aria-label="Axis" on:change=choose>
            {Axis::ALL.into_iter().enumerate().map(option).collect_view()}
        </select>
    }
    .into_any()
}

/// What the row tells: of what is pointed at, else of what is lit; nothing when neither.
fn readout(board: Board) -> Option<AnyView> {
    if let Some(event) = board.pointed.get() {
        let sentence = untrack(|| board.session.narrate(event))?;
        let vector = board.vector_sentence(event);
        let source = (!sentence.source.is_empty()).then(|| view! { <cite>{sentence.source}</cite> });
        return Some(
            view! {
                <p class="readout" aria-hidden="true">
                    <span class="readout-number">{event}</span>
                    {sentence.text} {source} {vector.map(|vector| view! { <cite>{vector}</cite> })}
                </p>
            }
            .into_any(),
        );
    }
    if let Some(circle) = board.circle.get() {
        let (name, axis) =
            (board.names.with(|names| names.get(circle.node.index()).cloned()), board.axis.get());
        let text = format!(
            "{}: {} events from {} to {}. Click to see them.",
            name.unwrap_or_default(),
            circle.count,
            axis.words(circle.from),
            axis.words(circle.until)
        );
        return Some(view! { <p class="readout" aria-hidden="true">{text}</p> }.into_any());
    }
    let sentence = board.lit_sentence()?;
    Some(
        view! {
            <p class="readout lit">
                {sentence}
                <button type="button" class="readout-clear" on:click=move |_| board.darken()>"Clear"</button>
            </p>
        }
        .into_any(),
    )
}

#[component]
fn ZoomButton(
    name: &'static str,
    act: impl Fn() + 'static,
    #[prop(optional, into)] pressed: Signal<Option<bool>>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="zoom-button"
            type="button"
            aria-label=name
            title=name
            aria-pressed=move || pressed.get().map(|pressed| pressed.to_string())
            on:click=move |_| act()
        >
            <svg viewBox="0 0 16 16" aria-hidden="true">{children()}</svg>
        </button>
    }
}

/// The kinds of message with their colours; pointing at one lights its arrows.
#[component]
fn Legend(session: Session, story: Memo<Story>) -> impl IntoView {
    let kinds = Memo::new(move |_| {
        story.with(|story| {
            let mut sent = vec![false; story.trace.kinds().len()];
            story.trace.wires().iter().take(5_000).for_each(|wire| sent[usize::from(wire.kind)] = true);
            let kinds = story.trace.kinds().iter().zip(sent).filter(|(_, sent)| *sent);
            kinds.map(|(kind, _)| (*kind, story.ink(kind))).collect::<Vec<_>>()
        })
    });
    let entry = move |(kind, ink): (&'static str, super::picture::Ink)| {
        let class = if ink.reply { "head hollow" } else { "head" };
        view! {
            <li
                on:mouseenter=move |_| session.lit.set(Some(Target::Kind(kind.to_owned())))
                on:mouseleave=move |_| session.lit.set(None)
            >
                <svg class="spacetime-ink" viewBox="0 0 22 10" aria-hidden="true" data-hue=hue_word(ink.hue)>
                    <path class="way" d="M1 5H14"/>
                    <path class=class d="M12 1.5L20 5L12 8.5Z"/>
                </svg>
                {kind}
            </li>
        }
    };
    move || {
        let kinds = kinds.get();
        if kinds.is_empty() {
            return view! { <p class="readout">"Every message becomes an arrow from sender to receiver."</p> }
                .into_any();
        }
        view! {
            <ul class="legend" aria-label="Kinds of message">
                {kinds.into_iter().map(entry).collect_view()}
            </ul>
        }
        .into_any()
    }
}
