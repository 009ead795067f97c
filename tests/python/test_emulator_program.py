"""``azure-imds serve`` and ``azure-imds machine`` as programs: lines printed, files, signals."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import azure_imds
import pytest
import wire
from azure_imds._native import Configuration
from azure_imds.cli import main
from azure_imds.emulator import Emulator

SCRIPT = Path(sys.executable).parent / "azure-imds"
SEED = bytes(range(32)).hex()


class Program:
    """A server that runs."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        assert process.stdout is not None
        self.url = process.stdout.readline().decode().rstrip("\n")

    def lines(self) -> list[str]:
        """What it has printed after the URL, up to the last line of the default machine."""
        assert self.process.stdout is not None
        last = Configuration.from_json("{}", False).to_toml().splitlines()[-1]
        lines: list[str] = []
        while last not in lines:
            line = self.process.stdout.readline().decode()
            assert line, lines
            lines.append(line.rstrip("\n"))
        return lines

    def said(self, expected: str) -> str:
        """What it says on standard error, up to what is expected."""
        assert self.process.stderr is not None
        said, until = "", time.monotonic() + 120
        while expected not in said:
            ready, _, _ = select.select([self.process.stderr], [], [], max(0, until - time.monotonic()))
            piece = os.read(self.process.stderr.fileno(), 65_536).decode() if ready else ""
            assert piece, f"{expected!r} is not in {said!r}"
            said += piece
        return said

    def end(self, number: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=120)
        return self.process.returncode, errors.decode()


@contextmanager
def serve(*arguments: str) -> Iterator[Program]:
    command = [str(SCRIPT), "serve", "--seed", SEED, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield Program(process)
        finally:
            process.kill()


def refused(*arguments: str) -> str:
    ran = subprocess.run([str(SCRIPT), "serve", *arguments], capture_output=True, timeout=30)
    assert (ran.returncode, ran.stdout) == (2, b""), ran
    assert ran.stderr.count(b"\n") == 1
    return ran.stderr.decode()


def test_what_is_printed_and_how_it_ends() -> None:
    with serve("--fault", "token:429x3", "--scenario", "terminate", "--speed", "60", "--verbose") as program:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", program.url)
        lines = program.lines()
        assert lines[:4] == [
            f"export AZURE_IMDS_ENDPOINT={program.url}",
            f"export AZURE_POD_IDENTITY_AUTHORITY_HOST={program.url}",
            f"export MSAL_MANAGED_IDENTITY_ENDPOINT={program.url}/metadata/identity/oauth2/token",
            f"# seed {SEED}",
        ]
        assert "# fault token:429x3" in lines
        assert any(re.fullmatch(r"# event [0-9A-F-]{36} Terminate", line) for line in lines)
        toml = "\n".join(line for line in lines if not line.startswith(("#", "export ")))
        assert Configuration.from_toml(toml) == Configuration.from_json("{}", False)
        assert [wire.ask(program.url, wire.TOKEN).status for _ in range(4)] == [429, 429, 429, 200]
        assert wire.ask(program.url, wire.EVENTS).json["Events"][0]["EventType"] == "Terminate"
        said = program.said("scheduledevents?")
        assert f"GET {wire.TOKEN} 429 token " in said and "fault=429x3" in said
        assert program.end(signal.SIGTERM)[0] == 0


def test_the_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--help"]) == 0
    said = capsys.readouterr().out
    for option in ("host", "port", "config", "fault", "scenario", "speed", "no-limits", "seed", "authority", "verbose"):
        assert f"--{option} " in said, option


def test_an_interrupt_lets_the_answer_under_way_end_and_idle_connections_go() -> None:
    with serve() as program, wire.connection(program.url) as idle, wire.connection(program.url) as busy:
        idle.sendall(wire.request(wire.NAME))
        idle.recv(65_536)
        busy.sendall(wire.request(wire.NAME, wire.fault("slow=20")))
        came = busy.recv(1)  # So it is under way.
        program.process.send_signal(signal.SIGINT)
        assert idle.recv(1) == b""
        answer = wire.parsed(came + wire.everything(busy))
        assert answer.body == b"emulated-vm"
        assert program.process.wait(10) == 0
        with pytest.raises(ConnectionError):
            wire.ask(program.url, wire.NAME)


def test_an_endless_answer_does_not_keep_it_from_ending() -> None:
    with serve() as program, wire.connection(program.url) as greedy:
        greedy.sendall(wire.request(wire.NAME, wire.fault("endless")))
        greedy.recv(65_536)
        program.process.send_signal(signal.SIGTERM)
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(10) in (0, 128 + signal.SIGTERM)


def test_the_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "machine.toml"
    file.write_text('[compute]\nname = "one"\n')
    with serve("--config", str(file), "--no-limits") as program:
        assert wire.ask(program.url, wire.NAME).body == b"one"
        file.write_text('[compute]\nname = "two"\n')
        program.said("was read again")
        assert wire.ask(program.url, wire.NAME).body == b"two"
        file.write_text('[compute]\n\nname = ["three"]\n')
        said = program.said("configuration_malformed")
        assert f"{file}: line 3, column 8: invalid type: an array, expected a string" in said and "stays" in said
        assert wire.ask(program.url, wire.NAME).body == b"two"
        new = tmp_path / "new"
        new.write_text('[compute]\nname = "four"\n')
        new.replace(file)
        program.said("was read again")
        assert [wire.ask(program.url, wire.NAME).body for _ in range(7)] == [b"four"] * 7


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.toml", b"[compute]\n\nname = []\n", "line 3, column 8: invalid type: an array, expected a string"),
        ("a.toml", b"[limits]\n\nnmae = 1\n", "line 3, column 1: unknown field `nmae`, expected one of `per"),
        ("a.toml", b"[compute\n", "line 1, column 9: "),
        ("a.toml", b"[compute]\ntags = 3\n", "line 2, column 8: invalid type: a number, expected a map of tags"),
        ("a.toml", b"\n\xff", "line 2: not UTF-8"),
        ("a.json", b'{"compute": {\n "name": []}}', 'line 2, column 11: "compute/name": invalid type: an array'),
        ("a.json", b'{"compute": {}} {}', "line 1, column 17: trailing characters"),
        ("a.toml", b"#" * (1 << 20) + b"#", "longer than a mebibyte"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    told = refused("--config", str(file))
    assert f"{file}" in told and said in told


def test_other_mistakes_are_told_in_a_sentence(tmp_path: Path) -> None:
    assert "(file_unreadable)" in refused("--config", str(tmp_path / "none.toml"))
    assert "(fault_malformed)" in refused("--fault", "token:picnic")
    assert "live-migration" in refused("--scenario", "picnic")
    assert "(argument_value)" in refused("--seed", "12")
    assert "(argument_value)" in refused("--speed", "0")
    assert "(authority_unusable)" in refused("--authority", str(Path(__file__)))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = refused("--port", str(taken.getsockname()[1]))
        assert "in use" in told and "(address_unusable)" in told
    assert "(address_unusable)" in refused("--host", "192.0.2.1")


def test_it_listens_where_it_is_told() -> None:
    with serve("--host", "0.0.0.0") as program:
        assert program.url.startswith("http://127.0.0.1:")
        assert "other machines" in program.said("\n")
        assert wire.ask(program.url, wire.NAME).status == 200


def test_documents_are_accepted_by_who_trusts_the_emulator_and_by_nobody_else() -> None:
    with serve("--no-limits") as program:
        answer = wire.ask(program.url, wire.DOCUMENT).body
        root = wire.ask(program.url, "/emulator/root.pem", metadata=False).body
        issuing = wire.ask(program.url, "/emulator/issuers/issuing.crt", metadata=False).body
        verifier = azure_imds.Verifier(anchors=root, issuers=issuing, fetch=False)
        assert verifier.verify(answer, nonce="1234567890").vm_id == "00000000-0000-4000-8000-000000000001"
        fetching = azure_imds.Verifier(anchors=root, allow_origins=[f"{program.url}/emulator/issuers/"], cache_dir=None)
        assert fetching.verify(answer, nonce="1234567890").nonce_checked
        with pytest.raises(azure_imds.VerifyError) as refused:
            azure_imds.Verifier(issuers=issuing, fetch=False).verify(answer, nonce="1234567890")
        assert refused.value.code == "issuer_missing"
        assert Emulator(seed=bytes.fromhex(SEED)).trust.anchors == azure_imds.read_certificates(root)[0]


def test_the_machine_that_is_written_is_the_default_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["machine"]) == 0
    text = capsys.readouterr().out
    assert text == resources.files("azure_imds.emulator").joinpath("machine.toml").read_text(encoding="utf-8")
    assert Configuration.from_toml(text) == Configuration.from_json("{}", False)
    with_examples = Configuration.from_toml(re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE))
    machine = json.loads(with_examples.to_json())
    assert machine["compute"]["tags"] == {"env": "test"} and machine["loadBalancer"]["publicIpAddresses"]
    assert len(machine["identity"]["userAssigned"]) == len(machine["compute"]["storageProfile"]["dataDisks"]) == 1
