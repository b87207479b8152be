"""Where a download may go: every address is judged after it was resolved, and connected to as it was judged.

One request is one connection, so nothing that was opened for an address of the learner's own can be used by a
redirect from outside.  This module loads the HTTP library; `studytui.reading.fetch.download` imports it when needed.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any

import httpcore2
import httpx2

from studytui.reading.fetch.body import UnfitError

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
Judge = Callable[[str], bool]

# Tools such as Clash answer every name with an address of the benchmarking range and route it themselves.
_FAKE_IP = ipaddress.ip_network("198.18.0.0/15")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOME_SUFFIXES = (".localhost", ".local", ".lan", ".internal", ".home.arpa")
_HEAD_START = 0.25


class ForbiddenAddressError(UnfitError):
    """Somebody outside tried to lead us to a private address."""


class UnknownHostError(UnfitError):
    """No address belongs to the name."""


class UnusableProxyError(UnfitError):
    """The environment names a proxy of a kind that cannot be used."""


def is_private(address: str) -> bool:
    """Say whether an IP ``address`` is one that nobody on the open internet should point at.

    IPv4 inside IPv6 (mapped, 6to4, NAT64) counts as what it holds.
    """
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inner or ip
    if ip.version == 4 and ip in _FAKE_IP:
        return False
    return ip.is_multicast or not ip.is_global


def is_home_name(host: str) -> bool:
    """Say whether ``host`` by its name alone belongs to this machine or its network."""
    try:
        return is_private(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        pass
    try:
        return is_private(host.strip("[]"))
    except ValueError:
        name = host.rstrip(".").lower()
        return "." not in name or name.endswith(_HOME_SUFFIXES)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of ``host`` in the order to try them (RFC 8305: families take turns).

    A thread for each name keeps one dead name server from holding up the others, and a daemon thread lets the
    program end while it still waits.
    """
    with contextlib.suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Any]] = loop.create_future()

    def settle(found: list[Any], error: Exception | None) -> None:
        if not answer.done():
            answer.set_exception(error) if error else answer.set_result(found)

    def ask() -> None:
        found: list[Any] = []
        error: Exception | None = None
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as problem:
            error = UnknownHostError(str(problem))
        with contextlib.suppress(RuntimeError):  # the loop may be gone by now
            loop.call_soon_threadsafe(settle, found, error)

    threading.Thread(target=ask, daemon=True, name="resolve").start()
    return _take_turns([(row[0], str(row[4][0])) for row in await answer])


def _take_turns(found: Iterable[tuple[int, str]]) -> list[str]:
    families: dict[int, list[str]] = {}
    for family, address in dict.fromkeys(found):
        families.setdefault(family, []).append(address)
    return [address for address in chain(*zip_longest(*families.values())) if address]


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens the socket of one request: resolves, judges, connects to what was judged.

    After connecting, ``reached_private`` tells what kind of address answered.
    """

    def __init__(self, resolver: Resolver, judge: Judge, public_only: bool) -> None:
        self.reached_private = False
        self._resolver = resolver
        self._judge = judge
        self._public_only = public_only
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = list(await self._resolver(host, port))
        if self._public_only:
            addresses = [address for address in addresses if not self._judge(address)]
            if not addresses:
                raise ForbiddenAddressError(host)
        address, stream = await _first_to_connect(self._network, addresses, port)
        self.reached_private = self._judge(address)
        return stream

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ProxyBackend(GuardedBackend):
    """Opens the socket to the learner's own proxy; when that fails, it is the proxy that is named."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            return await super().connect_tcp(host, port, timeout, local_address, socket_options)
        except (httpcore2.ConnectError, UnknownHostError) as error:
            raise UnusableProxyError(f"{host}:{port}") from error


_Connected = tuple[str, httpcore2.AsyncNetworkStream]


async def _first_to_connect(
    network: httpcore2.AsyncNetworkBackend, addresses: Sequence[str], port: int
) -> _Connected:
    """Try ``addresses`` with a quarter of a second between them; the first connection wins (RFC 8305)."""

    async def attempt(address: str) -> _Connected:
        return address, await network.connect_tcp(address, port)

    if len(addresses) == 1:
        return await attempt(addresses[0])
    waiting = list(addresses)
    running: set[asyncio.Task[_Connected]] = set()
    error: BaseException = httpcore2.ConnectError("no address")
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.create_task(attempt(waiting.pop(0))))
            done, _pending = await asyncio.wait(
                running, timeout=_HEAD_START if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                if (failure := task.exception()) is None:
                    running.discard(task)
                    return task.result()
                running.discard(task)
                error = failure
        raise error
    finally:
        await _abandon(running)


async def _abandon(tasks: set[asyncio.Task[_Connected]]) -> None:
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if not isinstance(outcome, BaseException):
            await outcome[1].aclose()


class Guard:
    """Opens one connection a request, directly or through the proxy of the environment.

    ``resolver`` and ``judge`` (is this address private?) are injected so that tests own the network's shape.
    """

    def __init__(
        self, environ: Mapping[str, str], resolver: Resolver = resolve, judge: Judge = is_private
    ) -> None:
        self._environ = environ
        self._resolver = resolver
        self._judge = judge
        self._tls: ssl.SSLContext | None = None
        self._tls_lock = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def get(
        self, url: httpx2.URL, headers: Mapping[str, str], public_only: bool
    ) -> AsyncIterator[tuple[httpcore2.Response, bool]]:
        """Ask for ``url``; yield the answer with its body unread, and whether a private address gave it.

        With ``public_only`` a private address raises ForbiddenAddressError before a byte is sent.
        """
        proxy = proxy_for(url, self._environ)
        tls = await self._context() if url.scheme == "https" else None
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        connection: httpcore2.AsyncHTTPConnection | httpcore2.AsyncHTTPProxy
        if proxy is None:
            backend = GuardedBackend(self._resolver, self._judge, public_only)
            connection = httpcore2.AsyncHTTPConnection(
                target.origin, ssl_context=tls, network_backend=backend
            )
        else:
            # The proxy resolves the name, so the name is all that can be judged here.
            if public_only and is_home_name(url.host):
                raise ForbiddenAddressError(url.host)
            backend = ProxyBackend(self._resolver, self._judge, public_only=False)
            connection = httpcore2.AsyncHTTPProxy(
                str(proxy.url), proxy.raw_auth, ssl_context=tls, network_backend=backend
            )
        async with connection, connection.stream("GET", target, headers=list(headers.items())) as answer:
            yield answer, is_home_name(url.host) if proxy else backend.reached_private

    async def _context(self) -> ssl.SSLContext:
        """Read the certificates once, in a thread: it takes a tenth of a second that a screen would feel."""
        async with self._tls_lock:
            if self._tls is None:
                self._tls = await asyncio.to_thread(httpx2.create_ssl_context)
            return self._tls


def proxy_for(url: httpx2.URL, environ: Mapping[str, str]) -> httpx2.Proxy | None:
    """Return the HTTP proxy that the environment names for ``url``, None for a direct connection.

    http_proxy, https_proxy, all_proxy and no_proxy count in either case, small letters first; this machine
    itself is never asked through a proxy.  Raises UnusableProxyError for SOCKS and for what is no address.
    """

    def setting(name: str) -> str:
        return environ.get(name) or environ.get(name.upper(), "")

    address = setting(f"{url.scheme}_proxy") or setting("all_proxy")
    if not address or _goes_direct(url.host, f"localhost,127.0.0.0/8,::1,{setting('no_proxy')}"):
        return None
    try:
        proxy = httpx2.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx2.InvalidURL) as error:
        raise UnusableProxyError(address) from error
    if proxy.url.scheme not in ("http", "https") or not proxy.url.host or "%" in proxy.url.host:
        raise UnusableProxyError(address)
    return proxy


def _goes_direct(host: str, rules: str) -> bool:
    """Apply a no_proxy list: ``*``, names with everything below them, addresses, networks."""
    for rule in filter(None, (part.strip().lower() for part in rules.split(","))):
        name = rule.removeprefix("*").removeprefix(".")
        if rule == "*" or host == name or (name and host.endswith(f".{name}")):
            return True
        with contextlib.suppress(ValueError):
            if ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False):
                return True
    return False
