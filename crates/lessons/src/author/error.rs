//! Where a lesson file is wrong, and what would be right.

use std::fmt;
use std::ops::Range;

/// One fault of a lesson file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The bytes of the file that it is about.
    pub span: Range<usize>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for AuthorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

impl std::error::Error for AuthorError {}

/// A place and what is wrong there, before the file's name is known.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub span: Range<usize>,
    pub message: String,
}

pub(super) type Outcome<T> = Result<T, Wrong>;

impl Wrong {
    pub fn at<T>(span: Range<usize>, message: impl Into<String>) -> Outcome<T> {
        Err(Wrong { span, message: message.into() })
    }

    /// With the file's name, and the place as people count it.
    pub fn in_file(self, file: &str, text: &str) -> AuthorError {
        let start = floor(text, self.span.start);
        let end = floor(text, self.span.end.max(start));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        AuthorError {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            span: start..end,
            message: self.message,
        }
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
