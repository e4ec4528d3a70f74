//! Reading someone else's clock: Cristian's method, the exchange of NTP, and hybrid logical clocks.
//!
//! A machine asks a time server what time it is. The answer is old when it arrives, and how old, nobody can
//! know: only the round trip can be measured, not its two halves. Cristian (*Probabilistic clock
//! synchronization*, Distributed Computing 3, 1989) takes the answer to be half the round trip old. NTP (Mills
//! et al., RFC 5905, 2010, §8) has the server's own two timestamps as well, so that the time which the server
//! took does not count. Both are off by half the difference between the two ways, at most by half the round
//! trip, and from inside that cannot be told from being right.
//!
//! A machine corrects its own clock by what it has measured: at once, which may set it back, or by running
//! slower or faster for a while. Between two exchanges the clock drifts.
//!
//! Machines also stamp what they do, with their clocks and with a hybrid logical clock (Kulkarni, Demirbas,
//! Madappa, Avva, Leone, *Logical Physical Clocks*, OPODIS 2014, Fig. 5), whose timestamps order what happened
//! before, as Lamport's do, and stay near physical time.

mod hybrid;
mod knobs;
mod look;
mod machine;
mod message;
mod properties;
mod rules;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Habitat, Kind, Latency, NodeId, OpForm, OpId, Property, Protocol, Span,
};
use serde::Serialize;

pub use hybrid::Hybrid;
pub use knobs::{Algorithm, Correct, Knobs};
pub use machine::{Happened, Machine, Sample};
pub use message::{Msg, Op, Ret, Stamp, Timer};
pub use properties::Witness;
pub use rules::RULES;

/// The node whose clock the others read.
pub const TIME_SERVER: NodeId = NodeId(0);

type Ctx<'a> = Cx<'a, ClockSynchronisation>;

/// A node: all are machines with a clock.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ClockSynchronisation(pub Machine);

impl Protocol for ClockSynchronisation {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Stamp;
    type Witness = Witness;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "clock-synchronisation",
        name: "Clock synchronisation",
        claim: "A clock that has been read over a network is off by at most half the round trip, and nothing \
                within can tell by how much.",
        source: "Cristian: Probabilistic Clock Synchronization. Distributed Computing 3, 1989. Mills et al.: Network \
                 Time Protocol Version 4. RFC 5905, 2010. Kulkarni et al.: Logical Physical Clocks. OPODIS 2014.",
        rules: RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        let names = (1..nodes).map(|number| format!("C{number}"));
        let names: Vec<String> = std::iter::once("Time".to_owned()).chain(names).collect();
        Cast::of(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn default_nodes() -> usize {
        4
    }

    fn habitat() -> Habitat {
        Habitat { latency: Latency::Constant(Span::millis(30)), ..Habitat::default() }
    }

    fn boot(saved: Option<Stamp>, cx: &mut Ctx<'_>) -> ClockSynchronisation {
        ClockSynchronisation(Machine::boot(saved, cx))
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Request { t1 } => self.0.on_question(from, t1, cx),
            Msg::Response { t1, t2, t3 } => self.0.on_answer(t1, t2, t3, cx),
            Msg::Message(stamp) => self.0.on_receipt(stamp, cx),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match timer {
            Timer::Poll => self.0.on_poll(cx),
            Timer::Service(client) => self.0.on_served(client, cx),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        let ret = self.0.on_request(op, cx);
        cx.reply(id, ret);
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![
            OpForm::fixed("Sync", "sync"),
            OpForm::new("Send", "send C1", "send"),
            OpForm::fixed("Event", "event"),
            OpForm::fixed("Start the stopwatch", "start"),
            OpForm::fixed("Stop the stopwatch", "stop"),
        ]
    }

    fn glance(&self, _: &Knobs, _: &Cast) -> Glance {
        look::machine(&self.0)
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::caption(msg)
    }

    fn witness(&self, me: NodeId, seen: &mut Witness) {
        if let Some(last) = self.0.last {
            seen.note(me, last);
        }
    }

    fn has_news(&self, me: NodeId, seen: &Witness) -> bool {
        self.0.last.is_some_and(|last| seen.would_note(me, last))
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused)
    }

    fn properties() -> Vec<Property<ClockSynchronisation>> {
        properties::all()
    }
}
