"""Damage index files in many ways, one fault each, and see that it is found, or does not matter.

Run with the package installed: python bench/damage.py [TRIALS]. In each trial a file with 400 documents gets one fault: a changed bit, a
changed cell, exchanged pages, zeros, a cut, a torn or lost write-ahead log, a damaged or lost
file of runs. Then either `verify` finds it or the index answers all as
before, a command that meets it says so in one line, and what `rebuild` makes of it is sound. Nothing may end in a traceback.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from dedup import Config, Document, Index
from dedup.errors import DedupError
from dedup.index.rebuild import rebuild
from dedup.index.storage import postings, runs
from dedup.index.storage.run_files import FOLDER

_PAGE = 8192
_LATE = 60  # documents whose changes stand in the log alone


def _runs(path: Path) -> Path:
    """Return the folder of the runs of an index."""
    return Path(f"{path}{FOLDER}")


def _copy(whole: Path, path: Path, suffixes: Iterable[str] = ("", "-wal")) -> None:
    for suffix in suffixes:
        shutil.copy(f"{whole}{suffix}", f"{path}{suffix}")
    shutil.copytree(_runs(whole), _runs(path))


def _remove(folder: Path, name: str) -> None:
    for each in folder.glob(f"{name}*"):
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


def make(path: Path) -> list[Document]:
    """Make an index, with a log beside it as of a process that was killed, and return its documents."""
    usual, runs.INLINE, postings.INLINE = runs.INLINE, 4000, 4000  # so that some runs are files
    try:
        return _made(path)
    finally:
        runs.INLINE = postings.INLINE = usual


def _made(path: Path) -> list[Document]:
    rng = random.Random(5)
    words = [f"word{number}" for number in range(600)]
    made: list[list[str]] = []
    for _ in range(400):
        text = list(rng.choice(made)) if made and rng.random() < 0.4 else [rng.choice(words) for _ in range(rng.randrange(10, 90))]
        text[rng.randrange(len(text))] = rng.choice(words)
        made.append(text)
    documents = [Document(f"d{number}", " ".join(text), time="7", source="x") for number, text in enumerate(made)]
    with Index.open(str(path), Config(seed=7)) as index:
        for start in range(0, len(documents) - _LATE, 50):
            index.add(documents[start : min(start + 50, len(documents) - _LATE)])
        index.remove(["d3", "d5"])
    index = Index.open(str(path))
    index.add(documents[-_LATE:])
    index.deliver()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", path.with_name(f"copy.db{suffix}"))
    index.close()
    for suffix in ("", "-wal"):
        shutil.move(path.with_name(f"copy.db{suffix}"), f"{path}{suffix}")
    assert any(_runs(path).iterdir())
    return [document for document in documents if document.id not in ("d3", "d5")]


def _bytes(path: Path, rng: random.Random, kind: str) -> str:
    data = bytearray(path.read_bytes())
    pages = max(2, len(data) // _PAGE)
    place, page = rng.randrange(100, len(data)), rng.randrange(1, pages)
    if kind == "bit":
        data[place] ^= 1 << rng.randrange(8)
    elif kind == "zeros":
        data[place : place + rng.choice((1, 16, 512, _PAGE))] = bytes(min(rng.choice((1, 16, 512)), len(data) - place))
    elif kind == "pages":
        other = rng.randrange(1, pages)
        one, two = slice(page * _PAGE, (page + 1) * _PAGE), slice(other * _PAGE, (other + 1) * _PAGE)
        data[one], data[two] = data[two], data[one]
    elif kind == "cut":
        del data[place:]
    elif kind == "garbage":
        data[place : place + 64] = rng.randbytes(min(64, len(data) - place))
    path.write_bytes(data)
    return f"{kind} at {place} (page {place // _PAGE})"


def _cell(path: Path, rng: random.Random) -> str:
    """Change one value of one row, as no program of ours would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        table = rng.choice([name for name in tables if connection.execute(f"select count(*) from {name}").fetchone()[0]])
        column = rng.choice([row[1] for row in connection.execute(f"pragma table_info({table})")])
        rows = connection.execute(f"select * from {table}").fetchall()
        names = [row[1] for row in connection.execute(f"pragma table_info({table})")]
        row = dict(zip(names, rng.choice(rows), strict=True))
        value: Any = row[column]
        if isinstance(value, bytes):
            place = rng.randrange(len(value)) if value else 0
            value = value[:place] + bytes([(value[place] + 1) % 256 if value else 0]) + value[place + 1 :]
        elif isinstance(value, str):
            value = value[:-1] + "~"
        else:
            value = (value or 0) + rng.choice((1, -1, 1000))
        keys = names[: 2 if table == "links" else 1]
        where = " and ".join(f"{key} = ?" for key in keys)
        try:
            connection.execute(f"update {table} set {column} = ? where {where}", (value, *(row[key] for key in keys)))
        except sqlite3.DatabaseError:
            return f"{table}.{column} (refused)"
        connection.execute("pragma wal_checkpoint(truncate)")
    return f"{table}.{column}"


def damage(path: Path, rng: random.Random, kind: str | None = None) -> str:
    """Give an index one fault, and return what it is."""
    log = Path(f"{path}-wal")
    kind = kind or rng.choice(("bit", "bit", "bit", "cell", "cell", "cell", "pages", "zeros", "cut", "garbage", "log", "run", "run"))
    if kind == "run":
        chosen = rng.choice(sorted(_runs(path).iterdir()))
        how = rng.choice(("bit", "zeros", "cut", "garbage", "gone"))
        if how == "gone":
            chosen.unlink()
            return "run gone"
        return f"run {_bytes(chosen, rng, how)}"
    if kind == "cell":
        return f"cell {_cell(path, rng)}"
    if kind == "log":
        how = rng.choice(("cut", "bit", "gone"))
        if how == "gone":
            log.unlink()
            return "log gone"
        return f"log {_bytes(log, rng, how)}"
    with closing(sqlite3.connect(path)) as connection:  # else the log has the page anew
        connection.execute("pragma wal_checkpoint(truncate)")
    return _bytes(path, rng, kind)


def _answers(index: Index, documents: list[Document]) -> Any:
    """Return all that an index says of its documents."""
    stored = [(document.id, document.text, decision) for document, decision in index.documents()]
    return stored, index.clusters(), [index.query(Document("q", document.text)) for document in documents[::40]]


def trial(number: int, whole: Path, documents: list[Document], right: list[Any], folder: Path, kind: str | None = None) -> str:
    """Damage an index and look at it; return what came of it. Raises `AssertionError`, or whatever should not have been raised."""
    rng = random.Random(number)
    path = folder / f"{number}.db"
    _copy(whole, path)
    what = damage(path, rng, kind)
    new = [Document(f"n{place}", document.text + " more") for place, document in enumerate(documents[::7])]
    try:
        found, said = [], None
        with Index.open(str(path), create=False) as index:
            found = index.verify()
            told = _answers(index, documents)
            index.add(new)
    except DedupError as error:
        said = str(error)
    except Exception as error:
        raise AssertionError(f"{number}: {what}: {type(error).__name__}: {error}") from error
    assert said is None or "\n" not in said, f"{number}: {what}: {said!r}"
    assert found or said or told in right, f"{number}: {what}: nothing is found, and the answers are others"
    try:
        rebuild(str(path), {})
        with Index.open(str(path)) as index:
            assert index.verify() == [], f"{number}: {what}: what is made of it is not sound"
    except DedupError:
        return "nothing can be saved"
    except AssertionError:
        raise
    except Exception as error:
        raise AssertionError(f"{number}: {what}: rebuild: {type(error).__name__}: {error}") from error
    finally:
        _remove(folder, f"{number}.db")
    return "found" if found else "told" if said else "as before"


def right_answers(folder: Path, documents: list[Document]) -> list[Any]:
    """Return what the index in a folder may answer: without its log it is as it was before the last commits."""
    right = []
    for suffixes in (("", "-wal"), ("",)):
        _copy(folder / "whole.db", folder / "right.db", suffixes)
        with Index.open(str(folder / "right.db"), create=False) as index:
            right.append(_answers(index, documents))
        _remove(folder, "right.db")
    return right


def main() -> None:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = make(folder / "whole.db")
        right = right_answers(folder, documents)
        results = Counter(trial(number, folder / "whole.db", documents, right, folder) for number in range(trials))
    print(f"{trials} faults: " + ", ".join(f"{count} {what}" for what, count in sorted(results.items())))


if __name__ == "__main__":
    main()
