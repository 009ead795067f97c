//! Random text that is the same in every run.

use azure_imds_tests::rng::SeededRng;

pub(crate) struct Random(SeededRng);

impl Random {
    pub(crate) fn new(purpose: &str) -> Self {
        Self(SeededRng::new(b"values", purpose))
    }

    /// A number from zero that is less than this.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let bytes: [u8; 4] = self.0.bytes(4).try_into().unwrap();
        usize::try_from(u32::from_be_bytes(bytes)).unwrap() % limit
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.0.bytes(1)[0]
    }

    /// Text of up to so many characters, half of them such as have a meaning somewhere.
    pub(crate) fn text(&mut self, most: usize) -> String {
        let special: Vec<char> = "/%.:;?#&\\\"{}[] \u{0}\n\u{7f}é\u{202e}🦅-_~0127aZ+,='".chars().collect();
        let length = self.below(most + 1);
        (0..length)
            .map(|_| match self.below(2) {
                0 => special[self.below(special.len())],
                _ => char::from(b'a' + u8::try_from(self.below(26)).unwrap()),
            })
            .collect()
    }
}
