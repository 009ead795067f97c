//! Source text in which mutants can be switched on one by one.
//!
//! ```text
//!   fn f() -> bool { body }     fn f() -> bool { if mutant(1) { return true; } body }
//!   a == b                      ((a == b) != mutant(1))
//!   a && b                      (match a { l => if l != mutant(1) { b } else { l } })
//!   a < b                       (match (&(a), &(b)) { (l, r) => if mutant(1) { l == r } else .. { l < r } })
//!   a && b && c                 (if mutant(1) { a || b && c } else { .. })
//!   !a                          (match a { v => if mutant(1) { v } else { !v } })
//!   pattern if guard => ..      pattern if !mutant(1) && (mutant(2) || !mutant(3) && (guard)) => ..
//! ```
//!
//! Mostly no operand is written twice, so that mutants within each other need no more text than the sum of them. Where
//! another operator would bind otherwise (`a && b && c` becomes `a || (b && c)`), the whole chain is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use syn::visit::Visit as _;

use super::list::Mutant;
use super::syntax::{Binary, Field, Nodes};

/// A source and what was put into it.
#[derive(Debug)]
pub struct Switched {
    /// The text for the compiler.
    pub text: String,
    /// What was inserted, and for which mutants: an error in it is their fault.
    pub pieces: Vec<(Range<usize>, Vec<usize>)>,
    /// Whole expressions that were rewritten: an error in one may be the rewriting's fault.
    pub sites: Vec<(Range<usize>, Vec<usize>)>,
    /// Mutants that no question can stand before.
    pub left: Vec<usize>,
}

/// Puts the numbered mutants into the source; functions that ask a question are no longer `const`.
///
/// # Errors
///
/// A sentence, if the source can't be read as Rust.
pub fn switch(source: &str, mutants: &[(usize, &Mutant)]) -> Result<Switched, String> {
    let file = syn::parse_file(source).map_err(|error| format!("reading Rust: {error}"))?;
    let mut nodes = Nodes::new(source);
    nodes.visit_file(&file);
    let mut groups: BTreeMap<usize, Vec<(usize, &Mutant)>> = BTreeMap::new();
    let mut edits = Edits::default();
    for (number, mutant) in mutants {
        match nodes.lines.offset(mutant.start) {
            Some(start) if mutant.genre == "FnValue" => {
                let end = nodes.lines.offset(mutant.end).unwrap_or(start);
                let text = format!("if crate::mutant({number}) {{ return {}; }} ", mutant.replacement);
                edits.insert(start, Side::Before(end + 4 - start), vec![(text, vec![*number])]);
                edits.asked.push(start);
            }
            Some(start) => groups.entry(start).or_default().push((*number, mutant)),
            None => edits.left.push(*number),
        }
    }
    for (start, group) in groups {
        let is_constant = nodes.constants.iter().any(|span| span.contains(&start));
        if is_constant || !edits.rewrite(&nodes, start, &group) {
            edits.left.extend(group.iter().map(|(number, _)| *number));
        } else {
            edits.asked.push(start);
        }
    }
    for (body, token) in &nodes.const_functions {
        if edits.asked.iter().any(|at| body.contains(at)) {
            edits.list.push(Edit { at: token.start, side: Side::Instead, end: token.end, text: Vec::new() });
        }
    }
    Ok(edits.apply(source))
}

/// The `const` functions of these names, with their mutants: those that stay `const`, as constants need them.
#[must_use]
pub fn in_functions(source: &str, names: &BTreeSet<String>, mutants: &[(usize, &Mutant)]) -> Vec<usize> {
    let Ok(file) = syn::parse_file(source) else { return Vec::new() };
    let mut nodes = Nodes::new(source);
    nodes.visit_file(&file);
    let spans: Vec<_> = nodes.functions.iter().filter(|(name, _)| names.contains(name)).map(|(_, span)| span).collect();
    let is_inside = |mutant: &Mutant| {
        nodes.lines.offset(mutant.start).is_some_and(|at| spans.iter().any(|span| span.contains(&at)))
    };
    mutants.iter().filter(|(_, mutant)| is_inside(mutant)).map(|(number, _)| *number).collect()
}

/// A text with the mutants it belongs to.
type Piece = (String, Vec<usize>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// Ends what began here, the inner before the outer: by the length of what ends.
    After(usize),
    Instead,
    /// Begins something, the outer before the inner: by the length of what begins.
    Before(usize),
}

struct Edit {
    at: usize,
    side: Side,
    end: usize,
    text: Vec<Piece>,
}

#[derive(Default)]
struct Edits {
    list: Vec<Edit>,
    sites: Vec<(Range<usize>, Vec<usize>)>,
    left: Vec<usize>,
    /// Where questions stand.
    asked: Vec<usize>,
}

impl Edits {
    fn insert(&mut self, at: usize, side: Side, text: Vec<Piece>) {
        self.list.push(Edit { at, side, end: at, text });
    }

    fn wrap(&mut self, span: &Range<usize>, before: String, after: Vec<Piece>, all: &[usize]) {
        self.insert(span.start, Side::Before(span.len()), vec![(before, all.to_vec())]);
        self.insert(span.end, Side::After(span.len()), after);
        self.sites.push((span.clone(), all.to_vec()));
    }

    /// Rewrites the expression at one place for all mutants there; false if it can't be done.
    fn rewrite(&mut self, nodes: &Nodes<'_>, start: usize, group: &[(usize, &Mutant)]) -> bool {
        let all: Vec<usize> = group.iter().map(|(number, _)| *number).collect();
        let Some((_, first)) = group.first() else { return true };
        match first.genre.as_str() {
            "BinaryOperator" => self.binary(nodes, start, group, &all),
            // A guard may begin with an operator that has mutants of its own.
            _ if group.iter().any(|(_, other)| other.genre != first.genre) => {
                let (one, others): (Vec<_>, Vec<_>) = group.iter().partition(|(_, it)| it.genre == first.genre);
                self.rewrite(nodes, start, &one) && self.rewrite(nodes, start, &others)
            }
            "UnaryOperator" => {
                let Some((operator, operand)) = nodes.unary.get(&start) else { return false };
                let sign = &nodes.source[operator.clone()];
                let question = question(&all);
                let after = format!(") {{ v => if {question} {{ v }} else {{ {sign}v }} }})");
                let text = vec![(String::from("(match ("), all.clone())];
                let span = operator.start..operand.end;
                self.list.push(Edit { at: operator.start, side: Side::Before(span.len()), end: operator.start, text });
                self.list.push(Edit { at: operator.start, side: Side::Instead, end: operator.end, text: Vec::new() });
                self.insert(span.end, Side::After(span.len()), vec![(after, all.clone())]);
                self.sites.push((span, all));
                true
            }
            "MatchArm" => {
                let Some((pattern, guard)) = nodes.arms.get(&start) else { return false };
                let question = question(&all);
                if let Some(guard) = guard {
                    let before = vec![(format!("!{question} && ("), all.clone())];
                    self.insert(guard.start, Side::Before(guard.len() + 3), before);
                    self.insert(guard.end, Side::After(guard.len() + 3), vec![(String::from(")"), all)]);
                } else {
                    self.insert(pattern.end, Side::After(pattern.len()), vec![(format!(" if !{question}"), all)]);
                }
                true
            }
            "MatchArmGuard" => {
                let Some(guard) = nodes.guards.get(&start) else { return false };
                let mut before = String::from("(");
                for (number, mutant) in group {
                    match mutant.replacement.trim() {
                        "true" => before.push_str(&format!("crate::mutant({number}) || ")),
                        "false" => before.push_str(&format!("!crate::mutant({number}) && ")),
                        _ => return false,
                    }
                }
                // `||` binds less than `&&`: the one for true has to stand before the one for false.
                if before.find("||").zip(before.find("&&")).is_some_and(|(or, and)| or > and) {
                    return false;
                }
                before.push('(');
                // Longer than an operator's expression that is all of the guard, and so outside of it.
                self.insert(guard.start, Side::Before(guard.len() + 2), vec![(before, all.clone())]);
                self.insert(guard.end, Side::After(guard.len() + 2), vec![(String::from("))"), all.clone())]);
                self.sites.push((guard.clone(), all));
                true
            }
            "StructField" => {
                let Some(Field { name, value, base }) = nodes.fields.get(&start) else { return false };
                let (base, field) = (&nodes.source[base.clone()], &nodes.source[name.clone()]);
                let before = format!("if {} {{ ({base}).{field} }} else {{ ", question(&all));
                match value {
                    Some(value) => self.wrap(value, before, vec![(String::from(" }"), all.clone())], &all),
                    None => self.insert(
                        name.end,
                        Side::After(name.len()),
                        vec![(format!(": {before}{field} }}"), all.clone())],
                    ),
                }
                true
            }
            _ => false,
        }
    }

    fn binary(&mut self, nodes: &Nodes<'_>, start: usize, group: &[(usize, &Mutant)], all: &[usize]) -> bool {
        let Some(binary) = nodes.binary.get(&start) else { return false };
        let Binary { operator, left, right, chain, is_single } = binary;
        let sign = &nodes.source[operator.clone()];
        let span = left.start..right.end;
        if chain.has_let {
            return false;
        }
        let binds_alike = |(_, it): &(usize, &Mutant)| binding(it.replacement.trim()) == binding(sign);
        if !is_single && !group.iter().all(binds_alike) {
            for (number, mutant) in group {
                let (head, tail) =
                    (&nodes.source[chain.span.start..operator.start], &nodes.source[operator.end..chain.span.end]);
                let other = mutant.replacement.trim();
                let before = format!("(if crate::mutant({number}) {{ {head}{other}{tail} }} else {{ ");
                // Longer by one than what is rewritten in the chain, and so outside of it.
                let length = chain.span.len() + 1;
                self.insert(chain.span.start, Side::Before(length), vec![(before, vec![*number])]);
                self.insert(chain.span.end, Side::After(length), vec![(String::from(" })"), vec![*number])]);
                self.sites.push((chain.span.clone(), vec![*number]));
            }
            return true;
        }
        let is_turned = |group: &[(usize, &Mutant)]| matches!(group, [(_, it)] if matches!((sign, it.replacement.trim()), ("==", "!=") | ("!=", "==")));
        if is_turned(group) {
            let after = format!(") != {})", question(all));
            self.wrap(&span, String::from("(("), vec![(after, all.to_vec())], all);
            return true;
        }
        let (before, between, after) = match sign {
            "&&" | "||" => {
                let goes_on = if sign == "&&" { "!=" } else { "==" };
                let between = format!(") {{ l => if l {goes_on} {} {{ ", question(all));
                ("(match (", between, vec![(String::from(" } else { l } })"), all.to_vec())])
            }
            "<" | ">" | "<=" | ">=" | "==" | "!=" => {
                let after = choice(sign, group, all);
                ("(match (&(", String::from("), &("), after)
            }
            _ if sign.len() > 1 && sign.ends_with('=') => {
                // A statement, so written again for each; what else is rewritten within it, is so in the last branch.
                let (target, value) = (&nodes.source[left.clone()], &nodes.source[right.clone()]);
                let mut text = Vec::new();
                for (number, mutant) in group {
                    let other = mutant.replacement.trim();
                    text.push((
                        format!("if crate::mutant({number}) {{ {target} {other} {value}; }} else "),
                        vec![*number],
                    ));
                }
                text.push((String::from("{ "), all.to_vec()));
                self.insert(span.start, Side::Before(span.len()), text);
                self.insert(span.end, Side::After(span.len()), vec![(String::from("; }"), all.to_vec())]);
                self.sites.push((span, all.to_vec()));
                return true;
            }
            _ => {
                let after = choice(sign, group, all);
                ("(match ((", String::from("), ("), after)
            }
        };
        self.list.push(Edit {
            at: operator.start,
            side: Side::Instead,
            end: operator.end,
            text: vec![(between, all.to_vec())],
        });
        self.wrap(&span, before.to_owned(), after, all);
        true
    }

    fn apply(mut self, source: &str) -> Switched {
        self.list.sort_by_key(|edit| {
            let side = match edit.side {
                Side::After(length) => (0, length),
                Side::Before(length) => (1, usize::MAX - length),
                Side::Instead => (2, 0),
            };
            (edit.at, side)
        });
        let (mut text, mut done, mut pieces) = (String::new(), 0, Vec::new());
        let mut moved = Vec::new();
        for edit in self.list {
            text.push_str(&source[done..edit.at]);
            moved.push((edit.at, text.len()));
            for (piece, mutants) in edit.text {
                let start = text.len();
                text.push_str(&piece);
                pieces.push((start..text.len(), mutants));
            }
            done = edit.end;
            moved.push((edit.end, text.len()));
        }
        text.push_str(&source[done..]);
        // The place of an octet of the source in the text: from the last edit that begins not behind it.
        let place = |at: usize, first: bool| {
            let mut before = moved.iter().filter(|(from, _)| if first { *from < at } else { *from <= at });
            let (from, to) = before.next_back().copied().unwrap_or((0, 0));
            to + (at - from)
        };
        let sites = self.sites.into_iter();
        let sites = sites.map(|(span, mutants)| (place(span.start, true)..place(span.end, false), mutants)).collect();
        Switched { text, pieces, sites, left: self.left }
    }
}

/// How closely an operator binds, as far as it matters here.
fn binding(operator: &str) -> u8 {
    match operator {
        "||" => 0,
        "&&" => 1,
        "==" | "!=" | "<" | ">" | "<=" | ">=" => 2,
        "|" => 3,
        "^" => 4,
        "&" => 5,
        "<<" | ">>" => 6,
        "+" | "-" => 7,
        "*" | "/" | "%" => 8,
        _ => 9,
    }
}

fn question(numbers: &[usize]) -> String {
    let all: Vec<_> = numbers.iter().map(|number| format!("crate::mutant({number})")).collect();
    format!("({})", all.join(" || "))
}

/// One operator or another between two values.
fn choice(sign: &str, group: &[(usize, &Mutant)], all: &[usize]) -> Vec<Piece> {
    let mut text = vec![(String::from(")) { (l, r) => "), all.to_vec())];
    for (number, mutant) in group {
        let other = mutant.replacement.trim();
        text.push((format!("if crate::mutant({number}) {{ l {other} r }} else "), vec![*number]));
    }
    text.push((format!("{{ l {sign} r }} }})"), all.to_vec()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mutants of one line: genre, the text that each replaces, and by what.
    fn mutants(source: &str, list: &[(&str, &str, &str)]) -> Vec<Mutant> {
        let mutant = |(genre, text, replacement): &(&str, &str, &str)| {
            let at = source.find(text).unwrap() + 1;
            Mutant {
                name: String::new(),
                file: String::new(),
                genre: (*genre).to_owned(),
                replacement: (*replacement).to_owned(),
                start: (1, at),
                end: (1, at + text.len()),
                returns: String::new(),
                line: String::new(),
            }
        };
        list.iter().map(mutant).collect()
    }

    fn switched(source: &str, list: &[(&str, &str, &str)]) -> Switched {
        let mutants = mutants(source, list);
        let switched = switch(source, &mutants.iter().enumerate().collect::<Vec<_>>()).unwrap();
        // Whatever is made of it is still Rust.
        syn::parse_file(&switched.text).unwrap();
        switched
    }

    #[test]
    fn each_genre_becomes_a_question() {
        for (source, list, expected) in [
            ("fn f() -> u8 { 7 }", vec![("FnValue", "7", "0")], "fn f() -> u8 { if crate::mutant(0) { return 0; } 7 }"),
            (
                "fn f() -> bool { a == b }",
                vec![("BinaryOperator", "==", "!=")],
                "fn f() -> bool { ((a == b) != (crate::mutant(0))) }",
            ),
            (
                "fn f() -> bool { a < b }",
                vec![("BinaryOperator", "<", "=="), ("BinaryOperator", "<", ">")],
                "fn f() -> bool { (match (&(a ), &( b)) { (l, r) => if crate::mutant(0) { l == r } else \
                 if crate::mutant(1) { l > r } else { l < r } }) }",
            ),
            (
                "fn f() -> bool { a || !b }",
                vec![("BinaryOperator", "||", "&&"), ("UnaryOperator", "!", "")],
                "fn f() -> bool { (match (a ) { l => if l == (crate::mutant(0)) {  \
                 (match (b) { v => if (crate::mutant(1)) { v } else { !v } }) } else { l } }) }",
            ),
            (
                "fn f() { match a { b if z => d, _ => e } }",
                vec![("MatchArm", "b if z => d", ""), ("MatchArmGuard", "z", "true"), ("MatchArmGuard", "z", "false")],
                "fn f() { match a { b if !(crate::mutant(0)) && ((crate::mutant(1) || !crate::mutant(2) && (z))) \
                 => d, _ => e } }",
            ),
            (
                "fn f() { a ^= b; }",
                vec![("BinaryOperator", "^=", "|=")],
                "fn f() { if crate::mutant(0) { a |= b; } else { a ^= b; }; }",
            ),
        ] {
            let switched = switched(source, &list);
            assert_eq!(switched.text, expected);
            assert_eq!(switched.left, [0; 0]);
        }
    }

    #[test]
    fn an_operator_is_within_the_one_whose_operand_it_is() {
        let list = [("BinaryOperator", "==", "!="), ("BinaryOperator", "+", "-")];
        let text = switched("fn f() -> bool { a + b == c }", &list).text;
        assert_eq!(
            text,
            "fn f() -> bool { (((match ((a ), ( b)) { (l, r) => if crate::mutant(1) { l - r } else { l + r } }) \
             == c) != (crate::mutant(0))) }"
        );
    }

    #[test]
    fn another_operator_binds_as_it_does() {
        let list = [("BinaryOperator", "&&", "||"), ("BinaryOperator", "<", ">")];
        let text = switched("fn f() -> bool { a && b < c && d }", &list).text;
        assert_eq!(
            text,
            "fn f() -> bool { (if crate::mutant(0) { a || b < c && d } else { \
             a && (match (&(b ), &( c)) { (l, r) => if crate::mutant(1) { l > r } else { l < r } }) && d }) }"
        );
        let list = [("BinaryOperator", "&&", "||")];
        let text = switched("fn f() -> bool { a && (b && c) }", &list).text;
        assert!(text.contains("(match (a ) { l => "), "{text}");
    }

    #[test]
    fn functions_that_ask_are_not_constant_and_constants_ask_nothing() {
        let text = switched("const fn f() -> u8 { 7 }", &[("FnValue", "7", "0")]).text;
        assert!(!text.contains("const"), "{text}");
        assert_eq!(switched("const A: u8 = 1 + 2;", &[("BinaryOperator", "+", "-")]).left, [0]);
        let chain = "fn f() { if let Some(a) = b && c {} }";
        assert_eq!(switched(chain, &[("BinaryOperator", "&&", "||")]).left, [0]);
        let mutants = mutants("const fn f() -> u8 { 7 }", &[("FnValue", "7", "0")]);
        let numbered: Vec<_> = mutants.iter().enumerate().collect();
        let names = BTreeSet::from([String::from("f")]);
        assert_eq!(in_functions("const fn f() -> u8 { 7 }", &names, &numbered), [0]);
    }
}
