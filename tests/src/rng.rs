//! A random generator that gives the same bytes for the same seed, on every machine and for ever.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// SHA-256 of key and counter, block after block.
///
/// Good enough to sign with; what counts here is that no release of another crate changes its output.
#[derive(Clone, Debug)]
pub struct SeededRng {
    key: [u8; 32],
    counter: u64,
    block: Vec<u8>,
}

impl SeededRng {
    /// A generator for one purpose, independent of those for others.
    #[must_use]
    pub fn new(seed: &[u8], purpose: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update((seed.len() as u64).to_be_bytes());
        hash.update(seed);
        hash.update(purpose);
        Self { key: hash.finalize().into(), counter: 0, block: Vec::new() }
    }

    /// The next bytes.
    #[must_use]
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut out = vec![0; count];
        self.fill(&mut out);
        out
    }

    fn fill(&mut self, destination: &mut [u8]) {
        for byte in destination {
            if self.block.is_empty() {
                let mut hash = Sha256::new();
                hash.update(self.key);
                hash.update(self.counter.to_be_bytes());
                self.block = hash.finalize().to_vec();
                self.counter += 1;
            }
            *byte = self.block.pop().expect("block just filled");
        }
    }
}

impl TryRng for SeededRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        self.fill(destination);
        Ok(())
    }
}

impl TryCryptoRng for SeededRng {}
