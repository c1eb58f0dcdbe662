"""The option ``--ignore-lines``: lines that are left out of matching, and how many there were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ..writers.counts import counted

if TYPE_CHECKING:
    from ..config import Config
    from ..model import Document
    from ..readers.records import Record
    from ..text.ignored_lines import IgnoredCount

ignore_lines_option = click.option(
    "--ignore-lines",
    metavar="FILE",
    help="Lines that weigh nothing, such as footers: those of a file, one a line; auto: those that recur (find); or none.  [default: none]",
)


def learned(documents: Iterable[Document], config: Config) -> tuple[list[Document], Config]:
    """Return the documents, and the settings with the lines that recur in them."""
    from ..text.learned_lines import learn_lines

    held = list(documents)
    return held, replace(config, ignore_lines=learn_lines(held))


def counting(records: Iterable[Record], ignored: IgnoredCount) -> Iterator[Record]:
    """Yield records, and count the lines that are left out of their texts."""
    for record in records:
        if record.document is not None:
            ignored.add(record.document.text)
        yield record


def told_ignored(ignored: dict[str, dict[str, int]]) -> Iterator[str]:
    """Yield what is said of lines that were left out, from what `IgnoredCount.stats` returns, or statistics that have it."""
    if found := ignored.get("ignored"):
        yield f"{counted(found['lines'], 'line')} left out of matching, in {counted(found['texts'], 'text')}"
