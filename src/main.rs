//! The web app: reads which page it is on, and mounts that page in place of its prose.
//!
//! It draws what `faultline_sim` says and does what its reader asks. It must never know a
//! particular protocol, and nothing in it may change a world but [`session::Session`].

mod address;
mod api;
mod charts;
mod checks;
mod exchange;
mod faults;
mod history;
mod inspector;
mod keys;
mod lesson;
mod pages;
mod plan;
mod playback;
mod progress;
mod session;
mod shell;
mod spacetime;
mod stage;
mod transport;
mod widgets;
mod worker;

use leptos::prelude::*;

use crate::address::Address;

fn main() {
    console_error_panic_hook::set_once();
    if worker::is_worker() {
        return worker::serve();
    }
    let address = Address::of_this_page();
    // The prose was for readers without the program.
    if let Some(prose) = document().get_element_by_id("prose") {
        prose.remove();
    }
    mount_to_body(move || view! { <pages::Page address/> });
}
