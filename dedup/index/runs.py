"""Runs: who let a document through, whether it works still, and whether what it let through has been delivered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from enum import Enum

from .store import Store
from .tables import DELIVERIES, META


class State(Enum):
    """What has become of a run."""

    DELIVERED = "it ended well: all that it let through has reached who asked"
    UNDER_WAY = "its process works still"
    BROKEN_OFF = "its process is gone, and what of its answers arrived is not known"


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has not ended yet. ``holder`` is the lock of its process, ``part`` counts its transactions."""

    number: int
    holder: int
    part: int


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
    """Count another transaction of a run. To be called inside of it."""
    run = replace(run, part=run.part + 1)
    DELIVERIES.change(store, {run.number: {"part": run.part}})
    return run


def is_committed(store: Store, run: Run) -> bool:
    """Tell whether the transaction that a run counted last is in the store."""
    return DELIVERIES.read(store, "where run = ?", (run.number,)) == [(run.number, run.holder, run.part)]


def end(store: Store, run: Run) -> None:
    """Note that what a run let through has been delivered. To be called inside of a transaction."""
    store.run("delete from deliveries where run = ?", (run.number,))


def state_of(store: Store, number: int) -> State:
    """Return what has become of a run."""
    found = DELIVERIES.read(store, "where run = ?", (number,))
    if not found:
        return State.DELIVERED
    return State.UNDER_WAY if store.is_held(found[0][1]) else State.BROKEN_OFF
