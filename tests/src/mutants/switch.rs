//! Source text in which mutants can be switched on one by one.
//!
//! ```text
//!   fn f() -> bool { body }     fn f() -> bool { if mutant(1) { return true; } body }
//!   a == b                      ((a == b) != mutant(1))
//!   a && b                      (match a { l => if l != mutant(1) { b } else { l } })
//!   a < b                       (match (&(a), &(b)) { (l, r) => if mutant(1) { l == r } else .. { l < r } })
//!   !a                          (match a { v => if mutant(1) { v } else { !v } })
//!   pattern if guard => ..      pattern if !mutant(1) && (mutant(2) || !mutant(3) && (guard)) => ..
//! ```
//!
//! No operand is written twice, so that mutants within each other need no more text than the sum of them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::{LineColumn, Span};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::list::{Lines, Mutant};

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
                edits.insert(start, Side::Before(end + 1 - start), vec![(text, vec![*number])]);
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

/// What of the syntax mutants are about, by the octet where it begins.
struct Nodes<'a> {
    source: &'a str,
    lines: Lines<'a>,
    /// Operators between two operands: left, right; and whether a `let` is in a chain with it.
    binary: BTreeMap<usize, (Range<usize>, Range<usize>, Range<usize>, bool)>,
    /// Operators before an operand.
    unary: BTreeMap<usize, (Range<usize>, Range<usize>)>,
    /// Arms: their pattern and guard.
    arms: BTreeMap<usize, (Range<usize>, Option<Range<usize>>)>,
    /// Guards.
    guards: BTreeMap<usize, Range<usize>>,
    /// Fields of struct expressions with a base: name, value unless the name is it, base.
    fields: BTreeMap<usize, (Range<usize>, Option<Range<usize>>, Range<usize>)>,
    /// Items and array lengths that the compiler computes.
    constants: Vec<Range<usize>>,
    /// Bodies of `const` functions, and the word itself.
    const_functions: Vec<(Range<usize>, Range<usize>)>,
    /// `const` functions by name.
    functions: Vec<(String, Range<usize>)>,
}

impl<'a> Nodes<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            lines: Lines::of(source),
            binary: BTreeMap::new(),
            unary: BTreeMap::new(),
            arms: BTreeMap::new(),
            guards: BTreeMap::new(),
            fields: BTreeMap::new(),
            constants: Vec::new(),
            const_functions: Vec::new(),
            functions: Vec::new(),
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let offset = |place: LineColumn| self.lines.offset((place.line, place.column + 1)).unwrap_or(self.source.len());
        offset(span.start())..offset(span.end())
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        if let Some(token) = &signature.constness {
            let (body, token) = (self.range(block.span()), self.range(token.span));
            self.functions.push((signature.ident.to_string(), body.clone()));
            self.const_functions.push((body, token));
        }
    }
}

impl<'ast> Visit<'ast> for Nodes<'_> {
    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        let has_let = holds_let(&node.left) || holds_let(&node.right);
        let (left, right) = (self.range(node.left.span()), self.range(node.right.span()));
        let operator = self.range(node.op.span());
        self.binary.insert(operator.start, (operator, left, right, has_let));
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast syn::ExprUnary) {
        let (operator, operand) = (self.range(node.op.span()), self.range(node.expr.span()));
        self.unary.insert(operator.start, (operator, operand));
        visit::visit_expr_unary(self, node);
    }

    fn visit_arm(&mut self, node: &'ast syn::Arm) {
        let guard = node.guard.as_ref().map(|(_, guard)| self.range(guard.span()));
        if let Some(guard) = &guard {
            self.guards.insert(guard.start, guard.clone());
        }
        let pattern = self.range(node.pat.span());
        self.arms.insert(self.range(node.span()).start, (pattern, guard));
        visit::visit_arm(self, node);
    }

    fn visit_expr_struct(&mut self, node: &'ast syn::ExprStruct) {
        if let Some(base) = &node.rest {
            let base = self.range(base.span());
            for field in &node.fields {
                let value = field.colon_token.map(|_| self.range(field.expr.span()));
                let name = self.range(field.member.span());
                self.fields.insert(self.range(field.span()).start, (name, value, base.clone()));
            }
        }
        visit::visit_expr_struct(self, node);
    }

    fn visit_item_const(&mut self, node: &'ast syn::ItemConst) {
        self.constants.push(self.range(node.span()));
    }

    fn visit_impl_item_const(&mut self, node: &'ast syn::ImplItemConst) {
        self.constants.push(self.range(node.span()));
    }

    fn visit_item_static(&mut self, node: &'ast syn::ItemStatic) {
        self.constants.push(self.range(node.span()));
    }

    fn visit_expr_repeat(&mut self, node: &'ast syn::ExprRepeat) {
        self.constants.push(self.range(node.len.span()));
        visit::visit_expr_repeat(self, node);
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.function(&node.sig, &node.block);
        visit::visit_item_fn(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.function(&node.sig, &node.block);
        visit::visit_impl_item_fn(self, node);
    }
}

/// Whether it is a chain of conditions with a `let` in it, which is no expression by itself.
fn holds_let(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => holds_let(&binary.left) || holds_let(&binary.right),
        _ => false,
    }
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
                    self.insert(guard.start, Side::Before(guard.len() + 2), before);
                    self.insert(guard.end, Side::After(guard.len() + 2), vec![(String::from(")"), all)]);
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
                // Longer by one than an operator's expression that is all of the guard, and so outside of it.
                self.insert(guard.start, Side::Before(guard.len() + 1), vec![(before, all.clone())]);
                self.insert(guard.end, Side::After(guard.len() + 1), vec![(String::from("))"), all.clone())]);
                self.sites.push((guard.clone(), all));
                true
            }
            "StructField" => {
                let Some((name, value, base)) = nodes.fields.get(&start) else { return false };
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
        let Some((operator, left, right, has_let)) = nodes.binary.get(&start) else { return false };
        let sign = &nodes.source[operator.clone()];
        let span = left.start..right.end;
        if *has_let {
            return false;
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
