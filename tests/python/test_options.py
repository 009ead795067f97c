"""Options are listed once, shown to people by their names, and nothing else is taken for one."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

import azure_imds
import mint
import pytest
from azure_imds import (
    AsyncClient,
    AsyncVerifier,
    Client,
    ClientOptions,
    Expected,
    TokenOptions,
    UsageError,
    Verifier,
    VerifierOptions,
    emulator,
)
from azure_imds.emulator import Emulator, EmulatorOptions
from typing_extensions import Unpack

TAKES: list[tuple[Callable[..., Any], type, list[str]]] = [
    (Verifier.verify, Expected, ["self", "document", "nonce"]),
    (Verifier.explain, Expected, ["self", "document", "nonce"]),
    (AsyncVerifier.verify, Expected, ["self", "document", "nonce"]),
    (AsyncVerifier.explain, Expected, ["self", "document", "nonce"]),
    (Verifier, VerifierOptions, []),
    (AsyncVerifier, VerifierOptions, []),
    (Client.token, TokenOptions, ["self", "resource"]),
    (AsyncClient.token, TokenOptions, ["self", "resource"]),
    (Client, ClientOptions, ["base_url", "transport"]),
    (AsyncClient, ClientOptions, ["base_url", "transport"]),
    (Emulator, EmulatorOptions, ["machine", "origin", "sibling"]),
    (emulator.serving, EmulatorOptions, ["machine", "host", "port"]),
]


@pytest.mark.parametrize(("function", "options", "others"), TAKES, ids=lambda it: getattr(it, "__qualname__", None))
def test_people_are_shown_the_options_by_name(function: Callable[..., Any], options: type, others: list[str]) -> None:
    signature = inspect.signature(function)
    assert list(signature.parameters) == [*others, *options.__annotations__]
    for name in options.__annotations__:
        shown = signature.parameters[name]
        assert shown.kind is shown.KEYWORD_ONLY
        assert str(shown) == f"{name}: {shown.annotation!r} = ..." and str(shown) in str(signature)
    if "nonce" in others:
        assert signature.parameters["nonce"].default is inspect.Parameter.empty


@pytest.mark.parametrize("options", [Expected, ClientOptions, EmulatorOptions, TokenOptions, VerifierOptions])
def test_none_of_the_options_is_required_and_each_has_a_type(options: type) -> None:
    assert options.__dict__["__required_keys__"] == frozenset()
    assert typing.get_type_hints(options).keys() == options.__dict__["__optional_keys__"] == {*options.__annotations__}


def verifying(kind: type) -> Callable[..., Any]:
    verifier: Any = kind(anchors=mint.root().der, fetch=False)

    def verify(**options: Any) -> None:
        running = verifier.verify("", nonce=mint.NONCE, **options)
        if inspect.isawaitable(running):
            running.__await__().__next__()

    return verify


@pytest.mark.parametrize(
    ("function", "listed"),
    [
        (verifying(Verifier), ["nonce", *Expected.__annotations__]),
        (verifying(AsyncVerifier), ["nonce", *Expected.__annotations__]),
        (Verifier, list(VerifierOptions.__annotations__)),
        (AsyncVerifier, list(VerifierOptions.__annotations__)),
        (Client(environment={}).token, list(TokenOptions.__annotations__)),
        (Client, ["base_url", "transport", *ClientOptions.__annotations__]),
        (AsyncClient, ["base_url", "transport", *ClientOptions.__annotations__]),
        (Emulator, ["machine", "origin", "sibling", *EmulatorOptions.__annotations__]),
    ],
    ids=["verify", "verify_async", "Verifier", "AsyncVerifier", "token", "Client", "AsyncClient", "Emulator"],
)
@pytest.mark.parametrize(("name", "shown"), [("max_agee", "max_agee"), ("NOW", "NOW"), ("\x1b[31m", "\\u{1b}[31m")])
def test_what_is_not_an_option_is_refused_with_those_there_are(
    function: Callable[..., Any], listed: list[str], name: str, shown: str
) -> None:
    with pytest.raises(UsageError) as caught:
        function(*["r"] * ("client_id" in listed), **{name: 7})
    assert caught.value.code == "argument_value"
    said, names = str(caught.value).split("; give only ")
    assert said.endswith(f' "{shown}"') and sorted(names.split(", ")) == sorted(listed)


def recent(document: str, **options: Unpack[Expected]) -> azure_imds.VerifiedDocument:
    """What a caller writes around ``verify``: checkers hold its options to their types."""
    options.setdefault("max_age", 600)
    verifier = Verifier(anchors=mint.root().der, issuers=mint.issuing().der, fetch=False)
    return verifier.verify(document, nonce=mint.NONCE, **options)


def test_a_function_of_the_callers_hands_options_on() -> None:
    document = mint.signer().document()
    assert recent(document, clouds=["public"], skew=0).vm_id == mint.VM_ID
    with pytest.raises(UsageError, match="vmid"):
        recent(document, vmid="x")  # type: ignore[call-arg]
    with pytest.raises(UsageError, match="skew"):
        recent(document, skew="x")  # type: ignore[arg-type]


def test_hints_can_be_read_at_run_time() -> None:
    for function in (Verifier.verify, Client.__init__, Emulator.__init__, azure_imds.AsyncVerifier.explain):
        assert "options" in typing.get_type_hints(function)
