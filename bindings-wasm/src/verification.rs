//! The exchange: one verification under way.

use alloc::vec::Vec;

use azure_imds::attested::Check;
use azure_imds::{Exchange, Headers, Instant, RequestId, Response, Step, TransportError};
use wasm_bindgen::prelude::*;

use crate::convert::{count, number, object};
use crate::errors;
use crate::report::{report, verdict};
use crate::request::request;
use crate::verifier::Memory;

/// One verification under way. Times are milliseconds of one monotonic clock.
#[wasm_bindgen]
pub struct Verification {
    exchange: azure_imds::Verification<Memory>,
    explains: bool,
}

impl Verification {
    pub(crate) const fn new(exchange: azure_imds::Verification<Memory>, explains: bool) -> Self {
        Self { exchange, explains }
    }
}

#[wasm_bindgen]
impl Verification {
    /// Says what to do next: `{ send, id }`, `{ wait }` or `{ done }`, which is a report if it explains, else the
    /// document or the error alone. With an error goes `standsAlone`: whether the same question is refused the same at
    /// any time, whatever issuers are at hand.
    pub fn poll(&mut self, now_ms: f64) -> JsValue {
        match self.exchange.poll(Instant::from_millis(count(now_ms))) {
            Step::Send(id, carried) => object(&[("send", request(&carried)), ("id", id.number().into())]),
            Step::Wait(until) => object(&[("wait", number(until.millis()))]),
            Step::Done(found) if self.explains => object(&[("done", report(&found))]),
            Step::Done(found) => {
                let stands_alone = found.failed_check().is_some_and(|check| check < Check::Chain);
                object(&[("done", verdict(&found)), ("standsAlone", stands_alone.into())])
            }
        }
    }

    /// Hands in the answer to a request. It is ignored unless that request is out.
    pub fn receive(&mut self, id: u32, now_ms: f64, status: u16, body: Vec<u8>) -> Result<(), JsValue> {
        let response = Response::new(status, Headers::new(), body);
        let now = Instant::from_millis(count(now_ms));
        self.exchange.receive(RequestId::from_number(id), now, response).map_err(errors::usage)
    }

    /// What became of every check, once it is done. Nothing is fetched, and the verdict stays.
    pub fn explain(&mut self) -> JsValue {
        report(&self.exchange.explain())
    }

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    pub fn fail(&mut self, id: u32, now_ms: f64, code: &str, reason: &str, max_body: usize) -> Result<(), JsValue> {
        let now = Instant::from_millis(count(now_ms));
        let error = TransportError::named(code, reason, max_body);
        self.exchange.fail(RequestId::from_number(id), now, error).map_err(errors::usage)
    }
}
