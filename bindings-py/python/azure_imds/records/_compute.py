"""What a VM is: ``compute``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from azure_imds import _native
from azure_imds.records._storage import ResourceReference, StorageProfile

if TYPE_CHECKING:
    from azure_imds._arguments import CloudName


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalCapabilities:
    """``compute.additionalCapabilities``."""

    hibernation_enabled: bool | None = None
    """Whether the machine may hibernate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedLocation:
    """``compute.extendedLocation``: the edge zone."""

    name: str | None = None
    """The edge zone's name."""

    type_name: str | None = None
    """Its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OsProfile:
    """``compute.osProfile``: what the operating system was set up with."""

    admin_username: str | None = None
    """The administrator's name."""

    computer_name: str | None = None
    """The host name given at creation."""

    disable_password_authentication: bool | None = None
    """Whether passwords are refused at login; absent on Windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePlan:
    """``compute.plan``: the marketplace plan an image was sold under."""

    name: str | None = None
    """The plan."""

    product: str | None = None
    """The product."""

    publisher: str | None = None
    """The publisher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """An element of ``compute.publicKeys``."""

    key_data: str | None = None
    """The key in OpenSSH form; may end with a line feed."""

    path: str | None = None
    """The file it was written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityProfile:
    """``compute.securityProfile``: what protects the machine."""

    encryption_at_host: bool | None = None
    """Whether disks are encrypted at the host."""

    secure_boot_enabled: bool | None = None
    """Whether Secure Boot is on."""

    security_type: str | None = None
    """``TrustedLaunch`` or ``ConfidentialVM``."""

    virtual_tpm_enabled: bool | None = None
    """Whether there is a virtual TPM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An element of ``compute.tagsList``.

    A tag without value has none here; see ``Instance.tags``.
    """

    name: str | None = None
    """The tag's name."""

    value: str | None = None
    """The tag's value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """``compute``: the machine, its image, its place.

    Fields that are newer than the answer's version are absent; ``azure_imds.explain`` tells which came when.
    """

    additional_capabilities: AdditionalCapabilities = field(default_factory=AdditionalCapabilities)
    """Capabilities switched on for the machine."""

    az_environment: str | None = None
    """The cloud; see ``Compute.cloud``."""

    custom_data: str | None = None
    """Always empty today; see ``user_data``."""

    eviction_policy: str | None = None
    """``Deallocate`` or ``Delete``, for Spot machines."""

    extended_location: ExtendedLocation = field(default_factory=ExtendedLocation)
    """The edge zone."""

    host: ResourceReference = field(default_factory=ResourceReference)
    """The dedicated host."""

    host_group: ResourceReference = field(default_factory=ResourceReference)
    """The dedicated host group."""

    interconnect_group_id: str | None = None
    """The group of machines joined by one fabric. Not documented."""

    interconnect_subgroup_id: str | None = None
    """The part of that group. Not documented."""

    is_host_compatibility_layer_vm: bool | None = None
    """Whether the machine runs on the host compatibility layer."""

    is_vm_in_standby_pool: str | None = None
    """Whether the machine waits in a standby pool. Not documented, so given as text."""

    license_type: str | None = None
    """The licence brought along."""

    location: str | None = None
    """The region."""

    name: str | None = None
    """The machine's name."""

    offer: str | None = None
    """The image's offer."""

    os_profile: OsProfile = field(default_factory=OsProfile)
    """What the operating system was set up with."""

    os_type: str | None = None
    """``Linux`` or ``Windows``."""

    physical_zone: str | None = None
    """The physical zone, the same for all subscriptions."""

    placement_group_id: str | None = None
    """The placement group of a scale set."""

    plan: PurchasePlan = field(default_factory=PurchasePlan)
    """The marketplace plan the image was sold under."""

    platform_fault_domain: int | None = None
    """The fault domain."""

    platform_sub_fault_domain: int | None = None
    """The fault domain within the fault domain."""

    platform_update_domain: int | None = None
    """The update domain."""

    priority: str | None = None
    """``Regular``, ``Low`` or ``Spot``."""

    provider: str | None = None
    """The resource provider."""

    public_keys: tuple[PublicKey, ...] = ()
    """The SSH keys given at creation."""

    publisher: str | None = None
    """The image's publisher."""

    resource_group_name: str | None = None
    """The resource group."""

    resource_id: str | None = None
    """The machine's resource id. Never compare it with case."""

    security_profile: SecurityProfile = field(default_factory=SecurityProfile)
    """What protects the machine."""

    sku: str | None = None
    """The image's SKU."""

    storage_profile: StorageProfile = field(default_factory=StorageProfile)
    """Image and disks."""

    subscription_id: str | None = None
    """The subscription."""

    system_fault_domain: str | None = None
    """A fault domain as the platform counts. Not documented."""

    tags: str | None = None
    """The tags in one text; see ``Instance.tags``."""

    tags_list: tuple[Tag, ...] = ()
    """The tags one by one; see ``Instance.tags``."""

    user_data: str | None = None
    """The user data, base64."""

    version: str | None = None
    """The image's version."""

    virtual_machine_scale_set: ResourceReference = field(default_factory=ResourceReference)
    """The flexible scale set."""

    vm_id: str | None = None
    """The machine's UUID; see ``Compute.vm_id_matches``."""

    vm_scale_set_name: str | None = None
    """The scale set's name."""

    vm_size: str | None = None
    """The size."""

    zone: str | None = None
    """The availability zone."""

    @property
    def cloud(self) -> CloudName | None:
        """The cloud that ``az_environment`` names; none if it is absent or names none that is known."""
        return _native.cloud_of(self.az_environment or "")

    def vm_id_matches(self, smbios: str, /) -> bool:
        """Whether the UUID that the machine's own SMBIOS shows is this ``vm_id``.

        SMBIOS before version 2.6 has the first three groups of a UUID in reverse order of bytes: both orders match.
        Case, braces and white space around do not count.
        """
        return _native.vm_id_matches(self.vm_id or "", smbios)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedCompute:
    """``extended.compute``.

    Not documented.
    """

    has_custom_data: bool | None = None
    """Whether custom data was given."""

    pps_type: str | None = None
    """The kind of pre-provisioning: ``None``, ``Running``, ``Savable`` or ``OSDisk``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """``extended``, which comes only with ``extended=true``.

    Not documented.
    """

    compute: ExtendedCompute = field(default_factory=ExtendedCompute)
    """How the machine is provisioned."""
