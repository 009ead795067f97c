//! Known issuers, default anchors, and certificates that a caller gives.

use azure_imds::Trust;
use azure_imds::attested::{self, DEFAULT_ANCHORS, Wrapping};
use azure_imds::metadata::Record;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::convert::{made, tuple};
use crate::errors;
use crate::values::of_record;

/// The table of known issuers.
#[pyfunction]
pub(crate) fn known_issuers(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    tuple(py, attested::known_issuers().iter().map(|known| of_record(py, known.form())))
}

/// The default anchors, DER.
#[pyfunction]
pub(crate) fn default_anchors(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, DEFAULT_ANCHORS.iter().map(|der| PyBytes::new(py, der)))
}

/// The certificates of a bundle, DER.
#[pyfunction]
#[pyo3(signature = (bundle, /))]
pub(crate) fn read_certificates<'py>(py: Python<'py>, bundle: &[u8]) -> PyResult<Bound<'py, PyTuple>> {
    let trust = Trust::builder_without_anchors().issuers(bundle).map_err(errors::usage)?.build();
    let certificates: Vec<_> = trust.issuers().map(|der| PyBytes::new(py, der)).collect();
    PyTuple::new(py, certificates)
}

/// What an input turned out to be, and the document in it.
#[pyfunction]
#[pyo3(signature = (input, /))]
pub(crate) fn recognise<'py>(py: Python<'py>, input: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let found = attested::recognise(input);
    let (material, wrapping) = (found.material, found.wrapping.map(Wrapping::description));
    let (description, document) = (material.description(), PyBytes::new(py, &found.document));
    made!(
        py,
        "azure_imds._report",
        "Recognised",
        (material.name(), description, material.next_step(), wrapping, document)
    )
}
