//! The one JSON form of records: every result and every error is one, and is written here.
//!
//! Names are those of the rows, in snake case; times are RFC 3339; what is absent is null. The outermost object has the
//! version of the form. The schemas in `docs/schema/` are made of the rows, too.

use alloc::string::{String, ToString as _};

use super::{Beside, FieldValue, Member, Record, RecordValues};
use crate::json::form::{Object, SCHEMA_VERSION, object, write_text};

impl RecordValues {
    /// The JSON form: the values under their names here, with the version of the form.
    #[must_use]
    pub fn to_json(&self) -> String {
        object(|form| {
            form.written("schema_version", SCHEMA_VERSION);
            members(form, self);
        })
    }
}

fn members(form: &mut Object<'_>, values: &RecordValues) {
    for member in &values.members {
        write(form.name(member.name), &member.value);
    }
}

fn write(text: &mut String, value: &FieldValue) {
    match value {
        FieldValue::Absent => text.push_str("null"),
        FieldValue::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
        FieldValue::List(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write(text, item);
            }
            text.push(']');
        }
        FieldValue::Number(number) => text.push_str(&number.to_string()),
        FieldValue::Record(inner) => Object::write(text, |form| members(form, inner)),
        FieldValue::Text(value) => write_text(text, value),
        FieldValue::Time(time) => write_text(text, &time.to_string()),
    }
}

/// The fields of an answer, and what is beside them.
pub(crate) fn with_beside<R: Record + Beside>(record: &R) -> RecordValues {
    let mut form = record.fields();
    let beside = R::ROWS.iter().zip(record.values());
    form.members.extend(beside.map(|(row, value)| Member::new(row.name, row.wire_name, value)));
    form
}

/// Gives a record its JSON form as a text, and as a value of serde.
macro_rules! has_form {
    ($name:ty) => {
        impl $name {
            /// The JSON form, the same in every language: names in snake case, times as RFC 3339, what is absent as
            /// null.
            #[must_use]
            pub fn to_json(&self) -> ::alloc::string::String {
                $crate::metadata::record::Record::form(self).to_json()
            }
        }

        /// The JSON form.
        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::metadata::record::Record::form(self), serializer)
            }
        }
    };
}

pub(crate) use has_form;

/// The JSON form, as of [`RecordValues::to_json`].
#[cfg(feature = "serde")]
impl serde::Serialize for RecordValues {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let version: u64 = SCHEMA_VERSION.parse().map_err(serde::ser::Error::custom)?;
        serializer
            .collect_map(core::iter::once(("schema_version", Inside(&FieldValue::Number(version)))).chain(inside(self)))
    }
}

/// A value within a form.
#[cfg(feature = "serde")]
struct Inside<'a>(&'a FieldValue);

#[cfg(feature = "serde")]
fn inside(values: &RecordValues) -> impl Iterator<Item = (&'static str, Inside<'_>)> {
    values.members.iter().map(|member| (member.name, Inside(&member.value)))
}

#[cfg(feature = "serde")]
impl serde::Serialize for Inside<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            FieldValue::Absent => serializer.serialize_none(),
            FieldValue::Flag(flag) => serializer.serialize_bool(*flag),
            FieldValue::List(items) => serializer.collect_seq(items.iter().map(Inside)),
            FieldValue::Number(number) => serializer.serialize_u64(*number),
            FieldValue::Record(inner) => serializer.collect_map(inside(inner)),
            FieldValue::Text(text) => serializer.serialize_str(text),
            FieldValue::Time(time) => serializer.collect_str(time),
        }
    }
}
