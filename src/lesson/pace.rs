//! At which speed a run can be followed.

use faultline_lessons::runner::Outcome;
use faultline_model::SortedMap;
use faultline_sim::Timeline;

use crate::session::Speed;

/// The way to an outcome takes about so long.
const TO_OUTCOME_SECONDS: f64 = 7.0;
/// Where there is no outcome, a message is under way about so long.
const A_MESSAGE_SECONDS: f64 = 1.1;
/// What is under way for less than this is not seen.
const SEEN_SECONDS: f64 = 0.1;
/// So few events can be shown one by one.
const A_HANDFUL: u32 = 24;
/// A message is looked for among so many events.
const LOOKED_AT: u32 = 60;

/// The speed among the transport's that fits a run best.
pub fn fitting_speed(timeline: &Timeline, outcome: Option<&Outcome>) -> Speed {
    let start = timeline.world().now();
    let event = outcome.and_then(|outcome| timeline.events().get((outcome.event as usize).checked_sub(1)?));
    let latency = mean_latency_seconds(timeline);
    let Some(event) = event else {
        return nearest(latency / A_MESSAGE_SECONDS);
    };
    let wanted = event.at.since(start).0 as f64 / 1e6 / TO_OUTCOME_SECONDS;
    let few = outcome.is_some_and(|outcome| outcome.event.saturating_sub(timeline.cursor()) <= A_HANDFUL);
    // Where next to nothing happens for long, messages would be gone before they are seen.
    if few && latency < wanted * SEEN_SECONDS { Speed::ByEvent } else { nearest(wanted) }
}

/// How long messages take at the start of a run, seconds; 0 when there are none.
fn mean_latency_seconds(timeline: &Timeline) -> f64 {
    let mut world = timeline.world().fork();
    let mut seen = SortedMap::new();
    for _ in 0..LOOKED_AT {
        for flight in world.view().flights {
            seen.insert(flight.msg, flight.due.since(flight.sent_at).0);
        }
        if world.step().is_none() {
            break;
        }
    }
    seen.values().sum::<u64>() as f64 / (seen.len().max(1) as f64) / 1e6
}

/// The nearest of the transport's speeds by ratio; its default for what has no length.
fn nearest(wanted: f64) -> Speed {
    if wanted <= 0.0 {
        return Speed::default();
    }
    let distance = |factor: f64| if factor > wanted { factor / wanted } else { wanted / factor };
    let mut best = (f64::MAX, Speed::default());
    for speed in Speed::CHOICES {
        if let Speed::Scaled(factor) = speed
            && distance(factor) < best.0
        {
            best = (distance(factor), speed);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_lessons::runner::Sighting;
    use faultline_sim::Scenario;

    use super::*;

    #[test]
    fn the_nearest_speed_is_nearest_by_ratio() {
        assert_eq!(nearest(0.03), Speed::Scaled(0.02));
        assert_eq!(nearest(0.04), Speed::Scaled(0.05));
        assert_eq!(nearest(500.0), Speed::Scaled(10.0));
        assert_eq!(nearest(0.0), Speed::default());
    }

    #[test]
    fn short_runs_are_slowed_down() {
        let scenario =
            Scenario { protocol: "unreliable-link".to_owned(), lesson: None, nodes: 0, seed: 7, set: vec![] };
        let world = catalogue::build(&scenario).unwrap();
        let mut timeline = Timeline::new(scenario, world);
        // Messages of about 5 ms.
        assert_eq!(fitting_speed(&timeline, None), Speed::Scaled(0.005));
        while timeline.step().is_some() {}
        let event = timeline.len();
        timeline.seek(0);
        let outcome = Outcome { event, sighting: Sighting::default() };
        // About 25 ms in all.
        assert_eq!(fitting_speed(&timeline, Some(&outcome)), Speed::Scaled(0.005));
    }
}
