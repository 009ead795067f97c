//! Errors of the core as plain objects, from which the JavaScript makes errors of its classes.

use alloc::string::ToString;

use azure_imds::UsageError;
use wasm_bindgen::JsValue;

use crate::convert::Members;

/// A mistake of the caller's, to be thrown.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn usage(error: UsageError) -> JsValue {
    Members::new().text("kind", "usage").text("code", error.code()).text("message", &error.to_string()).into()
}

/// Any error, with what was tried before it.
#[cfg(feature = "client")]
pub(crate) fn error(error: &azure_imds::Error, attempts: &[azure_imds::client::Attempt]) -> JsValue {
    crate::values::record(&error.form().host(azure_imds::attested::Host::JavaScript).with_attempts(attempts))
}
