//! What `make test-checks` does: it removes the verifier's checks one by one, and shows that a test fails each time.
//!
//! One build serves all removals: every [`patch`] of the [`table`] goes into a [`copy`] of the core at once, guarded
//! by a name, and the [`runner`] takes one name after the other from the environment.
//!
//! ```text
//!   table/*.txt ─▶ table ─▶ patch ─▶ copy of core/ and tests/ ─▶ one build ─▶ nothing removed: all must pass
//!                                                                       └──▶ one removed: something must fail
//! ```

pub mod copy;
pub mod patch;
pub mod runner;
pub mod table;
pub mod verdict;
