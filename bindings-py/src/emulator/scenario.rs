//! Scheduled events: scenarios by name and field, and what is under way.

use azure_imds::emulator::{Event, Scenario};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use serde_json::{Map, Value};

use crate::convert::Moment;
use crate::errors;

/// An event that is under way.
#[pyclass(frozen, get_all, module = "azure_imds.emulator")]
pub(crate) struct EmulatedEvent {
    id: String,
    event_type: String,
    status: String,
    not_before: Moment,
    resources: Vec<String>,
}

impl From<&Event> for EmulatedEvent {
    fn from(event: &Event) -> Self {
        Self {
            id: event.id.clone(),
            event_type: event.scenario.event_type.as_str().to_owned(),
            status: event.status.as_str().to_owned(),
            not_before: event.not_before.into(),
            resources: event.resources.clone(),
        }
    }
}

#[pymethods]
impl EmulatedEvent {
    fn __repr__(&self) -> String {
        format!("<EmulatedEvent {} {} {}>", self.id, self.event_type, self.status)
    }
}

/// The names of scenarios.
#[pyfunction]
pub(crate) fn scenarios(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, Scenario::NAMES)
}

/// The scenario of that name with some of its fields changed, given as a JSON object.
pub(super) fn changed(name: &str, fields: &str) -> PyResult<Scenario> {
    let known = || format!("no scenario is named {name:?}; the scenarios are {}", Scenario::NAMES.join(", "));
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

fn malformed(said: &str) -> PyErr {
    errors::usage_with("scenario_malformed", said)
}
