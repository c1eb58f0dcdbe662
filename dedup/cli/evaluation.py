"""``dedup evaluate`` and ``dedup tune``: what labels say."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from ..writers.counts import counted
from .evaluation_lines import evaluation_lines
from .groups import EvaluationOptions, LabelOptions, ReadOptions, SearchOptions, TuningOutput, grouped
from .label_options import label_options
from .options import DIFFERENT, echo_object, exit_statuses, field_options, reading_options, search_options, tell
from .output_files import refuse_overwriting
from .progress import Progress
from .tuning_lines import tuning_lines

if TYPE_CHECKING:
    from ..config import Config
    from ..evaluation import Evaluation
    from ..evaluation.truth import Labels, LeftOut
    from ..model import Document

_FIGURES = {"f1": "f1", "f": "f1", "p": "precision", "precision": "precision", "r": "recall", "recall": "recall"}


def _limits(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Return the least figures that are asked for, by the names of the figures."""
    found = []
    for each in filter(None, (part.strip() for value in values for part in value.split(","))):
        name, _, limit = each.partition("=")
        try:
            number = float(limit)
        except ValueError:
            number = -1.0
        figure = _FIGURES.get(name.strip().lower())
        if figure is None or not 0 <= number <= 1:
            raise click.BadParameter(f"{each!r}: give F1, P or R and a number from 0 to 1, for example F1=.9")
        found.append((figure, number))
    return tuple(found)


@click.command(epilog=exit_statuses("a figure is under its limit, with --fail-under"))
@click.argument("paths", nargs=-1, metavar="[DOCS]...")
@click.option("--truth", required=True, metavar="FILE", help="Labels of pairs or clusters: CSV, other tables, JSON or JSONL; - is stdin.")
@label_options
@click.option("--exact", is_flag=True, help="Also search without sketches, and say how many of those pairs were candidates.")
@click.option("--against", metavar="FILE", help="Compare with another run on these labels, which was saved with --format json.")
@click.option(
    "--fail-under",
    multiple=True,
    metavar="F1=X",
    callback=_limits,
    help="Exit with status 1 where a figure is under X; also P=X and R=X; several with commas, or repeated.",
)
@click.option("--html", metavar="PATH", help="Also write a page of the wrong pairs, with both texts marked.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@search_options()
@field_options
@reading_options
@grouped(labels=LabelOptions, options=EvaluationOptions, search=SearchOptions, reading=ReadOptions)
def evaluate(paths: tuple[str, ...], labels: LabelOptions, options: EvaluationOptions, search: SearchOptions, reading: ReadOptions) -> int:
    """Measure what is found in DOCS against labels.

    Labels are rows or objects with two ids and a label, {"a": "id", "b": "id", "duplicate": true}, rows with an id and its cluster, or
    lists, {"pairs": [["id", "id"]], "neg_pairs": [...]} and {"clusters": [["id", "id"]]}. Pairs that hold their own texts need no DOCS.

    \b
    Examples:
      dedup evaluate articles.jsonl --truth labels.csv
      dedup evaluate articles.jsonl --truth labels.jsonl --html wrong.html
      dedup evaluate articles.jsonl --truth labels.json --duplicate-labels S,C --ignore-labels P --exact
      dedup evaluate articles.jsonl --truth labels.jsonl --fail-under F1=.9 --format json > now.json
      dedup evaluate articles.jsonl --truth labels.jsonl --threshold 0.6 --against now.json
    """
    from .. import evaluation

    inputs = [labels.truth, options.against, search.config_file]
    refuse_overwriting(reading.reading(), paths, inputs=inputs, outputs={"--html": options.html})
    _refuse_two_readers(paths, labels)
    if options.html in ("", "-"):
        raise click.UsageError("--html needs the path of a page")
    if "-" in paths and options.exact:
        raise click.UsageError("--exact reads the documents twice: give files, no standard input")
    against = None if options.against is None else evaluation.read_evaluation(options.against)
    config, read = search.config(reading), _labels(labels, paths)
    documents = reading.documents(paths)
    texts: Iterable[Document] = documents if paths else read.documents
    if options.html and not documents.can_be_read_again:
        texts = list(documents)
    progress = Progress()
    try:
        found = evaluation.evaluate(
            texts, read.truth, config, exact=options.exact, jobs=search.jobs, progress=progress, unknown="leave-out", against=against
        )
    finally:
        progress.close()
    _tell_left_out(labels.truth, found.left_out)
    if options.html:
        _write_wrong_pairs(options.html, found, texts, config, paths or (labels.truth,), bool(paths))
    echo_object(found.to_dict(), options.style, evaluation_lines, safe=True)
    for warning in found.warnings if options.style == "table" else ():  # JSON has them
        tell(warning)
    return _fail_under(found, dict(options.fail_under))


def _write_wrong_pairs(
    path: str, found: Evaluation, texts: Iterable[Document], config: Config, names: tuple[str, ...], explained: bool
) -> None:
    from reports.renderers.wrong_pairs import render_wrong_pairs

    from ..evaluation import wrong_pairs
    from ..writers.files import write_file

    pairs = [pair.to_dict() for pair in wrong_pairs(found, texts, config)]
    write_file(path, [render_wrong_pairs(found.to_dict(), pairs, ", ".join(names), names if explained else ())])
    tell(f"{path}: 1 page, {counted(len(pairs), 'wrong pair')}")


def _fail_under(found: Evaluation, limits: dict[str, float]) -> int:
    under = found.under(limits)
    if not under:
        return 0
    shown = (f"{name} {'has no value' if value is None else _digits(value)}, limit {limits[name]:g}" for name, value in under.items())
    tell(f"under the limit: {'; '.join(shown)}")
    return DIFFERENT


def _digits(value: float) -> str:
    """Return a figure with four digits, not rounded up to a limit that it is under."""
    return f"{math.floor(value * 1e4) / 1e4:.4f}"


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
