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
    /// # #[cfg(feature = "emulator")] {
    /// use azure_imds::client::AttestedDocument;
    /// use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
    /// use azure_imds::{Call, Client, Exchange, Instant, Step, Timestamp};
    ///
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// let mut call: Call<AttestedDocument> = Client::new().attested_document(Some("9f8c2e7145d04a6fb3c1e8a27d905b6e"))?;
    /// let document = loop {
    ///     match call.poll(now.instant) {
    ///         Step::Send(id, request) => {
    ///             let reply = emulator.handle(now, &Incoming::from(&request));
    ///             call.receive(id, now.instant, reply.response)?;
    ///         }
    ///         Step::Wait(_) => unreachable!("the emulator answers at once"),
    ///         Step::Done(document) => break document?,
    ///     }
    /// };
    /// assert!(document.as_str().contains(&document.signature()));
    /// assert!(!document.signed().der().is_empty());
    /// # }
    /// # Ok::<(), azure_imds::Error>(())
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
