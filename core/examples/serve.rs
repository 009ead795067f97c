//! Serves the emulator over HTTP, all its faults included: `cargo run --features emulator,http --example serve`.
//!
//! hyper answers by itself, before the emulator sees it, what is no HTTP/1.1: malformed requests, targets with
//! characters that no URL has, targets over 64 KiB (414), more than 256 header fields (431). A request may take 30
//! seconds to come; of more than a thousand connections at once the further ones are closed.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Clock, SystemTime, UNIX_EPOCH};
use std::{error, fmt, fs};

use azure_imds::emulator::{Delivery, Emulator, Ending, Machine, Moment, RateLimits, Reply, Seed};
use azure_imds::{Instant, Timestamp};
use http_body_util::{BodyExt as _, Channel, Either, Full, channel::Sender};
use hyper::body::{Bytes, Incoming as Body};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use lexopt::prelude::{Long, Short, ValueExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

const HELP: &str = "\
Serves an emulated Azure Instance Metadata Service over HTTP until it is ended, and prints its URL first.

usage: serve [options]

  --host IP      listen there instead of 127.0.0.1
  --port PORT    on this port instead of one that is free
  --config FILE  the machine, as JSON, instead of a small one in eastus2
  --fault RULE   let something go wrong, token:429x3 say; may be repeated
  --no-limits    answer any number of requests a second
  --seed HEX     make keys and identifiers from these 32 bytes instead of random ones
  --verbose      list requests on standard error";

/// Bytes of a body that are read: one more than the emulator takes.
const BODY: usize = 64 * 1024 + 1;

/// Time for a request's body to come. hyper itself gives as long for its head.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest that nothing is sent. Of a client that has sent more requests behind one that hangs, hyper does not see
/// that it has left.
const SILENCE: Duration = Duration::from_secs(600);

/// Connections at once.
const CONNECTIONS: usize = 1000;

type Failure = Box<dyn error::Error>;

/// What the command line asks for.
struct Arguments {
    address: SocketAddr,
    machine: Machine,
    faults: Vec<String>,
    limits: RateLimits,
    seed: Seed,
    verbose: bool,
}

/// The emulator and the clock it runs by.
pub(crate) struct Service {
    pub(crate) emulator: Mutex<Emulator>,
    start: Clock,
    verbose: bool,
}

fn main() -> Result<(), Failure> {
    let Some(arguments) = Arguments::read()? else {
        println!("{HELP}");
        return Ok(());
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(arguments))
}

async fn serve(arguments: Arguments) -> Result<(), Failure> {
    let listener = TcpListener::bind(arguments.address).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let emulator = Emulator::new(arguments.machine, arguments.seed).with_limits(arguments.limits);
    let mut emulator = emulator.with_origin(&origin)?;
    for rule in &arguments.faults {
        emulator.faults_mut().add_text(rule)?;
    }
    let service = Service::new(emulator, arguments.verbose);
    service.make_keys()?;
    println!("{origin}");
    accept(&listener, &Arc::new(service)).await
}

/// Takes connections for ever.
pub(crate) async fn accept(listener: &TcpListener, service: &Arc<Service>) -> ! {
    loop {
        match listener.accept().await {
            // Every connection holds the service once; the caller does, too.
            Ok(_) if Arc::strong_count(service) > CONNECTIONS => {}
            Ok((stream, _)) => drop(tokio::spawn(converse(stream, Arc::clone(service)))),
            // A client that has left again, or no file descriptor to be had: it passes.
            Err(error) => {
                eprintln!("no connection taken: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Answers what comes over one connection.
async fn converse(stream: TcpStream, service: Arc<Service>) {
    let answer = |request| service.answer(request);
    let conversation = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .max_headers(256)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service_fn(answer));
    // Drops and truncations end here by intention, and so does every client that leaves early.
    if let Err(error) = conversation.await
        && service.verbose
    {
        eprintln!("connection closed: {error}");
    }
}

impl Service {
    pub(crate) fn new(emulator: Emulator, verbose: bool) -> Self {
        Self { emulator: Mutex::new(emulator), start: Clock::now(), verbose }
    }

    /// Reads the request, has it answered, and delivers the answer.
    async fn answer(&self, request: Request<Body>) -> Result<Response<Delivered>, Failed> {
        let (parts, body) = request.into_parts();
        let bytes = timeout(PATIENCE, read(body)).await.map_err(Failed::new)??;
        let reply = self.handle(Request::from_parts(parts, bytes))?;
        deliver(reply.response, reply.delivery).await
    }

    fn handle(&self, request: Request<Vec<u8>>) -> Result<Reply<Response<Vec<u8>>>, Failed> {
        let asked = self.verbose.then(|| format!("{} {}", request.method(), request.uri()));
        let mut emulator = self.emulator.lock().unwrap_or_else(PoisonError::into_inner);
        let reply = emulator.handle_http(self.now(), request).map_err(Failed::new)?;
        if let Some(asked) = asked {
            let fault = reply.fault.as_ref().map(|fault| format!(" ({fault})")).unwrap_or_default();
            eprintln!("{} {}{fault}", asked.escape_debug(), reply.response.status().as_u16());
        }
        Ok(reply)
    }

    pub(crate) fn now(&self) -> Moment {
        // A clock before 1970 reads as 1970.
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Moment::new(Instant::ORIGIN + self.start.elapsed(), Timestamp::from_unix(wall))
    }

    /// Makes the keys before the first request, so that no client has to wait for them.
    fn make_keys(&self) -> Result<(), Failure> {
        Ok(self.emulator.lock().unwrap_or_else(PoisonError::into_inner).make_keys()?)
    }
}

/// The body, and no more of it than shows that it is too long.
async fn read(mut body: Body) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(Failed::new)?.into_data() {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() >= BODY {
            break;
        }
    }
    Ok(bytes)
}

/// A body: all at once, or piece by piece.
type Delivered = Either<Full<Bytes>, Channel<Bytes, Failed>>;

/// Sends an answer as the emulator asks for. An error closes the connection.
async fn deliver(response: Response<Vec<u8>>, delivery: Delivery) -> Result<Response<Delivered>, Failed> {
    sleep(delivery.delay.min(SILENCE)).await;
    let (mut parts, body) = response.into_parts();
    let body = Bytes::from(body);
    let whole = body.len();
    let (sender, channel) = Channel::new(1);
    match delivery.ending {
        Ending::Whole => return Ok(Response::from_parts(parts, Either::Left(Full::new(body)))),
        Ending::Drop => return Err(Failed::new("dropped, as a fault asks")),
        // hyper gives this up when the client leaves.
        Ending::Hang => {
            sleep(SILENCE).await;
            return Err(Failed::new("hung, as a fault asks"));
        }
        Ending::Endless => drop(tokio::spawn(send_endless(sender, body))),
        Ending::Slow { bytes_per_second } => {
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole));
            drop(tokio::spawn(send_slowly(sender, body, bytes_per_second)));
        }
        Ending::Truncate { bytes } => {
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole));
            drop(tokio::spawn(send_part(sender, body.slice(..bytes.min(whole)))));
        }
        ending => return Err(Failed::new(format!("this server does not know the ending {ending:?}"))),
    }
    Ok(Response::from_parts(parts, Either::Right(channel)))
}

/// Sends the body over and over, until the client leaves.
async fn send_endless(mut sender: Sender<Bytes, Failed>, body: Bytes) {
    let body = if body.is_empty() { Bytes::from_static(b" ") } else { body };
    while sender.send_data(body.clone()).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

async fn send_slowly(mut sender: Sender<Bytes, Failed>, mut body: Bytes, bytes_per_second: u32) {
    // Ten pieces a second, or a byte at a time.
    let rate = bytes_per_second.max(1);
    let most = usize::try_from(rate / 10).unwrap_or(usize::MAX).max(1);
    let pause = Duration::from_millis(if rate < 10 { u64::from(1000 / rate) } else { 100 });
    while !body.is_empty() {
        let piece = body.split_to(most.min(body.len()));
        if sender.send_data(piece).await.is_err() {
            return;
        }
        sleep(pause).await;
    }
}

async fn send_part(mut sender: Sender<Bytes, Failed>, part: Bytes) {
    if !part.is_empty() && sender.send_data(part).await.is_err() {
        return;
    }
    // hyper forgets what it has not written yet when a body fails.
    sleep(Duration::from_millis(20)).await;
    sender.abort(Failed::new("truncated, as a fault asks"));
}

/// Why a connection is closed.
#[derive(Debug)]
struct Failed(String);

impl Failed {
    #[allow(clippy::needless_pass_by_value)] // For map_err.
    fn new(reason: impl ToString) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl error::Error for Failed {}

impl Arguments {
    /// None for `--help`.
    fn read() -> Result<Option<Self>, Failure> {
        let mut arguments = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            machine: Machine::default(),
            faults: Vec::new(),
            limits: RateLimits::default(),
            seed: Seed::default(),
            verbose: false,
        };
        getrandom::fill(&mut arguments.seed)?;
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("host") => arguments.address.set_ip(parser.value()?.parse()?),
                Long("port") => arguments.address.set_port(parser.value()?.parse()?),
                Long("config") => arguments.machine = serde_json::from_slice(&fs::read(parser.value()?)?)?,
                Long("fault") => arguments.faults.push(parser.value()?.string()?),
                Long("no-limits") => arguments.limits = RateLimits::none(),
                Long("seed") => arguments.seed = seed(&parser.value()?.string()?)?,
                Long("verbose") => arguments.verbose = true,
                Long("help") | Short('h') => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Some(arguments))
    }
}

fn seed(hex: &str) -> Result<Seed, Failure> {
    let bytes = base16ct::mixed::decode_vec(hex);
    let seed = bytes.ok().and_then(|bytes| Seed::try_from(bytes.as_slice()).ok());
    seed.ok_or_else(|| "a seed has 32 bytes, 64 hexadecimal digits".into())
}
