//! What is in sight: the pane's scrolling, and the stage where panes share the screen.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Scrolls the pane so far that what `selector` finds stands at its top.
pub fn bring_up(selector: &'static str) {
    const ROOM_PX: f64 = 14.0;
    request_animation_frame(move || {
        let find = |selector: &str| document().query_selector(selector).ok().flatten();
        if let (Some(page), Some(part)) = (find(".lesson-page"), find(selector)) {
            let by = part.get_bounding_client_rect().top() - page.get_bounding_client_rect().top();
            page.set_scroll_top(page.scroll_top() + (by - ROOM_PX) as i32);
        }
    });
}

/// The tab of the stage, where panes share the screen.
pub fn one_pane_at_a_time() -> Option<web_sys::HtmlElement> {
    let tab = document().get_element_by_id("pane-tab-stage")?.dyn_into::<web_sys::HtmlElement>().ok()?;
    (tab.offset_width() > 0).then_some(tab)
}

/// On a small screen the run comes into sight when it starts.
pub fn show_stage() {
    if let Some(tab) = one_pane_at_a_time() {
        tab.click();
        // What had the focus is hidden by the next frame.
        request_animation_frame(move || {
            let _ = tab.focus();
        });
    }
}

/// The pane's top, and the focus on its heading: a new screen is on.
pub fn begin_reading() {
    request_animation_frame(|| {
        if let Ok(Some(page)) = document().query_selector(".lesson-page") {
            page.set_scroll_top(0);
        }
        crate::widgets::focus_on(".lesson-step-title");
    });
}
