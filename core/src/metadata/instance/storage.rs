//! `compute.storageProfile`: image and disks.

use super::compute::ResourceReference;
use crate::metadata::record::record;

record! {
    /// `compute.storageProfile`: since 2019-06-01.
    StorageProfile {
        /// The data disks.
        data_disks: list(DataDisk) = "dataDisks";
        /// The image as it was asked for.
        image_reference: record(ImageReference) = "imageReference";
        /// The disk of the operating system.
        os_disk: record(OsDisk) = "osDisk";
        /// The local temporary disk.
        resource_disk: record(ResourceDisk) = "resourceDisk";
    }
}

record! {
    /// An element of `storageProfile.dataDisks`.
    DataDisk {
        /// Bytes a second at most, of Ultra disks.
        bytes_per_second_throttle: number = "bytesPerSecondThrottle";
        /// `None`, `ReadOnly` or `ReadWrite`.
        caching: text = "caching";
        /// How the disk came to be.
        create_option: text = "createOption";
        /// Size in bytes, of Ultra disks.
        disk_capacity_bytes: number = "diskCapacityBytes";
        /// Size in GB.
        disk_size_gb: number = "diskSizeGB";
        /// The source image of an unmanaged disk.
        image: record(BlobReference) = "image";
        /// Whether the disk is shared between machines, of Ultra disks.
        is_shared_disk: flag = "isSharedDisk";
        /// Whether it is an Ultra disk.
        is_ultra_disk: flag = "isUltraDisk";
        /// The logical unit number.
        lun: number = "lun";
        /// The managed disk.
        managed_disk: record(ManagedDisk) = "managedDisk";
        /// The disk's name.
        name: text = "name";
        /// Operations a second at most, of Ultra disks.
        ops_per_second_throttle: number = "opsPerSecondThrottle";
        /// The blob of an unmanaged disk.
        vhd: record(BlobReference) = "vhd";
        /// Whether Write Accelerator is on.
        write_accelerator_enabled: flag = "writeAcceleratorEnabled";
    }
}

record! {
    /// `storageProfile.osDisk`.
    OsDisk {
        /// `None`, `ReadOnly` or `ReadWrite`.
        caching: text = "caching";
        /// How the disk came to be.
        create_option: text = "createOption";
        /// Settings of an ephemeral disk.
        diff_disk_settings: record(DiffDiskSettings) = "diffDiskSettings";
        /// Size in GB.
        disk_size_gb: number = "diskSizeGB";
        /// Azure Disk Encryption.
        encryption_settings: record(EncryptionSettings) = "encryptionSettings";
        /// The source image of an unmanaged disk.
        image: record(BlobReference) = "image";
        /// The managed disk.
        managed_disk: record(ManagedDisk) = "managedDisk";
        /// The disk's name.
        name: text = "name";
        /// `Linux` or `Windows`.
        os_type: text = "osType";
        /// The blob of an unmanaged disk.
        vhd: record(BlobReference) = "vhd";
        /// Whether Write Accelerator is on.
        write_accelerator_enabled: flag = "writeAcceleratorEnabled";
    }
}

record! {
    /// The address of a blob.
    BlobReference {
        /// The address.
        uri: text = "uri";
    }
}

record! {
    /// `osDisk.diffDiskSettings`: settings of an ephemeral disk.
    DiffDiskSettings {
        /// Whether the whole disk is cached on the host. Not documented.
        enable_full_caching: flag = "enableFullCaching";
        /// `Local` for an ephemeral disk.
        option: text = "option";
        /// Where the disk lies. Not documented.
        placement: text = "placement";
    }
}

record! {
    /// `osDisk.encryptionSettings`: Azure Disk Encryption.
    EncryptionSettings {
        /// The key of the disk.
        disk_encryption_key: record(DiskEncryptionKey) = "diskEncryptionKey";
        /// Whether it is on.
        enabled: flag = "enabled";
        /// The key of the key.
        key_encryption_key: record(KeyEncryptionKey) = "keyEncryptionKey";
    }
}

record! {
    /// `encryptionSettings.diskEncryptionKey`.
    DiskEncryptionKey {
        /// The secret's address.
        secret_url: text = "secretUrl";
        /// The vault that keeps it.
        source_vault: record(ResourceReference) = "sourceVault";
    }
}

record! {
    /// `encryptionSettings.keyEncryptionKey`.
    KeyEncryptionKey {
        /// The key's address.
        key_url: text = "keyUrl";
        /// The vault that keeps it.
        source_vault: record(ResourceReference) = "sourceVault";
    }
}

record! {
    /// `storageProfile.imageReference`: the image as it was asked for.
    ImageReference {
        /// The image in a community gallery.
        community_gallery_image_id: text = "communityGalleryImageId";
        /// The version that `latest` stood for.
        exact_version: text = "exactVersion";
        /// A custom image's resource id.
        id: text = "id";
        /// The offer.
        offer: text = "offer";
        /// The publisher.
        publisher: text = "publisher";
        /// The image in a shared gallery.
        shared_gallery_image_id: text = "sharedGalleryImageId";
        /// The SKU.
        sku: text = "sku";
        /// The version; may be the word `latest`.
        version: text = "version";
    }
}

record! {
    /// A managed disk.
    ManagedDisk {
        /// The disk's resource id.
        id: text = "id";
        /// Its kind; may be empty although the disk has one.
        storage_account_type: text = "storageAccountType";
    }
}

record! {
    /// `storageProfile.resourceDisk`: the local temporary disk.
    ResourceDisk {
        /// Size in kB; zero without such a disk.
        size: number = "size";
    }
}
