//! The JSON form of errors, the same for each kind.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Error, MissingIssuer, VerifyError};
use crate::error::{TransportError, UsageError};
use crate::host::Host;
use crate::metadata::error::ServiceError;
use crate::metadata::record::{Record, RecordType, RecordValues, Sealed, has_form, result};

/// An error in its JSON form: with the next step in the words of a host, and with what was tried before it.
///
/// ```
/// use azure_imds::ApiVersion;
///
/// let error = azure_imds::Error::from(ApiVersion::parse("today").unwrap_err());
/// let json = error.form().to_json();
/// assert!(json.starts_with(r#"{"schema_version":1,"kind":"usage","code":"version_malformed","#), "{json}");
/// ```
#[derive(Clone, Debug)]
pub struct ErrorForm<'a> {
    error: &'a Error,
    host: Host,
    pub(crate) attempts: Vec<Tried>,
}

/// One request of a call, and what became of it, counted from the first.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    pub(crate) after_ms: u64,
    pub(crate) api_version: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<&'static str>,
    pub(crate) message: Option<String>,
}

impl Error {
    /// The JSON form. Next steps are those of Rust, and no attempts are told.
    #[must_use]
    pub const fn form(&self) -> ErrorForm<'_> {
        ErrorForm { error: self, host: Host::Rust, attempts: Vec::new() }
    }

    /// Whose error it is: `usage`, `transport`, `service` or `verify`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Transport(_) => "transport",
            Self::Service(_) => "service",
            Self::Verify(_) => "verify",
        }
    }

    const fn verify(&self) -> Option<&VerifyError> {
        match self {
            Self::Verify(error) => Some(error),
            _ => None,
        }
    }
}

impl ErrorForm<'_> {
    /// The same with the next step in the words of a host.
    ///
    /// ```
    /// use azure_imds::ApiVersion;
    /// use azure_imds::attested::{ErrorForm, Host};
    ///
    /// let error = azure_imds::Error::from(ApiVersion::parse("today").unwrap_err());
    /// let form: ErrorForm<'_> = error.form().host(Host::JavaScript);
    /// assert!(form.to_json().contains(r#""next_step":"#));
    /// ```
    #[must_use]
    pub fn host(self, host: Host) -> Self {
        Self { host, ..self }
    }

    /// Whether a request came to it, so that it can be told what was tried.
    #[cfg(feature = "client")]
    pub(crate) const fn is_of_a_request(&self) -> bool {
        matches!(self.error, Error::Transport(_) | Error::Service(_))
    }
}

result! {
    MissingIssuer, "MissingIssuer": "A certificate that is missing, or a root that is not trusted", |missing| {
        "name": text = missing.name.as_str(), "Its subject, bounded and escaped";
        "sha256": optional_text = missing.sha256.as_ref(), "Its SHA-256, where it is known";
        "url": optional_text = missing.url.as_ref(), "Where it can be fetched, where that is known";
    }
}
has_form!(MissingIssuer);

result! {
    Tried, "Attempt": "One request of a call, and what became of it", |attempt| {
        "after_ms": number = attempt.after_ms, "Milliseconds after the first one";
        "api_version": optional_text = attempt.api_version.as_ref(), "The version asked for";
        "status": optional_number = attempt.status.map(u64::from), "The status of the answer, if one came";
        "code": optional_text = attempt.code, "The code of the error; null for a good answer";
        "message": optional_text = attempt.message.as_ref(), "The text of the error";
    }
}

result! {
    ErrorForm<'_>, "Error": "Any error", |form| {
        "kind": text = form.error.kind(), "Whose it is: the caller's, the transport's, the service's, the document's";
        "code": text = form.error.code(), "Its stable name";
        "summary": optional_text = form.error.verify().map(VerifyError::summary),
            "What is wrong with a document, without any value of it";
        "message": text = form.error, "What is wrong, with the values, bounded and escaped";
        "next_step": optional_text = form.error.verify().map(|error| error.next_step_for(form.host)),
            "What to do about a document that is not accepted";
        "retryable": flag = form.error.retryable(), "Whether the same call may well succeed later";
        "missing": list(MissingIssuer) = &form.error.verify().map(VerifyError::missing).unwrap_or_default(),
            "The certificates that are missing, or the root that is not trusted, if that is the reason";
        "attempts": list(Tried) = &form.attempts,
            "What was tried before an error of the transport or the service, the first 64 requests of a call";
    }
}
has_form!(ErrorForm<'_>);

impl Sealed for Error {}

/// The form of an error without attempts.
impl Record for Error {
    const TYPE: &'static RecordType = ErrorForm::TYPE;

    fn fields(&self) -> RecordValues {
        self.form().fields()
    }
}
has_form!(Error);

/// Each of the four, as it is within [`Error`].
macro_rules! of_a_kind {
    ($($name:ident,)+) => {
        $(
            impl Sealed for $name {}

            impl Record for $name {
                const TYPE: &'static RecordType = ErrorForm::TYPE;

                fn fields(&self) -> RecordValues {
                    Error::from(self.clone()).fields()
                }
            }
            has_form!($name);
        )+
    };
}

of_a_kind! {
    UsageError,
    TransportError,
    ServiceError,
    VerifyError,
}
