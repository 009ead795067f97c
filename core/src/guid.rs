//! UUIDs as Azure writes them.

/// Reads `12345678-9abc-def0-1122-334455667788`, in any case: groups of 8, 4, 4, 4 and 12 digits, RFC 9562 section 4.
pub(crate) fn read(text: &[u8]) -> Option<[u8; 16]> {
    let mut digits = [0; 32];
    let mut written = digits.iter_mut();
    for (at, byte) in text.iter().enumerate() {
        match at {
            8 | 13 | 18 | 23 if *byte == b'-' => {}
            _ => *written.next()? = *byte,
        }
    }
    let mut bytes = [0; 16];
    let is_whole = text.len() == 36;
    (is_whole && base16ct::mixed::decode(digits, &mut bytes).is_ok()).then_some(bytes)
}

/// The same with the bytes of the first three groups in reverse.
pub(crate) const fn other_order(guid: [u8; 16]) -> [u8; 16] {
    let [a, b, c, d, e, f, g, h, rest @ ..] = guid;
    let [i, j, k, l, m, n, o, p] = rest;
    [d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p]
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: [u8; 16] =
        [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88];

    #[test]
    fn the_form_is_held_to() {
        assert_eq!(read(b"12345678-9abc-def0-1122-334455667788"), Some(BYTES));
        assert_eq!(read(b"12345678-9ABC-DEF0-1122-334455667788"), Some(BYTES));
        for other in [
            "",
            "123456789abcdef01122334455667788",
            "1234567-89abc-def0-1122-334455667788",
            "12345678-9abc-def0-1122-33445566778",
            "12345678-9abc-def0-1122-3344556677889",
            "12345678-9abc-def0-1122-334455667788-",
            "12345678-9abc-def0-1122-334455667788-0",
            "12345678-9abc-def0-1122",
            "12345678-9abc-defg-1122-334455667788",
            "12345678a9abc-def0-1122-334455667788",
            "12345678-9abc-def0-1122a334455667788",
            "1234567-89abc-def0-1122-334455667788",
            "12345678-9abc-def0-1122-3344556677-8",
            "{2345678-9abc-def0-1122-33445566778}",
        ] {
            assert_eq!(read(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn the_first_three_groups_are_turned() {
        let turned = read(b"78563412-bc9a-f0de-1122-334455667788").unwrap();
        assert_eq!(other_order(BYTES), turned);
        assert_eq!(other_order(turned), BYTES);
    }
}
