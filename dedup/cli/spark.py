"""``dedup find --engine spark``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import ConfigError, EngineError, InputError, OutputError
from .outputs import refuse_overwriting

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from ..config import Config
    from ..readers.options import Reading
    from ..spark import Search

Command = TypeVar("Command", bound=Callable[..., Any])


def spark_options(command: Command) -> Command:
    """Add the options of a search on Spark."""
    options = [
        click.option("--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True, help="What does the work."),
        click.option("--master", metavar="URL", help="Of Spark: spark://host:7077, yarn, k8s://...  [default: local[JOBS]]"),
        click.option("--stages", metavar="FOLDER", help="Of Spark: where finished stages are kept, so that a run goes on where it was."),
        click.option("--conf", "spark_settings", multiple=True, metavar="NAME=VALUE", help="A setting of Spark; may be repeated."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class OnSpark:
    """Where a search is done, and where its stages and its result go, from the options that were given."""

    master: str | None
    jobs: int
    stages: str | None
    settings: tuple[str, ...]
    output: str | None


def find_on_spark(
    paths: tuple[str, ...],
    style: str,
    config: Config,
    reading: Reading,
    on: OnSpark,
    *,
    check: bool,
    verbose: bool,
) -> tuple[bool, dict[str, Any]]:
    """Find on Spark, print or write what was found, and return whether there are duplicates, and the counts, where each is wanted."""
    if on.output in ("", "-") or on.stages == "":
        raise click.UsageError("--output and --stages need the path of a folder")
    if style not in ("pairs", "clusters"):
        raise click.UsageError("--engine spark writes --format pairs or clusters")
    tables = {f"{option} {path}": os.path.join(path, "part.parquet") for option, path in _named(on) if path and "://" not in path}
    refuse_overwriting(reading, paths, outputs=dict(_named(on)) | tables, stdout=on.output is None)
    try:
        from ..spark import search_texts
        from ..spark.reading import files_digest, list_files, located, texts
        from ..spark.session import session
        from ..spark.stages import is_local
    except ImportError as error:
        raise EngineError(str(error)) from error
    with session(on.master, on.jobs, dict(map(_setting, on.settings))) as spark, _folder(on.stages, is_local(spark)) as folder:
        if on.output is not None and _is_there(spark, on.output):
            raise OutputError(f"{on.output}: there already; delete it, or give another folder")
        files = list_files(spark, paths, reading)
        try:
            found = search_texts(texts(spark, files, reading), config, folder, files_digest(files, reading), _progress)
            _write(found, style, on.output)
        except InputError as error:
            raise located(error, reading, config) from error
        return check and found.any_duplicates(), found.stats() if verbose else {}


def _named(on: OnSpark) -> list[tuple[str, str | None]]:
    return [("--output", on.output), ("--stages", on.stages)]


@contextmanager
def _folder(stages: str | None, local: bool) -> Iterator[str | None]:
    """Yield the folder of the stages, one that passes where none is named and all work is done on this machine."""
    if stages is not None or not local:
        yield None if stages is None else _url(stages)
        return
    with tempfile.TemporaryDirectory(prefix="dedup-spark-") as folder:
        yield _url(folder)


def _setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise ConfigError(f"--conf {text}: write NAME=VALUE, spark.executor.memory=4g for example")
    return name, value


def _url(path: str) -> str:
    from ..spark.stages import file_url

    return path if "://" in path else file_url(path)


def _progress(stage: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"{stage}", err=True)


def _write(found: Search, style: str, output: str | None) -> None:
    from ..writers.objects import cluster_object, json_lines, match_object

    if output is not None:
        (found.matches if style == "pairs" else found.clusters).write.parquet(_url(output))
        return
    if style == "pairs":
        sys.stdout.writelines(json_lines(map(match_object, found.ordered_matches())))
    else:
        sys.stdout.writelines(json_lines(map(cluster_object, found.ordered_clusters())))


def _is_there(spark: SparkSession, path: str) -> bool:
    from pyspark.errors import AnalysisException

    from ..spark.stages import literal

    try:
        spark.read.format("binaryFile").load(literal(_url(path)))
    except AnalysisException:
        return False
    return True
