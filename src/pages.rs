//! The pages: which one the document is, and what stands on it.

mod embed;
pub mod home;
mod lesson;
mod not_found;
mod sandbox;

use leptos::prelude::*;

use crate::address::{Address, PageKind};
use crate::widgets::apply_theme;

/// The page that the address names.
#[component]
pub fn Page(address: Address) -> impl IntoView {
    apply_theme(address.theme);
    match address.page.clone() {
        PageKind::Home => view! { <home::Home warnings=address.warnings/> }.into_any(),
        PageKind::Lesson(slug) => view! { <lesson::LessonPage address slug/> }.into_any(),
        PageKind::Sandbox(slug) => view! { <sandbox::Sandbox address slug/> }.into_any(),
        PageKind::Embed(slug) => view! { <embed::Embed address slug/> }.into_any(),
        PageKind::Other(name) => view! { <not_found::NotFound name/> }.into_any(),
    }
}
