//! A small dial at a node whose clock is off.

use leptos::prelude::*;

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
