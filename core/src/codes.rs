//! Every code of this crate and of its packages: what happened, what to do next, whether to try again.
//!
//! Nothing is written here that an enum of the crate says. What follows are its codes, and those that a host alone has.
//!
//! ```
//! use azure_imds::codes::{CodeKind, Retryable, find};
//!
//! let code = find(CodeKind::Service, "throttled").expect("a code of the service");
//! assert_eq!((code.cause, code.retryable), ("Too many requests.", Retryable::Always));
//! assert!(code.remedy.starts_with("ask less often"));
//! ```

use crate::attested::{FetchError, NotFetched, VerifyError};
#[cfg(feature = "client")]
use crate::client::Finding;
use crate::error::{TransportError, UsageError};
use crate::metadata::error::ServiceError;

pub use crate::error::{Code, CodeKind, Retryable};

/// Every code, by kind. Those of errors are unique; those of fetches and findings may be called like an error's.
///
/// ```
/// use azure_imds::codes::{Code, Retryable, all};
///
/// let passing: Vec<&Code> = all().filter(|code| code.retryable == Retryable::Always).collect();
/// assert!(passing.iter().any(|code| code.name == "throttled"));
/// ```
pub fn all() -> impl Iterator<Item = &'static Code> {
    [
        UsageError::DESCRIPTIONS,
        OF_HOSTS,
        TransportError::DESCRIPTIONS,
        ServiceError::DESCRIPTIONS,
        VerifyError::DESCRIPTIONS,
        FetchError::DESCRIPTIONS,
        NotFetched::DESCRIPTIONS,
        #[cfg(feature = "client")]
        Finding::DESCRIPTIONS,
    ]
    .into_iter()
    .flatten()
}

/// The code of that kind and name.
#[must_use]
pub fn find(kind: CodeKind, name: &str) -> Option<&'static Code> {
    all().find(|code| code.kind == kind && code.name == name)
}

/// A mistake of the caller that a host alone can notice.
const fn of_host(name: &'static str, cause: &'static str, remedy: &'static str) -> Code {
    Code { name, kind: CodeKind::Usage, cause, remedy, retryable: Retryable::Never }
}

/// The codes of hosts: of the Python and npm packages, and of the program `azure-imds`.
const OF_HOSTS: &[Code] = &[
    of_host(
        "address_unusable",
        "The emulator can't be served at the address.",
        "give an address of this machine and a port that is free",
    ),
    of_host(
        "file_unreadable",
        "A file can't be read.",
        "check that the file is there and that the program may read it",
    ),
    of_host(
        "not_loaded",
        "In a browser, the WebAssembly module is not loaded yet.",
        "await init() before anything else",
    ),
    of_host(
        "output_unwritable",
        "The program `azure-imds` can't write its output.",
        "check that the place is there and that the program may write to it",
    ),
    of_host("usage", "The options of the program `azure-imds` are wrong.", "see azure-imds --help"),
];

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_is_said_once() {
        let mut seen = BTreeSet::new();
        assert!(all().all(|code| seen.insert((code.kind, code.name))));
        // An exception is known by its code alone, and so is a fetch.
        let errors = [CodeKind::Usage, CodeKind::Transport, CodeKind::Service, CodeKind::Verify];
        for kinds in [&errors[..], &[CodeKind::Transport, CodeKind::Fetch]] {
            let mut seen = BTreeSet::new();
            assert!(all().filter(|code| kinds.contains(&code.kind)).all(|code| seen.insert(code.name)));
        }
        assert!(CodeKind::ALL.iter().all(|kind| all().any(|code| code.kind == *kind)));
    }

    #[test]
    fn a_code_is_a_word_its_cause_a_sentence_its_remedy_a_clause() {
        for Code { name, cause, remedy, .. } in all() {
            assert!(name.bytes().all(|it| it == b'_' || it.is_ascii_lowercase() || it.is_ascii_digit()), "{name}");
            assert!(cause.starts_with(char::is_uppercase) || cause.starts_with('`'), "{name}: {cause}");
            assert!(cause.ends_with('.') && !cause.contains("  "), "{name}: {cause}");
            assert!(remedy.starts_with(char::is_lowercase) && !remedy.ends_with('.'), "{name}: {remedy}");
            assert!(!remedy.contains("  ") && !remedy.contains('\n'), "{name}: {remedy}");
        }
    }
}
