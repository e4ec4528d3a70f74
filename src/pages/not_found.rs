//! When this program does not know the page that it has been put on.

use leptos::prelude::*;

/// Says so, and where to go on.
#[component]
pub fn NotFound(name: String) -> impl IntoView {
    view! {
        <main class="fault">
            <h1>"There is no such page"</h1>
            <p>
                "This document calls itself “"{name}"”, and this version of Faultline has no page of that kind. "
                <a href="./">"All lessons are listed on the start page."</a>
            </p>
        </main>
    }
}
