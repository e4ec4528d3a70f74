//! Where messages are, computed for many at once. Pure.

use faultline_model::{Hue, MsgId};
use faultline_sim::FlightView;

use super::super::geometry::{Geometry, Point};
use crate::session::HELD;

/// A message on its way: everything that does not change from frame to frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub msg: MsgId,
    pub from: Point,
    /// The way to its end, pixels.
    pub way: Point,
    /// Its direction, of length 1.
    pub ahead: Point,
    /// When it was sent and when it arrives, microseconds.
    sent: f64,
    due: f64,
    /// How much of its way it makes: less than 1 for what is lost midway or held.
    pace: f64,
    most: f64,
    pub hue: Hue,
    pub reply: bool,
}

/// A message is pointed at from so far, pixels.
const REACH: f64 = 12.0;

impl Course {
    /// Where it is at a time, microseconds.
    pub fn at(&self, time: f64) -> Point {
        let due = self.due > self.sent;
        let whole = if due { ((time - self.sent) / (self.due - self.sent)).clamp(0.0, 1.0) } else { 1.0 };
        let share = (whole * self.pace).min(self.most);
        Point { x: self.from.x + self.way.x * share, y: self.from.y + self.way.y * share }
    }
}

/// The courses of all messages in flight.
pub fn courses(flights: &[FlightView], geometry: &Geometry) -> Vec<Course> {
    let course = |flight: &FlightView| {
        let lane = geometry.lane(flight.from.node.index(), flight.to.node.index());
        let long = lane.length().max(1e-6);
        let slow = flight.doomed || flight.held;
        let (x, y) = (lane.to.x - lane.from.x, lane.to.y - lane.from.y);
        Course {
            msg: flight.msg,
            from: lane.from,
            way: Point { x, y },
            ahead: Point { x: x / long, y: y / long },
            sent: flight.queued_until.unwrap_or(flight.sent_at).0 as f64,
            due: flight.due.0 as f64,
            pace: if slow { 0.5 } else { 1.0 },
            most: if flight.held { HELD } else { 1.0 },
            hue: flight.hue,
            reply: flight.reply,
        }
    };
    flights.iter().map(course).collect()
}

/// The message that is nearest to a point, within reach.
pub fn nearest(courses: &[Course], time: f64, at: Point) -> Option<MsgId> {
    let far = |course: &Course| course.at(time).distance(at);
    let near = courses.iter().map(|course| (course.msg, far(course))).filter(|(_, far)| *far <= REACH);
    near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(msg, _)| msg)
}

#[cfg(test)]
mod tests {
    use faultline_lessons::{Layout, catalogue};
    use faultline_sim::Scenario;

    use super::super::super::geometry::Players;
    use super::*;
    use crate::session::progress;

    #[test]
    fn a_course_is_where_the_message_is_drawn_one_by_one() {
        let scenario = Scenario { protocol: "raft".into(), nodes: 5, seed: 3, ..Scenario::default() };
        let mut world = catalogue::build(&scenario).unwrap();
        while world.view().flights.len() < 4 {
            world.step().unwrap();
        }
        let view = world.view();
        let players = Players {
            names: view.nodes.iter().map(|node| node.id.clone()).collect(),
            clients: view.nodes.iter().map(|node| node.client).collect(),
        };
        let geometry = Geometry::arrange(&Layout::Ring, &players, &[], 784.0, 500.0);
        let all = courses(&view.flights, &geometry);
        for (course, flight) in all.iter().zip(&view.flights) {
            let lane = geometry.lane(flight.from.node.index(), flight.to.node.index());
            for time in
                [flight.sent_at.0, view.time.0, (flight.sent_at.0 + flight.due.0) / 2, flight.due.0 + 9]
            {
                let time = time as f64;
                assert!(course.at(time).distance(lane.at(progress(flight, time))) < 1e-6);
            }
            let (now, here) = (view.time.0 as f64, course.at(view.time.0 as f64));
            let found = nearest(&all, now, here).unwrap();
            let place = |msg: MsgId| all.iter().find(|it| it.msg == msg).unwrap().at(now);
            assert!(place(found).distance(here) < 1e-6, "itself, or one at the same place");
        }
        assert_eq!(nearest(&all, 0.0, Point { x: -500.0, y: 0.0 }), None);
    }
}
