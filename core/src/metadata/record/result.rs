//! The macro that makes a record of a result whose fields are not the service's own.

use alloc::string::ToString;

use super::{FieldValue, Record, RecordField, RecordKind, Since, Wire};

/// Makes a record of a result.
///
/// A row reads `"name": kind = value, "What it says";`. The values are written in terms of the name between the bars,
/// which is the result.
///
/// | kind | value | in the form |
/// |---|---|---|
/// | `flag` | `bool` | true or false |
/// | `list(Record)` | records | list of objects |
/// | `number`, `optional_number` | `u64` | number |
/// | `octets` | bytes | hexadecimal, lower case |
/// | `optional_record(Record)` | `Option<&Record>` | object or null |
/// | `record(Record)` | `&Record` | object |
/// | `text`, `optional_text` | what displays | text |
/// | `texts` | what displays, several | list of texts |
/// | `time` | `Timestamp` | RFC 3339 |
macro_rules! result {
    ($name:ty, $shown:literal: $about:literal, |$it:ident| {
        $($field:literal: $kind:ident $(($inner:ty))? = $value:expr, $field_about:literal;)+
    }) => {
        impl $crate::metadata::record::Sealed for $name {}

        impl $crate::metadata::record::Record for $name {
            const TYPE: &'static $crate::metadata::record::RecordType = &$crate::metadata::record::RecordType {
                name: $shown,
                about: $about,
                note: None,
                fields: &[$($crate::metadata::record::result::row(
                    $field,
                    stringify!($kind),
                    $crate::metadata::record::result!(@kind $kind $($inner)?),
                    $field_about,
                )),+],
                beside: &[],
            };

            fn fields(&self) -> $crate::metadata::record::RecordValues {
                let $it = self;
                $crate::metadata::record::RecordValues::new(
                    $shown,
                    ::alloc::vec![$($crate::metadata::record::Member::new(
                        $field,
                        "",
                        $crate::metadata::record::result::$kind($value),
                    )),+],
                )
            }
        }

        const _: () = $crate::metadata::record::accepted(<$name as $crate::metadata::record::Record>::TYPE);
    };
    (@kind flag) => { $crate::metadata::record::RecordKind::Flag };
    (@kind list $inner:ty) => {
        $crate::metadata::record::RecordKind::List(<$inner as $crate::metadata::record::Record>::TYPE)
    };
    (@kind number) => { $crate::metadata::record::RecordKind::Number };
    (@kind optional_number) => { $crate::metadata::record::RecordKind::Number };
    (@kind octets) => { $crate::metadata::record::RecordKind::Text };
    (@kind optional_record $inner:ty) => {
        $crate::metadata::record::RecordKind::Optional(<$inner as $crate::metadata::record::Record>::TYPE)
    };
    (@kind record $inner:ty) => {
        $crate::metadata::record::RecordKind::Record(<$inner as $crate::metadata::record::Record>::TYPE)
    };
    (@kind text) => { $crate::metadata::record::RecordKind::Text };
    (@kind optional_text) => { $crate::metadata::record::RecordKind::Text };
    (@kind texts) => { $crate::metadata::record::RecordKind::Texts };
    (@kind time) => { $crate::metadata::record::RecordKind::Time };
}

pub(crate) use result;

/// A row of a field that is not the service's own. What begins with `optional` may be absent.
pub(crate) const fn row(name: &'static str, kind: &str, is: RecordKind, about: &'static str) -> RecordField {
    let wire = match is {
        RecordKind::Flag => Wire::Bool,
        RecordKind::List(_) => Wire::Array,
        RecordKind::Number => Wire::Integer,
        RecordKind::Optional(_) | RecordKind::Record(_) => Wire::Object,
        RecordKind::Text | RecordKind::Time => Wire::Text,
        RecordKind::Texts => Wire::Texts,
    };
    RecordField {
        name,
        wire_name: "",
        other_names: &[],
        kind: is,
        wire,
        since: Since::Inherited,
        fixed: false,
        required: !matches!(kind.as_bytes(), [b'o', b'p', b't', b'i', b'o', b'n', b'a', b'l', ..]),
        about,
        note: None,
    }
}

pub(crate) const fn flag(value: bool) -> FieldValue {
    FieldValue::Flag(value)
}

pub(crate) fn list<'a, R: Record + 'a>(items: impl IntoIterator<Item = &'a R>) -> FieldValue {
    FieldValue::List(items.into_iter().map(record).collect())
}

pub(crate) const fn number(value: u64) -> FieldValue {
    FieldValue::Number(value)
}

pub(crate) fn octets(value: &[u8]) -> FieldValue {
    FieldValue::Text(base16ct::lower::encode_string(value))
}

pub(crate) fn optional_number(value: Option<u64>) -> FieldValue {
    value.map_or(FieldValue::Absent, FieldValue::Number)
}

#[cfg(feature = "client")]
pub(crate) fn optional_record(value: Option<&impl Record>) -> FieldValue {
    value.map_or(FieldValue::Absent, record)
}

pub(crate) fn optional_text(value: Option<impl ToString>) -> FieldValue {
    value.map_or(FieldValue::Absent, text)
}

pub(crate) fn record(value: &impl Record) -> FieldValue {
    FieldValue::Record(value.form())
}

#[expect(clippy::needless_pass_by_value, reason = "references and values alike are shown")]
pub(crate) fn text(value: impl ToString) -> FieldValue {
    FieldValue::Text(value.to_string())
}

pub(crate) fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> FieldValue {
    FieldValue::List(values.into_iter().map(text).collect())
}

pub(crate) const fn time(value: crate::time::Timestamp) -> FieldValue {
    FieldValue::Time(value)
}
