"""The client, blocking and async: the same calls, driven by one loop each."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, TypeAlias, TypeVar

from azure_imds import _arguments, _exchange, _native, _surroundings, _transport
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

Span: TypeAlias = float | timedelta
"""A span of time: seconds, or a ``timedelta``."""

Events: TypeAlias = str | ScheduledEvent | Iterable[str | ScheduledEvent]
"""Events to approve: a ``ScheduledEvent``, the identifier of one, or several of these."""

_T = TypeVar("_T")
_U32, _U53 = 2**32 - 1, 2**53


class _Base:
    """What both clients are made of."""

    def __init__(
        self,
        base_url: str | None = None,
        *,
        version: str | None = None,
        timeout: Span | None = None,
        attempt_timeout: Span | None = None,
        connect_timeout: Span | None = None,
        max_body: int | None = None,
        retries: int | None = None,
        transport_retries: int | None = None,
        backoff: Span | None = None,
        negotiate: bool = True,
        paced: bool = True,
        provisioning: bool = False,
        cache: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._environment = _arguments.environment(environment)
        self._native = _native.Client(
            endpoint=None if base_url is None else _arguments.text("base_url", base_url),
            environment={
                name: self._environment[name] for name in _native.Client.ENDPOINT_VARIABLES if name in self._environment
            },
            version=None if version is None else _arguments.text("version", version),
            provisioning=_arguments.flag("provisioning", provisioning),
            connect_timeout_ms=_arguments.milliseconds("connect_timeout", connect_timeout),
            attempt_timeout_ms=_arguments.milliseconds("attempt_timeout", attempt_timeout),
            deadline_ms=_arguments.milliseconds("timeout", timeout),
            max_body=_arguments.count("max_body", max_body, _U53),
            retries=_arguments.count("retries", retries, _U32),
            transport_retries=_arguments.count("transport_retries", transport_retries, _U32),
            backoff_ms=_arguments.milliseconds("backoff", backoff),
            jitter=int.from_bytes(os.urandom(8), "big"),
            negotiates=_arguments.flag("negotiate", negotiate),
            paced=_arguments.flag("paced", paced),
            remembers=_arguments.flag("cache", cache),
        )

    @property
    def base_url(self) -> str:
        """The address asked, up to ``/metadata``."""
        return self._native.endpoint

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.base_url}>"

    def _watch(self, interval: object) -> _native.Observation:
        return self._native.watch_events(_arguments.milliseconds("interval", interval))

    def _attested_document(self, nonce: object) -> _native.Call[AttestedDocument]:
        return self._native.attested_document(None if nonce is None else _arguments.text("nonce", nonce))

    def _token(
        self, resource: object, client_id: object, object_id: object, resource_id: object, bypass_cache: object
    ) -> _native.Call[AccessToken]:
        return self._native.token(
            _arguments.text("resource", resource),
            client_id=None if client_id is None else _arguments.text("client_id", client_id),
            object_id=None if object_id is None else _arguments.text("object_id", object_id),
            resource_id=None if resource_id is None else _arguments.text("resource_id", resource_id),
            bypass_cache=_arguments.flag("bypass_cache", bypass_cache),
        )


class Client(_Base):
    """Asks the Instance Metadata Service of this VM. To be shared between threads.

    Make one and keep it: it remembers which api-version the service accepts, keeps its calls within what the service
    allows a VM, and asks only once for what stays the same while the machine runs.

    A call raises ``TransportError`` if the service can't be reached and ``ServiceError`` if its answer is of no use,
    after it has tried again as long as that makes sense; ``error.attempts`` tells what was tried. It raises
    ``UsageError``, before anything is sent, if what was asked makes no sense.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        version: str | None = None,
        timeout: Span | None = None,
        attempt_timeout: Span | None = None,
        connect_timeout: Span | None = None,
        max_body: int | None = None,
        retries: int | None = None,
        transport_retries: int | None = None,
        backoff: Span | None = None,
        negotiate: bool = True,
        paced: bool = True,
        provisioning: bool = False,
        cache: bool = True,
        environment: Mapping[str, str] | None = None,
        transport: _transport.Transport | None = None,
    ) -> None:
        """Fixes the address and the policy. Nothing is sent.

        Args:
            base_url: The address of the service, ``http://host[:port][/prefix]``. Unless given: that of
                ``AZURE_IMDS_ENDPOINT``; for tokens that of ``AZURE_POD_IDENTITY_AUTHORITY_HOST``; else
                ``http://169.254.169.254``.
            version: The api-version to ask for, wherever it exists; the newest documented one unless given.
            timeout: Seconds for a whole call with all its attempts: 90 unless given, for scheduled events 200.
            attempt_timeout: Seconds for one attempt: 5 unless given, for a token 15, for scheduled events 125.
            connect_timeout: Seconds for connecting: 2 unless given.
            max_body: Bytes of an answer: 1 MiB unless given.
            retries: Attempts after the first when the service is throttling or in trouble: 4 unless given.
            transport_retries: Attempts after the first when the service can't be reached: 2 unless given.
            backoff: Seconds of the first wait, doubled each time up to a minute: 1 unless given.
            negotiate: Whether to ask for another version when the service refuses one.
            paced: Whether to keep the calls of this client within what the service allows a VM: five a second.
            provisioning: For programs that run while the VM is being set up: tries for 20 minutes.
            cache: Whether ``get`` and ``text`` ask only once for a field that stays the same while the machine runs,
                such as ``compute/vmId``. ``explain(name)`` tells which do: ``Field.fixed``.
            environment: Environment variables to read instead of those of this process.
            transport: What carries requests instead of the standard library's ``http.client``.

        Raises:
            UsageError: ``argument_type``, ``argument_value``, ``endpoint_malformed``, ``version_malformed``.
        """
        super().__init__(
            base_url,
            version=version,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            connect_timeout=connect_timeout,
            max_body=max_body,
            retries=retries,
            transport_retries=transport_retries,
            backoff=backoff,
            negotiate=negotiate,
            paced=paced,
            provisioning=provisioning,
            cache=cache,
            environment=environment,
        )
        self._transport: _transport.Transport = _transport.carry if transport is None else transport

    def instance(self, *, extended: bool = False) -> Instance:
        """Everything about the instance.

        Args:
            extended: Ask for what provisioning agents need as well. Fails where the plain call would answer in part,
                while the service is not ready.
        """
        return self._run(self._native.instance(_arguments.flag("extended", extended)))

    def get(self, path: str, /) -> Any:
        """The value at a path below the instance, as plain values: dict, list, or str for a single value.

        Args:
            path: Keys and indexes from zero: ``compute/vmId``, ``network/interface/0/macAddress``.

        Raises:
            ServiceError: ``path_not_found`` if there is no such path in the answer.
            UsageError: ``path_malformed``.
        """
        return self._run(self._native.get(_arguments.text("path", path)))

    def text(self, path: str, /) -> str:
        """The text at a path below the instance: of a single value itself, of anything else a listing of its keys.

        Raises:
            ServiceError: ``path_not_found`` if there is no such path in the answer.
            UsageError: ``path_malformed``.
        """
        return self._run(self._native.text(_arguments.text("path", path)))

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
        return self._run(self._attested_document(nonce))

    def token(
        self,
        resource: str,
        /,
        *,
        client_id: str | None = None,
        object_id: str | None = None,
        resource_id: str | None = None,
        bypass_cache: bool = False,
    ) -> AccessToken:
        """A token of one of the VM's managed identities: the system-assigned one, or the only one, unless one is named.

        The service keeps tokens and gives the same one again; this client keeps none.

        Args:
            resource: The App ID URI of what the token is shown to, as in ``https://management.azure.com/``; a slash at
                its end matters.
            client_id: The identity by its client ID. At most one of the three.
            object_id: The identity by its object ID.
            resource_id: The identity by its resource ID, ``/subscriptions/...``.
            bypass_cache: Have a new token made instead of the one that the service keeps.

        Raises:
            ServiceError: ``identity_not_found``, ``identity_ambiguous``.
            UsageError: ``resource_malformed``, ``selector_malformed``, ``selector_ambiguous``.
        """
        return self._run(self._token(resource, client_id, object_id, resource_id, bypass_cache))

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
        self._run(self._native.approve(_arguments.event_ids(events)))

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
        return self._run(self._native.diagnose(_surroundings.gather(self._environment)))

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

    def __init__(
        self,
        base_url: str | None = None,
        *,
        version: str | None = None,
        timeout: Span | None = None,
        attempt_timeout: Span | None = None,
        connect_timeout: Span | None = None,
        max_body: int | None = None,
        retries: int | None = None,
        transport_retries: int | None = None,
        backoff: Span | None = None,
        negotiate: bool = True,
        paced: bool = True,
        provisioning: bool = False,
        cache: bool = True,
        environment: Mapping[str, str] | None = None,
        transport: _transport.AsyncTransport | None = None,
    ) -> None:
        """Fixes the address and the policy: see ``Client``. Nothing is sent."""
        super().__init__(
            base_url,
            version=version,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            connect_timeout=connect_timeout,
            max_body=max_body,
            retries=retries,
            transport_retries=transport_retries,
            backoff=backoff,
            negotiate=negotiate,
            paced=paced,
            provisioning=provisioning,
            cache=cache,
            environment=environment,
        )
        self._transport: _transport.AsyncTransport = _transport.carry_async if transport is None else transport

    async def instance(self, *, extended: bool = False) -> Instance:
        """Everything about the instance: see ``Client.instance``."""
        return await self._run(self._native.instance(_arguments.flag("extended", extended)))

    async def get(self, path: str, /) -> Any:
        """The value at a path below the instance: see ``Client.get``."""
        return await self._run(self._native.get(_arguments.text("path", path)))

    async def text(self, path: str, /) -> str:
        """The text at a path below the instance: see ``Client.text``."""
        return await self._run(self._native.text(_arguments.text("path", path)))

    async def tags(self) -> Tags:
        """The tags of the VM."""
        return await self._run(self._native.tags())

    async def attested_document(self, *, nonce: str | None = None) -> AttestedDocument:
        """A signed document, for a ``Verifier`` elsewhere to check: see ``Client.attested_document``."""
        return await self._run(self._attested_document(nonce))

    async def token(
        self,
        resource: str,
        /,
        *,
        client_id: str | None = None,
        object_id: str | None = None,
        resource_id: str | None = None,
        bypass_cache: bool = False,
    ) -> AccessToken:
        """A token of one of the VM's managed identities: see ``Client.token``."""
        return await self._run(self._token(resource, client_id, object_id, resource_id, bypass_cache))

    async def identity_info(self) -> IdentityInfo:
        """The tenant of the VM's managed identities."""
        return await self._run(self._native.identity_info())

    async def scheduled_events(self) -> ScheduledEvents:
        """The maintenance to come. The first reading ever may take two minutes."""
        return await self._run(self._native.scheduled_events())

    async def approve(self, events: Events, /) -> None:
        """Approves events: see ``Client.approve``."""
        await self._run(self._native.approve(_arguments.event_ids(events)))

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
        return await self._run(self._native.diagnose(surroundings))

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
