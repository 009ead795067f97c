//! A writer of certificates, right by default and wrong in any field on demand.

use crate::asn1::{bit_string, element, integer, sequence, tag};
use crate::clock::certificate_time;
use crate::extension::{self, Extension};
use crate::key::Key;
use crate::oid;
use crate::rng::SeededRng;
use crate::scheme::Scheme;

/// An issued certificate together with its key.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The name under which the vectors list it; empty if it only travels in documents.
    pub label: &'static str,
    /// The whole.
    pub der: Vec<u8>,
    /// DER of the issuer's name.
    pub issuer: Vec<u8>,
    /// Content octets of the serial number.
    pub serial: Vec<u8>,
    /// DER of the subject.
    pub subject: Vec<u8>,
    /// The subject's key.
    pub key: Key,
}

impl Certificate {
    /// The same certificate under a name by which cases can give it as anchor or issuer.
    #[must_use]
    pub const fn named(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// The IssuerAndSerialNumber that points to it.
    #[must_use]
    pub fn issuer_and_serial(&self) -> Vec<u8> {
        sequence(&[self.issuer.clone(), element(tag::INTEGER, &self.serial)])
    }
}

/// A certificate to be. Every field may be changed before [`issue`](Self::issue).
#[derive(Clone, Debug)]
pub struct CertificateBuilder {
    /// The version number, one less than what people call it; None leaves the field out (v1).
    pub version: Option<u64>,
    /// Content octets of the serial number; None takes some that follow from everything else.
    pub serial: Option<Vec<u8>>,
    /// The AlgorithmIdentifier inside what is signed; None takes the scheme's.
    pub inner_algorithm: Option<Vec<u8>>,
    /// The AlgorithmIdentifier beside the signature; None takes the scheme's.
    pub outer_algorithm: Option<Vec<u8>>,
    /// DER of the issuer's name.
    pub issuer: Vec<u8>,
    /// DER of the start of validity.
    pub not_before: Vec<u8>,
    /// DER of the end of validity.
    pub not_after: Vec<u8>,
    /// DER of the subject.
    pub subject: Vec<u8>,
    /// The subject's key.
    pub key: Key,
    /// DER of the unique identifiers, which nobody writes any more.
    pub unique_identifiers: Vec<u8>,
    /// The extensions; none leaves the field out.
    pub extensions: Vec<Extension>,
    /// Who signs.
    pub signer: Key,
    /// How.
    pub scheme: Scheme,
    /// Turns one bit of the signature.
    pub break_signature: bool,
}

impl CertificateBuilder {
    /// A certificate signed by an issuer's key in its name.
    #[must_use]
    pub fn new(subject: Vec<u8>, key: &Key, issuer: &Certificate) -> Self {
        let mut this = Self::self_signed(subject, key);
        this.issuer.clone_from(&issuer.subject);
        this.signer = issuer.key.clone();
        this.scheme = issuer.key.scheme();
        this.extension(extension::authority_key(&issuer.key.identifier()))
    }

    /// A certificate signed by its own key.
    #[must_use]
    pub fn self_signed(subject: Vec<u8>, key: &Key) -> Self {
        Self {
            version: Some(2),
            serial: None,
            inner_algorithm: None,
            outer_algorithm: None,
            issuer: subject.clone(),
            not_before: Vec::new(),
            not_after: Vec::new(),
            subject,
            key: key.clone(),
            unique_identifiers: Vec::new(),
            extensions: vec![extension::subject_key(&key.identifier())],
            signer: key.clone(),
            scheme: key.scheme(),
            break_signature: false,
        }
    }

    /// Changes anything.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Sets the validity, both ends inclusive.
    #[must_use]
    pub fn valid(mut self, from: i64, to: i64) -> Self {
        self.not_before = certificate_time(from);
        self.not_after = certificate_time(to);
        self
    }

    /// Adds an extension, or takes it in the place of the one of the same kind.
    #[must_use]
    pub fn extension(mut self, extension: Extension) -> Self {
        match self.extensions.iter_mut().find(|known| known.oid == extension.oid) {
            Some(known) => *known = extension,
            None => self.extensions.push(extension),
        }
        self
    }

    /// Adds an extension even if there is one of its kind.
    #[must_use]
    pub fn repeat(mut self, extension: Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    /// Leaves out the extension of a kind.
    #[must_use]
    pub fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|known| known.oid != oid);
        self
    }

    /// Sets the subjectAltName to these dNSNames.
    #[must_use]
    pub fn names(self, names: &[&str]) -> Self {
        let names: Vec<_> = names.iter().map(extension::general_name::dns).collect();
        self.extension(extension::alternative_names(&names))
    }

    /// Takes an authority's word that the identifier of the issuer's key does not matter.
    #[must_use]
    pub fn without_key_identifiers(self) -> Self {
        self.without(oid::SUBJECT_KEY_IDENTIFIER).without(oid::AUTHORITY_KEY_IDENTIFIER)
    }

    /// Writes and signs.
    #[must_use]
    pub fn issue(self) -> Certificate {
        let serial = self.serial.clone().unwrap_or_else(|| {
            let mut serial = SeededRng::new(&self.to_be_signed(&[1]), "serial").bytes(16);
            serial[0] = 0x33;
            serial
        });
        let to_be_signed = self.to_be_signed(&serial);
        let mut signature = self.signer.sign(self.scheme, &to_be_signed);
        if self.break_signature {
            let last = signature.len() - 1;
            signature[last] ^= 1;
        }
        let outer = self.outer_algorithm.clone().unwrap_or_else(|| self.scheme.identifier());
        Certificate {
            label: "",
            der: sequence(&[to_be_signed, outer, bit_string(&signature)]),
            issuer: self.issuer,
            serial,
            subject: self.subject,
            key: self.key,
        }
    }

    fn to_be_signed(&self, serial: &[u8]) -> Vec<u8> {
        let mut parts = Vec::new();
        parts.extend(self.version.map(|version| element(tag::explicit(0), &integer(version))));
        parts.push(element(tag::INTEGER, serial));
        parts.push(self.inner_algorithm.clone().unwrap_or_else(|| self.scheme.identifier()));
        parts.push(self.issuer.clone());
        parts.push(sequence(&[&self.not_before, &self.not_after]));
        parts.push(self.subject.clone());
        parts.push(self.key.spki().to_vec());
        parts.push(self.unique_identifiers.clone());
        if !self.extensions.is_empty() {
            let extensions: Vec<_> = self.extensions.iter().map(Extension::der).collect();
            parts.push(element(tag::explicit(3), &sequence(&extensions)));
        }
        sequence(&parts)
    }
}
