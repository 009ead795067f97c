//! An attested document as the service gave it, to be handed to whoever verifies it.

use alloc::string::{String, ToString};

use base64ct::{Base64, Encoding as _};

use super::call::Answer;
use super::text_of;
use crate::attested::SignedDocument;
use crate::attested::error::Error;
use crate::metadata::document::{Document, Value};
use crate::metadata::error::ServiceError;
use crate::quoted::Quoted;

/// A signed document of this VM, not verified: that is for the party it is sent to.
#[derive(Clone, Debug)]
pub struct AttestedDocument {
    text: String,
    signed: SignedDocument,
}

impl AttestedDocument {
    /// The service's whole answer, `{"encoding":"pkcs7","signature":".."}`: what is to be sent to the verifying party.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The signature alone: base64 of the PKCS#7 message, which holds the claims.
    ///
    /// ```
    /// use azure_imds::client::AttestedDocument;
    ///
    /// /// What a VM sends to the party that gave it a nonce.
    /// fn body(document: &AttestedDocument) -> String {
    ///     format!(r#"{{"document":"{}"}}"#, document.signature())
    /// }
    /// ```
    #[must_use]
    pub fn signature(&self) -> String {
        Base64::encode_string(self.signed.der())
    }

    /// The document, ready for a [`Verifier`](crate::Verifier).
    #[must_use]
    pub const fn signed(&self) -> &SignedDocument {
        &self.signed
    }

    /// Reads the answer, and compares its nonce with the one asked with, if one was.
    pub(super) fn read(answer: &Answer<'_>) -> Result<Self, Error> {
        let text = text_of(answer.body)?.to_string();
        let signed = SignedDocument::parse(text.as_bytes())?;
        if let Some(expected) = &answer.question.nonce {
            let claims = Document::from_bytes(&signed.unverified_content())?;
            let found = claims.root().member("nonce").and_then(Value::as_str).unwrap_or_default();
            if found != expected {
                let (expected, found) = (Quoted::from(expected.as_str()), Quoted::from(found));
                return Err(ServiceError::NonceStale { expected, found }.into());
            }
        }
        Ok(Self { text, signed })
    }
}
