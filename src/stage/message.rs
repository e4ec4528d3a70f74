//! One message in flight: an envelope with its trail and its label.

use faultline_sim::FlightView;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::svg::{G, Line};

use super::Stagecraft;
use super::geometry::{LABELS_FROM, WORDS_FROM};
use super::movement::draw;
use super::words;
use crate::faults::target_id;
use crate::session::{Target, progress};
use crate::spacetime::hue_word;

/// How long the trail behind an envelope is at most, pixels.
const TRAIL: f64 = 34.0;

/// A message on the stage. It is drawn anew when its due time changes; its place follows the drawn
/// time.
#[component]
pub fn MessageMark(stagecraft: Stagecraft, flight: FlightView) -> impl IntoView {
    let Stagecraft { session, geometry, placed, movement, crowded, .. } = stagecraft;
    let (from, to, msg) = (flight.from.node, flight.to.node, flight.msg);
    let target = Target::Msg(msg);
    let lane = Memo::new(move |_| geometry.with(|it| it.lane(from.index(), to.index())));
    let small = Memo::new(move |_| geometry.with(|it| it.radius < WORDS_FROM));
    let (mark, trail) = (NodeRef::<G>::new(), NodeRef::<Line>::new());
    let course = StoredValue::new(flight.clone());
    let share = move |time: f64| course.with_value(|flight| progress(flight, time));
    let now = move || lane.get_untracked().at(share(session.display_time.get_untracked()));
    let depends = move || {
        lane.track();
        mark.track();
        session.still.track();
    };
    movement.join(depends, move |time| {
        let (lane, share) = (lane.get(), share(time));
        let at = lane.at(share);
        draw(mark.get(), "transform", &format!("translate({:.2} {:.2})", at.x, at.y));
        // Without travel the trail tells where the message comes from.
        let come = lane.length() * share;
        let long = if session.still.get() { come } else { come.min(TRAIL) };
        draw(trail.get(), "x1", &format!("{:.1}", -long.max(9.0)));
    });
    let turn = move || {
        let small = if small.get() { " scale(0.7)" } else { "" };
        format!("rotate({:.1}){small}", lane.get().degrees())
    };
    let lit = {
        let (kind, epoch) = (flight.kind.clone(), flight.epoch);
        Memo::new(move |_| {
            session.lit.with(|lit| match lit {
                Some(Target::Msg(other)) => *other == msg,
                Some(Target::Kind(other)) => *other == kind,
                Some(Target::Epoch(other)) => Some(*other) == epoch,
                Some(Target::Link(a, b)) => (*a, *b) == (from, to),
                _ => false,
            })
        })
    };
    let chosen = Memo::new(move |_| {
        session
            .selected
            .with(|chosen| matches!(chosen, Some(Target::Msg(other)) if *other == msg))
    });
    let label = words::label_of(&flight);
    let label_at = Memo::new(move |_| {
        let offset = placed.with(|placed| placed.get(&msg).copied().flatten());
        offset.or_else(|| {
            lit.get()
                .then_some(super::geometry::Point { x: 0.0, y: -18.0 })
        })
    });
    let open = move || {
        stagecraft.open(Target::Msg(msg), now(), 18.0);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            open();
        }
    };
    let envelope = if flight.reply {
        "M -9 -6 H 5 L 11 0 L 5 6 H -9 Z M -9 -6 L -3 0 L -9 6"
    } else {
        "M -8 -6 H 5 L 11 0 L 5 6 H -8 Z"
    };
    view! {
        <g
            class="msg"
            data-hue=hue_word(flight.hue)
            class:reply=flight.reply
            class:lit=move || lit.get()
            class:chosen=move || chosen.get()
            class:dim=move || stagecraft.dimmed(from) && stagecraft.dimmed(to)
            node_ref=mark
        >
            <g
                class="grip"
                id=target_id(&target)
                role="button"
                tabindex=move || if crowded.get() { "-1" } else { "0" }
                aria-haspopup="menu"
                aria-label=words::message_name(&flight)
                transform=turn
                on:click=move |_| open()
                on:keydown=on_key
                on:pointerenter=move |_| stagecraft.point_at(Some(Target::Msg(msg)))
                on:pointerleave=move |_| stagecraft.point_at(None)
                on:focus=move |_| stagecraft.point_at(Some(Target::Msg(msg)))
                on:blur=move |_| stagecraft.point_at(None)
            >
                <line class="trail" node_ref=trail x1="-9" x2="-9"/>
                <circle class="reach" r="15"/>
                <path class="env" d=envelope/>
            </g>
            {move || {
                let at = label_at.get()?;
                (geometry.with(|it| it.radius) >= LABELS_FROM).then(|| view! {
                    <text class="ml" aria-hidden="true" x=at.x y=at.y + 4.0>{label.clone()}</text>
                })
            }}
        </g>
    }
}
