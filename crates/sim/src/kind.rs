//! The name of a serde enum's variant, without visiting what it holds.
//!
//! Messages and timers are named by their variants ("AppendEntries"). The name is asked for at every
//! event, so nothing is copied: the serializer below gives up as soon as it has read the name, and the
//! name travels in its error.

use std::fmt;

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

/// The name of `value`'s variant; of a struct its own name; empty for what has no name.
#[inline]
pub fn variant_name<T: Serialize + ?Sized>(value: &T) -> &'static str {
    match value.serialize(Namer) {
        Ok(name) => name,
        Err(Found(name)) => name,
    }
}

struct Namer;

/// Ends the visit with the name that was found.
#[derive(Debug)]
struct Found(&'static str);

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
impl std::error::Error for Found {}
impl serde::ser::Error for Found {
    fn custom<T: fmt::Display>(_: T) -> Found {
        Found("")
    }
}

type Answer = Result<&'static str, Found>;
type Never = Impossible<&'static str, Found>;

/// What has no variant has no name.
macro_rules! nameless {
    ($($method:ident: $type:ty,)+) => {
        $(#[inline]
        fn $method(self, _: $type) -> Answer {
            Ok("")
        })+
    };
}

impl Serializer for Namer {
    type Ok = &'static str;
    type Error = Found;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    nameless! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_u128: u128,
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_char: char,
        serialize_str: &str,
        serialize_bytes: &[u8],
    }
    #[inline]
    fn serialize_none(self) -> Answer {
        Ok("")
    }
    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Answer {
        value.serialize(self)
    }
    #[inline]
    fn serialize_unit(self) -> Answer {
        Ok("")
    }
    #[inline]
    fn serialize_unit_struct(self, name: &'static str) -> Answer {
        Ok(name)
    }
    #[inline]
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Answer {
        Ok(variant)
    }
    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, _: &T) -> Answer {
        Ok(name)
    }
    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Answer {
        Ok(variant)
    }
    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Never, Found> {
        Err(Found(""))
    }
    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Never, Found> {
        Err(Found(""))
    }
    #[inline]
    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Never, Found> {
        Err(Found(name))
    }
    #[inline]
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Never, Found> {
        Err(Found(variant))
    }
    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Never, Found> {
        Err(Found(""))
    }
    #[inline]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Never, Found> {
        Err(Found(name))
    }
    #[inline]
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Never, Found> {
        Err(Found(variant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails the test when its content is visited.
    struct Trap;
    impl Serialize for Trap {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            panic!("the content of a variant was visited")
        }
    }

    #[derive(Serialize)]
    enum Msg {
        Unit,
        Newtype(Trap),
        Tuple(Trap, Trap),
        Struct {
            _trap: Trap,
        },
        #[serde(rename = "Renamed")]
        Other,
    }

    #[test]
    fn every_form_of_variant_is_named_without_visiting_its_content() {
        assert_eq!(variant_name(&Msg::Unit), "Unit");
        assert_eq!(variant_name(&Msg::Newtype(Trap)), "Newtype");
        assert_eq!(variant_name(&Msg::Tuple(Trap, Trap)), "Tuple");
        assert_eq!(variant_name(&Msg::Struct { _trap: Trap }), "Struct");
        assert_eq!(variant_name(&Msg::Other), "Renamed");
    }

    #[test]
    fn what_is_no_enum_has_its_own_name_or_none() {
        assert_eq!(variant_name(&()), "");
        assert_eq!(variant_name(&7u8), "");
        assert_eq!(variant_name(&vec![1]), "");
        assert_eq!(variant_name(&faultline_model::MsgId(3)), "MsgId");
        assert_eq!(variant_name(&Some(Msg::Unit)), "Unit");
    }
}
