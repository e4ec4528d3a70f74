//! What the log does not hold, gathered by going along the branch once: queue lengths and measured values.

use faultline_model::{NodeId, SortedMap, Time};
use faultline_sim::{Load, Operation, Timeline, Walk};

/// A series that is longer is thinned to half: nobody sees so many points.
const MOST: usize = 60_000;

/// One measured value: where, when, what.
pub type Measured = (NodeId, Time, i64);

/// What was gathered so far.
#[derive(Default)]
pub struct Record {
    walk: Option<Walk>,
    /// How much there was to do from each time on; only changes.
    pub loads: Vec<(Time, Load)>,
    /// Measured values by series, in the order in which they were measured.
    pub measures: SortedMap<&'static str, Vec<Measured>>,
}

impl Record {
    /// Goes on along the current branch by at most `most` events, from the start when it is another one.
    /// True when it stands at the branch's end.
    pub fn follow(&mut self, timeline: &Timeline, most: u32) -> bool {
        if self.walk.as_ref().is_none_or(|walk| !walk.follows(timeline)) {
            let walk = Walk::along(timeline);
            *self = Record { loads: vec![(Time::ZERO, walk.world().load())], ..Record::default() };
            self.walk = Some(walk);
        }
        let Some(mut walk) = self.walk.take() else {
            return true;
        };
        let mut done = false;
        for _ in 0..most {
            let Some(event) = walk.step(timeline) else {
                done = true;
                break;
            };
            self.note(event.at, walk.world().load());
            for measure in walk.world().measures() {
                let series = self.measures.entry(measure.series).or_default();
                thin(series);
                series.push((measure.node, measure.at, measure.value));
            }
        }
        self.walk = Some(walk);
        done
    }

    /// How many events it has gone through.
    pub fn gone(&self) -> u32 {
        self.walk.as_ref().map_or(0, |walk| walk.world().events())
    }

    /// The client operations up to where it stands.
    pub fn history(&self) -> Vec<Operation> {
        self.walk.as_ref().map(|walk| walk.world().history()).unwrap_or_default()
    }

    fn note(&mut self, at: Time, load: Load) {
        match self.loads.last_mut() {
            Some((_, last)) if *last == load => {}
            // Of one moment the last value counts: what came before it had no length.
            Some((time, last)) if *time == at => *last = load,
            _ => {
                thin(&mut self.loads);
                self.loads.push((at, load));
            }
        }
    }
}

/// Leaves every second point out when there are too many.
fn thin<T>(points: &mut Vec<T>) {
    if points.len() >= MOST {
        let mut kept = false;
        points.retain(|_| {
            kept = !kept;
            kept
        });
    }
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_model::NodeId;
    use faultline_sim::{Action, Scenario};

    use super::*;

    fn raft() -> Timeline {
        let scenario = Scenario { protocol: "raft".to_owned(), nodes: 5, seed: 42, ..Scenario::default() };
        let world = catalogue::build(&scenario).unwrap();
        Timeline::new(scenario, world)
    }

    #[test]
    fn it_goes_on_with_the_branch_and_begins_anew_on_another() {
        let mut timeline = raft();
        (0..200).for_each(|_| assert!(timeline.step().is_some()));
        let mut record = Record::default();
        let mut pieces = 1;
        while !record.follow(&timeline, 64) {
            pieces += 1;
        }
        assert_eq!((pieces, record.gone()), (4, 200));
        let mut whole = Record::default();
        assert!(whole.follow(&timeline, 1_000));
        assert_eq!((&whole.loads, &whole.measures), (&record.loads, &record.measures));
        assert!(record.measures["term"].iter().any(|(_, _, term)| *term == 1), "an election was measured");
        let most = record.loads.iter().map(|(_, load)| load.in_flight).max();
        assert!(most >= Some(4), "{most:?} messages of a broadcast in flight at once");

        timeline.seek(50);
        timeline.act(Action::Crash(NodeId(0))).unwrap();
        assert!(record.follow(&timeline, 1_000));
        assert_eq!((record.gone(), record.loads.last().unwrap().1.running), (51, 4));
    }

    #[test]
    fn long_series_are_thinned() {
        let mut points: Vec<usize> = (0..MOST).collect();
        thin(&mut points);
        assert_eq!((points.len(), points[1]), (MOST / 2, 2));
    }
}
