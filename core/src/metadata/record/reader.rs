//! Reading records from objects, leniently, and listing what can't be read.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use super::{Record, Unreadable};
use crate::metadata::document::Value;
use crate::metadata::path::MetadataPath;
use crate::metadata::render::render_text;
use crate::quoted::Quoted;

/// Elements that are read of one array. The service lists some hundred at most.
pub(crate) const MAX_ELEMENTS: usize = 1_024;

/// Unreadable fields that are listed.
pub(super) const MAX_UNREADABLE: usize = 1_024;

/// A record that is read from an object.
pub(crate) trait Read: Record + Default {
    fn read(object: &Value, reader: &mut Reader) -> Self;
}

/// A type of one field's own, which is text on the wire.
pub(crate) trait Leaf: Sized {
    /// Reads the text, which is not empty.
    fn read(text: &str) -> Option<Self>;
    /// The text.
    fn show(&self) -> &str;
}

/// Reads records, knows where it stands, and lists what it can't read.
#[derive(Default)]
pub(crate) struct Reader {
    place: Vec<Segment>,
    unreadable: Vec<Unreadable>,
}

#[derive(Clone, Copy)]
enum Segment {
    Key(&'static str),
    Index(usize),
}

impl Reader {
    pub(crate) fn finish(self) -> Vec<Unreadable> {
        self.unreadable
    }

    pub(crate) fn text(&mut self, object: &Value, names: &[&'static str]) -> Option<String> {
        self.leaf(object, names, |value| value.as_str().map(ToOwned::to_owned))
    }

    pub(crate) fn number(&mut self, object: &Value, names: &[&'static str]) -> Option<u64> {
        self.leaf(object, names, whole_number)
    }

    pub(crate) fn flag(&mut self, object: &Value, names: &[&'static str]) -> Option<bool> {
        self.leaf(object, names, |value| match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        })
    }

    /// So many seconds.
    pub(crate) fn span(&mut self, object: &Value, names: &[&'static str]) -> Option<Duration> {
        self.number(object, names).map(Duration::from_secs)
    }

    /// A JSON number is read as one in text is.
    pub(crate) fn integer(&mut self, object: &Value, names: &[&'static str]) -> Option<u64> {
        self.number(object, names)
    }

    /// A JSON boolean is read as one in text is.
    pub(crate) fn boolean(&mut self, object: &Value, names: &[&'static str]) -> Option<bool> {
        self.flag(object, names)
    }

    /// A number of seconds; -1 is none.
    pub(crate) fn seconds(&mut self, object: &Value, names: &[&'static str]) -> Option<u64> {
        self.leaf(object, names, |value| if is_minus_one(value) { Some(None) } else { whole_number(value).map(Some) })?
    }

    /// Whether such a number is -1. What can't be read is listed by [`Self::seconds`].
    pub(crate) fn seconds_unknown(&mut self, object: &Value, names: &[&'static str]) -> Option<bool> {
        let (_, value) = present(object, names)?;
        if is_minus_one(value) { Some(true) } else { whole_number(value).map(|_| false) }
    }

    /// A word or the like.
    pub(crate) fn word<T: Leaf>(&mut self, object: &Value, names: &[&'static str]) -> Option<T> {
        self.leaf(object, names, |value| T::read(value.as_str()?))
    }

    /// A text as it was written, also when it can't be read as what it should be.
    pub(crate) fn written(&mut self, object: &Value, names: &[&'static str]) -> Option<String> {
        present(object, names)?.1.as_str().map(ToOwned::to_owned)
    }

    /// A number or a text as it was written; empty for anything else.
    pub(crate) fn spelling(&mut self, object: &Value, names: &[&'static str]) -> String {
        match present(object, names) {
            Some((_, Value::Number(text) | Value::String(text))) => text.clone(),
            _ => String::new(),
        }
    }

    pub(crate) fn record<T: Read>(&mut self, object: &Value, names: &[&'static str]) -> T {
        let Some((name, value)) = present(object, names) else {
            return T::default();
        };
        self.within(Segment::Key(name), |reader| reader.object(value))
    }

    pub(crate) fn list<T: Read>(&mut self, object: &Value, names: &[&'static str]) -> Vec<T> {
        self.elements(object, names, Self::object)
    }

    /// An element that is no text is left out.
    pub(crate) fn texts(&mut self, object: &Value, names: &[&'static str]) -> Vec<String> {
        let texts = self.elements(object, names, |reader, value| {
            let text = value.as_str().map(ToOwned::to_owned);
            if text.is_none() {
                reader.note(value);
            }
            text
        });
        texts.into_iter().flatten().collect()
    }

    /// Reads a single value by hand.
    pub(crate) fn leaf<T>(
        &mut self,
        object: &Value,
        names: &[&'static str],
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let (name, value) = present(object, names)?;
        let read = read(value);
        if read.is_none() {
            self.within(Segment::Key(name), |reader| reader.note(value));
        }
        read
    }

    /// The elements of an array, each at its own index: one that is not what it should be is read as absent.
    pub(crate) fn elements<T>(
        &mut self,
        object: &Value,
        names: &[&'static str],
        read: impl Fn(&mut Self, &Value) -> T,
    ) -> Vec<T> {
        let Some((name, value)) = present(object, names) else {
            return Vec::new();
        };
        self.within(Segment::Key(name), |reader| {
            let Value::Array(elements) = value else {
                reader.note(value);
                return Vec::new();
            };
            if elements.len() > MAX_ELEMENTS {
                reader.note_text(&format!("{} elements, of which {MAX_ELEMENTS} are read", elements.len()));
            }
            let numbered = elements.iter().enumerate().take(MAX_ELEMENTS);
            numbered
                .map(|(index, element)| reader.within(Segment::Index(index), |reader| read(reader, element)))
                .collect()
        })
    }

    /// Reads what stands below a key that is no record.
    pub(crate) fn within_key<T>(&mut self, key: &'static str, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.within(Segment::Key(key), inner)
    }

    fn object<T: Read>(&mut self, value: &Value) -> T {
        if let Value::Object(_) = value {
            return T::read(value, self);
        }
        self.note(value);
        T::default()
    }

    fn within<T>(&mut self, step: Segment, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(step);
        let result = inner(self);
        self.place.pop();
        result
    }

    fn note(&mut self, value: &Value) {
        if value.is_leaf() && *value != Value::Null {
            self.note_text(&render_text(value));
        } else {
            self.note_text(value.kind());
        }
    }

    fn note_text(&mut self, text: &str) {
        if self.unreadable.len() < MAX_UNREADABLE {
            let segments = self.place.iter().map(|step| match step {
                Segment::Key(key) => (*key).to_owned(),
                Segment::Index(index) => index.to_string(),
            });
            self.unreadable
                .push(Unreadable { path: MetadataPath::of_segments(segments.collect()), text: Quoted::from(text) });
        }
    }
}

fn is_minus_one(value: &Value) -> bool {
    matches!(value, Value::Number(text) | Value::String(text) if text == "-1")
}

/// A number as JSON has it, or as the service has it: digits in a string.
pub(crate) fn whole_number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(text) | Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok()
        }
        _ => None,
    }
}

/// The first of the names that stands in the object with a value.
fn present<'v>(object: &'v Value, names: &[&'static str]) -> Option<(&'static str, &'v Value)> {
    names.iter().find_map(|name| {
        let value = object.member(name)?;
        let empty = matches!(value, Value::Null) || value.as_str() == Some("");
        (!empty).then_some((*name, value))
    })
}
