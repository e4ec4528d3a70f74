//! Where the keyboard is.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Puts the focus on the first element that `selector` finds; HTML and SVG alike. False when there
/// is none.
pub fn focus_on(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let Some(element) = found else { return false };
    match element.dyn_ref::<web_sys::HtmlElement>() {
        Some(html) => html.focus().is_ok(),
        None => element.dyn_ref::<web_sys::SvgElement>().is_some_and(|svg| svg.focus().is_ok()),
    }
}

/// Puts the focus on the first thing within `selector` that can have it and is not hidden.
pub fn focus_first(selector: &str) -> bool {
    focus_on(&format!("{selector} :is(button, input, select, [tabindex='0']):not([hidden], [hidden] *)"))
}

/// Whether nothing has the focus, as when what had it was taken away.
pub fn focus_is_lost() -> bool {
    document().active_element().is_none_or(|active| active.tag_name() == "BODY")
}

/// To be called by a press that takes its own button away: once that is drawn, and if nothing else has the
/// focus, it goes to what `selector` finds in the nearest `place` around the button.
pub fn hand_focus_on(event: &MouseEvent, place: &str, selector: &'static str) {
    let button = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(place) = button.and_then(|button| button.closest(place).ok().flatten()) else { return };
    request_animation_frame(move || {
        let lost = focus_is_lost();
        let next = place.query_selector(selector).ok().flatten();
        if let Some(next) =
            next.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()).filter(|_| lost)
        {
            let _ = next.focus();
        }
    });
}

/// To be called right before a keyed list is drawn anew: browsers take the focus from an element that
/// is moved within the document. If the element that has it carries `attribute`, and loses it by the
/// drawing, it gets it back.
pub fn keep_focus_by(attribute: &'static str) {
    let active = document().active_element();
    let Some(value) = active.and_then(|element| element.get_attribute(attribute)) else { return };
    request_animation_frame(move || {
        if focus_is_lost() {
            focus_on(&format!("[{attribute}=\"{value}\"]"));
        }
    });
}

/// The number in an attribute of the element that has the focus.
pub fn focused_number(attribute: &str) -> Option<usize> {
    document().active_element()?.get_attribute(attribute)?.parse().ok()
}
