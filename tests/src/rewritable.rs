//! A document taken apart, to be put together again in every way that needs no key; and what it should be known by.
//!
//! It reads with a reader of its own, so that what it says of a document is a second opinion.

use data_encoding::{BASE64, HEXLOWER};
use num_bigint::BigUint;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::asn1::{bit_string, concat, element, elements, octet_string, sequence, set, tag, unsigned};
use crate::input::Input;

/// The parts of a document, DER each, of which some may be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritable {
    outer_type: Vec<u8>,
    version: Vec<u8>,
    /// The one algorithm in `digestAlgorithms`.
    pub listed_digest: Vec<u8>,
    content_info: Vec<u8>,
    /// The certificates.
    pub bag: Vec<Vec<u8>>,
    signer_version: Vec<u8>,
    signer_identifier: Vec<u8>,
    /// The signer's `digestAlgorithm`.
    pub digest: Vec<u8>,
    attributes: Option<Vec<u8>>,
    /// The signer's `signatureAlgorithm`.
    pub signature_algorithm: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Rewritable {
    /// Takes a document apart that is as the service writes it, in any form.
    ///
    /// # Panics
    ///
    /// If it is not.
    #[must_use]
    pub fn read(input: &Input) -> Self {
        Self::of_der(&der(input))
    }

    /// The same of DER.
    ///
    /// # Panics
    ///
    /// If it is not a document as the service writes it.
    #[must_use]
    pub fn of_der(der: &[u8]) -> Self {
        let [outer_type, explicit] = parts(der);
        let [signed_data] = parts(&explicit);
        let signed_data = owned(&signed_data);
        let (bag, signers) = match &signed_data[3..] {
            [signers] => (Vec::new(), signers),
            [bag, signers] => (owned(bag), signers),
            _ => panic!("not as the service writes it"),
        };
        let [signer] = parts(signers);
        let mut signer = owned(&signer);
        let attributes = (signer[3][0] == tag::explicit(0)).then(|| signer.remove(3));
        let [signer_version, signer_identifier, digest, signature_algorithm, signature] =
            signer.try_into().expect("a signer without unsigned attributes");
        let [listed_digest] = parts(&signed_data[1]);
        Self {
            outer_type,
            version: signed_data[0].clone(),
            listed_digest,
            content_info: signed_data[2].clone(),
            bag,
            signer_version,
            signer_identifier,
            digest,
            attributes,
            signature_algorithm,
            signature: contents(&signature),
        }
    }

    /// The whole again.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        let mut signer = vec![self.signer_version.clone(), self.signer_identifier.clone(), self.digest.clone()];
        signer.extend(self.attributes.clone());
        signer.extend([self.signature_algorithm.clone(), octet_string(&self.signature)]);
        let signed_data = sequence(&[
            self.version.clone(),
            set(&[&self.listed_digest]),
            self.content_info.clone(),
            element(tag::explicit(0), &concat(&self.bag)),
            set(&[sequence(&signer)]),
        ]);
        sequence(&[self.outer_type.clone(), element(tag::explicit(0), &signed_data)])
    }

    /// What is signed.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        let [_, explicit] = parts(&self.content_info);
        let [content] = parts(&explicit);
        contents(&content)
    }

    /// The contents of the `subjectPublicKey` of the signer's certificate.
    ///
    /// # Panics
    ///
    /// If it is not there.
    #[must_use]
    pub fn signer_key(&self) -> Vec<u8> {
        let is_signer = |der: &&Vec<u8>| {
            let fields = to_be_signed(der);
            sequence(&[fields[3].clone(), fields[1].clone()]) == self.signer_identifier
        };
        let signer = self.bag.iter().find(is_signer).expect("the signer's certificate");
        let [_, key] = parts(&to_be_signed(signer)[6]);
        contents(&key)[1..].to_vec()
    }

    /// What it should be known by, in hexadecimal.
    #[must_use]
    pub fn identity(&self) -> String {
        let content = self.content();
        let mut digest = Sha256::new();
        digest.update(b"azure-imds attested document identity 1\0");
        digest.update((content.len() as u64).to_be_bytes());
        digest.update(content);
        digest.update(self.signer_key());
        HEXLOWER.encode(&digest.finalize())
    }
}

/// The other of the two signatures that the same key makes of the same message with ECDSA: `s` is `n - s`. None if it is
/// not a signature of ECDSA.
#[must_use]
pub fn other_ecdsa_signature(signature: &[u8]) -> Option<Vec<u8>> {
    let length = signature.len();
    // An RSA signature has at least 256 octets, one of P-384 at most 104.
    if length > 110 || signature.first() != Some(&tag::SEQUENCE) {
        return None;
    }
    let order = BigUint::parse_bytes(if length > 75 { P384_ORDER } else { P256_ORDER }, 16).expect("digits");
    let [r, s] = parts(signature);
    let s = BigUint::from_bytes_be(&contents(&s));
    Some(sequence(&[r, unsigned(&(order - s).to_bytes_be())]))
}

/// The same certificate under the other of the two signatures of ECDSA, if it was signed with that.
#[must_use]
pub fn other_certificate(der: &[u8]) -> Option<Vec<u8>> {
    let [message, algorithm, signature] = parts(der);
    let other = other_ecdsa_signature(&contents(&signature)[1..])?;
    Some(sequence(&[message, algorithm, bit_string(&other)]))
}

/// The octets of a document, out of any of its forms.
fn der(input: &Input) -> Vec<u8> {
    let text = match input {
        Input::Bytes(bytes) if bytes.first() == Some(&tag::SEQUENCE) => return bytes.clone(),
        Input::Bytes(bytes) => String::from_utf8(bytes.clone()).expect("text"),
        Input::Text(text) => text.clone(),
    };
    let text = text.trim();
    let base64 = if text.starts_with('{') {
        let envelope: Value = serde_json::from_str(text).expect("JSON");
        envelope["signature"].as_str().expect("a signature").to_owned()
    } else {
        text.lines().filter(|line| !line.starts_with("-----")).collect()
    };
    let base64: String = base64.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    BASE64.decode(base64.as_bytes()).expect("base64")
}

/// The fields of a certificate that are signed, the version among them.
fn to_be_signed(certificate: &[u8]) -> Vec<Vec<u8>> {
    let [message, _, _] = parts(certificate);
    owned(&message)
}

fn parts<const COUNT: usize>(der: &[u8]) -> [Vec<u8>; COUNT] {
    owned(der).try_into().expect("as many elements as there should be")
}

fn owned(der: &[u8]) -> Vec<Vec<u8>> {
    elements(der).into_iter().map(<[u8]>::to_vec).collect()
}

fn contents(der: &[u8]) -> Vec<u8> {
    let header = match der[1] {
        short @ 0..0x80 => return der[2..2 + usize::from(short)].to_vec(),
        long => 2 + usize::from(long & 0x7f),
    };
    der[header..].to_vec()
}

const P256_ORDER: &[u8] = b"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P384_ORDER: &[u8] =
    b"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";
