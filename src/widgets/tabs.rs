//! A strip of tabs: one is chosen, arrow keys, Home and End go to the others.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::focus_on;

/// What a strip of tabs consists of.
pub struct Tabs {
    /// What the strip is called.
    pub label: &'static str,
    /// The style of the strip.
    pub class: &'static str,
    /// With what the tabs' ids begin; the panel's id is this with "-panel".
    pub prefix: &'static str,
    /// The tabs' words.
    pub names: Vec<&'static str>,
    /// Which is chosen.
    pub chosen: Signal<usize>,
    /// Chooses one.
    pub choose: Callback<usize>,
    /// What a tab says beside its word.
    pub badge: Callback<usize, AnyView>,
}

impl Tabs {
    /// The strip.
    pub fn view(self) -> AnyView {
        let Tabs { label, class, prefix, names, chosen, choose, badge } = self;
        let count = names.len();
        let press = move |event: KeyboardEvent| {
            let Some(next) = after(chosen.get_untracked(), count, &event.key()) else { return };
            event.prevent_default();
            event.stop_propagation();
            choose.run(next);
            focus_on(&format!("#{}", id(prefix, next)));
        };
        let tab = move |(index, name): (usize, &'static str)| {
            let here = Memo::new(move |_| chosen.get() == index);
            view! {
                <button
                    role="tab"
                    type="button"
                    id=id(prefix, index)
                    aria-selected=move || here.get().to_string()
                    aria-controls=format!("{prefix}-panel")
                    tabindex=move || if here.get() { "0" } else { "-1" }
                    on:click=move |_| choose.run(index)
                >
                    {name}
                    {move || badge.run(index)}
                </button>
            }
        };
        view! {
            <div class=class role="tablist" aria-label=label on:keydown=press>
                {names.into_iter().enumerate().map(tab).collect_view()}
            </div>
        }
        .into_any()
    }
}

/// The id of a tab.
pub fn id(prefix: &str, index: usize) -> String {
    format!("{prefix}-{index}")
}

/// The tab that a key leads to.
fn after(here: usize, count: usize, key: &str) -> Option<usize> {
    match key {
        "ArrowRight" => Some((here + 1) % count),
        "ArrowLeft" => Some((here + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_walk_round_the_tabs() {
        assert_eq!(after(0, 6, "ArrowLeft"), Some(5));
        assert_eq!(after(5, 6, "ArrowRight"), Some(0));
        assert_eq!(after(2, 6, "Home"), Some(0));
        assert_eq!(after(2, 6, "End"), Some(5));
        assert_eq!(after(2, 6, "x"), None);
    }
}
