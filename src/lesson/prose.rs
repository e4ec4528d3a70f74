//! Prose as it is read: a typed tree becomes elements, and a term wears its mark from the stage.

use faultline_lessons::{Block, Inline, TermMark};
use faultline_model::{Hue, Shape};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::legend::{Legend, Look, use_legend};
use crate::session::{Session, Target, use_session};

/// Paragraphs and lists.
pub fn blocks(blocks: &[Block]) -> impl IntoView + use<> {
    let block = |block: &Block| match block {
        Block::Paragraph(text) => view! { <p>{line(text)}</p> }.into_any(),
        Block::List(items) => {
            let items = items.iter().map(|item| view! { <li>{line(item)}</li> }).collect_view();
            view! { <ul>{items}</ul> }.into_any()
        }
    };
    blocks.iter().map(block).collect_view()
}

/// The text of one paragraph, item or answer.
pub fn line(line: &[Inline]) -> AnyView {
    line.iter().map(inline).collect_view().into_any()
}

fn inline(part: &Inline) -> AnyView {
    match part {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Emphasis(inner) => view! { <em>{line(inner)}</em> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{line(inner)}</strong> }.into_any(),
        Inline::Code(text) => view! { <code>{text.clone()}</code> }.into_any(),
        Inline::Formula(text) => view! { <span class="formula">{text.clone()}</span> }.into_any(),
        Inline::Link { text, href } => {
            let leaves = href.is_external();
            view! {
                <a href=href.as_str().to_owned() target=leaves.then_some("_blank") rel=leaves.then_some("noopener")>
                    {line(text)}
                </a>
            }
            .into_any()
        }
        Inline::Term { text, mark } => view! { <Term text=text.clone() mark=mark.clone()/> }.into_any(),
    }
}

/// A word that lights what it speaks of, and is lit with it.
#[component]
fn Term(text: String, mark: TermMark) -> impl IntoView {
    let session = use_session();
    let legend = use_legend();
    let target = Memo::new({
        let mark = mark.clone();
        move |_| target(session, &mark)
    });
    let lit = move || target.with(|target| target.is_some() && session.lit.with(|lit| lit == target));
    let point = move |on: bool| {
        let target = target.get_untracked();
        if on {
            session.lit.set(target);
        } else if session.lit.with_untracked(|lit| *lit == target) {
            session.lit.set(None);
        }
    };
    let choose = move || match target.get_untracked() {
        Some(node @ Target::Node(_)) => session.selected.set(Some(node)),
        other => session.lit.set(other),
    };
    // A real button would be a box of its own, and a comma after it could begin a line.
    let on_key = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            choose();
        }
    };
    let epoch = match mark {
        TermMark::Epoch(epoch) => Some((epoch % 6).to_string()),
        _ => None,
    };
    let look = Memo::new(move |_| legend.with(|legend| look(legend, session, &mark)));
    view! {
        <span
            role="button"
            tabindex="0"
            class="term" class:lit=lit class:term-epoch=epoch.is_some() data-epoch=epoch
            on:pointerenter=move |_| point(true) on:pointerleave=move |_| point(false)
            on:focus=move |_| point(true) on:blur=move |_| point(false) on:click=move |_| choose()
            on:keydown=on_key
        >
            {move || look.get().map(glyph)}
            {text}
        </span>
    }
}

/// What a term speaks of, if it is on stage.
fn target(session: Session, mark: &TermMark) -> Option<Target> {
    match mark {
        TermMark::Node(name) => {
            let view = session.view();
            view.nodes.iter().find(|node| node.id == *name).map(|node| Target::Node(node.node))
        }
        TermMark::Role(role) => Some(Target::Role(role.clone())),
        TermMark::Epoch(epoch) => Some(Target::Epoch(*epoch)),
        TermMark::Message(kind) => Some(Target::Kind(kind.clone())),
        TermMark::Property(_) | TermMark::Rule(_) => None,
    }
}

/// The small mark before a term.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Glyph {
    Figure { look: Look, down: bool },
    Envelope { look: Look },
    Verdict { holds: bool },
}

fn look(legend: &Legend, session: Session, mark: &TermMark) -> Option<Glyph> {
    match mark {
        TermMark::Node(name) => {
            let view = session.view();
            let node = view.nodes.iter().find(|node| node.id == *name)?;
            let look = Look { shape: node.shape, hue: node.hue, hollow: false };
            Some(Glyph::Figure { look, down: node.status == faultline_sim::Status::Down })
        }
        TermMark::Role(role) => legend.role(role).map(|look| Glyph::Figure { look, down: false }),
        TermMark::Message(kind) => legend.kind(kind).map(|look| Glyph::Envelope { look }),
        TermMark::Property(id) => {
            let view = session.view();
            let verdict = view.verdicts.iter().find(|verdict| verdict.property == *id)?;
            Some(Glyph::Verdict { holds: !verdict.broken() })
        }
        TermMark::Epoch(_) | TermMark::Rule(_) => None,
    }
}

fn glyph(glyph: Glyph) -> AnyView {
    match glyph {
        Glyph::Figure { look, down } => {
            let class = if down { "glyph down" } else { "glyph" };
            view! { <svg viewBox="0 0 12 12" class=class data-hue=hue_word(look.hue) aria-hidden="true">{outline(look.shape)}</svg> }
                .into_any()
        }
        Glyph::Envelope { look } => {
            let class = if look.hollow { "glyph envelope hollow" } else { "glyph envelope" };
            view! {
                <svg viewBox="0 0 12 12" class=class data-hue=hue_word(look.hue) aria-hidden="true">
                    <path d="M1 2.8h7l3.2 3.2L8 9.2H1z"/>
                </svg>
            }
            .into_any()
        }
        Glyph::Verdict { holds: true } => {
            view! { <span class="glyph-holds" aria-hidden="true">"✓"</span> }.into_any()
        }
        Glyph::Verdict { holds: false } => {
            view! { <span class="glyph-broken" aria-hidden="true">"✕"</span> }.into_any()
        }
    }
}

fn outline(shape: Shape) -> AnyView {
    match shape {
        Shape::Circle => view! { <circle cx="6" cy="6" r="4.6"/> }.into_any(),
        Shape::Ringed => view! { <circle cx="6" cy="6" r="5.2"/><circle cx="6" cy="6" r="2.2"/> }.into_any(),
        Shape::Hexagon => view! { <path d="M6 .8l4.5 2.6v5.2L6 11.2 1.5 8.6V3.4z"/> }.into_any(),
        Shape::Square => view! { <rect x="1.4" y="1.4" width="9.2" height="9.2" rx="1.6"/> }.into_any(),
        Shape::Cylinder => {
            view! { <path d="M1.6 3v6c0 2.4 8.8 2.4 8.8 0V3c0-2.4-8.8-2.4-8.8 0zc0 2.4 8.8 2.4 8.8 0"/> }
                .into_any()
        }
    }
}

/// The hue's name in the style sheet.
fn hue_word(hue: Hue) -> &'static str {
    match hue {
        Hue::Sky => "sky",
        Hue::Amber => "amber",
        Hue::Rose => "rose",
        Hue::Violet => "violet",
        Hue::Teal => "teal",
        Hue::Green => "green",
        Hue::Red => "red",
        Hue::Grey => "grey",
    }
}
