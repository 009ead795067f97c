//! The verifier, with what its verifications share between threads.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use azure_imds::Timestamp;
use azure_imds::attested::{Host, SharedMemory, VerifierMemory};
use azure_imds::bindings::{Arguments, SharedVerifier};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use crate::arguments::{argument, arguments, members};
use crate::call::Call;
use crate::errors;

/// A verifier, shared freely between threads.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Verifier(SharedVerifier<Memory>);

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
    fn new(options: &Bound<'_, PyDict>, bundled: Option<&[u8]>, waiters: usize) -> PyResult<Self> {
        let memory = Memory(Arc::new(Mutex::new(VerifierMemory::with_waiters(waiters))));
        let verifier = SharedVerifier::new(arguments(options)?, &["on_unknown_issuer", "cache_dir"], bundled, memory);
        verifier.map(Self).map_err(errors::usage)
    }

    /// Whether missing issuers are fetched.
    #[getter]
    const fn fetches(&self) -> bool {
        self.0.fetches()
    }

    /// Starts to verify. Without `explains` the report holds the verdict alone.
    fn start(
        &self,
        py: Python<'_>,
        document: PyBackedBytes,
        nonce: &Bound<'_, PyAny>,
        options: &Bound<'_, PyDict>,
        unix: u64,
        explains: bool,
    ) -> PyResult<Call> {
        let mut expected = members(options)?;
        expected.push(("nonce".to_owned(), argument("nonce", nonce)?));
        let (expected, clock) = (Arguments::new(Host::Python, expected), Timestamp::from_unix(unix));
        let verification = py.detach(|| self.0.start(&document, expected, &[], clock)).map_err(errors::usage)?;
        let verification = if explains { verification } else { verification.without_explanation() };
        Ok(Call::of_verification(verification))
    }

    /// Adds certificates of an earlier process as untrusted issuers, if they lead to an anchor. Says how many do.
    #[expect(clippy::needless_pass_by_value)]
    fn offer(&self, py: Python<'_>, certificates: Vec<PyBackedBytes>) -> usize {
        py.detach(|| self.0.offer(certificates.iter().map(|der| &**der)))
    }

    /// The issuers fetched or offered, DER.
    fn remembered<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let memory = locked(&self.0.memory().0);
        PyTuple::new(py, memory.certificates().map(|der| PyBytes::new(py, der)).collect::<Vec<_>>())
    }
}

/// What is behind a lock. A thread that ended while it held one has left nothing half done.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
