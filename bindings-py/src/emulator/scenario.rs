//! Scheduled events: the names of scenarios, and what is under way.

use azure_imds::emulator::{Event, Scenario};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert::Moment;

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
