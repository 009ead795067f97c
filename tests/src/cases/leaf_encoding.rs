//! The signer's certificate: its validity, its encoding, and the algorithm it is signed with.

use crate::asn1::{algorithm, algorithm_null, element, tag};
use crate::certificate::CertificateBuilder;
use crate::claims::Claims;
use crate::clock::{CREATED, LEAF_END, LEAF_START, NOW, midnight};
use crate::oid;
use crate::pki::Pki;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::Document;
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let leafs = Leafs { pki };
    [leafs.times(), leafs.encodings(), leafs.algorithms()].concat()
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

    fn times(&self) -> Vec<Case> {
        let case = |id: &str, verdict, importance, flaws, description: &str, from, to| {
            self.case(id, verdict, importance, flaws, description, self.builder().valid(from, to))
        };
        let expired = "certificate_expired";
        let old = self.builder().valid(midnight(2025, 8, 15), midnight(2026, 2, 11)).issue();
        let back_dated = Document::new(&old, Claims::short()).usual_attributes().with(|document| {
            let mut attributes = document.signers[0].attributes.take().expect("attributes");
            attributes.push(crate::signed_data::signing_time(midnight(2026, 1, 15)));
            document.signers[0].attributes = Some(crate::asn1::sorted(attributes));
        });
        let replayed = Claims::default().times(midnight(2026, 3, 1), midnight(2026, 3, 1) + 21_600);
        vec![
            case(
                "expired",
                expired,
                High,
                &["33"],
                "Expired months ago.",
                midnight(2025, 8, 15),
                midnight(2026, 2, 11),
            ),
            case("expired_by_a_second", expired, Medium, &["33"], "Expired one second ago.", LEAF_START, NOW - 1),
            case(
                "not_yet_valid",
                "certificate_not_yet_valid",
                High,
                &["33"],
                "Valid from next month on.",
                midnight(2026, 10, 1),
                LEAF_END,
            ),
            case(
                "not_yet_valid_by_a_second",
                "certificate_not_yet_valid",
                Medium,
                &["33"],
                "Valid from the next second on.",
                NOW + 1,
                LEAF_END,
            ),
            case(
                "never_valid",
                "certificate_not_yet_valid",
                Medium,
                &["33"],
                "The end of validity is before its start: it lies in the future.",
                midnight(2027, 1, 1),
                midnight(2026, 10, 1),
            ),
            self.pki
                .short_case(
                    "leaf::signing_time_attribute",
                    expired,
                    Critical,
                    &["C2", "13"],
                    "An expired leaf and a back-dated signingTime: Go's pkcs7 took the signer's word for the time.",
                )
                .document(&back_dated),
            self.pki
                .short_case(
                    "leaf::expired_at_signing_time",
                    expired,
                    High,
                    &["33"],
                    "Judged at its signing time, at which the leaf had already expired.",
                )
                .document(&Document::new(&old, replayed))
                .at_signing_time(),
            self.case(
                "not_yet_valid_at_signing_time",
                "certificate_not_yet_valid",
                Medium,
                &["33"],
                "Judged at its signing time, a minute before the leaf begins.",
                self.builder().valid(CREATED + 60, LEAF_END),
            )
            .at_signing_time(),
        ]
    }

    /// Certificates that can't be parsed: X7 and the like.
    fn encodings(&self) -> Vec<Case> {
        let case = |id: &str, flaws, description: &str, change: &dyn Fn(&mut CertificateBuilder)| {
            self.case(id, "certificate_malformed", Medium, flaws, description, self.builder().with(change))
        };
        let time = |id: &str, tag: u8, text: &[u8]| {
            let description = "An end of validity that is no time as RFC 5280 writes it.";
            case(&format!("time_{id}"), &["X7"], description, &|leaf| leaf.not_after = element(tag, text))
        };
        let (utc, general) = (tag::UTC_TIME, tag::GENERALIZED_TIME);
        vec![
            time("without_seconds", utc, b"2701280000Z"),
            time("without_zone", utc, b"270128000000"),
            time("with_offset", utc, b"270128000000+0000"),
            time("not_ascii", utc, b"27\xd9\xa128000000Z"),
            time("empty", utc, b""),
            time("month_13", utc, b"271328000000Z"),
            time("february_30", utc, b"270230000000Z"),
            time("second_60", utc, b"270128235960Z"),
            time("fraction", general, b"20270128000000.5Z"),
            time("fraction_of_20_digits", general, b"20270128000000.12345678901234567890Z"),
            time("month_13_general", general, b"20271332000000Z"),
            time("of_another_type", tag::UTF8_STRING, b"270128000000Z"),
            case("version_4", &["19"], "A version there is not.", &|leaf| leaf.version = Some(3)),
            case(
                "version_1_written",
                &["C8"],
                "Version 1 written out, which DER leaves out; and the rest of version 3.",
                &|leaf| leaf.version = Some(0),
            ),
            case("serial_padded", &["C8"], "The serial number with a superfluous zero in front.", &|leaf| {
                leaf.serial = Some(vec![0, 1])
            }),
            case("serial_empty", &["C8"], "The serial number without octets.", &|leaf| leaf.serial = Some(vec![])),
            case("critical_01", &["C8"], "A criticality of 01, where DER has FF.", &|leaf| {
                leaf.extensions[0].critical = Some(1)
            }),
            case("critical_false", &["C8"], "A criticality of FALSE written out, which DER leaves out.", &|leaf| {
                leaf.extensions[0].critical = Some(0)
            }),
            case("issuer_torn", &["19"], "The issuer's name is torn.", &|leaf| {
                leaf.issuer = vec![0x30, 3, 0x31, 2, 0x30]
            }),
        ]
    }

    fn algorithms(&self) -> Vec<Case> {
        let case = |id: &str, importance, flaws, description: &str, leaf: CertificateBuilder| {
            self.pki
                .case(&format!("leaf::{id}"), "certificate_signature_algorithm", importance, flaws, description)
                .document(&Document::new(&leaf.issue(), Claims::short()))
        };
        let scheme = |hash| self.pki.leaf().with(|leaf| leaf.scheme = Scheme::Pkcs1(hash));
        let named = |algorithm: Vec<u8>| {
            self.pki.leaf().with(|leaf| {
                leaf.inner_algorithm = Some(algorithm.clone());
                leaf.outer_algorithm = Some(algorithm);
            })
        };
        vec![
            case("signed_sha1", Critical, &["32"], "Genuinely signed by its issuer with SHA-1.", scheme(Hash::Sha1)),
            case(
                "signed_md5",
                Critical,
                &["32"],
                "Genuinely signed by its issuer with MD5, as the sample in the documentation.",
                scheme(Hash::Md5),
            ),
            case(
                "signed_unknown",
                High,
                &["32"],
                "Signed with an algorithm nobody knows.",
                named(algorithm_null(oid::UNKNOWN)),
            ),
            case(
                "signed_rsa",
                High,
                &["32"],
                "Signed with rsaEncryption, which says no digest.",
                named(algorithm_null(oid::RSA)),
            ),
            case(
                "signed_ed25519",
                Medium,
                &["32", "S2"],
                "Signed with Ed25519, by its own word.",
                named(algorithm(oid::ED25519)),
            ),
        ]
    }
}
