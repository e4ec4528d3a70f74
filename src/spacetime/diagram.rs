//! The diagram bound to the session: the same cursor as the stage and the transport.

use std::sync::Arc;

use faultline_model::Time;
use leptos::prelude::*;

use super::bands::{Areas, Caption, Words, areas, captions, place_captions};
use super::board::Board;
use super::chain;
use super::controls::Controls;
use super::geometry::{BOTTOM_PX, NETWORK_Y_PX, clock_text, tick_step};
use super::gestures::{Drag, click, hover, keep_focus, key, leave, press, release, wheel};
use super::palette::hue_word;
use super::picture::{Picture, line};
use super::plot::{Axis, Hidden, Lanes, Names, Strokes};
use super::spots::{Spots, event_of_target, events_in};
use super::story::Story;

/// The space-time diagram of the session's run.
#[component]
pub fn Diagram() -> impl IntoView {
    let board = Board::new();
    let Board { session, story, viewport, pointed, .. } = board;
    view! {
        <section class="spacetime" aria-label="Space-time diagram">
            <Plot board/>
            <Controls session story viewport pointed/>
        </section>
    }
}

#[component]
fn Plot(board: Board) -> impl IntoView {
    let Board { story, frame, gutter, viewport, plot, session, .. } = board;
    let drag = RwSignal::new(None::<Drag>);
    let height = Signal::derive(move || board.foot() + BOTTOM_PX);
    let lit_lane = Memo::new(move |_| session.lit.with(|lit| lit.as_ref().and_then(chain::lit_lane)));
    let names = Signal::derive(move || story.with(|story| story.names.clone()));
    view! {
        <div
            class="spacetime-plot"
            // Until there are events, which can be focused, it can itself be: it may scroll.
            tabindex=move || story.with(|story| story.trace.len() == 0).then_some("0")
            class:dragging=move || drag.get().is_some_and(|drag| drag.moved)
            node_ref=plot
            on:mousedown=move |event| keep_focus(&event)
            on:pointerdown=move |event| press(board, drag, &event)
            on:pointermove=move |event| hover(board, drag, &event)
            on:pointerup=move |_| release(drag)
            on:pointercancel=move |_| drag.set(None)
            on:pointerleave=move |_| if drag.get_untracked().is_none() { board.point_at(None) }
            on:click=move |event| click(board, drag, &event)
            on:wheel=move |event| wheel(board, &event)
            on:keydown=move |event| key(board, &event)
            on:focusin=move |event| {
                let spot = event_of_target(&event);
                board.aim.set(spot);
                board.point_at(spot);
            }
            on:focusout=move |event| leave(board, &event)
        >
            <div class="spacetime-sheet" style:height=move || format!("{}px", height.get())>
                <svg class="layer still" width="100%" height=height>
                    <Names names frame=frame.into() lit=lit_lane/>
                    <Lanes
                        lanes=Signal::derive(move || board.lanes())
                        frame=frame.into()
                        from=gutter
                        width=Signal::derive(move || viewport.width())
                        lit=lit_lane
                    />
                </svg>
                <div class="spacetime-window" style:left=move || format!("{}px", gutter.get())>
                    <Moving board height/>
                    <svg class="layer still" width="100%" height=height>
                        <Now board/>
                        <Captions board/>
                    </svg>
                </div>
            </div>
        </div>
    }
}

/// A layer is never wider: browsers draw larger ones badly.
const WIDEST_PX: f64 = 8_000.0;
/// Room for the label of the present.
const NOW_PX: f64 = 112.0;
/// Half the width of a label of the time axis.
const LABEL_HALF_PX: f64 = 27.0;

/// Which labels of the axis must not be seen: those that the label of the present would cover, and
/// those before a point in time, which the left edge would cut.
fn hidden(board: Board) -> Memo<Hidden> {
    Memo::new(move |_| {
        let (x, scale) = (board.now_x(), board.viewport.scale());
        let right = x <= board.viewport.width() - NOW_PX;
        let (from, to) =
            if right { (x - LABEL_HALF_PX, x + NOW_PX) } else { (x - NOW_PX, x + LABEL_HALF_PX) };
        // In whole ticks, so that it changes only when a label does.
        let step = tick_step(scale) as f64;
        let at = |x: f64| (board.left.get() + x * scale) / step;
        let tick = |ticks: f64| Time((ticks.max(0.0) * step) as u64);
        Hidden {
            from: tick(at(from).ceil()),
            to: tick(at(to + LABEL_HALF_PX).floor()),
            before: tick(at(LABEL_HALF_PX - 8.0).ceil()),
        }
    })
}

/// What moves with time: bands, arrows, dots. What is drawn stands on layers of its own, so that the
/// browser moves them without drawing them again.
#[component]
fn Moving(board: Board, height: Signal<f64>) -> impl IntoView {
    let Board { session, story, frame, window, aim, .. } = board;
    let shown = Memo::new(move |_| {
        story.with(|story| areas(&story.trace, &frame.get(), story.names.len(), window.get()))
    });
    let picture = Memo::new(move |_| {
        let draw = |story: &Story| Picture::of(&story.trace, &frame.get(), window.get(), &story.inks());
        Arc::new(story.with(draw))
    });
    let stop = Memo::new(move |_| {
        let last = story.with(|story| story.trace.len());
        aim.get().unwrap_or_else(|| session.cursor()).clamp(1, last.max(1))
    });
    let events = Memo::new(move |_| story.with(|story| events_in(&story.trace, board.visible(), stop.get())));
    let shift = move || format!("translateX({:.2}px)", board.shift());
    let wide = Memo::new(move |_| {
        let (from, to) = window.get();
        (to.since(from).0 as f64 / frame.get().per_px).min(WIDEST_PX)
    });
    let lit = Memo::new(move |_| {
        let target = session.lit.get();
        let wires = |story: &Story| {
            target.map(|target| chain::lit_wires(&story.trace, &target, window.get())).unwrap_or_default()
        };
        chain::path(&story.with(wires), &frame.get())
    });
    view! {
        <svg class="layer moving spacetime-ink" width=wide height=height style:transform=shift>
            <defs>
                <pattern id="hatch-diagram" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <line class="hatch-line" x1="0" x2="0" y1="0" y2="6"/>
                </pattern>
            </defs>
            <Axis frame window=window.into() foot=Signal::derive(move || board.foot()) hidden=hidden(board)/>
            <Areas areas=shown hatch="hatch-diagram".to_owned()/>
            <Strokes picture/>
        </svg>
        <svg class="layer still spacetime-ink" width="100%" height=height>
            <InFlight board/>
            <rect
                class="veil"
                x=move || board.now_x() + 4.0
                y=NETWORK_Y_PX - 5.0
                width=move || (board.viewport.width() - board.now_x()).max(0.0)
                height=move || board.foot() - NETWORK_Y_PX + 19.0
            />
        </svg>
        <svg class="layer moving" width=wide height=height style:transform=shift>
            <Words areas=shown/>
            <path class="lit-way" d=lit/>
            <Spots session story frame events stop/>
        </svg>
    }
}

/// Messages whose end is not recorded yet, as far as they have come.
#[component]
fn InFlight(board: Board) -> impl IntoView {
    let Board { session, story, frame, .. } = board;
    let flights = Memo::new(move |_| {
        let (view, frame) = (session.view(), frame.get());
        let open = |story: &Story| {
            let flights = view.flights.iter().filter(|flight| !story.trace.has_ended(flight.msg));
            let ways = flights.map(|flight| {
                let (start, goal) = (frame.y(flight.from.node), frame.y(flight.to.node));
                // What is going to be lost dies midway; until then nothing may tell it from others.
                let share = if flight.doomed { 0.5 } else { 1.0 };
                let end = (frame.x(flight.due), start + (goal - start) * share);
                let mut path = String::new();
                line(&mut path, (frame.x(flight.sent_at), start), end);
                (hue_word(flight.hue), path)
            });
            ways.collect::<Vec<_>>()
        };
        story.with(open)
    });
    view! {
        <svg x="0" y="0" width=move || board.now_x().max(0.0) height=move || board.foot() + 10.0>
            <g transform=move || format!("translate({},0)", board.shift())>
                {move || {
                    let way = |(hue, path)| view! { <path class="way flying" data-hue=hue d=path/> };
                    flights.get().into_iter().map(way).collect_view()
                }}
            </g>
        </svg>
    }
}

/// The line of the present.
#[component]
fn Now(board: Board) -> impl IntoView {
    let x = move || board.now_x();
    let text = move || {
        let fineness = match board.viewport.scale() {
            scale if scale >= 40.0 => 1_000,
            scale if scale >= 4.0 => 100,
            _ => 1,
        };
        format!("now {}", clock_text(Time(board.session.display_time.get().max(0.0) as u64), fineness))
    };
    let at_the_edge = move || x() > board.viewport.width() - NOW_PX;
    let label_x = move || if at_the_edge() { x() - 7.0 } else { x() + 7.0 };
    view! {
        <line class="now" x1=x x2=x y1="4" y2=move || board.foot() + 14.0/>
        <text class="now-text" class:before=at_the_edge x=label_x y="14">{text}</text>
    }
}

/// What the bands are, below the lanes.
#[component]
fn Captions(board: Board) -> impl IntoView {
    let Board { story, frame, window, .. } = board;
    let all = Memo::new(move |_| story.with(|story| captions(&story.trace, &story.names, window.get())));
    move || {
        let drawn = frame.get();
        let seen = drawn.at(board.left.get(), drawn.per_px);
        let placed = all.with(|all: &Vec<Caption>| place_captions(all, &seen, board.viewport.width()));
        let y = board.foot() + 26.0;
        placed
            .into_iter()
            .map(|(x, text)| view! { <text class="band-caption" x=x y=y>{text}</text> })
            .collect_view()
    }
}
