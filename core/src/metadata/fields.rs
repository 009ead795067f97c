//! The list: every field of every answer of the service, once.
//!
//! A row has a field's name here, its name on the wire, its kind, the first api-version that has it, whether it stays
//! the same while the machine runs, a sentence and a note. Everything else that knows the fields is made of the rows:
//! the structs, [`schema`](super::schema), what the emulator checks, shows and fills in, and by `make generate` the
//! classes of Python, the types of TypeScript and the reference table. [`record!`](super::record) has the grammar.

use super::record::{Record as _, RecordType};

mod compute;
mod identity;
mod instance;
mod load_balancer;
mod network;
mod scheduled_events;
mod storage;

pub use self::compute::{
    AdditionalCapabilities, Compute, Extended, ExtendedCompute, ExtendedLocation, OsProfile, PublicKey, PurchasePlan,
    ResourceReference, SecurityProfile, Tag,
};
pub use self::identity::{AccessToken, IdentityInfo};
pub use self::instance::Instance;
pub use self::load_balancer::{InboundRule, LoadBalancer, OutboundRule, PublicIpAddress, TunnelInterface};
pub use self::network::{AddressBlock, Interface, Ipv4, Ipv4Address, Ipv6, Ipv6Address, Network};
pub use self::scheduled_events::{ScheduledEvent, ScheduledEvents};
pub use self::storage::{
    BlobReference, DataDisk, DiffDiskSettings, DiskEncryptionKey, EncryptionSettings, ImageReference, KeyEncryptionKey,
    ManagedDisk, OsDisk, ResourceDisk, StorageProfile,
};

/// The answers that have rows: each with its path below `/metadata/`, and the record that it is read as.
pub const ANSWERS: &[(&str, &RecordType)] = &[
    ("instance", Instance::TYPE),
    ("loadbalancer", LoadBalancer::TYPE),
    ("identity/oauth2/token", AccessToken::TYPE),
    ("identity/info", IdentityInfo::TYPE),
    ("scheduledevents", ScheduledEvents::TYPE),
];
