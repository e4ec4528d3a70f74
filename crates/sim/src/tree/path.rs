//! Finding a part of a tree by a path, such as `log.3.term`.

use std::borrow::Cow;

use faultline_model::Cast;

use super::Tree;

/// Why a path leads nowhere at this moment. Another moment may have it: a log grows, a role changes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Absent {
    /// A record has no field of that name.
    #[error("there is no `{name}`; there is: {known}")]
    Field {
        /// The name asked for.
        name: String,
        /// The fields that exist.
        known: String,
    },
    /// A list is shorter.
    #[error("there is no element {index}: the list has {length}")]
    Element {
        /// The number asked for, counted from 1.
        index: String,
        /// How many there are.
        length: usize,
    },
    /// A map has no such key.
    #[error("there is no entry `{key}`; there is: {known}")]
    Entry {
        /// The key asked for.
        key: String,
        /// The keys that exist.
        known: String,
    },
    /// A value without parts.
    #[error("`{value}` has no part `{name}`")]
    NoParts {
        /// The value, as text.
        value: String,
        /// The part asked for.
        name: String,
    },
}

/// How many names an error lists.
const LISTED: usize = 12;

impl Tree {
    /// The part at `path`, names and numbers joined by dots.
    ///
    /// Elements of a list are counted from 1, as the entries of a log are in the papers; `last` is the
    /// last one and `len` how many there are (of a map, too). An entry of a map is named by its key as
    /// rendered. A variant that holds one value is looked through. Names match in any case.
    pub fn get(&self, path: &str, cast: &Cast) -> Result<Cow<'_, Tree>, Absent> {
        let mut here = self;
        for name in path.split('.') {
            if name.eq_ignore_ascii_case("len")
                && let Some(length) = here.length_unless_named(name, cast)
            {
                return Ok(Cow::Owned(Tree::Int(length as i64)));
            }
            here = here.part(name, cast)?;
        }
        Ok(Cow::Borrowed(here))
    }

    /// The length of a list or map, unless the map has an entry of that very name.
    fn length_unless_named(&self, name: &str, cast: &Cast) -> Option<usize> {
        match self {
            Tree::List(items) => Some(items.len()),
            Tree::Map(entries) if self.part(name, cast).is_err() => Some(entries.len()),
            Tree::Variant(_, held) if held.len() == 1 => held[0].length_unless_named(name, cast),
            _ => None,
        }
    }

    fn part(&self, name: &str, cast: &Cast) -> Result<&Tree, Absent> {
        match self {
            Tree::Record(_, fields) => find(fields, name, |label| Cow::Borrowed(label)).ok_or_else(|| {
                let known = listed(fields.iter().map(|(label, _)| (*label).to_owned()));
                Absent::Field { name: name.to_owned(), known }
            }),
            Tree::Map(entries) => find(entries, name, |key| Cow::Owned(key.text(cast))).ok_or_else(|| {
                let known = listed(entries.iter().map(|(key, _)| key.text(cast)));
                Absent::Entry { key: name.to_owned(), known }
            }),
            Tree::Variant(_, held) if held.len() == 1 => held[0].part(name, cast),
            Tree::List(items) | Tree::Variant(_, items) if !items.is_empty() || self.is_list() => {
                element(items, name)
                    .ok_or_else(|| Absent::Element { index: name.to_owned(), length: items.len() })
            }
            _ => Err(Absent::NoParts { value: self.text(cast), name: name.to_owned() }),
        }
    }

    fn is_list(&self) -> bool {
        matches!(self, Tree::List(_))
    }
}

fn element<'t>(items: &'t [Tree], name: &str) -> Option<&'t Tree> {
    if name.eq_ignore_ascii_case("last") {
        return items.last();
    }
    name.parse::<usize>().ok()?.checked_sub(1).and_then(|index| items.get(index))
}

/// The value of that name; the exact name wins over one in another case.
fn find<'t, K>(
    entries: &'t [(K, Tree)],
    name: &str,
    text: impl Fn(&'t K) -> Cow<'t, str>,
) -> Option<&'t Tree> {
    let by = |same: &dyn Fn(&str) -> bool| {
        entries.iter().find(|(key, _)| same(&text(key))).map(|(_, value)| value)
    };
    by(&|key| key == name).or_else(|| by(&|key| key.eq_ignore_ascii_case(name)))
}

fn listed(mut names: impl Iterator<Item = String>) -> String {
    let mut text = names.by_ref().take(LISTED).collect::<Vec<_>>().join(", ");
    match names.count() {
        0 if text.is_empty() => "nothing".to_owned(),
        0 => text,
        more => {
            text.push_str(&format!(" and {more} more"));
            text
        }
    }
}
