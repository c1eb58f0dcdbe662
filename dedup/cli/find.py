"""``dedup find``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .. import kernels
from ..errors import ConfigError
from .answers import TextOptions
from .groups import OutputOptions, ReadOptions, SearchOptions, grouped
from .ignored import learned
from .options import (
    DIFFERENT,
    choice_options,
    exit_statuses,
    field_options,
    lang_option,
    order_option,
    reading_options,
    same_id_option,
    search_options,
    tell,
    write_parts,
)
from .output_files import refuse_overwriting
from .pages import Pages, write_pages
from .searching import searched
from .spark import SparkOptions, SparkOutput, find_on_spark, spark_options

if TYPE_CHECKING:
    from ..config import Config, SameId
    from ..model import Document, Order, Relation, Result
    from ..origins.model import Origins
    from ..readers.sources import Documents
    from ..writers.tables import TableFile

_STYLES = ["table", "pairs", "clusters", "json", "html"]


@dataclass(frozen=True, slots=True)
class ShowOptions:
    """What is shown of a result, and what the exit status tells."""

    with_evidence: bool
    titles: bool
    relations: str | None
    origins: bool
    check: bool
    verbose: bool


@click.command(epilog=exit_statuses("there are duplicates, with --check"))
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--index", "url", metavar="INDEX", help="What people have said of pairs in it holds; without PATH it is searched itself.")
@click.option("--format", "style", type=click.Choice(_STYLES), help="What to write; by default a table, or what the output's name says.")
@click.option(
    "--output",
    "-o",
    metavar="PATH",
    help="Write there instead of to stdout: also a table (.csv .tsv .parquet) or a database of all tables (.db .sqlite); with --engine "
    "spark a new folder of Parquet files.",
)
@click.option("--html", metavar="PATH", help="Also write the editor's page, or a folder of pages where the path does not end in .html.")
@lang_option
@click.option(
    "--evidence", "with_evidence", is_flag=True, help="Add to each match what both texts share, and where (with --format pairs or json)."
)
@click.option("--titles", is_flag=True, help="Add the title, source, time and url of each text (with --format pairs, clusters or json).")
@click.option("--relations", metavar="NAMES", help="Only matches with these relations (comma-separated), without clusters and bulletins.")
@click.option(
    "--origins",
    is_flag=True,
    help="Add the story of each text, and its origin there (--format clusters or json, or a database). On Spark: a table of these.",
)
@same_id_option
@order_option
@search_options()
@choice_options()
@field_options
@spark_options
@click.option("--check", is_flag=True, help="Exit with status 1 when there are duplicates.")
@click.option("--verbose", "-v", is_flag=True, help="Print to stderr how many pairs were proposed, compared and left out.")
@reading_options
@grouped(texts=TextOptions, search=SearchOptions, reading=ReadOptions, out=OutputOptions, shown=ShowOptions, spark=SparkOptions)
def find(
    paths: tuple[str, ...],
    texts: TextOptions,
    search: SearchOptions,
    reading: ReadOptions,
    out: OutputOptions,
    shown: ShowOptions,
    spark: SparkOptions,
) -> int:
    """Find near-duplicate segments or documents.

    PATH is a file, a folder, a glob or - for standard input; what a file is comes from its name and its first bytes. A text, a Word
    file, RTF or PDF is split into segments (headed sections and paragraphs); a record, an article of a feed, a web page or a mail is
    one document.

    \b
    Examples:
      dedup find seeds --html report.html
      dedup find articles.jsonl --format pairs > pairs.jsonl
      dedup find answer.json --records data.articles --text-field headline,body
      zcat feed.jsonl.gz | dedup find - --threshold 0.6 --format clusters
      dedup find articles.jsonl -o result.csv
      dedup find feed.jsonl --time-field date --within 14d --keep earliest --format clusters
      dedup find --index seen.db --format clusters
      dedup find archive --engine spark --format clusters -o clusters.parquet
    """
    from ..pipeline import find_clusters, find_duplicates, find_pairs
    from ..writers.pair_lines import pair_lines
    from ..writers.tables import check_tables, table_file, write_tables

    url, same_id, order = texts.url, texts.same_id, texts.order
    verdicts, stored, settings = texts.answers(paths, local=spark.engine == "local")
    style, page = _outputs(out, local=spark.engine == "local")
    tables = spark.engine == "local" and out.output is not None and table_file(out.output) is not None
    if shown.with_evidence and (tables or style not in ("pairs", "json")):
        raise click.UsageError("--evidence is for --format pairs and json, and for no tables")
    if shown.titles and style not in ("pairs", "clusters", "json"):
        raise click.UsageError("--titles is for --format pairs, clusters and json; a table has them")
    if shown.origins and spark.engine == "spark":
        style = _origins_style(out.style)
    elif shown.origins and style not in ("clusters", "json") and not (tables and table_file(str(out.output)) == "database"):
        raise click.UsageError("--origins is for --format clusters and json, and for a database; dedup origins prints them for people")
    if out.html in ("", "-"):
        raise click.UsageError("--html needs the path of a page or a folder")
    learns = search.ignore_lines == "auto"
    if learns and spark.engine == "spark":
        raise click.UsageError("--ignore-lines auto is not for --engine spark; give a file with lines")
    config = (replace(search, ignore_lines=None) if learns else search).config(reading, settings)
    if spark.engine == "spark":
        _refuse_on_spark(same_id, order, out, shown)
        to = SparkOutput(style, out.output, shown.check, shown.verbose)
        any_duplicates, stats = find_on_spark(paths, config, reading.reading(), spark, search.jobs, to)
    else:
        if spark.spark_settings or any(option is not None for option in (spark.master, spark.stages)):
            raise click.UsageError("--master, --stages and --conf are for --engine spark")
        outputs = {"--html": out.html, "--output": out.output}
        refuse_overwriting(reading.reading(), paths, inputs=[search.config_file, url], outputs=outputs, stdout=out.output in (None, "-"))
        if tables:
            check_tables(str(out.output))
        wanted = _relations(shown.relations)
        if wanted and style == "clusters":
            raise click.UsageError(
                "--relations keeps matches alone: give --format pairs, or choose what is in a cluster by --duplicates-include"
            )
        documents: Documents | list[Document] = reading.documents(paths) if paths else stored
        if learns:
            documents, config = learned(documents, config)
        how: dict[str, Any] = {"config": config, "jobs": search.jobs, "same_id": same_id, "verdicts": verdicts}
        is_plain = not (page or tables or wanted or shown.with_evidence or shown.titles or shown.origins)
        if style == "pairs" and is_plain:
            matched, _ = searched(documents, partial(find_pairs, **how), same_id, shows_texts=False)
            write_parts(pair_lines(matched), out.output)
            return _ended(bool(shown.check and matched.duplicates), matched.stats, shown)
        if style == "clusters" and is_plain:
            from ..writers.objects import json_lines

            found, _ = searched(documents, partial(find_clusters, **how), same_id, shows_texts=False)
            write_parts(json_lines(cluster.to_dict() for cluster in found.clusters), out.output)
            return _ended(bool(shown.check and found.duplicates), found.stats, shown)
        find = partial(find_duplicates, order=order, **how)
        result, read = searched(documents, find, same_id, shows_texts=bool(page or shown.with_evidence or shown.origins))
        # A page without matches tells of no origins: the texts need not be read once more.
        origins = _origins(result, read(), config) if shown.origins or (page and result.matches) else None
        result = replace(result, origins=origins) if shown.origins else result
        result = result.only(wanted) if wanted else result
        if page:
            matches = result.matches if wanted else result.duplicates
            write_pages(Pages(result, matches, origins), read(), page, out.lang, ", ".join(paths or (str(url),)))
        if tables:
            write_tables(str(out.output), result, "clusters" if style == "clusters" else "matches")
        elif style != "html":
            write_parts(_lines(result, style, _texts(result, read()) if shown.with_evidence else None, shown.titles), out.output)
        any_duplicates, stats = bool(shown.check and result.duplicates), result.stats
    return _ended(any_duplicates, stats, shown)


def _ended(any_duplicates: bool, stats: Mapping[str, Any], shown: ShowOptions) -> int:
    if shown.verbose:
        _print_stats(stats)
    return DIFFERENT if any_duplicates else 0


def _origins(result: Result, documents: Iterable[Document], config: Config) -> Origins:
    from ..stories import origins_of

    return origins_of(result, documents, config)


def _refuse_on_spark(same_id: SameId, order: Order, out: OutputOptions, shown: ShowOptions) -> None:
    if same_id != "refuse" and click.get_current_context().get_parameter_source("same_id") is ParameterSource.COMMANDLINE:
        raise click.UsageError(f"--same-id {same_id} is not for --engine spark, where two texts with one id are refused")
    if order != "auto":
        raise click.UsageError("--order is not for --engine spark, which matches no bulletins")
    if out.html or shown.with_evidence or shown.titles or shown.relations:
        raise click.UsageError(
            "--html, --evidence, --titles and --relations are not for --engine spark; dedup report --clusters writes pages"
        )


def _origins_style(style: str | None) -> str:
    """Return that origins are written from Spark. Raises `UsageError` where another format is asked for."""
    if style is not None:
        raise click.UsageError("--origins writes a table of its own on Spark: leave --format out")
    return "origins"


def _outputs(out: OutputOptions, *, local: bool) -> tuple[str, str | None]:
    """Return the format to write, and where pages go."""
    from ..writers.tables import table_file

    style, output = out.style, out.output
    if local and output not in (None, "-"):
        kind = table_file(str(output))
        if kind is not None:
            return _style_of_tables(style, kind, str(output)), out.html
        if style is None:
            ending = os.path.splitext(str(output))[1].lower()
            style = {".html": "html", ".htm": "html", ".json": "json", ".txt": "table"}.get(ending)
        if style is None:
            known = ".html .json .txt .csv .tsv .parquet .db .sqlite"
            raise click.UsageError(f"{output}: say what to write with --format; known by their names are {known}")
    if style != "html":
        return style or "table", out.html
    if out.html is not None:
        raise click.UsageError("--html and --format html both say where a page goes: give one")
    return style, output or "-"


def _style_of_tables(style: str | None, kind: TableFile, output: str) -> str:
    """Return what a table has rows for: pairs, or clusters."""
    if kind == "database" and style is not None:
        raise click.UsageError(f"{output}: a database holds matches and clusters; leave out --format")
    if style not in (None, "pairs", "clusters"):
        raise click.UsageError(f"{output}: a table holds --format pairs or clusters; give {style} a name with another ending")
    return style or "pairs"


def _relations(names: str | None) -> frozenset[Relation]:
    from ..model import Relation

    try:
        return frozenset(Relation(name.strip()) for name in names.split(",")) if names is not None else frozenset()
    except ValueError as error:
        raise ConfigError(f"--relations {names}: {error}; there are {', '.join(Relation)}") from error


def _texts(result: Result, documents: Iterable[Document]) -> dict[str, str]:
    """Return the texts of documents that matched, by id."""
    matched = {segment.document for match in result.matches for segment in (match.a, match.b)}
    return {document.id: document.text for document in documents if document.id in matched}


def _lines(result: Result, style: str, texts: Mapping[str, str] | None, titles: bool) -> Iterator[str]:
    from ..writers.objects import cluster_objects, json_lines, match_objects, result_object
    from ..writers.table import table

    if style == "table":
        return table(result)
    if style == "pairs":
        return json_lines(match_objects(result, texts, titles=titles))
    if style == "clusters":
        return json_lines(cluster_objects(result, titles=titles))
    return json_lines([result_object(result, texts, titles=titles)])


def _print_stats(stats: Mapping[str, Any]) -> None:
    tell(f"engine: {kernels.explanation()}")
    for name, value in stats.items():
        text = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        tell(f"{name.replace('_', ' ')}: {text}")
