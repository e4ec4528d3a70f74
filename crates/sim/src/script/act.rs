//! Between a script's interventions, which name things by content, and the engine's, which number them.

use faultline_model::{MsgId, NodeId, Time, sort_by_key};

use super::{Act, Command, Ends, Header, Line, Script, Statement, Step, Which};
use crate::{Action, AnyWorld, Disk, FlightView, LinkView, Moment, NodeView, Timeline, TimerView, WorldView};

/// How many messages or timers an error lists.
const LISTED: usize = 12;

/// An action as a line of a script, by content. `world` is the one that it is about to be applied to;
/// `None` when the message or timer that it speaks of is not there.
pub fn describe_action(action: &Action, world: &dyn AnyWorld) -> Option<String> {
    Act::of(action, world).map(|act| act.to_string())
}

/// The run up to the timeline's cursor as a script that replays it to the same digest.
///
/// The cursor moves along the run while this looks at every intervention, and is put back.
pub fn export(timeline: &mut Timeline) -> Script {
    let scenario = timeline.scenario();
    let mut header = vec![Header::Protocol(scenario.protocol.clone())];
    header.extend(scenario.lesson.clone().map(Header::Lesson));
    header.extend((scenario.nodes > 0).then_some(Header::Nodes(scenario.nodes)));
    header.push(Header::Seed(scenario.seed));
    header.extend(scenario.set.iter().map(|(name, value)| Header::Set(name.clone(), value.clone())));
    let mut statements: Vec<Statement> = header.into_iter().map(Statement::Header).collect();

    let cursor = timeline.cursor();
    let done: Vec<_> = timeline.interventions().iter().filter(|each| each.after < cursor).cloned().collect();
    let mut reached = 0;
    for intervention in done {
        timeline.seek(intervention.after);
        let act = Act::of(&intervention.action, timeline.world())
            .expect("what was done to a message or timer was done while it was there");
        let last = intervention.after.checked_sub(1).map(|i| timeline.events()[i as usize].at);
        let waited = last.unwrap_or(Time::ZERO) != intervention.at;
        statements.push(Statement::Step(Step {
            after: Some(intervention.after),
            at: waited.then_some(intervention.at),
            command: Command::Act(act),
        }));
        reached = intervention.after + 1;
    }
    timeline.seek(cursor);
    if cursor > reached {
        let command = Command::RunEvents(cursor - reached);
        statements.push(Statement::Step(Step { after: None, at: None, command }));
    }
    let to_come = timeline.planned().into_iter().zip(timeline.plan().entries());
    statements.extend(to_come.filter(|(view, _)| view.event.is_none_or(|event| event > cursor)).map(
        |(_, entry)| {
            let command = Command::Plan(entry.at, entry.act.clone());
            Statement::Step(Step { after: None, at: None, command })
        },
    ));
    let line = |statement| Line { statement: Some(statement), comment: None };
    Script { lines: statements.into_iter().map(line).collect() }
}

impl Act {
    /// The action by content; `None` when the message or timer that it speaks of is not there.
    pub fn of(action: &Action, world: &dyn AnyWorld) -> Option<Act> {
        let name = |node: NodeId| world.cast().name(node).to_owned();
        let one_way = |from: NodeId, to: NodeId| Ends { from: name(from), to: name(to), both: false };
        Some(match action {
            Action::Deliver(msg) => Act::Deliver(Which::of(*msg, &world.view())?),
            Action::Drop(msg) => Act::Drop(Which::of(*msg, &world.view())?),
            Action::Delay(msg, by) => Act::Delay(Which::of(*msg, &world.view())?, *by),
            Action::Duplicate(msg) => Act::Duplicate(Which::of(*msg, &world.view())?),
            Action::Fire(node, arming) => {
                let view = world.view();
                let timers = &view.nodes.iter().find(|view| view.node == *node)?.timers;
                let timer = timers.iter().find(|timer| timer.arming == *arming)?;
                let mut same = timers.iter().filter(|other| other.kind == timer.kind);
                let place = same.position(|other| other.arming == *arming)? as u32 + 1;
                let alone = place == 1 && same.next().is_none();
                Act::Fire(name(*node), Some(timer.kind.clone()), (!alone).then_some(place))
            }
            Action::Sync(node) => Act::Sync(name(*node)),
            Action::Take(node) => Act::Take(name(*node)),
            Action::Invoke(node, operation) => Act::Invoke(name(*node), operation.clone()),
            Action::Cut(from, to) => Act::Cut(one_way(*from, *to)),
            Action::Heal(from, to) => Act::Heal(one_way(*from, *to)),
            Action::HealAll => Act::HealAll,
            Action::Partition(groups) => {
                Act::Partition(groups.iter().map(|group| group.iter().copied().map(name).collect()).collect())
            }
            Action::Lose(from, to, chance) => Act::Lose(one_way(*from, *to), *chance),
            Action::Repeat(from, to, chance) => Act::Repeat(one_way(*from, *to), *chance),
            Action::Order(from, to, kept) => Act::Order(one_way(*from, *to), *kept),
            Action::Latency(from, to, latency) => Act::Latency(one_way(*from, *to), *latency),
            Action::Crash(node) => Act::Crash(name(*node)),
            Action::Restart(node, disk) => Act::Restart(name(*node), *disk == Disk::Empty),
            Action::Pause(node) => Act::Pause(name(*node)),
            Action::Resume(node) => Act::Resume(name(*node)),
            Action::Skew(node, micros) => Act::Skew(name(*node), *micros),
            Action::Drift(node, ppm) => Act::Drift(name(*node), *ppm),
            Action::Slow(node, percent) => Act::Slow(name(*node), *percent),
            Action::DropAll(from, to, kind) => Act::DropAll(one_way(*from, *to), kind.clone()),
            Action::LetThrough(from, to, kind) => Act::LetThrough(one_way(*from, *to), kind.clone()),
            Action::Hold(from, to) => Act::Hold(one_way(*from, *to)),
            Action::Release(from, to) => Act::Release(one_way(*from, *to)),
            Action::Bandwidth(from, to, bandwidth) => Act::Bandwidth(one_way(*from, *to), *bandwidth),
            Action::Kill(node) => Act::Kill(name(*node)),
            Action::Jump(node, micros) => Act::Jump(name(*node), *micros),
            Action::SyncClock(node, with, how) => Act::SyncClock(name(*node), name(*with), *how),
            Action::DiskLatency(node, latency) => Act::DiskLatency(name(*node), *latency),
            Action::DiskSlow(node, percent) => Act::DiskSlow(name(*node), *percent),
            Action::DiskFull(node, full) => Act::DiskFull(name(*node), *full),
            Action::Corrupt(node) => Act::Corrupt(name(*node)),
            Action::Workload(spec) => {
                let named = spec.rename(|&node| Ok::<_, ()>(name(node)));
                Act::Workload(Box::new(named.ok()?))
            }
            Action::EndWorkload => Act::EndWorkload,
            Action::Arrive(session) => Act::Arrive(*session + 1),
            Action::Add => Act::Add,
            Action::Remove(node) => Act::Remove(name(*node)),
            Action::Lie(node, lie) => Act::Lie(name(*node), lie.clone()),
            Action::Honest(node) => Act::Honest(name(*node)),
            Action::Skip(why) => Act::Skip(why.clone()),
        })
    }

    /// The engine's actions for it, at this moment; the error says what there is instead.
    pub fn resolve(&self, world: &dyn AnyWorld) -> Result<Vec<Action>, String> {
        let node = |name: &String| find_node(world, name);
        let one = |action: Action| Ok(vec![action]);
        match self {
            Act::Deliver(which) => one(Action::Deliver(which.find(world)?)),
            Act::Drop(which) => one(Action::Drop(which.find(world)?)),
            Act::Delay(which, by) => one(Action::Delay(which.find(world)?, *by)),
            Act::Duplicate(which) => one(Action::Duplicate(which.find(world)?)),
            Act::Fire(name, kind, ordinal) => {
                let node = node(name)?;
                one(Action::Fire(node, find_timer(world, node, kind.as_deref(), *ordinal)?))
            }
            Act::Sync(name) => one(Action::Sync(node(name)?)),
            Act::Take(name) => one(Action::Take(node(name)?)),
            Act::Invoke(name, operation) => one(Action::Invoke(node(name)?, operation.clone())),
            Act::HealAll => one(Action::HealAll),
            Act::Partition(groups) => {
                let group = |group: &Vec<String>| group.iter().map(node).collect();
                one(Action::Partition(groups.iter().map(group).collect::<Result<_, String>>()?))
            }
            Act::Crash(name) => one(Action::Crash(node(name)?)),
            Act::Restart(name, empty) => {
                one(Action::Restart(node(name)?, if *empty { Disk::Empty } else { Disk::Kept }))
            }
            Act::Pause(name) => one(Action::Pause(node(name)?)),
            Act::Resume(name) => one(Action::Resume(node(name)?)),
            Act::Skew(name, micros) => one(Action::Skew(node(name)?, *micros)),
            Act::Drift(name, ppm) => one(Action::Drift(node(name)?, *ppm)),
            Act::Slow(name, percent) => one(Action::Slow(node(name)?, *percent)),
            Act::Kill(name) => one(Action::Kill(node(name)?)),
            Act::Jump(name, micros) => one(Action::Jump(node(name)?, *micros)),
            Act::SyncClock(name, with, how) => one(Action::SyncClock(node(name)?, node(with)?, *how)),
            Act::DiskLatency(name, latency) => one(Action::DiskLatency(node(name)?, *latency)),
            Act::DiskSlow(name, percent) => one(Action::DiskSlow(node(name)?, *percent)),
            Act::DiskFull(name, full) => one(Action::DiskFull(node(name)?, *full)),
            Act::Corrupt(name) => one(Action::Corrupt(node(name)?)),
            Act::Workload(spec) => one(Action::Workload(Box::new(spec.rename(node)?))),
            Act::EndWorkload => one(Action::EndWorkload),
            Act::Arrive(session) => one(Action::Arrive(session.saturating_sub(1))),
            Act::Add => one(Action::Add),
            Act::Remove(name) => one(Action::Remove(node(name)?)),
            Act::Lie(name, lie) => one(Action::Lie(node(name)?, lie.clone())),
            Act::Honest(name) => one(Action::Honest(node(name)?)),
            Act::Skip(why) => one(Action::Skip(why.clone())),
            Act::Cut(_)
            | Act::Heal(_)
            | Act::Lose(..)
            | Act::Repeat(..)
            | Act::Order(..)
            | Act::Latency(..)
            | Act::DropAll(..)
            | Act::LetThrough(..)
            | Act::Hold(_)
            | Act::Release(_)
            | Act::Bandwidth(..) => self.resolve_on_links(world),
        }
    }

    /// What is done to links: one action each, on those that it would change.
    fn resolve_on_links(&self, world: &dyn AnyWorld) -> Result<Vec<Action>, String> {
        let all = |ends: &Ends, action: &dyn Fn(NodeId, NodeId) -> Action| {
            ends.links(world).map(|links| each(links, action))
        };
        match self {
            Act::Cut(ends) => {
                ends.unless(world, true, &|link| link.cut).map(|links| each(links, Action::Cut))
            }
            Act::Heal(ends) => {
                ends.unless(world, false, &|link| link.cut).map(|links| each(links, Action::Heal))
            }
            Act::Lose(ends, chance) => all(ends, &|from, to| Action::Lose(from, to, *chance)),
            Act::Repeat(ends, chance) => all(ends, &|from, to| Action::Repeat(from, to, *chance)),
            Act::Order(ends, kept) => all(ends, &|from, to| Action::Order(from, to, *kept)),
            Act::Latency(ends, latency) => all(ends, &|from, to| Action::Latency(from, to, *latency)),
            Act::DropAll(ends, kind) => {
                let links = ends.unless(world, true, &|link| drops(link, kind))?;
                Ok(each(links, |from, to| Action::DropAll(from, to, kind.clone())))
            }
            Act::LetThrough(ends, kind) => {
                let links = ends.unless(world, false, &|link| drops(link, kind))?;
                Ok(each(links, |from, to| Action::LetThrough(from, to, kind.clone())))
            }
            Act::Hold(ends) => {
                ends.unless(world, true, &|link| link.held).map(|links| each(links, Action::Hold))
            }
            Act::Release(ends) => {
                ends.unless(world, false, &|link| link.held).map(|links| each(links, Action::Release))
            }
            Act::Bandwidth(ends, bandwidth) => all(ends, &|from, to| Action::Bandwidth(from, to, *bandwidth)),
            _ => unreachable!("nothing else is done to links"),
        }
    }
}

fn each(links: Vec<(NodeId, NodeId)>, action: impl Fn(NodeId, NodeId) -> Action) -> Vec<Action> {
    links.into_iter().map(|(from, to)| action(from, to)).collect()
}

fn find_node(world: &dyn AnyWorld, name: &str) -> Result<NodeId, String> {
    world.cast().find(name).ok_or_else(|| {
        let known: Vec<&str> = world.cast().iter().map(|(_, member)| member.name.as_str()).collect();
        format!("there is no node {name}; the nodes are: {}", listed(&known))
    })
}

fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "nothing".to_owned(),
        n if n > LISTED => format!("{shown} and {} more", n - LISTED),
        _ => shown,
    }
}

/// Whether a link drops messages of that kind.
fn drops(link: &LinkView, kind: &str) -> bool {
    link.dropped.iter().any(|dropped| dropped.eq_ignore_ascii_case(kind))
}

impl Ends {
    /// The directed links that are meant.
    fn links(&self, world: &dyn AnyWorld) -> Result<Vec<(NodeId, NodeId)>, String> {
        let (from, to) = (find_node(world, &self.from)?, find_node(world, &self.to)?);
        Ok(if self.both { vec![(from, to), (to, from)] } else { vec![(from, to)] })
    }

    /// Those to change: of both directions, one that is as it shall be already is passed over.
    fn unless(
        &self,
        world: &dyn AnyWorld,
        wanted: bool,
        is: &dyn Fn(&LinkView) -> bool,
    ) -> Result<Vec<(NodeId, NodeId)>, String> {
        let links = self.links(world)?;
        if !self.both {
            return Ok(links);
        }
        let view = world.view();
        let is_so = |&(from, to): &(NodeId, NodeId)| {
            // Of a large system, the view lists only the links that have been changed.
            let found = view.links.iter().find(|link| link.from.node == from && link.to.node == to);
            found.is_some_and(is) == wanted
        };
        let left: Vec<_> = links.iter().copied().filter(|link| !is_so(link)).collect();
        // When both are so already, the engine says it.
        Ok(if left.is_empty() { links } else { left })
    }
}

/// Messages in flight in the order of sending.
fn in_order(view: &WorldView) -> Vec<&FlightView> {
    let mut flights: Vec<&FlightView> = view.flights.iter().collect();
    sort_by_key(&mut flights, |flight| flight.msg);
    flights
}

impl Which {
    /// A message in flight, by content.
    fn of(msg: MsgId, view: &WorldView) -> Option<Which> {
        let flights = in_order(view);
        let this = *flights.iter().find(|flight| flight.msg == msg)?;
        let mut same = flights
            .iter()
            .filter(|other| (&other.from, &other.to, &other.kind) == (&this.from, &this.to, &this.kind));
        let place = same.position(|other| other.msg == msg)? as u32 + 1;
        let alone = place == 1 && same.next().is_none();
        Some(Which {
            from: this.from.name.to_string(),
            to: this.to.name.to_string(),
            kind: Some(this.kind.clone()),
            ordinal: (!alone).then_some(place),
        })
    }

    /// The message that is meant, or what is in flight instead.
    fn find(&self, world: &dyn AnyWorld) -> Result<MsgId, String> {
        let (from, to) = (find_node(world, &self.from)?, find_node(world, &self.to)?);
        let view = world.view();
        let flights = in_order(&view);
        let fits = |flight: &&&FlightView| {
            let kind = self.kind.as_ref();
            flight.from.node == from
                && flight.to.node == to
                && kind.is_none_or(|kind| kind.eq_ignore_ascii_case(&flight.kind))
        };
        let fitting: Vec<&FlightView> = flights.iter().filter(fits).copied().collect();
        match (fitting.as_slice(), self.ordinal) {
            ([one], None) => Ok(one.msg),
            ([], _) => {
                let all: Vec<String> = flights.iter().map(|flight| content(flight)).collect();
                let all: Vec<&str> = all.iter().map(String::as_str).collect();
                Err(format!("no such message is in flight; in flight: {}", listed(&all)))
            }
            (many, Some(ordinal)) => match many.get(ordinal as usize - 1) {
                Some(flight) => Ok(flight.msg),
                None => Err(format!("only {} such messages are in flight: {}", many.len(), contents(many))),
            },
            (many, None) => {
                let how = if many.iter().any(|flight| flight.kind != many[0].kind) {
                    "name the kind, or say which with #1"
                } else {
                    "say which with #1"
                };
                Err(format!("{} messages fit: {}; {how}", many.len(), contents(many)))
            }
        }
    }
}

fn content(flight: &FlightView) -> String {
    format!("{}->{} {}", flight.from.name, flight.to.name, flight.kind)
}

fn contents(flights: &[&FlightView]) -> String {
    let number = |(i, flight): (usize, &&FlightView)| match flight.text.as_str() {
        "" => format!("#{} {}", i + 1, content(flight)),
        text => format!("#{} {} ({text})", i + 1, content(flight)),
    };
    let all: Vec<String> = flights.iter().enumerate().map(number).collect();
    listed(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

fn find_timer(
    world: &dyn AnyWorld,
    node: NodeId,
    kind: Option<&str>,
    ordinal: Option<u32>,
) -> Result<u32, String> {
    let view = world.view();
    let timers: &[TimerView] = view.nodes.iter().find(|view| view.node == node).map_or(&[], running);
    let fits = |timer: &&TimerView| kind.is_none_or(|kind| kind.eq_ignore_ascii_case(&timer.kind));
    let fitting: Vec<&TimerView> = timers.iter().filter(fits).collect();
    let all: Vec<&str> = timers.iter().map(|timer| timer.kind.as_str()).collect();
    let name = world.cast().name(node);
    match (fitting.as_slice(), ordinal) {
        ([one], None) => Ok(one.arming),
        ([], _) => Err(format!("no such timer runs at {name}; there run: {}", listed(&all))),
        (many, Some(ordinal)) => match many.get(ordinal as usize - 1) {
            Some(timer) => Ok(timer.arming),
            None => Err(format!("only {} such timers run at {name}", many.len())),
        },
        (many, None) => Err(format!(
            "{} timers fit at {name}: {}; name the kind, or say which with #1",
            many.len(),
            listed(&all)
        )),
    }
}

fn running(view: &NodeView) -> &[TimerView] {
    &view.timers
}

impl super::Condition {
    /// Whether it is true at this moment, and how things stand.
    pub(super) fn judge(&self, moment: &Moment<'_>) -> (bool, String) {
        let predicate = self.predicate();
        let truth = predicate.truth(moment, &crate::Progress::new(&predicate));
        let now = truth.parts.first().map_or(truth.now, |part| part.now.clone());
        (truth.met, now)
    }
}
