"""Search a table on Spark: the same matches and clusters as on one machine, as tables. Needs ``pip install 'bulletin-dedup[spark]'``.

It prints:

    a and b: revision
    a is kept in the cluster of a, b
"""

import os
import sys

from pyspark.sql import SparkSession

from dedup.spark import search

ROWS = [
    ("a", "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."),
    ("b", "Seven people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."),
    ("c", "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin."),
]


def show(spark: SparkSession) -> None:
    """Print the matches and the clusters among the texts of a table."""
    # `find_duplicates` and `clusters` of dedup.spark give one of the two tables alone.
    found = search(spark.createDataFrame(ROWS, ["name", "body"]), "name", "body")
    for row in found.matches.collect():
        print(f"{row.a} and {row.b}: {row.relation}")
    members = sorted(found.clusters.collect(), key=lambda row: row.id)
    print(f"{members[0].canonical} is kept in the cluster of {', '.join(row.id for row in members)}")


if __name__ == "__main__":
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.master("local[2]").config("spark.ui.showConsoleProgress", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        show(session)
    finally:
        session.stop()
