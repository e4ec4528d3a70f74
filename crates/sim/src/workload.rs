//! A workload: clients that ask by themselves, as data.
//!
//! An *open* workload is one whose operations arrive at a given rate, whether or not the system keeps up;
//! in a *closed* one each client waits for its answer, thinks, and asks again (Schroeder, Wierman,
//! Harchol-Balter: Open Versus Closed: A Cautionary Tale. NSDI 2006). Which operation comes is drawn from
//! a mix, on which key by Zipf's law (Gray et al.: Quickly Generating Billion-Record Synthetic Databases.
//! SIGMOD 1994). Every draw is keyed by the workload, the session and the operation's ordinal in it, so an
//! intervention moves no arrival that it did not cause.
//!
//! A workload begins with [`crate::Action::Workload`] and so travels with the run's interventions: its
//! operations need none. They stand in the history like those that somebody issued by hand.

mod generate;
mod text;

use faultline_model::{Chance, NodeId, Span, Time};
use serde::{Deserialize, Serialize};

use crate::Run;

pub use generate::form_word;
pub(crate) use generate::{Demand, Running};
pub(crate) use text::{Thousandths, WORDS, read_thousandths};

/// A workload; `N` is how its clients are named: by id in the engine, by name in scripts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workload<N = NodeId> {
    /// Who asks; empty for every client of the cast (every server, if no client takes operations).
    #[serde(default = "Vec::new")]
    pub clients: Vec<N>,
    /// How often they ask.
    pub pace: Pace,
    /// How often which operation comes: the form's word ("read", "compare-and-set") and its share. The
    /// shares make 100 % together; empty is every form alike.
    #[serde(default = "Vec::new")]
    pub mix: Vec<(String, Chance)>,
    /// How many keys there are: "k1", "k2" …
    #[serde(default = "one")]
    pub keys: u32,
    /// Zipf's exponent in thousandths: 0 is every key alike, 990 the usual 0.99.
    #[serde(default)]
    pub zipf: u32,
    /// How many operations there are in all; `None` is [`Workload::MAX_TOTAL`].
    #[serde(default)]
    pub total: Option<u32>,
    /// True time after which none comes.
    #[serde(default)]
    pub until: Option<Time>,
}

fn one() -> u32 {
    1
}

/// How often a workload's clients ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Operations arrive at random (a Poisson process) with this rate over all clients, in thousandths of
    /// an operation a second; each at a client drawn anew.
    Open(u32),
    /// Each client has so many operations open at once, thinks so long after each answer, and gives up
    /// waiting after so long (the operation stays open in the history).
    Closed {
        /// How many operations a client has open at once.
        outstanding: u16,
        /// From an answer to the next operation.
        think: Span,
        /// From an operation to the next one when no answer comes.
        patience: Span,
    },
}

impl Pace {
    /// How long a client of a closed workload waits unless somebody says otherwise.
    pub const PATIENCE: Span = Span::secs(5);
}

impl<N> Workload<N> {
    /// The most operations of one workload: each is kept in the history for ever.
    pub const MAX_TOTAL: u32 = 10_000;
    /// The most keys.
    pub const MAX_KEYS: u32 = 10_000;
    /// The greatest exponent, in thousandths.
    pub const MAX_ZIPF: u32 = 10_000;
    /// The highest rate, in thousandths of an operation a second.
    pub const MAX_RATE: u32 = 100_000_000;
    /// The most operations that are open at once, over all clients of a closed workload.
    pub const MAX_OPEN: usize = 1_000;
    /// The most forms in a mix.
    pub const MAX_MIX: usize = 32;

    /// A workload of that pace, otherwise as simple as can be: all clients, every form alike, one key.
    pub fn new(pace: Pace) -> Workload<N> {
        Workload { clients: vec![], pace, mix: vec![], keys: 1, zipf: 0, total: None, until: None }
    }

    /// The same with its clients named otherwise; the error is the first that `name` gives.
    pub fn rename<M, E>(&self, name: impl FnMut(&N) -> Result<M, E>) -> Result<Workload<M>, E> {
        Ok(Workload {
            clients: self.clients.iter().map(name).collect::<Result<_, E>>()?,
            pace: self.pace,
            mix: self.mix.clone(),
            keys: self.keys,
            zipf: self.zipf,
            total: self.total,
            until: self.until,
        })
    }

    /// Whether its numbers are such that it can be run; the error begins with a verb: "has no rate".
    /// Whether its clients and forms exist is found out when it begins.
    pub fn check(&self) -> Result<(), String> {
        let within = |what: &str, found: u64, low: u64, high: u64| {
            if (low..=high).contains(&found) {
                Ok(())
            } else {
                Err(format!("has {found} {what}: from {low} to {high} are possible"))
            }
        };
        match self.pace {
            Pace::Open(rate) if !(1..=Self::MAX_RATE).contains(&rate) => {
                return Err(format!("has a rate outside 0.001/s to {}/s", Self::MAX_RATE / 1_000));
            }
            Pace::Open(_) => {}
            Pace::Closed { outstanding, think, patience } => {
                within("operations open at once", outstanding.into(), 1, Self::MAX_OPEN as u64)?;
                if think.0.max(patience.0) > Run::MAX_MICROS || patience == Span::ZERO {
                    return Err("has a time to think or to wait that cannot be".to_owned());
                }
            }
        }
        within("clients", self.clients.len() as u64, 0, Run::MAX_NODES.into())?;
        within("keys", self.keys.into(), 1, Self::MAX_KEYS.into())?;
        within("operations", self.total.unwrap_or(1).into(), 1, Self::MAX_TOTAL.into())?;
        within("forms", self.mix.len() as u64, 0, Self::MAX_MIX as u64)?;
        if self.zipf > Self::MAX_ZIPF {
            return Err(format!("has an exponent of more than {}", Self::MAX_ZIPF / 1_000));
        }
        if self.until.is_some_and(|until| until.0 > Run::MAX_MICROS) {
            return Err("lasts more than ten years".to_owned());
        }
        if let Some((word, _)) = self.mix.iter().find(|(word, _)| !text::is_form_word(word)) {
            return Err(format!(
                "names a form that cannot be: `{}`",
                word.chars().take(40).collect::<String>()
            ));
        }
        let twice = |i: usize| self.mix[..i].iter().any(|(word, _)| *word == self.mix[i].0);
        if let Some(i) = (0..self.mix.len()).find(|&i| twice(i)) {
            return Err(format!("names {} twice", self.mix[i].0));
        }
        let whole: u64 = self.mix.iter().map(|(_, share)| u64::from(share.0)).sum();
        if !self.mix.is_empty() && whole != 1_000_000 {
            let percent = whole as f64 / 10_000.0;
            return Err(format!("has shares that make {percent}% together, and not 100%"));
        }
        Ok(())
    }
}

/// A workload as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadView {
    /// What it is, as a script says it: "open 50/s read 90% write 10%".
    pub text: String,
    /// Who asks, by name.
    pub clients: Vec<String>,
    /// How many operations it has issued.
    pub issued: u32,
    /// How many found their client down.
    pub missed: u32,
    /// Whether no further operation will come.
    pub finished: bool,
}
