//! Free play: a protocol with all its knobs, and every fault.

use std::rc::Rc;

use faultline_lessons::Layout;
use faultline_lessons::catalogue::{self, KnobInfo, ProtocolInfo};
use faultline_model::{Kind, KnobKind};
use faultline_sim::Scenario;
use leptos::prelude::*;

use crate::address::Address;
use crate::api;
use crate::exchange::use_exchange;
use crate::session::{Session, Tone, Trouble, use_session};
use crate::shell::{self, Heading, Pane, Player};
use crate::widgets::{Coming, Icon, Room, late};

/// The sandbox of a protocol.
#[component]
pub fn Sandbox(address: Address) -> impl IntoView {
    let slug = address.page.slug();
    if let Err(error) = catalogue::find(&slug) {
        return view! { <Unknown why=error.to_string()/> }.into_any();
    }
    let session = shell::begin(&address);
    api::install(session);
    let fetch = move || -> Coming {
        let slug = slug.clone();
        Box::pin(async move {
            session.fetch(&slug).await.map_err(|Trouble(why)| why)?;
            let info = catalogue::describe(&slug).map_err(|error| error.to_string())?;
            let room: Room = Rc::new(move || play(session, info.clone()));
            Ok(room)
        })
    };
    late("The protocol", fetch)
}

/// The player of a protocol that has been fetched.
fn play(session: Session, info: ProtocolInfo) -> AnyView {
    let slug = info.slug.to_owned();
    let scenario = Scenario { protocol: slug, lesson: None, nodes: info.nodes as u16, seed: 42, set: vec![] };
    if let Err(Trouble(why)) = session.begin(scenario) {
        session.notify(Tone::Warning, why);
    }
    arrange(session);
    use_exchange().ready(move || arrange(session));
    let heading = Heading {
        kick: "Free play".to_owned(),
        title: info.name.to_owned(),
        embed: None,
        free_play: None,
        left: "Knobs",
    };
    let info = StoredValue::new(info);
    let left = ViewFn::from(move || view! { <Knobs info=info.get_value()/> });
    view! { <Player heading=Signal::stored(heading) first=Pane::Stage left/> }.into_any()
}

#[component]
fn Unknown(why: String) -> impl IntoView {
    view! {
        <main class="fault">
            <h1>"There is nothing to play with here"</h1>
            <p>{why}"."</p>
            <ul>
                {catalogue::protocols()
                    .iter()
                    .map(|entry| view! {
                        <li><a href=format!("sandbox/{}/", entry.slug)>{entry.name}</a></li>
                    })
                    .collect_view()}
            </ul>
        </main>
    }
}

/// The left pane: what the protocol is, its seed, its size, its knobs.
#[component]
fn Knobs(info: ProtocolInfo) -> impl IntoView {
    let (own, around): (Vec<KnobInfo>, Vec<KnobInfo>) =
        info.knobs.into_iter().partition(|knob| !knob.habitat);
    let (rules, own): (Vec<KnobInfo>, Vec<KnobInfo>) =
        own.into_iter().partition(|knob| matches!(knob.knob.kind, KnobKind::Rule { .. }));
    let group = |name: &'static str, open: bool, knobs: Vec<KnobInfo>| {
        (!knobs.is_empty()).then(|| {
            view! {
                <details class="knobs" open=open>
                    <summary>{name}</summary>
                    {knobs.into_iter().map(|knob| view! { <KnobField knob/> }).collect_view()}
                </details>
            }
        })
    };
    view! {
        <section class="sandbox" aria-label="Knobs">
            <div class="kick">"Free play"</div>
            <h1>{info.name}</h1>
            <p>{info.claim}</p>
            <SeedField/>
            <NodesField/>
            <Restarted/>
            {group("Rules of the protocol", true, rules)}
            {group("Protocol", true, own)}
            {group("Network and disks", true, around)}
            <p class="cite">{info.source}</p>
        </section>
    }
}

/// Runs the scenario again with something changed; says so, or why it cannot be.
fn restart(session: Session, what: &str, change: impl FnOnce(&mut Scenario)) -> Result<(), String> {
    let Some(mut scenario) = untrack(|| session.scenario()) else {
        return Ok(());
    };
    let before = scenario.clone();
    change(&mut scenario);
    if scenario == before {
        return Ok(());
    }
    scenario.lesson = None;
    session.load(scenario).map_err(|Trouble(why)| why)?;
    arrange(session);
    session.announce(format!("{what}: the run starts again."));
    Ok(())
}

/// Two servers stand side by side, more on a ring.
fn arrange(session: Session) {
    let servers = untrack(|| session.cast().of_kind(Kind::Server).count());
    let layout = if servers <= 2 { Layout::Pair } else { Layout::Ring };
    session.staging.update(|staging| staging.layout = layout);
}

/// What a knob is set to in a scenario; `None` is its default.
fn value_of(scenario: Option<Scenario>, knob: &str) -> Option<String> {
    scenario?.set.into_iter().rev().find(|(name, _)| name == knob).map(|(_, value)| value)
}

fn set(session: Session, knob: &'static str, default: &str, value: String) -> Result<(), String> {
    restart(session, &format!("{knob} is {value}"), |scenario| {
        scenario.set.retain(|(name, _)| name != knob);
        if value != default {
            scenario.set.push((knob.to_owned(), value));
        }
    })
}

/// One knob, as its kind asks for.
#[component]
fn KnobField(knob: KnobInfo) -> impl IntoView {
    let session = use_session();
    let (name, about, default) = (knob.knob.name, knob.knob.about, knob.default.clone());
    let start = default.clone();
    let now = Memo::new(move |_| {
        session.story();
        value_of(session.scenario(), name).unwrap_or_else(|| start.clone())
    });
    let error = RwSignal::new(String::new());
    let usual = default.clone();
    let change = move |value: String| {
        error.set(set(session, name, &usual, value).err().unwrap_or_default());
    };
    let changed = {
        let default = default.clone();
        move || now.with(|now| *now != default)
    };
    let field = match knob.knob.kind {
        KnobKind::Flag | KnobKind::Rule { .. } => switch(name, now, change).into_any(),
        KnobKind::Choice { options } => choice(name, options, now, change).into_any(),
        kind => text_field(name, kind, now, error, change).into_any(),
    };
    view! {
        <div class="knob" class:changed=changed>
            {field}
            <small id=format!("about-{name}")>{about}</small>
            {move || {
                let why = error.get();
                (!why.is_empty()).then(|| view! { <p class="error" role="alert">{why}</p> })
            }}
        </div>
    }
}

fn switch(name: &'static str, now: Memo<String>, change: impl Fn(String) + 'static) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                prop:checked=move || now.with(|now| now == "on")
                on:change=move |event| {
                    change(if event_target_checked(&event) { "on" } else { "off" }.to_owned());
                }
            />
            <span>{words(name)}</span>
        </label>
    }
}

fn choice(
    name: &'static str,
    options: &'static [&'static str],
    now: Memo<String>,
    change: impl Fn(String) + 'static,
) -> impl IntoView {
    let id = format!("knob-{name}");
    view! {
        <label for=id.clone()>{words(name)}</label>
        <select id=id class="select" on:change=move |event| change(event_target_value(&event))>
            {options.iter().map(|option| view! {
                <option value=*option selected=move || now.with(|now| now == option)>{*option}</option>
            }).collect_view()}
        </select>
    }
}

fn text_field(
    name: &'static str,
    kind: KnobKind,
    now: Memo<String>,
    error: RwSignal<String>,
    change: impl Fn(String) + 'static,
) -> impl IntoView {
    let id = format!("knob-{name}");
    let range = range(&kind);
    view! {
        <label for=id.clone()>{words(name)}</label>
        <input
            id=id
            class="input"
            type="text"
            autocomplete="off"
            spellcheck="false"
            maxlength="80"
            aria-invalid=move || (!error.get().is_empty()).then_some("true")
            aria-describedby=format!("about-{name}")
            prop:value=move || now.get()
            on:change=move |event| change(event_target_value(&event).trim().to_owned())
        />
        <small class="range">{range}</small>
    }
}

/// "election-min" as people read it.
fn words(name: &str) -> String {
    let mut words = name.replace('-', " ");
    if let Some(first) = words.get(..1) {
        let upper = first.to_uppercase();
        words.replace_range(..1, &upper);
    }
    words
}

/// What values a knob takes, in a few words.
fn range(kind: &KnobKind) -> String {
    match kind {
        KnobKind::Span { min, max } => format!("{min} to {max}"),
        KnobKind::Count { min, max } => format!("{min} to {max}"),
        KnobKind::Chance => "0% to 100%".to_owned(),
        KnobKind::Latency => "such as constant 5ms, uniform 3ms 7ms, exponential 5ms".to_owned(),
        KnobKind::Bandwidth => "such as 100KB/s, 10Mbit/s, unlimited".to_owned(),
        KnobKind::Flag | KnobKind::Rule { .. } | KnobKind::Choice { .. } => String::new(),
    }
}

#[component]
fn SeedField() -> impl IntoView {
    let session = use_session();
    let error = RwSignal::new(String::new());
    let seed = move || session.scenario().map(|scenario| scenario.seed.to_string()).unwrap_or_default();
    let change = move |seed: u64| {
        error.set(
            restart(session, &format!("Seed {seed}"), |scenario| {
                scenario.seed = seed;
            })
            .err()
            .unwrap_or_default(),
        );
    };
    view! {
        <div class="knob">
            <label for="seed">"Seed"</label>
            <div class="row">
                <input
                    id="seed"
                    class="input"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength="20"
                    prop:value=seed
                    on:change=move |event| match event_target_value(&event).trim().parse() {
                        Ok(seed) => change(seed),
                        Err(_) => error.set("A seed is a whole number, such as 42.".to_owned()),
                    }
                />
                <button class="btn" on:click=move |_| change((js_sys::Math::random() * 1e6) as u64)>
                    {Icon::Dice.view()}
                    "New seed"
                </button>
            </div>
            <small>"The same seed gives the same run, on every machine."</small>
            {move || {
                let why = error.get();
                (!why.is_empty()).then(|| view! { <p class="error" role="alert">{why}</p> })
            }}
        </div>
    }
}

#[component]
fn NodesField() -> impl IntoView {
    let session = use_session();
    let error = RwSignal::new(String::new());
    // A run that was opened may leave it at the usual number.
    let usual = move || session.cast().of_kind(Kind::Server).count();
    let nodes = move || match session.scenario().map_or(0, |scenario| scenario.nodes) {
        0 => usual().to_string(),
        nodes => nodes.to_string(),
    };
    let change = move |text: String| {
        let outcome = match text.trim().parse::<u16>() {
            Ok(nodes) if (1..=200).contains(&nodes) => {
                restart(session, &format!("{nodes} servers"), |scenario| {
                    scenario.nodes = nodes;
                })
            }
            _ => Err("Write a whole number from 1 to 200.".to_owned()),
        };
        error.set(outcome.err().unwrap_or_default());
    };
    view! {
        <div class="knob">
            <label for="nodes">"Servers"</label>
            <input
                id="nodes"
                class="input"
                type="number"
                min="1"
                max="200"
                prop:value=nodes
                on:change=move |event| change(event_target_value(&event))
            />
            {move || {
                let why = error.get();
                (!why.is_empty()).then(|| view! { <p class="error" role="alert">{why}</p> })
            }}
        </div>
    }
}

/// Says that a knob starts the run again, and offers the way back to the defaults.
#[component]
fn Restarted() -> impl IntoView {
    let session = use_session();
    let changed = Memo::new(move |_| {
        session.story();
        session.scenario().map_or(0, |scenario| scenario.set.len())
    });
    view! {
        <p class="restarts">
            "Changing a knob starts the run again with the same seed."
            <Show when=move || { changed.get() > 0 }>
                " "
                <button class="btn" on:click=move |_| {
                    // Defaults can always be run.
                    let _ = restart(session, "All knobs are at their defaults", |scenario| scenario.set.clear());
                }>
                    {move || match changed.get() {
                        1 => "Undo 1 change".to_owned(),
                        count => format!("Undo {count} changes"),
                    }}
                </button>
            </Show>
        </p>
    }
}
