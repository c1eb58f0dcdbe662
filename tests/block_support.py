"""Searches of files in blocks, and of their documents one by one, for tests that compare both."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dedup import Config
from dedup.config import SameId
from dedup.errors import DedupError
from dedup.readers.fields import extractor
from dedup.readers.options import Reading
from dedup.readers.sources import Documents, read
from dedup.sketch.sketches import Sketches, sketch_documents
from dedup.sketched_files import can_sketch_files, sketch_files
from dedup.text.about import PackedAbout
from dedup.text.ids import named, not_withdrawn

CONFIG = Config(num_perm=16)


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


def check_files(
    paths: list[Path], how: Reading | None = None, config: Config = CONFIG, same_id: SameId = "version", jobs: int = 2
) -> Found:
    """Compare what both ways find in files, and return it."""
    how = how or Reading()
    one, other = one_by_one(paths, how, config, same_id), in_blocks(paths, how, config, same_id, jobs)
    assert one == other
    return one


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
