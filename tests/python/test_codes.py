"""The list of codes, and what type checkers know of codes and reports."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import get_args

import azure_imds
import pytest
from azure_imds import Report, errors
from azure_imds._codes import __all__ as types_of_codes
from azure_imds.errors import CODES, FETCH_CODES, FINDING_CODES, NOT_FETCHED_CODES, Code

# Each type of codes, how a consumer comes by one, and the codes that it has at run time.
SWITCHES: dict[str, tuple[str, Mapping[str, Code]]] = {
    **{
        f"{kind.capitalize()}Code": (
            f"azure_imds.{kind.capitalize()}Error",
            {name: code for name, code in CODES.items() if code.kind == kind},
        )
        for kind in ("usage", "transport", "service", "verify")
    },
    "ErrorCode": ("azure_imds.ImdsError", CODES),
    "FetchCode": ("azure_imds.Fetch", FETCH_CODES),
    "FindingCode": ("azure_imds.Finding", FINDING_CODES),
    "NotFetchedCode": ("azure_imds.Report", NOT_FETCHED_CODES),
}

# One of each type, so that the types are told apart by what is missing.
LEFT_OUT = [
    "UsageCode.nonce_empty",
    "TransportCode.refused",
    "ServiceCode.throttled",
    "VerifyCode.nonce_mismatch",
    "ErrorCode.issuer_missing",
    "FetchCode.not_the_issuer",
    "FindingCode.proxy_set",
    "NotFetchedCode.overflow",
]

# The example of the package's page.
PAGE = Path(__file__).parents[2] / "bindings-py/README.md"
README = "# pyright: strict\n" + next(
    block.split("```")[0] for block in PAGE.read_text().split("```python\n") if "def alert(" in block
)

CHECKERS = {
    "mypy": ["mypy", "--strict", "--no-color-output"],
    "pyright": ["pyright", "--pythonpath", sys.executable],  # strict by the comment at the top of the file
}


def test_the_types_have_the_codes_of_the_list() -> None:
    assert sorted(SWITCHES) == sorted(types_of_codes)
    for name, (_, codes) in SWITCHES.items():
        literals = get_args(getattr(errors, name))
        flat = [code for literal in literals for code in (get_args(literal) or (literal,))]
        assert sorted(flat) == sorted(codes), name


def test_a_code_says_what_to_do() -> None:
    code = CODES["issuer_missing"]
    assert (code.code, code.kind, code.retryable) == ("issuer_missing", "verify", "depends")
    assert "as issuers=" in code.remedy and "{" not in "".join(it.remedy for it in CODES.values())
    assert FINDING_CODES["throttled"].remedy != CODES["throttled"].remedy
    with pytest.raises(TypeError):
        CODES["new"] = code  # type: ignore[index]


def switch(name: str, where: str, codes: list[str]) -> str:
    """A function that switches over all codes of a type."""
    member = "not_fetched_code" if name == "NotFetchedCode" else "code"
    optional = name in ("FetchCode", "NotFetchedCode")
    cases = [*(f'        case "{code}":\n            return {at}\n' for at, code in enumerate(codes))]
    cases += ["        case None:\n            return -1\n"] if optional else []
    cases += ["        case _:\n            assert_never(code)\n"]
    return (
        f"def switch_{name.lower()}(it: {where}) -> int:\n    code = it.{member}\n    match code:\n{''.join(cases)}\n\n"
    )


def consumer(without: Collection[str] = ()) -> str:
    functions = (
        switch(name, where, [code for code in codes if f"{name}.{code}" not in without])
        for name, (where, codes) in SWITCHES.items()
    )
    reports = """\
def by_error(report: azure_imds.Report) -> str:
    if report.error is None:
        return report.document.vm_id
    return report.error.code


def by_verdict(report: azure_imds.Report) -> str:
    return report.document.vm_id if report.verified is True else report.error.code


def by_class(value: object) -> bool:
    return isinstance(value, azure_imds.Report) and value.verified


def of_a_verifier(verifier: azure_imds.Verifier) -> str:
    report = verifier.explain(b"", nonce="1")
    match report.verified:
        case True:
            return report.document.vm_id
        case False:
            return report.error.summary


def of_a_line(line: azure_imds.CheckLine, failure: azure_imds.Failure, attempt: azure_imds.Attempt) -> None:
    codes: tuple[VerifyCode | None, VerifyCode, ErrorCode | None] = (line.code, failure.code, attempt.code)
    print(codes, CODES[failure.code].remedy)
"""
    head = "# pyright: strict\nimport azure_imds\nfrom azure_imds.errors import CODES, ErrorCode, VerifyCode\n"
    return f"{head}from typing_extensions import assert_never\n\n\n{''.join(functions)}{reports}"


def checked(checker: str, folder: Path, text: str) -> tuple[int, str]:
    (folder / "consumer.py").write_text(text)
    command = [sys.executable, "-m", *CHECKERS[checker], "consumer.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_consumer_that_switches_over_every_code_is_accepted_and_without_one_refused(
    checker: str, tmp_path: Path
) -> None:
    status, told = checked(checker, tmp_path, consumer())
    assert status == 0, told
    status, told = checked(checker, tmp_path, consumer(LEFT_OUT))
    refused = [line for line in told.splitlines() if "assert_never" in line or "Never" in line]
    missed = [left_out for left_out in LEFT_OUT if left_out.split(".")[1] not in "".join(refused)]
    assert status == 1 and not missed, (missed, told)
    status, told = checked(checker, tmp_path, README)
    assert status == 0, told
    case = '        case "deadline_exceeded"'
    status, told = checked(checker, tmp_path, README[: README.index(case)])
    assert status == 1 and "return" in told, told
    misused = consumer().replace("if report.error is None:", "if report.error is not None:")
    status, told = checked(checker, tmp_path, misused)
    assert status == 1 and "vm_id" in told, told


def test_the_stub_has_the_members_that_a_report_has() -> None:
    """The stub says the one class as two, so that stubtest can't compare them."""
    stub = ast.parse((Path(azure_imds.__file__).parent / "_native.pyi").read_text())
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}

    def members(name: str) -> set[str]:
        body = classes[name].body
        functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
        return functions | {ast.unparse(node.target) for node in body if isinstance(node, ast.AnnAssign)}

    told = members("_VerifiedReport")
    assert told == members("_RefusedReport")
    there = {name for name, _ in inspect.getmembers(Report) if not name.startswith("_")}
    assert {name for name in told | members("_ReportMembers") if not name.startswith("_")} == there
