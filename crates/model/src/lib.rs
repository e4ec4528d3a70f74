//! How a protocol is written.
//!
//! This crate owns the vocabulary in which a distributed protocol is stated: [`Protocol`] (the state
//! of one node and the rules that change it), [`Cx`] (the only way a rule can touch the world), time
//! and clocks, keyed randomness, [`Knob`]s, [`Rule`]s, what the stage draws ([`Glance`],
//! [`Caption`]) and what must always hold ([`Property`]).
//!
//! It must never know of a simulator, a browser, a file or a wall clock. Nothing here runs anything.

mod bandwidth;
mod clock;
mod cx;
mod density;
mod glance;
mod habitat;
mod hash;
mod history;
mod id;
mod keyed;
mod knob;
mod latency;
mod property;
mod protocol;
mod rule;
mod sort;
mod sorted;
mod symmetry;
mod testimony;
mod time;
mod zipf;

pub use bandwidth::Bandwidth;
pub use clock::{Clock, Correction};
pub use cx::{Cx, Effect, Outbox, Surroundings, TimerChange};
pub use density::Density;
pub use glance::{Caption, Cell, CellBox, Glance, Hue, Shape};
pub use habitat::Habitat;
pub use hash::StableHasher;
pub use history::History;
pub use id::{Cast, Kind, Member, MsgId, NodeId, OpId};
pub use keyed::{Draw, Purpose};
pub use knob::{Chance, Knob, KnobError, KnobKind, NoParams, ParamField, Params};
pub use latency::{Latency, Part};
pub use property::{Evidence, Lens, OpRecord, Property, Scope, Standing};
pub use protocol::{Data, Lie, OpForm, Protocol};
pub use rule::{About, Rule, RuleId};
pub use sort::{sort, sort_by, sort_by_key};
pub use sorted::{SortedMap, SortedSet};
pub use symmetry::{Piece, Renamed, Renaming, Unordered};
pub use testimony::{Fact, Mark};
pub use time::{Offset, ParseTimeError, Span, Time};
pub use zipf::Zipf;
