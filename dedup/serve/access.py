"""Who may ask what: names of hosts, tokens, the cookie of a browser, requests that other pages make, and what a page may load."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import ConfigError
from .problems import Problem
from .settings import ServeSettings

Right = Literal["read", "write"]
_OPEN = frozenset({"/healthz", "/readyz"})  # which tell nothing of what is stored, as the styles and scripts
_ASSETS = "/assets/"
_ASKING = frozenset({"/v1/query", "/v1/compare", "/v1/explain", "/compare"})  # with a body, and they change nothing
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:/?#@\[\]\s\\]+))(?::\d{1,5})?")
_SHORTEST = 16  # characters of a token
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


@dataclass(frozen=True, slots=True)
class Tokens:
    """Which tokens give which right, kept as digests; ``write`` includes ``read``."""

    rights: tuple[tuple[bytes, Right], ...]

    def right_of(self, token: str) -> Right | None:
        """Return what a token allows, in the same time for every token."""
        asked, found = _digest(token), None
        for known, right in self.rights:
            if hmac.compare_digest(known, asked):
                found = right
        return found


def read_tokens(path: str) -> Tokens:
    """Read a file of tokens, a line each: ``read TOKEN`` or ``write TOKEN``; a line may be empty or begin with ``#``. Raises `ConfigError`,
    which never quotes a token."""
    rights: list[tuple[bytes, Right]] = []
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or 'not utf-8'})") from error
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2 or words[0] not in ("read", "write"):
            raise ConfigError(f"{path}:{number}: not a token; write 'read TOKEN' or 'write TOKEN'")
        if len(words[1]) < _SHORTEST:
            raise ConfigError(f"{path}:{number}: a token of less than {_SHORTEST} characters; make one with: openssl rand -hex 32")
        rights.append((_digest(words[1]), "read" if words[0] == "read" else "write"))
    if not rights:
        raise ConfigError(f"{path}: no token; write 'read TOKEN' or 'write TOKEN'")
    return Tokens(tuple(rights))


class Access:
    """ASGI middleware: lets in who may ask, and puts on each answer what keeps a page to itself.

    ``key`` is the token of the first address, None where a file of tokens or a proxy tells who asks; ``refused`` makes the answer
    to who is not known.
    """

    def __init__(
        self, app: ASGIApp, settings: ServeSettings, tokens: Tokens, key: str | None, refused: Callable[[Request, Problem], Response]
    ):
        self._app, self._hosts, self._proxy, self._refused = app, settings.hosts, settings.trusted_proxy, refused
        self._tokens = Tokens((*tokens.rights, *(((_digest(key), "write"),) if key else ())))
        # The same after a restart with the same tokens, so that nobody has to open the first address again.
        self._sign = hashlib.sha256(b"cookie" + b"".join(known for known, _ in self._tokens.rights)).digest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":  # there are none
                await send({"type": "websocket.close", "code": 1008})
                return
            await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            app = self._let_in(Request(scope))
        except Problem as problem:
            app = self._refused(Request(scope), problem) if problem.status == 401 else problem.response()
        await app(scope, receive, sealed)

    def _let_in(self, request: Request) -> ASGIApp:
        """Return what answers a request. Raises `Problem` for one that may not be asked."""
        headers, path = request.headers, request.scope["path"]  # not of the URL, which `Host` is a part of
        if _host(headers.get("host", "")) not in self._hosts:
            raise Problem(421, "this server is not known by that name", hint="name it with --allow-host when it is started")
        if "transfer-encoding" in headers and "content-length" in headers:  # a proxy may take the end of this for another request
            raise Problem(400, "a length beside a transfer encoding", where="Content-Length", headers={"Connection": "close"})
        if path in _OPEN or path.startswith(_ASSETS):
            return self._app
        if (token := request.query_params.get("token")) is not None and request.method in _SAFE:
            return self._with_cookie(request, token)
        right, by_cookie = self._right(request)
        if right is None:
            raise Problem(
                401,
                "no token, or one that is not known",
                hint="open the address that dedup serve has printed, or send Authorization: Bearer TOKEN",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if request.method in _SAFE:
            if by_cookie:
                _refuse_inside_of_others(headers)
        else:
            if by_cookie:
                _refuse_other_pages(headers)
            changes = path not in _ASKING and not (path == "/v1/decide" and request.query_params.get("dry_run") == "1")
            if changes and right != "write":
                raise Problem(403, "this token may only read", hint="send one that may write")
        request.scope["right"] = right
        return self._app

    def _right(self, request: Request) -> tuple[Right | None, bool]:
        """Return what who asks may do, and whether a browser says so by itself, without the page that asks knowing."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._tokens.right_of(token.strip()), False
        if self._proxy is not None and _client(request) == self._proxy[0] and (who := request.headers.get(self._proxy[1])):
            request.scope["who"] = who[:80]
            return "write", True
        return self._cookie_right(request), True

    def _cookie_right(self, request: Request) -> Right | None:
        right, _, seal = request.cookies.get(_cookie(request), "").partition(".")
        known: Right | None = "read" if right == "read" else "write" if right == "write" else None
        return known if known and hmac.compare_digest(self._seal(known), seal) else None

    def _seal(self, right: Right) -> str:
        return hmac.new(self._sign, right.encode(), hashlib.sha256).hexdigest()

    def _with_cookie(self, request: Request, token: str) -> ASGIApp:
        """Return the way to the same address without its token, with a cookie in its place."""
        right = self._tokens.right_of(token)
        if right is None:
            raise Problem(401, "that token is not known", hint="open the address that dedup serve has printed last")
        left = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "token"])
        path = "/" + quote(request.scope["path"].lstrip("/\\"))  # never another host
        answer = RedirectResponse(path + (f"?{left}" if left else ""), 303)
        answer.set_cookie(
            _cookie(request),
            f"{right}.{self._seal(right)}",
            httponly=True,
            samesite="strict",
            path="/",
            secure=request.scope.get("scheme") == "https",
        )
        return answer


def _cookie(request: Request) -> str:
    """Return the name of the cookie: browsers keep those of all ports of a host together."""
    return f"dedup-desk-{(request.scope.get('server') or ('', 80))[1]}"


def _host(value: str) -> str:
    """Return the name in a ``Host`` header, lower case, without its port."""
    found = _HOST.fullmatch(value)
    return (found[1] or found[2]).lower().rstrip(".") if found else ""


def _client(request: Request) -> str:
    """Return the address of who asks, one of IPv4 as such."""
    address = request.client.host if request.client is not None else ""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(getattr(found, "ipv4_mapped", None) or found)


def _refuse_other_pages(headers: Headers) -> None:
    """Raise `Problem` for a change that a page of another site asks for with the cookie of this one."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own = urlsplit(origin).netloc.lower() == headers.get("host", "").lower() if origin else None
    if (site is not None and site != "same-origin") or own is False or (site is None and own is None):
        raise Problem(403, "another site asks for this", hint="ask from a page of this server, or with a token")


def _refuse_inside_of_others(headers: Headers) -> None:
    """Raise `Problem` for what a page of another site, or of another port of this machine, asks for to have it inside of itself: it could
    not read it, and would still learn how long it takes, and hold up who follows what is new. A link may lead here from anywhere."""
    part = headers.get("sec-fetch-mode", "navigate") != "navigate" or headers.get("sec-fetch-dest", "document") != "document"
    if part and headers.get("sec-fetch-site") in ("same-site", "cross-site"):
        raise Problem(403, "another site asks for this", hint="open it by itself")


def host_names(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return names of hosts as `ServeSettings.allowed_hosts` has them. Raises `ConfigError` for what is none."""
    found = tuple(host.strip().lower() for host in hosts)
    for host in found:
        if not host or any(char in host for char in "/@? \t*"):
            raise ConfigError(f"{host!r} is no name of a host: write it as desk.example.org")
    return found
