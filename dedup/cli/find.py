"""``dedup find``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .. import kernels
from ..errors import ConfigError
from ..writers.counts import counted
from .options import (
    DIFFERENT,
    QUIET_PAGES,
    Progress,
    choice_options,
    exit_statuses,
    field_options,
    is_folder,
    lang_option,
    make_config,
    make_reading,
    reading_options,
    same_id_option,
    search_options,
    tell,
    write_parts,
)
from .outputs import refuse_overwriting
from .spark import OnSpark, find_on_spark, spark_options

if TYPE_CHECKING:
    from ..config import SameId
    from ..model import Document, Result

_TEXTS_ON_PAGE = 300
_STYLES = ["table", "pairs", "clusters", "json", "html"]


@click.command(epilog=exit_statuses("there are duplicates, with --check"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "style", type=click.Choice(_STYLES), help="What to write; by default a table, or what the output's name says.")
@click.option("--output", "-o", metavar="PATH", help="Write there instead of to stdout; with --engine spark a new folder of Parquet files.")
@click.option("--html", metavar="PATH", help="Also write the editor's page, or a folder of pages where the path does not end in .html.")
@lang_option
@click.option("--evidence", "with_evidence", is_flag=True, help="Add to each match what is shared, and where: pairs and json.")
@click.option("--relations", metavar="NAMES", help="Only matches with these relations (comma-separated), no clusters or bulletins.")
@same_id_option
@search_options()
@choice_options()
@field_options
@spark_options
@click.option("--check", is_flag=True, help="Exit with status 1 when there are duplicates.")
@click.option("--verbose", "-v", is_flag=True, help="Print to stderr what was proposed, compared and left out.")
@reading_options
def find(
    paths: tuple[str, ...],
    level: str | None,
    style: str | None,
    same_id: SameId,
    html: str | None,
    lang: str | None,
    with_evidence: bool,
    threshold: float | None,
    relations: str | None,
    settings: tuple[str, ...],
    jobs: int,
    keep: str | None,
    prefer: str | None,
    within: float | None,
    sources: str | None,
    engine: str,
    master: str | None,
    stages: str | None,
    spark_settings: tuple[str, ...],
    output: str | None,
    check: bool,
    verbose: bool,
    **reading: Any,
) -> int:
    """Find near-duplicate segments or documents.

    PATH is a file, a folder, a glob or - for standard input. A text file is split into segments (headed sections and paragraphs); a
    record of JSONL or CSV is one document.

    \b
    Examples:
      dedup find seeds --html report.html
      dedup find articles.jsonl --format pairs > pairs.jsonl
      zcat feed.jsonl.gz | dedup find - --threshold 0.6 --format clusters
      dedup find feed.jsonl --time-field date --within 14d --keep earliest --format clusters
      dedup find archive --engine spark --format clusters -o clusters.parquet
    """
    from ..pipeline import find_duplicates
    from ..readers.sources import read
    from ..text.ids import named

    style, page = _outputs(style, output, html, engine)
    if with_evidence and style not in ("pairs", "json"):
        raise click.UsageError("--evidence is for --format pairs and json")
    if html in ("", "-"):
        raise click.UsageError("--html needs the path of a page or a folder")
    given: dict[str, Any] = {"level": level, "threshold": threshold, "prefer": prefer, "keep": keep, "within": within, "sources": sources}
    config = make_config(settings=settings, max_chars=reading["max_chars"], **given)
    if engine == "spark":
        if same_id != "refuse" and click.get_current_context().get_parameter_source("same_id") is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--same-id {same_id} is not for --engine spark, where two texts with one id are refused")
        if html or with_evidence or relations:
            raise click.UsageError("--html, --evidence and --relations are not for --engine spark; dedup report --clusters writes pages")
        spark = OnSpark(master, jobs, stages, spark_settings, output)
        found, stats = find_on_spark(paths, style, config, make_reading(reading), spark, check=check, verbose=verbose)
        if verbose:
            _print_stats(stats)
        return DIFFERENT if found else 0
    if spark_settings or any(option is not None for option in (master, stages)):
        raise click.UsageError("--master, --stages and --conf are for --engine spark")
    outputs = {"--html": html, "--output": output}
    refuse_overwriting(make_reading(reading), paths, outputs=outputs, stdout=output in (None, "-"))
    wanted = _relations(relations)
    # A page and evidence show texts: those of matches are read again where the source can be, so that no others are held.
    again = all(map(_can_be_read_again, paths))
    documents: Iterable[Document] = read(paths, make_reading(reading))
    if (page or with_evidence) and not again:
        documents = list(documents)
    progress = Progress()
    try:
        result = find_duplicates(documents, config, jobs=jobs, progress=progress, same_id=same_id)
    finally:
        progress.close()
    if wanted:
        result = result.only(wanted)

    def texts_again() -> Iterable[Document]:
        return named(read(paths, make_reading(reading)) if again else documents, same_id)

    if page:
        _write_pages(result, texts_again(), page, lang, ", ".join(paths), bool(wanted))
    if style != "html":
        write_parts(_lines(result, style, _texts(result, texts_again()) if with_evidence else None), output)
    if verbose:
        _print_stats(result.stats)
    return DIFFERENT if check and result.duplicates else 0


def _can_be_read_again(path: str) -> bool:
    """Tell whether a path is none of a pipe or a device; a glob names files."""
    return path != "-" and (os.path.isfile(path) or os.path.isdir(path) or not os.path.exists(path))


def _outputs(style: str | None, output: str | None, html: str | None, engine: str) -> tuple[str, str | None]:
    """Return the format to write, and where pages go."""
    if engine == "local" and str(output).lower().endswith(".parquet"):
        raise click.UsageError(f"{output}: Parquet is written by --engine spark; give another name")
    if style is None and output not in (None, "-") and engine == "local":
        ending = os.path.splitext(str(output))[1].lower()
        style = {".html": "html", ".htm": "html", ".json": "json", ".txt": "table"}.get(ending)
        if style is None:
            raise click.UsageError(f"{output}: say what to write with --format; known by their names are .html .json .txt")
    if style != "html":
        return style or "table", html
    if html is not None:
        raise click.UsageError("--html and --format html both say where a page goes: give one")
    return style, output or "-"


def _relations(names: str | None) -> frozenset[Any]:
    from ..model import Relation

    try:
        return frozenset(Relation(name.strip()) for name in names.split(",")) if names is not None else frozenset()
    except ValueError as error:
        raise ConfigError(f"--relations {names}: {error}; there are {', '.join(Relation)}") from error


def _write_pages(result: Result, documents: Iterable[Any], path: str, lang: str | None, title: str, wanted: bool) -> None:
    from reports.build import build_report, build_reports
    from reports.renderers.folder import write_folder
    from reports.renderers.html import render_html

    matches = result.matches if wanted else result.duplicates
    if is_folder(path):
        bar = Progress(quiet=QUIET_PAGES)
        try:
            reports = build_reports(result, documents, matches)
            count = write_folder(path, reports, title=title, lang=lang, progress=lambda done: bar("pages written", done, None))
        finally:
            bar.close()
        tell(f"{path}: {counted(count, 'page')} and {'its' if count == 1 else 'their'} index")
        return
    report = build_report(result, documents, title=title, matches=matches, limit=_TEXTS_ON_PAGE)
    write_parts([render_html(report, lang=lang)], path)
    if path != "-":
        tell(f"{path}: 1 page")
    if report.left_out:
        tell(f"{path} shows the first {_TEXTS_ON_PAGE} texts that repeat; a folder shows {report.left_out:,} more")


def _texts(result: Result, documents: Iterable[Document]) -> dict[str, str]:
    """Return the texts of documents that matched, by id."""
    matched = {segment.document for match in result.matches for segment in (match.a, match.b)}
    return {document.id: document.text for document in documents if document.id in matched}


def _lines(result: Result, style: str, texts: Mapping[str, str] | None) -> Iterator[str]:
    from ..writers.objects import cluster_object, json_lines, match_object, result_object
    from ..writers.table import table

    if style == "table":
        return table(result)
    if style == "pairs":
        return json_lines(match_object(match, texts) for match in result.matches)
    if style == "clusters":
        return json_lines(map(cluster_object, result.clusters))
    return json_lines([result_object(result, texts)])


def _print_stats(stats: Mapping[str, Any]) -> None:
    tell(f"engine: {kernels.explanation()}")
    for name, value in stats.items():
        text = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        tell(f"{name.replace('_', ' ')}: {text}")
