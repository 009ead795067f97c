//! The table of reasons why a document is refused: text, summary, code and next step of each.

use crate::cloud::Cloud;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use crate::attested::Given;
use crate::error::coded;
use crate::host::Host;
use crate::quoted::Quoted;
use crate::time::Timestamp;

/// A certificate that is missing between a signer and an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingIssuer {
    /// Its subject.
    pub name: Quoted,
    /// Its SHA-256 in hexadecimal, where it is a known one.
    pub sha256: Option<String>,
    /// Where it can be fetched: that certificate, if its SHA-256 is known.
    pub url: Option<String>,
}

impl MissingIssuer {
    /// An issuer of which nothing is known but its name.
    #[must_use]
    pub const fn new(name: Quoted) -> Self {
        Self { name, sha256: None, url: None }
    }
}

/// The errors that can say what was given instead of a document.
macro_rules! instead_of_a_document {
    ($given:ident) => {
        Self::Base64Malformed { $given, .. }
            | Self::DerMalformed { $given, .. }
            | Self::EnvelopeEncoding { $given, .. }
            | Self::EnvelopeMalformed { $given, .. }
            | Self::NotSignedData { $given, .. }
            | Self::PemLabel { $given, .. }
            | Self::PemMalformed { $given, .. }
    };
}

impl VerifyError {
    /// What to do about it, in the words of this crate. Holds no value of the document, so it is fit for a stranger's
    /// eyes.
    #[must_use]
    pub fn next_step(&self) -> String {
        self.next_step_for(Host::Rust)
    }

    /// The same with the flags or arguments of a host.
    #[must_use]
    pub fn next_step_for(&self, host: Host) -> String {
        host.words(match self {
            Self::CertificateExpired { at_signing_time: true, .. } => {
                "refuse it: it was made when that certificate had ended already"
            }
            Self::CertificateNotYetValid { at_signing_time: true, .. } => {
                "refuse it: it was made before that certificate began"
            }
            _ => self.given().map_or(self.remedy(), |given| given.next_step()),
        })
    }

    /// What was given instead of a document, if that is the reason and is known.
    #[must_use]
    pub const fn given(&self) -> Option<Given> {
        match self {
            instead_of_a_document!(given) => *given,
            _ => None,
        }
    }

    /// The same error with what was given.
    pub(crate) fn with_given(mut self, found: Option<Given>) -> Self {
        match &mut self {
            instead_of_a_document!(given) => *given = found,
            _ => {}
        }
        self
    }

    /// The same error of a document that was judged at its signing time.
    pub(crate) const fn at_signing_time(mut self) -> Self {
        if let Self::CertificateExpired { at_signing_time, .. } | Self::CertificateNotYetValid { at_signing_time, .. } =
            &mut self
        {
            *at_signing_time = true;
        }
        self
    }
}

coded! {
    /// Why a document is not accepted. The fault lies with the document or with the trust it was held against.
    ///
    /// The text shows the compared values, bounded and escaped; [`code`](Self::code) is stable and
    /// the same in Rust, Python and JavaScript. [`CODES`](Self::CODES) has the codes in the order of the checks.
    #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
    #[non_exhaustive]
    pub enum VerifyError: Verify;

    // 1. Input.

    /// Nothing, or only white space, was given.
    #[error("the input is empty")]
    InputEmpty => "input_empty",
        "give the answer of /metadata/attested/document, or its signature";
    /// The input is longer than any document may be.
    #[error("the input is too long: {size} bytes, at most {limit}")]
    InputTooLong {
        /// Bytes given.
        size: usize,
        /// Bytes accepted.
        limit: usize,
    } => "input_too_long",
        "give one attested document; those of the service are about 3 kB";
    /// The service's JSON envelope can't be read.
    #[error("the envelope is not as the service writes it: {reason}{}{}", at_byte(*position), instead(*given))]
    EnvelopeMalformed {
        /// What is wrong.
        reason: String,
        /// Byte of the input, where known.
        position: Option<usize>,
        /// What was given instead of a document, if that is known.
        given: Option<Given>,
    } => "envelope_malformed",
        "give the answer of /metadata/attested/document unchanged";
    /// A key stands twice in the envelope.
    #[error("the envelope holds the key {key} twice")]
    EnvelopeDuplicateKey {
        /// The key.
        key: Quoted,
    } => "envelope_duplicate_key",
        "refuse whoever sent this: parsers differ on such text";
    /// The envelope's `encoding` is absent or not `pkcs7`.
    #[error("the envelope's encoding is {found}, only \"pkcs7\" is known{}", instead(*given))]
    EnvelopeEncoding {
        /// What it says.
        found: Quoted,
        /// What was given instead of a document, if that is known.
        given: Option<Given>,
    } => "envelope_encoding",
        "give the answer of /metadata/attested/document unchanged";
    /// The PEM armour can't be read.
    #[error("the PEM text is malformed: {reason}{}", instead(*given))]
    PemMalformed {
        /// What is wrong.
        reason: String,
        /// What was given instead of a document, if that is known.
        given: Option<Given>,
    } => "pem_malformed",
        "give one whole block, from BEGIN PKCS7 to END PKCS7";
    /// The PEM block holds something else.
    #[error("the PEM label is {found}, expected PKCS7 or CMS{}", instead(*given))]
    PemLabel {
        /// The label.
        found: Quoted,
        /// What was given instead of a document, if that is known.
        given: Option<Given>,
    } => "pem_label",
        "give the signed document, not a certificate or a key";
    /// The base64 text can't be read.
    #[error("the base64 text is malformed{}{}", at_byte(*position), instead(*given))]
    Base64Malformed {
        /// Byte of the base64 text.
        position: Option<usize>,
        /// What was given instead of a document, if that is known.
        given: Option<Given>,
    } => "base64_malformed",
        "give the signature value whole: standard alphabet, padded";

    // 2. SignedData.

    /// The DER of the CMS structure is not as RFC 5652 has it, or not DER.
    #[error("the {part} is malformed DER{}: {reason}{}", at_byte(*position), instead(*given))]
    DerMalformed {
        /// The structure that was being read, by its ASN.1 name.
        part: &'static str,
        /// Byte of the decoded document, where known.
        position: Option<usize>,
        /// What the reader says.
        reason: String,
        /// What was given instead of a document, if that is known.
        given: Option<Given>,
    } => "der_malformed",
        "give the document unchanged; the service writes DER, never BER";
    /// Bytes follow the document.
    #[error("{count} bytes follow the document, which ends at byte {position}")]
    TrailingData {
        /// Where the document ends.
        position: usize,
        /// Bytes after it.
        count: usize,
    } => "trailing_data",
        "give the document unchanged and alone";
    /// The outer type is not id-signedData.
    #[error("the content type is {found}, expected signedData (1.2.840.113549.1.7.2){}", instead(*given))]
    NotSignedData {
        /// The object identifier found.
        found: Quoted,
        /// What was given instead of a document, if that is known.
        given: Option<Given>,
    } => "not_signed_data",
        "give the signed document, not another PKCS#7 object";
    /// The version of SignedData is not the one RFC 5652 section 5.1 asks for here.
    #[error("the SignedData version is {found}, expected {expected}")]
    SignedDataVersion {
        /// Version found.
        found: u8,
        /// Version that the other fields ask for.
        expected: u8,
    } => "signed_data_version",
        "refuse it: the service does not write this";
    /// There is not exactly one digest algorithm.
    #[error("the document lists {count} digest algorithms, expected exactly one")]
    DigestAlgorithmCount {
        /// Algorithms found.
        count: usize,
    } => "digest_algorithm_count",
        "refuse it: one signer uses one digest";
    /// What is signed is not plain data.
    #[error("the signed content is of type {found}, expected data (1.2.840.113549.1.7.1)")]
    ContentTypeNotData {
        /// The object identifier found.
        found: Quoted,
    } => "content_type_not_data",
        "refuse it: the service signs plain data";
    /// The content is detached.
    #[error("the signed content is not inside the document")]
    ContentMissing => "content_missing",
        "refuse it: the service never detaches the content";
    /// The content is there and has no bytes.
    #[error("the signed content is empty")]
    ContentEmpty => "content_empty",
        "refuse it: there is nothing signed";
    /// Revocation lists are embedded.
    #[error("the document carries revocation lists")]
    CrlsPresent => "crls_present",
        "refuse it: the service does not write this";
    /// More certificates are embedded than are looked at.
    #[error("the document carries {count} certificates, at most {limit}")]
    TooManyCertificates {
        /// Certificates embedded.
        count: usize,
        /// Certificates accepted.
        limit: usize,
    } => "too_many_certificates",
        "refuse it: the service embeds one";
    /// There is not exactly one signer.
    #[error("the document has {count} signers, expected exactly one")]
    SignerCount {
        /// Signers found.
        count: usize,
    } => "signer_count",
        "refuse it: with several signers it is unclear who vouches";
    /// The version of SignerInfo does not fit its identifier.
    #[error("the SignerInfo version is {found}, expected {expected}")]
    SignerInfoVersion {
        /// Version found.
        found: u8,
        /// Version that the identifier asks for.
        expected: u8,
    } => "signer_info_version",
        "refuse it: the service does not write this";
    /// The signer is named by key identifier.
    #[error("the signer is named by key identifier, expected issuer and serial number")]
    SignerIdentifier => "signer_identifier",
        "refuse it: the service names the signer by issuer and serial number";
    /// Attributes that nothing signs are present.
    #[error("the signer carries unsigned attributes")]
    UnsignedAttributes => "unsigned_attributes",
        "refuse it: nothing vouches for them";
    /// An embedded certificate can't be read.
    #[error("the certificate {number} in the document is malformed{}: {reason}", at_byte(*position))]
    CertificateMalformed {
        /// Which one, counted from 1.
        number: usize,
        /// Byte of that certificate, where known.
        position: Option<usize>,
        /// What the reader says.
        reason: String,
    } => "certificate_malformed",
        "give the document unchanged";

    // 3. Signer's certificate.

    /// No embedded certificate is the signer's.
    #[error("the signer's certificate is not in the document: issuer {issuer}, serial {serial}")]
    SignerCertificateMissing {
        /// Issuer asked for.
        issuer: Quoted,
        /// Serial number asked for, in hexadecimal.
        serial: Quoted,
    } => "signer_certificate_missing",
        "refuse it: nobody can tell who signed";
    /// Several embedded certificates are the signer's.
    #[error("{count} certificates have issuer {issuer} and serial {serial}")]
    SignerCertificateAmbiguous {
        /// Issuer asked for.
        issuer: Quoted,
        /// Serial number asked for, in hexadecimal.
        serial: Quoted,
        /// Certificates found.
        count: usize,
    } => "signer_certificate_ambiguous",
        "refuse it: it is made to confuse";

    // 4. Algorithms and key strength.

    /// The digest algorithm is not on the list.
    #[error("the digest algorithm {found} is not accepted, only SHA-256, SHA-384 and SHA-512 are")]
    DigestAlgorithmUnsupported {
        /// The object identifier found.
        found: Quoted,
    } => "digest_algorithm_unsupported",
        "refuse it: older digests can be forged";
    /// Two places name different digests.
    #[error("the digest algorithms disagree: {expected} against {found}")]
    DigestAlgorithmMismatch {
        /// What the signer's digest algorithm says.
        expected: Quoted,
        /// What the other place says.
        found: Quoted,
    } => "digest_algorithm_mismatch",
        "refuse it: the service names one digest throughout";
    /// The signature algorithm is not on the list.
    #[error("the signature algorithm {found} is not accepted")]
    SignatureAlgorithmUnsupported {
        /// The object identifier found.
        found: Quoted,
    } => "signature_algorithm_unsupported",
        "refuse it, or verify with a release that knows the algorithm";
    /// An algorithm's parameters are not the ones it takes.
    #[error("the parameters of algorithm {algorithm} are not as its definition has them")]
    AlgorithmParameters {
        /// The algorithm's object identifier.
        algorithm: Quoted,
    } => "algorithm_parameters",
        "refuse it: the service writes them by the book";
    /// The signer's key is of a kind that is not accepted.
    #[error("the signer's key algorithm {found} is not accepted, only RSA, P-256 and P-384 are")]
    KeyAlgorithmUnsupported {
        /// The object identifier found.
        found: Quoted,
    } => "key_algorithm_unsupported",
        "refuse it, or verify with a release that knows the algorithm";
    /// The signature algorithm and the signer's key do not belong together.
    #[error("the signature algorithm {signature} does not go with a key of algorithm {key}")]
    KeyAlgorithmMismatch {
        /// The signature's algorithm.
        signature: Quoted,
        /// The key's algorithm.
        key: Quoted,
    } => "key_algorithm_mismatch",
        "refuse it: it can't have been made by this key";
    /// A public key can't be read.
    #[error("the public key of {subject} is malformed: {reason}")]
    KeyMalformed {
        /// Whose key.
        subject: Quoted,
        /// What is wrong.
        reason: String,
    } => "key_malformed",
        "refuse it: no honest CA certifies such a key";
    /// An RSA key is too small.
    #[error("the RSA key of {subject} has {bits} bits, at least {minimum}")]
    KeyTooSmall {
        /// Whose key.
        subject: Quoted,
        /// Bits of the modulus.
        bits: usize,
        /// Bits asked for.
        minimum: usize,
    } => "key_too_small",
        "refuse it: keys of this size can be broken";
    /// An RSA key is too large.
    #[error("the RSA key of {subject} has {bits} bits, at most {maximum}")]
    KeyTooLarge {
        /// Whose key.
        subject: Quoted,
        /// Bits of the modulus.
        bits: usize,
        /// Bits accepted.
        maximum: usize,
    } => "key_too_large",
        "refuse it: such keys only cost time";
    /// An RSA exponent is even, below 3, or above 32 bits.
    #[error("the RSA exponent of {subject} is not odd, at least 3 and at most 32 bits long")]
    KeyExponent {
        /// Whose key.
        subject: Quoted,
    } => "key_exponent",
        "refuse it: no honest CA certifies such a key";

    // 5. Content signature.

    /// A signed attribute that RFC 5652 section 11 demands is absent.
    #[error("the signed attribute {attribute} is missing")]
    SignedAttributeMissing {
        /// The attribute's name.
        attribute: &'static str,
    } => "signed_attribute_missing",
        "refuse it: without it the attributes do not bind the content";
    /// A signed attribute stands twice.
    #[error("the signed attribute {attribute} is repeated")]
    SignedAttributeRepeated {
        /// The attribute's name or object identifier.
        attribute: Quoted,
    } => "signed_attribute_repeated",
        "refuse it: it is made to confuse";
    /// A signed attribute is not of its type, or has not exactly one value.
    #[error("the signed attribute {attribute} is not as RFC 5652 has it")]
    SignedAttributeMalformed {
        /// The attribute's name or object identifier.
        attribute: Quoted,
    } => "signed_attribute_malformed",
        "refuse it: the attributes are not well formed";
    /// The content's digest is not the one that was signed.
    #[error("the content's digest is not the signed messageDigest")]
    MessageDigestMismatch => "message_digest_mismatch",
        "refuse it: the content was changed after signing";
    /// The content's type is not the one that was signed.
    #[error("the signed contentType attribute says {found}, the content is data")]
    ContentTypeMismatch {
        /// What the attribute says.
        found: Quoted,
    } => "content_type_mismatch",
        "refuse it: something else was signed";
    /// The signature does not fit the content and the signer's key.
    #[error("the content signature is wrong for the signer's key ({key})")]
    ContentSignature {
        /// Kind and size of the key.
        key: Quoted,
    } => "content_signature",
        "refuse it: the document was changed, or made by somebody else";
    /// What is signed is not the text of a JSON object.
    #[error("the signed content is not the text of a JSON object: it starts with {found}")]
    ContentNotJson {
        /// The first bytes.
        found: Quoted,
    } => "content_not_json",
        "refuse it: Azure signs a JSON object, this is something else";

    // 6. Names.

    /// The signer's certificate has no subject alternative name.
    #[error("the signer's certificate has no subject alternative name")]
    NamesMissing => "names_missing",
        "refuse it: the common name proves nothing";
    /// A subject alternative name is not a dNSName.
    #[error("the subject alternative name {name} is not a DNS name")]
    NameNotDns {
        /// The name, or its kind.
        name: Quoted,
    } => "name_not_dns",
        "refuse it: Azure's certificates hold DNS names alone";
    /// A dNSName is not a plain host name.
    #[error("the DNS name {name} is not a plain host name")]
    NameMalformed {
        /// The name.
        name: Quoted,
    } => "name_malformed",
        "refuse it: no wildcard, trailing dot or odd character has a place here";
    /// A name lies in no Azure cloud's domain.
    #[error("the DNS name {name} lies in no Azure cloud's metadata domain")]
    NameNotAzure {
        /// The name.
        name: Quoted,
    } => "name_not_azure",
        "refuse it: the signer is not the metadata service";
    /// The names lie in different clouds.
    #[error("the certificate's names lie in two clouds, {first} and {second}")]
    NamesOfTwoClouds {
        /// The first cloud met.
        first: Cloud,
        /// Another one.
        second: Cloud,
    } => "names_of_two_clouds",
        "refuse it: a signer serves one cloud";
    /// The document is of a cloud that was not asked for.
    #[error("the document is of cloud {found}, accepted: {accepted}")]
    CloudMismatch {
        /// The document's cloud.
        found: Cloud,
        /// The clouds accepted.
        accepted: Quoted,
    } => "cloud_mismatch",
        "accept that cloud {clouds} if its VMs are to be admitted";

    // 7. Chain.

    /// Nothing is trusted.
    #[error("there is no trust anchor")]
    NoTrustAnchors => "no_trust_anchors",
        "give at least one anchor {anchors}, or use the default ones";
    /// A certificate or its public key is on the deny list.
    #[error("the certificate {subject} is denied: {sha256} is on the deny list")]
    CertificateDenied {
        /// Whose certificate.
        subject: Quoted,
        /// The SHA-256 on the list, in hexadecimal: of the certificate, or of its SubjectPublicKeyInfo.
        sha256: String,
    } => "certificate_denied",
        "refuse it: the certificate was shut out on purpose";
    /// A certificate is outside its validity at the time asked, towards the end.
    #[error("the certificate {subject} expired at {not_after}; it was checked at {time}")]
    CertificateExpired {
        /// Whose certificate.
        subject: Quoted,
        /// End of its validity.
        not_after: Timestamp,
        /// The time asked for.
        time: Timestamp,
        /// Whether that is the signing time of the document.
        at_signing_time: bool,
    } => "certificate_expired",
        "fetch a fresh document; verify an archived one {signing_time}";
    /// A certificate is outside its validity at the time asked, towards the start.
    #[error("the certificate {subject} is valid from {not_before}; it was checked at {time}")]
    CertificateNotYetValid {
        /// Whose certificate.
        subject: Quoted,
        /// Start of its validity.
        not_before: Timestamp,
        /// The time asked for.
        time: Timestamp,
        /// Whether that is the signing time of the document.
        at_signing_time: bool,
    } => "certificate_not_yet_valid",
        "check the clock of this machine";
    /// The signer's certificate is not meant for server authentication.
    #[error("the extended key usage of {subject} does not hold serverAuth")]
    ExtendedKeyUsage {
        /// Whose certificate.
        subject: Quoted,
    } => "extended_key_usage",
        "refuse it: the certificate was issued for something else";
    /// A certificate's key usage does not allow what the key did.
    #[error("the key usage of {subject} does not allow {usage}")]
    KeyUsage {
        /// Whose certificate.
        subject: Quoted,
        /// What the key did.
        usage: &'static str,
    } => "key_usage",
        "refuse it: the certificate was issued for something else";
    /// The signer's certificate is a CA's.
    #[error("the signer's certificate {subject} is a CA's")]
    LeafIsCa {
        /// Whose certificate.
        subject: Quoted,
    } => "leaf_is_ca",
        "refuse it: Azure's CAs do not sign documents themselves";
    /// A certificate that signed another is not a CA's.
    #[error("the issuer {subject} is not a CA")]
    IssuerNotCa {
        /// Whose certificate.
        subject: Quoted,
    } => "issuer_not_ca",
        "refuse it: whoever holds that key has no right to issue";
    /// The path below a CA is longer than it allows.
    #[error("the path is longer than a CA's pathLenConstraint allows")]
    PathLength => "path_length",
        "refuse it: the CA was not given the right to certify CAs";
    /// A CA's name constraints exclude a name below it, or are of a kind that is not compared.
    #[error("the name constraints of a CA {reason}")]
    NameConstraint {
        /// What they do.
        reason: &'static str,
    } => "name_constraint",
        "refuse it: the CA was not given the right to these names, or nobody can say that it was";
    /// A critical extension is not understood.
    #[error("the certificate {subject} holds a critical extension that is not known: {extension}")]
    CriticalExtension {
        /// Whose certificate.
        subject: Quoted,
        /// The extension's object identifier.
        extension: Quoted,
    } => "critical_extension",
        "refuse it: RFC 5280 forbids to go on";
    /// A certificate breaks a rule of RFC 5280 that this verifier holds to.
    #[error("the certificate {subject} breaks the profile: {rule}")]
    CertificateProfile {
        /// Whose certificate.
        subject: Quoted,
        /// The rule.
        rule: &'static str,
    } => "certificate_profile",
        "refuse it: no CA of Azure issues such certificates";
    /// A certificate is signed with an algorithm that is not accepted.
    #[error("the certificate {subject} is signed with {algorithm}, which is not accepted")]
    CertificateSignatureAlgorithm {
        /// Whose certificate.
        subject: Quoted,
        /// The algorithm's object identifier.
        algorithm: Quoted,
    } => "certificate_signature_algorithm",
        "refuse it: older algorithms can be forged";
    /// A certificate's signature does not fit its issuer's key.
    #[error("the signature on the certificate {subject} is wrong for the key of {issuer}")]
    CertificateSignature {
        /// Whose certificate.
        subject: Quoted,
        /// Who should have signed it.
        issuer: Quoted,
    } => "certificate_signature",
        "refuse it: the certificate was not issued by the CA it names";
    /// No certificate of an issuer is at hand.
    #[error("{}", are_missing(missing))]
    IssuerMissing {
        /// The certificates that are missing, from the signer upwards. Those of one name are several certificates of one
        /// issuer, any of which does; where the table of known issuers tells who is missing above them, these follow.
        missing: Vec<MissingIssuer>,
    } => "issuer_missing", retry Depends,
        "give that certificate {issuers}{or_fetch}; Azure changes its issuers every few years";
    /// An issuer is missing, and too many documents wait for issuers already.
    #[error("an issuer is missing, and too many documents wait for issuers to be fetched already")]
    FetchOverflow => "fetch_overflow", retry Always,
        "try again in some seconds; if it stays, give the missing certificate {issuers}";
    /// The chain ends at a root that is not trusted.
    #[error("the root {name} is not trusted{}", fingerprint(sha256))]
    RootNotTrusted {
        /// Subject of the root.
        name: Quoted,
        /// Its SHA-256 in hexadecimal, where known.
        sha256: Option<String>,
    } => "root_not_trusted",
        "give that root {anchors} only if you have reason to trust it";
    /// The path needs more signature checks than one document may cost.
    #[error("the path needs more than {limit} signature checks")]
    SignatureCheckLimit {
        /// Checks allowed.
        limit: usize,
    } => "signature_check_limit",
        "give fewer issuers of the same name";
    /// Path building hit another of its limits.
    #[error("building the path costs too much: {reason}")]
    PathBudget {
        /// Which limit.
        reason: &'static str,
    } => "path_budget",
        "give fewer issuers";
    /// There is no valid path, and none of the reasons above says why.
    #[error("no valid path leads to a trust anchor: {reason}")]
    PathInvalid {
        /// What the path builder says.
        reason: String,
    } => "path_invalid",
        "look at the certificates of the chain one by one";

    // 8. Claims.

    /// The signed content is not UTF-8.
    #[error("the signed content is not UTF-8 at byte {position}")]
    ClaimsNotUtf8 {
        /// Byte of the content.
        position: usize,
    } => "claims_not_utf8",
        "refuse it: JSON is UTF-8";
    /// The signed content is not JSON.
    #[error("the signed content is malformed JSON{}: {reason}", at_byte(*position))]
    ClaimsMalformed {
        /// Byte of the content, where known.
        position: Option<usize>,
        /// What the reader says.
        reason: String,
    } => "claims_malformed",
        "refuse it: the service writes well-formed JSON";
    /// A key stands twice in an object.
    #[error("the signed content holds the key {key} twice")]
    ClaimsDuplicateKey {
        /// The key.
        key: Quoted,
    } => "claims_duplicate_key",
        "refuse it: parsers differ on such text";
    /// The JSON nests deeper than is accepted.
    #[error("the signed content nests deeper than {limit} levels")]
    ClaimsTooDeep {
        /// Levels accepted.
        limit: usize,
    } => "claims_too_deep",
        "refuse it: the service does not write this";
    /// A claim that every document has is absent.
    #[error("the claim {claim} is missing")]
    ClaimMissing {
        /// The claim's name.
        claim: &'static str,
    } => "claim_missing",
        "fetch a fresh document; those of classic VMs may lack it and can't be verified";
    /// A claim is of another JSON type than the service writes.
    #[error("the claim {claim} is {found}, expected {expected}")]
    ClaimType {
        /// The claim's name.
        claim: &'static str,
        /// Type found.
        found: &'static str,
        /// Type expected.
        expected: &'static str,
    } => "claim_type",
        "refuse it: the service does not write this";
    /// `createdOn` or `expiresOn` is not a time as the service writes it.
    #[error("the claim {claim} is {found}, expected MM/DD/YY HH:MM:SS -0000")]
    ClaimTime {
        /// The claim's name.
        claim: &'static str,
        /// The text found.
        found: Quoted,
    } => "claim_time",
        "refuse it: the service does not write this";
    /// `vmId` is not a UUID.
    #[error("the claim vmId is {found}, expected a UUID")]
    VmIdMalformed {
        /// The text found.
        found: Quoted,
    } => "vm_id_malformed",
        "refuse it: every VM has an identifier";
    /// A nonce was asked for and the document has none.
    #[error("the document has no nonce, asked {expected}")]
    NonceMissing {
        /// The nonce asked for.
        expected: Quoted,
    } => "nonce_missing",
        "ask the service for a document with the nonce";
    /// The document's nonce is not the one asked for.
    #[error("nonce mismatch: asked {expected}, document has {found}")]
    NonceMismatch {
        /// The nonce asked for.
        expected: Quoted,
        /// The document's nonce.
        found: Quoted,
    } => "nonce_mismatch",
        "fetch the document again with this nonce: the service caches; if it stays, it is a replay";
    /// The document ends before it starts.
    #[error("the document was created at {created_on} and expires before, at {expires_on}")]
    DocumentTimesReversed {
        /// Creation.
        created_on: Timestamp,
        /// Expiry.
        expires_on: Timestamp,
    } => "document_times_reversed",
        "refuse it: the service does not write this";
    /// The document lives longer than the service allows.
    #[error("the document lives {} s, at most {} s", .life.as_secs(), .limit.as_secs())]
    DocumentLifeTooLong {
        /// Its life.
        life: Duration,
        /// The life accepted.
        limit: Duration,
    } => "document_life_too_long",
        "refuse it: the service grants six hours";
    /// The document is of the future.
    #[error("the document was created at {created_on}, it is {now} now (skew {} s)", .skew.as_secs())]
    DocumentNotYetValid {
        /// Creation.
        created_on: Timestamp,
        /// The time asked for.
        now: Timestamp,
        /// Tolerance.
        skew: Duration,
    } => "document_not_yet_valid",
        "check the clock of this machine";
    /// The document has expired.
    #[error("the document expired at {expires_on}, it is {now} now (skew {} s)", .skew.as_secs())]
    DocumentExpired {
        /// Expiry: what the document says, at most six hours after its creation.
        expires_on: Timestamp,
        /// The time asked for.
        now: Timestamp,
        /// Tolerance.
        skew: Duration,
    } => "document_expired",
        "fetch a fresh document; verify an archived one {signing_time}";
    /// The document is older than the caller allows.
    #[error("the document is {} s old, at most {} s", .age.as_secs(), .limit.as_secs())]
    DocumentTooOld {
        /// Its age.
        age: Duration,
        /// The age accepted.
        limit: Duration,
    } => "document_too_old",
        "fetch a fresh document";
    /// A maximum age was asked for together with the signing time, under which every document is new.
    #[error("a maximum age can't be held against the signing time")]
    MaxAgeNeedsNow => "max_age_needs_now",
        "give the time at which the document is to be judged {time}, or no maximum age";
    /// The document is of another VM.
    #[error("vmId mismatch: expected {expected}, document has {found}")]
    VmIdMismatch {
        /// The VM expected.
        expected: Quoted,
        /// The document's VM.
        found: Quoted,
    } => "vm_id_mismatch",
        "refuse it: it speaks for another VM";
    /// The document is of another subscription.
    #[error("subscriptionId mismatch: expected {expected}, document has {found}")]
    SubscriptionIdMismatch {
        /// The subscription expected.
        expected: Quoted,
        /// The document's subscription, empty if it names none.
        found: Quoted,
    } => "subscription_id_mismatch",
        "refuse it: it speaks for another subscription";
    /// The document is of another image SKU.
    #[error("sku mismatch: expected {expected}, document has {found}")]
    SkuMismatch {
        /// The SKU expected.
        expected: Quoted,
        /// The document's SKU, empty if it names none.
        found: Quoted,
    } => "sku_mismatch",
        "refuse it: the VM runs another image";
    /// The document is of another marketplace plan.
    #[error("plan mismatch: expected {part} {expected}, document has {found}")]
    PlanMismatch {
        /// The first part that differs: `name`, `product` or `publisher`; `plan` if the document names none.
        part: &'static str,
        /// The value expected of that part; of `plan` all three.
        expected: Quoted,
        /// The document's, empty if it names none.
        found: Quoted,
    } => "plan_mismatch",
        "refuse it: the VM runs another image";
}

fn instead(given: Option<Given>) -> String {
    given.map_or_else(String::new, |given| format!("; this is {given}"))
}

fn at_byte(position: Option<usize>) -> String {
    position.map_or_else(String::new, |position| format!(" at byte {position}"))
}

fn fingerprint(sha256: &Option<String>) -> String {
    sha256.as_ref().map_or_else(String::new, |sha256| format!(" (SHA-256 {sha256})"))
}

fn are_missing(missing: &[MissingIssuer]) -> String {
    let mut text = String::new();
    let mut below: Option<&MissingIssuer> = None;
    for issuer in missing {
        let name = &issuer.name;
        text.push_str(&match below {
            None => format!("the issuer {name} is missing"),
            Some(below) if below.name == *name => "; or another certificate of that issuer".to_owned(),
            Some(_) => format!("; above it {name} is missing too"),
        });
        text.push_str(&fingerprint(&issuer.sha256));
        text.push_str(&issuer.url.as_ref().map_or_else(String::new, |url| format!(", available at {url}")));
        below = Some(issuer);
    }
    text
}
