//! Scheduled events: scenarios by name and field, and what is under way.

use alloc::format;
use alloc::string::{String, ToString};

use azure_imds::emulator::{Event, Scenario};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::convert::{array, date, object};
use crate::errors;

/// The names of scenarios.
#[wasm_bindgen]
pub fn scenarios() -> JsValue {
    array(Scenario::NAMES, |name| JsValue::from(*name))
}

/// An event that is under way.
pub(super) fn event(event: &Event) -> JsValue {
    object(&[
        ("id", event.id.as_str().into()),
        ("eventType", event.scenario.event_type.as_str().into()),
        ("status", event.status.as_str().into()),
        ("notBefore", date(event.not_before)),
        ("resources", array(&event.resources, |name| name.as_str().into())),
    ])
}

/// The scenario of that name with some of its fields changed, given as a JSON object.
pub(super) fn changed(name: &str, fields: &str) -> Result<Scenario, JsValue> {
    let known = || {
        let name = azure_imds::Quoted::from(name);
        format!("no scenario is named {name}; the scenarios are {}", Scenario::NAMES.join(", "))
    };
    let scenario = Scenario::by_name(name).ok_or_else(|| malformed(&known()))?;
    let changes: Map<String, Value> = serde_json::from_str(fields).map_err(|error| malformed(&error.to_string()))?;
    let mut whole = match serde_json::to_value(scenario) {
        Ok(Value::Object(whole)) => whole,
        Ok(_) => Map::new(),
        Err(error) => return Err(malformed(&error.to_string())),
    };
    whole.extend(changes);
    serde_path_to_error::deserialize(Value::Object(whole)).map_err(|error| malformed(&error.to_string()))
}

fn malformed(said: &str) -> JsValue {
    errors::usage_with("scenario_malformed", said)
}
