//! All that an emulator is made of beside its keys, in one file: machine, choices, limits.

use serde::{Deserialize, Serialize};

use super::{Choices, Compute, Extended, Identities, Limits, LoadBalancer, Machine, Network};

/// A machine, with the choices and limits of its service.
///
/// As a file it has the parts of the machine at its top, `choices` and `limits` beside them:
/// `{"classic":false,"limits":{..},"choices":{..},"compute":{..},"network":{..},"extended":{..},"identity":{..}}`. What
/// is left out is as on the default machine; a member that is not known is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "File", into = "File")]
pub struct Configuration {
    /// The machine that the service tells about.
    pub machine: Machine,
    /// What the service does where its documentation leaves it open.
    pub choices: Choices,
    /// How many requests it takes.
    pub limits: Limits,
}

/// The machine's own parts beside the two others, so that each is found under one name only.
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct File {
    classic: bool,
    limits: Limits,
    choices: Choices,
    compute: Compute,
    network: Network,
    extended: Extended,
    identity: Identities,
    #[serde(skip_serializing_if = "Option::is_none")]
    load_balancer: Option<LoadBalancer>,
}

impl Default for File {
    fn default() -> Self {
        Configuration::default().into()
    }
}

impl From<Configuration> for File {
    fn from(Configuration { machine, choices, limits }: Configuration) -> Self {
        let Machine { classic, compute, network, extended, identity, load_balancer } = machine;
        Self { classic, limits, choices, compute, network, extended, identity, load_balancer }
    }
}

impl From<File> for Configuration {
    fn from(file: File) -> Self {
        let File { classic, limits, choices, compute, network, extended, identity, load_balancer } = file;
        Self { machine: Machine { classic, compute, network, extended, identity, load_balancer }, choices, limits }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_file_says_what_differs_from_the_default() {
        let read = |text| serde_json::from_str::<Configuration>(text);
        assert_eq!(read("{}").unwrap(), Configuration::default());
        let classic = read(r#"{"classic":true,"compute":{"name":"a"}}"#).unwrap();
        assert!(classic.machine.classic && classic.machine.compute.name == "a");
        assert_eq!((classic.choices, classic.limits), Default::default());
        assert!(read(r#"{"machine":{}}"#).unwrap_err().to_string().contains("unknown field `machine`"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut configuration = Configuration::default();
        configuration.machine.load_balancer = Some(LoadBalancer::default());
        configuration.machine.classic = true;
        let written = serde_json::to_string(&configuration).unwrap();
        assert_eq!(serde_json::from_str::<Configuration>(&written).unwrap(), configuration);
    }
}
