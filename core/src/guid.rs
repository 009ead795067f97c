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
