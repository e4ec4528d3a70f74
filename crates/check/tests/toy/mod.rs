//! Tiny protocols that nobody has thought about: what a node does is a hash of a seed and of what it knows.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cx, Evidence, Glance, Kind, KnobKind, Lens, NodeId, OpForm, OpId, Piece, Property,
    Protocol, Renaming, Scope, SortedSet, Span, StableHasher, Standing, params, renamed,
};
use faultline_sim::{Setup, World};
use serde::Serialize;

params! {
    /// Which toy.
    pub struct Which {
        /// Its number.
        "seed" seed: u64 = 0, KnobKind::Count { min: 0, max: u64::MAX };
    }
}

/// It goes on for so many hops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Msg {
    hops: u8,
    kind: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    Only,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Go;

impl fmt::Display for Go {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("go")
    }
}
impl FromStr for Go {
    type Err = String;
    fn from_str(text: &str) -> Result<Go, String> {
        (text == "go").then_some(Go).ok_or_else(|| "write go".to_owned())
    }
}

/// A node: a number, whom it has heard of, and whom it trusts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Toy {
    mood: u8,
    heard: SortedSet<NodeId>,
    trusts: Option<NodeId>,
    saved: u8,
}

/// What the whole run has seen: the moods of nodes, some of them in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Seen {
    moods: SortedSet<(NodeId, u8)>,
    first: Vec<NodeId>,
}

renamed!(nameless Msg, Timer, Go);
renamed!(struct Toy { mood, heard, trusts, saved });
renamed!(struct Seen { moods, first });

impl Toy {
    /// A number below `below` that depends on the seed, on what is known, and on nobody's name.
    fn choice(&self, what: &impl Hash, below: u64, cx: &Cx<'_, Toy>) -> u64 {
        let mut hasher = StableHasher::new();
        (cx.params().seed, self.mood, self.heard.len(), self.trusts.is_some(), self.saved).hash(&mut hasher);
        what.hash(&mut hasher);
        hasher.finish() % below
    }

    fn react(&mut self, from: Option<NodeId>, hops: u8, kind: u8, cx: &mut Cx<'_, Toy>) {
        let known = from.map(|from| (self.heard.contains(&from), self.trusts == Some(from)));
        let what = |aspect: u8| (aspect, hops, kind, known);
        let answer = Msg { hops: hops.saturating_sub(1), kind: self.choice(&what(1), 2, cx) as u8 };
        let (act, mood, trust) =
            (self.choice(&what(2), 6, cx), self.choice(&what(3), 4, cx), self.choice(&what(4), 3, cx));
        self.mood = mood as u8;
        self.heard.extend(from.filter(|_| trust > 0));
        if trust == 1 {
            self.trusts = from;
        }
        if self.choice(&what(5), 4, cx) == 0 {
            self.saved = self.mood;
            cx.persist(self.saved);
        }
        if hops == 0 {
            return;
        }
        match (act, from, self.trusts) {
            (0, ..) => cx.broadcast(&answer),
            (1 | 2, Some(from), _) => cx.send(from, answer),
            (3, _, Some(trusted)) => cx.send(trusted, answer),
            (4, ..) => cx.arm(Timer::Only, Span::millis(1)),
            _ => {}
        }
    }
}

impl Protocol for Toy {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Go;
    type Ret = Go;
    type Durable = u8;
    type Witness = Seen;
    type Params = Which;

    const ABOUT: About = About { slug: "toy", name: "Toy", claim: "None.", source: "Chance.", rules: &[] };

    fn cast(_: &Which, nodes: usize) -> Cast {
        Cast::servers_and_clients(nodes, 0)
    }
    fn default_nodes() -> usize {
        3
    }
    fn boot(saved: Option<u8>, cx: &mut Cx<'_, Self>) -> Toy {
        cx.arm(Timer::Only, Span::millis(1));
        let saved = saved.unwrap_or_default();
        Toy { mood: 0, heard: SortedSet::new(), trusts: None, saved }
    }
    fn on_timer(&mut self, _: Timer, cx: &mut Cx<'_, Self>) {
        cx.broadcast(&Msg { hops: 1, kind: self.choice(&7, 2, cx) as u8 });
        self.react(None, 1, 2, cx);
    }
    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        self.react(Some(from), msg.hops, msg.kind, cx);
    }
    fn on_request(&mut self, id: OpId, _: Go, cx: &mut Cx<'_, Self>) {
        if self.choice(&8, 2, cx) == 0 {
            cx.reply(id, Go);
        }
        self.react(None, 2, 3, cx);
    }
    fn operations(_: Kind) -> Vec<OpForm> {
        vec![OpForm { name: "Go", example: "go".to_owned(), template: "go" }]
    }
    fn glance(&self, _: &Which, _: &Cast) -> Glance {
        Glance::default()
    }
    fn caption(_: &Msg, _: &Cast) -> Caption {
        Caption { verb: String::new(), text: String::new(), hue: faultline_model::Hue::Grey, reply: false }
    }
    /// Two moods are noted, one of them in order, so that some events commute and some do not.
    fn witness(&self, me: NodeId, seen: &mut Seen) {
        if self.mood == 2 {
            seen.moods.insert((me, self.mood));
        }
        if self.mood == 3 && !seen.first.contains(&me) {
            seen.first.push(me);
        }
    }
    fn interchangeable(cast: &Cast, _: &Which) -> Vec<NodeId> {
        cast.of_kind(Kind::Server).collect()
    }
    fn hash_renamed(piece: Piece<'_, Self>, names: &Renaming, state: &mut StableHasher) {
        piece.renamed(names, state);
    }
    fn properties() -> Vec<Property<Toy>> {
        let always = |id, check| Property { id, sentence: "", source: "", scope: Scope::Always, check };
        vec![
            always("no-two-angry", |lens| holds(lens, lens.witness.first.len() < 2)),
            always("not-all-content", |lens| holds(lens, !lens.up().all(|(_, toy)| toy.mood == 1))),
            always("trust", |lens| {
                holds(lens, lens.up().filter(|(_, toy)| toy.trusts.is_some()).count() < 3)
            }),
        ]
    }
}

fn holds(_: &Lens<'_, Toy>, holds: bool) -> Standing {
    if holds { Ok(()) } else { Err(Evidence::default()) }
}

/// A toy of so many nodes.
pub fn toy(seed: u64, nodes: usize) -> World<Toy> {
    let params = Which { seed };
    World::new(Setup { cast: Toy::cast(&params, nodes), params, habitat: Toy::habitat(), seed: 1 })
}
