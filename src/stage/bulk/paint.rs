//! Painting on a canvas. Everything of one colour is one path: changing colours is what costs.

use std::f64::consts::TAU;

use faultline_model::{Hue, NodeId, Shape, SortedMap};
use faultline_sim::{LinkView, NodeView, Status};
use web_sys::CanvasRenderingContext2d as Context;

use super::super::geometry::{Geometry, LABELS_FROM, Point, ROLE_FROM, WORDS_FROM};
use super::super::links::Links;
use super::super::partition::Standing;
use super::super::words;
use super::course::Course;
use super::inks::Inks;

/// More lines than this are too many to be told apart: of those only some are painted.
const MOST_LINES: usize = 1_500;

/// How a node looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    name: String,
    role: String,
    hue: Hue,
    shape: Shape,
    status: Status,
    dim: bool,
}

/// A node by its number in the cast, and how it looks.
type Placed<'a> = (usize, &'a Look);

/// What is seen of the stage: its top left corner and its size.
type Window = (Point, (f64, f64));

/// How nodes look; those that a lesson does not speak of are dimmed.
pub fn looks(nodes: &[NodeView], focus: &[NodeId]) -> Vec<Look> {
    let look = |node: &NodeView| Look {
        name: node.id.clone(),
        role: words::role(node),
        hue: node.hue,
        shape: node.shape,
        status: node.status,
        dim: !focus.is_empty() && !focus.contains(&node.node),
    };
    nodes.iter().map(look).collect()
}

fn seen(at: Point, margin: f64, (corner, (width, height)): Window) -> bool {
    (corner.x - margin..corner.x + width + margin).contains(&at.x)
        && (corner.y - margin..corner.y + height + margin).contains(&at.y)
}

/// All nodes, those of one look together.
pub fn nodes(ctx: &Context, all: &[Look], geometry: &Geometry, inks: &Inks, window: Window) {
    let mut kinds: SortedMap<(usize, bool, bool), Vec<Placed<'_>>> = SortedMap::new();
    for (node, look) in all.iter().enumerate() {
        if seen(geometry.place(node), geometry.radius * 2.0, window) {
            let down = matches!(look.status, Status::Down | Status::Left);
            kinds.entry((look.hue as usize, down, look.dim)).or_default().push((node, look));
        }
    }
    let r = geometry.radius;
    for ((_, down, dim), members) in &kinds {
        let hue = members.first().map_or(Hue::Grey, |(_, look)| look.hue);
        ctx.set_global_alpha(if *dim { 0.28 } else { 1.0 });
        ctx.begin_path();
        for (node, look) in members {
            outline(ctx, look.shape, geometry.place(*node), r);
        }
        ctx.set_fill_style_str(inks.plain(if *down { "bg" } else { "card" }));
        ctx.set_stroke_style_str(if *down { inks.hue(Hue::Grey) } else { inks.hue(hue) });
        ctx.set_line_width((r * 0.28).clamp(1.2, 4.0));
        dash(ctx, if *down { (r * 0.4).max(1.5) } else { 0.0 });
        ctx.fill();
        ctx.stroke();
    }
    dash(ctx, 0.0);
    ctx.set_global_alpha(1.0);
    signs(ctx, all, geometry, inks, window);
    if r >= LABELS_FROM {
        names(ctx, all, geometry, inks, window);
    }
}

fn dash(ctx: &Context, length: f64) {
    let pattern = js_sys::Array::new();
    if length > 0.0 {
        pattern.push(&length.into());
    }
    // Only numbers that are no numbers are refused.
    let _ = ctx.set_line_dash(&pattern);
}

fn outline(ctx: &Context, shape: Shape, at: Point, r: f64) {
    match shape {
        Shape::Square | Shape::Cylinder => ctx.rect(at.x - r * 0.88, at.y - r * 0.88, r * 1.76, r * 1.76),
        Shape::Hexagon => {
            for corner in 0..6 {
                let angle = TAU * f64::from(corner) / 6.0;
                let (x, y) = (at.x + r * 1.06 * angle.cos(), at.y + r * 1.06 * angle.sin());
                if corner == 0 { ctx.move_to(x, y) } else { ctx.line_to(x, y) }
            }
            ctx.close_path();
        }
        Shape::Circle | Shape::Ringed => {
            ctx.move_to(at.x + r, at.y);
            // Only a negative radius is refused.
            let _ = ctx.arc(at.x, at.y, r, 0.0, TAU);
            if shape == Shape::Ringed {
                ctx.move_to(at.x + r * 0.55, at.y);
                let _ = ctx.arc(at.x, at.y, r * 0.55, 0.0, TAU);
            }
        }
    }
}

/// A cross on what has crashed, two bars on what is paused: never by colour alone.
fn signs(ctx: &Context, all: &[Look], geometry: &Geometry, inks: &Inks, window: Window) {
    let r = (geometry.radius * 0.45).min(7.0);
    ctx.begin_path();
    for (node, look) in all.iter().enumerate() {
        let at = geometry.place(node);
        let line = |x1: f64, y1: f64, x2: f64, y2: f64| {
            ctx.move_to(at.x + x1 * r, at.y + y1 * r);
            ctx.line_to(at.x + x2 * r, at.y + y2 * r);
        };
        if geometry.radius >= WORDS_FROM || !seen(at, r, window) {
            continue;
        }
        match look.status {
            Status::Down | Status::Left => {
                line(-1.0, -1.0, 1.0, 1.0);
                line(1.0, -1.0, -1.0, 1.0);
            }
            Status::Paused => {
                line(-0.5, -1.0, -0.5, 1.0);
                line(0.5, -1.0, 0.5, 1.0);
            }
            _ => {}
        }
    }
    ctx.set_stroke_style_str(inks.plain("ink"));
    ctx.set_line_width((r * 0.35).max(1.0));
    ctx.stroke();
}

fn names(ctx: &Context, all: &[Look], geometry: &Geometry, inks: &Inks, window: Window) {
    let r = geometry.radius;
    let write = |text: &str, x: f64, y: f64| {
        // A context that cannot write has nothing better to do.
        let _ = ctx.fill_text(text, x, y);
    };
    ctx.set_text_align("center");
    for (node, look) in all.iter().enumerate() {
        let at = geometry.place(node);
        if !seen(at, r * 3.0, window) {
            continue;
        }
        if r < WORDS_FROM {
            let (label, anchor) = geometry.label(node);
            ctx.set_text_align(if anchor == "middle" { "center" } else { anchor });
            ctx.set_fill_style_str(inks.plain("dim"));
            ctx.set_font("12px system-ui, sans-serif");
            write(&look.name, label.x, label.y);
            continue;
        }
        let whole = r >= ROLE_FROM;
        ctx.set_fill_style_str(inks.plain("ink"));
        ctx.set_font("700 15px system-ui, sans-serif");
        write(&look.name, at.x, at.y + if whole { -2.0 } else { 5.0 });
        ctx.set_fill_style_str(inks.plain("dim"));
        ctx.set_font("12px system-ui, sans-serif");
        write(&look.role, at.x, if whole { at.y + 14.0 } else { geometry.label(node).0.y });
    }
}

/// The links: plain ones faint, set ones dashed, cut ones dotted and in the colour of harm. Those that a
/// partition cuts are left to its outlines.
pub fn links(ctx: &Context, all: &Links, parted: Option<&Standing>, geometry: &Geometry, inks: &Inks) {
    let set = |link: &LinkView| {
        link.loss.is_some() || link.latency.is_some() || link.duplication.is_some() || link.fifo.is_some()
    };
    let kind = |link: &LinkView| match (link.cut, set(link)) {
        (true, _) => 2,
        (_, true) => 1,
        _ => 0,
    };
    let mut kinds: [Vec<(NodeId, NodeId)>; 3] = Default::default();
    for link in all.view().links.iter() {
        let (from, to) = (link.from.node, link.to.node);
        let group = |node: NodeId| parted.and_then(|standing| standing.get(node.index()).copied().flatten());
        if link.cut && group(from) != group(to) {
            continue;
        }
        // Of two that look alike one is enough.
        let back = all.get(to, from).map(kind);
        if from < to || back != Some(kind(link)) {
            kinds[kind(link)].push((from, to));
        }
    }
    for (kind, pairs) in kinds.iter().enumerate() {
        let step = pairs.len().div_ceil(MOST_LINES).max(1);
        ctx.begin_path();
        for &(from, to) in pairs.iter().step_by(step) {
            let line = geometry.line(from.index(), to.index());
            ctx.move_to(line.from.x, line.from.y);
            ctx.line_to(line.to.x, line.to.y);
        }
        // The more there are, the fainter is each.
        let crowd = (240.0 / pairs.len().max(1) as f64).sqrt().clamp(0.12, 1.0);
        ctx.set_global_alpha(if kind == 2 { 0.55 * crowd } else { 0.7 * crowd });
        ctx.set_stroke_style_str(inks.plain(if kind == 2 {
            "bad"
        } else if kind == 1 {
            "dim"
        } else {
            "line"
        }));
        ctx.set_line_width(1.0);
        dash(ctx, [0.0, 6.0, 3.0][kind]);
        ctx.stroke();
    }
    dash(ctx, 0.0);
    ctx.set_global_alpha(1.0);
}

/// All messages at a time, microseconds: a dart each, hollow for an answer. With `trails`, a line back
/// to where it was sent.
pub fn messages(ctx: &Context, all: &[Course], time: f64, inks: &Inks, window: Window, trails: bool) {
    let mut kinds: SortedMap<(usize, bool), Vec<(&Course, Point)>> = SortedMap::new();
    for course in all {
        let at = course.at(time);
        if seen(at, 12.0, window) {
            kinds.entry((course.hue as usize, course.reply)).or_default().push((course, at));
        }
    }
    let line = |course: &Course, from: Point, at: Point| {
        ctx.move_to(from.x, from.y);
        ctx.line_to(at.x + course.ahead.x * 4.0, at.y + course.ahead.y * 4.0);
    };
    for ((_, reply), members) in &kinds {
        let hue = members.first().map_or(Hue::Grey, |(course, _)| course.hue);
        ctx.set_stroke_style_str(inks.hue(hue));
        if trails {
            ctx.begin_path();
            members.iter().for_each(|(course, at)| line(course, course.from, *at));
            ctx.set_global_alpha(0.2);
            ctx.set_line_width(1.5);
            ctx.stroke();
            ctx.set_global_alpha(1.0);
        }
        ctx.begin_path();
        for (course, at) in members {
            let tail = Point { x: at.x - course.ahead.x * 5.0, y: at.y - course.ahead.y * 5.0 };
            line(course, tail, *at);
        }
        ctx.set_line_width(4.0);
        ctx.stroke();
        if *reply {
            ctx.set_stroke_style_str(inks.plain("bg"));
            ctx.set_line_width(1.6);
            ctx.stroke();
        }
    }
}
