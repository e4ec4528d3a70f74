//! The one place that changes the world, and the one signal that says what it looks like.
//!
//! A [`Session`] is a handle that every component gets from the context. Reading it subscribes;
//! calling one of its verbs moves the timeline and writes [`Moment`] once. Nothing else owns a
//! world, and no component calls another: down once, back once.

mod branching;
mod change;
mod graves;
mod moment;
mod opening;
mod planning;
mod staging;
mod travel;

use std::sync::Arc;

use faultline_lessons::Layout;
use faultline_model::{About, Cast, NodeId, Time};
use faultline_sim::{
    Action, AnyWorld, BranchView, Event, NodeView, Operation, Row, Run, Scenario, Sentence, Timeline, Tree,
    WorldView, rows,
};
use leptos::prelude::*;

pub use change::Trouble;
pub use graves::{Grave, HELD, progress};
pub use moment::{Lower, Moment, Notice, Speed, Target, Tone};
pub use opening::{At, Opening};
pub use staging::{GoalStatus, LessonStatus, PredictionStatus, Staging, Turn};

/// What runs beside the timeline: it is told every event that is new to the learner, in order, and
/// may stop the playback there.
pub type Tap = Box<dyn FnMut(&Timeline) -> Flow>;

/// What a [`Tap`] wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    On,
    /// Pause the playback at this event.
    Pause,
}

/// The parts of a session that are no signals.
struct Engine {
    timeline: Option<Timeline>,
    /// The world one event before the cursor, for what has changed since.
    before: Option<Box<dyn AnyWorld>>,
    /// Whether the events may be others than when the moment was last written.
    story_changed: bool,
    /// Where messages died, within the last events.
    graves: Vec<Grave>,
    taps: Vec<(u32, Tap)>,
    next_tap: u32,
    turn: Option<Box<dyn Fn(Turn)>>,
    /// What the address says, until the first run begins.
    opening: Opening,
}

/// A handle on the run that the page shows.
#[derive(Clone, Copy)]
pub struct Session {
    engine: StoredValue<Engine, LocalStorage>,
    moment: RwSignal<Moment>,
    /// True time as drawn, microseconds: glides between events while playing.
    pub display_time: RwSignal<f64>,
    /// Whether time runs.
    pub playing: RwSignal<bool>,
    /// How fast.
    pub speed: RwSignal<Speed>,
    /// Whether nothing may glide, because the reader's system asks for less motion.
    pub still: RwSignal<bool>,
    /// What the learner has chosen; the inspector shows it.
    pub selected: RwSignal<Option<Target>>,
    /// What is pointed at or focused, here or in another pane: every pane lights its mark of it.
    pub lit: RwSignal<Option<Target>>,
    /// What the live region says.
    pub spoken: RwSignal<String>,
    /// What the learner must see: a refusal, a warning. Newest last.
    pub notices: RwSignal<Vec<Notice>>,
    /// Which view of the run the lower pane shows.
    pub lower: RwSignal<Lower>,
    /// Which two branches are compared; `None` compares the current one with the one it left.
    pub compared: RwSignal<Option<(usize, usize)>>,
    /// Whether the tree of branches is folded away.
    pub folded: RwSignal<bool>,
    /// How the lesson sets the stage.
    pub staging: RwSignal<Staging>,
    /// The layout that the learner has chosen; without one the staging's is in force.
    pub layout: RwSignal<Option<Layout>>,
    /// Where the learner stands in the lesson; `None` without one.
    pub lesson: RwSignal<Option<LessonStatus>>,
}

/// The session of this page. Panics outside a page that has one: a programming error.
pub fn use_session() -> Session {
    expect_context::<Session>()
}

impl Session {
    /// A session without a run, put into the context.
    pub fn provide() -> Session {
        let session = Session {
            engine: StoredValue::new_local(Engine {
                timeline: None,
                before: None,
                story_changed: false,
                graves: vec![],
                taps: vec![],
                next_tap: 0,
                turn: None,
                opening: Opening::default(),
            }),
            moment: RwSignal::new(Moment::empty()),
            display_time: RwSignal::new(0.0),
            playing: RwSignal::new(false),
            speed: RwSignal::new(Speed::default()),
            still: RwSignal::new(false),
            selected: RwSignal::new(None),
            lit: RwSignal::new(None),
            spoken: RwSignal::new(String::new()),
            notices: RwSignal::new(vec![]),
            lower: RwSignal::new(Lower::Spacetime),
            compared: RwSignal::new(None),
            folded: RwSignal::new(false),
            staging: RwSignal::new(Staging::default()),
            layout: RwSignal::new(None),
            lesson: RwSignal::new(None),
        };
        provide_context(session);
        session
    }

    // Reading. Everything here subscribes to the moment; `untracked` twins do not exist because
    // Leptos's `untrack` does it.

    /// Everything that changes with the cursor, in one value.
    pub fn moment(self) -> Signal<Moment> {
        self.moment.into()
    }

    /// The world at the cursor.
    pub fn view(self) -> Arc<WorldView> {
        self.moment.with(|moment| moment.view.clone())
    }

    /// Counts changes of any kind: of the cursor, of the branch, of the run.
    pub fn revision(self) -> u64 {
        self.moment.with(|moment| moment.revision)
    }

    /// Changes only when the events themselves may have changed: another run, another branch, a
    /// longer one. Moving the cursor leaves it alone.
    pub fn story(self) -> u64 {
        self.moment.with(|moment| moment.story)
    }

    /// How many events lie before the cursor.
    pub fn cursor(self) -> u32 {
        self.moment.with(|moment| moment.cursor)
    }

    /// How many events this branch has.
    pub fn len(self) -> u32 {
        self.moment.with(|moment| moment.len)
    }

    /// Whether a run is loaded.
    pub fn loaded(self) -> bool {
        self.moment.with(|moment| moment.loaded)
    }

    /// One node at the cursor.
    pub fn node(self, node: NodeId) -> Option<NodeView> {
        self.moment.with(|moment| moment.view.nodes.get(node.index()).cloned())
    }

    /// The branches of this run, in the order in which they were started.
    pub fn branches(self) -> Vec<BranchView> {
        self.look(Timeline::branches).unwrap_or_default()
    }

    /// What the protocol says of itself.
    pub fn about(self) -> Option<&'static About> {
        self.look(|timeline| timeline.world().about())
    }

    /// The nodes' names and kinds.
    pub fn cast(self) -> Cast {
        self.look(|timeline| timeline.world().cast().clone()).unwrap_or_default()
    }

    /// What the run started from.
    pub fn scenario(self) -> Option<Scenario> {
        self.look(|timeline| timeline.scenario().clone())
    }

    /// The whole run as data, for links and files.
    pub fn run(self) -> Option<Run> {
        self.look(Timeline::run)
    }

    /// The events from `from` (counted from 1) up to and including `to`.
    pub fn events(self, from: u32, to: u32) -> Vec<Event> {
        self.look(|timeline| {
            let events = timeline.events();
            let first = (from.max(1) - 1) as usize;
            let last = (to as usize).min(events.len());
            events.get(first..last).map(<[Event]>::to_vec).unwrap_or_default()
        })
        .unwrap_or_default()
    }

    /// The `number`th event, counted from 1, as a sentence.
    pub fn narrate(self, number: u32) -> Option<Sentence> {
        self.look(|timeline| timeline.narrate(number)).flatten()
    }

    /// The state of a node at the cursor.
    pub fn detail(self, node: NodeId) -> Option<Tree> {
        self.look(|timeline| timeline.world().detail(node)).flatten()
    }

    /// The state of a node as lines, what the last event changed lit.
    pub fn rows(self, node: NodeId) -> Vec<Row> {
        self.moment.track();
        self.engine.with_value(|engine| {
            let Some(timeline) = &engine.timeline else {
                return vec![];
            };
            let world = timeline.world();
            let Some(now) = world.detail(node) else {
                return vec![];
            };
            let before = engine.before.as_ref().and_then(|before| before.detail(node));
            rows(before.as_ref(), &now, world.cast())
        })
    }

    /// The client operations up to the cursor.
    pub fn history(self) -> Vec<Operation> {
        self.look(|timeline| timeline.world().history()).unwrap_or_default()
    }

    /// Interventions of this branch: after how many events, and what was done.
    pub fn interventions(self) -> Vec<(u32, Action)> {
        self.look(|timeline| timeline.interventions().iter().map(|i| (i.after, i.action.clone())).collect())
            .unwrap_or_default()
    }

    /// The digest of the trace up to the cursor.
    pub fn digest(self) -> Option<u64> {
        self.look(Timeline::digest)
    }

    /// Reads the timeline, and subscribes.
    pub fn look<T>(self, read: impl FnOnce(&Timeline) -> T) -> Option<T> {
        self.moment.track();
        self.engine.with_value(|engine| engine.timeline.as_ref().map(read))
    }

    // Saying.

    /// Has the live region say something.
    pub fn announce(self, text: impl Into<String>) {
        self.spoken.update(|spoken| *spoken = anew(spoken, text.into()));
    }

    /// Shows a message above the stage and says it.
    pub fn notify(self, tone: Tone, text: impl Into<String>) {
        let text = text.into();
        self.announce(text.clone());
        self.notices.update(|notices| Notice::push(notices, tone, text));
    }

    /// Takes a message away.
    pub fn dismiss(self, id: u32) {
        self.notices.update(|notices| notices.retain(|notice| notice.id != id));
    }

    /// Has `tap` told of every event that is new, until the returned function is called.
    pub fn tap(self, tap: impl FnMut(&Timeline) -> Flow + 'static) -> impl FnOnce() + 'static {
        let id = self.engine.try_update_value(|engine| {
            engine.next_tap += 1;
            engine.taps.push((engine.next_tap, Box::new(tap)));
            engine.next_tap
        });
        move || {
            self.engine.try_update_value(|engine| engine.taps.retain(|(tap, _)| Some(*tap) != id));
        }
    }

    /// Has the keys that turn a lesson's steps call `turn`.
    pub fn on_turn(self, turn: impl Fn(Turn) + 'static) {
        self.engine.update_value(|engine| engine.turn = Some(Box::new(turn)));
    }

    /// Goes to the lesson's next step, or back.
    pub fn turn(self, turn: Turn) {
        // Taken out while it runs: what it does may read the session.
        let handler = self.drive(|engine| engine.turn.take());
        if let Some(handler) = handler {
            handler(turn);
            self.drive(|engine| {
                engine.turn.get_or_insert(handler);
            });
        }
    }

    /// The time that the learner sees.
    pub fn shown(self) -> Time {
        Time(self.display_time.get_untracked().max(0.0) as u64)
    }
}

/// What the live region is to hold so that it says `text`: the same words a second time are no change, which
/// nobody would read out. A space at the end makes one.
fn anew(before: &str, text: String) -> String {
    if before == text { text + "\u{a0}" } else { text }
}

#[cfg(test)]
mod tests {
    use super::anew;

    #[test]
    fn what_is_said_twice_changes_twice() {
        let mut said = String::new();
        for _ in 0..3 {
            let now = anew(&said, "Right.".to_owned());
            assert_ne!(now, said, "a live region reads changes out");
            assert_eq!(now.trim(), "Right.");
            said = now;
        }
    }
}
