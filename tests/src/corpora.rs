//! Corpora that others made, each run through the layer of the verifier that it is about.

pub mod flaws;
pub mod hostile;
pub mod limbo;
pub mod mutation;
pub mod pkits;
pub mod runtime;
pub mod wycheproof;
