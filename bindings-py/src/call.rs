//! The exchange: one call or verification under way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use azure_imds::{Error, Exchange, Headers, Instant, RequestId, Response, Step, TransportError, UsageError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyTuple};

use crate::convert::{made, millis, tuple};
use crate::errors;
use crate::report::Report;
use crate::verifier::{Memory, locked};

/// One call or verification under way.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Call {
    exchange: Box<dyn Driven>,
    is_abandoned: AtomicBool,
}

/// Makes Python's value of what an exchange came to.
type Value = Box<dyn for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>> + Send>;

/// An exchange whose value becomes one of Python's.
trait Driven: Send + Sync {
    fn poll(&self, now: Instant) -> Step<Value>;
    fn receive(&self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError>;
    fn fail(&self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError>;
    fn release(&self);
    /// What became of every check, if it is a verification.
    fn explain(&self) -> Option<azure_imds::Report>;
}

struct UnderWay<E, F> {
    exchange: Arc<Mutex<E>>,
    explain: Option<fn(&mut E) -> azure_imds::Report>,
    convert: F,
}

impl<E, F> Driven for UnderWay<E, F>
where
    E: Exchange<Output: Send + 'static> + Send + 'static,
    F: for<'py> Fn(Python<'py>, &E, E::Output) -> PyResult<Bound<'py, PyAny>> + Copy + Send + Sync + 'static,
{
    fn poll(&self, now: Instant) -> Step<Value> {
        match locked(&self.exchange).poll(now) {
            Step::Send(id, request) => Step::Send(id, request),
            Step::Wait(until) => Step::Wait(until),
            Step::Done(output) => {
                let (exchange, convert) = (Arc::clone(&self.exchange), self.convert);
                Step::Done(Box::new(move |py| convert(py, &locked(&exchange), output)))
            }
        }
    }

    fn receive(&self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        locked(&self.exchange).receive(id, now, response)
    }

    fn fail(&self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        locked(&self.exchange).fail(id, now, error)
    }

    fn release(&self) {
        locked(&self.exchange).release();
    }

    fn explain(&self) -> Option<azure_imds::Report> {
        self.explain.map(|explain| explain(&mut locked(&self.exchange)))
    }
}

impl Call {
    /// A question to the service. Its error has the attempts with it.
    pub(crate) fn new<T, F>(call: azure_imds::Call<T>, convert: F) -> Self
    where
        T: Send + Sync + 'static,
        F: for<'py> Fn(Python<'py>, &Arc<T>) -> PyResult<Bound<'py, PyAny>> + Copy + Send + Sync + 'static,
    {
        Self::of_exchange(call, move |py, call, output: Result<Arc<T>, Error>| match output {
            Ok(value) => convert(py, &value),
            Err(error) => Err(errors::raised(&error, call.attempts())),
        })
    }

    /// A verification.
    pub(crate) fn of_verification(verification: azure_imds::Verification<Memory>) -> Self {
        Self::started(Arc::new(Mutex::new(verification)), Some(azure_imds::Verification::explain), |py, _, report| {
            Ok(Bound::new(py, Report::from(report))?.into_any())
        })
    }

    /// Any other exchange.
    pub(crate) fn of_exchange<E, F>(exchange: E, convert: F) -> Self
    where
        E: Exchange<Output: Send + 'static> + Send + 'static,
        F: for<'py> Fn(Python<'py>, &E, E::Output) -> PyResult<Bound<'py, PyAny>> + Copy + Send + Sync + 'static,
    {
        Self::started(Arc::new(Mutex::new(exchange)), None, convert)
    }

    /// One that others have a share of.
    pub(crate) fn started<E, F>(
        exchange: Arc<Mutex<E>>,
        explain: Option<fn(&mut E) -> azure_imds::Report>,
        convert: F,
    ) -> Self
    where
        E: Exchange<Output: Send + 'static> + Send + 'static,
        F: for<'py> Fn(Python<'py>, &E, E::Output) -> PyResult<Bound<'py, PyAny>> + Copy + Send + Sync + 'static,
    {
        Self { exchange: Box::new(UnderWay { exchange, explain, convert }), is_abandoned: AtomicBool::new(false) }
    }
}

#[pymethods]
impl Call {
    /// Says what to do next.
    fn poll<'py>(&self, py: Python<'py>, now_ms: u64) -> PyResult<Bound<'py, PyTuple>> {
        if self.is_abandoned.load(Ordering::Acquire) {
            return (intern!(py, "done"), py.None()).into_pyobject(py);
        }
        match py.detach(|| self.exchange.poll(Instant::from_millis(now_ms))) {
            Step::Send(id, it) => (intern!(py, "send"), id.number(), request(py, &it)?).into_pyobject(py),
            Step::Wait(until) => (intern!(py, "wait"), until.millis()).into_pyobject(py),
            Step::Done(value) => (intern!(py, "done"), value(py)?).into_pyobject(py),
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
        py.detach(|| self.exchange.receive(id, now, response)).map_err(errors::usage)
    }

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    fn fail(&self, id: u32, now_ms: u64, code: &str, reason: &str, max_body: usize) -> PyResult<()> {
        let (id, now) = (RequestId::from_number(id), Instant::from_millis(now_ms));
        self.exchange.fail(id, now, TransportError::named(code, reason, max_body)).map_err(errors::usage)
    }

    /// What became of every check of a verification. Nothing is fetched.
    fn explain(&self, py: Python<'_>) -> Option<Report> {
        py.detach(|| self.exchange.explain()).map(Report::from)
    }

    /// Gives back what it holds of what others of its kind share, so that they need not wait for it.
    fn release(&self) {
        self.exchange.release();
    }

    /// Ends it: nobody waits for its value any more. What it holds is given back now, and not when the last frame of a
    /// traceback is forgotten.
    fn abandon(&self) {
        self.is_abandoned.store(true, Ordering::Release);
        self.exchange.release();
    }
}

/// A request for the transport to carry, as a value of `azure_imds._transport`.
fn request<'py>(py: Python<'py>, request: &azure_imds::Request) -> PyResult<Bound<'py, PyAny>> {
    let (method, route) = (request.method.as_str(), request.route.name());
    let (headers, body) = (headers(py, &request.headers)?, PyBytes::new(py, &request.body));
    let (connect_timeout, deadline) = (millis(request.connect_timeout), request.deadline.millis());
    let values = (method, &request.url, headers, body, route, connect_timeout, deadline, request.max_body);
    made!(py, "azure_imds._transport", "Request", values)
}

/// Header fields, in order.
pub(crate) fn headers<'py>(py: Python<'py>, headers: &Headers) -> PyResult<Bound<'py, PyTuple>> {
    tuple(py, headers.iter().map(Ok))
}
