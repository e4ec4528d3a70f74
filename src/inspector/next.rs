//! What happens next, soonest first; each can be done at once, in any order.

use faultline_sim::NextView;
use leptos::prelude::*;

use super::words::from_now;
use crate::session::{Session, Target, use_session};

/// So many are listed.
const MOST: usize = 80;

/// The panel.
#[component]
pub fn Next() -> impl IntoView {
    let session = use_session();
    move || {
        let view = session.view();
        if view.next.is_empty() {
            let text = "Nothing is due: no message flies and no timer runs. Ask a client for something, or restart a node.";
            return view! { <p class="nothing">{text}</p> }.into_any();
        }
        let more = view.next.len().saturating_sub(MOST);
        let items =
            view.next.iter().take(MOST).map(|next| item(session, next, from_now(next.due, view.time)));
        view! {
            <p class="panel-lead">"Soonest first. Taken out of order, they are your schedule."</p>
            <ol class="next">{items.collect_view()}</ol>
            {(more > 0).then(|| view! { <p class="nothing">{format!("and {more} more")}</p> })}
        }
        .into_any()
    }
}

fn item(session: Session, next: &NextView, due: String) -> impl IntoView + use<> {
    let action = next.action.clone();
    let target = next.msg.map_or(Target::Node(next.node.node), Target::Msg);
    let name = format!("Do it now: {}", next.text);
    let act = move |_| {
        session.pause();
        session.attempt(action.clone());
    };
    view! {
        <li
            on:mouseenter=move |_| session.lit.set(Some(target.clone()))
            on:mouseleave=move |_| session.lit.set(None)
        >
            <span class="next-text">{next.text.clone()}<span class="next-due">{due}</span></span>
            <button type="button" class="chip" aria-label=name on:click=act>"do it now"</button>
        </li>
    }
}
