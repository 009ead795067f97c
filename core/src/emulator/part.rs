//! The parts of the service, and the three programs that answer for them.

use core::fmt;

/// A part of the service, as the emulator tells them apart: in faults, in the journal, in limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Part {
    /// `/metadata/attested/document`.
    Attested,
    /// `/emulator/...`: what the emulator itself adds. Neither limited nor faulty.
    Emulator,
    /// `/metadata/identity/info`.
    Info,
    /// `/metadata/instance` and everything under it.
    Instance,
    /// `/metadata/loadbalancer`.
    LoadBalancer,
    /// Any other path.
    Other,
    /// `/metadata/scheduledevents`.
    ScheduledEvents,
    /// `/metadata/identity/oauth2/token`.
    Token,
    /// `/metadata/versions`.
    Versions,
}

impl Part {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Attested,
        Self::Emulator,
        Self::Info,
        Self::Instance,
        Self::LoadBalancer,
        Self::Other,
        Self::ScheduledEvents,
        Self::Token,
        Self::Versions,
    ];

    /// The name in faults and journals: `attested`, `emulator`, `info`, `instance`, `loadbalancer`, `other`,
    /// `scheduledevents`, `token`, `versions`.
    ///
    /// ```
    /// use azure_imds::emulator::Part;
    ///
    /// assert_eq!(Part::LoadBalancer.name(), "loadbalancer");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attested => "attested",
            Self::Emulator => "emulator",
            Self::Info => "info",
            Self::Instance => "instance",
            Self::LoadBalancer => "loadbalancer",
            Self::Other => "other",
            Self::ScheduledEvents => "scheduledevents",
            Self::Token => "token",
            Self::Versions => "versions",
        }
    }

    /// Whether it belongs to managed identity, which has limits of its own.
    #[must_use]
    pub const fn is_identity(self) -> bool {
        matches!(self, Self::Info | Self::Token)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The program that answers; each has its own style of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backend {
    /// `{"error":"invalid_request","error_description":"..."}`
    Identity,
    /// `{ "error": "..." }`, and a request identifier.
    Instance,
    /// `{"error":"..."}`
    LoadBalancer,
}
