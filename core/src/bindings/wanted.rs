//! What may stand for an argument, in the words of each host.

use crate::host::Host;

/// What may stand somewhere, in Python and elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    python: &'static str,
    elsewhere: &'static str,
}

impl Wanted {
    pub(super) const fn words(self, host: Host) -> &'static str {
        match host {
            Host::Python => self.python,
            _ => self.elsewhere,
        }
    }
}

pub(super) const CERTIFICATES: Wanted = Wanted {
    python: "PEM or DER content as bytes, the path of such a file, or several of these",
    elsewhere: "PEM as text or bytes, one certificate in DER as bytes, or several of these",
};
pub(super) const COUNT: Wanted = Wanted { python: "int, or None for the default", elsewhere: "a whole number" };
pub(super) const EVENTS: Wanted = Wanted {
    python: "a ScheduledEvent, the identifier of one, or several of these",
    elsewhere: "a scheduled event, the identifier of one, or several of these",
};
pub(super) const FINGERPRINT: Wanted = Wanted {
    python: "a SHA-256 as 64 hexadecimal digits, or as 32 bytes",
    elsewhere: "a SHA-256 as 64 hexadecimal digits, or as 32 bytes",
};
pub(super) const FLAG: Wanted = Wanted { python: "True or False", elsewhere: "true or false" };
pub(super) const MOMENT: Wanted = Wanted {
    python: "an aware datetime, Unix seconds, AT_SIGNING_TIME, or None for this machine's clock",
    elsewhere: "a Date, AT_SIGNING_TIME, or nothing for this machine's clock",
};
pub(super) const PLAN: Wanted =
    Wanted { python: "azure_imds.Plan(name, product, publisher)", elsewhere: "{ name, product, publisher }" };
pub(super) const SEVERAL: Wanted = Wanted { python: "several of them: [...]", elsewhere: "several of them: [...]" };
pub(super) const SPAN: Wanted = Wanted {
    python: "seconds as int or float, a timedelta, or None for the default",
    elsewhere: "milliseconds as a number",
};
pub(super) const SPAN_RANGE: Wanted =
    Wanted { python: "seconds that are not negative", elsewhere: "milliseconds that are not negative" };
pub(super) const TEXT: Wanted = Wanted { python: "str", elsewhere: "a text" };
pub(super) const TIME_RANGE: Wanted =
    Wanted { python: "a time from 1970 to 9999, in seconds since 1970", elsewhere: "a Date from 1970 to 9999" };
pub(super) const VARIABLES: Wanted = Wanted {
    python: "a mapping of names to values, or None for that of this process",
    elsewhere: "an object of variables, or nothing for those of this process",
};
pub(super) const WHOLE_SECONDS: Wanted =
    Wanted { python: "whole seconds as int, or a timedelta", elsewhere: "whole seconds as a number" };
pub(super) const WHOLE_SECONDS_RANGE: Wanted =
    Wanted { python: "whole seconds that are not negative", elsewhere: "whole seconds that are not negative" };
