//! What goes between an exchange and the host: requests for it to carry.

use azure_imds::Request;
use wasm_bindgen::JsValue;

use crate::convert::{bytes, fields, millis, number, object};

/// A request for the transport to carry, with the limits to keep.
pub(crate) fn request(request: &Request) -> JsValue {
    object(&[
        ("method", request.method.as_str().into()),
        ("url", request.url.as_str().into()),
        ("headers", fields(request.headers.iter())),
        ("body", bytes(&request.body)),
        ("route", request.route.name().into()),
        ("connectTimeoutMs", millis(request.connect_timeout)),
        ("deadlineMs", number(request.deadline.millis())),
        ("maxBody", request.max_body.into()),
    ])
}
