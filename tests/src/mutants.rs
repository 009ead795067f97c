//! What `cargo run -p azure-imds-tests --bin mutants` does: it changes the verifier in every way that cargo-mutants
//! knows, and shows that a test fails each time.
//!
//! A build for each of more than a thousand mutants takes hours. So nearly all of them go into one copy of the core,
//! each behind a question that is answered from the environment. A recording says which tests reach which mutant, and
//! only those are run. What can't be switched (constants, mutants on which the rest of a function's types depends) is
//! built by itself, as cargo-mutants does it.
//!
//! ```text
//!   cargo mutants --list ─▶ list ─▶ switch ─▶ copy of core/ and tests/ ─▶ one build ─▶ reach ─▶ trial ─▶ score
//!                                     └─▶ those left ─▶ compiler: one check or build each ──────┘
//! ```

pub mod compiler;
pub mod list;
pub mod reach;
pub mod score;
pub mod switch;
mod syntax;
pub mod trial;
