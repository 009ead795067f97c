//! Fetching the issuers that a document lacks: the exchange against a scripted web on a virtual clock, no socket.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use azure_imds::attested::{
    At, ChainCache, Check, MissingIssuer, NotFetched, Outcome, Plan, SharedMemory, TimeBasis, VerifierMemory,
    by_subject,
};
use azure_imds::{
    Exchange, Expectations, Headers, Instant, Method, NONCE_NOT_CHECKED, Nonce, Quoted, Report, Request, RequestId,
    Response, Route, SignedDocument, Step, Timestamp, TransportError, Trust, Verification, Verifier, VerifyError,
};
use azure_imds_tests::asn1::{algorithm_null, element, oid, sequence, tag};
use azure_imds_tests::certificate::{Certificate, CertificateBuilder};
use azure_imds_tests::claims::{Claims, NONCE, VM_ID};
use azure_imds_tests::extension::{self, Extension, general_name};
use azure_imds_tests::input::{lines, pem};
use azure_imds_tests::key::Key;
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::{self, Pki};
use azure_imds_tests::{clock, name, oid};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use self::material::*;
use self::web::*;

mod budget;
mod caching;
mod denied;
mod ending;
mod fetched;
mod material;
mod memory;
mod order;
mod permitted;
mod sharing;
mod useless;
mod web;
