//! The page's side: something that is under way elsewhere.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use faultline_chunk::chunk;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlScriptElement, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::message::{Asked, Heard, Measured, Question, Told, Trials, pack};
use super::work::Work;

/// How long the page works itself before it draws its next frame, milliseconds.
const SLICE: f64 = 8.0;

/// How often a worker is looked after, milliseconds,
const LOOK: u32 = 5_000;
/// and after so many looks at which it had said nothing it is taken for dead.
const SILENT_LOOKS: u32 = 4;
/// A slow machine may take so many until the program has started in the worker.
const STARTING_LOOKS: u32 = 12;
/// What is counted of a worker that never ran, because the page searches itself.
const ELSEWHERE: u32 = u32::MAX;

type Listener = Rc<RefCell<dyn FnMut(Heard)>>;

/// Something that is under way elsewhere. Dropping it cancels it.
pub struct Pursuit {
    worker: Option<Worker>,
    cancelled: Rc<Cell<bool>>,
    _heard: Option<Closure<dyn FnMut(MessageEvent)>>,
    _broken: Option<Closure<dyn FnMut(Event)>>,
}

impl Drop for Pursuit {
    fn drop(&mut self) {
        self.cancelled.set(true);
        if let Some(worker) = &self.worker {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }
}

/// Searches in a new worker; `told` hears of it until the answer, a failure, or until what is returned is
/// dropped.
pub fn ask(question: Question, mut told: impl FnMut(Told) + 'static) -> Pursuit {
    let listen = move |heard| match heard {
        Heard::Search(message) => told(message),
        Heard::Failed(why) => told(Told::Failed(why)),
        Heard::Ready | Heard::Measured(_) => {}
    };
    converse(Asked::Search(question), Rc::new(RefCell::new(listen)))
}

/// Performs trials in a new worker; `told` hears of them until all are done, a failure, or until what is
/// returned is dropped.
pub fn measure(trials: Trials, mut told: impl FnMut(Result<Measured, String>) + 'static) -> Pursuit {
    let listen = move |heard| match heard {
        Heard::Measured(measured) => told(Ok(*measured)),
        Heard::Failed(why) => told(Err(why)),
        Heard::Ready | Heard::Search(_) => {}
    };
    converse(Asked::Measure(trials), Rc::new(RefCell::new(listen)))
}

fn converse(question: Asked, told: Listener) -> Pursuit {
    let cancelled = Rc::new(Cell::new(false));
    let Some(worker) = start() else {
        work_here(question, told, cancelled.clone());
        return Pursuit { worker: None, cancelled, _heard: None, _broken: None };
    };
    let (started, heard_of) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(0_u32)));
    let sign = heard_of.clone();
    let (ready, listener, asked, packed) = (started.clone(), told.clone(), worker.clone(), pack(&question));
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        sign.set(sign.get() + 1);
        match serde_wasm_bindgen::from_value(event.data()) {
            Ok(Heard::Ready) => {
                ready.set(true);
                // Plain data can always be sent.
                let _ = asked.post_message(&packed);
            }
            Ok(message) => (listener.borrow_mut())(message),
            Err(error) => (listener.borrow_mut())(Heard::Failed(error.to_string())),
        }
    });
    // A search speaks ten times a second; a trial may take its time.
    if matches!(question, Asked::Search(_)) {
        watch(&worker, heard_of.clone(), &told, &cancelled);
    }
    let stopped = cancelled.clone();
    let mut question = Some(question);
    let broken = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        event.prevent_default();
        match question.take().filter(|_| !started.get()) {
            // It never ran: forbidden, or its file did not come.
            Some(question) => {
                heard_of.set(ELSEWHERE);
                work_here(question, told.clone(), stopped.clone());
            }
            None => (told.borrow_mut())(Heard::Failed(why(&event))),
        }
    });
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    worker.set_onerror(Some(broken.as_ref().unchecked_ref()));
    Pursuit { worker: Some(worker), cancelled, _heard: Some(heard), _broken: Some(broken) }
}

/// A worker with this page's own program; `None` where there can be none.
fn start() -> Option<Worker> {
    let script = document().query_selector("script[type=module][src]").ok()??;
    let script: HtmlScriptElement = script.dyn_into().ok()?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&script.src(), &options).ok()
}

/// Looks now and then whether the worker has said anything: one that is killed for its memory can end without
/// a word. A page that was frozen finds its messages between two looks.
fn watch(worker: &Worker, heard_of: Rc<Cell<u32>>, told: &Listener, cancelled: &Rc<Cell<bool>>) {
    let (worker, told, cancelled) = (worker.clone(), told.clone(), cancelled.clone());
    leptos::task::spawn_local(async move {
        let (mut known, mut silent) = (0, 0);
        while silent < if known == 0 { STARTING_LOOKS } else { SILENT_LOOKS } {
            TimeoutFuture::new(LOOK).await;
            let now = heard_of.get();
            if cancelled.get() || now == ELSEWHERE {
                return;
            }
            silent = if now == known { silent + 1 } else { 0 };
            known = now;
        }
        worker.terminate();
        (told.borrow_mut())(Heard::Failed("it stopped by itself, without a word".to_owned()));
    });
}

fn why(event: &Event) -> String {
    let message = js_sys::Reflect::get(event, &JsValue::from_str("message")).unwrap_or_default();
    let said = message.as_string().filter(|said| !said.is_empty());
    match said {
        Some(said) => format!("it stopped by itself: {said}"),
        None => "it stopped by itself".to_owned(),
    }
}

/// Works in the page, a little at a time, once that part of the program has come.
fn work_here(asked: Asked, told: Listener, cancelled: Rc<Cell<bool>>) {
    leptos::task::spawn_local(async move {
        match worker().await {
            Ok(work) => work(asked, told, cancelled),
            Err(unfetched) => (told.borrow_mut())(Heard::Failed(unfetched.to_string())),
        }
    });
}

chunk! { search: fn worker() -> fn(Asked, Listener, Rc<Cell<bool>>) { work_at_once } }

fn work_at_once(asked: Asked, told: Listener, cancelled: Rc<Cell<bool>>) {
    leptos::task::spawn_local(async move {
        let mut work = match Work::begin(&asked).await {
            Ok(work) => work,
            Err(why) => return (told.borrow_mut())(Heard::Failed(why)),
        };
        for turn in 0_u32.. {
            TimeoutFuture::new(0).await;
            if cancelled.get() {
                return;
            }
            match work.go_on(SLICE) {
                None if turn.is_multiple_of(8) => (told.borrow_mut())(work.reached()),
                None => {}
                Some(answer) => return (told.borrow_mut())(answer),
            }
        }
    });
}
