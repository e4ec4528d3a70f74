//! Judges that know no protocol: of what the clients saw, and of what the nodes testified. Which of them
//! there are, the run decides: what clients can ask, and what handlers say.

use faultline_check::history::History;
use faultline_check::registry::{Judgement, judge_clients};
use faultline_check::run::Record;
use faultline_sim::{Operation, Testimony, Timeline};
use leptos::prelude::*;

use super::clients::{order, picture};
use super::evidence::{Evidence, Exhibit, use_evidence};
use super::probe::probed;
use crate::session::{Session, use_session};

/// Longer histories are judged on the command line.
const MOST: usize = 120;

/// Everything that is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    operations: Vec<Operation>,
    /// What the clients saw, if their operations read and write.
    history: Option<History>,
    verdicts: Vec<Judgement>,
}

/// The panel's part; nothing for a run of which no judge could say anything.
#[component]
pub fn Judges() -> impl IntoView {
    let (session, evidence) = (use_session(), use_evidence());
    let chosen = RwSignal::new(None::<&'static str>);
    // While time runs nobody could read it.
    let seen = Memo::new(move |before: Option<&Seen>| match before {
        Some(before) if session.playing.get() => before.clone(),
        _ => session.look(judge).unwrap_or_default(),
    });
    let probe = probed(session);
    move || {
        let Seen { operations, history, mut verdicts } = seen.get();
        verdicts.extend(probe.get());
        if verdicts.is_empty() {
            return ().into_any();
        }
        let first = verdicts.iter().position(|verdict| verdict.holds == Some(false)).unwrap_or(0);
        let named = |name| verdicts.iter().position(|verdict| verdict.name == name);
        let at = chosen.get().and_then(named).unwrap_or(first);
        let items = verdicts
            .iter()
            .enumerate()
            .map(|(place, verdict)| row(verdict, place == at, chosen))
            .collect_view();
        let shown = &verdicts[at];
        view! {
            <section class="check-part" aria-labelledby="judges-heading">
                <h2 id="judges-heading">"What judges say of this run"</h2>
                <ul class="checks client-verdicts" role="list">{items}</ul>
                <p class="found-asked judged" role="status">{said(shown)}{since(session, shown, &operations)}</p>
                {(1..=MOST).contains(&operations.len()).then(|| picture(session, &operations, shown))}
                {history.map(|history| order(&history, shown))}
                {pieces(session, evidence, shown, &operations)}
            </section>
        }
        .into_any()
    }
}

fn judge(timeline: &Timeline) -> Seen {
    let operations = timeline.world().history();
    let testimony: Vec<Testimony> = timeline.testimony().cloned().collect();
    let record = Record {
        cast: timeline.world().cast(),
        operations: &operations,
        events: &timeline.events()[..timeline.cursor() as usize],
        testimony: &testimony,
        now: timeline.world().now(),
    };
    let few = (1..=MOST).contains(&operations.len());
    let history = few.then(|| History::of_run(&operations).ok()).flatten();
    let mut verdicts = history.as_ref().map(judge_clients).unwrap_or_default();
    verdicts.extend(record.judge());
    Seen { operations, history, verdicts }
}

fn row(verdict: &Judgement, pressed: bool, chosen: RwSignal<Option<&'static str>>) -> AnyView {
    let (class, sign, word) = match verdict.holds {
        Some(true) => ("verdict holds", "✓", "holds: "),
        Some(false) => ("verdict broken", "✕", "is violated: "),
        None => ("verdict not-yet", "○", "undecided: "),
    };
    let name = verdict.name;
    view! {
        <li class=class>
            <span class="sign" aria-hidden="true">{sign}</span>
            <button type="button" class="link verdict-text" aria-pressed=pressed.to_string() on:click=move |_| chosen.set(Some(name))>
                <span class="sr">{word}</span>
                {name}
            </button>
        </li>
    }
    .into_any()
}

/// Its sentence; what stands between backticks is an operation or an answer.
fn said(verdict: &Judgement) -> AnyView {
    let Judgement { name, why, .. } = verdict;
    let why = if why.is_empty() { "nothing contradicts it" } else { why };
    let text = format!("{name}: {why}.");
    let piece = |(place, piece): (usize, &str)| match place % 2 {
        1 => view! { <code>{piece.to_owned()}</code> }.into_any(),
        _ => piece.to_owned().into_any(),
    };
    text.split('`').enumerate().map(piece).collect_view().into_any()
}

/// The event with which it broke.
fn broke(verdict: &Judgement, operations: &[Operation]) -> Option<u32> {
    let answered = verdict.last.and_then(|place| operations.get(place)?.returned_event);
    verdict.events.last().copied().or(answered).filter(|_| verdict.holds == Some(false))
}

/// Since when it stands as it does: what stays broken once it is has held since the start until then.
fn since(session: Session, verdict: &Judgement, operations: &[Operation]) -> AnyView {
    if let Some(event) = broke(verdict, operations) {
        let go = move |_| session.seek(event);
        return view! { " So since " <button type="button" class="link" on:click=go>{format!("event {event}")}</button>"." }
            .into_any();
    }
    let from_the_start = verdict.holds == Some(true) && verdict.stays_broken();
    from_the_start.then_some(" So since the start.").into_any()
}

/// What shows it, to go to.
fn pieces(session: Session, evidence: Evidence, verdict: &Judgement, operations: &[Operation]) -> AnyView {
    let broken = verdict.holds == Some(false);
    let exhibit = |timeline: &Timeline| Exhibit::of_judgement(timeline, verdict, operations);
    let exhibit = broken.then(|| untrack(|| session.look(exhibit))).flatten();
    exhibit.filter(|exhibit| !exhibit.pieces.is_empty()).map(|exhibit| evidence.list(exhibit)).into_any()
}
