//! The roots that are trusted unless others are given. `build.rs` names them, and picks them out by SHA-256.

/// The default anchors, DER: DigiCert Global Root G2 and G3, Microsoft RSA and ECC Root Certificate Authority 2017.
///
/// Picked out of Mozilla's root programme (the crate `webpki-root-certs`) when this crate is built.
pub static DEFAULT_ANCHORS: &[&[u8]] = include!(concat!(env!("OUT_DIR"), "/default_anchors.rs"));
