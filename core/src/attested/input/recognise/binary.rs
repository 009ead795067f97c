//! Bytes that tell by their beginning what they are.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Material, Recognised, Wrapping, find};
use crate::attested::input::InputForm;
use crate::attested::x509::certificate::Certificate;

/// Beginnings of files that are no documents.
const FILES: &[&[u8]] =
    &[b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"MZ\x90"];
/// The identifier of signedData, RFC 5652 section 5.1, as it stands at the beginning of a document.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// Octets in front of it: a tag, and up to four of length and two more.
const HEADER: usize = 8;

/// What is told by its first bytes, if it is.
pub(super) fn recognise(input: &[u8], depth: usize) -> Option<Recognised<'_>> {
    if let Some(text) = input.strip_prefix(b"\xef\xbb\xbf") {
        return Some(marked(super::layer(text, depth)));
    }
    if let Some(units) = input.strip_prefix(b"\xff\xfe") {
        return Some(utf_16(units, u16::from_le_bytes, depth));
    }
    if let Some(units) = input.strip_prefix(b"\xfe\xff") {
        return Some(utf_16(units, u16::from_be_bytes, depth));
    }
    if FILES.iter().any(|beginning| input.starts_with(beginning)) {
        return Some(Recognised::whole(Material::File, input));
    }
    // The strict reader passes over white space in front of DER.
    let element = input.trim_ascii_start();
    let is_text = element.iter().take(64).all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'));
    if element.first() == Some(&0x30) && !is_text {
        return Some(Recognised::whole(der(element), input));
    }
    None
}

/// What DER holds. What can't be told is left to the strict reader.
pub(super) fn der(input: &[u8]) -> Material {
    let beginning = input.get(..HEADER.saturating_add(SIGNED_DATA.len())).unwrap_or(input);
    if find(beginning, SIGNED_DATA).is_some() {
        Material::Document(InputForm::Der)
    } else if Certificate::parse(input).is_ok() {
        Material::Certificates
    } else {
        Material::OtherObject
    }
}

fn utf_16(units: &[u8], unit: fn([u8; 2]) -> u16, depth: usize) -> Recognised<'static> {
    let units: Vec<u16> = units.as_chunks().0.iter().copied().map(unit).collect();
    let text = String::from_utf16_lossy(&units);
    marked(super::layer(text.as_bytes(), depth)).into_owned()
}

/// A byte order mark is worth a word only where nothing else is left out.
fn marked(found: Recognised<'_>) -> Recognised<'_> {
    if found.wrapping.is_none() { found.inside(Wrapping::Utf16) } else { found }
}
