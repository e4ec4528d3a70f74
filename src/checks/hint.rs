//! "You are so many steps from a violation": searched for from where the learner stands.

use leptos::prelude::*;

use super::budget::Budgets;
use crate::session::{Session, use_session};
use crate::worker::{self, Answer, Ended, Finding, Pursuit, Told};

/// What is known of the way to a violation.
#[derive(Clone, Debug, PartialEq)]
enum Way {
    Unasked,
    Asking,
    /// The shortest that was found.
    Known(Finding),
    /// None was found, within these bounds.
    Far(Vec<String>),
    Failed(String),
}

/// One hint: several searches, of which each looks only for what is nearer.
#[derive(Clone, Copy)]
struct Hint {
    session: Session,
    property: StoredValue<Option<String>>,
    way: RwSignal<Way>,
    /// The revision of the session that it speaks of.
    asked_at: RwSignal<u64>,
    revealed: RwSignal<bool>,
    pursuit: StoredValue<Option<Pursuit>, LocalStorage>,
}

impl Hint {
    fn ask(self) {
        self.session.pause();
        self.revealed.set(false);
        self.asked_at.set(untrack(|| self.session.revision()));
        self.way.set(Way::Asking);
        self.look(0, None, vec![]);
    }

    /// Takes up the so-manieth search, or says what came of all.
    fn look(self, turn: usize, best: Option<Finding>, tried: Vec<String>) {
        let near = best.as_ref().is_some_and(|best| best.steps <= 1);
        let Some(budgets) = Budgets::near().into_iter().nth(turn).filter(|_| !near) else {
            return self.conclude(best.map_or(Way::Far(tried), Way::Known));
        };
        let budgets = best.as_ref().map_or(budgets, |best| budgets.shorter_than(best.steps));
        let property = self.property.get_value();
        let Some(question) = untrack(|| budgets.question(self.session, property, true)) else { return };
        let mut known = Some((best, tried));
        let told = move |told| match told {
            Told::Ready | Told::Progress(_) => {}
            Told::Failed(why) => self.conclude(Way::Failed(why)),
            Told::Done(answer) => {
                let Some((best, mut tried)) = known.take() else { return };
                tried.push(bounds(&answer));
                let best = answer.found.or(best);
                // Not at once: what the next search replaces is what is being called.
                leptos::task::spawn_local(async move {
                    if self.way.try_get_untracked() == Some(Way::Asking) {
                        self.look(turn + 1, best, tried);
                    }
                });
            }
        };
        self.pursuit.set_value(Some(worker::ask(question, told)));
    }

    fn conclude(self, way: Way) {
        self.session.announce(distance(&way));
        self.way.set(way);
    }
}

/// Says how far a violation is, and the next step of a shortest way to one.
#[component]
pub fn Distance(
    /// The property that is to be broken; any unless given.
    property: Option<String>,
) -> impl IntoView {
    let hint = Hint {
        session: use_session(),
        property: StoredValue::new(property),
        way: RwSignal::new(Way::Unasked),
        asked_at: RwSignal::new(0),
        revealed: RwSignal::new(false),
        pursuit: StoredValue::new_local(None),
    };
    let Hint { session, way, revealed, .. } = hint;
    // What was found holds where it was asked, and nowhere else.
    Effect::new(move |_| {
        let revision = session.revision();
        if revision != hint.asked_at.get_untracked() && way.with_untracked(|way| *way != Way::Unasked) {
            hint.pursuit.set_value(None);
            way.set(Way::Unasked);
        }
    });
    let more = move || {
        let step = way.with(next)?;
        Some(if revealed.get() {
            view! { <p class="distance-said" role="status">"Next: "{step}</p> }.into_any()
        } else {
            view! {
                <button type="button" class="btn" on:click=move |_| revealed.set(true)>"Show the next step"</button>
            }
            .into_any()
        })
    };
    view! {
        <div class="distance">
            <button
                type="button"
                class="btn"
                disabled=move || way.with(|way| *way == Way::Asking)
                on:click=move |_| hint.ask()
            >
                "How far is a violation from here?"
            </button>
            <p class="distance-said">{move || way.with(distance)}</p>
            {more}
        </div>
    }
}

/// How far a search came, for the sentence that says that it found nothing.
fn bounds(answer: &Answer) -> String {
    match answer.ended {
        Ended::TooManyStates | Ended::OutOfMemory => {
            format!("{} (only as far as {} steps)", answer.bounds, answer.reached.depth)
        }
        _ => answer.bounds.clone(),
    }
}

fn distance(way: &Way) -> String {
    match way {
        Way::Unasked => String::new(),
        Way::Asking => "Looking …".to_owned(),
        Way::Failed(why) => format!("{why}."),
        Way::Far(tried) => format!("No violation was found within these bounds: {}.", tried.join("; or ")),
        Way::Known(Finding { steps: 0, property, .. }) => format!("{property} is violated already."),
        Way::Known(Finding { steps, property, .. }) => {
            let plural = if *steps == 1 { "step" } else { "steps" };
            format!("You are {steps} {plural} from a violation of {property}.")
        }
    }
}

/// The first step of the way, in a sentence.
fn next(way: &Way) -> Option<String> {
    match way {
        Way::Known(found) => found.story.first().cloned(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_steps() {
        let found = |steps| {
            Way::Known(Finding {
                property: "agreement".to_owned(),
                steps,
                run: String::new(),
                base: 0,
                script: String::new(),
                story: vec!["S1 fires".to_owned()],
            })
        };
        assert_eq!(distance(&found(0)), "agreement is violated already.");
        assert_eq!(distance(&found(1)), "You are 1 step from a violation of agreement.");
        assert_eq!(distance(&found(3)), "You are 3 steps from a violation of agreement.");
        assert_eq!(next(&found(3)).as_deref(), Some("S1 fires"));
        let far = Way::Far(vec!["1 timeout".to_owned(), "1 drop".to_owned()]);
        assert_eq!(distance(&far), "No violation was found within these bounds: 1 timeout; or 1 drop.");
    }
}
