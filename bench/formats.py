"""What each reader makes of files, and how fast: python bench/formats.py FILE... [--with OPTION=VALUE ...] [--text]

A row for each file: its format, the documents, those with an error, the share of documents that have each field, characters of text in the
middle document, the seconds of the fastest of three readings and the documents a second; or the line that says why it is refused. What
readers tell besides stands below. ``--text`` prints the beginning of each document, to be read by a person.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Sequence
from statistics import median

from dedup.errors import DedupError
from dedup.model import Document
from dedup.readers.detection import detect_format
from dedup.readers.files import open_source
from dedup.readers.options import Reading
from dedup.readers.records import Record

FIELDS = "title", "source", "time", "language", "version", "status", "url", "embargo"
TIMES = 3


def records_of(path: str, reading: Reading) -> tuple[str, list[Record], float]:
    """Return the format of a file, its records, and the seconds that reading them took."""
    start = time.perf_counter()
    with open_source(path) as stream:
        found = detect_format(stream, path, reading)
        records = [*found.read(stream, path, reading)]
    return found.name, records, time.perf_counter() - start


def row(path: str, reading: Reading) -> tuple[str, Sequence[Document]]:
    """Return the row of a file, and its documents."""
    try:
        runs = [records_of(path, reading) for _ in range(TIMES)]
    except DedupError as error:
        return f"{path} | refused | {error}", ()
    name, records, _ = runs[0]
    documents = [record.document for record in records if record.document is not None]
    errors = [str(record.error) for record in records if record.error is not None]
    shares = ", ".join(
        f"{field} {sum(getattr(each, field) is not None for each in documents) / len(documents):.0%}"
        for field in FIELDS
        if any(getattr(each, field) is not None for each in documents)
    )
    seconds = min(run[2] for run in runs)
    middle = median(len(each.text) for each in documents) if documents else 0
    wrong = f"{len(errors)} wrong ({errors[0]})" if errors else "0 wrong"
    speed = f"{seconds:.3f} s | {len(documents) / seconds:,.0f}/s"
    return f"{path} | {name} | {len(documents)} documents, {wrong} | {shares} | {middle:,.0f} characters | {speed}", documents


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--with", dest="options", action="append", default=[], metavar="OPTION=VALUE", help="an option of dedup.Reading")
    parser.add_argument("--text", action="store_true")
    given = parser.parse_args()
    logging.basicConfig(format="    %(message)s", level=logging.WARNING)
    reading = Reading(**dict(option.split("=", 1) for option in given.options))
    for path in given.files:
        line, documents = row(path, reading)
        print(line)
        for each in documents if given.text else ():
            print(f"    {each.id!r} {each.title!r} {each.time!r}: {each.text[:300]!r} ... {each.text[-100:]!r}")


if __name__ == "__main__":
    main()
