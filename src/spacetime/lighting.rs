//! What a learner asks about happened-before: cones, the way between two events, vector timestamps.

use faultline_model::Time;
use faultline_sim::Loss;
use leptos::prelude::*;

use super::board::Board;
use super::cones::{Cone, Lights, cone_sentence, vector_words, way, way_sentence};
use super::geometry::{Frame, clock_text};
use super::picture::line;
use super::story::Story;
use super::trace::{Band, Condition, End};
use crate::session::Target;

/// So many vector timestamps are written at once,
const MOST_VECTORS: usize = 60;
/// and of at most so many nodes.
const MOST_ENTRIES: usize = 8;
/// A letter of a label, about.
const LETTER_PX: f64 = 7.2;
/// A label stands so far above its lane.
const ABOVE_PX: f64 = 9.0;

impl Board {
    /// The event that P, F and the buttons speak of: the one in focus, else the chosen one, else that at
    /// the cursor.
    pub fn subject(self) -> Option<u32> {
        let chosen = match self.session.selected.get() {
            Some(Target::Event(event)) => Some(event),
            _ => None,
        };
        let cursor = Some(self.session.cursor()).filter(|&cursor| cursor != 0);
        self.aim.get().or(chosen).or(cursor).filter(|&event| event <= self.session.len())
    }

    /// Lights the past or the future of an event, or puts it out, and says what that is.
    pub fn light(self, event: u32, future: bool) {
        self.lights.update(|lights| *lights = lights.toggled(event, future));
        self.say();
    }

    /// The next event that is clicked ends a way from the chosen one, or from that at the cursor; or not.
    pub fn begin_seeking(self) {
        let from = untrack(|| self.subject()).filter(|_| !self.seeking.get_untracked());
        self.seeking.set(from.is_some());
        if let Some(from) = from {
            self.session.selected.set(Some(Target::Event(from)));
            self.session.announce(format!("Now choose the event that the path from event {from} leads to."));
        }
    }

    /// Lights the way between the chosen event and another one, in the direction in which there is one.
    pub fn seek_way(self, to: u32) {
        self.seeking.set(false);
        let from = match self.session.selected.get_untracked() {
            Some(Target::Event(event)) if event != to => event,
            _ => {
                self.session
                    .announce("Choose the first event with Enter, then go to the second and press T.");
                return;
            }
        };
        self.lights.set(Lights { event: from, goal: to, ..Lights::default() });
        self.say();
    }

    /// Puts everything out.
    pub fn darken(self) {
        self.seeking.set(false);
        self.lights.set(Lights::default());
    }

    fn say(self) {
        if let Some(sentence) = untrack(|| self.lit_sentence()) {
            self.session.announce(sentence);
        }
    }

    /// What is lit, as a sentence.
    pub fn lit_sentence(self) -> Option<String> {
        let lights = self.lights.get();
        if !lights.any() {
            return None;
        }
        self.story.with(|story| {
            let causality = story.causality.as_ref()?;
            if lights.goal == 0 {
                return Some(cone_sentence(causality, lights.event));
            }
            let ends = in_order(lights);
            let events = self.session.events(1, ends.1);
            let way = causality.path(ends.0, ends.1);
            Some(way_sentence(&events, &story.names, ends, way.as_deref()))
        })
    }

    /// Writes vector timestamps at the events, or no longer, and says that of one.
    pub fn show_vectors(self, event: u32) {
        self.vectors.update(|shown| *shown = !*shown);
        if let Some(sentence) = untrack(|| self.vector_sentence(event)) {
            self.session.announce(sentence);
        }
    }

    /// The vector timestamp of an event with the nodes' names, when such are wanted.
    pub fn vector_sentence(self, event: u32) -> Option<String> {
        let words = |story: &Story| {
            let mut vector = story.causality.as_ref()?.vector(event);
            vector.resize(story.names.len(), 0);
            Some(format!("Vector timestamp: {}.", vector_words(&vector, &story.names)))
        };
        self.vectors.get().then(|| self.story.with(words)).flatten()
    }
}

/// A way goes from the earlier event to the later.
fn in_order(lights: Lights) -> (u32, u32) {
    (lights.event.min(lights.goal), lights.event.max(lights.goal))
}

/// What is lit, as shapes of the drawn window: class and path, bottom to top.
pub fn shapes(board: Board) -> Memo<Vec<(&'static str, String)>> {
    let lights = board.lights;
    let cones = Memo::new(move |_| {
        let lights = lights.get();
        let cone = |story: &Story| {
            let causality = story.causality.as_ref()?;
            let side = |lit: bool, future| lit.then(|| Cone::of(causality, lights.event, future));
            Some([side(lights.past, false), side(lights.future, true)])
        };
        board.story.with(cone).into_iter().flatten().flatten().collect::<Vec<Cone>>()
    });
    let path = Memo::new(move |_| {
        let lights = lights.get();
        let (from, to) = in_order(lights);
        let find = |story: &Story| story.causality.as_ref()?.path(from, to);
        (lights.goal != 0).then(|| board.story.with(find)).flatten().unwrap_or_default()
    });
    Memo::new(move |_| {
        let mut shapes = vec![];
        if cones.with(Vec::is_empty) && path.with(Vec::is_empty) {
            return shapes;
        }
        let (frame, (from, to)) = (board.frame.get(), board.window.get());
        let crowd = board.is_crowd();
        board.story.with(|story| {
            for cone in cones.get() {
                let limit = if cone.future { frame.x(to) } else { frame.x(from) };
                // In a crowd no single message is seen.
                let wires = story.trace.wires_in(from, to).copied().take_while(|_| !crowd);
                let lanes = board.lanes.with(|lanes| lanes.order().to_vec());
                let (area, inside) = if cone.future {
                    ("cone future", "cone-way future")
                } else {
                    ("cone past", "cone-way past")
                };
                shapes.push((area, cone.outline(&story.trace, &frame, &lanes, limit)));
                shapes.push((inside, cone.inside(&story.trace, &frame, limit, wires)));
            }
            let events = path.get();
            if !events.is_empty() {
                shapes.push(("way-found", way(&story.trace, &frame, &events)));
            }
        });
        shapes
    })
}

/// A short text in the moving part of the diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The class in the style sheet.
    pub class: &'static str,
    /// Its middle.
    pub x: f64,
    /// The foot of its letters.
    pub y: f64,
    /// What it says.
    pub text: String,
}

/// The vector timestamps of the visible events that have room for them.
pub fn vector_notes(board: Board) -> Vec<Note> {
    if !board.vectors.get() || board.names.with(Vec::len) > MOST_ENTRIES {
        return vec![];
    }
    let (frame, (from, to)) = (board.frame.get(), board.visible());
    board.story.with(|story| {
        let Some(causality) = &story.causality else {
            return vec![];
        };
        let count = story.trace.count_in(from, to);
        let on_lanes = story.trace.events_in(from, to).filter(|event| causality.process(*event).is_some());
        let events: Vec<u32> = if count <= 4 * MOST_VECTORS { on_lanes.collect() } else { vec![] };
        let mut notes = Free::default();
        let mut placed = vec![];
        for event in events {
            let Some(dot) = story.trace.dot(event).filter(|dot| !frame.is_folded(dot.node)) else {
                continue;
            };
            let entries = causality.len().to_string().len().min(3) * board.names.with(Vec::len);
            let width = (entries + board.names.with(Vec::len) + 2) as f64 * LETTER_PX;
            let place = (frame.x(dot.at), frame.y(dot.node) - ABOVE_PX);
            if placed.len() < MOST_VECTORS && notes.take(place, width) {
                placed.push((event, place));
            }
        }
        let vectors = causality.vectors(&placed.iter().map(|(event, _)| *event).collect::<Vec<_>>());
        let text = |vector: &mut Vec<u32>| {
            vector.resize(story.names.len(), 0);
            let entries: Vec<String> = vector.iter().map(u32::to_string).collect();
            format!("[{}]", entries.join(" "))
        };
        let note = |((_, (x, y)), mut vector): (&(u32, (f64, f64)), Vec<u32>)| Note {
            class: "note vector",
            x: *x,
            y: *y,
            text: text(&mut vector),
        };
        placed.iter().zip(vectors).map(note).collect()
    })
}

/// Which room is taken: on each height, up to which x.
#[derive(Default)]
pub struct Free {
    taken: Vec<(f64, f64)>,
}

impl Free {
    /// Takes the room for a label of that width around a place, if it is free. Places must come from
    /// left to right on each height.
    pub fn take(&mut self, (x, y): (f64, f64), width: f64) -> bool {
        let (from, until) = (x - width / 2.0, x + width / 2.0 + 4.0);
        match self.taken.iter_mut().find(|(height, _)| (*height - y).abs() < 12.0) {
            Some((_, taken)) if *taken > from => false,
            Some((_, taken)) => {
                *taken = until;
                true
            }
            None => {
                self.taken.push((y, until));
                true
            }
        }
    }
}

/// Why messages died, where there is room to say it.
pub fn loss_notes(story: &Story, frame: &Frame, (from, to): (Time, Time)) -> Vec<Note> {
    let lost = story.trace.flows().filter(|(flow, _)| flow.lost).map(|(_, wires)| wires);
    let count: usize = lost.map(|wires| story.trace.count_of(wires, from, to)).sum();
    if count == 0 || count > MOST_VECTORS || frame.least_gap() < 16.0 {
        return vec![];
    }
    let mut free = Free::default();
    let mut notes = vec![];
    for wire in story.trace.wires_in(from, to) {
        let End::Lost(loss, _) = wire.end else { continue };
        // The band of a node that is down says so itself, where it begins.
        let begins = |band: &Band| {
            band.condition == Condition::Down(wire.to) && (from..=wire.ended).contains(&band.from)
        };
        if loss == Loss::Down && story.trace.bands().iter().any(begins) {
            continue;
        }
        let (x, y) = frame.ends(wire).1;
        let text = reason(loss);
        let width = text.len() as f64 * LETTER_PX;
        let middle = x + 9.0 + width / 2.0;
        if free.take((middle, y + 4.0), width) {
            notes.push(Note { class: "note loss", x: middle, y: y + 4.0, text: text.to_owned() });
        }
    }
    notes
}

/// Why a message was lost, in a word or two.
fn reason(loss: Loss) -> &'static str {
    match loss {
        Loss::Dropped | Loss::Alike => "dropped",
        Loss::Chance => "lost",
        Loss::Cut => "cut",
        Loss::Down => "down",
    }
}

/// The ticks of clocks that are off, on their lanes: the path of the ticks and what they read.
pub fn local_ticks(story: &Story, frame: &Frame, window: (Time, Time), step: u64) -> (String, Vec<Note>) {
    let mut path = String::new();
    let mut notes = vec![];
    let mut free = Free::default();
    for tick in story.clocks.ticks(window, step) {
        if frame.is_folded(tick.node) {
            continue;
        }
        let (x, y) = ((tick.at - frame.origin) / frame.per_px, frame.y(tick.node));
        line(&mut path, (x, y - 5.0), (x, y + 5.0));
        let sign = if tick.local < 0 { "−" } else { "" };
        let text = format!("{sign}{}", clock_text(Time(tick.local.unsigned_abs()), step));
        let width = text.len() as f64 * LETTER_PX;
        if frame.least_gap() >= 16.0 && free.take((x, y + 15.0), width) {
            notes.push(Note { class: "note local", x, y: y + 15.0, text });
        }
    }
    (path, notes)
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_model::NodeId;
    use faultline_sim::{Action, Scenario, Timeline};

    use super::super::trace::Wire;
    use super::*;

    fn story(acts: &[(u32, Action)]) -> Story {
        let scenario = Scenario { protocol: "raft".to_owned(), nodes: 5, seed: 42, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        let mut timeline = Timeline::new(scenario, world);
        for event in 0..120 {
            match acts.iter().find(|(after, _)| *after == event) {
                Some((_, action)) => timeline.act(action.clone()).map(Some).unwrap(),
                None => timeline.step(),
            };
        }
        Story::default().follow(&timeline)
    }

    const WHOLE: (Time, Time) = (Time(0), Time(u64::MAX));

    #[test]
    fn labels_take_no_room_that_is_taken() {
        let mut free = Free::default();
        assert!(free.take((50.0, 20.0), 40.0));
        assert!(!free.take((80.0, 20.0), 40.0), "it would overlap");
        assert!(free.take((80.0, 60.0), 40.0), "another height");
        assert!(free.take((95.0, 20.0), 40.0));
    }

    #[test]
    fn why_a_message_was_lost_stands_where_it_died() {
        let story = story(&[(60, Action::Cut(NodeId(2), NodeId(0)))]);
        let frame = Frame::even(6, 38.0, 30.0).at(0.0, 100.0);
        let notes = loss_notes(&story, &frame, WHOLE);
        assert!(!notes.is_empty() && notes.iter().all(|note| note.text == "cut"), "{notes:?}");
        let deaths = story.trace.wires().iter().filter(|wire| wire.is_lost());
        for (note, wire) in notes.iter().zip(deaths) {
            let (x, y) = frame.ends(wire).1;
            assert!(note.x > x && (note.y - y).abs() < 6.0);
        }
        assert!(loss_notes(&story, &Frame::even(6, 38.0, 12.0), WHOLE).is_empty(), "no room between lanes");
    }

    #[test]
    fn a_node_that_is_down_says_so_once() {
        let story = story(&[(60, Action::Crash(NodeId(0)))]);
        let frame = Frame::even(6, 38.0, 30.0).at(0.0, 100.0);
        assert!(story.trace.wires().iter().any(Wire::is_lost));
        assert!(loss_notes(&story, &frame, WHOLE).is_empty(), "the band begins in sight");
        let later = (Time(story.trace.dot(61).unwrap().at.0 + 1), story.trace.end());
        assert!(loss_notes(&story, &frame, later).iter().all(|note| note.text == "down"));
        assert!(!loss_notes(&story, &frame, later).is_empty());
    }

    #[test]
    fn only_lanes_whose_clock_is_off_have_ticks() {
        let frame = Frame::even(6, 38.0, 30.0).at(0.0, 100.0);
        let window = (Time(0), Time(500_000));
        assert_eq!(local_ticks(&story(&[]), &frame, window, 50_000), (String::new(), vec![]));
        let (path, notes) =
            local_ticks(&story(&[(10, Action::Skew(NodeId(1), -7_000_000))]), &frame, window, 50_000);
        assert!(path.matches('M').count() > 3);
        assert!(
            notes.iter().all(|note| note.text.starts_with('−') && note.y == 38.0 + 30.0 + 15.0),
            "{notes:?}"
        );
    }
}
