"""Files of JSON Lines that are read and sketched in blocks give what the readers of records and the sketches of documents give."""

from __future__ import annotations

import gzip
import io
import json
import logging
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any, cast

import hostile_lines
import numpy as np
import pytest
from command_support import run_command

from dedup import Config, kernels
from dedup.config import SameId
from dedup.errors import ConfigError, DedupError
from dedup.pipeline import find_duplicates
from dedup.readers import jsonl, lines, record_blocks
from dedup.readers.fields import extractor
from dedup.readers.lines import BOM, Stream
from dedup.readers.options import Reading
from dedup.readers.records import Record
from dedup.readers.record_blocks import COLUMNS, Lines, about_of, cut_lines, split_block
from dedup.readers.sources import Documents, read
from dedup.sketch.sketches import Sketches, sketch_documents
from dedup.sketched_files import can_sketch_files, sketch_files
from dedup.text.about import PackedAbout
from dedup.text.ids import named, not_withdrawn

pytestmark = pytest.mark.skipif(kernels.compiled is None, reason="the compiled loops are missing")
CONFIG = Config(num_perm=16)
SIZES = 1, 2, 7, 64, 1000, 1 << 20


@dataclass(slots=True)
class _Said(logging.Handler):
    """What readers tell."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


Found = dict[str, Any]
"""What a search starts from, or the error that ends it; and what is told."""


def found(run: Callable[[PackedAbout, list[str]], Sketches]) -> Found:
    """Run something that sketches documents, and return all that it gives."""
    notes, withdrawn, said = PackedAbout(), list[str](), _Said()
    logger = logging.getLogger("dedup.readers")
    logger.addHandler(said)
    extractor.cache_clear()  # what is told once is told again
    try:
        sketches = run(notes, withdrawn)
    except DedupError as error:
        return {"error": [str(error), *(getattr(error, name, None) for name in ("what", "path", "line", "hint"))], "said": said.words}
    finally:
        logger.removeHandler(said)
    rows = range(len(sketches.segments))
    return {
        "segments": sketches.segments,
        "words": [sketches.words.row(row).tolist() for row in rows],
        "signatures": sketches.signatures.tolist(),
        "fingerprints": [sketches.fingerprints.row(row).tolist() for row in rows],
        "short": sketches.short,
        "no times": bool(np.isnan(sketches.timestamps).all()),
        "others": (len(sketches.timestamps), sketches.sources, sketches.bulletins, sketches.ownership.tolist()),
        "notes": [*notes._all()],
        "withdrawn": withdrawn,
        "said": said.words,
    }


def in_blocks(paths: list[Path], how: Reading, config: Config = CONFIG, same_id: SameId = "version", jobs: int = 2) -> Found:
    documents = Documents(tuple(map(str, paths)), how)
    assert can_sketch_files(documents, config, same_id)
    return found(lambda notes, withdrawn: sketch_files(documents, config, jobs, same_id, notes, withdrawn, lambda *_: None))


def one_by_one(paths: list[Path], how: Reading, config: Config = CONFIG, same_id: SameId = "version") -> Found:
    return found(
        lambda notes, withdrawn: sketch_documents(
            notes.noting(named(not_withdrawn(read(map(str, paths), how), withdrawn), same_id)), config, 2
        )
    )


def check_files(paths: list[Path], how: Reading | None = None, config: Config = CONFIG, same_id: SameId = "version", jobs: int = 2) -> Found:
    """Compare what both ways find in files, and return it."""
    how = how or Reading()
    one, other = one_by_one(paths, how, config, same_id), in_blocks(paths, how, config, same_id, jobs)
    assert one == other
    return one


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.fixture(params=SIZES)
def step(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Blocks of these numbers of bytes."""
    monkeypatch.setattr(record_blocks, "STEP", request.param)
    monkeypatch.setattr(lines, "STEP", max(2, request.param))
    return int(request.param)


def stream_of(data: bytes) -> Stream:
    return cast(Stream, io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data))))


def by_line(found: list[Record]) -> dict[int, tuple[str | None, ...] | None]:
    """Return what documents have in columns, by their lines; None for one that has more, and for an error."""
    rows: dict[int, tuple[str | None, ...] | None] = {}
    for record in found:
        line = cast(int, (record.document or record.error).line)  # type: ignore[union-attr]
        document = record.document
        usual = document is not None and document.status in (None,) and not document.segmented
        rows[line] = tuple(getattr(document, name) for name in COLUMNS) if usual else None
    return rows


def rows_of(part: Lines, how: Reading) -> dict[int, tuple[str | None, ...] | None]:
    """Return what usual records have in columns, by their lines, and None for the others."""
    if part.rest:
        return by_line([*part.rest])
    block = split_block(part, how)
    about = about_of(block, how)
    rows: dict[int, tuple[str | None, ...] | None] = {}
    raw = part.data.split(b"\n")
    for row, line in enumerate(block.lines.tolist()):
        if row in block.unusual:
            assert block.unusual[row] == raw[line - part.before - 1]
        usual = block.value(row, 0), block.value(row, 1), *about.get(row, (None,) * 4)
        rows[line] = None if row in block.unusual else usual
    return rows


READINGS = [
    Reading(),
    Reading(text_format="plain"),
    Reading(id_field="url"),
    Reading(text_field="body"),
    Reading(title_field="headline", source_field="x"),
    Reading(time_field="date", url_field="link"),
    Reading(max_chars=30),
]


@pytest.mark.parametrize("how", READINGS, ids=lambda how: ",".join(f"{k}={getattr(how, k)}" for k in how.__slots__ if getattr(how, k) != getattr(Reading(), k)))
def test_fields_that_are_found_in_bytes_are_those_of_the_records(how: Reading) -> None:
    random = Random(1)
    data = [*hostile_lines.WHOLE, *(hostile_lines.line(random) for _ in range(6000))]
    data += [b'{"id": "a", "text": "' + piece + b'"}' for piece in hostile_lines.PIECES]
    data += [b'{"id": "a", "' + b"z" * size + piece + b'": 1, "text": "b"}' for piece in hostile_lines.PIECES for size in range(28, 36)]
    data = [each.replace(b"\n", b" ") for each in data]
    whole = b"\n".join(data)
    expected, given = by_line([*jsonl.read(stream_of(whole), "a.jsonl", how)]), {}
    for part in cut_lines(stream_of(whole), "a.jsonl", how):
        given.update(rows_of(part, how))
    assert given.keys() == expected.keys()
    for number, row in given.items():
        assert row is None or row == expected[number], data[number - 1]
    usual = sum(row is not None for row in given.values())
    assert usual > sum(row is not None for row in expected.values()) // (8 if how.max_chars < 100 else 3)
