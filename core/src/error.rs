//! Errors that any part may give: the caller's and the transport's.

mod transport;
mod usage;

pub use self::transport::TransportError;
pub use self::usage::UsageError;
