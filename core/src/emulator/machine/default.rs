//! The default machine: its values fill in what a machine leaves out.
//!
//! A documented field that nobody gives is empty, as the service shows it; `default.json` has the values of those that
//! are not, and for arrays what an element is filled up from. An undocumented field is there only if it is given.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::metadata::document::{Document, Value};
use crate::metadata::record::Wire;
use crate::metadata::schema::{Place, Shape};

/// What machines are filled up from.
pub(super) struct Defaults(Value);

impl Defaults {
    pub(super) fn new() -> Self {
        // The file is a part of the crate, and read in the tests.
        Self(Document::parse(include_str!("default.json")).map_or(Value::Null, |document| document.root().clone()))
    }

    /// The sections of the default machine.
    pub(super) fn sections(&self) -> Value {
        let Value::Object(members) = &self.0 else {
            return Value::Null;
        };
        let given = members.iter().filter(|(key, _)| key != ELEMENTS).cloned().collect();
        let blank = self.blank(Place::INSTANCE, "");
        self.laid(Some(blank), Value::Object(given), Some(Place::INSTANCE), "")
    }

    /// A value laid over another: objects are merged, everything else is replaced. What the list knows of a new object
    /// is filled up. `path` is that of the value, `*` for an index.
    pub(super) fn laid(&self, below: Option<Value>, value: Value, place: Option<Place>, path: &str) -> Value {
        match value {
            Value::Object(members) => {
                let mut merged = match below {
                    Some(Value::Object(members)) => members,
                    _ => match place.map(|place| self.blank(place, path)) {
                        Some(Value::Object(members)) => members,
                        _ => Vec::new(),
                    },
                };
                for (key, value) in members {
                    let place = place.and_then(|place| place.step(&key));
                    let path = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
                    match merged.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, known)) => {
                            let below = core::mem::replace(known, Value::Null);
                            *known = self.laid(Some(below), value, place, &path);
                        }
                        None => merged.push((key, self.laid(None, value, place, &path))),
                    }
                }
                Value::Object(merged)
            }
            Value::Array(elements) => {
                let (place, path) = (place.and_then(Place::element), format!("{path}/*"));
                let filled = elements.into_iter().map(|element| self.laid(None, element, place, &path));
                Value::Array(filled.collect())
            }
            leaf => leaf,
        }
    }

    /// What is at a place before anybody says what.
    pub(super) fn blank(&self, place: Place, path: &str) -> Value {
        match place.shape() {
            Shape::Leaf(Wire::Bool) => Value::Bool(false),
            Shape::Leaf(Wire::Integer) => Value::Number("0".to_string()),
            Shape::Leaf(_) => Value::String(String::new()),
            Shape::List(_) => Value::Array(Vec::new()),
            Shape::Record(_) => {
                let documented = place.rows().filter(|(_, place)| place.since().is_some());
                let members = documented.map(|(row, place)| {
                    let path = if path.is_empty() { row.wire_name.into() } else { format!("{path}/{}", row.wire_name) };
                    let value = if path == TAGS { Value::Object(Vec::new()) } else { self.blank(place, &path) };
                    (row.wire_name.to_string(), value)
                });
                let blank = Value::Object(members.filter(|(key, _)| path != "compute" || key != "tagsList").collect());
                let element = path.strip_suffix("/*").and_then(|path| self.0.member(ELEMENTS)?.member(path));
                match element {
                    Some(element) => self.laid(Some(blank), element.clone(), Some(place), path),
                    None => blank,
                }
            }
        }
    }
}

/// Held as an object of names and values, and shown as text and list.
pub(super) const TAGS: &str = "compute/tags";

const ELEMENTS: &str = "elements";
