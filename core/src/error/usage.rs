//! The mistakes of a caller.

use alloc::string::String;
use core::time::Duration;

use crate::quoted::Quoted;

/// The caller asked for something that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsageError {
    /// An argument of a type that makes no sense there, or one that is missing. Only bindings give it.
    #[error("{name} is of type {given}; give {wanted}")]
    ArgumentType {
        /// The argument's name.
        name: String,
        /// The host's name of the type given.
        given: String,
        /// What may stand there.
        wanted: String,
    },
    /// An argument of the right type that makes no sense. Only bindings give it.
    #[error("{name} is {value}; give {wanted}")]
    ArgumentValue {
        /// The argument's name.
        name: String,
        /// What was given.
        value: Quoted,
        /// What may stand there.
        wanted: String,
    },
    /// An authority for the emulator can't sign with what it was given.
    #[cfg(feature = "emulator")]
    #[error("the emulator's authority can't be used: {reason}; give one RSA key (PKCS#8) and its certificates, in PEM")]
    AuthorityUnusable {
        /// What is wrong.
        reason: String,
    },
    /// A certificate bundle holds no certificate.
    #[error(
        "the bundle holds no certificate; give PEM blocks that begin with BEGIN CERTIFICATE, or one DER certificate"
    )]
    BundleEmpty,
    /// A cache made for one trust was used with another.
    #[error("the chain cache belongs to another trust; make one with ChainCache::new for the verifier's own")]
    CacheOfOtherTrust,
    /// A certificate given as anchor or issuer can't be read.
    #[error("certificate {number} can't be read: {reason}; give whole certificates, PEM or DER")]
    CertificateUnreadable {
        /// Which one of those given, counted from 1.
        number: usize,
        /// What is wrong.
        reason: String,
    },
    /// No cloud of that name.
    #[error("no cloud is named {name}; the clouds are public, usgov, china and germany")]
    CloudUnknown {
        /// The name.
        name: Quoted,
    },
    /// An empty set of clouds would refuse everything.
    #[error("no cloud is accepted; name at least one of public, usgov, china and germany")]
    CloudsEmpty,
    /// A machine for the emulator is not as the list of fields says.
    #[cfg(feature = "emulator")]
    #[error("{}: {reason}", malformed_at(*position, place))]
    ConfigurationMalformed {
        /// Line and column, counted from 1, if it was read from a file.
        position: Option<(usize, usize)>,
        /// The path.
        place: Quoted,
        /// What is wrong.
        reason: String,
    },
    /// The base address of the service can't be read.
    #[error("the endpoint {endpoint} is malformed: {reason}; write http://host:port, as in http://127.0.0.1:8080")]
    EndpointMalformed {
        /// The text given.
        endpoint: Quoted,
        /// What is wrong.
        reason: &'static str,
    },
    /// An identifier of a scheduled event, or their list, makes no sense.
    #[error("the event identifier {event_id} is malformed: {reason}; give the EventId of a scheduled event as it came")]
    EventIdMalformed {
        /// The text given.
        event_id: Quoted,
        /// What is wrong.
        reason: &'static str,
    },
    /// A scripted fault can't be read.
    #[cfg(feature = "emulator")]
    #[error("the fault {text} is malformed: {reason}")]
    FaultMalformed {
        /// The text given.
        text: Quoted,
        /// What is wrong.
        reason: &'static str,
    },
    /// The fingerprint of a certificate or key to deny can't be read.
    #[error(
        "the fingerprint {fingerprint} is malformed; give the SHA-256 of a certificate or of a public key, 64 \
         hexadecimal digits"
    )]
    FingerprintMalformed {
        /// The text given.
        fingerprint: Quoted,
    },
    /// A mistake in one of several things that were given. Only bindings give it.
    #[error("{place}: {reason}")]
    In {
        /// Which one: its argument, its number, or the file.
        place: String,
        /// The code of the mistake.
        code: &'static str,
        /// The mistake in words.
        reason: String,
    },
    /// An empty nonce would switch replay protection off unseen.
    #[error("the nonce is empty; give the one the document was asked with, or say that it is not checked")]
    NonceEmpty,
    /// A nonce to ask with holds something that the service does not take.
    #[error(
        "the nonce {nonce} is malformed: {reason} at position {position}; use letters and digits, best random ones"
    )]
    NonceMalformed {
        /// The text given.
        nonce: Quoted,
        /// What is wrong.
        reason: &'static str,
        /// The position of the first such character, counted in characters from 0.
        position: usize,
    },
    /// A nonce to ask with is longer than the service takes.
    #[error("the nonce has {length} characters, the service takes {limit}; shorten it, or send a hash of it")]
    NonceTooLong {
        /// Characters given.
        length: usize,
        /// Characters accepted.
        limit: usize,
    },
    /// An origin to fetch issuers from can't be read.
    #[error("the origin {origin} is malformed: {reason}; write scheme://host:port/prefix")]
    OriginMalformed {
        /// The text given.
        origin: Quoted,
        /// What is wrong.
        reason: &'static str,
    },
    /// A path into the metadata can't be read.
    #[error("the path {text} is malformed: {reason}; write it like compute/vmId")]
    PathMalformed {
        /// The text given.
        text: Quoted,
        /// What is wrong.
        reason: &'static str,
    },
    /// The exchange never made the request named.
    #[error("this exchange made no request {id}; hand in each answer to the exchange that made the request")]
    RequestStale {
        /// The request's number.
        id: u32,
    },
    /// The resource that a token is asked for can't be one.
    #[error("the resource {resource} is malformed: {reason}; give its App ID URI, as in https://management.azure.com/")]
    ResourceMalformed {
        /// The text given.
        resource: Quoted,
        /// What is wrong.
        reason: &'static str,
    },
    /// A scenario for the emulator is not known, or has no such field.
    #[cfg(feature = "emulator")]
    #[error("the scenario {name} is malformed: {reason}")]
    ScenarioMalformed {
        /// The name given.
        name: Quoted,
        /// What is wrong.
        reason: String,
    },
    /// More than one identity is selected.
    #[error("both {first} and {second} select an identity; give at most one of client_id, object_id and resource_id")]
    SelectorAmbiguous {
        /// One of those given.
        first: &'static str,
        /// Another one.
        second: &'static str,
    },
    /// What selects an identity can't be one.
    #[error("the {selector} {text} is malformed; it must be {expected}")]
    SelectorMalformed {
        /// Which one: `client_id`, `object_id` or `resource_id`.
        selector: &'static str,
        /// The text given.
        text: Quoted,
        /// What it must be.
        expected: &'static str,
    },
    /// A clock tolerance of more than an hour would accept documents of another day.
    #[error("a clock tolerance of {} s is too large, at most {} s; set the machine's clock instead", .skew.as_secs(), .limit.as_secs())]
    SkewTooLarge {
        /// The tolerance asked for.
        skew: Duration,
        /// The largest accepted.
        limit: Duration,
    },
    /// A time can't be read.
    #[error("the time {text} is not RFC 3339 between 1970 and 9999; write it like 2026-06-25T18:57:45Z")]
    TimeMalformed {
        /// The text given.
        text: Quoted,
    },
    /// An api-version can't be read.
    #[error("the api-version {text} is not a date; write it like 2021-02-01")]
    VersionMalformed {
        /// The text given.
        text: Quoted,
    },
}

impl UsageError {
    /// All codes.
    pub const CODES: &'static [&'static str] = &[
        "argument_type",
        "argument_value",
        #[cfg(feature = "emulator")]
        "authority_unusable",
        "bundle_empty",
        "cache_of_other_trust",
        "certificate_unreadable",
        "cloud_unknown",
        "clouds_empty",
        #[cfg(feature = "emulator")]
        "configuration_malformed",
        "endpoint_malformed",
        "event_id_malformed",
        #[cfg(feature = "emulator")]
        "fault_malformed",
        "fingerprint_malformed",
        "nonce_empty",
        "nonce_malformed",
        "nonce_too_long",
        "origin_malformed",
        "path_malformed",
        "request_stale",
        "resource_malformed",
        #[cfg(feature = "emulator")]
        "scenario_malformed",
        "selector_ambiguous",
        "selector_malformed",
        "skew_too_large",
        "time_malformed",
        "version_malformed",
    ];

    /// The stable name of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ArgumentType { .. } => "argument_type",
            Self::ArgumentValue { .. } => "argument_value",
            #[cfg(feature = "emulator")]
            Self::AuthorityUnusable { .. } => "authority_unusable",
            Self::BundleEmpty => "bundle_empty",
            Self::CacheOfOtherTrust => "cache_of_other_trust",
            Self::CertificateUnreadable { .. } => "certificate_unreadable",
            Self::CloudUnknown { .. } => "cloud_unknown",
            Self::CloudsEmpty => "clouds_empty",
            #[cfg(feature = "emulator")]
            Self::ConfigurationMalformed { .. } => "configuration_malformed",
            Self::EndpointMalformed { .. } => "endpoint_malformed",
            Self::EventIdMalformed { .. } => "event_id_malformed",
            #[cfg(feature = "emulator")]
            Self::FaultMalformed { .. } => "fault_malformed",
            Self::FingerprintMalformed { .. } => "fingerprint_malformed",
            Self::In { code, .. } => code,
            Self::NonceEmpty => "nonce_empty",
            Self::NonceMalformed { .. } => "nonce_malformed",
            Self::NonceTooLong { .. } => "nonce_too_long",
            Self::OriginMalformed { .. } => "origin_malformed",
            Self::PathMalformed { .. } => "path_malformed",
            Self::RequestStale { .. } => "request_stale",
            Self::ResourceMalformed { .. } => "resource_malformed",
            #[cfg(feature = "emulator")]
            Self::ScenarioMalformed { .. } => "scenario_malformed",
            Self::SelectorAmbiguous { .. } => "selector_ambiguous",
            Self::SelectorMalformed { .. } => "selector_malformed",
            Self::SkewTooLarge { .. } => "skew_too_large",
            Self::TimeMalformed { .. } => "time_malformed",
            Self::VersionMalformed { .. } => "version_malformed",
        }
    }
}

/// Where a configuration is malformed: in a file, or by its path alone.
#[cfg(feature = "emulator")]
fn malformed_at(position: Option<(usize, usize)>, place: &Quoted) -> String {
    let path = if place.as_str().is_empty() { String::new() } else { alloc::format!(": {place}") };
    match position {
        Some((line, column)) => alloc::format!("line {line}, column {column}{path}"),
        None => alloc::format!("the machine is malformed at {place}"),
    }
}
