//! `compute.storageProfile`: image and disks.

use super::compute::ResourceReference;
use crate::metadata::record::record;

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::{DataDisk, ImageReference, ManagedDisk, OsDisk, StorageProfile};
    ///
    /// let instance = Instance::parse(
    ///     r#"{"compute":{"storageProfile":{"osDisk":{"osType":"Linux","diskSizeGB":"30"},
    ///         "imageReference":{"offer":"ubuntu-24_04-lts"},
    ///         "dataDisks":[{"lun":"0","managedDisk":{"storageAccountType":"Premium_LRS"}}]}}}"#,
    ///     None,
    /// )?;
    /// let StorageProfile { os_disk, image_reference, data_disks, .. } = &instance.compute.storage_profile;
    /// let OsDisk { disk_size_gb, .. } = os_disk;
    /// let ImageReference { offer, .. } = image_reference;
    /// assert_eq!((*disk_size_gb, offer.as_deref()), (Some(30), Some("ubuntu-24_04-lts")));
    /// let disk: &DataDisk = &data_disks[0];
    /// assert_eq!(disk.lun, Some(0)); // numbers come as text
    /// let ManagedDisk { storage_account_type, .. } = &disk.managed_disk;
    /// assert_eq!(storage_account_type.as_deref(), Some("Premium_LRS"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    StorageProfile: "`compute.storageProfile`: image and disks" {
        data_disks: list(DataDisk) = "dataDisks", "2019-06-01", "The data disks";
        image_reference: record(ImageReference) = "imageReference", "2019-06-01", "The image as it was asked for";
        os_disk: record(OsDisk) = "osDisk", "2019-06-01", "The disk of the operating system";
        resource_disk: record(ResourceDisk) = "resourceDisk", "2021-02-01", "The local temporary disk";
    }
}

record! {
    DataDisk: "An element of `storageProfile.dataDisks`" {
        bytes_per_second_throttle: number = "bytesPerSecondThrottle", "2021-05-01", "Bytes a second at most"
            => "Empty for all but Ultra disks";
        caching: text = "caching", "2019-06-01", "None, ReadOnly or ReadWrite";
        create_option: text = "createOption", "2019-06-01", "Attach, Empty, FromImage and the like";
        disk_capacity_bytes: number = "diskCapacityBytes", "2021-05-01", "Size in bytes"
            => "Empty for all but Ultra disks";
        disk_size_gb: number = "diskSizeGB", "2019-06-01", "Size in GB";
        image: record(BlobReference) = "image", "2019-06-01", "The source image of an unmanaged disk";
        is_shared_disk: flag = "isSharedDisk", "2021-05-01", "Whether the disk is shared between machines"
            => "Empty for all but Ultra disks";
        is_ultra_disk: flag = "isUltraDisk", "2021-05-01", "Whether it is an Ultra disk";
        lun: number = "lun", "2019-06-01", "The logical unit number";
        managed_disk: record(ManagedDisk) = "managedDisk", "2019-06-01", "The managed disk";
        name: text = "name", "2019-06-01", "The disk's name";
        ops_per_second_throttle: number = "opsPerSecondThrottle", "2021-05-01", "Operations a second at most"
            => "Empty for all but Ultra disks";
        vhd: record(BlobReference) = "vhd", "2019-06-01", "The blob of an unmanaged disk";
        write_accelerator_enabled: flag = "writeAcceleratorEnabled", "2019-06-01", "Whether Write Accelerator is on";
    }
}

record! {
    OsDisk: "`storageProfile.osDisk`" {
        caching: text = "caching", "2019-06-01", "None, ReadOnly or ReadWrite";
        create_option: text = "createOption", "2019-06-01", "Attach, Empty, FromImage and the like";
        diff_disk_settings: record(DiffDiskSettings) = "diffDiskSettings", "2019-06-01",
            "Settings of an ephemeral disk";
        disk_size_gb: number = "diskSizeGB", "2019-06-01", "Size in GB";
        encryption_settings: record(EncryptionSettings) = "encryptionSettings", "2019-06-01", "Azure Disk Encryption";
        image: record(BlobReference) = "image", "2019-06-01", "The source image of an unmanaged disk";
        managed_disk: record(ManagedDisk) = "managedDisk", "2019-06-01", "The managed disk";
        name: text = "name", "2019-06-01", "The disk's name";
        os_type: text = "osType", "2019-06-01", "Linux or Windows";
        vhd: record(BlobReference) = "vhd", "2019-06-01", "The blob of an unmanaged disk";
        write_accelerator_enabled: flag = "writeAcceleratorEnabled", "2019-06-01", "Whether Write Accelerator is on";
    }
}

record! {
    BlobReference: "The address of a blob" {
        uri: text = "uri", inherited, "The address";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::{BlobReference, DiffDiskSettings};
    ///
    /// let answer = r#"{"compute":{"storageProfile":{"osDisk":{"diffDiskSettings":{"option":"Local"}}}}}"#;
    /// let instance = Instance::parse(answer, None)?;
    /// let disk = &instance.compute.storage_profile.os_disk;
    /// let DiffDiskSettings { option, .. } = &disk.diff_disk_settings;
    /// assert_eq!(option.as_deref(), Some("Local"));
    /// assert_eq!(disk.vhd, BlobReference::default()); // a managed disk has no blob
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    DiffDiskSettings: "`osDisk.diffDiskSettings`: settings of an ephemeral disk" {
        enable_full_caching: flag = "enableFullCaching", unknown, "Whether the whole disk is cached on the host";
        option: text = "option", "2019-06-01", "Local for an ephemeral disk";
        placement: text = "placement", unknown, "Where an ephemeral disk lies";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::{DiskEncryptionKey, EncryptionSettings, KeyEncryptionKey};
    ///
    /// let instance = Instance::parse(
    ///     r#"{"compute":{"storageProfile":{"osDisk":{"encryptionSettings":{"enabled":"true",
    ///         "diskEncryptionKey":{"secretUrl":"https://v.vault.azure.net/secrets/s"}}}}}}"#,
    ///     None,
    /// )?;
    /// let settings: &EncryptionSettings = &instance.compute.storage_profile.os_disk.encryption_settings;
    /// assert_eq!(settings.enabled, Some(true));
    /// let DiskEncryptionKey { secret_url, .. } = &settings.disk_encryption_key;
    /// assert_eq!(secret_url.as_deref(), Some("https://v.vault.azure.net/secrets/s"));
    /// assert_eq!(settings.key_encryption_key, KeyEncryptionKey::default()); // the answer has none
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    EncryptionSettings: "`osDisk.encryptionSettings`: Azure Disk Encryption" {
        disk_encryption_key: record(DiskEncryptionKey) = "diskEncryptionKey", "2021-11-01", "The key of the disk";
        enabled: flag = "enabled", "2019-06-01", "Whether it is on";
        key_encryption_key: record(KeyEncryptionKey) = "keyEncryptionKey", "2021-11-01", "The key of the key";
    }
}

record! {
    DiskEncryptionKey: "`encryptionSettings.diskEncryptionKey`" {
        secret_url: text = "secretUrl", "2021-11-01", "The secret's address";
        source_vault: record(ResourceReference) = "sourceVault", "2021-11-01", "The vault that keeps it";
    }
}

record! {
    KeyEncryptionKey: "`encryptionSettings.keyEncryptionKey`" {
        key_url: text = "keyUrl", "2021-11-01", "The key's address";
        source_vault: record(ResourceReference) = "sourceVault", "2021-11-01", "The vault that keeps it";
    }
}

record! {
    ImageReference: "`storageProfile.imageReference`: the image as it was asked for" {
        community_gallery_image_id: text = "communityGalleryImageId", "2023-07-01", "The image in a community gallery";
        exact_version: text = "exactVersion", "2023-07-01", "The version that `latest` stood for"
            => "Documented for gallery images, seen for marketplace images as well";
        id: text = "id", "2019-06-01", "A custom image's resource id"
            => "The service mixes upper and lower case in resource ids: never compare them with case";
        offer: text = "offer", "2019-06-01", "The offer";
        publisher: text = "publisher", "2019-06-01", "The publisher";
        shared_gallery_image_id: text = "sharedGalleryImageId", "2023-07-01", "The image in a shared gallery";
        sku: text = "sku", "2019-06-01", "The SKU";
        version: text = "version", "2019-06-01", "The version"
            => "May be the word `latest`; compute/version has the number";
    }
}

record! {
    ManagedDisk: "A managed disk" {
        id: text = "id", inherited, "The disk's resource id"
            => "The service mixes upper and lower case in resource ids: never compare them with case";
        storage_account_type: text = "storageAccountType", inherited,
            "The kind of storage, such as Premium_LRS"
            => "May be empty although the disk has one";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::ResourceDisk;
    ///
    /// let answer = r#"{"compute":{"storageProfile":{"resourceDisk":{"size":"16384"}}}}"#;
    /// let instance = Instance::parse(answer, None)?;
    /// let ResourceDisk { size, .. } = instance.compute.storage_profile.resource_disk;
    /// assert_eq!(size, Some(16_384));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    ResourceDisk: "`storageProfile.resourceDisk`: the local temporary disk" {
        size: number = "size", "2021-02-01", "Size in kB" => "0 without such a disk";
    }
}
