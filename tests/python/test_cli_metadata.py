"""The commands that ask the metadata service: what they print for people and for programs, and their exit status."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from azure_imds.cli import main
from service import BALANCER, EVENT_ID, INSTANCE, SECRET, VM_ID, answer, events, service
from test_cli import SCRIPT, in_terminal, needs_pty
from web import Web, page

Run = Callable[..., tuple[int, str, str]]
ANSI = "\x1b["


@pytest.fixture(autouse=True)
def _no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def web() -> Iterator[Web]:
    with service() as web:
        yield web


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield "http://127.0.0.1:{1}".format(*unused.getsockname())


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process: its status, what it wrote, what it complained of."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


# For programs.

VERSIONS = {
    "schema_version": 1,
    "versions": ["2017-03-01", "2025-04-07"],
    "unknown": ["soon"],
    "newest": "2025-04-07",
}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["instance"], json.loads(INSTANCE)),
        (["get", "compute/vmId"], VM_ID),
        (["get", "network"], json.loads(INSTANCE)["network"]),
        (["tags"], {"schema_version": 1, "source": "tagsList", "pairs": json.loads(INSTANCE)["compute"]["tagsList"]}),
        (["events"], events(1, "Scheduled")),
        (["lb"], BALANCER),
        (["versions"], VERSIONS),
    ],
)
def test_json_is_written_to_programs(web: Web, run: Run, arguments: list[str], expected: object) -> None:
    for more in ([], ["--json"]):
        status, out, err = run(*arguments, *more, "--endpoint", web.origin)
        assert (status, json.loads(out), err) == (0, expected, "")
        assert out.isascii()


def test_text_is_written_as_it_came(web: Web, run: Run) -> None:
    assert run("text", "compute/vmId", "--endpoint", web.origin) == (0, f"{VM_ID}\n", "")
    assert run("text", "network", "--endpoint", web.origin) == (0, "interface\n", "")


def test_a_document_is_written_as_the_verifier_wants_it(web: Web, run: Run) -> None:
    status, out, _ = run("attested", "--nonce", "42", "--endpoint", web.origin)
    assert status == 0 and json.loads(out)["encoding"] == "pkcs7"
    assert web.asked == ["/metadata/attested/document?api-version=2025-04-07&nonce=42"]


def test_the_options_of_the_client(web: Web, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("instance", "--extended", "--api-version", "2021-02-01", "--timeout", "5", "--endpoint", web.origin)
    monkeypatch.setenv("AZURE_IMDS_ENDPOINT", web.origin)
    run("get", "compute")
    assert web.asked == [
        "/metadata/instance?api-version=2021-02-01&extended=true",
        "/metadata/instance/compute?api-version=2025-04-07",
    ]


def test_a_token_is_shown_only_when_that_is_asked_for(web: Web, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    uuid = "11111111-2222-3333-4444-555555555555"
    for colour in (False, True):
        if colour:
            monkeypatch.setenv("FORCE_COLOR", "1")
        for more in ([], ["--json"], ["--bypass-cache"], ["--client-id", uuid]):
            status, out, err = run("token", "r", *more, "--endpoint", web.origin)
            assert status == 0 and SECRET not in out + err and "Bearer" in out
        for more in ([], ["--json"]):
            status, out, err = run("token", "r", "--show-token", *more, "--endpoint", web.origin)
            assert status == 0 and SECRET in out and SECRET not in err


def test_events_are_approved(run: Run) -> None:
    with service(scheduledevents=page(b"")) as web:
        assert run("events", "--approve", EVENT_ID, "--endpoint", web.origin) == (0, "", "")
        assert [json.loads(body) for body in web.bodies] == [{"StartRequests": [{"EventId": EVENT_ID}]}]
        status, _, err = run("events", "--approve", EVENT_ID, "--watch", "--endpoint", web.origin)
        assert status == 2 and "exclude each other" in err and len(web.asked) == 1


def test_events_are_watched_a_line_each() -> None:
    readings = iter([events(1), events(1), events(2, "Scheduled"), events(2, "Started")])

    def script(request: object) -> None:
        answer(next(readings))(request)  # type: ignore[arg-type]

    with service(scheduledevents=script) as web:
        watching = [str(SCRIPT), "events", "--watch", "--interval", "0.01", "--endpoint", web.origin]
        with subprocess.Popen(watching, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            seen = [json.loads(child.stdout.readline())["DocumentIncarnation"] for _ in range(2)]
            child.kill()
    assert seen == [1, 2]


def test_what_is_healthy(web: Web, run: Run) -> None:
    status, out, _ = run("doctor", "--endpoint", web.origin)
    found = json.loads(out)
    assert status == 0 and found["is_healthy"] and found["error"] is None
    assert found["availability"]["server"].startswith("IMDS/") and found["instance"]["compute"]["vm_id"] == VM_ID
    assert {"answers", "endpoint_overridden"} <= {finding["code"] for finding in found["findings"]}


def test_what_is_wrong_has_a_remedy(nobody: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://user:hidden@proxy.example:3128")
    status, out, _ = run("doctor", "--endpoint", nobody)
    found = json.loads(out)
    codes = [finding["code"] for finding in found["findings"]]
    assert status == 1 and not found["is_healthy"] and found["instance"] is None
    assert found["availability"]["reason"]["code"] == "refused"
    assert codes[0] == "unreachable" and "proxy_set" in codes and "hidden" not in out
    monkeypatch.setenv("FORCE_COLOR", "1")
    status, out, _ = run("doctor", "--endpoint", nobody)
    assert status == 1 and ANSI in out and "unreachable" in out and "NO_PROXY" in out and "hidden" not in out


# For people.


def test_rows_are_shown_to_people(web: Web, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    for command, seen in (
        (["instance"], ["  vmId", VM_ID, "      macAddress"]),
        (["get", "compute/vmId"], [VM_ID]),
        (["tags"], [json.loads(INSTANCE)["compute"]["tagsList"][0]["name"]]),
        (["events"], ["    EventId", EVENT_ID]),
        (["lb"], ["      frontendPort", "50.0.0.50"]),
        (["versions"], ["2025-04-07"]),
        (["token", "r"], ["expires_on", "2024-03-08T11:06:37Z"]),
    ):
        status, out, _ = run(*command, "--endpoint", web.origin)
        assert status == 0 and all(text in out for text in seen), command
        assert not out.startswith(("{", "[2"))


def test_nothing_the_service_says_moves_the_cursor(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    nasty = {"compute": {"name": "a\x1b[2Jb\u202ec", "k\x1b]0;x\x07": "v"}}
    with service(instance=answer(nasty)) as web:
        for colour in (False, True):
            if colour:
                monkeypatch.setenv("FORCE_COLOR", "1")
            _, out, _ = run("instance", "--endpoint", web.origin)
            assert "\x1b[2J" not in out and "\x1b]0" not in out and "\u202e" not in out and "\x07" not in out


@needs_pty
def test_in_a_terminal(web: Web) -> None:
    status, seen = in_terminal(["tags", "--endpoint", web.origin], environment={"COLUMNS": "100"})
    name = json.loads(INSTANCE)["compute"]["tagsList"][0]["name"]
    assert status == 0 and name in seen and "{" not in seen
    status, seen = in_terminal(["tags", "--json", "--endpoint", web.origin], environment={})
    assert status == 0 and seen.startswith("{")
    status, seen = in_terminal(["text", "compute/vmId", "--endpoint", web.origin], environment={})
    assert (status, seen.strip()) == (0, VM_ID)
    status, seen = in_terminal(["doctor", "--endpoint", web.origin], environment={})
    assert status == 0 and "answers" in seen


# Errors.


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["get", "a//b"], 2, "(path_malformed)"),
        (["get"], 2, "(usage)"),
        (["get", "compute/nothing"], 1, "(path_not_found)"),
        (["instance", "--api-version", "new"], 2, "(version_malformed)"),
        (["instance", "--timeout", "-1"], 2, "(argument_value)"),
        (["instance", "--timeout", "soon"], 2, "(argument_value)"),
        (["token", ""], 2, "(resource_malformed)"),
        (["token", "r", "--client-id", "x"], 2, "(selector_malformed)"),
        (["attested", "--nonce", ""], 2, "(nonce_empty)"),
        (["events", "--approve", ""], 2, "(event_id_malformed)"),
    ],
)
def test_errors_are_said_in_a_sentence(web: Web, run: Run, arguments: list[str], status: int, said: str) -> None:
    got, out, err = run(*arguments, "--endpoint", web.origin)
    assert (got, out) == (status, "") and err.startswith("azure-imds: ") and said in err and err.count("\n") == 1


def test_a_service_that_is_not_there(nobody: str, run: Run) -> None:
    status, out, err = run("instance", "--timeout", "0.5", "--endpoint", nobody)
    assert (status, out) == (1, "") and err.endswith("(refused)\n")
    assert run("instance", "--endpoint", "https://x")[0] == 2


def test_colours_are_loaded_for_people_alone(web: Web) -> None:
    code = f"""
import sys
from azure_imds.cli import main
main(["instance", "--endpoint", {web.origin!r}])
print("rich" in sys.modules, "httpx" in sys.modules, "asyncio" in sys.modules, file=sys.stderr)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env={**os.environ})
    assert ran.stderr.startswith("False False")
