"""A session of Spark for the command line."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from ..errors import EngineError

_JAVA = "Spark needs Java 17 or newer: install it (Debian: apt install default-jre-headless), or set JAVA_HOME"
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
}
_QUIET = Path(__file__).with_name("log4j2.properties")


@contextmanager
def session(master: str | None, settings: Mapping[str, str]) -> Iterator[SparkSession]:
    """Yield a session on ``master``, by default the one that runs, or of ``spark-submit``, else all processors of this machine.

    One that ran before goes on running. Raises `EngineError`.
    """
    running = SparkSession.getActiveSession()
    spark = running or _started(master, settings)
    try:
        yield spark
    except (PySparkException, Py4JError) as error:
        raise EngineError(f"Spark gave up: {_said(error)}") from error
    finally:
        if running is None:
            spark.stop()


def _started(master: str | None, settings: Mapping[str, str]) -> SparkSession:
    builder = SparkSession.builder.appName("dedup").config("spark.ui.showConsoleProgress", "false")
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        _refuse_without_java()
        master = master or "local[*]"
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_SUBMIT_OPTS", f"-Dlog4j2.configurationFile={_QUIET.as_uri()}")
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            settings = {**_LOCAL, **settings}
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # py4j raises what Java throws in many shapes
        raise EngineError(f"Spark did not start on {master}: {_said(error)}; check the master") from error


def _refuse_without_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=os.path.join(home, "bin") if home else None) is None:
        raise EngineError(_JAVA)


def _said(error: Exception) -> str:
    """Return the first line of what an error of Spark says, without what it was doing."""
    text = str(error.java_exception.getMessage()) if isinstance(error, Py4JJavaError) else str(error)
    return next((line.strip() for line in text.split("\n") if line.strip()), type(error).__name__)
