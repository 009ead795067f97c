"""The fixture of pytest, in this run and in runs of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import urllib.error
import urllib.request

import azure_imds
import httpx
import pytest
import wire
from azure_imds.emulator import Emulator
from test_readme import EXAMPLES

pytest_plugins = ["pytester"]


def test_blocking_clients(imds_emulator: Emulator) -> None:
    asked = urllib.request.Request(imds_emulator.url + wire.NAME, headers={"Metadata": "true"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.read() == b"emulated-vm"
    imds_emulator.fault("instance:500")
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(asked, timeout=10)
    error.value.close()
    imds_emulator.change({"compute": {"name": "changed"}})
    assert wire.ask(imds_emulator.url, wire.NAME).body == b"changed"
    assert [entry.status for entry in imds_emulator.requests] == [200, 500, 200]


def test_awaiting_clients_without_their_loop_being_held_up(imds_emulator: Emulator) -> None:
    async def ask() -> list[int]:
        async with httpx.AsyncClient(base_url=imds_emulator.url, headers={"Metadata": "true"}) as client:
            return [answer.status_code for answer in await asyncio.gather(*(client.get(wire.NAME) for _ in range(20)))]

    assert asyncio.run(ask()) == [200] * 20


def test_the_client_of_this_package_finds_it(imds_emulator: Emulator) -> None:
    client = azure_imds.Client()
    imds_emulator.change({"compute": {"name": "found", "tags": {"env": "test"}}})
    instance = client.instance()
    assert instance.compute is not None and instance.compute.name == "found"
    assert client.token("https://vault.azure.net").secret.count(".") == 2
    document = client.attested_document(nonce="4711")
    verifier = azure_imds.Verifier(**imds_emulator.trust._asdict(), fetch=False)
    assert verifier.verify(document, nonce="4711").vm_id == instance.compute.vm_id
    assert {entry.part for entry in imds_emulator.requests} == {"instance", "token", "attested"}


def test_each_test_has_its_own(imds_emulator: Emulator) -> None:
    assert imds_emulator.requests == () and imds_emulator.faults == ()
    assert os.environ["AZURE_IMDS_ENDPOINT"] == imds_emulator.url
    assert {name: os.environ[name] for name in imds_emulator.environment} == imds_emulator.environment


@pytest.mark.imds_emulator({"compute": {"name": "marked"}}, limits=True, environment=False, faults=["instance:ok,404"])
def test_what_the_marker_sets(imds_emulator: Emulator) -> None:
    assert not imds_emulator.environment.items() <= os.environ.items()
    assert [wire.ask(imds_emulator.url, wire.NAME).status for _ in range(2)] == [200, 404]
    assert imds_emulator.machine["compute"]["name"] == "marked" and imds_emulator.limits


def test_its_documents_are_accepted_with_its_trust_and_refused_without(imds_emulator: Emulator) -> None:
    answer = wire.ask(imds_emulator.url, wire.DOCUMENT).body
    verifier = azure_imds.Verifier(**imds_emulator.trust._asdict(), fetch=False)
    assert verifier.verify(answer, nonce="1234567890").nonce_checked
    report = azure_imds.Verifier(fetch=False).explain(answer, nonce="1234567890")
    assert report.error is not None and report.error.code == "issuer_missing"


def test_a_run_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os
        import urllib.request

        def ask(emulator, name):
            url = f"{emulator.url}/metadata/instance/compute/{name}?api-version=2021-02-01&format=text"
            with urllib.request.urlopen(urllib.request.Request(url, headers={"Metadata": "true"})) as answer:
                return answer.read()

        def test_one(imds_emulator):
            imds_emulator.machine = {"compute": {"location": "westus3"}}
            assert ask(imds_emulator, "location") == b"westus3"

        def test_two(imds_emulator):
            assert ask(imds_emulator, "location") == b"eastus2"
            assert len(imds_emulator.requests) == 1

        def test_three():
            assert "AZURE_IMDS_ENDPOINT" not in os.environ
        """
    )
    ran = pytester.runpytest_subprocess("-W", "error", "--strict-markers")
    ran.assert_outcomes(passed=3)
    assert "imds_emulator" in pytester.runpytest_subprocess("--markers").stdout.str()


def test_the_example_of_the_readme(pytester: pytest.Pytester) -> None:
    example = next(example for example in EXAMPLES if "imds_emulator" in example)
    assert len(example.strip().splitlines()) == 5
    pytester.makepyfile(
        my_program="""
        import os
        import urllib.error
        import urllib.request

        def region():
            url = os.environ["AZURE_IMDS_ENDPOINT"] + "/metadata/instance/compute/location"
            asked = urllib.request.Request(f"{url}?api-version=2021-02-01&format=text", headers={"Metadata": "true"})
            try:
                with urllib.request.urlopen(asked) as answer:
                    return answer.read().decode()
            except urllib.error.HTTPError as error:
                with error:
                    return region()
        """,
        test_example=f"import my_program\n{example}",
    )
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_a_run_that_does_not_use_it_does_not_import_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_there():
            assert "azure_imds_pytest" in sys.modules
            assert not {"azure_imds", "azure_imds.emulator", "h11"} & set(sys.modules)
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_command_line_does_not_import_it() -> None:
    code = "import sys, azure_imds.cli._commands; assert 'azure_imds.emulator' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
