//! Pairs to be made before the run starts: what is done, and what comes of it.
//!
//! An effect is taken up and put to a cause, by pointer or by keys, and can be taken back until the pairs are
//! locked. Pressing an effect takes it up and pressing a place puts it down, so that whoever drags nothing
//! can do all of it: the place is chosen with the arrow keys, and Escape puts the effect back.

use faultline_lessons::runner::{Pairing, Phase, Trying};
use faultline_lessons::{Matching, plain};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::card::{Confidences, TryOut, sure_word};
use super::prose::line;
use super::study::Study;
use crate::widgets::focus_on;

/// A pointer that moves so far drags.
const DRAGS_PX: f64 = 6.0;
/// So near to the pane's edge it scrolls, and by so much a move.
const EDGE_PX: f64 = 48.0;
const SCROLL_PX: i32 = 14;

/// An effect that a pointer has taken hold of.
#[derive(Clone, Copy)]
struct Drag {
    effect: usize,
    from: (f64, f64),
    at: (f64, f64),
    moves: bool,
}

/// The pairs while they are being made.
#[derive(Clone, Copy)]
struct Desk {
    study: Study,
    texts: StoredValue<Vec<(String, String)>>,
    /// The effects in the order in which they are offered.
    offered: StoredValue<Vec<usize>>,
    /// The effect that is taken up.
    held: RwSignal<Option<usize>>,
    drag: RwSignal<Option<Drag>>,
    /// The click that ends a drag is none.
    dragged: StoredValue<bool>,
}

/// The matching: open, locked, and at last beside what came of each cause.
#[component]
pub fn Match(study: Study, matching: Matching, phase: Memo<Phase>) -> impl IntoView {
    let texts = matching.pairs.iter().map(|pair| (plain(&pair.cause), plain(&pair.effect))).collect();
    let desk = Desk {
        study,
        texts: StoredValue::new(texts),
        offered: StoredValue::new(matching.offered()),
        held: RwSignal::new(None),
        drag: RwSignal::new(None),
        dragged: StoredValue::new(false),
    };
    study.pairing.set(Pairing::new(matching.pairs.len()));
    let locked = Memo::new(move |_| study.with(|runner| runner.matched().cloned()));
    let question = matching.question.clone();
    let matching = StoredValue::new(matching);
    let body = move || match locked.get() {
        None => desk.open(matching).into_any(),
        Some(known) => {
            let told = phase.get() == Phase::Open;
            let pairs = known.effects.iter().enumerate();
            let rows = pairs.map(|(cause, effect)| row(study, matching, cause, *effect as usize, told));
            let sure = sure_word(known.confidence).to_lowercase();
            let words = if told {
                format!("{} of {} are right ({sure}).", known.rights(), known.effects.len())
            } else {
                format!("Locked: {sure}. Now see what happens.")
            };
            view! {
                <ol class="pairs" role="list">{rows.collect_view()}</ol>
                <p class="lesson-quiet">{words}</p>
            }
            .into_any()
        }
    };
    view! {
        <div class="lesson-card prediction matching" role="group" aria-labelledby="matching-question">
            <h3 id="matching-question">{line(&question)}</h3>
            {body}
        </div>
    }
}

/// A pair that is locked; `told` when it is known which are right.
fn row(study: Study, matching: StoredValue<Matching>, cause: usize, effect: usize, told: bool) -> AnyView {
    matching.with_value(|matching| {
        let (own, chosen) = (&matching.pairs[cause], &matching.pairs[effect]);
        let right = cause == effect;
        let (class, mark) = match (told, right) {
            (false, _) => ("pair", "yours"),
            (true, true) => ("pair right", "✓ yours"),
            (true, false) => ("pair wrong", "✕ yours"),
        };
        let truth = (told && !right).then(|| {
            view! { <p class="pair-truth"><span class="held">"✓ "</span>{line(&own.effect)}</p> }
        });
        let outcome = told.then(|| {
            let name = format!("{}: {}", plain(&own.cause), plain(&chosen.effect));
            let (label, name) = match right {
                true => ("Run it", format!("Run it: {name}")),
                false => ("Run what I believed", format!("Run what I believed: {name}")),
            };
            let feedback = (!right).then(|| view! { <p>{line(&own.feedback)}</p> });
            view! { {feedback} <TryOut study what=Trying::Paired(cause, effect) label name/> }
        });
        view! {
            <li class=class>
                <span class="pair-cause">{line(&own.cause)}</span>
                <span class="pair-place">{line(&chosen.effect)}<span class="mark">{mark}</span></span>
                {truth}
                {outcome}
            </li>
        }
        .into_any()
    })
}

impl Desk {
    /// The causes with their places, the effects that have none yet, and what locks it all.
    fn open(self, matching: StoredValue<Matching>) -> impl IntoView {
        let count = self.texts.with_value(Vec::len);
        let rows = (0..count).map(|cause| self.place(matching, cause)).collect_view();
        let left = Memo::new(move |_| self.study.pairing.with(|pairing| self.left(pairing)));
        let tray = move || {
            let effects = left.get();
            let none = effects.is_empty().then(|| view! { <p class="lesson-quiet">"All are paired."</p> });
            view! { {effects.into_iter().map(|effect| self.effect(effect)).collect_view()} {none} }
        };
        let undo = move |_| {
            self.held.set(None);
            if self.study.pairing.try_update(Pairing::undo) == Some(true) {
                self.study.session().announce("Taken back.");
            }
        };
        let cannot = move || !self.study.pairing.with(Pairing::can_undo);
        let ghost = move || {
            let drag = self.drag.get().filter(|drag| drag.moves)?;
            let style = format!("left:{}px;top:{}px", drag.at.0, drag.at.1);
            Some(
                view! { <div class="pair-ghost" style=style aria-hidden="true">{self.word(drag.effect)}</div> },
            )
        };
        view! {
            <div
                class="pair-desk keeps-arrows" on:keydown=move |event| self.key(&event)
                on:pointermove=move |event| self.track(&event) on:pointerup=move |event| self.release(&event)
                on:pointercancel=move |_| { self.drag.set(None); self.held.set(None); }
            >
                <ol class="pairs" role="list">{rows}</ol>
                <div class="pair-tray" role="group" aria-label="Not paired yet">{tray}</div>
                {ghost}
            </div>
            <button type="button" class="btn" disabled=cannot on:click=undo>"Undo"</button>
            <Confidences sure=self.study.sure/>
        }
    }

    /// A cause and the place beside it.
    fn place(self, matching: StoredValue<Matching>, cause: usize) -> impl IntoView + use<> {
        let effect = Memo::new(move |_| self.study.pairing.with(|pairing| pairing.effect(cause)));
        let words = matching.with_value(|matching| line(&matching.pairs[cause].cause));
        let name = move || {
            let effect = effect.get().map_or_else(|| "empty".to_owned(), |effect| self.word(effect));
            format!("{}: {effect}", self.cause_word(cause))
        };
        let class = move || match (effect.get(), self.held.get()) {
            (Some(own), Some(held)) if own == held => "pair-place full lifted",
            (Some(_), None) => "pair-place full",
            (Some(_), Some(_)) => "pair-place full waits",
            (None, Some(_)) => "pair-place waits",
            (None, None) => "pair-place",
        };
        let press = move |event: PointerEvent| {
            if let Some(effect) = effect.get_untracked() {
                self.grip(effect, &event);
            }
        };
        let click = move |event: MouseEvent| self.press_place(cause, &event);
        view! {
            <li class="pair">
                <span class="pair-cause" aria-hidden="true">{words}</span>
                <button type="button" class=class data-cause=cause.to_string() aria-label=name on:pointerdown=press on:click=click>
                    <span class="pair-grip" aria-hidden="true">"⋮⋮"</span>
                    <span>{move || effect.get().map_or_else(|| "…".to_owned(), |effect| self.word(effect))}</span>
                </button>
            </li>
        }
    }

    /// An effect that has no cause yet.
    fn effect(self, effect: usize) -> impl IntoView + use<> {
        let held = move || self.held.get() == Some(effect);
        let click = move |event: MouseEvent| {
            if !self.ends_drag(&event) {
                if self.held.get_untracked() == Some(effect) { self.put_back() } else { self.take(effect) }
            }
        };
        view! {
            <button
                type="button" class="pair-effect" class:held=held aria-pressed=move || held().to_string()
                data-effect=effect.to_string() on:pointerdown=move |event| self.grip(effect, &event) on:click=click
            >
                <span class="pair-grip" aria-hidden="true">"⋮⋮"</span>
                <span>{self.word(effect)}</span>
            </button>
        }
    }

    fn word(self, effect: usize) -> String {
        self.texts.with_value(|texts| texts[effect].1.clone())
    }

    fn cause_word(self, cause: usize) -> String {
        self.texts.with_value(|texts| texts[cause].0.clone())
    }

    /// Takes an effect up; the arrow keys begin at the place that it has, or at the first empty one.
    fn take(self, effect: usize) {
        self.held.set(Some(effect));
        let count = self.texts.with_value(Vec::len);
        let place = self.study.pairing.with_untracked(|pairing| {
            pairing.cause(effect).or_else(|| (0..count).find(|cause| pairing.effect(*cause).is_none()))
        });
        self.look_at(place.unwrap_or(0));
        let words = "choose a place with the arrow keys, Enter puts it there, Escape puts it back.";
        self.study.session().announce(format!("Taken up: {}; {words}", self.word(effect)));
    }

    fn put_back(self) {
        if let Some(effect) = self.held.get_untracked() {
            self.held.set(None);
            focus_on(&format!("[data-effect='{effect}']"));
            self.study.session().announce("Put back.");
        }
    }

    /// Puts an effect to a cause, or to none.
    fn pair(self, effect: usize, cause: Option<usize>) {
        self.held.set(None);
        let pairing = self.study.pairing;
        let place = cause.or_else(|| pairing.with_untracked(|pairing| pairing.cause(effect)));
        let Some(place) = place else { return };
        pairing.update(|pairing| pairing.pair(place, cause.map(|_| effect)));
        let (made, count) =
            pairing.with_untracked(|pairing| (pairing.made(), self.texts.with_value(Vec::len)));
        let what = if cause.is_some() { self.word(effect) } else { "empty".to_owned() };
        let words = format!("{}: {what}. {made} of {count} paired.", self.cause_word(place));
        self.study.session().announce(words);
    }

    fn press_place(self, cause: usize, event: &MouseEvent) {
        if self.ends_drag(event) {
            return;
        }
        let here = self.study.pairing.with_untracked(|pairing| pairing.effect(cause));
        match (self.held.get_untracked(), here) {
            (Some(held), Some(own)) if held == own => self.put_back(),
            (Some(held), _) => {
                self.pair(held, Some(cause));
                // On with the next one that has no place.
                request_animation_frame(move || {
                    if event_came_by_keys() && !focus_on("[data-effect]") {
                        self.look_at(cause);
                    }
                });
            }
            (None, Some(own)) => self.take(own),
            (None, None) => self.study.session().announce("Take up an effect first."),
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let number = |name: &str| target.as_ref()?.get_attribute(name)?.parse::<usize>().ok();
        let (cause, effect) = (number("data-cause"), number("data-effect"));
        let count = self.texts.with_value(Vec::len);
        match (event.key().as_str(), cause) {
            ("Escape", _) if self.held.get_untracked().is_some() => self.put_back(),
            ("ArrowDown" | "ArrowRight", Some(cause)) => self.look_at((cause + 1) % count),
            ("ArrowUp" | "ArrowLeft", Some(cause)) => self.look_at((cause + count - 1) % count),
            ("Home", Some(_)) => self.look_at(0),
            ("End", Some(_)) => self.look_at(count - 1),
            ("Delete" | "Backspace", Some(cause)) => {
                if let Some(own) = self.study.pairing.with_untracked(|pairing| pairing.effect(cause)) {
                    self.pair(own, None);
                }
            }
            ("ArrowDown" | "ArrowRight", None) => self.walk(effect, false),
            ("ArrowUp" | "ArrowLeft", None) => self.walk(effect, true),
            _ => return,
        }
        event.prevent_default();
    }

    fn look_at(self, cause: usize) {
        focus_on(&format!("[data-cause='{cause}']"));
    }

    /// The effects that have no place, as they are offered.
    fn left(self, pairing: &Pairing) -> Vec<usize> {
        let free = |effect: &usize| pairing.cause(*effect).is_none();
        self.offered.with_value(|offered| offered.iter().copied().filter(free).collect())
    }

    /// To the next effect that has no place, or to the one before.
    fn walk(self, effect: Option<usize>, back: bool) {
        let left = self.study.pairing.with_untracked(|pairing| self.left(pairing));
        let here = left.iter().position(|other| Some(*other) == effect);
        let turn = if back { left.len().saturating_sub(1) } else { 1 };
        if let Some(next) = here.and_then(|here| left.get((here + turn) % left.len())) {
            focus_on(&format!("[data-effect='{next}']"));
        }
    }

    /// A pointer takes hold of an effect.
    fn grip(self, effect: usize, event: &PointerEvent) {
        self.dragged.set_value(false);
        // A finger scrolls wherever it is put, but for the grip.
        let under = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let on_grip = under.is_some_and(|under| under.closest(".pair-grip").ok().flatten().is_some());
        if event.button() != 0 || !event.is_primary() || event.pointer_type() == "touch" && !on_grip {
            return;
        }
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.drag.set(Some(Drag { effect, from: at, at, moves: false }));
        let target = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        // Without the capture it is dragged only as long as the pointer is over it.
        let _ = target.map(|target| target.set_pointer_capture(event.pointer_id()));
    }

    /// It goes where the pointer is.
    fn track(self, event: &PointerEvent) {
        let Some(mut drag) = self.drag.get_untracked() else { return };
        drag.at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let far = (drag.at.0 - drag.from.0).hypot(drag.at.1 - drag.from.1) > DRAGS_PX;
        if !drag.moves && !far {
            return;
        }
        drag.moves = true;
        self.held.set(Some(drag.effect));
        self.drag.set(Some(drag));
        if let Ok(Some(page)) = document().query_selector(".lesson-page") {
            let edges = page.get_bounding_client_rect();
            let by = match drag.at.1 {
                y if y < edges.top() + EDGE_PX => -SCROLL_PX,
                y if y > edges.bottom() - EDGE_PX => SCROLL_PX,
                _ => return,
            };
            page.set_scroll_top(page.scroll_top() + by);
        }
    }

    /// It is put down where the pointer is.
    fn release(self, event: &PointerEvent) {
        let Some(drag) = self.drag.get_untracked() else { return };
        self.drag.set(None);
        if !drag.moves {
            return;
        }
        self.dragged.set_value(true);
        self.held.set(None);
        let (x, y) = (event.client_x() as f32, event.client_y() as f32);
        let Some(under) = document().element_from_point(x, y) else { return };
        let within = |selector: &str| under.closest(selector).ok().flatten();
        let place = within(".pair").and_then(|row| row.query_selector("[data-cause]").ok().flatten());
        let cause = place.and_then(|place| place.get_attribute("data-cause")?.parse().ok());
        if cause.is_some() || within(".pair-tray").is_some() {
            self.pair(drag.effect, cause);
        }
    }

    /// Whether this click is only the end of a drag; keys click without a pointer.
    fn ends_drag(self, event: &MouseEvent) -> bool {
        let dragged = self.dragged.try_update_value(std::mem::take).unwrap_or(false);
        dragged && event.detail() > 0
    }
}

/// Whether the focus shows, as it does for who uses keys: a pointer needs it nowhere else.
fn event_came_by_keys() -> bool {
    document().query_selector(":focus-visible").ok().flatten().is_some()
}
