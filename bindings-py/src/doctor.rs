//! The doctor: what a host gathers for it, and what it finds.

use std::collections::HashMap;
use std::sync::Arc;

use azure_imds::client::{Diagnosis, OperatingSystem, Surroundings as Core};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert::tuple;
use crate::errors;
use crate::instance::Instance;
use crate::values::{self, record};

/// What the host knows of the machine.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Surroundings(pub(crate) Core);

#[pymethods]
impl Surroundings {
    /// Environment variables to give.
    #[classattr]
    fn variables<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, Core::VARIABLES)
    }

    /// Files to give on Linux.
    #[classattr]
    fn linux_files<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, Core::LINUX_FILES)
    }

    /// The file with Linux's routes.
    #[classattr]
    const fn linux_routes() -> &'static str {
        Core::LINUX_ROUTES
    }

    /// The command whose output holds Windows' routes.
    #[classattr]
    fn windows_routes<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, Core::WINDOWS_ROUTES)
    }

    #[new]
    #[pyo3(signature = (platform, *, variables, files, routes))]
    fn new(
        platform: &str,
        variables: HashMap<String, String>,
        files: HashMap<String, String>,
        routes: Option<String>,
    ) -> Self {
        let mut surroundings = Core::new(OperatingSystem::of_platform(platform));
        surroundings = variables.into_iter().fold(surroundings, |it, (name, value)| it.with_variable(name, value));
        surroundings = files.into_iter().fold(surroundings, |it, (path, text)| it.with_file(path, text));
        Self(routes.into_iter().fold(surroundings, Core::with_routes))
    }
}

/// What the doctor found.
pub(crate) fn diagnosis<'py>(py: Python<'py>, found: &Diagnosis) -> PyResult<Bound<'py, PyAny>> {
    let findings = found.findings.iter().map(|it| {
        let severity = it.severity.name();
        record!(py, "Finding", code = it.code, severity = severity, summary = &it.summary, remedy = &it.remedy)
    });
    let (findings, availability) = (tuple(py, findings)?, values::availability(py, &found.availability)?);
    let (instance, error) = match &found.instance {
        None => (None, None),
        Some(Ok(instance)) => (Some(Instance::from(Arc::clone(instance))), None),
        Some(Err(error)) => (None, Some(errors::exception(py, error, &[])?)),
    };
    record!(
        py,
        "Diagnosis",
        findings = findings,
        is_healthy = found.is_healthy(),
        availability = availability,
        instance = instance,
        error = error
    )
}
