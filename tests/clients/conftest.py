"""Servers for the clients under test, the address that many of them have built in, and the table of what was run."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
from table import debian_package

METADATA_ADDRESS = "169.254.169.254"
DIRECTLY = build_opener(ProxyHandler({}))

TENANT = "11111111-1111-4111-8111-111111111111"
SYSTEM = {"clientId": "22222222-2222-4222-8222-000000000000", "objectId": "33333333-3333-4333-8333-000000000000"}
USER = [
    {
        "clientId": f"22222222-2222-4222-8222-00000000000{n}",
        "objectId": f"33333333-3333-4333-8333-00000000000{n}",
        "resourceId": "/subscriptions/44444444-4444-4444-8444-444444444444/resourceGroups/clients/providers"
        f"/Microsoft.ManagedIdentity/userAssignedIdentities/user-{n}",
    }
    for n in (1, 2)
]
COMPUTE = {
    "name": "clients-vm",
    "location": "westeurope",
    "resourceGroupName": "clients",
    "subscriptionId": "44444444-4444-4444-8444-444444444444",
    "vmId": "55555555-5555-4555-8555-555555555555",
    "vmSize": "Standard_D2s_v5",
    "zone": "2",
    "osProfile": {
        "adminUsername": "admin",
        "computerName": "clients-host",
        "disablePasswordAuthentication": "true",
    },
    "publicKeys": [{"keyData": "ssh-ed25519 AAAA test\n", "path": "/home/admin/.ssh/authorized_keys"}],
}


@dataclass
class Server:
    """An emulator that runs."""

    url: str
    log: Path

    def asked(self, part: str = "") -> list[tuple[str, str, int]]:
        """Method, target and status of the requests whose target has that part, in order."""
        # A line may come after its answer, but not after that of a later request, which this one is.
        mark = f"/asked-{time.monotonic_ns()}"
        with suppress(HTTPError):
            DIRECTLY.open(self.url + mark, timeout=60)
        end = time.monotonic() + 60
        while f"{mark} " not in (text := self.log.read_text()):
            assert time.monotonic() < end, f"the log says nothing of {mark}\n{text}"
            time.sleep(0.01)
        lines = re.findall(r"^(GET|POST|PUT|HEAD) (\S+) (\d{3})", text, re.MULTILINE)
        asked = [(method, target, int(status)) for method, target, status in lines]
        return [it for it in asked if part in it[1] and not it[1].startswith("/asked-")]


Serve = Callable[..., Server]


@contextmanager
def running(log: Path, machine: dict[str, object], *options: str) -> Iterator[Server]:
    """Starts the emulator, waits for its URL, and ends it."""
    config = log.with_suffix(".json")
    config.write_text(json.dumps(machine))
    command = [*shlex.split(os.environ["AZURE_IMDS_SERVE"]), "--config", str(config), "--verbose", *options]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://"), f"{command} said {url!r}\n{log.read_text()}"
        yield Server(url, log)
        assert process.poll() is None, f"the emulator has ended\n{log.read_text()}"
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts emulators on loopback: serve(fault, ..., identity={...}, compute={...})."""
    with ExitStack() as servers:

        def start(*faults: str, host: str = "127.0.0.1", port: int = 0, **machine: object) -> Server:
            identity = machine.pop("identity", None) or {"systemAssigned": SYSTEM}
            assert isinstance(identity, dict)
            machine = {"compute": COMPUTE, "identity": {"tenantId": TENANT, **identity}, **machine}
            options = ["--no-limits", "--host", host, "--port", str(port)]
            for fault in faults:
                options += ["--fault", fault]
            log = tmp_path / f"server-{time.monotonic_ns()}.log"
            return servers.enter_context(running(log, machine, *options))

        yield start


@pytest.fixture
def at_metadata_address(serve: Serve) -> Serve:
    """Starts an emulator at the address that clients have built in."""
    if not has_metadata_address():
        pytest.skip(f"no network namespace could be made, so {METADATA_ADDRESS} is not this machine's own")
    return lambda *faults, **machine: serve(*faults, host=METADATA_ADDRESS, port=80, **machine)


def has_metadata_address() -> bool:
    """Whether a server can listen there: in the namespace that check.sh makes."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((METADATA_ADDRESS, 80))
        except OSError:
            return False
    return True


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxies, no settings of Azure's, no caches of whoever runs the tests."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("AZURE_POD", "AZURE_CLIENT", "IDENTITY_", "MSI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


def pytest_report_header() -> str:
    """What the machine itself brings, in which version."""
    ours = [("curl", "--version"), ("jq", "--version"), ("openssl", "version")]
    said = [subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0] for command in ours]
    packages = [package.name for package in map(debian_package, ("cloud-init", "waagent")) if package]
    return "the machine's: " + ", ".join(said + packages)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The table comes last: it is about the others."""
    items.sort(key=lambda item: item.name == "test_table_is_what_was_run")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI=true nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped") and os.environ.get("CI") == "true":
        reporter.write_line("\nerror: nothing may be skipped where CI=true", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
