//! The exchange: one verification under way.

use alloc::vec::Vec;

use azure_imds::Headers;
use azure_imds::attested::Check;
use wasm_bindgen::prelude::*;

use crate::convert::Members;
use crate::report::{report, verdict};
use crate::request;
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
        let explains = self.explains;
        request::poll(&mut self.exchange, now_ms, |found| {
            if explains {
                return Members::new().with("done", report(&found)).into();
            }
            let stands_alone = found.failed_check().is_some_and(|check| check < Check::Chain);
            Members::new().with("done", verdict(&found)).with("standsAlone", stands_alone.into()).into()
        })
    }

    /// Hands in the answer to a request. It is ignored unless that request is out.
    pub fn receive(&mut self, id: u32, now_ms: f64, status: u16, body: Vec<u8>) -> Result<(), JsValue> {
        request::receive(&mut self.exchange, id, now_ms, status, Headers::new(), body)
    }

    /// Says that a request could not be carried to its end. It is ignored unless that request is out.
    pub fn fail(&mut self, id: u32, now_ms: f64, code: &str, reason: &str, max_body: usize) -> Result<(), JsValue> {
        request::fail(&mut self.exchange, id, now_ms, code, reason, max_body)
    }

    /// What became of every check, once it is done. Nothing is fetched, and the verdict stays.
    pub fn explain(&mut self) -> JsValue {
        report(&self.exchange.explain())
    }
}
