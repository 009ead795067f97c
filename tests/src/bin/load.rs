//! Puts load on a server of the emulator: `load [--requests N] [--seconds S] [--spare N] -- COMMAND`, the
//! command being `azure-imds serve --no-limits --verbose` or the like. `--spare` is the number of file descriptors that may
//! be left open.
//!
//! Ends with 1 if an answer is wrong, a request is lost or logged twice, a file descriptor is left open, or the server
//! takes more memory at the end than after two fifths of the requests.

use std::process::ExitCode;
use std::time::Duration;

use azure_imds_tests::load::run::{Outcome, room, run};
use azure_imds_tests::load::server::Server;
use lexopt::prelude::{Long, Value, ValueExt as _};

/// Kilobytes by which the memory may differ: what allocators keep, and collectors have not collected yet.
const SLACK: usize = 32 * 1024;

fn main() -> ExitCode {
    match measure() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<bool, String> {
    let (mut requests, mut seconds, mut spare, mut command) = (20_000, 20, 0, Vec::new());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Long("requests") => requests = number(&mut parser)?,
            Long("seconds") => seconds = number(&mut parser)?,
            Long("spare") => spare = number(&mut parser)?,
            Value(program) => {
                command.push(program.string().map_err(|_| "the command is not UTF-8")?);
                let rest = parser.raw_args().map_err(|error| error.to_string())?;
                for argument in rest {
                    command.push(argument.into_string().map_err(|_| "the command is not UTF-8")?);
                }
            }
            other => return Err(other.unexpected().to_string()),
        }
    }
    let server = Server::start(&command, room(requests))?;
    let outcome = run(&server, requests, Duration::from_secs(seconds as u64), spare)?;
    let (others, lines) = server.log.others();
    let ended = server.end()?;
    tell(&outcome, others, &ended);
    let traces: Vec<&String> =
        lines.iter().filter(|line| line.contains("Traceback") || line.contains("panicked")).collect();
    for line in traces.iter().take(3) {
        println!("  the log says: {line}");
    }
    let grown = growth(&outcome);
    if grown > SLACK {
        println!("  it takes {grown} kB more than after two fifths");
    }
    Ok(outcome.wrong.is_empty() && traces.is_empty() && grown <= SLACK)
}

fn number(parser: &mut lexopt::Parser) -> Result<usize, String> {
    parser.value().and_then(|value| value.parse()).map_err(|error| error.to_string())
}

fn growth(outcome: &Outcome) -> usize {
    match (outcome.sizes.get(2), outcome.sizes.last()) {
        (Some(first), Some(last)) => last.memory.saturating_sub(first.memory),
        _ => usize::MAX,
    }
}

fn tell(outcome: &Outcome, others: usize, ended: &str) {
    let Outcome { made, answered, left, half, sessions, turned_away, slow_closed, took, sizes, wrong } = outcome;
    let seconds = took.as_secs_f64();
    println!(
        "{made} requests in {seconds:.0} s by {sessions} sessions: {answered} answered rightly, {left} left by their clients, {half} half ones"
    );
    println!("crowds beyond the bound: {} answered, {} turned away", turned_away.0, turned_away.1);
    println!(
        "slow connections closed by the server: {}, after {:.0} s at most",
        slow_closed.0,
        slow_closed.1.as_secs_f64()
    );
    for (part, size) in sizes.iter().enumerate() {
        println!("  part {part}: {} kB, {} files, {} threads", size.memory, size.files, size.threads);
    }
    println!("{others} other lines in the log; it ended with {ended}");
    for wrong in wrong {
        println!("  wrong: {wrong}");
    }
}
