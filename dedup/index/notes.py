"""What callers keep in an index beside its documents: notes, such as how far a feed was read, and names under which one process works."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from ..errors import StoreError
from .deliveries import new_holder
from .storage.interface import Readable, Store
from .storage.tables import META

_NOTE, _CLAIM = "note/", "claim/"  # how the names of their rows begin


def read_notes(store: Readable) -> dict[str, str]:
    """Return all notes by their names. Raises `StoreError` for a damaged one."""
    return {name.removeprefix(_NOTE): value for name, value in META.read(store, "where name like ? order by name", (f"{_NOTE}%",))}


def sound_notes(store: Readable) -> dict[str, str]:
    """Return the notes that are not damaged, by their names."""
    found: dict[str, str] = {}
    for (name,) in store.rows("select name from meta where name like ? order by name", (f"{_NOTE}%",)):
        with suppress(StoreError):
            found |= {name.removeprefix(_NOTE): value for _, value in META.read(store, "where name = ?", (name,))}
    return found


def write_notes(store: Store, notes: Mapping[str, str]) -> None:
    """Keep notes; one that has the name of another replaces it. To be called inside of a transaction."""
    META.insert(store, [(_NOTE + name, value) for name, value in notes.items()], anew=False)
    META.change(store, {_NOTE + name: {"value": value} for name, value in notes.items()})


def claim(store: Store, name: str) -> None:
    """Let nobody else work under a name, until the store is closed or this process ends, however. To be called inside of a transaction.
    Raises `StoreError` where another process works so."""
    key = _CLAIM + name
    for _, holder in META.read(store, "where name = ?", (key,)):
        if store.is_held(int(holder)):
            raise StoreError(
                f"another process works as {name!r}", path=store.name, hint="end that one first, or give this one another name"
            )
    holder = new_holder()
    store.hold(holder)
    META.insert(store, [(key, str(holder))], anew=False)
    META.change(store, {key: {"value": str(holder)}})
