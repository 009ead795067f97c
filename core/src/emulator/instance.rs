//! `/metadata/instance` and `/metadata/loadbalancer`: a machine as an api-version shows it.

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
    let Value::Object(sections) = machine.sections().clone() else {
        return Value::Object(Vec::new());
    };
    let shown = sections.into_iter().filter_map(|(key, value)| match key.as_str() {
        "compute" | "extended" if machine.classic => None,
        "extended" if !extended => None,
        "compute" => Some((key, compute(machine, value))),
        _ => Some((key, value)),
    });
    let tree = Value::Object(shown.collect()).sorted();
    let mut tree = gated(tree, Some(Place::INSTANCE), version.max(FIRST));
    if let (true, Value::Object(sections)) = (partial, &mut tree) {
        sections.iter_mut().for_each(|(_, value)| keep_quick(value));
    }
    tree
}

/// What `/metadata/loadbalancer` wraps, in the order of the list.
pub(super) fn load_balancer(machine: &Machine) -> Option<Value> {
    machine.load_balancer().cloned().map(|balancer| ordered(balancer, Some(Place::LOAD_BALANCER)))
}

/// `compute` with everything that any version shows: tags in both forms, and the identifiers that follow from others.
fn compute(machine: &Machine, mut compute: Value) -> Value {
    let tags = machine.tags();
    let text: Vec<String> = tags.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    let list =
        tags.iter().map(|(name, value)| Value::object([("name", Value::text(name)), ("value", Value::text(value))]));
    replace(&mut compute, &["tags"], Value::String(text.join(";")));
    replace(&mut compute, &["tagsList"], Value::Array(list.collect()));
    replace(&mut compute, &["resourceId"], Value::String(machine.resource_id()));
    let os_disk_id = ["storageProfile", "osDisk", "managedDisk", "id"];
    replace(&mut compute, &os_disk_id, Value::String(machine.os_disk_id()));
    compute
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

/// The members of each object in the order of its rows, and then what no row names.
fn ordered(value: Value, place: Option<Place>) -> Value {
    match value {
        Value::Object(mut members) => {
            let mut kept = Vec::with_capacity(members.len());
            for (row, place) in place.into_iter().flat_map(Place::rows) {
                if let Some(at) = members.iter().position(|(key, _)| key == row.wire_name) {
                    let (key, value) = members.remove(at);
                    kept.push((key, ordered(value, Some(place))));
                }
            }
            kept.append(&mut members);
            Value::Object(kept)
        }
        Value::Array(elements) => {
            let place = place.and_then(Place::element);
            Value::Array(elements.into_iter().map(|element| ordered(element, place)).collect())
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

/// Sets what is at a path of keys, if what is above it is there.
fn replace(value: &mut Value, path: &[&str], new: Value) {
    let (Value::Object(members), [first, rest @ ..]) = (value, path) else {
        return;
    };
    let at = members.iter().position(|(key, _)| key == first);
    match (at.and_then(|at| members.get_mut(at)), rest) {
        (Some((_, known)), []) => *known = new,
        (Some((_, inner)), rest) => replace(inner, rest, new),
        (None, []) => members.push(((*first).to_string(), new)),
        (None, _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::schema;

    #[test]
    fn every_documented_field_is_in_the_newest_version_and_no_other() {
        let mut machine = Machine::default().tagged("a", "b");
        machine.set("compute/storageProfile/dataDisks/0", Value::object([])).unwrap();
        machine.set("network/interface/0/ipv6/ipAddress/0", Value::object([])).unwrap();
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
