//! A metadata service of one's own.

mod machine;
mod random;
mod sign;

pub use self::machine::{
    AdditionalCapabilities, AddressPair, Compute, DataDisk, DiffDiskSettings, DiskEncryptionKey, EncryptionSettings,
    Extended, ExtendedLocation, Identities, ImageReference, InboundRule, Interface, IpAddress, Ipv4, Ipv6,
    KeyEncryptionKey, LoadBalancer, Machine, ManagedDisk, Named, Network, OsDisk, OsProfile, PlanParts, PrivateAddress,
    PublicKey, ResourceDisk, SecurityProfile, StorageProfile, Subnet, SystemAssigned, Tag, TunnelInterface, Uri,
    UserAssigned,
};
pub use self::random::Seed;
pub use self::sign::{AttestedFacts, Authority, Tamper};
