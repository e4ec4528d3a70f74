//! From any serializable value to a [`Tree`]: thin generic shims round a core that is compiled once.

use std::fmt::{self, Display};

use faultline_model::NodeId;
use serde::ser::{self, Serialize, Serializer};

use super::Tree;

impl Tree {
    /// Any state, message or durable record as a tree.
    ///
    /// Newtypes named `NodeId`, `Time`, `Span` and `Offset` become [`Tree::Node`], [`Tree::Time`] and
    /// [`Tree::Offset`]; other newtypes are what they hold. Numbers that do not fit 64 bits with a sign
    /// become text. A value whose own serialization fails becomes the text of its error: this never fails.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Tree {
        value.serialize(Builder).unwrap_or_else(|Broken(why)| Tree::Text(why))
    }
}

/// Only a value's own `Serialize` can fail; the builder never does.
#[derive(Debug)]
struct Broken(String);

impl Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for Broken {}
impl ser::Error for Broken {
    fn custom<T: Display>(why: T) -> Broken {
        Broken(why.to_string())
    }
}

fn wide(number: i128) -> Tree {
    i64::try_from(number).map_or_else(|_| Tree::Text(number.to_string()), Tree::Int)
}

fn wide_unsigned(number: u128) -> Tree {
    i64::try_from(number).map_or_else(|_| Tree::Text(number.to_string()), Tree::Int)
}

/// Gives the identities and times of the model their own form.
fn newtype(name: &'static str, inner: Tree) -> Tree {
    let number = match &inner {
        Tree::Int(number) => u64::try_from(*number).ok(),
        Tree::Text(digits) => digits.parse().ok(),
        _ => None,
    };
    match (name, number) {
        ("NodeId", Some(index)) => u16::try_from(index).map_or(inner, |index| Tree::Node(NodeId(index))),
        ("Time" | "Span", Some(micros)) => Tree::Time(micros),
        ("Offset", _) => match inner {
            Tree::Int(micros) => Tree::Offset(micros),
            other => other,
        },
        _ => inner,
    }
}

struct Builder;

type Built = Result<Tree, Broken>;

/// A sequence, tuple or tuple variant being built.
struct Items {
    variant: Option<&'static str>,
    items: Vec<Tree>,
}

impl Items {
    fn new(variant: Option<&'static str>) -> Items {
        Items { variant, items: vec![] }
    }
    fn push(&mut self, item: Built) -> Result<(), Broken> {
        self.items.push(item?);
        Ok(())
    }
    fn done(self) -> Built {
        Ok(match self.variant {
            Some(name) => Tree::Variant(name, self.items),
            None => Tree::List(self.items),
        })
    }
}

/// A map being built.
struct Entries {
    key: Option<Tree>,
    entries: Vec<(Tree, Tree)>,
}

/// A struct or struct variant being built.
struct Fields {
    name: &'static str,
    fields: Vec<(&'static str, Tree)>,
}

macro_rules! small {
    ($($method:ident: $type:ty => $make:expr,)+) => {
        $(fn $method(self, value: $type) -> Built {
            Ok($make(value))
        })+
    };
}

impl Serializer for Builder {
    type Ok = Tree;
    type Error = Broken;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    small! {
        serialize_bool: bool => Tree::Flag,
        serialize_i8: i8 => |n| Tree::Int(i64::from(n)),
        serialize_i16: i16 => |n| Tree::Int(i64::from(n)),
        serialize_i32: i32 => |n| Tree::Int(i64::from(n)),
        serialize_i64: i64 => Tree::Int,
        serialize_i128: i128 => wide,
        serialize_u8: u8 => |n| Tree::Int(i64::from(n)),
        serialize_u16: u16 => |n| Tree::Int(i64::from(n)),
        serialize_u32: u32 => |n| Tree::Int(i64::from(n)),
        serialize_u64: u64 => |n| wide_unsigned(u128::from(n)),
        serialize_u128: u128 => wide_unsigned,
        serialize_f32: f32 => |n: f32| Tree::Text(n.to_string()),
        serialize_f64: f64 => |n: f64| Tree::Text(n.to_string()),
        serialize_char: char => |c: char| Tree::Text(c.to_string()),
        serialize_str: &str => |text: &str| Tree::Text(text.to_owned()),
        serialize_bytes: &[u8] => |bytes: &[u8]| {
            Tree::List(bytes.iter().map(|&byte| Tree::Int(i64::from(byte))).collect())
        },
    }
    fn serialize_none(self) -> Built {
        Ok(Tree::Nothing)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Built {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Built {
        Ok(Tree::Nothing)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Built {
        Ok(Tree::Nothing)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Built {
        Ok(Tree::Variant(variant, vec![]))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Built {
        Ok(newtype(name, value.serialize(self)?))
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Built {
        Ok(Tree::Variant(variant, vec![value.serialize(self)?]))
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Broken> {
        Ok(Items::new(None))
    }
    fn serialize_tuple(self, _: usize) -> Result<Items, Broken> {
        Ok(Items::new(None))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, Broken> {
        Ok(Items::new(None))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items, Broken> {
        Ok(Items::new(Some(variant)))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Broken> {
        Ok(Entries { key: None, entries: vec![] })
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields, Broken> {
        Ok(Fields { name, fields: vec![] })
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields, Broken> {
        Ok(Fields { name: variant, fields: vec![] })
    }
}

/// The four traits by which serde fills a list differ in the name of one method only.
macro_rules! fill_items {
    ($($compound:ident::$method:ident,)+) => {
        $(impl ser::$compound for Items {
            type Ok = Tree;
            type Error = Broken;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Broken> {
                self.push(value.serialize(Builder))
            }
            fn end(self) -> Built {
                self.done()
            }
        })+
    };
}
fill_items! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

impl ser::SerializeMap for Entries {
    type Ok = Tree;
    type Error = Broken;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Broken> {
        self.key = Some(key.serialize(Builder)?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Broken> {
        let key = self.key.take().unwrap_or(Tree::Nothing);
        self.entries.push((key, value.serialize(Builder)?));
        Ok(())
    }
    fn end(self) -> Built {
        Ok(Tree::Map(self.entries))
    }
}

macro_rules! fill_fields {
    ($($compound:ident,)+) => {
        $(impl ser::$compound for Fields {
            type Ok = Tree;
            type Error = Broken;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Broken> {
                self.fields.push((key, value.serialize(Builder)?));
                Ok(())
            }
            fn end(self) -> Built {
                Ok(Tree::Record(self.name, self.fields))
            }
        })+
    };
}
fill_fields! { SerializeStruct, SerializeStructVariant, }
