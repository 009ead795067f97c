//! Text: JSON, PEM, base64, HTTP answers, and a document anywhere in it.

use alloc::vec::Vec;

use super::{Material, Recognised, Wrapping, binary, find, json, layer};
use crate::attested::input::{InputForm, LIMIT, from_base64};
use crate::guid;
use crate::json::Json;
use crate::time::decimal;

/// Characters of base64 below which it is taken for a word.
const SHORTEST_BASE64: usize = 24;

/// What a text is.
pub(super) fn recognise(input: &str, depth: usize) -> Recognised<'_> {
    let text = input.trim().as_bytes();
    let whole = |material| Recognised::whole(material, input.as_bytes());
    if text.is_empty() {
        return whole(Material::Nothing);
    }
    // White space beyond ASCII's, that of a web page say: the strict reader does not pass over it.
    if text.len() != input.as_bytes().trim_ascii().len() {
        let found = layer(text, depth);
        return match found.wrapping {
            None if found.is_document() => found.inside(Wrapping::Text),
            None => whole(found.material),
            Some(_) => found,
        };
    }
    if text.starts_with(b"HTTP/") {
        return http_answer(text, depth);
    }
    let (envelope, is_one) = envelope(text);
    if text.starts_with(b"{") && text.ends_with(b"}") && is_one {
        return json::nested(text, depth).unwrap_or_else(|| whole(json::object(text)));
    }
    if let Some(found) = json_string(text, depth) {
        return found;
    }
    if let [first @ (b'"' | b'\'' | b'`'), inner @ .., last] = text
        && first == last
        && !inner.contains(first)
    {
        return layer(inner, depth).inside(Wrapping::Quotes);
    }
    if let Some(found) = pem(text).or_else(|| digits(text, depth)) {
        return found;
    }
    match envelope {
        // The service's envelope in the midst of other text.
        Some(object) if is_one => Recognised::part(object, InputForm::Envelope, Wrapping::Text),
        Some(_) => Recognised::whole(Material::Documents, text),
        None => listed(text, depth).unwrap_or_else(|| whole(other(text))),
    }
}

/// A string of JSON in which a document is written with escapes.
fn json_string(text: &[u8], depth: usize) -> Option<Recognised<'_>> {
    if !text.starts_with(b"\"") || !text.ends_with(b"\"") || find(text, b"\\").is_none() {
        return None;
    }
    match Json::parse(core::str::from_utf8(text.get(..LIMIT.saturating_mul(2)).unwrap_or(text)).ok()?, 0) {
        Ok(Json::String(inner)) => json::within(inner.as_bytes(), depth),
        _ => None,
    }
}

/// The body of an HTTP answer, behind any number of answers without one: `100 Continue`, a proxy's.
fn http_answer(text: &[u8], depth: usize) -> Recognised<'_> {
    let (mut rest, mut status) = (text, 0);
    while rest.starts_with(b"HTTP/") {
        let mut words = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        status = words.nth(1).and_then(decimal).unwrap_or_default();
        rest = body(rest).trim_ascii_start();
    }
    if rest.is_empty() {
        return Recognised::whole(Material::Headers, text);
    }
    layer(rest, depth).inside(Wrapping::HttpAnswer { status })
}

/// What stands behind the first empty line.
fn body(mut text: &[u8]) -> &[u8] {
    while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
        text = text.get(end..).unwrap_or_default();
        match text {
            [b'\n', b'\r', b'\n', body @ ..] | [b'\n', b'\n', body @ ..] => return body,
            _ => text = text.get(1..).unwrap_or_default(),
        }
    }
    &[]
}

/// PEM blocks, with whatever stands around them.
fn pem(text: &[u8]) -> Option<Recognised<'_>> {
    let (mut rest, mut material, mut document) = (text, None, None);
    while let Some(at) = find(rest, b"-----BEGIN ") {
        let block = rest.get(at..)?;
        rest = block.get(11..)?;
        let Some((label, behind)) = find(rest, b"-----").and_then(|end| rest.split_at_checked(end)) else {
            break;
        };
        if behind.starts_with(b"-----BEGIN ") {
            continue;
        }
        if label.ends_with(b"PRIVATE KEY") {
            return Some(Recognised::whole(Material::PrivateKey, text));
        }
        material = match (label, material) {
            (b"PKCS7" | b"CMS", _) if document.is_some() => Some(Material::Documents),
            (b"PKCS7" | b"CMS", _) => {
                document = Some((block, label));
                Some(Material::Document(InputForm::Pem))
            }
            (_, Some(Material::Document(_) | Material::Documents | Material::Certificates)) => material,
            (b"CERTIFICATE" | b"X509 CERTIFICATE", _) => Some(Material::Certificates),
            _ => Some(Material::OtherObject),
        };
    }
    match (material?, document) {
        (Material::Document(_), Some((from, label))) => Some(block(text, from, label)),
        (material, _) => Some(Recognised::whole(material, text)),
    }
}

/// The block of this label that begins here, to its last line.
fn block<'a>(text: &'a [u8], from: &'a [u8], label: &[u8]) -> Recognised<'a> {
    let end = [b"-----END ", label, b"-----"].concat();
    let block = find(from, &end).and_then(|at| from.get(..at.saturating_add(end.len()))).unwrap_or(from);
    if block.len() == text.len() {
        return Recognised::whole(Material::Document(InputForm::Pem), text);
    }
    Recognised::part(block, InputForm::Pem, Wrapping::Text)
}

/// Base64, hexadecimal, numbers and identifiers: text of one alphabet.
fn digits(text: &[u8], depth: usize) -> Option<Recognised<'_>> {
    let are_all = |is: fn(u8) -> bool| text.iter().all(|byte| is(*byte));
    if are_all(|byte| byte.is_ascii_digit()) && text.len() < 64 {
        return Some(Recognised::whole(Material::Number, text));
    }
    if guid::read(text).is_some() {
        return Some(Recognised::whole(Material::Identifier, text));
    }
    let dots = text.iter().filter(|byte| **byte == b'.').count();
    if text.starts_with(b"eyJ") && dots == 2 && are_all(|byte| !byte.is_ascii_whitespace()) {
        return Some(Recognised::whole(Material::Token, text));
    }
    let mut joined = text.to_vec();
    joined.retain(|byte| !byte.is_ascii_whitespace() && *byte != b':');
    if are_all(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace() || byte == b':') {
        let decoded = base16ct::mixed::decode_vec(&joined).ok().filter(|bytes| bytes.first() == Some(&0x30))?;
        return Some(layer(&decoded, depth).into_owned().inside(Wrapping::Hexadecimal));
    }
    let is_base64 =
        are_all(|byte| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=".contains(&byte));
    // Words of prose are letters and blanks too; base64 has long words.
    let mut words = text.split(u8::is_ascii_whitespace);
    if !is_base64 || !words.any(|word| word.len() >= SHORTEST_BASE64) {
        return None;
    }
    let has_blanks = !are_all(|byte| !matches!(byte, b' ' | b'\t'));
    if has_blanks && let Some(found) = with_plus(text) {
        return Some(found);
    }
    Some(base64(text, joined, has_blanks, depth))
}

/// Base64 of a document that has blanks where `+` was: whole if they are read so, and not if they are left out.
fn with_plus(text: &[u8]) -> Option<Recognised<'_>> {
    let plus: Vec<u8> = text.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
    let decoded = from_base64(&plus).ok()?;
    matches!(binary::der(&decoded), Material::Document(_))
        .then(|| Recognised::part(plus, InputForm::Base64, Wrapping::Plus))
}

/// Base64 of a document, of certificates, or of a text that holds one.
fn base64(text: &[u8], joined: Vec<u8>, has_blanks: bool, depth: usize) -> Recognised<'_> {
    let decoded = from_base64(&joined).unwrap_or_default();
    match decoded.first() {
        Some(b'{' | b'-') => return layer(&decoded, depth).into_owned().inside(Wrapping::Base64),
        Some(0x30) => match binary::der(&decoded) {
            Material::Document(_) if has_blanks => {
                return Recognised::part(joined, InputForm::Base64, Wrapping::Blanks);
            }
            Material::Certificates => {
                let mut found = Recognised::part(decoded, InputForm::Base64, Wrapping::Base64);
                found.material = Material::Certificates;
                return found;
            }
            _ => {}
        },
        _ => {}
    }
    Recognised::whole(Material::Document(InputForm::Base64), text)
}

/// The first thing that looks like an envelope, from brace to brace: it is flat. And whether there is no other.
///
/// One that names two signatures is one.
fn envelope(text: &[u8]) -> (Option<&[u8]>, bool) {
    let (mut first, mut begin) = (None, None);
    for (at, byte) in text.iter().enumerate() {
        match (byte, begin) {
            (b'{', _) => begin = Some(at),
            (b'}', Some(from)) => {
                begin = None;
                let object = text.get(from..=at).filter(|object| find(object, b"\"signature\"").is_some());
                if first.is_some() && object.is_some() {
                    return (first, false);
                }
                first = first.or(object);
            }
            _ => {}
        }
    }
    (first, true)
}

/// A list of properties as PowerShell shows it: `signature : MII..`, broken over lines.
fn listed(text: &[u8], depth: usize) -> Option<Recognised<'_>> {
    let behind = text.get(find(text, b"signature")?.saturating_add(9)..)?;
    let value = behind.trim_ascii_start().strip_prefix(b":")?;
    let mut lines = value.split(|byte| *byte == b'\n');
    let mut joined = lines.next()?.to_vec();
    for line in lines.take_while(|line| !line.contains(&b':')) {
        joined.extend_from_slice(line);
    }
    joined.retain(|byte| !byte.is_ascii_whitespace());
    let found = digits(&joined, depth).filter(Recognised::is_document)?.into_owned();
    Some(found.inside(Wrapping::Text))
}

/// Text that holds no document.
fn other(text: &[u8]) -> Material {
    let starts = |beginning: &[u8]| text.get(..beginning.len()).is_some_and(|it| it.eq_ignore_ascii_case(beginning));
    if starts(b"<!doctype html") || starts(b"<html") || starts(b"<head") || starts(b"<body") {
        Material::Html
    } else if starts(b"<") {
        Material::Xml
    } else if (starts(b"http://") || starts(b"https://")) && !text.iter().any(u8::is_ascii_whitespace) {
        Material::Address
    } else if starts(b"{") || starts(b"[") {
        Material::Json
    } else {
        Material::Text
    }
}
