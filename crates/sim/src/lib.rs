//! The simulator: one transition relation, and everything that drives it without knowing the protocol.
//!
//! [`Global`] is the whole system at one moment; [`Global::apply`] and [`Global::step`] are the only
//! ways to change it. [`World`] puts it behind [`AnyWorld`], the one erasure boundary. [`Timeline`]
//! makes time travel, branches and links out of a list of interventions. [`Script`] is the language
//! in which runs are written down.
//!
//! This crate must never know a particular protocol, a browser, a file or a wall clock.

mod act;
mod action;
mod event;
mod facts;
mod faults;
mod global;
mod hand;
mod handler;
mod kind;
pub mod link;
mod narrate;
mod network;
mod predicate;
mod queue;
mod run;
pub mod script;
mod slot;
mod timeline;
mod tree;
mod view;
mod world;

pub use action::{Action, Disk, Refused};
pub use event::{Event, Loss, What};
pub use facts::{Facts, VERBS};
pub use global::{Global, Setup};
pub use kind::variant_name;
pub use predicate::{Amount, Compare, Moment, Predicate, PredicateError, Progress, Truth};
pub use run::{Intervention, Run, RunError, Scenario};
pub use script::{Player, Script, ScriptError, ScriptFailure, describe_action, export, perform};
pub use timeline::{BranchView, MAX_EVENTS, RestoreError, Timeline};
pub use tree::{Absent, Piece, Row, Tree, TreeJson, rows};
pub use view::{
    FlightView, LinkView, Measure, Named, NextView, NodeView, Operation, Sentence, Status, TimerView,
    VerdictView, WorldView,
};
pub use world::{AnyWorld, World};
