//! Certificates and public keys that are shut out, and what is not shut out with them.

use crate::certificate::Certificate;
use crate::claims::Claims;
use crate::pki::{self, Pki};
use crate::rewritable::other_certificate;
use crate::signed_data::Document;
use crate::suite::Importance::{self, Critical, High, Medium};
use crate::suite::{Case, VERIFIED};

/// The verdict where no way is left.
const DENIED: &str = "certificate_denied";

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [everywhere(pki), other_ways(pki), other_certificates(pki)].concat()
}

fn case(pki: &Pki, id: &str, verdict: &'static str, importance: Importance, description: &str) -> Case {
    pki.case(&format!("denied::{id}"), verdict, importance, &[], description)
}

fn everywhere(pki: &Pki) -> Vec<Case> {
    let (leaf, issuing, root) = (&pki.leaf, &pki.issuing, &pki.root);
    let carried = pki.document().bag(&[leaf, issuing]);
    let denied = |id: &str, description: &str, what: &[u8]| case(pki, id, DENIED, Critical, description).deny(&[what]);
    vec![
        denied("leaf", "The signer's certificate is shut out.", &leaf.der),
        denied("leaf_key", "The signer's public key is shut out.", leaf.key.spki()),
        denied("issuer", "The only issuer is shut out.", &issuing.der),
        denied("issuer_key", "The public key of the only issuer is shut out.", issuing.key.spki()),
        denied("issuer_in_bag", "The issuer that the document brings is shut out.", &issuing.der)
            .document(&carried)
            .issuers(&[]),
        denied("issuer_key_in_bag", "The same by its public key.", issuing.key.spki()).document(&carried).issuers(&[]),
        denied("root", "The anchor is shut out.", &root.der),
        denied("root_key", "The public key of the anchor is shut out.", root.key.spki()),
        case(pki, "one_of_many", DENIED, High, "The last of several digests is that of the issuer.").deny(&[
            b"one",
            b"two",
            b"three",
            &issuing.der,
        ]),
        case(pki, "others", VERIFIED, Medium, "Nothing of this document is among what is shut out.").deny(&[
            b"one",
            &pki.issuing_xsign.der,
            pki.root_2.key.spki(),
            &pki.root.subject,
        ]),
    ]
}

fn other_ways(pki: &Pki) -> Vec<Case> {
    let crossed = |case: Case| case.anchors(&[&pki.root, &pki.root_2]).issuers(&[&pki.issuing, &pki.issuing_xsign]);
    let three_hops = |case: Case| {
        case.document(&pki.signed_by(&pki.leaf_of(&pki.issuing_g2).issue()))
            .anchors(&[&pki.root, &pki.root_g2])
            .issuers(&[&pki.issuing_g2, &pki.root_g2_xsign])
    };
    let impostor = pki::issuing(pki.issuing.subject.clone(), &pki.keys.key("attacker_ca"), &pki.attacker_root)
        .issue()
        .named("impostor_of_issuing");
    vec![
        crossed(case(pki, "cross_signed", VERIFIED, High, "One of two certificates of the issuer is shut out."))
            .deny(&[&pki.issuing.der]),
        crossed(case(pki, "cross_signed_other", VERIFIED, High, "The other one is.")).deny(&[&pki.issuing_xsign.der]),
        crossed(case(pki, "cross_signed_root", VERIFIED, High, "One of two anchors is shut out."))
            .deny(&[&pki.root.der]),
        crossed(case(pki, "cross_signed_both", DENIED, Critical, "Both certificates of the issuer are shut out."))
            .deny(&[&pki.issuing.der, &pki.issuing_xsign.der]),
        crossed(case(pki, "cross_signed_key", DENIED, Critical, "The key of both is shut out."))
            .deny(&[pki.issuing.key.spki()]),
        three_hops(case(pki, "upper_issuer", VERIFIED, High, "An issuer is shut out whose name and key is an anchor."))
            .deny(&[&pki.root_g2_xsign.der]),
        three_hops(case(pki, "upper_issuer_and_anchor", DENIED, Critical, "The key of both is shut out."))
            .deny(&[pki.root_g2.key.spki()]),
        case(
            pki,
            "issuer_without_its_own",
            DENIED,
            High,
            "The issuer is shut out, and its own issuer is not at hand: nothing that could be fetched would help.",
        )
        .anchors(&[&pki.root_2])
        .deny(&[&pki.issuing.der]),
        case(
            pki,
            "impostor",
            "issuer_missing",
            Medium,
            "Shut out is a certificate of the issuer's name that did not sign: the issuer is missing all the same.",
        )
        .issuers(&[&impostor])
        .deny(&[&impostor.der]),
    ]
}

fn other_certificates(pki: &Pki) -> Vec<Case> {
    let again = pki.leaf().with(|leaf| leaf.serial = Some(vec![0x5a; 8])).issue();
    let rewritten = Certificate {
        der: other_certificate(&pki.short_leaf.der).expect("signed with ECDSA"),
        ..pki.short_leaf.clone()
    };
    let short = |id: &str, verdict, importance, description: &str| {
        pki.short_case(&format!("denied::{id}"), verdict, importance, &[], description)
            .document(&Document::new(&rewritten, Claims::short()))
    };
    vec![
        case(pki, "renewed", VERIFIED, High, "A certificate is shut out, and its key was certified again.")
            .document(&pki.signed_by(&again))
            .deny(&[&pki.leaf.der]),
        case(pki, "renewed_key", DENIED, Critical, "The key is shut out: the other certificate does not help.")
            .document(&pki.signed_by(&again))
            .deny(&[pki.leaf.key.spki()]),
        short(
            "rewritten",
            VERIFIED,
            High,
            "A certificate signed with ECDSA is shut out, and comes with the other of its two signatures, which anybody \
             can write: its SHA-256 is another. That is why the public key is the surer choice.",
        )
        .deny(&[&pki.short_leaf.der]),
        short("rewritten_key", DENIED, Critical, "The key is shut out: rewriting the certificate does not help.")
            .deny(&[pki.short_leaf.key.spki()]),
    ]
}
