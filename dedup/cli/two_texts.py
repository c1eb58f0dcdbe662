"""What commands about two texts share: the texts are files, or with ``--in`` ids among others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import InputError
from .groups import ReadOptions
from .options import field_options, one_text

if TYPE_CHECKING:
    from ..model import Document

Command = TypeVar("Command", bound=Callable[..., Any])


def in_options(command: Command) -> Command:
    """Add ``--in`` and the options that name the fields of records."""
    command = click.option("--time-field", metavar="FIELD", help="Field with the time.")(command)
    command = click.option("--source-field", metavar="FIELD", help="Field with the source.")(command)
    command = field_options(command)
    return click.option("--in", "paths", multiple=True, metavar="PATH", help="Documents in which A and B are ids; may be repeated.")(
        command
    )


def level_options(command: Command) -> Command:
    """Add the options that say what ids are of, and where documents are looked for."""
    levels = click.Choice(["auto", "segment", "document"])
    command = click.option("--recursive", "-r", is_flag=True, help="Enter subfolders, with --in.")(command)
    return click.option("--level", type=levels, help="What A and B are ids of, with --in.  [default: auto]")(command)


def two_documents(a: str, b: str, paths: tuple[str, ...], reading: ReadOptions) -> Iterable[Document]:
    """Return the documents of paths, or where there are none the two files, under the names that they were given by."""
    return reading.documents(paths) if paths else _two_files(a, b, reading)


def _two_files(a: str, b: str, reading: ReadOptions) -> Iterator[Document]:
    for path in dict.fromkeys((a, b)):
        if path != "-" and not os.path.exists(path):
            raise InputError("no such file", path=path, hint="check the spelling; to name ids, say with --in in which documents")
        yield replace(one_text(path, reading), id=path)
