//! Reading configuration leniently: leaves as text whatever their type, tags in any of their forms.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use core::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::compute::Tag;

/// Reads a string, a number or a boolean as text.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_any(Text)
}

/// The same where there may be nothing.
pub(super) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    text(deserializer).map(Some)
}

struct Text;

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string, a number or a boolean")
    }

    fn visit_str<E>(self, value: &str) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_bool<E>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }
}

/// Reads tags from a map, a list of names and values, or the service's `name:value;name:value`.
pub(super) fn tags<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    deserializer.deserialize_any(Tags)
}

struct Tags;

impl<'de> Visitor<'de> for Tags {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map of tags, a list of objects with name and value, or name:value;name:value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let pair = |segment: &str| {
            let (name, value) = segment.split_once(':').unwrap_or((segment, ""));
            (name.to_string(), value.to_string())
        };
        Ok(text.split(';').filter(|segment| !segment.is_empty()).map(pair).collect())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut tags = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            tags.insert(name, value);
        }
        Ok(tags)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut tags = BTreeMap::new();
        while let Some(Tag { name, value }) = list.next_element()? {
            tags.insert(name, value);
        }
        Ok(tags)
    }
}
