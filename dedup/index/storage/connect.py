"""Which database the address of an index names."""

from __future__ import annotations

from urllib.parse import urlsplit

from ...errors import ConfigError
from .interface import Store
from .sqlite import SqliteStore


def open_store(url: str, *, create: bool) -> Store:
    """Return the database that an address names: a PostgreSQL server, or a file. Raises `StoreError`."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        return SqliteStore(url, create=create)
    from .postgres import SCHEMES, PostgresStore

    if scheme not in SCHEMES:
        raise ConfigError(f"{scheme}:// is no index: give the path of a file or postgresql://user@host/database")
    try:
        urlsplit(url)
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address ({error}): write postgresql://user@host/database") from error
    return PostgresStore(url, create=create)
