//! The colours of the style sheet, for a canvas: tokens.css stays the only place that names one.

use faultline_model::Hue;
use leptos::html::Div;
use leptos::prelude::*;

use crate::spacetime::hue_word;

const HUES: [Hue; 8] =
    [Hue::Sky, Hue::Amber, Hue::Rose, Hue::Violet, Hue::Teal, Hue::Green, Hue::Red, Hue::Grey];
/// Colours that are no hues; `style/stage.css` knows these words.
const PLAIN: [&str; 6] = ["bg", "card", "ink", "dim", "line", "bad"];

/// Colours as a canvas takes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inks {
    hues: Vec<String>,
    plain: Vec<String>,
}

impl Inks {
    /// As the style sheet has them now.
    pub fn of(probes: &web_sys::Element) -> Inks {
        let children = probes.children();
        let mut all = (0..children.length()).map(|i| {
            let probe = children.item(i)?;
            window().get_computed_style(&probe).ok()??.get_property_value("color").ok()
        });
        let mut take = |count: usize| all.by_ref().take(count).map(Option::unwrap_or_default).collect();
        Inks { hues: take(HUES.len()), plain: take(PLAIN.len()) }
    }

    /// A hue.
    pub fn hue(&self, hue: Hue) -> &str {
        let number = HUES.iter().position(|other| *other == hue).unwrap_or(HUES.len() - 1);
        self.hues.get(number).map_or("", String::as_str)
    }

    /// A colour by its word.
    pub fn plain(&self, word: &str) -> &str {
        let number = PLAIN.iter().position(|other| *other == word);
        number.and_then(|number| self.plain.get(number)).map_or("", String::as_str)
    }
}

/// Elements that are not seen and have those colours.
#[component]
pub fn Probes(place: NodeRef<Div>) -> impl IntoView {
    let hues = HUES.map(|hue| view! { <i data-hue=hue_word(hue)></i> });
    let plain = PLAIN.map(|word| view! { <i data-ink=word></i> });
    view! { <div class="inks" hidden node_ref=place>{hues.into_iter().collect_view()}{plain.into_iter().collect_view()}</div> }
}
