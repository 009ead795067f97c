//! The hosts of this crate, and the words by which each of them names what a caller gives.

use alloc::string::String;

/// Where a next step is read: it names the flag or argument of that host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// This crate.
    Rust,
    /// The Python package.
    Python,
    /// The npm package.
    JavaScript,
    /// The program `azure-imds`.
    CommandLine,
    /// The page, whose reader sees no code.
    Page,
}

impl Host {
    /// All hosts.
    pub const ALL: &'static [Self] = &[Self::Rust, Self::Python, Self::JavaScript, Self::CommandLine, Self::Page];

    /// A text with its places filled by the words of this host.
    pub(crate) fn words(self, text: &str) -> String {
        let column = match self {
            Self::Rust => 0,
            Self::Python => 1,
            Self::JavaScript => 2,
            Self::CommandLine => 3,
            Self::Page => 4,
        };
        let mut filled = String::with_capacity(text.len());
        let mut parts = text.split(['{', '}']);
        while let Some(plain) = parts.next() {
            filled.push_str(plain);
            let words = parts.next().and_then(|place| VOCABULARY.iter().find(|(name, _)| *name == place));
            filled.push_str(words.and_then(|(_, words)| words.get(column)).copied().unwrap_or_default());
        }
        filled
    }
}

/// Each place of a text, and what stands there in Rust, Python, JavaScript, on the command line and on the page.
const VOCABULARY: &[(&str, [&str; 5])] = &[
    (
        "issuers",
        ["with Trust::builder().issuers(..)", "as issuers=", "as issuers:", "with --issuers", "by dropping it here"],
    ),
    (
        "anchors",
        [
            "with Trust::builder().anchors(..)",
            "as anchors=",
            "as anchors:",
            "with --anchors",
            "under Trust, as an anchor",
        ],
    ),
    (
        "or_fetch",
        [
            ", or let a Verification fetch it",
            ", or let it be fetched (fetch=True)",
            ", or let it be fetched (fetch: true)",
            ", or let it be fetched (without --no-fetch)",
            "",
        ],
    ),
    (
        "signing_time",
        [
            "with At::SigningTime",
            "with now=AT_SIGNING_TIME",
            "with now: AT_SIGNING_TIME",
            "with --at-signing-time",
            "as of its signing",
        ],
    ),
    ("clouds", ["with Expectations::clouds(..)", "as clouds=", "as clouds:", "with --cloud", "under Expected"]),
    ("time", ["with At::Time(..)", "as now=", "as now:", "with --at", "under Expected"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attested::error::VerifyError;

    #[test]
    fn each_host_reads_its_own_words() {
        let error = VerifyError::IssuerMissing { missing: alloc::vec::Vec::new() };
        let told = |host| error.next_step_for(host);
        assert!(told(Host::Rust).contains("Trust::builder().issuers(..), or let a Verification fetch it;"));
        assert!(told(Host::Python).contains("as issuers=, or let it be fetched (fetch=True);"));
        assert!(told(Host::JavaScript).contains("as issuers:, or let it be fetched (fetch: true);"));
        assert!(told(Host::CommandLine).contains("with --issuers, or let it be fetched (without --no-fetch);"));
        assert!(told(Host::Page).contains("by dropping it here;"));
        assert_eq!(error.next_step(), told(Host::Rust));
    }

    #[test]
    fn every_place_of_a_next_step_is_filled() {
        for remedy in VerifyError::DESCRIPTIONS.iter().map(|code| code.remedy) {
            for (number, place) in remedy.split(['{', '}']).enumerate().filter(|(number, _)| number % 2 == 1) {
                assert!(VOCABULARY.iter().any(|(name, _)| *name == place), "{number}: {remedy}");
            }
            assert_eq!(remedy.matches('{').count(), remedy.matches('}').count(), "{remedy}");
        }
    }
}
