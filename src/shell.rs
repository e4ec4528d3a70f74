//! The frame of every player: the header, the panes, and what the header's buttons open.

mod sheets;

use gloo_timers::future::TimeoutFuture;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::address::Address;
use crate::checks;
use crate::exchange::{Desk, Exchange};
use crate::history::History;
use crate::inspector::Inspector;
use crate::keys;
use crate::playback;
use crate::session::Session;
use crate::shell::sheets::{Sheet, show_sheet};
use crate::stage::Stage;
use crate::transport::Transport;
use crate::widgets::{Icon, LiveRegion, focus_on, room, use_themes};

pub use sheets::share_link;

/// The panes that share a small screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The lesson, or the knobs of free play.
    Lesson,
    /// The picture.
    Stage,
    /// The space-time diagram.
    Diagram,
    /// The inspector.
    Inspector,
}

impl Pane {
    const ALL: [Pane; 4] = [Pane::Lesson, Pane::Stage, Pane::Diagram, Pane::Inspector];

    fn word(self) -> &'static str {
        match self {
            Pane::Lesson => "lesson",
            Pane::Stage => "stage",
            Pane::Diagram => "diagram",
            Pane::Inspector => "inspector",
        }
    }
}

/// What a player is called and where its header leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// The way to here: the chapter, say. Not a link.
    pub kick: String,
    /// The page's own name.
    pub title: String,
    /// The slug of the lesson that can be embedded.
    pub embed: Option<String>,
    /// The slug of the protocol that can be played with freely.
    pub free_play: Option<String>,
    /// What the left pane is called on a small screen.
    pub left: &'static str,
}

/// A session for this page, with its clock; what the address says is laid out for it.
pub fn begin(address: &Address) -> Session {
    let session = Session::provide();
    checks::Evidence::provide(session);
    checks::provide(session);
    address.prepare(session);
    Exchange::provide(&address.page, Some(session));
    playback::run();
    fetch_ahead();
    session
}

/// A while after the start, when nothing waits for the network any more, fetches what the learner may open
/// next, so that nothing is waited for then.
fn fetch_ahead() {
    leptos::task::spawn_local(async {
        TimeoutFuture::new(1_500).await;
        // What could not be had is asked for again when it is opened.
        let _ = show_sheet::fetch().await;
    });
}

/// A whole player; `left` is what stands in the left pane.
#[component]
pub fn Player(#[prop(into)] heading: Signal<Heading>, first: Pane, left: ViewFn) -> impl IntoView {
    let pane = RwSignal::new(first);
    let sheet = RwSignal::new(None::<Sheet>);
    keys::listen(move || {
        sheet.update(|sheet| {
            *sheet = if *sheet == Some(Sheet::Keys) { None } else { Some(Sheet::Keys) };
        });
    });
    view! {
        <div class="app">
            <Header heading sheet/>
            {move || sheet.get().map(|shown| {
                let close = Callback::new(move |()| sheet.set(None));
                room("The sheet", move || show_sheet(shown, heading, close))
            })}
            <Desk/>
            <main class="player" data-pane=move || pane.get().word()>
                <PaneTabs pane heading/>
                // The page's own heading stands in the left pane, which a small screen may hide.
                <h1 class="sr pane-heading">{move || heading.with(|heading| heading.title.clone())}</h1>
                <div class="pane pane-lesson">{left.run()}</div>
                <div class="pane pane-stage"><Stage/></div>
                <div class="pane pane-inspector"><Inspector/></div>
                <div class="pane pane-transport"><Transport/></div>
                <div class="pane pane-diagram"><History/></div>
            </main>
            <LiveRegion/>
        </div>
    }
}

#[component]
fn Header(heading: Signal<Heading>, sheet: RwSignal<Option<Sheet>>) -> impl IntoView {
    let themes = use_themes();
    let opener = move |which: Sheet, icon: Icon, word: &'static str| {
        let expanded = move || {
            if sheet.get() == Some(which) { "true" } else { "false" }
        };
        view! {
            <button
                class="btn"
                aria-label=word
                aria-expanded=expanded
                on:click=move |_| sheet.update(|sheet| {
                    *sheet = if *sheet == Some(which) { None } else { Some(which) };
                })
            >
                {icon.view()}
                <span class="word">{word}</span>
            </button>
        }
    };
    view! {
        <header class="top">
            <a class="brand" href="./">"Faultline"</a>
            <div class="crumbs">
                <span>{move || heading.with(|heading| heading.kick.clone())}</span>
                <i aria-hidden="true">"/"</i>
                <span>{move || heading.with(|heading| heading.title.clone())}</span>
            </div>
            <span class="grow"></span>
            <button
                class="btn square quiet"
                aria-label=move || themes.label()
                title=move || themes.label()
                on:click=move |_| themes.turn()
            >
                {move || themes.icon().view()}
            </button>
            <button
                class="btn square quiet help"
                aria-label="Keys"
                title="Keys (?)"
                aria-expanded=move || if sheet.get() == Some(Sheet::Keys) { "true" } else { "false" }
                on:click=move |_| sheet.update(|sheet| {
                    *sheet = if *sheet == Some(Sheet::Keys) { None } else { Some(Sheet::Keys) };
                })
            >
                {Icon::Help.view()}
            </button>
            {opener(Sheet::Share, Icon::Share, "Share")}
            {move || heading.with(|heading| heading.embed.is_some()).then(|| opener(Sheet::Embed, Icon::Embed, "Embed"))}
            {move || heading.with(|heading| heading.free_play.clone()).map(|slug| view! {
                <a class="btn" aria-label="Free play" href=format!("sandbox/{slug}/")>
                    {Icon::Flask.view()}
                    <span class="word">"Free play"</span>
                </a>
            })}
        </header>
    }
}

/// On a small screen: which pane is shown.
#[component]
fn PaneTabs(pane: RwSignal<Pane>, heading: Signal<Heading>) -> impl IntoView {
    let name = move |which: Pane| match which {
        Pane::Lesson => heading.with(|heading| heading.left),
        Pane::Stage => "Stage",
        Pane::Diagram => "Diagram",
        Pane::Inspector => "Inspector",
    };
    let on_key = move |event: KeyboardEvent| {
        let here = Pane::ALL.iter().position(|which| *which == pane.get_untracked()).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowRight" => (here + 1) % 4,
            "ArrowLeft" => (here + 3) % 4,
            "Home" => 0,
            "End" => 3,
            _ => return,
        };
        event.prevent_default();
        pane.set(Pane::ALL[next]);
        focus_on(&format!("#pane-tab-{}", Pane::ALL[next].word()));
    };
    view! {
        <div class="pane-tabs" role="tablist" aria-label="Panes" on:keydown=on_key>
            {Pane::ALL
                .map(|which| {
                    let chosen = move || pane.get() == which;
                    view! {
                        <button
                            role="tab"
                            id=format!("pane-tab-{}", which.word())
                            aria-selected=move || if chosen() { "true" } else { "false" }
                            tabindex=move || if chosen() { "0" } else { "-1" }
                            on:click=move |_| pane.set(which)
                        >
                            {move || name(which)}
                        </button>
                    }
                })
                .into_iter()
                .collect_view()}
        </div>
    }
}
