//! Errors of the core as plain objects, from which the JavaScript makes errors of its classes.

use alloc::string::ToString;

use wasm_bindgen::JsValue;

use crate::convert::object;

/// A mistake of the caller's, to be thrown.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn usage(error: azure_imds::UsageError) -> JsValue {
    object([("code", error.code().into()), ("message", error.to_string().into())])
}
