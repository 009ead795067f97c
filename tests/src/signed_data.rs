//! A writer of CMS SignedData, as Azure writes it by default and wrong in any field on demand.

use crate::asn1::{algorithm_null, concat, element, integer, octet_string, oid, sequence, set, sorted, tag};
use crate::certificate::Certificate;
use crate::key::Key;
use crate::oid;
use crate::scheme::{Hash, Scheme};

/// A document to be. Every field may be changed before [`der`](Self::der).
///
/// ```text
/// SignedData ::= SEQUENCE {
///   version CMSVersion,
///   digestAlgorithms SET OF DigestAlgorithmIdentifier,
///   encapContentInfo SEQUENCE { eContentType, eContent [0] EXPLICIT OCTET STRING OPTIONAL },
///   certificates [0] IMPLICIT CertificateSet OPTIONAL,
///   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///   signerInfos SET OF SignerInfo }
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    /// Dotted contentType of the outer ContentInfo.
    pub outer_type: &'static str,
    /// DER of the version.
    pub version: Vec<u8>,
    /// The digest algorithms, DER each.
    pub digest_algorithms: Vec<Vec<u8>>,
    /// Dotted eContentType.
    pub content_type: &'static str,
    /// What is signed.
    pub content: Vec<u8>,
    /// What stands inside `eContent [0]`; None leaves the field out. At first the content as an OCTET STRING.
    pub encapsulated: Encapsulated,
    /// The certificates, DER each; None leaves the field out.
    pub certificates: Option<Vec<Vec<u8>>>,
    /// The revocation lists, DER each; None leaves the field out.
    pub crls: Option<Vec<Vec<u8>>>,
    /// The signers.
    pub signers: Vec<Signer>,
    /// What follows the signers inside SignedData.
    pub extra: Vec<u8>,
}

/// What stands in the place of the content.
#[derive(Clone, Debug)]
pub enum Encapsulated {
    /// The field is left out: the content is detached.
    Absent,
    /// The content as one OCTET STRING.
    Content,
    /// Any octets.
    Raw(Vec<u8>),
}

/// A SignerInfo to be.
///
/// ```text
/// SignerInfo ::= SEQUENCE {
///   version CMSVersion, sid SignerIdentifier, digestAlgorithm DigestAlgorithmIdentifier,
///   signedAttrs [0] IMPLICIT SignedAttributes OPTIONAL,
///   signatureAlgorithm SignatureAlgorithmIdentifier, signature SignatureValue,
///   unsignedAttrs [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    /// DER of the version.
    pub version: Vec<u8>,
    /// DER of the signer identifier.
    pub identifier: Vec<u8>,
    /// DER of the digest algorithm.
    pub digest_algorithm: Vec<u8>,
    /// The signed attributes, DER each; None leaves the field out.
    pub attributes: Option<Vec<Vec<u8>>>,
    /// DER of the signature algorithm.
    pub signature_algorithm: Vec<u8>,
    /// Who really signs.
    pub key: Key,
    /// How.
    pub scheme: Scheme,
    /// What is really signed; None takes the attributes, or the content where there are none.
    pub message: Option<Vec<u8>>,
    /// The signature; None makes a genuine one.
    pub signature: Option<Vec<u8>>,
    /// The unsigned attributes, DER each; None leaves the field out.
    pub unsigned: Option<Vec<Vec<u8>>>,
}

impl Document {
    /// A document as Azure writes it: one signer, the odd digest identifier, no attributes, a lone certificate.
    #[must_use]
    pub fn new(signer: &Certificate, content: impl Into<Vec<u8>>) -> Self {
        let signer_info = Signer::new(signer);
        Self {
            outer_type: oid::SIGNED_DATA,
            version: integer(1),
            digest_algorithms: vec![signer_info.digest_algorithm.clone()],
            content_type: oid::DATA,
            content: content.into(),
            encapsulated: Encapsulated::Content,
            certificates: Some(vec![signer.der.clone()]),
            crls: None,
            signers: vec![signer_info],
            extra: Vec::new(),
        }
    }

    /// Changes anything.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Changes anything of the first signer.
    #[must_use]
    pub fn signer(mut self, change: impl FnOnce(&mut Signer)) -> Self {
        change(&mut self.signers[0]);
        self
    }

    /// Writes the digest algorithm in both places.
    #[must_use]
    pub fn digest_algorithm(mut self, algorithm: &[u8]) -> Self {
        self.digest_algorithms = vec![algorithm.to_vec()];
        self.signers[0].digest_algorithm = algorithm.to_vec();
        self
    }

    /// Signs with another scheme and says so, with the digest's own identifier in both places.
    #[must_use]
    pub fn scheme(self, scheme: Scheme) -> Self {
        self.signer(|signer| {
            signer.scheme = scheme;
            signer.signature_algorithm = scheme.identifier();
        })
        .digest_algorithm(&algorithm_null(scheme.hash().oid()))
    }

    /// Puts these certificates in the bag, in this order.
    #[must_use]
    pub fn bag(mut self, certificates: &[&Certificate]) -> Self {
        self.certificates = Some(certificates.iter().map(|certificate| certificate.der.clone()).collect());
        self
    }

    /// Signs attributes instead of the content: these, in the order of DER.
    #[must_use]
    pub fn attributes(mut self, attributes: Vec<Vec<u8>>) -> Self {
        self.signers[0].attributes = Some(sorted(attributes));
        self
    }

    /// Signs the attributes that every CMS writer but Azure's adds.
    #[must_use]
    pub fn usual_attributes(self) -> Self {
        let digest = self.signers[0].scheme.hash().of(&self.content);
        self.attributes(vec![content_type(oid::DATA), message_digest(&digest)])
    }

    /// The whole ContentInfo.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        sequence(&[oid(self.outer_type), element(tag::explicit(0), &self.signed_data())])
    }

    /// The SignedData alone.
    #[must_use]
    pub fn signed_data(&self) -> Vec<u8> {
        sequence(&self.parts())
    }

    /// The elements of SignedData.
    #[must_use]
    pub fn parts(&self) -> Vec<Vec<u8>> {
        let mut content_info = vec![oid(self.content_type)];
        match &self.encapsulated {
            Encapsulated::Absent => {}
            Encapsulated::Content => content_info.push(element(tag::explicit(0), &octet_string(&self.content))),
            Encapsulated::Raw(octets) => content_info.push(element(tag::explicit(0), octets)),
        }
        let mut parts = vec![self.version.clone(), set(&self.digest_algorithms), sequence(&content_info)];
        parts.extend(self.certificates.as_ref().map(|all| element(tag::explicit(0), &concat(all))));
        parts.extend(self.crls.as_ref().map(|all| element(tag::explicit(1), &concat(all))));
        let signers: Vec<_> = self.signers.iter().map(|signer| signer.der(&self.content)).collect();
        parts.push(set(&signers));
        parts.push(self.extra.clone());
        parts
    }
}

impl Signer {
    /// A signer as Azure writes it.
    #[must_use]
    pub fn new(certificate: &Certificate) -> Self {
        let scheme = certificate.key.scheme();
        let hash = scheme.hash();
        let (digest_algorithm, signature_algorithm) = match scheme {
            Scheme::Ecdsa(_) => (crate::asn1::algorithm(hash.oid()), scheme.identifier()),
            _ => (algorithm_null(hash.with_rsa()), algorithm_null(oid::RSA)),
        };
        Self {
            version: integer(1),
            identifier: certificate.issuer_and_serial(),
            digest_algorithm,
            attributes: None,
            signature_algorithm,
            key: certificate.key.clone(),
            scheme,
            message: None,
            signature: None,
            unsigned: None,
        }
    }

    fn der(&self, content: &[u8]) -> Vec<u8> {
        let message = self.message.clone().unwrap_or_else(|| match &self.attributes {
            Some(attributes) => set(attributes),
            None => content.to_vec(),
        });
        let signature = self.signature.clone().unwrap_or_else(|| self.key.sign(self.scheme, &message));
        let mut parts = vec![self.version.clone(), self.identifier.clone(), self.digest_algorithm.clone()];
        parts.extend(self.attributes.as_ref().map(|all| element(tag::explicit(0), &concat(all))));
        parts.push(self.signature_algorithm.clone());
        parts.push(octet_string(&signature));
        parts.extend(self.unsigned.as_ref().map(|all| element(tag::explicit(1), &concat(all))));
        sequence(&parts)
    }
}

/// An attribute with these values, DER each.
#[must_use]
pub fn attribute(kind: &str, values: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[oid(kind), set(values)])
}

/// The attribute contentType.
#[must_use]
pub fn content_type(dotted: &str) -> Vec<u8> {
    attribute(oid::CONTENT_TYPE, &[oid(dotted)])
}

/// The attribute messageDigest.
#[must_use]
pub fn message_digest(digest: &[u8]) -> Vec<u8> {
    attribute(oid::MESSAGE_DIGEST, &[octet_string(digest)])
}

/// The attribute signingTime.
#[must_use]
pub fn signing_time(unix: i64) -> Vec<u8> {
    attribute(oid::SIGNING_TIME, &[crate::clock::certificate_time(unix)])
}

/// The digest most documents are signed with.
#[must_use]
pub fn sha256(content: &[u8]) -> Vec<u8> {
    Hash::Sha256.of(content)
}
