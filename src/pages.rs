//! The pages: which one the document is, and what stands on it.

mod embed;
pub mod home;
mod lesson;
mod not_found;
mod sandbox;

use std::rc::Rc;

use faultline_chunk::chunk;
use leptos::prelude::*;

use crate::address::{Address, PageKind};
use crate::widgets::{Room, apply_theme, room};

chunk! {
    home: fn show_home(address: Address) -> Room {
        Rc::new(move || view! { <home::Home warnings=address.warnings.clone()/> }.into_any())
    }
}
chunk! {
    sandbox: fn show_sandbox(address: Address) -> Room {
        Rc::new(move || view! { <sandbox::Sandbox address=address.clone()/> }.into_any())
    }
}
chunk! {
    embed: fn show_embed(address: Address) -> Room {
        Rc::new(move || view! { <embed::Embed address=address.clone()/> }.into_any())
    }
}

/// The page that the address names.
#[component]
pub fn Page(address: Address) -> impl IntoView {
    apply_theme(address.theme);
    match address.page.clone() {
        PageKind::Home => room("The page", move || show_home(address.clone())),
        PageKind::Lesson(slug) => view! { <lesson::LessonPage address slug/> }.into_any(),
        PageKind::Sandbox(_) => room("The page", move || show_sandbox(address.clone())),
        PageKind::Embed(_) => room("The page", move || show_embed(address.clone())),
        PageKind::Other(name) => view! { <not_found::NotFound name/> }.into_any(),
    }
}
