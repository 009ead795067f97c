//! The doctor: what a host gathers for it, and what it finds.

use std::collections::HashMap;

use azure_imds::client::OperatingSystem;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::errors;
use crate::instance::Instance;
use crate::values;

/// What the host knows of the machine.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Surroundings(pub(crate) azure_imds::client::Surroundings);

#[pymethods]
impl Surroundings {
    /// Environment variables to give.
    #[classattr]
    fn variables<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, azure_imds::client::Surroundings::VARIABLES)
    }

    /// Files to give on Linux.
    #[classattr]
    fn linux_files<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, azure_imds::client::Surroundings::LINUX_FILES)
    }

    /// The file with Linux's routes.
    #[classattr]
    const fn linux_routes() -> &'static str {
        azure_imds::client::Surroundings::LINUX_ROUTES
    }

    /// The command whose output holds Windows' routes.
    #[classattr]
    fn windows_routes<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, azure_imds::client::Surroundings::WINDOWS_ROUTES)
    }

    #[new]
    #[pyo3(signature = (platform, *, variables, files, routes))]
    fn new(
        platform: &str,
        variables: HashMap<String, String>,
        files: HashMap<String, String>,
        routes: Option<String>,
    ) -> Self {
        let mut surroundings = azure_imds::client::Surroundings::new(OperatingSystem::of_platform(platform));
        surroundings = variables.into_iter().fold(surroundings, |it, (name, value)| it.with_variable(name, value));
        surroundings = files.into_iter().fold(surroundings, |it, (path, text)| it.with_file(path, text));
        Self(routes.into_iter().fold(surroundings, azure_imds::client::Surroundings::with_routes))
    }
}

/// What the doctor found.
pub(crate) fn diagnosis(py: Python<'_>, found: &azure_imds::client::Diagnosis) -> PyResult<Py<PyAny>> {
    let findings = found.findings.iter().map(|finding| {
        let values = PyDict::new(py);
        values.set_item("code", finding.code)?;
        values.set_item("severity", finding.severity.name())?;
        values.set_item("summary", &finding.summary)?;
        values.set_item("remedy", &finding.remedy)?;
        values::made(py, "Finding", &values)
    });
    let values = PyDict::new(py);
    values.set_item("findings", PyTuple::new(py, findings.collect::<PyResult<Vec<_>>>()?)?)?;
    values.set_item("is_healthy", found.is_healthy())?;
    values.set_item("availability", values::availability(py, &found.availability)?)?;
    match &found.instance {
        None => {}
        Some(Ok(instance)) => values.set_item("instance", Instance::from(instance.clone()))?,
        Some(Err(error)) => values.set_item("error", errors::exception(py, error, &[])?)?,
    }
    values::made(py, "Diagnosis", &values)
}
