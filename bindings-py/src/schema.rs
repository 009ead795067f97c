//! What the core knows about fields and their values.

use azure_imds::Cloud;
use azure_imds::metadata::{Record, Tags, schema};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert::tuple;
use crate::values::of_record;

/// The fields of a name.
#[pyfunction]
#[pyo3(signature = (name, /))]
pub(crate) fn explain<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyTuple>> {
    tuple(py, schema::explain(name).iter().map(|field| of_record(py, field.form())))
}

/// The value of a tag.
#[pyfunction]
#[pyo3(signature = (pairs, name, /))]
pub(crate) fn tag_value(pairs: Vec<(String, String)>, name: &str) -> Option<String> {
    pairs.into_iter().collect::<Tags>().value_of(name).map(ToOwned::to_owned)
}

/// The cloud that `azEnvironment` names.
#[pyfunction]
#[pyo3(signature = (az_environment, /))]
pub(crate) fn cloud_of(az_environment: &str) -> Option<&'static str> {
    Cloud::of_environment(az_environment).map(Cloud::name)
}

/// Whether two texts name the same VM.
#[pyfunction]
#[pyo3(signature = (vm_id, smbios, /))]
pub(crate) fn vm_id_matches(vm_id: &str, smbios: &str) -> bool {
    azure_imds::metadata::vm_id_matches(vm_id, smbios)
}

/// Whether an event happens to a machine.
#[pyfunction]
#[pyo3(signature = (resources, vm_name, /))]
pub(crate) fn event_affects(resources: Vec<String>, vm_name: &str) -> bool {
    azure_imds::metadata::event_affects(&resources, vm_name)
}
