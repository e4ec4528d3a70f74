//! One message in flight: an envelope with its trail and its label.

use faultline_sim::FlightView;
use leptos::prelude::*;
use leptos::svg::{G, Line};

use super::Stagecraft;
use super::geometry::{LABELS_FROM, Lane, Point, WORDS_FROM};
use super::grip::Grip;
use super::movement::draw;
use super::words;
use crate::checks::use_evidence;
use crate::session::{Target, progress};
use crate::spacetime::hue_word;

/// How long the trail behind an envelope is at most, pixels.
const TRAIL: f64 = 34.0;
/// A message that is asked for, and an answer, which is drawn hollow.
const ENVELOPE: &str = "M -8 -6 H 5 L 11 0 L 5 6 H -8 Z";
const ANSWER: &str = "M -9 -6 H 5 L 11 0 L 5 6 H -9 Z M -9 -6 L -3 0 L -9 6";

/// A message on the stage. It is drawn anew when its due time changes; its place follows the drawn
/// time.
#[component]
pub fn MessageMark(stagecraft: Stagecraft, flight: FlightView) -> impl IntoView {
    let Stagecraft { session, geometry, crowded, .. } = stagecraft;
    let (from, to, msg) = (flight.from.node, flight.to.node, flight.msg);
    let lane = Memo::new(move |_| geometry.with(|it| it.lane(from.index(), to.index())));
    let small = Memo::new(move |_| geometry.with(|it| it.radius < WORDS_FROM));
    let (mark, trail) = (NodeRef::<G>::new(), NodeRef::<Line>::new());
    travel(stagecraft, &flight, lane, mark, trail);
    let course = StoredValue::new(flight.clone());
    let here = move || {
        let time = session.display_time.get_untracked();
        (lane.get().at(course.with_value(|flight| progress(flight, time))), 18.0)
    };
    let turn = move || {
        let small = if small.get() { " scale(0.7)" } else { "" };
        format!("rotate({:.1}){small}", lane.get().degrees())
    };
    let lit =
        Memo::new(move |_| session.lit.with(|lit| course.with_value(|flight| is_lit(lit.as_ref(), flight))));
    let chosen = Memo::new(move |_| session.selected.with(|chosen| *chosen == Some(Target::Msg(msg))));
    let evidence = use_evidence();
    let guilty = Memo::new(move |_| evidence.has_message(msg));
    let (name, hue, reply) = (words::message_name(&flight), hue_word(flight.hue), flight.reply);
    let name =
        Signal::derive(move || if guilty.get() { format!("{name}, in a violation") } else { name.clone() });
    view! {
        <g
            class="msg"
            data-hue=hue
            class:reply=reply
            class:lit=move || lit.get()
            class:chosen=move || chosen.get()
            class:guilty=guilty
            class:dim=move || stagecraft.dimmed(from) && stagecraft.dimmed(to)
            node_ref=mark
        >
            <Grip
                stagecraft
                target=Target::Msg(msg)
                name
                stop=Signal::derive(move || !crowded.get())
                place=here
            >
                <g transform=turn>
                    <line class="trail" node_ref=trail x1="-9" x2="-9"/>
                    <circle class="reach" r="15"/>
                    <path class="env" d=if reply { ANSWER } else { ENVELOPE }/>
                </g>
            </Grip>
            <Label stagecraft flight lit chosen/>
        </g>
    }
}

/// Moves the mark along its lane, its trail behind it.
fn travel(
    stagecraft: Stagecraft,
    flight: &FlightView,
    lane: Memo<Lane>,
    mark: NodeRef<G>,
    trail: NodeRef<Line>,
) {
    let still = stagecraft.session.still;
    let flight = flight.clone();
    let depends = move || {
        lane.track();
        mark.track();
        still.track();
    };
    stagecraft.movement.join(depends, move |time| {
        let (lane, share) = (lane.get(), progress(&flight, time));
        let at = lane.at(share);
        draw(mark.get(), "transform", &format!("translate({:.2} {:.2})", at.x, at.y));
        // Without travel the trail tells where the message comes from.
        let come = lane.length() * share;
        let long = if still.get() { come } else { come.min(TRAIL) };
        draw(trail.get(), "x1", &format!("{:.1}", -long.max(9.0)));
    });
}

fn is_lit(lit: Option<&Target>, flight: &FlightView) -> bool {
    match lit {
        Some(Target::Msg(msg)) => *msg == flight.msg,
        Some(Target::Kind(kind)) => *kind == flight.kind,
        Some(Target::Epoch(epoch)) => Some(*epoch) == flight.epoch,
        Some(Target::Link(from, to)) => (*from, *to) == (flight.from.node, flight.to.node),
        _ => false,
    }
}

/// What is written at it, where there is room; always while it is pointed at.
#[component]
fn Label(stagecraft: Stagecraft, flight: FlightView, lit: Memo<bool>, chosen: Memo<bool>) -> impl IntoView {
    let Stagecraft { geometry, placed, .. } = stagecraft;
    let label = words::label_of(&flight);
    let at = Memo::new(move |_| {
        let offset = placed.with(|placed| placed.get(&flight.msg).copied().flatten());
        offset.or_else(|| (lit.get() || chosen.get()).then_some(Point { x: 0.0, y: -18.0 }))
    });
    move || {
        let at = at.get()?;
        (geometry.with(|it| it.radius) >= LABELS_FROM).then(|| {
            view! { <text class="ml" aria-hidden="true" x=at.x y=at.y + 4.0>{label.clone()}</text> }
        })
    }
}
