//! Documents and chains that are signed after they were mutated, so that what stands behind the signatures is reached.
//!
//! The input is an OCTET STRING of the content, perhaps `[0]` with signed attributes, and TBSCertificates from the leaf
//! to the anchor. Each gets the public key of its place and is signed with the key of the next, the anchor with its own.
//! Nothing else of them is touched: names, times, extensions, algorithms and the claims are as the fuzzer made them.
//!
//! Under the name of ECDSA on P-256 stands a digest of key and message, so that a run costs no curve's arithmetic: the
//! vectors, Wycheproof and the other targets are about that.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use der::asn1::{BitString, ObjectIdentifier, OctetString};
use der::{AnyRef, Decode, Encode, Tag, TagNumber};
use p256::ecdsa::SigningKey;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use sha2::{Digest, Sha256};

use crate::{elements, in_a_row};

/// Certificates in a chain, leaf and anchor included: one more than a path may have.
const LONGEST: usize = 9;

/// The algorithm that stands for ECDSA.
#[derive(Debug)]
pub struct DigestOfKeyAndMessage;

impl SignatureVerificationAlgorithm for DigestOfKeyAndMessage {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if signature == signature_by(key, message) { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}

fn signature_by(key: &[u8], message: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(key).chain_update(message).finalize().to_vec()
}

/// A public key for every place in a chain: points of the curve, which is checked of every key.
static KEYS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let secret = |place: usize| [u8::try_from(place + 1).expect("a place"); 32];
    let keys = (0..LONGEST).map(|place| SigningKey::from_slice(&secret(place)).expect("a scalar"));
    keys.map(|key| key.verifying_key().to_sec1_point(false).as_bytes().to_vec()).collect()
});

/// What was signed.
pub struct Signed {
    /// The document, with all certificates inside but the anchor.
    pub document: Vec<u8>,
    /// The content.
    pub content: Vec<u8>,
    /// The chain from the leaf to the anchor.
    pub chain: Vec<Vec<u8>>,
}

/// Signs what the input describes; nothing if it is no such input.
pub fn sign(data: &[u8]) -> Option<Signed> {
    let parts = in_a_row(data)?;
    let (content, rest) = parts.split_first()?;
    let content = AnyRef::from_der(content).ok().filter(|it| it.header().tag() == Tag::OctetString)?.value();
    let (attributes, certificates) = match rest.split_first() {
        Some((first, rest)) if first.first() == Some(&0xa0) => (Some(attributes(first, content)?), rest),
        _ => (None, rest),
    };
    if !(2..=LONGEST).contains(&certificates.len()) {
        return None;
    }
    let top = certificates.len() - 1;
    let chain = certificates.iter().enumerate();
    let chain: Vec<Vec<u8>> = chain.map(|(place, it)| certificate(it, place, top)).collect::<Option<_>>()?;
    let message = attributes.as_ref().map_or_else(|| content.to_vec(), |all| element(Tag::Set, all));
    let leaf = elements(certificates[0])?;
    let identity = usize::from(leaf[0][0] == 0xa0);
    let (serial, issuer) = (leaf[identity], leaf[identity + 2]);
    let digest_algorithm = sequence(&[&oid("2.16.840.1.101.3.4.2.1")]);
    let signer = sequence(&[
        &[2, 1, 1],
        &sequence(&[issuer, serial]),
        &digest_algorithm,
        &attributes.map(|all| element(explicit(0), &all)).unwrap_or_default(),
        &sequence(&[&oid("1.2.840.10045.4.3.2")]),
        &octets(&signature_by(&KEYS[0], &message)),
    ]);
    let signed = sequence(&[
        &[2, 1, 1],
        &element(Tag::Set, &digest_algorithm),
        &sequence(&[&oid("1.2.840.113549.1.7.1"), &element(explicit(0), &octets(content))]),
        &element(explicit(0), &chain[..top].concat()),
        &element(Tag::Set, &signer),
    ]);
    let document = sequence(&[&oid("1.2.840.113549.1.7.2"), &element(explicit(0), &signed)]);
    Some(Signed { document, content: content.to_vec(), chain })
}

/// The attributes, with the digest of the content in the place of the first OCTET STRING of its length.
fn attributes(field: &[u8], content: &[u8]) -> Option<Vec<u8>> {
    let mut all = AnyRef::from_der(field).ok()?.value().to_vec();
    if let Some(place) = all.windows(34).position(|octets| octets.starts_with(&[4, 32])) {
        all[place + 2..place + 34].copy_from_slice(&Sha256::digest(content));
    }
    Some(all)
}

/// A TBSCertificate with the key of its place, signed by the next one's.
fn certificate(tbs: &[u8], place: usize, top: usize) -> Option<Vec<u8>> {
    let mut fields: Vec<&[u8]> = elements(tbs)?;
    let first = usize::from(fields.first()?.first() == Some(&0xa0));
    let key_info = key_info(&KEYS[place]);
    *fields.get_mut(first + 5)? = &key_info;
    let tbs = element(AnyRef::from_der(tbs).ok()?.header().tag(), &fields.concat());
    let signature = signature_by(&KEYS[(place + 1).min(top)], &tbs);
    let signature = BitString::from_bytes(&signature).ok()?.to_der().ok()?;
    Some(sequence(&[&tbs, fields[first + 1], &signature]))
}

fn key_info(key: &[u8]) -> Vec<u8> {
    let head = HEXLOWER.decode(b"3059301306072a8648ce3d020106082a8648ce3d030107034200").expect("hexadecimal");
    [&head, key].concat()
}

fn explicit(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

fn oid(dotted: &str) -> Vec<u8> {
    ObjectIdentifier::new(dotted).expect("an identifier").to_der().expect("DER")
}

fn octets(value: &[u8]) -> Vec<u8> {
    OctetString::new(value).expect("short").to_der().expect("DER")
}

fn sequence(fields: &[&[u8]]) -> Vec<u8> {
    element(Tag::Sequence, &fields.concat())
}

/// One element around others.
pub fn element(tag: Tag, value: &[u8]) -> Vec<u8> {
    AnyRef::new(tag, value).expect("short").to_der().expect("DER")
}
