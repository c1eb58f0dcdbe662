"""What `dedup serve` is told: its index, where it listens, who may ask, and the limits of what is asked."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from ..errors import ConfigError

_LOCAL = "127.0.0.1", "localhost", "::1"


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The limits of what one request may ask for. Sizes are bytes, times seconds."""

    body: int = 32 << 20
    """Bytes of a body, and of the files of a form together."""
    held: int = 256 << 20
    """Bytes of bodies of all requests that are under way."""
    chars: int = 100_000
    """Characters of a text that is decided about or looked for: comparing two takes time with the square of them, and others wait."""
    records: int = 10_000
    """Records of an array, and of the lines of NDJSON that are decided together."""
    body_seconds: float = 30
    """Seconds in which a body, or the next part of a stream, must arrive."""
    job_seconds: float = 30
    """Seconds that reading and comparing files may take, in a process of its own."""
    job_memory: int = 2 << 30
    """Bytes of memory of such a process."""
    jobs: int = 2
    """Such processes at once."""
    waiting: int = 8192
    """Records that wait to be decided: beyond that a request is told to come back."""
    streams: int = 200
    """Pages at once that follow what is new."""
    connections: int = 1000
    kept: int = 64
    """Comparisons that are kept for downloads."""
    kept_bytes: int = 256 << 20

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if getattr(self, name) <= 0:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be more than 0")


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """What a server is told. Raises `ConfigError` for an address that others can reach without a way to tell who asks."""

    index: str | None = None
    """The path or address of the index; None for one that is gone with the process."""
    host: str = "127.0.0.1"
    port: int = 8765
    """0 for any that is free."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names by which it may be asked, as browsers write them in ``Host``."""
    token_file: str | None = None
    proxy: str | None = None
    """The address of a proxy that says who asks, and in which header: ``10.0.0.2=X-Remote-User``."""
    lang: str | None = None
    watch: tuple[str, ...] = ()
    every: float = 300
    """Seconds between two looks at a feed."""
    limits: RequestLimits = field(default_factory=RequestLimits)
    keep_for: float | None = None
    """The window of the index from now on, in seconds, as `dedup.Index.open` takes it; None for what it has."""

    def __post_init__(self) -> None:
        if not 0 <= self.port < 1 << 16:
            raise ConfigError(f"port is {self.port}; it must be 0 to 65535")
        if not self.every > 0:
            raise ConfigError(f"every is {self.every}; it must be more than 0 seconds")
        if self.proxy is not None:
            self.trusted_proxy  # noqa: B018 -- raises
        if not self.is_local and self.token_file is None and self.proxy is None:
            raise ConfigError(
                f"{self.host} can be reached by others: give --token-file, or --proxy for one that says who asks; or leave out --host"
            )

    @property
    def is_local(self) -> bool:
        """True where only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which it may be asked, lower case, without ports."""
        own = () if self.host in ("0.0.0.0", "::") else (self.host,)
        return frozenset(name.lower() for name in (*_LOCAL, *own, *self.allowed_hosts))

    @property
    def trusted_proxy(self) -> tuple[str, str] | None:
        """The address of the proxy that says who asks, and the name of its header, lower case."""
        if self.proxy is None:
            return None
        address, separator, header = self.proxy.partition("=")
        try:
            known = str(ipaddress.ip_address(address))
        except ValueError:
            known = ""
        if not separator or not known or not header.replace("-", "").isalnum():
            raise ConfigError(f"proxy is {self.proxy!r}; write it as 127.0.0.1=X-Remote-User, an address and a header")
        return known, header.lower()
