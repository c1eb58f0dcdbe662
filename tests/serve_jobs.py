"""Jobs for tests of what a job may need; a module of their own, as the process that does one has to load it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from dedup.errors import InputError


def fine(text: str) -> Mapping[str, bytes]:
    return {"text": text.encode(), "pid": str(os.getpid()).encode()}


def endless() -> Mapping[str, bytes]:
    while True:
        time.sleep(1)


def greedy() -> Mapping[str, bytes]:
    return {"much": b"".join([b"x" * (1 << 20)] * (1 << 14))}


def dying() -> Mapping[str, bytes]:
    os._exit(3)


def refusing() -> Mapping[str, bytes]:
    raise InputError("half a file", path="a.docx", line=3, hint="send the other half")


def broken() -> Mapping[str, bytes]:
    raise KeyError("the secret words of a text")


def forking(ends: bool) -> Mapping[str, bytes]:
    """Leave a process behind, which holds on to what it was given."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(theirs, b"x")
        while True:
            time.sleep(1)
    os.read(ours, 1)
    if not ends:
        endless()
    return {"pid": str(child).encode()}


def writing(path: str) -> Mapping[str, bytes]:
    with open(path, "ab") as file:
        file.write(b"x")
    return {}
