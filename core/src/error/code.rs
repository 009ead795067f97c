//! What is known of a code, and the macro that declares the enums that have codes.

use alloc::string::String;

use crate::host::Host;

/// A stable name, with what happened and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Code {
    /// The stable name, the same in Rust, Python and JavaScript. Unique within its kind.
    pub name: &'static str,
    /// What it is a code of.
    pub kind: CodeKind,
    /// What happened, in a sentence.
    pub cause: &'static str,
    /// What to do next. It may have places, such as `{issuers}`, for what a language calls an argument:
    /// [`remedy_for`](Self::remedy_for) fills them.
    pub remedy: &'static str,
    /// Whether the same call may well succeed later, with nothing changed.
    pub retryable: Retryable,
}

impl Code {
    /// What to do next, with the flags or arguments of a host.
    #[must_use]
    pub fn remedy_for(&self, host: Host) -> String {
        host.words(self.remedy)
    }
}

/// What a code is a code of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CodeKind {
    /// A mistake of the caller.
    Usage,
    /// A request that was not carried to its end.
    Transport,
    /// An answer of no use.
    Service,
    /// A document that is refused.
    Verify,
    /// An issuer that did not come. Those of [`Transport`](Self::Transport) are codes of a fetch too.
    Fetch,
    /// Why no issuer was asked for.
    NotFetched,
    /// Something that the doctor found.
    Finding,
}

impl CodeKind {
    /// All kinds.
    pub const ALL: &'static [Self] =
        &[Self::Usage, Self::Transport, Self::Service, Self::Verify, Self::Fetch, Self::NotFetched, Self::Finding];

    /// The stable name: `usage`, `transport`, `service`, `verify`, `fetch`, `not_fetched` or `finding`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Transport => "transport",
            Self::Service => "service",
            Self::Verify => "verify",
            Self::Fetch => "fetch",
            Self::NotFetched => "not_fetched",
            Self::Finding => "finding",
        }
    }
}

/// Whether the same call may well succeed later, with nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retryable {
    /// Yes.
    Always,
    /// The error itself says so: by its values, or by what was fetched.
    Depends,
    /// No.
    Never,
}

impl Retryable {
    /// The stable name: `always`, `depends` or `never`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Depends => "depends",
            Self::Never => "never",
        }
    }
}

/// Declares an enum with one code for each variant. What is said of a code is said here alone: its cause is the
/// documentation of the variant, then come the name, `retry` with a [`Retryable`] unless that is `Never`, and the
/// remedy. The last variant may have its `code from` a field, or be `from` another such enum and have its codes.
///
/// Each column is a function of its own, so that a program links only the texts that it asks for.
macro_rules! coded {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $enum:ident: $kind:ident;
        $(
            $(#[doc = $doc:literal])+
            $(#[cfg($($condition:tt)+)])?
            $(#[error($($display:tt)+)])?
            $variant:ident
                $({ $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty),+ $(,)? })?
                $(($held:ty))?
                => $name:literal, $(retry $retry:ident,)? $remedy:literal;
        )+
        $(
            code from $told_code:ident:
            $(#[doc = $told_doc:literal])+
            #[error($($told_display:tt)+)]
            $told:ident { $($(#[doc = $told_field_doc:literal])+ $told_field:ident: $told_type:ty),+ $(,)? }
                => $told_remedy:literal;
        )?
        $(from $inner:ty: $(#[doc = $outer_doc:literal])+ #[error($($outer_display:tt)+)] $outer:ident;)?
    ) => {
        $(#[$attribute])*
        $visibility enum $enum {
            $(
                $(#[doc = $doc])+
                $(#[cfg($($condition)+)])?
                $(#[error($($display)+)])?
                $variant $({ $($(#[doc = $field_doc])+ $field: $type),+ })? $(($held))?,
            )+
            $(
                $(#[doc = $told_doc])+
                #[error($($told_display)+)]
                $told { $($(#[doc = $told_field_doc])+ $told_field: $told_type),+ },
            )?
            $(
                $(#[doc = $outer_doc])+
                #[error($($outer_display)+)]
                $outer(#[from] $inner),
            )?
        }

        #[allow(dead_code, reason = "every enum has every column, and not each is asked for")]
        impl $enum {
            /// The names of all codes.
            $visibility const CODES: &'static [&'static str] = &[$($(#[cfg($($condition)+)])? $name),+];

            /// All codes, with what happened and what to do about it: those of features that are off too.
            $visibility const DESCRIPTIONS: &'static [$crate::error::Code] = &[$($crate::error::Code {
                name: $name,
                kind: $crate::error::CodeKind::$kind,
                cause: concat!($($doc),+).trim_ascii_start(),
                remedy: $remedy,
                retryable: coded!(@retryable $($retry)?),
            }),+];

            /// The stable name.
            #[must_use]
            $visibility const fn code(&self) -> &'static str {
                match self {
                    $($(#[cfg($($condition)+)])? Self::$variant { .. } => $name,)+
                    $(Self::$told { $told_code, .. } => $told_code,)?
                    $(Self::$outer(inner) => coded!(@code inner, $inner),)?
                }
            }

            /// What happened, without any value.
            #[must_use]
            $visibility const fn summary(&self) -> &'static str {
                match self {
                    $($(#[cfg($($condition)+)])? Self::$variant { .. } => const { concat!($($doc),+).trim_ascii_start() },)+
                    $(Self::$told { .. } => const { concat!($($told_doc),+).trim_ascii_start() },)?
                    $(Self::$outer(inner) => coded!(@summary inner, $inner),)?
                }
            }

            /// What to do next, with places for the words of a host.
            pub(crate) const fn remedy(&self) -> &'static str {
                match self {
                    $($(#[cfg($($condition)+)])? Self::$variant { .. } => $remedy,)+
                    $(Self::$told { .. } => $told_remedy,)?
                    $(Self::$outer(inner) => coded!(@remedy inner, $inner),)?
                }
            }

            /// Whether the same call may well succeed later, as far as the code tells.
            pub(crate) const fn retry(&self) -> $crate::error::Retryable {
                match self {
                    $($(#[cfg($($condition)+)])? Self::$variant { .. } => coded!(@retryable $($retry)?),)+
                    $(Self::$told { .. } => $crate::error::Retryable::Never,)?
                    $(Self::$outer(inner) => coded!(@retry inner, $inner),)?
                }
            }
        }
    };
    (@retryable) => { $crate::error::Retryable::Never };
    (@retryable $retry:ident) => { $crate::error::Retryable::$retry };
    (@$column:ident $inner:ident, $type:ty) => { $inner.$column() };
}

pub(crate) use coded;
