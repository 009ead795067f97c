//! Whether an answer is what was asked for, and what a useless one asks for in turn.
//!
//! Statuses mean different things in different parts of the service, and some answers do not come from it at all: from
//! a proxy, a container runtime, another cloud. What each looks like is recorded, not specified.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use super::question::{Format, Question};
use super::retry::Again;
use crate::http::{Method, Response};
use crate::metadata::api_version::ApiVersion;
use crate::metadata::category::Category;
use crate::metadata::document::{Document, Value};
use crate::metadata::error::ServiceError;
use crate::metadata::path::MetadataPath;
use crate::metadata::schema;
use crate::quoted::Quoted;
use crate::time::Timestamp;

/// Why an answer is not the one asked for.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Another version may do; those are the newest that the service names.
    Version(Vec<ApiVersion>),
    /// It is a leaf, which has no JSON form.
    Leaf,
    /// Something is wrong.
    Error(ServiceError, Again),
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self::Error(error, Again::No)
    }
}

/// Says whether the body is the answer to the question.
pub(super) fn judge(question: &Question, version: Option<ApiVersion>, response: &Response) -> Result<(), Refusal> {
    let evidence = Evidence::of(response);
    let status = response.status;
    match status {
        200..=299 => accepted(question, response, &evidence),
        300..=399 => Err(ServiceError::Redirected { status }.into()),
        408 | 500..=599 if !evidence.is_page || evidence.is_of_the_host => {
            let after = evidence.retry_after;
            Err(Refusal::Error(
                ServiceError::Unavailable { status, message: evidence.message },
                Again::Backoff { after },
            ))
        }
        404 if evidence.is_page => Err(ServiceError::NotOnAzure { status, evidence: evidence.message }.into()),
        _ if evidence.is_page => Err(ServiceError::ProxyAnswered { status, evidence: evidence.message }.into()),
        400 => Err(bad_request(question, evidence)),
        403 if !evidence.is_of_the_service => {
            Err(ServiceError::NotOnAzure { status, evidence: evidence.message }.into())
        }
        404 => Err(not_found(question, version, evidence)),
        410 => Err(Refusal::Error(ServiceError::Updating { status, message: evidence.message }, Again::Updating)),
        429 => {
            let after = evidence.retry_after;
            Err(Refusal::Error(ServiceError::Throttled { message: evidence.message }, Again::Backoff { after }))
        }
        _ => Err(ServiceError::Rejected { status, message: evidence.message }.into()),
    }
}

/// A good status is not enough: a login page comes with 200.
fn accepted(question: &Question, response: &Response, evidence: &Evidence) -> Result<(), Refusal> {
    let status = response.status;
    if evidence.is_page {
        return Err(ServiceError::ProxyAnswered { status, evidence: evidence.message.clone() }.into());
    }
    if question.method == Method::Post || question.format == Format::Text {
        return Ok(());
    }
    match response.body.trim_ascii() {
        [] => Err(Refusal::Error(ServiceError::AnswerEmpty, Again::Backoff { after: None })),
        [b'<', ..] => Err(ServiceError::NotOnAzure { status, evidence: evidence.message.clone() }.into()),
        _ => Ok(()),
    }
}

fn bad_request(question: &Question, evidence: Evidence) -> Refusal {
    let (status, message) = (400, evidence.message);
    let says = |words: &str| evidence.text.to_ascii_lowercase().contains(words);
    if let Some(newest) = evidence.newest {
        return Refusal::Version(newest);
    }
    if says("api-version") && says("invalid") {
        return Refusal::Version(Vec::new());
    }
    if says("metadata header not specified") {
        return ServiceError::MetadataHeaderLost { message }.into();
    }
    if question.category == Category::Identity {
        // The documentation warns of telling errors apart by their words; the service gives nothing else.
        if says("identity not found") {
            return ServiceError::IdentityNotFound { message }.into();
        }
        if says("multiple user assigned identities") {
            return ServiceError::IdentityAmbiguous { message }.into();
        }
    }
    match question.format {
        Format::JsonOrText => Refusal::Leaf,
        _ => ServiceError::Rejected { status, message }.into(),
    }
}

fn not_found(question: &Question, version: Option<ApiVersion>, evidence: Evidence) -> Refusal {
    let (status, message) = (404, evidence.message);
    let says = |words: &str| evidence.text.to_ascii_lowercase().contains(words);
    if says("invalid version requested") {
        return Refusal::Version(Vec::new());
    }
    // Documented to pass, unlike the others, which say that there is none.
    if question.category == Category::LoadBalancer && says("available right now") {
        let after = evidence.retry_after;
        return Refusal::Error(ServiceError::Unavailable { status, message }, Again::Backoff { after });
    }
    if !evidence.is_of_the_service && !says("not found") {
        return ServiceError::NotOnAzure { status, evidence: message }.into();
    }
    match question.category {
        // While the service is being updated it may have no identities.
        Category::Identity => {
            Refusal::Error(ServiceError::Updating { status, message }, Again::Backoff { after: evidence.retry_after })
        }
        Category::Instance => path_not_found(question, version).into(),
        Category::LoadBalancer => ServiceError::LoadBalancerAbsent { message }.into(),
        // A version of instance metadata is "not found" here.
        Category::ScheduledEvents => Refusal::Version(Vec::new()),
        Category::Attested | Category::Versions => ServiceError::Rejected { status, message }.into(),
    }
}

fn path_not_found(question: &Question, version: Option<ApiVersion>) -> ServiceError {
    let path = question.path.trim_start_matches('/');
    let segments = MetadataPath::parse(path).unwrap_or_default();
    if let Some(fault) = schema::other_case(&segments) {
        return fault.not_found(&segments);
    }
    let has_begun = version.is_some_and(|version| schema::visible(&segments, version, false));
    let next = match schema::array_above(&segments).filter(|_| has_begun) {
        Some(array) => {
            let array = Quoted::from(&*array.to_string());
            alloc::format!("an index may be past the end of its array; list what is there with {array} as text")
        }
        None => version
            .and_then(|version| schema::explain_missing(path, version))
            .unwrap_or_else(|| "list what is above it as text, and mind that case counts".to_string()),
    };
    let classic = if path.starts_with("compute") { "; a classic VM has only network data" } else { "" };
    ServiceError::PathNotFound { path: Quoted::from(path), next: [&next, classic].concat() }
}

/// What an answer shows of where it comes from.
struct Evidence {
    /// What the error says, or how the body begins, to be shown.
    message: Quoted,
    /// The same, to be looked through.
    text: String,
    /// It is a web page.
    is_page: bool,
    /// It looks like an error of the metadata service.
    is_of_the_service: bool,
    /// It comes from the host's own web server, which stands in while the metadata service restarts.
    is_of_the_host: bool,
    /// The versions that a version error names.
    newest: Option<Vec<ApiVersion>>,
    /// Seconds that the server asks to wait.
    retry_after: Option<Duration>,
}

/// Bytes of a body that are looked at: errors are short, and an answer is not to be parsed twice.
const LOOKED_AT: usize = 4_096;

impl Evidence {
    fn of(response: &Response) -> Self {
        let is_good = matches!(response.status, 200..=299);
        let start = response.body.get(..LOOKED_AT).unwrap_or(&response.body).trim_ascii();
        let header = |name| response.headers.first(name).unwrap_or_default().to_ascii_lowercase();
        let (kind, server) = (header("content-type"), header("server"));
        let document = if is_good { None } else { Document::from_bytes(start).ok() };
        let root = document.as_ref().map(Document::root);
        let text = root.and_then(error_text).unwrap_or_else(|| String::from_utf8_lossy(start).into_owned());
        Self {
            message: Quoted::from(&*text),
            is_page: kind.contains("html") || begins_a_page(start),
            is_of_the_service: server.starts_with("imds/") || root.is_some_and(|root| root.member("error").is_some()),
            is_of_the_host: server.starts_with("microsoft-iis"),
            newest: root.and_then(|root| root.member("newest-versions")).map(versions),
            retry_after: retry_after(response),
            text,
        }
    }
}

fn begins_a_page(start: &[u8]) -> bool {
    let begins =
        |words: &str| start.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words.as_bytes()));
    begins("<!doctype html") || begins("<html") || begins("<head")
}

/// `{"error": ".."}`, and on the side of identity `{"error": "..", "error_description": ".."}`.
fn error_text(root: &Value) -> Option<String> {
    let error = root.member("error")?.as_str()?;
    match root.member("error_description").and_then(Value::as_str) {
        Some(description) => Some(alloc::format!("{error}: {description}")),
        None => Some(error.to_string()),
    }
}

fn versions(listed: &Value) -> Vec<ApiVersion> {
    let Value::Array(listed) = listed else {
        return Vec::new();
    };
    let mut versions: Vec<_> =
        listed.iter().filter_map(Value::as_str).filter_map(|text| ApiVersion::parse(text).ok()).take(64).collect();
    versions.sort_unstable();
    versions.dedup();
    versions.reverse();
    versions
}

/// `Retry-After`. A date counts from the answer's own, as the core has no clock.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers.first("retry-after")?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // What does not fit is longer than any wait.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = Timestamp::parse_rfc1123(text)?;
    let from = Timestamp::parse_rfc1123(response.headers.first("date")?.trim())?;
    Some(until.duration_since(from))
}
