//! Edits of source text that is matched token by token, so that its layout makes no difference.

use std::ops::Range;

use super::table::Check;

/// A span of the source and the text that takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    span: Range<usize>,
    text: String,
}

/// The source with all checks made removable.
///
/// # Errors
///
/// A sentence that names the check whose text is not found exactly once, or overlaps another's.
pub fn apply(source: &str, checks: &[&Check]) -> Result<String, String> {
    let mut edits: Vec<(Edit, &str)> = Vec::new();
    for check in checks {
        let guard = format!("crate::removed({:?})", check.name);
        for (find, replace) in &check.edits {
            let edit = locate(source, find, &replace.replace("REMOVED", &guard))
                .map_err(|reason| format!("{} in {}: {reason}", check.name, check.file))?;
            edits.push((edit, &check.name));
        }
    }
    // Several insertions at one place stay in the order of the table.
    edits.sort_by_key(|(edit, _)| (edit.span.start, edit.span.end));
    let mut patched = String::new();
    let mut done = 0;
    let mut previous = (0..0, "");
    for (Edit { span, text }, name) in edits {
        let inserts = source[span.clone()].trim().is_empty();
        if span.start < done && !(inserts && span == previous.0) {
            return Err(format!("the edits of {} and {name} overlap", previous.1));
        }
        patched.push_str(source.get(done..span.start).unwrap_or_default());
        patched.push_str(&text);
        done = span.end;
        previous = (span, name);
    }
    patched.push_str(&source[done..]);
    Ok(patched)
}

/// The smallest edit: what the two texts begin and end with alike stays as it is.
fn locate(source: &str, find: &str, replace: &str) -> Result<Edit, String> {
    let (in_source, in_find, in_replace) = (tokens(source), tokens(find), tokens(replace));
    let same = |(one, other): (&Range<usize>, &Range<usize>)| source[one.clone()] == find[other.clone()];
    let holds = |window: &[Range<usize>]| window.iter().zip(&in_find).all(same);
    let windows = in_source.windows(in_find.len().max(1)).enumerate();
    let places: Vec<usize> = windows.filter(|(_, window)| holds(window)).map(|(at, _)| at).collect();
    let [at] = places.as_slice() else {
        return Err(format!("the text to find is there {} times, not once", places.len()));
    };
    let here = &in_source[*at..at + in_find.len()];
    let alike = |pair: &(&Range<usize>, &Range<usize>)| find[pair.0.clone()] == replace[pair.1.clone()];
    let start = in_find.iter().zip(&in_replace).take_while(alike).count();
    let rest = in_find.len().min(in_replace.len()) - start;
    let end = in_find.iter().rev().zip(in_replace.iter().rev()).take(rest).take_while(alike).count();
    Ok(Edit { span: between(here, start, end), text: replace[between(&in_replace, start, end)].to_owned() })
}

/// From the end of the token before to the begin of the token after, white space included.
fn between(tokens: &[Range<usize>], start: usize, end: usize) -> Range<usize> {
    let first = if start == 0 { tokens.first().map(|it| it.start) } else { tokens.get(start - 1).map(|it| it.end) };
    let last =
        if end == 0 { tokens.last().map(|it| it.end) } else { tokens.get(tokens.len() - end).map(|it| it.start) };
    first.unwrap_or_default()..last.unwrap_or_default()
}

/// Words, and single characters of any other kind, without the white space between them.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut in_word = false;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        let is_word = character.is_alphanumeric() || character == '_';
        match tokens.last_mut() {
            Some(last) if is_word && in_word => last.end = end,
            _ if character.is_whitespace() => {}
            _ => tokens.push(at..end),
        }
        in_word = is_word;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, find: &str, replace: &str) -> Check {
        Check { name: name.to_owned(), edits: vec![(find.to_owned(), replace.to_owned())], ..Check::default() }
    }

    fn patched(source: &str, checks: &[Check]) -> Result<String, String> {
        apply(source, &checks.iter().collect::<Vec<_>>())
    }

    #[test]
    fn layout_makes_no_difference() {
        let found =
            patched("if long(\n    one,\n) {\n", &[check("a", "if long(one,) {", "if long(one,) && !REMOVED {")]);
        assert_eq!(found.unwrap(), "if long(\n    one,\n) && !crate::removed(\"a\") {\n");
        assert_eq!(patched("a == b", &[check("a", "a == b", "a != b")]).unwrap(), "a != b");
        assert_eq!(patched("b", &[check("a", "b", "a b")]).unwrap(), "a b");
        assert_eq!(patched("b", &[check("a", "b", "b c")]).unwrap(), "b c");
    }

    #[test]
    fn insertions_at_one_place_follow_each_other() {
        let checks = [check("a", "x {", "x || REMOVED {"), check("b", "x {", "x || REMOVED {")];
        assert_eq!(patched("if x {", &checks).unwrap(), "if x || crate::removed(\"a\")  || crate::removed(\"b\") {");
    }

    #[test]
    fn what_is_not_there_once_is_refused() {
        for (source, checks) in [
            ("a", vec![check("it", "b", "c")]),
            ("b b", vec![check("it", "b", "c")]),
            ("a b c", vec![check("one", "a b", "x y"), check("it", "b c", "z")]),
        ] {
            assert!(patched(source, &checks).unwrap_err().contains("it"));
        }
    }
}
