//! The strict profile: what each certificate of a path must hold beyond what the path builder checks.
//!
//! The path builder (`rustls-webpki`) never loses a check to this file; it only refuses more. Each rule stands in
//! RFC 5280 or X.690, and every certificate that has signed for Azure since 2019 keeps it. Where public roots break one,
//! anchors are not held to it: serial numbers, and zeros at the end of a key usage.

use crate::attested::cms::signature;
use crate::attested::der::element::Element;
use crate::attested::der::object_identifier::{
    self, ID_CE_INHIBIT_ANY_POLICY, ID_CE_POLICY_CONSTRAINTS, ID_CE_POLICY_MAPPINGS, ID_KP_SERVER_AUTH,
};
use crate::attested::error::VerifyError;
use crate::attested::x509::algorithm::AlgorithmIdentifierRef;
use crate::attested::x509::certificate::Certificate;
use crate::attested::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, Extension, KeyUsage, NameConstraints, SubjectAltName,
    SubjectKeyIdentifier,
};
use crate::attested::x509::general_name::GeneralName;
use crate::attested::x509::name::Name;
use crate::attested::x509::name_count::{has_few_constraints, has_few_names};
use crate::quoted::Quoted;

/// Extensions that are understood, so that they may be critical.
const UNDERSTOOD: &[&[u8]] =
    &[BasicConstraints::OID, KeyUsage::OID, ExtendedKeyUsage::OID, SubjectAltName::OID, NameConstraints::OID];

/// How version 3 is encoded, RFC 5280 section 4.1.2.1.
const VERSION_3: u8 = 2;
/// Octets that a serial number may have, RFC 5280 section 4.1.2.2.
const SERIAL_LIMIT: usize = 20;

/// Checks the signer's certificate.
///
/// # Errors
///
/// `certificate_profile`, `critical_extension`, `leaf_is_ca`, `key_usage`, `extended_key_usage`,
/// `certificate_signature_algorithm`.
pub(in crate::attested) fn check_leaf(leaf: &Certificate) -> Result<(), VerifyError> {
    let known = Known::read(leaf)?;
    check_serial(leaf)?;
    known.check_key_usage(leaf)?;
    if known.basic_constraints.as_ref().is_some_and(|(_, constraints)| constraints.ca) {
        return Err(VerifyError::LeafIsCa { subject: leaf.subject_text() });
    }
    if known.basic_constraints.as_ref().is_some_and(|(_, constraints)| constraints.path_len_constraint.is_some()) {
        return Err(breach(leaf, "a certificate that is not a CA's has a path length (section 4.2.1.9)"));
    }
    if known.name_constraints.is_some() {
        return Err(breach(leaf, "a certificate that is not a CA's has name constraints (section 4.2.1.10)"));
    }
    known.check_identifiers(leaf, Identifiers { authority: !leaf.is_self_issued(), subject: false })?;
    if let Some((_, usage)) = &known.key_usage {
        if usage.key_cert_sign() {
            return Err(breach(leaf, "a certificate that is not a CA's has keyCertSign (section 4.2.1.3)"));
        }
        if !usage.digital_signature() {
            return Err(VerifyError::KeyUsage { subject: leaf.subject_text(), usage: "digitalSignature" });
        }
    }
    if !known.extended_key_usage.is_some_and(|(_, usage)| usage.0.contains(&ID_KP_SERVER_AUTH)) {
        return Err(VerifyError::ExtendedKeyUsage { subject: leaf.subject_text() });
    }
    Ok(())
}

/// Checks a certificate between the signer's and the anchor.
///
/// # Errors
///
/// `certificate_profile`, `critical_extension`, `issuer_not_ca`, `key_usage`, `extended_key_usage`.
pub(in crate::attested) fn check_intermediate(issuer: &Certificate) -> Result<(), VerifyError> {
    let known = Known::read(issuer)?;
    check_serial(issuer)?;
    known.check_key_usage(issuer)?;
    known.check_authority(issuer, Identifiers { authority: true, subject: true })?;
    match known.extended_key_usage {
        Some((_, usage)) if !usage.0.contains(&ID_KP_SERVER_AUTH) => {
            Err(VerifyError::ExtendedKeyUsage { subject: issuer.subject_text() })
        }
        _ => Ok(()),
    }
}

/// Checks an anchor. That it is trusted does not free it from the rules for CAs. It need not say who issued it: nobody
/// looks further.
///
/// # Errors
///
/// As [`check_intermediate`], without `extended_key_usage`.
pub(in crate::attested) fn check_anchor(anchor: &Certificate) -> Result<(), VerifyError> {
    Known::read(anchor)?.check_authority(anchor, Identifiers { authority: false, subject: true })
}

/// Checks what the path builder leaves out of name constraints: those on e-mail addresses hold for addresses in the
/// subject too ([RFC 5280 Section 4.2.1.10](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10)). They are not
/// compared: below such a constraint no subject may have one.
///
/// `path` runs from the leaf to the anchor.
///
/// # Errors
///
/// `name_constraint`, `certificate_profile`.
pub(in crate::attested) fn check_addresses(path: &[&Certificate]) -> Result<(), VerifyError> {
    for (below, issuer) in path.iter().enumerate() {
        let constraints: Option<(bool, NameConstraints<'_>)> = extension(issuer)?;
        let constrains = constraints
            .is_some_and(|(_, constraints)| bases(&constraints).any(|base| matches!(base, GeneralName::Rfc822(_))));
        if constrains && path.iter().take(below).any(|certificate| has_address(certificate)) {
            return Err(VerifyError::NameConstraint { reason: NOT_COMPARED_ADDRESSES });
        }
    }
    Ok(())
}

/// What the name constraints of a path did that the path builder refused for them. It compares names of hosts and IP
/// addresses alone, and refuses whatever stands below a constraint of another kind.
pub(in crate::attested) fn name_constraint<'a>(issuers: impl Iterator<Item = &'a Certificate> + Clone) -> VerifyError {
    let has = |is: fn(&GeneralName<'_>) -> bool| {
        issuers.clone().any(|issuer| {
            let constraints: Option<(bool, NameConstraints<'_>)> = extension(issuer).ok().flatten();
            constraints.is_some_and(|(_, constraints)| bases(&constraints).any(is))
        })
    };
    let reason = if has(|base| matches!(base, GeneralName::Directory(_))) {
        NOT_COMPARED_DIRECTORY
    } else if has(|base| matches!(base, GeneralName::Uri(_) | GeneralName::Other)) {
        NOT_COMPARED_OTHERS
    } else {
        "exclude a name below it"
    };
    VerifyError::NameConstraint { reason }
}

const NOT_COMPARED_ADDRESSES: &str =
    "speak of e-mail addresses; these are not compared, so a certificate below it that has one is refused";
const NOT_COMPARED_DIRECTORY: &str =
    "speak of directory names; these are not compared, so every certificate below it is refused";
const NOT_COMPARED_OTHERS: &str =
    "speak of names of a kind that is not compared, so a certificate below it that has one is refused";

/// Checks that no more CAs stand below an anchor than it allows. The path builder holds intermediates to theirs and
/// leaves anchors alone. Self-issued certificates do not count (section 6.1.4).
///
/// # Errors
///
/// `path_length`, `certificate_profile`.
pub(in crate::attested) fn check_anchor_path_length(
    anchor: &Certificate,
    intermediates: &[&Certificate],
) -> Result<(), VerifyError> {
    let constraints: Option<(bool, BasicConstraints)> = extension(anchor)?;
    let allowed = constraints.and_then(|(_, constraints)| constraints.path_len_constraint);
    let count = intermediates.iter().filter(|it| !it.is_self_issued()).count();
    if allowed.is_some_and(|allowed| count > usize::from(allowed)) { Err(VerifyError::PathLength) } else { Ok(()) }
}

/// Checks that a certificate was signed with an algorithm of the list.
///
/// # Errors
///
/// `certificate_signature_algorithm`.
pub(in crate::attested) fn check_signature_algorithm(certificate: &Certificate) -> Result<(), VerifyError> {
    let accepted = certificate.signed().is_some_and(|signed| signature::is_accepted(signed.algorithm));
    if accepted {
        return Ok(());
    }
    Err(VerifyError::CertificateSignatureAlgorithm {
        subject: certificate.subject_text(),
        algorithm: signature_algorithm(certificate),
    })
}

/// The identifier of a certificate's signature algorithm.
fn signature_algorithm(certificate: &Certificate) -> Quoted {
    let algorithm = Element::parse(certificate.signature_algorithm())
        .and_then(|it| AlgorithmIdentifierRef::read(&it).map(|it| it.oid));
    object_identifier::quoted(algorithm.unwrap_or_default())
}

/// Which key identifiers a certificate must hold.
struct Identifiers {
    authority: bool,
    subject: bool,
}

/// The extensions that are understood, each with whether it is critical.
struct Known<'a> {
    basic_constraints: Option<(bool, BasicConstraints)>,
    key_usage: Option<(bool, KeyUsage<'a>)>,
    extended_key_usage: Option<(bool, ExtendedKeyUsage<'a>)>,
    name_constraints: Option<(bool, NameConstraints<'a>)>,
    authority_key_identifier: Option<(bool, AuthorityKeyIdentifier<'a>)>,
    subject_key_identifier: Option<(bool, SubjectKeyIdentifier<'a>)>,
}

impl<'a> Known<'a> {
    /// Checks what holds for every certificate, and reads the extensions.
    fn read(certificate: &'a Certificate) -> Result<Self, VerifyError> {
        check_fields(certificate)?;
        check_extensions(certificate)?;
        check_numbers(certificate)?;
        let known = Self {
            basic_constraints: extension(certificate)?,
            key_usage: extension(certificate)?,
            extended_key_usage: extension(certificate)?,
            name_constraints: extension(certificate)?,
            authority_key_identifier: extension(certificate)?,
            subject_key_identifier: extension(certificate)?,
        };
        if let Some((critical, names)) = extension::<SubjectAltName<'_>>(certificate)? {
            if names.0.is_empty() {
                return Err(breach(certificate, "the alternative name holds no name (section 4.2.1.6)"));
            }
            if names.0.iter().any(|name| matches!(name, GeneralName::Ip(address) if !matches!(address.len(), 4 | 16))) {
                return Err(breach(certificate, "an alternative name is an address of a wrong length (4.2.1.6)"));
            }
            if is_empty(certificate.subject()) && !critical {
                return Err(breach(
                    certificate,
                    "the subject is empty and its alternative name not critical (4.2.1.6)",
                ));
            }
        }
        Ok(known)
    }

    fn check_key_usage(&self, certificate: &Certificate) -> Result<(), VerifyError> {
        if self.key_usage.as_ref().is_some_and(|(_, usage)| usage.has_trailing_zeros()) {
            return Err(breach(certificate, "the key usage ends with zeros, which DER leaves out (X.690 11.2.2)"));
        }
        Ok(())
    }

    fn check_authority(&self, certificate: &Certificate, identifiers: Identifiers) -> Result<(), VerifyError> {
        match &self.basic_constraints {
            Some((_, constraints)) if !constraints.ca => {
                return Err(VerifyError::IssuerNotCa { subject: certificate.subject_text() });
            }
            None => return Err(VerifyError::IssuerNotCa { subject: certificate.subject_text() }),
            Some((critical, _)) if !critical => {
                return Err(breach(certificate, "a CA's basic constraints are not critical (section 4.2.1.9)"));
            }
            Some(_) => {}
        }
        if !self.key_usage.as_ref().is_some_and(|(_, usage)| usage.key_cert_sign()) {
            return Err(VerifyError::KeyUsage { subject: certificate.subject_text(), usage: "keyCertSign" });
        }
        if is_empty(certificate.subject()) {
            return Err(breach(certificate, "a CA's subject is empty (section 4.1.2.6)"));
        }
        if let Some((critical, constraints)) = &self.name_constraints {
            if !critical {
                return Err(breach(certificate, "name constraints are not critical (section 4.2.1.10)"));
            }
            if bases(constraints).next().is_none() {
                return Err(breach(certificate, "name constraints hold no constraint (section 4.2.1.10)"));
            }
            if bases(constraints).any(|name| matches!(name, GeneralName::Ip(range) if !matches!(range.len(), 8 | 32))) {
                return Err(breach(certificate, "a constraint on addresses is of a wrong length (section 4.2.1.10)"));
            }
            if has_leading_dot(constraints) {
                return Err(breach(certificate, "a constraint on DNS names begins with a dot (section 4.2.1.10)"));
            }
        }
        self.check_identifiers(certificate, identifiers)
    }

    fn check_identifiers(&self, certificate: &Certificate, needed: Identifiers) -> Result<(), VerifyError> {
        match &self.authority_key_identifier {
            Some((true, _)) => return Err(breach(certificate, "the authority key identifier is critical (4.2.1.1)")),
            None if needed.authority => {
                return Err(breach(certificate, "the authority key identifier is missing (section 4.2.1.1)"));
            }
            Some((_, identifier)) if identifier.key_identifier.is_none_or(<[u8]>::is_empty) => {
                return Err(breach(certificate, "the authority key identifier identifies no key (section 4.2.1.1)"));
            }
            _ => {}
        }
        match &self.subject_key_identifier {
            Some((true, _)) => Err(breach(certificate, "the subject key identifier is critical (section 4.2.1.2)")),
            None if needed.subject => {
                Err(breach(certificate, "a CA's subject key identifier is missing (section 4.2.1.2)"))
            }
            Some((_, identifier)) if identifier.0.is_empty() => {
                Err(breach(certificate, "the subject key identifier identifies no key (section 4.2.1.2)"))
            }
            _ => Ok(()),
        }
    }
}

/// The path builder would read such a constraint its own way; RFC 5280 knows none.
fn has_leading_dot(constraints: &NameConstraints<'_>) -> bool {
    bases(constraints).any(|name| matches!(name, GeneralName::Dns(name) if name.starts_with('.')))
}

/// The names of which constraints speak.
fn bases<'a>(constraints: &'a NameConstraints<'_>) -> impl Iterator<Item = &'a GeneralName<'a>> {
    [&constraints.permitted_subtrees, &constraints.excluded_subtrees].into_iter().flatten()
}

/// Whether a name has no part at all: an empty SEQUENCE.
fn is_empty(name: &[u8]) -> bool {
    name == [0x30, 0x00]
}

/// Whether a subject holds the attribute `emailAddress`.
fn has_address(certificate: &Certificate) -> bool {
    Name::parse(certificate.subject()).is_ok_and(|subject| subject.has_address())
}

fn check_fields(certificate: &Certificate) -> Result<(), VerifyError> {
    if certificate.version() != VERSION_3 {
        return Err(breach(certificate, "it is not of version 3 (section 4.1.2.1)"));
    }
    if certificate.signature_algorithm() != certificate.inner_signature_algorithm() {
        return Err(breach(certificate, "the inner and the outer signature algorithm differ (section 4.1.1.2)"));
    }
    if is_empty(certificate.issuer()) {
        return Err(breach(certificate, "the issuer is empty (section 4.1.2.4)"));
    }
    if certificate.has_issuer_unique_id() || certificate.has_subject_unique_id() {
        return Err(breach(certificate, "it holds a unique identifier (section 4.1.2.8)"));
    }
    Ok(())
}

/// Old roots have serial numbers of zero, so anchors are not held to this.
fn check_serial(certificate: &Certificate) -> Result<(), VerifyError> {
    let serial = certificate.serial();
    if serial.len() > SERIAL_LIMIT {
        return Err(breach(certificate, "the serial number is longer than 20 octets (section 4.1.2.2)"));
    }
    if serial.first().is_none_or(|first| first & 0x80 != 0) || serial.iter().all(|octet| *octet == 0) {
        return Err(breach(certificate, "the serial number is not positive (section 4.1.2.2)"));
    }
    Ok(())
}

fn check_extensions(certificate: &Certificate) -> Result<(), VerifyError> {
    for (number, extension) in certificate.extensions().enumerate() {
        if certificate.extensions().take(number).any(|earlier| earlier.id == extension.id) {
            return Err(breach(certificate, "an extension stands in it twice (section 4.2)"));
        }
    }
    for extension in certificate.extensions() {
        let is_one_of = |known: &[&[u8]]| known.contains(&extension.id);
        if extension.critical && !is_one_of(UNDERSTOOD) {
            return Err(VerifyError::CriticalExtension {
                subject: certificate.subject_text(),
                extension: object_identifier::quoted(extension.id),
            });
        }
        // Must be critical, and are then refused above: a policy that can't be enforced is not passed over.
        if is_one_of(&[ID_CE_POLICY_CONSTRAINTS]) || is_one_of(&[ID_CE_POLICY_MAPPINGS]) {
            return Err(breach(certificate, "policy constraints and mappings are critical (4.2.1.5, 4.2.1.11)"));
        }
        if is_one_of(&[ID_CE_INHIBIT_ANY_POLICY]) {
            return Err(breach(certificate, "the extension inhibitAnyPolicy is not critical (section 4.2.1.14)"));
        }
    }
    Ok(())
}

/// Each name is held against each constraint, and each takes many times its own size in memory.
fn check_numbers(certificate: &Certificate) -> Result<(), VerifyError> {
    if !has_few_names(certificate) {
        return Err(breach(certificate, "it holds more than 256 alternative names"));
    }
    if !has_few_constraints(certificate) {
        return Err(breach(certificate, "it holds more than 256 name constraints of a kind"));
    }
    Ok(())
}

fn extension<'a, T: Extension<'a>>(certificate: &'a Certificate) -> Result<Option<(bool, T)>, VerifyError> {
    certificate
        .extension()
        .map_err(|_| breach(certificate, "an extension that every verifier must know is malformed (section 4.2)"))
}

fn breach(certificate: &Certificate, rule: &'static str) -> VerifyError {
    VerifyError::CertificateProfile { subject: certificate.subject_text(), rule }
}
