//! A verified document, its plan and its chain.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert::{Moment, values};
use crate::errors;

/// A document that Azure signed, or the holder of a root that was added.
#[pyclass(frozen, eq, module = "azure_imds")]
#[derive(PartialEq, Eq)]
pub(crate) struct VerifiedDocument(azure_imds::VerifiedDocument);

impl From<&azure_imds::VerifiedDocument> for VerifiedDocument {
    fn from(document: &azure_imds::VerifiedDocument) -> Self {
        Self(document.clone())
    }
}

#[pymethods]
impl VerifiedDocument {
    #[getter]
    fn identity(&self) -> String {
        self.0.identity().to_string()
    }

    #[getter]
    fn vm_id(&self) -> &str {
        self.0.vm_id()
    }

    #[getter]
    fn subscription_id(&self) -> Option<&str> {
        self.0.subscription_id()
    }

    #[getter]
    fn sku(&self) -> Option<&str> {
        self.0.sku()
    }

    #[getter]
    fn plan(&self) -> Option<Plan> {
        self.0.plan().map(Plan::from)
    }

    #[getter]
    fn license_type(&self) -> Option<&str> {
        self.0.claims().license_type.as_deref()
    }

    #[getter]
    fn nonce(&self) -> Option<&str> {
        self.0.nonce()
    }

    #[getter]
    fn nonce_checked(&self) -> bool {
        self.0.nonce_checked()
    }

    #[getter]
    fn created_on(&self) -> Moment {
        self.0.created_on().into()
    }

    #[getter]
    fn expires_on(&self) -> Moment {
        self.0.expires_on().into()
    }

    #[getter]
    fn cloud(&self) -> &'static str {
        self.0.cloud().name()
    }

    #[getter]
    fn region(&self) -> Option<&str> {
        self.0.region()
    }

    #[getter]
    fn names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.names())
    }

    #[getter]
    fn chain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.chain().iter().map(ChainCertificate::from))
    }

    #[getter]
    fn unknown_issuers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.unknown_issuers().map(ChainCertificate::from).collect::<Vec<_>>())
    }

    #[getter]
    fn new_issuers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.new_issuers().map(ChainCertificate::from).collect::<Vec<_>>())
    }

    #[getter]
    fn anchor(&self) -> Option<ChainCertificate> {
        self.0.anchor().map(ChainCertificate::from)
    }

    #[getter]
    fn is_default_anchor(&self) -> bool {
        self.0.is_default_anchor()
    }

    #[getter]
    fn time_basis(&self) -> &'static str {
        self.0.time_basis().name()
    }

    #[getter]
    fn judged_at(&self) -> Moment {
        self.0.time_basis().time().into()
    }

    #[getter]
    fn content(&self) -> &str {
        self.0.content()
    }

    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.0.content(),))
    }

    fn to_json(&self) -> String {
        self.0.to_json()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values(py, &self.0.to_json())
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<VerifiedDocument of VM {}, cloud {}>", self.0.vm_id(), self.0.cloud())
    }
}

/// A plan of the Azure Marketplace.
#[pyclass(frozen, get_all, eq, hash, from_py_object, module = "azure_imds")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Plan {
    name: String,
    product: String,
    publisher: String,
}

impl From<&azure_imds::attested::Plan> for Plan {
    fn from(plan: &azure_imds::attested::Plan) -> Self {
        let azure_imds::attested::Plan { name, product, publisher, .. } = plan.clone();
        Self { name, product, publisher }
    }
}

impl From<Plan> for azure_imds::attested::Plan {
    fn from(plan: Plan) -> Self {
        Self::new(plan.name, plan.product, plan.publisher)
    }
}

#[pymethods]
impl Plan {
    #[new]
    fn new(name: &Bound<'_, PyAny>, product: &Bound<'_, PyAny>, publisher: &Bound<'_, PyAny>) -> PyResult<Self> {
        let part = |name: &str, part: &Bound<'_, PyAny>| part.extract::<String>().map_err(|_| errors::of_type(name));
        Ok(Self {
            name: part("the plan's name", name)?,
            product: part("the plan's product", product)?,
            publisher: part("the plan's publisher", publisher)?,
        })
    }

    /// For `pickle` and `copy`.
    fn __getnewargs__(&self) -> (&str, &str, &str) {
        (&self.name, &self.product, &self.publisher)
    }

    fn __repr__(&self) -> String {
        let Self { name, product, publisher } = self;
        format!("Plan(name={name:?}, product={product:?}, publisher={publisher:?})")
    }
}

/// A certificate of a chain.
#[pyclass(frozen, get_all, eq, hash, module = "azure_imds")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ChainCertificate {
    subject: String,
    issuer: String,
    serial: String,
    sha256: String,
    public_key_sha256: String,
    not_before: Moment,
    not_after: Moment,
    key: String,
    der: Vec<u8>,
}

impl From<&azure_imds::attested::ChainCertificate> for ChainCertificate {
    fn from(certificate: &azure_imds::attested::ChainCertificate) -> Self {
        Self {
            subject: certificate.subject.clone(),
            issuer: certificate.issuer.clone(),
            serial: certificate.serial.clone(),
            sha256: certificate.fingerprint(),
            public_key_sha256: certificate.public_key_fingerprint(),
            not_before: certificate.not_before.into(),
            not_after: certificate.not_after.into(),
            key: certificate.key.clone(),
            der: certificate.der.clone(),
        }
    }
}

/// By the whole certificate, as equality.
impl std::hash::Hash for ChainCertificate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.der.hash(state);
    }
}

#[pymethods]
impl ChainCertificate {
    #[getter]
    fn pem<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("ssl")?.call_method1("DER_cert_to_PEM_cert", (pyo3::types::PyBytes::new(py, &self.der),))
    }

    fn __repr__(&self) -> String {
        format!("<ChainCertificate {}>", self.subject)
    }
}
