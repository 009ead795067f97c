//! Documents that Azure signed between 2018 and 2026. They are not part of this repository: the tests look for them in
//! the folder that `AZURE_IMDS_REAL_VECTORS` names.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use azure_imds::attested::{At, ChainCertificate, Outcome, TrustBuilder};
use azure_imds::layers;
use azure_imds::{Cloud, Expectations, NONCE_NOT_CHECKED, SignedDocument, Timestamp, Trust, Verifier};
use azure_imds_tests::asn1::algorithm;
use azure_imds_tests::oid;
use azure_imds_tests::rewritable::Rewritable;
use der::{DecodePem, Encode};
use x509_cert::Certificate;

const BALTIMORE: &str = "16af57a9f676b0ab126095aa5ebadef22ab31119d644ac95cd4b93dbf3f26aeb";

/// A document, the moment at which it is judged, and the issuers that it needs.
struct Real {
    document: &'static str,
    time: u64,
    issuers: &'static [&'static str],
    vm_id: &'static str,
    hops: usize,
}

const OF_2022: Real = Real {
    document: "2022-04-19_southcentralus_rsa_tls_ca_01",
    time: 1_650_331_701,
    issuers: &["microsoft_rsa_tls_ca_01"],
    vm_id: "bd8e7443-24a0-41f3-b949-8baf4fd1c573",
    hops: 3,
};
const OF_2024: Real = Real {
    document: "2024-04-22_eastus_azure_rsa_08",
    time: 1_713_807_225,
    issuers: &["microsoft_azure_rsa_tls_issuing_ca_08_xsign"],
    vm_id: "960a4b4a-dab2-44ef-9b73-7753043b4f16",
    hops: 3,
};
const OF_2026: Real = Real {
    document: "2026-06-25_eastus_tls_g2_ocsp_02",
    time: 1_782_413_865,
    issuers: &["microsoft_tls_g2_rsa_ca_ocsp_02", "microsoft_tls_rsa_root_g2_xsign_digicert_g2"],
    vm_id: "dc18de58-292f-4794-9a5d-a4192bad0039",
    hops: 4,
};

/// The folder, or nothing with the reason on standard error.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("AZURE_IMDS_REAL_VECTORS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: real documents: AZURE_IMDS_REAL_VECTORS names no folder");
    }
    folder
}

impl Real {
    fn input(&self, folder: &Path) -> Vec<u8> {
        fs::read(folder.join("documents").join(self.document).with_extension("b64")).unwrap()
    }

    fn trust(&self, folder: &Path) -> TrustBuilder {
        self.issuers.iter().fold(Trust::builder(), |trust, name| trust.issuers(&certificate(folder, name)).unwrap())
    }

    fn code(&self, folder: &Path, trust: TrustBuilder) -> &'static str {
        code(&Verifier::new(trust.build()), &self.input(folder), &any(), self.time)
    }
}

fn certificate(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join("ca").join(name).with_extension("pem")).unwrap()
}

fn certificate_der(folder: &Path, name: &str) -> Vec<u8> {
    ChainCertificate::in_bundle(&certificate(folder, name)).unwrap().remove(0).der
}

fn any() -> Expectations {
    Expectations::new(NONCE_NOT_CHECKED)
}

fn code(verifier: &Verifier, input: &[u8], expectations: &Expectations, time: u64) -> &'static str {
    let document = match SignedDocument::parse(input) {
        Ok(document) => document,
        Err(error) => return error.code(),
    };
    let verdict = verifier.verify(&document, expectations, Timestamp::from_unix(time));
    verdict.map_or_else(|error| error.code(), |_| "verified")
}

#[test]
fn every_authority_that_issued_for_azure_keeps_the_profile() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for file in fs::read_dir(folder.join("ca")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let der = Certificate::from_pem(fs::read(&path).unwrap()).unwrap().to_der().unwrap();
        assert_eq!(layers::authority_profile(&der, name.starts_with("root-")), Ok(()), "{name}");
        count += 1;
    }
    assert!(count > 50, "{count}");
}

#[test]
fn verify_at_their_time() {
    let Some(folder) = folder() else { return };
    for real in [&OF_2024, &OF_2026] {
        let verifier = Verifier::new(real.trust(&folder).build());
        let document = SignedDocument::parse(&real.input(&folder)).unwrap();
        let verified = verifier.verify(&document, &any(), Timestamp::from_unix(real.time)).unwrap();
        assert_eq!(verified.vm_id(), real.vm_id);
        assert_eq!(verified.cloud(), Cloud::Public);
        assert_eq!(verified.region(), Some("eastus"));
        assert_eq!(verified.chain().len(), real.hops);
        assert_eq!(verified.expires_on().duration_since(verified.created_on()), Duration::from_secs(6 * 3600));
        assert_eq!(verified.unknown_issuers().count(), 0);
        let archived = verifier.verify(&document, &any(), At::SigningTime).unwrap();
        assert_eq!((archived.vm_id(), archived.identity()), (real.vm_id, verified.identity()));
        // Every form in which this very document can be handed in by somebody who has only it.
        let mut rewritten = Rewritable::of_der(document.der());
        assert_eq!(rewritten.identity(), verified.identity().to_string());
        rewritten.bag.push(certificate_der(&folder, real.issuers[0]));
        rewritten.digest = algorithm(oid::SHA256);
        let other = SignedDocument::parse(&rewritten.der()).unwrap();
        let other = verifier.verify(&other, &any(), Timestamp::from_unix(real.time)).unwrap();
        assert_eq!(other.identity(), verified.identity());
        for issuer in &verified.chain()[1..] {
            let denying = real.trust(&folder).deny(issuer.public_key_sha256);
            assert_eq!(real.code(&folder, denying), "certificate_denied", "{}", issuer.subject);
        }
    }
}

#[test]
fn either_copy_of_a_cross_signed_issuer_will_do() {
    let Some(folder) = folder() else { return };
    let (xsign, direct) =
        ("microsoft_azure_rsa_tls_issuing_ca_08_xsign", "microsoft_azure_rsa_tls_issuing_ca_08_direct_msroot2017");
    let roots = ["root-digicert_global_root_g2", "root-microsoft_rsa_root_certificate_authority_2017"];
    for order in [[xsign, direct], [direct, xsign]] {
        for root in roots {
            let anchors = Trust::builder_without_anchors().anchors(&certificate(&folder, root)).unwrap();
            let trust = order.iter().fold(anchors, |trust, name| trust.issuers(&certificate(&folder, name)).unwrap());
            assert_eq!(OF_2024.code(&folder, trust), "verified", "{order:?} under {root}");
        }
    }
}

#[test]
fn the_chain_of_2022_names_its_root() {
    let Some(folder) = folder() else { return };
    let verifier = Verifier::new(OF_2022.trust(&folder).build());
    let report = verifier.explain(&OF_2022.input(&folder), &any(), Timestamp::from_unix(OF_2022.time));
    let error = report.verdict().unwrap_err();
    assert_eq!(error.code(), "root_not_trusted");
    let text = error.to_string();
    assert!(text.contains("Baltimore CyberTrust Root") && text.contains(BALTIMORE), "{text}");
    let baltimore = certificate(&folder, "root-baltimore_cybertrust_root");
    let as_issuer = OF_2022.trust(&folder).issuers(&baltimore).unwrap();
    assert_eq!(OF_2022.code(&folder, as_issuer), "root_not_trusted");
    let as_anchor = OF_2022.trust(&folder).anchors(&baltimore).unwrap();
    assert_eq!(OF_2022.code(&folder, as_anchor), "verified");
}

#[test]
fn are_refused_without_their_issuers() {
    let Some(folder) = folder() else { return };
    for (real, name) in [
        (&OF_2022, "Microsoft RSA TLS CA 01"),
        (&OF_2024, "Microsoft Azure RSA TLS Issuing CA 08"),
        (&OF_2026, "Microsoft TLS G2 RSA CA OCSP 02"),
    ] {
        let report = Verifier::default().explain(&real.input(&folder), &any(), Timestamp::from_unix(real.time));
        let error = report.verdict().unwrap_err();
        assert_eq!(error.code(), "issuer_missing");
        let text = error.to_string();
        assert!(
            text.contains(name) && text.contains("SHA-256") && text.contains("http://www.microsoft.com/"),
            "{text}"
        );
    }
    let half = Trust::builder().issuers(&certificate(&folder, OF_2026.issuers[0])).unwrap();
    assert_eq!(OF_2026.code(&folder, half), "issuer_missing");
}

#[test]
fn are_refused_at_another_time_and_for_another_cloud() {
    let Some(folder) = folder() else { return };
    let baltimore = certificate(&folder, "root-baltimore_cybertrust_root");
    for real in [&OF_2022, &OF_2024, &OF_2026] {
        let verifier = Verifier::new(real.trust(&folder).anchors(&baltimore).unwrap().build());
        let input = real.input(&folder);
        let at = |time| code(&verifier, &input, &any(), time);
        assert_eq!(at(real.time), "verified");
        assert_eq!(at(real.time + 7 * 3600), "document_expired");
        assert_eq!(at(real.time - 3600), "document_not_yet_valid");
        assert_eq!(at(real.time + 3 * 365 * 86_400), "certificate_expired");
        assert_eq!(at(real.time - 3 * 365 * 86_400), "certificate_not_yet_valid");
        for cloud in [Cloud::UsGov, Cloud::China, Cloud::Germany] {
            let other = any().clouds(&[cloud]).unwrap();
            assert_eq!(code(&verifier, &input, &other, real.time), "cloud_mismatch");
        }
    }
}

/// Byte by byte: the content and the signature are changed in every place, and nowhere else.
#[test]
fn are_refused_with_any_byte_of_content_or_signature_changed() {
    let Some(folder) = folder() else { return };
    let baltimore = certificate(&folder, "root-baltimore_cybertrust_root");
    for real in [&OF_2022, &OF_2024, &OF_2026] {
        let verifier = Verifier::new(real.trust(&folder).anchors(&baltimore).unwrap().build());
        let document = SignedDocument::parse(&real.input(&folder)).unwrap();
        let (der, content) = (document.der().to_vec(), document.unverified_content());
        let start = der.windows(content.len()).position(|window| window == content).unwrap();
        let signature = der.len() - 256..der.len();
        for index in (start..start + content.len()).chain(signature) {
            let mut changed = der.clone();
            changed[index] ^= 1;
            assert_eq!(code(&verifier, &changed, &any(), real.time), "content_signature", "byte {index}");
        }
    }
}

#[test]
fn the_documented_sample_is_right_in_its_signature_alone() {
    let Some(folder) = folder() else { return };
    let input = fs::read(folder.join("documents/2018-11-20_sample_selfsigned_md5.b64")).unwrap();
    let report = Verifier::default().explain(&input, &any(), Timestamp::from_unix(1_542_751_719));
    assert_eq!(report.verdict().unwrap_err().code(), "key_too_small");
    let outcome = |name| &report.checks().iter().find(|line| line.check.name() == name).unwrap().outcome;
    assert_eq!(*outcome("content_signature"), Outcome::Passed);
    assert_eq!(outcome("chain").name(), "failed");
}
