//! Cloud and region of a signer, by its certificate's subject alternative names and nothing else.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::attested::error::VerifyError;
use crate::attested::x509::certificate::Certificate;
use crate::attested::x509::extension::SubjectAltName;
use crate::attested::x509::general_name::GeneralName;
use crate::attested::x509::name_count::has_few_names;
use crate::cloud::Cloud;
use crate::quoted::Quoted;

/// What a signer's names say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::attested) struct Names {
    /// The cloud in whose domain all names lie.
    pub(in crate::attested) cloud: Cloud,
    /// The region, where a name has exactly one label before the domain.
    pub(in crate::attested) region: Option<String>,
    /// The names, in lower case.
    pub(in crate::attested) names: Vec<String>,
}

/// Reads the names of a signer and holds them against the accepted clouds.
///
/// The common name is never looked at. Every name must lie in one and the same cloud's domain; the service may put
/// any sub-domain there, so any is accepted.
///
/// # Errors
///
/// `names_missing`, `name_not_dns`, `name_malformed`, `name_not_azure`, `names_of_two_clouds`, `cloud_mismatch`.
pub(in crate::attested) fn check(leaf: &Certificate, accepted: &[Cloud]) -> Result<Names, VerifyError> {
    let names = dns_names(leaf)?;
    let mut clouds = Vec::new();
    for name in &names {
        let cloud = cloud_of(name).ok_or_else(|| VerifyError::NameNotAzure { name: Quoted::from(name.as_str()) })?;
        clouds.push(cloud);
    }
    let cloud = *clouds.first().ok_or(VerifyError::NamesMissing)?;
    if let Some(other) = clouds.iter().copied().find(|other| *other != cloud) {
        return Err(VerifyError::NamesOfTwoClouds { first: cloud, second: other });
    }
    if !accepted.contains(&cloud) {
        let accepted: Vec<&str> = accepted.iter().map(|cloud| cloud.name()).collect();
        return Err(VerifyError::CloudMismatch { found: cloud, accepted: Quoted::from(&*accepted.join(", ")) });
    }
    let region = names.iter().find_map(|name| region_of(name, cloud));
    Ok(Names { cloud, region, names })
}

fn dns_names(leaf: &Certificate) -> Result<Vec<String>, VerifyError> {
    if !has_few_names(leaf) {
        return Err(VerifyError::NameMalformed { name: Quoted::from("the extension, of more than 256 names") });
    }
    let extension = leaf.extension::<SubjectAltName<'_>>();
    let (_, alternative) = extension
        .map_err(|_| VerifyError::NameMalformed { name: Quoted::from("the extension, unreadable or repeated") })?
        .ok_or(VerifyError::NamesMissing)?;
    if alternative.0.is_empty() {
        return Err(VerifyError::NamesMissing);
    }
    let mut names = Vec::new();
    for name in &alternative.0 {
        let GeneralName::Dns(name) = name else {
            return Err(VerifyError::NameNotDns { name: described(name) });
        };
        if !is_host_name(name) {
            return Err(VerifyError::NameMalformed { name: Quoted::from(*name) });
        }
        names.push(name.to_ascii_lowercase());
    }
    Ok(names)
}

fn described(name: &GeneralName<'_>) -> Quoted {
    match name {
        GeneralName::Rfc822(text) | GeneralName::Uri(text) => Quoted::from(*text),
        GeneralName::Directory(name) => crate::attested::x509::certificate::name_text(name),
        GeneralName::Ip(octets) => Quoted::hexadecimal(octets),
        _ => Quoted::from("a name of another kind"),
    }
}

/// Letters, digits and hyphens in labels of 1 to 63 characters that neither begin nor end with a hyphen
/// (RFC 5890 section 2.3.1); at most 253 in all. No wildcard, no trailing dot, no empty label.
fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

fn cloud_of(name: &str) -> Option<Cloud> {
    Cloud::ALL.iter().copied().find(|cloud| {
        name.strip_suffix(cloud.metadata_domain()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

fn region_of(name: &str, cloud: Cloud) -> Option<String> {
    let label = name.strip_suffix(cloud.metadata_domain())?.strip_suffix('.')?;
    (!label.contains('.')).then(|| label.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attested::der::element::Element;

    #[test]
    fn a_domain_ends_at_a_dot() {
        assert_eq!(cloud_of("metadata.azure.com"), Some(Cloud::Public));
        assert_eq!(cloud_of("eastus.metadata.azure.com"), Some(Cloud::Public));
        assert_eq!(cloud_of("a.b.metadata.azure.us"), Some(Cloud::UsGov));
        assert_eq!(cloud_of("metadata.azure.cn"), Some(Cloud::China));
        assert_eq!(cloud_of("metadata.microsoftazure.de"), Some(Cloud::Germany));
        for name in ["evilmetadata.azure.com", "metadata.azure.com.evil.test", "azure.com", "metadata.azure.org", ""] {
            assert_eq!(cloud_of(name), None, "{name}");
        }
        assert_eq!(region_of("eastus.metadata.azure.com", Cloud::Public).as_deref(), Some("eastus"));
        assert_eq!(region_of("a.b.metadata.azure.com", Cloud::Public), None);
        assert_eq!(region_of("metadata.azure.com", Cloud::Public), None);
    }

    #[test]
    fn host_names_are_letters_digits_and_hyphens() {
        for name in ["a", "a-b.c1", "xn--80ak6aa92e.metadata.azure.com", &"a".repeat(63)] {
            assert!(is_host_name(name), "{name}");
        }
        for name in ["", ".", "a.", ".a", "a..b", "*.a", "a_b", "-a", "a-", "a b", "a\0b", "é", &"a".repeat(64)] {
            assert!(!is_host_name(name), "{name}");
        }
        assert!(!is_host_name(&["a"; 128].join(".")));
    }

    #[test]
    fn other_names_are_shown_as_they_stand() {
        for (der, shown) in [
            (&b"\x81\x03a@b"[..], "a@b"),
            (b"\x86\x05ldap:", "ldap:"),
            (b"\xa4\x0f\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02me", "CN=me"),
            (b"\x87\x04\xa9\xfe\xa9\xfe", "a9fea9fe"),
            (b"\x88\x01\x29", "a name of another kind"),
        ] {
            let name = GeneralName::read(&Element::parse(der).unwrap()).unwrap();
            assert_eq!(described(&name).as_str(), shown);
        }
    }
}
