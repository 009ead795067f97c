//! Scheduled events: the names of scenarios, and what is under way.

use azure_imds::emulator::{Event, Scenario};
use wasm_bindgen::prelude::*;

use crate::convert::{array, date, object};

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
