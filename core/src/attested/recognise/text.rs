//! Text: JSON, PEM, base64, HTTP answers, and a document anywhere in it.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Material, Recognised, Wrapping, binary, json, layer};
use crate::attested::input::{InputForm, from_base64};

/// Characters of base64 below which it is taken for a word.
const SHORTEST_BASE64: usize = 24;

/// What a text is.
pub(super) fn recognise(input: &str, depth: usize) -> Recognised<'_> {
    let text = input.trim();
    let whole = |material| Recognised::whole(material, input.as_bytes());
    if text.is_empty() {
        return whole(Material::Nothing);
    }
    if text.starts_with("HTTP/") {
        return http_answer(text, depth);
    }
    if text.starts_with('{') && text.ends_with('}') && envelopes(text).nth(1).is_none() {
        return whole(json::object(text));
    }
    if let Some(inner) = quoted(text) {
        return layer(inner.as_bytes(), depth).inside(Wrapping::Quotes);
    }
    if let Some(found) = pem(text) {
        return found;
    }
    if let Some(found) = digits(text, depth) {
        return found;
    }
    if let Some(found) = enclosed(text).or_else(|| listed(text, depth)) {
        return found;
    }
    whole(other(text))
}

/// The body of an HTTP answer, behind any number of answers without one: `100 Continue`, a proxy's.
fn http_answer(text: &str, depth: usize) -> Recognised<'_> {
    let (mut rest, mut status) = (text, 0);
    while rest.starts_with("HTTP/") {
        let word = rest.split_ascii_whitespace().nth(1).unwrap_or_default();
        status = word.parse().unwrap_or_default();
        let mut ends = rest.match_indices('\n').filter_map(|(at, _)| rest.get(at.checked_add(1)?..));
        let body = ends.find_map(|line| line.strip_prefix("\r\n").or_else(|| line.strip_prefix('\n')));
        rest = body.unwrap_or_default().trim_start();
    }
    if rest.is_empty() {
        return Recognised::whole(Material::Headers, text.as_bytes());
    }
    layer(rest.as_bytes(), depth).inside(Wrapping::HttpAnswer { status })
}

/// The text between quotation marks, if it is in some and holds none.
fn quoted(text: &str) -> Option<&str> {
    ['"', '\'', '`'].into_iter().find_map(|mark| {
        let inner = text.strip_prefix(mark)?.strip_suffix(mark)?;
        (!inner.contains(mark)).then_some(inner)
    })
}

/// PEM blocks, with whatever stands around them.
fn pem(text: &str) -> Option<Recognised<'_>> {
    let labels = || text.split("-----BEGIN ").skip(1).filter_map(|block| block.split_once("-----")).map(|it| it.0);
    labels().next()?;
    let bytes = text.as_bytes();
    if labels().any(|label| label.ends_with("PRIVATE KEY")) {
        return Some(Recognised::whole(Material::PrivateKey, bytes));
    }
    let mut documents = labels().filter(|label| matches!(*label, "PKCS7" | "CMS"));
    match (documents.next(), documents.next()) {
        (Some(_), Some(_)) => return Some(Recognised::whole(Material::Documents, bytes)),
        (Some(label), None) => return Some(block(text, label)),
        _ => {}
    }
    let is_certificates = labels().any(|label| matches!(label, "CERTIFICATE" | "X509 CERTIFICATE"));
    let material = if is_certificates { Material::Certificates } else { Material::OtherObject };
    Some(Recognised::whole(material, bytes))
}

/// The one block of this label, from its first line to its last.
fn block<'a>(text: &'a str, label: &str) -> Recognised<'a> {
    let begin = alloc::format!("-----BEGIN {label}-----");
    let end = alloc::format!("-----END {label}-----");
    let from = text.find(&begin).and_then(|at| text.get(at..)).unwrap_or(text);
    let length = from.find(&end).map(|at| at.saturating_add(end.len()));
    let block = length.and_then(|length| from.get(..length)).unwrap_or(from);
    if block.len() == text.len() {
        return Recognised::whole(Material::Document(InputForm::Pem), text.as_bytes());
    }
    Recognised::part(block.as_bytes(), InputForm::Pem, Wrapping::Text)
}

/// Base64, hexadecimal, numbers and identifiers: text of one alphabet.
fn digits(text: &str, depth: usize) -> Option<Recognised<'_>> {
    let whole = |material| Some(Recognised::whole(material, text.as_bytes()));
    if text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() < 64 {
        return whole(Material::Number);
    }
    if is_uuid(text) {
        return whole(Material::Identifier);
    }
    if text.starts_with("eyJ") && text.split('.').count() == 3 && !text.contains(char::is_whitespace) {
        return whole(Material::Token);
    }
    let joined = || text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b':').collect::<Vec<u8>>();
    let has_blanks = text.bytes().any(|byte| matches!(byte, b' ' | b'\t'));
    if text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace() || byte == b':') {
        let decoded = base16ct::mixed::decode_vec(joined()).ok().filter(|bytes| bytes.first() == Some(&0x30))?;
        return Some(layer(&decoded, depth).into_owned().inside(Wrapping::Hexadecimal));
    }
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if text.len() < SHORTEST_BASE64 || !text.bytes().all(|byte| is_base64(byte) || byte.is_ascii_whitespace()) {
        return None;
    }
    // Words of prose are letters and blanks too; base64 has long words.
    let longest = text.split_ascii_whitespace().map(str::len).max().unwrap_or_default();
    if longest < SHORTEST_BASE64 {
        return None;
    }
    Some(base64(text, joined(), has_blanks, depth))
}

/// Base64 of a document, of certificates, or of a text that holds one.
fn base64(text: &str, joined: Vec<u8>, has_blanks: bool, depth: usize) -> Recognised<'_> {
    let Ok(decoded) = from_base64(&joined) else {
        return Recognised::whole(Material::Document(InputForm::Base64), text.as_bytes());
    };
    match decoded.first() {
        Some(b'{' | b'-') => layer(&decoded, depth).into_owned().inside(Wrapping::Base64),
        Some(0x30) => match binary::der(&decoded) {
            Material::Document(_) if has_blanks => Recognised::part(joined, InputForm::Base64, Wrapping::Blanks),
            Material::Certificates => Recognised {
                material: Material::Certificates,
                wrapping: Some(Wrapping::Base64),
                document: decoded.into(),
            },
            _ => Recognised::whole(Material::Document(InputForm::Base64), text.as_bytes()),
        },
        _ => Recognised::whole(Material::Document(InputForm::Base64), text.as_bytes()),
    }
}

/// The service's envelope in the midst of other text.
fn enclosed(text: &str) -> Option<Recognised<'_>> {
    let mut found = envelopes(text);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Some(Recognised::whole(Material::Documents, text.as_bytes())),
        (Some(object), None) => Some(Recognised::part(object.as_bytes(), InputForm::Envelope, Wrapping::Text)),
        _ => None,
    }
}

/// What looks like an envelope, from brace to brace: it is flat. One that names two signatures is one.
fn envelopes(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(|(at, _)| {
        let object = text.get(at..)?;
        let end = object.get(1..)?.find(['{', '}'])?.checked_add(1)?;
        let object = object.get(..end.checked_add(1)?)?;
        (object.ends_with('}') && object.contains("\"signature\"")).then_some(object)
    })
}

/// A list of properties as PowerShell shows it: `signature : MII..`, broken over lines.
fn listed(text: &str, depth: usize) -> Option<Recognised<'_>> {
    let (_, behind) = text.split_once("signature")?;
    let value = behind.trim_start_matches(' ').strip_prefix(':')?;
    let lines = value.lines().enumerate().take_while(|(number, line)| *number == 0 || !line.contains(':'));
    let joined: String = lines.flat_map(|(_, line)| line.split_whitespace()).collect();
    let found = digits(&joined, depth).filter(Recognised::is_document)?.into_owned();
    Some(found.inside(Wrapping::Text))
}

/// Text that holds no document.
fn other(text: &str) -> Material {
    let beginning = text.get(..64).unwrap_or(text).to_ascii_lowercase();
    let starts = |beginnings: &[&str]| beginnings.iter().any(|it| beginning.starts_with(it));
    if starts(&["<!doctype html", "<html", "<head", "<body"]) {
        Material::Html
    } else if starts(&["<"]) {
        Material::Xml
    } else if starts(&["http://", "https://"]) && !text.contains(char::is_whitespace) {
        Material::Address
    } else if starts(&["{", "["]) {
        Material::Json
    } else {
        Material::Text
    }
}

fn is_uuid(text: &str) -> bool {
    let mut parts = text.split('-').map(|part| (part.len(), part.bytes().all(|byte| byte.is_ascii_hexdigit())));
    [8, 4, 4, 4, 12].into_iter().all(|length| parts.next() == Some((length, true))) && parts.next().is_none()
}
