//! Errors of the core as the exceptions of `azure_imds.errors`.

use azure_imds::attested::Host;
use azure_imds::client::Attempt;
use azure_imds::codes;
use azure_imds::{Error, UsageError, VerifyError};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// The exception for a mistake of the caller's.
pub(crate) fn usage(error: UsageError) -> PyErr {
    raised(&Error::Usage(error), &[])
}

/// The exception for any error, with what was tried before it.
pub(crate) fn raised(error: &Error, attempts: &[Attempt]) -> PyErr {
    Python::attach(|py| match exception(py, error, attempts) {
        Ok(exception) => PyErr::from_value(exception),
        Err(other) => other,
    })
}

/// The same as a value.
pub(crate) fn exception<'py>(py: Python<'py>, error: &Error, attempts: &[Attempt]) -> PyResult<Bound<'py, PyAny>> {
    let module = py.import("azure_imds.errors")?;
    let keywords = PyDict::new(py);
    keywords.set_item("code", error.code())?;
    keywords.set_item("retryable", error.retryable())?;
    let class = match error {
        Error::Usage(_) => "UsageError",
        Error::Verify(error) => {
            keywords.set_item("summary", error.summary())?;
            keywords.set_item("next_step", error.next_step_for(Host::Python))?;
            keywords.set_item("missing", missing(py, error)?)?;
            "VerifyError"
        }
        Error::Transport(_) | Error::Service(_) => {
            keywords.set_item("attempts", tried(&module, attempts)?)?;
            if matches!(error, Error::Transport(_)) { "TransportError" } else { "ServiceError" }
        }
        _ => "ImdsError",
    };
    module.getattr(class)?.call((error.to_string(),), Some(&keywords))
}

/// The certificates that an error names, as values of `azure_imds.errors`.
pub(crate) fn missing<'py>(py: Python<'py>, error: &VerifyError) -> PyResult<Bound<'py, PyTuple>> {
    let named = error.missing();
    if named.is_empty() {
        return Ok(PyTuple::empty(py));
    }
    let class = py.import("azure_imds.errors")?.getattr("MissingIssuer")?;
    let named = named.into_iter().map(|it| class.call1((it.name.as_str(), it.sha256, it.url)));
    PyTuple::new(py, named.collect::<PyResult<Vec<_>>>()?)
}

fn tried<'py>(module: &Bound<'py, PyModule>, attempts: &[Attempt]) -> PyResult<Bound<'py, PyTuple>> {
    let class = module.getattr("Attempt")?;
    let start = attempts.first().map_or(0, |attempt| attempt.sent.millis());
    let made = attempts.iter().map(|attempt| {
        let after_ms = attempt.sent.millis().saturating_sub(start);
        let version = attempt.version.map(|version| version.to_string());
        let (code, message) = attempt.error.as_ref().map(|error| (error.code(), error.to_string())).unzip();
        class.call1((after_ms, version, attempt.status, code, message))
    });
    PyTuple::new(module.py(), made.collect::<PyResult<Vec<_>>>()?)
}

/// The exception for an attempt to pickle what only a verification makes: read back, it would prove nothing.
pub(crate) fn not_pickled(class: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "a {class} can't be pickled, since only a verification makes one; keep what to_dict() or to_json() gives"
    ))
}

/// Every code: its name, kind, cause, remedy, and whether to try again.
#[pyfunction]
pub(crate) fn all_codes() -> Vec<(&'static str, &'static str, &'static str, String, &'static str)> {
    codes::all()
        .map(|code| (code.name, code.kind.name(), code.cause, code.remedy_for(Host::Python), code.retryable.name()))
        .collect()
}
