//! Scheduled events: the names of scenarios, and what is under way.

use azure_imds::emulator::{Event, Scenario};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert::{Moment, made};

/// An event that is under way, as a value of `azure_imds.emulator`.
pub(super) fn event<'py>(py: Python<'py>, event: &Event) -> PyResult<Bound<'py, PyAny>> {
    let values = (
        &event.id,
        event.scenario.event_type.as_str(),
        event.status.as_str(),
        Moment::from(event.not_before),
        PyTuple::new(py, &event.resources)?,
    );
    made!(py, "azure_imds.emulator._values", "EmulatedEvent", values)
}

/// The names of scenarios.
#[pyfunction]
pub(crate) fn scenarios(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, Scenario::NAMES)
}
