//! UUIDs as Azure writes them.

/// Reads `12345678-9abc-def0-1122-334455667788`, in any case.
pub(crate) fn read(text: &str) -> Option<[u8; 16]> {
    let groups = [8, 4, 4, 4, 12];
    let mut parts = text.split('-');
    if !groups.iter().all(|length| parts.next().is_some_and(|part| part.len() == *length)) || parts.next().is_some() {
        return None;
    }
    let mut digits = text.chars().filter(|character| *character != '-').map(|digit| digit.to_digit(16));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        let (high, low) = (digits.next()??, digits.next()??);
        *byte = u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()?;
    }
    Some(bytes)
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
        assert_eq!(read("12345678-9abc-def0-1122-334455667788"), Some(BYTES));
        assert_eq!(read("12345678-9ABC-DEF0-1122-334455667788"), Some(BYTES));
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
            "{2345678-9abc-def0-1122-33445566778}",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn the_first_three_groups_are_turned() {
        let turned = read("78563412-bc9a-f0de-1122-334455667788").unwrap();
        assert_eq!(other_order(BYTES), turned);
        assert_eq!(other_order(turned), BYTES);
    }
}
