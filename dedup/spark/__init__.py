"""The search of `dedup.find_duplicates` on Spark, for more texts than one machine can search: tables in, tables out, the same results.

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
from ..verification.background import digest_of, open_background
from ..version import VERSION
from .pipeline import Search
from .source import Source
from .stages import Progress, Stages, file_url, is_local, quoted

__all__ = ["Search", "clusters", "find_duplicates", "origins", "search"]


def find_duplicates(
    df: DataFrame,
    id_col: str,
    text_col: str,
    config: Config | None = None,
    *,
    time_col: str | None = None,
    source_col: str | None = None,
    byline_col: str | None = None,
    folder: str | None = None,
) -> DataFrame:
    """Return the matches among the texts of a table, a row each, with the columns of ``dedup find --format pairs``, in no order.

    They are the matches that `dedup.find_duplicates` finds among the same texts. ``folder`` is a path or URL that every worker can read and
    write. The finished stages are kept in it: a run that was interrupted continues there, and `clusters` of the same texts and settings
    uses the same stages. With a ``local`` master it may be None: then the folder is temporary. Raises `ConfigError`, and `InputError` for
    a text without an id, a text of more than ``config.max_chars``, and two texts with one id.
    """
    return search(df, id_col, text_col, config, time_col=time_col, source_col=source_col, byline_col=byline_col, folder=folder).matches


def clusters(
    df: DataFrame,
    id_col: str,
    text_col: str,
    config: Config | None = None,
    *,
    time_col: str | None = None,
    source_col: str | None = None,
    byline_col: str | None = None,
    folder: str | None = None,
) -> DataFrame:
    """Return the members of all clusters, a row each: ``id``, ``cluster``, ``canonical`` and ``relation``.

    ``canonical`` is the id of the canonical member. ``relation`` is the relation of the member to it, null for itself. The arguments are
    those of `find_duplicates`.
    """
    return search(df, id_col, text_col, config, time_col=time_col, source_col=source_col, byline_col=byline_col, folder=folder).clusters


def origins(
    df: DataFrame,
    id_col: str,
    text_col: str,
    config: Config | None = None,
    *,
    time_col: str | None = None,
    source_col: str | None = None,
    byline_col: str | None = None,
    folder: str | None = None,
) -> DataFrame:
    """Return the texts of all stories, a row each: ``id``, ``story``, ``group``, ``first``, ``carries``, ``probability``, ``own``,
    ``quoted`` and ``independent_origins``.

    They are what `dedup.find_origins` tells of the same texts: the number of a text's group and the text of it that was likely first, what
    the text carries and how probable that is, null where it cannot be told, its shares of own and of quoted words, and the number of groups
    of its story. The arguments are those of `find_duplicates`.
    """
    return search(df, id_col, text_col, config, time_col=time_col, source_col=source_col, byline_col=byline_col, folder=folder).origins


def search(
    df: DataFrame,
    id_col: str,
    text_col: str,
    config: Config | None = None,
    *,
    time_col: str | None = None,
    source_col: str | None = None,
    byline_col: str | None = None,
    folder: str | None = None,
    progress: Progress | None = None,
) -> Search:
    """Return the search whose tables `find_duplicates`, `clusters` and `origins` return. ``progress`` is called when a stage begins."""
    columns = {"id": id_col, "text": text_col, "time": time_col, "source": source_col, "byline": byline_col}
    for name in filter(None, columns.values()):
        if name not in df.columns:
            raise ConfigError(f"the table has no column {name!r}; there are {', '.join(df.columns)}")
    given = {name: _seconds(df, name) if name == time_col else F.col(quoted(name)) for name in columns.values() if name}
    texts = df.select(*((given[name] if name else F.lit(None)).cast("string").alias(role) for role, name in columns.items()))
    return search_source(Source.of(texts), config or Config(), folder, table_digest(texts) if folder else "", progress)


def search_source(source: Source, config: Config, folder: str | None, digest: str, progress: Progress | None = None) -> Search:
    """Return the search among the texts of a source. ``digest`` tells these texts from others. Internal: use `search`."""
    spark = source.table.sparkSession
    if folder is None and not is_local(spark):
        raise ConfigError("no folder for the stages; name one that every worker can read and write, with folder or --stages")
    open_background(config)
    run = {"texts": digest, "background": digest_of(config), "settings": config.key(), "version": VERSION}
    return Search(source, config, Stages(spark, folder or _temporary_folder(), run, progress or (lambda stage: None)))


def _seconds(df: DataFrame, name: str) -> Column:
    """Return a column of times. Times with a zone become seconds, which do not depend on the settings of the session."""
    column = F.col(quoted(name))
    zoned = df.select(column).dtypes[0][1] == "timestamp"
    return column.cast("decimal(20,6)") if zoned else column


def table_digest(texts: DataFrame) -> str:
    """Return a digest of the rows of a table, the same for any order of them."""
    row = F.xxhash64(*texts.columns).cast("decimal(38,0)")
    counted = texts.agg(F.count(F.lit(1)).alias("rows"), F.sum(row).alias("sum")).collect()[0]
    return f"{counted['rows']} {counted['sum']}"


def _temporary_folder() -> str:
    folder = tempfile.mkdtemp(prefix="dedup-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return file_url(folder)


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
