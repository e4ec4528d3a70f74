//! A machine: what it makes of answers, what it claims of its clock, and how it stamps events.

use faultline_model::{Clock, Correction, NodeId, Offset, SortedMap, Span, Time};
use serde::Serialize;

use super::message::{Msg, Op, Ret, Stamp, Timer};
use super::{Algorithm, Correct, Ctx, Hybrid, Knobs, TIME_SERVER, rules};

/// After its start a machine waits so long before it asks.
const FIRST_POLL: Span = Span::secs(1);

/// Readings are whole microseconds; an offset is made of four, and compared with two more.
const PRECISION: u64 = 3;

const MILLION: u64 = 1_000_000;

/// What one exchange with the time server came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Sample {
    /// How far the server's clock was found to be ahead, θ.
    pub offset: Offset,
    /// The round trip, δ.
    pub delay: Span,
    /// How far off the clock is claimed to be by it at most.
    pub error: Span,
    /// When the exchange began, by the corrected clock.
    pub since: Time,
    /// When it ended, by the corrected clock.
    pub at: Time,
}

/// Something that has been stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Happened {
    /// When.
    pub at: Stamp,
    /// The event before it at the same machine.
    pub after: Option<Stamp>,
    /// For the receipt of a message: its sending.
    pub heard: Option<Stamp>,
}

/// The state of a machine. Its clock is not in it: that is the machine's own, which it reads and corrects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Machine {
    /// Whether it is the time server.
    pub serves: bool,
    /// When it last asked, T1, if no answer has come.
    pub asked: Option<Time>,
    /// The last exchange.
    pub sample: Option<Sample>,
    /// How far off it claims to be at most, when it last said so.
    pub claimed: Option<Span>,
    /// What the stopwatch was started at.
    pub started: Option<Time>,
    /// What the stopwatch last measured.
    pub elapsed: Option<Offset>,
    /// The last event that it stamped.
    pub last: Option<Happened>,
    /// Of the time server: questions that it has not answered yet, T1 and T2.
    pub asking: SortedMap<NodeId, (Time, Time)>,
}

/// So many millionths of a length, rounded up.
fn millionths(of: u64, count: u64) -> u64 {
    of.saturating_mul(count).div_ceil(MILLION - count)
}

impl Sample {
    /// How far off the clock can be when it reads `reading`, as far as its machine can know: the error of the
    /// exchange, what is still to be slewed, and what the clock may have drifted since the question left.
    pub fn bound(&self, reading: Time, knobs: &Knobs) -> Span {
        let offset = self.offset.0.unsigned_abs();
        // While it slews, the clock reads less, or more, than has passed, by no more than the offset.
        let (age, left) = match knobs.correct {
            Correct::Step => (reading.since(self.since).0, 0),
            Correct::Slew => {
                let slew = Clock::SLEW_RATE.unsigned_abs().into();
                let pace = MILLION + knobs.drift_bound + if self.offset.0 > 0 { slew } else { 0 };
                let pace = if self.offset.0 > 0 { pace } else { pace - slew };
                let gained = reading.since(self.at).0.saturating_mul(slew) / pace;
                (reading.since(self.since).0 + offset, (offset + PRECISION).saturating_sub(gained))
            }
        };
        Span(self.error.0 + left + millionths(age, knobs.drift_bound) + PRECISION)
    }
}

impl Machine {
    pub(super) fn boot(saved: Option<Stamp>, cx: &mut Ctx<'_>) -> Machine {
        let serves = cx.me() == TIME_SERVER;
        if !serves && cx.params().poll > Span::ZERO {
            cx.arm(Timer::Poll, FIRST_POLL);
        }
        let last = saved.map(|at| Happened { at, after: None, heard: None });
        Machine { serves, last, ..Machine::default() }
    }

    /// What its hybrid logical clock stands at.
    pub fn hybrid(&self) -> Hybrid {
        self.last.map_or(Hybrid::default(), |last| last.at.hybrid)
    }

    /// How far off its clock is at most, by what it can know; none before the first exchange.
    pub fn bound(&self, reading: Time, knobs: &Knobs) -> Option<Span> {
        self.sample.map(|sample| sample.bound(reading, knobs))
    }

    fn ask(&mut self, cx: &mut Ctx<'_>) {
        cx.because(rules::ASK);
        let t1 = cx.now();
        self.asked = Some(t1);
        cx.send(TIME_SERVER, Msg::Request { t1 });
    }

    pub(super) fn on_poll(&mut self, cx: &mut Ctx<'_>) {
        cx.arm(Timer::Poll, cx.params().poll);
        self.claim(cx.now(), cx);
        self.ask(cx);
    }

    fn claim(&mut self, reading: Time, cx: &mut Ctx<'_>) {
        self.claimed = self.bound(reading, cx.params());
        if let Some(claimed) = self.claimed {
            cx.measure("claimed error, µs", claimed.0 as i64);
        }
    }

    pub(super) fn on_question(&mut self, from: NodeId, t1: Time, cx: &mut Ctx<'_>) {
        let t2 = cx.now();
        if !self.serves {
            cx.because(rules::NO_SERVER);
        } else if cx.params().service == Span::ZERO {
            cx.because(rules::ANSWER);
            cx.send(from, Msg::Response { t1, t2, t3: t2 });
        } else {
            cx.because(rules::SERVE);
            self.asking.insert(from, (t1, t2));
            cx.arm(Timer::Service(from), cx.params().service);
        }
    }

    pub(super) fn on_served(&mut self, client: NodeId, cx: &mut Ctx<'_>) {
        cx.because(rules::ANSWER);
        if let Some((t1, t2)) = self.asking.remove(&client) {
            cx.send(client, Msg::Response { t1, t2, t3: cx.now() });
        }
    }

    pub(super) fn on_answer(&mut self, t1: Time, t2: Time, t3: Time, cx: &mut Ctx<'_>) {
        if self.asked != Some(t1) {
            return cx.because(rules::IGNORE);
        }
        self.asked = None;
        let t4 = cx.now();
        if t4 == Time::ZERO {
            return cx.because(rules::UNSET);
        }
        let knobs = cx.params();
        let apart = |later: Time, earlier: Time| later.0 as i64 - earlier.0 as i64;
        let (offset, delay) = match knobs.algorithm {
            Algorithm::Ntp => ((apart(t2, t1) + apart(t3, t4)) / 2, t4.since(t1) - t3.since(t2)),
            Algorithm::Cristian => (apart(t3, t4) + apart(t4, t1) / 2, t4.since(t1)),
        };
        cx.because(match knobs.algorithm {
            _ if !knobs.bound_by_round_trip => rules::TRUST,
            Algorithm::Ntp => rules::BOUND,
            Algorithm::Cristian => rules::HALF,
        });
        let error = if knobs.bound_by_round_trip { Span(delay.0.div_ceil(2)) } else { Span::ZERO };
        let (how, moved) = match knobs.correct {
            Correct::Step => (Correction::Step, offset),
            Correct::Slew => (Correction::Slew, 0),
        };
        let corrected = |reading: Time| Time(reading.0.saturating_add_signed(moved));
        self.sample =
            Some(Sample { offset: Offset(offset), delay, error, since: corrected(t1), at: corrected(t4) });
        cx.correct_clock(offset, how);
        cx.measure("offset found, µs", offset);
        self.claim(corrected(t4), cx);
    }

    /// Fig. 5: stamps an event by both clocks, and writes down the hybrid one's time, which must not go back.
    fn stamp(&mut self, heard: Option<Stamp>, cx: &mut Ctx<'_>) -> Stamp {
        let (clock, knobs, before) = (cx.now(), cx.params(), self.hybrid());
        let hybrid = match heard {
            None => before.event(clock, knobs),
            Some(heard) => before.receipt(heard.hybrid, clock, knobs),
        };
        cx.because(match heard {
            Some(_) if knobs.take_the_maximum => rules::RECEIVE,
            Some(_) => rules::RECEIVE_ANYHOW,
            None if clock > before.l => rules::STAMP,
            None if knobs.logical_part => rules::LOGICAL_PART,
            None => rules::STAMP_ANYHOW,
        });
        let at = Stamp { clock, hybrid };
        self.last = Some(Happened { at, after: self.last.map(|last| last.at), heard });
        cx.persist(at);
        at
    }

    pub(super) fn on_receipt(&mut self, sent: Stamp, cx: &mut Ctx<'_>) {
        self.stamp(Some(sent), cx);
    }

    pub(super) fn on_request(&mut self, op: Op, cx: &mut Ctx<'_>) -> Ret {
        match op {
            Op::Sync if !self.serves => self.ask(cx),
            Op::Send(to) => return self.send(to.as_deref(), cx),
            Op::Event => {
                self.stamp(None, cx);
            }
            Op::Start => {
                cx.because(rules::START);
                self.started = Some(cx.now());
                self.elapsed = None;
            }
            Op::Stop => {
                if let Some(started) = self.started.take() {
                    cx.because(rules::STOP);
                    let elapsed = cx.now().0 as i64 - started.0 as i64;
                    self.elapsed = Some(Offset(elapsed));
                    return Ret::Elapsed(elapsed);
                }
                return refuse(cx);
            }
            Op::Sync => return refuse(cx),
        }
        Ret::Ok
    }

    fn send(&mut self, to: Option<&str>, cx: &mut Ctx<'_>) -> Ret {
        let me = cx.me();
        let next = || cx.peers().find(|&peer| peer > me).or_else(|| cx.peers().next());
        let to = match to {
            None => next(),
            Some(name) => cx.cast().find(name).filter(|&to| to != me),
        };
        let Some(to) = to else { return refuse(cx) };
        let stamp = self.stamp(None, cx);
        cx.send(to, Msg::Message(stamp));
        Ret::Ok
    }
}

fn refuse(cx: &mut Ctx<'_>) -> Ret {
    cx.because(rules::REFUSE);
    Ret::Refused
}
