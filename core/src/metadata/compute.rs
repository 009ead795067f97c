//! What follows from `compute`: the cloud, and whether a VM is this one.

use crate::cloud::Cloud;
use crate::guid;
use crate::metadata::fields::Compute;

impl Compute {
    /// The cloud that `azEnvironment` names, in any case; nothing if it is absent or names none that is known.
    ///
    /// ```
    /// use azure_imds::{Cloud, Instance};
    ///
    /// let instance = Instance::parse(r#"{"compute":{"azEnvironment":"AzureChinaCloud"}}"#, None)?;
    /// assert_eq!(instance.compute.cloud(), Some(Cloud::China));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    #[must_use]
    pub fn cloud(&self) -> Option<Cloud> {
        self.az_environment.as_deref().and_then(Cloud::of_environment)
    }

    /// Whether the UUID that the machine's own SMBIOS shows is this `vmId`; see [`vm_id_matches`].
    ///
    /// ```
    /// use azure_imds::Instance;
    /// use azure_imds::metadata::Compute;
    ///
    /// /// Whether an answer tells of the machine whose `/sys/class/dmi/id/product_uuid` this is.
    /// fn is_of(compute: &Compute, product_uuid: &str) -> bool {
    ///     compute.vm_id_matches(product_uuid)
    /// }
    ///
    /// let answer = r#"{"compute":{"vmId":"12345678-9abc-def0-1122-334455667788"}}"#;
    /// let instance = Instance::parse(answer, None)?;
    /// assert!(is_of(&instance.compute, "12345678-9ABC-DEF0-1122-334455667788\n"));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    #[must_use]
    pub fn vm_id_matches(&self, smbios: &str) -> bool {
        self.vm_id.as_deref().is_some_and(|vm_id| vm_id_matches(vm_id, smbios))
    }
}

/// Whether two texts name the same VM, in either order of bytes.
///
/// SMBIOS before version 2.6 stores the first three groups of a UUID in reverse order of bytes, and some tools show
/// them so: `12345678-9abc-...` becomes `78563412-bc9a-...`. Case, braces and white space around do not count. Texts
/// that are no UUID match nothing.
///
/// ```
/// use azure_imds::metadata::vm_id_matches;
///
/// let vm_id = "12345678-9abc-def0-1122-334455667788";
/// assert!(vm_id_matches(vm_id, "78563412-BC9A-F0DE-1122-334455667788"));
/// assert!(!vm_id_matches(vm_id, "78563412-9abc-def0-1122-334455667788"));
/// ```
#[must_use]
pub fn vm_id_matches(vm_id: &str, smbios: &str) -> bool {
    match (guid::read(trim(vm_id).as_bytes()), guid::read(trim(smbios).as_bytes())) {
        (Some(one), Some(other)) => one == other || guid::other_order(one) == other,
        _ => false,
    }
}

fn trim(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smbios_in_both_orders() {
        let vm_id = "12345678-9abc-def0-1122-334455667788";
        for smbios in [
            vm_id,
            "12345678-9ABC-DEF0-1122-334455667788\n",
            "{12345678-9abc-def0-1122-334455667788}",
            "78563412-bc9a-f0de-1122-334455667788",
            "78563412-BC9A-F0DE-1122-334455667788",
        ] {
            assert!(vm_id_matches(vm_id, smbios) && vm_id_matches(smbios, vm_id), "{smbios}");
        }
        for other in [
            "",
            "12345678-9abc-def0-1122-334455667789",
            "78563412-9abc-def0-1122-334455667788",
            "78563412-bc9a-f0de-2211-334455667788",
            "123456789abcdef01122334455667788",
            "12345678-9abc-def0-1122-33445566778é",
        ] {
            assert!(!vm_id_matches(vm_id, other), "{other}");
        }
        assert!(!vm_id_matches("", ""));
        assert!(!Compute::default().vm_id_matches(vm_id));
    }

    #[test]
    fn clouds_in_any_case() {
        let compute = |name: &str| Compute { az_environment: Some(name.into()), ..Compute::default() };
        assert_eq!(compute("AZUREUSGOVERNMENTCLOUD").cloud(), Some(Cloud::UsGov));
        assert_eq!(compute("AzurePublicCloud").cloud(), Some(Cloud::Public));
        assert_eq!(compute("AzureMoonCloud").cloud(), None);
        assert_eq!(Compute::default().cloud(), None);
    }
}
