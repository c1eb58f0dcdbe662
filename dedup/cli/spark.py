"""``dedup find --engine spark``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import ConfigError, EngineError, InputError, OutputError
from .output_files import refuse_overwriting

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from ..config import Config
    from ..readers.options import Reading
    from ..spark import Search

Command = TypeVar("Command", bound=Callable[..., Any])


def spark_options(command: Command) -> Command:
    """Add the options of a search on Spark."""
    options = [
        click.option(
            "--engine",
            type=click.Choice(["local", "spark"]),
            default="local",
            show_default=True,
            help="Where the search runs: on this machine, or on Spark.",
        ),
        click.option(
            "--master", metavar="URL", help="Master of the Spark cluster: spark://host:7077, yarn, k8s://...  [default: local[JOBS]]"
        ),
        click.option(
            "--stages",
            metavar="FOLDER",
            help="Folder in which Spark keeps finished stages, so that a run that was stopped goes on from there.",
        ),
        click.option("--conf", "spark_settings", multiple=True, metavar="NAME=VALUE", help="A setting of Spark; may be repeated."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class SparkOptions:
    """What does the work, where Spark does it, and where its stages go, as it was given."""

    engine: str
    master: str | None
    stages: str | None
    spark_settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SparkOutput:
    """What of a search on Spark is written, and where: pairs, clusters or origins; and whether duplicates and counts are asked for."""

    style: str
    path: str | None
    check: bool
    verbose: bool


def find_on_spark(
    paths: tuple[str, ...], config: Config, reading: Reading, spark: SparkOptions, jobs: int, out: SparkOutput
) -> tuple[bool, dict[str, Any]]:
    """Find on Spark, print or write what was found, and return whether there are duplicates, and the counts, where each is wanted."""
    if out.path in ("", "-") or spark.stages == "":
        raise click.UsageError("--output and --stages need the path of a folder")
    if out.style not in ("pairs", "clusters", "origins"):
        raise click.UsageError("--engine spark writes --format pairs or clusters")
    folders = {"--output": out.path, "--stages": spark.stages}
    tables = {f"{option} {path}": os.path.join(path, "part.parquet") for option, path in folders.items() if path and "://" not in path}
    refuse_overwriting(reading, paths, outputs=folders | tables, stdout=out.path is None)
    try:
        from ..spark import search_source
        from ..spark.reading import bytes_of, files_digest, list_files, located, source
        from ..spark.session import divide, session
        from ..spark.stages import is_local
    except ImportError as error:
        raise EngineError(str(error)) from error
    settings = dict(map(_setting, spark.spark_settings))
    with session(spark.master, jobs, settings) as running, _folder(spark.stages, is_local(running)) as folder:
        if out.path is not None and _is_there(running, out.path):
            raise OutputError(f"{out.path}: there already; delete it, or give another folder")
        files = list_files(running, paths, reading)
        divide(running, bytes_of(files))
        try:
            found = search_source(source(running, files, reading), config, folder, files_digest(files, reading), _progress)
            _write(found, out.style, out.path)
        except InputError as error:
            raise located(error, reading, config) from error
        return out.check and found.any_duplicates(), found.stats() if out.verbose else {}


@contextmanager
def _folder(stages: str | None, local: bool) -> Iterator[str | None]:
    """Yield the folder of the stages, one that passes where none is named and all work is done on this machine."""
    if stages is not None or not local:
        yield None if stages is None else _url(stages)
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="dedup-spark-") as folder:
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
    from ..writers.objects import json_lines

    if output is not None:
        tables = {"pairs": lambda: found.matches, "clusters": lambda: found.clusters, "origins": lambda: found.origins}
        tables[style]().write.parquet(_url(output))
        return
    if style == "origins":
        sys.stdout.writelines(json_lines(map(_rounded, found.ordered_origins())))
        return
    if style == "pairs":
        sys.stdout.writelines(found.match_lines())
    else:
        sys.stdout.writelines(json_lines(cluster.to_dict() for cluster in found.ordered_clusters()))


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with four digits of its shares."""
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}


def _is_there(spark: SparkSession, path: str) -> bool:
    from pyspark.errors import AnalysisException

    from ..spark.stages import literal

    try:
        spark.read.format("binaryFile").load(literal(_url(path)))
    except AnalysisException:
        return False
    return True
