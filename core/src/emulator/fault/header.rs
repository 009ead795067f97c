//! Rules and steps from text, as the header field of a request and the command line hold them.

use alloc::string::ToString as _;
use alloc::vec::Vec;
use core::time::Duration;

use super::{FaultAnswer, FaultEnding, FaultStep, Lasts, Rule, Scope};
use crate::emulator::incoming::Ending;
use crate::emulator::part::Part;
use crate::error::UsageError;
use crate::quoted::Quoted;

/// Bytes of a body that is giant, unless said otherwise, and at most.
const GIANT: (usize, usize) = (2 * 1024 * 1024, 16 * 1024 * 1024);

/// Characters of a rule in text, and its steps.
const LIMIT: usize = 64 * 1024;

const REDIRECT: &str = "http://emulator.invalid/";

pub(super) fn rule(text: &str) -> Result<Rule, UsageError> {
    parse_rule(text).map_err(|reason| UsageError::FaultMalformed { text: Quoted::from(text), reason })
}

pub(super) fn step(text: &str) -> Result<FaultStep, UsageError> {
    parse_step(text).map_err(|reason| UsageError::FaultMalformed { text: Quoted::from(text), reason })
}

fn parse_rule(text: &str) -> Result<Rule, &'static str> {
    if text.len() > LIMIT {
        return Err("it is longer than 64 KiB");
    }
    let (scope, steps) = text.split_once(':').ok_or("write target:step, as in token:429x3")?;
    let scope = scope_of(scope.trim())?;
    let (steps, repeat) = steps.strip_suffix(",repeat").map_or((steps, false), |steps| (steps, true));
    let steps: Vec<FaultStep> = steps.split(',').map(parse_step).collect::<Result<_, _>>()?;
    Ok(Rule { scope, steps, repeat })
}

fn scope_of(text: &str) -> Result<Scope, &'static str> {
    match text {
        "*" => return Ok(Scope::All),
        "identity" => return Ok(Scope::Identity),
        _ => {}
    }
    Part::ALL.iter().find(|part| part.name() == text && **part != Part::Emulator).map(|part| Scope::Only(*part)).ok_or(
        "the target is none of *, identity, attested, info, instance, loadbalancer, other, scheduledevents, \
             token, versions",
    )
}

fn parse_step(text: &str) -> Result<FaultStep, &'static str> {
    let (parts, lasts) = lasting(text.trim())?;
    let (mut answer, mut ending, mut delay) = (None, None, None);
    for part in parts.split('+') {
        let is_first = match piece_of(part)? {
            Piece::Answer(found) => answer.replace(found).is_none(),
            Piece::Delay(found) => delay.replace(found).is_none(),
            Piece::Ending(found) => ending.replace(found).is_none(),
        };
        if !is_first {
            return Err("a step has one answer, one ending and one delay at most");
        }
    }
    Ok(FaultStep { answer: answer.unwrap_or_default(), delay: delay.unwrap_or_default(), ending, lasts })
}

/// The step without what says how long it lasts, and that.
fn lasting(text: &str) -> Result<(&str, Lasts), &'static str> {
    if let Some((parts, time)) = text.rsplit_once('@')
        && time.starts_with(|first: char| first.is_ascii_digit())
    {
        return Ok((parts, Lasts::For(span(time)?)));
    }
    if let Some((parts, count)) = text.rsplit_once('x') {
        if count == "*" {
            return Ok((parts, Lasts::Ever));
        }
        if !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()) {
            let count = count.parse().map_err(|_| "the count after x is too large")?;
            return Ok((parts, Lasts::Count(count)));
        }
    }
    Ok((text, Lasts::Count(1)))
}

enum Piece {
    Answer(FaultAnswer),
    Delay(Duration),
    Ending(FaultEnding),
}

fn piece_of(part: &str) -> Result<Piece, &'static str> {
    let (word, value) = part.split_once('=').map_or((part, None), |(word, value)| (word, Some(value)));
    if word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit()) && value.is_none() {
        let status = word.parse().ok().filter(|status| (400..600).contains(status));
        return status
            .map(|status| Piece::Answer(FaultAnswer::Status(status)))
            .ok_or("the status is not from 400 to 599");
    }
    let ending = |ending| Ok(Piece::Ending(FaultEnding::As(ending)));
    let answer = match (word, value) {
        ("bad-json", None) => FaultAnswer::BadJson,
        ("bad-utf8", None) => FaultAnswer::BadUtf8,
        ("docker", None) => FaultAnswer::Docker,
        ("empty", None) => FaultAnswer::Empty,
        ("empty-json", None) => FaultAnswer::EmptyJson,
        ("giant", value) => {
            let bytes = value.map_or(Ok(GIANT.0), |bytes| bytes.parse().map_err(|_| "giant= takes bytes"))?;
            if bytes > GIANT.1 {
                return Err("a giant body has at most 16 MiB; use endless for more");
            }
            FaultAnswer::Giant(bytes)
        }
        ("login", None) => FaultAnswer::Login,
        ("ok", None) => FaultAnswer::Own,
        ("partial", None) => FaultAnswer::Partial,
        ("proxy", None) => FaultAnswer::Proxy,
        ("redirect", url) => FaultAnswer::Redirect(header_value(url.unwrap_or(REDIRECT))?.to_string()),
        ("tamper", Some(name)) => {
            FaultAnswer::Tamper(name.parse().map_err(|_| "after tamper= comes the name of a flaw, such as expired")?)
        }
        ("wireserver", None) => FaultAnswer::WireServer,
        ("delay", Some(time)) => return Ok(Piece::Delay(span(time)?)),
        ("drop", None) => return ending(Ending::Drop),
        ("endless", None) => return ending(Ending::Endless),
        ("hang", None) => return ending(Ending::Hang),
        ("slow", Some(pace)) => {
            let pace = pace.parse().ok().filter(|pace| *pace > 0);
            return ending(Ending::Slow { bytes_per_second: pace.ok_or("slow= takes bytes a second, at least 1")? });
        }
        ("truncate", None) => return Ok(Piece::Ending(FaultEnding::Half)),
        ("truncate", Some(bytes)) => {
            return ending(Ending::Truncate { bytes: bytes.parse().map_err(|_| "truncate= takes bytes")? });
        }
        _ => return Err("a part of a step is unknown; see the grammar in the documentation of azure_imds::emulator"),
    };
    Ok(Piece::Answer(answer))
}

fn span(text: &str) -> Result<Duration, &'static str> {
    let (number, factor) = if let Some(number) = text.strip_suffix("ms") {
        (number, 1)
    } else if let Some(number) = text.strip_suffix('s') {
        (number, 1000)
    } else {
        (text, 1)
    };
    let number: u64 = number.parse().map_err(|_| "a time is a whole number followed by s or ms")?;
    Ok(Duration::from_millis(number.saturating_mul(factor)))
}

/// What can stand in a header field without becoming another one.
fn header_value(text: &str) -> Result<&str, &'static str> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) { Ok(text) } else { Err("a URL has only visible characters") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for (text, written) in [
            ("token:429x3", "token:429x3"),
            ("*:410@70s", "*:410@70000ms"),
            ("instance:500,ok+delay=2s,404,partial,ok,repeat", "instance:500,ok+delay=2000ms,404,partial,ok,repeat"),
            ("identity:dropx*", "identity:ok+dropx*"),
            ("attested:tamper=expiredx2", "attested:tamper=expiredx2"),
            ("other:giant=10+slow=5+delay=1", "other:giant=10+slow=5+delay=1ms"),
            ("versions:truncate,truncate=3,endless,hang", "versions:ok+truncate,ok+truncate=3,ok+endless,ok+hang"),
            ("loadbalancer:proxy,proxyx2,redirect", "loadbalancer:proxy,proxyx2,redirect=http://emulator.invalid/"),
            ("scheduledevents:redirect=http://a/b@c", "scheduledevents:redirect=http://a/b@c"),
            ("info:docker,wireserver,login,empty,empty-json,bad-json,bad-utf8", ""),
        ] {
            let parsed = rule(text).unwrap();
            let expected = if written.is_empty() { text } else { written };
            assert_eq!(parsed.to_string(), expected);
            assert_eq!(rule(expected).unwrap(), parsed);
        }
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for text in [
            "",
            ":",
            "token",
            "token:",
            "tokens:429",
            "emulator:429",
            "token:200",
            "token:600",
            "token:42",
            "token:429x",
            "token:429,",
            "token:429+500",
            "token:drop+hang",
            "token:slow=0",
            "token:slow",
            "token:delay=x",
            "token:tamper=nothing",
            "token:tamper",
            "token:giant=99999999999",
            "token:redirect=a\r\nb",
            "token:x3",
            "token:429x99999999999",
            "token:repeat",
            "token:429 500",
        ] {
            assert_eq!(rule(text).unwrap_err().code(), "fault_malformed", "{text}");
        }
    }
}
