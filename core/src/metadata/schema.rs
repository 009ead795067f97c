//! Look-ups in the list of fields: by path, by version, by what people write.
//!
//! The emulator gates fields by them, the client explains a missing field by them. Source: [instance metadata][docs];
//! what is not documented there is marked by having no version.
//!
//! [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#instance-metadata

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::metadata::api_version::ApiVersion;
pub use crate::metadata::fields::ANSWERS;
use crate::metadata::path::MetadataPath;
#[cfg(feature = "client")]
use crate::metadata::path::PathFault;
pub use crate::metadata::record::Wire;

mod place;

pub(crate) use self::place::Place;
#[cfg(feature = "emulator")]
pub(crate) use self::place::Shape;

/// A field of the instance metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The path, with `*` for the index of an array: `network/interface/*/macAddress`.
    pub path: String,
    /// What is on the wire.
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

impl Field {
    /// The last key of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
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
pub fn fields() -> Vec<Field> {
    let mut fields = Vec::new();
    Place::INSTANCE.add_fields("", &mut fields);
    fields
}

/// The field at a path.
///
/// ```
/// use azure_imds::ApiVersion;
/// use azure_imds::metadata::MetadataPath;
/// use azure_imds::metadata::schema::{Field, Wire, field};
///
/// let path = MetadataPath::parse("compute/physicalZone")?;
/// let zone: Field = field(&path).expect("a documented field");
/// assert_eq!((zone.wire, zone.since), (Wire::Text, Some(ApiVersion::new(2023, 11, 15))));
/// assert_eq!(field(&MetadataPath::parse("compute/colour")?), None);
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[must_use]
pub fn field(path: &MetadataPath) -> Option<Field> {
    let mut place = Place::INSTANCE;
    let mut pattern = String::new();
    for segment in path.segments() {
        let is_element = place.is_list();
        place = place.step(segment)?;
        let slash = if pattern.is_empty() { "" } else { "/" };
        pattern = format!("{pattern}{slash}{}", if is_element { "*" } else { segment });
    }
    place.field(pattern)
}

/// Whether a path leads to a single value; nothing for a path that is not in the list.
///
/// The root and an element of an array are not single values.
#[must_use]
pub fn is_leaf(path: &MetadataPath) -> Option<bool> {
    path.segments().try_fold(Place::INSTANCE, |place, segment| place.step(segment)).map(|place| place.is_leaf())
}

/// The segment of a path that is a key of the list in another case, if there is one.
#[cfg(feature = "client")]
pub(crate) fn other_case(path: &MetadataPath) -> Option<PathFault> {
    let mut place = Place::INSTANCE;
    for (at, segment) in path.segments().enumerate() {
        let Some(below) = place.step(segment) else {
            let mut keys = place.rows().map(|(row, _)| row.wire_name);
            return keys.find(|key| key.eq_ignore_ascii_case(segment)).map(|key| PathFault::other_case(at, key));
        };
        place = below;
    }
    None
}

/// The outermost array that a path of the list leads into by an index.
#[cfg(feature = "client")]
pub(crate) fn array_above(path: &MetadataPath) -> Option<MetadataPath> {
    let mut place = Place::INSTANCE;
    let mut above = Vec::new();
    for segment in path.segments() {
        if place.is_list() {
            return Some(MetadataPath::of_segments(above));
        }
        place = place.step(segment)?;
        above.push(String::from(segment));
    }
    None
}

/// Whether an answer of a version shows a path.
///
/// Everything above the path must be there, too. Fields that no document names, those of the list and those that are
/// not in it, are shown when `undocumented` says so.
///
/// ```
/// use azure_imds::ApiVersion;
/// use azure_imds::metadata::MetadataPath;
/// use azure_imds::metadata::schema::visible;
///
/// let path = MetadataPath::parse("compute/physicalZone")?;
/// assert!(visible(&path, ApiVersion::new(2023, 11, 15), false));
/// assert!(!visible(&path, ApiVersion::new(2021, 2, 1), false));
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[must_use]
pub fn visible(path: &MetadataPath, version: ApiVersion, undocumented: bool) -> bool {
    let mut place = Some(Place::INSTANCE);
    path.segments().all(|segment| {
        place = place.and_then(|place| place.step(segment));
        place.and_then(Place::since).map_or(undocumented, |since| since <= version)
    })
}

/// The fields of a name, as people write it.
///
/// Reads a bare name (`physicalZone`, `physical_zone`), a part of a path or a whole one, with slashes or dots and with
/// or without indexes (`compute.storageProfile.dataDisks[0].lun`). Case does not count. A whole path gives its field
/// alone; else every field that ends so is given, in the order of the list.
///
/// ```
/// use azure_imds::metadata::schema::explain;
///
/// let found = explain("compute.storageProfile.dataDisks[0].lun");
/// assert_eq!(found[0].path, "compute/storageProfile/dataDisks/*/lun");
/// assert!(explain("lun").len() >= found.len());
/// ```
#[must_use]
pub fn explain(name: &str) -> Vec<Field> {
    let asked = plain_segments(name);
    let asked = match asked.as_slice() {
        [metadata, instance, rest @ ..] if metadata == "metadata" && instance == "instance" => rest,
        [instance, rest @ ..] if instance == "instance" => rest,
        all => all,
    };
    if asked.is_empty() {
        return Vec::new();
    }
    let mut ending: Vec<_> = fields().into_iter().map(|field| (plain_segments(&field.path), field)).collect();
    ending.retain(|(own, _)| own.ends_with(asked));
    if let Some(whole) = ending.iter().position(|(own, _)| own.as_slice() == asked) {
        ending = Vec::from([ending.swap_remove(whole)]);
    }
    ending.into_iter().map(|(_, field)| field).collect()
}

/// Why an answer of a version lacks a field, if the list knows the name; see [`explain`] for how it is written. Of
/// several fields of that name the oldest counts.
///
/// ```
/// let version = azure_imds::ApiVersion::new(2021, 2, 1);
/// assert_eq!(
///     azure_imds::metadata::schema::explain_missing("physicalZone", version).as_deref(),
///     Some("`physicalZone` appears from 2023-11-15; this answer is 2021-02-01")
/// );
/// ```
#[must_use]
pub fn explain_missing(name: &str, version: ApiVersion) -> Option<String> {
    let found = explain(name);
    let field = found.iter().min_by_key(|field| (field.since.is_none(), field.since))?;
    let several = found.iter().filter(|other| other.name() == field.name()).count() > 1;
    let shown = if several { &*field.path } else { field.name() };
    Some(match field.since {
        Some(since) if since > version => format!("`{shown}` appears from {since}; this answer is {version}"),
        Some(since) => {
            format!("`{shown}` belongs to every answer from {since}; this one is {version}, so it is a partial answer")
        }
        None => format!("`{shown}` is in no documented version; it may be missing from any answer"),
    })
}

/// A name's segments without indexes, case and underscores.
fn plain_segments(name: &str) -> Vec<String> {
    name.split(['/', '.', '[', ']'])
        .filter(|segment| !segment.is_empty() && *segment != "*" && !place::is_index(segment))
        .map(|segment| segment.chars().filter(|character| *character != '_').collect::<String>().to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::metadata::record::{RecordType, Since};

    fn path(text: &str) -> MetadataPath {
        MetadataPath::parse(text).unwrap()
    }

    fn names(name: &str) -> Vec<String> {
        explain(name).into_iter().map(|field| field.path).collect()
    }

    #[test]
    fn the_list_is_a_tree() {
        let fields = fields();
        for (index, listed) in fields.iter().enumerate() {
            let before = &fields[..index];
            assert!(before.iter().all(|other| other.path != listed.path), "{} is there twice", listed.path);
            let path = path(&listed.path.replace('*', "0"));
            assert_eq!(field(&path).as_ref(), Some(listed));
            if let Some((above, _)) = listed.path.rsplit_once('/') {
                let (above, wire) = match above.strip_suffix("/*") {
                    Some(array) => (array, Wire::Array),
                    None => (above, Wire::Object),
                };
                let above = before.iter().find(|other| other.path == above);
                let above = above.unwrap_or_else(|| panic!("nothing is above {}", listed.path));
                assert_eq!(above.wire, wire, "above {}", listed.path);
                let since = |field: &Field| field.since.unwrap_or(ApiVersion::new(9999, 12, 31));
                assert!(since(above) <= since(listed), "{} is older than what holds it", listed.path);
            }
            if let Some(since) = listed.since {
                assert!(ApiVersion::INSTANCE.contains(&since), "{} of {since}", listed.path);
            }
        }
        assert!(fields.len() >= 147);
    }

    #[test]
    fn every_answer_has_versions_of_its_own() {
        fn walk(table: &RecordType, versions: &[ApiVersion]) {
            for row in table.fields {
                if let Since::Version(since) = row.since {
                    assert!(versions.contains(&since), "{} of {}", row.name, table.name);
                }
                if let (_, Some(inner)) = row.kind.parts() {
                    walk(inner, versions);
                }
            }
        }
        for (path, table) in ANSWERS {
            let events = *path == "scheduledevents";
            walk(table, if events { ApiVersion::SCHEDULED_EVENTS } else { ApiVersion::INSTANCE });
        }
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
            "compute/customData (text, from 2019-02-01): Formerly the data given at creation. \
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
