//! The small picture on a lesson's card: who takes part in that lesson, and who speaks to whom.

use std::f64::consts::TAU;

use leptos::prelude::*;

/// One figure of the cast. The shapes are those of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An ordinary server.
    Server,
    /// The one that leads, coordinates or sends.
    Leader,
    /// A client.
    Client,
    /// A disk, a store, a shared resource.
    Store,
    /// A server that is down.
    Down,
    /// One that lies.
    Liar,
}

use Part::{Client as C, Down as X, Leader as L, Liar as R, Server as S, Store as D};

/// How the cast stands.
#[derive(Clone, Copy, Debug)]
pub enum Layout {
    /// On a circle, everybody linked with everybody.
    Mesh(&'static [Part]),
    /// On a circle, each linked with its neighbours.
    Ring(&'static [Part]),
    /// The first in the middle, linked with all the others.
    Star(&'static [Part]),
    /// Columns from left to right, each linked with the next.
    Tiers(&'static [&'static [Part]]),
}

/// A cast, and the message that is on its way between two of them (their places in the cast).
#[derive(Clone, Copy, Debug)]
pub struct Picture {
    layout: Layout,
    from: usize,
    to: usize,
    lost: bool,
}

const fn sent(layout: Layout, from: usize, to: usize) -> Picture {
    Picture { layout, from, to, lost: false }
}

const fn lost(layout: Layout, from: usize, to: usize) -> Picture {
    Picture { layout, from, to, lost: true }
}

/// The cast of a lesson, after the stage of its row in the curriculum; `None` for an unknown slug.
pub fn picture(slug: &str) -> Option<Picture> {
    use Layout::{Mesh, Ring, Star, Tiers};
    Some(match slug {
        "lost-message" => lost(Tiers(&[&[L], &[S]]), 0, 1),
        "retry-and-idempotency" => lost(Tiers(&[&[C], &[S], &[D]]), 2, 1),
        "partial-failure" => lost(Star(&[L, S, X, S]), 0, 2),
        "eight-fallacies" => sent(Tiers(&[&[C], &[L], &[S, S], &[D]]), 0, 1),
        "last-writer-wins" => lost(Tiers(&[&[C], &[L], &[S], &[C]]), 2, 1),
        "reading-clocks" => sent(Star(&[L, C, C, C]), 1, 0),
        "lamport-clocks" => sent(Mesh(&[L, S, S]), 0, 1),
        "vector-clocks" => sent(Mesh(&[S, L, S]), 1, 2),
        "snapshot" => sent(Ring(&[S, S, L]), 2, 0),
        "failure-detectors" => lost(Star(&[L, S, S, X]), 3, 0),
        "swim" => sent(Ring(&[L, S, S, S, S, X, S, S, S]), 0, 1),
        "gossip" => sent(Mesh(&[L, S, L, S, S, L, S]), 2, 4),
        "one-server" => sent(Tiers(&[&[C, C, C], &[L]]), 1, 3),
        "load-balancing" => sent(Tiers(&[&[C, C], &[L], &[S, S, S], &[D]]), 2, 4),
        "caches" => sent(Tiers(&[&[S, S, S], &[L], &[D]]), 1, 3),
        "tail-at-scale" => sent(Tiers(&[&[L], &[S, S, S, X]]), 4, 0),
        "retries-and-backoff" => lost(Tiers(&[&[C], &[S], &[S], &[D]]), 1, 2),
        "overload" => sent(Tiers(&[&[S, S, S], &[S, S, S], &[D]]), 3, 6),
        "nines-and-traces" => sent(Tiers(&[&[C], &[S], &[S], &[X], &[S]]), 1, 2),
        "primary-backup" => sent(Tiers(&[&[C], &[L, S], &[D]]), 1, 3),
        "replica-lag" => sent(Star(&[L, S, S, C]), 0, 1),
        "quorums" => sent(Tiers(&[&[C, C], &[L], &[S, S, S]]), 2, 4),
        "linearizability" => sent(Tiers(&[&[C, C], &[S, S, S]]), 0, 3),
        "crdts" => sent(Mesh(&[S, S, S]), 2, 1),
        "chain-replication" => sent(Tiers(&[&[C], &[L], &[S], &[S], &[C]]), 2, 3),
        "choose-two" => lost(Mesh(&[L, S, S, L]), 0, 2),
        "leases-and-fencing" => sent(Tiers(&[&[C, C], &[L], &[D]]), 0, 2),
        "total-order" => sent(Tiers(&[&[C, C], &[L], &[S, S]]), 2, 3),
        "paxos" => sent(Tiers(&[&[L, S], &[S, S, S], &[C]]), 0, 3),
        "multi-paxos" => sent(Tiers(&[&[C, C], &[L, S, S]]), 0, 2),
        "raft-elections" => sent(Mesh(&[S, L, S, S, X]), 1, 2),
        "raft-logs" => sent(Ring(&[S, S, S, S, S, L, S]), 5, 6),
        "raft-commit" => sent(Mesh(&[S, S, S, L, S]), 3, 4),
        "safe-reads" => lost(Mesh(&[L, S, S, L, S]), 0, 1),
        "byzantine" => sent(Mesh(&[L, S, R, S]), 2, 1),
        "consistent-hashing" => sent(Ring(&[S, S, L, S, S, S]), 2, 3),
        "chord" => sent(Ring(&[L, S, S, S, S, S, S, S, S, S]), 0, 1),
        "peer-to-peer" => sent(Mesh(&[L, S, S, S, S, S]), 0, 2),
        "nakamoto" => sent(Ring(&[S, S, L, S, S, S, R, S, S, S]), 2, 3),
        "two-phase-commit" => lost(Star(&[L, S, S, S, S]), 0, 2),
        "optimistic-concurrency" => sent(Tiers(&[&[L, L], &[S, S, S]]), 1, 3),
        "frangipani" => sent(Tiers(&[&[C, C], &[L], &[D]]), 1, 2),
        "spanner" => sent(Tiers(&[&[C], &[L, L], &[S, S]]), 0, 1),
        "sagas" => lost(Star(&[L, S, S, S, S]), 0, 3),
        "gfs" => sent(Tiers(&[&[C], &[L], &[S, S, S, S]]), 1, 3),
        "mapreduce" => sent(Tiers(&[&[L], &[S, S, X, S], &[S, S]]), 2, 5),
        "spark" => sent(Tiers(&[&[S, S, S], &[S, X, S], &[L]]), 1, 4),
        "log-and-streams" => sent(Tiers(&[&[C], &[L, S, S], &[C, C]]), 1, 4),
        _ => return None,
    })
}

/// Width and height of the picture's own coordinates.
const WIDE: f64 = 150.0;
const HIGH: f64 = 68.0;

/// Parts with their places, and the links between them by place in the cast.
struct Drawing {
    parts: Vec<(Part, f64, f64)>,
    links: Vec<(usize, usize)>,
}

impl Layout {
    fn draw(self) -> Drawing {
        match self {
            Layout::Mesh(parts) => circle(parts, all_pairs(parts.len())),
            Layout::Ring(parts) => {
                circle(parts, (0..parts.len()).map(|i| (i, (i + 1) % parts.len())).collect())
            }
            Layout::Star(parts) => star(parts),
            Layout::Tiers(tiers) => columns(tiers),
        }
    }
}

fn all_pairs(count: usize) -> Vec<(usize, usize)> {
    (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b))).collect()
}

/// The place of the `i`th of `count` on a flattened circle, beginning at the top.
fn place(i: usize, count: usize, wide: f64, high: f64) -> (f64, f64) {
    let angle = TAU * i as f64 / count as f64;
    (WIDE / 2.0 + wide * angle.sin(), HIGH / 2.0 - high * angle.cos())
}

fn circle(parts: &[Part], links: Vec<(usize, usize)>) -> Drawing {
    let count = parts.len();
    let (wide, high) = if count > 6 { (36.0, 24.0) } else { (30.0, 23.0) };
    // A triangle's middle lies above the middle of its height.
    let down = if count == 3 { 5.0 } else { 0.0 };
    let parts = parts
        .iter()
        .enumerate()
        .map(|(i, &part)| {
            let (x, y) = place(i, count, wide, high);
            (part, x, y + down)
        })
        .collect();
    Drawing { parts, links }
}

fn star(parts: &[Part]) -> Drawing {
    let leaves = parts.len() - 1;
    let middle = (WIDE / 2.0, HIGH / 2.0);
    let mut placed = vec![(parts[0], middle.0, middle.1)];
    // Nobody stands straight above the middle: the picture is low, and they would touch.
    let places: &[(f64, f64)] = match leaves {
        3 => &[(44.0, -21.0), (44.0, 21.0), (-46.0, 0.0)],
        _ => &[(44.0, -21.0), (44.0, 21.0), (-44.0, 21.0), (-44.0, -21.0)],
    };
    for (&part, &(x, y)) in parts[1..].iter().zip(places) {
        placed.push((part, middle.0 + x, middle.1 + y));
    }
    Drawing { parts: placed, links: (1..=leaves).map(|leaf| (0, leaf)).collect() }
}

fn columns(tiers: &[&[Part]]) -> Drawing {
    let step = (116.0 / (tiers.len() - 1) as f64).min(62.0);
    let left = WIDE / 2.0 - step * (tiers.len() - 1) as f64 / 2.0;
    let (mut parts, mut links, mut first) = (Vec::new(), Vec::new(), 0);
    for (column, tier) in tiers.iter().enumerate() {
        let gap = (50.0 / tier.len() as f64).min(23.0);
        let top = HIGH / 2.0 - gap * (tier.len() - 1) as f64 / 2.0;
        for (row, &part) in tier.iter().enumerate() {
            parts.push((part, left + step * column as f64, top + gap * row as f64));
        }
        let here = first..first + tier.len();
        first = here.end;
        if let Some(next) = tiers.get(column + 1) {
            for a in here {
                links.extend((first..first + next.len()).map(|b| (a, b)));
            }
        }
    }
    Drawing { parts, links }
}

/// One figure, drawn as on the stage.
fn figure(part: Part, x: f64, y: f64, r: f64) -> AnyView {
    let class = match part {
        Part::Server => "cast-server",
        Part::Leader => "cast-leader",
        Part::Client => "cast-client",
        Part::Store => "cast-store",
        Part::Down => "cast-down",
        Part::Liar => "cast-liar",
    };
    match part {
        Part::Client => {
            let side = r * 1.7;
            view! { <rect class=class x=x - side / 2.0 y=y - side / 2.0 width=side height=side rx="2.5"/> }
                .into_any()
        }
        Part::Store => {
            let (w, h, e) = (r * 0.95, r * 0.75, r * 0.38);
            let path = format!(
                "M{:.1} {:.1}v{:.1}a{w:.1} {e:.1} 0 0 0 {:.1} 0v{:.1}a{w:.1} {e:.1} 0 0 0 {:.1} 0a{w:.1} {e:.1} 0 0 0 {:.1} 0",
                x - w,
                y - h,
                2.0 * h,
                2.0 * w,
                -2.0 * h,
                -2.0 * w,
                2.0 * w,
            );
            view! { <path class=class d=path/> }.into_any()
        }
        _ => view! { <circle class=class cx=x cy=y r=r/> }.into_any(),
    }
}

/// Draws the picture; it says nothing that the card's words do not say.
#[component]
pub fn CastPicture(
    /// What to draw.
    picture: Picture,
) -> impl IntoView {
    let Drawing { parts, links } = picture.layout.draw();
    let r = match parts.len() {
        0..=5 => 8.0,
        6..=7 => 6.6,
        _ => 5.2,
    };
    let ((_, ax, ay), (_, bx, by)) = (parts[picture.from], parts[picture.to]);
    let (x, y) = (ax + (bx - ax) * 0.52, ay + (by - ay) * 0.52);
    let mark = if picture.lost {
        view! { <path class="cast-lost" d=format!("M{:.1} {:.1}l7 7m0-7l-7 7", x - 3.5, y - 3.5)/> }
            .into_any()
    } else {
        view! { <circle class="cast-message" cx=x cy=y r="3.4"/> }.into_any()
    };
    let lines = links
        .into_iter()
        .map(|(a, b)| view! { <line x1=parts[a].1 y1=parts[a].2 x2=parts[b].1 y2=parts[b].2/> })
        .collect_view();
    let figures = parts.iter().map(|&(part, x, y)| figure(part, x, y, r)).collect_view();
    view! {
        <svg class="cast" viewBox=format!("0 0 {WIDE} {HIGH}") aria-hidden="true">
            {lines} {figures} {mark}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stay_within_the_picture_and_apart() {
        for chapter in faultline_lessons::chapters() {
            for entry in chapter.lessons {
                let picture = picture(entry.slug).unwrap_or_else(|| panic!("{} has no picture", entry.slug));
                let drawing = picture.layout.draw();
                assert!(
                    picture.from < drawing.parts.len() && picture.to < drawing.parts.len(),
                    "{}",
                    entry.slug
                );
                for (i, &(_, x, y)) in drawing.parts.iter().enumerate() {
                    assert!(
                        (9.0..=WIDE - 9.0).contains(&x) && (8.0..=HIGH - 8.0).contains(&y),
                        "{} {x} {y}",
                        entry.slug
                    );
                    for &(_, ox, oy) in &drawing.parts[..i] {
                        assert!((x - ox).hypot(y - oy) > 10.5, "{}: figures overlap", entry.slug);
                    }
                }
            }
        }
    }

    #[test]
    fn the_message_travels_on_a_link() {
        for chapter in faultline_lessons::chapters() {
            for entry in chapter.lessons {
                let picture = picture(entry.slug).unwrap();
                let (a, b) = (picture.from, picture.to);
                assert!(
                    picture.layout.draw().links.iter().any(|&link| link == (a, b) || link == (b, a)),
                    "{}: nothing joins {a} and {b}",
                    entry.slug
                );
            }
        }
    }

    #[test]
    fn an_unknown_lesson_has_no_picture() {
        assert!(picture("no-such-lesson").is_none());
    }
}
