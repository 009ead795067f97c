//! The exchange: one call or verification under way.

use std::sync::{Arc, Mutex};

use azure_imds::{Error, Exchange, Instant, RequestId, Response, Step, TransportError, UsageError, Verification};
use pyo3::IntoPyObjectExt;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyTuple;

use crate::errors;
use crate::report::Report;
use crate::request::request;
use crate::verifier::{Memory, locked};

/// One call or verification under way.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Call(Mutex<Box<dyn Driven>>);

/// An exchange whose value becomes one of Python's.
trait Driven: Exchange<Output = ()> + Send {
    /// The value. Nothing before `poll` has said that it is done.
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;

    /// Ends it without a value.
    fn abandon(&mut self);

    /// What became of every check of a verification.
    fn explain(&mut self) -> Option<azure_imds::Report>;
}

struct UnderWay<E: Exchange, F> {
    exchange: E,
    /// How to explain it.
    explain: Option<fn(&mut E) -> azure_imds::Report>,
    output: Option<E::Output>,
    convert: F,
    is_abandoned: bool,
}

impl<E: Exchange, F> Exchange for UnderWay<E, F> {
    type Output = ();

    fn poll(&mut self, now: Instant) -> Step<()> {
        if self.is_abandoned {
            return Step::Done(());
        }
        match self.exchange.poll(now) {
            Step::Send(id, request) => Step::Send(id, request),
            Step::Wait(until) => Step::Wait(until),
            Step::Done(output) => {
                self.output = Some(output);
                Step::Done(())
            }
        }
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        self.exchange.receive(id, now, response)
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        self.exchange.fail(id, now, error)
    }

    fn release(&mut self) {
        self.exchange.release();
    }
}

impl<E, F> Driven for UnderWay<E, F>
where
    E: Exchange<Output: Send> + Send,
    F: for<'py> Fn(Python<'py>, &E, &E::Output) -> PyResult<Bound<'py, PyAny>> + Send,
{
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.output
            .as_ref()
            .map_or_else(|| Ok(py.None().into_bound(py)), |output| (self.convert)(py, &self.exchange, output))
    }

    fn abandon(&mut self) {
        self.exchange.release();
        self.output = None;
        self.is_abandoned = true;
    }

    fn explain(&mut self) -> Option<azure_imds::Report> {
        self.explain.map(|explain| explain(&mut self.exchange))
    }
}

impl Call {
    /// A question to the service. Its error has the attempts with it.
    pub(crate) fn new<T, F>(call: azure_imds::Call<T>, convert: F) -> Self
    where
        T: Send + Sync + 'static,
        F: for<'py> Fn(Python<'py>, &Arc<T>) -> PyResult<Bound<'py, PyAny>> + Send + 'static,
    {
        Self::of_exchange(call, move |py, call, output: &Result<Arc<T>, Error>| match output {
            Ok(value) => convert(py, value),
            Err(error) => Err(errors::raised(error, call.attempts())),
        })
    }

    /// A verification.
    pub(crate) fn of_verification(verification: Verification<Memory>) -> Self {
        let explain: fn(&mut _) -> _ = Verification::explain;
        Self::started(verification, Some(explain), |py, _, report: &azure_imds::Report| {
            Report::from(report.clone()).into_bound_py_any(py)
        })
    }

    /// Any other exchange.
    pub(crate) fn of_exchange<E, F>(exchange: E, convert: F) -> Self
    where
        E: Exchange<Output: Send> + Send + 'static,
        F: for<'py> Fn(Python<'py>, &E, &E::Output) -> PyResult<Bound<'py, PyAny>> + Send + 'static,
    {
        Self::started(exchange, None, convert)
    }

    fn started<E, F>(exchange: E, explain: Option<fn(&mut E) -> azure_imds::Report>, convert: F) -> Self
    where
        E: Exchange<Output: Send> + Send + 'static,
        F: for<'py> Fn(Python<'py>, &E, &E::Output) -> PyResult<Bound<'py, PyAny>> + Send + 'static,
    {
        Self(Mutex::new(Box::new(UnderWay { exchange, explain, output: None, convert, is_abandoned: false })))
    }
}

#[pymethods]
impl Call {
    /// Says what to do next.
    fn poll<'py>(&self, py: Python<'py>, now_ms: u64) -> PyResult<Bound<'py, PyTuple>> {
        match py.detach(|| locked(&self.0).poll(Instant::from_millis(now_ms))) {
            Step::Send(id, it) => (intern!(py, "send"), id.number(), request(py, &it)?).into_pyobject(py),
            Step::Wait(until) => (intern!(py, "wait"), until.millis()).into_pyobject(py),
            Step::Done(()) => (intern!(py, "done"), locked(&self.0).value(py)?).into_pyobject(py),
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
        let (id, now) = (RequestId::from_number(id), Instant::from_millis(now_ms));
        let response = Response::new(status, headers.into_iter().collect(), body.to_vec());
        py.detach(|| locked(&self.0).receive(id, now, response)).map_err(errors::usage)
    }

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    fn fail(&self, id: u32, now_ms: u64, code: &str, reason: &str, max_body: usize) -> PyResult<()> {
        let (id, now) = (RequestId::from_number(id), Instant::from_millis(now_ms));
        locked(&self.0).fail(id, now, TransportError::named(code, reason, max_body)).map_err(errors::usage)
    }

    /// What became of every check of a verification. Nothing is fetched.
    fn explain(&self, py: Python<'_>) -> Option<Report> {
        py.detach(|| locked(&self.0).explain()).map(Report::from)
    }

    /// Gives back what it holds of what others of its kind share, so that they need not wait for it.
    fn release(&self) {
        locked(&self.0).release();
    }

    /// Ends it: nobody waits for its value any more. What it holds is given back now, and not when the last frame of a
    /// traceback is forgotten.
    fn abandon(&self) {
        locked(&self.0).abandon();
    }
}
