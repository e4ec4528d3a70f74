//! The search for an order: Wing and Gong's algorithm (*Testing and Verifying Concurrent Objects*, 1993)
//! with Lowe's memory of configurations (*Testing for Linearizability*, 2017, §5).
//!
//! It takes operations out of a list of invocations and returns, one by one, as long as the object could
//! have answered so, and puts them back when it is stuck. Two things are added. Operations may stand in
//! several lists, which do not constrain each other: with one list a process it looks for sequential
//! consistency. And a read that answers rightly is placed at once, without alternatives: whatever order
//! there is of what is left, the read can be moved to its front. (Of a write that changes nothing *here* that
//! is not true: elsewhere it might be needed.)

use crate::spec::Spec;

use super::seen::{Configurations, States};

/// An operation, as the search sees it.
#[derive(Clone, Debug)]
pub(super) struct Step<C, R> {
    /// Where it stands in the history, for the answer.
    pub operation: usize,
    /// What is asked.
    pub call: C,
    /// What came back, if anybody saw it.
    pub result: Option<R>,
    /// Its list.
    pub list: u32,
    /// The event of its invocation.
    pub invoked: u32,
    /// The event of its return. Without one it may have its place anywhere later, or nowhere.
    pub returned: Option<u32>,
}

/// What came of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// An order.
    Order,
    /// There is none.
    None,
    /// The bound on memory was reached first.
    TooMuch,
}

/// The search. Its stack is a list of its own: it cannot overflow.
pub(super) struct Orders<S: Spec> {
    spec: S,
    steps: Vec<Step<S::Call, S::Ret>>,
    /// Which of them are reads whose answers are known.
    reads: Vec<bool>,
    lists: Lists,
    states: States<S::State>,
    seen: Configurations,
    /// The operations that have their place, as bits.
    placed: Vec<u64>,
    /// How many must still get theirs.
    missing: usize,
    state: u32,
    path: Vec<Placed>,
    /// The entry to look at next, or the end of `list`.
    at: u32,
    list: u32,
    /// Whether it is still looking for a read that can be placed without alternatives.
    scouting: bool,
    farthest: Farthest,
    bytes: usize,
    found: Option<Found>,
}

/// An operation that got its place.
#[derive(Clone, Copy, Debug)]
struct Placed {
    step: u32,
    /// The state before it.
    before: u32,
    list: u32,
    /// Whether there is no need to try anything else in its stead.
    free: bool,
}

/// How far the search came.
#[derive(Clone, Debug, Default)]
pub(super) struct Farthest {
    /// With one list: the event of the first return that could not be passed. With several: how many
    /// operations had their place.
    pub measure: u32,
    /// The operations in their order, as places in the history.
    pub order: Vec<usize>,
    /// The operations whose returns blocked the way, one a list.
    pub blocked: Vec<usize>,
}

impl<S: Spec> Orders<S> {
    /// A search over these operations, in `lists` lists; it holds at most about `bytes` bytes.
    pub fn new(spec: S, mut steps: Vec<Step<S::Call, S::Ret>>, lists: u32, bytes: usize) -> Orders<S> {
        // Those that may have no place last, so that the bits of the others fill up from the front.
        steps.sort_by_key(|step| (step.returned.is_none(), step.invoked));
        let mut states = States::new();
        let start = spec.start();
        let owned = spec.owned_bytes(&start);
        let state = states.number(start, owned);
        let entries = Lists::of(&steps, lists);
        let is_read = |step: &Step<S::Call, S::Ret>| {
            step.returned.is_some() && step.result.as_ref().is_some_and(|ret| spec.is_read(&step.call, ret))
        };
        Orders {
            placed: vec![0; steps.len().div_ceil(64)],
            missing: steps.iter().filter(|step| step.returned.is_some()).count(),
            at: entries.first(0),
            reads: steps.iter().map(is_read).collect(),
            spec,
            steps,
            lists: entries,
            states,
            seen: Configurations::new(),
            state,
            path: vec![],
            list: 0,
            scouting: true,
            farthest: Farthest::default(),
            bytes,
            found: None,
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.states.bytes() + self.seen.bytes()
    }

    /// The order in which operations have their places now.
    pub fn order(&self) -> Vec<usize> {
        self.path.iter().map(|placed| self.steps[placed.step as usize].operation).collect()
    }

    /// How far it came.
    pub fn farthest(&self) -> &Farthest {
        &self.farthest
    }

    /// Looks at no more than so many entries; what was found once there is something. What is left of
    /// the portion stays in it.
    pub fn go_on(&mut self, portion: &mut u32) -> Option<Found> {
        while self.found.is_none() && *portion > 0 {
            *portion -= 1;
            self.found = self.look();
        }
        self.found
    }

    fn look(&mut self) -> Option<Found> {
        if self.missing == 0 {
            return Some(Found::Order);
        }
        if self.at == self.lists.end(self.list) {
            return self.leave_list();
        }
        let (step, is_return) = (self.at / 2, self.at % 2 == 1);
        if is_return {
            return self.leave_list();
        }
        // An operation that need not have a place gets none where it changes nothing.
        let required = self.steps[step as usize].returned.is_some();
        let after = if self.scouting == self.reads[step as usize] { self.after(step) } else { None };
        let Some(state) = after.filter(|&state| required || state != self.state) else {
            self.at = self.lists.next[self.at as usize];
            return None;
        };
        let free = self.scouting;
        if !self.place(step, state, free) {
            if free {
                // Whatever order there is goes through there, and the search has been there.
                return self.take_back();
            }
            self.at = self.lists.next[self.at as usize];
        } else if self.bytes() > self.bytes {
            return Some(Found::TooMuch);
        }
        None
    }

    fn after(&mut self, step: u32) -> Option<u32> {
        let Step { call, result, .. } = &self.steps[step as usize];
        let before = self.states.get(self.state);
        let after = self.spec.after(before, call, result.as_ref())?;
        if after == *before {
            return Some(self.state);
        }
        let owned = self.spec.owned_bytes(&after);
        Some(self.states.number(after, owned))
    }

    /// Gives an operation its place; false when that leads to where the search has been.
    fn place(&mut self, step: u32, state: u32, free: bool) -> bool {
        let (word, bit) = (step as usize / 64, 1 << (step % 64));
        self.placed[word] |= bit;
        if !self.seen.insert(&self.placed, state) {
            self.placed[word] &= !bit;
            return false;
        }
        self.path.push(Placed { step, before: self.state, list: self.list, free });
        self.state = state;
        self.missing -= usize::from(self.steps[step as usize].returned.is_some());
        self.lists.take_out(step, self.steps[step as usize].returned.is_some());
        self.begin(true);
        true
    }

    fn begin(&mut self, scouting: bool) {
        self.scouting = scouting;
        self.list = 0;
        self.at = self.lists.first(0);
    }

    /// Goes to the next list, looks at all of them again, or takes the last operation back.
    fn leave_list(&mut self) -> Option<Found> {
        if self.list + 1 < self.lists.count {
            self.list += 1;
            self.at = self.lists.first(self.list);
            return None;
        }
        if self.scouting {
            self.begin(false);
            return None;
        }
        self.note();
        self.take_back()
    }

    /// Takes operations back, to the last one that has alternatives.
    fn take_back(&mut self) -> Option<Found> {
        loop {
            let Some(Placed { step, before, list, free }) = self.path.pop() else {
                return Some(Found::None);
            };
            let required = self.steps[step as usize].returned.is_some();
            self.lists.put_back(step, required);
            self.missing += usize::from(required);
            self.placed[step as usize / 64] &= !(1 << (step % 64));
            self.state = before;
            if !free {
                self.scouting = false;
                self.list = list;
                self.at = self.lists.next[2 * step as usize];
                return None;
            }
        }
    }

    /// Notes a dead end if it is the farthest.
    fn note(&mut self) {
        let alone = if self.lists.count == 1 { self.lists.first_return(0) } else { None };
        let event = alone.and_then(|step| self.steps[step as usize].returned);
        let measure = event.unwrap_or(self.path.len() as u32);
        if measure < self.farthest.measure
            || !self.farthest.blocked.is_empty() && measure == self.farthest.measure
        {
            return;
        }
        let blocked = (0..self.lists.count).filter_map(|list| self.lists.first_return(list));
        let blocked = blocked.map(|step| self.steps[step as usize].operation).collect();
        self.farthest = Farthest { measure, order: self.order(), blocked };
    }
}

/// Invocations and returns in the order of their events, doubly linked, so that an operation is taken out
/// and put back in constant time (Knuth's dancing links).
#[derive(Debug)]
struct Lists {
    /// Entry 2i is step i's invocation, 2i+1 its return; behind them comes one entry a list, its end.
    next: Vec<u32>,
    before: Vec<u32>,
    steps: u32,
    count: u32,
}

impl Lists {
    fn of<C, R>(steps: &[Step<C, R>], count: u32) -> Lists {
        let entries = 2 * steps.len() + count as usize;
        let none: Vec<u32> = (0..entries as u32).collect();
        let mut lists = Lists { next: none.clone(), before: none, steps: steps.len() as u32, count };
        let mut events: Vec<(u32, u32, u32)> = vec![];
        for (i, step) in (0u32..).zip(steps) {
            events.push((step.invoked, 2 * i, step.list));
            events.extend(step.returned.map(|event| (event, 2 * i + 1, step.list)));
        }
        events.sort_unstable();
        for (_, entry, list) in events {
            let end = lists.end(list);
            let last = lists.before[end as usize];
            lists.join(last, entry);
            lists.join(entry, end);
        }
        lists
    }

    fn end(&self, list: u32) -> u32 {
        2 * self.steps + list
    }

    fn first(&self, list: u32) -> u32 {
        self.next[self.end(list) as usize]
    }

    fn join(&mut self, left: u32, right: u32) {
        self.next[left as usize] = right;
        self.before[right as usize] = left;
    }

    fn take_out(&mut self, step: u32, required: bool) {
        for entry in 2 * step..=2 * step + u32::from(required) {
            self.join(self.before[entry as usize], self.next[entry as usize]);
        }
    }

    /// Undoes the last [`Lists::take_out`].
    fn put_back(&mut self, step: u32, required: bool) {
        for entry in (2 * step..=2 * step + u32::from(required)).rev() {
            self.next[self.before[entry as usize] as usize] = entry;
            self.before[self.next[entry as usize] as usize] = entry;
        }
    }

    /// The step whose return stands first.
    fn first_return(&self, list: u32) -> Option<u32> {
        let mut at = self.first(list);
        while at != self.end(list) {
            if at % 2 == 1 {
                return Some(at / 2);
            }
            at = self.next[at as usize];
        }
        None
    }
}
