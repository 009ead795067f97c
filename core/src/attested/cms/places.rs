//! Where the parts of a document are: what is kept of reading it, so that it is read once.

use core::ops::Range;

use super::signed_data::{SignedData, SignerInfo};
use crate::attested::der::element::Element;
use crate::attested::x509::algorithm::AlgorithmIdentifierRef;
use crate::attested::x509::certificate::Certificate;

/// The places of the parts of a document in its DER.
#[derive(Clone, Debug)]
pub(in crate::attested) struct Places {
    digest_algorithm: AlgorithmPlaces,
    content: Range<usize>,
    issuer: Range<usize>,
    serial_number: Range<usize>,
    signer_digest_algorithm: AlgorithmPlaces,
    signed_attributes: Option<ElementPlaces>,
    signature_algorithm: AlgorithmPlaces,
    signature: Range<usize>,
}

#[derive(Clone, Debug)]
struct AlgorithmPlaces {
    oid: Range<usize>,
    parameters: Option<ElementPlaces>,
    contents: Range<usize>,
}

#[derive(Clone, Debug)]
struct ElementPlaces {
    whole: Range<usize>,
    contents: Range<usize>,
}

impl Places {
    /// Those of a document that was read from this DER.
    pub(in crate::attested) fn of<C>(document: &[u8], read: &SignedData<'_, C>) -> Self {
        let place = |part: &[u8]| place(document, part);
        let algorithm = |it: &AlgorithmIdentifierRef<'_>| AlgorithmPlaces {
            oid: place(it.oid),
            parameters: it.parameters.as_ref().map(ElementPlaces::of),
            contents: place(it.contents),
        };
        let signer = &read.signer;
        Self {
            digest_algorithm: algorithm(&read.digest_algorithm),
            content: place(read.content),
            issuer: place(signer.issuer),
            serial_number: place(signer.serial_number),
            signer_digest_algorithm: algorithm(&signer.digest_algorithm),
            signed_attributes: signer.signed_attributes.as_ref().map(ElementPlaces::of),
            signature_algorithm: algorithm(&signer.signature_algorithm),
            signature: place(signer.signature),
        }
    }

    /// The document again, of the same DER.
    pub(in crate::attested) fn view<'a>(&self, document: &'a [u8], certificates: &'a [Certificate]) -> SignedData<'a> {
        SignedData {
            digest_algorithm: self.digest_algorithm.view(document),
            content: self.content(document),
            certificates,
            signer: SignerInfo {
                issuer: at(document, &self.issuer),
                serial_number: at(document, &self.serial_number),
                digest_algorithm: self.signer_digest_algorithm.view(document),
                signed_attributes: self.signed_attributes.as_ref().map(|it| it.view(document)),
                signature_algorithm: self.signature_algorithm.view(document),
                signature: at(document, &self.signature),
            },
        }
    }

    /// The signed content.
    pub(in crate::attested) fn content<'a>(&self, document: &'a [u8]) -> &'a [u8] {
        at(document, &self.content)
    }
}

impl AlgorithmPlaces {
    fn view<'a>(&self, document: &'a [u8]) -> AlgorithmIdentifierRef<'a> {
        AlgorithmIdentifierRef {
            oid: at(document, &self.oid),
            parameters: self.parameters.as_ref().map(|it| it.view(document)),
            contents: at(document, &self.contents),
        }
    }
}

impl ElementPlaces {
    fn of(element: &Element<'_>) -> Self {
        Self { whole: element.place(), contents: element.place_of_contents() }
    }

    fn view<'a>(&self, document: &'a [u8]) -> Element<'a> {
        Element { der: at(document, &self.whole), contents: at(document, &self.contents), position: self.whole.start }
    }
}

/// Where a part of the document is in it.
fn place(document: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(document.as_ptr().addr());
    start..start.saturating_add(part.len())
}

fn at<'a>(document: &'a [u8], place: &Range<usize>) -> &'a [u8] {
    document.get(place.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::SignedDocument;

    /// Everything that a document was read into.
    fn parts<'a, C>(read: &SignedData<'a, C>) -> String {
        let element = |it: &Element<'a>| (it.der, it.contents, it.position);
        let algorithm = |it: &AlgorithmIdentifierRef<'a>| (it.oid, it.parameters.as_ref().map(element), it.contents);
        let signer = &read.signer;
        alloc::format!(
            "{:?}, {:?}, {:?}",
            [read.content, signer.issuer, signer.serial_number, signer.signature],
            [&read.digest_algorithm, &signer.digest_algorithm, &signer.signature_algorithm].map(algorithm),
            signer.signed_attributes.as_ref().map(element),
        )
    }

    #[test]
    fn a_view_has_the_parts_that_were_read() {
        let vectors = include_str!("../../../../tests/vectors/attested.json");
        let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
        let cases = vectors["cases"].as_array().unwrap();
        let (mut count, mut with_attributes) = (0, 0);
        for text in cases.iter().filter_map(|case| case["input"]["text"].as_str()) {
            let Ok(document) = SignedDocument::parse(text.as_bytes()) else { continue };
            let read = SignedData::parse(document.der()).unwrap();
            assert_eq!(parts(&document.signed_data()), parts(&read), "{text}");
            count += 1;
            with_attributes += usize::from(read.signer.signed_attributes.is_some());
        }
        assert!(count > 500 && with_attributes > 20, "{count}, {with_attributes}");
    }
}
