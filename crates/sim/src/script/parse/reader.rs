//! The words of one line.

use std::ops::RangeInclusive;

use faultline_model::Span;

use super::{Read, ScriptError};
use crate::Run;
use crate::script::Ends;

/// One word: what it says and where it begins, in bytes from the start of the line.
#[derive(Clone, Copy)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    pub start: usize,
}

/// Reads a line word by word.
pub(super) struct Reader<'t> {
    code: &'t str,
    at: usize,
    line: usize,
    /// Where the line begins in the whole text.
    base: usize,
}

/// Whether a text is a name: it begins with a letter and goes on with letters, digits, `_` and `-`, the
/// last not at the end, where it would run into an arrow.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

impl<'t> Reader<'t> {
    pub fn new(code: &'t str, line: usize, base: usize) -> Reader<'t> {
        Reader { code, at: 0, line, base }
    }

    /// An error at some bytes of the line.
    pub fn wrong<T>(&self, at: usize, length: usize, message: String, help: &str) -> Read<T> {
        let column = self.code[..at].chars().count() + 1;
        let span = self.base + at..self.base + at + length;
        Err(ScriptError { line: self.line, column, span, message, help: help.to_owned() })
    }

    /// An error at a word.
    pub fn wrong_word<T>(&self, word: Word<'_>, message: String, help: &str) -> Read<T> {
        self.wrong(word.start, word.text.len(), message, help)
    }

    /// What has not been read yet, without blanks at either end, and where it begins.
    pub fn remaining(&self) -> Word<'t> {
        let rest = &self.code[self.at..];
        let start = self.at + rest.len() - rest.trim_start().len();
        Word { text: rest.trim(), start }
    }

    pub fn is_done(&self) -> bool {
        self.remaining().text.is_empty()
    }

    /// The next word, which stays unread.
    pub fn look(&self) -> Option<Word<'t>> {
        let rest = self.remaining();
        let text = rest.text.split_whitespace().next()?;
        Some(Word { text, start: rest.start })
    }

    /// The next word, which stays unread, or an error that says what is missing.
    pub fn peek(&self, what: &str) -> Read<Word<'t>> {
        match self.look() {
            Some(word) => Ok(word),
            None => {
                let end = self.code.trim_end().len();
                self.wrong(end, 0, "something is missing here".to_owned(), &format!("write {what}"))
            }
        }
    }

    pub fn word(&mut self, what: &str) -> Read<Word<'t>> {
        let word = self.peek(what)?;
        self.skip();
        Ok(word)
    }

    /// Passes over the next word.
    pub fn skip(&mut self) -> &mut Reader<'t> {
        if let Some(word) = self.look() {
            self.at = word.start + word.text.len();
        }
        self
    }

    /// Passes over so many bytes of what remains.
    pub fn pass(&mut self, bytes: usize) {
        self.at = self.remaining().start + bytes;
    }

    pub fn try_keyword(&mut self, keyword: &str) -> bool {
        let found = self.look().is_some_and(|word| word.text == keyword);
        if found {
            self.skip();
        }
        found
    }

    pub fn keyword(&mut self, keyword: &str) -> Read<()> {
        self.either_keyword(keyword, keyword)
    }

    pub fn either_keyword(&mut self, one: &str, two: &str) -> Read<()> {
        let word = self.word(&format!("`{one}`"))?;
        if word.text == one || word.text == two {
            return Ok(());
        }
        self.wrong_word(word, format!("`{one}` is missing before `{}`", word.text), &format!("write `{one}`"))
    }

    /// The line must be read to its end.
    pub fn end(&self) -> Read<()> {
        let rest = self.remaining();
        if rest.text.is_empty() {
            return Ok(());
        }
        let help = if rest.text.starts_with('#') {
            "leave a blank behind the # of a comment"
        } else {
            "one command a line; a comment begins with #"
        };
        self.wrong_word(rest, format!("`{}` is too much here", rest.text), help)
    }

    pub fn name(&mut self, what: &str) -> Read<String> {
        let word = self.word(what)?;
        if is_name(word.text) {
            return Ok(word.text.to_owned());
        }
        self.wrong_word(word, format!("`{}` is no name", word.text), &format!("write {what}"))
    }

    pub fn node(&mut self) -> Read<String> {
        self.name("a node, such as S2")
    }

    pub fn number(&mut self, what: &str, range: RangeInclusive<u64>) -> Read<u64> {
        let word = self.word(what)?;
        self.number_in(word, word.text, what, range)
    }

    pub fn number_in(
        &self,
        word: Word<'_>,
        digits: &str,
        what: &str,
        range: RangeInclusive<u64>,
    ) -> Read<u64> {
        let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u64>());
        match number {
            Some(Ok(number)) if range.contains(&number) => Ok(number),
            Some(Err(_) | Ok(_)) if !digits.is_empty() => {
                let (low, high) = (range.start(), range.end());
                let message = format!("`{digits}` is out of range");
                self.wrong_word(word, message, &format!("write a number from {low} to {high}"))
            }
            _ => self.wrong_word(word, format!("`{}` is no number", word.text), &format!("write {what}")),
        }
    }

    pub fn span(&mut self, what: &str) -> Read<Span> {
        let word = self.word(what)?;
        self.span_in(word, word.text, what)
    }

    pub fn span_in(&self, word: Word<'_>, text: &str, what: &str) -> Read<Span> {
        match text.parse::<Span>() {
            Ok(span) if span.0 <= Run::MAX_MICROS => Ok(span),
            Ok(_) => self.wrong_word(word, format!("`{text}` is too long"), "at most ten years can pass"),
            Err(error) => self.wrong_word(word, error.to_string(), &format!("write {what}")),
        }
    }

    /// `S1->S2`, and `S1<->S2` where that is allowed.
    pub fn ends(&mut self, both_allowed: bool) -> Read<Ends> {
        let word = self.word("a link, such as S1->S3")?;
        let (from, to, both) = match (word.text.split_once("<->"), word.text.split_once("->")) {
            (Some((from, to)), _) => (from, to, true),
            (None, Some((from, to))) => (from, to, false),
            (None, None) => {
                let message = format!("`{}` is no link", word.text);
                return self.wrong_word(word, message, "write both ends without blanks: S1->S3");
            }
        };
        if both && !both_allowed {
            return self.wrong_word(word, "a message goes one way".to_owned(), "write S1->S3");
        }
        for name in [from, to] {
            if !is_name(name) {
                return self.wrong_word(word, format!("`{name}` is no node"), "write S1->S3");
            }
        }
        Ok(Ends { from: from.to_owned(), to: to.to_owned(), both })
    }

    /// Everything up to the end of the line; in quotes, exactly what stands in them.
    pub fn rest(&mut self, what: &str) -> Read<String> {
        self.peek(what)?;
        let rest = self.remaining();
        if rest.text.starts_with('"') {
            return self.quoted();
        }
        self.at = self.code.len();
        if rest.text.contains(|c: char| c.is_control()) {
            let message = "there is a control character here".to_owned();
            return self.wrong_word(rest, message, "put the text in quotes and write \\u{9} for it");
        }
        Ok(rest.text.to_owned())
    }

    /// A name, or anything in quotes.
    pub fn name_or_quoted(&mut self, what: &str) -> Read<String> {
        if self.peek(what)?.text.starts_with('"') { self.quoted() } else { self.name(what) }
    }

    fn quoted(&mut self) -> Read<String> {
        let rest = self.remaining();
        let mut text = String::new();
        let mut letters = rest.text.char_indices().skip(1);
        while let Some((i, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at = rest.start + i + 1;
                    return Ok(text);
                }
                '\\' => {
                    let tail = &rest.text[i + 1..];
                    match escape(tail) {
                        Some((letter, length)) => {
                            text.push(letter);
                            for _ in 0..tail[..length].chars().count() {
                                letters.next();
                            }
                        }
                        None => {
                            let help = "write \\\" \\\\ \\n or \\u{9}";
                            let message = "this is no escape".to_owned();
                            return self.wrong(rest.start + i, 1, message, help);
                        }
                    }
                }
                other => text.push(other),
            }
        }
        self.wrong_word(rest, "the quotes are not closed".to_owned(), "write a second \"")
    }
}

/// What an escape stands for, and how many bytes it has behind the backslash.
fn escape(tail: &str) -> Option<(char, usize)> {
    match tail.chars().next()? {
        letter @ ('"' | '\\') => Some((letter, 1)),
        'n' => Some(('\n', 1)),
        'u' => {
            let digits = tail.strip_prefix("u{")?.split_once('}')?.0;
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 6)?;
            Some((char::from_u32(code)?, digits.len() + 3))
        }
        _ => None,
    }
}

/// The candidate that was probably meant.
pub(super) fn nearest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let lower = word.to_lowercase();
    let (distance, best) =
        candidates.iter().map(|&candidate| (edits(&lower, candidate), candidate)).min_by_key(|&(d, _)| d)?;
    (distance <= 2 && distance < best.len()).then_some(best)
}

/// How many letters must be changed, put in, left out or swapped with their neighbour (the optimal
/// string alignment distance); words of more than 32 letters are nothing's neighbour.
fn edits(one: &str, two: &str) -> usize {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    if one.len().max(two.len()) > 32 {
        return usize::MAX;
    }
    let mut table = vec![vec![0; two.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=two.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = table[i - 1][j - 1] + usize::from(one[i - 1] != two[j - 1]);
                let mut best = change.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && one[i - 1] == two[j - 2] && one[i - 2] == two[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[one.len()][two.len()]
}
