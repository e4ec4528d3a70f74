//! What searches found: runs to play, or bounds within which there is none.

use leptos::prelude::*;

use super::find::told;
use super::seeker::{Outcome, Seeker, summary};
use crate::worker::Ended;

/// The results, newest first.
#[component]
pub fn Outcomes() -> impl IntoView {
    let seeker = expect_context::<Seeker>();
    move || {
        let outcomes = seeker.outcomes.get();
        (!outcomes.is_empty()).then(|| {
            let items = outcomes.into_iter().map(|outcome| item(seeker, outcome)).collect_view();
            view! {
                <section class="check-part" aria-labelledby="found-heading">
                    <h2 id="found-heading">"What was found"</h2>
                    <ul class="found-list" role="list">{items}</ul>
                    <button type="button" class="btn quiet" on:click=move |_| seeker.outcomes.set(vec![])>"Forget these"</button>
                </section>
            }
        })
    }
}

fn item(seeker: Seeker, outcome: Outcome) -> AnyView {
    let Outcome { number, asked, setting, answer } = outcome;
    let (class, sign) = match answer.ended {
        Ended::Found => ("outcome bad", "✕"),
        Ended::Exhausted => ("outcome good", "✓"),
        _ => ("outcome open", "○"),
    };
    let heading = summary(&answer);
    let run = answer.found.clone().map(|found| {
        let steps = found.story.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
        let play = move |from_its_start: bool| move |_| seeker.play(number, from_its_start);
        view! {
            <p class="found-run">"Breaks: "<code>{found.property}</code></p>
            <div class="found-ways">
                <button type="button" class="btn p" on:click=play(false)>"Open just before it"</button>
                <button type="button" class="btn" on:click=play(true)>"Open from its start"</button>
            </div>
            <details class="as-table">
                <summary>"The run, step by step"</summary>
                <ol class="found-steps">{steps}</ol>
            </details>
        }
    });
    let bounds = answer.found.is_some().then(|| format!("Bounds: {}. ", answer.bounds));
    view! {
        <li class=class>
            <h3 tabindex="-1"><span class="sign" aria-hidden="true">{sign}</span>{heading}</h3>
            <p class="found-asked">{format!("Asked: {asked} ({setting}).")}</p>
            {run}
            <p class="found-asked">{bounds}{told(&answer.reached)}"."</p>
        </li>
    }
    .into_any()
}
