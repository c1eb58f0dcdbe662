"""``dedup diff``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from .colour import colour_option
from .given import refuse_without
from .groups import OutputOptions, ReadOptions, SearchOptions, grouped
from .options import (
    DIFFERENT,
    FORMATS,
    exit_statuses,
    format_of,
    lang_option,
    one_text,
    reading_options,
    version_of,
    write_out,
    write_parts,
)
from .output_files import refuse_overwriting
from .two_texts import in_options, level_options

if TYPE_CHECKING:
    from reports import Comparison, Version


@click.command(epilog=exit_statuses("they differ, whatever is written; with --pairs 0", "the texts are equal"))
@click.argument("a", required=False, metavar="A")
@click.argument("b", required=False, metavar="B")
@click.option(
    "--pairs",
    metavar="FILE",
    help='Compare many: JSONL of {"id", "a", "b"} with the texts; needs --format json, and writes one object a line.',
)
@in_options
@level_options
@click.option("--format", "style", type=click.Choice(FORMATS), help="What to write; by default what the name of the output says.")
@click.option("--html", metavar="PATH", help="The same as --format html -o PATH.")
@click.option("--output", "-o", metavar="FILE", help="Write there instead of to stdout.")
@lang_option
@colour_option
@reading_options
@grouped(out=OutputOptions, search=SearchOptions, reading=ReadOptions)
def diff(
    a: str | None,
    b: str | None,
    pairs: str | None,
    paths: tuple[str, ...],
    out: OutputOptions,
    search: SearchOptions,
    reading: ReadOptions,
) -> int:
    """Show exactly what changed from text A, the older, to text B.

    A and B are files, each one text, or with --in the ids of documents or segments among others.

    \b
    Examples:
      dedup diff morning.txt noon.txt
      dedup diff morning.txt noon.txt --html changes.html
      dedup diff morning.txt noon.txt --format unified | patch morning.txt
      dedup diff s00003 s01614 --in articles.jsonl
      dedup diff --pairs pairs.jsonl --format json > changes.jsonl
    """
    if not paths:
        refuse_without("--in", "level", "recursive")
    if pairs is not None:
        if a is not None or paths or out.style != "json" or out.html is not None:
            raise click.UsageError("--pairs goes with --format json and without A, B, --in and --html")
        _refuse_overwriting(reading, [], out, inputs=[pairs])
        return _diff_pairs(pairs, out, reading)
    if a is None or b is None or ((a, b) == ("-", "-") and not paths):
        raise click.UsageError("two texts are needed: dedup diff A B")
    if out.html is not None:
        if out.output is not None:
            raise click.UsageError("--html and --output both say where to write: give one")
        out = replace(out, style="html", output=out.html)
    _refuse_overwriting(reading, paths or (a, b), out)
    versions = _named(a, b, paths, search, reading) if paths else (version_of(one_text(path, reading)) for path in (a, b))
    comparison = _compare(*versions)
    write_out([comparison], out.output, format_of(out.style, out.output), out.lang, out.color)
    return DIFFERENT if comparison.a.text != comparison.b.text else 0


def _refuse_overwriting(reading: ReadOptions, documents: Iterable[str], out: OutputOptions, inputs: Iterable[str] = ()) -> None:
    outputs = {"--output": out.output}
    refuse_overwriting(reading.reading(), documents, inputs=inputs, outputs=outputs, stdout=out.output in (None, "-"))


def _named(a: str, b: str, paths: tuple[str, ...], search: SearchOptions, reading: ReadOptions) -> Iterator[Version]:
    """Yield the texts with these ids among documents."""
    from reports import Version

    from ..evaluation import find_two

    for found in find_two(reading.documents(paths), a, b, search.config(reading)):
        of, about = found.segment, found.document
        yield Version(of.id, found.text, of.heading, of.line, about.time, about.title, about.source, about.url)


def _compare(a: Version, b: Version) -> Comparison:
    from reports import compare

    from ..config import Config
    from ..pipeline import relate_texts

    config = Config(max_chars=2**31)  # the reader has refused what is too long
    return compare(a, b, relation=relate_texts(a.text, b.text, config))


def _diff_pairs(path: str, out: OutputOptions, reading: ReadOptions) -> int:
    from reports import Version
    from reports.renderers.json import render_json

    from ..readers.pairs import read_pairs

    pairs = read_pairs(path, reading.reading())
    write_parts(
        (render_json(_compare(Version("a", pair.a), Version("b", pair.b)), lang=out.lang, pair_id=pair.id) for pair in pairs), out.output
    )
    return 0
