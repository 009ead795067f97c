//! The WebAssembly modules of the npm package `azure-imds`.
//!
//! They decide nothing: a function converts what it is given, asks the core once, and converts the answer. The files are
//! named as those of the core. What a caller sees is the JavaScript around them.
//!
//! For WebAssembly the crate does without the standard library, so that a panic stops the module without a text: the
//! texts, and what it takes to format them, would be a third of it. Nothing here or in the core panics on purpose.

#![cfg(feature = "verifier")]
#![cfg_attr(target_arch = "wasm32", no_std)]
#![allow(clippy::missing_errors_doc, reason = "the declarations of the JavaScript say which there are")]

extern crate alloc;

use alloc::borrow::ToOwned;
use alloc::string::String;

use wasm_bindgen::prelude::*;

#[cfg(feature = "client")]
pub mod call;
#[cfg(feature = "client")]
pub mod client;
mod convert;
#[cfg(feature = "emulator")]
pub mod emulator;
mod errors;
#[cfg(feature = "client")]
pub mod instance;
pub mod issuers;
#[cfg(feature = "client")]
pub mod observation;
#[cfg(feature = "web")]
pub mod recognise;
mod report;
mod request;
#[cfg(feature = "client")]
pub mod schema;
#[cfg(feature = "client")]
mod values;
pub mod verification;
pub mod verifier;

/// The version of this package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Text from outside, bounded and escaped so that it can be shown anywhere.
#[wasm_bindgen]
pub fn quoted(text: &str) -> String {
    azure_imds::Quoted::from(text).as_str().to_owned()
}

/// The text with everything escaped that is not seen.
#[cfg(feature = "emulator")]
#[wasm_bindgen]
pub fn printable(text: &str) -> String {
    azure_imds::Quoted::printable(text)
}

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
