//! Arguments as a host reads them, before anybody has asked whether they make sense.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use super::wanted::{self, Wanted};
use crate::error::UsageError;
use crate::host::Host;
use crate::quoted::Quoted;

/// Seconds up to which a double counts milliseconds exactly.
const LONGEST: f64 = 9_007_199_254_740.0;

/// A value that a caller of another language gives.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Argument<'a> {
    /// The content of a file, after the words that name it.
    File(Cow<'a, str>, Cow<'a, [u8]>),
    /// True or false.
    Flag(bool),
    /// Several values.
    List(Vec<Self>),
    /// An object or a mapping.
    Members(Vec<(Cow<'a, str>, Self)>),
    /// That the nonce is not checked.
    NonceNotChecked,
    /// Nothing, which counts as not given where a caller may mean that.
    Nothing,
    /// A number.
    Number(f64),
    /// Bytes.
    Octets(Cow<'a, [u8]>),
    /// Anything else: the host's name of its type.
    Other(Cow<'a, str>),
    /// That the document is judged as of its signing.
    SigningTime,
    /// A span of the host's own type, in seconds.
    Span(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A moment of the host's own type, in seconds since 1970.
    Time(f64),
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl Argument<'_> {
    /// The host's name of its type.
    fn type_name(&self, host: Host) -> &str {
        let (python, elsewhere) = match self {
            Self::File(..) => ("Path", "a path"),
            Self::Flag(_) => ("bool", "boolean"),
            Self::List(_) => ("list", "an array"),
            Self::Members(_) => ("dict", "object"),
            Self::NonceNotChecked => ("NonceNotChecked", "symbol"),
            Self::Nothing => ("NoneType", "null"),
            Self::Number(number) if counted(number.abs()).is_some() => ("int", "number"),
            Self::Number(_) => ("float", "number"),
            Self::Octets(_) => ("bytes", "Uint8Array"),
            Self::Other(name) => return name,
            Self::SigningTime => ("SigningTime", "symbol"),
            Self::Span(_) => ("timedelta", "a span"),
            Self::Text(_) => ("str", "string"),
            Self::Time(_) => ("datetime", "Date"),
        };
        if host == Host::Python { python } else { elsewhere }
    }
}

/// What a caller gives by name, each name spelled as its host does: `max_age` or `maxAge`.
#[derive(Clone, Debug)]
pub struct Arguments<'a> {
    host: Host,
    given: Vec<(Cow<'a, str>, Argument<'a>)>,
}

impl<'a> Arguments<'a> {
    /// What was given, in the words of a host.
    pub fn new<N: Into<Cow<'a, str>>>(host: Host, given: impl IntoIterator<Item = (N, Argument<'a>)>) -> Self {
        Self { host, given: given.into_iter().map(|(name, argument)| (name.into(), argument)).collect() }
    }

    /// The host in whose words errors speak.
    pub(super) const fn host(&self) -> Host {
        self.host
    }

    /// Refuses a name that nobody reads: a misspelt option would switch a check off unseen.
    pub(super) fn only(&self, names: &[&str], besides: &[&str]) -> Result<(), UsageError> {
        let known = || names.iter().chain(besides);
        let unknown =
            |(given, _): &&(Cow<'_, str>, Argument<'_>)| !known().any(|name| is_spelled(self.host, name, given));
        let Some((name, _)) = self.given.iter().find(unknown) else { return Ok(()) };
        let known: Vec<_> = known().map(|name| spelled(self.host, name)).collect();
        Err(value("the option".into(), Quoted::from(&**name), format!("only {}", known.join(", "))))
    }

    /// A text.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, UsageError> {
        self.find(name).map(Named::text).transpose()
    }

    /// True or false, as is assumed unless it is said.
    pub(super) fn flag(&self, name: &'static str, assumed: bool) -> Result<bool, UsageError> {
        self.find(name).map_or(Ok(assumed), Named::flag)
    }

    /// A span: in Python seconds, elsewhere milliseconds.
    pub(super) fn span(&self, name: &'static str) -> Result<Option<Duration>, UsageError> {
        self.find(name).map(Named::span).transpose()
    }

    /// Whole seconds, of a span the whole ones.
    pub(super) fn whole_seconds(&self, name: &'static str) -> Result<Option<Duration>, UsageError> {
        self.find(name).map(Named::whole_seconds).transpose()
    }

    /// What stands for a name, unless it is nothing.
    pub(super) fn find(&self, name: &'static str) -> Option<Named<'_>> {
        self.find_given(name).filter(|named| !matches!(named.argument, Argument::Nothing))
    }

    /// What stands for a name, be it nothing: a list to refuse by that was not found must not pass for an empty one.
    pub(super) fn find_given(&self, name: &'static str) -> Option<Named<'_>> {
        let (_, argument) = self.given.iter().find(|(given, _)| is_spelled(self.host, name, given))?;
        Some(Named::new(self.host, name, argument))
    }
}

/// An argument and its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub(super) host: Host,
    name: &'a str,
    part: Part,
    pub(super) argument: &'a Argument<'a>,
}

/// Which part of what stands for a name.
#[derive(Clone, Copy, Debug)]
enum Part {
    Whole,
    /// All, by a name that is the same in every host.
    Verbatim,
    /// Of a list, counted from 1.
    Item(usize),
    /// Of an object.
    Member(&'static str),
}

impl<'a> Named<'a> {
    pub(super) const fn new(host: Host, name: &'static str, argument: &'a Argument<'a>) -> Self {
        Self { host, name, part: Part::Whole, argument }
    }

    pub(super) const fn verbatim(host: Host, name: &'a str, argument: &'a Argument<'a>) -> Self {
        Self { host, name, part: Part::Verbatim, argument }
    }

    /// The words that name it in an error.
    pub(super) fn name(self) -> String {
        let name = spelled(self.host, self.name);
        match self.part {
            Part::Whole => name,
            Part::Verbatim => self.name.to_string(),
            Part::Item(number) => format!("{name}, item {number}"),
            Part::Member(member) => format!("the {name}'s {member}"),
        }
    }

    /// It is of a type that makes no sense here.
    #[inline(never)]
    pub(super) fn of_type(self, wanted: Wanted) -> UsageError {
        let given = self.argument.type_name(self.host).to_string();
        UsageError::ArgumentType { name: self.name(), given, wanted: wanted.words(self.host).into() }
    }

    /// It is of the right type, and out of range.
    #[inline(never)]
    fn of_value(self, given: f64, wanted: &str) -> UsageError {
        value(self.name(), Quoted::from(&*written(given)), wanted.into())
    }

    #[inline(never)]
    pub(super) fn text(self) -> Result<&'a str, UsageError> {
        match self.argument {
            Argument::Text(text) => Ok(text),
            _ => Err(self.of_type(wanted::TEXT)),
        }
    }

    pub(super) fn flag(self) -> Result<bool, UsageError> {
        match self.argument {
            Argument::Flag(flag) => Ok(*flag),
            _ => Err(self.of_type(wanted::FLAG)),
        }
    }

    /// Several items, each with its number in its name.
    #[inline(never)]
    pub(super) fn items(self, wanted: Wanted) -> Result<impl Iterator<Item = Self>, UsageError> {
        let Argument::List(items) = self.argument else { return Err(self.of_type(wanted)) };
        Ok((1..).zip(items).map(move |(number, argument)| Self { part: Part::Item(number), argument, ..self }))
    }

    /// Whole seconds, of a span the whole ones.
    #[inline(never)]
    fn whole_seconds(self) -> Result<Duration, UsageError> {
        match *self.argument {
            Argument::Number(seconds) => counted(seconds).ok_or(seconds),
            Argument::Span(seconds) => whole(seconds).ok_or(seconds),
            _ => return Err(self.of_type(wanted::WHOLE_SECONDS)),
        }
        .map(Duration::from_secs)
        .map_err(|seconds| self.of_value(seconds, wanted::WHOLE_SECONDS_RANGE.words(self.host)))
    }

    /// A span: in Python seconds, elsewhere milliseconds.
    #[inline(never)]
    fn span(self) -> Result<Duration, UsageError> {
        let seconds = match *self.argument {
            Argument::Number(seconds) if self.host == Host::Python => seconds,
            Argument::Number(millis) => millis / 1000.0,
            Argument::Span(seconds) => seconds,
            _ => return Err(self.of_type(wanted::SPAN)),
        };
        // Whole milliseconds: the clocks of exchanges count no others.
        whole(seconds * 1000.0 + 0.5).filter(|_| seconds >= 0.0).map(Duration::from_millis).ok_or_else(|| {
            let given = if self.host == Host::Python { seconds } else { seconds * 1000.0 };
            self.of_value(given, wanted::SPAN_RANGE.words(self.host))
        })
    }

    /// A moment, as whole seconds since 1970.
    #[inline(never)]
    pub(super) fn unix_seconds(self) -> Result<u64, UsageError> {
        let seconds = match *self.argument {
            Argument::Number(seconds) if self.host == Host::Python => seconds,
            Argument::Time(seconds) => seconds,
            _ => return Err(self.of_type(wanted::MOMENT)),
        };
        let latest = crate::time::Timestamp::MAX.unix();
        let seconds_since = whole(seconds).filter(|seconds| *seconds <= latest);
        seconds_since.ok_or_else(|| self.of_value(seconds, wanted::TIME_RANGE.words(self.host)))
    }

    /// A whole number of at most so much.
    pub(super) fn count(self, most: u64) -> Result<u64, UsageError> {
        let Argument::Number(number) = *self.argument else { return Err(self.of_type(wanted::COUNT)) };
        let counted = counted(number).filter(|counted| *counted <= most);
        counted.ok_or_else(|| self.of_value(number, &format!("a whole number from 0 to {most}")))
    }

    /// What an object has by that name, as it is written in every host.
    pub(super) fn member(self, name: &'static str) -> Option<Self> {
        let Argument::Members(members) = self.argument else { return None };
        let (_, argument) = members.iter().find(|(given, _)| given == name)?;
        Some(Self { part: Part::Member(name), argument, ..self })
    }
}

/// An argument of the right type that makes no sense.
fn value(name: String, value: Quoted, wanted: String) -> UsageError {
    UsageError::ArgumentValue { name, value, wanted }
}

/// A number with up to three decimals, which is what is given by mistake. The standard library's way to write any double
/// is a twentieth of the verifier's module.
fn written(number: f64) -> String {
    let sign = if number < 0.0 { "-" } else { "" };
    let Some(thousandths) = whole(number.abs() * 1000.0) else {
        let word = if number.is_nan() { "NaN" } else { "a number beyond 9007199254740" };
        return [sign, word].concat();
    };
    let (units, decimals) = (thousandths / 1000, thousandths % 1000);
    let text = format!("{sign}{units}.{decimals:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// The whole part of a number that is not negative, if a double counts so far.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is within the bounds")]
fn whole(number: f64) -> Option<u64> {
    (0.0..=LONGEST * 1000.0).contains(&number).then_some(number as u64)
}

/// A number that is whole.
#[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "only a whole number is the same again")]
fn counted(number: f64) -> Option<u64> {
    whole(number).filter(|whole| *whole as f64 == number)
}

/// A name as a host spells it.
fn spelled(host: Host, name: &str) -> String {
    if host == Host::Python { in_python(name).to_string() } else { elsewhere(name).collect() }
}

fn is_spelled(host: Host, name: &str, given: &str) -> bool {
    if host == Host::Python { in_python(name) == given } else { elsewhere(name).eq(given.chars()) }
}

/// `timeout_ms` as `timeout`: spans have a type there.
fn in_python(name: &str) -> &str {
    name.strip_suffix("_ms").unwrap_or(name)
}

/// `timeout_ms` as `timeoutMs`.
fn elsewhere(name: &str) -> impl Iterator<Item = char> {
    let mut begins = false;
    name.chars().filter_map(move |character| {
        let is_first = core::mem::replace(&mut begins, character == '_');
        (character != '_').then(|| if is_first { character.to_ascii_uppercase() } else { character })
    })
}
