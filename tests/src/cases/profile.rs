//! Certificates that say what they may in a way that X.690 or RFC 5280 forbids, and ways that only look odd.

use crate::asn1::{element, integer, octet_string, sequence, set, tag};
use crate::certificate::CertificateBuilder;
use crate::claims::Claims;
use crate::extension::{self, Extension, general_name};
use crate::pki::Pki;
use crate::signed_data::Document;
use crate::suite::Importance::{Low, Medium};
use crate::suite::{Case, VERIFIED};
use crate::{name, oid};

const REFUSED: &str = "certificate_profile";

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let everywhere: Vec<_> =
        [Holder::Leaf, Holder::Authority].into_iter().flat_map(|holder| everywhere(pki, holder)).collect();
    [everywhere, leafs(pki), names(pki), authorities(pki), anchors(pki)].concat()
}

/// Whose certificate is odd.
#[derive(Clone, Copy)]
enum Holder {
    Leaf,
    Authority,
    Anchor,
}

impl Holder {
    /// A right certificate of the kind.
    fn builder(self, pki: &Pki) -> CertificateBuilder {
        match self {
            Self::Leaf => pki.short_leaf(),
            Self::Authority => pki.authority(),
            Self::Anchor => pki.anchor(),
        }
    }

    /// A document whose path leads over the certificate.
    fn case(
        self,
        pki: &Pki,
        id: &str,
        verdict: &'static str,
        description: &str,
        change: impl FnOnce(CertificateBuilder) -> CertificateBuilder,
    ) -> Case {
        let importance = if verdict == VERIFIED { Low } else { Medium };
        let certificate = change(self.builder(pki)).issue();
        let case = |who: &str, description: String| {
            let case = if who == "leaf" { Pki::short_case } else { Pki::case };
            case(pki, &format!("profile::{who}_{id}"), verdict, importance, &["30", "36"], &description)
        };
        let label = |who: &str| -> &'static str { Box::leak(format!("profile_{who}_{id}").into_boxed_str()) };
        match self {
            Self::Leaf => case("leaf", format!("A signer's certificate: {description}"))
                .document(&Document::new(&certificate, Claims::short())),
            Self::Authority => {
                let issuer = certificate.named(label("authority"));
                case("authority", format!("An issuer: {description}"))
                    .document(&pki.signed_by(&pki.leaf_of(&issuer).issue()))
                    .issuers(&[&issuer])
            }
            Self::Anchor => {
                let anchor = certificate.named(label("anchor"));
                let issuer = pki.authority_of(&anchor).issue();
                let leaf = pki.leaf_of(&issuer).issue();
                case("anchor", format!("An anchor: {description}"))
                    .document(&pki.signed_by(&leaf).bag(&[&leaf, &issuer]))
                    .anchors(&[&anchor])
                    .issuers(&[])
            }
        }
    }

    /// A keyUsage of these octets of a BIT STRING. The first bits are those that the holder needs.
    fn usage(self, unused: u8, more: u8, octets: &[u8]) -> Extension {
        let bits = if matches!(self, Self::Leaf) { 0x80 } else { 0x86 };
        let value = element(tag::BIT_STRING, &[&[unused, bits | more], octets].concat());
        Extension::new(oid::KEY_USAGE, value).critical()
    }
}

/// What no certificate may hold.
fn everywhere(pki: &Pki, holder: Holder) -> Vec<Case> {
    let case = |id: &str, verdict, description: &str, extension: Extension| {
        holder.case(pki, id, verdict, description, |it| it.extension(extension))
    };
    let identifier = match holder {
        Holder::Leaf => &pki.ecc_issuing,
        _ => &pki.root,
    };
    let key = element(tag::implicit(0), &identifier.key.identifier());
    let issuer = element(tag::explicit(1), &general_name::directory(&name::authority("issuer")));
    let serial = element(tag::implicit(2), &[5]);
    let authority_key = |parts: &[&Vec<u8>]| Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, sequence(parts));
    let no_skip = Extension::new(oid::INHIBIT_ANY_POLICY, integer(0));
    vec![
        case(
            "usage_trailing_zeros",
            REFUSED,
            "keyUsage ends with bits of zero, which DER leaves out of a list of named bits (X.690, 11.2.2).",
            holder.usage(0, 0, &[]),
        ),
        case("usage_trailing_octet", REFUSED, "keyUsage ends with an octet of zeros.", holder.usage(0, 0, &[0])),
        case(
            "usage_unused_bits",
            REFUSED,
            "A bit of keyUsage that is not used is set (X.690, 11.2.1).",
            holder.usage(1, 1, &[]),
        ),
        case("usage_of_nine_bits", VERIFIED, "keyUsage has all nine bits that there are.", holder.usage(7, 0, &[0x80])),
        case(
            "authority_key_empty",
            REFUSED,
            "An authorityKeyIdentifier without an identifier, which RFC 5280, section 4.2.1.1, demands.",
            authority_key(&[]),
        ),
        case(
            "authority_key_of_no_octets",
            REFUSED,
            "An authorityKeyIdentifier whose identifier is empty.",
            authority_key(&[&element(tag::implicit(0), &[])]),
        ),
        case(
            "authority_key_by_serial",
            REFUSED,
            "An authorityKeyIdentifier with issuer and serial number alone.",
            authority_key(&[&issuer, &serial]),
        ),
        case(
            "authority_key_and_serial",
            VERIFIED,
            "An authorityKeyIdentifier with key, issuer and serial number.",
            authority_key(&[&key, &issuer, &serial]),
        ),
        case(
            "authority_key_without_serial",
            REFUSED,
            "An authorityKeyIdentifier with an issuer and no serial number (RFC 5280, appendix A.2).",
            authority_key(&[&key, &issuer]),
        ),
        case(
            "authority_key_without_issuer",
            REFUSED,
            "An authorityKeyIdentifier with a serial number and no issuer.",
            authority_key(&[&key, &serial]),
        ),
        case(
            "authority_key_of_no_issuer",
            REFUSED,
            "An authorityKeyIdentifier whose issuer has no name, where one at least must be.",
            authority_key(&[&key, &element(tag::explicit(1), &[]), &serial]),
        ),
        case("subject_key_empty", REFUSED, "A subjectKeyIdentifier of no octets.", extension::subject_key(&[])),
        case(
            "purposes_empty",
            REFUSED,
            "An extKeyUsage of no purpose, where one at least must be (RFC 5280, 4.2.1.12).",
            extension::purposes(&[]),
        ),
        case(
            "inhibit_any_policy",
            REFUSED,
            "inhibitAnyPolicy that is not critical, which RFC 5280, section 4.2.1.14, demands.",
            no_skip.clone(),
        ),
        case(
            "inhibit_any_policy_critical",
            "critical_extension",
            "inhibitAnyPolicy as RFC 5280 has it: critical, and not understood here.",
            no_skip.critical(),
        ),
    ]
}

fn leafs(pki: &Pki) -> Vec<Case> {
    let constraints = |parts: &[Vec<u8>]| Extension::new(oid::BASIC_CONSTRAINTS, sequence(parts)).critical();
    let case = |id: &str, description: &str, extension: Extension| {
        Holder::Leaf.case(pki, id, REFUSED, description, |it| it.extension(extension))
    };
    vec![
        case(
            "ca_false",
            "basicConstraints write out the default, that it is no CA (X.690, 11.5).",
            constraints(&[element(tag::BOOLEAN, &[0])]),
        ),
        case(
            "path_length",
            "basicConstraints hold a path length and no cA (RFC 5280, 4.2.1.9).",
            constraints(&[integer(0)]),
        ),
    ]
}

/// Parts of a certificate that are read before the profile: it is malformed.
fn names(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, description: &str, change: &dyn Fn(&mut CertificateBuilder)| {
        Holder::Leaf.case(pki, id, "certificate_malformed", description, |it| it.with(change))
    };
    let empty = set::<Vec<u8>>(&[]);
    vec![
        case("extensions_empty", "No extension in its extensions (RFC 5280, 4.1).", &|leaf| {
            leaf.extensions.clear();
            leaf.unique_identifiers = element(tag::explicit(3), &sequence::<Vec<u8>>(&[]));
        }),
        case("subject_part_empty", "A part of its subject's name has no attribute (RFC 5280, 4.1.2.4).", &|leaf| {
            leaf.subject = sequence(&[set(&[name::part(oid::COMMON_NAME, "metadata.azure.com")]), empty.clone()]);
        }),
    ]
}

fn authorities(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, verdict, description: &str, extension: Extension| {
        Holder::Authority.case(pki, id, verdict, description, |it| it.extension(extension))
    };
    let constraints = |parts: &[Vec<u8>]| Extension::new(oid::NAME_CONSTRAINTS, sequence(parts)).critical();
    let subtrees = |number, base: Vec<u8>, distances: &[Vec<u8>]| {
        let subtree = sequence(&[&[base], distances].concat());
        constraints(&[element(tag::explicit(number), &subtree)])
    };
    let distance = |number, length| element(tag::implicit(number), &[length]);
    let excluded = || general_name::dns("example.com");
    let network = |octets| subtrees(1, general_name::address(octets), &[]);
    let addressed = |octets| extension::alternative_names(&[general_name::address(octets)]);
    vec![
        case(
            "name_constraints_empty",
            REFUSED,
            "Name constraints without any constraint, which RFC 5280, section 4.2.1.10, forbids.",
            constraints(&[]),
        ),
        case(
            "name_constraints_permit_none",
            REFUSED,
            "Name constraints with a list of permitted names that is empty.",
            constraints(&[element(tag::explicit(0), &[])]),
        ),
        case(
            "name_constraints_exclude_none",
            REFUSED,
            "Name constraints with a list of excluded names that is empty.",
            constraints(&[element(tag::explicit(1), &[])]),
        ),
        case(
            "name_constraints_minimum_zero",
            REFUSED,
            "A name constraint that writes out the default, a minimum of zero.",
            subtrees(1, excluded(), &[distance(0, 0)]),
        ),
        case(
            "name_constraints_minimum",
            REFUSED,
            "A name constraint with a minimum of one, which RFC 5280, section 4.2.1.10, forbids.",
            subtrees(1, excluded(), &[distance(0, 1)]),
        ),
        case(
            "name_constraints_maximum",
            REFUSED,
            "A name constraint with a maximum, which RFC 5280, section 4.2.1.10, forbids.",
            subtrees(1, excluded(), &[distance(1, 3)]),
        ),
        case(
            "name_constraints_other_names",
            VERIFIED,
            "A name constraint that excludes other names.",
            subtrees(1, excluded(), &[]),
        ),
        case(
            "name_constraints_address",
            VERIFIED,
            "A constraint on IPv4 addresses: address and mask.",
            network(&[10, 0, 0, 0, 255, 0, 0, 0]),
        ),
        case(
            "name_constraints_address_of_6",
            VERIFIED,
            "A constraint on IPv6 addresses: address and mask.",
            network(&[0; 32]),
        ),
        case(
            "name_constraints_address_short",
            REFUSED,
            "A constraint on addresses that lacks the mask.",
            network(&[10, 0, 0, 0]),
        ),
        case(
            "name_constraints_address_long",
            REFUSED,
            "A constraint on addresses that has an octet too many.",
            network(&[0; 33]),
        ),
        case(
            "alternative_names_empty",
            REFUSED,
            "A subjectAltName of no name, where one at least must be (RFC 5280, 4.2.1.6).",
            extension::alternative_names(&[]),
        ),
        case(
            "alternative_names_address",
            VERIFIED,
            "An IPv4 address in its subjectAltName.",
            addressed(&[10, 0, 0, 1]),
        ),
        case("alternative_names_address_of_6", VERIFIED, "An IPv6 address in its subjectAltName.", addressed(&[1; 16])),
        case(
            "alternative_names_address_short",
            REFUSED,
            "An address of three octets in its subjectAltName.",
            addressed(&[10, 0, 0]),
        ),
        Holder::Authority.case(
            pki,
            "ca_false",
            REFUSED,
            "basicConstraints write out the default, that it is no CA.",
            |it| {
                let value = sequence(&[element(tag::BOOLEAN, &[0])]);
                it.extension(Extension::new(oid::BASIC_CONSTRAINTS, value).critical())
            },
        ),
    ]
}

/// Anchors are held to the same, but for what public roots do.
fn anchors(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, verdict, description: &str, extension: Extension| {
        Holder::Anchor.case(pki, id, verdict, description, |it| it.extension(extension))
    };
    vec![
        case(
            "usage_trailing_zeros",
            VERIFIED,
            "keyUsage ends with bits of zero, as Trustwave's roots on elliptic curves have it: it is the caller who \
                trusts an anchor.",
            Holder::Anchor.usage(0, 0, &[]),
        ),
        case(
            "usage_unused_bits",
            REFUSED,
            "A bit of keyUsage that is not used is set.",
            Holder::Anchor.usage(1, 1, &[]),
        ),
        case(
            "authority_key_empty",
            REFUSED,
            "An authorityKeyIdentifier without an identifier.",
            Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, sequence::<Vec<u8>>(&[])),
        ),
        case(
            "subject_key_empty",
            REFUSED,
            "A subjectKeyIdentifier of no octets.",
            Extension::new(oid::SUBJECT_KEY_IDENTIFIER, octet_string(&[])),
        ),
        case(
            "name_constraints_empty",
            REFUSED,
            "Name constraints without any constraint.",
            extension::name_constraints(&[], &[]),
        ),
        case("alternative_names_empty", REFUSED, "A subjectAltName of no name.", extension::alternative_names(&[])),
        case(
            "inhibit_any_policy",
            REFUSED,
            "inhibitAnyPolicy that is not critical.",
            Extension::new(oid::INHIBIT_ANY_POLICY, integer(0)),
        ),
    ]
}
