"""``dedup tune``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ..writers.counts import counted
from .options import (
    echo_object,
    exit_statuses,
    field_options,
    label_options,
    make_config,
    make_reading,
    names_in,
    reading_options,
    search_options,
    tell,
)
from .outputs import refuse_overwriting


@click.command(epilog=exit_statuses())
@click.argument("paths", nargs=-1, required=True, metavar="DOCS...")
@click.option("--truth", required=True, metavar="FILE", help="Labelled pairs with weights, as JSON or JSONL; see dedup evaluate.")
@label_options
@click.option("--beta", type=click.FloatRange(0.1, 10), default=0.5, show_default=True, help="Below 1 weighs precision more than recall.")
@click.option("--html", metavar="PATH", help="Also write a page with the curves.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@search_options()
@field_options
@reading_options
def tune(
    paths: tuple[str, ...],
    truth: str,
    duplicate_labels: str,
    ignore_labels: str,
    beta: float,
    html: str | None,
    style: str,
    level: str | None,
    threshold: float | None,
    settings: tuple[str, ...],
    jobs: int,
    **reading: Any,
) -> int:
    """Find the settings that fit labelled pairs in DOCS best.

    Thousands of settings are tried on pairs that were measured once. What is recommended was chosen on all labels; what to expect
    elsewhere, cross-validated, is scored on pairs that were not chosen on.

    \b
    Examples:
      dedup tune articles.jsonl --truth labels.jsonl
      dedup tune articles.jsonl --truth labels.json --duplicate-labels S,C --ignore-labels P --html curves.html
    """
    from ..evaluation.labels import read_truth
    from ..evaluation.tune import measure_labels
    from ..evaluation.tune import tune as fit
    from ..readers.sources import read

    refuse_overwriting(make_reading(reading), paths, inputs=[truth], outputs={"--html": html})
    labels = read_truth(truth, duplicate=names_in(duplicate_labels), ignore=names_in(ignore_labels))
    config = make_config(level=level, threshold=threshold, max_chars=reading["max_chars"], settings=settings)
    found = fit(measure_labels(read(paths, make_reading(reading)), labels, config, jobs=jobs), config, beta=beta)
    if html:
        from dedup.writers.files import write_file
        from reports.renderers.tuning import render_curves

        write_file(html, [render_curves(found, ", ".join(paths))])
        tell(f"{html}: 1 page")
    echo_object(found, style, _lines)
    return 0


def _lines(found: dict[str, Any]) -> Iterator[str]:
    labelled = found["labelled"]
    labels = f"{counted(labelled['duplicates'], 'labelled duplicate')}, {counted(labelled['others'], 'other')}"
    yield f"{labels}; {counted(found['tried'], 'setting')} tried"
    for name in ("present", "recommended", "cross_validated"):
        figures = ", ".join(f"{key} {found[name][key]:.3f}" for key in ("precision", "recall", "f1"))
        yield f"{name.replace('_', '-')}: {figures}"
    yield "recommended: " + " ".join(f"--set {name}={value:g}" for name, value in found["recommended"]["settings"].items())
