//! One search, done in portions: in the worker, or in the page where there is none.

use faultline_check::{Counterexample, Search, Verdict, play};
use faultline_lessons::catalogue;
use faultline_sim::{Run, Timeline, link, script};

use super::message::{Answer, Ended, Finding, Question, Reached};

/// States whose successors are looked at before the clock and the memory are.
const PORTION: u32 = 32;

/// A search and where it began.
pub struct Job {
    search: Search,
    timeline: Timeline,
    run: Run,
    /// The most memory, MiB.
    memory: u32,
    /// When it began, milliseconds.
    began: f64,
    /// The program's memory when it began, MiB.
    before: u32,
    /// Whether it was stopped for its memory.
    full: bool,
}

/// The program's memory, MiB.
fn memory() -> u32 {
    #[cfg(target_arch = "wasm32")]
    let pages = core::arch::wasm32::memory_size::<0>();
    #[cfg(not(target_arch = "wasm32"))]
    let pages = 0_usize;
    (pages / 16) as u32
}

/// Milliseconds, to see how long something takes.
pub fn clock() -> f64 {
    js_sys::Date::now()
}

impl Job {
    /// Begins, once the protocol has been fetched; says why if it cannot.
    pub async fn begin(question: &Question) -> Result<Job, String> {
        let run = link::decode(&question.run).map_err(|error| error.to_string())?;
        catalogue::fetch(&run.scenario.protocol).await.map_err(|error| error.to_string())?;
        Job::new(question, run)
    }

    fn new(question: &Question, run: Run) -> Result<Job, String> {
        let timeline = restore(&run)?;
        let search = Search::new(timeline.world(), question.property.as_deref(), question.bounds.clone())
            .map_err(|error| error.to_string())?;
        Ok(Job {
            search,
            timeline,
            run,
            memory: question.memory,
            began: clock(),
            before: memory(),
            full: false,
        })
    }

    /// Goes on for about so many milliseconds; the answer once there is one.
    pub fn go_on(&mut self, millis: f64) -> Option<Result<Answer, String>> {
        let until = clock() + millis;
        loop {
            if let Some(verdict) = self.search.go_on(PORTION) {
                let verdict = verdict.clone();
                return Some(self.answer(&verdict));
            }
            if memory().saturating_sub(self.before) > self.memory {
                self.full = true;
                self.search.give_up();
            }
            if clock() >= until {
                return None;
            }
        }
    }

    /// How far it has come.
    pub fn reached(&self) -> Reached {
        let progress = self.search.progress();
        Reached {
            states: progress.states,
            depth: progress.depth,
            millis: clock() - self.began,
            memory: memory().saturating_sub(self.before),
            forecast: self.search.forecast(),
        }
    }

    fn answer(&mut self, verdict: &Verdict) -> Result<Answer, String> {
        let ended = match verdict {
            Verdict::Found(_) => Ended::Found,
            Verdict::Exhausted if self.search.cut_off() => Ended::TooDeep,
            Verdict::Exhausted => Ended::Exhausted,
            Verdict::TooMany if self.full => Ended::OutOfMemory,
            Verdict::TooMany => Ended::TooManyStates,
        };
        let (reached, bounds) = (self.reached(), self.search.bounds().words());
        let found = match verdict {
            Verdict::Found(counterexample) => Some(self.finding(counterexample)?),
            Verdict::Exhausted | Verdict::TooMany => None,
        };
        Ok(Answer { ended, reached, bounds, found })
    }

    fn finding(&mut self, counterexample: &Counterexample) -> Result<Finding, String> {
        let base = self.timeline.cursor();
        let mut timeline = restore(&self.run)?;
        play(&mut timeline, counterexample).map_err(|refused| refused.to_string())?;
        let told = base + 1..=timeline.len();
        let story = told.filter_map(|event| timeline.narrate(event)).map(|sentence| sentence.text).collect();
        let script = script::export(&mut timeline).to_string();
        timeline.seek(timeline.len().saturating_sub(1).max(base));
        Ok(Finding {
            property: counterexample.property.clone(),
            steps: counterexample.steps,
            run: link::encode(&timeline.run()),
            base,
            script: format!("{script}expect violated {}\n", counterexample.property),
            story,
        })
    }
}

fn restore(run: &Run) -> Result<Timeline, String> {
    let world = catalogue::build(&run.scenario).map_err(|error| error.to_string())?;
    Timeline::restore(run, world).map_err(|error| error.to_string())
}
