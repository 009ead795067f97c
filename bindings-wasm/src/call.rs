//! The exchange: one call under way, whatever it asks for.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use azure_imds::client::Attempt;
use azure_imds::{Error, Exchange};
use wasm_bindgen::prelude::*;

use crate::convert::{Members, pairs};
use crate::{errors, request};

/// One call under way. Times are milliseconds of one monotonic clock.
#[wasm_bindgen]
pub struct Call(Box<dyn Driven>);

/// An exchange whose value becomes one of JavaScript's.
trait Driven {
    fn poll(&mut self, now_ms: f64) -> JsValue;
    fn receive(&mut self, id: u32, now: f64, status: u16, body: Vec<u8>, headers: Vec<String>) -> Result<(), JsValue>;
    fn fail(&mut self, id: u32, now: f64, code: &str, reason: &str, max_body: usize) -> Result<(), JsValue>;
}

struct UnderWay<E, F>(E, F);

impl<E: Exchange, F: Fn(&E, &E::Output) -> JsValue> Driven for UnderWay<E, F> {
    fn poll(&mut self, now_ms: f64) -> JsValue {
        let mut output = None;
        let step = request::poll(&mut self.0, now_ms, |it| {
            output = Some(it);
            JsValue::UNDEFINED
        });
        output.map_or(step, |output| (self.1)(&self.0, &output))
    }

    fn receive(&mut self, id: u32, now: f64, status: u16, body: Vec<u8>, headers: Vec<String>) -> Result<(), JsValue> {
        request::receive(&mut self.0, id, now, status, pairs(headers).collect(), body)
    }

    fn fail(&mut self, id: u32, now: f64, code: &str, reason: &str, max_body: usize) -> Result<(), JsValue> {
        request::fail(&mut self.0, id, now, code, reason, max_body)
    }
}

impl Call {
    /// A question to the service. Its error has the attempts with it.
    pub(crate) fn new<T: 'static>(call: azure_imds::Call<T>, convert: fn(&T) -> JsValue) -> Self {
        Self::with_outcome(call, move |call, output| outcome(output, call.attempts(), convert))
    }

    /// Any other exchange, which has no error of its own.
    pub(crate) fn of_exchange<E: Exchange + 'static>(exchange: E, convert: fn(&E::Output) -> JsValue) -> Self {
        Self::with_outcome(exchange, move |_, output| Members::new().with("done", convert(output)).into())
    }

    /// An exchange whose outcome, `{ done }` or `{ failed }`, is made by this function.
    pub(crate) fn with_outcome<E, F>(exchange: E, convert: F) -> Self
    where
        E: Exchange + 'static,
        F: Fn(&E, &E::Output) -> JsValue + 'static,
    {
        Self(Box::new(UnderWay(exchange, convert)))
    }
}

/// `{ done }` of a value, `{ failed }` of an error, with what was tried before it.
pub(crate) fn outcome<T>(output: &Result<Arc<T>, Error>, attempts: &[Attempt], convert: fn(&T) -> JsValue) -> JsValue {
    match output {
        Ok(value) => Members::new().with("done", convert(value)).into(),
        Err(error) => Members::new().with("failed", errors::error(error, attempts)).into(),
    }
}

#[wasm_bindgen]
impl Call {
    /// Says what to do next: `{ send, id }`, `{ wait }`, `{ done }` or `{ failed }`.
    pub fn poll(&mut self, now_ms: f64) -> JsValue {
        self.0.poll(now_ms)
    }

    /// Hands in the answer to a request, which is ignored unless that request is out: of its header fields names and
    /// values one after the other.
    pub fn receive(
        &mut self,
        id: u32,
        now_ms: f64,
        status: u16,
        body: Vec<u8>,
        headers: Vec<String>,
    ) -> Result<(), JsValue> {
        self.0.receive(id, now_ms, status, body, headers)
    }

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    pub fn fail(&mut self, id: u32, now_ms: f64, code: &str, reason: &str, max_body: usize) -> Result<(), JsValue> {
        self.0.fail(id, now_ms, code, reason, max_body)
    }
}
