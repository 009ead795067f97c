//! What somebody pasted or dropped: the document in what is around it, or the name of what it is instead.
//!
//! For people's hands: a page, a terminal. [`SignedDocument::parse`](crate::SignedDocument::parse) stays strict, and
//! whatever is found here goes through it. To be recognised proves nothing.

use alloc::borrow::Cow;
use core::fmt;

use super::{InputForm, LIMIT};

mod binary;
mod json;
mod text;

/// What an input turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recognised<'a> {
    /// What it is.
    pub material: Material,
    /// What was around it and was left out.
    pub wrapping: Option<Wrapping>,
    /// The part to verify: the document without its wrapping, else the whole input.
    pub document: Cow<'a, [u8]>,
}

impl<'a> Recognised<'a> {
    const fn whole(material: Material, input: &'a [u8]) -> Self {
        Self { material, wrapping: None, document: Cow::Borrowed(input) }
    }

    fn part(document: impl Into<Cow<'a, [u8]>>, form: InputForm, wrapping: Wrapping) -> Self {
        Self { material: Material::Document(form), wrapping: Some(wrapping), document: document.into() }
    }

    const fn is_document(&self) -> bool {
        self.material.is_document()
    }

    /// The same, found inside something else.
    fn inside(mut self, wrapping: Wrapping) -> Self {
        self.wrapping = Some(wrapping);
        self
    }

    fn into_owned(self) -> Recognised<'static> {
        let Self { material, wrapping, document } = self;
        Recognised { material, wrapping, document: Cow::Owned(document.into_owned()) }
    }
}

/// The kinds of things that are pasted where a document is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Material {
    /// An attested document, or what claims to be one.
    Document(InputForm),
    /// Several of them.
    Documents,
    /// Nothing, or white space.
    Nothing,
    /// X.509 certificates, PEM or DER.
    Certificates,
    /// A private key.
    PrivateKey,
    /// Another PEM block, or DER of another kind.
    OtherObject,
    /// The answer of `/metadata/instance`.
    InstanceMetadata,
    /// The service's error answer.
    ErrorAnswer,
    /// The claims of a document without their signature.
    Claims,
    /// An access token or another JSON web token.
    Token,
    /// JSON of another kind.
    Json,
    /// A web page.
    Html,
    /// XML.
    Xml,
    /// An HTTP answer without a body.
    Headers,
    /// A number: a nonce, say.
    Number,
    /// A UUID: of a VM or a subscription, say.
    Identifier,
    /// An address of the web.
    Address,
    /// A PDF file, a picture, an archive.
    File,
    /// Bytes that are not text.
    Binary,
    /// Text of another kind.
    Text,
}

impl Material {
    const fn is_document(self) -> bool {
        matches!(self, Self::Document(_))
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document(_) => "document",
            Self::Documents => "documents",
            Self::Nothing => "nothing",
            Self::Certificates => "certificates",
            Self::PrivateKey => "private_key",
            Self::OtherObject => "other_object",
            Self::InstanceMetadata => "instance_metadata",
            Self::ErrorAnswer => "error_answer",
            Self::Claims => "claims",
            Self::Token => "token",
            Self::Json => "json",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::Headers => "headers",
            Self::Number => "number",
            Self::Identifier => "identifier",
            Self::Address => "address",
            Self::File => "file",
            Self::Binary => "binary",
            Self::Text => "text",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Document(form) => form.name(),
            Self::Documents => "several attested documents",
            Self::Nothing => "nothing",
            Self::Certificates => "X.509 certificates",
            Self::PrivateKey => "a private key",
            Self::OtherObject => "an ASN.1 or PEM object of another kind",
            Self::InstanceMetadata => "the answer of /metadata/instance",
            Self::ErrorAnswer => "an error that the metadata service answered with",
            Self::Claims => "the claims of a document, without their signature",
            Self::Token => "a token",
            Self::Json => "JSON of another kind",
            Self::Html => "a web page",
            Self::Xml => "XML",
            Self::Headers => "an HTTP answer without a body",
            Self::Number => "a number",
            Self::Identifier => "a UUID",
            Self::Address => "an address",
            Self::File => "a file of another kind",
            Self::Binary => "bytes that are not text",
            Self::Text => "text of another kind",
        }
    }

    /// What was expected instead, or what to do.
    #[must_use]
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Document(_) => "verify it",
            Self::Documents => "give them one at a time",
            Self::Nothing | Self::Number | Self::Text | Self::Json | Self::Xml | Self::File | Self::Binary => {
                "give the answer of /metadata/attested/document: its JSON, the base64 of its signature, PEM or DER"
            }
            Self::Certificates => "give them as issuers, or as anchors if you have reason to trust them",
            Self::PrivateKey => "take it away from here: no key is needed to verify. If it was shown, replace it",
            Self::OtherObject => "give the signed document (PKCS7 or CMS), not another object",
            Self::InstanceMetadata => "nobody signed it; ask /metadata/attested/document for a signed one",
            Self::ErrorAnswer => "ask again: with the header Metadata: true and an api-version",
            Self::Claims => "anybody can write these; give the whole answer, with its signature",
            Self::Token => "take it away from here: a token is a secret. An attested document is not a token",
            Self::Html => "a proxy or a login page may have answered; ask 169.254.169.254 without a proxy",
            Self::Headers => "give the body too",
            Self::Identifier => "expect it as a VM or subscription; give the document too",
            Self::Address => "fetch it on the VM, with the header Metadata: true, and give what it answers",
        }
    }
}

/// What may be around a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wrapping {
    /// Status and header fields, as `curl -i` shows them.
    HttpAnswer {
        /// The last status.
        status: u16,
    },
    /// Other text: a terminal's, a log's.
    Text,
    /// Quotation marks.
    Quotes,
    /// White space inside the base64.
    Blanks,
    /// Blanks where the base64 has `+`, as a form decodes it.
    Plus,
    /// A JSON text, or a string of JSON in which the document's own is written.
    Json,
    /// Another layer of base64.
    Base64,
    /// Hexadecimal.
    Hexadecimal,
    /// UTF-16, as Windows PowerShell writes files, or a byte order mark.
    Utf16,
}

impl Wrapping {
    /// What was left out, in words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::HttpAnswer { .. } => "inside a whole HTTP answer",
            Self::Text => "with other text around it",
            Self::Quotes => "in quotation marks",
            Self::Blanks => "with white space in it",
            Self::Plus => "with blanks in the place of +",
            Self::Json => "inside other JSON",
            Self::Base64 => "in a further layer of base64",
            Self::Hexadecimal => "in hexadecimal",
            Self::Utf16 => "in UTF-16 or behind a byte order mark",
        }
    }

    /// How to give the document without it.
    #[must_use]
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::HttpAnswer { .. } => "give the body of the answer alone",
            Self::Text => "give the document without the text around it",
            Self::Quotes => "give it without the quotation marks",
            Self::Blanks => "take the white space out of it",
            Self::Plus => "a form decoded + as a blank: write + as %2B where it is sent, and give it whole",
            Self::Json => "decode the outer JSON first, and give the document that is in it",
            Self::Base64 => "decode the outer base64 first",
            Self::Hexadecimal => "decode the hexadecimal first",
            Self::Utf16 => {
                "give it in UTF-8 without a byte order mark; in PowerShell write it with Set-Content -Encoding ascii"
            }
        }
    }
}

/// What was given where a document was expected.
///
/// ```
/// use azure_imds::attested::Material;
/// use azure_imds::{SignedDocument, VerifyError};
///
/// let error = SignedDocument::parse(b"<!DOCTYPE html><html></html>").unwrap_err();
/// let VerifyError::Base64Malformed { given: Some(given), .. } = error else { panic!("{error}") };
/// assert_eq!((given.material, given.to_string().as_str()), (Material::Html, "a web page"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Given {
    /// What it is.
    pub material: Material,
    /// What is around it.
    pub wrapping: Option<Wrapping>,
}

impl Given {
    /// What to do instead.
    pub(crate) const fn next_step(self) -> &'static str {
        match self.wrapping {
            Some(wrapping) if self.material.is_document() => wrapping.next_step(),
            _ => self.material.next_step(),
        }
    }
}

/// In words: `a web page`, `base64 of a document in UTF-16`.
impl fmt::Display for Given {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.material {
            Material::Document(form) => write!(formatter, "a document ({})", form.name())?,
            material => formatter.write_str(material.description())?,
        }
        self.wrapping.map_or(Ok(()), |wrapping| write!(formatter, " {}", wrapping.description()))
    }
}

/// What an input is that could not be read as a document. Nothing where that says no more than the error does.
pub(in crate::attested) fn instead(input: &[u8]) -> Option<Given> {
    let Recognised { material, mut wrapping, .. } = recognise(input);
    if material == Material::Document(InputForm::Envelope) && wrapping.is_none() {
        wrapping = json::signature(input).and_then(|signature| recognise(signature.as_bytes()).wrapping);
    }
    let says_nothing = match material {
        Material::Document(_) => wrapping.is_none(),
        Material::Nothing | Material::OtherObject | Material::Text => true,
        _ => false,
    };
    (!says_nothing).then_some(Given { material, wrapping })
}

/// Bytes that are looked through for a document. What is longer is judged by its beginning.
const LOOK: usize = 16 * LIMIT;
/// Wrappings inside each other.
const DEPTH: usize = 4;

/// Says what an input is, and finds the document in it. Never fails; takes time in proportion to the first megabyte.
///
/// ```
/// use azure_imds::attested::{InputForm, Material, Recognised, Wrapping, recognise};
///
/// let pasted = b"HTTP/1.1 200 OK\r\n\r\n{\"encoding\":\"pkcs7\",\"signature\":\"MAA=\"}";
/// let found: Recognised<'_> = recognise(pasted);
/// assert_eq!(found.material, Material::Document(InputForm::Envelope));
/// assert_eq!(found.wrapping, Some(Wrapping::HttpAnswer { status: 200 }));
/// assert!(found.document.starts_with(br#"{"encoding""#));
///
/// let other = recognise(b"<!DOCTYPE html><html></html>");
/// assert_eq!((other.material, other.material.description()), (Material::Html, "a web page"));
/// ```
#[must_use]
pub fn recognise(input: &[u8]) -> Recognised<'_> {
    let looked_at = input.get(..LOOK).unwrap_or(input);
    let mut found = layer(looked_at, DEPTH);
    // Too long to be a document and nothing found in front: the strict reader says how long.
    if looked_at.len() < input.len() && found.wrapping.is_none() {
        found.document = Cow::Borrowed(input);
    }
    found
}

/// Text or bytes, at most so many wrappings deep.
fn layer(input: &[u8], depth: usize) -> Recognised<'_> {
    let Some(depth) = depth.checked_sub(1) else {
        return Recognised::whole(Material::Text, input);
    };
    if let Some(found) = binary::recognise(input, depth) {
        return found;
    }
    match core::str::from_utf8(input) {
        Ok(text) => text::recognise(text, depth),
        // Cut off inside a character, or not text at all.
        Err(error) => match input.get(..error.valid_up_to()).map(core::str::from_utf8) {
            Some(Ok(text)) if text.len() >= LOOK.saturating_sub(4) => text::recognise(text, depth),
            _ => Recognised::whole(Material::Binary, input),
        },
    }
}

/// Where a part that is not empty begins.
fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests;
