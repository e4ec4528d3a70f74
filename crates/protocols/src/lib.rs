//! The protocols: one file each, written as its paper states it.
//!
//! This crate owns the rules: for every protocol the state of one node, its handlers, its knobs, what
//! the stage draws of it and the properties that it is judged by. Its golden runs are the scripts under
//! `scripts/<slug>/`.
//!
//! It must never know of a simulator, a scheduler, a network model, a lesson or a screen: a protocol
//! speaks to the world only through [`faultline_model::Cx`], so that the same rules run under a seeded
//! schedule, under an exhaustive search and under a learner's hand.

pub mod abd_register;
pub mod ben_or;
pub mod causal_broadcast;
pub mod clock_synchronisation;
pub mod dynamo_versions;
pub mod failure_detector;
pub mod gossip;
pub mod heartbeat_monitor;
pub mod lamport_clocks;
pub mod last_writer_wins;
pub mod lease_lock;
pub mod ordered_channels;
pub mod paxos;
pub mod quorum_register;
pub mod raft;
pub mod register;
pub mod remote_procedure_call;
pub mod request_chain;
pub mod snapshot;
pub mod state_machine;
pub mod swim;
pub mod two_phase_commit;
pub mod unreliable_link;
