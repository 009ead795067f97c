//! What a caller is told of a document: what was signed, how each check came out, and what that comes to.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use azure_imds::attested::{
    At, ChainCache, ChainCertificate, Check, Headline, InputForm, MissingIssuer, Outcome, Plan, TimeBasis,
};
use azure_imds::{
    Cloud, Expectations, NONCE_NOT_CHECKED, Nonce, Quoted, Report, SignedDocument, Timestamp, Trust, VerifiedDocument,
    Verifier, VerifyError,
};
use azure_imds_tests::asn1::algorithm_null;
use azure_imds_tests::certificate::Certificate;
use azure_imds_tests::claims::{Claims, NONCE, SKU, SUBSCRIPTION_ID, VM_ID};
use azure_imds_tests::corpora::hostile::{expectations, now};
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::{self, Pki};
use azure_imds_tests::scheme::{Hash, Scheme};
use azure_imds_tests::signed_data::Document;
use azure_imds_tests::{clock, name, oid};
use data_encoding::HEXLOWER;

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::new(KeyRing::parse(include_str!("../vectors/keys.json"))));

/// The common name of a root that is trusted by default.
const ROOT_G2: &str = "DigiCert Global Root G2";

fn verifier(issuers: &[&Certificate]) -> Verifier {
    let trust = Trust::builder_without_anchors().anchors(&PKI.root.der).unwrap().anchors(&PKI.ecc_root.der).unwrap();
    let trust = issuers.iter().fold(trust, |trust, issuer| trust.issuers(&issuer.der).unwrap());
    Verifier::new(trust.build())
}

fn explained(document: &Document, expectations: &Expectations, at: impl Into<At>) -> Report {
    verifier(&[&PKI.issuing, &PKI.ecc_issuing]).explain(&document.der(), expectations, at)
}

fn verified(document: &Document, expectations: &Expectations, at: impl Into<At>) -> VerifiedDocument {
    explained(document, expectations, at).into_verdict().unwrap()
}

#[test]
fn a_verified_document_says_what_was_signed() {
    let claims = Claims::default().plan("standard", "appliance", "contoso");
    let document = verified(&PKI.claiming(claims.clone()), &expectations(), now());
    assert_eq!(document.content(), claims.render());
    assert_eq!((document.vm_id(), document.subscription_id()), (VM_ID, Some(SUBSCRIPTION_ID)));
    assert_eq!((document.sku(), document.nonce()), (Some(SKU), Some(NONCE)));
    let [name, product, publisher] = ["standard", "appliance", "contoso"].map(str::to_owned);
    assert_eq!(document.plan(), Some(&Plan::new(name, product, publisher)));
    assert!(document.nonce_checked());
    let unknown: Vec<_> = document.unknown_issuers().map(|it| it.der.clone()).collect();
    assert_eq!(
        unknown,
        [&PKI.issuing, &PKI.root].map(|it| it.der.clone()),
        "the table knows none of the tests' issuers"
    );
    let report = explained(&PKI.claiming(claims.clone()), &expectations(), now()).to_string();
    assert!(report.lines().nth(1) == Some(&format!("identity: {}", document.identity())), "{report}");
    assert!(!report.contains("known issuers"), "under a root that was added that says nothing of Azure: {report}");
    let digests = |it: &Certificate| [&it.der, it.key.spki()].map(|der| HEXLOWER.encode(&Hash::Sha256.of(der)));
    let shown = |it: &ChainCertificate| [it.fingerprint(), it.public_key_fingerprint()];
    assert_eq!(shown(&document.chain()[1]), digests(&PKI.issuing));
    assert_eq!(document.created_on(), Timestamp::from_unix(clock::CREATED.unsigned_abs()));
    assert_eq!(document.expires_on(), Timestamp::from_unix(clock::EXPIRES.unsigned_abs()));
    assert_eq!((document.cloud(), document.region()), (Cloud::Public, Some("eastus")));
    assert_eq!(document.names(), ["eastus.metadata.azure.com", "metadata.azure.com"]);
    let path: Vec<_> = document.chain().iter().map(|it| it.der.clone()).collect();
    assert_eq!(path, [&PKI.leaf, &PKI.issuing, &PKI.root].map(|it| it.der.clone()));
    assert!(document.chain().iter().all(|it| it.fingerprint() == HEXLOWER.encode(&it.sha256)));
    assert!(document.chain().iter().all(|it| it.key.starts_with("RSA-")), "{:?}", document.chain());
    assert_eq!(document.time_basis(), TimeBasis::Now(now()));
    assert_eq!((document.time_basis().name(), document.time_basis().time()), ("now", now()));
}

#[test]
fn a_verified_document_says_what_was_not_signed_or_asked() {
    let short = PKI.short(Claims::short().without("nonce"));
    let document = verified(&short, &Expectations::new(NONCE_NOT_CHECKED), At::SigningTime);
    assert_eq!((document.vm_id(), document.subscription_id()), (VM_ID, None));
    assert_eq!((document.sku(), document.plan(), document.nonce()), (None, None, None));
    assert!(!document.nonce_checked());
    assert_eq!((document.names(), document.region()), (&[String::from("metadata.azure.com")][..], None));
    let created = Timestamp::from_unix(clock::CREATED.unsigned_abs());
    assert_eq!(document.time_basis(), TimeBasis::SigningTime(created));
    assert_eq!((document.time_basis().name(), document.time_basis().time()), ("signing_time", created));
    assert_eq!(document.chain().iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["P-256", "P-384", "P-384"]);
}

#[test]
fn a_document_that_is_read_shows_what_nobody_vouches_for() {
    let document = PKI.document();
    let read = SignedDocument::parse(&document.der()).unwrap();
    assert_eq!((read.form(), read.der()), (InputForm::Der, &document.der()[..]));
    assert_eq!(read.unverified_content(), document.content);
    let forged =
        explained(&PKI.document().with(|it| it.signers[0].signature = Some(vec![0; 256])), &expectations(), now());
    assert_eq!(forged.unverified_content().map(str::as_bytes), Some(&document.content[..]));
    assert_eq!(explained(&document, &expectations(), now()).unverified_content(), None);
}

#[test]
fn a_refusal_names_the_algorithm_that_it_is_about() {
    let leaf = PKI.leaf().with(|it| it.scheme = Scheme::Pkcs1(Hash::Sha1)).issue();
    let error = explained(&PKI.signed_by(&leaf), &expectations(), now()).into_verdict().unwrap_err();
    assert_eq!(error.code(), "certificate_signature_algorithm");
    assert!(error.to_string().contains("1.2.840.113549.1.1.5"), "{error}");
}

#[test]
fn every_check_has_its_line() {
    let names = Check::ALL.iter().map(|check| check.name()).collect::<Vec<_>>().join(" ");
    assert_eq!(
        names,
        "input signed_data signer_certificate algorithms key_strength content_signature content names chain claims \
         nonce window max_age vm_id subscription_id sku plan"
    );
    let outcomes = |report: &Report| {
        let lines: Vec<_> = report.checks().iter().map(|line| (line.check, line.outcome.name())).collect();
        assert_eq!(lines.iter().map(|(check, _)| *check).collect::<Vec<_>>(), Check::ALL);
        lines.into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>()
    };
    let report = explained(&PKI.document(), &expectations(), now());
    assert_eq!(outcomes(&report), [vec!["passed"; 12], vec!["not_checked"; 5]].concat());
    // Evidence for what was found, and a reason for what was not asked.
    assert!(report.checks().iter().all(|line| !line.detail.is_empty()), "{report}");
    let detail = |check: Check| report.checks().iter().find(|line| line.check == check).unwrap().detail.as_str();
    assert!(detail(Check::Algorithms).contains("RSA PKCS#1 v1.5 with SHA-256"), "{report}");
    let text = report.to_string();
    assert!(text.starts_with("verified: ") && text.contains("\nchain\n"), "{text}");

    let report = explained(&PKI.document(), &Expectations::new(Nonce::new("1").unwrap()), now());
    let line = report.checks().iter().find(|line| line.check == Check::Nonce).unwrap();
    assert!(matches!(&line.outcome, Outcome::Failed(error) if line.detail == error.to_string()));
    assert_eq!(line.outcome.name(), "failed");

    let report = verifier(&[]).explain(&PKI.document().der(), &expectations(), now());
    assert!(report.to_string().contains("\nchain (not verified)\n"), "{report}");
    let report = verifier(&[]).explain(b"hello", &expectations(), now());
    assert_eq!(outcomes(&report), [vec!["failed"], vec!["not_reached"; 16]].concat());
    assert!(!report.to_string().contains("\nchain"), "{report}");
}

#[test]
fn what_is_at_hand_is_shown_above_a_signer_who_is_not_proven() {
    let later = Timestamp::from_unix((clock::LEAF_END + clock::DAY).unsigned_abs());
    let shown = |report: &Report| report.chain().iter().map(|it| it.der.clone()).collect::<Vec<_>>();
    let expired = explained(&PKI.document(), &expectations(), later);
    assert!(expired.verdict().is_err());
    assert_eq!(shown(&expired), [&PKI.leaf, &PKI.issuing, &PKI.root].map(|it| it.der.clone()));
    let alone = verifier(&[&PKI.ecc_issuing]).explain(&PKI.document().der(), &expectations(), now());
    assert_eq!(shown(&alone), std::slice::from_ref(&PKI.leaf.der));
    // Of a line of ten, eight.
    let mut line = vec![PKI.attacker_ca.clone()];
    for number in 0..8 {
        let (key, above) = (PKI.keys.key("issuing_2"), line[0].clone());
        line.insert(0, pki::issuing(name::authority(&format!("azure-imds test line {number}")), &key, &above).issue());
    }
    line.insert(0, PKI.leaf_of(&line[0]).issue());
    let at_hand: Vec<&Certificate> = line.iter().skip(1).collect();
    let report = verifier(&at_hand).explain(&PKI.signed_by(&line[0]).der(), &expectations(), now());
    assert_eq!(shown(&report), line.iter().take(8).map(|it| it.der.clone()).collect::<Vec<_>>());
}

#[test]
fn refusals_say_where() {
    let refusal = |input: &[u8]| SignedDocument::parse(input).unwrap_err().to_string();
    assert_eq!(refusal(b"MII*"), "the base64 text is malformed at byte 3");
    // Certificates that end in the middle of one.
    let cut = [0x30, 0x7f, 0x06];
    let document = PKI.document().with(|it| it.certificates = Some(vec![cut.to_vec()])).der();
    let at = document.windows(cut.len()).rposition(|window| window == cut).unwrap();
    let error = SignedDocument::parse(&document).unwrap_err();
    let VerifyError::DerMalformed { position: Some(position), .. } = &error else { panic!("{error:?}") };
    assert!((at..=at + cut.len()).contains(position), "{error}, not {at}");
    assert!(error.to_string().contains(&format!(" at byte {position}")), "{error}");

    let missing = |sha256: Option<&str>, url: Option<&str>| {
        let (sha256, url) = (sha256.map(str::to_owned), url.map(str::to_owned));
        let mut issuer = MissingIssuer::new(Quoted::from("CN=a"));
        (issuer.sha256, issuer.url) = (sha256, url);
        VerifyError::IssuerMissing { missing: vec![issuer] }.to_string()
    };
    assert!(missing(None, None).ends_with(" is missing"));
    assert!(missing(Some("5e"), None).ends_with(" is missing (SHA-256 5e)"));
    assert!(missing(None, Some("http://a")).ends_with(" is missing, available at http://a"));
}

#[test]
fn a_wrong_signature_is_said_of_the_certificate_that_bears_it() {
    let namesake = pki::root("azure-imds test Root CA 01", &PKI.keys.key("root_2")).issue();
    let issuing = PKI.authority_of(&namesake).issue();
    let leaf = PKI.leaf_of(&issuing).issue();
    let error = verifier(&[&issuing]).explain(&PKI.signed_by(&leaf).der(), &expectations(), now());
    let error = error.into_verdict().unwrap_err();
    let VerifyError::CertificateSignature { subject, issuer } = &error else { panic!("{error:?}") };
    assert!(subject.as_str().contains("azure-imds test Issuing CA 02"), "{error}");
    assert!(issuer.as_str().contains("azure-imds test Root CA 01"), "{error}");
}

#[test]
fn the_root_that_is_not_trusted_is_the_one_at_the_end() {
    let organization = |name: &'static str| [(oid::COUNTRY, "US"), (oid::ORGANIZATION, name)];
    let [country, digicert] = organization("DigiCert Inc");
    let root = [country, digicert, (oid::ORGANIZATIONAL_UNIT, "www.digicert.com"), (oid::COMMON_NAME, ROOT_G2)];
    let [country, microsoft] = organization("Microsoft Corporation");
    let issuing = [country, microsoft, (oid::COMMON_NAME, "Microsoft Azure RSA TLS Issuing CA 08")];
    // Both names are known; neither is who it says.
    let root = pki::root("", &PKI.keys.key("root_2")).with(|it| it.subject = name::name(&root)).issue();
    let issuing = pki::issuing(name::name(&issuing), &PKI.keys.key("issuing_2"), &root).issue();
    let document = PKI.signed_by(&PKI.leaf_of(&issuing).issue());
    let error = verifier(&[&issuing]).explain(&document.der(), &expectations(), now()).into_verdict().unwrap_err();
    let VerifyError::RootNotTrusted { name, .. } = &error else { panic!("{error:?}") };
    assert!(name.as_str().contains(ROOT_G2), "{error}");
}

#[test]
fn an_error_names_both_digests() {
    let document = PKI.document().signer(|it| it.digest_algorithm = algorithm_null(oid::SHA384));
    let error = explained(&document, &expectations(), now()).into_verdict().unwrap_err();
    assert_eq!(error.code(), "digest_algorithm_mismatch");
    assert!(error.to_string().contains("SHA-256") && error.to_string().contains("SHA-384"), "{error}");
}

#[test]
fn a_cache_says_what_it_holds() {
    let (verifier, read) = (verifier(&[&PKI.issuing]), SignedDocument::parse(&PKI.document().der()).unwrap());
    let mut cache = ChainCache::new(verifier.trust());
    assert_eq!((cache.is_empty(), cache.len()), (true, 0));
    verifier.verify_cached(&read, &expectations(), now(), &mut cache).unwrap();
    assert_eq!((cache.is_empty(), cache.len()), (false, 1));
}

#[test]
fn headlines_tell_how_far_a_document_got() {
    let later = |seconds: i64| Timestamp::from_unix(seconds.unsigned_abs());
    let document = PKI.document();
    let (asked, other) = (expectations(), Expectations::new(Nonce::new("1").unwrap()));
    let attackers = || Document::new(&PKI.attacker_leaf, Claims::default());
    let bag = [&PKI.attacker_leaf, &PKI.attacker_ca, &PKI.attacker_root];
    let elsewhere = PKI.leaf().names(&["metadata.azure.com.evil.test"]).issue();
    for (report, headline) in [
        (explained(&document, &asked, now()), Headline::VerifiedByAddedRoot),
        (explained(&document, &asked, At::SigningTime), Headline::VerifiedAtSigningByAddedRoot),
        (verifier(&[]).explain(b"hello", &asked, now()), Headline::NothingChecked),
        (
            explained(&document.clone().digest_algorithm(&algorithm_null(oid::MD5)), &asked, now()),
            Headline::NotAcceptable,
        ),
        (
            explained(&document.clone().with(|it| it.signers[0].signature = Some(vec![1; 256])), &asked, now()),
            Headline::WrongSignature,
        ),
        (explained(&PKI.signed_by(&elsewhere), &asked, now()), Headline::NotAzure),
        (verifier(&[]).explain(&document.der(), &asked, now()), Headline::IssuerMissing),
        (explained(&attackers().bag(&bag), &asked, now()), Headline::RootNotTrusted),
        (explained(&document, &asked, later(clock::LEAF_END + clock::DAY)), Headline::NoValidPath),
        (explained(&PKI.claiming(*b"{}"), &asked, now()), Headline::ClaimsUnreadable),
        (explained(&document, &asked, later(clock::EXPIRES + clock::HOUR)), Headline::NotValidNow),
        (explained(&document, &other, now()), Headline::NotExpected),
    ] {
        assert_eq!(report.headline(), headline, "{report}");
        assert_eq!(report.headline().is_verified(), report.verdict().is_ok(), "{report}");
    }
}

#[test]
fn headlines_have_words() {
    let all = [
        Headline::Verified,
        Headline::VerifiedAtSigning,
        Headline::VerifiedByAddedRoot,
        Headline::VerifiedAtSigningByAddedRoot,
        Headline::NothingChecked,
        Headline::NotAcceptable,
        Headline::WrongSignature,
        Headline::NotAzure,
        Headline::IssuerMissing,
        Headline::RootNotTrusted,
        Headline::NoValidPath,
        Headline::ClaimsUnreadable,
        Headline::NotValidNow,
        Headline::NotExpected,
    ];
    assert_eq!(
        all.map(Headline::name).join(" "),
        "verified verified_at_signing verified_by_added_root verified_at_signing_by_added_root nothing_checked not_acceptable wrong_signature not_azure issuer_missing \
         root_not_trusted no_valid_path claims_unreadable not_valid_now not_expected"
    );
    for words in [all.map(Headline::title), all.map(Headline::meaning)] {
        assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), all.len(), "two headlines read alike");
    }
    for headline in all {
        let (title, meaning) = (headline.title(), headline.meaning());
        assert!(title.starts_with(char::is_uppercase) && meaning.ends_with('.'), "{title}: {meaning}");
    }
}
