"""What an answer can't say by itself, as it comes over the wire: each fault of delivery, seen by curl."""

from __future__ import annotations

import subprocess
import time

import pytest
from conftest import Serve, Server

TIMED_OUT = 28
# A fault, curl's exit status, bytes of the body (None for any), seconds at least.
FAULTS = [
    ("ok", 0, 19, 0.0),
    ("delay=300", 0, 19, 0.3),
    ("drop", 52, 0, 0.0),  # An empty reply.
    ("hang", TIMED_OUT, 0, 1.0),
    ("slow=5", TIMED_OUT, None, 1.0),
    ("slow=40", 0, 19, 0.3),
    ("truncate", 18, 9, 0.0),  # Less than was announced.
    ("truncate=3", 18, 3, 0.0),
]


@pytest.mark.parametrize(("fault", "status", "size", "seconds"), FAULTS)
def test_faults(serve: Serve, fault: str, status: int, size: int | None, seconds: float) -> None:
    """a fault"""
    server = serve(f"instance:{fault}", compute={"tags": {"purpose": "nineteen!!!"}})
    start = time.monotonic()
    done = subprocess.run(curl(server, "1" if status == TIMED_OUT else "60"), capture_output=True)
    passed = time.monotonic() - start
    assert done.returncode == status
    assert b"purpose:nineteen!!!".startswith(done.stdout[: size or 0])
    assert size is None or len(done.stdout) == size
    assert passed >= seconds
    again = subprocess.run(curl(server), capture_output=True)
    assert (again.returncode, again.stdout) == (0, b"purpose:nineteen!!!")


def test_endless(serve: Serve) -> None:
    """a body without end"""
    server = serve("instance:endless", compute={"tags": {"purpose": "nineteen!!!"}})
    with subprocess.Popen(curl(server), stdout=subprocess.PIPE) as asking:
        assert asking.stdout is not None
        assert asking.stdout.read(1_000_000) == (b"purpose:nineteen!!!" * 52_632)[:1_000_000]
        asking.kill()
    again = subprocess.run(curl(server), capture_output=True)
    assert (again.returncode, again.stdout) == (0, b"purpose:nineteen!!!")


def curl(server: Server, seconds: str = "60") -> list[str]:
    """The command that asks for the tags, for so long at most."""
    url = f"{server.url}/metadata/instance/compute/tags?api-version=2021-02-01&format=text"
    return ["curl", "-s", "-m", seconds, "-H", "Metadata: true", url]
