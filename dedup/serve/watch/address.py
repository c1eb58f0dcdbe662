"""Addresses of feeds: what may be asked for, what is shown of them, and which machines are out of bounds for a redirect."""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from ...errors import InputError
from .model import printable, short_digest

_PORTS = {"http": 80, "https": 443}
_KEPT = "%/:=&?~+!$,;'@()*[]"
_LONGEST = 4000  # characters
_NAT64 = ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.ip_network("::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """An address of HTTP. ``target`` is its path and query as they are sent, ``authorization`` what names its user, None without one."""

    scheme: str
    host: str
    port: int
    target: str
    authorization: str | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Its scheme, its host and its port."""
        return self.scheme, self.host, self.port

    @property
    def host_header(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """The address without user and query, which may hold secrets; a few digits stand for a query."""
        path, mark, query = self.target.partition("?")
        return printable(f"{self.scheme}://{self.host_header}{unquote(path)}{f'?({short_digest(query)[:4]})' if mark else ''}")


def is_address(text: str) -> bool:
    """Tell whether a text is an address, and no path.

    >>> is_address("https://news.example/feed"), is_address("feeds/news.xml")
    (True, False)
    """
    return "://" in text


def parse_address(text: str) -> Address:
    """Return an address that a user has named. Raises `InputError` for one that is not of HTTP.

    >>> parse_address("http://me:x@News.example:80/a b?key=1").shown
    'http://news.example/a b?(ce08)'
    """
    try:
        if len(text) > _LONGEST or any(not char.isprintable() for char in text):
            raise ValueError("it is too long, or has characters that no address has")
        parts = urlsplit(text)
        if parts.scheme not in _PORTS:
            raise ValueError("only http and https are read")
        host = (parts.hostname or "").rstrip(".")
        if not host:
            raise ValueError("it has no host")
        if ":" not in host:
            host = host.encode("idna").decode("ascii")
        port = parts.port or _PORTS[parts.scheme]
    except ValueError as error:  # also one that cannot be encoded
        what = "it has no port, or a host that is none" if isinstance(error, UnicodeError) else str(error)
        hint = "write it as https://news.example/feed.xml"
        raise InputError(f"not the address of a feed: {printable(what)}", path=_without_secrets(text), hint=hint) from error
    target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    authorization = None
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = f"Basic {b64encode(user.encode()).decode()}"
    return Address(parts.scheme, host.lower(), port, target, authorization)


def _without_secrets(text: str) -> str:
    scheme, _, rest = text.partition("://")
    return printable(f"{scheme[:20]}://{rest.split('/')[0].split('?')[0].rpartition('@')[2]}")


def redirected(address: Address, location: str) -> Address:
    """Return where an answer of an address sends to, with its user where that is the same server.

    Raises `InputError` for what is no address of HTTP, and for one that is not encrypted where this is.
    """
    path = f"{address.scheme}://{address.host_header}{address.target}"
    try:
        found = parse_address(urljoin(path, location.strip()))
    except ValueError as error:
        raise InputError("a redirect to an address that is none") from error
    if address.scheme == "https" and found.scheme == "http":
        raise InputError("a redirect to an address that is not encrypted")
    same = found.origin == address.origin
    return Address(found.scheme, found.host, found.port, found.target, address.authorization if same else None)


def is_public(ip: str) -> bool:
    """Tell whether an IP address is one of the open network, also where it stands for one of IPv4.

    >>> [is_public(ip) for ip in ("93.184.216.34", "127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::7f00:1", "fe80::1%eth0")]
    [True, False, False, False, False, False]
    """
    found = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64[0] or (found in _COMPATIBLE and int(found) > 1):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found in _NAT64[1]:
            return False
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_link_local(ip: str) -> bool:
    """Tell whether an IP address is of a machine beside this one, as the services of clouds that tell secrets have it.

    >>> is_link_local("169.254.169.254"), is_link_local("::ffff:169.254.169.254"), is_link_local("10.0.0.1")
    (True, True, False)
    """
    found = ipaddress.ip_address(ip.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_link_local
