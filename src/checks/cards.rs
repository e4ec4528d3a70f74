//! Every property as it stands at the cursor: since when, and why.

use faultline_model::NodeId;
use faultline_sim::{Since, VerdictView};
use leptos::prelude::*;

use super::evidence::{Evidence, Exhibit, use_evidence};
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

/// The panel's first part: every property with its source, since when it stands so, and why.
#[component]
pub fn Cards() -> impl IntoView {
    let session = use_session();
    let verdicts = Memo::new(move |_| session.view().verdicts.clone());
    let evidence = use_evidence();
    move || {
        let verdicts = verdicts.get();
        if verdicts.is_empty() {
            return view! { <p class="nothing">"This protocol promises nothing that could be checked."</p> }
                .into_any();
        }
        let cards = verdicts.into_iter().enumerate().map(|(place, verdict)| {
            card(session, evidence, verdict, Signal::derive(move || evidence.since(place)))
        });
        view! { <ul class="checks cards">{cards.collect_view()}</ul> }.into_any()
    }
}

fn card(session: Session, evidence: Evidence, verdict: VerdictView, since: Signal<Option<Since>>) -> AnyView {
    let standing = Standing::of(&verdict);
    let kind = match verdict.scope {
        "always" => "must always hold",
        "eventually" => "must come true in the end",
        _ => "can be seen",
    };
    let why = (!verdict.why.is_empty()).then(|| view! { <p class="verdict-why">{verdict.why.clone()}</p> });
    let nodes = verdict.nodes.iter().map(|name| chip(session, name.clone())).collect_view();
    let source = verdict.source.clone();
    let class = standing.class();
    let head = line(&verdict);
    let when = move || {
        match since.get() {
        None | Some(Since::Earlier) => ().into_any(),
        Some(Since::Start) => "so since the start · ".into_any(),
        Some(Since::Event(event)) => view! {
            "so since "
            <button type="button" class="link" on:click=move |_| session.seek(event)>{format!("event {event}")}</button>
            " · "
        }
        .into_any(),
    }
    };
    // What shows it takes a look back: once time stands still.
    let pieces = move || {
        let known = since.get().filter(|_| verdict.broken())?;
        session
            .look(|timeline| Exhibit::of_property(timeline, &verdict, Some(known)))
            .map(|exhibit| evidence.list(exhibit))
    };
    view! {
        <li class=class>
            {head}
            <div class="verdict-more">
                {why}
                <p class="verdict-nodes">{nodes}</p>
                <p class="verdict-source">{when}{kind}" · "<cite>{source}</cite></p>
                {pieces}
            </div>
        </li>
    }
    .into_any()
}

/// A node that the evidence speaks of: lights it, and shows it.
fn chip(session: Session, name: String) -> AnyView {
    let find = {
        let name = name.clone();
        move || -> Option<NodeId> {
            untrack(|| session.view().nodes.iter().find(|node| node.id == name).map(|node| node.node))
        }
    };
    let target = find().map(Target::Node);
    let (select, light, focus) = (target.clone(), target.clone(), target);
    view! {
        <button
            type="button"
            class="node-chip"
            on:click=move |_| session.selected.set(select.clone())
            on:mouseenter=move |_| session.lit.set(light.clone())
            on:mouseleave=move |_| session.lit.set(None)
            on:focus=move |_| session.lit.set(focus.clone())
            on:blur=move |_| session.lit.set(None)
        >
            {name}
        </button>
    }
    .into_any()
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
            marks: vec![],
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
