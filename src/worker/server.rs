//! The worker's side: one question, told of until it is answered.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::message::{Asked, Heard, pack};
use super::work::Work;

/// How often the page hears of what is under way, milliseconds.
const PULSE: f64 = 100.0;

/// Whether this program runs in a worker and not in a page.
pub fn is_worker() -> bool {
    js_sys::global().is_instance_of::<DedicatedWorkerGlobalScope>()
}

/// Waits for questions. The page ends the worker; nothing here does.
pub fn serve() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answerer = scope.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        answer(&answerer, &event);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker serves as long as it lives.
    on_message.forget();
    tell(&scope, &Heard::Ready);
}

fn tell(scope: &DedicatedWorkerGlobalScope, told: &Heard) {
    // Plain data can always be sent.
    let _ = scope.post_message(&pack(told));
}

fn answer(scope: &DedicatedWorkerGlobalScope, event: &MessageEvent) {
    let asked: Result<Asked, _> = serde_wasm_bindgen::from_value(event.data());
    let work = asked.map_err(|error| error.to_string()).and_then(|asked| Work::begin(&asked));
    let mut work = match work {
        Ok(work) => work,
        Err(why) => return tell(scope, &Heard::Failed(why)),
    };
    loop {
        match work.go_on(PULSE) {
            None => tell(scope, &work.reached()),
            Some(answer) => return tell(scope, &answer),
        }
    }
}
