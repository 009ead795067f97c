//! Which certificate is the signer's: exactly one, by issuer and serial number, and no other.

use crate::asn1::{element, sequence, tag};
use crate::certificate::Certificate;
use crate::claims::Claims;
use crate::clock;
use crate::name;
use crate::oid;
use crate::pki::Pki;
use crate::signed_data::{Document, Signer};
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [missing(pki), ambiguous(pki), attackers(pki)].concat()
}

fn missing(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance: Importance, description: &str, document: Document| {
        let flaws = &["5"];
        pki.short_case(&format!("signer::{name}"), "signer_certificate_missing", importance, flaws, description)
            .document(&document)
    };
    let identified = |identifier: Vec<u8>| pki.short(Claims::short()).signer(|signer| signer.identifier = identifier);
    let with_serial =
        |serial: &[u8]| identified(sequence(&[pki.short_leaf.issuer.clone(), element(tag::INTEGER, serial)]));
    let utf8: Vec<u8> = {
        let mut name = pki.short_leaf.issuer.clone();
        let at = name.iter().rposition(|byte| *byte == tag::PRINTABLE_STRING).expect("a string");
        name[at] = tag::UTF8_STRING;
        name
    };
    vec![
        case(
            "bag_absent",
            High,
            "No certificates at all.",
            pki.short(Claims::short()).with(|document| document.certificates = None),
        ),
        case(
            "bag_empty",
            High,
            "An empty set of certificates.",
            pki.short(Claims::short()).with(|document| document.certificates = Some(vec![])),
        ),
        case(
            "only_issuers_in_bag",
            High,
            "The bag holds the issuers and not the signer's certificate.",
            pki.short(Claims::short()).bag(&[&pki.issuing, &pki.root]),
        ),
        case(
            "other_serial",
            High,
            "The serial number named is another, though the only certificate would verify the signature.",
            with_serial(&[1]),
        ),
        case(
            "serial_cut",
            High,
            "The serial number named is the certificate's without its first octet.",
            with_serial(&pki.short_leaf.serial[1..]),
        ),
        case(
            "other_issuer",
            High,
            "The issuer named is another with the same serial number.",
            identified(sequence(&[pki.root.subject.clone(), element(tag::INTEGER, &pki.short_leaf.serial)])),
        ),
        case(
            "issuer_of_other_string_type",
            Medium,
            "The issuer named has the same letters in another string type: names are compared by \
                octets here.",
            identified(sequence(&[utf8, element(tag::INTEGER, &pki.short_leaf.serial)])),
        ),
        case(
            "subject_instead_of_issuer",
            Medium,
            "The signer is named by its own subject.",
            identified(sequence(&[pki.short_leaf.subject.clone(), element(tag::INTEGER, &pki.short_leaf.serial)])),
        ),
    ]
}

fn ambiguous(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance: Importance, description: &str, document: Document| {
        let flaws = &["C2", "5"];
        pki.short_case(&format!("signer::{name}"), "signer_certificate_ambiguous", importance, flaws, description)
            .document(&document)
    };
    // Same issuer and serial number as the leaf, key and names of the attacker's choice, signature of no worth.
    let double = pki.short_leaf_with(&pki.keys.key("ecc_attacker")).with(|double| {
        double.serial = Some(pki.short_leaf.serial.clone());
        double.signer = pki.keys.key("ecc_attacker");
        double.scheme = double.signer.scheme();
    });
    let double = double.issue();
    let by_attacker = |document: Document| document.signer(|signer| signer.key = pki.keys.key("ecc_attacker"));
    vec![
        case(
            "double_first",
            Critical,
            "Two certificates with the issuer and serial number named, the attacker's first.",
            pki.short(Claims::short()).bag(&[&double, &pki.short_leaf]),
        ),
        case(
            "double_last",
            Critical,
            "Two certificates with the issuer and serial number named, the attacker's last.",
            pki.short(Claims::short()).bag(&[&pki.short_leaf, &double]),
        ),
        case(
            "double_first_signs",
            Critical,
            "Two such certificates, the attacker's first, and it is he who signs.",
            by_attacker(pki.short(Claims::short()).bag(&[&double, &pki.short_leaf])),
        ),
        case(
            "double_last_signs",
            Critical,
            "Two such certificates, the attacker's last, and it is he who signs.",
            by_attacker(pki.short(Claims::short()).bag(&[&pki.short_leaf, &double])),
        ),
        case(
            "same_twice",
            Medium,
            "The signer's certificate stands twice in the bag.",
            pki.short(Claims::short()).bag(&[&pki.short_leaf, &pki.short_leaf]),
        ),
    ]
}

fn attackers(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, verdict, flaws, description: &str| {
        pki.case(&format!("signer::{name}"), verdict, Critical, flaws, description)
    };
    let by_attacker = |bag: &[&Certificate]| pki.signed_by(&pki.attacker_leaf).bag(bag);
    let (leaf, attacker) = (&pki.leaf, &pki.attacker_leaf);
    let self_signed =
        crate::certificate::CertificateBuilder::self_signed(name::service("metadata.azure.com"), &attacker.key)
            .valid(clock::LEAF_START, clock::LEAF_END)
            .names(&["metadata.azure.com"])
            .extension(crate::extension::purposes(&[oid::SERVER_AUTH]))
            .issue();
    let evil = pki.leaf_of(&pki.attacker_ca).names(&["evil.test"]).issue();
    let posing = pki.document().bag(&[leaf, attacker]).signer(|signer| signer.key = attacker.key.clone());
    let whole = [leaf, attacker, &pki.attacker_ca, &pki.attacker_root];
    let reversed = [&pki.attacker_root, &pki.attacker_ca, attacker, leaf];
    vec![
        case(
            "azure_first_attacker_signs",
            "issuer_missing",
            &["AZ3", "2"],
            "Azure's certificate in front, the attacker's behind it, and the attacker signs: the chain \
                that counts is the signer's.",
        )
        .document(&by_attacker(&[leaf, attacker])),
        case(
            "attacker_first_attacker_signs",
            "issuer_missing",
            &["AZ3", "2"],
            "The same with the attacker's certificate in front.",
        )
        .document(&by_attacker(&[attacker, leaf])),
        case(
            "attacker_brings_his_chain",
            "root_not_trusted",
            &["AZ3", "7"],
            "The attacker signs and brings his whole chain: what is in the bag is never an anchor.",
        )
        .document(&by_attacker(&whole)),
        case("attacker_brings_his_chain_reversed", "root_not_trusted", &["AZ3", "7"], "The same in the reverse order.")
            .document(&by_attacker(&reversed)),
        case(
            "attacker_chain_as_issuers",
            "root_not_trusted",
            &["7", "39"],
            "The attacker's chain is given as issuers: those are not trusted either.",
        )
        .document(&by_attacker(&[attacker]))
        .issuers(&[&pki.attacker_ca, &pki.attacker_root, &pki.issuing]),
        case("attacker_self_signed", "root_not_trusted", &["24"], "A self-signed certificate with the right names.")
            .document(&Document::new(&self_signed, pki.document().content)),
        case(
            "attacker_self_signed_beside_azure",
            "root_not_trusted",
            &["AZ3", "24"],
            "A self-signed certificate with the right names signs, Azure's stands in front.",
        )
        .document(&Document::new(&self_signed, pki.document().content).bag(&[leaf, &self_signed])),
        case(
            "attacker_of_another_name",
            "name_not_azure",
            &["AZ3"],
            "Azure's certificate in front; the signer's has another name.",
        )
        .document(&pki.signed_by(&evil).bag(&[leaf, &evil])),
        case(
            "attacker_names_azure",
            "content_signature",
            &["AZ3", "2"],
            "The attacker signs and names Azure's certificate as the signer's.",
        )
        .document(&posing),
        case(
            "signer_is_the_issuer",
            "content_signature",
            &["AZ3"],
            "The signer named is the issuing CA in the bag; the signature is the leaf's.",
        )
        .document(
            &pki.document()
                .bag(&[leaf, &pki.issuing])
                .signer(|signer| signer.identifier = pki.issuing.issuer_and_serial()),
        ),
        case(
            "issuer_signs",
            "names_missing",
            &["AZ3"],
            "The issuing CA itself signs, and is named as the signer: it has no names of the service.",
        )
        .document(&Document::new(&pki.issuing, pki.document().content)),
        case(
            "attacker_first_names_azure",
            "content_signature",
            &["AZ3"],
            "Attacker's SignerInfo under the leaf's name, with his certificate first.",
        )
        .document(&pki.document().bag(&[attacker, leaf]).with(|document| {
            document.signers = vec![Signer { identifier: leaf.issuer_and_serial(), ..Signer::new(attacker) }];
        })),
    ]
}
