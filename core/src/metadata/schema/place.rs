//! A walk down the list of fields, from an answer to its sections, their fields and the elements of arrays.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Field;
use crate::metadata::api_version::ApiVersion;
use crate::metadata::fields::Instance;
use crate::metadata::record::{Record as _, RecordField, RecordKind, RecordType, Since, Wire};

/// Where a path leads in the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    row: Option<&'static RecordField>,
    shape: Shape,
    since: Option<ApiVersion>,
}

/// What is at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// A single value.
    Leaf(Wire),
    /// An array of these.
    List(&'static RecordType),
    /// An object of these rows.
    Record(&'static RecordType),
}

impl Place {
    /// The whole of the instance metadata.
    pub(crate) const INSTANCE: Self = Self::answer(Instance::TYPE);
    /// The whole of the load balancer metadata, inside of its wrapper.
    #[cfg(feature = "emulator")]
    pub(crate) const LOAD_BALANCER: Self = Self::answer(crate::metadata::fields::LoadBalancer::TYPE);

    /// One scheduled event.
    #[cfg(feature = "emulator")]
    pub(crate) const EVENT: Self = Self::answer(crate::metadata::fields::ScheduledEvent::TYPE);

    const fn answer(table: &'static RecordType) -> Self {
        Self { row: None, shape: Shape::Record(table), since: Some(FIRST) }
    }

    /// What is there.
    #[cfg(feature = "emulator")]
    pub(crate) const fn shape(self) -> Shape {
        self.shape
    }

    /// The first version that shows it; nothing if no document says.
    pub(crate) const fn since(self) -> Option<ApiVersion> {
        self.since
    }

    /// Whether nothing is below.
    pub(crate) const fn is_leaf(self) -> bool {
        matches!(self.shape, Shape::Leaf(wire) if wire.is_leaf())
    }

    pub(super) const fn is_list(self) -> bool {
        matches!(self.shape, Shape::List(_))
    }

    /// The rows of an object, with the place of each. Derived ones are not on the wire.
    pub(crate) fn rows(self) -> impl Iterator<Item = (&'static RecordField, Self)> {
        let rows = match self.shape {
            Shape::Record(table) => table.fields,
            _ => &[],
        };
        rows.iter().filter(|row| !row.wire_name.is_empty()).map(move |row| (row, self.at(row)))
    }

    /// The place of a key, by the name on the wire or another spelling of it.
    #[cfg(feature = "emulator")]
    pub(crate) fn key(self, name: &str) -> Option<(&'static RecordField, Self)> {
        self.rows().find(|(row, _)| row.wire_name == name || row.other_names.contains(&name))
    }

    /// The place of the elements of an array.
    pub(crate) const fn element(self) -> Option<Self> {
        match self.shape {
            Shape::List(table) => Some(Self { row: None, shape: Shape::Record(table), since: self.since }),
            _ => None,
        }
    }

    /// The place of a segment of a path: a key, as it is on the wire, or an index.
    pub(crate) fn step(self, segment: &str) -> Option<Self> {
        match self.shape {
            Shape::List(_) if is_index(segment) => self.element(),
            Shape::Record(_) => self.rows().find(|(row, _)| row.wire_name == segment).map(|(_, place)| place),
            _ => None,
        }
    }

    /// The field of this place, if it is one.
    pub(super) fn field(self, path: String) -> Option<Field> {
        let RecordField { wire, fixed, about, note, .. } = *self.row?;
        Some(Field { path, wire, since: self.since, fixed, about, note })
    }

    /// Adds all that is below.
    pub(super) fn add_fields(self, above: &str, fields: &mut Vec<Field>) {
        for (row, place) in self.rows() {
            let path = format!("{above}{}", row.wire_name);
            fields.extend(place.field(path.clone()));
            match place.element() {
                Some(element) => element.add_fields(&format!("{path}/*/"), fields),
                None => place.add_fields(&format!("{path}/"), fields),
            }
        }
    }

    fn at(self, row: &'static RecordField) -> Self {
        let since = match (row.since, self.since) {
            (Since::Unknown, _) | (_, None) => None,
            (Since::Inherited, above) => above,
            (Since::Version(own), Some(above)) => Some(own.max(above)),
        };
        let shape = match row.kind {
            RecordKind::List(table) => Shape::List(table),
            RecordKind::Record(table) => Shape::Record(table),
            _ => Shape::Leaf(row.wire),
        };
        Self { row: Some(row), shape, since }
    }
}

/// Whether a segment of a path is an index of an array.
pub(super) fn is_index(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first version of the service.
const FIRST: ApiVersion = ApiVersion::new(2017, 3, 1);
