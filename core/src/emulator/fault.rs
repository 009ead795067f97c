//! Scripted faults: what goes wrong, where, and how often.
//!
//! A [`Playbook`] holds rules; each plays its steps, one after the other, at the parts of the service that it names. The
//! grammar of their form in text stands in the documentation of [`azure_imds::emulator`](crate::emulator).

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use super::incoming::Ending;
use super::part::Part;
use super::sign::Tamper;
use crate::error::UsageError;
use crate::http::Response;
use crate::instant::{Instant, whole_millis};

mod header;
mod play;

pub(super) use self::play::Hand;

/// Rules kept at most: more are refused.
const RULES: usize = 1000;

/// What is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultAnswer {
    /// 200 and JSON cut in the middle.
    BadJson,
    /// 200 and bytes that are no UTF-8.
    BadUtf8,
    /// 403, as Docker Desktop answers for the address.
    Docker,
    /// 200 without a body.
    Empty,
    /// 200 and `{}`.
    EmptyJson,
    /// 200 and a JSON string of so many bytes, at most 16 MiB.
    Giant(usize),
    /// 200 and a proxy's page in HTML.
    Login,
    /// The service's own answer.
    #[default]
    Own,
    /// The service's own answer without what is slow to come: on the instance side no `compute` but for a few fields.
    Partial,
    /// 504 and a proxy's page in HTML.
    Proxy,
    /// 302 to there.
    Redirect(String),
    /// This very response. Has no form in text.
    Response(Response),
    /// The service's own error of that status.
    Status(u16),
    /// An attested document with a flaw.
    Tamper(Tamper),
    /// 500, as the platform answers while the service restarts.
    WireServer,
}

/// How long a step is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lasts {
    /// So many requests.
    Count(u32),
    /// For ever.
    Ever,
    /// So long, from the first request that meets it.
    For(Duration),
}

/// One step of a rule.
///
/// ```
/// use std::time::Duration;
///
/// use azure_imds::emulator::{Ending, FaultAnswer, FaultEnding, FaultStep};
///
/// let step: FaultStep = "ok+drop+delay=2s".parse()?;
/// assert_eq!((step.answer, step.delay), (FaultAnswer::Own, Duration::from_secs(2)));
/// assert_eq!(step.ending, Some(FaultEnding::As(Ending::Drop)));
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultStep {
    /// What is answered.
    pub answer: FaultAnswer,
    /// How long to wait before the first byte, in whole milliseconds.
    pub delay: Duration,
    /// How the answer ends; None for whole. `truncate` without a number is half of the body.
    pub ending: Option<FaultEnding>,
    /// How long it is played.
    pub lasts: Lasts,
}

/// How an answer is made to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultEnding {
    /// As [`Ending::Drop`], [`Ending::Endless`], [`Ending::Hang`] and the others say.
    As(Ending),
    /// Cut after half of the body.
    Half,
}

/// The parts of the service that a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// All of them.
    All,
    /// `token` and `info`.
    Identity,
    /// This one.
    Only(Part),
}

/// Steps to play at some part of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// Where.
    pub scope: Scope,
    /// What, one after the other.
    pub steps: Vec<FaultStep>,
    /// Whether the first step follows the last.
    pub repeat: bool,
}

impl Rule {
    /// These steps at that part of the service, once.
    ///
    /// ```
    /// use azure_imds::emulator::{FaultStep, Rule, Scope};
    ///
    /// let rule = Rule::new(Scope::All, vec!["503x2".parse::<FaultStep>()?]);
    /// assert_eq!(rule.to_string(), "*:503x2");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    #[must_use]
    pub const fn new(scope: Scope, steps: Vec<FaultStep>) -> Self {
        Self { scope, steps, repeat: false }
    }
}

/// The rules that are in play.
///
/// The first rule that fits and has not ended is played; then the service answers as itself again.
#[derive(Clone, Debug, Default)]
pub struct Playbook {
    rules: Vec<(Rule, Progress)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    step: usize,
    played: u32,
    since: Option<Instant>,
}

impl Playbook {
    /// Adds a rule after those there are.
    ///
    /// # Errors
    ///
    /// `fault_malformed` after a thousand rules, and for a rule without steps.
    pub fn add(&mut self, rule: Rule) -> Result<(), UsageError> {
        let reason = if rule.steps.is_empty() {
            "there is no step"
        } else if self.rules.len() >= RULES {
            "there are a thousand rules already; clear them first"
        } else {
            self.rules.push((rule, Progress::default()));
            return Ok(());
        };
        Err(UsageError::FaultMalformed { text: crate::quoted::Quoted::from("a rule"), reason })
    }

    /// Adds a rule in text, after those there are.
    ///
    /// # Errors
    ///
    /// `fault_malformed`.
    ///
    /// ```
    /// use azure_imds::emulator::{Emulator, FaultAnswer, Incoming, Lasts, Machine, Moment, Part, Playbook};
    /// use azure_imds::{Instant, Timestamp};
    ///
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// let playbook: &mut Playbook = emulator.faults_mut();
    /// playbook.add_text("instance:503x2")?;
    /// let request = Incoming::get("/metadata/instance?api-version=2021-02-01");
    /// let replies = [(); 3].map(|()| emulator.handle(now, &request));
    /// assert_eq!(replies.each_ref().map(|reply| reply.response.status), [503, 503, 200]);
    /// let played = replies[0].fault.as_ref().expect("a fault was played");
    /// assert_eq!((&played.answer, played.lasts), (&FaultAnswer::Status(503), Lasts::Count(2)));
    /// assert_eq!((replies[2].part, &replies[2].fault), (Part::Instance, &None));
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn add_text(&mut self, text: &str) -> Result<(), UsageError> {
        self.add(text.parse()?)
    }

    /// Takes all rules away.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// The rules, and how many steps of each are over.
    pub fn rules(&self) -> impl Iterator<Item = (&Rule, usize)> {
        self.rules.iter().map(|(rule, progress)| (rule, progress.step))
    }

    /// The step to play at this request, which counts.
    pub(super) fn next(&mut self, part: Part, now: Instant) -> Option<FaultStep> {
        self.rules
            .iter_mut()
            .filter(|(rule, _)| rule.scope.covers(part))
            .find_map(|(rule, progress)| progress.next(rule, now))
            .cloned()
    }
}

impl Scope {
    const fn covers(self, part: Part) -> bool {
        match self {
            Self::All => !matches!(part, Part::Emulator),
            Self::Identity => part.is_identity(),
            Self::Only(only) => only as u8 == part as u8,
        }
    }
}

impl Progress {
    fn next<'r>(&mut self, rule: &'r Rule, now: Instant) -> Option<&'r FaultStep> {
        // At most twice through the steps, should all of them last for nothing.
        for _ in 0..rule.steps.len().saturating_mul(2) {
            if self.step >= rule.steps.len() {
                if !rule.repeat {
                    return None;
                }
                *self = Self::default();
            }
            let step = rule.steps.get(self.step)?;
            let is_on = match step.lasts {
                Lasts::Ever => true,
                Lasts::Count(count) => self.played < count,
                Lasts::For(time) => now < *self.since.get_or_insert(now) + time,
            };
            if is_on {
                self.played = self.played.saturating_add(1);
                return Some(step);
            }
            *self = Self { step: self.step.saturating_add(1), played: 0, since: None };
        }
        None
    }
}

/// Reads a rule in text.
impl FromStr for Rule {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        header::rule(text)
    }
}

/// Reads one step in text, as the header field of a request holds it.
impl FromStr for FaultStep {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        header::step(text)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("*"),
            Self::Identity => formatter.write_str("identity"),
            Self::Only(part) => fmt::Display::fmt(part, formatter),
        }
    }
}

/// As it is read, but for [`FaultAnswer::Response`], which is shown as its status with an exclamation mark.
impl fmt::Display for FaultStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            FaultAnswer::BadJson => formatter.write_str("bad-json"),
            FaultAnswer::BadUtf8 => formatter.write_str("bad-utf8"),
            FaultAnswer::Docker => formatter.write_str("docker"),
            FaultAnswer::Empty => formatter.write_str("empty"),
            FaultAnswer::EmptyJson => formatter.write_str("empty-json"),
            FaultAnswer::Giant(bytes) => write!(formatter, "giant={bytes}"),
            FaultAnswer::Login => formatter.write_str("login"),
            FaultAnswer::Own => formatter.write_str("ok"),
            FaultAnswer::Partial => formatter.write_str("partial"),
            FaultAnswer::Proxy => formatter.write_str("proxy"),
            FaultAnswer::Redirect(url) => write!(formatter, "redirect={url}"),
            FaultAnswer::Response(response) => write!(formatter, "{}!", response.status),
            FaultAnswer::Status(status) => write!(formatter, "{status}"),
            FaultAnswer::Tamper(tamper) => write!(formatter, "tamper={tamper}"),
            FaultAnswer::WireServer => formatter.write_str("wireserver"),
        }?;
        match self.ending {
            None | Some(FaultEnding::As(Ending::Whole)) => Ok(()),
            Some(FaultEnding::As(Ending::Drop)) => formatter.write_str("+drop"),
            Some(FaultEnding::As(Ending::Endless)) => formatter.write_str("+endless"),
            Some(FaultEnding::As(Ending::Hang)) => formatter.write_str("+hang"),
            Some(FaultEnding::As(Ending::Slow { bytes_per_second })) => write!(formatter, "+slow={bytes_per_second}"),
            Some(FaultEnding::As(Ending::Truncate { bytes })) => write!(formatter, "+truncate={bytes}"),
            Some(FaultEnding::Half) => formatter.write_str("+truncate"),
        }?;
        let delay = whole_millis(self.delay);
        if delay > 0 {
            write!(formatter, "+delay={delay}ms")?;
        }
        match self.lasts {
            Lasts::Count(1) => Ok(()),
            Lasts::Count(count) => write!(formatter, "x{count}"),
            Lasts::Ever => formatter.write_str("x*"),
            Lasts::For(time) => write!(formatter, "@{}ms", whole_millis(time)),
        }
    }
}

/// As it is read.
impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.scope, formatter)?;
        for (number, step) in self.steps.iter().enumerate() {
            formatter.write_str(if number == 0 { ":" } else { "," })?;
            fmt::Display::fmt(step, formatter)?;
        }
        formatter.write_str(if self.repeat { ",repeat" } else { "" })
    }
}

impl Default for FaultStep {
    fn default() -> Self {
        Self { answer: FaultAnswer::Own, delay: Duration::ZERO, ending: None, lasts: Lasts::Count(1) }
    }
}

/// A step that answers once with this very response.
impl From<Response> for FaultStep {
    fn from(response: Response) -> Self {
        Self { answer: FaultAnswer::Response(response.to_owned()), ..Self::default() }
    }
}
