//! A goal that was met by breaking something, and the same system mended: now everything is tried.

use std::rc::Rc;

use faultline_chunk::chunk;
use faultline_lessons::Goal;
use faultline_lessons::runner::{Runner, searched};
use faultline_sim::link;
use leptos::prelude::*;

use super::study::Study;
use crate::checks::{MEMORY, grouped, told};
use crate::widgets::Room;
use crate::worker::{self, Answer, Ended, Pursuit, Question, Told};

chunk! {
    rooms: pub fn show_mended(study: Study, goal: Goal) -> Room {
        Rc::new(move || view! { <Mended study goal=goal.clone()/> }.into_any())
    }
}

/// Offers to search the mended system, and says what came of it.
#[component]
fn Mended(study: Study, goal: Goal) -> impl IntoView {
    let pursuit = StoredValue::new_local(None::<Pursuit>);
    let now = RwSignal::new(None::<Told>);
    let label = format!("Try everything {}", mending(&goal));
    let searching = move || now.with(|now| matches!(now, Some(Told::Ready | Told::Progress(_))));
    let press = move |_| {
        if untrack(searching) {
            pursuit.set_value(None);
            now.set(None);
            return;
        }
        let step = untrack(|| study.with(Runner::step));
        let Some(asked) = searched(&study.lesson(), step, &goal, true) else { return };
        let (timeline, bounds) = match asked {
            Ok(asked) => asked,
            Err(error) => return now.set(Some(Told::Failed(error.to_string()))),
        };
        let property = goal.search.as_ref().map(|search| search.property.clone());
        let question = Question { run: link::encode(&timeline.run()), property, bounds, memory: MEMORY };
        now.set(Some(Told::Ready));
        pursuit.set_value(Some(worker::ask(question, move |told| {
            if let Told::Done(answer) = &told {
                study.session().announce(concluded(answer));
            }
            now.try_set(Some(told));
        })));
    };
    let said = move || match now.get()? {
        Told::Ready => Some("Looking …".to_owned()),
        Told::Progress(reached) => Some(told(&reached)),
        Told::Failed(why) => Some(format!("{why}.")),
        Told::Done(answer) => Some(concluded(&answer)),
    };
    view! {
        <div class="distance">
            <button type="button" class="btn" on:click=press>
                {move || if searching() { "Cancel".to_owned() } else { label.clone() }}
            </button>
            <p class="distance-said">{said}</p>
        </div>
    }
}

/// What mends the system, as the goal's author wrote it.
fn mending(goal: &Goal) -> String {
    let fix = goal.resists.iter().flat_map(|fix| &fix.settings.set);
    let fix: Vec<String> = fix.map(|set| format!("{} {}", set.knob, set.value)).collect();
    if fix.is_empty() { "in the mended system".to_owned() } else { format!("with {}", fix.join(", ")) }
}

fn concluded(answer: &Answer) -> String {
    let states = grouped(answer.reached.states);
    match (&answer.ended, &answer.found) {
        (_, Some(found)) => format!("✕ It breaks in {} steps.", found.steps),
        (Ended::Exhausted, None) => format!(
            "✓ Exhausted: {states} states, and none of them breaks it, within these bounds: {}. Beyond them \
             nothing is claimed.",
            answer.bounds
        ),
        _ => format!("Stopped after {states} states; none of them breaks it. Bounds: {}.", answer.bounds),
    }
}

#[cfg(test)]
mod tests {
    use faultline_lessons::{Fix, Setting, Settings};
    use faultline_sim::Predicate;

    use super::*;
    use crate::worker::Reached;

    #[test]
    fn what_was_tried_is_said_with_its_bounds() {
        let mut answer = Answer {
            ended: Ended::Exhausted,
            reached: Reached { states: 60_813, ..Reached::default() },
            bounds: "no timeouts".to_owned(),
            found: None,
        };
        assert!(concluded(&answer).starts_with("✓ Exhausted: 60,813 states"));
        assert!(concluded(&answer).contains("within these bounds: no timeouts."));
        answer.ended = Ended::OutOfMemory;
        assert!(concluded(&answer).starts_with("Stopped after 60,813 states"));
    }

    #[test]
    fn what_mends_is_named() {
        let setting = Setting { knob: "keep-promise".to_owned(), value: "on".to_owned() };
        let settings = Settings { set: vec![setting], ..Settings::default() };
        let goal = Goal {
            id: String::new(),
            text: vec![],
            predicate: Predicate::Quiet,
            par: None,
            hints: vec![],
            solution: String::new(),
            wrong: String::new(),
            resists: Some(Fix { settings, before: None }),
            search: None,
        };
        assert_eq!(mending(&goal), "with keep-promise on");
        assert_eq!(mending(&Goal { resists: None, ..goal }), "in the mended system");
    }
}
