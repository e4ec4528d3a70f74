//! What can be shown only when a part of the program, or of the course, has been fetched.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use faultline_chunk::Fetching;
use leptos::prelude::*;

/// A part of a page that has been fetched.
pub type Room = Rc<dyn Fn() -> AnyView>;

/// A room on its way; or why it cannot be had, in a sentence's words.
pub type Coming = Pin<Box<dyn Future<Output = Result<Room, String>>>>;

/// A reader who waits no longer than this is not told that there is something to wait for.
const PATIENCE: Duration = Duration::from_millis(400);

#[derive(Clone, PartialEq)]
enum State {
    Quiet,
    Slow,
    Missing(String),
    There,
}

/// A room of a chunk, and its place until it has come; `what` is its name at the start of a sentence.
pub fn room(what: &'static str, fetch: impl Fn() -> Fetching<Room> + 'static) -> AnyView {
    late(what, move || wait_for(fetch()))
}

/// What a chunk holds, on its way.
fn wait_for(chunk: Fetching<Room>) -> Coming {
    Box::pin(async { chunk.await.map_err(|unfetched| unfetched.to_string()) })
}

/// Shows `what`, such as "The diagram", once it has come; says so if that takes long or fails, and lets
/// the reader try again.
pub fn late(what: &'static str, fetch: impl Fn() -> Coming + 'static) -> AnyView {
    place(what, Rc::new(fetch))
}

fn place(what: &'static str, fetch: Rc<dyn Fn() -> Coming>) -> AnyView {
    let state = RwSignal::new(State::Quiet);
    let came = StoredValue::new_local(None::<Room>);
    let ask = StoredValue::new_local(move || {
        begin(fetch(), move |result| match result {
            Ok(room) => {
                came.try_set_value(Some(room));
                state.try_set(State::There);
            }
            Err(why) => {
                state.try_set(State::Missing(why));
            }
        });
        if state.get_untracked() == State::Quiet {
            set_timeout(move || lose_patience(state), PATIENCE);
        }
    });
    ask.with_value(|ask| ask());
    let again = move |_| {
        state.set(State::Quiet);
        ask.with_value(|ask| ask());
    };
    (move || match state.get() {
        State::There => came.get_value().map(|room| room()).into_any(),
        State::Quiet => view! { <div class="late" aria-busy="true"></div> }.into_any(),
        State::Slow => view! { <div class="late" aria-busy="true" role="status">"Loading…"</div> }.into_any(),
        State::Missing(why) => view! {
            <div class="late" role="alert">
                <p>{format!("{what} could not be loaded: {why}.")}</p>
                <button type="button" class="btn" on:click=again>"Try again"</button>
            </div>
        }
        .into_any(),
    })
    .into_any()
}

fn lose_patience(state: RwSignal<State>) {
    if state.try_get_untracked() == Some(State::Quiet) {
        state.set(State::Slow);
    }
}

/// What has come already is there at once, without a frame between.
fn begin(mut coming: Coming, tell: impl FnOnce(Result<Room, String>) + 'static) {
    match coming.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => tell(result),
        Poll::Pending => leptos::task::spawn_local(async move { tell(coming.await) }),
    }
}
