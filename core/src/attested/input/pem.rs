//! Blocks of PEM, [RFC 7468](https://www.rfc-editor.org/rfc/rfc7468), one after the other: documents and certificates.
//!
//! Cut here, because bundles come with text around the blocks, lines of any length and without padding, which readers of
//! the strict form refuse. What stands in the blocks is decoded by a library of base64.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::quoted::Quoted;

/// One block.
pub(in crate::attested) struct Block<'a> {
    /// What stands behind `BEGIN` and `END`.
    pub(in crate::attested) label: &'a [u8],
    /// The lines between them, without their ends.
    pub(in crate::attested) base64: Vec<u8>,
    /// What follows the dashes in the last line.
    pub(in crate::attested) tail: &'a [u8],
}

/// The first block of a text, and the text cut off behind it. Lines before it are passed over.
pub(in crate::attested) fn next_block<'a>(text: &mut &'a [u8]) -> Option<Result<Block<'a>, String>> {
    let mut open: Option<&[u8]> = None;
    let mut base64 = Vec::new();
    while !text.is_empty() {
        let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
        let (line, behind) = text.split_at_checked(end)?;
        let begun = line.strip_prefix(b"-----BEGIN ");
        if begun.is_some() && open.is_some() {
            break;
        }
        *text = behind.get(1..).unwrap_or_default();
        if let Some(begun) = begun {
            open = begun.trim_ascii_end().strip_suffix(b"-----").filter(|label| !label.ends_with(b"-"));
            if open.is_none() {
                return Some(Err(format!("the line {} begins no block", Quoted::from_bytes(line))));
            }
        } else if let Some(label) = open {
            let ended = line.strip_prefix(b"-----END ").and_then(|line| line.strip_prefix(label));
            match ended.and_then(|rest| rest.strip_prefix(b"-----")) {
                Some(tail) => return Some(Ok(Block { label, base64, tail })),
                None => base64.extend_from_slice(line),
            }
        }
    }
    let label = Quoted::from_bytes(open?);
    Some(Err(format!("the line -----END {}----- is missing", label.as_str())))
}
