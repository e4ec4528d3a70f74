//! The line while it is drawn, and whom it parts.

use leptos::prelude::*;

use super::super::Stagecraft;
use super::super::geometry::{Geometry, Point};
use super::groups::text;

/// The names of so many nodes of a group are written.
const NAMED: usize = 6;

/// The line and a ring around everybody, one kind for either side.
#[component]
pub fn Sketch(stagecraft: Stagecraft) -> impl IntoView {
    let line = stagecraft.drawing.line;
    move || {
        line.with(|line| !line.is_empty()).then(|| {
            let (drawn, [here, there], caption) = line.with(|line| picture(stagecraft, line));
            let at = line.with(|line| line.last().copied().unwrap_or_default());
            view! {
                <g class="sketch" aria-hidden="true">
                    <path class="side" d=here/>
                    <path class="side beyond" d=there/>
                    <path class="stroke" d=drawn/>
                    <text x=at.x y=at.y - 16.0>{caption}</text>
                </g>
            }
        })
    }
}

/// The line, rings around both sides, and who would stand in which group.
fn picture(stagecraft: Stagecraft, line: &[Point]) -> (String, [String; 2], String) {
    let mut drawn = String::new();
    for (i, at) in line.iter().enumerate() {
        drawn.push_str(&format!("{} {:.0} {:.0} ", if i == 0 { 'M' } else { 'L' }, at.x, at.y));
    }
    let parted = stagecraft.parted(line);
    let caption = match &parted {
        Some((_, groups)) => stagecraft.players.with_untracked(|players| text(groups, &players.names, NAMED)),
        None => String::new(),
    };
    let sides = parted.map(|(sides, _)| sides).unwrap_or_default();
    let rings = stagecraft.geometry.with_untracked(|geometry| {
        [false, true].map(|side| {
            let mine = (0..sides.len()).filter(|&node| sides[node] == side);
            mine.map(|node| ring(geometry, node)).collect()
        })
    });
    (drawn, rings, caption)
}

fn ring(geometry: &Geometry, node: usize) -> String {
    let (at, r) = (geometry.place(node), geometry.radius * 1.12 + 5.0);
    format!(
        "M {:.0} {:.0} a {r:.0} {r:.0} 0 1 0 {:.0} 0 a {r:.0} {r:.0} 0 1 0 {:.0} 0 ",
        at.x - r,
        at.y,
        2.0 * r,
        -2.0 * r
    )
}
