//! What stays the same while the machine runs, remembered for all calls of a client.
//!
//! ```text
//!   │ whole │ path │ text │ bytes of both, four to a word │ whole │ path │ text │ ... │ free ...
//! ```
//!
//! The fields that stay the same are few and short, so that a log of fixed size holds them all. It is only added to, and
//! made of atomic numbers, so that every call of a client shares it without a lock: who adds takes a stretch of the free
//! part for itself, fills it, and says last that it is whole. Until then others see an end there. What finds no room is
//! not remembered, and asked for again.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};

/// Words of the log: 4 KiB.
const WORDS: usize = 1_024;

/// Words before the bytes of an entry: how many words the entry has, bytes of its path, bytes of its text.
const HEAD: usize = 3;

/// The log.
#[derive(Debug)]
pub(super) struct Remembered {
    words: Box<[AtomicU32]>,
    /// Words that are taken.
    taken: AtomicU32,
}

impl Default for Remembered {
    fn default() -> Self {
        Self { words: (0..WORDS).map(|_| AtomicU32::new(0)).collect(), taken: AtomicU32::new(0) }
    }
}

impl Remembered {
    /// The text of a path.
    pub(super) fn text_of(&self, path: &str) -> Option<String> {
        let mut rest = &*self.words;
        loop {
            let [whole, path_length, text_length, bytes @ ..] = rest else { return None };
            // The stretch is filled before this is written, and read after it was read.
            let length = usize::try_from(whole.load(Ordering::Acquire)).ok()?;
            if length < HEAD {
                return None;
            }
            let [path_length, text_length] = [path_length, text_length].map(|word| word.load(Ordering::Relaxed));
            if usize::try_from(path_length) == Ok(path.len()) {
                let both = read(bytes, path_length.checked_add(text_length)?);
                if let Some(text) = both.strip_prefix(path.as_bytes()) {
                    return String::from_utf8(text.to_vec()).ok();
                }
            }
            rest = rest.get(length..)?;
        }
    }

    /// Remembers the text of a path, if there is room. A path that is there keeps its text.
    pub(super) fn add(&self, path: &str, text: &str) {
        if self.text_of(path).is_none() {
            self.append(path, text);
        }
    }

    /// Nothing if there is no room.
    fn append(&self, path: &str, text: &str) -> Option<()> {
        let (path_length, text_length) = (u32::try_from(path.len()).ok()?, u32::try_from(text.len()).ok()?);
        let words = path.len().checked_add(text.len())?.div_ceil(4).checked_add(HEAD)?;
        let length = u32::try_from(words).ok()?;
        let end =
            |taken: u32| taken.checked_add(length).filter(|end| usize::try_from(*end).is_ok_and(|it| it <= WORDS));
        let start = self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, end).ok()?;
        let [whole, path_word, text_word, bytes @ ..] = self.words.get(usize::try_from(start).ok()?..)? else {
            return None;
        };
        path_word.store(path_length, Ordering::Relaxed);
        text_word.store(text_length, Ordering::Relaxed);
        let both = [path.as_bytes(), text.as_bytes()].concat();
        for (word, four) in bytes.iter().zip(both.chunks(4)) {
            let mut filled = [0; 4];
            filled.iter_mut().zip(four).for_each(|(to, from)| *to = *from);
            word.store(u32::from_le_bytes(filled), Ordering::Relaxed);
        }
        whole.store(length, Ordering::Release);
        Some(())
    }
}

/// So many bytes, as far as there are.
fn read(words: &[AtomicU32], length: u32) -> Vec<u8> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut bytes: Vec<u8> =
        words.iter().take(length.div_ceil(4)).flat_map(|word| word.load(Ordering::Relaxed).to_le_bytes()).collect();
    bytes.truncate(length);
    bytes
}

#[cfg(test)]
mod tests {
    extern crate std;

    use alloc::format;
    use alloc::string::ToString as _;
    use std::thread;

    use super::*;
    use crate::metadata::path::MetadataPath;
    use crate::metadata::schema;

    #[test]
    fn a_path_has_the_text_that_it_was_given_first() {
        let remembered = Remembered::default();
        let pairs = [("compute/vmId", "5a1b"), ("compute/zone", ""), ("compute/name", "größe\n"), ("", "x")];
        for (path, text) in pairs {
            assert_eq!(remembered.text_of(path), None);
            remembered.add(path, text);
            remembered.add(path, "another");
        }
        for (path, text) in pairs {
            assert_eq!(remembered.text_of(path).as_deref(), Some(text), "{path}");
        }
        for other in ["compute/vmI", "compute/vmIdx", "compute/vmid"] {
            assert_eq!(remembered.text_of(other), None, "{other}");
        }
    }

    #[test]
    fn what_finds_no_room_is_not_remembered() {
        let remembered = Remembered::default();
        remembered.add("a", &"x".repeat(4 * WORDS));
        assert_eq!(remembered.text_of("a"), None);
        for number in 0..WORDS {
            remembered.add(&format!("{number:05}"), "01234567890123456789");
        }
        // Ten words each.
        let there = (0..WORDS).filter(|number| remembered.text_of(&format!("{number:05}")).is_some());
        assert_eq!(there.collect::<Vec<_>>(), (0..WORDS / 10).collect::<Vec<_>>());
        remembered.add("b", "y");
        assert_eq!(remembered.text_of("b").as_deref(), Some("y"), "four words were left");
        remembered.add("c", "");
        assert_eq!(remembered.text_of("c"), None);
    }

    #[test]
    fn all_that_stays_the_same_finds_room() {
        let remembered = Remembered::default();
        let fixed = schema::fields().into_iter().filter(|field| field.fixed).map(|field| field.path.to_string());
        let fixed: Vec<String> = fixed.collect();
        assert!(fixed.len() > 10);
        for path in &fixed {
            assert_eq!(schema::is_leaf(&MetadataPath::parse(path).unwrap()), Some(true), "{path}");
            remembered.add(path, &"x".repeat(128));
            assert!(remembered.text_of(path).is_some(), "{path}");
        }
    }

    #[test]
    fn threads_see_whole_texts_alone() {
        let remembered = Remembered::default();
        thread::scope(|scope| {
            for first in 0..4 {
                let remembered = &remembered;
                scope.spawn(move || {
                    for number in (0..20).map(|number| (number + first * 5) % 20) {
                        let (path, text) = (format!("path/{number}"), format!("text {number}").repeat(3));
                        remembered.add(&path, &text);
                        assert!(remembered.text_of(&path).is_none_or(|found| found == text));
                    }
                });
            }
        });
        for number in 0..20 {
            let found = remembered.text_of(&format!("path/{number}"));
            assert_eq!(found, Some(format!("text {number}").repeat(3)));
        }
    }
}
