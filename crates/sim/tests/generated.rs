//! What happens by data and not by hand: workloads, plans, and chaos.

mod common;

#[path = "generated/chaos.rs"]
mod chaos;
#[path = "generated/plan.rs"]
mod plan;
#[path = "generated/workload.rs"]
mod workload;
