//! The clock behind Play: once a frame it moves the drawn time on, and the session lets happen what
//! is due until then.

use leptos::prelude::*;
use leptos_use_media_query::use_media_query;
use leptos_use_raf_fn::{UseRafFnCallbackArgs, use_raf_fn};

use crate::session::{Session, Speed, use_session};

/// The longest step of one frame, milliseconds: a tab that slept does not jump.
const LONGEST_FRAME: f64 = 100.0;
/// How long an event takes when every event takes the same, milliseconds.
const EVENT: f64 = 700.0;
/// How long it takes when it is due at the same moment as the one before.
const SAME_MOMENT: f64 = 260.0;
/// While time runs, a sentence is said at most so often, milliseconds.
const SENTENCE: f64 = 1_500.0;

/// What the clock remembers from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    /// The time reached, drawn or not, microseconds.
    time: f64,
    /// How long the present event has been on show, milliseconds.
    on_show: f64,
    /// How long ago the last sentence was said, milliseconds.
    silent: f64,
}

/// Runs the clock for as long as the page lives.
pub fn run() {
    let session = use_session();
    let still = use_media_query("(prefers-reduced-motion: reduce)");
    Effect::new(move |_| session.still.set(still.get()));

    let clock = StoredValue::new(Clock::default());
    let frames = use_raf_fn(move |UseRafFnCallbackArgs { delta, .. }| {
        if session.playing.get_untracked() {
            let next = tick(session, delta.clamp(0.0, LONGEST_FRAME), clock.get_value());
            clock.set_value(next);
        }
    });
    let (pause, resume) = (frames.pause.clone(), frames.resume.clone());
    Effect::new(move |_| {
        if session.playing.get() {
            let time = session.display_time.get_untracked();
            clock.set_value(Clock { time, ..Clock::default() });
            resume();
        } else {
            pause();
        }
    });
}

/// One frame of `delta` milliseconds.
fn tick(session: Session, delta: f64, clock: Clock) -> Clock {
    let (world, due, cursor) =
        session.moment().with_untracked(|moment| (moment.view.time.0 as f64, moment.next_due, moment.cursor));
    let Some(due) = due else {
        session.pause();
        session.announce("Nothing more is due: the run has come to rest.");
        return clock;
    };
    let due = due.0 as f64;
    let still = session.still.get_untracked();
    let now = if still { clock.time } else { session.display_time.get_untracked() }.max(world);
    let mut clock = Clock { on_show: clock.on_show + delta, silent: clock.silent + delta, ..clock };
    match session.speed.get_untracked() {
        Speed::Scaled(factor) => {
            // A millisecond of the viewer's is a thousand microseconds of the run's.
            clock.time = now + delta * 1_000.0 * factor;
            if !still || clock.time >= due {
                // Time that nobody sees passing is drawn only where something happens.
                session.advance(if still { due } else { clock.time });
            }
        }
        Speed::ByEvent => {
            let takes = if due - world >= 1.0 { EVENT } else { SAME_MOMENT };
            clock.time = world + (due - world) * (clock.on_show / takes).min(1.0);
            if clock.on_show >= takes {
                session.step();
                clock.on_show = 0.0;
            } else if !still {
                session.display_time.set(clock.time.max(now));
            }
        }
    }
    let happened = session.moment().with_untracked(|moment| moment.cursor != cursor);
    if happened && clock.silent >= SENTENCE {
        session.say_what_happened();
        clock.silent = 0.0;
    }
    clock
}
