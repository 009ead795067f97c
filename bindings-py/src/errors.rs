//! Errors of the core as the exceptions of `azure_imds.errors`.

use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The exception for a mistake of the caller's.
pub(crate) fn usage(error: azure_imds::UsageError) -> PyErr {
    Python::attach(|py| match exception(py, &error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(other) => other,
    })
}

fn exception<'py>(py: Python<'py>, error: &azure_imds::UsageError) -> PyResult<Bound<'py, PyAny>> {
    let keywords = PyDict::new(py);
    keywords.set_item("code", error.code())?;
    let class = py.import("azure_imds.errors")?.getattr("UsageError")?;
    class.call((error.to_string(),), Some(&keywords))
}
