//! The cross where a message died. It fades as slowly as the message had travelled.

use leptos::prelude::*;
use leptos::svg::G;

use super::Stagecraft;
use super::captions::beside_grave;
use super::geometry::WORDS_FROM;
use super::movement::draw;
use super::words;
use crate::session::Grave;
use crate::spacetime::hue_word;

/// A message that was lost, where it was lost.
#[component]
pub fn GraveMark(stagecraft: Stagecraft, grave: Grave) -> impl IntoView {
    let Stagecraft { session, geometry, taken, .. } = stagecraft;
    let (from, to, place) = (grave.flight.from.node, grave.flight.to.node, grave.place);
    let lane = Memo::new(move |_| geometry.with(|it| it.lane(from.index(), to.index())));
    let (died, scale, event) = (grave.at.0 as f64, grave.age_scale(), grave.event);
    // The one that the cursor stands at stays.
    let here = move || session.cursor() == event;
    let mark = NodeRef::<G>::new();
    let depends = move || {
        here();
        mark.track();
    };
    stagecraft.movement.join(depends, move |time| {
        let age = ((time - died) / scale).max(0.0);
        let left = if here() { 1.0 } else { (1.0 - age).max(0.0) };
        draw(mark.get(), "opacity", &format!("{left:.2}"));
    });
    let (label, hue) = (words::grave_label(&grave), hue_word(grave.flight.hue));
    let grave = StoredValue::new(grave);
    view! {
        <g
            class="grave"
            node_ref=mark
            data-hue=hue
            transform=move || {
                let at = lane.get().at(place);
                format!("translate({:.1} {:.1})", at.x, at.y)
            }
        >
            <path
                class="env"
                d="M -8 -6 H 5 L 11 0 L 5 6 H -8 Z"
                transform=move || format!("rotate({:.1})", lane.get().degrees())
            />
            <path class="lost" d="M -6 -6 L 6 6 M 6 -6 L -6 6"/>
            {move || (here() && geometry.with(|it| it.radius) >= WORDS_FROM).then(|| {
                let off = taken.with(|taken| {
                    grave.with_value(|grave| geometry.with(|it| beside_grave(it, taken, grave)))
                });
                view! { <text class="ml" x=off.x y=off.y + 4.0>{label.clone()}</text> }
            })}
        </g>
    }
}
