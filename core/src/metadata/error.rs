//! Answers of the metadata service that are of no use.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::error::{Retryable, coded};
use crate::metadata::api_version::ApiVersion;
use crate::quoted::Quoted;

coded! {
    /// A server gave an answer that is of no use.
    #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
    #[non_exhaustive]
    pub enum ServiceError: Service;

    /// The answer has no body where there must be one.
    #[error("the answer is empty; the service never sends that, so try again, and look for a proxy in between")]
    AnswerEmpty => "answer_empty", retry Always,
        "try again; if it stays, look for a proxy in between";
    /// The answer is not JSON.
    #[error(
        "the answer is not JSON: {reason}{}; something other than the metadata service may have answered",
        at_byte(*position)
    )]
    AnswerMalformed {
        /// The byte at which reading ended, counted from zero.
        position: Option<usize>,
        /// What is wrong.
        reason: String,
    } => "answer_malformed",
        "find out whether something other than the metadata service has answered";
    /// The answer is not UTF-8.
    #[error("the answer is not UTF-8 at byte {position}; something other than the metadata service may have answered")]
    AnswerNotUtf8 {
        /// The first byte that is not, counted from zero.
        position: usize,
    } => "answer_not_utf8",
        "find out whether something other than the metadata service has answered";
    /// Objects and arrays of the answer nest too deep.
    #[error("the answer nests deeper than {limit} levels; something other than the metadata service may have answered")]
    AnswerTooDeep {
        /// Levels accepted.
        limit: usize,
    } => "answer_too_deep",
        "find out whether something other than the metadata service has answered";
    /// The answer is JSON, but not what was asked for.
    #[error("the answer is not what was asked for: expected {expected}, found {found}; look at its text")]
    AnswerUnexpected {
        /// What the answer must hold.
        expected: &'static str,
        /// What stands there.
        found: Quoted,
    } => "answer_unexpected",
        "look at the text of the answer";
    /// The VM has several user-assigned identities and none was chosen.
    #[error("the VM has several user-assigned identities: {message}; choose one by its client, object or resource ID")]
    IdentityAmbiguous {
        /// What the service says.
        message: Quoted,
    } => "identity_ambiguous",
        "choose one by its client, object or resource ID";
    /// The VM has no such identity.
    #[error(
        "the VM has no such identity: {message}; assign a managed identity to the VM, or correct the ID given, and allow \
         a minute for it to appear"
    )]
    IdentityNotFound {
        /// What the service says.
        message: Quoted,
    } => "identity_not_found",
        "assign a managed identity to the VM, or correct the ID, and allow a minute for it to appear";
    /// The service gives a single value as text only.
    #[error("{path} is a single value, which is given as text only; ask for format=text")]
    LeafNeedsText {
        /// The path.
        path: Quoted,
    } => "leaf_needs_text",
        "ask for format=text";
    /// The VM is behind no load balancer of the kind that has metadata.
    #[error(
        "there is no load balancer metadata: {message}; it exists for VMs behind a Standard load balancer or with a \
         Standard public address"
    )]
    LoadBalancerAbsent {
        /// What the service says.
        message: Quoted,
    } => "load_balancer_absent",
        "nothing, unless the VM should be behind a Standard load balancer or have a Standard public address";
    /// The service did not see the `Metadata` header, which every request carries.
    #[error(
        "the header \"Metadata: true\" was lost on the way: {message}; something between this program and the service \
         changes requests"
    )]
    MetadataHeaderLost {
        /// What the service says.
        message: Quoted,
    } => "metadata_header_lost",
        "find what removes headers between this program and the service";
    /// The attested document that came holds another nonce than the one asked with, however often it was asked for.
    #[error(
        "the service keeps giving a document with another nonce: asked with {expected}, it has {found}; ask again later \
         with a new nonce"
    )]
    NonceStale {
        /// The nonce asked with.
        expected: Quoted,
        /// The nonce in the document, which is not verified here.
        found: Quoted,
    } => "nonce_stale", retry Always,
        "ask again later with a new nonce";
    /// Something answers at the address that is not Azure's metadata service.
    #[error(
        "what answers is not Azure's metadata service (status {status}): {evidence}; this machine is not an Azure VM, or a \
         container runtime or another cloud's service is in between"
    )]
    NotOnAzure {
        /// Status code.
        status: u16,
        /// What gave it away.
        evidence: Quoted,
    } => "not_on_azure",
        "run this on an Azure VM, or take away the container runtime or other cloud's service that answers";
    /// The path leads nowhere in this answer.
    #[error("there is no {path} in the answer; {next}")]
    PathNotFound {
        /// The path.
        path: Quoted,
        /// What is there instead, or how to find out.
        next: String,
    } => "path_not_found",
        "ask for a path that the answer has; the message names what is there";
    /// A web page came where the metadata service answers with data.
    #[error(
        "a proxy answered (status {status}) with a web page: {evidence}; the address 169.254.169.254 must be reached \
         without any proxy"
    )]
    ProxyAnswered {
        /// Status code.
        status: u16,
        /// How the page begins.
        evidence: Quoted,
    } => "proxy_answered",
        "let 169.254.169.254 be reached without any proxy";
    /// The server sends elsewhere. Redirects are never followed.
    #[error("the server redirects (status {status}), which is never followed; look for a proxy in between")]
    Redirected {
        /// Status code.
        status: u16,
    } => "redirected",
        "look for a proxy in between; a redirect is never followed";
    /// The service rejects the request.
    #[error("the service rejects the request (status {status}): {message}")]
    Rejected {
        /// Status code.
        status: u16,
        /// What the service says.
        message: Quoted,
    } => "rejected",
        "correct the request as the service's message says";
    /// Too many requests.
    #[error(
        "the service is throttling: {message}; a VM may ask 5 times a second, for tokens 20 times, all its programs together"
    )]
    Throttled {
        /// What the service says.
        message: Quoted,
    } => "throttled", retry Always,
        "ask less often: a VM may ask 5 times a second, for tokens 20 times, all its programs together";
    /// The service has trouble of its own.
    #[error("the service is not available (status {status}): {message}; try again later")]
    Unavailable {
        /// Status code.
        status: u16,
        /// What the service says.
        message: Quoted,
    } => "unavailable", retry Always,
        "try again later";
    /// The service is being updated, which takes up to 70 seconds.
    #[error("the service is being updated (status {status}): {message}; that takes up to 70 seconds, try again then")]
    Updating {
        /// Status code.
        status: u16,
        /// What the service says.
        message: Quoted,
    } => "updating", retry Always,
        "try again after up to 70 seconds";
    /// The service does not know the version asked for.
    #[error(
        "the service does not accept api-version {version}; the newest it names are {}; ask for an older one",
        listed(newest)
    )]
    VersionRefused {
        /// The version asked for.
        version: ApiVersion,
        /// The versions that the service names, newest first; none if it names none.
        newest: Vec<ApiVersion>,
    } => "version_refused",
        "ask for an older version, one that the service names";
}

fn listed(versions: &[ApiVersion]) -> String {
    let mut text = String::new();
    for version in versions {
        text.push_str(if text.is_empty() { "" } else { ", " });
        text.push_str(&version.to_string());
    }
    if text.is_empty() { String::from("none") } else { text }
}

impl ServiceError {
    /// Whether the same request may well succeed later.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self.retry(), Retryable::Always)
    }
}

fn at_byte(position: Option<usize>) -> String {
    position.map(|position| format!(" at byte {position}")).unwrap_or_default()
}
