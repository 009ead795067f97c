//! What an emulator answers, has under way and remembers, as values of `azure_imds.emulator`.

use azure_imds::emulator::{Event, JournalEntry, Reply};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::call::headers;
use crate::convert::{made, millis, moment};

/// An answer, and how it is to be delivered, as a value of `azure_imds.emulator`.
pub(super) fn reply<'py>(py: Python<'py>, reply: &Reply) -> PyResult<Bound<'py, PyAny>> {
    let ending = reply.delivery.ending;
    let values = (
        reply.response.status,
        headers(py, &reply.response.headers)?,
        PyBytes::new(py, &reply.response.body),
        millis(reply.delivery.delay),
        (ending.name(), ending.bytes()),
        reply.part.name(),
        reply.fault.as_ref().map(ToString::to_string),
    );
    made!(py, "azure_imds.emulator._values", "Reply", values)
}

/// An event that is under way, as a value of `azure_imds.emulator`.
pub(super) fn event<'py>(py: Python<'py>, event: &Event) -> PyResult<Bound<'py, PyAny>> {
    let values = (
        &event.id,
        event.scenario.event_type.as_str(),
        event.status.as_str(),
        moment(py, event.not_before)?,
        PyTuple::new(py, &event.resources)?,
    );
    made!(py, "azure_imds.emulator._values", "EmulatedEvent", values)
}

/// What came, and what was answered, as a value of `azure_imds.emulator`.
pub(super) fn entry<'py>(py: Python<'py>, entry: &JournalEntry) -> PyResult<Bound<'py, PyAny>> {
    let values = (
        moment(py, entry.at.wall)?,
        entry.at.instant.millis(),
        &entry.method,
        &entry.target,
        headers(py, &entry.headers)?,
        PyBytes::new(py, &entry.body),
        entry.part.name(),
        entry.status,
        entry.fault.as_deref(),
    );
    made!(py, "azure_imds.emulator._values", "JournalEntry", values)
}
