//! The typed instance: agrees with the table of fields and with the text, and survives odd fields.

use std::collections::{BTreeMap, BTreeSet};

use azure_imds::metadata::schema::{self, Wire};
use azure_imds::metadata::{
    Document, FieldValue, Record, RecordKind, RecordType, RecordValues, TagsSource, vm_id_matches,
};
use azure_imds::{Cloud, Instance};
use serde_json::{Value as Json, json};

use crate::documents::{INSTANCES, NEWEST, paths, pattern, pointer};

#[test]
fn the_newest_sample_holds_every_documented_field() {
    let document = Document::parse(NEWEST.1).unwrap();
    let mut seen = BTreeSet::new();
    for path in paths(&document) {
        let value = document.select(&path).unwrap();
        assert_eq!(schema::is_leaf(&path), Some(value.is_leaf()), "{path}");
        assert!(schema::visible(&path, NEWEST.0, true), "{path}");
        seen.insert(pattern(&path));
    }
    for field in schema::fields().iter().filter(|field| field.since.is_some()) {
        assert!(seen.contains(&field.path), "{} is not in the sample", field.path);
    }
}

/// What older versions show, written down by hand in the samples, is what the table says they show.
#[test]
fn the_samples_of_each_version_show_what_the_table_says() {
    for (version, text) in INSTANCES {
        let document = Document::parse(text).unwrap();
        let mut seen = BTreeSet::new();
        for path in paths(&document) {
            assert!(schema::visible(&path, version, true), "{version} {path}");
            if version != NEWEST.0 {
                assert!(schema::visible(&path, version, false), "{version} {path}");
            }
            seen.insert(pattern(&path));
        }
        for field in schema::fields().iter().filter(|field| field.since.is_some_and(|since| since <= version)) {
            let element_of_nothing = field.path.contains("ipv6/ipAddress/*") && version < NEWEST.0;
            assert!(seen.contains(&field.path) || element_of_nothing, "{version} lacks {}", field.path);
        }
    }
}

#[test]
fn the_records_and_the_table_agree() {
    let mut typed = BTreeMap::new();
    collect(Instance::TYPE, "", &mut typed);
    for field in schema::fields() {
        let kind = typed.remove(&field.path).unwrap_or_else(|| panic!("no record has {}", field.path));
        let agrees = matches!(
            (field.wire, kind),
            (Wire::Array, RecordKind::List(_))
                | (Wire::Bool | Wire::Flag, RecordKind::Flag)
                | (Wire::Number, RecordKind::Number)
                | (Wire::Object, RecordKind::Record(_))
                | (Wire::Text, RecordKind::Text)
        );
        assert!(agrees, "{}: {:?} on the wire, {kind:?} in the record", field.path, field.wire);
    }
    assert!(typed.is_empty(), "not in the table: {:?}", typed.keys());
}

fn collect(record: &'static RecordType, above: &str, typed: &mut BTreeMap<String, RecordKind>) {
    for field in record.fields {
        let path = format!("{above}{}", field.wire_name);
        match field.kind {
            RecordKind::Record(inner) => collect(inner, &format!("{path}/"), typed),
            RecordKind::List(inner) => collect(inner, &format!("{path}/*/"), typed),
            _ => {}
        }
        assert!(typed.insert(path.clone(), field.kind).is_none(), "{path} stands twice");
    }
}

#[test]
fn every_value_is_read() {
    for (version, text) in INSTANCES {
        let instance = Instance::parse(text, Some(version)).unwrap();
        assert_eq!(instance.unreadable(), [], "{version}");
        assert_eq!(instance.absent(), <[&str; 0]>::default(), "{version}");
        assert_eq!(instance.document().as_str(), text);
        let oracle: Json = serde_json::from_str(text).unwrap();
        for (path, value) in flat(&instance) {
            let wire = oracle.pointer(&format!("/{path}"));
            match (&value, wire) {
                (FieldValue::Absent, None) => {}
                (FieldValue::Absent, Some(wire)) => assert_eq!(wire, "", "{version} {path}"),
                (FieldValue::Text(own), Some(wire)) => assert_eq!(wire, own, "{version} {path}"),
                (FieldValue::Number(own), Some(wire)) => assert_eq!(wire, &own.to_string(), "{version} {path}"),
                (FieldValue::Flag(own), Some(Json::Bool(wire))) => assert_eq!(wire, own, "{version} {path}"),
                (FieldValue::Flag(own), Some(wire)) => assert_eq!(wire, &own.to_string(), "{version} {path}"),
                (own, wire) => panic!("{version} {path}: {own:?} from {wire:?}"),
            }
        }
    }
}

#[test]
fn the_newest_sample_by_name() {
    let instance = Instance::parse(NEWEST.1, None).unwrap();
    let compute = &instance.compute;
    assert_eq!(compute.cloud(), Some(Cloud::Public));
    assert!(compute.vm_id_matches("3D2C1B5A-5F4E-6B4A-8C7D-9E0F1A2B3C4D\n"));
    assert!(vm_id_matches("5a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", compute.vm_id.as_deref().unwrap()));
    assert_eq!(compute.custom_data, None);
    assert_eq!((compute.host.id.as_deref(), compute.platform_update_domain), (None, Some(4)));
    assert_eq!(compute.storage_profile.resource_disk.size, Some(78_643_200));
    assert_eq!(compute.storage_profile.data_disks[1].lun, Some(7));
    assert_eq!(compute.storage_profile.data_disks[1].is_ultra_disk, Some(true));
    assert_eq!(compute.storage_profile.data_disks[0].disk_capacity_bytes, None);
    let interface = &instance.network.interfaces[0];
    assert_eq!(interface.ipv4.subnets[0].prefix, Some(24));
    assert_eq!(interface.ipv4.ip_addresses[1].public_ip_address, None);
    assert_eq!(interface.ipv6.ip_addresses[0].private_ip_address.as_deref(), Some("2001:db8:20::4"));
    assert_eq!(instance.extended.compute.has_custom_data, Some(false));
    assert_eq!(instance.tags.source(), TagsSource::TagsList);
    assert_eq!(instance.absent(), <[&str; 0]>::default());
}

/// Whatever one field becomes, all others are read as before, and the odd one is listed.
#[test]
fn one_odd_field_never_costs_another() {
    let document = Document::parse(NEWEST.1).unwrap();
    let before = flat(&Instance::parse(NEWEST.1, Some(NEWEST.0)).unwrap());
    let mut listed = 0;
    for path in paths(&document).into_iter().filter(|path| path.segments().len() > 1) {
        for odd in [Json::Null, json!(""), json!(7), json!(true), json!([]), json!({}), json!("odd"), json!([[]])] {
            let mut changed: Json = serde_json::from_str(NEWEST.1).unwrap();
            *changed.pointer_mut(&pointer(&path)).unwrap() = odd.clone();
            let text = changed.to_string();
            let instance = Instance::parse(&text, Some(NEWEST.0)).unwrap();
            assert_eq!(instance.document().as_str(), text);
            let name = pointer(&path)[1..].to_owned();
            let own = |other: &str| other == name || other.starts_with(&format!("{name}/"));
            let after = flat(&instance);
            for (other, value) in before.iter().filter(|(other, _)| !own(other)) {
                assert_eq!(after.get(other), Some(value), "{name} = {odd} changed {other}");
            }
            for unreadable in instance.unreadable() {
                listed += 1;
                assert!(own(&pointer(&unreadable.path)[1..]), "{name} = {odd} blamed on {}", unreadable.path);
            }
            let silent = odd.is_null() || odd == "";
            let in_array = path.segments().last().unwrap().parse::<usize>().is_ok();
            assert!(!silent || in_array || instance.unreadable().is_empty(), "{name} = {odd}");
            let leaf = document.select(&path).unwrap().is_leaf();
            let container = odd.is_array() || odd.is_object();
            assert!(!(leaf && container) || instance.unreadable().len() == 1, "{name} = {odd}");
        }
    }
    assert!(listed > 1_000, "{listed} listed");
}

#[test]
fn unknown_fields_stay_in_the_document() {
    let mut changed: Json = serde_json::from_str(NEWEST.1).unwrap();
    changed["compute"]["novelty"] = json!({"depth": [1e300, "x"]});
    let text = serde_json::to_string_pretty(&changed).unwrap();
    let instance = Instance::parse(&text, Some(NEWEST.0)).unwrap();
    assert_eq!(instance.unreadable(), []);
    assert_eq!(instance.document().as_str(), text);
    let path = azure_imds::metadata::MetadataPath::parse("compute/novelty/depth/1").unwrap();
    assert_eq!(instance.text(&path).as_deref(), Ok("x"));
    assert_eq!(flat(&instance), flat(&Instance::parse(NEWEST.1, None).unwrap()));
}

#[test]
fn a_missing_field_says_since_when() {
    for (version, text) in INSTANCES.iter().take(6) {
        let instance = Instance::parse(text, Some(*version)).unwrap();
        let newer = schema::fields().into_iter().filter(|field| field.since.is_some_and(|since| since > *version));
        for field in newer {
            let since = field.since.unwrap();
            let reason = instance.explain_missing(&field.path).unwrap_or_else(|| panic!("{version} {}", field.path));
            assert!(reason.ends_with(&format!("` appears from {since}; this answer is {version}")), "{reason}");
        }
    }
}

/// The values of an instance by their path on the wire, without records and lists.
fn flat(instance: &Instance) -> BTreeMap<String, FieldValue> {
    let mut values = BTreeMap::new();
    flatten(&instance.fields(), "", &mut values);
    values
}

fn flatten(fields: &RecordValues, above: &str, values: &mut BTreeMap<String, FieldValue>) {
    for member in &fields.members {
        let path = format!("{above}{}", member.wire_name);
        match &member.value {
            FieldValue::Record(inner) => flatten(inner, &format!("{path}/"), values),
            FieldValue::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let FieldValue::Record(inner) = element else { panic!("{path} holds {element:?}") };
                    flatten(inner, &format!("{path}/{index}/"), values);
                }
            }
            value => {
                values.insert(path, value.clone());
            }
        }
    }
}
