//! Clients that ask by themselves: a form, and the line of a script that says the same.

use faultline_model::{Chance, OpForm, ParamField};
use faultline_sim::{Action, Script, Timeline, Workload, WorldView, form_word};
use leptos::prelude::*;

use super::fields::{Field, Preview, Values, sentence};
use super::sheet::Sheet;
use crate::session::Session;

/// What is running, and what could run.
pub fn panel(session: Session) -> AnyView {
    let told = Memo::new(move |_| told(&session.view()));
    let runs =
        Memo::new(move |_| session.view().workload.as_ref().is_some_and(|workload| !workload.finished));
    let forms = untrack(|| session.look(forms_of)).unwrap_or_default();
    let clients = untrack(|| askers(&session.view()));
    let (shown, sent) = (forms.clone(), forms.clone());
    let sheet = Sheet {
        fields: fields(&forms, &clients),
        verb: "Start",
        adjust: None,
        preview: Callback::new(move |values| Preview {
            line: line(&values, &shown).unwrap_or_default(),
            ..Preview::default()
        }),
        submit: Callback::new(move |values| {
            let line = line(&values, &sent)?;
            session.perform(&line).map_err(|trouble| sentence(&trouble.0))
        }),
        done: Callback::new(|()| ()),
    };
    view! {
        {sheet.view()}
        <div class="workload-state">
            <p class="dimmed" role="status" title=move || session.view().workload.as_ref().map(|it| it.text.clone())>
                {told}
            </p>
            <Show when=move || runs.get()>
                <button class="btn" on:click=move |_| session.attempt(Action::EndWorkload)>"Stop"</button>
            </Show>
        </div>
    }
    .into_any()
}

/// How far the workload is.
fn told(view: &WorldView) -> String {
    let Some(workload) = &view.workload else {
        return "No workload runs.".to_owned();
    };
    let state = if workload.finished { "Ended" } else { "Running" };
    let missed = match workload.missed {
        0 => String::new(),
        missed => format!(", {missed} more found their client down"),
    };
    format!("{state}. Operations so far: {}{missed}.", workload.issued)
}

/// Those who ask unless others are named: the clients, or the servers where no client takes operations.
fn askers(view: &WorldView) -> Vec<(u16, String)> {
    let takers = |client: bool| {
        let nodes =
            view.nodes.iter().filter(move |node| node.client == client && !node.operations.is_empty());
        nodes.map(|node| (node.node.0, node.id.clone())).collect::<Vec<_>>()
    };
    let clients = takers(true);
    if clients.is_empty() { takers(false) } else { clients }
}

fn forms_of(timeline: &Timeline) -> Vec<OpForm> {
    let world = timeline.world();
    let first = askers(&world.view()).first().map(|(number, _)| faultline_model::NodeId(*number));
    first.map(|node| world.forms(node)).unwrap_or_default()
}

fn fields(forms: &[OpForm], clients: &[(u16, String)]) -> Vec<Field> {
    let mut who = vec![("", "all")];
    who.extend(clients.iter().map(|(_, name)| (name.as_str(), name.as_str())));
    let paces = [("open", "at a rate (open)"), ("closed", "one after the other (closed)")];
    let mut fields = vec![
        Field::choice("pace", "Clients ask", &paces, "open"),
        Field::number("rate", "Rate, per second", 50).when("pace", &["open"]),
        Field::number("outstanding", "Open at once", 1).when("pace", &["closed"]),
        Field::text("think", "Time to think", "10ms").when("pace", &["closed"]),
        Field::choice("client", "Clients", &who, ""),
    ];
    if forms.len() > 1 {
        let share = (100 / forms.len()) as u32;
        fields.extend(forms.iter().map(|form| Field::share(form.name, form.name, share)));
    }
    if forms.iter().any(|form| form.template.contains("{key}")) {
        fields.push(Field::number("keys", "Keys", 10));
        fields.push(Field::number("zipf", "Zipf exponent", "0.99"));
    }
    fields.push(Field::number("total", "At most", ""));
    fields
}

/// The line of a script that says what the fields say, or what is wrong with them.
fn line(values: &Values, forms: &[OpForm]) -> Result<String, String> {
    let mut line = match values.get("pace") {
        "closed" => {
            let most = Workload::<String>::MAX_OPEN as u32;
            let think = values.time("think")?;
            format!("workload closed {} think {think}", values.whole("outstanding", 1, most)?)
        }
        _ => format!("workload open {}/s", values.get("rate")),
    };
    if !values.get("client").is_empty() {
        line += &format!(" clients {}", values.get("client"));
    }
    line += &mix(values, forms)?;
    for (key, usual) in [("keys", "1"), ("zipf", "0"), ("total", "")] {
        let value = values.get(key);
        if !value.is_empty() && value != usual {
            line += &format!(" {key} {value}");
        }
    }
    match Script::parse(&line) {
        Ok(_) => Ok(line),
        Err(error) => Err(sentence(&format!("{}; {}", error.message, error.help))),
    }
}

/// The sliders as shares that make 100 % together.
fn mix(values: &Values, forms: &[OpForm]) -> Result<String, String> {
    if forms.len() < 2 {
        return Ok(String::new());
    }
    let weight = |form: &OpForm| values.get(form.name).parse::<u64>().unwrap_or(0).min(100);
    let whole: u64 = forms.iter().map(weight).sum();
    if whole == 0 {
        return Err("Give one kind of operation a share at least.".to_owned());
    }
    let (mut text, mut passed, mut given) = (String::new(), 0, 0);
    for form in forms.iter().filter(|form| weight(form) > 0) {
        // Up to here so much is given, so that the last share makes it exactly 100 %.
        passed += weight(form);
        let upto = passed * 1_000_000 / whole;
        text += &format!(" {} {}", form_word(form.name), Chance((upto - given) as u32).write());
        given = upto;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_sim::{Scenario, perform};

    use super::*;

    fn timeline(protocol: &str) -> Timeline {
        let scenario = Scenario { protocol: protocol.into(), nodes: 3, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        Timeline::new(scenario, world)
    }

    fn said(timeline: &Timeline, changed: &[(&'static str, &str)]) -> Result<String, String> {
        let forms = forms_of(timeline);
        let mut values = Values::of(&fields(&forms, &askers(&timeline.world().view())));
        changed.iter().for_each(|(key, value)| values.set(key, (*value).to_owned()));
        line(&values, &forms)
    }

    #[test]
    fn every_protocol_takes_the_form_as_it_opens() {
        for entry in catalogue::protocols() {
            let mut timeline = timeline(entry.slug);
            if forms_of(&timeline).is_empty() {
                continue;
            }
            let line = said(&timeline, &[]).unwrap();
            perform(&mut timeline, &line).unwrap_or_else(|error| panic!("{}: {line}: {error}", entry.slug));
            for _ in 0..40 {
                timeline.step();
            }
            let issued = timeline.world().view().workload.unwrap().issued;
            assert!(issued > 0, "{}: {line}", entry.slug);
            assert!(told(&timeline.world().view()).contains("so far"));
        }
    }

    #[test]
    fn the_line_says_what_the_fields_say() {
        let raft = timeline("raft");
        let mixed =
            [("Write", "30"), ("Read", "60"), ("Compare and set", "0"), ("zipf", "0"), ("total", "500")];
        let line = "workload open 50/s write 33.3333% read 66.6667% keys 10 total 500";
        assert_eq!(said(&raft, &mixed).unwrap(), line);
        let closed = [
            ("pace", "closed"),
            ("think", "5ms"),
            ("keys", "1"),
            ("client", "S2"),
            ("Write", "0"),
            ("Read", "0"),
        ];
        let line = "workload closed 1 think 5ms clients S2 compare-and-set 100% zipf 0.99";
        assert_eq!(said(&raft, &closed).unwrap(), line);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let raft = timeline("raft");
        let wrong: [&[(&'static str, &str)]; 6] = [
            &[("rate", "often")],
            &[("rate", "0")],
            &[("keys", "0")],
            &[("zipf", "1e9")],
            &[("pace", "closed"), ("think", "long")],
            &[("Write", "0"), ("Read", "0"), ("Compare and set", "0")],
        ];
        for changed in wrong {
            let error = said(&raft, changed).unwrap_err();
            assert!(error.ends_with('.'), "{changed:?}: {error}");
        }
    }
}
