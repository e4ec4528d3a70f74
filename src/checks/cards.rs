//! Every property as it stands at the cursor: since when, and why.

use faultline_model::NodeId;
use faultline_sim::{Since, Timeline, VerdictView, standing};
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

/// So many events are looked back at for the beginning of what holds now.
const LOOK_BACK: u32 = 1_024;

/// Where it was last found out since when everything stands as it does.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    story: u64,
    cursor: u32,
    holds: Vec<bool>,
    since: Vec<Since>,
}

impl Found {
    /// Since when everything stands as it does now, from what was known a moment ago if that helps.
    fn now(before: Option<&Found>, timeline: &Timeline, story: u64, holds: Vec<bool>) -> Found {
        let cursor = timeline.cursor();
        // A longer story begins as the shorter one did, unless somebody has gone to another branch.
        let useful = before.filter(|found| found.holds == holds && found.story == story);
        let since = match useful {
            Some(found) if found.still_true(cursor) => found.since.clone(),
            _ => standing(timeline, cursor, LOOK_BACK),
        };
        Found { story, cursor, holds, since }
    }

    /// Whether what was found holds at another event, too: nothing has changed between the two.
    fn still_true(&self, cursor: u32) -> bool {
        let begun = |since: &Since| !matches!(since, Since::Event(event) if *event > cursor);
        cursor <= self.cursor && self.since.iter().all(begun)
    }
}

/// The panel's first part: every property with its source, since when it stands so, and why.
#[component]
pub fn Cards() -> impl IntoView {
    let session = use_session();
    let verdicts = Memo::new(move |_| session.view().verdicts.clone());
    // While time runs nobody could read it.
    let found = Memo::new(move |before: Option<&Option<Found>>| {
        let before = before.and_then(Option::as_ref);
        if session.playing.get() {
            return before.cloned();
        }
        let holds = verdicts.with(|verdicts| verdicts.iter().map(|verdict| verdict.holds).collect());
        let story = session.story();
        session.look(|timeline| Found::now(before, timeline, story, holds))
    });
    move || {
        let verdicts = verdicts.get();
        if verdicts.is_empty() {
            return view! { <p class="nothing">"This protocol promises nothing that could be checked."</p> }
                .into_any();
        }
        let since = move |place: usize| {
            Signal::derive(move || {
                let known = found.with(|found| found.as_ref()?.since.get(place).copied());
                known.filter(|_| !session.playing.get())
            })
        };
        let cards =
            verdicts.into_iter().enumerate().map(|(place, verdict)| card(session, verdict, since(place)));
        view! { <ul class="checks cards">{cards.collect_view()}</ul> }.into_any()
    }
}

fn card(session: Session, verdict: VerdictView, since: Signal<Option<Since>>) -> AnyView {
    let standing = Standing::of(&verdict);
    let kind = match verdict.scope {
        "always" => "must always hold",
        "eventually" => "must come true in the end",
        _ => "can be seen",
    };
    let why = (!verdict.why.is_empty()).then(|| view! { <p class="verdict-why">{verdict.why.clone()}</p> });
    let nodes = verdict.nodes.iter().map(|name| chip(session, name.clone())).collect_view();
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
    view! {
        <li class=standing.class()>
            {line(&verdict)}
            <div class="verdict-more">
                {why}
                <p class="verdict-nodes">{nodes}</p>
                <p class="verdict-source">{when}{kind}" · "<cite>{verdict.source}</cite></p>
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
        }
    }

    #[test]
    fn only_what_must_always_hold_can_be_violated() {
        assert_eq!(Standing::of(&verdict("always", false)), Standing::Broken);
        assert_eq!(Standing::of(&verdict("eventually", false)), Standing::NotYet);
        assert_eq!(Standing::of(&verdict("sometimes", false)), Standing::NotYet);
        assert_eq!(Standing::of(&verdict("sometimes", true)), Standing::Holds);
    }

    #[test]
    fn stepping_back_asks_again_only_past_the_event_that_changed_something() {
        let found = Found {
            story: 1,
            cursor: 40,
            holds: vec![true, false],
            since: vec![Since::Start, Since::Event(30)],
        };
        assert!(found.still_true(35) && found.still_true(30));
        assert!(!found.still_true(29) && !found.still_true(41));
    }
}
