//! `compute`: what the machine is; and `extended`, what provisioning agents ask for.

use super::storage::StorageProfile;
use crate::metadata::record::record;

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::{Compute, OsProfile, PurchasePlan, SecurityProfile};
    ///
    /// let instance = Instance::parse(
    ///     r#"{"compute":{"vmSize":"Standard_D2s_v5","osProfile":{"computerName":"web-1"},
    ///         "plan":{"name":"","product":"","publisher":""},
    ///         "securityProfile":{"secureBootEnabled":"true","virtualTpmEnabled":""}}}"#,
    ///     None,
    /// )?;
    /// let Compute { vm_size, os_profile, plan, security_profile, .. } = &instance.compute;
    /// let OsProfile { computer_name, .. } = os_profile;
    /// assert_eq!((vm_size.as_deref(), computer_name.as_deref()), (Some("Standard_D2s_v5"), Some("web-1")));
    /// let SecurityProfile { secure_boot_enabled, virtual_tpm_enabled, .. } = security_profile;
    /// assert_eq!((*secure_boot_enabled, *virtual_tpm_enabled), (Some(true), None)); // `""` is absent
    /// assert_eq!(plan, &PurchasePlan::default());
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    Compute: "`compute`: the machine, its image, its place"
        => "Fields that are newer than the answer's version are absent; `explain` says which came when" {
        additional_capabilities: record(AdditionalCapabilities) = "additionalCapabilities", "2021-11-01",
            "Capabilities switched on for the machine";
        az_environment: text = "azEnvironment", "2018-10-01", "The cloud, such as AzurePublicCloud"
            => "Compare without case", fixed;
        custom_data: text = "customData", "2019-02-01", "Formerly the data given at creation"
            => "Always empty today; use userData";
        eviction_policy: text = "evictionPolicy", "2020-12-01",
            "What happens to a Spot machine that is evicted: Deallocate or Delete" => "Empty for all but Spot machines";
        extended_location: record(ExtendedLocation) = "extendedLocation", "2021-03-01", "The edge zone";
        host: record(ResourceReference) = "host", "2021-11-15", "The dedicated host"
            => "Of host and hostGroup at most one has an id";
        host_group: record(ResourceReference) = "hostGroup", "2021-11-15", "The dedicated host group"
            => "Of host and hostGroup at most one has an id";
        interconnect_group_id: text = "interconnectGroupId", unknown, "The group of machines joined by one fabric";
        interconnect_subgroup_id: text = "interconnectSubgroupId", unknown, "The part of that group";
        is_host_compatibility_layer_vm: flag = "isHostCompatibilityLayerVm", "2020-06-01",
            "Whether the machine runs on the host compatibility layer";
        is_vm_in_standby_pool: text = "isVmInStandbyPool", unknown, "Whether the machine waits in a standby pool"
            => "Recorded as empty on ordinary machines";
        license_type: text = "licenseType", "2020-09-01",
            "The licence brought along, such as Windows_Server or RHEL_BYOS" => "Empty without Azure Hybrid Benefit";
        location: text = "location", "2017-04-02", "The region, such as westeurope", fixed;
        name: text = "name", "2017-04-02",
            "The machine's name; in a uniform scale set the set's name, _ and a number", fixed;
        offer: text = "offer", "2017-04-02", "The image's offer"
            => "Empty for images that are not of the marketplace", fixed;
        os_profile: record(OsProfile) = "osProfile", "2020-07-15", "What the operating system was set up with";
        os_type: text = "osType", "2017-04-02", "Linux or Windows", fixed;
        physical_zone: text = "physicalZone", "2023-11-15",
            "The physical zone, such as useast-AZ01, the same for all subscriptions"
            => "`zone` is the logical one, numbered for each subscription anew", fixed;
        placement_group_id: text = "placementGroupId", "2017-08-01", "The placement group of a scale set";
        plan: record(PurchasePlan) = "plan", "2018-04-02", "The marketplace plan the image was sold under"
            => "Present with empty values for other images";
        platform_fault_domain: number = "platformFaultDomain", "2017-04-02", "The fault domain";
        platform_sub_fault_domain: number = "platformSubFaultDomain", "2021-10-01",
            "The fault domain within the fault domain" => "Empty on most machines";
        platform_update_domain: number = "platformUpdateDomain", "2017-04-02", "The update domain"
            => "Empty on some newer machines";
        priority: text = "priority" | "Priority", "2020-12-01", "Regular, Low or Spot"
            => "Empty on most ordinary machines; one sample of the documentation misspells the key as Priority";
        provider: text = "provider", "2018-10-01", "The resource provider, Microsoft.Compute", fixed;
        public_keys: list(PublicKey) = "publicKeys", "2018-04-02", "The SSH keys given at creation"
            => "Empty on Windows and with passwords";
        publisher: text = "publisher", "2017-04-02", "The image's publisher" => "Its case varies", fixed;
        resource_group_name: text = "resourceGroupName", "2017-08-01", "The resource group"
            => "Changes when the machine is moved; compare without case";
        resource_id: text = "resourceId", "2019-03-11", "The machine's resource id"
            => "The service mixes upper and lower case in resource ids: never compare them with case";
        security_profile: record(SecurityProfile) = "securityProfile", "2020-06-01", "What protects the machine";
        signature_info: text = "signatureInfo", unknown, "Signed metadata of a confidential VM" => "Opaque";
        sku: text = "sku", "2017-04-02", "The image's SKU" => "Empty for custom images", fixed;
        storage_profile: record(StorageProfile) = "storageProfile", "2019-06-01", "Image and disks";
        subscription_id: text = "subscriptionId", "2017-08-01", "The subscription"
            => "Changes when the machine is moved";
        system_fault_domain: text = "systemFaultDomain", unknown, "A fault domain as the platform counts";
        tags: text = "tags", "2017-08-01", "The tags as `name:value;name:value`"
            => "Ambiguous when a name holds a colon or anything holds a semicolon: use tagsList";
        tags_list: list(Tag) = "tagsList", "2019-06-04", "The tags"
            => "An instance of a scale set keeps its old tags until it is restarted or reimaged, or its disks change";
        user_data: text = "userData", "2021-01-01", "The user data in base64, as it was set"
            => "Not for secrets: any process of the machine can read it";
        version: text = "version", "2017-04-02", "The image's version, as a number", fixed;
        virtual_machine_scale_set: record(ResourceReference) = "virtualMachineScaleSet", "2021-03-01",
            "The flexible scale set" => "Its id is empty for uniform scale sets; see vmScaleSetName";
        vm_id: text = "vmId", "2017-04-02", "The machine's UUID"
            => "SMBIOS before 2.6 shows its first three groups with their bytes in reverse order", fixed;
        vm_scale_set_name: text = "vmScaleSetName", "2017-12-01", "The scale set's name";
        vm_size: text = "vmSize", "2017-04-02", "The size, such as Standard_D2s_v3", fixed;
        zone: text = "zone", "2017-12-01", "The availability zone, a digit" => "Empty outside of zones", fixed;
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::AdditionalCapabilities;
    ///
    /// let answer = r#"{"compute":{"additionalCapabilities":{"hibernationEnabled":"false"}}}"#;
    /// let instance = Instance::parse(answer, None)?;
    /// let AdditionalCapabilities { hibernation_enabled, .. } = &instance.compute.additional_capabilities;
    /// assert_eq!(*hibernation_enabled, Some(false));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    AdditionalCapabilities: "`compute.additionalCapabilities`" {
        hibernation_enabled: flag = "hibernationEnabled", "2021-11-01", "Whether the machine may hibernate";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::ExtendedLocation;
    ///
    /// let answer = r#"{"compute":{"extendedLocation":{"name":"attatlanta1","type":"edgeZone"}}}"#;
    /// let instance = Instance::parse(answer, None)?;
    /// let zone: &ExtendedLocation = &instance.compute.extended_location;
    /// assert_eq!((zone.name.as_deref(), zone.type_name.as_deref()), (Some("attatlanta1"), Some("edgeZone")));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    ExtendedLocation: "`compute.extendedLocation`: the edge zone" {
        name: text = "name", "2021-03-01", "The edge zone's name";
        type_name: text = "type", "2021-03-01", "Its type, such as edgeZone";
    }
}

record! {
    OsProfile: "`compute.osProfile`: what the operating system was set up with" {
        admin_username: text = "adminUsername", "2020-07-15", "The administrator's name";
        computer_name: text = "computerName", "2020-07-15", "The host name given at creation", fixed;
        disable_password_authentication: flag = "disablePasswordAuthentication", "2020-10-01",
            "Whether passwords are refused at login" => "Empty on Windows";
    }
}

record! {
    PurchasePlan: "`compute.plan`: the marketplace plan an image was sold under" {
        name: text = "name", "2018-04-02", "The plan's name";
        product: text = "product", "2018-04-02", "The plan's product";
        publisher: text = "publisher", "2018-04-02", "The plan's publisher";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::PublicKey;
    ///
    /// let answer = r#"{"compute":{"publicKeys":[{"keyData":"ssh-ed25519 AAAA"}]}}"#;
    /// let instance = Instance::parse(answer, None)?;
    /// let keys: &[PublicKey] = &instance.compute.public_keys;
    /// assert_eq!(keys[0].key_data.as_deref(), Some("ssh-ed25519 AAAA"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    PublicKey: "An element of `compute.publicKeys`" {
        key_data: text = "keyData", "2018-04-02", "The key in OpenSSH form" => "May end with a line feed";
        path: text = "path", "2018-04-02", "The file it was written to";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::ResourceReference;
    ///
    /// let instance = Instance::parse(r#"{"compute":{"host":{"id":"/subscriptions/s/.../hosts/H-1"}}}"#, None)?;
    /// let host: &ResourceReference = &instance.compute.host;
    /// assert!(host.id.as_deref().is_some_and(|id| id.to_ascii_lowercase().ends_with("/hosts/h-1")));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    ResourceReference: "An object that has nothing but a resource id" {
        id: text = "id", inherited, "The resource id"
            => "The service mixes upper and lower case in resource ids: never compare them with case";
    }
}

record! {
    SecurityProfile: "`compute.securityProfile`: what protects the machine" {
        encryption_at_host: flag = "encryptionAtHost", "2021-11-01", "Whether disks are encrypted at the host";
        secure_boot_enabled: flag = "secureBootEnabled", "2020-06-01", "Whether Secure Boot is on";
        security_type: text = "securityType", "2021-12-13", "TrustedLaunch or ConfidentialVM"
            => "Empty for standard security";
        virtual_tpm_enabled: flag = "virtualTpmEnabled", "2020-06-01", "Whether there is a virtual TPM";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::Tag;
    ///
    /// let instance = Instance::parse(r#"{"compute":{"tagsList":[{"name":"env","value":""}]}}"#, None)?;
    /// let tag: &Tag = &instance.compute.tags_list[0];
    /// assert_eq!((tag.name.as_deref(), &tag.value), (Some("env"), &None));
    /// assert_eq!(instance.tags.value_of("env"), Some(""));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    Tag: "An element of `compute.tagsList`" => "A tag without a value has none here; see `Tags`" {
        name: text = "name", "2019-06-04", "A tag's name";
        value: text = "value", "2019-06-04", "A tag's value";
    }
}

record! {
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::{Extended, ExtendedCompute};
    ///
    /// let instance = Instance::parse(r#"{"compute":{},"extended":{"compute":{"hasCustomData":true}}}"#, None)?;
    /// let Extended { compute: ExtendedCompute { has_custom_data, .. }, .. } = &instance.extended;
    /// assert_eq!(*has_custom_data, Some(true));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    Extended: "`extended`, which comes only with `extended=true`" {
        compute: record(ExtendedCompute) = "compute", unknown, "How the machine is provisioned";
    }
}

record! {
    ExtendedCompute: "`extended.compute`" {
        has_custom_data: boolean = "hasCustomData", unknown, "Whether custom data was given";
        pps_type: text = "ppsType", unknown, "The kind of pre-provisioning: None, Running, Savable or OSDisk";
    }
}
