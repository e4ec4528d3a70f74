//! What a step waits for while its run goes on: the critical event, and the goals.
//!
//! Told every event in order. When the learner went back and took another way, the sequences within
//! goals are followed again from where the attempt began.

use faultline_sim::{AnyWorld, Event, Facts, Moment, Predicate, Progress, Timeline, What};

use super::Sighting;
use crate::{Answer, Lesson, Met, Observation};

/// One predicate that is being watched.
#[derive(Clone, Debug)]
struct Watched {
    predicate: Predicate,
    progress: Progress,
    held: bool,
}

impl Watched {
    fn new(predicate: &Predicate) -> Watched {
        Watched { progress: Progress::new(predicate), predicate: predicate.clone(), held: false }
    }

    fn restart(&mut self) {
        self.progress = Progress::new(&self.predicate);
        self.held = false;
    }

    /// Takes note of a moment; true when it became true there.
    fn observe(&mut self, moment: &Moment<'_>) -> bool {
        self.progress.observe(&self.predicate, moment);
        let holds = self.predicate.met(moment, &self.progress);
        let became = holds && !self.held;
        self.held = holds;
        became
    }
}

/// What was seen at an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noticed {
    /// The critical event, with what is to be seen there.
    pub critical: Option<Sighting>,
    /// Goals that became true, by id, and what the attempt has cost.
    pub goals: Vec<(String, Met)>,
}

/// The watch over one step.
#[derive(Clone, Debug)]
pub struct Watch {
    critical: Option<Watched>,
    observation: Option<Observation>,
    goals: Vec<(String, Watched)>,
    /// After how many events the attempt began.
    mark: u32,
    /// The last event that was observed; the next one continues it.
    last: u32,
    /// That event itself, to recognise another branch by.
    last_event: Option<Event>,
}

impl Watch {
    /// Watches a step of a lesson from where `timeline` stands: the start of the attempt.
    pub fn over(lesson: &Lesson, step: usize, timeline: &Timeline) -> Watch {
        let step = lesson.steps.get(step);
        let critical = step.and_then(|step| step.critical.as_ref());
        let goals = step.map(|step| step.goals.as_slice()).unwrap_or_default();
        let mut watch = Watch {
            critical: critical.map(|critical| Watched::new(&critical.until)),
            observation: step.and_then(|step| step.observation.clone()),
            goals: goals.iter().map(|goal| (goal.id.clone(), Watched::new(&goal.predicate))).collect(),
            mark: timeline.cursor(),
            last: timeline.cursor(),
            last_event: None,
        };
        watch.settle(timeline);
        watch.look(timeline.world(), timeline);
        watch
    }

    /// After how many events the attempt began.
    pub fn mark(&self) -> u32 {
        self.mark
    }

    /// How far a goal's sequences have come, for [`Predicate::truth`].
    pub fn progress(&self, goal: &str) -> Option<&Progress> {
        self.goals.iter().find(|(id, _)| id == goal).map(|(_, watched)| &watched.progress)
    }

    /// Takes note of the event at the cursor.
    pub fn observe(&mut self, timeline: &Timeline) -> Noticed {
        let cursor = timeline.cursor();
        let before = cursor.checked_sub(2).and_then(|index| timeline.events().get(index as usize)).copied();
        let continues = cursor == self.last + 1 && (self.last == self.mark || before == self.last_event);
        let mut passed = vec![];
        if !continues {
            let last =
                self.last.checked_sub(1).and_then(|index| timeline.events().get(index as usize)).copied();
            let ahead = cursor > self.last && (self.last == self.mark || last == self.last_event);
            passed = self.retrace(timeline, if ahead { self.last } else { u32::MAX });
        }
        self.settle(timeline);
        let mut noticed = self.look(timeline.world(), timeline);
        noticed.goals.splice(0..0, passed);
        noticed
    }

    fn settle(&mut self, timeline: &Timeline) {
        self.last = timeline.cursor();
        let index = self.last.checked_sub(1);
        self.last_event = index.and_then(|index| timeline.events().get(index as usize)).copied();
    }

    fn look(&mut self, world: &dyn AnyWorld, timeline: &Timeline) -> Noticed {
        let facts = Facts::at_cursor(timeline);
        let moment = Moment::new(world, &facts);
        let reached = self.critical.as_mut().is_some_and(|critical| critical.observe(&moment));
        let became = self.goals.iter_mut().filter_map(|(id, goal)| goal.observe(&moment).then(|| id.clone()));
        let goals: Vec<String> = became.collect();
        let cost = self.cost(timeline);
        Noticed {
            critical: reached.then(|| sighting(self.observation.as_ref(), &moment)),
            goals: goals.into_iter().map(|id| (id, cost)).collect(),
        }
    }

    /// Follows the run again from the start of the attempt to the event before the cursor. Returns the goals
    /// that became true behind event `known`: events that were passed over without being shown.
    fn retrace(&mut self, timeline: &Timeline, known: u32) -> Vec<(String, Met)> {
        for watched in self.critical.iter_mut().chain(self.goals.iter_mut().map(|(_, goal)| goal)) {
            watched.restart();
        }
        let before = timeline.cursor().saturating_sub(1);
        let mut passed = vec![];
        let Some(mut again) = replay(timeline, self.mark.min(before)) else { return passed };
        loop {
            let noticed = self.look(again.world(), &again);
            if again.cursor() > known {
                passed.extend(noticed.goals);
            }
            if again.cursor() >= before || again.step().is_none() {
                return passed;
            }
        }
    }

    /// What the attempt has cost up to the cursor.
    pub fn cost(&self, timeline: &Timeline) -> Met {
        let (from, to) = (self.mark as usize, timeline.cursor() as usize);
        let events = timeline.events().get(from..to).unwrap_or_default();
        let done = timeline.interventions().iter();
        let here = done.filter(|each| each.after >= self.mark && each.after < timeline.cursor());
        let facts = Facts::of(0, timeline.world().now(), here);
        Met { steps: events.iter().filter(|event| is_step(event)).count() as u32, faults: facts.faults() }
    }
}

/// What there is to be seen at this moment.
pub fn sighting(observation: Option<&Observation>, moment: &Moment<'_>) -> Sighting {
    let Some(observation) = observation else { return Sighting::default() };
    match &observation.answer {
        Answer::Options(options) => {
            let holds = |predicate: &Predicate| predicate.met(moment, &Progress::new(predicate));
            Sighting { options: options.iter().map(|seen| holds(&seen.holds)).collect(), field: None }
        }
        Answer::Field { node, path } => {
            let value = moment.value(node, path).ok();
            Sighting { options: vec![], field: value.map(|value| value.text(moment.world().cast())) }
        }
    }
}

/// Whether an event counts as a step: a delivery, a timer, an operation, a crash, a restart or a local
/// setting. Losing a message costs none: it is only never delivered.
fn is_step(event: &Event) -> bool {
    match event.what {
        What::Delivered
        | What::Fired
        | What::Invoked
        | What::Crashed
        | What::Restarted
        | What::RestartedEmpty
        | What::Killed
        | What::Joined
        | What::Left
        | What::ClockSet
        | What::ClockSynced
        | What::SpeedSet => true,
        What::Queued
        | What::Lost(_)
        | What::FireQueued
        | What::Synced
        | What::InvokeQueued
        | What::Delayed
        | What::Duplicated
        | What::Cut
        | What::Healed
        | What::Partitioned
        | What::HealedAll
        | What::LinkSet
        | What::DroppedAll
        | What::LetThrough
        | What::Held
        | What::Released
        | What::DiskSet
        | What::Corrupted
        | What::WorkloadBegun
        | What::WorkloadEnded
        | What::Missed
        | What::Lies
        | What::Honest
        | What::Skipped
        | What::Paused
        | What::Resumed => false,
    }
}

/// The current branch once more, its cursor behind event `cursor`.
fn replay(timeline: &Timeline, cursor: u32) -> Option<Timeline> {
    let mut run = timeline.run();
    run.length = timeline.cursor();
    run.cursor = cursor;
    run.interventions.retain(|done| done.after < run.length);
    let world = crate::catalogue::build(&run.scenario).ok()?;
    Timeline::restore(&run, world).ok()
}
