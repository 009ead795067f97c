"""What OpenSSL's commands say of a document."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from asn1crypto import pem
from documents import Document

NAME = "OpenSSL"


def signature(document: Document) -> str | None:
    """Why the content is not what the signer's key signed; nothing if it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.der"
        path.write_bytes(document.der or b"")
        return _run("cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", path, "-out", "/dev/null")


def chain(document: Document) -> str | None:
    """Why no path leads from the signer's certificate to an anchor; nothing if one does."""
    with tempfile.TemporaryDirectory() as folder:
        anchors, untrusted, leaf = (Path(folder) / name for name in ("anchors.pem", "untrusted.pem", "leaf.pem"))
        anchors.write_bytes(_pem(document.anchors))
        untrusted.write_bytes(_pem(document.issuers + document.certificates))
        leaf.write_bytes(_pem((document.leaf or b"",)))
        # Anchors need not be roots here either, and what RFC 5280 asks for is asked for.
        strictly = ("-partial_chain", "-x509_strict", "-purpose", "sslserver", "-attime", str(document.time))
        trust = ("-no-CApath", "-no-CAstore", "-CAfile", anchors, "-untrusted", untrusted)
        return _run("verify", *strictly, *trust, leaf)


def can_judge_chain(_document: Document) -> bool:
    """It can always be asked."""
    return True


def version() -> str:
    """Its name and number."""
    return subprocess.run(["openssl", "version"], check=True, capture_output=True, text=True).stdout.split(" (")[0]


def _run(*arguments: str | Path) -> str | None:
    done = subprocess.run(["openssl", *arguments], check=False, capture_output=True)
    if done.returncode == 0:
        return None
    lines = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
    # Errors of the library are "number:error:code:library:function:reason:file:line:more"; those of `verify` are words.
    told = [line.split(":")[5] if line.count(":error:") else line for line in lines]
    wanted = [
        it for it in told if it.startswith("error ") or not it.startswith(("Verification", "CMS Verif", "C ", "C="))
    ]
    return "; ".join(wanted) or "refused"


def _pem(certificates: tuple[bytes, ...]) -> bytes:
    return b"".join(pem.armor("CERTIFICATE", der) for der in certificates)
