"""The client, blocking and async: the same calls, driven by one loop each."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeAlias, TypeVar

from azure_imds import _arguments, _exchange, _native, _surroundings, _transport
from azure_imds._arguments import Span
from azure_imds._options import ClientOptions, TokenOptions, Unpack, takes
from azure_imds.records import (
    AccessToken,
    AttestedDocument,
    Availability,
    Diagnosis,
    IdentityInfo,
    Instance,
    LoadBalancer,
    ScheduledEvent,
    ScheduledEvents,
    Tags,
    Versions,
)

Events: TypeAlias = str | ScheduledEvent | Iterable[str | ScheduledEvent]
"""Events to approve: a ``ScheduledEvent``, the identifier of one, or several of these."""

_T = TypeVar("_T")


class _Base:
    """What both clients are made of."""

    def __init__(self, base_url: str | None, options: ClientOptions) -> None:
        given: dict[str, object] = {**options, "base_url": base_url}
        variables = options.get("environment")
        if variables is None:
            variables = os.environ
        if isinstance(variables, Mapping):
            # Others than these may hold anything.
            given["environment"] = _named(_native.Client.ENDPOINT_VARIABLES, variables)
        self._native = _native.Client(given, int.from_bytes(os.urandom(8), "big"))
        self._environment = variables

    @property
    def base_url(self) -> str:
        """The address asked, up to ``/metadata``."""
        return self._native.endpoint

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.base_url}>"

    def _watch(self, interval: object) -> _native.Observation:
        return self._native.watch_events(_arguments.milliseconds("interval", interval))


def _named(names: Iterable[str], variables: Mapping[str, str]) -> dict[str, str]:
    return {name: variables[name] for name in names if name in variables}


class Client(_Base):
    """Asks the Instance Metadata Service of this VM. To be shared between threads.

    Make one and keep it: it remembers which api-version the service accepts, keeps its calls within what the service
    allows a VM, and asks only once for what stays the same while the machine runs.

    A call raises ``TransportError`` if the service can't be reached and ``ServiceError`` if its answer is of no use,
    after it has tried again as long as that makes sense; ``error.attempts`` tells what was tried. It raises
    ``UsageError``, before anything is sent, if what was asked makes no sense.
    """

    @takes(ClientOptions)
    def __init__(
        self,
        base_url: str | None = None,
        *,
        transport: _transport.Transport | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        """Fixes the address and the policy. Nothing is sent.

        Args:
            base_url: The address of the service, ``http://host[:port][/prefix]``. Unless given: that of
                ``AZURE_IMDS_ENDPOINT``; for tokens that of ``AZURE_POD_IDENTITY_AUTHORITY_HOST``; else
                ``http://169.254.169.254``.
            transport: What carries requests instead of the standard library's ``http.client``.
            options: The policy: see ``ClientOptions``.

        Raises:
            UsageError: ``argument_type``, ``argument_value``, ``endpoint_malformed``, ``version_malformed``.
        """
        super().__init__(base_url, options)
        self._transport: _transport.Transport = _transport.carry if transport is None else transport

    def instance(self, *, extended: bool = False) -> Instance:
        """Everything about the instance.

        Args:
            extended: Ask for what provisioning agents need as well. Fails where the plain call would answer in part,
                while the service is not ready.
        """
        return self._run(self._native.instance(extended))

    def get(self, path: str, /) -> Any:
        """The value at a path below the instance, as plain values: dict, list, or str for a single value.

        Args:
            path: Keys and indexes from zero: ``compute/vmId``, ``network/interface/0/macAddress``.

        Raises:
            ServiceError: ``path_not_found`` if there is no such path in the answer.
            UsageError: ``path_malformed``.
        """
        return self._run(self._native.get(path))

    def text(self, path: str, /) -> str:
        """The text at a path below the instance: of a single value itself, of anything else a listing of its keys.

        Raises:
            ServiceError: ``path_not_found`` if there is no such path in the answer.
            UsageError: ``path_malformed``.
        """
        return self._run(self._native.text(path))

    def tags(self) -> Tags:
        """The tags of the VM."""
        return self._run(self._native.tags())

    def attested_document(self, *, nonce: str | None = None) -> AttestedDocument:
        """A signed document, for a ``Verifier`` elsewhere to check.

        The service caches. A document with another nonce is asked for again until the time is over.

        Args:
            nonce: What the document is to hold: 32 random letters and digits of the verifying party, as
                ``secrets.token_hex(16)`` makes them; the service takes at most 32 printable characters of ASCII.
                Without one it puts a time there.

        Raises:
            ServiceError: ``nonce_stale`` if the service keeps giving a document with another nonce.
            UsageError: ``nonce_empty``, ``nonce_too_long``, ``nonce_malformed``.
        """
        return self._run(self._native.attested_document(nonce))

    @takes(TokenOptions)
    def token(self, resource: str, /, **options: Unpack[TokenOptions]) -> AccessToken:
        """A token of one of the VM's managed identities: the system-assigned one, or the only one, unless one is named.

        The service keeps tokens and gives the same one again; this client keeps none.

        Args:
            resource: The App ID URI of what the token is shown to, as in ``https://management.azure.com/``; a slash at
                its end matters.
            options: Which identity, and whether to bypass the service's cache: see ``TokenOptions``.

        Raises:
            ServiceError: ``identity_not_found``, ``identity_ambiguous``.
            UsageError: ``resource_malformed``, ``selector_malformed``, ``selector_ambiguous``.
        """
        return self._run(self._native.token(resource, options))

    def identity_info(self) -> IdentityInfo:
        """The tenant of the VM's managed identities."""
        return self._run(self._native.identity_info())

    def scheduled_events(self) -> ScheduledEvents:
        """The maintenance to come. The first reading ever may take two minutes."""
        return self._run(self._native.scheduled_events())

    def approve(self, events: Events, /) -> None:
        """Approves events, so that they start without waiting for their time; for all the VMs that they concern.

        Tried again only where the service has certainly not acted on the request.

        Raises:
            UsageError: ``event_id_malformed``, also if none is given.
        """
        self._run(self._native.approve(events))

    def watch_events(self, *, interval: Span = 1.0) -> Iterator[ScheduledEvents]:
        """Gives the scheduled events now, and again whenever they have changed. Never ends by itself.

        An error of a call is raised and does not end the watch: ask for the next value to go on.

        Args:
            interval: Seconds from one reading to the next.
        """
        return _Watch(self, self._watch(interval))

    def load_balancer(self) -> LoadBalancer:
        """The load balancer and the public addresses.

        Raises:
            ServiceError: ``load_balancer_absent``: most VMs have none.
        """
        return self._run(self._native.load_balancer())

    def versions(self) -> Versions:
        """The versions that the service names, which need not be all that it accepts."""
        return self._run(self._native.versions())

    def is_available(self) -> bool:
        """Whether the service is there, within a second. Never raises for an absent one, and is never remembered."""
        return self.availability().is_available

    def availability(self) -> Availability:
        """The same, with the reason and the name of what answers."""
        return self._run(self._native.availability())

    def diagnose(self) -> Diagnosis:
        """Examines why the service can't be reached, or whether all is well. Takes a few seconds at most.

        Looks at the proxy variables, the routes and the firmware's name of this machine, and asks the service twice.
        """
        return self._run(self._native.diagnose(*_surroundings.gather(self._environment)))

    def close(self) -> None:
        """Closes the transport, if it has ``close``. The standard one keeps nothing open."""
        close = getattr(self._transport, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, call: _native.Call[_T]) -> _T:
        try:
            return _exchange.run(call, self._transport)
        finally:
            call.abandon()


class AsyncClient(_Base):
    """The same, awaitable. The loop runs on while a request is out; a cancelled call leaves nothing behind."""

    @takes(ClientOptions)
    def __init__(
        self,
        base_url: str | None = None,
        *,
        transport: _transport.AsyncTransport | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        """Fixes the address and the policy: see ``Client``. Nothing is sent."""
        super().__init__(base_url, options)
        self._transport: _transport.AsyncTransport = _transport.carry_async if transport is None else transport

    async def instance(self, *, extended: bool = False) -> Instance:
        """Everything about the instance: see ``Client.instance``."""
        return await self._run(self._native.instance(extended))

    async def get(self, path: str, /) -> Any:
        """The value at a path below the instance: see ``Client.get``."""
        return await self._run(self._native.get(path))

    async def text(self, path: str, /) -> str:
        """The text at a path below the instance: see ``Client.text``."""
        return await self._run(self._native.text(path))

    async def tags(self) -> Tags:
        """The tags of the VM."""
        return await self._run(self._native.tags())

    async def attested_document(self, *, nonce: str | None = None) -> AttestedDocument:
        """A signed document, for a ``Verifier`` elsewhere to check: see ``Client.attested_document``."""
        return await self._run(self._native.attested_document(nonce))

    @takes(TokenOptions)
    async def token(self, resource: str, /, **options: Unpack[TokenOptions]) -> AccessToken:
        """A token of one of the VM's managed identities: see ``Client.token``."""
        return await self._run(self._native.token(resource, options))

    async def identity_info(self) -> IdentityInfo:
        """The tenant of the VM's managed identities."""
        return await self._run(self._native.identity_info())

    async def scheduled_events(self) -> ScheduledEvents:
        """The maintenance to come. The first reading ever may take two minutes."""
        return await self._run(self._native.scheduled_events())

    async def approve(self, events: Events, /) -> None:
        """Approves events: see ``Client.approve``."""
        await self._run(self._native.approve(events))

    def watch_events(self, *, interval: Span = 1.0) -> AsyncIterator[ScheduledEvents]:
        """Gives the scheduled events now, and again whenever they have changed: see ``Client.watch_events``."""
        return _AsyncWatch(self, self._watch(interval))

    async def load_balancer(self) -> LoadBalancer:
        """The load balancer and the public addresses: see ``Client.load_balancer``."""
        return await self._run(self._native.load_balancer())

    async def versions(self) -> Versions:
        """The versions that the service names, which need not be all that it accepts."""
        return await self._run(self._native.versions())

    async def is_available(self) -> bool:
        """Whether the service is there, within a second: see ``Client.is_available``."""
        return (await self.availability()).is_available

    async def availability(self) -> Availability:
        """The same, with the reason and the name of what answers."""
        return await self._run(self._native.availability())

    async def diagnose(self) -> Diagnosis:
        """Examines why the service can't be reached, or whether all is well: see ``Client.diagnose``."""
        surroundings = await asyncio.to_thread(_surroundings.gather, self._environment)
        return await self._run(self._native.diagnose(*surroundings))

    async def close(self) -> None:
        """Closes the transport, if it has ``close``. The standard one keeps nothing open."""
        close = getattr(self._transport, "close", None)
        if close is not None:
            closing = close()
            if inspect.isawaitable(closing):
                await closing

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def _run(self, call: _native.Call[_T]) -> _T:
        try:
            return await _exchange.run_async(call, self._transport)
        finally:
            call.abandon()


class _Watch(Iterator[ScheduledEvents]):
    def __init__(self, client: Client, watch: _native.Observation) -> None:
        self._client = client
        self._watch = watch
        self._turn = threading.Lock()

    def __next__(self) -> ScheduledEvents:
        with self._turn:
            return self._client._run(self._watch.next())


class _AsyncWatch(AsyncIterator[ScheduledEvents]):
    def __init__(self, client: AsyncClient, watch: _native.Observation) -> None:
        self._client = client
        self._watch = watch
        self._turn = asyncio.Lock()

    async def __anext__(self) -> ScheduledEvents:
        async with self._turn:
            return await self._client._run(self._watch.next())
