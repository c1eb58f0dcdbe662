"""Deliveries: which run let a document through, whether it works still, and whether what it let through has been delivered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from enum import Enum

from ..errors import StoreError
from .storage.interface import Store
from .storage.tables import DELIVERIES, META

_NOBODY = 0  # holds a run that others have taken for broken off


class RunState(Enum):
    """What has become of a run."""

    DELIVERED = "it ended well: all that it let through has reached who asked"
    UNDER_WAY = "its process works still"
    BROKEN_OFF = "its process is gone, and what of its answers arrived is not known"


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has not ended yet. ``holder`` is the lock of its process, ``part`` counts its transactions; ``delivers`` tells that
    it ends with its first one."""

    number: int
    holder: int
    part: int
    delivers: bool = False


def new_holder() -> int:
    """Return a number that no other process has."""
    return secrets.randbits(62) | 1


def begin(store: Store, holder: int, last: int) -> Run:
    """Begin a run, of which ``last`` is the number before. To be called inside of a transaction."""
    store.hold(holder)
    run = Run(last + 1, holder, 1)
    DELIVERIES.insert(store, [(run.number, run.holder, run.part)])
    META.change(store, {"run": {"value": str(run.number)}})
    return run


def go_on(store: Store, run: Run) -> Run:
    """Count another transaction of a run. To be called inside of it. Raises `StoreError` where others have taken it for broken off."""
    _refuse_taken(store, run)
    run = replace(run, part=run.part + 1)
    DELIVERIES.replace(store, [(run.number, run.holder, run.part)])
    return run


def is_committed(store: Store, run: Run) -> bool:
    """Tell whether the transaction that a run counted last is in the store."""
    return DELIVERIES.read(store, "where run = ?", (run.number,)) == [(run.number, run.holder, run.part)]


def end(store: Store, run: Run) -> None:
    """Note that what a run let through has been delivered. To be called inside of a transaction. Raises `StoreError` as `go_on` does.

    A run that is not there has ended before: the transaction was committed, and the server went away before it could say so.
    """
    if DELIVERIES.read(store, "where run = ?", (run.number,)):
        _refuse_taken(store, run)
        store.run("delete from deliveries where run = ?", (run.number,))


def _refuse_taken(store: Store, run: Run) -> None:
    if not [holder for _, holder, _ in DELIVERIES.read(store, "where run = ?", (run.number,)) if holder == run.holder]:
        what = "the connection was lost, and meanwhile others were told what this run had let through"
        raise StoreError(what, path=store.name, hint="start it again with the same input: what it has written does not count")


def state_of(store: Store, number: int) -> RunState:
    """Return what has become of a run. To be called inside of a transaction; one that is broken off cannot go on any more."""
    found = DELIVERIES.read(store, "where run = ?", (number,))
    if not found:
        return RunState.DELIVERED
    holder = found[0][1]
    if holder != _NOBODY and store.is_held(holder):
        return RunState.UNDER_WAY
    DELIVERIES.change(store, {number: {"holder": _NOBODY}})
    return RunState.BROKEN_OFF
