//! Reads the instance and gets a token with reqwest, asynchronously: `cargo run --features http --example reqwest`.

use std::error::Error as _;
use std::sync::LazyLock;
use std::time::{Duration, Instant as Clock};
use std::{env, error};

use azure_imds::client::TokenRequest;
use azure_imds::{Client, Exchange, Instant, Request, Response, Step, TransportError};

fn main() -> Result<(), Box<dyn error::Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<(), Box<dyn error::Error>> {
    let client = Client::from_environment(|name| env::var(name).ok())?;
    let instance = drive(client.instance()).await??;
    println!("{:?} in {:?}", instance.compute.vm_id, instance.compute.location);
    match drive(client.token(&TokenRequest::new("https://management.azure.com/")?)).await? {
        Ok(token) => println!("{token:?}"), // shows no secret
        Err(error) => println!("{}: {error}", error.code()),
    }
    Ok(())
}

/// Does what an exchange asks for until it is done: all that an asynchronous host has to know.
pub(crate) async fn drive<E: Exchange>(mut exchange: E) -> Result<E::Output, azure_imds::UsageError> {
    loop {
        match exchange.poll(now()) {
            Step::Send(id, request) => match carry(request).await {
                Ok(response) => exchange.receive(id, now(), response)?,
                Err(error) => exchange.fail(id, now(), error)?,
            },
            Step::Wait(until) => tokio::time::sleep(until_then(until)).await,
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
async fn carry(request: Request) -> Result<Response, TransportError> {
    let max_body = request.max_body;
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(request.connect_timeout)
        .timeout(until_then(request.deadline))
        .build()
        .map_err(transport_error)?;
    let request = http::Request::try_from(request).map_err(|error| unreachable(&error))?;
    let request = reqwest::Request::try_from(request).map_err(transport_error)?;
    let mut answer = client.execute(request).await.map_err(transport_error)?;
    let (mut body, mut head) = (Vec::new(), http::Response::new(()));
    *head.status_mut() = answer.status();
    *head.headers_mut() = answer.headers().clone();
    while let Some(chunk) = answer.chunk().await.map_err(transport_error)? {
        body.extend_from_slice(&chunk);
        if body.len() > max_body {
            return Err(TransportError::TooLong { limit: max_body });
        }
    }
    Ok(head.map(|()| body).into())
}

fn until_then(moment: Instant) -> Duration {
    moment.duration_since(now())
}

fn transport_error(error: reqwest::Error) -> TransportError {
    let io = sources(&error).find_map(|source| source.downcast_ref::<std::io::Error>());
    match io.map(std::io::Error::kind) {
        _ if error.is_timeout() && error.is_connect() => TransportError::ConnectTimeout,
        _ if error.is_timeout() => TransportError::ReadTimeout,
        Some(std::io::ErrorKind::ConnectionRefused) => TransportError::Refused,
        _ if error.is_connect() => unreachable(&error),
        _ => TransportError::Truncated,
    }
}

fn sources(error: &reqwest::Error) -> impl Iterator<Item = &(dyn error::Error + 'static)> {
    std::iter::successors(error.source(), |error: &&(dyn error::Error + 'static)| (*error).source())
}

fn unreachable(error: &dyn error::Error) -> TransportError {
    TransportError::Unreachable { reason: error.to_string().as_str().into() }
}
