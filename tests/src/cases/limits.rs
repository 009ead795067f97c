//! Numbers that no document of the service comes near, and that take a verifier's memory and time.

use crate::asn1::{integer, sequence, set};
use crate::certificate::{Certificate, CertificateBuilder};
use crate::claims::Claims;
use crate::extension::{self, Extension, general_name};
use crate::input::{self, Input};
use crate::pki::Pki;
use crate::signed_data::Document;
use crate::suite::Importance::{Low, Medium};
use crate::suite::{Case, VERIFIED};
use crate::{name, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [leafs(pki), authorities(pki), members(pki)].concat()
}

fn leafs(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, verdict, description: &str, leaf: CertificateBuilder| {
        pki.short_case(&format!("limits::{id}"), verdict, Medium, &["21", "X1"], description)
            .document(&Document::new(&leaf.issue(), Claims::short()))
    };
    let extended = |count: usize| {
        let extension = |number| Extension::new(leaked(format!("1.3.6.1.4.1.32473.{number}")), integer(1));
        let own = pki.short_leaf().extensions.len();
        (own..count).fold(pki.short_leaf(), |leaf, number| leaf.extension(extension(number)))
    };
    let named = |count: usize| {
        let names: Vec<_> =
            (0..count).map(|number| general_name::dns(format!("{number}.metadata.azure.com"))).collect();
        pki.short_leaf().extension(extension::alternative_names(&names))
    };
    let parts = |count: usize| {
        let part = |number| name::part(oid::COMMON_NAME, &format!("{number:03}"));
        let parts: Vec<_> = (0..count).map(part).collect();
        pki.short_leaf().with(|leaf| leaf.subject = sequence(&[set(&parts)]))
    };
    let long = |octets: usize| {
        let subject = |length: usize| name::name(&[(oid::COMMON_NAME, &"x".repeat(length))]);
        let header = subject(octets).len() - octets;
        pki.short_leaf().with(|leaf| leaf.subject = subject(octets - header))
    };
    vec![
        case("extensions_64", VERIFIED, "A certificate with 64 extensions.", extended(64)),
        case("extensions_65", "certificate_malformed", "A certificate with 65 extensions.", extended(65)),
        case("name_parts_64", VERIFIED, "A subject of 64 parts.", parts(64)),
        case("name_parts_65", "certificate_malformed", "A subject of 65 parts.", parts(65)),
        case("name_4096", VERIFIED, "A subject of 4096 octets.", long(4096)),
        case("name_4097", "certificate_malformed", "A subject of 4097 octets.", long(4097)),
        case("names_256", VERIFIED, "A signer with 256 names, all of the service.", named(256)),
        case("names_257", "name_malformed", "A signer with 257 names, all of the service.", named(257)),
    ]
}

fn authorities(pki: &Pki) -> Vec<Case> {
    let names =
        |count: usize| (0..count).map(|number| general_name::dns(format!("x{number}.test"))).collect::<Vec<_>>();
    let case = |id: &'static str, verdict, description: &str, extension: Extension| {
        let authority: Certificate = pki.authority().extension(extension).issue().named(id);
        let leaf = pki.leaf_of(&authority).issue();
        pki.case(&format!("limits::{id}"), verdict, Medium, &["31", "X1"], description)
            .document(&pki.signed_by(&leaf))
            .issuers(&[&authority])
    };
    let refused = "certificate_profile";
    vec![
        case(
            "authority_names_256",
            VERIFIED,
            "A CA with 256 alternative names.",
            extension::alternative_names(&names(256)),
        ),
        case(
            "authority_names_257",
            refused,
            "A CA with 257 alternative names.",
            extension::alternative_names(&names(257)),
        ),
        case(
            "excluded_256",
            VERIFIED,
            "A CA that excludes 256 other names.",
            extension::name_constraints(&[], &names(256)),
        ),
        case(
            "excluded_257",
            refused,
            "A CA that excludes 257 other names.",
            extension::name_constraints(&[], &names(257)),
        ),
        case(
            "permitted_257",
            refused,
            "A CA that permits 257 names, one of them the service's domain.",
            extension::name_constraints(&[names(256), vec![general_name::dns("azure.com")]].concat(), &[]),
        ),
    ]
}

/// The claims have nine members, two of which lie in one of them.
fn members(pki: &Pki) -> Vec<Case> {
    let claims =
        |count: usize| (0..count).fold(Claims::short(), |claims, number| claims.json(&format!("x{number}"), "0"));
    let own = Claims::short().render().matches("\":").count();
    let nested = |count: usize| {
        let objects: Vec<String> = (0..count).map(|number| format!(r#"{{"x{number}":0}}"#)).collect();
        Claims::short().json("extra", &format!("[{}]", objects.join(",")))
    };
    let envelope = |count: usize| {
        let base64 = data_encoding::BASE64.encode(&pki.short(Claims::short()).der());
        let more: String = (0..count - 2).map(|number| format!("\"x{number}\":0,")).collect();
        Input::text(input::envelope(&base64).replacen('{', &format!("{{{more}"), 1))
    };
    let case = |id: &str, verdict, description: &str| {
        pki.short_case(&format!("limits::{id}"), verdict, Low, &["21", "44"], description)
    };
    vec![
        case("claims_1024", VERIFIED, "Claims of 1024 members.").document(&pki.short(claims(1024 - own))),
        case("claims_1025", "claims_malformed", "Claims of 1025 members.").document(&pki.short(claims(1025 - own))),
        case("claims_1024_nested", VERIFIED, "Claims of 1024 members, most of them in objects of a list.")
            .document(&pki.short(nested(1024 - own - 1))),
        case("claims_1025_nested", "claims_malformed", "Claims of 1025 members, most of them in objects of a list.")
            .document(&pki.short(nested(1025 - own - 1))),
        case("envelope_1024", VERIFIED, "An envelope of 1024 members.").input(envelope(1024)),
        case("envelope_1025", "envelope_malformed", "An envelope of 1025 members.").input(envelope(1025)),
    ]
}

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
