//! The row below the diagram: what is pointed at or what the colours mean, and the zoom.

use leptos::prelude::*;

use super::palette::hue_word;
use super::story::Story;
use super::viewport::Viewport;
use crate::session::{Session, Target};

/// The whole row.
#[component]
pub fn Controls(
    session: Session,
    story: Memo<Story>,
    viewport: Viewport,
    /// The event that is pointed at or focused.
    #[prop(into)]
    pointed: Signal<Option<u32>>,
) -> impl IntoView {
    let sentence = move || {
        let event = pointed.get()?;
        let sentence = untrack(|| session.narrate(event))?;
        Some(view! {
            <p class="readout" aria-hidden="true">
                <span class="readout-number">{event}</span>
                {sentence.text}
                {(!sentence.source.is_empty()).then(|| view! { <cite>{sentence.source}</cite> })}
            </p>
        })
    };
    view! {
        <div class="spacetime-bar">
            {move || match sentence() {
                Some(sentence) => sentence.into_any(),
                None => view! { <Legend session story/> }.into_any(),
            }}
            <div class="spacetime-zoom">
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
            return view! { <p class="readout">"Every message becomes an arrow here, from its sender to its receiver."</p> }
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
