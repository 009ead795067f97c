//! The exchange: one call under way, whatever it asks for.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use azure_imds::client::Attempt;
use azure_imds::{Error, Exchange, Instant, RequestId, Response, Step, TransportError, UsageError};
use wasm_bindgen::prelude::*;

use crate::convert::{count, number, object, pairs};
use crate::errors;
use crate::request::request;

/// One call under way. Times are milliseconds of one monotonic clock.
#[wasm_bindgen]
pub struct Call(Box<dyn Exchange<Output = JsValue>>);

/// An exchange whose value becomes one of JavaScript's.
struct UnderWay<E, F> {
    exchange: E,
    convert: F,
}

impl<E: Exchange, F: Fn(&E, &E::Output) -> JsValue> Exchange for UnderWay<E, F> {
    type Output = JsValue;

    fn poll(&mut self, now: Instant) -> Step<JsValue> {
        match self.exchange.poll(now) {
            Step::Send(id, request) => Step::Send(id, request),
            Step::Wait(until) => Step::Wait(until),
            Step::Done(output) => Step::Done((self.convert)(&self.exchange, &output)),
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

impl Call {
    /// A question to the service. Its error has the attempts with it.
    pub(crate) fn new<T: 'static>(call: azure_imds::Call<T>, convert: fn(&T) -> JsValue) -> Self {
        Self::with_outcome(call, move |call: &azure_imds::Call<T>, output| outcome(output, call.attempts(), convert))
    }

    /// Any other exchange, which has no error of its own.
    pub(crate) fn of_exchange<E: Exchange + 'static>(exchange: E, convert: fn(&E::Output) -> JsValue) -> Self {
        Self::with_outcome(exchange, move |_, output| object(&[("done", convert(output))]))
    }

    /// An exchange whose outcome, `{ done }` or `{ failed }`, is made by this function.
    pub(crate) fn with_outcome<E, F>(exchange: E, convert: F) -> Self
    where
        E: Exchange + 'static,
        F: Fn(&E, &E::Output) -> JsValue + 'static,
    {
        Self(Box::new(UnderWay { exchange, convert }))
    }
}

/// `{ done }` of a value, `{ failed }` of an error, with what was tried before it.
pub(crate) fn outcome<T>(output: &Result<Arc<T>, Error>, attempts: &[Attempt], convert: fn(&T) -> JsValue) -> JsValue {
    match output {
        Ok(value) => object(&[("done", convert(value))]),
        Err(error) => object(&[("failed", errors::error(error, attempts))]),
    }
}

#[wasm_bindgen]
impl Call {
    /// Says what to do next: `{ send, id }`, `{ wait }`, `{ done }` or `{ failed }`.
    pub fn poll(&mut self, now_ms: f64) -> JsValue {
        match self.0.poll(Instant::from_millis(count(now_ms))) {
            Step::Send(id, carried) => object(&[("send", request(&carried)), ("id", id.number().into())]),
            Step::Wait(until) => object(&[("wait", number(until.millis()))]),
            Step::Done(outcome) => outcome,
        }
    }

    /// Hands in the answer to a request, which is ignored unless that request is out: of its header fields names and values one after the other.
    pub fn receive(
        &mut self,
        id: u32,
        now_ms: f64,
        status: u16,
        body: Vec<u8>,
        headers: Vec<String>,
    ) -> Result<(), JsValue> {
        let response = Response::new(status, pairs(headers).collect(), body);
        let now = Instant::from_millis(count(now_ms));
        self.0.receive(RequestId::from_number(id), now, response).map_err(errors::usage)
    }

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    pub fn fail(&mut self, id: u32, now_ms: f64, code: &str, reason: &str, max_body: usize) -> Result<(), JsValue> {
        let now = Instant::from_millis(count(now_ms));
        let error = TransportError::named(code, reason, max_body);
        self.0.fail(RequestId::from_number(id), now, error).map_err(errors::usage)
    }
}
