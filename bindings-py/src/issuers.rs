//! Known issuers, default anchors, and certificates that a caller gives.

use azure_imds::Trust;
use azure_imds::attested::DEFAULT_ANCHORS;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::convert::{Moment, hex, values};
use crate::errors;

/// A certification authority behind Azure's documents.
#[pyclass(frozen, eq, module = "azure_imds")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KnownIssuer(&'static azure_imds::attested::KnownIssuer);

impl From<&'static azure_imds::attested::KnownIssuer> for KnownIssuer {
    fn from(known: &'static azure_imds::attested::KnownIssuer) -> Self {
        Self(known)
    }
}

#[pymethods]
impl KnownIssuer {
    #[getter]
    const fn name(&self) -> &'static str {
        self.0.name
    }

    #[getter]
    const fn subject(&self) -> &'static str {
        self.0.subject
    }

    #[getter]
    fn sha256(&self) -> String {
        hex(&self.0.sha256)
    }

    #[getter]
    fn not_before(&self) -> Moment {
        self.0.not_before.into()
    }

    #[getter]
    fn not_after(&self) -> Moment {
        self.0.not_after.into()
    }

    #[getter]
    const fn url(&self) -> Option<&'static str> {
        self.0.url
    }

    #[getter]
    const fn issuer(&self) -> &'static str {
        self.0.issuer
    }

    #[getter]
    const fn kind(&self) -> &'static str {
        self.0.kind.name()
    }

    #[getter]
    const fn default_anchor(&self) -> bool {
        self.0.default_anchor
    }

    fn to_json(&self) -> String {
        self.0.to_json()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values(py, &self.to_json())
    }

    fn __repr__(&self) -> String {
        format!("<KnownIssuer {}, {}>", self.0.name, self.kind())
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
