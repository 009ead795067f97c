//! SignerInfos: their number, their identifiers, their versions, and attributes that nothing signs.

use crate::asn1::{element, integer, tag};
use crate::claims::Claims;
use crate::oid;
use crate::pki::Pki;
use crate::signed_data::{Document, Signer, attribute};
use crate::suite::Case;
use crate::suite::Importance::{Critical, High, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [signers(pki), versions(pki)].concat()
}

fn short(pki: &Pki) -> Document {
    pki.short(Claims::short())
}

fn signers(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, verdict, importance, flaws, description: &str| {
        pki.short_case(&format!("signed_data::{name}"), verdict, importance, flaws, description)
    };
    let other = pki
        .short_leaf_with(&pki.keys.key("ecc_attacker"))
        .with(|leaf| leaf.signer = leaf.key.clone())
        .with(|leaf| leaf.scheme = leaf.signer.scheme())
        .issue();
    let good = || Signer::new(&pki.short_leaf);
    let attacker = || Signer::new(&other);
    let broken = || Signer { signature: Some(vec![0x5a; 70]), ..good() };
    let signed =
        |signers: Vec<Signer>| short(pki).bag(&[&pki.short_leaf, &other]).with(|document| document.signers = signers);
    let several = "Several signers; with some verifiers one good signer, or the last, stood for all \
                (CVE-2026-3336).";
    let key_identifier = |key: &crate::key::Key| element(tag::implicit(0), &key.identifier());
    let identified = |version, identifier: Vec<u8>| {
        short(pki).signer(|signer| {
            signer.version = integer(version);
            signer.identifier = identifier;
        })
    };
    vec![
        case(
            "no_signer",
            "signer_count",
            Critical,
            &["C3", "4"],
            "No signer at all: a mere bundle of certificates around attacker's claims.",
        )
        .document(&signed(vec![])),
        case("two_signers_good_bad", "signer_count", Critical, &["C3", "3"], several)
            .document(&signed(vec![good(), attacker()])),
        case("two_signers_bad_good", "signer_count", Critical, &["C3", "3"], several)
            .document(&signed(vec![attacker(), good()])),
        case("two_signers_good_broken", "signer_count", High, &["C3", "3"], several)
            .document(&signed(vec![good(), broken()])),
        case("two_signers_broken_good", "signer_count", High, &["C3", "3"], several)
            .document(&signed(vec![broken(), good()])),
        case("two_signers_same", "signer_count", Medium, &["C3", "3"], "The same signer twice, right both times.")
            .document(&signed(vec![good(), good()])),
        case("three_signers_good_bad_good", "signer_count", Critical, &["C3", "3"], several).document(&signed(vec![
            good(),
            attacker(),
            good(),
        ])),
        case("three_signers_bad_good_bad", "signer_count", Critical, &["C3", "3"], several).document(&signed(vec![
            attacker(),
            good(),
            attacker(),
        ])),
        case(
            "key_identifier",
            "signer_identifier",
            High,
            &["C11", "17"],
            "The signer is named by key identifier, in version 3 as it should be.",
        )
        .document(&identified(3, key_identifier(&pki.short_leaf.key))),
        case(
            "key_identifier_version_1",
            "signer_identifier",
            High,
            &["C11", "17"],
            "The signer is named by key identifier in version 1.",
        )
        .document(&identified(1, key_identifier(&pki.short_leaf.key))),
        case(
            "key_identifier_of_another",
            "signer_identifier",
            High,
            &["C11", "17"],
            "The signer is named by the key identifier of another certificate.",
        )
        .document(&identified(3, key_identifier(&pki.ecc_issuing.key)).bag(&[&pki.short_leaf, &pki.ecc_issuing])),
        case(
            "key_identifier_of_nobody",
            "signer_identifier",
            High,
            &["C11", "17"],
            "The signer is named by a key identifier that no certificate has.",
        )
        .document(&identified(3, element(tag::implicit(0), &[7; 20]))),
        case(
            "unsigned_attributes",
            "unsigned_attributes",
            Medium,
            &["C9"],
            "An unsigned attribute, which anybody can add.",
        )
        .document(&short(pki).signer(|signer| {
            signer.unsigned = Some(vec![attribute(oid::UNKNOWN, &[integer(1)])]);
        })),
        case(
            "unsigned_and_signed_attributes",
            "unsigned_attributes",
            Medium,
            &["C9"],
            "Signed attributes as they should be and an unsigned one beside them.",
        )
        .document(&short(pki).usual_attributes().signer(|signer| {
            signer.unsigned = Some(vec![attribute(oid::UNKNOWN, &[integer(1)])]);
        })),
    ]
}

fn versions(pki: &Pki) -> Vec<Case> {
    let signer = |name: &str, version, description: &str| {
        pki.short_case(
            &format!("signed_data::signer_version_{name}"),
            "signer_info_version",
            Medium,
            &["C11", "C9"],
            description,
        )
        .document(&short(pki).signer(|signer| signer.version = integer(version)))
    };
    let whole = |version| {
        let description = "SignedData of another version than its fields ask for; nothing signs it, so that every \
                value would do.";
        pki.short_case(&format!("signed_data::version_{version}"), "signed_data_version", Medium, &["C9"], description)
            .document(&short(pki).with(|document| document.version = integer(version)))
    };
    vec![
        signer("0", 0, "A signer of version 0."),
        signer("2", 2, "A signer of version 2, which there is not."),
        signer("3", 3, "A signer of version 3 that names issuer and serial number."),
        whole(0),
        whole(2),
        whole(3),
        whole(4),
        whole(5),
    ]
}
