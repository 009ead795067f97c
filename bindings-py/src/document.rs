//! A verified document and its certificates.

use azure_imds::attested;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::convert::{made, moment, shown, tuple};
use crate::errors;

shown! {
    /// A document that Azure signed, or the holder of a root that was added.
    formed VerifiedDocument(azure_imds::VerifiedDocument) |document, py| {
        identity: document.identity().to_string(),
        vm_id: document.vm_id(),
        subscription_id: document.subscription_id(),
        sku: document.sku(),
        plan: document.plan().map(|it| plan(py, it)).transpose()?,
        license_type: document.claims().license_type.as_deref(),
        nonce: document.nonce(),
        nonce_checked: document.nonce_checked(),
        created_on: moment(py, document.created_on())?,
        expires_on: moment(py, document.expires_on())?,
        cloud: document.cloud().name(),
        region: document.region(),
        names: PyTuple::new(py, document.names())?,
        chain: tuple(py, document.chain().iter().map(|it| certificate(py, it)))?,
        unknown_issuers: tuple(py, document.unknown_issuers().map(|it| certificate(py, it)))?,
        new_issuers: tuple(py, document.new_issuers().map(|it| certificate(py, it)))?,
        anchor: document.anchor().map(|it| certificate(py, it)).transpose()?,
        is_default_anchor: document.is_default_anchor(),
        time_basis: document.time_basis().name(),
        judged_at: moment(py, document.time_basis().time())?,
        content: document.content(),
    }

    /// The caller's own, to change.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.core.content(),))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(errors::not_pickled("VerifiedDocument"))
    }

    fn __str__(&self) -> String {
        self.core.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<VerifiedDocument of VM {}, cloud {}>", self.core.vm_id(), self.core.cloud())
    }
}

/// By the identity, which equal documents share.
impl std::hash::Hash for VerifiedDocument {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.core.identity().hash(state);
    }
}

fn plan<'py>(py: Python<'py>, plan: &attested::Plan) -> PyResult<Bound<'py, PyAny>> {
    made!(py, "azure_imds._report", "Plan", (&plan.name, &plan.product, &plan.publisher))
}

/// A certificate of a chain, as a value of `azure_imds._report`.
pub(crate) fn certificate<'py>(
    py: Python<'py>,
    certificate: &attested::ChainCertificate,
) -> PyResult<Bound<'py, PyAny>> {
    let values = (
        &certificate.subject,
        &certificate.issuer,
        &certificate.serial,
        certificate.fingerprint(),
        certificate.public_key_fingerprint(),
        moment(py, certificate.not_before)?,
        moment(py, certificate.not_after)?,
        &certificate.key,
        PyBytes::new(py, &certificate.der),
    );
    made!(py, "azure_imds._report", "ChainCertificate", values)
}
