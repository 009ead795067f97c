//! Errors of the core as plain objects, from which the JavaScript makes errors of its classes.

use alloc::format;
use alloc::string::ToString;

#[cfg(feature = "client")]
use azure_imds::attested::Host;
#[cfg(feature = "client")]
use azure_imds::client::Attempt;
#[cfg(feature = "client")]
use azure_imds::{Error, VerifyError};
use wasm_bindgen::JsValue;

use crate::convert::object;
#[cfg(feature = "client")]
use crate::convert::{array, number};

/// A mistake of the caller's, to be thrown.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn usage(error: azure_imds::UsageError) -> JsValue {
    object(&[("code", error.code().into()), ("message", error.to_string().into())])
}

/// A mistake in one item of a list.
pub(crate) fn usage_in(name: &str, number: usize, error: &azure_imds::UsageError) -> JsValue {
    usage_with(error.code(), &format!("{name}, item {number}: {error}"))
}

/// An argument or a member that is missing, or of a type that makes no sense there.
pub(crate) fn of_type(name: &str) -> JsValue {
    usage_with("argument_type", &[name, " is missing or of a wrong type"].concat())
}

/// A mistake that only this package can notice.
pub(crate) fn usage_with(code: &str, message: &str) -> JsValue {
    object(&[("code", code.into()), ("message", message.into())])
}

/// Any error, with what was tried before it.
#[cfg(feature = "client")]
pub(crate) fn error(error: &Error, attempts: &[Attempt]) -> JsValue {
    let kind = match error {
        Error::Verify(error) => return refusal(error),
        Error::Usage(_) => "UsageError",
        Error::Transport(_) => "TransportError",
        Error::Service(_) => "ServiceError",
        _ => "ImdsError",
    };
    let start = attempts.first().map_or(0, |attempt| attempt.sent.millis());
    let tried = |attempt: &Attempt| {
        object(&[
            ("afterMs", number(attempt.sent.millis().saturating_sub(start))),
            ("apiVersion", attempt.version.map(|version| version.to_string()).into()),
            ("status", attempt.status.into()),
            ("code", attempt.error.as_ref().map(Error::code).into()),
            ("message", attempt.error.as_ref().map(ToString::to_string).into()),
        ])
    };
    object(&[
        ("kind", kind.into()),
        ("code", error.code().into()),
        ("message", error.to_string().into()),
        ("retryable", error.retryable().into()),
        ("attempts", array(attempts, tried)),
    ])
}

/// What a client refuses before anything is verified: no certificate is missing then.
#[cfg(feature = "client")]
fn refusal(error: &VerifyError) -> JsValue {
    object(&[
        ("kind", "VerifyError".into()),
        ("code", error.code().into()),
        ("message", error.to_string().into()),
        ("summary", error.summary().into()),
        ("nextStep", error.next_step_for(Host::JavaScript).into()),
        ("retryable", error.retryable().into()),
    ])
}
