//! The CMS SignedData around the content, as the service writes it: the odd digest identifier, no signed attributes,
//! the leaf alone, one signer.

use alloc::vec;
use alloc::vec::Vec;

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Encode as _, Tag};
use rsa::Pkcs1v15Sign;
use sha2::{Digest, Sha256};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::authority::{Authority, LeafCertificate};
use super::certificate::unusable;
use super::tamper::Tamper;
use crate::error::UsageError;

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// The service writes this signature algorithm where a digest algorithm belongs.
const SHA_256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

/// Signs the content: a DER ContentInfo.
///
/// # Errors
///
/// `authority_unusable`; none is known to happen.
pub(super) fn signed(
    leaf: &LeafCertificate,
    authority: &Authority,
    content: &[u8],
    tamper: Option<Tamper>,
) -> Result<Vec<u8>, UsageError> {
    let mut signers = vec![signer_info(leaf, content)?];
    if tamper == Some(Tamper::TwoSigners) {
        signers.push(signer_info(&authority.second_signer(), content)?);
    }
    let mut shown = content.to_vec();
    if tamper == Some(Tamper::FlippedContent) {
        flip(&mut shown);
    }
    let certificates = vec![CertificateChoices::Certificate(leaf.certificate.clone())];
    let signed_data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![with_null(SHA_256_WITH_RSA)]).map_err(unusable)?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: ID_DATA,
            econtent: Some(Any::new(Tag::OctetString, shown).map_err(unusable)?),
        },
        certificates: Some(certificates.try_into().map_err(unusable)?),
        crls: None,
        signer_infos: signers.try_into().map_err(unusable)?,
    };
    let content = Any::encode_from(&signed_data).map_err(unusable)?;
    ContentInfo { content_type: ID_SIGNED_DATA, content }.to_der().map_err(unusable)
}

fn signer_info(leaf: &LeafCertificate, content: &[u8]) -> Result<SignerInfo, UsageError> {
    let certificate = leaf.certificate.tbs_certificate();
    let digest = Sha256::digest(content);
    let signature = leaf.key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest).map_err(unusable)?;
    Ok(SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: certificate.issuer().clone(),
            serial_number: certificate.serial_number().clone(),
        }),
        digest_alg: with_null(SHA_256_WITH_RSA),
        signed_attrs: None,
        signature_algorithm: with_null(RSA_ENCRYPTION),
        signature: OctetString::new(signature).map_err(unusable)?,
        unsigned_attrs: None,
    })
}

fn with_null(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: Some(Any::null()) }
}

/// Turns the lowest bit of the last digit or letter, so that the content stays JSON of the same shape.
fn flip(content: &mut [u8]) {
    if let Some(octet) = content.iter_mut().rev().find(|octet| octet.is_ascii_hexdigit()) {
        *octet ^= 1;
    }
}
