//! What handlers testify for those who judge whole runs: when something came about, and where.
//!
//! A property sees one moment. Whether a suspicion was right, an operation took effect twice, or
//! transactions depend on each other in a circle is a matter of the whole run, and the same matter in every
//! protocol that has suspicions, effects or transactions. A handler says so with [`crate::Cx::testify`]; no
//! node can read it, and it changes nothing that could happen.

use std::sync::Arc;

use crate::{NodeId, OpId, Span};

/// Something that has just come about at the node whose handler says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// It watches another node, and means to suspect it at the latest so long after it has crashed. Said
    /// once by each watcher of each watched, when it boots.
    Watches(NodeId, Span),
    /// It begins to suspect another node of having crashed.
    Suspects(NodeId),
    /// It no longer suspects it.
    Trusts(NodeId),
    /// A client's operation takes effect, and the whole system has it from here.
    TakesEffect(OpId),
    /// A client's operation takes effect on this node's copy of what others have a copy of, too. A copy in
    /// memory is gone with a crash.
    Applies(OpId),
    /// A transaction reads a version of a key; 0 is what was there before the first write.
    Reads(OpId, Arc<str>, u32),
    /// A transaction makes a version of a key: one more than the last. It counts if the transaction commits.
    Writes(OpId, Arc<str>, u32),
    /// A transaction commits.
    Commits(OpId),
    /// Something that a property may later give as evidence: what, and a number that tells it from others of
    /// its kind ("leads", the term). See [`crate::Protocol::marks`].
    Did(&'static str, u64),
}

/// One piece of evidence: the moment at which that node testified [`Fact::Did`] with that word and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where.
    pub node: NodeId,
    /// What.
    pub did: &'static str,
    /// Which.
    pub number: u64,
}
