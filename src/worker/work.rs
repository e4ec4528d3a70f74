//! What a worker, or the page where there is none, is doing: a search or an experiment, in portions.

use super::job::Job;
use super::message::{Asked, Heard, Told};
use super::trials::Performed;

/// Something that is under way.
pub enum Work {
    /// A search.
    Search(Box<Job>),
    /// An experiment.
    Measure(Box<Performed>),
}

impl Work {
    /// Begins, once the protocol has been fetched; says why if it cannot.
    pub async fn begin(asked: &Asked) -> Result<Work, String> {
        match asked {
            Asked::Search(question) => Ok(Work::Search(Box::new(Job::begin(question).await?))),
            Asked::Measure(trials) => Ok(Work::Measure(Box::new(Performed::begin(trials).await?))),
        }
    }

    /// Goes on for about so many milliseconds; the answer once there is one.
    pub fn go_on(&mut self, millis: f64) -> Option<Heard> {
        match self {
            Work::Search(job) => Some(match job.go_on(millis)? {
                Ok(answer) => Heard::Search(Told::Done(Box::new(answer))),
                Err(why) => Heard::Failed(why),
            }),
            Work::Measure(performed) => performed.go_on(millis).then(|| performed.heard()),
        }
    }

    /// How far it has come.
    pub fn reached(&self) -> Heard {
        match self {
            Work::Search(job) => Heard::Search(Told::Progress(job.reached())),
            Work::Measure(performed) => performed.heard(),
        }
    }
}
