"""``dedup evaluate``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from ..writers.counts import counted
from .options import (
    Progress,
    echo_object,
    exit_statuses,
    field_options,
    label_options,
    make_config,
    make_reading,
    names_in,
    reading_options,
    search_options,
)
from .outputs import refuse_overwriting

if TYPE_CHECKING:
    from ..model import Document


@click.command(epilog=exit_statuses())
@click.argument("paths", nargs=-1, required=True, metavar="DOCS...")
@click.option("--truth", required=True, metavar="FILE", help="Labels: pairs, clusters or labelled pairs with weights, as JSON or JSONL.")
@label_options
@click.option("--exact", is_flag=True, help="Also search exactly, and say how much of that the candidates hold.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@search_options()
@field_options
@reading_options
def evaluate(
    paths: tuple[str, ...],
    truth: str,
    duplicate_labels: str,
    ignore_labels: str,
    exact: bool,
    style: str,
    level: str | None,
    threshold: float | None,
    settings: tuple[str, ...],
    jobs: int,
    **reading: Any,
) -> int:
    """Measure what is found in DOCS against labels.

    Labels are {"clusters": [["id", "id"]]}, {"pairs": [["id", "id"]], "neg_pairs": [...]}, or a line for each labelled pair:
    {"a": "id", "b": "id", "duplicate": true, "weight": 1}, or "label": "name" instead of "duplicate".

    \b
    Examples:
      dedup evaluate articles.jsonl --truth labels.jsonl
      dedup evaluate articles.jsonl --truth labels.json --duplicate-labels S,C --ignore-labels P --exact
    """
    from ..evaluation.evaluate import candidate_recall, check_ids
    from ..evaluation.evaluate import evaluate as measure
    from ..evaluation.labels import read_truth
    from ..pipeline import find_duplicates
    from ..readers.sources import read

    refuse_overwriting(make_reading(reading), paths, inputs=[truth], outputs={})
    labels = read_truth(truth, duplicate=names_in(duplicate_labels), ignore=names_in(ignore_labels))
    config = make_config(level=level, threshold=threshold, max_chars=reading["max_chars"], settings=settings)
    if "-" in paths and exact:
        raise click.UsageError("--exact reads the documents twice: give files, no standard input")
    progress = Progress()
    ids: set[str] = set()
    try:
        result = find_duplicates(_noting(read(paths, make_reading(reading)), ids), config, jobs=jobs, progress=progress, same_id="refuse")
    finally:
        progress.close()
    check_ids(labels, ids)
    found = measure(result, labels)
    if exact:
        found["candidates"] = candidate_recall(read(paths, make_reading(reading)), config, jobs=jobs)
    echo_object(found, style, _lines)
    return 0


def _noting(documents: Iterable[Document], ids: set[str]) -> Iterator[Document]:
    for document in documents:
        ids.add(document.id)
        yield document


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield counted(found["labelled"], "labelled pair")
    for name in ("pairs", "clusters"):
        if name in found:
            yield f"{name}: " + ", ".join(f"{key.replace('_', ' ')} {_figure(value)}" for key, value in found[name].items())
    for label, counts in found["relations"].items():
        share = found.get("labels", {}).get(label, {}).get("share")
        taken = f"{_figure(share)} taken for duplicates; " if share is not None else ""
        yield f"{label}: {taken}" + ", ".join(f"{relation} {count:,}" for relation, count in counts.items())
    for name in ("wrongly_matched", "missed"):
        for match in found[name]:
            shares = (
                f" (Jaccard {match['jaccard']:.2f}, {match['relation']})" if "jaccard" in match else " (no candidate, or nothing shared)"
            )
            yield f"{name.replace('_', ' ')}: {match['a']}, {match['b']}{shares}"
    if "candidates" in found:
        held = found["candidates"]
        yield f"candidates hold {held['held']:,} of {counted(held['exact_pairs'], 'pair')} of an exact search"
