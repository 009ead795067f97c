//! Answers in the words and with the header fields of each part of the service.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::choices::{Choice, Choices};
use super::part::{Backend, Part};
use crate::http::{Headers, Response};
use crate::metadata::document::Value;
use crate::time::Timestamp;

pub(super) const JSON: &str = "application/json; charset=utf-8";

/// An answer without the fields that every answer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) kind: String,
    pub(super) body: Vec<u8>,
    /// The methods that are allowed, on 405.
    pub(super) allow: Option<&'static str>,
}

/// In what form an error is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style<'a> {
    pub(super) backend: Backend,
    /// `format=text`: errors of the instance side come bare.
    pub(super) text: bool,
    pub(super) choices: &'a Choices,
}

impl Answered {
    pub(super) fn json(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, kind: JSON.to_string(), body: body.into(), allow: None }
    }

    pub(super) fn text(body: impl Into<Vec<u8>>, choices: &Choices) -> Self {
        Self { status: 200, kind: choices.text_type.clone(), body: body.into(), allow: None }
    }

    /// The answer with the fields that every answer has.
    pub(super) fn finished(self, backend: Backend, now: Timestamp, request_id: &str, choices: &Choices) -> Response {
        let mut headers = Headers::new();
        headers.append("Content-Type", self.kind);
        headers.append("Server", format!("IMDS/150.870.65.{}", choices.server_build));
        if backend == Backend::Instance {
            headers.append("x-ms-request-id", request_id);
        }
        headers.append("Date", now.to_rfc1123());
        if let Some(methods) = self.allow {
            headers.append("Allow", methods);
        }
        Response { status: self.status, headers, body: self.body }
    }
}

impl Style<'_> {
    /// An error in so many words.
    pub(super) fn error(&self, status: u16, message: &str) -> Answered {
        if self.text && self.backend == Backend::Instance {
            return Answered { status, ..Answered::text(message, self.choices) };
        }
        let quoted = Value::text(message).to_json();
        let body = match self.backend {
            Backend::Identity if status == 404 => format!("{{\"error\":{quoted}}}"),
            Backend::Identity => {
                format!("{{\"error\":\"{}\",\"error_description\":{quoted}}}", identity_code(status))
            }
            Backend::Instance => format!("{{ \"error\": {quoted} }}"),
            Backend::LoadBalancer => format!("{{\"error\":{quoted}}}"),
        };
        Answered { status, ..Answered::json(body) }
    }

    /// An error as chosen.
    pub(super) fn chosen(&self, choice: &Choice) -> Answered {
        self.error(choice.status, &choice.message)
    }

    pub(super) fn not_found(&self) -> Answered {
        self.error(404, if self.backend == Backend::Identity { "Not Found" } else { "Not found" })
    }

    pub(super) fn throttled(&self) -> Answered {
        let identity = self.backend == Backend::Identity;
        self.error(429, if identity { "Temporarily throttled, too many requests" } else { "Too many requests" })
    }

    /// The refusal of a request without the header field that the service wants.
    pub(super) fn no_header(&self) -> Answered {
        self.error(
            400,
            match self.backend {
                Backend::Identity => "Required metadata header not specified",
                Backend::Instance | Backend::LoadBalancer => "Bad request: . Required metadata header not specified",
            },
        )
    }

    /// The refusal of a version, with the three newest, newest first.
    pub(super) fn bad_version(&self) -> Answered {
        let newest: Vec<String> = self.choices.listed().rev().take(3).map(|version| format!("\"{version}\"")).collect();
        let body = format!("{{ \"error\": \"{BAD_VERSION}\", \"newest-versions\": [ {} ] }}", newest.join(", "));
        Answered { status: 400, ..Answered::json(body) }
    }

    /// The refusal of a method.
    pub(super) fn bad_method(&self, part: Part, method: &str, path: &str) -> Answered {
        let mut answered = match self.backend {
            Backend::Identity => self.chosen(&self.choices.identity_method),
            Backend::Instance => self.chosen(&self.choices.method),
            Backend::LoadBalancer => {
                self.error(405, &format!("Http method isn't allowed: Path = \"{path}\", Method = \"{method}\""))
            }
        };
        answered.allow = Some(if part == Part::ScheduledEvents { "GET, POST" } else { "GET" });
        answered
    }

    /// The service's own error of a status.
    pub(super) fn of_status(&self, status: u16) -> Answered {
        match status {
            400 => self.error(400, "Bad request"),
            403 => self.error(403, "Forbidden"),
            404 => self.not_found(),
            405 => self.error(405, "Not allowed"),
            410 => self.error(410, &self.choices.gone),
            429 => self.throttled(),
            500 => self.error(500, "Server error"),
            503 => self.error(503, "Service unavailable"),
            other => self.error(other, &format!("Status {other}")),
        }
    }
}

/// The service's word for a status. Throttled requests come as `invalid_request`, whatever its definition says.
const fn identity_code(status: u16) -> &'static str {
    match status {
        401 => "unknown_source",
        403 => "access_denied",
        405 => "method_not_allowed",
        410 => "gone",
        503 => "service_unavailable",
        500.. => "server_error",
        _ => "invalid_request",
    }
}

const BAD_VERSION: &str = "Bad request. api-version is invalid or was not specified in the request. For more \
                           information refer to aka.ms/azureimds";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_style() {
        let choices = Choices::default();
        let body = |backend, text| {
            let style = Style { backend, text, choices: &choices };
            String::from_utf8(style.throttled().body).unwrap()
        };
        assert_eq!(body(Backend::Instance, false), r#"{ "error": "Too many requests" }"#);
        assert_eq!(body(Backend::Instance, true), "Too many requests");
        assert_eq!(
            body(Backend::Identity, true),
            r#"{"error":"invalid_request","error_description":"Temporarily throttled, too many requests"}"#
        );
        assert_eq!(body(Backend::Identity, false).len(), 90);
        assert_eq!(body(Backend::LoadBalancer, true), r#"{"error":"Too many requests"}"#);
    }
}
