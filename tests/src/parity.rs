//! One verdict in Rust, Python and JavaScript: the questions that all are asked, Rust's answers, the comparison.
//!
//! [`question`] writes a corpus of documents with what is asked of them, [`answer`] answers in Rust. The runners of the
//! packages read the same file and write theirs; [`compare`] wants no difference in any member of any report, and
//! [`control`] shows of each member that a difference in it would be found.

use std::path::{Path, PathBuf};

pub mod answer;
pub mod compare;
pub mod control;
pub mod corpora;
pub mod forms;
pub mod imported;
pub mod question;
pub mod reissued;
pub mod table;

/// The folder of the corpus and of all answers: beside what is built, since part of it is not ours to publish.
#[must_use]
pub fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    target.join("parity")
}
