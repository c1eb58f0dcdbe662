"""The finished stages of a run, kept in a folder that all workers reach, so that a run that was broken off goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from ..errors import ConfigError

_DONE = "stage string, run string"
Progress = Callable[[str], None]
"""Called with the name of a stage when it begins."""


def is_local(spark: SparkSession) -> bool:
    """Tell whether all work is done on this machine."""
    master = spark.conf.get("spark.master", "") or ""
    return master.startswith("local") and not master.startswith("local-cluster")


@dataclass
class Stages:
    """``folder`` is a path or URL that every worker can read and write. ``run`` says what the stages are made of and with: a folder that
    holds those of something else is refused."""

    spark: SparkSession
    folder: str
    run: dict[str, Any]
    progress: Progress = field(default=lambda stage: None)
    _done: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        try:
            self._done = {row.stage: row.run for row in self.spark.read.schema(_DONE).parquet(self._path("done")).collect()}
        except AnalysisException:  # the folder is new
            self._done = {}
        known = next(iter(self._done.values()), None)
        if known is not None and known != self._run:
            before = json.loads(known)
            other = next(name for name in self.run if self.run[name] != before.get(name))
            raise ConfigError(f"{self.folder}: the folder holds stages of a run with other {other}; give another or an empty folder")

    @property
    def _run(self) -> str:
        return json.dumps(self.run, sort_keys=True)

    def _path(self, name: str) -> str:
        return f"{self.folder.rstrip('/')}/{name}"

    def table(self, name: str, make: Callable[[], DataFrame], check: Callable[[DataFrame], None] | None = None) -> DataFrame:
        """Return the table of a stage, made now if no run before has. ``check`` may refuse it, then it is not kept."""
        path = self._path(name)
        if name not in self._done:
            self.progress(name)
            made = make()
            made.write.mode("overwrite").parquet(path)
            if check is not None:
                check(self.spark.read.schema(made.schema).parquet(path))
            self.spark.createDataFrame([(name, self._run)], _DONE).write.mode("append").parquet(self._path("done"))
            self._done[name] = self._run
            return self.spark.read.schema(made.schema).parquet(path)
        return self.spark.read.parquet(path)
