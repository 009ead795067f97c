//! The verifier with what its verifications share, and what a caller expects of a document.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::time::Duration;

use azure_imds::attested::{At, Plan, SharedMemory, TrustBuilder, VerifierMemory};
use azure_imds::{Cloud, NONCE_NOT_CHECKED, Nonce, Timestamp, Trust, UsageError, Verification};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::convert::{flag, items, member, text, whole};
use crate::errors;

/// A verifier. Verifications may be under way at the same time.
#[wasm_bindgen]
pub struct Verifier {
    verifier: azure_imds::Verifier,
    memory: Memory,
}

/// What the verifications of one verifier remember, and by which they wait for each other.
#[derive(Clone)]
pub(crate) struct Memory(Rc<RefCell<VerifierMemory>>);

impl SharedMemory for Memory {
    fn with<T>(&mut self, change: impl FnOnce(&mut VerifierMemory) -> T) -> T {
        change(&mut self.0.borrow_mut())
    }
}

/// Verifications that may wait at once: each is a promise and its document.
const WAITERS: usize = 1000;

#[wasm_bindgen]
impl Verifier {
    /// Fixes what is trusted: `anchors`, `bundled` and `issuers` are lists of `Uint8Array`, `allowOrigins` and `deny` (SHA-256 in
    /// hexadecimal) are of texts. `null` for `anchors` stands for the default ones. A member that is missing is a mistake.
    ///
    /// # Errors
    ///
    /// `argument_type`, `bundle_empty`, `certificate_unreadable`, `origin_malformed`, `fingerprint_malformed`.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue) -> Result<Self, JsValue> {
        let trust = trust(given)?;
        let memory = Memory(Rc::new(RefCell::new(VerifierMemory::with_waiters(WAITERS))));
        Ok(Self { verifier: azure_imds::Verifier::new(trust), memory })
    }

    /// Starts to verify. `at` is Unix time, or the text `signing_time`. What is `expected` of the document has all of
    /// these members: `nonce` (a text, or `null` with `nonceNotChecked: true`), `nonceNotChecked`, `clouds` (names),
    /// `skew` (`null` for the default), and `maxAge`, `vmId`, `subscriptionId`, `sku`, `plan` (name, product, publisher),
    /// each `null` where it is not asked for. Unless it `explains`, it stops at the first failure.
    /// `null` for the time that fetching may take stands for the default.
    ///
    /// What is missing is never taken for a wish: a forgotten member or argument is a mistake.
    ///
    /// # Errors
    ///
    /// `argument_type`, `nonce_empty`, `clouds_empty`, `cloud_unknown`, `skew_too_large`.
    pub fn start(
        &self,
        document: &[u8],
        expected: &JsValue,
        at: &JsValue,
        fetch: &JsValue,
        fetch_timeout_ms: &JsValue,
        explains: &JsValue,
    ) -> Result<crate::verification::Verification, JsValue> {
        let expectations = expectations(expected)?;
        let at = match at.as_string() {
            Some(basis) if basis == "signing_time" => At::SigningTime,
            _ => At::Time(Timestamp::from_unix(whole("at", at)?)),
        };
        let (fetch, explains) = (flag("fetch", fetch)?, flag("explains", explains)?);
        let exchange = Verification::sharing(&self.verifier, document, expectations, at, self.memory.clone());
        let exchange = if fetch_timeout_ms.is_null() {
            exchange
        } else {
            exchange.fetch_timeout(Duration::from_millis(whole("fetchTimeoutMs", fetch_timeout_ms)?))
        };
        let exchange = if fetch { exchange } else { exchange.without_fetching() };
        let exchange = if explains { exchange } else { exchange.without_explanation() };
        Ok(crate::verification::Verification::new(exchange, explains))
    }
}

fn trust(given: &JsValue) -> Result<Trust, JsValue> {
    let anchors = member(given, "anchors");
    let mut trust = if anchors.is_null() {
        Trust::builder()
    } else {
        with_bundles(Trust::builder_without_anchors(), "anchors", &anchors, TrustBuilder::anchors)?
    };
    trust = with_bundles(trust, "bundled", &member(given, "bundled"), TrustBuilder::issuers)?;
    trust = with_bundles(trust, "issuers", &member(given, "issuers"), TrustBuilder::issuers)?;
    for origin in items("allowOrigins", &member(given, "allowOrigins"))? {
        trust = trust.allow_origin(&text("allowOrigins", &origin)?).map_err(errors::usage)?;
    }
    for fingerprint in items("deny", &member(given, "deny"))? {
        trust = trust.deny_fingerprint(&text("deny", &fingerprint)?).map_err(errors::usage)?;
    }
    Ok(trust.build())
}

fn with_bundles(
    mut trust: TrustBuilder,
    name: &str,
    bundles: &JsValue,
    add: fn(TrustBuilder, &[u8]) -> Result<TrustBuilder, UsageError>,
) -> Result<TrustBuilder, JsValue> {
    for (number, bundle) in (1..).zip(items(name, bundles)?) {
        let added = add(trust, &Uint8Array::new(&bundle).to_vec());
        trust = added.map_err(|error| errors::usage_in(name, number, &error))?;
    }
    Ok(trust)
}

/// What a caller expects of a document.
fn expectations(given: &JsValue) -> Result<azure_imds::Expectations, JsValue> {
    let asked = |name: &'static str| {
        let value = member(given, name);
        if value.is_null() { None } else { Some((name, value)) }
    };
    let asked_text = |name| asked(name).map(|(name, value)| text(name, &value)).transpose();
    let asked_seconds = |name| asked(name).map(|(name, value)| whole(name, &value)).transpose();

    let mut clouds: Vec<Cloud> = Vec::new();
    for name in items("clouds", &member(given, "clouds"))? {
        clouds.push(text("clouds", &name)?.parse().map_err(errors::usage)?);
    }
    let mut expected = azure_imds::Expectations::new(nonce(given)?).clouds(&clouds).map_err(errors::usage)?;
    if let Some(seconds) = asked_seconds("skew")? {
        expected = expected.skew(Duration::from_secs(seconds)).map_err(errors::usage)?;
    }
    if let Some(seconds) = asked_seconds("maxAge")? {
        expected = expected.max_age(Duration::from_secs(seconds));
    }
    if let Some(vm_id) = asked_text("vmId")? {
        expected = expected.vm_id(&vm_id);
    }
    if let Some(subscription_id) = asked_text("subscriptionId")? {
        expected = expected.subscription_id(&subscription_id);
    }
    if let Some(sku) = asked_text("sku")? {
        expected = expected.sku(&sku);
    }
    if let Some((_, plan)) = asked("plan") {
        let part = |name| text(name, &member(&plan, name));
        let (name, product, publisher) = (part("name")?, part("product")?, part("publisher")?);
        expected = expected.plan(Plan::new(name, product, publisher));
    }
    Ok(expected)
}

/// A nonce, or that it is not checked: one of the two must be said, and not both.
fn nonce(given: &JsValue) -> Result<Nonce, JsValue> {
    let nonce = member(given, "nonce");
    match member(given, "nonceNotChecked").as_bool() {
        Some(true) if nonce.is_null() => Ok(NONCE_NOT_CHECKED),
        Some(false) if nonce.is_null() || nonce.is_undefined() => Err(errors::usage(UsageError::NonceEmpty)),
        Some(false) => Nonce::new(&text("nonce", &nonce)?).map_err(errors::usage),
        _ => Err(errors::of_type("nonceNotChecked")),
    }
}
