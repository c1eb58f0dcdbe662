"""``dedup origins``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ..errors import InputError
from .colour import colour_option, in_colour
from .groups import OutputOptions, ReadOptions, SearchOptions, grouped
from .ignored import learned
from .options import (
    DIFFERENT,
    choice_options,
    exit_statuses,
    field_options,
    open_index,
    reading_options,
    same_id_option,
    search_options,
    write_parts,
)
from .output_files import refuse_overwriting
from .searching import searched

if TYPE_CHECKING:
    from ..config import Config, SameId
    from ..model import Document
    from ..origins.model import Origins
    from ..readers.sources import Documents

_STYLES = ["table", "json", "jsonl", "graphml", "dot"]
_BY_ENDING = {".txt": "table", ".json": "json", ".jsonl": "jsonl", ".graphml": "graphml", ".dot": "dot", ".gv": "dot"}
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class StoryOptions:
    """Which stories are shown, and what the exit status tells."""

    least: int
    check: bool


@click.command(epilog=exit_statuses("texts carry others, with --check"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "style", type=click.Choice(_STYLES), help="What to write; by default a table, or what the output's name says.")
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    help="Write there instead of to stdout: .json .jsonl .graphml .dot .txt, or a row a text as a table (.csv .tsv .parquet) or a database "
    "(.db .sqlite).",
)
@click.option("--least", type=click.IntRange(2), default=2, show_default=True, metavar="N", help="Only stories of at least N texts.")
@click.option("--agencies", metavar="FILE", help="Further agencies and papers, and how texts name them.")
@click.option("--check", is_flag=True, help="Exit with status 1 when a story has fewer independent origins than texts.")
@colour_option
@same_id_option
@search_options()
@choice_options()
@field_options
@reading_options
@grouped(search=SearchOptions, reading=ReadOptions, out=OutputOptions, shown=StoryOptions)
def origins(
    paths: tuple[str, ...], same_id: SameId, search: SearchOptions, reading: ReadOptions, out: OutputOptions, shown: StoryOptions
) -> int:
    """Tell how many independent origins each story has, which text was likely first, and who carries whom.

    PATH is what dedup find takes, or one index: the file of one, or the address of a server. Twenty papers with the text of one agency are
    one origin.

    \b
    Examples:
      dedup origins articles.jsonl --time-field date --source-field paper
      dedup origins feed.jsonl --least 5 -o stories.jsonl
      dedup origins feed.jsonl -o stories.graphml
      dedup origins seen.db --format dot
    """
    from ..writers.tables import check_tables

    style = _style(out)
    index = index_of(paths, reading)
    read = [search.config_file, search.agencies, index]
    to = {"--output": out.output}
    refuse_overwriting(reading.reading(), () if index else paths, inputs=read, outputs=to, stdout=out.output in (None, "-"))
    if style is None:
        check_tables(str(out.output))
    config, documents = documents_of_index(index, search, reading) if index else _documents(paths, search, reading)
    found, words = _found(documents, config, same_id, search.jobs, with_words=style == "table")
    found = replace(found, stories=tuple(story for story in found.stories if len(story.texts) >= shown.least))
    _write(found, style, out, words)
    copied = any(story.independent_origins < len(story.texts) for story in found.stories)
    return DIFFERENT if shown.check and copied else 0


def _style(out: OutputOptions) -> str | None:
    """Return the format to write, None for a table in a file."""
    from ..writers.tables import table_file

    if out.output in (None, "-"):
        return out.style or "table"
    if table_file(str(out.output)) is not None:
        if out.style is not None:
            raise click.UsageError(f"{out.output}: a table has a row a text; leave out --format, or give {out.style} another ending")
        return None
    style = out.style or _BY_ENDING.get(os.path.splitext(str(out.output))[1].lower())
    if style is None:
        known = f"{' '.join(_BY_ENDING)} .csv .tsv .parquet .db .sqlite"
        raise click.UsageError(f"{out.output}: say what to write with --format; known by their names are {known}")
    return style


def _documents(paths: tuple[str, ...], search: SearchOptions, reading: ReadOptions) -> tuple[Config, Documents | list[Document]]:
    documents = reading.documents(paths)
    if search.ignore_lines != "auto":
        return search.config(reading), documents
    held, config = learned(documents, replace(search, ignore_lines=None).config(reading))
    return config, held


def index_of(paths: tuple[str, ...], reading: ReadOptions) -> str | None:
    """Return the index that the paths name, None where they name documents. Raises `click.UsageError` for an index among other paths.

    A database that is said how to read, with --as, --records or --query, is none.
    """
    from ..index.storage.postgres import SCHEMES

    said = reading.input_format or reading.records or reading.query
    found = [path for path in paths if path.partition("://")[0] in SCHEMES or (not said and _is_index(path))]
    if not found:
        return None
    if len(paths) > 1:
        raise click.UsageError(f"{found[0]} is an index: give it alone")
    context = click.get_current_context()
    given = [each for each in ReadOptions.__dataclass_fields__ if context.get_parameter_source(each) is ParameterSource.COMMANDLINE]
    if wrong := next((each for each in given if each not in ("max_chars", "recursive")), None):
        option = next(parameter.opts[0] for parameter in context.command.params if parameter.name == wrong)
        raise click.UsageError(f"{option} says how documents are read, and {found[0]} is an index, which has read its own")
    return found[0]


def _is_index(path: str) -> bool:
    """Tell whether a file is an index of ours: a database of SQLite with the tables of one."""
    import sqlite3
    from urllib.parse import quote

    from ..index.storage.tables import TABLES

    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                return False
        with closing(sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("select name from sqlite_master where type = 'table'")}
    except (OSError, ValueError, sqlite3.Error):  # which whoever reads it will tell
        return False
    return tables >= {table.name for table in TABLES}


def documents_of_index(url: str, search: SearchOptions, reading: ReadOptions) -> tuple[Config, list[Document]]:
    """Return the settings and the documents of an index. Raises `InputError` where it keeps no texts, `ConfigError` where it was made with
    other settings than those that are asked for."""
    from ..text.ids import version_name

    wanted: dict[str, Any] = search.given(reading)
    agencies = wanted.pop("agencies", "")
    with open_index(url, wanted, create=False) as index:
        if not index.keeps_texts:
            raise InputError("it keeps no texts", path=url, hint="feed an index without --no-text, or give the documents themselves")
        documents = [replace(document, id=version_name(document.id, decision.version or 1)) for document, decision in index.documents()]
    return replace(index.config, agencies=agencies), documents


def _found(
    documents: Documents | list[Document], config: Config, same_id: SameId, jobs: int, *, with_words: bool
) -> tuple[Origins, Mapping[str, str]]:
    """Return the origins, and the first words of the texts that head a story without titles."""
    from ..pipeline import find_duplicates
    from ..stories import first_words, origins_of

    find = partial(find_duplicates, config=config, jobs=jobs, same_id=same_id)
    result, texts = searched(documents, find, same_id, shows_texts=True)
    found = origins_of(result, texts(), config)
    heads = {story.groups[0].first for story in found.stories if not any(text.about.title for text in story.texts)}
    return found, first_words(texts(), heads, config) if with_words else {}


def _write(found: Origins, style: str | None, out: OutputOptions, words: Mapping[str, str]) -> None:
    from ..writers.tables import write_origin_tables

    if style is None:
        write_origin_tables(str(out.output), found)
    else:
        write_parts((part.encode("utf-8", "replace").decode() for part in _parts(found, style, out, words)), out.output)


def _parts(found: Origins, style: str, out: OutputOptions, words: Mapping[str, str]) -> Iterable[str]:
    from ..writers.graph import dot, graphml
    from ..writers.objects import json_lines
    from ..writers.origin_table import origin_table

    if style == "table":
        return origin_table(found, words, colour=in_colour(out.color, None if out.output in (None, "-") else out.output))
    if style == "graphml":
        return graphml(found)
    if style == "dot":
        return dot(found)
    return json_lines([found.to_dict()] if style == "json" else (story.to_dict() for story in found.stories))
