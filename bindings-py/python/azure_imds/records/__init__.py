"""The typed values of the answers: frozen classes with the service's own names in Python's spelling.

A field is ``None`` when the answer lacks it, when it is empty there, and when it can't be read as what it should be. An
object that is missing is a record of which everything is absent, so ``instance.compute.os_profile.computer_name`` needs
no test on the way. The answer itself stays as it came, in ``json``.
"""

from azure_imds._native import AccessToken, Instance
from azure_imds.records._compute import (
    AdditionalCapabilities,
    Compute,
    Extended,
    ExtendedCompute,
    ExtendedLocation,
    OsProfile,
    PublicKey,
    PurchasePlan,
    SecurityProfile,
    Tag,
)
from azure_imds.records._events import (
    ScheduledEvent,
    ScheduledEvents,
)
from azure_imds.records._load_balancer import (
    InboundRule,
    LoadBalancer,
    OutboundRule,
    PublicIpAddress,
    TunnelInterface,
)
from azure_imds.records._network import (
    AddressBlock,
    Interface,
    Ipv4,
    Ipv4Address,
    Ipv6,
    Ipv6Address,
    Network,
)
from azure_imds.records._others import (
    AttestedDocument,
    Availability,
    Diagnosis,
    Field,
    Finding,
    IdentityInfo,
    Tags,
    Versions,
)
from azure_imds.records._record import (
    Unreadable,
)
from azure_imds.records._storage import (
    BlobReference,
    DataDisk,
    DiffDiskSettings,
    DiskEncryptionKey,
    EncryptionSettings,
    ImageReference,
    KeyEncryptionKey,
    ManagedDisk,
    OsDisk,
    ResourceDisk,
    ResourceReference,
    StorageProfile,
)

__all__ = [
    "AccessToken",
    "AdditionalCapabilities",
    "AddressBlock",
    "AttestedDocument",
    "Availability",
    "BlobReference",
    "Compute",
    "DataDisk",
    "Diagnosis",
    "DiffDiskSettings",
    "DiskEncryptionKey",
    "EncryptionSettings",
    "Extended",
    "ExtendedCompute",
    "ExtendedLocation",
    "Field",
    "Finding",
    "IdentityInfo",
    "ImageReference",
    "InboundRule",
    "Instance",
    "Interface",
    "Ipv4",
    "Ipv4Address",
    "Ipv6",
    "Ipv6Address",
    "KeyEncryptionKey",
    "LoadBalancer",
    "ManagedDisk",
    "Network",
    "OsDisk",
    "OsProfile",
    "OutboundRule",
    "PublicIpAddress",
    "PublicKey",
    "PurchasePlan",
    "ResourceDisk",
    "ResourceReference",
    "ScheduledEvent",
    "ScheduledEvents",
    "SecurityProfile",
    "StorageProfile",
    "Tag",
    "Tags",
    "TunnelInterface",
    "Unreadable",
    "Versions",
]
