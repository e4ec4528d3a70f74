//! What belongs to a layout itself: the ring of a hash ring, the regions of a map.

use leptos::prelude::*;

use super::geometry::{Decor, Geometry};

/// The decor, behind everything.
#[component]
pub fn Backdrop(geometry: Memo<Geometry>) -> impl IntoView {
    let decor = Memo::new(move |_| geometry.with(|geometry| geometry.decor.clone()));
    let drawn = |decor: Decor| {
        // One shape for both: an ellipse is a box whose corners are round all the way.
        let (left, top, width, height, round, name) = match decor {
            Decor::Circle { middle, across, down } => {
                (middle.x - across, middle.y - down, 2.0 * across, 2.0 * down, (across, down), String::new())
            }
            Decor::Region { area, name } => {
                (area.left, area.top, area.width, area.height, (12.0, 12.0), name)
            }
        };
        view! {
            <rect x=left y=top width=width height=height rx=round.0 ry=round.1/>
            <text x=left + 12.0 y=top + 18.0>{name}</text>
        }
    };
    view! { <g class="decor">{move || decor.get().into_iter().map(drawn).collect_view()}</g> }
}
