"""What tests share: certificates of their own, and no way out of this machine."""

from __future__ import annotations

import os
from pathlib import Path

import azure_imds
import mint
import pytest
from azure_imds import _native


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the proxies nor the cache folder nor the metadata service of whoever runs the tests."""
    for scheme in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.delenv(f"{scheme}_proxy".upper(), raising=False)
    for name in _native.Client.ENDPOINT_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def verifier() -> azure_imds.Verifier:
    """Trusts the root of these tests, and has its intermediate at hand."""
    return azure_imds.Verifier(anchors=mint.root().der, issuers=mint.issuing().der, fetch=False)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Says what was skipped. Where CI=true that is an error, but for the real certificates, which nobody may ship."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    skipped = {str(report.longrepr[2]) for report in reporter.stats.get("skipped", [])}
    for reason in sorted(skipped):
        reporter.write_line(f"\nskipped: {reason.removeprefix('Skipped: ')}")
    if os.environ.get("CI") == "true" and any(OPTIONAL not in reason for reason in skipped):
        reporter.write_line("error: nothing may be skipped where CI=true", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


OPTIONAL = "AZURE_IMDS_REAL_VECTORS names no folder"
