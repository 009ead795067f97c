//! The doctor: what a host gathers for it, and what it finds.

use std::collections::HashMap;
use std::sync::Arc;

use azure_imds::client::{Diagnosis, OperatingSystem, Surroundings};
use azure_imds::metadata::Record;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors;
use crate::instance::Instance;
use crate::values;

/// What the host is to look for: names of variables, files of Linux and of its routes, the command for Windows' routes.
#[pyfunction]
pub(crate) fn wanted(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let wanted = PyDict::new(py);
    wanted.set_item("variables", Surroundings::VARIABLES)?;
    wanted.set_item("linux_files", Surroundings::LINUX_FILES)?;
    wanted.set_item("linux_routes", Surroundings::LINUX_ROUTES)?;
    wanted.set_item("windows_routes", Surroundings::WINDOWS_ROUTES)?;
    Ok(wanted)
}

/// What the host knows of the machine.
pub(crate) fn surroundings(
    platform: &str,
    variables: HashMap<String, String>,
    files: HashMap<String, String>,
    routes: Option<String>,
) -> Surroundings {
    let mut surroundings = Surroundings::new(OperatingSystem::of_platform(platform));
    surroundings = variables.into_iter().fold(surroundings, |it, (name, value)| it.with_variable(name, value));
    surroundings = files.into_iter().fold(surroundings, |it, (path, text)| it.with_file(path, text));
    routes.into_iter().fold(surroundings, Surroundings::with_routes)
}

/// What the doctor found.
pub(crate) fn diagnosis<'py>(py: Python<'py>, found: &Diagnosis) -> PyResult<Bound<'py, PyAny>> {
    let availability = values::availability(py, &found.availability)?;
    let (instance, error) = match &found.instance {
        None => (None, None),
        Some(Ok(instance)) => (Some(Instance::from(Arc::clone(instance))), None),
        Some(Err(error)) => (None, Some(errors::exception(py, error, &[])?)),
    };
    let (instance, error) = (instance.into_bound_py_any(py)?, error.into_bound_py_any(py)?);
    values::with(py, found.form(), [("availability", availability), ("instance", instance), ("error", error)])
}
