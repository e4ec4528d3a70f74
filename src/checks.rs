//! The checks: what must hold, come true or may be seen, judged at the cursor; the rules that can be
//! switched off; and a search for a run that breaks something.
//!
//! It reads verdicts and knobs as data and knows no protocol. Searches run beside the page, in
//! [`crate::worker`].

mod budget;
mod cards;
mod clients;
mod evidence;
mod find;
mod hint;
mod judges;
mod outcomes;
mod probe;
mod rules;
mod seeker;

use leptos::prelude::*;

pub use budget::{BUDGETS, Budgets, MEMORY};
pub use cards::Summary;
pub use evidence::{Evidence, Guilt, use_evidence};
pub use find::{grouped, told};
pub use hint::Distance;
pub use seeker::provide;

/// The panel.
#[component]
pub fn Checks() -> impl IntoView {
    let evidence = use_evidence();
    view! {
        {evidence.shown()}
        <cards::Cards/>
        <Distance/>
        <judges::Judges/>
        <rules::Rules/>
        <find::Find/>
        <outcomes::Outcomes/>
    }
}
