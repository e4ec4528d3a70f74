//! The paths of a picture, the lanes and the time axis as SVG.

use std::sync::Arc;

use faultline_model::Time;
use leptos::prelude::*;

use super::geometry::{Frame, NETWORK_Y_PX, clock_text, tick_step, ticks};
use super::palette::hue_word;
use super::picture::Picture;

/// All strokes of a picture, bottom to top.
#[component]
pub fn Strokes(#[prop(into)] picture: Signal<Arc<Picture>>) -> impl IntoView {
    move || {
        let picture = picture.get();
        let strokes = picture.strokes.iter();
        strokes
            .map(|stroke| {
                view! {
                    <path class=stroke.part.class() data-hue=hue_word(stroke.hue) d=stroke.path.clone()/>
                }
            })
            .collect_view()
    }
}

/// The nodes' names.
#[component]
pub fn Names(
    names: Signal<Vec<String>>,
    frame: Signal<Frame>,
    #[prop(into)] lit: Signal<Option<usize>>,
) -> impl IntoView {
    move || {
        let frame = frame.get();
        let label = |(lane, name): (usize, String)| {
            let y = frame.top + frame.gap * lane as f64 + 4.5;
            view! { <text class="lane-name" class:lit=move || lit.get() == Some(lane) x="16" y=y>{name}</text> }
        };
        names.get().into_iter().enumerate().map(label).collect_view()
    }
}

/// The lanes from edge to edge.
#[component]
pub fn Lanes(
    #[prop(into)] lanes: Signal<usize>,
    frame: Signal<Frame>,
    /// Where they begin.
    #[prop(into)]
    from: Signal<f64>,
    width: Signal<f64>,
    #[prop(into)] lit: Signal<Option<usize>>,
) -> impl IntoView {
    move || {
        let (frame, from, to) = (frame.get(), from.get(), from.get() + width.get());
        let line = |lane: usize| {
            let y = frame.top + frame.gap * lane as f64;
            view! { <line class="lane" class:lit=move || lit.get() == Some(lane) x1=from x2=to y1=y y2=y/> }
        };
        (0..lanes.get()).map(line).collect_view()
    }
}

/// Which labels of the time axis are not seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hidden {
    /// From here
    pub from: Time,
    /// to here,
    pub to: Time,
    /// and before this.
    pub before: Time,
}

/// The time axis, in the moving part of the diagram.
#[component]
pub fn Axis(
    #[prop(into)] frame: Signal<Frame>,
    window: Signal<(Time, Time)>,
    foot: Signal<f64>,
    #[prop(into)] hidden: Signal<Hidden>,
) -> impl IntoView {
    move || {
        let frame = frame.get();
        let (from, to) = window.get();
        let step = tick_step(frame.per_px);
        let tick = |at: Time| {
            let x = frame.x(at);
            let unseen = move || {
                let Hidden { from, to, before } = hidden.get();
                at < before || (from..=to).contains(&at)
            };
            view! {
                <line class="tick" x1=x x2=x y1=NETWORK_Y_PX y2=foot/>
                <text class="tick-text" class:unseen=unseen x=x y="14">{clock_text(at, step)}</text>
            }
        };
        ticks(from, to, frame.per_px).into_iter().map(tick).collect_view()
    }
}
