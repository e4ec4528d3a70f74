//! The paths of a picture, the lanes and the horizontal axis as SVG.

use std::sync::Arc;

use faultline_model::{NodeId, Time};
use leptos::prelude::*;

use super::axis::Axis;
use super::geometry::{Frame, NETWORK_Y_PX, tick_step, ticks};
use super::palette::hue_word;
use super::picture::Picture;

/// All strokes of a picture, bottom to top; nothing when it has so many marks that [`Plate`] draws it.
#[component]
pub fn Strokes(#[prop(into)] picture: Signal<Arc<Picture>>) -> impl IntoView {
    move || {
        let picture = picture.get();
        let strokes = if picture.is_large() { &[][..] } else { &picture.strokes[..] };
        strokes
            .iter()
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
    names: Memo<Vec<String>>,
    #[prop(into)] frame: Signal<Frame>,
    #[prop(into)] lit: Signal<Option<usize>>,
) -> impl IntoView {
    move || {
        let label = |(lane, name): (usize, String)| {
            let node = NodeId(lane as u16);
            let (y, folded) = frame.with(|frame| (frame.y(node) + 4.5, frame.is_folded(node)));
            view! {
                <text class="lane-name" class:lit=move || lit.get() == Some(lane) class:folded=folded x="16" y=y>
                    {name}
                </text>
            }
        };
        names.get().into_iter().enumerate().map(label).collect_view()
    }
}

/// The lanes from edge to edge.
#[component]
pub fn Lanes(
    #[prop(into)] count: Signal<usize>,
    #[prop(into)] frame: Signal<Frame>,
    /// Where they begin.
    #[prop(into)]
    from: Signal<f64>,
    width: Signal<f64>,
    #[prop(into)] lit: Signal<Option<usize>>,
) -> impl IntoView {
    move || {
        let (from, to) = (from.get(), from.get() + width.get());
        let line = |lane: usize| {
            let node = NodeId(lane as u16);
            let (y, folded) = frame.with(|frame| (frame.y(node), frame.is_folded(node)));
            view! {
                <line
                    class="lane"
                    class:lit=move || lit.get() == Some(lane)
                    class:folded=folded
                    x1=from x2=to y1=y y2=y
                />
            }
        };
        (0..count.get()).map(line).collect_view()
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

/// The labels of the horizontal axis, in the moving part of the diagram.
#[component]
pub fn Scale(
    axis: Signal<Axis>,
    #[prop(into)] frame: Signal<Frame>,
    window: Signal<(Time, Time)>,
    #[prop(into)] hidden: Signal<Hidden>,
) -> impl IntoView {
    move || {
        let frame = frame.get();
        let (from, to) = window.get();
        let axis = axis.get();
        let step = tick_step(frame.per_px, axis.finest());
        let foot = frame.foot();
        let tick = |at: Time| {
            let x = frame.x(at);
            let unseen = move || {
                let Hidden { from, to, before } = hidden.get();
                at < before || (from..=to).contains(&at)
            };
            view! {
                <line class="tick" x1=x x2=x y1=NETWORK_Y_PX y2=foot/>
                <text class="tick-text" class:unseen=unseen x=x y="14">{axis.label(at, step)}</text>
            }
        };
        ticks(from, to, step).into_iter().map(tick).collect_view()
    }
}
