//! Typed records: structs made from rows of the list of fields, read leniently from an answer.
//!
//! A record never fails. `""`, `null` and a missing field read as absent; a value that can't be read as what it should
//! be is absent, too, and listed as [`Unreadable`]. What no row names stays in the document.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::metadata::api_version::ApiVersion;
use crate::metadata::path::MetadataPath;
use crate::quoted::Quoted;
use crate::time::Timestamp;

mod check;
mod define;
pub(crate) mod form;
mod reader;
pub(crate) mod result;
pub(crate) mod show;

pub(crate) use self::check::accepted;
pub(crate) use self::define::record;
pub(crate) use self::form::has_form;
pub(crate) use self::reader::{Leaf, MAX_ELEMENTS, Read, Reader, whole_number};
pub(crate) use self::result::result;

/// A field whose value can't be read as what it should be. At most 1,024 are listed for one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// Where it is in the answer.
    pub path: MetadataPath,
    /// What is there: a value as text, an object or array by its kind.
    pub text: Quoted,
}

mod sealed {
    pub trait Sealed {}
}

pub(crate) use self::sealed::Sealed;

/// A struct whose fields follow rows, so that a binding can build its own from it without knowing the service.
///
/// The trait is sealed: the records are those of this crate.
///
/// ```
/// use azure_imds::metadata::{FieldValue, IdentityInfo, Member, Record, RecordType, RecordValues, Since};
///
/// let info = IdentityInfo::parse(r#"{"tenantId":"t-1"}"#)?;
/// let about: &RecordType = IdentityInfo::TYPE;
/// assert_eq!((about.name, about.fields[0].wire_name), ("IdentityInfo", "tenantId"));
/// assert!(matches!(about.fields[0].since, Since::Version(_)));
///
/// let values: RecordValues = info.fields();
/// let tenant: &Member = &values.members[0];
/// assert_eq!((tenant.name, &tenant.value), ("tenant_id", &FieldValue::Text("t-1".to_owned())));
/// assert_eq!(values.value_of("tenant_id"), Some(&tenant.value));
/// # Ok::<(), azure_imds::ServiceError>(())
/// ```
pub trait Record: Sealed {
    /// The rows.
    const TYPE: &'static RecordType;

    /// The values of the fields, in the order of the rows.
    fn fields(&self) -> RecordValues;

    /// The values of the JSON form: those of the fields, and of what is beside them.
    fn form(&self) -> RecordValues {
        self.fields()
    }
}

/// What an answer holds beside its fields, for its JSON form.
pub(crate) trait Beside {
    /// The rows.
    const ROWS: &'static [RecordField];

    /// The values, in the order of the rows.
    fn values(&self) -> Vec<FieldValue>;
}

/// A record's name and rows.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordType {
    /// The name of the type: `OsDisk`.
    pub name: &'static str,
    /// What it is, as a sentence without its full stop.
    pub about: &'static str,
    /// What to know about it, likewise.
    pub note: Option<&'static str>,
    /// Its fields, in the order of the wire.
    pub fields: &'static [RecordField],
    /// What its JSON form has after those.
    pub beside: &'static [RecordField],
}

/// A row of the list: all that is written about a field.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordField {
    /// The name here: `disk_size_gb`.
    pub name: &'static str,
    /// The name on the wire: `diskSizeGB`. Empty for a field that is derived from another.
    pub wire_name: &'static str,
    /// Further spellings of that name.
    pub other_names: &'static [&'static str],
    /// What it holds.
    pub kind: RecordKind,
    /// What is on the wire.
    pub wire: Wire,
    /// The first api-version that has it.
    pub since: Since,
    /// Whether it stays the same while the machine runs, so that it need not be asked again.
    pub fixed: bool,
    /// Whether it is never absent.
    pub required: bool,
    /// What it says, as a sentence without its full stop.
    pub about: &'static str,
    /// Where people stumble, likewise.
    pub note: Option<&'static str>,
}

/// What a field of a record holds. All but records, lists and required fields may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordKind {
    /// True or false.
    Flag,
    /// A list of records, empty when it is missing.
    List(&'static RecordType),
    /// A whole number from zero.
    Number,
    /// A record, or nothing.
    Optional(&'static RecordType),
    /// A record, all of it absent when it is missing.
    Record(&'static RecordType),
    /// Text.
    Text,
    /// A list of texts.
    Texts,
    /// A moment.
    Time,
}

/// What is on the wire for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wire {
    /// An array of objects.
    Array,
    /// A JSON boolean, which is the exception.
    Bool,
    /// `"true"` or `"false"` as a string.
    Flag,
    /// A JSON number, outside of the instance metadata.
    Integer,
    /// Digits as a string.
    Number,
    /// An object.
    Object,
    /// A string.
    Text,
    /// An array of strings.
    Texts,
}

/// The first api-version that has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Since {
    /// That of the object that holds it.
    Inherited,
    /// No document says: an answer has it or not.
    Unknown,
    /// This one, or that of the object that holds it if that is newer.
    Version(ApiVersion),
}

/// The version, `unknown` or `inherited`.
impl fmt::Display for Since {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => fmt::Display::fmt(version, formatter),
            Self::Unknown => formatter.write_str("unknown"),
            Self::Inherited => formatter.write_str("inherited"),
        }
    }
}

/// The values of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordValues {
    /// The name of the type.
    pub type_name: &'static str,
    /// Its fields, in the order of the rows.
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
    Record(RecordValues),
    /// Text. Of a field of the service it is not empty.
    Text(String),
    /// A moment.
    Time(Timestamp),
}

impl RecordValues {
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

impl RecordType {
    /// All rows of the JSON form.
    pub fn rows(&self) -> impl Iterator<Item = &'static RecordField> {
        self.fields.iter().chain(self.beside)
    }

    /// The values of the JSON form, as a binding has them.
    ///
    /// # Errors
    ///
    /// What the caller's function gives.
    pub fn values<E>(
        &self,
        value: impl FnMut(&'static RecordField) -> Result<FieldValue, E>,
    ) -> Result<RecordValues, E> {
        let values: Result<Vec<_>, E> = self.rows().map(value).collect();
        let members = self.rows().zip(values?).map(|(row, value)| Member::new(row.name, row.wire_name, value));
        Ok(RecordValues::new(self.name, members.collect()))
    }
}

impl RecordKind {
    /// The kind's name for the tables of the bindings, and the record inside.
    ///
    /// ```
    /// use azure_imds::metadata::{IdentityInfo, Record, RecordField, RecordKind};
    ///
    /// let field: &RecordField = &IdentityInfo::TYPE.fields[0];
    /// assert_eq!((field.name, field.kind), ("tenant_id", RecordKind::Text));
    /// assert_eq!(field.kind.parts().0, "text");
    /// ```
    #[must_use]
    pub const fn parts(self) -> (&'static str, Option<&'static RecordType>) {
        match self {
            Self::Flag => ("flag", None),
            Self::List(inner) => ("list", Some(inner)),
            Self::Number => ("number", None),
            Self::Optional(inner) => ("optional", Some(inner)),
            Self::Record(inner) => ("record", Some(inner)),
            Self::Text => ("text", None),
            Self::Texts => ("texts", None),
            Self::Time => ("time", None),
        }
    }
}

impl Wire {
    /// Whether nothing is below, so that the service gives it as text only.
    #[must_use]
    pub const fn is_leaf(self) -> bool {
        !matches!(self, Self::Array | Self::Object | Self::Texts)
    }

    /// The kind in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Array => "array of objects",
            Self::Bool => "boolean",
            Self::Flag => "\"true\" or \"false\"",
            Self::Integer => "number",
            Self::Number => "number as text",
            Self::Object => "object",
            Self::Text => "text",
            Self::Texts => "array of texts",
        }
    }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "records are public, these here are not")]
mod tests;
