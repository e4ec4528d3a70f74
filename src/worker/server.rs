//! The worker's side: one question, told of until it is answered.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::job::Job;
use super::message::{Question, Told, pack};

/// How often the page hears of the search, milliseconds.
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
    tell(&scope, &Told::Ready);
}

fn tell(scope: &DedicatedWorkerGlobalScope, told: &Told) {
    // Plain data can always be sent.
    let _ = scope.post_message(&pack(told));
}

fn answer(scope: &DedicatedWorkerGlobalScope, event: &MessageEvent) {
    let question: Result<Question, _> = serde_wasm_bindgen::from_value(event.data());
    let job = question.map_err(|error| error.to_string()).and_then(|question| Job::new(&question));
    let mut job = match job {
        Ok(job) => job,
        Err(why) => return tell(scope, &Told::Failed(why)),
    };
    loop {
        match job.go_on(PULSE) {
            None => tell(scope, &Told::Progress(job.reached())),
            Some(Ok(answer)) => return tell(scope, &Told::Done(Box::new(answer))),
            Some(Err(why)) => return tell(scope, &Told::Failed(why)),
        }
    }
}
