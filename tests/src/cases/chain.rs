//! The path from the signer to an anchor: who is missing, who is not trusted, who had no right.

use crate::certificate::{Certificate, CertificateBuilder};
use crate::clock::{NOW, midnight};
use crate::extension::{self};
use crate::pki::{self, Pki};
use crate::scheme::{Hash, Scheme};
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Medium};
use crate::{name, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [trust(pki), signatures(pki), times(pki)].concat()
}

fn case(
    pki: &Pki,
    id: &str,
    verdict: &'static str,
    importance: Importance,
    flaws: &'static [&'static str],
    description: &str,
) -> Case {
    pki.case(&format!("chain::{id}"), verdict, importance, flaws, description)
}

fn trust(pki: &Pki) -> Vec<Case> {
    let hostile = pki.leaf().extension(extension::issuer_address("http://169.254.169.254/metadata/instance?")).issue();
    // A test certificate that claims to come from a root everybody knows; its signature is of no worth.
    let well_known = name::name(&[
        (oid::COUNTRY, "US"),
        (oid::ORGANIZATION, "DigiCert Inc"),
        (oid::ORGANIZATIONAL_UNIT, "www.digicert.com"),
        (oid::COMMON_NAME, "DigiCert Global Root G2"),
    ]);
    let below_well_known =
        pki.authority().with(|authority| authority.issuer = well_known).issue().named("below_well_known_root");
    // A test certificate that claims to come from an issuer of the table of known ones.
    let of_known_issuer = name::name(&[
        (oid::COUNTRY, "US"),
        (oid::ORGANIZATION, "Microsoft Corporation"),
        (oid::COMMON_NAME, "Microsoft Azure RSA TLS Issuing CA 08"),
    ]);
    let below_known_issuer = pki.leaf().with(|leaf| leaf.issuer = of_known_issuer).issue();
    let impostor_root =
        pki::root("azure-imds test Root CA 01", &pki.keys.key("attacker")).issue().named("impostor_root");
    let impostor = pki::issuing(pki.issuing.subject.clone(), &pki.keys.key("attacker_ca"), &impostor_root)
        .issue()
        .named("impostor_issuing");
    let by_impostor = pki.signed_by(&pki.leaf_of(&impostor).issue());
    let g2 = pki.signed_by(&pki.leaf_of(&pki.issuing_g2).issue());
    vec![
        case(
            pki,
            "no_anchors",
            "no_trust_anchors",
            Critical,
            &["C2", "6"],
            "Nothing is trusted: an empty set of anchors refuses everything, it does not switch the \
                check off.",
        )
        .anchors(&[]),
        case(
            pki,
            "no_anchors_root_at_hand",
            "no_trust_anchors",
            Critical,
            &["C2", "6", "7"],
            "Nothing is trusted and the root is among the issuers.",
        )
        .anchors(&[])
        .issuers(&[&pki.issuing, &pki.root]),
        case(
            pki,
            "no_issuers",
            "issuer_missing",
            High,
            &["AZ5"],
            "The issuer is not at hand: roots alone do not do, for the service sends the leaf alone.",
        )
        .issuers(&[]),
        case(
            pki,
            "no_issuers_known_name",
            "issuer_missing",
            High,
            &["AZ5"],
            "The issuer is not at hand, and the table of known issuers has one of its name: its fingerprint and its \
                address can be told.",
        )
        .document(&pki.signed_by(&below_known_issuer))
        .issuers(&[]),
        case(
            pki,
            "no_issuers_hostile_address",
            "issuer_missing",
            High,
            &["AZ2"],
            "The issuer is not at hand and the certificate's address for it is the metadata service \
                itself: nothing may be fetched from there.",
        )
        .document(&pki.signed_by(&hostile))
        .issuers(&[]),
        case(pki, "other_issuers", "issuer_missing", High, &["AZ5"], "Only issuers of other names are at hand.")
            .issuers(&[&pki.ecc_issuing, &pki.attacker_ca]),
        case(
            pki,
            "upper_issuer_missing",
            "issuer_missing",
            High,
            &["AZ5"],
            "The first of two issuers is at hand, the second is not.",
        )
        .document(&g2)
        .issuers(&[&pki.issuing_g2]),
        case(
            pki,
            "other_anchor",
            "issuer_missing",
            High,
            &["AZ5"],
            "The anchor is another root, and the right one is not at hand.",
        )
        .anchors(&[&pki.root_2]),
        case(
            pki,
            "other_anchor_root_at_hand",
            "root_not_trusted",
            Critical,
            &["7"],
            "The anchor is another root; the right one is at hand and not trusted.",
        )
        .anchors(&[&pki.root_2])
        .issuers(&[&pki.issuing, &pki.root]),
        case(
            pki,
            "other_anchor_root_in_bag",
            "root_not_trusted",
            Critical,
            &["7"],
            "The whole chain is in the bag, and the anchor is another root.",
        )
        .document(&pki.document().bag(&[&pki.leaf, &pki.issuing, &pki.root]))
        .anchors(&[&pki.root_2])
        .issuers(&[]),
        case(
            pki,
            "below_well_known_root",
            "root_not_trusted",
            Medium,
            &["24"],
            "The issuer names a root that everybody knows but that is not an anchor here.",
        )
        .document(&pki.signed_by(&pki.leaf_of(&below_well_known).issue()))
        .issuers(&[&below_well_known]),
        case(
            pki,
            "impostors_chain",
            "certificate_signature",
            Critical,
            &["39"],
            "The attacker's CAs have the very names of the real ones: a name alone proves nothing.",
        )
        .document(&by_impostor)
        .issuers(&[&impostor]),
        case(
            pki,
            "impostors_chain_with_root",
            "certificate_signature",
            Critical,
            &["39"],
            "The same, and the attacker's root of the anchor's name is at hand too.",
        )
        .document(&by_impostor)
        .issuers(&[&impostor, &impostor_root, &pki.issuing]),
    ]
}

fn signatures(pki: &Pki) -> Vec<Case> {
    let wrong = |id: &str, importance, flaws, description: &str| {
        case(pki, id, "certificate_signature", importance, flaws, description)
    };
    let broken_leaf = pki.leaf().with(|leaf| leaf.break_signature = true).issue();
    let by_attacker = |builder: CertificateBuilder| {
        builder.with(|builder| {
            builder.signer = pki.keys.key("attacker");
            builder.scheme = builder.signer.scheme();
        })
    };
    let broken = pki.authority().with(|authority| authority.break_signature = true).issue().named("issuing_broken");
    let forged = by_attacker(pki.authority()).issue().named("issuing_forged");
    let issued = |issuer: &Certificate| pki.signed_by(&pki.leaf_of(issuer).issue());
    let own_leaf = pki.leaf_with(&pki.keys.key("attacker"));
    let other_scheme = pki.leaf().with(|leaf| {
        leaf.inner_algorithm = Some(Scheme::Pkcs1(Hash::Sha256).identifier());
        leaf.outer_algorithm = Some(Scheme::Pkcs1(Hash::Sha256).identifier());
    });
    vec![
        wrong(
            "leaf_broken",
            Critical,
            &["29"],
            "A bit of the leaf's signature is turned (CVE-2026-5501: only the upper chain was checked).",
        )
        .document(&pki.signed_by(&broken_leaf)),
        wrong(
            "leaf_forged",
            Critical,
            &["29"],
            "A leaf of the attacker's key that names the real issuer, signed by himself.",
        )
        .document(&pki.signed_by(&by_attacker(own_leaf.clone()).issue())),
        wrong("leaf_signed_by_root", High, &["29"], "A leaf that names the issuing CA and is signed by the root.")
            .document(
                &pki.signed_by(
                    &pki.leaf()
                        .with(|leaf| {
                            leaf.signer = pki.root.key.clone();
                            leaf.scheme = Scheme::Pkcs1(Hash::Sha256);
                        })
                        .issue(),
                ),
            ),
        wrong(
            "leaf_other_algorithm",
            High,
            &["32"],
            "A leaf signed over SHA-384 that says SHA-256, inside and outside.",
        )
        .document(&pki.signed_by(&other_scheme.issue())),
        wrong("issuer_broken", Critical, &["28"], "A bit of the issuer's signature is turned.")
            .document(&issued(&broken))
            .issuers(&[&broken]),
        wrong("issuer_forged", Critical, &["28"], "An issuer that names the root and is signed by the attacker.")
            .document(&issued(&forged))
            .issuers(&[&forged]),
        wrong("issuer_forged_in_bag", Critical, &["28", "7"], "The same in the bag.")
            .document(
                &issued(&forged).with(|document| document.certificates.as_mut().expect("bag").push(forged.der.clone())),
            )
            .issuers(&[]),
    ]
}

fn times(pki: &Pki) -> Vec<Case> {
    let issuer = |id: &'static str, verdict, importance, description: &str, from, to| {
        let issuer = pki.authority().valid(from, to).issue().named(id);
        case(pki, id, verdict, importance, &["33"], description)
            .document(&pki.signed_by(&pki.leaf_of(&issuer).issue()))
            .issuers(&[&issuer])
    };
    let anchor = |id: &'static str, verdict, description: &str, from, to| {
        let anchor = pki.anchor().valid(from, to).issue().named(id);
        let issuer = pki.authority_of(&anchor).issue();
        let leaf = pki.leaf_of(&issuer).issue();
        case(pki, id, verdict, High, &["33"], description)
            .document(&pki.signed_by(&leaf).bag(&[&leaf, &issuer]))
            .anchors(&[&anchor])
            .issuers(&[])
    };
    let (expired, early) = ("certificate_expired", "certificate_not_yet_valid");
    vec![
        issuer(
            "issuer_expired",
            expired,
            High,
            "The only issuer has expired, as Azure's cross-signs have on 2026-08-25.",
            midnight(2023, 6, 8),
            midnight(2026, 8, 25),
        ),
        issuer(
            "issuer_expired_by_a_second",
            expired,
            Medium,
            "The only issuer expired one second ago.",
            midnight(2025, 8, 1),
            NOW - 1,
        ),
        issuer(
            "issuer_not_yet_valid",
            early,
            High,
            "The only issuer is valid from next month on.",
            midnight(2026, 10, 1),
            midnight(2029, 6, 3),
        ),
        anchor(
            "anchor_expired",
            expired,
            "The anchor has expired, as Baltimore CyberTrust Root has.",
            midnight(2000, 5, 12),
            midnight(2025, 5, 12),
        ),
        anchor(
            "anchor_not_yet_valid",
            early,
            "The anchor is valid from next month on.",
            midnight(2026, 10, 1),
            midnight(2045, 1, 1),
        ),
    ]
}
