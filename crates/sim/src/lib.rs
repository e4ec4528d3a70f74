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
mod alike;
mod blocked;
mod causality;
mod causes;
mod chaos;
mod clients;
mod clocks;
mod compare;
mod disks;
mod event;
mod facts;
mod faults;
pub mod file;
mod global;
mod hand;
mod handler;
mod journal;
mod kind;
mod lies;
mod life;
pub mod link;
mod members;
mod narrate;
mod network;
mod origins;
mod plan;
mod predicate;
mod queue;
mod run;
pub mod script;
mod slot;
mod spans;
mod standing;
pub mod tally;
mod timeline;
mod tree;
mod view;
mod workload;
mod world;

pub use action::{Action, Disk, Refused};
pub use causality::Causality;
pub use causes::{Cause, Tie, cause, chain, effects};
pub use chaos::{Chaos, Trouble};
pub use compare::{Comparison, common};
pub use event::{Event, Loss, What};
pub use facts::{Facts, VERBS};
pub use file::RunFile;
pub use global::{Global, Setup};
pub use hand::Alarm;
pub use journal::{Journal, Line, journal};
pub use kind::variant_name;
pub use life::{Fate, Life, copied_from, life};
pub use origins::{Origin, Since};
pub use plan::{Plan, PlanEntry, PlanError, PlanLine, PlanState, PlanView, Replaced};
pub use predicate::{Amount, Compare, Moment, Predicate, PredicateError, Progress, Truth};
pub use run::{Intervention, Run, RunError, Scenario};
pub use script::{Player, Script, ScriptError, ScriptFailure, describe_action, export, perform};
pub use spans::{Root, SpanOf, TraceSpan, in_a_log, trace};
pub use standing::standing;
pub use timeline::{BranchView, LONGEST_NAME, MAX_EVENTS, RestoreError, Restoring, Timeline, Walk};
pub use tree::{Absent, Piece, Row, Tree, TreeJson, rows};
pub use view::{
    FlightView, LinkView, Load, Measure, Named, NextView, NodeView, Operation, Sentence, Status, SyncView,
    Testimony, TimerView, VerdictView, WorldView,
};
pub use workload::{Pace, Workload, WorkloadView, form_word};
pub use world::{AnyWorld, World};

pub use faultline_model::Correction;
