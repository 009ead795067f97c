//! The verifier with what its verifications share.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

use azure_imds::Timestamp;
use azure_imds::attested::{SharedMemory, VerifierMemory};
use azure_imds::bindings::SharedVerifier;
use wasm_bindgen::prelude::*;

use crate::convert::{arguments, count};
use crate::errors;
use crate::verification::Verification;

/// A verifier. Verifications may be under way at the same time.
#[wasm_bindgen]
pub struct Verifier(SharedVerifier<Memory>);

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
    /// Fixes what is trusted, by the names of its options.
    #[wasm_bindgen(constructor)]
    pub fn new(trusted: &JsValue, bundled: Option<Vec<u8>>) -> Result<Self, JsValue> {
        let memory = Memory(Rc::new(RefCell::new(VerifierMemory::with_waiters(WAITERS))));
        let made = SharedVerifier::new(arguments(trusted), &[], bundled.as_deref(), memory);
        made.map(Self).map_err(errors::usage)
    }

    /// Starts to verify a document of which something is expected. Unless it `explains`, it stops at the first failure.
    pub fn start(
        &self,
        document: &[u8],
        expected: &JsValue,
        unix: f64,
        explains: bool,
    ) -> Result<Verification, JsValue> {
        let started = self.0.start(document, arguments(expected), &[], Timestamp::from_unix(count(unix)));
        let exchange = started.map_err(errors::usage)?;
        Ok(Verification::new(if explains { exchange } else { exchange.without_explanation() }, explains))
    }
}
