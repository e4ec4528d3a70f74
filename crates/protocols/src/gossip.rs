//! Gossip: updates that spread like a disease, and databases that are compared until they agree.
//!
//! Demers, Greene, Hauser, Irish, Larson, Shenker, Sturgis, Swinehart, Terry, *Epidemic Algorithms for
//! Replicated Database Maintenance*, PODC 1987. An update begins at one site as a *hot rumor*. Once a round
//! every site that has one tells it to somebody chosen at random (push), or asks somebody for theirs (pull),
//! or both, until it loses interest. Rumors are cheap and quick, and may die before everybody has heard
//! (§1.4). *Anti-entropy* compares whole databases with a random partner now and then and leaves nobody out
//! (§1.3); hash trees find the differences without sending everything (Merkle; DeCandia et al., *Dynamo*,
//! §4.7). A delete leaves a death certificate, here a tombstone, or it comes undone (§2).
//!
//! Rounds are synchronous, as in the paper's tables: what a site learns during a round it passes on from the
//! next one, and whoever else tells it in that same round counts as having been useful.

mod knobs;
mod look;
mod properties;
mod repair;
mod rules;
mod rumor;
mod store;
mod wire;

use std::sync::Arc;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Habitat, Kind, NodeId, OpForm, OpId, Property, Protocol, Purpose,
    SortedMap, Span, Time,
};
use serde::Serialize;

pub use knobs::{Knobs, Mode, Stop};
pub use rules::RULES;
pub use store::{Disk, Item, Key, Stamp, Store, Update};
pub use wire::{MAX_VALUE, Msg, Op, Ret, Timer};

/// All replicas together begin with at most so many entries: a link may ask for more.
const MOST_ENTRIES: usize = 1 << 16;

const PARTNER: Purpose = Purpose::new("gossip partner");
const PHASE: Purpose = Purpose::new("gossip anti-entropy phase");

/// A site with a replica of the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gossip {
    /// The database.
    pub store: Store,
    /// Updates that it still tells, each with the count of contacts that did not need it.
    pub hot: SortedMap<Key, u64>,
    /// How many rounds it has begun.
    pub round: u64,
    /// How many updates it has sent: traffic.
    pub sent: u64,
    /// How many hashes, or entries where there is no hash tree, it has compared.
    pub compared: u64,
    /// When it last sent entries, so that each comes from a later moment.
    pub told_at: Time,
    /// From when the entries are that each other site sent last: what was overtaken on its way is old.
    pub heard: SortedMap<NodeId, Time>,
}

/// What a node has deleted, ever; a ghost that only properties see.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Deleted(SortedMap<(NodeId, Key), Stamp>);

impl Gossip {
    /// Another site, each as likely; `None` when there is no other.
    fn partner(cx: &mut Cx<'_, Gossip>) -> Option<NodeId> {
        let others = cx.cast().len().checked_sub(2)? as u64;
        let me = cx.me().0;
        let pick = cx.pick(PARTNER, 0, others) as u16;
        Some(NodeId(pick + u16::from(pick >= me)))
    }

    /// A new version of a key begins here.
    fn update(&mut self, key: Key, value: Option<Arc<str>>, cx: &mut Cx<'_, Gossip>) {
        let before = self.store.get(key).map_or(0, |item| item.stamp.time.0 + 1);
        let stamp = Stamp { time: Time(cx.now().0.max(before)), by: cx.me() };
        self.keep(key, Item::new(value, stamp, self.round, &[cx.me()]), cx);
    }

    /// Takes a version into the database and makes it a hot rumor.
    fn keep(&mut self, key: Key, item: Item, cx: &mut Cx<'_, Gossip>) {
        if item.value.is_none() {
            Gossip::wait_for_grace(key, item.stamp, cx);
        }
        self.store.insert(key, item);
        if cx.params().mode != Mode::Off {
            self.hot.insert(key, 0);
            self.wait_for_round(cx);
        }
        cx.persist(self.store.disk());
    }

    /// The grace of a tombstone counts from the delete, so that it is over everywhere at about the same time.
    fn wait_for_grace(key: Key, stamp: Stamp, cx: &mut Cx<'_, Gossip>) {
        let grace = cx.params().grace;
        if grace > Span::ZERO {
            cx.arm(Timer::Collect(key), (stamp.time + grace).since(cx.now()));
        }
    }

    /// Whether a tombstone of what this site does not hold need not be taken over: everybody has held it, or
    /// its grace is over and that is all that counts.
    fn is_over(update: &Update, cx: &Cx<'_, Gossip>) -> bool {
        let Knobs { grace, wait_for_all, .. } = *cx.params();
        let aged = grace > Span::ZERO && !wait_for_all && update.stamp.time + grace <= cx.now();
        update.value.is_none() && (update.settled || aged)
    }

    /// The next round begins at the next multiple of its length, if there is anything to do in it.
    fn wait_for_round(&self, cx: &mut Cx<'_, Gossip>) {
        let asks = matches!(cx.params().mode, Mode::Pull | Mode::PushPull);
        if asks || !self.hot.is_empty() {
            let round = cx.params().round.0;
            cx.arm(Timer::Round, Span(round - cx.now().0 % round));
        }
    }
}

impl Protocol for Gossip {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Disk;
    type Witness = Deleted;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "gossip",
        name: "Gossip",
        claim: "Rumors reach nearly everyone fast; comparing databases reaches everyone in the end.",
        source: "Demers, Greene, Hauser, Irish, Larson, Shenker, Sturgis, Swinehart, Terry: Epidemic Algorithms \
                 for Replicated Database Maintenance. PODC 1987. Hash trees: DeCandia et al.: Dynamo: Amazon's \
                 Highly Available Key-value Store. SOSP 2007, §4.7.",
        rules: RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        Cast::servers_and_clients(nodes, 0)
    }

    fn default_nodes() -> usize {
        16
    }

    fn habitat() -> Habitat {
        Habitat { fifo: true, ..Habitat::default() }
    }

    fn initial_disk(_: NodeId, cast: &Cast, params: &Knobs) -> Option<Disk> {
        let most = MOST_ENTRIES / cast.len().max(1);
        Some(Disk::with_keys((params.keys as usize).min(most) as u16))
    }

    fn boot(saved: Option<Disk>, cx: &mut Cx<'_, Self>) -> Self {
        let site = Gossip { store: Store::of(saved.unwrap_or_default(), cx.me()), ..Gossip::default() };
        for (key, item) in site.store.iter().filter(|(_, item)| item.value.is_none()) {
            Gossip::wait_for_grace(key, item.stamp, cx);
        }
        site.wait_for_round(cx);
        let period = cx.params().anti_entropy;
        if period > Span::ZERO {
            // Not all at once.
            let phase = cx.pick(PHASE, 1, period.0);
            cx.arm(Timer::Compare, Span(phase));
        }
        site
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match msg {
            Msg::Push { updates } => self.on_push(from, updates, cx),
            Msg::Pull { updates } => self.on_pull(from, updates, cx),
            Msg::Feedback { useless } => self.on_feedback(&useless, cx),
            Msg::Hashes { nodes } => self.on_hashes(from, nodes, cx),
            Msg::Entries { at, leaves, updates, answer } => {
                self.on_entries(from, at, leaves, updates, answer, cx);
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match timer {
            Timer::Round => self.on_round(cx),
            Timer::Compare => self.on_compare(cx),
            Timer::Collect(key) => self.on_collect(key, cx),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        let ret = match op {
            Op::Read(key) => {
                cx.because(rules::READ);
                cx.flush();
                Ret::Value(self.store.get(key).and_then(|item| Some(item.value.as_deref()?.to_owned())))
            }
            Op::Write(key, value) => {
                cx.because(rules::WRITE);
                self.update(key, Some(value.into()), cx);
                Ret::Ok
            }
            Op::Delete(key) => {
                cx.because(rules::DELETE);
                self.update(key, None, cx);
                Ret::Ok
            }
        };
        cx.reply(id, ret);
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![
            OpForm::new("Write", "write k1=news", "write {key}={value}"),
            OpForm::new("Delete", "delete k1", "delete {key}"),
            OpForm::new("Read", "read k1", "read {key}"),
        ]
    }

    fn glance(&self, params: &Knobs, _: &Cast) -> Glance {
        look::site(self, params)
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::message(msg)
    }

    fn witness(&self, me: NodeId, seen: &mut Deleted) {
        for key in self.store.tombstones() {
            if let Some(item) = self.store.get(key) {
                seen.0.insert((me, key), item.stamp);
            }
        }
    }

    fn has_news(&self, me: NodeId, seen: &Deleted) -> bool {
        let stamp = |key| self.store.get(key).map(|item| item.stamp);
        self.store.tombstones().any(|key| seen.0.get(&(me, key)).copied() != stamp(key))
    }

    fn properties() -> Vec<Property<Self>> {
        properties::all()
    }
}
