//! The Azure Instance Metadata Service (IMDS) as an embeddable library.
//!
//! Four modules:
//!
//! - [`metadata`]: what the service says. Every answer typed, its fields with the versions that have them, paths, tags.
//! - [`client`]: asks the service from a program on a VM. Versions, retries, pacing, and what answers in its place.
//! - [`attested`]: decides whether an attested document (PKCS#7/CMS over X.509) was signed by Azure, for this VM, now,
//!   for this nonce.
//! - `emulator`, behind the feature of that name: answers as the service does, faults included.
//!
//! The crate does no I/O: no socket, no clock, no randomness, no environment. Time, nonce and trust anchors are
//! arguments; each request to carry is handed out as a [`Request`]. What most programs need is at the root as well.
//!
//! # The loop
//!
//! Everything that needs an answer from outside is an [`Exchange`], and every host drives it by one loop:
//!
//! ```
//! use std::sync::LazyLock;
//! use std::thread;
//! use std::time::Instant as Clock;
//!
//! use azure_imds::{Client, Exchange, Instant, Response, Step, TransportError, UsageError};
//!
//! /// The monotonic clock of this process. A client remembers moments of it, so that its origin is made once and kept.
//! fn now() -> Instant {
//!     static ORIGIN: LazyLock<Clock> = LazyLock::new(Clock::now);
//!     Instant::ORIGIN + ORIGIN.elapsed()
//! }
//!
//! fn drive<E: Exchange>(
//!     mut exchange: E,
//!     carry: impl Fn(azure_imds::Request) -> Result<Response, TransportError>, // any HTTP client
//! ) -> Result<E::Output, UsageError> {
//!     loop {
//!         match exchange.poll(now()) {
//!             Step::Send(id, request) => match carry(request) {
//!                 Ok(response) => exchange.receive(id, now(), response)?,
//!                 Err(error) => exchange.fail(id, now(), error)?,
//!             },
//!             Step::Wait(until) => thread::sleep(until.duration_since(now())),
//!             Step::Done(value) => return Ok(value),
//!         }
//!     }
//! }
//!
//! # let earlier = now();
//! # thread::sleep(std::time::Duration::from_millis(2));
//! # assert!(now() > earlier);
//! # let carry = |_| Err(TransportError::TooLong { limit: 1 });
//! let client = Client::from_environment(|name| std::env::var(name).ok())?;
//! match drive(client.instance(), carry)? {
//!     Ok(instance) => println!("{:?} in {:?}", instance.compute.vm_id, instance.compute.location),
//!     Err(error) => println!("{}: {error}", error.code()),
//! }
//! # Ok::<(), UsageError>(())
//! ```
//!
//! `carry` must take no proxy, follow no redirect, and keep the request's limits; the crate's examples `ureq` and
//! `reqwest` do.
//!
//! # Verifying
//!
//! ```
//! use azure_imds::{Expectations, Nonce, SignedDocument, Timestamp, Verifier};
//!
//! # let answer = br#"{"encoding":"pkcs7","signature":"MAA="}"#;
//! let now = Timestamp::parse_rfc3339("2026-06-25T18:57:45Z")?; // the host's clock
//! let expectations = Expectations::new(Nonce::new("9f8c2e71b04d4a6fb35ad2c07e918463")?);
//! let verdict = SignedDocument::parse(answer)
//!     .and_then(|document| Verifier::default().verify(&document, &expectations, now));
//! match verdict {
//!     Ok(document) => println!("VM {} of {:?}", document.vm_id(), document.subscription_id()),
//!     Err(error) => println!("{}: {error}; {}", error.code(), error.next_step()),
//! }
//! # Ok::<(), azure_imds::UsageError>(())
//! ```
//!
//! | to | use |
//! |---|---|
//! | ask the service | [`Client`], whose methods make a [`Call`] each |
//! | read one answer for many questions | [`Instance::select`], [`metadata::MetadataPath`], [`metadata::schema`] |
//! | know why the service can't be reached | [`Client::diagnose`] |
//! | verify with the issuers at hand | [`Verifier::verify`] |
//! | let missing issuers be fetched | [`Verification`] |
//! | admit each document once | [`VerifiedDocument::identity`] |
//! | shut out a certificate or a key | [`attested::TrustBuilder::deny`] |
//! | hear early that Azure changes its issuers | [`VerifiedDocument::new_issuers`] |
//! | see every check with its outcome | [`Verifier::explain`], [`Report`] |
//! | verify many documents of few signers | [`Verifier::verify_cached`], [`attested::ChainCache`] |
//! | know which CAs sign for Azure | [`attested::known_issuers`] |
//! | find the document in what a person pasted | [`attested::recognise`] |
//!
//! # Features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `client` | yes | the module [`client`], which asks the service |
//! | `rustcrypto` | yes | signature algorithms in pure Rust; without it, [others](attested::TrustBuilder::algorithms) |
//! | `emulator` | no | the module `emulator`, a service to test against, which the example `serve` serves over HTTP |
//! | `http` | no | conversions from and to the types of the crate `http` |
//! | `serde` | no | `Serialize` for results |
//!
//! Answers are read and documents verified with any of them.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unwrap_in_result,
        clippy::get_unwrap
    )
)]

extern crate alloc;

pub mod attested;
#[cfg(feature = "bindings")]
#[doc(hidden)]
pub mod bindings;
#[cfg(feature = "client")]
pub mod client;
mod cloud;
pub mod codes;
#[cfg(feature = "emulator")]
pub mod emulator;
mod error;
mod exchange;
mod guid;
mod host;
mod http;
mod instant;
mod json;
pub mod metadata;
mod quoted;
mod repeated;
mod time;

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The example of the security policy, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../SECURITY.md")]
struct Security;

#[cfg(feature = "layers")]
#[doc(hidden)]
pub use crate::attested::layers;
pub use crate::attested::{
    Error, Expectations, NONCE_NOT_CHECKED, Nonce, Report, SignedDocument, Trust, Verification, VerifiedDocument,
    Verifier, VerifyError,
};
#[cfg(feature = "client")]
pub use crate::client::{Call, Client};
pub use crate::cloud::Cloud;
pub use crate::error::{TransportError, UsageError};
pub use crate::exchange::{Exchange, RequestId, Step};
pub use crate::http::{Headers, Method, Request, Response, Route};
pub use crate::instant::Instant;
pub use crate::metadata::{ApiVersion, Instance, ServiceError};
pub use crate::quoted::Quoted;
pub use crate::time::Timestamp;
