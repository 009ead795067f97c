//! What the host tells the doctor about the machine: raw texts, which the core interprets.

use alloc::string::String;
use alloc::vec::Vec;

/// The operating system, as far as it matters for routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperatingSystem {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
    /// Any other: routes are not looked at.
    Other,
}

impl OperatingSystem {
    /// The one of a platform's name, as Rust (`windows`), Python or Node (`win32`) writes it.
    #[must_use]
    pub fn of_platform(name: &str) -> Self {
        match name {
            "linux" => Self::Linux,
            "win32" | "windows" => Self::Windows,
            _ => Self::Other,
        }
    }
}

/// What the host knows of the machine. Everything is optional; what is not given is not examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    pub(super) operating_system: OperatingSystem,
    pub(super) variables: Vec<(String, String)>,
    pub(super) files: Vec<(String, String)>,
    pub(super) routes: Option<String>,
}

impl Surroundings {
    /// Environment variables that the host is to give, if they are set; some are written in lower case as well.
    pub const VARIABLES: &'static [&'static str] = &[
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
        "AZURE_IMDS_ENDPOINT",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        "KUBERNETES_SERVICE_HOST",
    ];

    /// Files that the host is to give on Linux, if they are there; the first 4 KiB are enough.
    pub const LINUX_FILES: &'static [&'static str] =
        &["/sys/class/dmi/id/chassis_asset_tag", "/sys/class/dmi/id/sys_vendor", "/.dockerenv", "/run/.containerenv"];

    /// The file with Linux's routes.
    pub const LINUX_ROUTES: &'static str = "/proc/net/route";

    /// The command whose output holds Windows' routes.
    pub const WINDOWS_ROUTES: &'static [&'static str] = &["route", "print", "-4"];

    /// Nothing known but the operating system.
    #[must_use]
    pub const fn new(operating_system: OperatingSystem) -> Self {
        Self { operating_system, variables: Vec::new(), files: Vec::new(), routes: None }
    }

    /// Tells of an environment variable.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Tells of a file and its text.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.files.push((path.into(), text.into()));
        self
    }

    /// Tells of the routes: the text of [`Self::LINUX_ROUTES`], or what [`Self::WINDOWS_ROUTES`] prints.
    #[must_use]
    pub fn with_routes(mut self, text: impl Into<String>) -> Self {
        self.routes = Some(text.into());
        self
    }

    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let value = self.variables.iter().find(|(variable, _)| variable == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    pub(super) fn file(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|(file, _)| file == path).map(|(_, text)| text.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_goes_by_the_name_that_a_language_gives_it() {
        let read = OperatingSystem::of_platform;
        assert_eq!(
            [read("linux"), read("win32"), read("windows")],
            [OperatingSystem::Linux, OperatingSystem::Windows, OperatingSystem::Windows]
        );
        for other in ["", "darwin", "Linux", "cygwin"] {
            assert_eq!(read(other), OperatingSystem::Other, "{other}");
        }
    }
}
