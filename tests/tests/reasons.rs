//! What a refusal says is true of the document: of names, of who is missing, of what was checked and under which root.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use azure_imds::attested::{At, DEFAULT_ANCHORS, Host, by_subject};
use azure_imds::{Expectations, NONCE_NOT_CHECKED, Nonce, Report, Timestamp, Trust, Verifier, VerifyError};
use azure_imds_tests::asn1::{self, element, sequence, set, tag};
use azure_imds_tests::certificate::Certificate;
use azure_imds_tests::claims::{Claims, NONCE};
use azure_imds_tests::extension::{self, general_name};
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::{self, Pki};
use azure_imds_tests::suite::expectations;
use azure_imds_tests::{clock, name, oid};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::new(KeyRing::parse(include_str!("../vectors/keys.json"))));

fn explained(leaf: &Certificate, issuers: &[&Certificate], anchors: &[&[u8]], at: impl Into<At>) -> Report {
    let trust = anchors.iter().fold(Trust::builder_without_anchors(), |trust, it| trust.anchors(it).unwrap());
    let trust = issuers.iter().fold(trust, |trust, it| trust.issuers(&it.der).unwrap());
    let expected = Expectations::new(Nonce::new(NONCE).unwrap());
    Verifier::new(trust.build()).explain(&PKI.signed_by(leaf).der(), &expected, at)
}

fn now() -> Timestamp {
    Timestamp::from_unix(clock::NOW.unsigned_abs())
}

/// A name of the table of known issuers.
fn known(common_name: &'static str) -> Vec<u8> {
    let parts = [(oid::COUNTRY, "US"), (oid::ORGANIZATION, "Microsoft Corporation"), (oid::COMMON_NAME, common_name)];
    name::name(&parts)
}

/// A leaf of ours that names an issuer of the table.
fn leaf_below(common_name: &'static str) -> Certificate {
    PKI.leaf().with(|leaf| leaf.issuer = known(common_name)).issue()
}

#[test]
fn a_name_is_escaped_once_and_shows_all_that_is_in_it() {
    let part = |kind, text: &str| set(&[sequence(&[asn1::oid(kind), element(tag::UTF8_STRING, text.as_bytes())])]);
    let odd =
        sequence(&[part(oid::ORGANIZATION, "x,CN=DigiCert Global Root G2"), part(oid::COMMON_NAME, "a\u{2800}\"b")]);
    let root = pki::root("", &PKI.keys.key("attacker")).with(|it| (it.subject, it.issuer) = (odd.clone(), odd)).issue();
    let issuing = pki::issuing(name::authority("Attacker's CA"), &PKI.keys.key("attacker_ca"), &root).issue();
    let report = explained(&PKI.leaf_of(&issuing).issue(), &[&issuing, &root], &[&PKI.root.der], now());
    let shown = r#"CN=a\E2\A0\80\"b,O=x\,CN=DigiCert Global Root G2"#;
    assert_eq!(report.chain().last().unwrap().subject, shown);
    let error = report.verdict().unwrap_err();
    assert_eq!(error.code(), "root_not_trusted");
    assert!(error.to_string().starts_with(&format!("the root \"{shown}\" is not trusted")), "{error}");
}

#[test]
fn all_certificates_of_a_missing_issuer_are_named_each_with_its_own_address() {
    for common_name in [
        "Microsoft Azure RSA TLS Issuing CA 03",
        "Microsoft Azure RSA TLS Issuing CA 04",
        "Microsoft Azure RSA TLS Issuing CA 07",
        "Microsoft Azure RSA TLS Issuing CA 08",
    ] {
        let subject = format!("CN={common_name},O=Microsoft Corporation,C=US");
        let twins: BTreeSet<_> = by_subject(&subject)
            .map(|it| (subject.clone(), Some(HEXLOWER.encode(&it.sha256)), it.url.map(str::to_owned)))
            .collect();
        assert_eq!(twins.len(), 2, "{subject}");
        // Before the cross-sign ended and after.
        for seconds in [1_713_807_225, clock::NOW.unsigned_abs()] {
            let leaf = PKI
                .leaf()
                .with(|leaf| leaf.issuer = known(common_name))
                .valid(clock::midnight(2024, 1, 1), clock::LEAF_END)
                .issue();
            let report = explained(&leaf, &[], DEFAULT_ANCHORS, Timestamp::from_unix(seconds));
            let error = report.verdict().unwrap_err();
            let missing = error.missing().into_iter().map(|it| (it.name.as_str().to_owned(), it.sha256, it.url));
            assert_eq!((error.code(), missing.collect::<BTreeSet<_>>()), ("issuer_missing", twins.clone()), "{error}");
            assert!(error.to_string().contains("; or another certificate of that issuer (SHA-256 "), "{error}");
        }
    }
}

#[test]
fn all_that_is_missing_up_to_an_anchor_is_named_at_once() {
    let leaf = leaf_below("Microsoft TLS G2 RSA CA OCSP 02");
    let names = |anchors: &[&[u8]], issuers: &[&Certificate]| {
        let report = explained(&leaf, issuers, anchors, now());
        let error = report.verdict().unwrap_err();
        assert_eq!(error.code(), "issuer_missing", "{error}");
        error
            .missing()
            .into_iter()
            .map(|it| {
                assert!(it.sha256.is_some() && it.url.is_some(), "{error}");
                it.name.as_str().split(',').next().unwrap().to_owned()
            })
            .collect::<Vec<_>>()
    };
    let (lower, upper) = ("CN=Microsoft TLS G2 RSA CA OCSP 02", "CN=Microsoft TLS RSA Root G2");
    assert_eq!(names(DEFAULT_ANCHORS, &[]), [lower, upper]);
    // What is at hand is not missing: a cross-sign of that root, or the root as an anchor.
    let cross = pki::issuing(known("Microsoft TLS RSA Root G2"), &PKI.keys.key("root_g2"), &PKI.root).issue();
    assert_eq!(names(DEFAULT_ANCHORS, &[&cross]), [lower]);
    let root = pki::root("", &PKI.keys.key("root_g2"))
        .with(|it| it.subject = known("Microsoft TLS RSA Root G2"))
        .with(|it| it.issuer = it.subject.clone())
        .issue();
    assert_eq!(names(&[&root.der], &[]), [lower]);
}

#[test]
fn constraints_on_directory_names_are_said_not_to_be_compared() {
    let told = |permitted: &[Vec<u8>], excluded: &[Vec<u8>]| {
        let issuer = PKI.authority().extension(extension::name_constraints(permitted, excluded)).issue();
        let report = explained(&PKI.leaf_of(&issuer).issue(), &[&issuer], &[&PKI.root.der], now());
        report.verdict().unwrap_err().to_string()
    };
    let directory = [general_name::directory(&name::authority("nobody"))];
    let not_compared = "the name constraints of a CA speak of directory names; these are not compared, so every \
                        certificate below it is refused";
    assert_eq!(told(&[], &directory), not_compared);
    assert_eq!(told(&directory, &[]), not_compared);
    assert_eq!(told(&[], &[general_name::dns("azure.com")]), "the name constraints of a CA exclude a name below it");
}

#[test]
fn who_judged_at_the_signing_time_is_not_sent_there() {
    let ended = PKI.leaf().valid(clock::midnight(2020, 1, 1), clock::midnight(2021, 1, 1)).issue();
    let early = PKI.leaf().valid(clock::midnight(2040, 1, 1), clock::midnight(2041, 1, 1)).issue();
    for leaf in [&ended, &early] {
        let advice = |at: At| {
            let report = explained(leaf, &[&PKI.issuing], &[&PKI.root.der], at);
            report.verdict().unwrap_err().next_step()
        };
        let (at_signing, at_present) = (advice(At::SigningTime), advice(now().into()));
        assert_ne!(at_signing, at_present);
        assert!(at_signing.starts_with("refuse it:") && !at_signing.contains("SigningTime"), "{at_signing}");
    }
}

#[test]
fn an_anchor_is_worth_nothing_once_its_own_time_is_over() {
    let anchor = PKI.anchor().valid(clock::midnight(2000, 1, 1), clock::midnight(2025, 1, 1)).issue();
    let issuing = PKI.authority_of(&anchor).issue();
    let report = explained(&PKI.leaf_of(&issuing).issue(), &[&issuing], &[&anchor.der], now());
    let VerifyError::CertificateExpired { subject, .. } = report.verdict().unwrap_err() else { panic!("{report}") };
    assert!(subject.as_str().contains("azure-imds test Root CA 02"), "{subject}");
}

#[test]
fn a_root_that_was_added_is_named() {
    let report = explained(&PKI.leaf, &[&PKI.issuing], &[&PKI.root.der], now());
    let document = report.verdict().unwrap();
    assert!(!document.is_default_anchor());
    let anchor = document.anchor().unwrap();
    assert_eq!(anchor.der, PKI.root.der);
    let told = format!("verified against a root you added: {}, SHA-256 {}", anchor.subject, anchor.fingerprint());
    assert!(document.to_string().contains(&told), "{document}");
    assert!(!document.to_string().starts_with("Azure"), "{document}");
}

/// Every text in double quotes of a message: the values that were compared.
fn quoted(message: &str) -> Vec<&str> {
    message
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|value| value.len() > 3 && !["pkcs7", "absent"].contains(value))
        .collect()
}

#[test]
fn nothing_fit_for_a_stranger_holds_a_value() {
    let suite: Value = serde_json::from_str(include_str!("../vectors/attested.json")).unwrap();
    let named = |names: &Value| -> Vec<Vec<u8>> {
        let names = names.as_array().unwrap().iter().map(|name| &suite["certificates"][name.as_str().unwrap()]);
        names.map(|it| BASE64.decode(it.as_str().unwrap().as_bytes()).unwrap()).collect()
    };
    let mut seen = BTreeSet::new();
    for case in suite["cases"].as_array().unwrap().iter().filter(|case| case["verdict"] != "verified") {
        let trust =
            named(&case["anchors"]).iter().fold(Trust::builder_without_anchors(), |it, der| it.anchors(der).unwrap());
        let trust = named(&case["issuers"]).iter().fold(trust, |it, der| it.issuers(der).unwrap());
        let denied = case["deny"].as_array().into_iter().flatten();
        let trust = denied.fold(trust, |it, digest| it.deny_fingerprint(digest.as_str().unwrap()).unwrap()).build();
        let input = case["input"]["text"].as_str().map_or_else(
            || BASE64.decode(case["input"]["base64"].as_str().unwrap().as_bytes()).unwrap(),
            |text| text.as_bytes().to_vec(),
        );
        let at = case["at"].as_u64().map_or(At::SigningTime, |seconds| At::Time(Timestamp::from_unix(seconds)));
        let report = Verifier::new(trust).explain(&input, &expectations(&case["expect"]), at);
        let error = report.verdict().unwrap_err();
        seen.insert(error.code());
        let mut values: Vec<String> = quoted(&error.to_string()).into_iter().map(str::to_owned).collect();
        for (name, value) in case["expect"].as_object().unwrap() {
            values.extend(value.as_str().filter(|_| name != "clouds").map(str::to_owned));
        }
        let steps = Host::ALL.iter().map(|host| error.next_step_for(*host));
        for text in steps.chain([error.summary().to_owned()]) {
            for value in &values {
                assert!(!text.contains(value.as_str()), "{}: {text:?} holds {value:?}", case["id"]);
            }
            assert!(!text.contains(['{', '}', '"']) && text.contains(' '), "{text}");
        }
    }
    // Each code but those that no document alone can give, as the test of the suite lists them.
    let unseen: Vec<_> = VerifyError::CODES.iter().filter(|code| !seen.contains(*code)).collect();
    assert_eq!(unseen, [&"fetch_overflow"]);
    let nobody = Expectations::new(NONCE_NOT_CHECKED);
    let report = Verifier::default().explain(PKI.claiming(Claims::default()).der().as_slice(), &nobody, now());
    assert!(!report.verdict().unwrap_err().summary().is_empty());
}
