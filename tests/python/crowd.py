"""A crowd at the door: strangers whose documents name addresses that hang, and genuine ones whose issuer is missing.

A measurement of its own, and the material of tests; the server and the documents serve other hosts than Python too:

    python tests/python/crowd.py documents FOLDER        writes FOLDER/crowd.json: anchor, nonce, documents, pages
    python tests/python/crowd.py serve FOLDER            runs the server of these documents, prints its port
    python tests/python/crowd.py measure threads|tasks   prints the figures for tests/RELIABILITY.md

The strangers' addresses are on the host where the genuine issuers are, and each is named once. The server is that host:
it takes requests as a proxy gets them, and as the host itself would. It answers for the genuine issuers, leaves all
others without an answer, and says at `/figures` what it was asked. At `/end` it ends.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import http.client
import json
import os
import queue
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import azure_imds
import mint
from cryptography import x509
from cryptography.x509.oid import NameOID

HOST = "www.microsoft.com"
STRANGERS = 1000
HELD = 100
MISSING = 100
ISSUERS = 10
PER_SECOND = 300
"""Documents that arrive in a second."""
WORKERS = 100
"""Threads of the service that is measured."""
MOST = 240
"""Seconds after which what is not answered yet counts as that."""
_LATENCY = 0.05


class Document(NamedTuple):
    """A document, and what is known of it."""

    kind: str
    """``stranger``, ``held`` or ``missing``: by its issuer."""

    text: str
    """What the service answered."""


@dataclass(frozen=True)
class Crowd:
    """Documents in the order in which they come, and all that is needed for them."""

    anchor: bytes
    held: bytes
    """The issuer, DER, that is at hand before the first document comes."""
    pages: dict[str, bytes]
    """What is at the addresses that answer."""
    documents: list[Document]

    def as_json(self) -> dict[str, Any]:
        """The values of its JSON form."""
        return {
            "nonce": mint.NONCE,
            "anchor": _base64(self.anchor),
            "held": _base64(self.held),
            "pages": {url: _base64(der) for url, der in self.pages.items()},
            "documents": [{"kind": document.kind, "text": document.text} for document in self.documents],
        }

    @staticmethod
    def from_json(form: dict[str, Any]) -> Crowd:
        """The crowd of a JSON form."""
        return Crowd(
            anchor=base64.b64decode(form["anchor"]),
            held=base64.b64decode(form["held"]),
            pages={url: base64.b64decode(der) for url, der in form["pages"].items()},
            documents=[Document(it["kind"], it["text"]) for it in form["documents"]],
        )


def crowd(strangers: int = STRANGERS, held: int = HELD, missing: int = MISSING, issuers: int = ISSUERS) -> Crowd:
    """Makes one. Genuine issuers have names of the table of known ones, so that they are where the table says."""
    known: dict[str, azure_imds.KnownIssuer] = {}
    for issuer in azure_imds.known_issuers():
        is_there = issuer.url is not None and issuer.url.startswith(f"http://{HOST}/pkiops/")
        if issuer.kind == "intermediate" and is_there and issuer.not_after > mint.now():
            known.setdefault(issuer.subject, issuer)
    authorities = []
    for issuer in list(known.values())[: issuers + 1]:
        name = _name(("US", "Microsoft Corporation", issuer.name))
        authorities.append((mint.authority(name, mint.root()), issuer.url))
    stranger = mint.authority(_name(("US", "Somebody", "Somebody's CA")), None)
    key = mint.key()

    def document(authority: mint.Authority, url: str | None) -> str:
        return mint.Signer(mint.leaf(key, authority, url), key).document()

    documents = [
        Document("stranger", document(stranger, f"http://{HOST}/pkiops/certs/stranger{number}.crt"))
        for number in range(strangers)
    ]
    documents += [Document("held", document(authorities[0][0], None)) for _ in range(held)]
    documents += [Document("missing", document(authorities[1 + it % issuers][0], None)) for it in range(missing)]
    random.Random(12).shuffle(documents)
    pages = {url: authority.der for authority, url in authorities if url is not None}
    return Crowd(mint.root().der, authorities[0][0].der, pages, documents)


class Server:
    """The host of the issuers. What is counted: connections open at once, and requests."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self._pages = {url.removeprefix(f"http://{HOST}"): der for url, der in pages.items()}
        self._open = 0
        self.figures = {"most_open": 0, "answered": 0, "left_without_an_answer": 0}

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Takes one connection."""
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split()[1].decode().removeprefix(f"http://{HOST}")
            if path == "/figures":
                await _answer(writer, json.dumps(self.figures).encode())
            elif path == "/end":
                os._exit(0)
            else:
                self._open += 1
                self.figures["most_open"] = max(self.figures["most_open"], self._open)
                try:
                    await self._serve(path, reader, writer)
                finally:
                    self._open -= 1
        writer.close()

    async def _serve(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        page = self._pages.get(path)
        if page is None:
            self.figures["left_without_an_answer"] += 1
            await reader.read()  # until the client goes away
        else:
            await asyncio.sleep(_LATENCY)
            self.figures["answered"] += 1
            await _answer(writer, page)


async def _answer(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


async def serve(folder: Path) -> None:
    """Runs the server, and prints its port."""
    form = json.loads((folder / "crowd.json").read_text())
    server = await asyncio.start_server(Server(Crowd.from_json(form).pages).handle, "127.0.0.1", 0, backlog=2000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def served(made: Crowd) -> Iterator[str]:
    """A server of its own process as long as the block. Gives its origin."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "crowd.json").write_text(json.dumps(made.as_json()))
        command = [sys.executable, __file__, "serve", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield f"http://127.0.0.1:{int(process.stdout.readline())}"
            finally:
                process.kill()


def figures(origin: str) -> dict[str, int]:
    """What the server was asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{origin}/figures", timeout=30) as answer:
        found: dict[str, int] = json.load(answer)
        return found


def end(origin: str) -> None:
    """Ends the server, and all connections to it."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{origin}/end", timeout=30)


class Outcome(NamedTuple):
    """What became of a document: its kind, the code (nothing if it was verified), and the seconds since it came."""

    kind: str
    code: str | None
    seconds: float


def measure_threads(made: Crowd) -> list[Outcome]:
    """A service with so many threads, which take the documents in the order in which they come."""
    verifier = azure_imds.Verifier(anchors=made.anchor, issuers=made.held, cache_dir=None)
    waiting: queue.SimpleQueue[tuple[Document, float]] = queue.SimpleQueue()
    outcomes: list[Outcome] = []

    def work() -> None:
        while True:
            document, came = waiting.get()
            outcomes.append(_outcome(document, came, verifier))

    for _ in range(WORKERS):
        threading.Thread(target=work, daemon=True).start()
    start = time.monotonic()
    for number, document in enumerate(made.documents):
        time.sleep(max(start + number / PER_SECOND - time.monotonic(), 0))
        waiting.put((document, time.monotonic()))
    while len(outcomes) < len(made.documents) and time.monotonic() < start + MOST:
        time.sleep(0.1)
    return list(outcomes)


def _outcome(document: Document, came: float, verifier: azure_imds.Verifier) -> Outcome:
    code = None
    try:
        verifier.verify(document.text, nonce=mint.NONCE)
    except azure_imds.VerifyError as error:
        code = error.code
    return Outcome(document.kind, code, time.monotonic() - came)


async def measure_tasks(made: Crowd) -> list[Outcome]:
    """A service that makes a task for each document."""
    verifier = azure_imds.AsyncVerifier(anchors=made.anchor, issuers=made.held, cache_dir=None)

    async def admit(document: Document, came: float) -> Outcome:
        code = None
        try:
            await verifier.verify(document.text, nonce=mint.NONCE)
        except azure_imds.VerifyError as error:
            code = error.code
        return Outcome(document.kind, code, time.monotonic() - came)

    tasks, start = [], time.monotonic()
    for number, document in enumerate(made.documents):
        await asyncio.sleep(max(start + number / PER_SECOND - time.monotonic(), 0))
        tasks.append(asyncio.create_task(admit(document, time.monotonic())))
    finished, late = await asyncio.wait(tasks, timeout=MOST)
    for task in late:
        task.cancel()
    return [task.result() for task in finished]


def told(made: Crowd, outcomes: list[Outcome], asked: dict[str, int]) -> str:
    """The figures as lines of a table: documents, verified, codes of the others, median and 99th percentile."""
    lines = []
    for kind in ("held", "missing", "stranger"):
        ours = [outcome for outcome in outcomes if outcome.kind == kind]
        came = sum(document.kind == kind for document in made.documents)
        seconds = sorted([outcome.seconds for outcome in ours] + [float(MOST)] * (came - len(ours)))
        codes: dict[str, int] = {}
        for outcome in ours:
            codes[outcome.code or "verified"] = codes.get(outcome.code or "verified", 0) + 1
        if came > len(ours):
            codes["not answered"] = came - len(ours)
        said = ", ".join(f"{count} {code}" for code, count in sorted(codes.items()))
        p99 = seconds[min(round(0.99 * len(seconds)), len(seconds) - 1)]
        lines.append(f"| {kind} | {came} | {said} | {statistics.median(seconds):.3f} s | {p99:.3f} s |")
    lines.append(f"connections: {asked}")
    return "\n".join(lines)


def _name(parts: tuple[str, str, str]) -> x509.Name:
    kinds = (NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    return x509.Name([x509.NameAttribute(kind, part) for kind, part in zip(kinds, parts, strict=True)])


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def main(arguments: list[str]) -> None:
    """The command line."""
    match arguments:
        case ["documents", folder]:
            Path(folder, "crowd.json").write_text(json.dumps(crowd().as_json()))
        case ["serve", folder]:
            asyncio.run(serve(Path(folder)))
        case ["measure", ("threads" | "tasks") as host]:
            made = crowd()
            with served(made) as origin:
                os.environ["http_proxy"] = origin
                outcomes = measure_threads(made) if host == "threads" else asyncio.run(measure_tasks(made))
                print(told(made, outcomes, figures(origin)), flush=True)
                os._exit(0)  # threads that still wait are not waited for
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
