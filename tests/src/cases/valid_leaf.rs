//! Documents that must verify: the names and the make of the signer's certificate.

use crate::certificate::CertificateBuilder;
use crate::claims::Claims;
use crate::clock::{self};
use crate::extension::{self, Extension, general_name};
use crate::pki::Pki;
use crate::signed_data::Document;
use crate::suite::Importance::{High, Low, Medium};
use crate::suite::{Case, VERIFIED};
use crate::{asn1, name, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [names(pki), leafs(pki)].concat()
}

fn names(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, names: &[&str], description: &str| {
        pki.short_case(&format!("valid::names_{name}"), VERIFIED, High, &["AZ7"], description)
            .document(&Document::new(&pki.short_leaf().names(names).issue(), Claims::short()))
    };
    let cloud = |name: &str, domain: &str, clouds: &[&str]| {
        case(
            name,
            &[&format!("region1.{domain}"), domain],
            "A sovereign cloud's document, where that cloud is accepted.",
        )
        .clouds(clouds)
    };
    let label = "a".repeat(63);
    let longest = format!("{label}.{label}.{label}.{}.metadata.azure.com", "b".repeat(42));
    assert_eq!(longest.len(), 253);
    let nobody = pki.short_leaf().with(|leaf| leaf.subject = name::service("www.example.com")).issue();
    vec![
        case(
            "swapped",
            &["metadata.azure.com", "eastus.metadata.azure.com"],
            "The names in the other order; it varies in the wild.",
        ),
        case("apex", &["metadata.azure.com"], "The apex alone."),
        case("region", &["eastus.metadata.azure.com"], "A region alone."),
        case("deep", &["a.b-c.0.metadata.azure.com"], "Labels upon labels; the specification allows any sub-domain."),
        case("upper_case", &["EastUS.METADATA.azure.COM", "METADATA.AZURE.COM"], "ASCII letters of either case."),
        case("longest", &[&longest], "Labels of 63 characters, a name of 253."),
        case(
            "common_name_elsewhere",
            &["metadata.azure.com"],
            "The common name is another host's; it is not looked at.",
        )
        .document(&Document::new(&nobody, Claims::short())),
        cloud("usgov", "metadata.azure.us", &["usgov"]),
        cloud("china", "metadata.azure.cn", &["china"]),
        cloud("germany", "metadata.microsoftazure.de", &["germany"]),
        cloud("usgov_of_all", "metadata.azure.us", &["public", "usgov", "china", "germany"]),
    ]
}

fn leafs(pki: &Pki) -> Vec<Case> {
    let case = |name: &str, importance, description: &str, leaf: CertificateBuilder| {
        pki.short_case(&format!("valid::leaf_{name}"), VERIFIED, importance, &[], description)
            .document(&Document::new(&leaf.issue(), Claims::short()))
    };
    let both = [oid::CLIENT_AUTH, oid::SERVER_AUTH];
    let serial = |octets: Vec<u8>| pki.short_leaf().with(|leaf| leaf.serial = Some(octets));
    let address = |url| pki.short_leaf().extension(extension::issuer_address(url));
    let nameless = pki
        .short_leaf()
        .extension(extension::alternative_names(&[general_name::dns("metadata.azure.com")]).critical())
        .with(|leaf| leaf.subject = name::name(&[]));
    let mut cases = vec![
        case("without_subject", Medium, "An empty subject, and a subjectAltName that is critical for it.", nameless),
        case(
            "without_basic_constraints",
            High,
            "No basicConstraints, as in Azure's leafs before 2022.",
            pki.short_leaf().without(oid::BASIC_CONSTRAINTS),
        ),
        case(
            "without_key_usage",
            Medium,
            "No keyUsage: the key may be used for anything.",
            pki.short_leaf().without(oid::KEY_USAGE),
        ),
        case(
            "client_auth_too",
            High,
            "clientAuth beside serverAuth, as in Azure's leafs until 2024.",
            pki.short_leaf().extension(extension::purposes(&both)),
        ),
        case(
            "unknown_extension",
            Medium,
            "An extension nobody knows that is not critical.",
            pki.short_leaf().extension(Extension::new(oid::UNKNOWN, asn1::null())),
        ),
        case(
            "key_identifiers",
            Low,
            "Key identifiers of subject and issuer, as in Azure's leafs; names alone lead to the \
                issuer as well.",
            pki.ecc_leaf("ecc_leaf_p256"),
        ),
        case(
            "serial_of_20_octets",
            Low,
            "The longest serial number allowed.",
            serial([&[0x7f][..], &[0xff; 19]].concat()),
        ),
        case("serial_of_one", Low, "The smallest serial number allowed.", serial(vec![1])),
        case(
            "without_end",
            Medium,
            "An end of validity in the year 9999, which RFC 5280 gives to those without one.",
            pki.short_leaf().with(|leaf| {
                leaf.not_after = asn1::element(asn1::tag::GENERALIZED_TIME, b"99991231235959Z");
            }),
        ),
        case(
            "valid_from_now",
            High,
            "Validity begins in the very second asked about.",
            pki.short_leaf().valid(clock::NOW, clock::LEAF_END),
        ),
        case(
            "valid_until_now",
            High,
            "Validity ends in the very second asked about.",
            pki.short_leaf().valid(clock::LEAF_START, clock::NOW),
        ),
    ];
    cases.push(
        pki.short_case(
            "valid::issuer_address_of_digicert",
            VERIFIED,
            High,
            &["AZ4"],
            "The issuer's address lies with another host than Microsoft's; with the issuer at hand it \
                does not matter.",
        )
        .document(&Document::new(
            &address("http://cacerts.digicert.cn/AzureImdsTestIssuingCA01.crt").issue(),
            Claims::short(),
        )),
    );
    cases
}
