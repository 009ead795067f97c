"""cloud-init's data source for Azure, out of Debian's package."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from conftest import Serve
from table import BY_ADDRESS, debian, debian_folder

CLIENT = debian("cloud-init", BY_ADDRESS)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package's own module."""
    folder = debian_folder() / "unpacked/usr/lib/python3/dist-packages"
    if not folder.exists():
        pytest.skip("Debian's package cloud-init is not to be had here")
    monkeypatch.syspath_prepend(str(folder))
    from cloudinit.sources import DataSourceAzure

    assert str(folder) in str(sys.modules["cloudinit"].__file__)
    module: ModuleType = DataSourceAzure
    return module


def test_reads_the_instance(at_metadata_address: Serve, source: ModuleType) -> None:
    """the instance with extended=true: host name, user, password flag, keys, the network configuration made of it"""
    server = at_metadata_address()
    found = source.get_metadata_from_imds(retries=0, api_version=source.IMDS_VER_WANT)
    assert [target.split("?")[1] for _, target, _ in server.asked()] == ["api-version=2021-08-01&extended=true"]
    assert source._hostname_from_imds(found) == "clients-host"
    assert source._username_from_imds(found) == "admin"
    assert source._disable_password_from_imds(found) is True
    assert found["compute"]["publicKeys"][0]["keyData"].startswith("ssh-ed25519 ")
    assert found["extended"]["compute"] == {"hasCustomData": False, "ppsType": "None"}
    network = source.generate_network_config_from_instance_network_metadata(found["network"])
    assert network["version"] == 2
    assert network["ethernets"]["eth0"]["dhcp4"] is True


def test_retries(at_metadata_address: Serve, source: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """404, 410, 429 and 500, retried; the network alone"""
    server = at_metadata_address("instance:404,410,429,500")
    monkeypatch.setattr("cloudinit.url_helper.time.sleep", lambda _seconds: None)
    kind = source.MetadataType.NETWORK
    found = source.get_metadata_from_imds(retries=5, md_type=kind, api_version=source.IMDS_VER_MIN)
    assert list(found) == ["interface"]
    assert [status for *_, status in server.asked()] == [404, 410, 429, 500, 200]


def test_falls_back(at_metadata_address: Serve, source: ModuleType) -> None:
    """400 for its version, whereupon it asks for an older one"""
    server = at_metadata_address("instance:400")
    from cloudinit import distros, helpers

    paths = helpers.Paths({"cloud_dir": "/nonexistent", "run_dir": "/nonexistent"})
    distribution = distros.fetch("debian")("debian", {}, paths)
    azure = source.DataSourceAzure({}, distribution, paths)
    assert azure.get_imds_data_with_api_fallback(retries=0)["compute"]["name"] == "clients-vm"
    assert [status for *_, status in server.asked()] == [400, 200]
