//! The requests that came, for a test to look at.

use azure_imds::emulator::JournalEntry as Entry;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::convert::Moment;

/// What came, and what was answered.
#[pyclass(frozen, module = "azure_imds.emulator")]
pub(crate) struct JournalEntry(Entry);

impl From<&Entry> for JournalEntry {
    fn from(entry: &Entry) -> Self {
        Self(entry.clone())
    }
}

#[pymethods]
impl JournalEntry {
    #[getter]
    fn at(&self) -> Moment {
        self.0.at.wall.into()
    }

    #[getter]
    fn at_ms(&self) -> u64 {
        self.0.at.instant.millis()
    }

    #[getter]
    fn method(&self) -> &str {
        &self.0.method
    }

    #[getter]
    fn target(&self) -> &str {
        &self.0.target
    }

    #[getter]
    fn headers(&self) -> Vec<(&str, &str)> {
        self.0.headers.iter().collect()
    }

    /// The value of the first field of that name, in any case.
    #[pyo3(signature = (name, /))]
    fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.first(name)
    }

    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.body)
    }

    #[getter]
    fn part(&self) -> &'static str {
        self.0.part.name()
    }

    #[getter]
    fn status(&self) -> u16 {
        self.0.status
    }

    #[getter]
    fn fault(&self) -> Option<&str> {
        self.0.fault.as_deref()
    }

    fn __repr__(&self) -> String {
        let Entry { method, target, status, .. } = &self.0;
        let fault = self.0.fault.as_ref().map_or_else(String::new, |fault| format!(", fault {fault}"));
        format!("<JournalEntry {method:?} {target:?}: {status}{fault}>")
    }
}
