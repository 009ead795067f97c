//! What the rows of a record must keep, checked while the crate is compiled.

use super::{RecordField, RecordType};

/// Refuses a record whose rows are not in order. The error names the row, and below it which function refused it.
///
/// It is called in constants alone: what it refuses does not compile.
pub(crate) const fn accepted(table: &RecordType) {
    if !is_sentence(table.about) {
        the_sentence_is_empty_or_ends_with_a_full_stop(table.name);
    }
    let mut rows = table.fields;
    while let [row, below @ ..] = rows {
        if !is_sentence(row.about) || matches!(row.note, Some(note) if !is_sentence(note)) {
            the_sentence_is_empty_or_ends_with_a_full_stop(row.name);
        }
        let mut others = below;
        while let [other, further @ ..] = others {
            if shares_a_name(row, other) {
                the_wire_name_is_there_twice(other.name);
            }
            others = further;
        }
        rows = below;
    }
}

#[expect(clippy::panic, reason = "it ends a compilation, never a program")]
const fn the_sentence_is_empty_or_ends_with_a_full_stop(row: &str) {
    panic!("{}", row);
}

#[expect(clippy::panic, reason = "it ends a compilation, never a program")]
const fn the_wire_name_is_there_twice(row: &str) {
    panic!("{}", row);
}

const fn is_sentence(text: &str) -> bool {
    !matches!(text.as_bytes(), [] | [.., b'.' | b' '])
}

/// Whether two rows are read from one member. A derived one has no name of its own.
const fn shares_a_name(row: &RecordField, other: &RecordField) -> bool {
    !row.wire_name.is_empty()
        && (are_equal(row.wire_name, other.wire_name)
            || is_among(row.wire_name, other.other_names)
            || is_among(other.wire_name, row.other_names))
}

const fn is_among(name: &str, mut names: &[&str]) -> bool {
    while let [first, rest @ ..] = names {
        if are_equal(name, first) {
            return true;
        }
        names = rest;
    }
    false
}

const fn are_equal(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    loop {
        match (one, other) {
            ([], []) => return true,
            ([first, rest @ ..], [also, remainder @ ..]) if *first == *also => (one, other) = (rest, remainder),
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RecordKind, Since, Wire};
    use super::*;

    const fn row(name: &'static str, wire_name: &'static str, about: &'static str) -> RecordField {
        RecordField {
            name,
            wire_name,
            other_names: &["otherName"],
            kind: RecordKind::Text,
            wire: Wire::Text,
            since: Since::Unknown,
            fixed: false,
            required: false,
            about,
            note: None,
        }
    }

    fn check(fields: &'static [RecordField]) {
        accepted(&RecordType { name: "Record", about: "A record", note: None, fields, beside: &[] });
    }

    #[test]
    fn what_is_in_order_passes() {
        check(const { &[row("one", "one", "One"), row("derived", "", "Of it"), row("also_derived", "", "Of it")] });
    }

    #[test]
    #[should_panic(expected = "second")]
    fn a_wire_name_is_there_once() {
        check(const { &[row("first", "one", "One"), row("second", "one", "Two")] });
    }

    #[test]
    #[should_panic(expected = "second")]
    fn another_spelling_is_a_name_too() {
        check(const { &[row("first", "one", "One"), row("second", "otherName", "Two")] });
    }

    #[test]
    #[should_panic(expected = "first")]
    fn a_row_has_a_sentence() {
        check(const { &[row("first", "one", "")] });
    }

    #[test]
    #[should_panic(expected = "first")]
    fn a_sentence_has_no_full_stop() {
        check(const { &[row("first", "one", "One.")] });
    }

    #[test]
    #[should_panic(expected = "2021-2-01")]
    fn a_version_is_a_date() {
        let _ = crate::metadata::api_version::ApiVersion::literal("2021-2-01");
    }
}
