"""The page of errors and exit statuses, from `dedup.errors` and the objects of click."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import dedup.errors

from .commands import commands, statuses
from .markdown import NOTICE, code, prose, table


def errors_page() -> Iterator[str]:
    """Yield the lines of the page of errors."""
    yield from ("# Errors and exit statuses", "", NOTICE, "")
    yield "The library raises children of `DedupError`, all of them in `dedup.errors`. The command prints the message of one as one line on"
    yield from ("standard error: what is wrong, where as `path:line`, and what to do.", "")
    yield from ("## Exit statuses", "")
    yield from ("2 is an error of usage or of data. 130 and 143 are SIGINT and SIGTERM. For 0 and 1:", "")
    yield from table(("command", "0", "1"), ((f"`{name}`", *statuses(command)) for name, command in commands()))
    yield from ("## The tree of errors", "", "```text")
    doc = inspect.cleandoc(dedup.errors.__doc__ or "").split("::\n\n")[1].split("\n\n")[0]
    yield from (*inspect.cleandoc(doc).split("\n"), "```", "")
    found = [each for _, each in inspect.getmembers(dedup.errors, inspect.isclass) if issubclass(each, Exception)]
    for each in sorted(found, key=lambda error: (len(error.__mro__), error.__name__)):
        above = [base.__name__ for base in each.__bases__]
        yield from (f"### {each.__name__}", "", f"A child of {code(above)}.", "")
        for paragraph in inspect.cleandoc(each.__doc__ or "").split("\n\n"):
            yield from (prose(paragraph), "")
