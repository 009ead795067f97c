"""The command line, mostly as a program of its own: what it prints, where, and its exit status."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import select
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import azure_imds
import make_picture
import pytest
import suite
import web
from azure_imds import _escaped
from azure_imds._native import json_object
from azure_imds.cli import _issuers, _report, _terminal, _text, main

SCRIPT = Path(sys.executable).parent / "azure-imds"
NONCE = "9876543210"
AT = "2026-09-21T12:01:00Z"
ISSUER_URL = "http://www.microsoft.com/pkiops/certs/azure-imds%20test%20Issuing%20CA%2001.crt"
VALID = suite.vector("attested::valid::as_azure_signs")

REAL = os.environ.get("AZURE_IMDS_REAL_VECTORS")
needs_real = pytest.mark.skipif(REAL is None, reason="real certificates: AZURE_IMDS_REAL_VECTORS names no folder")
needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal: Windows has none")


@dataclass(frozen=True)
class Ran:
    """What a run left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a document and the certificates that it needs."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    assert isinstance(VALID.document, str)
    Path("document.json").write_text(VALID.document, encoding="ascii")
    Path("root.pem").write_text(pem(VALID.anchors[0]), encoding="ascii")
    Path("issuing.pem").write_text(pem(VALID.issuers[0]), encoding="ascii")
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process."""

    def run(*arguments: str) -> Ran:
        status = main(arguments)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture
def start(folder: Path) -> Run:
    """Runs the installed program."""

    def start(*arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
        ran = subprocess.run(
            [str(SCRIPT), *arguments], input=stdin, capture_output=True, env={**os.environ, **environment}, timeout=60
        )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return start


def pem(*certificates: bytes) -> str:
    return "".join(map(ssl.DER_cert_to_PEM_cert, certificates))


def verify(*more: str, file: str = "document.json") -> list[str]:
    """A verification that succeeds, unless something is added."""
    return ["verify", file, "--issuers", "issuing.pem", "--anchors", "root.pem", "--no-fetch", *more]


ACCEPTED = ("--nonce", NONCE, "--at", AT)


# The program.


@pytest.mark.parametrize("program", [[str(SCRIPT)], [sys.executable, "-m", "azure_imds"]])
def test_both_ways_to_start_it(folder: Path, program: list[str]) -> None:
    for arguments, status in ((ACCEPTED, 0), (("--nonce", "1", "--at", AT), 1), ((), 2)):
        ran = subprocess.run([*program, *verify(*arguments)], capture_output=True, timeout=60)
        assert ran.returncode == status, ran.stderr


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"azure-imds {azure_imds.version()}\n"
    for command in ([], ["verify"], ["issuers"], ["issuers", "list"], ["issuers", "update"]):
        assert run(*command, "--help").out.startswith("Usage: azure-imds")
    said = run("verify", "--help").out
    for option in OPTIONS:
        assert f"{option} " in said, option


OPTIONS = [
    *("--nonce", "--no-nonce", "--at", "--at-signing-time", "--issuers", "--anchors", "--deny", "--cloud", "--max-age"),
    *("--vm-id", "--subscription-id", "--sku", "--plan", "--no-fetch", "--json", "--explain"),
]


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import azure_imds", {"click", "rich", "azure_imds.cli"}),
        (f"from azure_imds.cli import main; main({verify(*ACCEPTED)!r})", {"rich"}),
        (f"from azure_imds.cli import main; main({verify('--json', *ACCEPTED)!r})", {"rich"}),
    ],
)
def test_imports_no_more_than_it_needs(folder: Path, code: str, absent: set[str]) -> None:
    code = f"import sys; {code}; print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not absent & set(ran.stderr.split())


# The report in plain text.


def test_plain_text_of_a_verified_document(start: Run) -> None:
    ran = start(*verify(*ACCEPTED))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == VERIFIED


def test_plain_text_of_a_refused_document(start: Run) -> None:
    ran = start(*verify("--nonce", "1111111111", "--at", AT))
    assert (ran.status, ran.err) == (1, "")
    first = 'refused (nonce_mismatch): nonce mismatch: asked "1111111111", document has "9876543210"'
    assert ran.out.splitlines()[0] == first
    assert "\nchain\n" in ran.out and "unverified content" not in ran.out
    assert ran.out.endswith(NEXT_STEP)


def test_plain_text_of_a_chain_that_is_not_proven(start: Run) -> None:
    ran = start("verify", "document.json", "--no-fetch", *ACCEPTED)
    assert ran.out.startswith("refused (issuer_missing)") and "\nchain (not verified)\n" in ran.out


def test_explain_adds_the_unverified_content_before_the_next_step(run: Run) -> None:
    plain = run(*verify("--nonce", "1111111111", "--at", AT)).out
    explained = run(*verify("--nonce", "1111111111", "--at", AT, "--explain")).out
    claims = VERIFIED[VERIFIED.index("\ndocument\n") :].replace("document", "unverified content: nobody vouches for it")
    assert explained == plain.removesuffix(NEXT_STEP) + claims + NEXT_STEP
    assert run(*verify(*ACCEPTED, "--explain")).out == VERIFIED


NEXT_STEP = "\nnext step: fetch the document again with this nonce: the service caches; if it stays, it is a replay\n"

VERIFIED = """\
verified: signed for the VM 02aab8a4-74ef-476e-8182-f6d2ba4166a6 in the name of Azure (public, eastus), verified \
against a root you added: CN=azure-imds test Root CA 01,O=azure-imds tests,C=US, SHA-256 \
6efc3692650b1546a32992d23d7d79820e6ef1f320dd06f8c5c5f00793489ffb; valid at \
2026-09-21T12:01:00Z, until 2026-09-21T18:00:00Z
identity: dca0b01fe421b25934928b13507b18c836825709c50f1e4829959afb3a259bf4

checks
  ok    input               the service's JSON envelope, 2178 bytes of DER
  ok    signed_data         one signer, 1 certificate(s), 301 bytes signed
  ok    signer_certificate  "CN=metadata.azure.com,O=Microsoft Corporation,L=Redmond,ST=WA,C=US"
  ok    algorithms          RSA PKCS#1 v1.5 with SHA-256
  ok    key_strength        RSA-2048
  ok    content_signature   right for the key RSA-2048
  ok    content             the text of a JSON object
  ok    names               public: "eastus.metadata.azure.com, metadata.azure.com"
  ok    chain               3 certificates up to CN=azure-imds test Root CA 01,O=azure-imds tests,C=US, at \
2026-09-21T12:01:00Z
  ok    claims              vmId 02aab8a4-74ef-476e-8182-f6d2ba4166a6
  ok    nonce               the one asked for
  ok    window              2026-09-21T12:00:00Z to 2026-09-21T18:00:00Z
  skip  max_age             not asked for
  skip  vm_id               not asked for
  skip  subscription_id     not asked for
  skip  sku                 not asked for
  skip  plan                not asked for

chain
  CN=metadata.azure.com,O=Microsoft Corporation,L=Redmond,ST=WA,C=US (RSA-2048)
      2026-08-01T00:00:00Z to 2027-01-28T00:00:00Z, SHA-256 \
7f4ecf28f0def41910dfbcbce5282322f74b2c0390ee4cb7f9b3aabfd0de011e
    CN=azure-imds test Issuing CA 01,O=azure-imds tests,C=US (RSA-4096)
        2025-08-01T00:00:00Z to 2029-06-03T00:00:00Z, SHA-256 \
49013eeb4864852b5eaeb8bb8c4746112101fe56c26945fb2899436366948319
      CN=azure-imds test Root CA 01,O=azure-imds tests,C=US (RSA-2048)
          2020-01-01T00:00:00Z to 2045-01-01T00:00:00Z, SHA-256 \
6efc3692650b1546a32992d23d7d79820e6ef1f320dd06f8c5c5f00793489ffb

document
  nonce                9876543210
  sku                  22_04-lts-gen2
  subscriptionId       8d10da13-8125-4ba9-a717-bf7490507b3d
  timeStamp.createdOn  09/21/26 12:00:00 -0000
  timeStamp.expiresOn  09/21/26 18:00:00 -0000
  vmId                 02aab8a4-74ef-476e-8182-f6d2ba4166a6
"""


# JSON.

CLAIMS = {
    "licenseType": "",
    "nonce": NONCE,
    "plan": {"name": "", "product": "", "publisher": ""},
    "sku": "22_04-lts-gen2",
    "subscriptionId": "8d10da13-8125-4ba9-a717-bf7490507b3d",
    "timeStamp": {"createdOn": "09/21/26 12:00:00 -0000", "expiresOn": "09/21/26 18:00:00 -0000"},
    "vmId": "02aab8a4-74ef-476e-8182-f6d2ba4166a6",
}
KEYS = [
    *("schema_version", "verdict", "headline", "error", "document", "time_basis", "judged_at", "checks"),
    *("chain_verified", "chain", "fetches", "not_fetched"),
]


def test_json_of_a_verified_document(run: Run) -> None:
    ran = run(*verify("--json", *ACCEPTED))
    form = json.loads(ran.out)
    assert ran.status == 0 and list(form) == KEYS
    document = form["document"]
    assert (form["verdict"], form["error"], document["claims"]) == ("verified", None, CLAIMS)
    assert list(document["claims"]) == list(CLAIMS)
    root = form["chain"][-1]
    assert document["trust"] == {"default_anchor": False, "subject": root["subject"], "sha256": root["sha256"]}
    for line in form["checks"]:
        assert list(line) == ["name", "outcome", "code", "detail"]
        assert line["outcome"] in ("passed", "not_checked") and line["code"] is None
    assert [line["name"] for line in form["checks"]] == [line.name for line in report_of(VALID).checks]
    assert form["chain"][1] == {
        "subject": "CN=azure-imds test Issuing CA 01,O=azure-imds tests,C=US",
        "issuer": "CN=azure-imds test Root CA 01,O=azure-imds tests,C=US",
        "serial": "33404a4060fae6e26f2e5a43534ab7e9",
        "key": "RSA-4096",
        "not_before": "2025-08-01T00:00:00Z",
        "not_after": "2029-06-03T00:00:00Z",
        "sha256": "49013eeb4864852b5eaeb8bb8c4746112101fe56c26945fb2899436366948319",
        "public_key_sha256": "2101d596be25854b5bc05f4e13cfebee32ad5c42663ffc11ae4acdea5f78d0a3",
    }
    assert document["identity"] == VALID.identity
    assert document["unknown_issuers"] == [it["sha256"] for it in form["chain"][1:]]
    explained = json.loads(run(*verify("--json", "--explain", *ACCEPTED)).out)
    assert explained == {**form, "unverified": None}


def test_json_of_a_refused_document(run: Run) -> None:
    ran = run(*verify("--json", "--nonce", "1", "--at", AT))
    form = json.loads(ran.out)
    assert ran.status == 1 and list(form) == KEYS
    assert (form["verdict"], form["document"]) == ("refused", None)
    assert form["error"] == {
        "code": "nonce_mismatch",
        "check": "nonce",
        "summary": "The document's nonce is not the one asked for.",
        "message": 'nonce mismatch: asked "1", document has "9876543210"',
        "next_step": "fetch the document again with this nonce: the service caches; if it stays, it is a replay",
        "retryable": False,
        "missing": [],
    }
    failed = [line for line in form["checks"] if line["outcome"] == "failed"]
    assert [(line["name"], line["code"]) for line in failed] == [("nonce", "nonce_mismatch")]
    explained = json.loads(run(*verify("--json", "--explain", "--nonce", "1", "--at", AT)).out)
    assert list(explained) == [*KEYS, "unverified"]
    assert explained == {**form, "unverified": CLAIMS}


def test_json_of_what_is_no_document(run: Run) -> None:
    Path("empty").write_bytes(b"")
    form = json.loads(run(*verify("--json", "--explain", *ACCEPTED, file="empty")).out)
    assert list(form) == [*KEYS, "unverified"] and form["error"]["code"] == "input_empty" and form["chain"] == []
    assert form["unverified"] is None


def test_what_is_missing_is_named_with_the_flag_that_takes_it(run: Run) -> None:
    known = suite.vector("attested::chain::no_issuers_known_name")
    Path("known.json").write_bytes(known.document if isinstance(known.document, bytes) else known.document.encode())
    arguments = ["verify", "known.json", "--anchors", "root.pem", "--no-fetch", *ACCEPTED]
    missing = json.loads(run(*arguments, "--json").out)["error"]["missing"]
    rows = [it for it in azure_imds.known_issuers() if it.name == "Microsoft Azure RSA TLS Issuing CA 08"]
    assert missing == [{"name": it.subject, "sha256": it.sha256, "url": it.url} for it in rows]
    assert run(*arguments).out.endswith(
        "\nnext step: give that certificate with --issuers, or let it be fetched (without --no-fetch); Azure changes "
        "its issuers every few years\n"
    )


def test_what_is_no_document_is_named(run: Run) -> None:
    text = Path("document.json").read_text()
    Path("utf16.json").write_text(text, encoding="utf-16")
    Path("page.html").write_text("<!doctype html><title>Sign in</title>")
    for file, told, step in [
        ("utf16.json", "in UTF-16 or behind a byte order mark", "next step: give it in UTF-8"),
        ("page.html", "this is a web page", "next step: a proxy or a login page may have answered"),
    ]:
        out = run(*verify(*ACCEPTED, file=file)).out
        assert out.startswith("refused (base64_malformed): ") and told in out.splitlines()[0] and step in out


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a":1e400,"b":1.5}', {"a": "1e400", "b": 1.5}),
        (f'{{"a":{"9" * 5000}}}', {"a": "9" * 5000}),
        ('{"a":"\\ud800"}', None),
        ('{"a":NaN}', None),
        ("[1]", None),
        ("{", None),
        ("", None),
        ("[" * 100_000, None),
    ],
)
def test_json_is_read_whatever_it_holds(text: str, value: dict[str, Any] | None) -> None:
    assert json_object(text) == value
    assert json.loads(_text.json_text(value)) == value


# Options.


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        (["--no-nonce", "--at", AT], "verified"),
        (["--nonce", NONCE, "--at", "1789992060"], "verified"),
        (["--nonce", NONCE, "--at", "2026-09-21t14:01:00.25+02:00"], "verified"),
        (["--nonce", NONCE, "--at", "2026-09-21T23:00:00Z"], "document_expired"),
        (["--nonce", NONCE, "--at-signing-time"], "verified"),
        ([*ACCEPTED, "--max-age", "60"], "verified"),
        ([*ACCEPTED, "--max-age", "0"], "document_too_old"),
        ([*ACCEPTED, "--vm-id", "02AAB8A4-74EF-476E-8182-F6D2BA4166A6"], "verified"),
        ([*ACCEPTED, "--vm-id", ""], "vm_id_mismatch"),
        ([*ACCEPTED, "--subscription-id", "another"], "subscription_id_mismatch"),
        ([*ACCEPTED, "--sku", "22_04-lts-gen2"], "verified"),
        ([*ACCEPTED, "--sku", "another"], "sku_mismatch"),
        ([*ACCEPTED, "--plan", "name", "product", "publisher"], "plan_mismatch"),
        ([*ACCEPTED, "--cloud", "public", "--cloud", "usgov"], "verified"),
        ([*ACCEPTED, "--cloud", "usgov"], "cloud_mismatch"),
        ([*ACCEPTED, "--cloud", "china", "--cloud", "germany"], "cloud_mismatch"),
    ],
)
def test_options(run: Run, arguments: Sequence[str], verdict: str) -> None:
    assert verdict_of(run(*verify("--json", *arguments))) == verdict


def test_what_is_denied_is_refused(run: Run) -> None:
    chain = json.loads(run(*verify("--json", *ACCEPTED)).out)["chain"]
    for digest in [it[name] for it in chain for name in ("sha256", "public_key_sha256")]:
        ran = run(*verify("--json", *ACCEPTED, "--deny", "0" * 64, "--deny", digest.upper()))
        assert verdict_of(ran) == "certificate_denied"
        assert digest in json.loads(ran.out)["error"]["message"]
    assert verdict_of(run(*verify("--json", *ACCEPTED, "--deny", "0" * 64))) == "verified"
    ran = run(*verify(*ACCEPTED, "--deny", "0" * 63))
    assert (ran.status, ran.out) == (2, "") and ran.err.endswith("(fingerprint_malformed)\n")


def test_now_is_this_machines_clock(run: Run) -> None:
    form = json.loads(run(*verify("--json", "--nonce", NONCE)).out)
    chain = next(line for line in form["checks"] if line["name"] == "window")
    expected = "passed" if 1789991700 <= time.time() <= 1790014000 else "failed"
    assert chain["outcome"] == expected


def test_files_of_several_certificates(run: Run) -> None:
    others = [certificate for vector in suite.vectors()[:200] for certificate in vector.issuers]
    Path("bundle.pem").write_text(pem(*others[:5], *VALID.issuers), encoding="ascii")
    Path("roots.pem").write_text(pem(*azure_imds.default_anchors(), *VALID.anchors), encoding="ascii")
    arguments = ["verify", "document.json", "--json", "--no-fetch", *ACCEPTED]
    assert verdict_of(run(*arguments, "--issuers", "bundle.pem", "--anchors", "roots.pem")) == "verified"
    assert verdict_of(run(*arguments, "--issuers", "issuing.pem", "--issuers", "roots.pem")) == "root_not_trusted"
    assert verdict_of(run(*arguments, "--anchors", "root.pem")) == "issuer_missing"
    Path("issuing.der").write_bytes(VALID.issuers[0])
    assert verdict_of(run(*arguments, "--issuers", "issuing.der", "--anchors", "root.pem")) == "verified"


def test_anchors_replace_the_default_ones(run: Run) -> None:
    report = json.loads(run(*verify("--json", *ACCEPTED)).out)
    assert report["chain"][-1]["sha256"] == hashlib.sha256(VALID.anchors[0]).hexdigest()
    Path("default.pem").write_text(pem(*azure_imds.default_anchors()), encoding="ascii")
    arguments = ["verify", "document.json", "--json", "--no-fetch", *ACCEPTED, "--issuers", "issuing.pem"]
    assert verdict_of(run(*arguments, "--anchors", "default.pem")) == "issuer_missing"


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_missing_issuer_is_fetched_unless_forbidden(start: Run, form: str) -> None:
    arguments = ["verify", "document.json", "--anchors", "root.pem", *ACCEPTED, *(["--json"] if form == "json" else [])]
    with web.serving(web.page(VALID.issuers[0])) as server:
        forbidden = start(*arguments, "--no-fetch", http_proxy=server.origin)
        assert forbidden.status == 1 and "issuer_missing" in forbidden.out and not server.asked
        fetched = start(*arguments, http_proxy=server.origin)
        assert fetched.status == 0 and server.asked == [ISSUER_URL]
        assert (f"\nfetched {ISSUER_URL}\n" in fetched.out) == (form == "text")
        again = start(*arguments, http_proxy=server.origin)
        assert again.status == 0 and server.asked == [ISSUER_URL]
    listed = json.loads(start("issuers", "list", "--json").out)
    assert not any(issuer["present"] == "cache" for issuer in listed["issuers"])


@pytest.mark.parametrize("document", ["text", "base64", "der", "pem"])
def test_standard_input_takes_all_forms(start: Run, document: str) -> None:
    base64_text = json.loads(str(VALID.document))["signature"]
    der = ssl.PEM_cert_to_DER_cert(f"{ssl.PEM_HEADER}\n{base64_text}\n{ssl.PEM_FOOTER}")
    forms = {
        "text": str(VALID.document).encode(),
        "base64": base64_text.encode(),
        "der": der,
        "pem": ssl.DER_cert_to_PEM_cert(der).replace("CERTIFICATE", "PKCS7").encode(),
    }
    ran = start(*verify(*ACCEPTED, file="-"), stdin=forms[document])
    assert ran.status == 0, ran


# Bad input.


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([], "usage", "see azure-imds --help"),
        (["prove"], "usage", "see azure-imds --help"),
        (["verify"], "usage", "see azure-imds verify --help"),
        (["verify", "a", "b", "--no-nonce"], "usage", "see azure-imds verify --help"),
        (["verify", "document.json"], "nonce_empty", "--nonce N; or --no-nonce"),
        (verify("--nonce", NONCE, "--no-nonce"), "usage", "give one"),
        (verify("--nonce", ""), "nonce_empty", "give the one"),
        (verify("--nonce", "a\udcff"), "argument_value", "nonce is"),
        (verify("--nonce"), "usage", "'--nonce' requires an argument"),
        (verify(*ACCEPTED, "--at-signing-time"), "usage", "give one"),
        (verify("--no-nonce", "--no-such"), "usage", "see azure-imds verify --help"),
        (verify("--no-nonce", "--at", "yesterday"), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "2026-09-21"), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "2026-09-21T12:01:00"), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "2026-13-21T12:01:00Z"), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "1969-12-31T23:59:59Z"), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "-1"), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "1e9"), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "999999999999"), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "9" * 5000), "time_malformed", "write it like"),
        (verify("--no-nonce", "--at", "\x1b[31m٣"), "time_malformed", '"\\u{1b}[31m٣"'),
        (verify("--no-nonce", "--cloud", "moon"), "cloud_unknown", "public, usgov, china and germany"),
        (verify("--no-nonce", "--cloud", "\udcff"), "argument_value", "clouds is"),
        (verify("--no-nonce", "--max-age", "soon"), "argument_value", "see azure-imds verify --help"),
        (verify("--no-nonce", "--max-age", "-1"), "argument_value", "not negative"),
        (verify("--no-nonce", "--max-age", "9" * 30), "argument_value", "max_age"),
        (verify("--no-nonce", file="absent.json"), "file_unreadable", "give a file"),
        (verify("--no-nonce", file="."), "file_unreadable", "give a file"),
        (verify("--no-nonce", file="a\x1b[2Jb"), "file_unreadable", '"a\\u{1b}[2Jb"'),
        (verify("--no-nonce", file="a\0b"), "file_unreadable", "give a file"),
        (verify("--no-nonce", file=""), "file_unreadable", "give a file"),
        (verify("--no-nonce", "--issuers", "absent.pem"), "file_unreadable", "give the path"),
        (verify("--no-nonce", "--issuers", "."), "file_unreadable", "give the path"),
        (verify("--no-nonce", "--issuers", "document.json"), "bundle_empty", '"document.json": the bundle holds no'),
        (verify("--no-nonce", "--issuers", "broken.pem"), "certificate_unreadable", '"broken.pem": certificate 2'),
        (verify("--no-nonce", "--anchors", "broken.pem"), "certificate_unreadable", "give whole certificates"),
        (verify("--no-nonce", "--anchors", "empty"), "bundle_empty", "BEGIN CERTIFICATE"),
        (["issuers"], "usage", "see azure-imds issuers --help"),
        (["issuers", "list", "--at", "x"], "time_malformed", "write it like"),
        (["issuers", "list", "--from", "absent"], "file_unreadable", "give a folder"),
        (["issuers", "list", "--from", "broken.pem"], "certificate_unreadable", "give whole certificates"),
        (["issuers", "list", "--from", "a\0b"], "file_unreadable", "give a folder"),
        (["issuers", "update", "--from", "absent"], "file_unreadable", "give a folder"),
        (["issuers", "update", "--from", ".", "--output", "."], "file_unreadable", "can't be read"),
        (["issuers", "update", "--from", ".", "--output", "document.json"], "output_unwritable", "--output"),
        (["issuers", "update", "--from", ".", "--output", "root.pem"], "output_unwritable", "--output"),
    ],
)
def test_bad_input_is_answered_by_one_sentence(run: Run, arguments: list[str], code: str, says: str) -> None:
    Path("empty").write_bytes(b"")
    broken = "-----BEGIN CERTIFICATE-----\nMIIDejCCAmKg\n-----END CERTIFICATE-----\n"
    Path("broken.pem").write_text(pem(VALID.anchors[0]) + broken, encoding="ascii")
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert re.fullmatch(r"azure-imds: [^\n]+ \([a-z_]+\)\n", ran.err), ran.err
    assert ran.err.endswith(f" ({code})\n") and says in ran.err, ran.err
    assert "\x1b" not in ran.err
    assert before == {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "input_empty"),
        (b" \r\n", "input_empty"),
        (b"A" * 65_536, "der_malformed"),
        (b"A" * 65_537, "input_too_long"),
        (b"\0" * 10_000_000, "input_too_long"),
        (bytes(range(256)), "base64_malformed"),
        (b"\x1b]0;title\x07", "base64_malformed"),
        (b"{" * 60_000, "envelope_malformed"),
        ("\ufeff{}".encode("utf-16"), "base64_malformed"),
        (b"-----BEGIN CERTIFICATE-----", "pem_malformed"),
    ],
)
def test_what_is_no_document_is_refused(start: Run, content: bytes, code: str) -> None:
    ran = start(*verify(*ACCEPTED, file="-"), stdin=content)
    assert ran.status == 1 and ran.out.startswith(f"refused ({code}): "), ran
    assert "\nnext step: " in ran.out and ran.err == ""
    assert is_harmless(ran.out)


def test_standard_input_that_never_ends_is_not_read_to_its_end(folder: Path) -> None:
    if not os.path.exists("/dev/zero"):
        pytest.skip("an endless file: this system has no /dev/zero")
    with open("/dev/zero", "rb") as endless:
        line = [str(SCRIPT), *verify(*ACCEPTED, file="-")]
        ran = subprocess.run(line, stdin=endless, capture_output=True, timeout=60)
    assert ran.stdout.startswith(b"refused (input_too_long)")


@pytest.mark.skipif(sys.platform == "win32", reason="closed streams: a shell of Unix closes them")
def test_closed_streams(folder: Path) -> None:
    def shell(redirection: str, *arguments: str) -> Ran:
        line = ["sh", "-c", f'"$0" "$@" {redirection}', str(SCRIPT), *arguments]
        ran = subprocess.run(line, capture_output=True, text=True, timeout=60)
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    no_input = shell("<&-", *verify("--no-nonce", file="-"))
    assert no_input.status == 2 and no_input.err.endswith(" (file_unreadable)\n")
    assert shell(">&-", *verify(*ACCEPTED)) == Ran(0, "", "")
    assert shell("2>&-", *verify()).status == 2
    if os.path.exists("/dev/full"):
        full = shell(">/dev/full", *verify(*ACCEPTED))
        assert full.status == 2 and full.err.endswith(" (output_unwritable)\n") and full.err.count("\n") == 1
    reader_gone = shell("| true; exit ${PIPESTATUS:-0}", *verify(*ACCEPTED))
    assert reader_gone.err == ""


def test_a_reader_that_goes_away(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = subprocess.run([str(SCRIPT), *verify(*ACCEPTED)], stdout=writing, stderr=subprocess.PIPE, timeout=60)
    finally:
        os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, b"")


# The report on a terminal.


def test_colour_where_it_is_asked_for(start: Run) -> None:
    coloured = start(*verify(*ACCEPTED), FORCE_COLOR="1", COLUMNS="100", PYTHONIOENCODING="utf-8")
    assert coloured.status == 0 and GREEN in coloured.out
    lines = without_colour(coloured.out).splitlines()
    assert max(map(len, lines)) == 100
    lines = [line.rstrip() for line in lines]
    assert lines[0].startswith("╭─  ✔ verified  against a root you added ──")
    assert "  ✔ nonce              the one asked for" in lines
    assert "      └── metadata.azure.com  O=Microsoft Corporation,L=Redmond,ST=WA,C=US  RSA-2048" in lines
    refused = start(*verify("--nonce", "1", "--at", AT), FORCE_COLOR="1", COLUMNS="100", PYTHONIOENCODING="utf-8")
    lines = without_colour(refused.out).splitlines()
    assert lines[0].startswith("╭─  ✘ refused  nonce_mismatch ──") and lines[-2].startswith("→ next step  fetch ")


def test_colour_is_left_out_where_it_is_not_wanted(start: Run) -> None:
    for environment in ({"FORCE_COLOR": ""}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, {"NO_COLOR": "1"}):
        assert start(*verify(*ACCEPTED), **environment).out == VERIFIED


def test_a_stream_without_unicode(start: Run) -> None:
    ran = start(*verify(*ACCEPTED), FORCE_COLOR="1", PYTHONIOENCODING="ascii", COLUMNS="60")
    assert ran.status == 0 and ran.out.isascii()
    lines = without_colour(ran.out).splitlines()
    assert "  + input              the service's JSON envelope, 2178" in map(str.rstrip, lines)
    assert start(*verify("--no-nonce", file="ü"), PYTHONIOENCODING="ascii").err.startswith('azure-imds: "\\xfc" can')


def test_an_unchecked_nonce_and_a_missing_issuer_are_pointed_out(start: Run) -> None:
    environment = {"FORCE_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
    unchecked = without_colour(start(*verify("--no-nonce", "--at", AT), **environment).out)
    assert "The nonce was not checked" in unchecked
    arguments = ["verify", "document.json", "--no-fetch", "--anchors", "root.pem", *ACCEPTED]
    missing = without_colour(start(*arguments, **environment).out)
    assert "  ? CN=azure-imds test Issuing CA 01,O=azure-imds tests,C=US  not at hand" in missing
    arguments.remove("--no-fetch")
    with web.serving(web.page(b"", 404)) as server:
        failed = start(*arguments, http_proxy=server.origin, **environment)
    assert failed.status == 1 and "fetching issuers\n  ✘ http://www.microsoft.com/" in without_colour(failed.out)


class Changed:
    """A value with other attributes."""

    def __init__(self, value: Any, **changes: object) -> None:
        self._value = value
        vars(self).update(changes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._value, name)

    def __str__(self) -> str:
        return str(self._value)


@pytest.mark.parametrize("is_default_anchor", [True, False])
@pytest.mark.parametrize("told", [2, 0])
def test_issuers_that_are_new_to_azure_are_pointed_out(is_default_anchor: bool, told: int) -> None:
    report = report_of(VALID)
    assert report.document is not None and report.document.new_issuers == ()
    new_issuers = report.document.unknown_issuers[:told]
    document: Any = Changed(report.document, is_default_anchor=is_default_anchor, new_issuers=new_issuers)
    shown = io.StringIO()
    changed: Any = Changed(report, document=document)
    _terminal.show_report(changed, _terminal.console(shown), explain=False)
    assert shown.getvalue().count("Not in the table of known issuers") == told


@needs_pty
@pytest.mark.parametrize(
    ("environment", "is_coloured", "is_laid_out"),
    [
        ({"TERM": "xterm-256color"}, True, True),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_on_a_terminal(folder: Path, environment: dict[str, str], is_coloured: bool, is_laid_out: bool) -> None:
    status, out = in_terminal(verify(*ACCEPTED), environment={"COLUMNS": "100", **environment})
    assert status == 0
    assert (GREEN in out) == is_coloured and ("╭─" in out) == is_laid_out
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", out) or is_coloured
    if not is_laid_out:
        assert out.replace("\r\n", "\n") == VERIFIED


@needs_pty
def test_a_document_is_pasted_into_a_terminal(folder: Path) -> None:
    line = str(VALID.document).encode()
    spaced = line[:-1] + b" " * 4096 + line[-1:] + b"\r"  # Longer than a terminal's line.
    status, out = in_terminal(verify(*ACCEPTED, file="-"), typed=[spaced, b"\x04"], environment={"TERM": "dumb"})
    assert status == 0
    assert out.replace("\r\n", "\n") == f"azure-imds: paste the document, then press Ctrl-D\n{VERIFIED}"


@needs_pty
def test_binary_typed_into_a_terminal(folder: Path) -> None:
    status, out = in_terminal(
        verify(*ACCEPTED, file="-"), typed=[b"\x00\xff\xfe0\x82\x80", b"\x04"], environment={"TERM": "dumb"}
    )
    assert status == 1 and "refused (base64_malformed)" in out and is_harmless(out.replace("\r\n", "\n"))


@needs_pty
def test_an_interrupt_ends_it_quietly(folder: Path) -> None:
    status, out = in_terminal(verify(*ACCEPTED, file="-"), typed=[b"\x03"], environment={"TERM": "dumb"})
    assert status == 130 and "Traceback" not in out


# Hostile documents.


def test_no_vector_writes_what_a_terminal_obeys() -> None:
    for vector in suite.vectors():
        report = report_of(vector)
        shown = io.StringIO()
        console = _terminal.console(shown)
        _terminal.show_report(report, console, explain=True)
        text = _report.as_text(report, explain=True)
        form = _text.json_text(report.command_line_dict(unverified=True))
        assert is_harmless(shown.getvalue()) and is_harmless(text) and is_harmless(form), vector.id
        assert form.isascii()
        verdict = "verified" if report.error is None else report.error.code
        assert verdict == vector.verdict
        assert text.startswith("verified: " if report.verified else f"refused ({vector.verdict}): "), vector.id
        assert ("✔ verified" in shown.getvalue()) == report.verified


def test_claims_are_escaped_bounded_and_never_markup() -> None:
    claims = {
        "vmId": "[red]a[/red]\x1b[2J\u202e\u2028\x7f\ud800é",
        "long": "x" * 1000,
        "deep": {"list": [1, "\x1b"], "none": None, "empty": "", "": True},
        "\x1b]0;": 1.5,
    }
    assert _text.rows(claims) == [
        ("vmId", "[red]a[/red]\\u{1b}[2J\\u{202e}\\u{2028}\\u{7f}\\u{d800}é"),
        ("long", "x" * 120 + "…"),
        ("deep.list", '[1, "\\u001b"]'),
        ("deep.", "true"),
        ("\\u{1b}]0;", "1.5"),
    ]
    assert len(_text.rows({str(number): "1" for number in range(1000)})) == 65
    assert "\x7f" not in _text.json_text("\x7f") and json.loads(_text.json_text("\x7f")) == "\x7f"


# Issuers.


def test_issuers_without_a_bundle(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_issuers, "bundled_issuers", lambda: ())
    listed = json.loads(run("issuers", "list", "--json", "--at", "2026-01-01T00:00:00Z").out)
    assert listed["bundle"] is None and len(listed["issuers"]) == len(azure_imds.known_issuers())
    by_name = {issuer["name"]: issuer for issuer in listed["issuers"]}
    assert by_name["DigiCert Global Root G2"] == {
        "name": "DigiCert Global Root G2",
        "subject": "CN=DigiCert Global Root G2,OU=www.digicert.com,O=DigiCert Inc,C=US",
        "kind": "root",
        "issuer": "DigiCert Global Root G2",
        "not_before": "2013-08-01T12:00:00Z",
        "not_after": "2038-01-15T12:00:00Z",
        "state": "valid",
        "present": "anchor",
        "default_anchor": True,
        "sha256": "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f",
        "url": "http://cacerts.digicert.com/DigiCertGlobalRootG2.crt",
    }
    assert by_name["Microsoft Azure ECC TLS Issuing CA 03"]["state"] == "ends within a year"
    assert by_name["Baltimore CyberTrust Root"]["state"] == "ended"
    assert sum(issuer["present"] is not None for issuer in listed["issuers"]) == 4
    text = run("issuers", "list", "--at", "2026-01-01T00:00:00Z").out
    lines = text.splitlines()
    assert lines[0] == f"{'name':<45}  role          valid until  state               present"
    assert f"{'Microsoft TLS RSA Root G2':<45}  intermediate  2029-06-19   valid               no" in lines
    assert f"{'DigiCert Global Root G2':<45}  anchor        2038-01-15   valid               built in" in lines
    assert "8 of 43 known certificates end within a year" in lines
    assert lines[-1].startswith("no bundle is present: ")


def test_issuers_with_a_bundle(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_issuers, "bundled_issuers", lambda: (VALID.issuers[0],))
    assert json.loads(run("issuers", "list", "--json").out)["bundle"] == 1
    assert run("issuers", "list").out.endswith("this package was built with a bundle of 1 issuers\n")


def test_issuers_of_a_folder_that_are_not_known_are_named_and_left_out(run: Run) -> None:
    Path("given").mkdir()
    Path("given", "roots.CER").write_text(pem(*azure_imds.default_anchors()), encoding="ascii")
    Path("given", "issuing.der").write_bytes(VALID.issuers[0])
    Path("given", "broken.crt").write_bytes(b"\x1b")
    Path("given", "long.pem").write_bytes(b"a" * 1_048_577)
    Path("given", "folder.pem").mkdir()
    Path("given", "ignored.txt").write_text("nothing", encoding="ascii")
    ran = run("issuers", "update", "--from", "given", "--json")
    form = json.loads(ran.out)
    assert ran.status == 1 and list(form) == ["output", "issuers", "left_out"] and form["output"] is None
    assert not Path("issuers.pem").exists()
    reasons = sorted((entry["source"], entry["reason"]) for entry in form["left_out"])
    assert [source for source, _ in reasons] == [
        *("broken.crt", "folder.pem", "issuing.der", "long.pem"),
        *["roots.CER"] * 4,
    ]
    assert reasons[0][1].endswith("(bundle_empty)") and reasons[1][1].endswith("(file_unreadable)")
    sha256 = hashlib.sha256(VALID.issuers[0]).hexdigest()
    assert reasons[2][1] == f"not in the table of known issuers: SHA-256 {sha256}"
    assert "is a root" in reasons[4][1]
    assert {entry["written"] for entry in form["issuers"]} == {False}
    assert {entry["remark"] for entry in form["issuers"]} == {"not found there"}
    text = run("issuers", "update", "--from", "given")
    assert text.status == 1 and text.out.endswith("\nnothing was written: no known issuer was found\n")
    assert f"{sha256}\n" in text.out


def test_an_update_asks_each_address_and_says_what_did_not_come(start: Run) -> None:
    urls = {issuer.url for issuer in azure_imds.known_issuers() if issuer.url and issuer.kind == "intermediate"}
    with web.serving(web.page(b"", 404)) as server:
        ran = start("issuers", "update", "--json", http_proxy=server.origin)
        assert set(server.asked) == {url for url in urls if url.startswith("http:")} and len(server.asked) > 20
    assert ran.status == 1 and ran.err == ""
    remarks = {entry["remark"] for entry in json.loads(ran.out)["issuers"]}
    assert remarks <= {"not fetched: the server answered with status 404", "no address of it is known"}
    with web.serving(web.page(VALID.issuers[0])) as server:
        other = json.loads(start("issuers", "update", "--json", http_proxy=server.origin).out)
    assert {entry["remark"] for entry in other["issuers"]} <= {
        *("its address holds something else", "no address of it is known"),
    }
    assert all("not in the table" in entry["reason"] for entry in other["left_out"])
    nobody = start("issuers", "update", "--json", http_proxy="http://127.0.0.1:9")
    assert nobody.status == 1 and "not fetched: the connection was refused (refused)" in nobody.out


@needs_pty
def test_an_update_shows_its_progress_on_a_terminal(folder: Path) -> None:
    with web.serving(web.page(b"", 404)) as server:
        environment = {"http_proxy": server.origin, "TERM": "xterm", "COLUMNS": "120"}
        status, out = in_terminal(["issuers", "update"], environment=environment)
    assert status == 1
    assert "fetching issuers" in out and "100%" in out
    assert "nothing was written: no known issuer was found" in out


@needs_real
def test_a_bundle_is_made_from_a_folder(start: Run) -> None:
    folder = str(Path(REAL or "", "ca"))
    ran = start("issuers", "update", "--from", folder)
    intermediates = [issuer for issuer in azure_imds.known_issuers() if issuer.kind == "intermediate"]
    count = len(intermediates)
    assert ran.status == 0 and f"wrote {count} of {count} known intermediates to issuers.pem\n" in ran.out
    assert "digicert_sha2_secure_server_ca.pem" in ran.out and "Baltimore CyberTrust Root is a root" in ran.out
    bundle = Path("issuers.pem").read_bytes()
    written = {hashlib.sha256(der).hexdigest() for der in azure_imds.read_certificates(bundle)}
    assert written == {issuer.sha256 for issuer in intermediates}
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []
    listed = json.loads(start("issuers", "list", "--from", "issuers.pem", "--json").out)
    present = [issuer["present"] for issuer in listed["issuers"] if issuer["kind"] == "intermediate"]
    assert present == ["given"] * count
    document = str(Path(REAL or "", "documents", "2024-04-22_eastus_azure_rsa_08.b64"))
    arguments = ["verify", document, "--no-nonce", "--at", "1713807225", "--no-fetch"]
    assert start(*arguments).status == (0 if azure_imds.bundled_issuers() else 1)
    assert start(*arguments, "--issuers", "issuers.pem").status == 0


@needs_real
def test_an_update_keeps_what_an_earlier_bundle_holds(start: Run) -> None:
    assert start("issuers", "update", "--from", str(Path(REAL or "", "ca"))).status == 0
    before = Path("issuers.pem").read_bytes()
    with web.serving(web.page(b"", 503)) as server:
        ran = start("issuers", "update", "--json", http_proxy=server.origin)
    assert ran.status == 0 and Path("issuers.pem").read_bytes() == before
    remarks = {entry["remark"] for entry in json.loads(ran.out)["issuers"]}
    assert "kept from before: not fetched: the server answered with status 503" in remarks


@needs_real
def test_a_bundle_is_fetched(start: Run) -> None:
    files = map(Path.read_bytes, sorted(Path(REAL or "", "ca").glob("*.pem")))
    certificates = [der for file in files for der in azure_imds.read_certificates(file)]
    by_sha256 = {hashlib.sha256(der).hexdigest(): der for der in certificates}
    served = {issuer.url: by_sha256[issuer.sha256] for issuer in azure_imds.known_issuers() if issuer.url}

    def script(request: web.Page) -> None:
        web.page(served[request.path])(request)

    with web.serving(script) as server:
        ran = start("issuers", "update", "--output", "fetched.pem", http_proxy=server.origin)
    assert " to fetched.pem\n" in ran.out and ran.status == 0
    assert len(azure_imds.read_certificates(Path("fetched.pem").read_bytes())) == len(server.asked)


# The pictures.


@pytest.mark.parametrize(("name", "id"), make_picture.PICTURES.items())
def test_the_pictures_show_what_is_printed(name: str, id: str) -> None:
    drawn = (make_picture.DOCS / name).read_text(encoding="utf-8")
    assert drawn == make_picture.picture(id), "make them anew: python tests/python/make_picture.py"


# Helpers.

GREEN = "\x1b[32m"


def report_of(vector: suite.Vector) -> azure_imds.Report:
    return vector.verifier().explain(vector.document, **vector.arguments)


def verdict_of(ran: Ran) -> str:
    form = json.loads(ran.out)
    assert ran.status == (0 if form["verdict"] == "verified" else 1)
    return str(form["error"]["code"] if form["error"] else form["verdict"])


def without_colour(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def is_harmless(text: str) -> bool:
    return all(_escaped.escaped(character) == character for character in set(text) - {"\n"})


def in_terminal(
    arguments: Sequence[str], *, typed: Sequence[bytes] = (), environment: dict[str, str]
) -> tuple[int, str]:
    """Runs the program in a terminal, types into it once it has said something, and gives all that was to be seen."""
    import pty
    import termios

    terminal, inner = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", _IN_ITS_TERMINAL, str(SCRIPT), *arguments],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        start_new_session=True,
    )
    os.close(inner)
    seen, waiting, end = b"", list(typed), time.monotonic() + 60
    try:
        while select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # As Linux says that the other end is closed.
                break
            if not piece:
                break
            seen += piece
            if waiting and b"Ctrl-D" in seen:
                while termios.tcgetattr(terminal)[3] & termios.ICANON:  # It says so, then asks for more than lines.
                    assert time.monotonic() < end
                    time.sleep(0.01)
                for keys in waiting:
                    for start in range(0, len(keys), 1024):
                        os.write(terminal, keys[start : start + 1024])
                        time.sleep(0.01)
                waiting = []
    finally:
        os.close(terminal)
    return child.wait(60), seen.decode()


# A shell leaves those that it starts in the background deaf to interrupts; whoever sits at a terminal is not.
_IN_ITS_TERMINAL = """
import fcntl, os, signal, sys, termios
signal.signal(signal.SIGINT, signal.SIG_DFL)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
