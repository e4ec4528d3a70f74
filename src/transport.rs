//! Moving through the run: the buttons, the timeline, the speed, the branches.

use leptos::prelude::*;

use crate::address::Controls;
use crate::session::{Session, Speed, use_session};
use crate::widgets::Icon;

/// The whole transport, or the part of it that an embed asks for.
#[component]
pub fn Transport(#[prop(default = Controls::Full)] controls: Controls) -> impl IntoView {
    let full = controls == Controls::Full;
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
            {full.then(|| view! { <Branches/> })}
        </div>
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
    let branch = Memo::new(move |_| {
        session.story();
        untrack(|| session.branches().into_iter().find(|branch| branch.current && branch.parent.is_some()))
            .map(|branch| branch.base)
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
            {move || branch.get().map(|base| view! { <i class="fork" style=share(base)></i> })}
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
            <span>{move || format!("event {} / {}", session.cursor(), session.len())}</span>
            " · "
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

/// The branches, once there is more than one future.
#[component]
fn Branches() -> impl IntoView {
    let session = use_session();
    let branches = Memo::new(move |_| {
        session.story();
        untrack(|| session.branches())
    });
    let many = move || branches.with(|branches| branches.len() > 1);
    view! {
        <div class="branches" class:single=move || !many()>
            <button
                class="btn square fork-here"
                aria-label="Fork here"
                title="Fork here (F)"
                on:click=move |_| session.fork()
            >
                {Icon::Fork.view()}
            </button>
            <ul role="list" aria-label="Branches" class:sr=move || !many()>
                <For each=move || branches.get() key=|branch| (branch.index, branch.current, branch.length) let(branch)>
                    <li>
                        <button
                            class="chip"
                            aria-current=branch.current.then_some("true")
                            aria-label=format!(
                                "Branch {} of {}, {} events: {}",
                                branch.index + 1,
                                branches.with_untracked(Vec::len),
                                branch.length,
                                branch.label,
                            )
                            title=branch.label.clone()
                            tabindex=move || if many() { "0" } else { "-1" }
                            on:click=move |_| session.switch(branch.index)
                        >
                            {branch.index + 1}
                        </button>
                    </li>
                </For>
            </ul>
        </div>
    }
}
