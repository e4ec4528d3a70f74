//! Searching beside the page: a worker that runs this same program, and the page's handle on it.
//!
//! The program notices that it has no window ([`is_worker`]) and serves what is asked of it ([`serve`]).
//! The page asks with [`ask`]; dropping what that returns cancels the search. Where no worker can be had (a sandboxed
//! frame without an origin of its own), the page searches itself, in portions that leave it its frames.

mod client;
mod job;
mod message;
mod server;

pub use client::{Pursuit, ask};
pub use message::{Answer, Ended, Finding, Question, Reached, Told};
pub use server::{is_worker, serve};
