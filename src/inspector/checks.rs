//! What must hold, come true or may be seen, judged at the cursor.

use faultline_sim::VerdictView;
use leptos::prelude::*;

use crate::session::{Session, Target, use_session};

/// How a verdict is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Holds,
    Broken,
    NotYet,
}

impl Standing {
    fn of(verdict: &VerdictView) -> Standing {
        match (verdict.holds, verdict.scope) {
            (true, _) => Standing::Holds,
            (false, "always") => Standing::Broken,
            (false, _) => Standing::NotYet,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Standing::Holds => "✓",
            Standing::Broken => "✕",
            Standing::NotYet => "○",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Standing::Holds => "verdict holds",
            Standing::Broken => "verdict broken",
            Standing::NotYet => "verdict not-yet",
        }
    }

    /// The sign in a word, for those who do not see it.
    fn word(self, scope: &str) -> &'static str {
        match (self, scope) {
            (Standing::Holds, "always") => "holds",
            (Standing::Holds, _) => "has happened",
            (Standing::Broken, _) => "is violated",
            (Standing::NotYet, _) => "not yet",
        }
    }
}

fn line(verdict: &VerdictView) -> impl IntoView + use<> {
    let standing = Standing::of(verdict);
    view! {
        <span class="sign" aria-hidden="true">{standing.sign()}</span>
        <span class="sr">{standing.word(verdict.scope)}": "</span>
        <span class="verdict-text">{verdict.sentence.clone()}</span>
    }
}

/// One line for each property, below the state.
#[component]
pub fn Summary() -> impl IntoView {
    let session = use_session();
    let verdicts = Memo::new(move |_| session.view().verdicts.clone());
    let item =
        |verdict: VerdictView| view! { <li class=Standing::of(&verdict).class()>{line(&verdict)}</li> };
    move || {
        let verdicts = verdicts.get();
        (!verdicts.is_empty()).then(|| {
            view! { <ul class="checks" aria-label="Checks">{verdicts.into_iter().map(item).collect_view()}</ul> }
        })
    }
}

/// The panel: every property with its source, and why it does not hold.
#[component]
pub fn Checks() -> impl IntoView {
    let session = use_session();
    let verdicts = Memo::new(move |_| session.view().verdicts.clone());
    move || {
        let verdicts = verdicts.get();
        if verdicts.is_empty() {
            return view! { <p class="nothing">"This protocol promises nothing that could be checked."</p> }
                .into_any();
        }
        let cards = verdicts.into_iter().map(|verdict| card(session, verdict)).collect_view();
        view! { <ul class="checks cards">{cards}</ul> }.into_any()
    }
}

fn card(session: Session, verdict: VerdictView) -> impl IntoView {
    let standing = Standing::of(&verdict);
    let kind = match verdict.scope {
        "always" => "must always hold",
        "eventually" => "must come true in the end",
        _ => "can be seen",
    };
    let find =
        move |name: &str| session.view().nodes.iter().find(|node| node.id == name).map(|node| node.node);
    let node = move |name: String| {
        let target = untrack(|| find(&name)).map(Target::Node);
        let (select, light) = (target.clone(), target);
        view! {
            <button
                type="button"
                class="node-chip"
                on:click=move |_| session.selected.set(select.clone())
                on:mouseenter=move |_| session.lit.set(light.clone())
                on:mouseleave=move |_| session.lit.set(None)
            >
                {name}
            </button>
        }
    };
    let why = (!verdict.why.is_empty()).then(|| view! { <p class="verdict-why">{verdict.why.clone()}</p> });
    let nodes = (!verdict.nodes.is_empty()).then(|| {
        view! { <p class="verdict-nodes">{verdict.nodes.iter().cloned().map(node).collect_view()}</p> }
    });
    view! {
        <li class=standing.class()>
            {line(&verdict)}
            <div class="verdict-more">
                {why}
                {nodes}
                <p class="verdict-source">{kind}" · "<cite>{verdict.source}</cite></p>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(scope: &'static str, holds: bool) -> VerdictView {
        VerdictView {
            property: "p".to_owned(),
            sentence: "P".to_owned(),
            source: String::new(),
            scope,
            holds,
            why: String::new(),
            nodes: vec![],
        }
    }

    #[test]
    fn only_what_must_always_hold_can_be_violated() {
        assert_eq!(Standing::of(&verdict("always", false)), Standing::Broken);
        assert_eq!(Standing::of(&verdict("eventually", false)), Standing::NotYet);
        assert_eq!(Standing::of(&verdict("sometimes", false)), Standing::NotYet);
        assert_eq!(Standing::of(&verdict("sometimes", true)), Standing::Holds);
    }
}
