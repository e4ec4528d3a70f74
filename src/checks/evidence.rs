//! What shows that something is broken: nodes, events, messages. Every pane lights it: as long as a property
//! that must always hold is broken at the cursor; and what the learner has chosen, wherever the cursor goes
//! then, so that a piece of evidence can be gone to and is still lit there.

use faultline_check::registry::Judgement;
use faultline_model::{Mark, MsgId, NodeId, sort_by_key};
use faultline_sim::{Event, Operation, Since, Timeline, VerdictView, What, standing};
use leptos::prelude::*;

use crate::inspector::Step;
use crate::session::{Session, Target};
use crate::widgets::focus_on;

/// What is lit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guilt {
    nodes: Vec<NodeId>,
    /// Events, by their numbers.
    pub events: Vec<u32>,
    /// The messages that arrived, or died, with those events.
    pub messages: Vec<MsgId>,
}

impl Guilt {
    fn add(&mut self, exhibit: &Exhibit, timeline: &Timeline) {
        self.nodes.extend(&exhibit.nodes);
        for &event in &exhibit.events {
            self.events.push(event);
            self.messages.extend(record(timeline, event).and_then(|event| event.msg));
        }
    }
}

/// One thing that is broken, with what shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exhibit {
    /// What is broken.
    pub name: String,
    /// Why, in a sentence.
    pub why: String,
    /// Behind which event it is broken: where it was seen.
    pub at: u32,
    /// On which branch.
    branch: usize,
    /// The pieces of evidence that one can go to.
    pub pieces: Vec<Step>,
    nodes: Vec<NodeId>,
    events: Vec<u32>,
}

impl Exhibit {
    /// What shows that a property of the protocol is broken at the cursor.
    pub fn of_property(timeline: &Timeline, verdict: &VerdictView, since: Option<Since>) -> Exhibit {
        let broke = match since {
            Some(Since::Event(event)) => Some(event),
            _ => None,
        };
        let mut pieces: Vec<Step> = verdict.marks.iter().filter_map(|mark| piece(timeline, *mark)).collect();
        if let Some(event) = broke {
            match pieces.iter_mut().find(|piece| piece.event == event) {
                Some(known) => known.lead.push_str(": this breaks it"),
                None => {
                    let cause = record(timeline, event).filter(|event| event.msg.is_some());
                    let sent = cause.map(|event| event.cause).filter(|cause| *cause > 0);
                    pieces.extend(sent.map(|cause| Step::of(timeline, cause, "before that")));
                    pieces.push(Step::of(timeline, event, "this breaks it"));
                }
            }
        }
        let find = |name: &String| timeline.world().cast().find(name);
        let nodes = verdict.nodes.iter().filter_map(find).collect();
        Exhibit::new(timeline, verdict.sentence.clone(), verdict.why.clone(), nodes, pieces)
    }

    /// What shows that a judge finds the run broken.
    pub fn of_judgement(timeline: &Timeline, judgement: &Judgement, operations: &[Operation]) -> Exhibit {
        let Judgement { name, why, operations: places, events, .. } = judgement;
        let asked = places.iter().filter_map(|&place| operations.get(place));
        let told = |operation: &Operation| {
            let answer = operation.result.as_deref().unwrap_or("no answer yet");
            let lead = format!("{}: {} → {answer}", operation.process, operation.call);
            Step::of(timeline, operation.returned_event.unwrap_or(operation.invoked_event), lead)
        };
        let mut pieces: Vec<Step> = asked.clone().map(told).collect();
        pieces.extend(events.iter().map(|&event| Step::of(timeline, event, "")));
        let client = |operation: &Operation| timeline.world().cast().find(&operation.process);
        let nodes = judgement.nodes.iter().copied().chain(asked.clone().filter_map(client)).collect();
        let mut exhibit = Exhibit::new(timeline, (*name).to_owned(), why.clone(), nodes, pieces);
        exhibit.events.extend(asked.map(|operation| operation.invoked_event));
        exhibit
    }

    fn new(
        timeline: &Timeline,
        name: String,
        why: String,
        nodes: Vec<NodeId>,
        mut pieces: Vec<Step>,
    ) -> Exhibit {
        sort_by_key(&mut pieces, |piece| piece.event);
        let branch = timeline.branches().iter().position(|branch| branch.current).unwrap_or(0);
        let events = pieces.iter().map(|piece| piece.event).filter(|event| *event > 0).collect();
        Exhibit { name, why, at: timeline.cursor(), branch, pieces, nodes, events }
    }
}

fn record(timeline: &Timeline, event: u32) -> Option<&Event> {
    timeline.events().get((event as usize).checked_sub(1)?)
}

/// The event of a mark; and, because what a node did it need not be doing any more, whether it has crashed
/// since. A shortest run to two leaders of one term has the first of them crash: it leads no longer when the
/// second is elected, and election safety is broken all the same, for it speaks of the whole history.
fn piece(timeline: &Timeline, mark: Mark) -> Option<Step> {
    let same = |fact: &faultline_model::Fact| *fact == faultline_model::Fact::Did(mark.did, mark.number);
    let said = timeline.testimony().find(|said| said.node == mark.node && same(&said.fact))?;
    let name = timeline.world().cast().name(mark.node);
    let later = timeline.events()[..timeline.cursor() as usize].iter().zip(1..);
    let ended = |(event, _): &(&Event, u32)| {
        event.node == mark.node && matches!(event.what, What::Crashed | What::Killed | What::Left)
    };
    let crashed = later.skip(said.event as usize).find(ended);
    let until = crashed.map_or(String::new(), |(_, event)| format!(" until it crashes in event {event}"));
    Some(Step::of(timeline, said.event, format!("{name} {}{until}", mark.did)))
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

/// A handle on the evidence of this page's run.
#[derive(Clone, Copy)]
pub struct Evidence {
    session: Session,
    found: Memo<Option<Found>>,
    /// What is lit.
    pub guilt: Memo<Guilt>,
    chosen: RwSignal<Option<Exhibit>>,
}

/// The evidence of this page.
pub fn use_evidence() -> Evidence {
    expect_context::<Evidence>()
}

impl Evidence {
    /// The evidence of a session's run, put into the context.
    pub fn provide(session: Session) {
        // While time runs nobody could read it.
        let found = Memo::new(move |before: Option<&Option<Found>>| {
            let before = before.and_then(Option::as_ref);
            if session.playing.get() {
                return before.cloned();
            }
            let holds = session.view().verdicts.iter().map(|verdict| verdict.holds).collect();
            let story = session.story();
            session.look(|timeline| Found::now(before, timeline, story, holds))
        });
        let chosen = RwSignal::new(None::<Exhibit>);
        let guilt = Memo::new(move |_| {
            let view = session.view();
            let mut guilt = Guilt::default();
            for (place, verdict) in view.verdicts.iter().enumerate().filter(|(_, verdict)| verdict.broken()) {
                let since = since(session, found, place);
                session.look(|timeline| guilt.add(&Exhibit::of_property(timeline, verdict, since), timeline));
            }
            if let Some(exhibit) = current(session, chosen) {
                session.look(|timeline| guilt.add(&exhibit, timeline));
            }
            guilt
        });
        provide_context(Evidence { session, found, guilt, chosen });
    }

    /// Since when the property at that place of the verdicts stands as it does; `None` while time runs.
    pub fn since(self, place: usize) -> Option<Since> {
        since(self.session, self.found, place)
    }

    /// Whether a node is lit.
    pub fn has_node(self, node: NodeId) -> bool {
        self.guilt.with(|guilt| guilt.nodes.contains(&node))
    }

    /// Whether a message is lit.
    pub fn has_message(self, msg: MsgId) -> bool {
        self.guilt.with(|guilt| guilt.messages.contains(&msg))
    }

    /// Whether an event is lit.
    pub fn has_event(self, event: u32) -> bool {
        self.guilt.with(|guilt| guilt.events.contains(&event))
    }

    /// What the learner has chosen.
    pub fn chosen(self) -> Option<Exhibit> {
        current(self.session, self.chosen)
    }

    /// Keeps that lit, or nothing.
    pub fn choose(self, exhibit: Option<Exhibit>) {
        self.chosen.set(exhibit);
    }

    /// Goes to an event, the evidence lit.
    fn go_to(self, exhibit: &Exhibit, event: u32) {
        self.chosen.set(Some(exhibit.clone()));
        self.session.lit.set(None);
        self.session.pause();
        self.session.seek(event);
        // The list is drawn anew, and the one who went through it by keyboard goes on there.
        request_animation_frame(move || {
            focus_on(&format!(".exhibit [data-piece=\"{event}\"]"));
        });
    }

    /// The pieces as a list of buttons.
    pub fn list(self, exhibit: Exhibit) -> AnyView {
        let name = format!("Evidence: {}", exhibit.name);
        let whole = StoredValue::new(exhibit.clone());
        let lit = self.session.lit;
        let item = move |Step { event, lead, text, at }: Step| {
            let light = move |on: bool| lit.set(on.then_some(Target::Event(event)));
            let here = move || self.session.cursor() == event;
            view! {
                <li class="step">
                    <button
                        type="button"
                        data-piece=event
                        disabled=event == 0
                        aria-current=move || here().then_some("true")
                        on:click=move |_| whole.with_value(|exhibit| self.go_to(exhibit, event))
                        on:mouseenter=move |_| light(true)
                        on:mouseleave=move |_| light(false)
                        on:focus=move |_| light(true)
                        on:blur=move |_| light(false)
                    >
                        <span class="step-lead">{lead}</span>
                        <span class="step-text">{text}</span>
                        <span class="step-place">{format!("event {event}, {at}")}</span>
                    </button>
                </li>
            }
        };
        let items = exhibit.pieces.into_iter().map(item).collect_view();
        view! { <ol class="steps evidence" aria-label=name>{items}</ol> }.into_any()
    }

    /// What the learner has gone away from to look at a piece of it: stays until it is put away.
    pub fn shown(self) -> AnyView {
        let strip = move |exhibit: Exhibit| {
            let at = exhibit.at;
            let back = (self.session.cursor() != at).then(|| {
                view! {
                    <button type="button" class="btn" on:click=move |_| self.session.seek(at)>
                        {format!("Back to event {at}")}
                    </button>
                }
            });
            view! {
                <section class="exhibit" aria-label="Evidence">
                    <p class="exhibit-name"><b>{exhibit.name.clone()}</b></p>
                    <p class="verdict-why">{exhibit.why.clone()}</p>
                    {self.list(exhibit)}
                    <div class="found-ways">
                        {back}
                        <button type="button" class="btn quiet" on:click=move |_| self.choose(None)>"Put away"</button>
                    </div>
                </section>
            }
            .into_any()
        };
        (move || self.chosen().map(strip)).into_any()
    }
}

fn since(session: Session, found: Memo<Option<Found>>, place: usize) -> Option<Since> {
    let known = found.with(|found| found.as_ref()?.since.get(place).copied());
    known.filter(|_| !session.playing.get())
}

/// What was chosen, if its events are still those of the run on stage.
fn current(session: Session, chosen: RwSignal<Option<Exhibit>>) -> Option<Exhibit> {
    let exhibit = chosen.get()?;
    session.story();
    let branch = session.look(|timeline| timeline.branches().iter().position(|branch| branch.current));
    (branch.flatten() == Some(exhibit.branch) && session.len() >= exhibit.at).then_some(exhibit)
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_sim::{Scenario, Script};

    use super::*;

    /// Two servers lead one term, because a vote was forgotten; by then the first of them is down.
    fn rivals() -> Timeline {
        let set = vec![("persist-vote".to_owned(), "off".to_owned()), ("clients".to_owned(), "0".to_owned())];
        let scenario =
            Scenario { protocol: "raft".to_owned(), nodes: 3, seed: 1, set, ..Scenario::default() };
        let world = catalogue::build(&scenario).expect("a scenario");
        let mut timeline = Timeline::new(scenario, world);
        let lines = "\
            fire S1 election\n\
            deliver S1->S2 RequestVote\n\
            deliver S2->S1 RequestVoteReply\n\
            crash S2\n\
            restart S2\n\
            crash S1\n\
            fire S3 election\n\
            deliver S3->S2 RequestVote\n\
            deliver S2->S3 RequestVoteReply\n";
        let script = Script::parse(lines).expect("a script");
        script.run(&mut timeline).expect("every line can be done");
        timeline
    }

    #[test]
    fn evidence_says_when_each_leader_was_elected_and_until_when_it_led() {
        let mut timeline = rivals();
        let broken = |timeline: &Timeline| {
            let view = timeline.view();
            view.verdicts
                .into_iter()
                .find(|verdict| verdict.property == "election-safety")
                .expect("a verdict")
        };
        let verdict = broken(&timeline);
        assert!(!verdict.holds, "{verdict:?}");
        let last = timeline.cursor();
        let since = standing(&timeline, last, LOOK_BACK)[0];
        assert_eq!(since, Since::Event(last));
        let exhibit = Exhibit::of_property(&timeline, &verdict, Some(since));
        let leads: Vec<&str> = exhibit.pieces.iter().map(|piece| piece.lead.as_str()).collect();
        assert_eq!(leads, ["S1 leads until it crashes in event 6", "S3 leads: this breaks it"]);
        assert_eq!(exhibit.events, [3, last]);
        let mut guilt = Guilt::default();
        guilt.add(&exhibit, &timeline);
        assert_eq!((guilt.nodes.len(), guilt.messages.len()), (2, 2), "both nodes and both last votes");
        timeline.seek(last - 1);
        assert!(broken(&timeline).holds && broken(&timeline).marks.is_empty());
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
