//! A tree as text, in the notation of the papers.
//!
//! | value | text |
//! |---|---|
//! | nothing, a flag, a number, a node, a time | `none`, `true`, `3`, `S2`, `150ms` |
//! | a list of nodes | `{S2, S3}` |
//! | any other list | `[1 2 3]`; with commas when an element holds a space |
//! | a list of records of one kind | `[1:x=1 2:y=4]`: the fields joined by colons |
//! | such a list or map in a row, of records with many fields | `S1 last 7s, mean 1s`: a line each, the fields with their names |
//! | a map | `S1 3 · S3 3`, in braces where it stands within another value |
//! | a record within another value | `Lease(holder S1, until 3s)` |
//! | a variant | `Attack`, `Held(S1, 3)` |

use faultline_model::{Cast, Offset, Time};

use super::diff::{Was, elements};
use super::{Piece, Row, Tree};

/// Of a map with more entries than this, only the first and those that changed are written.
const MANY: usize = 100;
/// A record with more fields than this says nothing without their names.
const FEW_FIELDS: usize = 3;
/// So many first ones.
const FIRST: usize = 10;

impl Tree {
    /// The value as text; of very long maps the beginning.
    pub fn text(&self, cast: &Cast) -> String {
        let mut pen = Pen { cast, roomy: false, pieces: vec![] };
        pen.value(self, Was::Same, Place::Top);
        pen.pieces.into_iter().map(|piece| piece.text).collect()
    }
}

/// One row for each field of a node's state, with everything lit that differs from `before`; without a
/// state before, nothing is lit.
///
/// A state that is one variant holding a record is shown as that record, after a row `role` with the
/// variant's name if the record is called otherwise.
pub fn rows(before: Option<&Tree>, now: &Tree, cast: &Cast) -> Vec<Row> {
    let (role, record) = unwrap(now);
    let old = before.map(unwrap);
    let row = |label: &str, was: Was<'_>, value: &Tree| {
        let mut pen = Pen { cast, roomy: true, pieces: vec![] };
        pen.value(value, was, Place::Top);
        Row { label: label.to_owned(), pieces: pen.pieces, changed: was.lights() }
    };
    let mut rows = vec![];
    if let Some(name) = role {
        let differs = old.is_some_and(|(old, _)| old != role);
        rows.push(row("role", if differs { Was::New } else { Was::Same }, &Tree::Text(name.to_owned())));
    }
    let Tree::Record(_, fields) = record else {
        let was = old.map_or(Was::Same, |(_, old)| Was::of(Some(old), record));
        rows.push(row("state", was, record));
        return rows;
    };
    for (label, value) in fields {
        let was = match old {
            None => Was::Same,
            Some((_, old)) => Was::of(field(old, label), value),
        };
        rows.push(row(label, was, value));
    }
    rows
}

/// The record within a variant, and the variant's name where it says more than the record's.
fn unwrap(tree: &Tree) -> (Option<&'static str>, &Tree) {
    if let Tree::Variant(name, held) = tree
        && let [record @ Tree::Record(inner, _)] = held.as_slice()
    {
        return ((!name.eq_ignore_ascii_case(inner)).then_some(*name), record);
    }
    (None, tree)
}

fn field<'t>(tree: &'t Tree, label: &str) -> Option<&'t Tree> {
    let Tree::Record(_, fields) = tree else {
        return None;
    };
    fields.iter().find(|(name, _)| *name == label).map(|(_, value)| value)
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Alone.
    Top,
    /// Within another value.
    Inner,
    /// Among others of its kind, so that its name says nothing.
    AmongEquals,
}

struct Pen<'a> {
    cast: &'a Cast,
    /// Whether there is room for lines and names; scripts compare what is written without.
    roomy: bool,
    pieces: Vec<Piece>,
}

impl Pen<'_> {
    fn put(&mut self, text: &str, lit: bool) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.lit == lit => last.text.push_str(text),
            _ => self.pieces.push(Piece { text: text.to_owned(), lit }),
        }
    }

    /// Brackets and separators are lit only together with all that they hold.
    fn mark(&mut self, text: &str, was: Was<'_>) {
        self.put(text, matches!(was, Was::New));
    }

    fn value(&mut self, now: &Tree, was: Was<'_>, place: Place) {
        match now {
            Tree::Nothing => self.put("none", was.lights()),
            Tree::Flag(flag) => self.put(if *flag { "true" } else { "false" }, was.lights()),
            Tree::Int(number) => self.put(&number.to_string(), was.lights()),
            Tree::Node(node) => self.put(self.cast.name(*node), was.lights()),
            Tree::Time(micros) => self.put(&Time(*micros).to_string(), was.lights()),
            Tree::Offset(micros) => self.put(&Offset(*micros).to_string(), was.lights()),
            Tree::Text(text) => self.put(text, was.lights()),
            Tree::List(items) => self.list(items, was),
            Tree::Map(entries) => self.map(entries, was, place),
            Tree::Record(name, fields) => self.record(name, fields, was, place),
            Tree::Variant(name, held) => self.variant(name, held, was),
        }
    }

    fn list(&mut self, items: &[Tree], was: Was<'_>) {
        let (was, each) = match was {
            Was::Other(Tree::List(before)) => (Was::Same, elements(before, items)),
            other => (other.whole(), vec![other.whole(); items.len()]),
        };
        let nodes = !items.is_empty() && items.iter().all(|item| matches!(item, Tree::Node(_)));
        let place = if of_one_kind(items.iter()) { Place::AmongEquals } else { Place::Inner };
        let parts: Vec<Vec<Piece>> =
            items.iter().zip(each).map(|(item, was)| self.apart(item, was, place)).collect();
        let spaced = parts.iter().flatten().any(|piece| piece.text.contains(' '));
        self.mark(if nodes { "{" } else { "[" }, was);
        let separator = match items {
            [first, ..] if place == Place::AmongEquals && self.named(first) => ",\n",
            _ if nodes || spaced => ", ",
            _ => " ",
        };
        self.join(parts, separator, was);
        self.mark(if nodes { "}" } else { "]" }, was);
    }

    fn map(&mut self, entries: &[(Tree, Tree)], was: Was<'_>, place: Place) {
        let old = match was {
            Was::Other(Tree::Map(before)) => Some(before),
            _ => None,
        };
        let around = if old.is_some() { Was::Same } else { was.whole() };
        let braces = place != Place::Top || entries.is_empty();
        let place = if of_one_kind(entries.iter().map(|(_, value)| value)) {
            Place::AmongEquals
        } else {
            Place::Inner
        };
        let many = entries.len() > MANY;
        let mut left_out = 0;
        let parts = entries.iter().enumerate().filter_map(|(index, (key, value))| {
            let was = old.map_or(around, |old| {
                let same = |(other, _): &&(Tree, Tree)| other == key;
                let found = old.get(index).filter(same).or_else(|| old.iter().find(same));
                Was::of(found.map(|(_, value)| value), value)
            });
            if many && index >= FIRST && !(old.is_some() && was.lights()) {
                left_out += 1;
                return None;
            }
            // A changed number lights its whole entry; of a larger value, only what changed in it.
            let key_was = if value.is_scalar() || matches!(was, Was::New) { was.whole() } else { Was::Same };
            let mut part = self.fresh();
            part.value(key, key_was, Place::Inner);
            part.mark(" ", key_was);
            part.value(value, was, place);
            Some(part.pieces)
        });
        let mut parts: Vec<Vec<Piece>> = parts.collect();
        if left_out > 0 {
            parts.push(vec![Piece { text: format!("{left_out} more"), lit: false }]);
        }
        self.mark(if braces { "{" } else { "" }, around);
        let lines =
            place == Place::AmongEquals && entries.first().is_some_and(|(_, value)| self.named(value));
        self.join(parts, if lines { "\n" } else { " · " }, around);
        self.mark(if braces { "}" } else { "" }, around);
    }

    fn record(&mut self, name: &str, fields: &[(&'static str, Tree)], was: Was<'_>, place: Place) {
        let old = match was {
            Was::Other(Tree::Record(other, before)) if *other == name => Some(before),
            _ => None,
        };
        let around = if old.is_some() { Was::Same } else { was.whole() };
        let among = place == Place::AmongEquals;
        let terse = among && !(self.roomy && fields.len() > FEW_FIELDS);
        let parts = fields.iter().map(|(label, value)| {
            let was = old.map_or(around, |old| {
                Was::of(old.iter().find(|(other, _)| other == label).map(|(_, value)| value), value)
            });
            let mut part = self.fresh();
            if !terse {
                part.mark(label, was);
                part.mark(" ", was);
            }
            part.value(value, was, Place::Inner);
            part.pieces
        });
        let parts = parts.collect();
        if terse {
            return self.join(parts, ":", around);
        }
        if among {
            return self.join(parts, ", ", around);
        }
        self.mark(name, around);
        self.mark(if fields.is_empty() { "" } else { "(" }, around);
        self.join(parts, ", ", around);
        self.mark(if fields.is_empty() { "" } else { ")" }, around);
    }

    fn variant(&mut self, name: &str, held: &[Tree], was: Was<'_>) {
        let (around, each): (Was<'_>, Vec<Was<'_>>) = match was {
            Was::Other(Tree::Variant(other, before)) if *other == name && before.len() == held.len() => {
                let each = before.iter().zip(held).map(|(before, now)| Was::of(Some(before), now));
                (Was::Same, each.collect())
            }
            other => (other.whole(), vec![other.whole(); held.len()]),
        };
        self.mark(name, around);
        if held.is_empty() {
            return;
        }
        let parts = held.iter().zip(each).map(|(item, was)| self.apart(item, was, Place::Inner)).collect();
        self.mark("(", around);
        self.join(parts, ", ", around);
        self.mark(")", around);
    }

    fn apart(&self, value: &Tree, was: Was<'_>, place: Place) -> Vec<Piece> {
        let mut part = self.fresh();
        part.value(value, was, place);
        part.pieces
    }

    /// A pen of the same kind for a part that is joined later.
    fn fresh(&self) -> Self {
        Pen { pieces: vec![], ..*self }
    }

    /// Whether a record among others of its kind is written with the names of its fields.
    fn named(&self, record: &Tree) -> bool {
        self.roomy && matches!(record, Tree::Record(_, fields) if fields.len() > FEW_FIELDS)
    }

    fn join(&mut self, parts: Vec<Vec<Piece>>, separator: &str, was: Was<'_>) {
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                self.mark(separator, was);
            }
            for piece in part {
                self.put(&piece.text, piece.lit);
            }
        }
    }
}

/// Whether all are records of the same name, so that the name need not be repeated.
fn of_one_kind<'t>(mut items: impl Iterator<Item = &'t Tree>) -> bool {
    let Some(Tree::Record(first, _)) = items.next() else {
        return false;
    };
    items.all(|item| matches!(item, Tree::Record(name, _) if name == first))
}
