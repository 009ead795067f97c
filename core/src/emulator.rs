//! A metadata service of one's own.

mod random;
mod sign;

pub use self::random::Seed;
pub use self::sign::{AttestedFacts, Authority, Tamper};
