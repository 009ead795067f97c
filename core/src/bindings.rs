//! What only the bindings need: arguments by name, read once for callers of every language.
//!
//! A binding turns what its caller gives into [`Argument`]s and knows nothing of them: which names there are, what may
//! stand there, what is assumed where nothing stands, and the words of a refusal are decided here. Not part of the
//! stable interface: a binding is built with the crate of its own version.
//!
//! ```
//! use azure_imds::attested::{Host, VerifierMemory};
//! use azure_imds::bindings::{Argument, Arguments, SharedVerifier};
//! use azure_imds::{Exchange, Instant, Step, Timestamp};
//!
//! let trust = Arguments::new(Host::Python, [("fetch", Argument::Flag(false))]);
//! let verifier = SharedVerifier::new(trust, &["cache_dir"], None, VerifierMemory::new())?;
//! let now = Timestamp::from_unix(1_800_000_000);
//!
//! let expected = Arguments::new(Host::Python, [("nonce", Argument::from("0123456789"))]);
//! let mut verification = verifier.start(b"MIIB...", expected, &[], now)?;
//! let Step::Done(report) = verification.poll(Instant::from_millis(0)) else { panic!("nothing is fetched") };
//! assert_eq!(report.verdict().unwrap_err().code(), "base64_malformed");
//!
//! let misspelt = Arguments::new(Host::JavaScript, [("nonce", "0123456789".into()), ("vmID", "02aab8a4".into())]);
//! let refused = verifier.start(b"MIIB...", misspelt, &["signal"], now).unwrap_err();
//! assert!(refused.to_string().starts_with("the option is \"vmID\"; give only nonce, now, clouds, "), "{refused}");
//! # Ok::<(), azure_imds::UsageError>(())
//! ```

mod argument;
mod client;
mod verifier;
mod wanted;

pub use self::argument::{Argument, Arguments};
pub use self::client::{client, event_ids, token_request};
pub use self::verifier::SharedVerifier;
