//! A verifier out of named arguments, and what each verification of it is asked.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::time::Duration;

use super::argument::{Argument, Arguments, Named};
use super::wanted;
use crate::attested::{
    At, Expectations, NONCE_NOT_CHECKED, Nonce, Plan, SharedMemory, Trust, TrustBuilder, Verification, Verifier,
};
use crate::cloud::Cloud;
use crate::error::UsageError;
use crate::quoted::Quoted;
use crate::time::Timestamp;

const TRUSTED: &[&str] = &["anchors", "issuers", "deny"];
const FETCHED: &[&str] = &["fetch", "fetch_timeout_ms", "allow_origins"];
const EXPECTED: &[&str] = &["nonce", "now", "clouds", "max_age", "vm_id", "subscription_id", "sku", "plan", "skew"];

/// A verifier and what its verifications share.
#[derive(Clone, Debug)]
pub struct SharedVerifier<M> {
    verifier: Verifier,
    fetches: bool,
    fetch_timeout: Option<Duration>,
    memory: M,
}

impl<M: SharedMemory + Clone> SharedVerifier<M> {
    /// Fixes what is trusted: `anchors`, `issuers`, `deny`, `fetch`, `fetch_timeout_ms`, `allow_origins`, and whether
    /// missing issuers are fetched, which they are unless told otherwise. `besides` are names that the binding reads
    /// itself; `bundled` are the issuers that its package was built with.
    ///
    /// # Errors
    ///
    /// `argument_type`, `argument_value`, `bundle_empty`, `certificate_unreadable`, `fingerprint_malformed`,
    /// `origin_malformed`.
    pub fn new(
        arguments: Arguments<'_>,
        besides: &[&str],
        bundled: Option<&[u8]>,
        memory: M,
    ) -> Result<Self, UsageError> {
        let given = &arguments;
        given.only(&[TRUSTED, FETCHED].concat(), besides)?;
        let fetches = given.find_given("fetch").map_or(Ok(true), Named::flag)?;
        let fetch_timeout = given.span("fetch_timeout_ms")?;
        Ok(Self { verifier: Verifier::new(trust(given, bundled)?), fetches, fetch_timeout, memory })
    }

    /// The same without any fetching, for a host that can't: `fetch`, `fetch_timeout_ms` and `allow_origins` are no
    /// names there.
    ///
    /// # Errors
    ///
    /// As of [`new`](Self::new), without `origin_malformed`.
    pub fn without_fetching(
        arguments: Arguments<'_>,
        besides: &[&str],
        bundled: Option<&[u8]>,
        memory: M,
    ) -> Result<Self, UsageError> {
        let given = &arguments;
        given.only(TRUSTED, besides)?;
        let verifier = Verifier::new(trust(given, bundled)?);
        Ok(Self { verifier, fetches: false, fetch_timeout: None, memory })
    }

    /// Starts to verify a document, with `nonce`, `now`, `clouds`, `max_age`, `vm_id`, `subscription_id`, `sku`, `plan`
    /// and `skew` as the caller gives them; `clock` is the present, for a caller who gives none.
    ///
    /// # Errors
    ///
    /// `argument_type`, `argument_value`, `cloud_unknown`, `clouds_empty`, `nonce_empty`, `skew_too_large`. What the
    /// document holds never is the cause.
    pub fn start(
        &self,
        document: &[u8],
        expected: Arguments<'_>,
        besides: &[&str],
        clock: Timestamp,
    ) -> Result<Verification<M>, UsageError> {
        let given = &expected;
        given.only(EXPECTED, besides)?;
        let at = given.find("now").map_or(Ok(At::Time(clock)), at)?;
        let expectations = expectations(given)?;
        let verification = Verification::sharing(&self.verifier, document, expectations, at, self.memory.clone());
        let verification = match self.fetch_timeout {
            Some(timeout) => verification.fetch_timeout(timeout),
            None => verification,
        };
        Ok(if self.fetches { verification } else { verification.without_fetching() })
    }

    /// Whether missing issuers are fetched.
    #[must_use]
    pub const fn fetches(&self) -> bool {
        self.fetches
    }

    /// Adds certificates of an earlier process (DER) as untrusted issuers, if they lead to an anchor. Says how many do.
    pub fn offer<'a>(&self, certificates: impl IntoIterator<Item = &'a [u8]>) -> usize {
        let proven = self.verifier.trust().proven_issuers(certificates);
        self.memory.clone().with(|memory| memory.offer(&proven))
    }

    /// The memory.
    #[must_use]
    pub const fn memory(&self) -> &M {
        &self.memory
    }
}

fn trust(given: &Arguments<'_>, bundled: Option<&[u8]>) -> Result<Trust, UsageError> {
    let mut trust = match given.find("anchors") {
        None => Trust::builder(),
        Some(anchors) => with_bundles(Trust::builder_without_anchors(), anchors, TrustBuilder::anchors)?,
    };
    if let Some(bundled) = bundled {
        trust = trust.issuers(bundled).map_err(|error| within("the issuers of this package".into(), &error))?;
    }
    if let Some(issuers) = given.find_given("issuers") {
        trust = with_bundles(trust, issuers, TrustBuilder::issuers)?;
    }
    if let Some(origins) = given.find_given("allow_origins") {
        for origin in origins.items(wanted::SEVERAL)? {
            trust = trust.allow_origin(origin.text()?)?;
        }
    }
    if let Some(denied) = given.find_given("deny") {
        for digest in denied.items(wanted::SEVERAL)? {
            trust = match digest.argument {
                Argument::Octets(octets) => trust.deny_fingerprint(&base16ct::lower::encode_string(octets))?,
                Argument::Text(text) => trust.deny_fingerprint(text)?,
                _ => return Err(digest.of_type(wanted::FINGERPRINT)),
            };
        }
    }
    Ok(trust.build())
}

/// Adds one bundle of certificates, or several.
fn with_bundles(
    trust: TrustBuilder,
    given: Named<'_>,
    add: fn(TrustBuilder, &[u8]) -> Result<TrustBuilder, UsageError>,
) -> Result<TrustBuilder, UsageError> {
    match given.argument {
        Argument::List(_) => {
            given.items(wanted::CERTIFICATES)?.try_fold(trust, |trust, it| with_bundle(trust, it, add))
        }
        _ => with_bundle(trust, given, add),
    }
}

fn with_bundle(
    trust: TrustBuilder,
    given: Named<'_>,
    add: fn(TrustBuilder, &[u8]) -> Result<TrustBuilder, UsageError>,
) -> Result<TrustBuilder, UsageError> {
    let (path, octets): (Option<&str>, &[u8]) = match given.argument {
        Argument::File(path, octets) => (Some(path), octets),
        Argument::Octets(octets) => (None, octets),
        Argument::Text(pem) => (None, pem.as_bytes()),
        _ => return Err(given.of_type(wanted::CERTIFICATES)),
    };
    let path = path.map(|path| format!(", {}", Quoted::from(path))).unwrap_or_default();
    add(trust, octets).map_err(|error| within(format!("{}{path}", given.name()), &error))
}

fn within(place: String, error: &UsageError) -> UsageError {
    UsageError::In { place, code: error.code(), reason: error.to_string() }
}

#[inline(never)]
fn at(given: Named<'_>) -> Result<At, UsageError> {
    match given.argument {
        Argument::SigningTime => Ok(At::SigningTime),
        _ => given.unix_seconds().map(|seconds| At::Time(Timestamp::from_unix(seconds))),
    }
}

/// Adds a text that a document is expected to hold.
type Expecting = fn(Expectations, &str) -> Expectations;

#[inline(never)]
fn expectations(given: &Arguments<'_>) -> Result<Expectations, UsageError> {
    // Nothing is not a way to say that the nonce isn't checked.
    let nonce = match given.find("nonce") {
        None => return Err(UsageError::NonceEmpty),
        Some(Named { argument: Argument::NonceNotChecked, .. }) => NONCE_NOT_CHECKED,
        Some(nonce) => Nonce::new(nonce.text()?)?,
    };
    let mut expected = Expectations::new(nonce);
    if let Some(clouds) = given.find_given("clouds") {
        let named = clouds.items(wanted::SEVERAL)?.map(|name| name.text()?.parse());
        expected = expected.clouds(&named.collect::<Result<Vec<Cloud>, UsageError>>()?)?;
    }
    if let Some(skew) = given.whole_seconds("skew")? {
        expected = expected.skew(skew)?;
    }
    if let Some(max_age) = given.whole_seconds("max_age")? {
        expected = expected.max_age(max_age);
    }
    let named: [(_, Expecting); 3] = [
        ("vm_id", Expectations::vm_id),
        ("subscription_id", Expectations::subscription_id),
        ("sku", Expectations::sku),
    ];
    for (name, expecting) in named {
        if let Some(text) = given.text(name)? {
            expected = expecting(expected, text);
        }
    }
    if let Some(plan) = given.find("plan") {
        expected = expected.plan(plan_of(plan)?);
    }
    Ok(expected)
}

#[inline(never)]
fn plan_of(given: Named<'_>) -> Result<Plan, UsageError> {
    let part = |name: &'static str| {
        let part = given.member(name).ok_or_else(|| given.of_type(wanted::PLAN))?;
        Ok(part.text()?.to_string())
    };
    Ok(Plan { name: part("name")?, product: part("product")?, publisher: part("publisher")? })
}
