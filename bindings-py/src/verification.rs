//! The exchange: one verification under way.

use std::sync::Mutex;

use azure_imds::{Exchange, Instant, RequestId, Step, TransportError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyTuple;

use crate::errors;
use crate::report::Report;
use crate::request::{Request, response};
use crate::verifier::{Memory, locked};

/// One verification under way.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Verification(Mutex<azure_imds::Verification<Memory>>);

impl Verification {
    pub(crate) fn new(exchange: azure_imds::Verification<Memory>) -> Self {
        Self(Mutex::new(exchange))
    }
}

#[pymethods]
impl Verification {
    /// Says what to do next.
    fn poll<'py>(&self, py: Python<'py>, now_ms: u64) -> PyResult<Bound<'py, PyTuple>> {
        match py.detach(|| locked(&self.0).poll(Instant::from_millis(now_ms))) {
            Step::Send(id, request) => (intern!(py, "send"), id.number(), Request::from(request)).into_pyobject(py),
            Step::Wait(until) => (intern!(py, "wait"), until.millis()).into_pyobject(py),
            Step::Done(report) => (intern!(py, "done"), Report::from(report)).into_pyobject(py),
        }
    }

    /// Hands in the answer to a request. It is ignored unless that request is out.
    fn receive(
        &self,
        py: Python<'_>,
        id: u32,
        now_ms: u64,
        status: u16,
        headers: Vec<(String, String)>,
        body: PyBackedBytes,
    ) -> PyResult<()> {
        let response = response(status, headers, body.to_vec());
        let receive = || locked(&self.0).receive(RequestId::from_number(id), Instant::from_millis(now_ms), response);
        py.detach(receive).map_err(errors::usage)
    }

    /// What became of every check. Nothing is fetched.
    fn explain(&self, py: Python<'_>) -> Report {
        py.detach(|| locked(&self.0).explain()).into()
    }

    /// Gives back what it holds in the verifier's memory, so that others need not wait for it.
    fn release(&self) {
        locked(&self.0).release();
    }

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    fn fail(&self, id: u32, now_ms: u64, code: &str, reason: &str, max_body: usize) -> PyResult<()> {
        let (id, now) = (RequestId::from_number(id), Instant::from_millis(now_ms));
        locked(&self.0).fail(id, now, TransportError::named(code, reason, max_body)).map_err(errors::usage)
    }
}
