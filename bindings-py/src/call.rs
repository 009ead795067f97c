//! The exchange: one call under way, whatever it asks for.

use std::sync::{Arc, Mutex};

use azure_imds::{Error, Exchange, Instant, RequestId, Response, Step, TransportError, UsageError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyTuple;

use crate::errors;
use crate::request::{Request, response};
use crate::verifier::locked;

/// One call under way.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Call(Mutex<Box<dyn Driven>>);

/// An exchange whose value becomes one of Python's.
trait Driven: Send {
    fn poll(&mut self, now: Instant) -> Step<()>;
    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError>;
    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError>;
    /// Ends it without a value.
    fn abandon(&mut self);
    /// The value. Nothing before `poll` has said that it is done.
    fn value(&self, py: Python<'_>) -> PyResult<Py<PyAny>>;
}

struct UnderWay<E: Exchange, F> {
    exchange: E,
    output: Option<E::Output>,
    convert: F,
    is_abandoned: bool,
}

impl<E, F> Driven for UnderWay<E, F>
where
    E: Exchange<Output: Send> + Send,
    F: Fn(Python<'_>, &E, &E::Output) -> PyResult<Py<PyAny>> + Send,
{
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

    fn abandon(&mut self) {
        self.exchange.release();
        self.output = None;
        self.is_abandoned = true;
    }

    fn value(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.output.as_ref().map_or_else(|| Ok(py.None()), |output| (self.convert)(py, &self.exchange, output))
    }
}

impl Call {
    /// A question to the service. Its error has the attempts with it.
    pub(crate) fn new<T, F>(call: azure_imds::Call<T>, convert: F) -> Self
    where
        T: Send + Sync + 'static,
        F: Fn(Python<'_>, &T) -> PyResult<Py<PyAny>> + Send + 'static,
    {
        Self::sharing(call, move |py, value| convert(py, value))
    }

    /// The same for a value that Python's keeps a share of.
    pub(crate) fn sharing<T, F>(call: azure_imds::Call<T>, convert: F) -> Self
    where
        T: Send + Sync + 'static,
        F: Fn(Python<'_>, &Arc<T>) -> PyResult<Py<PyAny>> + Send + 'static,
    {
        let convert = move |py: Python<'_>, call: &azure_imds::Call<T>, output: &Result<Arc<T>, Error>| match output {
            Ok(value) => convert(py, value),
            Err(error) => Err(errors::raised(error, call.attempts())),
        };
        Self::of_exchange(call, convert)
    }

    /// Any other exchange.
    pub(crate) fn of_exchange<E, F>(exchange: E, convert: F) -> Self
    where
        E: Exchange<Output: Send> + Send + 'static,
        F: Fn(Python<'_>, &E, &E::Output) -> PyResult<Py<PyAny>> + Send + 'static,
    {
        Self(Mutex::new(Box::new(UnderWay { exchange, output: None, convert, is_abandoned: false })))
    }
}

#[pymethods]
impl Call {
    /// Says what to do next.
    fn poll<'py>(&self, py: Python<'py>, now_ms: u64) -> PyResult<Bound<'py, PyTuple>> {
        match py.detach(|| locked(&self.0).poll(Instant::from_millis(now_ms))) {
            Step::Send(id, request) => ("send", id.number(), Request::from(request)).into_pyobject(py),
            Step::Wait(until) => ("wait", until.millis()).into_pyobject(py),
            Step::Done(()) => ("done", locked(&self.0).value(py)?).into_pyobject(py),
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

    /// Ends it: nobody waits for its value any more. What it holds of what its client's calls share is given back now, and
    /// not when the last frame of a traceback is forgotten.
    fn abandon(&self) {
        locked(&self.0).abandon();
    }

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    fn fail(&self, id: u32, now_ms: u64, code: &str, reason: &str, max_body: usize) -> PyResult<()> {
        let (id, now) = (RequestId::from_number(id), Instant::from_millis(now_ms));
        locked(&self.0).fail(id, now, TransportError::named(code, reason, max_body)).map_err(errors::usage)
    }
}
