//! Reads the instance and its tags with ureq, blocking: `cargo run --features http --example ureq`.

use std::sync::LazyLock;
use std::time::{Duration, Instant as Clock};
use std::{env, error, thread};

use azure_imds::{Client, Exchange, Instant, Request, Response, Step, TransportError};
use ureq::{Error, Timeout};

fn main() -> Result<(), Box<dyn error::Error>> {
    let client = Client::from_environment(|name| env::var(name).ok())?;
    let instance = drive(client.instance())??;
    println!("{:?} of size {:?}", instance.compute.name, instance.compute.vm_size);
    for (name, value) in drive(client.tags())??.iter() {
        println!("{name} = {value}");
    }
    Ok(())
}

/// Does what an exchange asks for until it is done: all that a blocking host has to know.
pub(crate) fn drive<E: Exchange>(mut exchange: E) -> Result<E::Output, azure_imds::UsageError> {
    loop {
        match exchange.poll(now()) {
            Step::Send(id, request) => match carry(request) {
                Ok(response) => exchange.receive(id, now(), response)?,
                Err(error) => exchange.fail(id, now(), error)?,
            },
            Step::Wait(until) => thread::sleep(until_then(until)),
            Step::Done(value) => return Ok(value),
        }
    }
}

/// The monotonic clock of this process. A client remembers moments of it, so that its origin is made once and kept.
fn now() -> Instant {
    static ORIGIN: LazyLock<Clock> = LazyLock::new(Clock::now);
    Instant::ORIGIN + ORIGIN.elapsed()
}

/// Carries a request to the metadata address: by no proxy, following no redirect, within its limits.
fn carry(request: Request) -> Result<Response, TransportError> {
    let max_body = request.max_body;
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_connect(Some(request.connect_timeout))
        .timeout_global(Some(until_then(request.deadline)))
        .build()
        .into();
    let request = http::Request::try_from(request).map_err(|error| unreachable(&error))?;
    let (parts, mut body) = agent.run(request).map_err(transport_error)?.into_parts();
    let limit = u64::try_from(max_body).unwrap_or(u64::MAX).saturating_add(1);
    let body = body.with_config().limit(limit).read_to_vec().map_err(|error| match error {
        Error::BodyExceedsLimit(_) => TransportError::TooLong { limit: max_body },
        Error::Io(_) | Error::Protocol(_) => TransportError::Truncated,
        error => transport_error(error),
    })?;
    Ok(http::Response::from_parts(parts, body).into())
}

fn until_then(moment: Instant) -> Duration {
    moment.duration_since(now())
}

fn transport_error(error: Error) -> TransportError {
    match error {
        Error::Timeout(Timeout::Connect | Timeout::Resolve) => TransportError::ConnectTimeout,
        Error::Timeout(_) => TransportError::ReadTimeout,
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => TransportError::Refused,
        Error::Io(error) if is_cut(error.kind()) => TransportError::Truncated,
        Error::Protocol(_) => TransportError::Truncated,
        error => unreachable(&error),
    }
}

fn is_cut(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

fn unreachable(error: &dyn error::Error) -> TransportError {
    TransportError::Unreachable { reason: error.to_string().as_str().into() }
}
