//! The diagram bound to the session: the same cursor as the stage and the transport.

use std::sync::Arc;

use faultline_model::Time;
use faultline_sim::FlightView;
use leptos::prelude::*;

use super::axis::{Axis, STEP};
use super::bands::{Areas, Caption, Words, areas, captions, place_captions};
use super::board::Board;
use super::chain;
use super::controls::Controls;
use super::geometry::{BOTTOM_PX, NETWORK_Y_PX, tick_step};
use super::gestures::{Drag, click, hover, keep_focus, key, leave, press, release, wheel};
use super::lanes::{Heads, LaneHeads};
use super::lighting::{Note, local_ticks, loss_notes, shapes, vector_notes};
use super::palette::hue_word;
use super::picture::{Picture, capsule, line};
use super::plate::Plate;
use super::plot::{Hidden, Lanes, Names, Scale, Strokes};
use super::spots::{Spots, event_of_target, spots_in};
use super::story::Story;
use crate::checks::{Guilt, use_evidence};
use crate::session::Session;

/// The space-time diagram of the session's run.
#[component]
pub fn Diagram() -> impl IntoView {
    let board = Board::new();
    view! {
        <section class="spacetime" aria-label="Space-time diagram">
            <Plot board/>
            <Controls board/>
        </section>
    }
}

#[component]
fn Plot(board: Board) -> impl IntoView {
    let Board { story, frame, gutter, viewport, plot, session, .. } = board;
    let drag = RwSignal::new(None::<Drag>);
    let height = Signal::derive(move || board.foot() + BOTTOM_PX);
    let lit_lane = Memo::new(move |_| session.lit.with(|lit| lit.as_ref().and_then(chain::lit_lane)));
    let heads =
        Heads { session, names: board.names, shown: board.lanes, chosen: board.arranged, ys: board.ys };
    view! {
        <div
            class="spacetime-plot"
            // Until there are events, which can be focused, it can itself be: it may scroll.
            tabindex=move || story.with(|story| story.trace.len() == 0).then_some("0")
            class:dragging=move || drag.get().is_some_and(|drag| drag.moved)
            class:seeking=board.seeking
            node_ref=plot
            on:mousedown=move |event| keep_focus(&event)
            on:pointerdown=move |event| press(board, drag, &event)
            on:pointermove=move |event| hover(board, drag, &event)
            on:pointerup=move |event| release(board, drag, &event)
            on:pointercancel=move |_| drag.set(None)
            on:pointerleave=move |_| if drag.get_untracked().is_none() {
                board.circle.set(None);
                board.point_at(None);
            }
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
                    <Names names=board.names frame lit=lit_lane/>
                    <Lanes
                        count=Signal::derive(move || board.names.with(Vec::len))
                        frame
                        from=gutter
                        width=Signal::derive(move || viewport.width())
                        lit=lit_lane
                    />
                </svg>
                <LaneHeads heads/>
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
/// The ring round an event that shows that something is broken.
const GUILTY_PX: f64 = 8.5;
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
        let step = tick_step(scale, board.axis.get().finest()) as f64;
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
    let shown = Memo::new(move |_| story.with(|story| areas(&story.trace, &frame.get(), window.get())));
    let picture = Memo::new(move |_| {
        let draw = |story: &Story| Picture::of(&story.trace, &frame.get(), window.get(), &story.inks());
        Arc::new(story.with(draw))
    });
    let stop = Memo::new(move |_| {
        let last = story.with(|story| story.trace.len());
        aim.get().unwrap_or_else(|| session.cursor()).clamp(1, last.max(1))
    });
    let events = Memo::new(move |_| {
        frame.with(|frame| story.with(|story| spots_in(&story.trace, frame, board.visible(), stop.get())))
    });
    let shift = Signal::derive(move || format!("translateX({:.2}px)", board.shift()));
    let wide = Memo::new(move |_| {
        let (from, to) = window.get();
        (to.since(from).0 as f64 / frame.with(|frame| frame.per_px)).min(WIDEST_PX)
    });
    let lit = Memo::new(move |_| {
        let target = session.lit.get();
        let wires = |story: &Story| {
            target.map(|target| chain::lit_wires(&story.trace, &target, window.get())).unwrap_or_default()
        };
        chain::path(&story.with(wires), &frame.get())
    });
    let guilty = guilty(board);
    let before_now = Memo::new(move |_| board.axis.get() != Axis::Rank);
    view! {
        <svg class="layer moving spacetime-ink" width=wide height=height style:transform=shift>
            <defs>
                <pattern id="hatch-diagram" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <line class="hatch-line" x1="0" x2="0" y1="0" y2="6"/>
                </pattern>
            </defs>
            <Scale axis=board.axis.into() frame window=window.into() hidden=hidden(board)/>
            <Areas areas=shown hatch="hatch-diagram".to_owned()/>
            <Paths shapes=shapes(board)/>
            <Strokes picture/>
        </svg>
        <Plate picture width=wide height=height shift/>
        <svg class="layer still spacetime-ink" width="100%" height=height>
            <InFlight board/>
            // In logical time some of what is to come stands left of the present.
            <rect
                class="veil"
                x=move || board.now_x() + 4.0
                y=NETWORK_Y_PX - 5.0
                width=move || if before_now.get() { (board.viewport.width() - board.now_x()).max(0.0) } else { 0.0 }
                height=move || board.foot() - NETWORK_Y_PX + 19.0
            />
        </svg>
        <svg class="layer moving" width=wide height=height style:transform=shift>
            <Words areas=shown/>
            <path class="lit-way" d=lit/>
            // Over the marks, whether the document draws them or a canvas.
            <path class="guilty-way" d=move || guilty.with(|paths| paths.0.clone())/>
            <path class="guilty-spot" d=move || guilty.with(|paths| paths.1.clone())/>
            <Notes board/>
            <Spots session story frame events stop/>
        </svg>
    }
}

/// What shows that something is broken: the ways of its messages, and rings round its events.
fn guilty(board: Board) -> Memo<(String, String)> {
    let guilt = use_evidence().guilt;
    Memo::new(move |_| {
        let Guilt { events, messages, .. } = guilt.get();
        if events.is_empty() {
            return Default::default();
        }
        let frame = board.frame.get();
        board.story.with(|story| {
            let wires: Vec<_> =
                messages.iter().filter_map(|msg| story.trace.wire_of(*msg)).copied().collect();
            let mut rings = String::new();
            for dot in events.iter().filter_map(|&event| story.trace.dot(event)) {
                capsule(&mut rings, frame.place(&story.trace, dot), GUILTY_PX, GUILTY_PX);
            }
            (chain::path(&wires, &frame), rings)
        })
    })
}

/// The cones and the way that are lit.
#[component]
fn Paths(shapes: Memo<Vec<(&'static str, String)>>) -> impl IntoView {
    move || {
        let shape = |(class, path): (&'static str, String)| view! { <path class=class d=path/> };
        shapes.get().into_iter().map(shape).collect_view()
    }
}

/// Ticks of clocks that are off, vector timestamps, and why messages were lost.
#[component]
fn Notes(board: Board) -> impl IntoView {
    let Board { story, frame, axis, .. } = board;
    let ticks = Memo::new(move |_| {
        if axis.get() != Axis::Time {
            return (String::new(), vec![]);
        }
        let frame = frame.get();
        story.with(|story| local_ticks(story, &frame, board.window.get(), tick_step(frame.per_px, 1)))
    });
    let losses = Memo::new(move |_| {
        frame.with(|frame| story.with(|story| loss_notes(story, frame, board.window.get())))
    });
    let vectors = Memo::new(move |_| vector_notes(board));
    let note = |note: Note| view! { <text class=note.class x=note.x y=note.y>{note.text}</text> };
    view! {
        <path class="local-tick" d=move || ticks.with(|ticks| ticks.0.clone())/>
        {move || {
            let all = ticks.with(|ticks| ticks.1.clone()).into_iter().chain(losses.get()).chain(vectors.get());
            all.map(note).collect_view()
        }}
    }
}

/// Messages whose end is not recorded yet, as far as they have come.
#[component]
fn InFlight(board: Board) -> impl IntoView {
    let Board { session, story, frame, .. } = board;
    let flights = Memo::new(move |_| {
        let (view, frame) = (session.view(), frame.get());
        let open = |story: &Story| {
            let real = story.axis() == Axis::Time;
            let soon = Time(story.trace.end().0 + STEP);
            let flights = view.flights.iter().filter(|flight| !story.trace.has_ended(flight.msg));
            let ways = flights.map(|flight| {
                let (start, goal) = (frame.y(flight.from.node), frame.y(flight.to.node));
                // What is going to be lost dies midway; until then nothing may tell it from others.
                let share = if flight.doomed { 0.5 } else { 1.0 };
                let (sent, due) =
                    if real { (flight.sent_at, flight.due) } else { (sent_on(session, story, flight), soon) };
                let end = (frame.x(due), start + (goal - start) * share);
                let mut path = String::new();
                line(&mut path, (frame.x(sent), start), end);
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

/// Where on a logical axis a message in flight was sent: at its sender's last event of that moment.
fn sent_on(session: Session, story: &Story, flight: &FlightView) -> Time {
    let sender = session.look(|timeline| {
        let events = timeline.events();
        let until = events.partition_point(|event| event.at <= flight.sent_at);
        let then = events[..until].iter().enumerate().rev();
        let mut then = then.take_while(|(_, event)| event.at == flight.sent_at);
        then.find(|(_, event)| event.node == flight.from.node).map(|(index, _)| index as u32 + 1)
    });
    let dot = sender.flatten().and_then(|event| story.trace.dot(event));
    dot.map_or(Time::ZERO, |dot| dot.at)
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
        let now = Time(board.now.get().max(0.0) as u64);
        format!("now {}", board.axis.get().label(now, fineness))
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
    let all = Memo::new(move |_| {
        story.with(|story| captions(&story.trace, story.axis(), &story.names, window.get()))
    });
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
