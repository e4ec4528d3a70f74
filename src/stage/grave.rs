//! The cross where a message died. It fades as slowly as the message had travelled.

use leptos::prelude::*;
use leptos::svg::G;

use super::Stagecraft;
use super::geometry::{Lane, WORDS_FROM};
use super::movement::draw;
use super::words;
use crate::session::Grave;
use crate::spacetime::hue_word;

/// A message that was lost, where it was lost.
#[component]
pub fn GraveMark(stagecraft: Stagecraft, grave: Grave) -> impl IntoView {
    let Stagecraft { session, geometry, .. } = stagecraft;
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
    let label = words::grave_label(&grave);
    view! {
        <g
            class="grave"
            node_ref=mark
            data-hue=hue_word(grave.flight.hue)
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
            {move || {
                let (x, y, anchor) = label_at(&lane.get(), place);
                (here() && geometry.with(|it| it.radius) >= WORDS_FROM).then(|| view! {
                    <text class="ml" x=x y=y style:text-anchor=anchor>{label.clone()}</text>
                })
            }}
        </g>
    }
}

/// Where the label of a cross stands: above it midway, and beside it near a node, which it must not
/// cover.
fn label_at(lane: &Lane, place: f64) -> (f64, f64, &'static str) {
    if (0.2..=0.8).contains(&place) {
        return (0.0, -14.0, "middle");
    }
    let node_is_right = (lane.to.x > lane.from.x) == (place > 0.5);
    if node_is_right { (-13.0, 4.0, "end") } else { (13.0, 4.0, "start") }
}

#[cfg(test)]
mod tests {
    use super::super::geometry::Point;
    use super::*;

    #[test]
    fn a_label_stands_away_from_the_node() {
        let lane = Lane { from: Point { x: 0.0, y: 0.0 }, to: Point { x: 100.0, y: 0.0 } };
        let back = Lane { from: lane.to, to: lane.from };
        assert_eq!(label_at(&lane, 0.5).2, "middle");
        assert_eq!(label_at(&lane, 1.0).2, "end");
        assert_eq!(label_at(&back, 1.0).2, "start");
        assert_eq!(label_at(&lane, 0.05).2, "start");
    }
}
