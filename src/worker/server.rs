//! The worker's side: one question, told of until it is answered.

use faultline_chunk::chunk;
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

chunk! { search: fn server() -> fn() { serve_at_once } }

/// Waits for questions. The page ends the worker; nothing here does.
pub fn serve() {
    wasm_bindgen_futures::spawn_local(async {
        match server().await {
            Ok(serve) => serve(),
            Err(unfetched) => failed(&unfetched.to_string()),
        }
    });
}

/// Tells of a failure without what tells of all else: the same as [`Heard::Failed`] packed.
fn failed(why: &str) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let told = js_sys::Object::new();
    let set = js_sys::Reflect::set(&told, &"failed".into(), &why.into());
    debug_assert!(set.is_ok(), "an object of ours takes any property");
    // Plain data can always be sent.
    let _ = scope.post_message(&told);
}

fn serve_at_once() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answerer = scope.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let (scope, question) = (answerer.clone(), serde_wasm_bindgen::from_value(event.data()));
        wasm_bindgen_futures::spawn_local(async move {
            answer(&scope, question.map_err(|error| error.to_string())).await;
        });
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

async fn answer(scope: &DedicatedWorkerGlobalScope, asked: Result<Asked, String>) {
    let work = match asked {
        Ok(asked) => Work::begin(&asked).await,
        Err(why) => Err(why),
    };
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
