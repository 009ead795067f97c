//! Names that are not the service's, however like they look.

use crate::certificate::CertificateBuilder;
use crate::claims::Claims;
use crate::extension::{Extension, alternative_names, general_name};
use crate::pki::Pki;
use crate::signed_data::Document;
use crate::suite::Case;
use crate::suite::Importance::{self, Critical, High, Low, Medium};
use crate::{asn1, name, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    let table = Names { pki };
    [table.missing(), table.other_kinds(), table.malformed(), table.elsewhere(), table.clouds()].concat()
}

struct Names<'a> {
    pki: &'a Pki,
}

impl Names<'_> {
    fn leaf(
        &self,
        id: &str,
        verdict: &'static str,
        importance: Importance,
        flaws: &'static [&'static str],
        description: &str,
        leaf: CertificateBuilder,
    ) -> Case {
        self.pki
            .short_case(&format!("names::{id}"), verdict, importance, flaws, description)
            .document(&Document::new(&leaf.issue(), Claims::short()))
    }

    fn builder(&self) -> CertificateBuilder {
        self.pki.short_leaf()
    }

    fn general(&self, names: &[Vec<u8>]) -> CertificateBuilder {
        self.builder().extension(alternative_names(names))
    }

    fn missing(&self) -> Vec<Case> {
        let flaws = &["AZ7", "26"];
        vec![
            self.leaf(
                "common_name_only",
                "names_missing",
                Critical,
                flaws,
                "The common name is right and there is no subject alternative name (GHSA-3jrg-j22w-mpmc: \
                it was fallen back on).",
                self.builder().without(oid::SUBJECT_ALT_NAME),
            ),
            self.leaf(
                "empty_list",
                "names_missing",
                High,
                &["AZ7", "36"],
                "The list of subject alternative names is empty; the common name is right.",
                self.general(&[]),
            ),
        ]
    }

    fn other_kinds(&self) -> Vec<Case> {
        let right = || general_name::dns("metadata.azure.com");
        let directory = name::name(&[(oid::COMMON_NAME, "metadata.azure.com")]);
        let case = |id: &str, description: &str, names: &[Vec<u8>]| {
            self.leaf(&format!("kind_{id}"), "name_not_dns", High, &["AZ7", "26"], description, self.general(names))
        };
        vec![
            case("uri", "The right host as a URI.", &[general_name::uri("https://metadata.azure.com/")]),
            case("email", "The right host as a mail address.", &[general_name::email("imds@metadata.azure.com")]),
            case("address", "The service's address.", &[general_name::address(&[169, 254, 169, 254])]),
            case(
                "directory",
                "The right host as common name of a directoryName.",
                &[general_name::directory(&directory)],
            ),
            case(
                "other",
                "The right host as an otherName.",
                &[general_name::other(oid::UNKNOWN, "metadata.azure.com")],
            ),
            case("registered", "A registeredID.", &[general_name::registered(oid::UNKNOWN)]),
            case(
                "uri_after_dns",
                "The right name first, a URI behind it.",
                &[right(), general_name::uri("https://evil.test/")],
            ),
            case(
                "address_before_dns",
                "An address first, the right name behind it.",
                &[general_name::address(&[127, 0, 0, 1]), right()],
            ),
        ]
    }

    fn malformed(&self) -> Vec<Case> {
        let case = |id: &str, importance, description: &str, name: &[u8]| {
            let names = [general_name::dns(name), general_name::dns("metadata.azure.com")];
            let flaws: &[&str] = if name.is_empty() { &["AZ7", "26", "X5"] } else { &["AZ7", "26"] };
            self.leaf(id, "name_malformed", importance, flaws, description, self.general(&names))
        };
        let label = "a".repeat(64);
        let label_63 = "a".repeat(63);
        let long = format!("{label_63}.{label_63}.{label_63}.{}.metadata.azure.com", "b".repeat(43));
        assert_eq!(long.len(), 254);
        let last = [general_name::dns("metadata.azure.com"), general_name::dns("*.metadata.azure.com")];
        vec![
            case("wildcard", Critical, "A wildcard over the service's domain.", b"*.metadata.azure.com"),
            case(
                "wildcard_azure",
                Critical,
                "A wildcard over all of Azure, such as any web site there may get.",
                b"*.azure.com",
            ),
            case("wildcard_partial", High, "A wildcard for a part of a label.", b"east*.metadata.azure.com"),
            case("trailing_dot", High, "A dot at the end.", b"metadata.azure.com."),
            case("leading_dot", High, "A dot in front.", b".metadata.azure.com"),
            case("empty_label", High, "An empty label inside.", b"eastus..metadata.azure.com"),
            case("empty", High, "A name of no octets: a panic in Go (CVE-2026-27138).", b""),
            case("dot", Medium, "A single dot.", b"."),
            case(
                "nul",
                Critical,
                "A NUL behind the right name, and another name behind that.",
                b"metadata.azure.com\0.evil.test",
            ),
            case(
                "nul_in_front",
                Critical,
                "Another name and a NUL in front of the right one.",
                b"evil.test\0.metadata.azure.com",
            ),
            case("underscore", Medium, "An underscore.", b"east_us.metadata.azure.com"),
            case("leading_hyphen", Medium, "A label that starts with a hyphen.", b"-eastus.metadata.azure.com"),
            case("trailing_hyphen", Medium, "A label that ends with a hyphen.", b"eastus-.metadata.azure.com"),
            case("space", High, "A space in front.", b" metadata.azure.com"),
            case(
                "line_feed",
                High,
                "A line feed and another name behind the right one.",
                b"metadata.azure.com\nevil.test",
            ),
            case("slash", High, "A slash, as in a URL.", b"evil.test/.metadata.azure.com"),
            case("at_sign", High, "An at sign, as in a URL.", b"metadata.azure.com@evil.test"),
            case("port", Medium, "A port.", b"metadata.azure.com:443"),
            case("latin_1", High, "A letter of Latin-1, which no IA5String holds.", b"metad\xe4ta.metadata.azure.com"),
            case(
                "utf_8",
                High,
                "A letter of the Cyrillic alphabet that looks like a Latin one.",
                "met\u{430}data.azure.com".as_bytes(),
            ),
            case(
                "long_s",
                High,
                "A letter that folds to an ASCII one (long s, U+017F).",
                "ea\u{17f}tu\u{17f}.metadata.azure.com".as_bytes(),
            ),
            case("label_of_64", Medium, "A label of 64 characters.", format!("{label}.metadata.azure.com").as_bytes()),
            case("of_254", Medium, "A name of 254 characters.", long.as_bytes()),
            self.leaf(
                "wildcard_last",
                "name_malformed",
                High,
                &["AZ7", "26"],
                "The right name first, a wildcard behind it.",
                self.general(&last),
            ),
        ]
    }

    fn elsewhere(&self) -> Vec<Case> {
        let case = |id: &str, importance, description: &str, names: &[&str]| {
            let flaws = &["AZ7", "25", "26"];
            self.leaf(id, "name_not_azure", importance, flaws, description, self.builder().names(names))
        };
        let right = "metadata.azure.com";
        vec![
            case("suffix", Critical, "The right name as the beginning of another.", &["metadata.azure.com.evil.test"]),
            case("prefix", Critical, "The right name as the end of a longer label.", &["evilmetadata.azure.com"]),
            case("prefix_hyphen", Critical, "The right name behind a hyphen.", &["evil-metadata.azure.com"]),
            case("organization", Critical, "Another top-level domain.", &["metadata.azure.org"]),
            case("country", High, "A cloud there never was.", &["metadata.azure.de"]),
            case("sibling", Critical, "Another host of Azure.", &["portal.azure.com"]),
            case("parent", High, "The domain above.", &["azure.com"]),
            case("top_level", Medium, "The top-level domain.", &["com"]),
            case(
                "other_leaf_of_the_root",
                Critical,
                "A true certificate of the same root for another's web site: half the web is signed there.",
                &["www.example.com", "example.com"],
            ),
            case("idna", High, "A look-alike in the form of IDNA.", &["xn--metadta-3fg.azure.com"]),
            case(
                "germany_elsewhere",
                Medium,
                "Germany's host under the public domain.",
                &["metadata.microsoftazure.com"],
            ),
            case("address_as_dns", Medium, "The service's address as a DNS name.", &["169.254.169.254"]),
            case("labels_swapped", Medium, "The labels in another order.", &["azure.metadata.com"]),
            case("region_last", Medium, "The region on the wrong side.", &["metadata.eastus.azure.com"]),
            case(
                "right_then_wrong",
                Critical,
                "The right name first, another behind it: every name counts.",
                &[right, "evil.test"],
            ),
            case(
                "wrong_then_right",
                Critical,
                "Another name first, the right one behind it: every name counts.",
                &["evil.test", right],
            ),
        ]
    }

    fn clouds(&self) -> Vec<Case> {
        let of = |id: &str, verdict, names: &[&str], clouds: &[&str], description: &str| {
            self.leaf(id, verdict, Critical, &["27"], description, self.builder().names(names)).clouds(clouds)
        };
        let all = ["public", "usgov", "china", "germany"];
        let two = ["metadata.azure.com", "metadata.azure.us"];
        let twice = self.general(&[general_name::dns("metadata.azure.com")]).repeat(Extension::new(
            oid::SUBJECT_ALT_NAME,
            asn1::sequence(&[general_name::dns("eastus.metadata.azure.com")]),
        ));
        let right = alternative_names(&[general_name::dns("metadata.azure.com")]).value;
        let trailing = self.builder().extension(Extension::new(oid::SUBJECT_ALT_NAME, [&right[..], &[0]].concat()));
        vec![
            of("two_clouds", "names_of_two_clouds", &two, &["public"], "Names of two clouds, one of them accepted."),
            of(
                "two_clouds_accepted",
                "names_of_two_clouds",
                &two,
                &all,
                "Names of two clouds, both accepted: a signer serves one.",
            ),
            of(
                "usgov_for_public",
                "cloud_mismatch",
                &["usgovvirginia.metadata.azure.us", "metadata.azure.us"],
                &["public"],
                "A document of the US Government's cloud where the public one is asked for.",
            ),
            of(
                "china_for_public",
                "cloud_mismatch",
                &["metadata.azure.cn"],
                &["public"],
                "A document of China's cloud where the public one is asked for.",
            ),
            of(
                "germany_for_public",
                "cloud_mismatch",
                &["metadata.microsoftazure.de"],
                &["public"],
                "A document of Germany's cloud where the public one is asked for.",
            ),
            of(
                "public_for_usgov",
                "cloud_mismatch",
                &["metadata.azure.com"],
                &["usgov"],
                "A document of the public cloud where the US Government's is asked for.",
            ),
            of(
                "public_for_all_others",
                "cloud_mismatch",
                &["metadata.azure.com"],
                &["usgov", "china", "germany"],
                "A document of the public cloud where all others are asked for.",
            ),
            self.leaf(
                "list_twice",
                "name_malformed",
                High,
                &["X9", "36"],
                "Two lists of names, the names right in both: readers take the first or the last, so that \
                none counts.",
                twice,
            ),
            self.leaf("list_trailing", "name_malformed", High, &["X5"], "An octet behind the list of names.", trailing),
            self.leaf(
                "untrusted_too",
                "name_not_azure",
                Low,
                &["25"],
                "Another name and no issuer at hand: the name is looked at first.",
                self.builder().names(&["evil.test"]),
            )
            .issuers(&[]),
        ]
    }
}
