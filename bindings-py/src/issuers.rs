//! Known issuers, default anchors, and certificates that a caller gives.

use azure_imds::Trust;
use azure_imds::attested::DEFAULT_ANCHORS;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::convert::{Moment, hex};
use crate::errors;

/// A certification authority behind Azure's documents.
#[pyclass(frozen, get_all, eq, module = "azure_imds")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KnownIssuer {
    name: &'static str,
    subject: &'static str,
    sha256: String,
    not_before: Moment,
    not_after: Moment,
    url: Option<&'static str>,
    issuer: &'static str,
    kind: &'static str,
    default_anchor: bool,
}

impl From<&'static azure_imds::attested::KnownIssuer> for KnownIssuer {
    fn from(known: &'static azure_imds::attested::KnownIssuer) -> Self {
        Self {
            name: known.name,
            subject: known.subject,
            sha256: hex(&known.sha256),
            not_before: known.not_before.into(),
            not_after: known.not_after.into(),
            url: known.url,
            issuer: known.issuer,
            kind: known.kind.name(),
            default_anchor: known.default_anchor,
        }
    }
}

#[pymethods]
impl KnownIssuer {
    fn __repr__(&self) -> String {
        format!("<KnownIssuer {}, {}>", self.name, self.kind)
    }
}

/// The table of known issuers.
#[pyfunction]
pub(crate) fn known_issuers(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, azure_imds::attested::known_issuers().iter().map(KnownIssuer::from))
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
