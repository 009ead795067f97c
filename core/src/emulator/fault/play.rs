//! What a step does to an answer.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::{FaultAnswer, FaultEnding, FaultStep};
use crate::emulator::incoming::Ending;
use crate::emulator::render::Answered;
use crate::emulator::sign::Tamper;
use crate::http::{Headers, Response};

/// A step as the answering code sees it.
#[derive(Clone, Debug, Default)]
pub(in crate::emulator) struct Hand {
    pub(in crate::emulator) step: Option<FaultStep>,
}

impl Hand {
    pub(in crate::emulator) const fn tamper(&self) -> Option<Tamper> {
        match &self.step {
            Some(FaultStep { answer: FaultAnswer::Tamper(tamper), .. }) => Some(*tamper),
            _ => None,
        }
    }

    pub(in crate::emulator) const fn is_partial(&self) -> bool {
        matches!(&self.step, Some(FaultStep { answer: FaultAnswer::Partial, .. }))
    }

    /// The status to answer with in the service's own words.
    pub(in crate::emulator) const fn status(&self) -> Option<u16> {
        match &self.step {
            Some(FaultStep { answer: FaultAnswer::Status(status), .. }) => Some(*status),
            _ => None,
        }
    }

    /// What comes from elsewhere instead of the service's answer, if anything does.
    pub(in crate::emulator) fn stand_in(&self) -> Option<Response> {
        self.step.as_ref().and_then(|step| stand_in(&step.answer))
    }

    /// What is left of an answer.
    pub(in crate::emulator) fn played(&self, answered: Answered) -> Answered {
        self.step.as_ref().and_then(|step| own_body(&step.answer)).map_or(answered, Answered::json)
    }

    pub(in crate::emulator) fn delay(&self) -> Duration {
        self.step.as_ref().map_or(Duration::ZERO, |step| step.delay)
    }

    pub(in crate::emulator) fn ending(&self, body: &[u8]) -> Ending {
        match self.step.as_ref().and_then(|step| step.ending) {
            None => Ending::Whole,
            Some(FaultEnding::As(ending)) => ending,
            Some(FaultEnding::Half) => Ending::Truncate { bytes: body.len() / 2 },
        }
    }
}

fn stand_in(answer: &FaultAnswer) -> Option<Response> {
    let page = |status, kind: &str, body: Vec<u8>| {
        let headers = Headers::from_iter([("Content-Type", kind)]);
        Some(Response { status, headers, body })
    };
    match answer {
        FaultAnswer::Docker => page(403, "text/plain", DOCKER.into()),
        FaultAnswer::Login => page(200, "text/html", LOGIN.into()),
        FaultAnswer::Proxy => page(504, "text/html", PROXY.into()),
        FaultAnswer::Redirect(url) => {
            let headers = Headers::from_iter([("Location", url.as_str())]);
            Some(Response { status: 302, headers, body: Vec::new() })
        }
        FaultAnswer::Response(response) => Some(response.clone()),
        FaultAnswer::WireServer => {
            let headers = Headers::from_iter([("Content-Type", "text/plain"), ("Server", "Microsoft-IIS/10.0")]);
            Some(Response { status: 500, headers, body: Vec::new() })
        }
        _ => None,
    }
}

/// The body that comes in the place of the service's own, under its own header fields.
fn own_body(answer: &FaultAnswer) -> Option<Vec<u8>> {
    match answer {
        FaultAnswer::BadJson => Some(b"{\"compute\":{\"name\":\"emul".to_vec()),
        FaultAnswer::BadUtf8 => Some(b"{\"compute\":{\"name\":\"\xff\xfe\xc3\"}}".to_vec()),
        FaultAnswer::Empty => Some(Vec::new()),
        FaultAnswer::EmptyJson => Some(b"{}".to_vec()),
        FaultAnswer::Giant(bytes) => {
            let mut body = "{\"giant\":\"".to_owned();
            let filling = bytes.saturating_sub(body.len().saturating_add(2));
            body.extend(core::iter::repeat_n('a', filling));
            body.push_str("\"}");
            Some(String::into_bytes(body))
        }
        _ => None,
    }
}

const DOCKER: &str = "connecting to 169.254.169.254:80: connecting to 169.254.169.254:80: dial tcp \
                      169.254.169.254:80: connectex: A socket operation was attempted to an unreachable network.";

const LOGIN: &str = "<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>\
                     <form method=\"post\" action=\"/login\"><input name=\"user\"></form></body></html>";

const PROXY: &str = "<!DOCTYPE html><html><head><title>504 Gateway Time-out</title></head><body>\
                     <h1>Gateway Time-out</h1><p>The proxy could not reach 169.254.169.254.</p></body></html>";
