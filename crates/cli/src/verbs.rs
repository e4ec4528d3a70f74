//! One module a verb.

pub mod bench;
pub mod experiment;
pub mod history;
pub mod lessons;
pub mod protocols;
pub mod run;
pub mod search;
pub mod validate;
pub mod verify;
