//! The recorded run as the diagram holds it, kept up to date with the session's timeline.

use faultline_model::{Cast, NodeId};
use faultline_sim::{Action, Causality, Event, Timeline};
use leptos::prelude::*;

use super::axis::Axis;
use super::clocks::Clocks;
use super::palette::Palette;
use super::picture::Ink;
use super::trace::Trace;
use crate::session::Session;

/// What a diagram needs to know of a run besides what everybody does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// On which axis its events stand.
    pub axis: Axis,
    /// Whether it asks what happened before what.
    pub causality: bool,
}

/// The trace of the current branch with what is needed to draw and name it.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// The trace.
    pub trace: Trace,
    /// The nodes' names, a lane each.
    pub names: Vec<String>,
    /// What happened before what, where somebody wants to know.
    pub causality: Option<Causality>,
    /// What the clocks of the nodes have told, those that were ever off.
    pub clocks: Clocks,
    wants: Wants,
    palette: Palette,
    protocol: String,
    branch: usize,
    last: Option<Event>,
    /// Changes whenever something of the picture may have changed.
    version: u64,
    generation: u32,
}

impl Story {
    /// The story of a session on the axis of real time, extended as its branch grows and built anew when
    /// it is another one.
    pub fn of(session: Session) -> Memo<Story> {
        Story::wanted(session, Signal::stored(Wants::default()))
    }

    /// The same with what is wanted of it.
    pub fn wanted(session: Session, wants: Signal<Wants>) -> Memo<Story> {
        let story = Memo::new(move |_| session.story());
        Memo::new_owning(move |old: Option<Story>| {
            // Tracking alone would not compute it, and what was never computed never changes.
            story.get();
            let old = old.unwrap_or_default().wanting(wants.get());
            let version = old.version;
            let new = untrack(|| session.look(|timeline| old.follow(timeline))).unwrap_or_default();
            let changed = new.version != version;
            (new, changed)
        })
    }

    /// The axis that its events stand on.
    pub fn axis(&self) -> Axis {
        self.wants.axis
    }

    /// How each kind of the trace is drawn.
    pub fn inks(&self) -> Vec<Ink> {
        self.trace.kinds().iter().map(|kind| self.palette.ink(kind)).collect()
    }

    /// How one kind is drawn.
    pub fn ink(&self, kind: &str) -> Ink {
        self.palette.ink(kind)
    }

    /// Changes when the events are others, not only more.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Takes in what the timeline has and this does not.
    pub fn follow(mut self, timeline: &Timeline) -> Story {
        let branch = timeline.branches().iter().position(|branch| branch.current).unwrap_or(0);
        let events = timeline.events();
        let world = timeline.world();
        let known = self.trace.len() as usize;
        let protocol = world.about().slug;
        let continues = self.branch == branch
            && self.protocol == protocol
            && self.names.len() == world.cast().len()
            && known <= events.len()
            && known.checked_sub(1).map(|last| events[last]) == self.last;
        if !continues {
            let (version, generation) = (self.version + 1, self.generation + 1);
            let palette = if self.protocol == protocol { self.palette } else { Palette::default() };
            self = Story { version, generation, palette, wants: self.wants, ..Story::default() };
            self.protocol = protocol.to_owned();
            self.branch = branch;
            self.names = names(world.cast());
        }
        if self.wants.causality {
            let causality = self.causality.get_or_insert_default();
            self.version += u64::from(causality.len() as usize != events.len());
            causality.extend(events);
        }
        for event in &events[self.trace.len() as usize..] {
            let number = self.trace.len() + 1;
            self.take(event, timeline.action_at(number), world.cast());
            if event.clock {
                self.clocks.note(event.at, &timeline.world_after(number).view().nodes);
            }
        }
        // A clock may also change its pace without an event: at the end of a slew.
        if !self.clocks.is_empty() && timeline.cursor() == timeline.len() {
            self.clocks.note(world.now(), &world.view().nodes);
        }
        self.last = events.last().copied();
        self.palette.complete(&self.trace, timeline);
        self
    }

    fn take(&mut self, event: &Event, action: Option<&Action>, cast: &Cast) {
        let place = self.wants.axis.place(self.trace.len() + 1, event, self.causality.as_ref());
        self.trace.push(&place, action, |node| cast.name(node));
        self.version += 1;
    }

    /// The same with what is wanted of it from now on; another axis builds it anew.
    fn wanting(mut self, wants: Wants) -> Story {
        let wants = Wants { causality: wants.causality || wants.axis == Axis::Rank, ..wants };
        if wants.axis != self.wants.axis {
            // The branch is none that exists: what follows does not continue this.
            self.branch = usize::MAX;
        }
        Story { wants, ..self }
    }
}

fn names(cast: &Cast) -> Vec<String> {
    (0..cast.len()).map(|i| cast.name(NodeId(i as u16)).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_model::{Hue, NodeId, Time};
    use faultline_sim::{Action, Scenario};

    use super::*;

    fn timeline() -> Timeline {
        let scenario = Scenario { protocol: "raft".to_owned(), nodes: 5, seed: 42, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        Timeline::new(scenario, world)
    }

    fn same(a: &Story, b: &Story) {
        assert_eq!(a.trace.dots(), b.trace.dots());
        assert_eq!(a.trace.wires(), b.trace.wires());
        assert_eq!(a.trace.bands(), b.trace.bands());
        assert_eq!(a.inks(), b.inks());
        assert_eq!(a.names, b.names);
    }

    #[test]
    fn a_story_that_grew_is_the_story_built_at_once() {
        let mut timeline = timeline();
        let mut story = Story::default();
        for event in 0..120 {
            match event {
                40 => timeline.act(Action::Crash(NodeId(1))).map(Some).unwrap(),
                60 => {
                    let groups = vec![vec![NodeId(0)], vec![NodeId(2), NodeId(3), NodeId(4)]];
                    timeline.act(Action::Partition(groups)).map(Some).unwrap()
                }
                _ => timeline.step(),
            };
            story = story.follow(&timeline);
        }
        assert_eq!(story.trace.len(), 120);
        assert_eq!(story.generation(), 1);
        same(&story, &Story::default().follow(&timeline));
        let hues: Vec<Hue> = story.inks().iter().map(|ink| ink.hue).collect();
        assert!(hues.contains(&Hue::Violet) && hues.contains(&Hue::Teal), "{hues:?}");
    }

    #[test]
    fn another_branch_is_another_story_and_the_first_comes_back() {
        let mut timeline = timeline();
        for _ in 0..60 {
            timeline.step();
        }
        let first = Story::default().follow(&timeline);
        timeline.seek(20);
        assert_eq!(first.clone().follow(&timeline).generation(), 1, "the cursor alone changes nothing");
        timeline.act(Action::Crash(NodeId(0))).unwrap();
        let second = first.clone().follow(&timeline);
        assert_eq!((second.trace.len(), second.generation()), (21, 2));
        timeline.switch(0);
        let third = second.follow(&timeline);
        assert_eq!(third.generation(), 3);
        same(&third, &first);
    }

    #[test]
    fn another_axis_is_another_story_of_the_same_events_and_the_first_comes_back() {
        let mut timeline = timeline();
        for _ in 0..100 {
            timeline.step();
        }
        let real = Story::default().follow(&timeline);
        let on = |story: Story, axis| story.wanting(Wants { axis, causality: false }).follow(&timeline);
        let numbered = on(real.clone(), Axis::Number);
        let places: Vec<u64> = numbered.trace.dots().iter().map(|dot| dot.at.0).collect();
        assert_eq!(places, (1..=100).map(|n| n * 1_000).collect::<Vec<u64>>());
        let logical = on(numbered, Axis::Rank);
        assert_eq!(logical.trace.len(), 100);
        for wire in logical.trace.wires().iter().filter(|wire| wire.cause != 0) {
            assert!(wire.sent < wire.ended, "a message arrives after it was sent: {wire:?}");
        }
        same(&on(logical, Axis::Time), &real);
    }

    #[test]
    fn the_clocks_of_a_restored_run_are_those_of_the_run_that_was_watched() {
        let mut timeline = timeline();
        let mut watched = Story::default();
        for event in 0..120 {
            match event {
                30 => timeline.act(Action::Skew(NodeId(1), 2_000_000)).map(Some).unwrap(),
                60 => timeline.act(Action::Drift(NodeId(2), 50_000)).map(Some).unwrap(),
                90 => timeline.act(Action::Skew(NodeId(1), 0)).map(Some).unwrap(),
                _ => timeline.step(),
            };
            watched = watched.follow(&timeline);
        }
        let whole = (Time(0), Time(u64::MAX));
        let ticks = watched.clocks.ticks(whole, 100_000);
        assert!(
            ticks.iter().any(|tick| tick.node == NodeId(1))
                && ticks.iter().any(|tick| tick.node == NodeId(2))
        );
        assert_eq!(ticks, Story::default().follow(&timeline).clocks.ticks(whole, 100_000));
    }

    /// A machine's clock is two seconds fast until the answer sets it right, and no tick stands after that.
    #[test]
    fn a_clock_that_its_own_node_corrects_ticks_right_from_then_on() {
        let scenario =
            Scenario { protocol: "clock-synchronisation".into(), nodes: 2, seed: 1, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        let mut timeline = Timeline::new(scenario, world);
        timeline.act(Action::Skew(NodeId(1), 2_000_000)).unwrap();
        for _ in 0..3 {
            timeline.step();
        }
        let ticks = Story::default().follow(&timeline).clocks.ticks((Time(0), Time(5_000_000)), 100_000);
        assert!(ticks.iter().any(|tick| tick.local == 3_000_000), "{ticks:?}");
        assert!(ticks.iter().all(|tick| tick.at <= 1_060_000.0), "{ticks:?}");
    }

    #[test]
    fn a_run_that_was_restored_has_the_hues_of_the_run_that_was_watched() {
        let mut timeline = timeline();
        let mut watched = Story::default();
        for _ in 0..200 {
            timeline.step();
            watched = watched.follow(&timeline);
        }
        let world = catalogue::build(timeline.scenario()).unwrap();
        let restored = Timeline::restore(&timeline.run(), world).unwrap();
        same(&watched, &Story::default().follow(&restored));
    }
}
