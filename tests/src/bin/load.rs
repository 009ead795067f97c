//! Puts load on a server of the emulator: `load [--requests N] [--seconds S] [--spare N] [--memory] -- COMMAND`, the
//! command being `azure-imds serve --no-limits --verbose` or the like. `--spare` is the number of file descriptors that may
//! be left open.
//!
//! Ends with 1 if an answer is wrong, a request is lost or logged twice, or a file descriptor is left open; with `--memory`
//! also if the server keeps taking more memory. What it takes at one moment says little of a process that collects its
//! garbage when it likes: only a run of very many requests, which a leak could not hide in, can be judged by it.

use std::process::ExitCode;
use std::time::Duration;

use azure_imds_tests::load::run::{Outcome, room, run};
use azure_imds_tests::load::server::Server;
use lexopt::prelude::{Long, Value, ValueExt as _};

/// Kilobytes by which the least memory of the second and third fifth of a run and that of the last two may differ.
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
    let (mut requests, mut seconds, mut spare, mut memory, mut command) = (20_000, 20, 0, false, Vec::new());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Long("requests") => requests = number(&mut parser)?,
            Long("seconds") => seconds = number(&mut parser)?,
            Long("spare") => spare = number(&mut parser)?,
            Long("memory") => memory = true,
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
    let grown = if memory { growth(&outcome) } else { 0 };
    if grown > SLACK {
        println!("  it takes {grown} kB more in the last two fifths than in the two before");
    }
    Ok(outcome.wrong.is_empty() && traces.is_empty() && grown <= SLACK)
}

fn number(parser: &mut lexopt::Parser) -> Result<usize, String> {
    parser.value().and_then(|value| value.parse()).map_err(|error| error.to_string())
}

/// From the least of two fifths to the least of the next two: what is not collected yet is not in either, but by chance.
fn growth(outcome: &Outcome) -> usize {
    let least = |parts: std::ops::RangeInclusive<usize>| {
        outcome.sizes.get(parts).and_then(|sizes| sizes.iter().map(|size| size.memory).min())
    };
    match (least(2..=3), least(4..=5)) {
        (Some(first), Some(last)) => last.saturating_sub(first),
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
