//! What moves from frame to frame: messages on their way, timers running out, crosses fading.
//!
//! One effect follows the drawn time and moves them all. If each followed it by itself, every frame
//! would take each of them out of the signal's list of followers and put it in again, which costs the
//! square of their number.

use std::rc::Rc;

use faultline_model::SortedMap;
use leptos::prelude::*;

/// Moves something to where it is at a time, microseconds.
type Move = Rc<dyn Fn(f64)>;

#[derive(Default)]
struct Crowd {
    next: u32,
    all: SortedMap<u32, Move>,
}

/// Everything that moves on one stage.
#[derive(Clone, Copy)]
pub struct Movement {
    crowd: StoredValue<Crowd, LocalStorage>,
    time: RwSignal<f64>,
}

impl Movement {
    /// Moves what joins by that time.
    pub fn following(time: RwSignal<f64>) -> Movement {
        let crowd = StoredValue::new_local(Crowd::default());
        Effect::new(move |_| {
            let now = time.get();
            // Copied out, for one that moves may leave.
            let all: Vec<Move> = crowd.with_value(|crowd| crowd.all.values().cloned().collect());
            untrack(|| all.iter().for_each(|go| go(now)));
        });
        Movement { crowd, time }
    }

    /// Has `go` called once a frame for as long as the caller's owner lives, and at once whenever what
    /// it reads through `depends` changes.
    pub fn join(self, depends: impl Fn() + 'static, go: impl Fn(f64) + 'static) {
        let go: Move = Rc::new(go);
        let joined = go.clone();
        let id = self.crowd.try_update_value(|crowd| {
            crowd.next += 1;
            crowd.all.insert(crowd.next, joined);
            crowd.next
        });
        Effect::new(move |_| {
            depends();
            untrack(|| go(self.time.get()));
        });
        on_cleanup(move || {
            if let Some(id) = id {
                self.crowd.try_update_value(|crowd| crowd.all.remove(&id));
            }
        });
    }
}

/// Sets an attribute of an element that is in the document.
pub fn draw(element: Option<impl AsRef<web_sys::Element>>, name: &str, value: &str) {
    if let Some(element) = element {
        // Only a malformed name could fail, and ours are not.
        let _ = element.as_ref().set_attribute(name, value);
    }
}
