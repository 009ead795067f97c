//! CAs that break a rule.

use crate::asn1::{algorithm_null, element, integer, null, oid, sequence, tag};
use crate::certificate::CertificateBuilder;
use crate::extension::{self, Extension, general_name, usage};
use crate::pki::{self, Pki};
use crate::scheme::{Hash, Scheme};
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Medium};
use crate::{name, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let authorities = Authorities { pki };
    [authorities.usages(), authorities.profile(), authorities.extensions(), authorities.algorithms()].concat()
}

struct Authorities<'a> {
    pki: &'a Pki,
}

impl Authorities<'_> {
    fn issuer(
        &self,
        id: &'static str,
        verdict: &'static str,
        importance: Importance,
        flaws: &'static [&'static str],
        description: &str,
        issuer: CertificateBuilder,
    ) -> Case {
        let issuer = issuer.issue().named(Box::leak(format!("authority_{id}").into_boxed_str()));
        self.pki
            .case(&format!("authority::{id}"), verdict, importance, flaws, description)
            .document(&self.pki.signed_by(&pki::leaf(&self.pki.keys.key("ecc_leaf_p256"), &issuer).issue()))
            .issuers(&[&issuer])
    }

    fn usages(&self) -> Vec<Case> {
        let pki = self.pki;
        let purposes = |id, description: &str, purposes: &[&str]| {
            let issuer = pki.authority().extension(extension::purposes(purposes));
            self.issuer(id, "extended_key_usage", High, &["30"], description, issuer)
        };
        let usage = |id, description: &str, bits| {
            self.issuer(
                id,
                "key_usage",
                High,
                &["30"],
                description,
                pki.authority().extension(extension::key_usage(bits)),
            )
        };
        let unknown = Extension::new(oid::UNKNOWN, null()).critical();
        vec![
            self.issuer(
                "usage_absent",
                "key_usage",
                Medium,
                &["30"],
                "A CA without keyUsage, which RFC 5280, section 4.2.1.3, demands of it.",
                pki.authority().without(oid::KEY_USAGE),
            ),
            usage("usage_crl_only", "A CA whose key may sign revocation lists and no certificates.", usage::CRL_SIGN),
            usage(
                "usage_signature_only",
                "A CA whose key may sign data and no certificates.",
                usage::DIGITAL_SIGNATURE,
            ),
            purposes("purposes_client_auth", "A CA for clients' certificates alone.", &[oid::CLIENT_AUTH]),
            purposes("purposes_code_signing", "A CA for signers of code alone.", &[oid::CODE_SIGNING]),
            purposes("purposes_any", "A CA for any purpose, which is not serverAuth.", &[oid::ANY_PURPOSE]),
            self.issuer(
                "critical_unknown",
                "critical_extension",
                High,
                &["30"],
                "A critical extension nobody knows in a CA.",
                pki.authority().extension(unknown),
            ),
        ]
    }

    fn profile(&self) -> Vec<Case> {
        let pki = self.pki;
        let case = |id, flaws, description: &str, issuer: CertificateBuilder| {
            self.issuer(id, "certificate_profile", High, flaws, description, issuer)
        };
        let with = |change: &dyn Fn(&mut CertificateBuilder)| pki.authority().with(change);
        let bare = pki.authority().with(|authority| {
            authority.version = None;
            authority.extensions.clear();
        });
        vec![
            case("version_1", &["30"], "A CA of version 1, which can't say that it is one.", bare),
            case(
                "version_1_with_extensions",
                &["30"],
                "A CA of version 1 with the extensions of version 3.",
                with(&|authority| authority.version = None),
            ),
            case(
                "twice_basic_constraints",
                &["X9", "36"],
                "basicConstraints stand twice, CA first and end entity then.",
                pki.authority().repeat(extension::end_entity()),
            ),
            case(
                "twice_unknown",
                &["X9", "36"],
                "An extension nobody knows stands twice.",
                pki.authority()
                    .repeat(Extension::new(oid::UNKNOWN, null()))
                    .repeat(Extension::new(oid::UNKNOWN, null())),
            ),
            case(
                "serial_negative",
                &["36"],
                "A negative serial number.",
                with(&|authority| authority.serial = Some(vec![0x80, 1, 2])),
            ),
            case(
                "serial_zero",
                &["36"],
                "The serial number zero.",
                with(&|authority| authority.serial = Some(vec![0])),
            ),
            case(
                "serial_of_21_octets",
                &["36"],
                "A serial number of 21 octets.",
                with(&|authority| authority.serial = Some(vec![0x11; 21])),
            ),
            case(
                "algorithms_differ",
                &["32"],
                "The signature algorithm inside is another than the one outside.",
                with(&|authority| authority.inner_algorithm = Some(algorithm_null(oid::SHA256_WITH_RSA))),
            ),
            case(
                "subject_key_absent",
                &["36"],
                "A CA without subjectKeyIdentifier, which RFC 5280, section 4.2.1.2, demands of it.",
                pki.authority().without(oid::SUBJECT_KEY_IDENTIFIER),
            ),
            case(
                "authority_key_absent",
                &["36"],
                "A CA without authorityKeyIdentifier, which RFC 5280, section 4.2.1.1, demands of it.",
                pki.authority().without(oid::AUTHORITY_KEY_IDENTIFIER),
            ),
            case(
                "malformed_basic_constraints",
                &["X5"],
                "basicConstraints that are an INTEGER.",
                pki.authority().extension(Extension::new(oid::BASIC_CONSTRAINTS, integer(1)).critical()),
            ),
        ]
    }

    fn extensions(&self) -> Vec<Case> {
        let pki = self.pki;
        let case = |id, importance, flaws, description: &str, issuer: CertificateBuilder| {
            self.issuer(id, "certificate_profile", importance, flaws, description, issuer)
        };
        let with = |extension| pki.authority().extension(extension);
        let dns = |name: &str| general_name::dns(name);
        let uncritical = |extension: Extension| Extension::new(extension.oid, extension.value);
        let explicit_policy = sequence(&[element(tag::implicit(0), &[0])]);
        let mapping = sequence(&[sequence(&[oid(oid::ORGANIZATION_VALIDATED), oid(oid::UNKNOWN)])]);
        vec![
            case(
                "subject_empty",
                High,
                &["X5", "36"],
                "A CA whose name is empty, and so is the issuer of the leaf below it.",
                pki.authority().with(|authority| authority.subject = name::name(&[])),
            ),
            case(
                "malformed_alternative_names",
                Medium,
                &["X5"],
                "A subjectAltName that holds an INTEGER, in a CA.",
                with(Extension::new(oid::SUBJECT_ALT_NAME, sequence(&[integer(1)]))),
            ),
            case(
                "basic_constraints_not_critical",
                Medium,
                &["30"],
                "basicConstraints that are not critical, which RFC 5280, section 4.2.1.9, demands of a CA.",
                with(uncritical(extension::authority(Some(0)))),
            ),
            case(
                "name_constraints_not_critical",
                Medium,
                &["31"],
                "Name constraints that permit the name and are not critical: others may pass them over.",
                with(uncritical(extension::name_constraints(&[dns("metadata.azure.com")], &[]))),
            ),
            case(
                "name_permitted_with_dot",
                Medium,
                &["31"],
                "A permitted DNS name with a dot in front: RFC 5280 knows none, and readers differ.",
                with(extension::name_constraints(&[dns(".azure.com")], &[])),
            ),
            case(
                "name_excluded_with_dot",
                Medium,
                &["31"],
                "An excluded DNS name with a dot in front: RFC 5280 knows none, and readers differ.",
                with(extension::name_constraints(&[], &[dns(".example.com")])),
            ),
            case(
                "policy_constraints_not_critical",
                Medium,
                &["30"],
                "Policy constraints that are not critical: a policy that can't be enforced is not passed over.",
                with(Extension::new(oid::POLICY_CONSTRAINTS, explicit_policy)),
            ),
            case(
                "policy_mappings_not_critical",
                Medium,
                &["30"],
                "Policy mappings that are not critical: a policy that can't be enforced is not passed over.",
                with(Extension::new(oid::POLICY_MAPPINGS, mapping)),
            ),
        ]
    }

    fn algorithms(&self) -> Vec<Case> {
        let pki = self.pki;
        let case = |id, importance, description: &str, change: &dyn Fn(&mut CertificateBuilder)| {
            let issuer = pki.authority().with(change);
            self.issuer(id, "certificate_signature_algorithm", importance, &["32"], description, issuer)
        };
        vec![
            case("signed_sha1", Critical, "A CA genuinely signed by the root with SHA-1.", &|authority| {
                authority.scheme = Scheme::Pkcs1(Hash::Sha1)
            }),
            case(
                "signed_md5",
                Critical,
                "A CA genuinely signed by the root with MD5: one was forged so in 2008.",
                &|authority| authority.scheme = Scheme::Pkcs1(Hash::Md5),
            ),
            case("signed_unknown", High, "A CA signed with an algorithm nobody knows.", &|authority| {
                authority.inner_algorithm = Some(algorithm_null(oid::UNKNOWN));
                authority.outer_algorithm = Some(algorithm_null(oid::UNKNOWN));
            }),
        ]
    }
}
