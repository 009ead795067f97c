//! Known issuers and roots; which URL may be fetched for a missing one.
//!
//! The [table](known_issuers) says which certificate is missing and where it is, which ends soon, and what a bundle
//! of issuers may contain. It gives no trust, and an issuer that is not in it is accepted too if it leads to an anchor:
//! Azure changes its issuers without notice. But only the requests for those in the table are kept apart from what
//! strangers cause: see [`VerifierMemory`](crate::attested::VerifierMemory).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::time::Timestamp;

pub(crate) mod address;
mod form;
mod table;

pub(crate) use self::address::Origin;
pub use self::table::{KnownIssuer, Role};

/// The certification authorities that have issued Azure's attested documents or are listed for them, and their roots.
///
/// Source: [Azure Certificate Authority details][1] and the documents themselves.
///
/// [1]: https://learn.microsoft.com/azure/security/fundamentals/azure-certificate-authority-details
///
/// ```
/// use azure_imds::attested::{by_sha256, known_issuers};
///
/// let first = &known_issuers()[0];
/// assert_eq!(by_sha256(&first.sha256), Some(first));
/// ```
#[must_use]
pub fn known_issuers() -> &'static [KnownIssuer] {
    table::KNOWN
}

/// The known issuer whose certificate has this SHA-256.
#[must_use]
pub fn by_sha256(sha256: &[u8; 32]) -> Option<&'static KnownIssuer> {
    known_issuers().iter().find(|issuer| issuer.sha256 == *sha256)
}

/// All known issuers with this subject, in the form of RFC 4514 as `x509-cert` writes it, compared exactly.
///
/// ```
/// use azure_imds::attested::by_subject;
///
/// let subject = "CN=Microsoft Azure RSA TLS Issuing CA 08,O=Microsoft Corporation,C=US";
/// assert!(by_subject(subject).count() > 1); // several certificates share it
/// assert_eq!(by_subject("CN=Example CA 01").count(), 0);
/// ```
pub fn by_subject(subject: &str) -> impl Iterator<Item = &'static KnownIssuer> {
    known_issuers().iter().filter(move |issuer| issuer.subject == subject)
}

/// The known issuers whose validity ends before this time, those that ended long ago among them.
///
/// For a warning, ask for a time ahead and keep those that are [valid](KnownIssuer::is_valid_at) now.
///
/// ```
/// use azure_imds::Timestamp;
/// use azure_imds::attested::{ending_before, known_issuers};
///
/// assert_eq!(ending_before(Timestamp::from_unix(0)).count(), 0);
/// assert_eq!(ending_before(Timestamp::MAX).count(), known_issuers().len());
/// ```
pub fn ending_before(time: Timestamp) -> impl Iterator<Item = &'static KnownIssuer> {
    known_issuers().iter().filter(move |issuer| issuer.not_after < time)
}

/// Where a missing issuer may be fetched: the table's URLs for this subject, those of certificates valid now first;
/// then the URLs that the certificate it signed names, as far as the policy allows them.
///
/// Roots are not fetched: one is at hand as an anchor, or not trusted.
pub(crate) fn urls_for(subject: &str, aia: &[String], origins: &[Origin], now: Timestamp) -> Vec<String> {
    let mut urls = Vec::new();
    for valid in [true, false] {
        for issuer in by_subject(subject) {
            if issuer.kind == Role::Intermediate && issuer.is_valid_at(now) == valid {
                add(&mut urls, issuer.url.unwrap_or_default());
            }
        }
    }
    for url in aia {
        if address::allowed(url, origins).is_ok() {
            add(&mut urls, url);
        }
    }
    urls
}

/// This address as the table has it, if it names it.
pub(crate) fn known_address(url: &str) -> Option<&'static str> {
    known_issuers().iter().filter_map(|issuer| issuer.url).find(|known| *known == url)
}

/// Adds a URL, if there is one, that is not there yet.
fn add(urls: &mut Vec<String>, url: &str) {
    if url.is_empty() || urls.len() >= URL_LIMIT {
        return;
    }
    if !urls.iter().any(|earlier| earlier == url) {
        urls.push(url.to_owned());
    }
}

/// URLs given for one missing issuer.
const URL_LIMIT: usize = 4;

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    const ISSUING_08: &str = "CN=Microsoft Azure RSA TLS Issuing CA 08,O=Microsoft Corporation,C=US";
    const ISSUING_08_DIRECT: &str =
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2008.crt";
    const ISSUING_08_CROSS: &str =
        "http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2008%20-%20xsign.crt";
    const ROOT_G2: &str = "CN=Microsoft TLS RSA Root G2,O=Microsoft Corporation,C=US";
    const ROOT_G2_CROSS: &str =
        "http://www.microsoft.com/pkiops/certs/Microsoft%20TLS%20RSA%20Root%20G2%20-%20xsign.crt";

    /// 2024-04-22T17:33:45Z.
    const APRIL_2024: Timestamp = Timestamp::from_unix(1_713_807_225);
    /// 2026-08-26T00:00:00Z.
    const AFTER_CROSS_SIGNS: Timestamp = Timestamp::from_unix(1_787_702_400);

    #[test]
    fn table_is_consistent() {
        let known = known_issuers();
        assert_eq!(known.len(), 43);
        for (index, issuer) in known.iter().enumerate() {
            let name = issuer.name;
            assert!(issuer.subject.starts_with(&format!("CN={name},")), "{name}");
            assert!(issuer.not_before < issuer.not_after, "{name}");
            assert!(issuer.not_before >= Timestamp::from_unix(946_684_800), "{name}");
            assert_eq!(by_sha256(&issuer.sha256), Some(issuer), "{name}");
            assert!(known.iter().skip(index + 1).all(|other| other.sha256 != issuer.sha256), "{name}");
            assert!(
                issuer.url.is_none() || known.iter().skip(index + 1).all(|other| other.url != issuer.url),
                "{name}"
            );
            if let Some(url) = issuer.url {
                assert_eq!(address::allowed(url, &[]), Ok(()), "{url}");
            }
            match issuer.kind {
                Role::Intermediate => assert!(!issuer.default_anchor, "{name}"),
                Role::Root => assert_eq!(issuer.issuer, name),
            }
            // Whoever signed it is known, and lives no shorter.
            let mut parents = known.iter().filter(|parent| parent.name == issuer.issuer);
            assert!(parents.any(|parent| parent.not_after >= issuer.not_after), "{name}");
        }
    }

    #[test]
    fn four_roots_are_trusted_by_default() {
        let names: Vec<_> = known_issuers().iter().filter(|issuer| issuer.default_anchor).map(|i| i.name).collect();
        assert_eq!(
            names,
            [
                "DigiCert Global Root G2",
                "DigiCert Global Root G3",
                "Microsoft RSA Root Certificate Authority 2017",
                "Microsoft ECC Root Certificate Authority 2017",
            ]
        );
    }

    #[test]
    fn dates_and_digits_are_read_as_written() {
        let issuer = by_subject("CN=DigiCert Global Root G2,OU=www.digicert.com,O=DigiCert Inc,C=US").next().unwrap();
        // 2013-08-01T12:00:00Z and 2038-01-15T12:00:00Z.
        assert_eq!(issuer.not_before, Timestamp::from_unix(1_375_358_400));
        assert_eq!(issuer.not_after, Timestamp::from_unix(2_147_169_600));
        assert_eq!(issuer.sha256[..4], [0xcb, 0x3c, 0xcb, 0xb7]);
        assert_eq!(issuer.sha256[30..], [0xcb, 0x5f]);
        assert!(issuer.is_valid_at(issuer.not_before) && issuer.is_valid_at(issuer.not_after));
        assert!(!issuer.is_valid_at(Timestamp::from_unix(1_375_358_399)));
        assert!(!issuer.is_valid_at(Timestamp::from_unix(2_147_169_601)));
    }

    #[test]
    fn lookups() {
        assert_eq!(by_sha256(&[0; 32]), None);
        assert_eq!(by_subject("CN=Microsoft Azure RSA TLS Issuing CA 08").count(), 0);
        let issuers: Vec<_> = by_subject(ISSUING_08).map(|issuer| issuer.issuer).collect();
        assert_eq!(issuers, ["Microsoft RSA Root Certificate Authority 2017", "DigiCert Global Root G2"]);
        let kinds: Vec<_> = by_subject(ROOT_G2).map(|issuer| issuer.kind).collect();
        assert_eq!(kinds, [Role::Intermediate, Role::Root]);
        assert_eq!([kinds[0].name(), kinds[1].name()], ["intermediate", "root"]);
    }

    #[test]
    fn ends_are_foreseen() {
        // Between the end of Azure TLS Issuing CA 01 to 06 (2024-06-27) and that of Microsoft RSA TLS CA 01.
        let summer_2024 = Timestamp::from_unix(1_722_470_400);
        let ending = ending_before(AFTER_CROSS_SIGNS).filter(|issuer| issuer.is_valid_at(summer_2024));
        let ending: Vec<_> = ending.map(|issuer| issuer.name).collect();
        assert_eq!(ending.len(), 11);
        assert!(ending.contains(&"Baltimore CyberTrust Root") && ending.contains(&"Microsoft RSA TLS CA 01"));
        assert!(!ending.contains(&"Microsoft IT TLS CA 1"));
        // One ends after its last moment.
        let first = known_issuers().iter().min_by_key(|issuer| issuer.not_after).unwrap();
        assert!(ending_before(first.not_after).next().is_none());
        assert!(ending_before(first.not_after + core::time::Duration::from_secs(1)).any(|issuer| issuer == first));
        assert!(ending_before(Timestamp::from_unix(0)).next().is_none());
        assert_eq!(ending_before(Timestamp::from_unix(4_102_444_800)).count(), known_issuers().len());
    }

    #[test]
    fn listed_urls_come_first_valid_before_ended() {
        let aia = || [ISSUING_08_CROSS.to_owned()];
        assert_eq!(urls_for(ISSUING_08, &aia(), &[], APRIL_2024), [ISSUING_08_DIRECT, ISSUING_08_CROSS]);
        assert_eq!(urls_for(ISSUING_08, &aia(), &[], AFTER_CROSS_SIGNS), [ISSUING_08_DIRECT, ISSUING_08_CROSS]);
        let elsewhere = "http://caissuers.microsoft.com/pkiops/certs/a.crt";
        assert_eq!(
            urls_for(ROOT_G2, &[elsewhere, ROOT_G2_CROSS].map(String::from), &[], APRIL_2024),
            [ROOT_G2_CROSS, elsewhere]
        );
    }

    #[test]
    fn unknown_subjects_get_only_allowed_urls() {
        let subject = "CN=Microsoft TLS G9 RSA CA OCSP 02,O=Microsoft Corporation,C=US";
        let aia = || {
            [
                "http://169.254.169.254/pkiops/certs/a.crt",
                "http://www.microsoft.com/pkiops/certs/a.crt",
                "ldap:///CN=a",
                "http://mirror.test:8080/certs/a.crt",
                "http://www.microsoft.com/pkiops/certs/a.crt",
            ]
            .map(String::from)
        };
        assert_eq!(urls_for(subject, &aia(), &[], APRIL_2024), ["http://www.microsoft.com/pkiops/certs/a.crt"]);
        let origins = [Origin::parse("http://mirror.test:8080/certs").unwrap()];
        assert_eq!(
            urls_for(subject, &aia(), &origins, APRIL_2024),
            ["http://www.microsoft.com/pkiops/certs/a.crt", "http://mirror.test:8080/certs/a.crt"]
        );
        assert!(urls_for(subject, &[], &origins, APRIL_2024).is_empty());
    }

    #[test]
    fn at_most_four_urls_are_given() {
        let aia: Vec<_> = (0..100).map(|n| format!("http://www.microsoft.com/pkiops/certs/{n}.crt")).collect();
        let urls = urls_for(ISSUING_08, &aia, &[], APRIL_2024);
        assert_eq!(urls, [ISSUING_08_DIRECT, ISSUING_08_CROSS, aia[0].as_str(), aia[1].as_str()]);
    }

    #[test]
    fn roots_are_not_fetched_from_the_table() {
        for root in known_issuers().iter().filter(|issuer| issuer.kind == Role::Root && issuer.subject != ROOT_G2) {
            assert!(urls_for(root.subject, &[], &[], APRIL_2024).is_empty(), "{}", root.name);
        }
    }
}
