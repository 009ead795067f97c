//! Picks the default trust anchors out of `webpki-root-certs`, by SHA-256.

// A build script has nobody to hand an error to: it stops the build with a sentence.
#![allow(clippy::panic, clippy::expect_used)]

use std::{env, fs, path::PathBuf};

use sha2::{Digest, Sha256};

/// Name and SHA-256 of each default anchor.
const ANCHORS: &[(&str, &str)] = &[
    ("DigiCert Global Root G2", "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f"),
    ("DigiCert Global Root G3", "31ad6648f8104138c738f39ea4320133393e3a18cc02296ef97c2ac9ef6731d0"),
    (
        "Microsoft RSA Root Certificate Authority 2017",
        "c741f70f4b2a8d88bf2e71c14122ef53ef10eba0cfa5e64cfa20f418853073e0",
    ),
    (
        "Microsoft ECC Root Certificate Authority 2017",
        "358df39d764af9e1b766e9c972df352ee15cfac227af6ad1d70e8e4a6edcba02",
    ),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut source = String::from("&[\n");
    for (index, (name, sha256)) in ANCHORS.iter().enumerate() {
        let root = webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .find(|root| hex(&Sha256::digest(root)) == *sha256)
            .unwrap_or_else(|| {
                panic!(
                    "the crate webpki-root-certs no longer holds the root \"{name}\" (SHA-256 {sha256}), a default \
                     trust anchor of azure-imds: require an older release of that crate, or drop the anchor from \
                     core/build.rs if the root was withdrawn"
                )
            });
        fs::write(out.join(format!("anchor-{index}.der")), root).expect("OUT_DIR can be written");
        source.push_str(&format!("    include_bytes!(concat!(env!(\"OUT_DIR\"), \"/anchor-{index}.der\")),\n"));
    }
    source.push_str("]\n");
    fs::write(out.join("default_anchors.rs"), source).expect("OUT_DIR can be written");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
