"""Spark for the tests: a session of two processors of this machine, and texts that repeat each other."""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dedup import Document

# Many small queries, of which none is worth a compiler; and room for the classes of Spark, so that garbage is not collected as they come.
_JAVA = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC -XX:MetaspaceSize=192m"
SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.executor.extraJavaOptions": _JAVA,
    # Snappy for Java takes a machine on which musl is installed as well for one of musl, and finds no library there.
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "3",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def feed(seed: int, count: int) -> list[Document]:
    """Return texts of which most are copies, revisions, cuts or joins of others."""
    draw = random.Random(seed)
    words = [f"w{number}" for number in range(400)]
    stock = [draw.choices(words, k=draw.randint(4, 80)) for _ in range(max(3, count // 10))]
    made = []
    for number in range(count):
        text, kind = list(draw.choice(stock)), draw.random()
        if 0.25 < kind < 0.7:
            for _ in range(draw.randint(1, 4)):
                text[draw.randrange(len(text))] = draw.choice(words)
        elif 0.7 < kind < 0.85:
            text = text[: len(text) // 2 + 1]
        elif kind > 0.85:
            text += draw.choice(stock)
        name = f"{draw.randrange(1000):03}-{number}"
        made.append(Document(name, " ".join(text), time=str(draw.randrange(1000)), source=draw.choice("xyz")))
    return made


def through_shuffle(batches: Iterator[Any]) -> list[list[Any]]:
    """Return the batches of blocks of each label, in the order in which Spark sorts them."""
    import pyarrow as pa

    found = [*batches]
    if not found:
        return []
    rows = pa.Table.from_batches(found).sort_by([("part", "ascending"), ("shelf", "ascending"), ("kind", "ascending")])
    parts = [rows.filter(pa.compute.equal(rows["part"], part)) for part in sorted(set(rows["part"].to_pylist()))]
    return [part.combine_chunks().to_batches(7) for part in parts]


def need_java() -> None:
    """Skip where Spark cannot run."""
    pytest.importorskip("pyspark")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("there is no Java for Spark (Debian: apt install default-jre-headless)")


@contextmanager
def local() -> Iterator[Any]:
    """Yield a session on two processors, or skip."""
    need_java()
    from pyspark.sql import SparkSession

    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    with tempfile.TemporaryDirectory(prefix="dedup-spark-") as folder:
        builder = SparkSession.builder.master("local[2]").config("spark.local.dir", folder).config("spark.sql.warehouse.dir", folder)
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()
