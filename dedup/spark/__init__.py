"""The search of `dedup.find_duplicates` on Spark: tables in, tables out, the same answers, where one machine is not enough.

Needs pyspark 4, pandas below 3 and pyarrow (``pip install 'bulletin-dedup[spark]'``), also on the workers, and Java 17.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile

try:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql import functions as F
except ImportError as error:
    raise ImportError("the search on Spark needs pyspark: pip install 'bulletin-dedup[spark]'") from error

from ..config import Config
from ..errors import ConfigError
from ..version import VERSION
from .pipeline import Search
from .stages import Progress, Stages, file_url, is_local, quoted

__all__ = ["Search", "clusters", "find_duplicates", "search"]


def find_duplicates(
    df: DataFrame,
    id_col: str,
    text_col: str,
    config: Config | None = None,
    *,
    time_col: str | None = None,
    source_col: str | None = None,
    folder: str | None = None,
) -> DataFrame:
    """Return the matches among the texts of a table, a row each, with the columns of ``dedup find --format pairs``, in no order.

    They are those that `dedup.find_duplicates` finds among the same texts. ``folder`` is a path or URL where the finished stages are kept,
    which every worker reads and writes: a run that was broken off goes on where it was, and `clusters` of the same texts
    and settings finds the work done. Where all work is done on this machine (a ``local`` master) it may be None: a folder that is gone when
    the program ends. Raises `InputError` for a text without an id, one beyond ``config.max_chars`` and two with one id, and `ConfigError`.
    """
    return search(df, id_col, text_col, config, time_col=time_col, source_col=source_col, folder=folder).matches


def clusters(
    df: DataFrame,
    id_col: str,
    text_col: str,
    config: Config | None = None,
    *,
    time_col: str | None = None,
    source_col: str | None = None,
    folder: str | None = None,
) -> DataFrame:
    """Return the members of all clusters, a row each: ``id``, ``cluster``, ``canonical``, the id of the canonical member, and ``relation``,
    how the member relates to that one, null for itself. For the rest see `find_duplicates`."""
    return search(df, id_col, text_col, config, time_col=time_col, source_col=source_col, folder=folder).clusters


def search(
    df: DataFrame,
    id_col: str,
    text_col: str,
    config: Config | None = None,
    *,
    time_col: str | None = None,
    source_col: str | None = None,
    folder: str | None = None,
    progress: Progress | None = None,
) -> Search:
    """Return the search of which `find_duplicates` and `clusters` are each one table; ``progress`` is called when a stage begins."""
    columns = {"id": id_col, "text": text_col, "time": time_col, "source": source_col}
    for name in filter(None, columns.values()):
        if name not in df.columns:
            raise ConfigError(f"the table has no column {name!r}; there are {', '.join(df.columns)}")
    given = {name: _seconds(df, name) if name == time_col else F.col(quoted(name)) for name in columns.values() if name}
    texts = df.select(*((given[name] if name else F.lit(None)).cast("string").alias(role) for role, name in columns.items()))
    return search_texts(texts, config or Config(), folder, _digest(texts) if folder else "", progress)


def search_texts(texts: DataFrame, config: Config, folder: str | None, of: str, progress: Progress | None = None) -> Search:
    """Return the search among texts as `TEXT` has them; ``of`` tells these from other ones. Internal: `search` is what is public."""
    spark = texts.sparkSession
    if folder is None and not is_local(spark):
        raise ConfigError("no folder for the stages; give one that every worker reads and writes: folder, or --stages")
    run = {"texts": of, "settings": config.key(), "version": VERSION}
    return Search(texts, config, Stages(spark, folder or _passing_folder(), run, progress or (lambda stage: None)))


def _seconds(df: DataFrame, name: str) -> Column:
    """Return a column of times; those of a zone as seconds, which no setting of the session changes."""
    column = F.col(quoted(name))
    zoned = df.select(column).dtypes[0][1] == "timestamp"
    return column.cast("decimal(20,6)") if zoned else column


def _digest(texts: DataFrame) -> str:
    """Return what tells the rows of a table from other ones, in any order."""
    row = F.xxhash64(*texts.columns).cast("decimal(38,0)")
    counted = texts.agg(F.count(F.lit(1)).alias("rows"), F.sum(row).alias("sum")).collect()[0]
    return f"{counted['rows']} {counted['sum']}"


def _passing_folder() -> str:
    folder = tempfile.mkdtemp(prefix="dedup-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return file_url(folder)


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
