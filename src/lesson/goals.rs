//! What the learner must make true: by any route, judged by the machine.

use std::time::Duration;

use faultline_lessons::runner::Phase;
use faultline_lessons::{Goal, Met, Par, plain};
use faultline_sim::Truth;
use gloo_timers::callback::Timeout;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::mended::show_mended;
use super::prose::line;
use super::study::Study;
use crate::checks::show_distance;
use crate::widgets::{hand_focus_on, room};

/// After so long without progress a hint is offered; it can be had before.
const OFFER: Duration = Duration::from_secs(60);

/// The goals of a step.
#[component]
pub fn Goals(study: Study, goals: Vec<Goal>, phase: Memo<Phase>) -> impl IntoView {
    let offered = RwSignal::new(false);
    let timer = Timeout::new(OFFER.as_millis() as u32, move || {
        offered.try_set(true);
    });
    let timer = StoredValue::new_local(Some(timer));
    on_cleanup(move || {
        // Dropping it cancels it.
        timer.try_update_value(Option::take);
    });
    let goals = StoredValue::new(goals);
    move || {
        // What is to be made true stays shut while a question waits.
        (phase.get() == Phase::Open).then(|| {
            let goals = goals.get_value();
            let one = goals.len() == 1;
            let items = goals.into_iter().map(|goal| view! { <GoalItem study goal offered/> }).collect_view();
            view! {
                <div class="lesson-goals">
                    <h3>{if one { "Your turn" } else { "Your turn: any order" }}</h3>
                    <ul class="goals" role="list">{items}</ul>
                    <button type="button" class="btn" on:click=move |_| study.set_stage()>"Start the run again"</button>
                </div>
            }
        })
    }
}

#[component]
fn GoalItem(study: Study, goal: Goal, offered: RwSignal<bool>) -> impl IntoView {
    let id = goal.id.clone();
    let met = Memo::new(move |_| study.with(|runner| runner.met(&id)));
    let id = goal.id.clone();
    let taken = Memo::new(move |_| study.with(|runner| runner.hints(&id)));
    let rungs = goal.hints.len() + 1;
    let par = goal.par;
    let mendable = goal.search.is_some() && goal.resists.is_some();
    let text = line(&goal.text);
    let spoken = plain(&goal.text);
    let cost = move || {
        met.get().map_or_else(|| par_words(par), |met| format!("{} {}", par_words(par), you(par, met)))
    };
    let hints = StoredValue::new(goal.hints.clone());
    let goal = StoredValue::new(goal);
    let truth = Memo::new(move |_| {
        (taken.get() > 0 && met.get().is_none()).then(|| goal.with_value(|goal| study.truth(goal))).flatten()
    });
    let authored = move || {
        let count = taken.get().saturating_sub(1);
        (count > 0).then(|| {
            let shown = hints.with_value(|hints| {
                hints.iter().take(count).map(|hint| view! { <li>{line(hint)}</li> }).collect_view()
            });
            view! { <ol class="hints" tabindex="-1">{shown}</ol> }
        })
    };
    let more = move || met.get().is_none() && taken.get() < rungs;
    let take = move |event: MouseEvent| {
        // The last hint takes the button away.
        hand_focus_on(&event, ".goal", ":is(.goal-tools button, .hints)");
        let said = goal.with_value(|goal| {
            let hint = study.hint(&goal.id).checked_sub(1).and_then(|last| goal.hints.get(last));
            hint.map_or_else(
                || untrack(|| study.truth(goal)).map(|truth| parts_said(&truth)),
                |hint| Some(plain(hint)),
            )
        });
        if let Some(said) = said {
            study.session().announce(said);
        }
    };
    view! {
        <li class="goal" class:met=move || met.get().is_some()>
            <div class="goal-line">
                <span class="goal-text">{text}</span>
                {move || met.get().map(|_| view! { <span class="goal-done">"✓ done"</span> })}
            </div>
            <span class="goal-par">{cost}</span>
            {move || truth.get().map(|truth| view! { <ul class="parts" role="list">{parts(&truth)}</ul> })}
            {authored}
            {move || goal.with_value(|goal| goal.predicate.violated().map(str::to_owned)).filter(|_| {
                taken.get() > 0 && met.get().is_none()
            }).map(|property| {
                room("The distance", move || show_distance(Some(property.clone())))
            })}
            {move || more().then(|| view! {
                <div class="goal-tools">
                    <button type="button" class="btn" class:offered=move || offered.get() on:click=take>"Hint"</button>
                    {move || (offered.get() && taken.get() == 0).then(|| view! { <span class="lesson-quiet">"Stuck? A hint costs nothing."</span> })}
                </div>
            })}
            {move || met.get().filter(|_| mendable).map(|_| {
                room("The search", move || show_mended(study, goal.get_value()))
            })}
            <span class="sr">{move || met.get().map(|_| format!("Goal met: {spoken}"))}</span>
        </li>
    }
}

/// The goal as its parts, each with its present truth.
fn parts(truth: &Truth) -> AnyView {
    leaves(truth)
        .iter()
        .map(|part| {
            let (class, mark) = if part.met { ("yes", "✓") } else { ("no", "·") };
            let (text, word) = part_words(part);
            view! {
                <li class=class><span aria-hidden="true">{mark}</span><span>{text}<span class="sr">{word}</span></span></li>
            }
        })
        .collect_view()
        .into_any()
}

fn leaves(truth: &Truth) -> &[Truth] {
    if truth.parts.is_empty() { std::slice::from_ref(truth) } else { &truth.parts }
}

/// A part of a goal with what it is now, and whether that is enough.
fn part_words(part: &Truth) -> (String, &'static str) {
    let now = if part.met || part.now.is_empty() { String::new() } else { format!(" ({})", part.now) };
    (format!("{}{now}", part.text), if part.met { ": so" } else { ": not yet" })
}

/// The parts of a goal as one sentence each.
fn parts_said(truth: &Truth) -> String {
    leaves(truth).iter().map(part_words).map(|(text, word)| format!("{text}{word}. ")).collect()
}

fn par_words(par: Option<Par>) -> String {
    let count = |n: u32, what: &str| format!("par {n} {what}{}", if n == 1 { "" } else { "s" });
    match par {
        Some(Par::Steps(n)) => count(n, "step"),
        Some(Par::Drops(n)) => count(n, "drop"),
        Some(Par::Faults(n)) => count(n, "fault"),
        None => String::new(),
    }
}

/// What the learner's best attempt took, in the unit of par.
fn you(par: Option<Par>, met: Met) -> String {
    match par {
        Some(Par::Steps(_)) => format!("· you {}", met.steps),
        Some(Par::Drops(_) | Par::Faults(_)) => format!("· you {}", met.faults),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn par_is_said_in_its_unit() {
        assert_eq!(par_words(Some(Par::Drops(1))), "par 1 drop");
        assert_eq!(par_words(Some(Par::Steps(3))), "par 3 steps");
        assert_eq!(you(Some(Par::Steps(3)), Met { steps: 4, faults: 1 }), "· you 4");
        assert_eq!(you(Some(Par::Faults(1)), Met { steps: 4, faults: 1 }), "· you 1");
    }
}
