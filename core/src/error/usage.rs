//! The mistakes of a caller.

use alloc::string::String;
use core::time::Duration;

use crate::error::coded;
use crate::quoted::Quoted;

coded! {
    /// The caller asked for something that makes no sense.
    #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
    #[non_exhaustive]
    pub enum UsageError: Usage;

    /// An argument is missing, or is of a type that makes no sense there. Only bindings give it.
    #[error("{name} is of type {given}; give {wanted}")]
    ArgumentType {
        /// The argument's name.
        name: String,
        /// The host's name of the type given.
        given: String,
        /// What may stand there.
        wanted: String,
    } => "argument_type",
        "give the argument that the message names, of a type that it takes";
    /// An argument is of the right type and makes no sense. Only bindings give it.
    #[error("{name} is {value}; give {wanted}")]
    ArgumentValue {
        /// The argument's name.
        name: String,
        /// What was given.
        value: Quoted,
        /// What may stand there.
        wanted: String,
    } => "argument_value",
        "give what the message names";
    /// An authority for the emulator can't sign with what it was given.
    #[cfg(feature = "emulator")]
    #[error("the emulator's authority can't be used: {reason}; give one RSA key (PKCS#8) and its certificates, in PEM")]
    AuthorityUnusable {
        /// What is wrong.
        reason: String,
    } => "authority_unusable",
        "give one RSA key (PKCS#8) and its certificates, in PEM";
    /// A certificate bundle holds no certificate.
    #[error(
        "the bundle holds no certificate; give PEM blocks that begin with BEGIN CERTIFICATE, or one DER certificate"
    )]
    BundleEmpty => "bundle_empty",
        "give PEM blocks that begin with BEGIN CERTIFICATE, or one DER certificate";
    /// A cache made for one trust was used with another.
    #[error("the chain cache belongs to another trust; make one with ChainCache::new for the verifier's own")]
    CacheOfOtherTrust => "cache_of_other_trust",
        "make a ChainCache for the verifier's own trust";
    /// A certificate given as anchor or issuer can't be read.
    #[error("certificate {number} can't be read: {reason}; give whole certificates, PEM or DER")]
    CertificateUnreadable {
        /// Which one of those given, counted from 1.
        number: usize,
        /// What is wrong.
        reason: String,
    } => "certificate_unreadable",
        "give whole certificates, PEM or DER; the message says which one can't be read";
    /// No cloud of that name.
    #[error("no cloud is named {name}; the clouds are public, usgov, china and germany")]
    CloudUnknown {
        /// The name.
        name: Quoted,
    } => "cloud_unknown",
        "name one of public, usgov, china and germany";
    /// An empty set of clouds would refuse everything.
    #[error("no cloud is accepted; name at least one of public, usgov, china and germany")]
    CloudsEmpty => "clouds_empty",
        "name at least one of public, usgov, china and germany";
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
    } => "configuration_malformed",
        "correct the machine at the path in the message";
    /// The base address of the service can't be read.
    #[error("the endpoint {endpoint} is malformed: {reason}; write http://host:port, as in http://127.0.0.1:8080")]
    EndpointMalformed {
        /// The text given.
        endpoint: Quoted,
        /// What is wrong.
        reason: &'static str,
    } => "endpoint_malformed",
        "write http://host:port, as in http://127.0.0.1:8080";
    /// An identifier of a scheduled event, or their list, makes no sense.
    #[error("the event identifier {event_id} is malformed: {reason}; give the EventId of a scheduled event as it came")]
    EventIdMalformed {
        /// The text given.
        event_id: Quoted,
        /// What is wrong.
        reason: &'static str,
    } => "event_id_malformed",
        "give the EventId of a scheduled event as it came";
    /// A scripted fault can't be read.
    #[cfg(feature = "emulator")]
    #[error("the fault {text} is malformed: {reason}")]
    FaultMalformed {
        /// The text given.
        text: Quoted,
        /// What is wrong.
        reason: &'static str,
    } => "fault_malformed",
        "correct the fault as the message says";
    /// The fingerprint of a certificate or key to deny can't be read.
    #[error(
        "the fingerprint {fingerprint} is malformed; give the SHA-256 of a certificate or of a public key, 64 \
         hexadecimal digits"
    )]
    FingerprintMalformed {
        /// The text given.
        fingerprint: Quoted,
    } => "fingerprint_malformed",
        "give the SHA-256 of a certificate or of a public key, 64 hexadecimal digits";
    /// An empty nonce would switch replay protection off unseen.
    #[error("the nonce is empty; give the one the document was asked with, or say that it is not checked")]
    NonceEmpty => "nonce_empty",
        "give the nonce the document was requested with, or say that it is not checked";
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
    } => "nonce_malformed",
        "use letters and digits, best random ones";
    /// A nonce to ask with is longer than the service takes.
    #[error("the nonce has {length} characters, the service takes {limit}; shorten it, or send a hash of it")]
    NonceTooLong {
        /// Characters given.
        length: usize,
        /// Characters accepted.
        limit: usize,
    } => "nonce_too_long",
        "shorten the nonce, or send a hash of it";
    /// An origin to fetch issuers from can't be read.
    #[error("the origin {origin} is malformed: {reason}; write scheme://host:port/prefix")]
    OriginMalformed {
        /// The text given.
        origin: Quoted,
        /// What is wrong.
        reason: &'static str,
    } => "origin_malformed",
        "write scheme://host:port/prefix";
    /// A path into the metadata can't be read.
    #[error("the path {text} is malformed: {reason}; write it like compute/vmId")]
    PathMalformed {
        /// The text given.
        text: Quoted,
        /// What is wrong.
        reason: &'static str,
    } => "path_malformed",
        "write it like compute/vmId";
    /// The exchange never made the request named.
    #[error("this exchange made no request {id}; hand in each answer to the exchange that made the request")]
    RequestStale {
        /// The request's number.
        id: u32,
    } => "request_stale",
        "hand in each answer to the exchange that made the request";
    /// The resource that a token is asked for can't be one.
    #[error("the resource {resource} is malformed: {reason}; give its App ID URI, as in https://management.azure.com/")]
    ResourceMalformed {
        /// The text given.
        resource: Quoted,
        /// What is wrong.
        reason: &'static str,
    } => "resource_malformed",
        "give the App ID URI of the resource, as in https://management.azure.com/";
    /// A scenario for the emulator is not known, or has no such field.
    #[cfg(feature = "emulator")]
    #[error("the scenario {name} is malformed: {reason}")]
    ScenarioMalformed {
        /// The name given.
        name: Quoted,
        /// What is wrong.
        reason: String,
    } => "scenario_malformed",
        "give a scenario that is known, with the fields that it takes";
    /// More than one identity is selected.
    #[error("both {first} and {second} select an identity; give at most one of client_id, object_id and resource_id")]
    SelectorAmbiguous {
        /// One of those given.
        first: &'static str,
        /// Another one.
        second: &'static str,
    } => "selector_ambiguous",
        "give at most one of client ID, object ID and resource ID";
    /// What selects an identity can't be one.
    #[error("the {selector} {text} is malformed; it must be {expected}")]
    SelectorMalformed {
        /// Which one: `client_id`, `object_id` or `resource_id`.
        selector: &'static str,
        /// The text given.
        text: Quoted,
        /// What it must be.
        expected: &'static str,
    } => "selector_malformed",
        "give the client ID, object ID or resource ID as Azure writes it";
    /// A clock tolerance of more than an hour would accept documents of another day.
    #[error("a clock tolerance of {} s is too large, at most {} s; set the machine's clock instead", .skew.as_secs(), .limit.as_secs())]
    SkewTooLarge {
        /// The tolerance asked for.
        skew: Duration,
        /// The largest accepted.
        limit: Duration,
    } => "skew_too_large",
        "allow at most an hour; set the machine's clock instead";
    /// A time can't be read.
    #[error("the time {text} is not RFC 3339 between 1970 and 9999; write it like 2026-06-25T18:57:45Z")]
    TimeMalformed {
        /// The text given.
        text: Quoted,
    } => "time_malformed",
        "write it like 2026-06-25T18:57:45Z";
    /// An api-version can't be read.
    #[error("the api-version {text} is not a date; write it like 2021-02-01")]
    VersionMalformed {
        /// The text given.
        text: Quoted,
    } => "version_malformed",
        "write it like 2021-02-01";

    code from code:
    /// One of several things that were given makes no sense. Only bindings give it.
    #[error("{place}: {reason}")]
    In {
        /// Which one: its argument, its number, or the file.
        place: String,
        /// The code of the mistake.
        code: &'static str,
        /// The mistake in words.
        reason: String,
    } => "correct the one that the message names";
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
