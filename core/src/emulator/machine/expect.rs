//! What may be at a place of a machine, by the list of fields: the machine's check.
//!
//! Leaves are read leniently, a number or a boolean for its text. What the list does not know is taken as it is.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::metadata::document::Value;
use crate::metadata::path::MetadataPath;
use crate::metadata::record::Wire;
use crate::metadata::schema::{Place, Shape};
use crate::metadata::tags::Tags;

/// What may be at a place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expect {
    /// What the list says.
    Known(Place),
    /// A section of the instance that the list does not know.
    Section,
    /// Tags: a map, a list of names and values, or the service's text.
    Tags,
    /// The value of a tag.
    Tag,
    /// Anything.
    Unknown,
}

/// What is not as the list says.
#[derive(Debug)]
pub(super) struct Misfit {
    /// The keys and indexes that lead to it, the last first.
    pub(super) segments: Vec<String>,
    pub(super) expected: &'static str,
    pub(super) found: &'static str,
}

impl Misfit {
    pub(super) fn path(mut self) -> MetadataPath {
        self.segments.reverse();
        MetadataPath::of_segments(self.segments)
    }

    pub(super) fn below(mut self, segment: &str) -> Self {
        self.segments.push(segment.to_owned());
        self
    }
}

/// As the readers of JSON and TOML, which add the place, say it.
impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "invalid type: {}, expected {}", self.found, self.expected)
    }
}

impl Expect {
    /// What may be at a key of an object, under its one name; nothing where no object may be.
    pub(super) fn member(self, key: &str) -> Option<(String, Self)> {
        let unknown = || Some((key.to_owned(), Self::Unknown));
        match self {
            Self::Section | Self::Unknown => unknown(),
            Self::Tags => Some((key.to_owned(), Self::Tag)),
            Self::Tag => None,
            Self::Known(place) => match (place.shape(), place.key(key)) {
                (Shape::Record(table), Some((row, _))) if table.name == "Compute" && row.wire_name == "tags" => {
                    Some((row.wire_name.to_owned(), Self::Tags))
                }
                (Shape::Record(_), Some((row, place))) => Some((row.wire_name.to_owned(), Self::Known(place))),
                (Shape::Record(_), None) => unknown(),
                _ => None,
            },
        }
    }

    /// What may be in an array; nothing where no array may be.
    pub(super) fn element(self) -> Option<Self> {
        match self {
            Self::Unknown => Some(self),
            Self::Tags => Place::INSTANCE.step("compute")?.step("tagsList")?.element().map(Self::Known),
            Self::Section | Self::Tag => None,
            Self::Known(place) => place.element().map(Self::Known),
        }
    }

    /// Checks a value and all below it.
    pub(super) fn read(self, value: Value) -> Result<Value, Misfit> {
        match value {
            Value::Object(members) => {
                let mut read = Vec::new();
                self.object()?;
                for (key, value) in members {
                    let (name, inner) = self.member(&key).unwrap_or((key.clone(), Self::Unknown));
                    read.push((name, inner.read(value).map_err(|misfit| misfit.below(&key))?));
                }
                Ok(Value::Object(read))
            }
            Value::Array(elements) => {
                let inner = self.element().ok_or_else(|| self.misfit("an array"))?;
                let numbered = elements.into_iter().enumerate();
                let read = numbered
                    .map(|(index, element)| inner.read(element).map_err(|misfit| misfit.below(&index.to_string())));
                Ok(self.array(read.collect::<Result<_, _>>()?))
            }
            leaf => self.leaf(leaf),
        }
    }

    /// Refuses an object where none may be, an empty one, too.
    fn object(self) -> Result<(), Misfit> {
        self.member("").map(|_| ()).ok_or_else(|| self.misfit("an object"))
    }

    /// Reads a single value.
    fn leaf(self, value: Value) -> Result<Value, Misfit> {
        let wire = match self {
            Self::Unknown if value != Value::Null => return Ok(value),
            Self::Tags => match &value {
                Value::String(text) => return Ok(named(Tags::from_text(text).iter())),
                _ => return Err(self.misfit(value.kind())),
            },
            Self::Tag => Wire::Text,
            Self::Known(place) => match place.shape() {
                Shape::Leaf(wire) => wire,
                _ => return Err(self.misfit(value.kind())),
            },
            Self::Section | Self::Unknown => return Err(self.misfit(value.kind())),
        };
        let is_whole = |text: &String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        Ok(match (wire, value) {
            (Wire::Bool, Value::Bool(flag)) => Value::Bool(flag),
            (Wire::Bool, Value::String(text)) if text == "true" || text == "false" => Value::Bool(text == "true"),
            (Wire::Integer, Value::Number(text) | Value::String(text)) if is_whole(&text) => Value::Number(text),
            (Wire::Flag | Wire::Number | Wire::Text, Value::String(text) | Value::Number(text)) => Value::String(text),
            (Wire::Flag | Wire::Number | Wire::Text, Value::Bool(flag)) => Value::String(flag.to_string()),
            (_, other) => return Err(self.misfit(other.kind())),
        })
    }

    /// What becomes of an array: tags are held by name.
    fn array(self, elements: Vec<Value>) -> Value {
        if !matches!(self, Self::Tags) {
            return Value::Array(elements);
        }
        let text = |element: &Value, key| element.member(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let pairs: Vec<_> = elements.iter().map(|element| (text(element, "name"), text(element, "value"))).collect();
        named(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    fn misfit(self, found: &'static str) -> Misfit {
        Misfit { segments: Vec::new(), expected: self.words(), found }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Section => "an object",
            Self::Tag => "a string, a number or a boolean",
            Self::Tags => "a map of tags, a list of objects with name and value, or name:value;name:value",
            Self::Unknown => "anything but null",
            Self::Known(place) => match place.shape() {
                Shape::Leaf(Wire::Bool) => "true or false",
                Shape::Leaf(Wire::Integer) => "a whole number",
                Shape::Leaf(_) => "a string, a number or a boolean",
                Shape::List(_) => "an array of objects",
                Shape::Record(_) => "an object",
            },
        }
    }
}

/// Reads with the place in the file: the deserializer adds it to an error.
impl<'de> DeserializeSeed<'de> for Expect {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Expect {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.words())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        self.leaf(Value::Bool(value)).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.leaf(Value::Number(value.to_string())).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.leaf(Value::Number(value.to_string())).map_err(E::custom)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.leaf(Value::Number(value.to_string())).map_err(E::custom)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.leaf(Value::text(value)).map_err(E::custom)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        self.leaf(Value::Null).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inner = self.element().ok_or_else(|| A::Error::custom(self.misfit("an array")))?;
        let mut read = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            read.push(element);
        }
        Ok(self.array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read: Vec<(String, Value)> = Vec::new();
        self.object().map_err(A::Error::custom)?;
        while let Some(key) = members.next_key::<String>()? {
            let (name, inner) = self.member(&key).unwrap_or((key.clone(), Self::Unknown));
            let value = members.next_value_seed(inner)?;
            read.retain(|(known, _)| *known != name);
            read.push((name, value));
        }
        Ok(Value::Object(read))
    }
}

fn named<'t>(pairs: impl Iterator<Item = (&'t str, &'t str)>) -> Value {
    let mut members: Vec<(String, Value)> = Vec::new();
    for (name, value) in pairs {
        members.retain(|(known, _)| known != name);
        members.push((name.to_owned(), Value::text(value)));
    }
    Value::Object(members)
}

/// The paths of what the list does not know.
pub(super) fn unknown(value: &Value, expect: Expect, segments: &mut Vec<String>, found: &mut Vec<MetadataPath>) {
    let mut visit = |segment: String, value: &Value, inner: Expect| {
        segments.push(segment);
        match inner {
            Expect::Section | Expect::Unknown if found.len() < UNKNOWN => {
                found.push(MetadataPath::of_segments(segments.clone()))
            }
            inner => unknown(value, inner, segments, found),
        }
        segments.pop();
    };
    match (value, expect) {
        (_, Expect::Section | Expect::Unknown) => {}
        (Value::Object(members), _) => {
            for (key, value) in members {
                if let Some((_, inner)) = expect.member(key) {
                    visit(key.clone(), value, inner);
                }
            }
        }
        (Value::Array(elements), _) => {
            for (index, element) in elements.iter().enumerate() {
                if let Some(inner) = expect.element() {
                    visit(format!("{index}"), element, inner);
                }
            }
        }
        _ => {}
    }
}

/// Unknown paths that are listed.
const UNKNOWN: usize = 64;
