//! Every check with its outcome.

use azure_imds::attested::{CheckLine, Fetch, FetchError, Host, Outcome};
use azure_imds::{VerifiedDocument, VerifyError};
use pyo3::prelude::*;

use crate::convert::{made, shown, tuple, values};
use crate::document::{VerifiedDocument as Document, certificate};
use crate::errors;

shown! {
    /// What a verification found.
    Report(azure_imds::Report) |report, py| {
        verified: report.verdict().is_ok(),
        headline: headline(py, report)?,
        document: report.verdict().ok().cloned().map(Document::from),
        error: failure(py, report)?,
        unverified: report.unverified_content(),
        checks: tuple(py, report.checks().iter().map(|it| check_line(py, it)))?,
        chain: tuple(py, report.chain().iter().map(|it| certificate(py, it)))?,
        fetches: tuple(py, report.fetches().iter().map(|it| fetch(py, it)))?,
        not_fetched: report.not_fetched().map(|reason| reason.to_string()),
        not_fetched_code: report.not_fetched().map(|reason| reason.code()),
    }

    /// Code, text and whether it is retryable of a refusal: what most who catch one look at.
    #[getter(_refusal)]
    fn refusal(&self) -> Option<(&'static str, String, bool)> {
        let error = self.core.verdict().err()?;
        Some((error.code(), error.to_string(), self.core.retryable()))
    }

    /// Whether there is an issuer to keep that this verification fetched.
    #[getter(_has_fetched)]
    fn has_fetched(&self) -> bool {
        self.core.fetches().iter().any(|fetch| fetch.error.is_none() && !fetch.remembered)
    }

    #[pyo3(signature = (*, unverified = false))]
    fn to_json(&self, unverified: bool) -> String {
        form(&self.core, Host::Python, unverified)
    }

    #[pyo3(signature = (*, unverified = false))]
    fn to_dict<'py>(&self, py: Python<'py>, unverified: bool) -> PyResult<Bound<'py, PyAny>> {
        values(py, &form(&self.core, Host::Python, unverified))
    }

    #[pyo3(signature = (*, unverified = false))]
    fn command_line_dict<'py>(&self, py: Python<'py>, unverified: bool) -> PyResult<Bound<'py, PyAny>> {
        values(py, &form(&self.core, Host::CommandLine, unverified))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(errors::not_pickled("Report"))
    }

    fn __str__(&self) -> String {
        self.core.text_for(Host::Python)
    }

    fn __repr__(&self) -> String {
        let verdict = self.core.verdict().map_or_else(VerifyError::code, |_| "verified");
        format!("<Report: {verdict}>")
    }
}

/// By the verdict, which equal reports share.
impl std::hash::Hash for Report {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.core.verdict().map(VerifiedDocument::identity).map_err(VerifyError::code).hash(state);
    }
}

fn form(report: &azure_imds::Report, host: Host, unverified: bool) -> String {
    let form = report.form().host(host);
    if unverified { form.with_unverified() } else { form }.to_string()
}

fn headline<'py>(py: Python<'py>, report: &azure_imds::Report) -> PyResult<Bound<'py, PyAny>> {
    let it = report.headline();
    made!(py, "azure_imds._report", "Headline", (it.name(), it.title(), it.meaning(), it.is_verified()))
}

fn failure<'py>(py: Python<'py>, report: &azure_imds::Report) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Err(error) = report.verdict() else { return Ok(None) };
    let step = |host| report.next_step_for(host).unwrap_or_default();
    let (steps, missing) = ((step(Host::Python), step(Host::CommandLine)), errors::missing(py, error)?);
    let values = (error.code(), error.to_string(), error.summary(), steps.0, steps.1, missing, report.retryable());
    made!(py, "azure_imds._report", "Failure", values).map(Some)
}

fn check_line<'py>(py: Python<'py>, line: &CheckLine) -> PyResult<Bound<'py, PyAny>> {
    let error = match &line.outcome {
        Outcome::Failed(error) => Some(error),
        _ => None,
    };
    let (code, step) = (error.map(|error| error.code()), error.map(|error| error.next_step_for(Host::Python)));
    let values = (line.check.name(), line.outcome.name(), code, &line.detail, step);
    made!(py, "azure_imds._report", "CheckLine", values)
}

fn fetch<'py>(py: Python<'py>, fetch: &Fetch) -> PyResult<Bound<'py, PyAny>> {
    let error = fetch.error.as_ref();
    let (code, message) = (error.map(FetchError::code), error.map(ToString::to_string));
    made!(py, "azure_imds._report", "Fetch", (&fetch.url, code, message, fetch.remembered))
}
