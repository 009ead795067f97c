"""The disks and the image of a VM: ``compute.storageProfile``."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobReference:
    """The address of a blob."""

    uri: str | None = None
    """The address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReference:
    """An object that holds nothing but a resource id."""

    id: str | None = None
    """The resource id. Never compare it with case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedDisk:
    """A managed disk."""

    id: str | None = None
    """The disk's resource id."""

    storage_account_type: str | None = None
    """Its kind; may be empty although the disk has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDisk:
    """An element of ``storageProfile.dataDisks``."""

    bytes_per_second_throttle: int | None = None
    """Bytes a second at most, of Ultra disks."""

    caching: str | None = None
    """``None``, ``ReadOnly`` or ``ReadWrite``."""

    create_option: str | None = None
    """How the disk came to be."""

    disk_capacity_bytes: int | None = None
    """Size in bytes, of Ultra disks."""

    disk_size_gb: int | None = None
    """Size in GB."""

    image: BlobReference = field(default_factory=BlobReference)
    """The source image of an unmanaged disk."""

    is_shared_disk: bool | None = None
    """Whether the disk is shared between machines, of Ultra disks."""

    is_ultra_disk: bool | None = None
    """Whether it is an Ultra disk."""

    lun: int | None = None
    """The logical unit number."""

    managed_disk: ManagedDisk = field(default_factory=ManagedDisk)
    """The managed disk."""

    name: str | None = None
    """The disk's name."""

    ops_per_second_throttle: int | None = None
    """Operations a second at most, of Ultra disks."""

    vhd: BlobReference = field(default_factory=BlobReference)
    """The blob of an unmanaged disk."""

    write_accelerator_enabled: bool | None = None
    """Whether Write Accelerator is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReference:
    """``storageProfile.imageReference``: the image as it was asked for."""

    community_gallery_image_id: str | None = None
    """The image in a community gallery."""

    exact_version: str | None = None
    """The version that ``latest`` stood for."""

    id: str | None = None
    """A custom image's resource id."""

    offer: str | None = None
    """The offer."""

    publisher: str | None = None
    """The publisher."""

    shared_gallery_image_id: str | None = None
    """The image in a shared gallery."""

    sku: str | None = None
    """The SKU."""

    version: str | None = None
    """The version; may be the word ``latest``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffDiskSettings:
    """``osDisk.diffDiskSettings``: settings of an ephemeral disk."""

    enable_full_caching: bool | None = None
    """Whether the whole disk is cached on the host. Not documented."""

    option: str | None = None
    """``Local`` for an ephemeral disk."""

    placement: str | None = None
    """Where the disk lies. Not documented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskEncryptionKey:
    """``encryptionSettings.diskEncryptionKey``."""

    secret_url: str | None = None
    """The secret's address."""

    source_vault: ResourceReference = field(default_factory=ResourceReference)
    """The vault that keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEncryptionKey:
    """``encryptionSettings.keyEncryptionKey``."""

    key_url: str | None = None
    """The key's address."""

    source_vault: ResourceReference = field(default_factory=ResourceReference)
    """The vault that keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionSettings:
    """``osDisk.encryptionSettings``: Azure Disk Encryption."""

    disk_encryption_key: DiskEncryptionKey = field(default_factory=DiskEncryptionKey)
    """The key of the disk."""

    enabled: bool | None = None
    """Whether it is on."""

    key_encryption_key: KeyEncryptionKey = field(default_factory=KeyEncryptionKey)
    """The key of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OsDisk:
    """``storageProfile.osDisk``."""

    caching: str | None = None
    """``None``, ``ReadOnly`` or ``ReadWrite``."""

    create_option: str | None = None
    """How the disk came to be."""

    diff_disk_settings: DiffDiskSettings = field(default_factory=DiffDiskSettings)
    """Settings of an ephemeral disk."""

    disk_size_gb: int | None = None
    """Size in GB."""

    encryption_settings: EncryptionSettings = field(default_factory=EncryptionSettings)
    """Azure Disk Encryption."""

    image: BlobReference = field(default_factory=BlobReference)
    """The source image of an unmanaged disk."""

    managed_disk: ManagedDisk = field(default_factory=ManagedDisk)
    """The managed disk."""

    name: str | None = None
    """The disk's name."""

    os_type: str | None = None
    """``Linux`` or ``Windows``."""

    vhd: BlobReference = field(default_factory=BlobReference)
    """The blob of an unmanaged disk."""

    write_accelerator_enabled: bool | None = None
    """Whether Write Accelerator is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDisk:
    """``storageProfile.resourceDisk``: the local temporary disk."""

    size: int | None = None
    """Size in kB; zero without such a disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageProfile:
    """``compute.storageProfile``: since 2019-06-01."""

    data_disks: tuple[DataDisk, ...] = ()
    """The data disks."""

    image_reference: ImageReference = field(default_factory=ImageReference)
    """The image as it was asked for."""

    os_disk: OsDisk = field(default_factory=OsDisk)
    """The disk of the operating system."""

    resource_disk: ResourceDisk = field(default_factory=ResourceDisk)
    """The local temporary disk."""
