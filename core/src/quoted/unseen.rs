//! The characters that a reader does not see, or that change how others are seen: a table, and where it is from.

/// Whether a character must not be shown as it is.
pub(crate) fn is_unseen(character: char) -> bool {
    // Most of what is shown is ASCII.
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let place = UNSEEN.partition_point(|(_, last)| *last < character);
    UNSEEN.get(place).is_some_and(|(first, _)| *first <= character)
}

/// Ranges in order, both ends included.
///
/// `D`: the property `Default_Ignorable_Code_Point` of Unicode 17.0 (`DerivedCoreProperties.txt`), which is what shows
/// nothing where it is not supported. Beside it, by general category (`DerivedGeneralCategory.txt`, the same version):
/// `Cc`, controls; `Cf`, formats; `Zl`, `Zp` and `Zs`, separators, which look like a plain space or nothing; `Co`,
/// private use, and `Cn`, noncharacters and planes without characters, of which nobody can say what is seen. The rest
/// is named one by one.
const UNSEEN: &[(char, char)] = &[
    ('\0', '\u{1f}'),            // Cc
    ('\u{7f}', '\u{a0}'),        // Cc; Zs: the no-break space
    ('\u{ad}', '\u{ad}'),        // D
    ('\u{34f}', '\u{34f}'),      // D: combining grapheme joiner
    ('\u{600}', '\u{605}'),      // Cf: signs that span the digits behind them
    ('\u{61c}', '\u{61c}'),      // D: Arabic letter mark
    ('\u{6dd}', '\u{6dd}'),      // Cf
    ('\u{70f}', '\u{70f}'),      // Cf
    ('\u{890}', '\u{891}'),      // Cf
    ('\u{8e2}', '\u{8e2}'),      // Cf
    ('\u{115f}', '\u{1160}'),    // D: Hangul fillers
    ('\u{1680}', '\u{1680}'),    // Zs
    ('\u{17b4}', '\u{17b5}'),    // D: Khmer inherent vowels
    ('\u{180b}', '\u{180f}'),    // D: Mongolian selectors and vowel separator
    ('\u{2000}', '\u{200f}'),    // Zs; D: zero width and directional marks
    ('\u{2028}', '\u{202f}'),    // Zl, Zp; D: directional embeddings and overrides; Zs
    ('\u{205f}', '\u{206f}'),    // Zs; D: invisible operators and isolates
    ('\u{2800}', '\u{2800}'),    // The Braille pattern without a dot: by category a symbol, and nothing is seen.
    ('\u{3000}', '\u{3000}'),    // Zs
    ('\u{3164}', '\u{3164}'),    // D: Hangul filler
    ('\u{e000}', '\u{f8ff}'),    // Co
    ('\u{fdd0}', '\u{fdef}'),    // Cn
    ('\u{fe00}', '\u{fe0f}'),    // D: variation selectors
    ('\u{feff}', '\u{feff}'),    // D: byte order mark
    ('\u{ffa0}', '\u{ffa0}'),    // D: half-width Hangul filler
    ('\u{fff0}', '\u{ffff}'),    // D, Cf; what stands for an object or for what could not be read; Cn
    ('\u{110bd}', '\u{110bd}'),  // Cf
    ('\u{110cd}', '\u{110cd}'),  // Cf
    ('\u{13430}', '\u{1343f}'),  // Cf: how hieroglyphs are put together
    ('\u{16fe4}', '\u{16fe4}'),  // The Khitan filler: by category a mark, and nothing is seen.
    ('\u{1bca0}', '\u{1bca3}'),  // D: shorthand controls
    ('\u{1d159}', '\u{1d159}'),  // The note without a head: by category a symbol, and nothing is seen.
    ('\u{1d173}', '\u{1d17a}'),  // D: beams and slurs of music
    ('\u{1fffe}', '\u{1ffff}'),  // Cn
    ('\u{2fffe}', '\u{2ffff}'),  // Cn
    ('\u{3fffe}', '\u{10ffff}'), // Cn; D: tags and variation selectors; Co
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(UNSEEN.iter().all(|(first, last)| first <= last));
        assert!(UNSEEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn what_hides_is_known_and_what_is_seen_is_not() {
        let hidden = "\u{3164}\u{115f}\u{1160}\u{ffa0}\u{2800}\u{34f}\u{17b4}\u{fe0f}\u{1d173}\u{110bd}\u{7f}\u{200d}\
                      \u{e0041}\u{10ffff}\u{a0}\u{1b}";
        for character in hidden.chars() {
            assert!(is_unseen(character), "{character:?}");
        }
        for character in " ~aé·Ж漢한\u{301}\u{2801}☎🎼".chars() {
            assert!(!is_unseen(character), "{character:?}");
        }
    }
}
