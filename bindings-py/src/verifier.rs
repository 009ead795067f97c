//! The verifier with what it shares between threads, and what a caller expects of a document.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use azure_imds::attested::{At, SharedMemory, TrustBuilder, VerifierMemory};
use azure_imds::{Cloud, NONCE_NOT_CHECKED, Nonce, Timestamp, Trust};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyTuple};

use crate::document::Plan;
use crate::errors;
use crate::verification::Verification;

/// A verifier, shared freely between threads.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Verifier {
    verifier: azure_imds::Verifier,
    memory: Memory,
}

/// What the verifications of one verifier remember, and by which they wait for each other.
#[derive(Clone)]
pub(crate) struct Memory(Arc<Mutex<VerifierMemory>>);

impl SharedMemory for Memory {
    fn with<T>(&mut self, change: impl FnOnce(&mut VerifierMemory) -> T) -> T {
        change(&mut locked(&self.0))
    }
}

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(signature = (*, anchors, issuers, allow_origins, deny, waiters))]
    fn new(
        anchors: Option<Vec<Bundle>>,
        issuers: Vec<Bundle>,
        allow_origins: Vec<String>,
        deny: Vec<String>,
        waiters: usize,
    ) -> PyResult<Self> {
        let trust = trust(anchors, &issuers, &allow_origins, &deny)?;
        let memory = Memory(Arc::new(Mutex::new(VerifierMemory::with_waiters(waiters))));
        Ok(Self { verifier: azure_imds::Verifier::new(trust), memory })
    }

    /// Starts to verify. `at` is Unix time, or the text `signing_time`: nothing is neither. Without `explains` the report
    /// holds the verdict alone.
    #[pyo3(signature = (document, expectations, at, fetch, fetch_timeout_ms, explains))]
    fn start(
        slf: &Bound<'_, Self>,
        document: PyBackedBytes,
        expectations: &Bound<'_, Expectations>,
        at: &Bound<'_, PyAny>,
        fetch: bool,
        fetch_timeout_ms: Option<u64>,
        explains: bool,
    ) -> PyResult<Verification> {
        let at = moment(at)?;
        let (verifier, expectations) = (slf.get(), expectations.get().0.clone());
        let exchange = slf.py().detach(|| verifier.exchange(&document, expectations, at, fetch));
        let exchange = match fetch_timeout_ms {
            Some(millis) => exchange.fetch_timeout(Duration::from_millis(millis)),
            None => exchange,
        };
        let exchange = if explains { exchange } else { exchange.without_explanation() };
        Ok(Verification::new(exchange))
    }

    /// Adds certificates of an earlier process as untrusted issuers, if they lead to an anchor. Says how many do.
    #[expect(clippy::needless_pass_by_value)]
    fn offer(&self, py: Python<'_>, certificates: Vec<PyBackedBytes>) -> usize {
        let certificates = certificates.iter().map(|der| &**der);
        py.detach(|| {
            let proven = self.verifier.trust().proven_issuers(certificates);
            self.memory.clone().with(|memory| memory.offer(&proven))
        })
    }

    /// The issuers fetched or offered, DER.
    fn remembered<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let certificates: Vec<_> = locked(&self.memory.0).certificates().map(|der| PyBytes::new(py, der)).collect();
        PyTuple::new(py, certificates)
    }
}

impl Verifier {
    fn exchange(
        &self,
        document: &[u8],
        expectations: azure_imds::Expectations,
        at: At,
        fetch: bool,
    ) -> azure_imds::Verification<Memory> {
        let memory = self.memory.clone();
        let exchange = azure_imds::Verification::sharing(&self.verifier, document, expectations, at, memory);
        if fetch { exchange } else { exchange.without_fetching() }
    }
}

/// Certificates, and the words that name them in an error.
type Bundle = (String, PyBackedBytes);

fn trust(
    anchors: Option<Vec<Bundle>>,
    issuers: &[Bundle],
    allow_origins: &[String],
    deny: &[String],
) -> PyResult<Trust> {
    let mut trust = match anchors {
        None => Trust::builder(),
        Some(anchors) => with_bundles(Trust::builder_without_anchors(), &anchors, TrustBuilder::anchors)?,
    };
    trust = with_bundles(trust, issuers, TrustBuilder::issuers)?;
    trust = allow_origins.iter().try_fold(trust, |trust, it| trust.allow_origin(it)).map_err(errors::usage)?;
    trust = deny.iter().try_fold(trust, |trust, it| trust.deny_fingerprint(it)).map_err(errors::usage)?;
    Ok(trust.build())
}

fn with_bundles(
    trust: TrustBuilder,
    bundles: &[Bundle],
    add: fn(TrustBuilder, &[u8]) -> Result<TrustBuilder, azure_imds::UsageError>,
) -> PyResult<TrustBuilder> {
    bundles.iter().try_fold(trust, |trust, (source, bundle)| {
        add(trust, bundle).map_err(|error| errors::usage_with(error.code(), &format!("{source}: {error}")))
    })
}

fn moment(at: &Bound<'_, PyAny>) -> PyResult<At> {
    match at.extract() {
        Ok(seconds) => Ok(At::Time(Timestamp::from_unix(seconds))),
        Err(_) if at.extract::<&str>().is_ok_and(|text| text == "signing_time") => Ok(At::SigningTime),
        Err(_) => Err(errors::of_type("at")),
    }
}

/// What is behind a lock. A thread that ended while it held one has left nothing half done.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a caller expects of a document.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Expectations(azure_imds::Expectations);

#[pymethods]
impl Expectations {
    #[new]
    #[pyo3(signature = (nonce, nonce_not_checked, clouds, skew, max_age, vm_id, subscription_id, sku, plan))]
    #[expect(clippy::too_many_arguments)]
    fn new(
        nonce: Option<&str>,
        nonce_not_checked: bool,
        clouds: Vec<String>,
        skew: u64,
        max_age: Option<u64>,
        vm_id: Option<&str>,
        subscription_id: Option<&str>,
        sku: Option<&str>,
        plan: Option<Plan>,
    ) -> PyResult<Self> {
        // One of the two must be said, and not both.
        let nonce = match (nonce, nonce_not_checked) {
            (None, true) => Ok(NONCE_NOT_CHECKED),
            (Some(_), true) => return Err(errors::of_type("nonce_not_checked")),
            (nonce, false) => Nonce::new(nonce.unwrap_or_default()),
        };
        let clouds: Result<Vec<Cloud>, _> = clouds.iter().map(|name| name.parse()).collect();
        let mut expected = azure_imds::Expectations::new(nonce.map_err(errors::usage)?)
            .clouds(&clouds.map_err(errors::usage)?)
            .and_then(|it| it.skew(Duration::from_secs(skew)))
            .map_err(errors::usage)?;
        expected = max_age.into_iter().fold(expected, |it, seconds| it.max_age(Duration::from_secs(seconds)));
        expected = vm_id.into_iter().fold(expected, |it, text| it.vm_id(text));
        expected = subscription_id.into_iter().fold(expected, |it, text| it.subscription_id(text));
        expected = sku.into_iter().fold(expected, |it, text| it.sku(text));
        expected = plan.into_iter().fold(expected, |it, plan| it.plan(plan.into()));
        Ok(Self(expected))
    }
}
