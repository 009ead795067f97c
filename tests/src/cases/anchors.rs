//! CAs whose keys must not be used, and anchors that break a rule.

use num_bigint::BigUint;

use crate::asn1::{algorithm, null};
use crate::certificate::CertificateBuilder;
use crate::extension::{self, Extension, usage};
use crate::key::{Key, ec_spki, explicit_p256, spki};
use crate::key_ring::{even_modulus, multi_prime};
use crate::pki::{self, Pki};
use crate::suite::Importance::{self, Critical, High, Medium};
use crate::suite::{Case, VERIFIED};
use crate::{name, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let authorities = Authorities { pki };
    [authorities.keys(), authorities.anchors()].concat()
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

    fn keys(&self) -> Vec<Case> {
        let pki = self.pki;
        let subject = || name::authority("azure-imds test CA of an odd key");
        let case = |id, verdict, importance, flaws, description: &str, key: &Key| {
            self.issuer(id, verdict, importance, flaws, description, pki::issuing(subject(), key, &pki.root))
        };
        let e = |exponent: u32| BigUint::from(exponent);
        let ecc = pki.keys.key("ecc_attacker");
        let explicit = ecc.with_spki(ec_spki(&explicit_p256(), &ecc.point()));
        let unknown = ecc.with_spki(spki(&algorithm(oid::UNKNOWN), &ecc.point()));
        let bits_4096 = (BigUint::from(1_u8) << 4095_u32) + 12_345_u32;
        vec![
            case(
                "key_1024",
                "key_too_small",
                Critical,
                &["23"],
                "A CA with a key of 1024 bits.",
                &pki.keys.key("small"),
            ),
            case(
                "key_2047",
                "key_too_small",
                Medium,
                &["23"],
                "A CA with a key of 2047 bits.",
                &multi_prime("2047 bits", 2047, &e(65_537)),
            ),
            case(
                "key_16384",
                "key_too_large",
                High,
                &["S5"],
                "A CA with a key of 16,384 bits: only costs time.",
                &multi_prime("16384 bits", 16_384, &e(65_537)),
            ),
            case(
                "key_exponent_one",
                "key_exponent",
                Critical,
                &["S5"],
                "A CA whose exponent is 1: anybody can issue in its name.",
                &multi_prime("exponent one", 2048, &e(1)),
            ),
            case(
                "key_exponent_of_4096_bits",
                "key_exponent",
                High,
                &["S5"],
                "A CA whose exponent has 4,096 bits: only costs time.",
                &multi_prime("exponent of_4096_bits", 2048, &bits_4096),
            ),
            case(
                "key_even_modulus",
                "key_malformed",
                High,
                &["S5"],
                "A CA whose modulus is even.",
                &even_modulus(2048),
            ),
            case(
                "key_explicit_parameters",
                "key_algorithm_unsupported",
                Critical,
                &["S3"],
                "A CA with explicit curve parameters (CVE-2020-0601, CVE-2022-0778).",
                &explicit,
            ),
            case(
                "key_unknown",
                "key_algorithm_unsupported",
                High,
                &["X5"],
                "A CA with a key of a kind nobody knows.",
                &unknown,
            ),
        ]
    }

    fn anchors(&self) -> Vec<Case> {
        let pki = self.pki;
        let case = |id: &'static str, verdict, flaws, description: &str, anchor: CertificateBuilder| {
            let anchor = anchor.issue().named(Box::leak(format!("anchor_{id}").into_boxed_str()));
            let issuer = pki::issuing(
                name::authority("azure-imds test CA of an odd anchor"),
                &pki.keys.key("ecc_issuing"),
                &anchor,
            )
            .issue();
            let leaf = pki::leaf(&pki.keys.key("ecc_leaf_p256"), &issuer).issue();
            pki.case(&format!("authority::anchor_{id}"), verdict, Medium, flaws, description)
                .document(&pki.signed_by(&leaf).bag(&[&leaf, &issuer]))
                .anchors(&[&anchor])
                .issuers(&[])
        };
        let ecc = pki.keys.key("ecc_attacker");
        let odd = |key: &Key| pki::root("azure-imds test Root CA of an odd key", key);
        let bare = pki.anchor().with(|anchor| {
            anchor.version = None;
            anchor.extensions.clear();
        });
        let cross_signed = pki.anchor().with(|anchor| {
            anchor.issuer.clone_from(&pki.root.subject);
            anchor.signer = pki.root.key.clone();
        });
        let without_issuer = cross_signed
            .clone()
            .extension(extension::authority_key(&pki.root.key.identifier()))
            .with(|anchor| anchor.issuer = name::name(&[]));
        let nameless = pki.anchor().with(|anchor| {
            anchor.issuer = name::name(&[]);
            anchor.subject = name::name(&[]);
        });
        vec![
            case("version_1", "certificate_profile", &["30"], "An anchor of version 1.", bare),
            case(
                "cross_signed_authority_key_absent",
                VERIFIED,
                &["34", "36"],
                "An anchor that another root issued, without authorityKeyIdentifier: nobody looks for an anchor's \
                    issuer.",
                cross_signed,
            ),
            case(
                "subject_key_absent",
                "certificate_profile",
                &["36"],
                "An anchor without subjectKeyIdentifier, which RFC 5280, section 4.2.1.2, demands of every CA.",
                pki.anchor().without(oid::SUBJECT_KEY_IDENTIFIER),
            ),
            case(
                "issuer_empty",
                "certificate_profile",
                &["X5", "36"],
                "An anchor that was issued by an empty name, RFC 5280, section 4.1.2.4.",
                without_issuer,
            ),
            case(
                "subject_empty",
                "certificate_profile",
                &["X5", "36"],
                "An anchor whose name is empty, and so is the issuer of the CA below it.",
                nameless,
            ),
            case(
                "twice_key_usage",
                "certificate_profile",
                &["X9", "36"],
                "An extension stands twice in an anchor.",
                pki.anchor().repeat(extension::key_usage(usage::KEY_CERT_SIGN)),
            ),
            case(
                "end_entity",
                "issuer_not_ca",
                &["28"],
                "An end entity's certificate is the anchor, and issues a CA's.",
                pki.anchor().extension(extension::end_entity()),
            ),
            case(
                "usage_signature_only",
                "key_usage",
                &["30"],
                "An anchor whose key may not sign certificates.",
                pki.anchor().extension(extension::key_usage(usage::DIGITAL_SIGNATURE)),
            ),
            case(
                "critical_unknown",
                "critical_extension",
                &["30"],
                "A critical extension nobody knows in an anchor.",
                pki.anchor().extension(Extension::new(oid::UNKNOWN, null()).critical()),
            ),
            case(
                "key_1024",
                "key_too_small",
                &["23"],
                "An anchor with a key of 1024 bits.",
                odd(&pki.keys.key("small")),
            ),
            case(
                "key_unknown",
                "key_algorithm_unsupported",
                &["X5"],
                "An anchor with a key of a kind nobody knows.",
                odd(&ecc.with_spki(spki(&algorithm(oid::UNKNOWN), &ecc.point()))),
            ),
        ]
    }
}
