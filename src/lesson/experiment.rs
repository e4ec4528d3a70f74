//! The experiments of a lesson: a figure or table of a source, measured while the reader watches.
//!
//! The trials run in the worker; here is what asks for them, cancels them and shows what came of them.

mod figure;
mod plot;

use std::rc::Rc;
use std::sync::Arc;

use faultline_chunk::chunk;
use faultline_lessons::Offer;
use faultline_lessons::runner::{Phase, Runner, Screen};
use leptos::prelude::*;

use self::figure::{Figure, Found};
use super::study::Study;
use crate::checks::grouped;
use crate::session::Session;
use crate::widgets::{Room, room};
use crate::worker::{self, Measured, Pursuit, Trials};

chunk! {
    rooms: fn show_experiments(study: Study, open: Memo<bool>) -> Room {
        Rc::new(move || view! { <Experiments study open/> }.into_any())
    }
}

/// What the lesson offers to measure, once the step has nothing left to guess. It is fetched when it is first
/// shown, and stays.
pub fn place(study: Study) -> AnyView {
    if study.lesson().experiments.is_empty() {
        return ().into_any();
    }
    let open = Memo::new(move |_| {
        study.with(|runner| match runner.screen() {
            Screen::Step(_) => Runner::phase(runner) == Phase::Open,
            Screen::Quiz(_) => false,
            Screen::Done => true,
        })
    });
    let wanted = Memo::new(move |was| was == Some(&true) || open.get());
    let experiments = move || room("The experiments", move || show_experiments(study, open));
    (move || wanted.get().then(experiments)).into_any()
}

#[component]
fn Experiments(study: Study, open: Memo<bool>) -> impl IntoView {
    let lesson = study.lesson();
    let benches: Vec<Bench> = lesson.experiments.iter().map(|offer| Bench::new(study, offer)).collect();
    let benches = StoredValue::new(benches);
    view! {
        <Show when=move || open.get()>
            {benches.get_value().into_iter().map(Bench::view).collect_view()}
        </Show>
    }
}

/// One experiment and what has become of it. It lives as long as the lesson: going on to the next step
/// stops nothing.
#[derive(Clone, Copy)]
struct Bench {
    session: Session,
    offer: StoredValue<Offer>,
    pursuit: StoredValue<Option<Pursuit>, LocalStorage>,
    /// What is known, and how far that is; `None` before anything has run.
    measured: RwSignal<Option<Arc<Measured>>>,
    running: RwSignal<bool>,
    trouble: RwSignal<Option<String>>,
    shown: RwSignal<bool>,
}

impl Bench {
    fn new(study: Study, offer: &Offer) -> Bench {
        Bench {
            session: study.session(),
            offer: StoredValue::new(offer.clone()),
            pursuit: StoredValue::new_local(None),
            measured: RwSignal::new(None),
            running: RwSignal::new(false),
            trouble: RwSignal::new(None),
            shown: RwSignal::new(false),
        }
    }

    /// Begins, or cancels what has begun.
    fn press(self) {
        if self.running.get_untracked() {
            self.pursuit.set_value(None);
            self.running.set(false);
            return self.session.announce("The experiment is cancelled.");
        }
        let offer = self.offer.get_value();
        self.running.set(true);
        self.trouble.set(None);
        self.measured.set(None);
        let trials = Trials { slug: offer.slug, trials: None, seed: None };
        self.pursuit.set_value(Some(worker::measure(trials, move |heard| self.hear(heard))));
    }

    fn hear(self, heard: Result<Measured, String>) {
        match heard {
            Ok(measured) => {
                if measured.done == measured.count {
                    self.running.try_set(false);
                    self.session.announce(summary(&measured));
                }
                self.measured.try_set(Some(Arc::new(measured)));
            }
            Err(why) => {
                self.running.try_set(false);
                self.session.announce(format!("The experiment failed: {why}."));
                self.trouble.try_set(Some(why));
            }
        }
    }

    fn view(self) -> AnyView {
        let Offer { slug, title, about, trials } = self.offer.get_value();
        let offered =
            if trials == 1 { "Run it".to_owned() } else { format!("Run {} trials a curve", grouped(trials)) };
        let label = move || if self.running.get() { "Cancel".to_owned() } else { offered.clone() };
        let found = Memo::new(move |_| {
            let measured = self.measured.get()?;
            Some(Found { report: Arc::new(measured.report.clone()), done: measured.done == measured.count })
        });
        let far = move || {
            let measured = self.measured.get();
            let (done, count) = measured.map_or((0, 0), |measured| (measured.done, measured.count));
            self.running.get().then(|| {
                view! {
                    <label>{told(done, count)}<progress max=count.max(1) value=done></progress></label>
                }
            })
        };
        let said = move || {
            let measured = self.measured.get().filter(|measured| measured.done == measured.count)?;
            Some(summary(&measured))
        };
        view! {
            <details
                class="lesson-experiment" id=format!("experiment-{slug}") prop:open=self.shown.get_untracked()
                on:toggle=move |event| self.shown.set(is_open(&event))
            >
                <summary>"Measure it: "{title}</summary>
                <p>{about}</p>
                <div class="experiment-way">
                    <button type="button" class="btn" on:click=move |_| self.press()>{label}</button>
                    {far}
                </div>
                {move || self.trouble.get().map(|why| view! { <p class="error" role="alert">{format!("It failed: {why}.")}</p> })}
                <Figure session=self.session found/>
                <p class="lesson-quiet">{said}</p>
                {move || found.get().map(|found| view! { <cite class="experiment-source">{found.report.source.clone()}</cite> })}
            </details>
        }
        .into_any()
    }
}

fn is_open(event: &leptos::ev::Event) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.has_attribute("open"))
}

fn told(done: u64, count: u64) -> String {
    let number = |number: u64| grouped(u32::try_from(number).unwrap_or(u32::MAX));
    if count == 0 {
        "Starting … ".to_owned()
    } else {
        format!("{} of {} trials ", number(done), number(count))
    }
}

/// How it ended, in a sentence.
fn summary(measured: &Measured) -> String {
    let rows = &measured.report.rows;
    let inside = rows.iter().filter(|row| row.inside).count();
    let agree = format!("{inside} of {} numbers agree with the source.", rows.len());
    if measured.report.trials == 1 {
        return format!("Nothing in it is left to chance: {agree}");
    }
    let count = grouped(u32::try_from(measured.count).unwrap_or(u32::MAX));
    format!(
        "{count} trials with seed {} in {:.1} s: {agree}",
        measured.report.seed,
        measured.millis / 1_000.0
    )
}
