//! Every object identifier that is known, and how one is told: compared as octets, in numbers only to be shown.

use alloc::string::{String, ToString};

use der::asn1::ObjectIdentifier;

use crate::quoted::Quoted;

/// Names in the words of the documents that define them, the octets of each.
macro_rules! identifiers {
    ($($name:ident = $numbers:literal;)+) => {
        $(pub(in crate::attested) const $name: &[u8] = ObjectIdentifier::new_unwrap($numbers).as_bytes();)+
    };
}

identifiers! {
    // RFC 5652 sections 4 and 5.1.
    ID_DATA = "1.2.840.113549.1.7.1";
    ID_SIGNED_DATA = "1.2.840.113549.1.7.2";
    // RFC 5652 sections 11.1 and 11.2.
    ID_CONTENT_TYPE = "1.2.840.113549.1.9.3";
    ID_MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    // RFC 5754 section 2.
    ID_SHA256 = "2.16.840.1.101.3.4.2.1";
    ID_SHA384 = "2.16.840.1.101.3.4.2.2";
    ID_SHA512 = "2.16.840.1.101.3.4.2.3";
    // RFC 8017 appendix A.
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    ID_RSASSA_PSS = "1.2.840.113549.1.1.10";
    SHA256_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.11";
    SHA384_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.12";
    SHA512_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.13";
    // RFC 5758 section 3.2.
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4";
    // RFC 5480 section 2.1.1.
    ID_EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    SECP256R1 = "1.2.840.10045.3.1.7";
    SECP384R1 = "1.3.132.0.34";
    // Extensions, RFC 5280 sections 4.2.1 and 4.2.2.
    ID_CE_SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    ID_CE_KEY_USAGE = "2.5.29.15";
    ID_CE_SUBJECT_ALT_NAME = "2.5.29.17";
    ID_CE_BASIC_CONSTRAINTS = "2.5.29.19";
    ID_CE_NAME_CONSTRAINTS = "2.5.29.30";
    ID_CE_POLICY_MAPPINGS = "2.5.29.33";
    ID_CE_AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    ID_CE_POLICY_CONSTRAINTS = "2.5.29.36";
    ID_CE_EXT_KEY_USAGE = "2.5.29.37";
    ID_CE_INHIBIT_ANY_POLICY = "2.5.29.54";
    ID_PE_AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    // RFC 5280 sections 4.2.1.12 and 4.2.2.1.
    ID_KP_SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    ID_AD_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    // Attributes of names, RFC 5280 appendix A.1 and RFC 4519 section 2.
    ID_AT_COMMON_NAME = "2.5.4.3";
    ID_AT_SERIAL_NUMBER = "2.5.4.5";
    ID_AT_COUNTRY_NAME = "2.5.4.6";
    ID_AT_LOCALITY_NAME = "2.5.4.7";
    ID_AT_STATE_OR_PROVINCE_NAME = "2.5.4.8";
    ID_AT_STREET_ADDRESS = "2.5.4.9";
    ID_AT_ORGANIZATION_NAME = "2.5.4.10";
    ID_AT_ORGANIZATIONAL_UNIT_NAME = "2.5.4.11";
    ID_USER_ID = "0.9.2342.19200300.100.1.1";
    ID_DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25";
    ID_EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
}

/// An identifier in numbers with dots between them; empty if the octets are not an identifier.
pub(in crate::attested) fn text(octets: &[u8]) -> String {
    ObjectIdentifier::from_bytes(octets).map(|identifier| identifier.to_string()).unwrap_or_default()
}

/// The same, fit for an error.
pub(in crate::attested) fn quoted(octets: &[u8]) -> Quoted {
    Quoted::from(&*text(octets))
}
