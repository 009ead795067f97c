//! The table of known issuers against the real certificates, which this repository does not hold.
//!
//! Runs if `AZURE_IMDS_REAL_VECTORS` names a folder with `ca/*.pem` and `documents/*.b64`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use azure_imds::Timestamp;
use azure_imds::attested::{KnownIssuer, Role, known_issuers};
use data_encoding::BASE64;
use der::asn1::AnyRef;
use der::{Decode, DecodePem, Encode, Reader, SliceReader};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::ext::pkix::AuthorityInfoAccessSyntax;
use x509_cert::ext::pkix::name::GeneralName;

/// Certificates in the folder that never issued a document and are not in the table.
const LOOK_ALIKES: &[&str] = &[
    "digicert_cloud_services_ca_1",
    "digicert_sha2_secure_server_ca",
    "digicert_tls_hybrid_ecc_sha384_2020_ca1",
    "digicert_tls_rsa_sha256_2020_ca1",
    "geotrust_global_tls_rsa4096_sha256_2022_ca1",
    "geotrust_tls_dv_rsa_mixed_sha256_2020_ca_1",
    "root-digicert_tls_ecc_p384_root_g5",
    "root-digicert_tls_rsa4096_root_g5",
];

#[test]
fn known_issuers_are_as_in_their_certificates() {
    let Some(folder) = real_vectors() else { return };
    let mut found = BTreeSet::new();
    for (file, text) in files(folder.join("ca"), "pem") {
        let certificate = Certificate::from_pem(&text).unwrap();
        let sha256: [u8; 32] = Sha256::digest(certificate.to_der().unwrap()).into();
        let Some(known) = known_issuers().iter().find(|known| known.sha256 == sha256) else {
            assert!(LOOK_ALIKES.contains(&file.as_str()), "{file} is not in the table");
            continue;
        };
        assert!(!LOOK_ALIKES.contains(&file.as_str()), "{file} is in the table");
        assert!(found.insert(sha256), "{file} is there twice");
        check(known, &certificate);
    }
    let unseen: Vec<_> = known_issuers().iter().filter(|known| !found.contains(&known.sha256)).collect();
    assert!(unseen.is_empty(), "without a certificate: {unseen:?}");
}

fn check(known: &KnownIssuer, certificate: &Certificate) {
    let name = known.name;
    let tbs = certificate.tbs_certificate();
    let (subject, issuer) = (tbs.subject().to_string(), tbs.issuer().to_string());
    assert_eq!(known.subject, subject);
    assert!(subject.starts_with(&format!("CN={name},")), "{subject}");
    assert!(issuer.starts_with(&format!("CN={},", known.issuer)), "{issuer}");
    let seconds = |time: x509_cert::time::Time| Timestamp::from_unix(time.to_unix_duration().as_secs());
    assert_eq!(known.not_before, seconds(tbs.validity().not_before), "{name}");
    assert_eq!(known.not_after, seconds(tbs.validity().not_after), "{name}");
    assert_eq!(known.kind == Role::Root, subject == issuer, "{name}");
    // Where this certificate says its issuer is, the table says a certificate of that subject is.
    for url in authority_urls(certificate) {
        assert!(listed_somewhere(&url, &issuer), "{name}: {url}");
    }
}

#[test]
fn issuers_of_real_documents_are_known_with_their_urls() {
    let Some(folder) = real_vectors() else { return };
    let mut urls = 0;
    for (file, text) in files(folder.join("documents"), "b64") {
        let text: String = text.split_whitespace().collect();
        let document = BASE64.decode(text.as_bytes()).unwrap();
        let leaf = embedded_certificate(&document);
        let (subject, issuer) = (leaf.tbs_certificate().subject(), leaf.tbs_certificate().issuer());
        if subject == issuer {
            continue; // The documentation's sample.
        }
        let issuer = issuer.to_string();
        assert!(known_issuers().iter().any(|known| known.subject == issuer), "{file}: {issuer}");
        for url in authority_urls(&leaf) {
            assert!(listed_somewhere(&url, &issuer), "{file}: {url}");
            urls += 1;
        }
    }
    assert!(urls >= 4, "only {urls} URLs seen");
}

/// Whether the table has this URL for this subject. Microsoft serves the same files under two names.
fn listed_somewhere(url: &str, subject: &str) -> bool {
    let url = url.replacen("http://caissuers.microsoft.com/", "http://www.microsoft.com/", 1);
    known_issuers().iter().any(|known| known.subject == subject && known.url == Some(url.as_str()))
}

fn authority_urls(certificate: &Certificate) -> Vec<String> {
    let Some((_, access)) = certificate.tbs_certificate().get_extension::<AuthorityInfoAccessSyntax>().unwrap() else {
        return Vec::new();
    };
    let issuers = access.0.iter().filter(|access| access.access_method.to_string() == "1.3.6.1.5.5.7.48.2");
    issuers
        .map(|access| match &access.access_location {
            GeneralName::UniformResourceIdentifier(url) => url.to_string(),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// The first certificate of `ContentInfo { type, [0] SignedData { version, digests, content, [0] certificates, .. } }`.
fn embedded_certificate(document: &[u8]) -> Certificate {
    let content_info = children(AnyRef::from_der(document).unwrap());
    let signed_data = children(content_info[1]);
    let certificates = children(signed_data[0])[3];
    Certificate::from_der(certificates.value()).unwrap()
}

fn children(outer: AnyRef<'_>) -> Vec<AnyRef<'_>> {
    let mut reader = SliceReader::new(outer.value()).unwrap();
    let mut children = Vec::new();
    while !reader.is_finished() {
        children.push(AnyRef::decode(&mut reader).unwrap());
    }
    children
}

fn files(folder: PathBuf, extension: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "nothing in {}", folder.display());
    files
}

fn real_vectors() -> Option<PathBuf> {
    let folder = env::var_os("AZURE_IMDS_REAL_VECTORS").map(PathBuf::from);
    if folder.is_none() {
        println!("AZURE_IMDS_REAL_VECTORS is not set: nothing compared");
    }
    folder
}
