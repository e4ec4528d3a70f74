//! The desk under the lane: adding to the plan, changing an entry, chaos, clearing, taking back.

use faultline_model::Time;
use faultline_sim::script::{Command, Script};
use faultline_sim::{Chaos, Trouble as Fault};
use leptos::prelude::*;

use super::{Asked, Planning};
use crate::faults::{Field, Preview, Sheet, Values, sentence};
use crate::widgets::{Icon, focus_first, focus_on};

/// The buttons, and the form that is asked for.
pub fn view(planning: Planning) -> AnyView {
    let Planning { session, asked, entries, done, .. } = planning;
    let opener = move |which: Asked, label: &'static str| {
        let toggle = move |_| {
            asked.update(|asked| *asked = if *asked == Some(which) { None } else { Some(which) });
            request_animation_frame(|| {
                focus_first(".plan-desk form");
            });
        };
        let expanded = move || (asked.get() == Some(which)).to_string();
        view! { <button class="chip" aria-expanded=expanded on:click=toggle>{label}</button> }.into_any()
    };
    let button = move |label: &'static str, able: Memo<bool>, act: Callback<()>| {
        view! { <button class="chip" disabled=move || !able.get() on:click=move |_| act.run(())>{label}</button> }
            .into_any()
    };
    let some = Memo::new(move |_| entries.with(|entries| !entries.is_empty()));
    let changed = Memo::new(move |_| done.with(|done| !done.is_empty()));
    let clear = Callback::new(move |()| {
        asked.set(None);
        if planning.attempt(None, |timeline| Ok(timeline.plan_clear())).is_some() {
            session.announce("Nothing more is planned.");
        }
    });
    let form = move || {
        asked.get().map(|asked| match asked {
            Asked::Add => entry_form(planning, None),
            Asked::Edit(id) => entry_form(planning, Some(id)),
            Asked::Chaos => chaos_form(planning),
        })
    };
    let count = move || match entries.with(Vec::len) {
        0 => "Nothing is planned.".to_owned(),
        1 => "1 entry".to_owned(),
        many => format!("{many} entries"),
    };
    view! {
        <div class="plan-desk">
            <div class="plan-tools" role="group" aria-label="Change the plan">
                {opener(Asked::Add, "Add to the plan…")}
                {opener(Asked::Chaos, "Chaos…")}
                {button("Undo", changed, Callback::new(move |()| planning.undo()))}
                {button("Clear", some, clear)}
                <span class="dimmed">{count}</span>
            </div>
            {form}
        </div>
    }
    .into_any()
}

/// Closes the form; the focus goes to where it came from.
fn close(planning: Planning, id: Option<u32>) {
    planning.asked.set(None);
    request_animation_frame(move || {
        if !id.is_some_and(|id| focus_on(&format!("#plan-{id}"))) {
            focus_first(".plan-tools");
        }
    });
}

/// A line and a time: of a new entry, or of one that there is.
fn entry_form(planning: Planning, id: Option<u32>) -> AnyView {
    let session = planning.session;
    let old = id.and_then(|id| untrack(|| planning.entry(id)));
    if id.is_some() && old.is_none() {
        return ().into_any();
    }
    let (at, line) = match &old {
        Some(entry) => (entry.at, entry.text.clone()),
        None => untrack(|| {
            let view = session.view();
            let server = view.nodes.iter().find(|node| !node.client).map_or("S1", |node| node.id.as_str());
            (planning.axis.get().next(Time(view.time.0 + 1)), format!("crash {server}"))
        }),
    };
    let submit = move |values: Values| {
        let at = Time(values.time("at")?.0);
        let line = values.get("line").to_owned();
        let replaced = planning.change(None, |timeline| {
            let mut plan = timeline.plan().clone();
            if let Some(id) = id {
                plan.remove(id)?;
            }
            plan.add_line(at, &line)?;
            Ok(timeline.set_plan(plan))
        });
        let replaced = replaced.map_err(|trouble| sentence(&trouble.0))?;
        session.announce(format!("Planned: {line}"));
        close(planning, replaced.entries.last().copied());
        Ok(())
    };
    let sheet = Sheet {
        fields: vec![
            Field::text("at", "At", at.to_string()),
            Field::text("line", "What, as a script says it", line),
        ],
        verb: if id.is_some() { "Set" } else { "Add" },
        adjust: None,
        preview: Callback::new(|_| Preview::default()),
        submit: Callback::new(submit),
        done: Callback::new(|()| ()),
    };
    let remove = id.map(|id| {
        view! {
            <button class="btn" on:click=move |_| planning.remove(id)>{Icon::Close.view()}"Remove"</button>
        }
        .into_any()
    });
    view! { <div class="plan-form">{sheet.view()}{remove}</div> }.into_any()
}

/// Random faults within a budget.
fn chaos_form(planning: Planning) -> AnyView {
    let session = planning.session;
    let from = untrack(|| planning.axis.get().next(session.view().time));
    let preview = move |values: Values| {
        let Ok((line, chaos)) = chaos(&values) else { return Preview::default() };
        let count =
            untrack(|| session.look(|timeline| chaos.faults(timeline.world()).len() / 2)).unwrap_or(0);
        let words = match count {
            1 => "1 fault, which is undone again.".to_owned(),
            count => format!("{count} faults, each of which is undone again."),
        };
        Preview { line, words, latency: None }
    };
    let submit = move |values: Values| {
        let (_, chaos) = chaos(&values)?;
        let replaced = planning.change(None, |timeline| timeline.plan_chaos(&chaos));
        let replaced = replaced.map_err(|trouble| sentence(&trouble.0))?;
        session.announce(format!("{} entries are planned.", replaced.entries.len()));
        close(planning, replaced.entries.first().copied());
        Ok(())
    };
    let sheet = Sheet {
        fields: chaos_fields(from),
        verb: "Plan them",
        adjust: None,
        preview: Callback::new(preview),
        submit: Callback::new(submit),
        done: Callback::new(|()| ()),
    };
    view! { <div class="plan-form">{sheet.view()}</div> }.into_any()
}

fn chaos_fields(from: Time) -> Vec<Field> {
    let usual = Chaos::usual(1, from);
    let until = Time(from.0 + 10_000_000);
    let mut fields = vec![
        Field::number("seed", "Seed", usual.seed),
        Field::number("rate", "Faults a minute", 60),
        Field::number("down", "Down at once", usual.down),
        Field::text("within", "Undone within", "2s"),
        Field::text("from", "From", from.to_string()),
        Field::text("until", "Until", until.to_string()),
    ];
    fields.extend(Fault::ALL.map(|(kind, word)| Field::check(word, word, usual.kinds.contains(&kind))));
    fields
}

/// The line of a script that says what the fields say, and what it means; or what is wrong.
fn chaos(values: &Values) -> Result<(String, Chaos), String> {
    let kinds: Vec<&str> =
        Fault::ALL.iter().map(|(_, word)| *word).filter(|word| values.is_on(word)).collect();
    if kinds.is_empty() {
        return Err("Choose one kind of fault at least.".to_owned());
    }
    let time = |key: &str| values.time(key);
    let line = format!(
        "chaos {}/min {} down {} within {} from {} until {} seed {}",
        values.get("rate"),
        kinds.join(" "),
        values.whole("down", 0, 1_000)?,
        time("within")?,
        time("from")?,
        time("until")?,
        values.get("seed"),
    );
    let script =
        Script::parse(&line).map_err(|error| sentence(&format!("{}; {}", error.message, error.help)))?;
    let mut steps = script.steps();
    match steps.next() {
        Some((_, step)) => match &step.command {
            Command::Chaos(chaos) => Ok((line, (**chaos).clone())),
            _ => Err("Write numbers and times.".to_owned()),
        },
        None => Err("Write numbers and times.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changed: &[(&'static str, &str)]) -> Result<(String, Chaos), String> {
        let mut values = Values::of(&chaos_fields(Time(1_000_000)));
        changed.iter().for_each(|(key, value)| values.set(key, (*value).to_owned()));
        chaos(&values)
    }

    #[test]
    fn the_chaos_is_what_the_fields_say() {
        let (line, chaos) = read(&[("slow", "yes"), ("crash", ""), ("seed", "7"), ("rate", "0.5")]).unwrap();
        assert_eq!(line, "chaos 0.5/min pause partition slow down 1 within 2s from 1s until 11s seed 7");
        assert_eq!(chaos.kinds, [Fault::Pause, Fault::Partition, Fault::Slow]);
        assert_eq!((chaos.seed, chaos.rate, chaos.until), (7, 500, Time(11_000_000)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong: [&[(&'static str, &str)]; 6] = [
            &[("rate", "often")],
            &[("down", "-1")],
            &[("until", "0.5s")],
            &[("within", "0s")],
            &[("seed", "x")],
            &[("crash", ""), ("pause", ""), ("partition", "")],
        ];
        for changed in wrong {
            let error = read(changed).unwrap_err();
            assert!(error.ends_with('.'), "{changed:?}: {error}");
        }
    }
}
