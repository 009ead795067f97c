//! Text from outside, bounded and escaped so that it can be shown anywhere.

use alloc::string::String;
use core::fmt::{self, Write as _};

pub(crate) mod unseen;

use self::unseen::is_unseen;

/// A value that came from outside, made safe to put into an error, a report, a terminal or a page.
///
/// At most [`Quoted::LIMIT`] characters are kept. Characters that show nothing or change how others are shown are
/// written as `\u{..}`: controls, directional overrides, separators other than the plain space, and all of Unicode's
/// property `Default_Ignorable_Code_Point`, among others. Bytes that are not UTF-8 are written as `\x..`. Shown in
/// double quotes.
///
/// Names of certificates are escaped as [RFC 4514](https://www.rfc-editor.org/rfc/rfc4514#section-2.4) does instead:
/// `\E2\A0\80`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quoted(String);

impl Quoted {
    /// Characters kept of the original.
    pub const LIMIT: usize = 120;

    /// The text between the quotes.
    ///
    /// ```
    /// use azure_imds::Quoted;
    ///
    /// let quoted = Quoted::from("vm-1");
    /// assert_eq!(quoted.as_str(), "vm-1");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Bytes that are not text, two digits each.
    pub(crate) fn hexadecimal(bytes: &[u8]) -> Self {
        Self::from(&*base16ct::lower::encode_string(bytes))
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

    /// The whole text with those characters escaped that are not seen, and no others: for text that is bounded already.
    #[must_use]
    pub fn printable(text: &str) -> String {
        let mut printable = String::with_capacity(text.len());
        for character in text.chars() {
            push(&mut printable, character);
        }
        printable
    }

    /// A text that is written in pieces and escapes itself: what begins with a backslash is one character.
    pub(crate) fn from_escaped(text: &impl fmt::Display) -> Self {
        Self(bounded(text, Self::LIMIT))
    }
}

/// At most so many characters of a text that is written in pieces and escapes itself; one that is cut ends in `…`.
pub(crate) fn bounded(text: &impl fmt::Display, limit: usize) -> String {
    let mut pieces = Pieces(Escaped { limit, ..Escaped::default() });
    // The only failure is that there is no room left.
    let _is_whole = write!(pieces, "{text}");
    pieces.0.text
}

/// Takes pieces as they are written, until there is no room for more.
struct Pieces(Escaped);

impl fmt::Write for Pieces {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if piece.starts_with('\\') {
            if !self.0.take() {
                return Err(fmt::Error);
            }
            self.0.text.push_str(piece);
            return Ok(());
        }
        for character in piece.chars() {
            if !self.0.take() {
                return Err(fmt::Error);
            }
            self.0.text.push(character);
        }
        Ok(())
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
struct Escaped {
    text: String,
    taken: usize,
    limit: usize,
}

impl Default for Escaped {
    fn default() -> Self {
        Self { text: String::new(), taken: 0, limit: Quoted::LIMIT }
    }
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
            _ => push(&mut self.text, character),
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
        if self.taken >= self.limit {
            if self.taken == self.limit {
                self.text.push('…');
                self.taken = self.taken.saturating_add(1);
            }
            return false;
        }
        self.taken = self.taken.saturating_add(1);
        true
    }
}

/// Adds a character, escaped if it is not seen.
fn push(text: &mut String, character: char) {
    if is_unseen(character) {
        text.extend(character.escape_unicode());
    } else {
        text.push(character);
    }
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
    fn printable_text_is_whole_and_keeps_quotes() {
        let text = "\"\\\u{3164}".repeat(Quoted::LIMIT);
        assert_eq!(Quoted::printable(&text), "\"\\\\u{3164}".repeat(Quoted::LIMIT));
    }

    #[test]
    fn an_escape_is_never_cut() {
        /// Writes three characters of which the second is an escape.
        struct Name;
        impl fmt::Display for Name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a")?;
                formatter.write_str("\\E2\\A0\\80")?;
                formatter.write_str("b")
            }
        }
        assert_eq!([0, 1, 2, 3].map(|limit| bounded(&Name, limit)), ["…", "a…", "a\\E2\\A0\\80…", "a\\E2\\A0\\80b"]);
        assert_eq!(Quoted::from_escaped(&Name).to_string(), "\"a\\E2\\A0\\80b\"");
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
