//! Runs and pictures out of the page and into it: files, links, scripts, recordings.
//!
//! [`Exchange`] is the handle; [`Share`] is the sheet that offers everything, [`Desk`] the row under the
//! header that says what is under way and what came of it. What was opened replaces the run on stage, and
//! the one that was there is kept: nothing is lost by opening something.

mod csv;
mod desk;
mod embedded;
mod events;
mod gather;
mod incoming;
mod json;
mod kinds;
mod open;
mod picture;
mod play;
mod save;
mod share;
mod video;
mod visit;

use std::rc::Rc;

use faultline_sim::Timeline;
use leptos::prelude::*;

use crate::address::PageKind;
use crate::session::Session;

pub use csv::line as csv_line;
pub use desk::Desk;
pub use json::run_of_json;
pub use kinds::{Kind, text_of};
pub use picture::picture;
pub use save::{download, file_name, text_blob};
pub use share::Share;

/// What the desk says.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum State {
    /// Nothing.
    #[default]
    Idle,
    /// Something takes a while: what, how much of it is done, of how much.
    Busy(String, u32, u32),
    /// Something was done, or could not be.
    Said {
        /// Whether something is not as it should be.
        warning: bool,
        /// What there is to say.
        text: String,
        /// Whether there is a run to go back to.
        back: bool,
    },
}

/// A recording that is under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Of what.
    pub place: &'static str,
    /// How long it is, seconds.
    pub seconds: u32,
    /// How large, kilobytes.
    pub kilobytes: u32,
}

/// What shall become of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Go,
    Stop,
    Cancel,
}

/// What the page does when another run has been put on stage.
type Adopt = Rc<dyn Fn()>;

/// The way in and out.
#[derive(Clone, Copy)]
pub struct Exchange {
    /// The run on stage; a page without one can only send elsewhere what is opened.
    pub session: Option<Session>,
    page: StoredValue<PageKind>,
    /// What the desk says.
    pub state: RwSignal<State>,
    /// The recording that is under way.
    pub recording: RwSignal<Option<Recording>>,
    /// Whether something is being dragged over the page.
    pub dragged: RwSignal<bool>,
    wish: StoredValue<Wish>,
    /// Counts what takes a while; one that finds another number has been cancelled.
    job: StoredValue<u32>,
    /// The run that was on stage before.
    previous: StoredValue<Option<Timeline>, LocalStorage>,
    adopt: StoredValue<Option<Adopt>, LocalStorage>,
    /// The run that was left behind on another page, as JSON.
    far: StoredValue<Option<String>>,
    /// Counts the runs that were put on stage.
    adopted: RwSignal<u32>,
}

/// The exchange of this page. Panics outside a page that has one: a programming error.
pub fn use_exchange() -> Exchange {
    expect_context::<Exchange>()
}

impl Exchange {
    /// An exchange for this page, put into the context.
    pub fn provide(page: &PageKind, session: Option<Session>) -> Exchange {
        let exchange = Exchange {
            session,
            page: StoredValue::new(page.clone()),
            state: RwSignal::new(State::Idle),
            recording: RwSignal::new(None),
            dragged: RwSignal::new(false),
            wish: StoredValue::new(Wish::Go),
            job: StoredValue::new(0),
            previous: StoredValue::new_local(None),
            adopt: StoredValue::new_local(None),
            far: StoredValue::new(None),
            adopted: RwSignal::new(0),
        };
        provide_context(exchange);
        exchange
    }

    /// The page has its run now; `adopt` is called whenever another one was put on stage. What another
    /// page sent here is opened.
    pub fn ready(self, adopt: impl Fn() + 'static) {
        self.adopt.set_value(Some(Rc::new(adopt)));
        visit::arrive(self);
    }

    /// Says something on the desk and to screen readers.
    fn say(self, warning: bool, text: String, back: bool) {
        if let Some(session) = self.session {
            session.announce(text.clone());
        }
        self.state.set(State::Said { warning, text, back });
    }

    /// A warning on the desk.
    pub fn warn(self, text: impl Into<String>) {
        self.say(true, text.into(), self.can_go_back());
    }

    /// Begins something that takes a while; whatever else does is cancelled.
    fn begin(self) -> u32 {
        self.job.update_value(|job| *job += 1);
        self.job.get_value()
    }

    /// Whether that has been cancelled.
    fn cancelled(self, job: u32) -> bool {
        self.job.try_get_value() != Some(job)
    }

    /// Stops what takes a while.
    pub fn cancel(self) {
        self.begin();
        self.say(false, "Cancelled; nothing has changed.".to_owned(), self.can_go_back());
    }

    /// Puts a run on stage in place of the one that is there, which is kept.
    fn adopt(self, timeline: Timeline) {
        let Some(session) = self.session else { return };
        self.previous.set_value(session.swap(timeline));
        if let Some(adopt) = self.adopt.get_value() {
            adopt();
        }
        self.adopted.update(|count| *count += 1);
    }

    /// Puts the run back on stage that was there before, and keeps this one.
    pub fn back(self) {
        if let Some(timeline) = self.previous.try_update_value(Option::take).flatten() {
            self.adopt(timeline);
            self.say(false, "Back at the previous run.".to_owned(), true);
        } else {
            visit::back(self);
        }
    }
}

/// Lets the browser draw and take in what was pressed.
async fn breathe() {
    gloo_timers::future::TimeoutFuture::new(0).await;
}
