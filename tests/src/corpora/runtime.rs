//! The crates under the core when it runs, counted, and why each of those that it names is there.

use std::collections::BTreeSet;
use std::process::Command;

/// Those that the core names: the crate, what for, and what comes along with it and with none above it.
pub const RUNTIME: &[(&str, &str, &[&str])] = &[
    ("base16ct", "hexadecimal", &[]),
    ("base64ct", "base64", &[]),
    (
        "crypto-bigint",
        "the arithmetic of RSA",
        &["cmov", "cpubits", "ctutils", "hybrid-array", "num-traits", "rand_core", "subtle", "typenum", "zeroize"],
    ),
    ("der", "reads the tags, lengths, times and identifiers of DER", &["const-oid"]),
    ("hifijson", "the grammar of JSON", &[]),
    (
        "p256",
        "ECDSA on P-256",
        &[
            "block-buffer",
            "crypto-common",
            "digest",
            "ecdsa",
            "elliptic-curve",
            "ff",
            "group",
            "hmac",
            "primefield",
            "primeorder",
            "rfc6979",
            "sec1",
            "signature",
            "wnaf",
        ],
    ),
    ("p384", "ECDSA on P-384", &[]),
    ("percent-encoding", "values in URLs, encoded once", &[]),
    ("rustls-pki-types", "the interface of signature algorithms", &[]),
    ("rustls-webpki", "judges paths", &["untrusted"]),
    ("sha2", "SHA-256, SHA-384, SHA-512", &["cfg-if", "cpufeatures"]),
    ("thiserror", "the texts of errors", &["proc-macro2", "quote", "syn", "thiserror-impl", "unicode-ident"]),
];

/// The names of all crates under the core, by cargo's own account; of a crate in two versions, one.
///
/// # Errors
///
/// A sentence, if cargo can't say.
pub fn tree() -> Result<BTreeSet<String>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--locked", "--package", "azure-imds", "--edges", "normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .map_err(|error| format!("starting cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let names = text.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty());
    Ok(names.filter(|name| *name != "azure-imds").map(String::from).collect())
}

/// The names listed here.
#[must_use]
pub fn listed() -> BTreeSet<String> {
    RUNTIME
        .iter()
        .flat_map(|(name, _, more)| std::iter::once(name).chain(*more))
        .map(|name| (*name).to_owned())
        .collect()
}

/// The table in Markdown.
#[must_use]
pub fn table() -> String {
    let mut table = String::from("| crate | what for | comes along |\n|---|---|---|\n");
    for (name, what, more) in RUNTIME {
        let more = more.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        table.push_str(&format!("| `{name}` | {what} | {more} |\n"));
    }
    table
}
