//! Verifies one attested document and says what became of every check: `cargo run --example verify -- --help`.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{error, fs};

use azure_imds::attested::At;
use azure_imds::{Cloud, Expectations, NONCE_NOT_CHECKED, Nonce, Timestamp, Trust, Verifier};
use lexopt::prelude::{Long, Short, Value, ValueExt};

const HELP: &str = "\
Verifies an attested document of the Azure Instance Metadata Service, with what is at hand: nothing is fetched.

usage: verify FILE|- (--nonce NONCE | --no-nonce) [options]

  --nonce NONCE        the nonce that the document was asked for with, as of: openssl rand -hex 16
  --no-nonce           do not check the nonce: replays are then not noticed
  --at TIME            judge it at this time, RFC 3339 or Unix seconds, instead of now
  --at-signing-time    judge the chain at the time the document says it was made; for archives
  --issuers FILE       untrusted intermediates, PEM or DER; may be repeated
  --anchors FILE       trust these certificates instead of the default anchors; may be repeated
  --deny SHA256        shut out the certificate or public key of this digest; may be repeated
  --cloud NAME         accept this cloud (public, usgov, china, germany) instead of public; may be repeated
  --max-age SECONDS    accept no older document

Exit status: 0 verified, 1 refused, 2 wrong usage.";

type Failure = Box<dyn error::Error>;

/// What the command line asks for.
#[derive(Default)]
struct Arguments {
    file: Option<String>,
    nonce: Option<Nonce>,
    at: Option<At>,
    issuers: Vec<String>,
    anchors: Vec<String>,
    denied: Vec<String>,
    clouds: Vec<Cloud>,
    max_age: Option<u64>,
    help: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("verify: {failure}");
            eprintln!("Try --help.");
            ExitCode::from(2)
        }
    }
}

/// Whether the document was verified.
fn run() -> Result<bool, Failure> {
    let arguments = Arguments::read()?;
    if arguments.help {
        println!("{HELP}");
        return Ok(true);
    }
    let input = read(&arguments.file.ok_or("give a FILE, or - for standard input")?)?;
    let mut trust = if arguments.anchors.is_empty() { Trust::builder() } else { Trust::builder_without_anchors() };
    for file in &arguments.anchors {
        trust = trust.anchors(&read(file)?)?;
    }
    for file in &arguments.issuers {
        trust = trust.issuers(&read(file)?)?;
    }
    for fingerprint in &arguments.denied {
        trust = trust.deny_fingerprint(fingerprint)?;
    }
    let nonce = arguments.nonce.ok_or("give --nonce NONCE, or say --no-nonce")?;
    let mut expectations = Expectations::new(nonce);
    if !arguments.clouds.is_empty() {
        expectations = expectations.clouds(&arguments.clouds)?;
    }
    if let Some(seconds) = arguments.max_age {
        expectations = expectations.max_age(Duration::from_secs(seconds));
    }
    let at = match arguments.at {
        Some(at) => at,
        None => At::Time(now()?),
    };
    let report = Verifier::new(trust.build()).explain(&input, &expectations, at);
    write!(io::stdout(), "{report}")?;
    Ok(report.verdict().is_ok())
}

impl Arguments {
    fn read() -> Result<Self, Failure> {
        let mut arguments = Self::default();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("nonce") => {
                    let nonce = Nonce::new(&parser.value()?.string()?)?;
                    once(&mut arguments.nonce, nonce, "give one --nonce, or --no-nonce")?;
                }
                Long("no-nonce") => once(&mut arguments.nonce, NONCE_NOT_CHECKED, "give one --nonce, or --no-nonce")?,
                Long("at") => {
                    let time = time(&parser.value()?.string()?)?;
                    once(&mut arguments.at, At::Time(time), "give one --at, or --at-signing-time")?;
                }
                Long("at-signing-time") => {
                    once(&mut arguments.at, At::SigningTime, "give one --at, or --at-signing-time")?;
                }
                Long("issuers") => arguments.issuers.push(parser.value()?.string()?),
                Long("anchors") => arguments.anchors.push(parser.value()?.string()?),
                Long("deny") => arguments.denied.push(parser.value()?.string()?),
                Long("cloud") => arguments.clouds.push(parser.value()?.string()?.parse()?),
                Long("max-age") => arguments.max_age = Some(parser.value()?.parse()?),
                Long("help") | Short('h') => arguments.help = true,
                Value(file) if arguments.file.is_none() => arguments.file = Some(file.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(arguments)
    }
}

/// What weakens a check does not replace what was said before.
fn once<T>(slot: &mut Option<T>, value: T, remedy: &str) -> Result<(), Failure> {
    if slot.replace(value).is_some() { Err(remedy.into()) } else { Ok(()) }
}

fn read(file: &str) -> Result<Vec<u8>, Failure> {
    if file == "-" {
        let mut input = Vec::new();
        io::stdin().read_to_end(&mut input)?;
        return Ok(input);
    }
    fs::read(file).map_err(|error| format!("{file} can't be read: {error}").into())
}

fn time(text: &str) -> Result<Timestamp, Failure> {
    match text.parse() {
        Ok(seconds) => Ok(Timestamp::from_unix(seconds)),
        Err(_) => Ok(Timestamp::parse_rfc3339(text)?),
    }
}

fn now() -> Result<Timestamp, Failure> {
    Ok(Timestamp::from_unix(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs()))
}
