"""One request for a feed: bounded in bytes, time and redirects, whatever the server sends."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ...errors import InputError
from ...version import VERSION
from .address import Address, is_link_local, is_public, redirected
from .model import Turn, WatchLimits

_STEP = 0.5  # seconds that a read waits before it looks whether to go on
_PIECE = 1 << 16  # bytes that are read together
_SPARE = 1 << 20  # bytes of headers, and of what stands between the parts of a body
_REDIRECTS = 301, 302, 303, 307, 308
_HEADERS = {
    "User-Agent": f"bulletin-dedup/{VERSION} (reads feeds)",
    "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


def resolve_host(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, the best first. Raises `OSError`."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def dial_ip(ip: str, port: int, timeout: float) -> socket.socket:
    """Return a connection to an IP address. Raises `OSError`."""
    return socket.create_connection((ip, port), timeout)


@dataclass(frozen=True, slots=True)
class Network:
    """How names are looked up, and connections are made."""

    resolve: Callable[[str, int], list[str]] = resolve_host
    dial: Callable[[str, int, float], socket.socket] = dial_ip
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to a request: its status, its headers by their names in lower case, and its body, unpacked; empty unless it is 200."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class FetchError(Exception):
    """A request that brought no answer that can be used; the message says why, in a few words."""


class _Stopped(Exception):
    """The server is ending."""


class _Wire(io.RawIOBase):
    """The bytes that a server sends, within limits."""

    def __init__(self, sock: socket.socket, check: Callable[[], None], limits: WatchLimits):
        self._sock, self._check, self._limits, self._count = sock, check, limits, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        waited = 0.0
        while True:
            self._check()
            self._sock.settimeout(_STEP)
            try:
                count = self._sock.recv_into(buffer)
                break
            except TimeoutError:
                waited += _STEP
                if waited >= self._limits.idle:
                    raise FetchError(f"nothing came for {self._limits.idle:g} seconds") from None
        self._count += count
        if self._count > self._limits.feed + _SPARE:
            raise FetchError(f"more than {self._limits.feed:,} bytes")
        return count


class _Socket:
    """What `http.client` needs of a socket."""

    def __init__(self, sock: socket.socket, wire: _Wire):
        self._wire, self.sendall = wire, sock.sendall

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._wire)

    def close(self) -> None:
        """Leave it open: a body may be yet to come."""


def fetch(address: Address, headers: Mapping[str, str], limits: WatchLimits, turn: Turn, network: Network | None = None) -> Fetched:
    """Return what a server answers to a request for a feed.

    A redirect is followed to any server of the open network; to one of a private network only where the address itself is of one, and to
    none that is not encrypted where the address is. Connections are made to the IP address that was checked. Raises `FetchError`.
    """
    network = network or Network()
    end = turn.now() + limits.seconds

    def check() -> None:
        if turn.stopped():
            raise _Stopped
        if turn.now() >= end:
            raise FetchError(f"it took longer than {limits.seconds:g} seconds")

    named: list[str] = []  # the IP addresses of what the user named
    try:
        for _ in range(limits.redirects + 1):
            check()
            ips = network.resolve(address.host, address.port)
            if named:
                _refuse_private(ips, named)
            named = named or ips
            with turn.alone(address.host):
                found = _ask(address, ips, headers, limits, check, network)
            if found.status not in _REDIRECTS:
                return found
            address = redirected(address, found.headers.get("location", ""))
    except _Stopped:
        raise FetchError("the server is ending") from None
    except InputError as error:
        raise FetchError(error.what) from error
    except ssl.SSLCertVerificationError as error:
        raise FetchError(f"its certificate does not hold ({error.verify_message})") from error
    except TimeoutError as error:
        raise FetchError("no connection in time") from error
    except (OSError, UnicodeError) as error:
        raise FetchError(f"no connection ({getattr(error, 'strerror', None) or type(error).__name__})") from error
    except http.client.IncompleteRead as error:
        raise FetchError("it was cut off") from error
    except (http.client.HTTPException, ValueError) as error:
        raise FetchError(f"no answer of HTTP ({type(error).__name__})") from error
    raise FetchError(f"more than {limits.redirects} redirects")


def _refuse_private(ips: list[str], named: list[str]) -> None:
    """Raise `InputError` for a redirect from what the user named to a machine that only this network can reach."""
    if any(is_link_local(ip) for ip in ips) and not any(is_link_local(ip) for ip in named):
        raise InputError("a redirect to a machine of this network")
    if any(is_public(ip) for ip in named) and not all(is_public(ip) for ip in ips):
        raise InputError("a redirect to a machine of a private network")


def _connected(ips: list[str], port: int, limits: WatchLimits, check: Callable[[], None], network: Network) -> socket.socket:
    failed: OSError | None = None
    for ip in dict.fromkeys(ips):
        check()
        try:
            return network.dial(ip, port, limits.idle)
        except OSError as error:
            failed = error
    raise failed or OSError("no address")


def _ask(
    address: Address, ips: list[str], headers: Mapping[str, str], limits: WatchLimits, check: Callable[[], None], network: Network
) -> Fetched:
    """Return the answer of one server. What its reading raises comes out as it is."""
    sock = _connected(ips, address.port, limits, check, network)
    try:
        if address.scheme == "https":
            sock = network.context().wrap_socket(sock, server_hostname=address.host)
        asked = http.client.HTTPConnection(address.host, address.port)
        asked.sock = cast(socket.socket, _Socket(sock, _Wire(sock, check, limits)))
        sent = {"Host": address.host_header, **_HEADERS, **headers}
        if address.authorization is not None:
            sent["Authorization"] = address.authorization
        asked.putrequest("GET", address.target, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            asked.putheader(name, value)
        asked.endheaders()
        answer = asked.getresponse()
        found = {name.lower(): value.strip() for name, value in reversed(answer.getheaders())}  # of two with one name the first
        body = _body(answer, found.get("content-encoding", ""), limits.feed) if answer.status == 200 else b""
        return Fetched(answer.status, found, body)
    finally:
        sock.close()


def _body(answer: http.client.HTTPResponse, coding: str, most: int) -> bytes:
    """Return the whole body of an answer, unpacked. Raises `FetchError` for one that is too large or was cut off."""
    coding = coding.strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError("a compression that was not asked for")
    inflater = zlib.decompressobj(31) if coding.endswith("gzip") else None
    body = bytearray()
    while piece := answer.read(_PIECE):
        for part in (piece,) if inflater is None else _inflated(inflater, piece):
            body += part
            if len(body) > most:
                raise FetchError(f"more than {most:,} bytes")
    if answer.length or (inflater is not None and not inflater.eof and body):
        raise FetchError("it was cut off")
    return bytes(body)


def _inflated(inflater: Any, piece: bytes) -> Iterator[bytes]:
    """Yield the inflated bytes of a piece, never many at once."""
    try:
        while part := inflater.decompress(piece, _PIECE):
            yield part
            piece = inflater.unconsumed_tail  # none, but perhaps more to come of what was taken
    except zlib.error as error:
        raise FetchError("its compression is damaged") from error
