"""``dedup explain`` and ``dedup show``: two texts beside each other, and why they match or do not."""

from __future__ import annotations

from collections.abc import Iterable

import click

from .colour import colour_option, in_colour
from .given import refuse_without
from .groups import OutputOptions, ReadOptions, SearchOptions, grouped
from .options import (
    exit_statuses,
    lang_option,
    reading_options,
    search_options,
    tell,
    write_parts,
)
from .output_files import refuse_overwriting
from .two_texts import in_options, level_options, two_documents


@click.command(epilog=exit_statuses())
@click.argument("a")
@click.argument("b")
@in_options
@click.option("--html", metavar="PATH", help="Also write a page, with both texts side by side.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@lang_option
@colour_option
@search_options()
@reading_options
@grouped(out=OutputOptions, search=SearchOptions, reading=ReadOptions)
def explain(a: str, b: str, paths: tuple[str, ...], out: OutputOptions, search: SearchOptions, reading: ReadOptions) -> int:
    """Say why A and B match or do not, the decisive evidence first.

    A and B are files, each one text, or with --in the ids of documents or segments among others.

    \b
    Examples:
      dedup explain morning.txt noon.txt
      dedup explain s00003 s01614 --in articles.jsonl
      dedup explain s00003 s01614 --in articles.jsonl --html why.html
    """
    from reports.renderers.explanation_text import explanation_lines

    from .. import evaluation
    from ..writers.objects import json_lines

    if not paths:
        refuse_without("--in", "level", "recursive")
    config = search.config(reading) if paths else search.config(reading, level="document")
    refuse_overwriting(reading.reading(), paths or (a, b), outputs={"--html": out.html})
    found = evaluation.explain(two_documents(a, b, paths, reading), a, b, config, jobs=search.jobs).to_dict()
    if out.html:
        from dedup.writers.files import write_file
        from reports.renderers.explanation import render_explanation

        write_file(out.html, [render_explanation(found, lang=out.lang)])
        tell(f"{out.html}: 1 page")
    if out.style == "json":
        write_parts(json_lines([found]), None)
    else:
        _print(explanation_lines(found, lang=out.lang, colour=in_colour(out.color)))
    return 0


def _print(lines: Iterable[str]) -> None:
    """Print lines that have been made safe for a terminal."""
    write_parts((f"{line}\n" for line in lines), None)


@click.command(epilog=exit_statuses())
@click.argument("a")
@click.argument("b")
@in_options
@lang_option
@colour_option
@level_options
@reading_options
@grouped(out=OutputOptions, search=SearchOptions, reading=ReadOptions)
def show(a: str, b: str, paths: tuple[str, ...], out: OutputOptions, search: SearchOptions, reading: ReadOptions) -> int:
    """Print the texts A and B, with the words marked that differ.

    A and B are files, each one text, or with --in the ids of documents or segments among others.

    \b
    Examples:
      dedup show morning.txt noon.txt
      dedup show s00003 s01614 --in articles.jsonl
    """
    from reports.renderers.explanation_text import marked_side_lines

    from .. import evaluation

    if not paths:
        refuse_without("--in", "level", "recursive")
    config = search.config(reading) if paths else search.config(reading, level="document")
    refuse_overwriting(reading.reading(), paths or (a, b), outputs={})
    sides = evaluation.show(two_documents(a, b, paths, reading), a, b, config)
    for key, side in zip("ab", sides, strict=True):
        _print(marked_side_lines(side.to_dict(), key, lang=out.lang, colour=in_colour(out.color)))
    return 0
