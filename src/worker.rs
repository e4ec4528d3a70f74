//! Searching beside the page: a worker that runs this same program, and the page's handle on it.
//!
//! The program notices that it has no window ([`is_worker`]) and serves what is asked of it ([`serve`]).
//! The page asks with [`ask`]; dropping what that returns cancels the search. Where no worker can be had (a sandboxed
//! frame without an origin of its own), the page searches itself, in portions that leave it its frames.

mod client;
mod job;
mod message;
mod server;
mod trials;
mod work;

pub use client::{Pursuit, ask, measure};
pub use message::{Answer, Ended, Finding, Measured, Question, Reached, Told, Trials};
pub use server::{is_worker, serve};
