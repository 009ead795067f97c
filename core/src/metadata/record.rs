//! Typed records: structs made from a table of fields, read leniently from an answer.
//!
//! A record never fails. `""`, `null` and a missing field read as absent; what stands in a field but can't be read is
//! absent, too, and listed as [`Unreadable`]. What no record names stays in the document.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::metadata::document::Value;
use crate::metadata::path::{MetadataPath, render_text};
use crate::quoted::Quoted;
use crate::time::Timestamp;

/// Elements that are read of one array. The service lists some hundred at most.
pub(crate) const MAX_ELEMENTS: usize = 1_024;

/// Unreadable fields that are listed.
const MAX_UNREADABLE: usize = 1_024;

/// A field whose value can't be read as what it should be. At most 1,024 are listed for one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// Where it stands, as in the answer.
    pub path: MetadataPath,
    /// What stands there: a value as text, an object or array by its kind.
    pub text: Quoted,
}

/// A struct whose fields follow a table, so that a binding can build its own from it without knowing the service.
pub trait Record {
    /// The table.
    const TYPE: &'static RecordType;

    /// The values of the fields, in the order of the table.
    fn fields(&self) -> Fields;
}

/// The table of a record's fields.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordType {
    /// The name of the type: `OsDisk`.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [RecordField],
}

/// A row of that table.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordField {
    /// The name here: `disk_size_gb`.
    pub name: &'static str,
    /// The name on the wire: `diskSizeGB`. Empty for a field that is derived from another.
    pub wire_name: &'static str,
    /// What it holds.
    pub kind: RecordKind,
}

/// What a field of a record holds. All but records and lists may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordKind {
    /// True or false.
    Flag,
    /// A list of records, empty when it is missing.
    List(&'static RecordType),
    /// A whole number from zero.
    Number,
    /// A record, all of it absent when it is missing.
    Record(&'static RecordType),
    /// Text.
    Text,
    /// A list of texts.
    Texts,
    /// A moment.
    Time,
}

/// The values of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fields {
    /// The name of the type.
    pub type_name: &'static str,
    /// Its fields, in the order of the table.
    pub members: Vec<Member>,
}

/// One field of a record with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The name here: `disk_size_gb`.
    pub name: &'static str,
    /// The name on the wire: `diskSizeGB`. Empty for a field that is derived from another.
    pub wire_name: &'static str,
    /// The value.
    pub value: FieldValue,
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// Missing, empty or unreadable.
    Absent,
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Self>),
    /// A whole number.
    Number(u64),
    /// A record.
    Record(Fields),
    /// Text, which is not empty.
    Text(String),
    /// A moment.
    Time(Timestamp),
}

impl Fields {
    pub(crate) const fn new(type_name: &'static str, members: Vec<Member>) -> Self {
        Self { type_name, members }
    }

    /// The value of a field by its name here.
    #[must_use]
    pub fn value_of(&self, name: &str) -> Option<&FieldValue> {
        self.members.iter().find(|member| member.name == name).map(|member| &member.value)
    }
}

impl Member {
    pub(crate) const fn new(name: &'static str, wire_name: &'static str, value: FieldValue) -> Self {
        Self { name, wire_name, value }
    }
}

impl RecordField {
    pub(crate) const fn new(name: &'static str, wire_name: &'static str, kind: RecordKind) -> Self {
        Self { name, wire_name, kind }
    }
}

impl RecordType {
    pub(crate) const fn new(name: &'static str, fields: &'static [RecordField]) -> Self {
        Self { name, fields }
    }
}

/// A record that is read from an object.
pub(crate) trait Read: Record + Default {
    fn read(object: &Value, reader: &mut Reader) -> Self;
}

/// Reads records, knows where it stands, and lists what it can't read.
#[derive(Default)]
pub(crate) struct Reader {
    place: Vec<Step>,
    unreadable: Vec<Unreadable>,
}

#[derive(Clone, Copy)]
enum Step {
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

    pub(crate) fn record<T: Read>(&mut self, object: &Value, names: &[&'static str]) -> T {
        let Some((name, value)) = present(object, names) else {
            return T::default();
        };
        self.within(Step::Key(name), |reader| reader.object(value))
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
            self.within(Step::Key(name), |reader| reader.note(value));
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
        self.within(Step::Key(name), |reader| {
            let Value::Array(elements) = value else {
                reader.note(value);
                return Vec::new();
            };
            if elements.len() > MAX_ELEMENTS {
                reader.note_text(&format!("{} elements, of which {MAX_ELEMENTS} are read", elements.len()));
            }
            let numbered = elements.iter().enumerate().take(MAX_ELEMENTS);
            numbered.map(|(index, element)| reader.within(Step::Index(index), |reader| read(reader, element))).collect()
        })
    }

    /// Reads what stands below a key that is no record.
    pub(crate) fn within_key<T>(&mut self, key: &'static str, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.within(Step::Key(key), inner)
    }

    fn object<T: Read>(&mut self, value: &Value) -> T {
        if let Value::Object(_) = value {
            return T::read(value, self);
        }
        self.note(value);
        T::default()
    }

    fn within<T>(&mut self, step: Step, inner: impl FnOnce(&mut Self) -> T) -> T {
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
                Step::Key(key) => (*key).to_owned(),
                Step::Index(index) => index.to_string(),
            });
            self.unreadable
                .push(Unreadable { path: MetadataPath::of_segments(segments.collect()), text: Quoted::from(text) });
        }
    }
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

/// The values of fields, by kind.
pub(crate) mod show {
    use super::{FieldValue, Record, String, Vec};

    pub(crate) fn text(field: &Option<String>) -> FieldValue {
        field.clone().map_or(FieldValue::Absent, FieldValue::Text)
    }

    pub(crate) fn number(field: &Option<u64>) -> FieldValue {
        field.map_or(FieldValue::Absent, FieldValue::Number)
    }

    pub(crate) fn flag(field: &Option<bool>) -> FieldValue {
        field.map_or(FieldValue::Absent, FieldValue::Flag)
    }

    pub(crate) fn record(field: &impl Record) -> FieldValue {
        FieldValue::Record(field.fields())
    }

    pub(crate) fn list(field: &[impl Record]) -> FieldValue {
        FieldValue::List(field.iter().map(record).collect())
    }

    pub(crate) fn texts(field: &[String]) -> FieldValue {
        FieldValue::List(field.iter().cloned().map(FieldValue::Text).collect::<Vec<_>>())
    }
}

/// Defines a record. Rows read `name: kind = "wireName"`, with further spellings of the wire name after `|`; the kinds
/// are `text`, `number`, `flag`, `record(Type)` and `list(Type)`.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $field:ident: $kind:ident $(($inner:ident))? = $wire:literal $(| $other:literal)*;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$doc])* pub $field: $crate::metadata::record::record!(@type $kind $($inner)?),)+
        }

        impl $crate::metadata::record::Record for $name {
            const TYPE: &'static $crate::metadata::record::RecordType = &$crate::metadata::record::RecordType::new(
                stringify!($name),
                &[$($crate::metadata::record::RecordField::new(
                    stringify!($field),
                    $wire,
                    $crate::metadata::record::record!(@kind $kind $($inner)?),
                )),+],
            );

            fn fields(&self) -> $crate::metadata::record::Fields {
                $crate::metadata::record::Fields::new(stringify!($name), ::alloc::vec![$($crate::metadata::record::Member::new(
                    stringify!($field),
                    $wire,
                    $crate::metadata::record::show::$kind(&self.$field),
                )),+])
            }
        }

        impl $crate::metadata::record::Read for $name {
            fn read(object: &$crate::metadata::document::Value, reader: &mut $crate::metadata::record::Reader) -> Self {
                Self { $($field: reader.$kind(object, &[$wire $(, $other)*]),)+ }
            }
        }
    };
    (@type text) => { Option<::alloc::string::String> };
    (@type number) => { Option<u64> };
    (@type flag) => { Option<bool> };
    (@type record $inner:ident) => { $inner };
    (@type list $inner:ident) => { ::alloc::vec::Vec<$inner> };
    (@kind text) => { $crate::metadata::record::RecordKind::Text };
    (@kind number) => { $crate::metadata::record::RecordKind::Number };
    (@kind flag) => { $crate::metadata::record::RecordKind::Flag };
    (@kind record $inner:ident) => {
        $crate::metadata::record::RecordKind::Record(<$inner as $crate::metadata::record::Record>::TYPE)
    };
    (@kind list $inner:ident) => {
        $crate::metadata::record::RecordKind::List(<$inner as $crate::metadata::record::Record>::TYPE)
    };
}

pub(crate) use record;

#[cfg(test)]
#[expect(unreachable_pub, reason = "records are public, these here are not")]
mod tests {
    use super::*;
    use crate::metadata::document::Document;

    record! {
        /// Inner.
        Inner {
            /// Size.
            size: number = "size";
        }
    }

    record! {
        /// Outer.
        Outer {
            /// Text.
            the_text: text = "theText" | "TheText";
            /// Flag.
            on: flag = "on";
            /// One.
            one: record(Inner) = "one";
            /// Many.
            many: list(Inner) = "many";
        }
    }

    fn read(text: &str) -> (Outer, Vec<String>) {
        let mut reader = Reader::default();
        let outer = Outer::read(Document::parse(text).unwrap().root(), &mut reader);
        (outer, reader.finish().iter().map(|odd| format!("{} {}", odd.path, odd.text)).collect())
    }

    #[test]
    fn reads_both_forms() {
        let (typed, odd) =
            read(r#"{"theText":"a","on":"TRUE","one":{"size":"07"},"many":[{"size":8},{"size":""}],"x":1}"#);
        assert!(odd.is_empty());
        assert_eq!((typed.the_text.as_deref(), typed.on, typed.one.size), (Some("a"), Some(true), Some(7)));
        assert_eq!(typed.many.iter().map(|inner| inner.size).collect::<Vec<_>>(), [Some(8), None]);
        assert_eq!(read(r#"{"TheText":"b","theText":"","on":false}"#).0.the_text.as_deref(), Some("b"));
    }

    #[test]
    fn absence_is_no_fault() {
        for text in [
            "{}",
            r#"{"theText":"","on":"","one":"","many":""}"#,
            r#"{"theText":null,"on":null,"one":null,"many":null}"#,
        ] {
            assert_eq!(read(text), (Outer::default(), Vec::new()), "{text}");
        }
        let fields = Outer::default().fields();
        assert_eq!(fields.value_of("the_text"), Some(&FieldValue::Absent));
        assert_eq!(fields.value_of("many"), Some(&FieldValue::List(Vec::new())));
    }

    #[test]
    fn what_cannot_be_read_is_listed() {
        let (typed, odd) = read(
            r#"{"theText":1e999,"on":"yes","one":{"size":"-1"},
                "many":[7,{"size":"1.0"},{"size":"99999999999999999999"},{"size":[]},{"size":4}]}"#,
        );
        assert_eq!(typed.many.len(), 5);
        assert_eq!(typed.many[4].size, Some(4));
        assert_eq!(
            odd,
            [
                "theText \"1e999\"",
                "on \"yes\"",
                "one/size \"-1\"",
                "many/0 \"7\"",
                "many/1/size \"1.0\"",
                "many/2/size \"99999999999999999999\"",
                "many/3/size \"an array\"",
            ]
        );
        assert_eq!(read(r#"{"one":[],"many":{}}"#).1, ["one \"an array\"", "many \"an object\""]);
        assert_eq!(read(r#"{"many":[null]}"#).1, ["many/0 \"null\""]);
    }

    #[test]
    fn long_lists_are_cut_and_say_so() {
        let text = format!("{{\"many\":[{}0]}}", "{},".repeat(5_000));
        let (typed, odd) = read(&text);
        assert_eq!(typed.many.len(), MAX_ELEMENTS);
        assert_eq!(odd, ["many \"5001 elements, of which 1024 are read\""]);
        let text = format!("{{\"many\":[{}0]}}", "0,".repeat(1_023));
        assert_eq!(read(&text).1.len(), MAX_UNREADABLE);
    }

    #[test]
    fn the_table_names_kinds() {
        assert_eq!(Outer::TYPE.name, "Outer");
        assert_eq!(Outer::TYPE.fields[3], RecordField::new("many", "many", RecordKind::List(Inner::TYPE)));
    }
}
