//! What a verified document is known by, however it is written down.

use core::fmt;

use sha2::{Digest, Sha256};

/// What a [`VerifiedDocument`](crate::VerifiedDocument) is known by: the key of a list of documents seen.
///
/// The bytes of a document are not fit for that: much of them is not signed, and anybody who has one document can write
/// hundreds that verify. The identity depends on what was signed and on the key that signed it alone: the SHA-256 of
///
/// ```text
///   "azure-imds attested document identity 1", and a zero octet
///   length of the signed content in octets, as eight octets, the most significant first
///   the signed content
///   the contents of subjectPublicKey in the signer's certificate
/// ```
///
/// so it is the same in every language and every release. It displays in hexadecimal, lower case.
///
/// ```
/// # #[cfg(all(feature = "emulator", feature = "rustcrypto"))] {
/// use std::collections::HashSet;
///
/// use azure_imds::attested::DocumentIdentity;
/// # use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
/// # use azure_imds::{Instant, Timestamp, Trust, Verifier};
/// use azure_imds::{Expectations, Nonce, SignedDocument};
///
/// # let mut emulator = Emulator::new(Machine::default(), [7; 32]);
/// # let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
/// # let target = "/metadata/attested/document?api-version=2021-02-01&nonce=9f8c2e7145d04a6fb3c1e8a27d905b6e";
/// # let answer = emulator.handle(now, &Incoming::get(target)).response.body;
/// # let authority = emulator.authority()?;
/// # let anchors = Trust::builder_without_anchors().anchors(&authority.root_der()?)?;
/// # let verifier = Verifier::new(anchors.issuers(&authority.issuing_der()?)?.build());
/// let expectations = Expectations::new(Nonce::new("9f8c2e7145d04a6fb3c1e8a27d905b6e")?);
/// let mut seen: HashSet<DocumentIdentity> = HashSet::new();
///
/// // `answer` holds a document signed by an emulator that `verifier` trusts.
/// let document = SignedDocument::parse(&answer)?;
/// assert!(seen.insert(verifier.verify(&document, &expectations, now.wall)?.identity()));
///
/// // In other bytes, DER instead of JSON, it is the same document.
/// let again = SignedDocument::parse(document.der())?;
/// assert!(!seen.insert(verifier.verify(&again, &expectations, now.wall)?.identity()));
/// # }
/// # Ok::<(), azure_imds::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentIdentity([u8; 32]);

impl DocumentIdentity {
    /// Of the key, not of its certificate: a certificate's own signature can be rewritten. The contents of
    /// `subjectPublicKey` have one form: DER of `RSAPublicKey`, or a point that is not compressed.
    pub(in crate::attested) fn of(content: &[u8], subject_public_key: &[u8]) -> Self {
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX).to_be_bytes();
        let mut hash = Sha256::new();
        for part in [DOMAIN, &length, content, subject_public_key] {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// The 32 octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for DocumentIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&base16ct::lower::encode_string(&self.0))
    }
}

impl fmt::Debug for DocumentIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DocumentIdentity({self})")
    }
}

/// Keeps these digests apart from all others.
const DOMAIN: &[u8] = b"azure-imds attested document identity 1\0";

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn it_is_the_digest_that_its_description_says() {
        let parts: &[&[u8]] = &[b"azure-imds attested document identity 1\0", &[0, 0, 0, 0, 0, 0, 0, 2], b"{}", b"key"];
        let expected: [u8; 32] = Sha256::digest(parts.concat()).into();
        let identity = DocumentIdentity::of(b"{}", b"key");
        assert_eq!(identity.as_bytes(), &expected);
        assert_eq!(identity.to_string(), base16ct::lower::encode_string(&expected));
        assert_eq!(format!("{identity:?}"), format!("DocumentIdentity({identity})"));
    }

    #[test]
    fn content_and_key_are_not_confused() {
        let identity = DocumentIdentity::of(b"{}a", b"b");
        for (content, key) in [(&b"{}"[..], &b"ab"[..]), (b"{}ab", b""), (b"{}a", b"c"), (b"{}b", b"b"), (b"", b"{}ab")]
        {
            assert_ne!(DocumentIdentity::of(content, key), identity, "{content:?} {key:?}");
        }
    }
}
