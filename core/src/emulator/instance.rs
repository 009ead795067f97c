//! `/metadata/instance`: the tree of a machine as an api-version shows it.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::machine::Machine;
use crate::metadata::api_version::ApiVersion;
use crate::metadata::document::Value;
use crate::metadata::schema::Place;

/// The first version of the documented fields. The one before it was a preview; it is taken to show the same.
const FIRST: ApiVersion = ApiVersion::new(2017, 4, 2);

/// Fields of `compute` that are there even when data are partial.
const QUICK: &[&str] = &["location", "name", "osType", "vmId", "vmSize"];

/// The whole tree, its keys in ASCII order.
pub(super) fn tree(machine: &Machine, version: ApiVersion, extended: bool, partial: bool) -> Value {
    let version = version.max(FIRST);
    let mut members = Vec::new();
    if !machine.classic {
        members.push(("compute".to_string(), gated(compute(machine), Place::INSTANCE.step("compute"), version)));
    }
    if extended && !machine.classic {
        members.push(("extended".to_string(), plain(&machine.extended).sorted()));
    }
    let network = plain(&machine.network).sorted();
    members.push(("network".to_string(), gated(network, Place::INSTANCE.step("network"), version)));
    if partial {
        members.iter_mut().for_each(|(_, value)| keep_quick(value));
    }
    Value::Object(members)
}

/// `compute` with everything that any version shows.
fn compute(machine: &Machine) -> Value {
    let Value::Object(mut members) = plain(&machine.compute) else {
        return Value::Object(Vec::new());
    };
    let tags = machine.tags();
    let text: Vec<String> = tags.iter().map(|tag| format!("{}:{}", tag.name, tag.value)).collect();
    let list =
        tags.iter().map(|tag| Value::object([("name", Value::text(&tag.name)), ("value", Value::text(&tag.value))]));
    replace(&mut members, "tags", Value::String(text.join(";")));
    replace(&mut members, "tagsList", Value::Array(list.collect()));
    replace(&mut members, "resourceId", Value::String(machine.resource_id()));
    let storage = members.iter_mut().find(|(key, _)| key == "storageProfile").map(|(_, storage)| storage);
    if let Some(id) = storage.and_then(|storage| below(storage, &["osDisk", "managedDisk", "id"])) {
        *id = Value::String(machine.os_disk_id());
    }
    Value::Object(members).sorted()
}

/// What a version shows of a value. What no document names is in the tree only because the machine has it, and shown.
fn gated(value: Value, place: Option<Place>, version: ApiVersion) -> Value {
    match value {
        Value::Object(members) => {
            let shown = members.into_iter().filter_map(|(key, value)| {
                let place = place.and_then(|place| place.step(&key));
                let is_shown = place.and_then(Place::since).is_none_or(|since| since <= version);
                is_shown.then(|| (key, gated(value, place, version)))
            });
            Value::Object(shown.collect())
        }
        Value::Array(elements) => {
            let place = place.and_then(Place::element);
            Value::Array(elements.into_iter().map(|element| gated(element, place, version)).collect())
        }
        leaf => leaf,
    }
}

/// Takes away what is slow to come.
fn keep_quick(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|(key, _)| QUICK.contains(&key.as_str()));
    }
}

fn replace(members: &mut Vec<(String, Value)>, key: &str, value: Value) {
    members.retain(|(known, _)| known != key);
    members.push((key.to_string(), value));
}

fn below<'v>(value: &'v mut Value, path: &[&str]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, key| match value {
        Value::Object(members) => members.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value),
        _ => None,
    })
}

/// A plain struct as a tree of values.
pub(super) fn plain(data: &impl serde::Serialize) -> Value {
    // Structs of text, lists and maps by name always serialise.
    serde_json::to_value(data).map_or(Value::Null, from_json)
}

fn from_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::Number(number) => Value::Number(number.to_string()),
        serde_json::Value::String(text) => Value::String(text),
        serde_json::Value::Array(elements) => Value::Array(elements.into_iter().map(from_json).collect()),
        serde_json::Value::Object(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (key, from_json(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::schema;

    #[test]
    fn every_documented_field_is_in_the_newest_version_and_no_other() {
        let mut machine = Machine::default().tagged("a", "b");
        machine.compute.storage_profile.data_disks.push(Default::default());
        machine.network.interface.iter_mut().for_each(|it| it.ipv6.ip_address.push(Default::default()));
        let tree = tree(&machine, ApiVersion::NEWEST, false, false);
        let mut paths = Vec::new();
        collect(&tree, "", &mut paths);
        let documented: Vec<_> =
            schema::fields().into_iter().filter(|field| field.since.is_some()).map(|field| field.path).collect();
        paths.sort();
        paths.dedup();
        let mut expected = documented;
        expected.sort();
        assert_eq!(paths, expected);
    }

    fn collect(value: &Value, path: &str, paths: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
                    paths.push(path.clone());
                    collect(value, &path, paths);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| collect(element, &format!("{path}/*"), paths)),
            _ => {}
        }
    }
}
