//! Bands: nodes that are down or paused, what waits in an inbox, partitions and cut links.

use faultline_model::{NodeId, Time, sort_by};
use leptos::prelude::*;

use super::axis::Axis;
use super::geometry::{Frame, NETWORK_Y_PX};
use super::trace::{Band, Condition, Trace};

/// So many bands are drawn at most; the rest lie under them anyway.
const MOST_BANDS: usize = 300;
/// Half the height of a node's band.
const HALF_PX: f64 = 9.0;

/// A band as a rectangle.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// The class in the style sheet.
    pub class: &'static str,
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// A word within it.
    pub word: &'static str,
}

/// The bands that touch a window, as rectangles; partitions first, so that they lie below.
pub fn areas(trace: &Trace, frame: &Frame, (from, to): (Time, Time)) -> Vec<Area> {
    let begun = trace.bands().partition_point(|band| band.from <= to);
    let seen = trace.bands()[..begun].iter().filter(|band| touches(band, from, to));
    let mut areas: Vec<Area> = seen.take(MOST_BANDS).map(|band| area(band, frame, (from, to))).collect();
    sort_by(&mut areas, |a, b| b.height.total_cmp(&a.height));
    areas
}

fn touches(band: &Band, from: Time, to: Time) -> bool {
    band.from <= to && band.until.is_none_or(|until| until >= from)
}

fn area(band: &Band, frame: &Frame, (from, to): (Time, Time)) -> Area {
    // Far edges are cut off: a rectangle of a million pixels is drawn badly.
    let x = frame.x(band.from.max(from));
    let until = frame.x(band.until.map_or(to, |until| until.min(to)));
    let on_lane = |node: NodeId, half: f64| (frame.y(node) - half, 2.0 * half);
    let (class, word, (y, height)) = match band.condition {
        Condition::Down(node) => ("band down", "down", on_lane(node, HALF_PX)),
        Condition::Paused(node) => ("band paused", "paused", on_lane(node, HALF_PX)),
        Condition::InInbox(node) => ("band inbox", "", on_lane(node, 2.5)),
        Condition::Partition => {
            let y = NETWORK_Y_PX;
            ("band partition", "", (y, frame.foot() + 14.0 - y))
        }
        Condition::Cut(a, b) | Condition::Held(a, b) => {
            let (high, low) = (frame.y(a).min(frame.y(b)), frame.y(a).max(frame.y(b)));
            let class = if matches!(band.condition, Condition::Held(..)) { "band held" } else { "band cut" };
            (class, "", (high, low - high))
        }
    };
    let begins_here = band.from >= from;
    Area { class, x, y, width: (until - x).max(1.5), height, word: if begins_here { word } else { "" } }
}

/// The rectangles.
#[component]
pub fn Areas(areas: Memo<Vec<Area>>, hatch: String) -> impl IntoView {
    move || {
        let fill = format!("url(#{hatch})");
        let shape = |area: Area| {
            let rect = |class: &'static str, fill: Option<String>| {
                view! { <rect class=class x=area.x y=area.y width=area.width height=area.height fill=fill/> }
            };
            let hatched = (area.class == "band down").then(|| rect("hatch", Some(fill.clone())));
            view! { {rect(area.class, None)} {hatched} }
        };
        areas.get().into_iter().map(shape).collect_view()
    }
}

/// What the bands on lanes are, in a word where it fits.
#[component]
pub fn Words(areas: Memo<Vec<Area>>) -> impl IntoView {
    move || {
        let word = |area: Area| {
            let (x, y) = (area.x + 13.0, area.y + area.height / 2.0 + 4.0);
            view! { <text class="band-word" x=x y=y>{area.word}</text> }
        };
        let fits = |area: &Area| !area.word.is_empty() && area.width > 64.0;
        areas.get().into_iter().filter(fits).map(word).collect_view()
    }
}

/// A line below the lanes that says what a band is.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Option<Time>,
    /// What.
    pub text: String,
}

/// What stands below the lanes: one caption for each partition and each cut link.
pub fn captions(trace: &Trace, axis: Axis, names: &[String], (from, to): (Time, Time)) -> Vec<Caption> {
    let seen: Vec<&Band> = trace.bands().iter().filter(|band| touches(band, from, to)).collect();
    let name = |node: NodeId| names.get(node.index()).map_or("?", String::as_str);
    let mut captions: Vec<Caption> = vec![];
    for (place, band) in seen.iter().enumerate() {
        let what = match band.condition {
            Condition::Partition => format!("partition {}", band.groups),
            Condition::Cut(a, b) => {
                let back = Condition::Cut(b, a);
                let twin = |other: &&&Band| other.condition == back && other.until == band.until;
                if seen[..place].iter().any(|other| twin(&other)) {
                    continue;
                }
                let both = seen[place..].iter().any(|other| twin(&other));
                format!("{}{}{} cut", name(a), if both { "↔" } else { "→" }, name(b))
            }
            Condition::Held(a, b) => format!("{}→{} held", name(a), name(b)),
            _ => continue,
        };
        let text = format!("{} from {}", what.trim_end(), axis.words(band.from));
        captions.push(Caption { from: band.from, until: band.until, text });
    }
    captions
}

/// Where captions stand: at their band's left edge or at the left edge of what is visible, never over
/// each other. Gives x and text.
pub fn place_captions(captions: &[Caption], frame: &Frame, width: f64) -> Vec<(f64, String)> {
    /// The width of a letter, about.
    const LETTER_PX: f64 = 6.6;
    let mut free_from = 6.0;
    let mut placed = vec![];
    for caption in captions {
        let x = frame.x(caption.from).max(free_from);
        let ends = caption.until.map_or(width, |until| frame.x(until));
        let length = caption.text.chars().count() as f64 * LETTER_PX;
        let visible = ends > 24.0 && x < width - 60.0 && x < ends.max(frame.x(caption.from) + 4.0);
        if visible {
            placed.push((x, caption.text.clone()));
            free_from = x + length + 14.0;
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use faultline_sim::{Action, Event, What};

    use super::*;

    fn trace(events: &[(u64, What, u16, Option<u16>)]) -> Trace {
        let mut trace = Trace::default();
        for &(at, what, node, peer) in events {
            let event = Event { peer: peer.map(NodeId), ..Event::new(Time(at), what, NodeId(node)) };
            let action = Action::Partition(vec![vec![NodeId(0)], vec![NodeId(1)]]);
            trace.push(&event, Some(&action), |node| ["S1", "S2", "S3"][node.index()]);
        }
        trace
    }

    const NAMES: [&str; 3] = ["S1", "S2", "S3"];

    fn names() -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }

    #[test]
    fn a_band_is_cut_off_at_the_window() {
        let trace = trace(&[(1_000, What::Crashed, 1, None)]);
        let frame = Frame::even(3, 38.0, 41.0).at(0.0, 10.0);
        let areas = areas(&trace, &frame, (Time(500), Time(3_000)));
        assert_eq!(areas.len(), 1);
        assert_eq!((areas[0].x, areas[0].width, areas[0].word), (100.0, 200.0, "down"));
        assert!(super::areas(&trace, &frame, (Time(0), Time(900))).is_empty());
    }

    #[test]
    fn a_link_cut_both_ways_has_one_caption() {
        let both = trace(&[(10, What::Cut, 0, Some(1)), (10, What::Cut, 1, Some(0))]);
        let texts = |trace: &Trace| -> Vec<String> {
            captions(trace, Axis::Time, &names(), (Time(0), Time(100)))
                .into_iter()
                .map(|caption| caption.text)
                .collect()
        };
        assert_eq!(texts(&both), ["S1↔S2 cut from 0.00 s"]);
        let one_way = trace(&[(10, What::Cut, 0, Some(1))]);
        assert_eq!(texts(&one_way), ["S1→S2 cut from 0.00 s"]);
        let split = trace(&[(1_420_000, What::Partitioned, 0, None)]);
        let caption = &captions(&split, Axis::Time, &names(), (Time(0), Time(9_000_000)))[0];
        assert_eq!(caption.text, "partition {S1} | {S2} from 1.42 s");
    }

    #[test]
    fn captions_stay_in_sight_and_do_not_overlap() {
        let caption = |from, text: &str| Caption { from: Time(from), until: None, text: text.to_owned() };
        let frame = Frame::even(3, 38.0, 41.0).at(5_000.0, 10.0);
        let placed = place_captions(&[caption(0, "first caption"), caption(6_000, "second")], &frame, 900.0);
        assert_eq!(placed[0].0, 6.0, "its band began left of what is visible");
        assert!(placed[1].0 > placed[0].0 + 80.0);
    }
}
