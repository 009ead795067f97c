//! The test certificates, the hostile documents made with them, and the shared vectors.
//!
//! Everything follows from one seed and one clock, so that the vectors come out the same byte for byte.
//! The writers ([`asn1`], [`certificate`], [`signed_data`]) let every field be overridden: half of what
//! they write is wrong on purpose. Reading order: [`pki`], [`signed_data`], [`suite`], [`cases`].

pub mod asn1;
pub mod cases;
pub mod certificate;
pub mod checks;
pub mod claims;
pub mod clock;
pub mod corpora;
pub mod extension;
pub mod forgery;
pub mod generate;
pub mod input;
pub mod key;
pub mod key_ring;
pub mod load;
pub mod multi_prime;
pub mod mutants;
pub mod name;
pub mod oid;
pub mod parity;
pub mod pki;
pub mod rewritable;
pub mod rng;
pub mod scheme;
pub mod signed_data;
pub mod suite;
pub mod transcript;
