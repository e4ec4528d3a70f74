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

use std::rc::Rc;

use faultline_chunk::chunk;
use leptos::prelude::*;

use crate::widgets::Room;

pub use budget::{BUDGETS, Budgets, MEMORY};
pub use cards::Summary;
pub use evidence::{Evidence, Guilt, use_evidence};
pub use find::{grouped, told};
pub use seeker::provide;

chunk! { rooms: pub fn show_checks() -> Room { Rc::new(|| view! { <Checks/> }.into_any()) } }

chunk! {
    /// Says how far a violation of that property is, and the next step of a shortest way to one.
    rooms: pub fn show_distance(property: Option<String>) -> Room {
        Rc::new(move || view! { <hint::Distance property=property.clone()/> }.into_any())
    }
}

/// The panel.
#[component]
fn Checks() -> impl IntoView {
    let evidence = use_evidence();
    view! {
        {evidence.shown()}
        <cards::Cards/>
        <hint::Distance property=None/>
        <judges::Judges/>
        <rules::Rules/>
        <find::Find/>
        <outcomes::Outcomes/>
    }
}
