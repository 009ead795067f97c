//! Results of the core as plain objects: their form's values, under its names in camel case.

use alloc::string::{String, ToString};

use azure_imds::metadata::{FieldValue, Record, RecordValues};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use crate::convert::{array, date, number};

/// The values of a result.
pub(crate) fn record<R: Record>(record: &R) -> JsValue {
    fields(record.form())
}

/// The values of a result with its JSON form, which the JavaScript shows by `toJSON` alone.
pub(crate) fn result<R: Record>(result: &R) -> JsValue {
    let form = result.form();
    with("form", &form.to_json(), fields(form))
}

fn fields(fields: RecordValues) -> JsValue {
    let object = Object::new();
    for member in fields.members {
        set(&object, &camel(member.name), &value(member.value));
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

/// A result with a text beside its form.
fn with(name: &str, text: &str, result: JsValue) -> JsValue {
    set(&result, name, &text.into());
    result
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Only a frozen object or a proxy refuses a member; this one is new.
    let _is_set = Reflect::set(object, &name.into(), value);
}

/// A name as JavaScript spells it: `vm_id` becomes `vmId`.
pub(crate) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut spelt = String::from(words.next().unwrap_or_default());
    for word in words {
        let mut letters = word.chars();
        spelt.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        spelt.push_str(letters.as_str());
    }
    spelt
}

/// The form of an instance is made when it is asked for: it is long.
pub(crate) fn instance(instance: &azure_imds::Instance) -> JsValue {
    let object = with("json", instance.document().as_str(), record(instance));
    set(&object, "tags", &result(&instance.tags));
    object
}

pub(crate) fn scheduled_events(events: &azure_imds::metadata::ScheduledEvents) -> JsValue {
    with("json", events.document().as_str(), result(events))
}

pub(crate) fn load_balancer(balancer: &azure_imds::metadata::LoadBalancer) -> JsValue {
    with("json", balancer.document().as_str(), result(balancer))
}

pub(crate) fn versions(versions: &azure_imds::metadata::Versions) -> JsValue {
    with("json", versions.document().as_str(), result(versions))
}

pub(crate) fn token(token: &azure_imds::metadata::AccessToken) -> JsValue {
    with("secret", token.secret(), with("text", &token.to_string(), result(token)))
}

/// A diagnosis, whose parts have forms of their own.
pub(crate) fn diagnosis(found: &azure_imds::client::Diagnosis) -> JsValue {
    let object = result(found);
    set(&object, "findings", &array(&found.findings, result));
    set(&object, "availability", &result(&found.availability));
    if let Some(Ok(read)) = &found.instance {
        set(&object, "instance", &instance(read));
    }
    object
}
