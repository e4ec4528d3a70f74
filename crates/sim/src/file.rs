//! A run as a file: the run itself, what made it, and marks of its trace by which another version finds
//! out where it plays otherwise.

use serde::{Deserialize, Serialize};

use crate::run::{Run, RunError};
use crate::{Action, AnyWorld, Timeline, Walk};

/// What stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunFile {
    /// [`RunFile::FORMAT`]: by this a reader knows what it has before it.
    pub format: String,
    /// The version of this file format, [`RunFile::VERSION`].
    pub version: u16,
    /// The version of the program that wrote it.
    #[serde(default)]
    pub app: String,
    /// What the protocol did in that program, see [`behaviour`].
    #[serde(default)]
    pub protocol_version: String,
    /// What happened, in short.
    #[serde(default)]
    pub trace: Trace,
    /// The run.
    pub run: Run,
}

/// Marks of a trace. Digests run on from event to event, so the first mark that differs shows where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Trace {
    /// The algorithm of the digests.
    pub algorithm: String,
    /// The digest at the cursor, sixteen hexadecimal digits.
    pub digest: String,
    /// The digest at the end.
    pub end: String,
    /// A mark stands behind every so many events; 0 is no marks.
    pub every: u32,
    /// The first six hexadecimal digits of the digest at each mark, one after the other.
    pub marks: String,
}

/// The most marks in a file.
const MOST_MARKS: u32 = 4_096;
/// Digits of a mark: two traces that differ agree in one by chance once in 16 million.
const MARK: usize = 6;

impl RunFile {
    /// What [`RunFile::format`] says.
    pub const FORMAT: &'static str = "faultline run";
    /// The file format that this program writes, and the newest that it reads.
    pub const VERSION: u16 = 1;

    /// Whether this program reads the file and everything in its run is within bounds.
    pub fn check(&self) -> Result<(), RunError> {
        if self.version > RunFile::VERSION {
            return Err(RunError::Newer { found: self.version });
        }
        self.run.check()
    }
}

/// What a protocol does in this program, as eight hexadecimal digits: the digest of a fixed run in which
/// every node is asked everything that it takes. It changes when the protocol, or the engine below it,
/// comes to act otherwise in that run; nobody has to remember to count a version up.
pub fn behaviour(mut world: Box<dyn AnyWorld>) -> String {
    /// Enough for elections, retries and a few rounds of everything else.
    const EVENTS: u32 = 256;
    let nodes = world.view().nodes;
    for node in &nodes {
        for operation in &node.operations {
            // A node that does not take it now is part of how it behaves.
            let _ = world.apply(&Action::Invoke(node.node, operation.clone()));
        }
    }
    while world.events() < EVENTS && world.step().is_some() {}
    let digits = format!("{:016x}", world.digest());
    digits[..8].to_owned()
}

/// A file that is being written, a piece at a time: its marks take a walk along the run.
pub struct Writing {
    walk: Walk,
    run: Run,
    trace: Trace,
}

impl Writing {
    /// Begins to write down the current branch.
    pub fn of(timeline: &Timeline) -> Writing {
        let run = timeline.run();
        let every = run.length.div_ceil(MOST_MARKS).max(1);
        let algorithm = Timeline::DIGEST.to_owned();
        let digest = timeline.digest_text();
        let trace = Trace { algorithm, digest, every, ..Trace::default() };
        Writing { walk: Walk::along(timeline), run, trace }
    }

    /// Goes on by at most `most` events; true when it has come to the end. False for ever when the
    /// timeline has become another one meanwhile.
    pub fn go(&mut self, timeline: &Timeline, most: u32) -> bool {
        for _ in 0..most {
            let gone = self.walk.world().events();
            if gone > 0 && gone.is_multiple_of(self.trace.every) {
                let place = (gone / self.trace.every) as usize * MARK;
                if self.trace.marks.len() < place {
                    self.trace.marks.push_str(&digest(self.walk.world())[..MARK]);
                }
            }
            if gone == self.run.length {
                self.trace.end = digest(self.walk.world());
                return true;
            }
            if !self.walk.follows(timeline) || self.walk.step(timeline).is_none() {
                return false;
            }
        }
        false
    }

    /// How many events it has gone through, and of how many.
    pub fn progress(&self) -> (u32, u32) {
        (self.walk.world().events(), self.run.length)
    }

    /// The file, by a program of that version, in which the protocol behaves so.
    pub fn finish(self, app: &str, protocol_version: String) -> RunFile {
        RunFile {
            format: RunFile::FORMAT.to_owned(),
            version: RunFile::VERSION,
            app: app.to_owned(),
            protocol_version,
            trace: self.trace,
            run: self.run,
        }
    }
}

fn digest(world: &dyn AnyWorld) -> String {
    format!("{:016x}", world.digest())
}

/// In what a run that was opened is not as its file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another version of the program wrote it.
    App {
        /// The one that wrote it.
        file: String,
        /// This one.
        here: String,
    },
    /// The protocol behaved otherwise there.
    Protocol {
        /// The protocol's slug.
        slug: String,
        /// [`behaviour`] there.
        file: String,
        /// And here.
        here: String,
    },
    /// The file's digests are of another kind, so the traces cannot be compared.
    Algorithm {
        /// Theirs.
        file: String,
    },
    /// The events are others from somewhere behind `after` up to `by` on.
    Trace {
        /// So many events are the same.
        after: u32,
        /// This event, or one between, is the first that differs.
        by: u32,
    },
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::App { file, here } => {
                write!(f, "it was made by Faultline {file}, and this is {here}")
            }
            Difference::Protocol { slug, file, here } => {
                write!(f, "the protocol {slug} was version {file} there and is {here} here")
            }
            Difference::Algorithm { file } => {
                write!(f, "its digests are of the kind “{file}”, which cannot be compared")
            }
            Difference::Trace { after, by } if *by == after + 1 => {
                write!(f, "event {by} is the first that is another one")
            }
            Difference::Trace { after, by } => {
                write!(f, "the events are others from somewhere between {} and {by} on", after + 1)
            }
        }
    }
}

/// A run that was opened, being compared with its file, a piece at a time.
pub struct Comparing<'f> {
    file: &'f RunFile,
    walk: Walk,
    /// Digests agree up to this event.
    same: u32,
}

impl<'f> Comparing<'f> {
    /// Begins to compare `timeline`, which was restored from the file.
    pub fn new(file: &'f RunFile, timeline: &Timeline) -> Comparing<'f> {
        Comparing { file, walk: Walk::along(timeline), same: 0 }
    }

    /// How many events it has gone through, and of how many.
    pub fn progress(&self) -> (u32, u32) {
        (self.walk.world().events(), self.file.run.length)
    }

    /// Goes on by at most `most` events. `None` while there is more to do, then the difference, if any.
    pub fn go(&mut self, timeline: &Timeline, most: u32) -> Option<Option<Difference>> {
        let trace = &self.file.trace;
        if trace.algorithm != Timeline::DIGEST {
            let file: String = trace.algorithm.chars().take(40).collect();
            return Some((!trace.algorithm.is_empty()).then_some(Difference::Algorithm { file }));
        }
        for _ in 0..most {
            if self.walk.step(timeline).is_none() {
                let (gone, end) = (self.walk.world().events(), digest(self.walk.world()));
                let whole = gone == self.file.run.length && !trace.end.is_empty();
                let differs = whole && trace.end != end;
                return Some(differs.then_some(Difference::Trace { after: self.same, by: gone }));
            }
            let gone = self.walk.world().events();
            if !gone.is_multiple_of(trace.every.max(1)) || trace.every == 0 {
                continue;
            }
            let place = (gone / trace.every) as usize * MARK;
            match trace.marks.get(place - MARK..place) {
                Some(mark) if mark == &digest(self.walk.world())[..MARK] => self.same = gone,
                Some(_) => return Some(Some(Difference::Trace { after: self.same, by: gone })),
                None => {}
            }
        }
        None
    }
}

impl RunFile {
    /// What is known to differ before the run is played: who wrote it.
    pub fn other_version(&self, app: &str, protocol_version: &str) -> Vec<Difference> {
        let short = |text: &str| text.chars().take(40).collect::<String>();
        let mut all = vec![];
        if !self.app.is_empty() && self.app != app {
            all.push(Difference::App { file: short(&self.app), here: app.to_owned() });
        }
        if !self.protocol_version.is_empty() && self.protocol_version != protocol_version {
            let slug = short(&self.run.scenario.protocol);
            let (file, here) = (short(&self.protocol_version), protocol_version.to_owned());
            all.push(Difference::Protocol { slug, file, here });
        }
        all
    }
}
