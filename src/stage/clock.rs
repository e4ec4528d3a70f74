//! Clocks on the stage: a small dial at a node whose clock is off, and on wish what every clock says.

use faultline_sim::{NodeView, Status};
use leptos::prelude::*;
use leptos::svg::Text;

use super::Stagecraft;
use super::geometry::WORDS_FROM;

/// The dial: true time points up, the hand shows which way and how far the node's clock is off.
#[component]
pub fn Dial(
    /// How far it is ahead, microseconds.
    offset: i64,
    /// What is written beside it.
    text: String,
    /// Where it stands, relative to the node.
    at: f64,
) -> impl IntoView {
    // Ten milliseconds are to be seen, ten seconds not to go round: a root, with its sign.
    let turn = (offset.unsigned_abs() as f64 / 1e6).sqrt().min(3.0) / 3.0 * 170.0;
    let turn = if offset < 0 { -turn } else { turn };
    view! {
        <g class="dial" transform=format!("translate({at:.1} {:.1})", -at)>
            <circle r="9"/>
            <path class="true" d="M 0 -9 V -6"/>
            <path class="hand" d="M 0 0 V -6.5" transform=format!("rotate({turn:.1})")/>
            <text x="14" y="4">{text}</text>
        </g>
    }
}

/// What a node's own clock says, while the stage shows clocks.
#[component]
pub fn LocalTime(stagecraft: Stagecraft, view: Memo<Option<NodeView>>, radius: Memo<f64>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let is_up = |view: &NodeView| !matches!(view.status, Status::Down | Status::Left);
        let up = view.with(|view| view.as_ref().is_some_and(is_up));
        stagecraft.clocks.get() && up && radius.get() >= WORDS_FROM
    });
    let clock =
        Memo::new(move |_| view.with(|view| view.as_ref().map_or((0, 0), |view| (view.offset, view.drift))));
    let since = move || stagecraft.session.moment().with_untracked(|moment| moment.view.time.0 as f64);
    let text = move |time: f64| {
        let (offset, drift) = clock.get();
        // Between two events a clock that drifts goes on drifting.
        seconds(time + offset as f64 + (time - since()) * f64::from(drift) / 1e6)
    };
    let off = move || clock.with(|clock| *clock != (0, 0));
    view! {
        <Show when=move || shown.get()>
            <Reading stagecraft text off=Signal::derive(off) x=Signal::stored(0.0) y=Signal::derive(move || -radius.get() - 12.0)/>
        </Show>
    }
}

/// True time, which no node can see, while the stage shows clocks.
#[component]
pub fn TrueTime(stagecraft: Stagecraft) -> impl IntoView {
    let corner = move || stagecraft.lens.corner();
    let text = |time: f64| format!("true time {}", seconds(time));
    view! {
        <Show when=move || stagecraft.clocks.get()>
            <Reading
                stagecraft
                text
                off=Signal::stored(false)
                x=Signal::derive(move || corner().x + 76.0)
                y=Signal::derive(move || corner().y + 20.0)
            />
        </Show>
    }
}

/// A time that runs on with the drawn one.
#[component]
fn Reading(
    stagecraft: Stagecraft,
    text: impl Fn(f64) -> String + Copy + 'static,
    off: Signal<bool>,
    x: Signal<f64>,
    y: Signal<f64>,
) -> impl IntoView {
    let mark = NodeRef::<Text>::new();
    let depends = move || {
        mark.track();
        stagecraft.session.revision();
    };
    stagecraft.movement.join(depends, move |time| {
        if let Some(mark) = mark.get() {
            mark.set_text_content(Some(&text(time)));
        }
    });
    view! { <text class="reading" class:off=move || off.get() node_ref=mark x=move || x.get() y=move || y.get()></text> }
}

/// Microseconds as "12.345 s".
fn seconds(micros: f64) -> String {
    let thousandths = (micros / 1_000.0).floor() as i64;
    let sign = if thousandths < 0 { "−" } else { "" };
    let size = thousandths.unsigned_abs();
    format!("{sign}{}.{:03} s", size / 1_000, size % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_read_in_seconds() {
        assert_eq!(seconds(15_000_900.0), "15.000 s");
        assert_eq!(seconds(1_234_000.0), "1.234 s");
        assert_eq!(seconds(-1_500_000.0), "−1.500 s");
    }
}
