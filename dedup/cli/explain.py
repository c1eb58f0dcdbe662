"""``dedup explain``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ..errors import InputError
from ..writers.counts import counted
from .groups import ReadOptions, SearchOptions, grouped
from .options import echo_object, exit_statuses, field_options, one_text, reading_options, search_options
from .output_files import refuse_overwriting

if TYPE_CHECKING:
    from ..model import Document


@click.command(epilog=exit_statuses())
@click.argument("a")
@click.argument("b")
@click.option("--in", "paths", multiple=True, metavar="PATH", help="Documents in which A and B are ids; may be repeated.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@search_options()
@field_options
@reading_options
@grouped(search=SearchOptions, reading=ReadOptions)
def explain(a: str, b: str, paths: tuple[str, ...], style: str, search: SearchOptions, reading: ReadOptions) -> int:
    """Say step by step why A and B match or do not.

    A and B are files, each one text, or with --in the ids of documents or segments among others, where what recurs is known.

    \b
    Examples:
      dedup explain morning.txt noon.txt
      dedup explain s00003 s01614 --in articles.jsonl
    """
    from .. import evaluation

    config = search.config(reading) if paths else search.config(reading, level="document")
    refuse_overwriting(reading.reading(), paths or (a, b), outputs={})
    documents = reading.documents(paths) if paths else _two_texts(a, b, reading)
    echo_object(evaluation.explain(documents, a, b, config, jobs=search.jobs).to_dict(), style, _lines)
    return 0


def _two_texts(a: str, b: str, reading: ReadOptions) -> Iterator[Document]:
    """Yield two files under the names that they were given by."""
    for path in dict.fromkeys((a, b)):
        if path != "-" and not os.path.exists(path):
            raise InputError("no such file", path=path, hint="check the spelling; to name ids, say with --in in which documents")
        yield replace(one_text(path, reading), id=path)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    candidate, measures = found["candidate"], found["measures"]
    for side in "ab":
        yield f"{side}: {found[side]['id']}, {counted(found[side]['words'], 'word')}"
    known = "what recurs is known" if found["recurrence_known"] else "too few to know what recurs"
    yield f"among {counted(found['texts'], 'text')}: {known}"
    bands = f"{counted(candidate['bands'], 'band')} of {candidate['rows']} with probability {candidate['probability']:.4f}"
    yield f"signatures: Jaccard {candidate['estimate']:.2f} by estimate, {measures['jaccard']:.2f} exactly"
    yield f"bands: a pair like this shares one of {bands}; this one shares {candidate['bands_shared']}"
    of = " and ".join(map(str, candidate["fingerprints"]))
    yield f"fingerprints: {candidate['fingerprints_shared']} shared, of {of}"
    yield (
        f"shingles: {measures['shared']:,} shared, {measures['containment_a']:.2f} of a's and {measures['containment_b']:.2f} of b's; "
        f"words of its own: a {measures['novelty_a']:.2f}, b {measures['novelty_b']:.2f}, swapped {measures['swapped']:.2f} by weight"
    )
    yield f"longest common run: {counted(measures['longest_run']['words'], 'word')}: {measures['longest_run']['text']}"
    for step in found["steps"]:
        limit = "" if step["limit"] is None else f", limit {step['limit']:g}"
        value = ", ".join(step["value"]) or "none" if isinstance(step["value"], list) else step["value"]
        shown = "" if isinstance(value, bool) else f" ({value}{limit})"
        yield f"{'yes' if step['holds'] else 'no':>3}  {step['question']}{shown}"
    verdict = found["relation"] or "no match"
    if found["relation"] is None and found["relation_if_proposed"]:
        verdict += f": no channel proposes them; they would be {found['relation_if_proposed']}"
    yield f"so: {verdict}"
