//! Object identifiers, dotted, by the names their specifications give them.

/// PKCS#7 `data`, the type of what the service signs.
pub const DATA: &str = "1.2.840.113549.1.7.1";
/// PKCS#7 `signedData`.
pub const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
/// PKCS#7 `envelopedData`.
pub const ENVELOPED_DATA: &str = "1.2.840.113549.1.7.3";
/// PKCS#7 `digestedData`.
pub const DIGESTED_DATA: &str = "1.2.840.113549.1.7.5";
/// The content type of time stamps.
pub const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
/// Attribute `contentType`.
pub const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
/// Attribute `messageDigest`.
pub const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
/// Attribute `signingTime`.
pub const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";

/// MD5.
pub const MD5: &str = "1.2.840.113549.2.5";
/// SHA-1.
pub const SHA1: &str = "1.3.14.3.2.26";
/// SHA-224.
pub const SHA224: &str = "2.16.840.1.101.3.4.2.4";
/// SHA-256.
pub const SHA256: &str = "2.16.840.1.101.3.4.2.1";
/// SHA-384.
pub const SHA384: &str = "2.16.840.1.101.3.4.2.2";
/// SHA-512.
pub const SHA512: &str = "2.16.840.1.101.3.4.2.3";
/// SHA3-256.
pub const SHA3_256: &str = "2.16.840.1.101.3.4.2.8";

/// `rsaEncryption`.
pub const RSA: &str = "1.2.840.113549.1.1.1";
/// `md5WithRSAEncryption`.
pub const MD5_WITH_RSA: &str = "1.2.840.113549.1.1.4";
/// `sha1WithRSAEncryption`.
pub const SHA1_WITH_RSA: &str = "1.2.840.113549.1.1.5";
/// `id-RSAES-OAEP`.
pub const RSA_OAEP: &str = "1.2.840.113549.1.1.7";
/// `id-mgf1`.
pub const MGF1: &str = "1.2.840.113549.1.1.8";
/// `id-RSASSA-PSS`.
pub const RSA_PSS: &str = "1.2.840.113549.1.1.10";
/// `sha256WithRSAEncryption`, which the service writes where SHA-256 belongs.
pub const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
/// `sha384WithRSAEncryption`.
pub const SHA384_WITH_RSA: &str = "1.2.840.113549.1.1.12";
/// `sha512WithRSAEncryption`.
pub const SHA512_WITH_RSA: &str = "1.2.840.113549.1.1.13";
/// `sha224WithRSAEncryption`.
pub const SHA224_WITH_RSA: &str = "1.2.840.113549.1.1.14";
/// `id-ecPublicKey`.
pub const EC: &str = "1.2.840.10045.2.1";
/// `id-ecDH`, of keys that only agree on other keys.
pub const EC_DH: &str = "1.3.132.1.12";
/// The field type `prime-field` of explicit curve parameters.
pub const PRIME_FIELD: &str = "1.2.840.10045.1.1";
/// P-256.
pub const P256: &str = "1.2.840.10045.3.1.7";
/// P-384.
pub const P384: &str = "1.3.132.0.34";
/// P-521.
pub const P521: &str = "1.3.132.0.35";
/// `secp256k1`.
pub const SECP256K1: &str = "1.3.132.0.10";
/// `ecdsa-with-SHA1`.
pub const ECDSA_SHA1: &str = "1.2.840.10045.4.1";
/// `ecdsa-with-SHA256`.
pub const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
/// `ecdsa-with-SHA384`.
pub const ECDSA_SHA384: &str = "1.2.840.10045.4.3.3";
/// `ecdsa-with-SHA512`.
pub const ECDSA_SHA512: &str = "1.2.840.10045.4.3.4";
/// Ed25519.
pub const ED25519: &str = "1.3.101.112";
/// X25519.
pub const X25519: &str = "1.3.101.110";
/// `id-dsa`.
pub const DSA: &str = "1.2.840.10040.4.1";
/// `id-dsa-with-sha256`.
pub const DSA_SHA256: &str = "2.16.840.1.101.3.4.3.2";

/// Extension `subjectKeyIdentifier`.
pub const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
/// Extension `keyUsage`.
pub const KEY_USAGE: &str = "2.5.29.15";
/// Extension `subjectAltName`.
pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
/// Extension `basicConstraints`.
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
/// Extension `nameConstraints`.
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
/// Extension `certificatePolicies`.
pub const CERTIFICATE_POLICIES: &str = "2.5.29.32";
/// Extension `policyMappings`.
pub const POLICY_MAPPINGS: &str = "2.5.29.33";
/// Extension `authorityKeyIdentifier`.
pub const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
/// Extension `policyConstraints`.
pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
/// Extension `extKeyUsage`.
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
/// inhibitAnyPolicy.
pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
/// Extension `authorityInfoAccess`.
pub const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
/// Access method `caIssuers`.
pub const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
/// The policy of organisation-validated server certificates.
pub const ORGANIZATION_VALIDATED: &str = "2.23.140.1.2.2";
/// Purpose `anyExtendedKeyUsage`.
pub const ANY_PURPOSE: &str = "2.5.29.37.0";
/// Purpose `serverAuth`.
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
/// Purpose `clientAuth`.
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
/// Purpose `codeSigning`.
pub const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// Purpose `emailProtection`.
pub const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
/// An identifier that means nothing to anybody, of the arc for documentation (RFC 5612).
pub const UNKNOWN: &str = "1.3.6.1.4.1.32473.1";

/// Attribute type `countryName`.
pub const COUNTRY: &str = "2.5.4.6";
/// Attribute type `localityName`.
pub const LOCALITY: &str = "2.5.4.7";
/// Attribute type `stateOrProvinceName`.
pub const STATE: &str = "2.5.4.8";
/// Attribute type `organizationName`.
pub const ORGANIZATION: &str = "2.5.4.10";
/// Attribute type `organizationalUnitName`.
pub const ORGANIZATIONAL_UNIT: &str = "2.5.4.11";
/// Attribute type `emailAddress`, RFC 2985.
pub const EMAIL_ADDRESS: &str = "1.2.840.113549.1.9.1";
/// Attribute type `commonName`.
pub const COMMON_NAME: &str = "2.5.4.3";
