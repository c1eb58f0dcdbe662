"""``dedup evaluate`` and ``dedup tune``: what labels say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ..writers.counts import counted
from .groups import LabelOptions, ReadOptions, SearchOptions, grouped
from .options import Progress, echo_object, exit_statuses, field_options, label_options, reading_options, search_options, tell
from .output_files import refuse_overwriting


@click.command(epilog=exit_statuses())
@click.argument("paths", nargs=-1, required=True, metavar="DOCS...")
@click.option("--truth", required=True, metavar="FILE", help="Labels: pairs, clusters or labelled pairs with weights, as JSON or JSONL.")
@label_options
@click.option("--exact", is_flag=True, help="Also search without sketches, and say how many of those pairs were candidates.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@search_options()
@field_options
@reading_options
@grouped(labels=LabelOptions, search=SearchOptions, reading=ReadOptions)
def evaluate(paths: tuple[str, ...], labels: LabelOptions, exact: bool, style: str, search: SearchOptions, reading: ReadOptions) -> int:
    """Measure what is found in DOCS against labels.

    Labels are {"clusters": [["id", "id"]]}, {"pairs": [["id", "id"]], "neg_pairs": [...]}, or a line for each labelled pair:
    {"a": "id", "b": "id", "duplicate": true, "weight": 1}, or "label": "name" instead of "duplicate".

    \b
    Examples:
      dedup evaluate articles.jsonl --truth labels.jsonl
      dedup evaluate articles.jsonl --truth labels.json --duplicate-labels S,C --ignore-labels P --exact
    """
    from .. import evaluation

    refuse_overwriting(reading.reading(), paths, inputs=[labels.truth], outputs={})
    truth, config = labels.read(), search.config(reading)
    if "-" in paths and exact:
        raise click.UsageError("--exact reads the documents twice: give files, no standard input")
    progress = Progress()
    try:
        found = evaluation.evaluate(reading.documents(paths), truth, config, exact=exact, jobs=search.jobs, progress=progress)
    finally:
        progress.close()
    echo_object(found.to_dict(), style, _evaluation_lines)
    return 0


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _evaluation_lines(found: dict[str, Any]) -> Iterator[str]:
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


@click.command(epilog=exit_statuses())
@click.argument("paths", nargs=-1, required=True, metavar="DOCS...")
@click.option("--truth", required=True, metavar="FILE", help="Labelled pairs with weights, as JSON or JSONL; see dedup evaluate.")
@label_options
@click.option(
    "--beta",
    type=click.FloatRange(0.1, 10),
    default=0.5,
    show_default=True,
    help="Weight of recall against precision in the choice: below 1 precision counts more.",
)
@click.option("--html", metavar="PATH", help="Also write a page with the curves.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@search_options()
@field_options
@reading_options
@grouped(labels=LabelOptions, search=SearchOptions, reading=ReadOptions)
def tune(
    paths: tuple[str, ...],
    labels: LabelOptions,
    beta: float,
    html: str | None,
    style: str,
    search: SearchOptions,
    reading: ReadOptions,
) -> int:
    """Find the settings that fit labelled pairs in DOCS best.

    Thousands of settings are tried on pairs that were measured once. What is recommended was chosen on all labels; what to expect
    elsewhere, cross-validated, is scored on pairs that were not chosen on.

    \b
    Examples:
      dedup tune articles.jsonl --truth labels.jsonl
      dedup tune articles.jsonl --truth labels.json --duplicate-labels S,C --ignore-labels P --html curves.html
    """
    from .. import evaluation

    refuse_overwriting(reading.reading(), paths, inputs=[labels.truth], outputs={"--html": html})
    truth, config = labels.read(), search.config(reading)
    found = evaluation.tune(reading.documents(paths), truth, config, beta=beta, jobs=search.jobs).to_dict()
    if html:
        from dedup.writers.files import write_file
        from reports.renderers.tuning import render_curves

        write_file(html, [render_curves(found, ", ".join(paths))])
        tell(f"{html}: 1 page")
    echo_object(found, style, _tuning_lines)
    return 0


def _tuning_lines(found: dict[str, Any]) -> Iterator[str]:
    labelled = found["labelled"]
    labels = f"{counted(labelled['duplicates'], 'labelled duplicate')}, {counted(labelled['others'], 'other')}"
    yield f"{labels}; {counted(found['tried'], 'setting')} tried"
    for name in ("present", "recommended", "cross_validated"):
        figures = ", ".join(f"{key} {found[name][key]:.3f}" for key in ("precision", "recall", "f1"))
        yield f"{name.replace('_', '-')}: {figures}"
    yield "recommended: " + " ".join(f"--set {name}={value:g}" for name, value in found["recommended"]["settings"].items())
