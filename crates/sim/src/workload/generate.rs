//! What a running workload does next. Compiled once for all protocols.

use std::rc::Rc;

use faultline_model::{Cast, Draw, NodeId, OpForm, OpId, Purpose, Span, Time, Zipf};

use super::{Pace, Workload, WorkloadView};

const GAP: Purpose = Purpose::new("workload gap");
const CLIENT: Purpose = Purpose::new("workload client");
const FORM: Purpose = Purpose::new("workload form");
const KEY: Purpose = Purpose::new("workload key");
const OLD: Purpose = Purpose::new("workload old value");

/// A form as the mix names it: "Compare and set" is `compare-and-set`, "Who is dead?" is `who-is-dead`.
pub fn form_word(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric() || " -".contains(*letter));
    letters.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Time never stands still under a workload that is answered within the same microsecond.
const LEAST: Span = Span::micros(1);

/// One of a mix: a form and where its share of the draw ends.
#[derive(Clone, Debug)]
struct Form {
    name: &'static str,
    template: &'static str,
    upto: u64,
}

/// What of a running workload never changes.
#[derive(Debug)]
struct Fixed {
    spec: Workload,
    clients: Vec<NodeId>,
    forms: Vec<Form>,
    zipf: Zipf,
    seed: u64,
    /// Which workload of the run it is.
    number: u32,
    /// The values of its operations are greater than this.
    floor: u64,
}

/// One line of operations: all of an open workload, or one that a client of a closed one has open.
#[derive(Clone, Copy, Debug)]
struct Session {
    /// When the next operation comes; `None` when none does.
    due: Option<Time>,
    /// How many there were.
    count: u32,
    /// The last one, as long as its answer is waited for.
    open: Option<OpId>,
}

/// A workload that has begun.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    fixed: Rc<Fixed>,
    sessions: Rc<Vec<Session>>,
    issued: u32,
    missed: u32,
}

/// The workload of a run, if there is one, and what those before it leave behind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demand {
    pub running: Option<Running>,
    /// How many workloads have begun.
    pub begun: u32,
    /// No operation of the workloads before this one has a greater value.
    pub floor: u64,
    /// The form of the operation that comes just now; else empty.
    pub form: &'static str,
}

impl Demand {
    /// Ends the workload, if there is one.
    pub fn end(&mut self) {
        if let Some(running) = self.running.take() {
            self.floor = running.ceiling();
        }
    }
}

/// An operation that comes.
pub(crate) struct Arrival {
    pub client: NodeId,
    pub form: &'static str,
    pub text: String,
}

impl Running {
    /// The workload begins at `now`. `forms` are what its clients take.
    pub fn begin(
        spec: &Workload,
        clients: Vec<NodeId>,
        forms: &[OpForm],
        seed: u64,
        before: &Demand,
        now: Time,
    ) -> Result<Running, String> {
        let sessions = match spec.pace {
            Pace::Open(_) => 1,
            Pace::Closed { outstanding, .. } => clients.len() * usize::from(outstanding),
        };
        if sessions > Workload::<NodeId>::MAX_OPEN {
            let most = Workload::<NodeId>::MAX_OPEN;
            return Err(format!("{sessions} operations would be open at once, and at most {most} can be"));
        }
        let forms = mix(spec, forms)?;
        let zipf = Zipf::new(spec.keys, spec.zipf);
        let (number, floor) = match &before.running {
            Some(running) => (before.begun + 1, running.ceiling()),
            None => (before.begun + 1, before.floor),
        };
        let fixed = Fixed { spec: spec.clone(), clients, forms, zipf, seed, number, floor };
        let session = |i| {
            let after = match spec.pace {
                Pace::Open(_) => fixed.gap(i, 0),
                // Clients do not all begin at the same instant.
                Pace::Closed { think, .. } => Span(fixed.draw(GAP, i, 0).between(0, think.0)),
            };
            Session { due: fixed.in_time(now + after), count: 0, open: None }
        };
        let sessions = (0..sessions as u32).map(session).collect();
        Ok(Running { sessions: Rc::new(sessions), fixed: Rc::new(fixed), issued: 0, missed: 0 })
    }

    pub fn number(&self) -> u32 {
        self.fixed.number
    }

    /// When which session's next operation comes.
    pub fn due(&self) -> impl Iterator<Item = (u32, Time)> + '_ {
        (0..).zip(self.sessions.iter()).filter_map(|(i, session)| Some((i, session.due?)))
    }

    pub fn due_of(&self, session: u32) -> Option<Time> {
        self.sessions.get(session as usize)?.due
    }

    /// A value that is greater than all values of this workload's operations.
    pub fn ceiling(&self) -> u64 {
        let count = self.sessions.iter().map(|session| session.count).max().unwrap_or(0);
        self.fixed.value(self.sessions.len(), u64::from(count), 0) + self.sessions.len() as u64
    }

    /// The next operation of a session.
    pub fn arrival(&self, session: u32) -> Arrival {
        let (fixed, state) = (&self.fixed, &self.sessions[session as usize]);
        let ordinal = state.count;
        let client = match fixed.spec.pace {
            Pace::Open(_) => fixed.draw(CLIENT, session, ordinal).between(0, fixed.clients.len() as u64 - 1),
            Pace::Closed { outstanding, .. } => u64::from(session) / u64::from(outstanding),
        };
        let place = fixed.draw(FORM, session, ordinal).between(0, 999_999);
        let form = fixed.forms.iter().find(|form| place < form.upto).or(fixed.forms.last());
        let (name, template) = form.map_or(("", ""), |form| (form.name, form.template));
        let key = || format!("k{}", fixed.zipf.key(fixed.draw(KEY, session, ordinal).bits()));
        let value = |count| fixed.value(self.sessions.len(), count, session).to_string();
        let old = || {
            let earlier = u64::from(ordinal.saturating_sub(1));
            value(fixed.draw(OLD, session, ordinal).between(0, earlier))
        };
        let text = template.replace("{key}", &key()).replace("{old}", &old());
        let text = text.replace("{value}", &value(u64::from(ordinal)));
        Arrival { client: fixed.clients[client as usize], form: name, text }
    }

    /// The session's operation comes at `now`: as `op`, or `None` when its client is down. Returns when
    /// the next one comes unless something changes.
    pub fn issued(&mut self, session: u32, op: Option<OpId>, now: Time) -> Option<Time> {
        let fixed = Rc::clone(&self.fixed);
        self.issued += u32::from(op.is_some());
        self.missed += u32::from(op.is_none());
        let ended = self.issued + self.missed >= fixed.spec.total.unwrap_or(Workload::<NodeId>::MAX_TOTAL);
        let sessions = Rc::make_mut(&mut self.sessions);
        let state = &mut sessions[session as usize];
        state.count += 1;
        state.open = op;
        let next = match fixed.spec.pace {
            // By hand an operation can come early; the next one keeps its time.
            Pace::Open(_) => state.due.unwrap_or(now).max(now) + fixed.gap(session, state.count),
            Pace::Closed { patience, .. } => now + patience,
        };
        state.due = fixed.in_time(next);
        if ended {
            sessions.iter_mut().for_each(|session| session.due = None);
        }
        sessions[session as usize].due
    }

    /// An operation is answered: of a closed workload, the session and when its next one comes.
    pub fn answered(&mut self, op: OpId, now: Time) -> Option<(u32, Time)> {
        let Pace::Closed { think, .. } = self.fixed.spec.pace else {
            return None;
        };
        let session = self.sessions.iter().position(|session| session.open == Some(op))?;
        let state = &mut Rc::make_mut(&mut self.sessions)[session];
        state.open = None;
        // What has ended stays ended.
        state.due?;
        state.due = self.fixed.in_time(now + think.max(LEAST));
        Some((session as u32, state.due?))
    }

    pub fn view(&self, cast: &Cast) -> WorkloadView {
        let name = |&node: &NodeId| Ok::<_, ()>(cast.name(node).to_owned());
        WorkloadView {
            text: self.fixed.spec.rename(name).map(|spec| spec.to_string()).unwrap_or_default(),
            clients: self.fixed.clients.iter().map(|&node| cast.name(node).to_owned()).collect(),
            issued: self.issued,
            missed: self.missed,
            finished: self.is_finished(),
        }
    }

    pub fn is_finished(&self) -> bool {
        self.sessions.iter().all(|session| session.due.is_none())
    }
}

impl Fixed {
    /// Keyed by the workload, the session and the operation's ordinal in it.
    fn draw(&self, purpose: Purpose, session: u32, ordinal: u32) -> Draw {
        let place = u64::from(self.number) << 32 | u64::from(session);
        Draw::new(self.seed, purpose, place, u64::from(ordinal))
    }

    /// The time before an operation of an open workload.
    fn gap(&self, session: u32, ordinal: u32) -> Span {
        let Pace::Open(rate) = self.spec.pace else {
            return Span::ZERO;
        };
        let mean = Span(1_000_000_000 / u64::from(rate));
        self.draw(GAP, session, ordinal).exponential(mean).max(LEAST)
    }

    fn in_time(&self, at: Time) -> Option<Time> {
        self.spec.until.is_none_or(|until| at <= until).then_some(at)
    }

    /// No two operations of a run's workloads have the same value.
    fn value(&self, sessions: usize, count: u64, session: u32) -> u64 {
        self.floor + count * sessions as u64 + u64::from(session) + 1
    }
}

/// The forms that a workload names, each with where its share ends; without names, all of them alike.
fn mix(spec: &Workload, forms: &[OpForm]) -> Result<Vec<Form>, String> {
    let words: Vec<String> = forms.iter().map(|form| form_word(form.name)).collect();
    let named: Vec<(&OpForm, u64)> = if spec.mix.is_empty() {
        let count = forms.len() as u64;
        // Rounded so that the last share ends at the whole.
        let share = |i: u64| 1_000_000 * (i + 1) / count - 1_000_000 * i / count;
        forms.iter().zip(0..).map(|(form, i)| (form, share(i))).collect()
    } else {
        let find = |(word, share): &(String, faultline_model::Chance)| {
            let place = words.iter().position(|known| known == word);
            let form = place
                .and_then(|place| forms.get(place))
                .ok_or_else(|| format!("there is no operation `{word}`; there are: {}", words.join(", ")))?;
            Ok((form, u64::from(share.0)))
        };
        spec.mix.iter().map(find).collect::<Result<_, String>>()?
    };
    let keyed = |&(form, _): &(&OpForm, u64)| form.template.contains("{key}");
    if spec.keys > 1 && !named.iter().any(keyed) {
        return Err("these operations have no key: leave `keys` and `zipf` out".to_owned());
    }
    let mut upto = 0;
    let form = |(form, share): (&OpForm, u64)| {
        upto += share;
        Form { name: form.name, template: form.template, upto }
    };
    Ok(named.into_iter().map(form).collect())
}
