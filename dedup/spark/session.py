"""Sessions of Spark, for the command line."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import IO

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from ..errors import EngineError

_JAVA = "Spark needs Java 17 or newer: install it (Debian: apt install default-jre-headless), or set JAVA_HOME"
_STOPPED = "Cannot call methods on a stopped SparkContext."  # Spark stopped it itself, after asking the master for a minute
NANOSECONDS = "spark.sql.legacy.parquet.nanosAsLong"
"""The setting that is changed during a search in Parquet with times in nanoseconds."""
PARTITIONS = "spark.sql.shuffle.partitions"
"""The setting that tells into how many partitions shuffles divide."""
_CHANGED = NANOSECONDS, PARTITIONS  # during a search
_OF_PARTITION = 1 << 25  # bytes of texts: some 20,000 documents
_FEWEST, _MOST = 4, 200  # partitions; Spark's own number is the most
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    # The loops that take long are not Java's. With room from the start it does not collect garbage again and again while it loads Spark.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:MetaspaceSize=192m -XX:NewSize=256m",
    "spark.ui.enabled": "false",
}
_QUIET = Path(__file__).with_name("log4j2.properties")


@contextmanager
def session(master: str | None, jobs: int, settings: Mapping[str, str]) -> Iterator[SparkSession]:
    """Yield a session on ``master``. Without one: the running session, or that of ``spark-submit``, or ``jobs`` threads of this machine.

    A session that was running before keeps running, with its settings as they were. Raises `EngineError`.
    """
    running = SparkSession.getActiveSession()
    spark = running or _started(master, jobs, settings)
    before = {} if running is None else {name: running.conf.get(name, None) for name in _CHANGED}
    try:
        yield spark
    except (PySparkException, Py4JError) as error:
        raise EngineError(f"Spark gave up: {_said(error)}") from error
    except BrokenPipeError:  # of the standard output
        raise
    except ConnectionError as error:
        raise EngineError("Spark ended early, killed or out of memory; give it more memory: --conf spark.driver.memory=8g") from error
    finally:
        with suppress(Exception):  # it may have ended already
            if running is None:
                spark.stop()
            for name, value in before.items():
                if value is None:
                    spark.conf.unset(name)
                else:
                    spark.conf.set(name, value)


def divide(spark: SparkSession, size: int) -> None:
    """Divide shuffles by the bytes of the texts, unless a setting tells how: a small feed in a few partitions, not in Spark's 200."""
    if spark.conf.get(PARTITIONS, None) is None:
        spark.conf.set(PARTITIONS, str(min(max(-(-size // _OF_PARTITION), _FEWEST), _MOST)))


def _started(master: str | None, jobs: int, settings: Mapping[str, str]) -> SparkSession:
    builder = SparkSession.builder.appName("dedup").config("spark.ui.showConsoleProgress", "false")
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        _refuse_without_java()
        master = master or f"local[{jobs}]"
        if "spark.pyspark.python" not in settings:
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_SUBMIT_OPTS", f"-Dlog4j2.configurationFile={_QUIET.as_uri()}")
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            settings = {**_LOCAL, **settings}
    for name, value in settings.items():
        builder = builder.config(name, value)
    logging.getLogger("py4j").setLevel(logging.CRITICAL)  # its messages are raised as errors as well
    Thread(target=_load_pandas, daemon=True).start()  # pyspark needs it next, and Java takes long to start
    with _errors_aside() as said:
        try:
            return builder.getOrCreate()
        except Exception as error:  # py4j raises the errors of Java as many types
            why = _reason(said) or _said(error).replace(_STOPPED, "the master does not answer")
            raise EngineError(f"Spark did not start on {master}: {why}; check the master and the settings") from error


def _load_pandas() -> None:
    with suppress(ImportError):  # pyspark says it
        import_module("pandas")


@contextmanager
def _errors_aside() -> Iterator[IO[bytes]]:
    """Yield a file that replaces the standard error. A Java process that is started meanwhile keeps it."""
    with tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield file
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _reason(said: IO[bytes]) -> str | None:
    """Return the line in which Java says why it ended."""
    said.seek(0)
    lines = [line.strip() for line in said.read().decode(errors="replace").split("\n")]
    return next((line.partition("Exception: ")[2] or line for line in lines if "Exception: " in line or line.startswith("Error")), None)


def _refuse_without_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=os.path.join(home, "bin") if home else None) is None:
        raise EngineError(_JAVA)


def _said(error: Exception) -> str:
    """Return the first line of the message of an error of Spark, without its context."""
    text = str(error.java_exception.getMessage()) if isinstance(error, Py4JJavaError) else str(error)
    return next((line.strip() for line in text.split("\n") if line.strip()), type(error).__name__)
