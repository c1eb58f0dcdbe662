"""Stages: the finished tables of a run are kept in a folder of all workers, so that an interrupted run can continue."""

from __future__ import annotations

import json
import logging
import os
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow.parquet import write_table
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

_LOG = logging.getLogger(__name__)
_LIST = "finished-stages"
_LISTED = "run string, stages string"
_PLAIN = "parquet.enable.dictionary", "false"  # few values of a stage recur, and each would be looked up
_HERE = "file://"
Progress = Callable[[str], None]
"""Called with the name of a stage when it begins."""


def is_local(spark: SparkSession) -> bool:
    """Tell whether all work is done on this machine."""
    master = spark.conf.get("spark.master", "") or ""
    return master.startswith("local") and not master.startswith("local-cluster")


def file_url(path: str) -> str:
    """Return a path of this machine as a URL."""
    return _HERE + os.path.abspath(path)


def literal(path: str) -> str:
    """Return a path with escapes, because Spark reads some signs as a pattern."""
    return re.sub(r"([\\{}\[\]*?])", r"\\\1", path)


def quoted(column: str) -> str:
    """Return the name of a column in quotes, because Spark gives some signs a meaning."""
    return "`" + column.replace("`", "``") + "`"


@dataclass
class Stages:
    """The finished stages of a run. ``folder`` is a path or URL that every worker can read and write; ``run`` names texts and settings.

    Every stage has a folder of its own, which nothing else writes. When a stage is finished, it is listed together with all stages that it
    was made from. So parallel runs do not disturb each other, stages of other texts or settings are not used, and other files in the
    folder are not touched.
    """

    spark: SparkSession
    folder: str
    run: dict[str, Any]
    progress: Progress = field(default=lambda stage: None)
    _places: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        try:
            listed = self.spark.read.schema(_LISTED).parquet(literal(self._path(_LIST))).where("run is not null").collect()
        except AnalysisException:  # nothing is finished
            listed = []
        lists = [row.stages for row in listed if row.run == self._run]
        self._places = json.loads(max(lists, key=lambda each: (each.count(":"), each), default="{}"))  # the longest

    @property
    def _run(self) -> str:
        return json.dumps(self.run, sort_keys=True)

    def _path(self, name: str) -> str:
        return f"{self.folder.rstrip('/')}/{name}"

    def table(self, name: str, make: Callable[[], DataFrame], check: Callable[[DataFrame], None] | None = None) -> DataFrame:
        """Return the table of a stage. It is made if no earlier run has made it. If ``check`` raises, it is not listed."""
        if name in self._places:
            _LOG.info("stage %s: an earlier run has finished it; its work is skipped", name)
            return self.spark.read.parquet(literal(self._path(self._places[name])))
        made = make()  # the stages that it is made from begin before it
        self.progress(name)
        place = f"{name}-{uuid.uuid4().hex[:12]}"
        made.write.option(*_PLAIN).parquet(self._path(place))
        table = self.spark.read.schema(made.schema).parquet(literal(self._path(place)))
        if check is not None:
            check(table)
        self._places[name] = place
        self._list({"run": self._run, "stages": json.dumps(self._places)})
        return table

    def _list(self, listed: dict[str, str]) -> None:
        if is_local(self.spark) and self.folder.startswith(_HERE + "/"):  # one row needs no job
            folder = Path(self._path(_LIST).removeprefix(_HERE))
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = folder / f"_{uuid.uuid4().hex}"  # a name that Spark does not read
            write_table(pa.table({name: [value] for name, value in listed.items()}), unfinished, compression="none")
            unfinished.rename(folder / f"part-{unfinished.name[1:]}.parquet")
            return
        row = self.spark.range(1, numPartitions=1).select(*(F.lit(value).alias(name) for name, value in listed.items()))
        row.write.mode("append").parquet(self._path(_LIST))
