//! Which faults a chaos consists of.

use faultline_model::{Cast, Draw, Kind, Latency, NodeId, Purpose, SortedMap, Span, Time, sort_by_key};

use super::{Chaos, Trouble};
use crate::AnyWorld;
use crate::script::{Act, Ends};

const GAP: Purpose = Purpose::new("chaos gap");
const KIND: Purpose = Purpose::new("chaos kind");
const PLACE: Purpose = Purpose::new("chaos place");
const LENGTH: Purpose = Purpose::new("chaos length");
const SIZE: Purpose = Purpose::new("chaos size");

/// What is in trouble and until when; nothing is troubled in the same way twice at once.
#[derive(Default)]
struct Busy {
    /// Servers that are crashed or paused.
    down: SortedMap<NodeId, Time>,
    /// The network as a whole: a partition or a cut.
    split: Time,
    /// Links that are slow.
    slow_links: SortedMap<(NodeId, NodeId), Time>,
    /// Servers that are slow.
    slow: SortedMap<NodeId, Time>,
    /// Servers whose clocks are wrong.
    skewed: SortedMap<NodeId, Time>,
}

/// What is there to be troubled.
struct System<'w> {
    cast: &'w Cast,
    servers: Vec<NodeId>,
    links: Vec<(NodeId, NodeId)>,
}

impl Chaos {
    /// What it does to that system and when, soonest first. Pure: it depends on nothing but the chaos,
    /// the cast and its links. A chaos that [`Chaos::check`] refuses does nothing.
    pub fn faults(&self, world: &dyn AnyWorld) -> Vec<(Time, Act)> {
        if self.check().is_err() || self.rate == 0 {
            return vec![];
        }
        let cast = world.cast();
        let present: Vec<NodeId> =
            cast.iter().filter(|(_, member)| !member.left).map(|(node, _)| node).collect();
        let all = present.iter().flat_map(|&from| present.iter().map(move |&to| (from, to)));
        let links = all.filter(|&(from, to)| world.linked(from, to)).collect();
        let system = System { cast, servers: cast.of_kind(Kind::Server).collect(), links };
        let mean = Span(60_000_000_000 / u64::from(self.rate));
        let (mut busy, mut acts, mut at) = (Busy::default(), vec![], self.from);
        for ordinal in 0..Chaos::MOST as u64 {
            at += self.draw(GAP, ordinal).exponential(mean).max(Span(1));
            // A fault that would end at once is none.
            if at + Span::millis(1) >= self.until {
                break;
            }
            let least = Span(self.within.0 / 10).max(Span(1));
            let length = Span(self.draw(LENGTH, ordinal).between(least.0, self.within.0.max(least.0)));
            let end = (at + length).min(self.until);
            if let Some((fault, repair)) = self.fault(&system, &mut busy, ordinal, at, end) {
                acts.push((at, fault));
                acts.push((end, repair));
            }
        }
        // Stable: of the same time, what was chosen first comes first.
        sort_by_key(&mut acts, |&(at, _)| at);
        acts
    }

    fn draw(&self, purpose: Purpose, ordinal: u64) -> Draw {
        Draw::new(self.seed, purpose, 0, ordinal)
    }

    /// One fault and what undoes it; `None` when the budget has no room for it at `at`.
    fn fault(
        &self,
        system: &System<'_>,
        busy: &mut Busy,
        ordinal: u64,
        at: Time,
        end: Time,
    ) -> Option<(Act, Act)> {
        let kind = pick(&mut self.draw(KIND, ordinal), &self.kinds)?;
        let (mut place, mut size) = (self.draw(PLACE, ordinal), self.draw(SIZE, ordinal));
        let name = |node: NodeId| system.cast.name(node).to_owned();
        let free = |busy: &SortedMap<NodeId, Time>| -> Vec<NodeId> {
            system.servers.iter().copied().filter(|node| busy.get(node).is_none_or(|&end| end < at)).collect()
        };
        Some(match kind {
            Trouble::Crash | Trouble::Pause => {
                // What ends at this very microsecond still counts.
                let down = busy.down.values().filter(|&&end| end >= at).count();
                if down >= usize::from(self.down) {
                    return None;
                }
                let node = pick(&mut place, &free(&busy.down))?;
                busy.down.insert(node, end);
                if kind == Trouble::Crash {
                    (Act::Crash(name(node)), Act::Restart(name(node), false))
                } else {
                    (Act::Pause(name(node)), Act::Resume(name(node)))
                }
            }
            Trouble::Partition if busy.split < at || busy.split == Time::ZERO => {
                let groups = system.split(&mut place)?;
                busy.split = end;
                (Act::Partition(groups), Act::HealAll)
            }
            Trouble::Cut if busy.split < at || busy.split == Time::ZERO => {
                let (from, to) = pick(&mut place, &system.links)?;
                busy.split = end;
                let ends = Ends { from: name(from), to: name(to), both: false };
                (Act::Cut(ends.clone()), Act::Heal(ends))
            }
            Trouble::Partition | Trouble::Cut => return None,
            Trouble::Delay => {
                let calm = |link: &&(NodeId, NodeId)| busy.slow_links.get(link).is_none_or(|&end| end < at);
                let calm: Vec<_> = system.links.iter().filter(calm).copied().collect();
                let (from, to) = pick(&mut place, &calm)?;
                busy.slow_links.insert((from, to), end);
                let ends = Ends { from: name(from), to: name(to), both: false };
                let latency = Latency::Constant(Span::millis(size.between(100, 1_000)));
                (Act::Latency(ends.clone(), Some(latency)), Act::Latency(ends, None))
            }
            Trouble::Slow => {
                let node = pick(&mut place, &free(&busy.slow))?;
                busy.slow.insert(node, end);
                (Act::Slow(name(node), size.between(200, 1_000) as u32), Act::Slow(name(node), 100))
            }
            Trouble::Skew => {
                let node = pick(&mut place, &free(&busy.skewed))?;
                busy.skewed.insert(node, end);
                let micros = size.between(0, 20_000_000) as i64 - 10_000_000;
                (Act::Skew(name(node), micros), Act::Skew(name(node), 0))
            }
        })
    }
}

impl System<'_> {
    /// Two groups of all nodes with at least one link between them, and with a server in each where there
    /// are two; `None` when there is no such split.
    fn split(&self, place: &mut Draw) -> Option<Vec<Vec<String>>> {
        let first = pick(place, &self.links)?;
        let side = |node: NodeId, place: &mut Draw| match node {
            // The ends of one link stand on different sides, so that there is something to cut.
            node if node == first.0 => 0,
            node if node == first.1 => 1,
            _ => place.between(0, 1) as usize,
        };
        let mut groups = [vec![], vec![]];
        for (node, member) in self.cast.iter().filter(|(_, member)| !member.left) {
            groups[side(node, place)].push((node, member));
        }
        let lonely = |group: &[(NodeId, &faultline_model::Member)]| {
            !group.iter().any(|(_, member)| member.kind == Kind::Server)
        };
        // A group of clients alone is no partition of the servers: one server changes over, and the link
        // that was chosen stays between the groups if it can.
        for (poor, rich) in [(0, 1), (1, 0)] {
            if lonely(&groups[poor]) && self.servers.len() > 1 {
                let movable = |(node, member): &(NodeId, &faultline_model::Member)| {
                    member.kind == Kind::Server && *node != first.0 && *node != first.1
                };
                if let Some(place) = groups[rich].iter().position(movable) {
                    let moved = groups[rich].remove(place);
                    groups[poor].push(moved);
                }
            }
        }
        let names = |group: &Vec<(NodeId, &faultline_model::Member)>| {
            group.iter().map(|(_, member)| member.name.clone()).collect()
        };
        Some(groups.iter().map(names).collect())
    }
}

fn pick<T: Copy>(draw: &mut Draw, among: &[T]) -> Option<T> {
    let last = among.len().checked_sub(1)?;
    among.get(draw.between(0, last as u64) as usize).copied()
}
