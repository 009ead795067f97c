//! What of a source's syntax mutants are about: operators, arms, guards, fields, and what only the compiler computes.

use std::collections::BTreeMap;
use std::ops::Range;

use proc_macro2::{LineColumn, Span};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::list::Lines;

/// An operator between two operands.
pub(super) struct Binary {
    pub(super) operator: Range<usize>,
    pub(super) left: Range<usize>,
    pub(super) right: Range<usize>,
    /// The whole chain of operators that it is part of.
    pub(super) chain: Chain,
    /// Whether it is all of the chain.
    pub(super) is_single: bool,
}

/// Operators that are operands of each other, without parentheses between them.
#[derive(Clone)]
pub(super) struct Chain {
    pub(super) span: Range<usize>,
    /// Whether a `let` is in it, so that it is no expression by itself.
    pub(super) has_let: bool,
}

/// A field of a struct expression with a base.
pub(super) struct Field {
    pub(super) name: Range<usize>,
    /// None if the name is the value.
    pub(super) value: Option<Range<usize>>,
    pub(super) base: Range<usize>,
}

/// What of the syntax mutants are about, by the octet where it begins.
pub(super) struct Nodes<'a> {
    pub(super) source: &'a str,
    pub(super) lines: Lines<'a>,
    /// Operators between two operands.
    pub(super) binary: BTreeMap<usize, Binary>,
    /// Operators before an operand.
    pub(super) unary: BTreeMap<usize, (Range<usize>, Range<usize>)>,
    /// Arms: their pattern and guard.
    pub(super) arms: BTreeMap<usize, (Range<usize>, Option<Range<usize>>)>,
    /// Guards.
    pub(super) guards: BTreeMap<usize, Range<usize>>,
    /// Fields of struct expressions with a base.
    pub(super) fields: BTreeMap<usize, Field>,
    /// Items and array lengths that the compiler computes.
    pub(super) constants: Vec<Range<usize>>,
    /// Bodies of `const` functions, and the word itself.
    pub(super) const_functions: Vec<(Range<usize>, Range<usize>)>,
    /// `const` functions by name.
    pub(super) functions: Vec<(String, Range<usize>)>,
    /// The chain of which an operand is being visited.
    chain: Option<Chain>,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(source: &'a str) -> Self {
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
            chain: None,
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
        let span = self.range(node.span());
        let has_let = holds_let(&node.left) || holds_let(&node.right);
        let chain = self.chain.take().unwrap_or(Chain { span: span.clone(), has_let });
        let operands = [&node.left, &node.right];
        let is_binary = |operand: &syn::Expr| matches!(operand, syn::Expr::Binary(_));
        let is_single = chain.span == span && !operands.iter().any(|operand| is_binary(operand));
        let [left, right] = operands.map(|operand| self.range(operand.span()));
        let operator = self.range(node.op.span());
        let binary = Binary { operator, left, right, chain: chain.clone(), is_single };
        self.binary.insert(binary.operator.start, binary);
        for operand in operands {
            self.chain = is_binary(operand).then(|| chain.clone());
            self.visit_expr(operand);
        }
        self.chain = None;
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
                let base = base.clone();
                self.fields.insert(self.range(field.span()).start, Field { name, value, base });
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
