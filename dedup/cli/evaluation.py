"""``dedup evaluate`` and ``dedup tune``: what labels say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..writers.counts import counted
from .groups import LabelOptions, ReadOptions, SearchOptions, TuningOutput, grouped
from .label_options import label_options
from .options import echo_object, exit_statuses, field_options, reading_options, search_options, tell
from .output_files import refuse_overwriting
from .progress import Progress
from .tuning_lines import tuning_lines

if TYPE_CHECKING:
    from ..evaluation.truth import Labels, LeftOut


@click.command(epilog=exit_statuses())
@click.argument("paths", nargs=-1, metavar="[DOCS]...")
@click.option("--truth", required=True, metavar="FILE", help="Labels of pairs or clusters: CSV, other tables, JSON or JSONL; - is stdin.")
@label_options
@click.option("--exact", is_flag=True, help="Also search without sketches, and say how many of those pairs were candidates.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@search_options()
@field_options
@reading_options
@grouped(labels=LabelOptions, search=SearchOptions, reading=ReadOptions)
def evaluate(paths: tuple[str, ...], labels: LabelOptions, exact: bool, style: str, search: SearchOptions, reading: ReadOptions) -> int:
    """Measure what is found in DOCS against labels.

    Labels are rows or objects with two ids and a label, {"a": "id", "b": "id", "duplicate": true}, rows with an id and its cluster, or
    lists, {"pairs": [["id", "id"]], "neg_pairs": [...]} and {"clusters": [["id", "id"]]}. Pairs that hold their own texts need no DOCS.

    \b
    Examples:
      dedup evaluate articles.jsonl --truth labels.csv
      dedup evaluate articles.jsonl --truth labels.jsonl
      dedup evaluate articles.jsonl --truth labels.json --duplicate-labels S,C --ignore-labels P --exact
    """
    from .. import evaluation

    refuse_overwriting(reading.reading(), paths, inputs=[labels.truth], outputs={})
    _refuse_two_readers(paths, labels)
    if "-" in paths and exact:
        raise click.UsageError("--exact reads the documents twice: give files, no standard input")
    config, read = search.config(reading), _labels(labels, paths)
    texts = reading.documents(paths) if paths else read.documents
    progress = Progress()
    try:
        found = evaluation.evaluate(texts, read.truth, config, exact=exact, jobs=search.jobs, progress=progress, unknown="leave-out")
    finally:
        progress.close()
    _tell_left_out(labels.truth, found.left_out)
    echo_object(found.to_dict(), style, _evaluation_lines)
    return 0


def _refuse_two_readers(paths: tuple[str, ...], labels: LabelOptions) -> None:
    if "-" in paths and labels.truth == "-":
        raise click.UsageError("documents and labels are both read from standard input: give a file for one of them")


def _labels(options: LabelOptions, paths: tuple[str, ...]) -> Labels:
    """Return the labels, with their texts where no documents are given, and say what was told from the file."""
    read = options.read(own_texts=not paths)
    for note in read.notes:
        tell(f"{options.truth}: {note}")
    if not paths and not read.documents:
        raise click.UsageError("these labels hold ids, no texts: give the documents that they name, DOCS")
    if not read.truth.listed and read.truth.pairs and all(same is not False for same in read.truth.pairs.values()):
        tell(f"{options.truth}: no pair is labelled as no duplicate, so precision and F1 say nothing")
    return read


def _tell_left_out(path: str, left_out: LeftOut | None) -> None:
    if left_out is not None:
        some = ", ".join(map(repr, left_out.examples))
        ids = f"{counted(left_out.ids, 'id')} that no document has, for example {some}"
        tell(f"{path}: {counted(left_out.labels, 'label')} left out, of {ids}; check --id-field and the labels")


def _figures(found: dict[str, Any]) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {value:.3f}" for key, value in found.items() if value is not None)


def _without_value(found: dict[str, Any]) -> str | None:
    """Return which figures have no value, and why; None where all have one."""
    missing = [key.replace("_", " ") for key, value in found.items() if value is None]
    if not missing:
        return None
    why = "no pair that is labelled was matched as a duplicate"
    if found["recall"] is None:
        why = "the labelled duplicates weigh nothing"
    elif found["f1"] is None:
        why = "these labels are of duplicates alone, and say nothing of other pairs"
    return f"no value for {' and '.join(missing)}: {why}"


def _evaluation_lines(found: dict[str, Any]) -> Iterator[str]:
    yield counted(found["labelled"], "labelled pair")
    for name in ("pairs", "clusters"):
        if name in found:
            yield f"{name}: {_figures(found[name]) or 'no figures'}"
            if (why := _without_value(found[name])) is not None:
                yield f"{name}: {why}"
    for label, counts in found["relations"].items():
        share = found.get("labels", {}).get(label, {}).get("share")
        taken = f"{share:.3f} taken for duplicates; " if share is not None else ""
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
@click.argument("paths", nargs=-1, metavar="[DOCS]...")
@click.option("--truth", required=True, metavar="FILE", help="Labelled pairs: CSV, other tables, JSON or JSONL; see dedup evaluate.")
@label_options
@click.option(
    "--beta",
    type=click.FloatRange(0.1, 10),
    default=0.5,
    show_default=True,
    help="Weight of recall against precision in the choice: below 1 precision counts more.",
)
@click.option("--config", "written", metavar="FILE", help="Write the recommended settings to a file, which other commands read.")
@click.option("--html", metavar="PATH", help="Also write a page with the curves.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@search_options(config=False)
@field_options
@reading_options
@grouped(labels=LabelOptions, out=TuningOutput, search=SearchOptions, reading=ReadOptions)
def tune(paths: tuple[str, ...], labels: LabelOptions, beta: float, out: TuningOutput, search: SearchOptions, reading: ReadOptions) -> int:
    """Fit the model and its limit to labelled pairs in DOCS, and say whether that helps.

    What is fitted is scored on pairs that it was not fitted to: cross-validated. It is recommended where it is better than the present
    settings by more than chance. With few labels the model stays as it is.

    \b
    Examples:
      dedup tune articles.jsonl --truth labels.jsonl
      dedup tune articles.jsonl --truth labels.json --duplicate-labels S,C --ignore-labels P --html curves.html
      dedup tune articles.jsonl --truth labels.jsonl --config tuned.json
      dedup find articles.jsonl --config tuned.json
    """
    from .. import evaluation
    from ..writers.files import write_file
    from ..writers.objects import json_lines

    outputs = {"--html": out.html, "--config": out.written}
    refuse_overwriting(reading.reading(), paths, inputs=[labels.truth], outputs=outputs)
    _refuse_two_readers(paths, labels)
    if empty := [option for option, path in outputs.items() if path in ("", "-")]:
        raise click.UsageError(f"{empty[0]} needs the path of a file")
    config, read = search.config(reading), _labels(labels, paths)
    texts = reading.documents(paths) if paths else read.documents
    tuned = evaluation.tune(texts, read.truth, config, beta=beta, jobs=search.jobs, unknown="leave-out")
    _tell_left_out(labels.truth, tuned.left_out)
    found = tuned.to_dict()
    if out.html:
        from reports.renderers.tuning import render_curves

        write_file(out.html, [render_curves(found, ", ".join(paths) or labels.truth)])
        tell(f"{out.html}: 1 page")
    if out.written:
        write_file(out.written, json_lines([found["recommended"]["config"]]))
        tell(f"{out.written}: {'the recommended' if tuned.helps else 'the present'} settings")
    echo_object(found, out.style, lambda found: tuning_lines(found, out.written))
    return 0
