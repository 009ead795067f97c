//! What goes between an exchange and the host: requests for it to carry, and what became of them.

use alloc::vec::Vec;

use azure_imds::{Exchange, Headers, Instant, Request, RequestId, Response, Step, TransportError};
use wasm_bindgen::JsValue;

use crate::convert::{Members, bytes, count, fields, millis, number};
use crate::errors;

/// What to do next: `{ send, id }`, `{ wait }`, or what `outcome` makes of the last step.
pub(crate) fn poll<E: Exchange>(exchange: &mut E, now_ms: f64, outcome: impl FnOnce(E::Output) -> JsValue) -> JsValue {
    match exchange.poll(Instant::from_millis(count(now_ms))) {
        Step::Send(id, carried) => Members::new().with("send", request(&carried)).with("id", id.number().into()).into(),
        Step::Wait(until) => Members::new().with("wait", number(until.millis())).into(),
        Step::Done(output) => outcome(output),
    }
}

/// Hands in the answer to a request.
pub(crate) fn receive(
    exchange: &mut impl Exchange,
    id: u32,
    now_ms: f64,
    status: u16,
    headers: Headers,
    body: Vec<u8>,
) -> Result<(), JsValue> {
    let (id, now) = (RequestId::from_number(id), Instant::from_millis(count(now_ms)));
    exchange.receive(id, now, Response::new(status, headers, body)).map_err(errors::usage)
}

/// Says why a request was not carried to its end.
pub(crate) fn fail(
    exchange: &mut impl Exchange,
    id: u32,
    now_ms: f64,
    code: &str,
    reason: &str,
    max_body: usize,
) -> Result<(), JsValue> {
    let (id, now) = (RequestId::from_number(id), Instant::from_millis(count(now_ms)));
    exchange.fail(id, now, TransportError::named(code, reason, max_body)).map_err(errors::usage)
}

/// A request for the transport to carry, with the limits to keep.
fn request(request: &Request) -> JsValue {
    Members::new()
        .text("method", request.method.as_str())
        .text("url", &request.url)
        .with("headers", fields(request.headers.iter()))
        .with("body", bytes(&request.body))
        .text("route", request.route.name())
        .with("connectTimeoutMs", millis(request.connect_timeout))
        .with("deadlineMs", number(request.deadline.millis()))
        .with("maxBody", request.max_body.into())
        .into()
}
