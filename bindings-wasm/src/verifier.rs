//! The verifier with what its verifications share, and what a caller expects of a document.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use azure_imds::{
    At, ChainCache, Cloud, IssuerMemory, NONCE_NOT_CHECKED, Nonce, Plan, Timestamp, Trust, TrustBuilder, UsageError,
    Verification,
};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::convert::{count, items, member, texts};
use crate::errors;

/// A verifier. Verifications may be under way at the same time: each has a chain cache of its own out of a pool.
#[wasm_bindgen]
pub struct Verifier {
    verifier: azure_imds::Verifier,
    shared: Rc<Shared>,
}

/// What verifications learn from each other.
#[derive(Default)]
pub(crate) struct Shared {
    caches: RefCell<Vec<ChainCache>>,
    memory: RefCell<IssuerMemory>,
}

impl Shared {
    /// Takes back what a finished verification found out.
    pub(crate) fn learn(&self, exchange: &mut Verification, has_fetched: bool) {
        if let Some(cache) = exchange.take_cache() {
            self.caches.borrow_mut().push(cache);
        }
        if has_fetched {
            self.memory.borrow_mut().merge(exchange.memory());
        }
    }
}

#[wasm_bindgen]
impl Verifier {
    /// Fixes what is trusted: `anchors` and `issuers` are lists of `Uint8Array`, `allowOrigins` is one of texts. Without
    /// `anchors` the default ones are.
    ///
    /// # Errors
    ///
    /// `bundle_empty`, `certificate_unreadable`, `origin_malformed`.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue) -> Result<Self, JsValue> {
        let trust = trust(given).map_err(errors::usage)?;
        Ok(Self { verifier: azure_imds::Verifier::new(trust), shared: Rc::default() })
    }

    /// Starts to verify. `at` is Unix time; nothing stands for the signing time. What is `expected` of the document has
    /// these members: `nonce` (without it, it is not checked), `clouds` (names), `skew`, `maxAge`, `vmId`,
    /// `subscriptionId`, `sku`, `plan` (name, product, publisher).
    ///
    /// # Errors
    ///
    /// `nonce_empty`, `clouds_empty`, `cloud_unknown`, `skew_too_large`.
    pub fn start(
        &self,
        document: &[u8],
        expected: &JsValue,
        at: Option<f64>,
        fetch: bool,
    ) -> Result<crate::verification::Verification, JsValue> {
        let expectations = expectations(expected).map_err(errors::usage)?;
        let at = at.map_or(At::SigningTime, |seconds| At::Time(Timestamp::from_unix(count(seconds))));
        let exchange = self.exchange(document, expectations, at, fetch).map_err(errors::usage)?;
        Ok(crate::verification::Verification::new(exchange, self.shared.clone()))
    }
}

impl Verifier {
    fn exchange(
        &self,
        document: &[u8],
        expectations: azure_imds::Expectations,
        at: At,
        fetch: bool,
    ) -> Result<Verification, UsageError> {
        let cache = self.shared.caches.borrow_mut().pop().unwrap_or_else(|| ChainCache::new(self.verifier.trust()));
        let exchange = Verification::new(&self.verifier, document, expectations, at).with_cache(cache)?;
        if !fetch {
            return Ok(exchange.without_fetching());
        }
        Ok(exchange.with_memory(self.shared.memory.borrow().clone()))
    }
}

fn trust(given: &JsValue) -> Result<Trust, UsageError> {
    let anchors = member(given, "anchors");
    let mut trust = if anchors.is_undefined() {
        Trust::builder()
    } else {
        with_bundles(Trust::builder_without_anchors(), &anchors, TrustBuilder::anchors)?
    };
    trust = with_bundles(trust, &member(given, "issuers"), TrustBuilder::issuers)?;
    for origin in texts(&member(given, "allowOrigins")) {
        trust = trust.allow_origin(&origin)?;
    }
    Ok(trust.build())
}

fn with_bundles(
    mut trust: TrustBuilder,
    bundles: &JsValue,
    add: fn(TrustBuilder, &[u8]) -> Result<TrustBuilder, UsageError>,
) -> Result<TrustBuilder, UsageError> {
    for bundle in items(bundles) {
        trust = add(trust, &Uint8Array::new(&bundle).to_vec())?;
    }
    Ok(trust)
}

/// What a caller expects of a document.
fn expectations(given: &JsValue) -> Result<azure_imds::Expectations, UsageError> {
    let text = |name: &str| member(given, name).as_string();
    let seconds = |name: &str| member(given, name).as_f64().map(count);
    let nonce = match text("nonce") {
        Some(nonce) => Nonce::new(&nonce)?,
        None => NONCE_NOT_CHECKED,
    };
    let mut clouds: Vec<Cloud> = Vec::new();
    for name in texts(&member(given, "clouds")) {
        clouds.push(name.parse()?);
    }
    let mut expected = azure_imds::Expectations::new(nonce).clouds(&clouds)?;
    if let Some(seconds) = seconds("skew") {
        expected = expected.skew(seconds)?;
    }
    if let Some(seconds) = seconds("maxAge") {
        expected = expected.max_age(seconds);
    }
    if let Some(vm_id) = text("vmId") {
        expected = expected.vm_id(&vm_id);
    }
    if let Some(subscription_id) = text("subscriptionId") {
        expected = expected.subscription_id(&subscription_id);
    }
    if let Some(sku) = text("sku") {
        expected = expected.sku(&sku);
    }
    if let Ok([name, product, publisher]) = <[String; 3]>::try_from(texts(&member(given, "plan"))) {
        expected = expected.plan(Plan { name, product, publisher });
    }
    Ok(expected)
}
