//! Values of the core as plain objects: a record has the names of its table, in camel case.

use alloc::string::{String, ToString};

use azure_imds::metadata::{FieldValue, Record, RecordValues, Unreadable};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use crate::convert::{array, date, number, object, with};
use crate::errors;

/// A record.
pub(crate) fn record<R: Record>(record: &R) -> JsValue {
    fields(record.fields())
}

/// A record with its JSON form.
pub(crate) fn formed<R: Record>(record: &R) -> JsValue {
    with(fields(record.fields()), &[form(record)])
}

/// The JSON form of a result, which the JavaScript shows by `toJSON` alone.
pub(crate) fn form<R: Record>(result: &R) -> (&'static str, JsValue) {
    ("form", result.form().to_json().into())
}

/// A record, by its values.
pub(crate) fn fields(fields: RecordValues) -> JsValue {
    let object = Object::new();
    for member in fields.members {
        // Only a frozen object or a proxy refuses a member; this one is new.
        let _is_set = Reflect::set(&object, &camel(member.name).into(), &value(member.value));
    }
    object.into()
}

fn value(field: FieldValue) -> JsValue {
    match field {
        FieldValue::Absent => JsValue::UNDEFINED,
        FieldValue::Flag(flag) => flag.into(),
        FieldValue::List(values) => array(values, value),
        FieldValue::Number(count) => number(count),
        FieldValue::Record(inner) => fields(inner),
        FieldValue::Text(text) => text.into(),
        FieldValue::Time(time) => date(time),
    }
}

/// A name as JavaScript spells it: `vm_id` becomes `vmId`.
pub(crate) fn camel(name: &str) -> String {
    let mut spelt = String::with_capacity(name.len());
    let mut begins = false;
    for character in name.chars() {
        match character {
            '_' => begins = true,
            _ if begins => {
                spelt.push(character.to_ascii_uppercase());
                begins = false;
            }
            _ => spelt.push(character),
        }
    }
    spelt
}

pub(crate) fn scheduled_events(events: &azure_imds::metadata::ScheduledEvents) -> JsValue {
    let extra = [("json", events.document().as_str().into()), ("unreadable", unreadable(events.unreadable()))];
    with(formed(events), &extra)
}

pub(crate) fn load_balancer(balancer: &azure_imds::metadata::LoadBalancer) -> JsValue {
    let extra = [("json", balancer.document().as_str().into()), ("unreadable", unreadable(balancer.unreadable()))];
    with(formed(balancer), &extra)
}

pub(crate) fn unreadable(odd: &[Unreadable]) -> JsValue {
    array(odd, |field| object(&[("path", field.path.to_string().into()), ("text", field.text.to_string().into())]))
}

pub(crate) fn tags(tags: &azure_imds::metadata::Tags) -> JsValue {
    let pairs = array(tags.iter(), |(name, value)| array([name, value], JsValue::from));
    object(&[("pairs", pairs), ("source", tags.source().name().into()), form(tags)])
}

pub(crate) fn token(token: &azure_imds::metadata::AccessToken) -> JsValue {
    let extra = [
        ("secret", token.secret().into()),
        ("text", token.to_string().into()),
        ("unreadable", unreadable(token.unreadable())),
    ];
    with(formed(token), &extra)
}

pub(crate) fn attested_document(document: &azure_imds::client::AttestedDocument) -> JsValue {
    object(&[("text", document.as_str().into()), ("signature", document.signature().into()), form(document)])
}

pub(crate) fn versions(versions: &azure_imds::metadata::Versions) -> JsValue {
    object(&[
        ("versions", array(&versions.versions, |version| version.to_string().into())),
        ("unknown", array(&versions.unknown, |text| text.as_str().into())),
        ("newest", versions.newest().map(|version| version.to_string()).into()),
        ("json", versions.document().as_str().into()),
        form(versions),
    ])
}

pub(crate) fn availability(found: &azure_imds::client::Availability) -> JsValue {
    object(&[
        ("isAvailable", found.is_available.into()),
        ("reason", found.reason.as_ref().map(|error| errors::error(error, &[])).into()),
        ("server", found.server.as_deref().into()),
        form(found),
    ])
}
