//! The paths of PKITS for signers: its leafs are good for no server, so each is issued anew with that purpose added.
//!
//! The suite comes with the keys of its CAs. A leaf keeps everything else, and if its signature was wrong, so it is
//! again; the document is signed by the leaf's own key.

use std::fs;
use std::path::Path;
use std::process::Command;

use azure_imds::Timestamp;
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey as _;

use super::imported::{certificate, document};
use super::question::Question;
use crate::asn1::{bit_string, element, elements, sequence, tag};
use crate::corpora::limbo;
use crate::corpora::pkits::{self, ANCHOR, PathCase};
use crate::extension;
use crate::input::Input;
use crate::key::Key;
use crate::oid;
use crate::scheme::{Hash, Scheme};

/// The row of the table.
pub const CORPUS: &str = "PKITS paths, leaf issued anew";

/// All paths, or none with the reason on standard error if OpenSSL can't read the suite's keys.
///
/// # Panics
///
/// If the data are not what they should be, or if OpenSSL can't read the keys in continuous integration.
#[must_use]
pub fn paths(folder: &Path) -> Vec<Question> {
    if let Err(reason) = key(folder, ANCHOR) {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "the keys of PKITS can't be read: {reason}");
        eprintln!("skipped: {CORPUS}: {reason}");
        return Vec::new();
    }
    pkits::path_cases(folder).iter().map(|case| path(folder, case)).collect()
}

fn path(folder: &Path, case: &PathCase) -> Question {
    let at = Timestamp::from_unix(pkits::TIME);
    let signer = key(folder, &case.leaf_name).expect("the leaf's key");
    let leaf = certificate(&issued_anew(folder, case), Some(signer));
    Question {
        id: format!("pkits::{} {}, issued anew", case.id, case.name),
        corpus: CORPUS,
        input: Input::der(&document(&leaf, at).der()),
        anchors: vec![case.anchor.clone()],
        issuers: case.issuers.clone(),
        denied: Vec::new(),
        at: Some(at.unix()),
        expect: Question::usual_expectations(),
    }
}

fn issued_anew(folder: &Path, case: &PathCase) -> Vec<u8> {
    let [to_be_signed, algorithm, signature] = elements(&case.leaf)[..] else { panic!("no certificate") };
    let scheme = Scheme::Pkcs1(Hash::Sha256);
    let names = case.issuer_names.iter().map(String::as_str).chain([ANCHOR]);
    let certificates = case.issuers.iter().chain([&case.anchor]);
    let authorities: Vec<(Key, Vec<u8>)> = names
        .zip(certificates)
        .map(|(name, der)| (key(folder, name).expect("a CA's key"), certificate(der, None).subject))
        .collect();
    // A signature of this kind is always the same, so who signed can be seen by signing again.
    let signed = |key: &Key| bit_string(&key.sign(scheme, to_be_signed)) == signature;
    let issuer_name = certificate(&case.leaf, None).issuer;
    let by_signature = authorities.iter().find(|(key, _)| signed(key));
    let by_name = || authorities.iter().find(|(_, subject)| *subject == issuer_name);
    let (issuer, _) = by_signature.or_else(by_name).expect("a CA of the leaf");
    let purposes = extension::purposes(&[oid::SERVER_AUTH]).der();
    let mut parts: Vec<Vec<u8>> = elements(to_be_signed).into_iter().map(<[u8]>::to_vec).collect();
    let extensions = match parts.last() {
        Some(last) if last[0] == tag::explicit(3) => elements(elements(last)[0]).concat(),
        _ => Vec::new(),
    };
    if !extensions.is_empty() {
        parts.pop();
    }
    parts.push(element(tag::explicit(3), &sequence(&[extensions, purposes])));
    let to_be_signed = sequence(&parts);
    let mut signature = issuer.sign(scheme, &to_be_signed);
    if by_signature.is_none() {
        signature[0] ^= 1;
    }
    sequence(&[to_be_signed, algorithm.to_vec(), bit_string(&signature)])
}

/// The key beside a certificate, kept in a form that is quick to read.
fn key(folder: &Path, name: &str) -> Result<Key, String> {
    let kept = folder.join("keys").join(format!("{name}.pem"));
    if !kept.exists() {
        let output = Command::new("openssl")
            .args(["pkcs12", "-legacy", "-nodes", "-nocerts", "-passin", "pass:password", "-in"])
            .arg(pkits::data(folder).join("pkcs12").join(format!("{name}.p12")))
            .output()
            .map_err(|error| format!("starting openssl: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let from = text.find("-----BEGIN").ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
        fs::create_dir_all(folder.join("keys")).map_err(|error| error.to_string())?;
        fs::write(&kept, &text[from..]).map_err(|error| error.to_string())?;
    }
    let pem = fs::read_to_string(&kept).map_err(|error| error.to_string())?;
    RsaPrivateKey::from_pkcs8_der(&limbo::der(&pem)).map(Key::rsa).map_err(|error| error.to_string())
}
