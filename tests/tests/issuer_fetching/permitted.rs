//! Stories of what may be asked for at all: when, and where.

use std::time::Duration;

use azure_imds_tests::key::Key;

use super::*;

#[test]
fn nothing_is_asked_for_before_all_but_the_chain_holds() {
    let signed = |leaf: CertificateBuilder| PKI.signed_by(&leaf.issue());
    let good = || leaf(&[ISSUING]);
    let small = PKI.leaf_with(&PKI.keys.key("small"));
    let sha1 = good().with(|leaf| {
        leaf.inner_algorithm = Some(algorithm_null(oid::SHA1_WITH_RSA));
        leaf.outer_algorithm = leaf.inner_algorithm.clone();
    });
    let self_signed =
        CertificateBuilder::self_signed(name::service("metadata.azure.com"), &PKI.keys.key("ecc_attacker"))
            .valid(clock::LEAF_START, clock::LEAF_END)
            .names(&["metadata.azure.com"])
            .extension(extension::purposes(&[oid::SERVER_AUTH]))
            .extension(extension::issuer_address(ISSUING));
    let digicert = name::name(&[
        (oid::COUNTRY, "US"),
        (oid::ORGANIZATION, "DigiCert Inc"),
        ("2.5.4.11", "www.digicert.com"),
        (oid::COMMON_NAME, "DigiCert Global Root G2"),
    ]);
    let forged = PKI.signed_by(&good().issue()).signer(|signer| signer.key = PKI.keys.key("ecc_attacker"));
    let other_content = PKI.signed_by(&good().issue()).with(|document| document.content = b"text".to_vec());
    for (verdict, document) in [
        ("content_signature", forged),
        ("content_not_json", other_content),
        ("signer_certificate_missing", PKI.signed_by(&good().issue()).bag(&[&PKI.attacker_ca])),
        ("name_not_azure", signed(good().names(&["metadata.azure.com.evil.test"]))),
        ("names_missing", signed(good().without(oid::SUBJECT_ALT_NAME))),
        ("cloud_mismatch", signed(good().names(&["metadata.azure.us"]))),
        ("certificate_expired", signed(good().valid(clock::LEAF_START, clock::NOW - 1))),
        ("certificate_not_yet_valid", signed(good().valid(clock::NOW + 1, clock::LEAF_END))),
        ("extended_key_usage", signed(good().extension(extension::purposes(&[oid::CLIENT_AUTH])))),
        ("leaf_is_ca", signed(good().extension(extension::authority(None)))),
        ("key_too_small", signed(small)),
        ("certificate_signature_algorithm", signed(sha1)),
        ("root_not_trusted", signed(self_signed)),
        ("root_not_trusted", signed(good().with(|leaf| leaf.issuer = digicert))),
    ] {
        let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
        let report = web.verify(&document.der());
        assert_eq!((code(&report), web.asked().len()), (verdict, 0), "{report}");
    }
}

#[test]
fn nothing_is_asked_for_where_a_check_after_the_chain_fails() {
    let signer = leaf(&[ISSUING]).issue();
    let claiming = |claims: Claims| PKI.signed_by(&signer).with(|document| document.content = claims.into()).der();
    let good = || claiming(Claims::default());
    let times = |created: i64, expires: i64| claiming(Claims::default().times(created, expires));
    let plan = Plan::new("a", "b", "c");
    let other_nonce = Expectations::new(Nonce::new("0123456789").unwrap());
    for (check, input, expectations) in [
        (Check::Claims, claiming(Claims::default().without("vmId")), expectations()),
        (Check::Claims, claiming(Claims::default().repeat("vmId", "\"\"")), expectations()),
        (Check::Nonce, good(), other_nonce.clone()),
        (Check::Nonce, claiming(Claims::default().without("nonce")), expectations()),
        (Check::Window, times(clock::NOW - 9 * 3600, clock::NOW - 3 * 3600), expectations()),
        (Check::Window, times(clock::NOW + 3600, clock::NOW + 2 * 3600), expectations()),
        (Check::MaxAge, good(), expectations().max_age(Duration::from_secs(1))),
        (Check::VmId, good(), expectations().vm_id("02aab8a4-74ef-476e-8182-000000000000")),
        (Check::SubscriptionId, good(), expectations().subscription_id("8d10da13-8125-4ba9-a717-000000000000")),
        (Check::Sku, good(), expectations().sku("another")),
        (Check::Plan, good(), expectations().plan(plan)),
        // The first of them is told.
        (Check::Nonce, good(), other_nonce.max_age(Duration::from_secs(1)).sku("another")),
    ] {
        for explains in [true, false] {
            let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
            let mut verification = Verification::new(&verifier(), &input, expectations.clone(), now());
            if !explains {
                verification = verification.without_explanation();
            }
            let report = web.drive(&mut verification);
            assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))), "{}", check.name());
            assert_eq!(report.not_fetched(), Some(NotFetched::Check(check)));
            assert!(web.asked.is_empty() && report.fetches().is_empty(), "{}", check.name());
            assert!(!report.retryable(), "{}", check.name());
            let told = format!("\nnot fetched: the check {} fails\n", check.name());
            assert!(report.to_string().contains(&told), "{report}");
            let summary = report.verdict().unwrap_err().summary();
            assert_eq!(summary, issuer_missing(None).summary());
        }
    }
}

#[test]
fn why_nothing_was_fetched_is_told() {
    let input = document(&[ISSUING]);
    let mut web = Web::default();
    let report = web.drive(&mut verification(&input).without_fetching());
    assert_eq!((report.not_fetched(), report.retryable()), (Some(NotFetched::Off), false));
    assert!(report.to_string().contains("\nnot fetched: fetching is off\n"), "{report}");
    for addresses in [&[][..], OFF_THE_LIST] {
        let report = web.verify(&document(addresses));
        assert_eq!((report.not_fetched(), report.retryable()), (Some(NotFetched::NoAddress), false));
        assert!(report.to_string().contains("\nnot fetched: no address is known that may be asked\n"), "{report}");
    }
    let numbered: Vec<String> = (0..4).map(|number| address(&number.to_string())).collect();
    let named: Vec<&str> = numbered.iter().map(String::as_str).collect();
    let authority = authority(&[ROOT]);
    let mut web = Web::serving(&[(named[3], &authority.der)]);
    let report = web.verify(&signed_below(&authority, &named));
    assert_eq!(report.not_fetched(), Some(NotFetched::RequestLimit));
    let told = format!("\nnot fetched: {}\n", NotFetched::RequestLimit);
    assert!(report.to_string().contains(&told), "{report}");
    // Where something was asked, or nothing was missing, there is nothing to say.
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    assert_eq!(web.verify(&input).not_fetched(), None);
    assert_eq!(Web::default().verify(&input).not_fetched(), None);
    assert_eq!(web.verify(b"").not_fetched(), None);
}

#[test]
fn nothing_is_asked_for_where_the_input_can_not_be_read() {
    let good = document(&[ISSUING]);
    for input in [&b""[..], b"{}", b"%%%", b"\x30\x80", &good[..good.len() - 1], &[&good[..], b"\0"].concat()] {
        let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
        assert!(web.verify(input).verdict().is_err());
        assert!(web.asked.is_empty(), "{input:?}");
    }
}

#[test]
fn nothing_is_asked_for_without_anchors_or_against_the_callers_will() {
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    let nobody = Verifier::new(Trust::builder_without_anchors().build());
    let report = web.drive(&mut Verification::new(&nobody, &document(&[ISSUING]), expectations(), now()));
    assert_eq!(code(&report), "no_trust_anchors");
    let report = web.drive(&mut verification(&document(&[ISSUING])).without_fetching());
    assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
    assert!(web.asked.is_empty());
}

#[test]
fn verify_and_explain_say_what_is_missing_and_ask_nobody() {
    let input = document(&[ISSUING]);
    let verdict = verifier().verify(&SignedDocument::parse(&input).unwrap(), &expectations(), now());
    assert_eq!(verdict.unwrap_err(), issuer_missing(Some(ISSUING)));
    let report = verifier().explain(&input, &expectations(), now());
    assert_eq!(report.verdict(), Err(&issuer_missing(Some(ISSUING))));
    assert!(report.fetches().is_empty());
}

#[test]
fn an_address_off_the_list_is_never_asked() {
    for address in OFF_THE_LIST {
        let mut web = Web { otherwise: Some(page(200, &ISSUING_CA.der)), ..Web::default() };
        let report = web.verify(&document(&[address]));
        assert!(web.asked.is_empty(), "{address}");
        assert_eq!(report.verdict(), Err(&issuer_missing(None)), "{address}");
    }
    let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
    assert!(web.verify(&document(&[OFF_THE_LIST, &[ISSUING]].concat())).verdict().is_ok());
    assert_eq!(web.asked(), [ISSUING]);
}

#[test]
fn an_address_off_the_list_is_not_asked_for_a_fetched_certificate_either() {
    let issuing = authority(OFF_THE_LIST);
    let mut web =
        Web { otherwise: Some(page(200, &PKI.attacker_root.der)), ..Web::serving(&[(ISSUING, &issuing.der)]) };
    let report = web.verify(&signed_below(&issuing, &[ISSUING]));
    assert_eq!(web.asked(), [ISSUING]);
    let Err(VerifyError::IssuerMissing { missing }) = report.verdict() else { panic!("{report}") };
    assert_eq!(missing.iter().map(|issuer| &issuer.url).collect::<Vec<_>>(), [&None]);
}

#[test]
fn only_the_addresses_of_issuers_are_read_out_of_a_certificate() {
    let access = |descriptions: &[Vec<u8>]| Extension::new(oid::AUTHORITY_INFO_ACCESS, sequence(descriptions));
    let uri = general_name::uri(ISSUING);
    for (what, extension) in [
        ("the address of an OCSP responder", access(&[sequence(&[oid("1.3.6.1.5.5.7.48.1"), uri.clone()])])),
        ("a DNS name", access(&[sequence(&[oid(oid::CA_ISSUERS), general_name::dns(ISSUING)])])),
        (
            "a directory's name",
            access(&[sequence(&[oid(oid::CA_ISSUERS), general_name::directory(&PKI.root.subject)])]),
        ),
        ("no addresses", access(&[])),
        ("not an extension of this kind", Extension::new(oid::AUTHORITY_INFO_ACCESS, uri)),
    ] {
        let mut web = Web::serving(&[(ISSUING, &ISSUING_CA.der)]);
        let report = web.verify(&PKI.signed_by(&leaf(&[]).extension(extension).issue()).der());
        assert_eq!((code(&report), web.asked().len()), ("issuer_missing", 0), "{what}: {report}");
    }
}

#[test]
fn an_origin_of_the_callers_own_is_asked_if_it_was_allowed() {
    let mirror = "http://127.0.0.1:8080/certs/a.crt";
    let mut web = Web::serving(&[(mirror, &ISSUING_CA.der)]);
    assert_eq!(web.verify(&document(&[mirror])).verdict(), Err(&issuer_missing(None)));
    assert!(web.asked.is_empty());
    let trust = anchors(&[&ROOT_CA]).allow_origin("http://127.0.0.1:8080/certs").unwrap().build();
    let input = document(&["http://127.0.0.1:8080/a.crt", "http://127.0.0.1:8081/certs/a.crt", mirror]);
    let report = web.drive(&mut Verification::new(&Verifier::new(trust), &input, expectations(), now()));
    assert!(report.verdict().is_ok(), "{report}");
    assert_eq!(web.asked(), [mirror]);
}

#[test]
fn an_issuer_of_the_table_is_asked_for_where_the_table_says() {
    let subject = "CN=Microsoft Azure RSA TLS Issuing CA 08,O=Microsoft Corporation,C=US";
    let known: Vec<_> = by_subject(subject).collect();
    let [direct, xsign] = &known[..] else { panic!("{known:?}") };
    assert!(direct.is_valid_at(now()) && !xsign.is_valid_at(now()), "the case is about an ended cross-sign");
    let parts = [(oid::COUNTRY, "US"), (oid::ORGANIZATION, "Microsoft Corporation"), (oid::COMMON_NAME, direct.name)];
    let issuing = pki::issuing(name::name(&parts), &ISSUING_CA.key, &ROOT_CA).issue();
    let input = signed_below(&issuing, &[ISSUING]);
    let listed = [direct.url.unwrap(), xsign.url.unwrap(), ISSUING];

    let mut web = Web::serving(&[(listed[0], &issuing.der)]);
    assert!(web.verify(&input).verdict().is_ok());
    assert_eq!(web.asked(), listed[..1]);

    let mut web = Web::default();
    let report = web.verify(&input);
    assert_eq!(web.asked(), listed);
    // Each certificate with its own address, the one that is valid first.
    let missing = [direct, xsign].map(|issuer| {
        let mut missing = MissingIssuer::new(Quoted::from(subject));
        (missing.sha256, missing.url) = (Some(HEXLOWER.encode(&issuer.sha256)), issuer.url.map(str::to_owned));
        missing
    });
    assert_eq!(report.verdict(), Err(&VerifyError::IssuerMissing { missing: missing.to_vec() }));
    assert!(report.fetches().iter().all(|fetch| fetch.issuer == missing[0].name));
    assert!(report.next_step().unwrap().contains("has failed"));
}

#[test]
fn nothing_is_asked_for_a_signer_that_names_itself_as_its_issuer() {
    let itself = leaf(&[ISSUING]).with(|leaf| leaf.issuer.clone_from(&leaf.subject)).issue();
    let namesake = leaf(&[]).issue();
    let verifier = Verifier::new(anchors(&[&ROOT_CA]).issuers(&namesake.der).unwrap().build());
    let input = PKI.signed_by(&itself).der();
    let mut web = Web { otherwise: Some(page(200, &ISSUING_CA.der)), ..Web::default() };
    let report = web.drive(&mut Verification::new(&verifier, &input, expectations(), now()));
    assert!(report.verdict().is_err());
    assert!(web.asked.is_empty(), "{:?}", web.asked());
}

#[test]
fn nothing_is_asked_for_an_issuer_whose_signature_could_not_be_checked() {
    let upper = issuing(&ISSUING_CA.key).extension(extension::authority(None)).issue();
    let issuer = |algorithm: Option<Vec<u8>>| {
        let name = name::authority("azure-imds test Issuing CA 03");
        pki::issuing(name, &PKI.keys.key("ecc_attacker"), &upper)
            .extension(addresses(&[ISSUING]))
            .with(|issuer| {
                issuer.inner_algorithm.clone_from(&algorithm);
                issuer.outer_algorithm = algorithm;
            })
            .issue()
    };
    for (algorithm, verdict, asked) in [
        (Some(algorithm_null(oid::SHA1_WITH_RSA)), "certificate_signature_algorithm", &[][..]),
        (None, "verified", &[ISSUING]),
    ] {
        let issuer = issuer(algorithm);
        let verifier = Verifier::new(anchors(&[&ROOT_CA]).issuers(&issuer.der).unwrap().build());
        let mut web = Web::serving(&[(ISSUING, &upper.der)]);
        let input = signed_below(&issuer, &[]);
        let report = web.drive(&mut Verification::new(&verifier, &input, expectations(), now()));
        assert_eq!((code(&report), &web.asked()[..]), (verdict, asked), "{report}");
    }
}

#[test]
fn nothing_is_asked_for_once_the_signature_checks_are_used_up() {
    let namesakes = (1..=20_u8).map(|scalar| {
        let key = Key::p256(p256::ecdsa::SigningKey::from_slice(&[scalar; 32]).unwrap());
        issuing(&key).issue()
    });
    // One more that nobody at hand has issued, and that names an address.
    let name = name::authority("azure-imds test Issuing CA 09");
    let orphan = pki::issuing(name, &PKI.keys.key("ecc_attacker"), &PKI.attacker_root);
    let namesakes = namesakes.chain([orphan.extension(addresses(&[ROOT])).issue()]);
    let trust = namesakes.fold(anchors(&[&ROOT_CA]), |trust, namesake| trust.issuers(&namesake.der).unwrap());
    let verifier = Verifier::new(trust.build());
    let mut web = Web { otherwise: Some(page(200, &ISSUING_CA.der)), ..Web::default() };
    let report = web.drive(&mut Verification::new(&verifier, &document(&[ISSUING]), expectations(), now()));
    assert_eq!(code(&report), "signature_check_limit");
    assert!(web.asked.is_empty(), "{:?}", web.asked());
}
