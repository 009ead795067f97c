//! Every check with its outcome.

use azure_imds::attested::{Host, Outcome};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::Arc;

use crate::convert::values;
use crate::document::{ChainCertificate, VerifiedDocument};
use crate::errors;

/// What a verification found.
#[pyclass(frozen, module = "azure_imds")]
pub(crate) struct Report(Arc<azure_imds::Report>);

impl From<azure_imds::Report> for Report {
    fn from(report: azure_imds::Report) -> Self {
        Self(Arc::new(report))
    }
}

impl Report {
    fn form(&self, host: Host, unverified: bool) -> String {
        let form = self.0.form().host(host);
        if unverified { form.with_unverified() } else { form }.to_string()
    }
}

#[pymethods]
impl Report {
    #[getter]
    fn verified(&self) -> bool {
        self.0.verdict().is_ok()
    }

    #[getter]
    fn document(&self) -> Option<VerifiedDocument> {
        self.0.verdict().ok().map(VerifiedDocument::from)
    }

    #[getter]
    fn error(&self) -> Option<Failure> {
        self.0.verdict().err().map(|error| Failure { error: error.clone(), report: self.0.clone() })
    }

    #[getter]
    fn unverified(&self) -> Option<&str> {
        self.0.unverified_content()
    }

    #[getter]
    fn checks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.checks().iter().map(CheckLine::from))
    }

    #[getter]
    fn chain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.chain().iter().map(ChainCertificate::from))
    }

    #[getter]
    fn fetches<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.fetches().iter().map(Fetch::from))
    }

    #[getter]
    fn not_fetched(&self) -> Option<String> {
        self.0.not_fetched().map(|reason| reason.to_string())
    }

    #[getter]
    fn not_fetched_code(&self) -> Option<&'static str> {
        self.0.not_fetched().map(|reason| reason.code())
    }

    #[pyo3(signature = (*, unverified = false))]
    fn to_json(&self, unverified: bool) -> String {
        self.form(Host::Python, unverified)
    }

    #[pyo3(signature = (*, unverified = false))]
    fn to_dict<'py>(&self, py: Python<'py>, unverified: bool) -> PyResult<Bound<'py, PyAny>> {
        values(py, &self.form(Host::Python, unverified))
    }

    #[pyo3(signature = (*, unverified = false))]
    fn command_line_dict<'py>(&self, py: Python<'py>, unverified: bool) -> PyResult<Bound<'py, PyAny>> {
        values(py, &self.form(Host::CommandLine, unverified))
    }

    fn __str__(&self) -> String {
        self.0.text_for(Host::Python)
    }

    fn __repr__(&self) -> String {
        let verdict = self.0.verdict().map_or_else(azure_imds::VerifyError::code, |_| "verified");
        format!("<Report: {verdict}>")
    }
}

/// The first failure of a refused document.
#[pyclass(frozen, eq, module = "azure_imds")]
#[derive(Clone)]
pub(crate) struct Failure {
    error: azure_imds::VerifyError,
    /// Knows whether fetching has failed.
    report: Arc<azure_imds::Report>,
}

impl Failure {
    /// What to do about it, in the words of a host: made when it is asked for, since most are caught for their code.
    fn step(&self, host: Host) -> String {
        self.report.next_step_for(host).unwrap_or_default()
    }
}

impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        let told = |it: &Self| (it.step(Host::Python), it.step(Host::CommandLine), it.retryable());
        self.error == other.error && told(self) == told(other)
    }
}

#[pymethods]
impl Failure {
    #[getter]
    const fn code(&self) -> &'static str {
        self.error.code()
    }

    #[getter]
    fn message(&self) -> String {
        self.error.to_string()
    }

    #[getter]
    const fn summary(&self) -> &'static str {
        self.error.summary()
    }

    #[getter]
    fn next_step(&self) -> String {
        self.step(Host::Python)
    }

    #[getter]
    fn command_line_step(&self) -> String {
        self.step(Host::CommandLine)
    }

    #[getter]
    fn retryable(&self) -> bool {
        self.report.retryable()
    }

    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        errors::missing(py, &self.error)
    }

    fn __str__(&self) -> String {
        self.error.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<Failure {}>", self.error.code())
    }
}

/// One line of a report.
#[pyclass(frozen, get_all, eq, module = "azure_imds")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CheckLine {
    name: &'static str,
    outcome: &'static str,
    code: Option<&'static str>,
    detail: String,
}

impl From<&azure_imds::attested::CheckLine> for CheckLine {
    fn from(line: &azure_imds::attested::CheckLine) -> Self {
        let code = match &line.outcome {
            Outcome::Failed(error) => Some(error.code()),
            _ => None,
        };
        Self { name: line.check.name(), outcome: line.outcome.name(), code, detail: line.detail.clone() }
    }
}

#[pymethods]
impl CheckLine {
    fn __repr__(&self) -> String {
        format!("<CheckLine {}: {}>", self.name, self.outcome)
    }
}

/// An attempt to fetch an issuer.
#[pyclass(frozen, get_all, eq, module = "azure_imds")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Fetch {
    url: String,
    code: Option<&'static str>,
    message: Option<String>,
    remembered: bool,
}

impl From<&azure_imds::attested::Fetch> for Fetch {
    fn from(fetch: &azure_imds::attested::Fetch) -> Self {
        let code = fetch.error.as_ref().map(azure_imds::attested::FetchError::code);
        let message = fetch.error.as_ref().map(ToString::to_string);
        Self { url: fetch.url.clone(), code, message, remembered: fetch.remembered }
    }
}

#[pymethods]
impl Fetch {
    fn __repr__(&self) -> String {
        format!("<Fetch {}: {}>", self.url, self.code.unwrap_or("fetched"))
    }
}
