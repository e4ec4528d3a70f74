//! The course: lessons as typed data, the catalogue of protocols, and what a learner has done.
//!
//! This crate owns what a lesson is ([`Lesson`]), the way from a protocol's slug to a running world
//! ([`catalogue`]), the map of the course ([`chapters`]) and the record of a learner's progress. With
//! the feature `author` it also owns the content, the compiler from Markdown to [`Lesson`], the gates
//! that every lesson must pass, and the prose of the site's pages.
//!
//! It must never know of a browser, a file or a wall clock; and without `author`, of Markdown or YAML:
//! the web app fetches a lesson as JSON. No text of a lesson is ever HTML here, except where the pages
//! escape it.

#[cfg(feature = "author")]
mod author;
pub mod catalogue;
#[cfg(feature = "author")]
pub mod check;
mod comeback;
#[cfg(feature = "author")]
pub mod content;
mod course;
mod lesson;
#[cfg(feature = "author")]
mod oracles;
#[cfg(feature = "author")]
mod pages;
mod progress;
mod prose;
pub mod runner;
#[cfg(feature = "author")]
mod runs;

#[cfg(feature = "author")]
pub use author::{AuthorError, LONGEST_FILE, MOST_PARTS, compile, schema};
pub use comeback::{AskedAgain, Comeback, DAYS_BETWEEN};
pub use course::{Chapter, Planned, Priority, chapters, planned};
pub use lesson::{
    Answer, Choice, CodeLine, Contrast, Critical, FEWEST_PAIRS, Fix, Goal, Layout, LayoutError, Lesson,
    MOST_PAIR_WORDS, MOST_PAIRS, MOST_STEPS, MOST_WORDS, Mark, Matching, Number, Observation, Offer, Pair,
    Panel, Par, Prediction, QUIZ_LENGTH, Question, QuestionKind, Region, Searched, Seen, Setting, Settings,
    Side, Source, Spot, Stage, Step, Trial, Verb,
};
#[cfg(feature = "author")]
pub use pages::{PageSource, pages};
pub use progress::{
    Answered, Confidence, LessonProgress, Matched, Met, Observed, PROGRESS_VERSION, Predicted, Progress,
};
pub use prose::{BadHref, Block, Href, Inline, TermMark, plain, words};
