//! Every field of `/metadata/instance`: its path, its kind on the wire, the api-version that introduced it.
//!
//! The emulator gates fields by this table, the client explains a missing field by it. Source:
//! [instance metadata][docs]; what is not documented there is marked by having no version.
//!
//! [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#instance-metadata

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::metadata::api_version::ApiVersion;
use crate::metadata::path::MetadataPath;

mod table;

/// A field of the instance metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The path, with `*` for the index of an array: `network/interface/*/macAddress`.
    pub path: &'static str,
    /// What stands on the wire.
    pub wire: Wire,
    /// The first api-version that has it; nothing for a field that Microsoft does not document.
    pub since: Option<ApiVersion>,
    /// Whether it stays the same while the machine runs, so that it need not be asked again.
    pub fixed: bool,
    /// What it says.
    pub about: &'static str,
    /// Where people stumble.
    pub note: Option<&'static str>,
}

/// What stands on the wire for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wire {
    /// An array of objects.
    Array,
    /// A JSON boolean, which is the exception.
    Bool,
    /// `"true"` or `"false"` as a string.
    Flag,
    /// Digits as a string.
    Number,
    /// An object.
    Object,
    /// A string.
    Text,
}

impl Wire {
    /// Whether nothing is below, so that the service gives it as text only.
    #[must_use]
    pub const fn is_leaf(self) -> bool {
        !matches!(self, Self::Array | Self::Object)
    }

    /// The kind in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Array => "array of objects",
            Self::Bool => "boolean",
            Self::Flag => "\"true\" or \"false\"",
            Self::Number => "number as text",
            Self::Object => "object",
            Self::Text => "text",
        }
    }
}

impl Field {
    /// The last key of the path.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// For people: path, kind, first version, meaning, and where they stumble.
impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}, ", self.path, self.wire.words())?;
        match self.since {
            Some(version) => write!(formatter, "from {version}")?,
            None => formatter.write_str("not documented")?,
        }
        write!(formatter, "): {}.", self.about)?;
        match self.note {
            Some(note) => write!(formatter, " {note}."),
            None => Ok(()),
        }
    }
}

/// All fields, each object and array before what is in it.
#[must_use]
pub const fn fields() -> &'static [Field] {
    table::FIELDS
}

/// The field at a path.
#[must_use]
pub fn field(path: &MetadataPath) -> Option<&'static Field> {
    fields().iter().find(|field| fits(path.segments(), field.path))
}

/// Whether a path leads to a single value; nothing for a path that is not in the table.
///
/// The root and an element of an array are no single values.
#[must_use]
pub fn is_leaf(path: &MetadataPath) -> Option<bool> {
    if path.is_root() {
        return Some(false);
    }
    field(path).map(|field| field.wire.is_leaf()).or_else(|| is_element(path).then_some(false))
}

/// Whether an answer of a version shows a path.
///
/// Everything above the path must be there, too. Fields that no document lists, those of this table and those that are
/// not in it, are shown when `undocumented` says so.
#[must_use]
pub fn visible(path: &MetadataPath, version: ApiVersion, undocumented: bool) -> bool {
    let mut above = MetadataPath::root();
    path.segments().all(|segment| {
        if above.push(segment).is_err() {
            return false;
        }
        match field(&above) {
            Some(Field { since: Some(since), .. }) => *since <= version,
            Some(Field { since: None, .. }) => undocumented,
            None => is_element(&above) || undocumented,
        }
    })
}

/// The fields of a name, as people write it.
///
/// Reads a bare name (`physicalZone`, `physical_zone`), a part of a path or a whole one, with slashes or dots and with
/// or without indexes (`compute.storageProfile.dataDisks[0].lun`). Case does not count. A whole path gives its field
/// alone; else every field that ends so is given, in the order of the table.
#[must_use]
pub fn explain(name: &str) -> Vec<&'static Field> {
    let asked = plain_segments(name);
    let asked = match asked.as_slice() {
        [metadata, instance, rest @ ..] if metadata == "metadata" && instance == "instance" => rest,
        [instance, rest @ ..] if instance == "instance" => rest,
        all => all,
    };
    if asked.is_empty() {
        return Vec::new();
    }
    let ending: Vec<_> = fields()
        .iter()
        .map(|field| (field, plain_segments(field.path)))
        .filter(|(_, own)| own.ends_with(asked))
        .collect();
    match ending.iter().find(|(_, own)| own.as_slice() == asked) {
        Some((field, _)) => [*field].into(),
        None => ending.into_iter().map(|(field, _)| field).collect(),
    }
}

/// Why an answer of a version lacks a field, if the table knows the name; see [`explain`] for how it is written. Of
/// several fields of that name the oldest counts.
///
/// ```
/// let version = azure_imds::ApiVersion::new(2021, 2, 1);
/// assert_eq!(
///     azure_imds::schema::explain_missing("physicalZone", version).as_deref(),
///     Some("`physicalZone` appears from 2023-11-15; this answer is 2021-02-01")
/// );
/// ```
#[must_use]
pub fn explain_missing(name: &str, version: ApiVersion) -> Option<String> {
    let found = explain(name);
    let field = found.iter().min_by_key(|field| (field.since.is_none(), field.since))?;
    let several = found.iter().filter(|other| other.name() == field.name()).count() > 1;
    let shown = if several { field.path } else { field.name() };
    Some(match field.since {
        Some(since) if since > version => format!("`{shown}` appears from {since}; this answer is {version}"),
        Some(since) => {
            format!("`{shown}` belongs to every answer from {since}; this one is {version}, so it is a partial answer")
        }
        None => format!("`{shown}` is in no documented version; it may be missing from any answer"),
    })
}

/// Whether a path leads to an element of an array of the table.
fn is_element(path: &MetadataPath) -> bool {
    let Some(above) = path.segments().len().checked_sub(1) else {
        return false;
    };
    path.segments().last().is_some_and(is_index)
        && fields().iter().any(|field| field.wire == Wire::Array && fits(path.segments().take(above), field.path))
}

fn fits<'s>(mut segments: impl Iterator<Item = &'s str>, pattern: &str) -> bool {
    let all = pattern.split('/').all(|pattern| segments.next().is_some_and(|segment| matches(segment, pattern)));
    all && segments.next().is_none()
}

fn matches(segment: &str, pattern: &str) -> bool {
    if pattern == "*" { is_index(segment) } else { segment == pattern }
}

fn is_index(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name's segments without indexes, case and underscores.
fn plain_segments(name: &str) -> Vec<String> {
    name.split(['/', '.', '[', ']'])
        .filter(|segment| !segment.is_empty() && *segment != "*" && !is_index(segment))
        .map(|segment| segment.chars().filter(|character| *character != '_').collect::<String>().to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn path(text: &str) -> MetadataPath {
        MetadataPath::parse(text).unwrap()
    }

    fn names(name: &str) -> Vec<&'static str> {
        explain(name).iter().map(|field| field.path).collect()
    }

    #[test]
    fn the_table_is_a_tree() {
        for (index, field) in fields().iter().enumerate() {
            let before = &fields()[..index];
            assert!(before.iter().all(|other| other.path != field.path), "{} stands twice", field.path);
            assert!(MetadataPath::parse(&field.path.replace('*', "0")).is_ok());
            assert!(!field.about.ends_with('.') && !field.note.is_some_and(|note| note.ends_with('.')));
            if let Some((above, _)) = field.path.rsplit_once('/') {
                let (above, wire) = match above.strip_suffix("/*") {
                    Some(array) => (array, Wire::Array),
                    None => (above, Wire::Object),
                };
                let above = before.iter().find(|other| other.path == above);
                let above = above.unwrap_or_else(|| panic!("nothing stands above {}", field.path));
                assert_eq!(above.wire, wire, "above {}", field.path);
                let since = |field: &Field| field.since.unwrap_or(ApiVersion::new(9999, 12, 31));
                assert!(since(above) <= since(field), "{} is older than what holds it", field.path);
            }
            if let Some(since) = field.since {
                assert!(ApiVersion::INSTANCE.contains(&since), "{} of {since}", field.path);
            }
        }
        assert_eq!(fields().len(), 147);
    }

    #[test]
    fn fields_by_path() {
        assert_eq!(field(&path("network/interface/12/macAddress")).unwrap().name(), "macAddress");
        assert!(field(&path("network/interface/x/macAddress")).is_none());
        assert!(field(&path("network/interface/0")).is_none());
        assert!(field(&path("compute/vmid")).is_none());
        for (text, expected) in [
            ("", Some(false)),
            ("compute", Some(false)),
            ("compute/vmId", Some(true)),
            ("compute/tagsList", Some(false)),
            ("compute/tagsList/3", Some(false)),
            ("compute/tagsList/3/name", Some(true)),
            ("network/interface/0/ipv4/subnet/0", Some(false)),
            ("compute/tagsList/x", None),
            ("compute/0", None),
            ("compute/vmId/0", None),
        ] {
            assert_eq!(is_leaf(&path(text)), expected, "{text}");
        }
    }

    #[test]
    fn versions_gate() {
        let old = ApiVersion::new(2017, 4, 2);
        let new = ApiVersion::new(2023, 11, 15);
        for (text, in_old, in_new) in [
            ("", true, true),
            ("compute/vmId", true, true),
            ("compute/physicalZone", false, true),
            ("network/interface/0", true, true),
            ("compute/tagsList/0", false, true),
            ("compute/tagsList/0/name", false, true),
            ("compute/isVmInStandbyPool", false, false),
            ("compute/somethingElse", false, false),
            ("compute/tagsList/x", false, false),
        ] {
            assert_eq!(visible(&path(text), old, false), in_old, "{text}");
            assert_eq!(visible(&path(text), new, false), in_new, "{text}");
        }
        assert!(visible(&path("compute/isVmInStandbyPool"), old, true));
        assert!(visible(&path("compute/somethingElse"), old, true));
        assert!(!visible(&path("compute/physicalZone"), old, true));
    }

    #[test]
    fn explains_what_people_write() {
        for name in [
            "physicalZone",
            "physical_zone",
            "PHYSICALZONE",
            "compute.physicalZone",
            "/metadata/instance/compute/physicalZone",
            "instance.compute.physical_zone",
        ] {
            assert_eq!(names(name), ["compute/physicalZone"], "{name}");
        }
        for name in ["network.interface[0].macAddress", "network/interface/0/macAddress", "interface[].macAddress"] {
            assert_eq!(names(name), ["network/interface/*/macAddress"], "{name}");
        }
        assert_eq!(names("compute/name"), ["compute/name"]);
        assert_eq!(names("diskSizeGB").len(), 2);
        assert!(names("name").len() > 4);
        assert!(names("").is_empty() && names("0").is_empty() && names("instance").is_empty());
        assert!(names("nothing").is_empty());
        assert_eq!(
            explain("customData").first().unwrap().to_string(),
            "compute/customData (text, from 2019-02-01): formerly the data given at creation. \
             Always empty today; use userData."
        );
    }

    #[test]
    fn explains_what_is_missing() {
        let version = ApiVersion::new(2021, 2, 1);
        for (name, expected) in [
            ("physicalZone", "`physicalZone` appears from 2023-11-15; this answer is 2021-02-01"),
            (
                "compute/vmId",
                "`vmId` belongs to every answer from 2017-04-02; this one is 2021-02-01, so it is a partial answer",
            ),
            ("diskCapacityBytes", "`diskCapacityBytes` appears from 2021-05-01; this answer is 2021-02-01"),
            (
                "sourceVault",
                "`compute/storageProfile/osDisk/encryptionSettings/diskEncryptionKey/sourceVault` \
                appears from 2021-11-01; this answer is 2021-02-01",
            ),
            (
                "address",
                "`network/interface/*/ipv4/subnet/*/address` belongs to every answer from 2017-04-02; \
                 this one is 2021-02-01, so it is a partial answer",
            ),
            ("isVmInStandbyPool", "`isVmInStandbyPool` is in no documented version; it may be missing from any answer"),
        ] {
            assert_eq!(explain_missing(name, version).as_deref(), Some(expected));
        }
        assert_eq!(explain_missing("nothing", version), None);
    }
}
