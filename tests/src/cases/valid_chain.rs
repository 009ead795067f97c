//! Documents that must verify: names, keys, and the shapes of chains.

use num_bigint::BigUint;

use crate::certificate::{Certificate, CertificateBuilder};
use crate::clock::{self, midnight};
use crate::extension::{self, Extension, general_name, usage};
use crate::key::Key;
use crate::pki::Pki;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::Document;
use crate::suite::Importance::{Critical, High, Low, Medium};
use crate::suite::{Case, VERIFIED};
use crate::{asn1, key_ring, name, oid, pki};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [bags(pki), cross_signs(pki), three_hops(pki), lines(pki), authorities(pki)].concat()
}

fn bags(pki: &Pki) -> Vec<Case> {
    let chain = [("leaf", &pki.leaf), ("issuing", &pki.issuing), ("root", &pki.root)];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let mut cases: Vec<_> = orders
        .into_iter()
        .map(|order| {
            let [first, second, third] = order.map(|index| chain[index]);
            let id = format!("valid::bag_{}_{}_{}", first.0, second.0, third.0);
            let description = "The whole chain in the bag, one of its six orders: each gets the same verdict.";
            pki.case(&id, VERIFIED, High, &["AZ3"], description)
                .document(&pki.document().bag(&[first.1, second.1, third.1]))
                .issuers(&[])
        })
        .collect();
    let case = |name: &str, importance, flaws, description: &str| {
        pki.case(&format!("valid::{name}"), VERIFIED, importance, flaws, description)
    };
    let fillers: Vec<_> = (1..32).map(|number| pki::filler(pki, number)).collect();
    let full: Vec<_> = std::iter::once(&pki.leaf).chain(&fillers).collect();
    let unknown =
        pki::filler(pki, 1).key.with_spki(asn1::sequence(&[asn1::algorithm(oid::UNKNOWN), asn1::bit_string(b"?")]));
    let unknown = CertificateBuilder::self_signed(name::authority("unknown key"), &pki::filler(pki, 1).key)
        .valid(clock::LEAF_START, clock::LEAF_END)
        .with(|builder| builder.key = unknown)
        .issue();
    cases.extend([
        case("bag_of_32", Low, &[], "As many certificates as are looked at, most of them of no use.")
            .document(&pki.document().bag(&full)),
        case(
            "bag_attacker_first",
            Critical,
            &["AZ3", "2"],
            "Somebody put a certificate of his own in front; the signer's is found by issuer and serial.",
        )
        .document(&pki.document().bag(&[&pki.attacker_leaf, &pki.leaf])),
        case("bag_unknown_key", Low, &["X5"], "A certificate that nobody needs has a key of an unknown kind.")
            .document(&pki.document().bag(&[&unknown, &pki.leaf])),
    ]);
    cases
}

fn cross_signs(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, anchors: &[&Certificate], issuers: &[&Certificate], description: &str| {
        pki.case(&format!("valid::{name}"), VERIFIED, High, &["34"], description).anchors(anchors).issuers(issuers)
    };
    let issuing = |label, key: &str, from, to| {
        let issuer = if key == "issuing" { &pki.root_2 } else { &pki.root };
        pki::issuing(pki.issuing.subject.clone(), &pki.keys.key(key), issuer).valid(from, to).issue().named(label)
    };
    let expired = issuing("issuing_xsign_expired", "issuing", midnight(2023, 6, 8), midnight(2026, 8, 25));
    let namesake = issuing("issuing_namesake", "issuing_2", midnight(2025, 8, 1), midnight(2029, 6, 3));
    let (direct, xsign) = (&pki.issuing, &pki.issuing_xsign);
    let both = "Two issuers of one name and key under two roots; one root is trusted. OpenSSL takes the \
                first and fails.";
    vec![
        case("cross_sign_direct_first", &[&pki.root], &[direct, xsign], both),
        case("cross_sign_xsign_first", &[&pki.root], &[xsign, direct], both),
        case("cross_sign_direct_first_other_root", &[&pki.root_2], &[direct, xsign], both),
        case("cross_sign_xsign_first_other_root", &[&pki.root_2], &[xsign, direct], both),
        case(
            "cross_sign_both_roots",
            &[&pki.root_2, &pki.root],
            &[xsign, direct],
            "Two issuers of one name and key, and both roots are trusted.",
        ),
        case(
            "cross_sign_expired_first",
            &[&pki.root_2, &pki.root],
            &[&expired, direct],
            "The cross-sign expired weeks ago, as Azure's did on 2026-08-25; the direct one is good.",
        ),
        case(
            "cross_sign_expired_last",
            &[&pki.root_2, &pki.root],
            &[direct, &expired],
            "The cross-sign expired weeks ago; the direct one comes first.",
        ),
        case(
            "namesake_first",
            &[&pki.root],
            &[&namesake, direct],
            "An issuer of the same name with another key comes first.",
        ),
        case(
            "namesake_last",
            &[&pki.root],
            &[direct, &namesake],
            "An issuer of the same name with another key comes last.",
        ),
    ]
}

fn three_hops(pki: &Pki) -> Vec<Case> {
    let document = pki.signed_by(&pki.leaf_of(&pki.issuing_g2).issue());
    let case = |name: &str, anchors: &[&Certificate], issuers: &[&Certificate], description: &str| {
        pki.case(&format!("valid::{name}"), VERIFIED, High, &["34"], description)
            .document(&document)
            .anchors(anchors)
            .issuers(issuers)
    };
    let (issuing, xsign, root_g2) = (&pki.issuing_g2, &pki.root_g2_xsign, &pki.root_g2);
    vec![
        case("three_hops", &[&pki.root], &[issuing, xsign], "Three hops to the root, as in Azure since 2026."),
        case(
            "three_hops_self_signed_first",
            &[&pki.root],
            &[root_g2, xsign, issuing],
            "The upper CA is at hand self-signed as well, which leads nowhere.",
        ),
        case("three_hops_self_signed_last", &[&pki.root], &[issuing, xsign, root_g2], "The same in another order."),
        case("two_hops_of_three", &[root_g2], &[issuing], "The upper CA, self-signed, is the anchor."),
        case(
            "two_hops_of_three_xsign_at_hand",
            &[root_g2],
            &[xsign, issuing],
            "The upper CA, self-signed, is the anchor; its cross-sign leads nowhere.",
        ),
        case(
            "three_hops_both_anchors",
            &[&pki.root, root_g2],
            &[xsign, issuing],
            "Both the root and the upper CA are anchors.",
        ),
    ]
}

fn lines(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, flaws, description: &str| {
        pki.case(&format!("valid::{name}"), VERIFIED, importance, flaws, description)
    };
    let ecc = |name: &str, document: &Document, description: &str| {
        case(name, Medium, &[], description).document(document).anchors(&[&pki.ecc_root]).issuers(&[&pki.ecc_issuing])
    };
    let p256 = pki.ecc_leaf("ecc_leaf_p256").issue();
    let p384 = pki.ecc_leaf("ecc_leaf_p384").issue();
    let rsa = |key: &Key| pki.signed_by(&pki.leaf_with(key).issue());
    let exponent = |name: &str, exponent: u32| key_ring::multi_prime(name, 2048, &BigUint::from(exponent));
    let pss_leaf = pki.leaf().with(|leaf| leaf.scheme = Scheme::pss(Hash::Sha256)).issue();
    let odd_pair = pki.signed_by(&p256).scheme(Scheme::Ecdsa(Hash::Sha384));
    vec![
        ecc("ecc_p256", &pki.signed_by(&p256), "An ECC line with a leaf on P-256."),
        ecc("ecc_p384", &pki.signed_by(&p384), "An ECC line with a leaf on P-384."),
        ecc(
            "ecc_p256_sha384",
            &odd_pair,
            "A leaf on P-256 signs a SHA-384 digest; the curve does not bind the digest.",
        ),
        ecc("ecc_signed_attributes", &pki.signed_by(&p256).usual_attributes(), "An ECC line with signed attributes."),
        case("pss_certificate", Low, &[], "The leaf is itself signed with RSASSA-PSS.")
            .document(&pki.signed_by(&pss_leaf)),
        case(
            "rsa_4096",
            Medium,
            &["S4"],
            "The largest RSA key accepted. Verification needs no secret, so that no timing can tell one.",
        )
        .document(&rsa(&pki.keys.key("leaf_4096"))),
        case(
            "rsa_exponent_3",
            Medium,
            &["S1"],
            "The smallest exponent accepted, honestly signed: what fails in the forgeries is not the key.",
        )
        .document(&rsa(&pki.keys.key("exponent_3"))),
        case("rsa_exponent_of_32_bits", Low, &["S5"], "The largest exponents accepted have 32 bits.")
            .document(&rsa(&exponent("exponent of 32 bits", 4_294_967_291))),
    ]
}

fn authorities(pki: &Pki) -> Vec<Case> {
    let case = |name: &'static str, importance, flaws, description: &str, authority: CertificateBuilder| {
        let authority = authority.issue().named(name);
        pki.case(&format!("valid::{name}"), VERIFIED, importance, flaws, description)
            .document(&pki.signed_by(&pki.leaf_of(&authority).issue()))
            .issuers(&[&authority])
    };
    let dns = |name: &str| general_name::dns(name);
    let anchor = |name: &'static str, description: &str, anchor: CertificateBuilder| {
        let anchor = anchor.issue().named(name);
        let authority = pki.authority_of(&anchor).issue();
        pki.case(&format!("valid::{name}"), VERIFIED, Medium, &[], description)
            .document(&pki.signed_by(&pki.leaf_of(&authority).issue()).with(|document| {
                document.certificates.as_mut().expect("bag").push(authority.der.clone());
            }))
            .anchors(&[&anchor])
            .issuers(&[])
    };
    let sha1 = pki.anchor().with(|anchor| anchor.scheme = Scheme::Pkcs1(Hash::Sha1));
    vec![
        case(
            "issuer_unknown",
            Critical,
            &["AZ5"],
            "An issuer whose name was never heard of; what counts is that it chains to an anchor.",
            pki.authority()
                .with(|authority| authority.subject = name::authority("azure-imds test CA of another generation")),
        ),
        case(
            "issuer_without_purposes",
            Medium,
            &[],
            "An issuer without extKeyUsage: it is not restricted.",
            pki.authority().without(oid::EXTENDED_KEY_USAGE),
        ),
        case(
            "issuer_without_path_length",
            Medium,
            &[],
            "An issuer without pathLenConstraint.",
            pki.authority().extension(extension::authority(None)),
        ),
        case(
            "issuer_unknown_extension",
            Medium,
            &[],
            "An issuer with an extension nobody knows that is not critical.",
            pki.authority().extension(Extension::new(oid::UNKNOWN, asn1::null())),
        ),
        case(
            "issuer_name_permitted",
            Medium,
            &["31"],
            "An issuer whose name constraints permit the names.",
            pki.authority().extension(extension::name_constraints(&[dns("azure.com")], &[])),
        ),
        case(
            "issuer_other_name_excluded",
            Medium,
            &["31"],
            "An issuer whose name constraints exclude other names.",
            pki.authority()
                .extension(extension::name_constraints(&[], &[dns("azure.us"), dns("b.metadata.azure.com")])),
        ),
        case(
            "issuer_key_usage_cert_sign_only",
            Low,
            &[],
            "An issuer that may sign certificates and nothing else.",
            pki.authority().extension(extension::key_usage(usage::KEY_CERT_SIGN)),
        ),
        anchor(
            "anchor_self_signed_sha1",
            "An anchor signed by itself with SHA-1, as Baltimore CyberTrust Root is. Its signature \
                proves nothing in any case.",
            sha1,
        ),
        anchor(
            "anchor_path_length_1",
            "An anchor whose pathLenConstraint allows just this path.",
            pki.anchor().extension(extension::authority(Some(1))),
        ),
        pki.case(
            "valid::anchor_is_the_issuer",
            VERIFIED,
            Medium,
            &[],
            "The issuing CA is itself the anchor; an anchor need not be self-signed.",
        )
        .anchors(&[&pki.issuing])
        .issuers(&[]),
        pki.case("valid::anchor_among_issuers", VERIFIED, Low, &[], "The anchor is given a second time, as an issuer.")
            .issuers(&[&pki.root, &pki.issuing]),
        pki.case("valid::useless_issuers", VERIFIED, Low, &[], "Issuers that have nothing to do with the document.")
            .issuers(&[&pki.attacker_root, &pki.ecc_issuing, &pki.issuing, &pki.attacker_ca]),
    ]
}
