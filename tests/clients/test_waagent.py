"""The Azure Linux Agent (WALinuxAgent), out of Debian's package."""

from __future__ import annotations

from types import ModuleType

import pytest
from conftest import COMPUTE, Serve
from table import BY_ADDRESS, debian, debian_folder

CLIENT = debian("waagent", BY_ADDRESS)

ELSEWHERE = "127.0.0.1"  # Where it would look for the platform's other service.


@pytest.fixture
def imds(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package's own module."""
    folder = debian_folder() / "unpacked/usr/lib/python3/dist-packages"
    if not folder.exists():
        pytest.skip("Debian's package waagent is not to be had here")
    monkeypatch.syspath_prepend(str(folder))
    from azurelinuxagent.common.protocol import imds

    module: ModuleType = imds
    return module


def test_reads_compute(at_metadata_address: Serve, imds: ModuleType) -> None:
    """compute, and its health check of the whole instance"""
    at_metadata_address()
    client = imds.ImdsClient(ELSEWHERE)
    compute = client.get_compute()
    assert (compute.name, compute.vmId, compute.zone) == (COMPUTE["name"], COMPUTE["vmId"], COMPUTE["zone"])
    assert client.validate() == (True, "")


def test_finds_it_ill(at_metadata_address: Serve, imds: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, which its health check reports"""
    at_metadata_address("instance:503x*")
    monkeypatch.setattr("azurelinuxagent.common.utils.restutil.time.sleep", lambda _seconds: None)
    healthy, said = imds.ImdsClient(ELSEWHERE).validate()
    assert not healthy
    assert "503" in said
