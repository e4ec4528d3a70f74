//! Light or dark: as the address says, else as the learner chose last, else as the system has it.

use leptos::prelude::*;

use super::Icon;
use crate::address::Theme;

const KEY: &str = "faultline-theme";

/// The theme in force.
#[derive(Clone, Copy)]
pub struct Themes(pub RwSignal<Theme>);

/// The themes of this page.
pub fn use_themes() -> Themes {
    expect_context::<Themes>()
}

/// Puts the theme on the document and into the context.
pub fn apply(asked: Option<Theme>) -> Themes {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    let kept = match kept.as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::Auto,
    };
    let themes = Themes(RwSignal::new(asked.unwrap_or(kept)));
    provide_context(themes);
    Effect::new(move |_| {
        let Some(html) = document().document_element() else {
            return;
        };
        // A document that cannot take an attribute keeps the system's theme: nothing is lost.
        let _ = match themes.0.get().word() {
            "auto" => html.remove_attribute("data-theme"),
            word => html.set_attribute("data-theme", word),
        };
    });
    themes
}

/// Throws in frames of other sites; then nothing is kept.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

impl Theme {
    fn word(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

impl Themes {
    /// The next of the three, remembered.
    pub fn turn(self) {
        self.0.update(|theme| {
            *theme = match theme {
                Theme::Auto => Theme::Light,
                Theme::Light => Theme::Dark,
                Theme::Dark => Theme::Auto,
            }
        });
        if let Some(storage) = storage() {
            // A full storage forgets the theme and nothing else.
            let _ = storage.set_item(KEY, self.0.get_untracked().word());
        }
    }

    /// What the button says.
    pub fn label(self) -> String {
        format!("Theme: {}", self.0.get().word())
    }

    /// What the button shows.
    pub fn icon(self) -> Icon {
        match self.0.get() {
            Theme::Auto => Icon::Half,
            Theme::Light => Icon::Sun,
            Theme::Dark => Icon::Moon,
        }
    }
}
