//! The native module of the Python package `azure-imds`.
//!
//! It decides nothing: a function converts what it is given, asks the core once, and converts the answer. The files are
//! named as those of the core. What a caller sees is the Python package around it.

use pyo3::prelude::*;

mod arguments;
mod call;
mod client;
mod convert;
mod doctor;
mod document;
mod emulator;
mod errors;
mod form;
mod instance;
mod issuers;
mod report;
mod schema;
mod values;
mod verifier;

/// The native half of `azure_imds`.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::{
        call::Call,
        client::{Client, Observation},
        doctor::wanted,
        document::VerifiedDocument,
        emulator::{Configuration, Emulator, check_fault, scenarios, tampers},
        errors::all_codes,
        form::{form, form_values},
        instance::Instance,
        issuers::{default_anchors, known_issuers, read_certificates, recognise},
        report::Report,
        schema::{cloud_of, event_affects, explain, tag_value, vm_id_matches},
        values::{AccessToken, json_object, record_types},
        verifier::Verifier,
    };
    use pyo3::prelude::*;

    /// Seconds by which the clocks may differ, unless the caller says otherwise.
    #[pymodule_export]
    const DEFAULT_SKEW: u64 = azure_imds::Expectations::DEFAULT_SKEW.as_secs();

    /// The header field of a request that asks the emulator for a fault.
    #[pymodule_export]
    const FAULT_HEADER: &str = azure_imds::emulator::FAULT_HEADER;

    /// The text with everything escaped that is not seen.
    #[pyfunction]
    fn printable(text: &str) -> String {
        azure_imds::Quoted::printable(text)
    }

    /// The version of this package.
    #[pyfunction]
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
