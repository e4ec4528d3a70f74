//! Prose as a typed tree. Text from outside can never become markup: there is nothing here that could
//! hold it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// Items, each a line of text.
    List(Vec<Vec<Inline>>),
}

/// A run of text within a paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Code: a field's name, a value.
    Code(String),
    /// A word that wears the mark of what it speaks of on the stage.
    Term {
        /// The word.
        text: String,
        /// What it speaks of.
        mark: TermMark,
    },
    /// A link.
    Link {
        /// Its text.
        text: Vec<Inline>,
        /// Its target.
        href: Href,
    },
    /// A formula in plain Unicode: "p³".
    Formula(String),
}

/// What a term speaks of; pointing at the term lights it on the stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermMark {
    /// A node, by name.
    Node(String),
    /// A role, by its word.
    Role(String),
    /// An epoch (term, ballot), by its number.
    Epoch(u64),
    /// A kind of message.
    Message(String),
    /// A property, by its id.
    Property(String),
    /// A rule of the protocol, by its id.
    Rule(String),
}

/// The target of a link: `http:`, `https:`, or an address within the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Href(String);

/// Why a text is no target for a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no target for a link: write an address with https:// or http://, or a relative one such as \
     lesson/raft-logs/"
)]
pub struct BadHref(pub String);

/// A longer address is refused.
const LONGEST_HREF: usize = 2_000;

impl Href {
    /// Checks a target. Every scheme but `http` and `https` is refused, and so is what a browser would
    /// read as another host (`//host`) or silently repair (control characters, backslashes).
    pub fn new(text: &str) -> Result<Href, BadHref> {
        let refuse = || Err(BadHref(text.chars().take(80).collect()));
        let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '<' | '>' | '"' | '`');
        if text.is_empty() || text.len() > LONGEST_HREF || text.contains(odd) {
            return refuse();
        }
        let lower = text.to_ascii_lowercase();
        let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
        match rest {
            Some(host) if host.is_empty() || host.starts_with(['/', ':', '?', '#']) => refuse(),
            Some(_) => Ok(Href(text.to_owned())),
            None => {
                let path = text.split(['?', '#']).next().unwrap_or("");
                if path.contains(':') || text.starts_with("//") {
                    refuse()
                } else {
                    Ok(Href(text.to_owned()))
                }
            }
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it leads to another site.
    pub fn is_external(&self) -> bool {
        self.0.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")) && self.0.contains("://")
    }
}

impl TryFrom<String> for Href {
    type Error = BadHref;
    fn try_from(text: String) -> Result<Href, BadHref> {
        Href::new(&text)
    }
}

impl From<Href> for String {
    fn from(href: Href) -> String {
        href.0
    }
}

impl fmt::Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text of a line without its marks.
pub fn plain(line: &[Inline]) -> String {
    let mut text = String::new();
    for inline in line {
        match inline {
            Inline::Text(t) | Inline::Code(t) | Inline::Formula(t) | Inline::Term { text: t, .. } => {
                text.push_str(t);
            }
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { text: inner, .. } => {
                text.push_str(&plain(inner));
            }
        }
    }
    text
}

/// How many words a learner reads in these blocks. A formula counts as one.
pub fn words(blocks: &[Block]) -> usize {
    let lines = |block: &Block| match block {
        Block::Paragraph(line) => plain(line).split_whitespace().count(),
        Block::List(items) => items.iter().map(|item| plain(item).split_whitespace().count()).sum(),
    };
    blocks.iter().map(lines).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_web_addresses_or_into_the_site() {
        for good in
            ["https://raft.github.io/raft.pdf", "http://a.b/c:d", "lesson/raft-logs/", "../x?y=a:b", "#s=abc"]
        {
            assert!(Href::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "java\nscript:alert(1)",
            " https://a.b",
            "//evil.example",
            "\\\\evil.example",
            "https://",
            "https:///a",
            "vbscript:x",
            "mailto:a@b.c",
        ] {
            assert!(Href::new(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<Href>("\"javascript:x\"").is_err());
    }

    #[test]
    fn only_absolute_links_leave_the_site() {
        assert!(Href::new("https://a.b").unwrap().is_external());
        assert!(!Href::new("http-notes/").unwrap().is_external());
    }

    #[test]
    fn words_are_counted_across_marks() {
        let line = vec![
            Inline::Text("S2 wins ".to_owned()),
            Inline::Term { text: "term 3".to_owned(), mark: TermMark::Epoch(3) },
            Inline::Strong(vec![Inline::Text(" at once".to_owned())]),
        ];
        assert_eq!(words(&[Block::Paragraph(line.clone()), Block::List(vec![line.clone(), line])]), 18);
    }
}
