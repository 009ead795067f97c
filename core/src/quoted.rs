//! Text from outside, bounded and escaped so that it can be shown anywhere.

use alloc::string::String;
use core::fmt;

/// A value that came from outside, made safe to put into an error, a report, a terminal or a page.
///
/// At most [`Quoted::LIMIT`] characters are kept. Control characters, escape sequences, line and paragraph
/// separators, directional overrides and invisible characters are written as `\u{..}`, bytes that are
/// not UTF-8 as `\x..`. Shown in double quotes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quoted(String);

impl Quoted {
    /// Characters kept of the original.
    pub const LIMIT: usize = 120;

    /// The text between the quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Escapes bytes that are probably text.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut escaped = Escaped::default();
        for chunk in bytes.utf8_chunks() {
            if !chunk.valid().chars().all(|character| escaped.push(character)) {
                break;
            }
            if !chunk.invalid().iter().all(|byte| escaped.push_byte(*byte)) {
                break;
            }
        }
        Self(escaped.text)
    }
}

impl From<&str> for Quoted {
    fn from(text: &str) -> Self {
        let mut escaped = Escaped::default();
        let _all = text.chars().all(|character| escaped.push(character));
        Self(escaped.text)
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0)
    }
}

impl fmt::Debug for Quoted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Escaped text under construction; each push says whether there is room for more.
#[derive(Default)]
struct Escaped {
    text: String,
    taken: usize,
}

impl Escaped {
    fn push(&mut self, character: char) -> bool {
        if !self.take() {
            return false;
        }
        match character {
            '"' | '\\' => {
                self.text.push('\\');
                self.text.push(character);
            }
            _ if is_unsafe(character) => {
                for part in character.escape_unicode() {
                    self.text.push(part);
                }
            }
            _ => self.text.push(character),
        }
        true
    }

    fn push_byte(&mut self, byte: u8) -> bool {
        if !self.take() {
            return false;
        }
        self.text.push_str(&alloc::format!("\\x{byte:02x}"));
        true
    }

    fn take(&mut self) -> bool {
        if self.taken >= Quoted::LIMIT {
            if self.taken == Quoted::LIMIT {
                self.text.push('…');
                self.taken = self.taken.saturating_add(1);
            }
            return false;
        }
        self.taken = self.taken.saturating_add(1);
        true
    }
}

/// Characters that move the cursor, turn the reading direction round, or can't be seen.
const fn is_unsafe(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn escapes_what_moves_or_hides() {
        let text = "a\u{1b}[31m\r\n\u{202e}b\u{200b}\"\\";
        assert_eq!(Quoted::from(text).to_string(), "\"a\\u{1b}[31m\\u{d}\\u{a}\\u{202e}b\\u{200b}\\\"\\\\\"");
        assert_eq!(Quoted::from_bytes(b"ok\xff\xfe").as_str(), "ok\\xff\\xfe");
    }

    #[test]
    fn is_bounded() {
        let long = "x".repeat(100_000);
        let expected = "x".repeat(Quoted::LIMIT) + "…";
        assert_eq!(Quoted::from(long.as_str()).as_str(), expected);
        assert_eq!(Quoted::from_bytes(long.as_bytes()).as_str(), expected);
        assert_eq!(Quoted::from(&*"y".repeat(Quoted::LIMIT)).as_str().len(), Quoted::LIMIT);
    }
}
