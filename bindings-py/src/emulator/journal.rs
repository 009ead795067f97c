//! The requests that came, for a test to look at.

use azure_imds::emulator::JournalEntry;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::convert::{Moment, made};
use crate::request::headers;

/// What came, and what was answered, as a value of `azure_imds.emulator`.
pub(super) fn entry<'py>(py: Python<'py>, entry: &JournalEntry) -> PyResult<Bound<'py, PyAny>> {
    let values = (
        Moment::from(entry.at.wall),
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
