//! The emulator as a function on the types of the `http` crate, behind the feature `http`.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::Emulator;
use super::incoming::{Incoming, Moment, Reply};
use crate::http::Headers;

impl Emulator {
    /// Answers a request of the `http` crate, body read. A host that can't drop, delay or truncate as the reply's
    /// `delivery` asks should say so rather than pass over it.
    ///
    /// ```
    /// use azure_imds::emulator::{Delivery, Emulator, Machine, Moment};
    /// use azure_imds::{Instant, Timestamp};
    ///
    /// let mut emulator = Emulator::new(Machine::default().named("web-1"), [7; 32]);
    /// let now = Moment::new(Instant::from_millis(0), Timestamp::from_unix(1_790_000_000));
    /// let request = http::Request::get("/metadata/instance/compute/name?api-version=2021-02-01&format=text")
    ///     .header("Metadata", "true")
    ///     .body(Vec::new())?;
    /// let reply = emulator.handle_http(now, request)?;
    /// assert_eq!((reply.response.status().as_u16(), reply.response.body().as_slice()), (200, &b"web-1"[..]));
    /// assert_eq!(reply.delivery, Delivery::default());
    /// # Ok::<(), http::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the `http` crate, for an answer that can't be sent. Only a fault can ask for one: a redirect to what is
    /// no header value, a response of the caller's own.
    pub fn handle_http<B: Into<Vec<u8>>>(
        &mut self,
        now: Moment,
        request: ::http::Request<B>,
    ) -> Result<Reply<::http::Response<Vec<u8>>>, ::http::Error> {
        let Reply { response, delivery, part, fault } = self.handle(now, &Incoming::from(request));
        Ok(Reply { response: response.try_into()?, delivery, part, fault })
    }
}

/// Method, target, header fields and body. Bytes of a field that are not UTF-8 are replaced.
impl<B: Into<Vec<u8>>> From<::http::Request<B>> for Incoming {
    fn from(request: ::http::Request<B>) -> Self {
        let (parts, body) = request.into_parts();
        Self {
            method: String::from(parts.method.as_str()),
            target: parts.uri.to_string(),
            headers: Headers::from(&parts.headers),
            body: body.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::emulator::{FaultAnswer, FaultStep, Lasts, Machine, Rule, Scope};
    use crate::http::Response;
    use crate::instant::Instant;
    use crate::time::Timestamp;

    const NOW: Moment = Moment::new(Instant::from_millis(0), Timestamp::from_unix(1_790_000_000));

    #[test]
    fn a_request_arrives_whole() {
        let request = ::http::Request::post("http://169.254.169.254/metadata/scheduledevents?api-version=2020-07-01")
            .header("Metadata", "true")
            .header("x-forwarded-for", "a")
            .header("X-Forwarded-For", b"\xff".as_slice())
            .body(*b"{}")
            .unwrap();
        let incoming = Incoming::from(request);
        assert_eq!(incoming.method, "POST");
        assert_eq!(incoming.target, "http://169.254.169.254/metadata/scheduledevents?api-version=2020-07-01");
        let fields: Vec<_> = incoming.headers.iter().collect();
        assert_eq!(fields, [("metadata", "true"), ("x-forwarded-for", "a"), ("x-forwarded-for", "\u{fffd}")]);
        assert_eq!(incoming.body, b"{}");
    }

    #[test]
    fn answers_are_the_same_in_both_forms() {
        for target in ["/metadata/versions", "/metadata/instance", "/nothing", "/emulator/root.pem"] {
            let reply = Emulator::new(Machine::default(), [7; 32]).handle(NOW, &Incoming::get(target));
            let request = ::http::Request::get(target).header("Metadata", "true").body(Vec::new()).unwrap();
            let also = Emulator::new(Machine::default(), [7; 32]).handle_http(NOW, request).unwrap();
            assert_eq!((also.delivery, also.part, also.fault), (reply.delivery, reply.part, reply.fault));
            let response = also.response;
            assert_eq!(response.status().as_u16(), reply.response.status, "{target}");
            for (name, value) in reply.response.headers.iter() {
                assert_eq!(response.headers()[name], value, "{target}");
            }
            assert_eq!(*response.body(), reply.response.body, "{target}");
        }
    }

    #[test]
    fn what_no_server_can_send_is_an_error() {
        let headers = Headers::from_iter([("X", "a\nb")]);
        let answer = FaultAnswer::Response(Response { status: 200, headers, body: Vec::new() });
        let step = FaultStep { answer, delay: core::time::Duration::ZERO, ending: None, lasts: Lasts::Ever };
        let mut emulator = Emulator::new(Machine::default(), [7; 32]);
        emulator.faults_mut().add(Rule { scope: Scope::All, steps: vec![step], repeat: false }).unwrap();
        let request = ::http::Request::get("/metadata/versions").header("Metadata", "true").body(Vec::new()).unwrap();
        assert!(emulator.handle_http(NOW, request).is_err());
    }
}
