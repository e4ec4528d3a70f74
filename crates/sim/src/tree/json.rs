//! A tree as plain JSON values, for `window.faultline.detail` and `--json`.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use faultline_model::Cast;

use super::Tree;

/// Serializes a tree as a JavaScript author expects it: nodes by name, times as microseconds, records
/// and maps as objects, a bare variant as its name, any other variant as `{"Name": value}`.
#[derive(Clone, Copy, Debug)]
pub struct TreeJson<'a>(pub &'a Tree, pub &'a Cast);

impl Serialize for TreeJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let TreeJson(tree, cast) = *self;
        match tree {
            Tree::Nothing => serializer.serialize_unit(),
            Tree::Flag(flag) => serializer.serialize_bool(*flag),
            Tree::Int(number) => serializer.serialize_i64(*number),
            Tree::Node(node) => serializer.serialize_str(cast.name(*node)),
            Tree::Time(micros) => serializer.serialize_u64(*micros),
            Tree::Offset(micros) => serializer.serialize_i64(*micros),
            Tree::Text(text) => serializer.serialize_str(text),
            Tree::List(items) => sequence(items, cast, serializer),
            Tree::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(&key.text(cast), &TreeJson(value, cast))?;
                }
                map.end()
            }
            Tree::Record(_, fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (label, value) in fields {
                    map.serialize_entry(label, &TreeJson(value, cast))?;
                }
                map.end()
            }
            Tree::Variant(name, held) if held.is_empty() => serializer.serialize_str(name),
            Tree::Variant(name, held) => {
                let mut map = serializer.serialize_map(Some(1))?;
                match held.as_slice() {
                    [one] => map.serialize_entry(name, &TreeJson(one, cast))?,
                    many => map.serialize_entry(name, &Many(many, cast))?,
                }
                map.end()
            }
        }
    }
}

struct Many<'a>(&'a [Tree], &'a Cast);

impl Serialize for Many<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        sequence(self.0, self.1, serializer)
    }
}

fn sequence<S: Serializer>(items: &[Tree], cast: &Cast, serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(items.len()))?;
    for item in items {
        list.serialize_element(&TreeJson(item, cast))?;
    }
    list.end()
}
