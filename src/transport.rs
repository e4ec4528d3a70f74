//! Moving through the run: the buttons, the timeline, the speed, the branches.

mod tree;

use faultline_model::SortedSet;
use leptos::prelude::*;

use self::tree::BranchTree;
pub use self::tree::left;
use crate::address::Controls;
use crate::plan::Planning;
use crate::session::{Session, Speed, use_session};
use crate::widgets::Icon;

/// The whole transport, or the part of it that an embed asks for.
#[component]
pub fn Transport(#[prop(default = Controls::Full)] controls: Controls) -> impl IntoView {
    let full = controls == Controls::Full;
    let plan = full.then(Planning::new);
    view! {
        <div class="trans" role="group" aria-label="Transport">
            {full.then(|| view! { <Button icon=Icon::Start label="To the start" act=Session::to_start/> })}
            {full.then(|| view! { <Button icon=Icon::Back label="One event back" act=|session| { session.back(); }/> })}
            <PlayButton/>
            {full.then(|| view! { <Button icon=Icon::Forward label="One event forward" act=|session| { session.step(); }/> })}
            {full.then(|| view! { <Button icon=Icon::End label="To the end" act=Session::to_end/> })}
            {full.then(|| view! { <Rail/> })}
            <Place/>
            {full.then(|| view! { <SpeedChoice/> })}
            {full.then(|| view! { <ForkButton/> })}
            {plan.map(Planning::button)}
        </div>
        {plan.map(Planning::view)}
        {full.then(|| view! { <BranchTree/> })}
    }
}

#[component]
fn Button(icon: Icon, label: &'static str, act: fn(Session)) -> impl IntoView {
    let session = use_session();
    view! {
        <button class="btn square" aria-label=label title=label on:click=move |_| act(session)>
            {icon.view()}
        </button>
    }
}

#[component]
fn PlayButton() -> impl IntoView {
    let session = use_session();
    let word = move || {
        if session.playing.get() { "Pause" } else { "Play" }
    };
    view! {
        <button class="btn p play" on:click=move |_| session.toggle()>
            {move || if session.playing.get() { Icon::Pause.view() } else { Icon::Play.view() }}
            {word}
        </button>
    }
}

/// The timeline with a mark for everything that somebody did.
#[component]
fn Rail() -> impl IntoView {
    let session = use_session();
    let marks = Memo::new(move |_| {
        session.story();
        untrack(|| session.interventions().into_iter().map(|(after, _)| after + 1).collect::<Vec<_>>())
    });
    // Where this branch was left, or left another.
    let forks = Memo::new(move |_| {
        session.story();
        let branches = untrack(|| session.branches());
        let here = branches.iter().position(|branch| branch.current);
        let own = branches.iter().filter(|branch| {
            branch.parent.is_some() && (branch.current || left(&branches, branch.index) == here)
        });
        own.map(|branch| branch.base).collect::<SortedSet<_>>()
    });
    let share = move |event: u32| {
        let len = session.len().max(1);
        format!("left: calc(8px + (100% - 16px) * {:.4})", f64::from(event) / f64::from(len))
    };
    let done = move || f64::from(session.cursor()) / f64::from(session.len().max(1));
    let text = move || {
        format!("event {} of {}, {}", session.cursor(), session.len(), seconds(session.view().time.0))
    };
    view! {
        <div class="rail" style:--done=move || format!("{:.4}", done())>
            <For each=move || forks.get() key=|base| *base let(base)>
                <i class="fork" style=move || share(base)></i>
            </For>
            <For each=move || marks.get() key=|mark| *mark let(mark)>
                <i style=move || share(mark)></i>
            </For>
            <input
                type="range"
                aria-label="Timeline"
                min="0"
                step="1"
                max=move || session.len()
                aria-valuetext=text
                prop:value=move || { session.len(); session.cursor().to_string() }
                on:input=move |event| {
                    if let Ok(event) = event_target_value(&event).parse() {
                        session.pause();
                        session.seek(event);
                    }
                }
            />
        </div>
    }
}

/// "event 128 / 188", and the time.
#[component]
fn Place() -> impl IntoView {
    let session = use_session();
    view! {
        <span class="place">
            <span class="place-event">
                {move || format!("event {} / {} · ", session.cursor(), session.len())}
            </span>
            <span class="time-now">{move || seconds(session.display_time.get().max(0.0) as u64)}</span>
        </span>
    }
}

/// Microseconds as people read them on a clock.
pub fn seconds(micros: u64) -> String {
    format!("{}.{:03} s", micros / 1_000_000, micros % 1_000_000 / 1_000)
}

#[component]
fn SpeedChoice() -> impl IntoView {
    let session = use_session();
    // A speed from the address that is none of the usual ones is offered too.
    let choices = move || {
        let now = session.speed.get();
        let mut all = Speed::CHOICES.to_vec();
        if !all.contains(&now) {
            all.push(now);
        }
        all
    };
    view! {
        <select
            class="select speed"
            aria-label="Speed"
            on:change=move |event| {
                if let Some(speed) = Speed::parse(&event_target_value(&event)) {
                    session.speed.set(speed);
                }
            }
        >
            {move || choices().into_iter().map(|speed| view! {
                <option value=speed.word() selected=speed == session.speed.get()>{speed.label()}</option>
            }).collect_view()}
        </select>
    }
}

/// Starts a branch; folds the tree of branches away, once there is one.
#[component]
fn ForkButton() -> impl IntoView {
    let session = use_session();
    let count = Memo::new(move |_| {
        session.story();
        untrack(|| session.branches().len())
    });
    view! {
        <button class="btn square fork-here" aria-label="Fork here" title="Fork here (F)" on:click=move |_| session.fork()>
            {Icon::Fork.view()}
        </button>
        {move || (count.get() > 1).then(|| view! {
            <button
                class="btn fold-tree"
                aria-expanded=move || (!session.folded.get()).to_string()
                aria-label=move || format!("{} branches", count.get())
                title="Show or hide the tree of branches"
                on:click=move |_| session.folded.update(|folded| *folded = !*folded)
            >
                {count.get()}<span class="word">" branches"</span>
            </button>
        })}
    }
}
