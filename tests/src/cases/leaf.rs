//! The signer's certificate: profile, extensions and usages.

use crate::asn1::{algorithm, algorithm_null, bit_string, element, integer, null, octet_string, sequence, tag};
use crate::certificate::CertificateBuilder;
use crate::claims::Claims;
use crate::extension::{self, Extension, general_name, usage};
use crate::pki::Pki;
use crate::signed_data::Document;
use crate::suite::Case;
use crate::suite::Importance::{self, High, Medium};
use crate::{name, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let leafs = Leafs { pki };
    [leafs.profile(), leafs.extensions(), leafs.usages()].concat()
}

struct Leafs<'a> {
    pki: &'a Pki,
}

impl Leafs<'_> {
    fn builder(&self) -> CertificateBuilder {
        self.pki.short_leaf()
    }

    fn case(
        &self,
        id: &str,
        verdict: &'static str,
        importance: Importance,
        flaws: &'static [&'static str],
        description: &str,
        leaf: CertificateBuilder,
    ) -> Case {
        self.pki
            .short_case(&format!("leaf::{id}"), verdict, importance, flaws, description)
            .document(&Document::new(&leaf.issue(), Claims::short()))
    }

    fn profile(&self) -> Vec<Case> {
        let case = |id: &str, description: &str, change: &dyn Fn(&mut CertificateBuilder)| {
            self.case(id, "certificate_profile", Medium, &["32", "36"], description, self.builder().with(change))
        };
        let serial = |id: &str, description: &str, octets: &[u8]| {
            case(&format!("serial_{id}"), description, &|leaf| leaf.serial = Some(octets.to_vec()))
        };
        let unique = |id: &str, description: &str, number| {
            case(&format!("unique_identifier_of_{id}"), description, &|leaf| {
                leaf.unique_identifiers = element(tag::implicit(number), &[0, 7, 7, 7, 7]);
            })
        };
        vec![
            case("version_1", "Version 1 with extensions, which that version does not have.", &|leaf| {
                leaf.version = None
            }),
            case("version_2", "Version 2 with extensions, which that version does not have.", &|leaf| {
                leaf.version = Some(1)
            }),
            serial("zero", "The serial number zero.", &[0]),
            serial("negative", "A negative serial number.", &[0x80, 1, 2, 3]),
            serial("of_21_octets", "A serial number of 21 octets.", &[0x11; 21]),
            serial(
                "of_20_octets_and_a_zero",
                "A serial number of 20 octets whose highest bit is set: 21 octets in DER.",
                &[&[0][..], &[0xff; 20]].concat(),
            ),
            case("algorithms_differ", "The signature algorithm inside is another than the one outside.", &|leaf| {
                leaf.inner_algorithm = Some(algorithm(oid::ECDSA_SHA256))
            }),
            case("parameters_differ", "The signature algorithm outside has NULL, the one inside has not.", &|leaf| {
                leaf.outer_algorithm = Some(algorithm_null(oid::ECDSA_SHA384))
            }),
            unique("issuer", "A unique identifier of the issuer, which RFC 5280, section 4.1.2.8, forbids.", 1),
            unique("subject", "A unique identifier of the subject, which RFC 5280, section 4.1.2.8, forbids.", 2),
            case(
                "alternative_names_not_critical",
                "An empty subject beside a subjectAltName that is not critical, RFC 5280, section 4.2.1.6.",
                &|leaf| leaf.subject = name::name(&[]),
            ),
        ]
    }

    fn extensions(&self) -> Vec<Case> {
        let profile = |id: &str, flaws, description: &str, leaf: CertificateBuilder| {
            self.case(id, "certificate_profile", High, flaws, description, leaf)
        };
        let twice = |id: &str, extension: Extension| {
            let description = "An extension stands twice with the same value: readers take the first or the last.";
            let leaf = self.builder().extension(extension.clone()).repeat(extension);
            profile(&format!("twice_{id}"), &["X9", "36"], description, leaf)
        };
        let raw = |id: &str, description: &str, oid: &'static str, value: Vec<u8>| {
            profile(
                &format!("malformed_{id}"),
                &["X5"],
                description,
                self.builder().extension(Extension::new(oid, value)),
            )
        };
        let constrained = extension::name_constraints(&[general_name::dns("azure.com")], &[]);
        vec![
            twice("basic_constraints", extension::end_entity()),
            twice("key_usage", extension::key_usage(usage::DIGITAL_SIGNATURE)),
            twice("purposes", extension::purposes(&[oid::SERVER_AUTH])),
            twice("key_identifier", extension::subject_key(&[7; 20])),
            twice("unknown", Extension::new(oid::UNKNOWN, null())),
            raw("basic_constraints", "basicConstraints that are an INTEGER.", oid::BASIC_CONSTRAINTS, integer(1)),
            raw(
                "basic_constraints_trailing",
                "An octet behind the basicConstraints.",
                oid::BASIC_CONSTRAINTS,
                vec![0x30, 0, 0],
            ),
            raw(
                "basic_constraints_true",
                "basicConstraints whose BOOLEAN is 01 instead of FF.",
                oid::BASIC_CONSTRAINTS,
                sequence(&[[1, 1, 1]]),
            ),
            raw("key_usage", "A keyUsage that is an OCTET STRING.", oid::KEY_USAGE, octet_string(&[0x80])),
            raw(
                "purposes",
                "An extKeyUsage that holds a text.",
                oid::EXTENDED_KEY_USAGE,
                sequence(&[element(tag::UTF8_STRING, b"serverAuth")]),
            ),
            raw(
                "purposes_trailing",
                "An octet behind the extKeyUsage.",
                oid::EXTENDED_KEY_USAGE,
                [&extension::purposes(&[oid::SERVER_AUTH]).value[..], &[0]].concat(),
            ),
            raw(
                "key_identifier",
                "A subjectKeyIdentifier that is a BIT STRING.",
                oid::SUBJECT_KEY_IDENTIFIER,
                bit_string(&[7; 20]),
            ),
            raw(
                "authority_key",
                "An authorityKeyIdentifier that is an OCTET STRING.",
                oid::AUTHORITY_KEY_IDENTIFIER,
                octet_string(&[7; 20]),
            ),
            raw(
                "name_constraints",
                "Name constraints that hold an INTEGER.",
                oid::NAME_CONSTRAINTS,
                sequence(&[integer(1)]),
            ),
            profile(
                "authority_key_absent",
                &["36"],
                "No authorityKeyIdentifier, which RFC 5280, section 4.2.1.1, demands.",
                self.builder().without(oid::AUTHORITY_KEY_IDENTIFIER),
            ),
            profile(
                "name_constraints",
                &["31"],
                "Name constraints in a leaf, where they have no place.",
                self.builder().extension(constrained),
            ),
            self.case(
                "critical_unknown",
                "critical_extension",
                High,
                &["30"],
                "A critical extension nobody knows.",
                self.builder().extension(Extension::new(oid::UNKNOWN, null()).critical()),
            ),
        ]
    }

    fn usages(&self) -> Vec<Case> {
        let purposes = |id: &str, importance, flaws, description: &str, purposes: &[&str]| {
            let leaf = self.builder().extension(extension::purposes(purposes));
            self.case(&format!("purposes_{id}"), "extended_key_usage", importance, flaws, description, leaf)
        };
        let bits = |id: &str, verdict, importance, description: &str, bits| {
            self.case(
                id,
                verdict,
                importance,
                &["30"],
                description,
                self.builder().extension(extension::key_usage(bits)),
            )
        };
        let ca = self.builder().extension(extension::authority(None));
        let full_ca = ca.clone().extension(extension::key_usage(usage::DIGITAL_SIGNATURE | usage::KEY_CERT_SIGN));
        vec![
            self.case("is_ca", "leaf_is_ca", High, &["30"], "The signer is a CA.", ca),
            self.case(
                "is_ca_with_cert_sign",
                "leaf_is_ca",
                High,
                &["30"],
                "The signer is a CA and may sign certificates.",
                full_ca,
            ),
            bits(
                "usage_encipherment",
                "key_usage",
                High,
                "The key may encipher keys and not sign.",
                usage::KEY_ENCIPHERMENT,
            ),
            bits(
                "usage_crl",
                "key_usage",
                Medium,
                "The key may sign revocation lists and nothing else.",
                usage::CRL_SIGN,
            ),
            bits(
                "usage_cert_sign",
                "certificate_profile",
                High,
                "The key may sign certificates, though its owner is no CA.",
                usage::DIGITAL_SIGNATURE | usage::KEY_CERT_SIGN,
            ),
            purposes("client_auth", High, &["C2"], "The certificate is for clients.", &[oid::CLIENT_AUTH]),
            purposes("code_signing", High, &["C2"], "The certificate is for signing code.", &[oid::CODE_SIGNING]),
            purposes(
                "email",
                High,
                &["C2"],
                "The certificate is for mail, which OpenSSL asks of a CMS signer unless told otherwise.",
                &[oid::EMAIL_PROTECTION],
            ),
            purposes(
                "any",
                Medium,
                &["C2"],
                "The certificate is for any purpose; that is not serverAuth.",
                &[oid::ANY_PURPOSE],
            ),
            self.case(
                "purposes_absent",
                "extended_key_usage",
                Medium,
                &["C2"],
                "The certificate does not say what it is for.",
                self.builder().without(oid::EXTENDED_KEY_USAGE),
            ),
        ]
    }
}
