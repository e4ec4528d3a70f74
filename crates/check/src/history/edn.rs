//! A reader of EDN, as far as histories need it: maps, vectors, lists, strings, numbers, keywords, nil,
//! true and false; commas are blanks, `;` begins a comment, tags (`#name`) are passed over.

use super::error::{HistoryError, Trouble, shorten};
use super::record::{Record, record_of_map};

/// How deep forms may be nested.
const DEEPEST: usize = 16;
/// The longest string or symbol, in bytes.
const LONGEST: usize = 1 << 20;

/// A form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Nil,
    Keyword(String),
    Text(String),
    /// A number, `true`, `false` or a symbol, as it is written.
    Plain(String),
    /// A vector or a list.
    Sequence(Vec<Form>),
    Map(Vec<(Form, Form)>),
}

impl Form {
    /// What it is, for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Form::Nil => "nil",
            Form::Keyword(_) => "a keyword",
            Form::Text(_) => "a string",
            Form::Plain(_) => "a plain value",
            Form::Sequence(_) => "a vector",
            Form::Map(_) => "a map",
        }
    }
}

/// Whether a text is EDN, and no log: it begins with a map, a vector, a list, a tag or a comment.
pub(super) fn looks_like(text: &str) -> bool {
    text.trim_start_matches(['\u{feff}', ',']).trim_start().starts_with(['{', '[', '(', '#', ';'])
}

/// The records of a text of maps, whether they stand alone or in one vector.
pub(super) fn records(text: &str) -> Result<Vec<Record>, HistoryError> {
    let mut reader = Reader::new(text.trim_start_matches('\u{feff}'));
    let mut records = vec![];
    let mut in_vector = None;
    loop {
        reader.skip_blanks();
        let line = reader.line;
        match (reader.peek(), in_vector) {
            (None, None) => return Ok(records),
            (None, Some(close)) => {
                return Err(reader.error(&format!("the history ends before its `{close}`")));
            }
            (Some(open @ ('[' | '(')), None) if records.is_empty() => {
                reader.bump();
                in_vector = Some(if open == '[' { ']' } else { ')' });
            }
            (Some(found), Some(close)) if found == close => {
                reader.bump();
                reader.skip_blanks();
                return match reader.peek() {
                    None => Ok(records),
                    Some(_) => Err(reader.error("something follows the end of the history: remove it")),
                };
            }
            (Some(_), _) => match reader.form(0)? {
                Form::Map(entries) => records.extend(record_of_map(&entries, line)?),
                other => {
                    let message = format!("{} stands where a map should, such as {EXAMPLE}", other.kind());
                    return Err(HistoryError { line: Some(line), trouble: Trouble::Edn(message) });
                }
            },
        }
    }
}

const EXAMPLE: &str = "`{:process 3, :type :invoke, :f :write, :value 4}`";

/// The forms of one line, as in a log.
pub(super) fn forms(text: &str, line: u32) -> Result<Vec<Form>, HistoryError> {
    let mut reader = Reader::new(text);
    reader.line = line;
    let mut forms = vec![];
    loop {
        reader.skip_blanks();
        if reader.peek().is_none() {
            return Ok(forms);
        }
        forms.push(reader.form(0)?);
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Reader<'a> {
        Reader { rest: text, line: 1 }
    }

    fn error(&self, message: &str) -> HistoryError {
        HistoryError { line: Some(self.line), trouble: Trouble::Edn(message.to_owned()) }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        self.line += u32::from(next == Some('\n'));
        next
    }

    fn skip_blanks(&mut self) {
        while let Some(next) = self.peek() {
            if next == ';' {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
            } else if next.is_whitespace() || next == ',' {
                self.bump();
            } else {
                return;
            }
        }
    }

    fn form(&mut self, depth: usize) -> Result<Form, HistoryError> {
        if depth > DEEPEST {
            return Err(self.error(&format!("forms are nested deeper than {DEEPEST}")));
        }
        self.skip_tags()?;
        match self.peek() {
            None => Err(self.error("the text ends where a value should stand")),
            Some('{') => self.map(depth),
            Some('[') => Ok(Form::Sequence(self.sequence(']', depth)?)),
            Some('(') => Ok(Form::Sequence(self.sequence(')', depth)?)),
            Some('"') => self.text(),
            Some(':') => {
                self.bump();
                match self.word()? {
                    "" => Err(self.error("a `:` stands without its keyword")),
                    word => Ok(Form::Keyword(word.to_owned())),
                }
            }
            Some(found) => match self.word()? {
                "" => Err(self.error(&format!("`{found}` stands where a value should"))),
                "nil" => Ok(Form::Nil),
                word => Ok(Form::Plain(word.to_owned())),
            },
        }
    }

    /// A tag says of what type the next form is, such as `#jepsen.history.Op{…}`.
    fn skip_tags(&mut self) -> Result<(), HistoryError> {
        while self.peek() == Some('#') {
            self.bump();
            if self.word()?.is_empty() {
                return Err(
                    self.error("`#` stands without the name of a tag; sets and the like are not read")
                );
            }
            self.skip_blanks();
        }
        Ok(())
    }

    fn map(&mut self, depth: usize) -> Result<Form, HistoryError> {
        let line = self.line;
        let forms = self.sequence('}', depth)?;
        if forms.len() % 2 == 1 {
            let message = "a map has a key without a value".to_owned();
            return Err(HistoryError { line: Some(line), trouble: Trouble::Edn(message) });
        }
        let mut forms = forms.into_iter();
        let mut entries = vec![];
        while let (Some(key), Some(value)) = (forms.next(), forms.next()) {
            entries.push((key, value));
        }
        Ok(Form::Map(entries))
    }

    fn sequence(&mut self, close: char, depth: usize) -> Result<Vec<Form>, HistoryError> {
        let opened = self.line;
        self.bump();
        let mut forms = vec![];
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(found) if found == close => {
                    self.bump();
                    return Ok(forms);
                }
                Some(found @ (']' | ')' | '}')) => {
                    return Err(self.error(&format!("`{found}` stands where `{close}` should")));
                }
                None => {
                    let message = format!("what opens here is never closed by `{close}`");
                    return Err(HistoryError { line: Some(opened), trouble: Trouble::Edn(message) });
                }
                Some(_) => forms.push(self.form(depth + 1)?),
            }
        }
    }

    /// Everything up to a blank, a bracket or a quote.
    fn word(&mut self) -> Result<&'a str, HistoryError> {
        let ends =
            |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '{' | '}' | '[' | ']' | '(' | ')');
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        if end > LONGEST {
            return Err(self.error("a value is longer than 1 MiB"));
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(word)
    }

    fn text(&mut self) -> Result<Form, HistoryError> {
        let opened = self.line;
        self.bump();
        let mut text = String::new();
        loop {
            match self.bump() {
                Some('"') => return Ok(Form::Text(text)),
                Some('\\') => match self.bump() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(plain @ ('"' | '\\')) => text.push(plain),
                    other => {
                        let shown = other.map_or(String::new(), |c| shorten(&c.to_string()));
                        return Err(
                            self.error(&format!("`\\{shown}` is no escape: use \\n, \\t, \\r, \\\" or \\\\"))
                        );
                    }
                },
                Some(c) => text.push(c),
                None => {
                    let message = "a string that begins here is never closed by `\"`".to_owned();
                    return Err(HistoryError { line: Some(opened), trouble: Trouble::Edn(message) });
                }
            }
            if text.len() > LONGEST {
                return Err(self.error("a value is longer than 1 MiB"));
            }
        }
    }
}
