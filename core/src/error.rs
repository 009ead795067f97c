//! Errors that any part may give, the caller's and the transport's, and what all codes have in common.

mod code;
mod transport;
mod usage;

pub(crate) use self::code::coded;
pub use self::code::{Code, CodeKind, Retryable};
pub use self::transport::TransportError;
pub use self::usage::UsageError;
