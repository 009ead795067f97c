//! The verifier with what its verifications share, and what a caller expects of a document.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use azure_imds::{
    At, ChainCache, Cloud, IssuerMemory, NONCE_NOT_CHECKED, Nonce, Plan, Timestamp, Trust, TrustBuilder, UsageError,
    Verification,
};
use wasm_bindgen::prelude::*;

use crate::convert::count;
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
    /// Fixes what is trusted. Without `anchors` the default ones are.
    ///
    /// # Errors
    ///
    /// `bundle_empty`, `certificate_unreadable`, `origin_malformed`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        anchors: Option<Vec<js_sys::Uint8Array>>,
        issuers: Vec<js_sys::Uint8Array>,
        allow_origins: Vec<String>,
    ) -> Result<Self, JsValue> {
        let trust = trust(anchors, &issuers, &allow_origins).map_err(errors::usage)?;
        Ok(Self { verifier: azure_imds::Verifier::new(trust), shared: Rc::default() })
    }

    /// Starts to verify. `at` is Unix time; nothing stands for the signing time.
    ///
    /// # Errors
    ///
    /// None that the arguments of a caller can cause.
    pub fn start(
        &self,
        document: &[u8],
        expectations: Expectations,
        at: Option<f64>,
        fetch: bool,
    ) -> Result<crate::verification::Verification, JsValue> {
        let at = at.map_or(At::SigningTime, |seconds| At::Time(Timestamp::from_unix(count(seconds))));
        let exchange = self.exchange(document, expectations.0, at, fetch).map_err(errors::usage)?;
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

fn trust(
    anchors: Option<Vec<js_sys::Uint8Array>>,
    issuers: &[js_sys::Uint8Array],
    allow_origins: &[String],
) -> Result<Trust, UsageError> {
    let mut trust = match anchors {
        None => Trust::builder(),
        Some(anchors) => with_bundles(Trust::builder_without_anchors(), &anchors, TrustBuilder::anchors)?,
    };
    trust = with_bundles(trust, issuers, TrustBuilder::issuers)?;
    for origin in allow_origins {
        trust = trust.allow_origin(origin)?;
    }
    Ok(trust.build())
}

fn with_bundles(
    mut trust: TrustBuilder,
    bundles: &[js_sys::Uint8Array],
    add: fn(TrustBuilder, &[u8]) -> Result<TrustBuilder, UsageError>,
) -> Result<TrustBuilder, UsageError> {
    for bundle in bundles {
        trust = add(trust, &bundle.to_vec())?;
    }
    Ok(trust)
}

/// What a caller expects of a document.
#[wasm_bindgen]
pub struct Expectations(azure_imds::Expectations);

#[wasm_bindgen]
impl Expectations {
    /// Without `nonce` it is not checked. A plan has three parts: name, product, publisher.
    ///
    /// # Errors
    ///
    /// `nonce_empty`, `clouds_empty`, `cloud_unknown`, `skew_too_large`.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::too_many_arguments)]
    pub fn new(
        nonce: Option<String>,
        clouds: Vec<String>,
        skew: Option<f64>,
        max_age: Option<f64>,
        vm_id: Option<String>,
        subscription_id: Option<String>,
        sku: Option<String>,
        plan: Option<Vec<String>>,
    ) -> Result<Self, JsValue> {
        let nonce = nonce.map_or(Ok(NONCE_NOT_CHECKED), |nonce| Nonce::new(&nonce)).map_err(errors::usage)?;
        let mut accepted: Vec<Cloud> = Vec::new();
        for name in &clouds {
            accepted.push(name.parse().map_err(errors::usage)?);
        }
        let skew = skew.map_or(azure_imds::Expectations::DEFAULT_SKEW, count);
        let expected = azure_imds::Expectations::new(nonce).clouds(&accepted).map_err(errors::usage)?;
        let mut expected = expected.skew(skew).map_err(errors::usage)?;
        if let Some(seconds) = max_age {
            expected = expected.max_age(count(seconds));
        }
        if let Some(text) = &vm_id {
            expected = expected.vm_id(text);
        }
        if let Some(text) = &subscription_id {
            expected = expected.subscription_id(text);
        }
        if let Some(text) = &sku {
            expected = expected.sku(text);
        }
        if let Some(Ok([name, product, publisher])) = plan.map(<[String; 3]>::try_from) {
            expected = expected.plan(Plan { name, product, publisher });
        }
        Ok(Self(expected))
    }
}
