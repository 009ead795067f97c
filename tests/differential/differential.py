"""Holds the verifier against OpenSSL and cryptography: python differential.py FOLDER

Reads corpus.json and rust.json of the parity test, asks both two questions of every vector and every mutant, and wants
each disagreement to have a declared reason. Writes differential.md into the folder.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import openssl
import pyca
from documents import Document, documents
from reasons import REASONS, Acceptance, Refusal

Reason = Acceptance | Refusal

CORPORA = ("vectors", "mutants")
SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    """What both say to one question about one document."""

    engine: str
    question: str
    id: str
    corpus: str
    # Our code and their words; nothing where it is accepted.
    ours: str | None
    theirs: str | None
    # Our verdict on the whole document: `verified`, or a code.
    document: str

    @property
    def who_accepts(self) -> str:
        return {
            (True, True): "both accept",
            (False, False): "both refuse",
            (True, False): "we alone accept",
            (False, True): "we alone refuse",
        }[self.ours is None, self.theirs is None]

    def __str__(self) -> str:
        return f"{self.engine}, {self.question}: {self.id}: we say {self.ours}, they say {self.theirs}"


def ask(engine: ModuleType, document: Document) -> list[Verdict]:
    """Both questions, where they can be asked."""
    found = []

    def note(question: str, ours: str | None, theirs: Callable[[Document], str | None]) -> None:
        whole = document.verdict
        found.append(Verdict(engine.NAME, question, document.id, document.corpus, ours, theirs(document), whole))

    # What is no document in any form is a matter of the form alone.
    if document.der is not None:
        note("signature", document.signature_refusal(), engine.signature)
    is_judged, code = document.chain_refusal()
    is_there = is_judged and document.leaf is not None and document.time is not None
    if is_there and engine.can_judge_chain(document):
        note("chain", code, engine.chain)
    return found


def reason(verdict: Verdict) -> Reason | None:
    """The first declared reason that fits a disagreement."""
    return next((it for it in REASONS if it.fits(verdict)), None)


def judged(verdicts: list[Verdict]) -> tuple[list[Verdict], Counter[tuple[Reason, str]]]:
    """The disagreements without a reason, and how many each reason has with each."""
    unexplained, explained = [], Counter[tuple[Reason, str]]()
    for verdict in verdicts:
        if verdict.who_accepts in ("both accept", "both refuse"):
            continue
        found = reason(verdict)
        if found is None:
            unexplained.append(verdict)
        else:
            explained[found, verdict.engine] += 1
    return unexplained, explained


def spared(verdicts: list[Verdict], could: Callable[[Verdict], bool]) -> list[str]:
    """Reasons, and codes of theirs, without a verdict for which they could be needed."""
    among = [it for it in verdicts if could(it)]
    found = []
    for it in REASONS:
        explained = [verdict for verdict in among if it.is_about(verdict)]
        if isinstance(it, Refusal):
            found += [f"{it.question}: {code}" for code in it.codes if all(code != one.ours for one in explained)]
        elif not explained:
            found.append(f"{it.engine}, {it.question}: {it.words}")
    return found


def check_control(verdicts: list[Verdict]) -> int:
    """Made up disagreements of each kind must be seen: what both refuse, accepted by one of us."""
    made_up = []
    for engine in (openssl.NAME, pyca.NAME):
        for question, code in (("signature", "content_signature"), ("chain", "certificate_signature")):
            kind = (engine, question, code, "both refuse")
            refused = next(it for it in verdicts if (it.engine, it.question, it.ours, it.who_accepts) == kind)
            made_up += [replace(refused, ours=None, document="verified"), replace(refused, theirs=None)]
    unexplained, _ = judged(made_up)
    passed = [it for it in made_up if it not in unexplained]
    assert not passed, "the control was not noticed: " + "; ".join(map(str, passed))
    return len(made_up)


def figures(verdicts: list[Verdict], explained: Counter[tuple[Reason, str]], asked: int) -> str:
    """How often these versions agree, and how often each reason is needed, in Markdown."""
    columns = ("both accept", "both refuse", "we alone refuse", "we alone accept")
    whole = "we verify whole, they refuse"
    lines = [f"| against | question | asked of {asked} | {' | '.join(columns)} | {whole} |", "|---" * 8 + "|"]
    for engine in (openssl.NAME, pyca.NAME):
        for question in ("signature", "chain"):
            found = [it for it in verdicts if (it.engine, it.question) == (engine, question)]
            counts = Counter(it.who_accepts for it in found)
            verified = sum(it.document == "verified" and it.theirs is not None for it in found)
            row = [engine, question, len(found), *(counts[column] for column in columns), verified]
            lines.append("| " + " | ".join(map(str, row)) + " |")
    lines.append("")
    for it in REASONS:
        counts = ", ".join(f"{explained[it, engine]} {engine}" for engine in (openssl.NAME, pyca.NAME))
        lines.append(f"{it.question}, {it.who_accepts}: {counts}: {it.why}")
    return "\n".join(lines)


def declared() -> str:
    """The reasons in Markdown: what is kept, since no version of the others has a part in it."""
    lines = ["| question | who | against | why |", "|---" * 4 + "|"]
    for it in REASONS:
        against = "both" if isinstance(it, Refusal) else it.engine
        lines.append(f"| {it.question} | {it.who_accepts} | {against} | {it.why} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    folder = Path(sys.argv[1])
    kept = folder / "differential.md"
    kept.unlink(missing_ok=True)
    given = documents(folder, CORPORA)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(lambda document: ask(openssl, document) + ask(pyca, document), given)
        verdicts = [verdict for found in answers for verdict in found]
    unexplained, explained = judged(verdicts)
    for verdict in unexplained[:SHOWN] if "--all" not in sys.argv else unexplained:
        print(verdict, file=sys.stderr)
    if unexplained:
        print(f"{len(unexplained)} disagreements without a reason", file=sys.stderr)
        return 1
    # A version of the others that agrees more often is no fault; a reason that no version can need is one.
    if stale := spared(verdicts, lambda it: True):
        print("reasons that nothing can need:", *stale, sep="\n", file=sys.stderr)
        return 1
    engines = f"{openssl.version()}, {pyca.version()}"
    noticed = check_control(verdicts)
    print(figures(verdicts, explained, len(given)))
    for it in spared(verdicts, lambda it: it.who_accepts.startswith("we alone")):
        print(f"not needed with these versions: {it}")
    print(f"{engines}: no disagreement without a reason; control: {noticed} made up, all noticed")
    kept.write_text(declared(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
