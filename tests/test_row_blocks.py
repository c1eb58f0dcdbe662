"""Files of Parquet and Arrow that are read and sketched in blocks give what their records give one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from block_support import CONFIG, check_files

from dedup import kernels
from dedup.readers import arrow, parquet
from dedup.readers.options import Reading

pa = pytest.importorskip("pyarrow")
pytestmark = pytest.mark.skipif(kernels.compiled is None, reason="the compiled loops are missing")

TEXTS = [
    "Rain closed the road to Marsa harbour on Monday, the mayor said.",
    "Rain closed the road to Marsa harbour on Monday, the mayor said, and four boats sank.",
    "أغلق المطر طريق ميناء مرسا يوم الاثنين، وقال العمدة إن أربعة قوارب غرقت.",
    "سیل بندر کهنه‌ی مرسا را بست",
    "A line\nand another one, and a third.",
    "short",
]
ODD_TEXTS = [None, "", " ", "<p>Rain closed the road.</p>", "AT&amp;T &lt; B", "a\r\nb\rc", "nul\0", "x" * 300, "\ufeffRain", "[Removed]"]
MORE = "title headline source publisher time date when guid url link status language embargo byline score body"
MOMENTS = [None, "2024-05-06T10:00:00Z", "6 May 2024", "", "yesterday"]


def strings(values: list[Any], random: Random) -> Any:
    """Return values as a column of one of the kinds of strings that there are."""
    kinds = pa.string(), pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())
    return pa.array(values, pa.string()).cast(random.choice(kinds))


def column(name: str, count: int, random: Random, *, odd: bool) -> Any:
    """Return values for a field, as many of them odd as in feeds that nobody has looked at."""
    if name in ("text", "body", "content"):
        some = [random.choice(ODD_TEXTS if odd and random.random() < 0.2 else TEXTS) for _ in range(count)]
        if odd and random.random() < 0.1:
            return pa.array([[text] for text in some])
        return strings(some, random)
    if name in ("id", "_id", "guid"):
        if random.random() < 0.3:
            return pa.array([random.randrange(count) if not odd or random.random() < 0.9 else None for _ in range(count)], pa.int64())
        return strings(
            [f"{random.choice('ab')}{random.randrange(count)}{random.choice(['', '@2']) if odd else ''}" for _ in range(count)], random
        )
    if name in ("time", "date", "when"):
        if random.random() < 0.3:
            return pa.array([datetime(2024, 5, random.randrange(1, 9), tzinfo=UTC) for _ in range(count)])
        if random.random() < 0.3:
            return pa.array([date(2024, 5, random.randrange(1, 9)) for _ in range(count)])
        return strings([random.choice(MOMENTS) for _ in range(count)], random)
    if name == "source" and random.random() < 0.3:
        return pa.array([{"name": random.choice(["afp", None])} for _ in range(count)])
    if name == "status":
        return strings([random.choice([None, None, "usable", "canceled", "draft", "no status"]) for _ in range(count)], random)
    if name in ("score", "language"):
        return pa.array([random.choice([None, 1.5, float("nan")]) for _ in range(count)])
    values = [None, "", "Flood", "<b>Flood</b>", "a & b;", "half"] if odd else ["Flood", "Storm"]
    return strings([random.choice(values) for _ in range(count)], random)


def table(random: Random, count: int, *, odd: bool = True) -> Any:
    names = ["id", "text"] if random.random() < 0.8 else random.sample(["id", "_id", "text", "body", "content"], 3)
    names += [name for name in random.sample(MORE.split(), random.randrange(6)) if name not in names]
    random.shuffle(names)
    return pa.table({name: column(name, count, random, odd=odd) for name in names})


def write_parquet(path: Path, made: Any) -> None:
    import pyarrow.parquet

    pyarrow.parquet.write_table(made, path, row_group_size=7)


def write_arrow(path: Path, made: Any) -> None:
    with pa.ipc.new_file(path, made.schema) as out:
        out.write_table(made, max_chunksize=5)


def write_stream(path: Path, made: Any) -> None:
    with pa.ipc.new_stream(path, made.schema) as out:
        out.write_table(made)


WRITERS: dict[str, Callable[[Path, Any], None]] = {"a.parquet": write_parquet, "b.arrow": write_arrow, "c.feather": write_stream}
READINGS = {
    "usual": Reading(),
    "plain": Reading(text_format="plain"),
    "short": Reading(max_chars=70),
    "named": Reading(text_field="body", title_field="headline"),
    "other names": Reading(id_field="guid", time_field="when"),
    "unnamed": Reading(unnamed="refuse"),
}


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (parquet, arrow):
        monkeypatch.setattr(module, "ROWS", 4)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("reading", READINGS)
def test_tables_of_any_columns_are_read_alike(tmp_path: Path, reading: str, seed: int) -> None:
    random, how = Random(f"{reading} {seed}"), READINGS[reading]
    for name in random.sample([*WRITERS], 2):
        WRITERS[name](tmp_path / name, table(random, random.randrange(12), odd=seed % 3 > 0))
    check_files([tmp_path], how, replace(CONFIG, max_chars=how.max_chars))


def test_most_tables_give_texts() -> None:
    """The test before this one compares more than errors: without odd values no table is wrong."""
    random = Random(1)
    assert all({"text", "body", "content"} & {*table(random, 3, odd=False).column_names} for _ in range(50))


@pytest.mark.parametrize("name", WRITERS)
def test_usual_rows_are_read_as_columns_and_odd_ones_one_by_one(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.readers import row_blocks

    read: list[int] = []
    fields_of_row = row_blocks.fields_of_row
    monkeypatch.setattr(
        row_blocks, "fields_of_row", lambda batch, place, path, number: read.append(number) or fields_of_row(batch, place, path, number)
    )
    texts = [*TEXTS, "<p>Rain.</p>", "AT&T", *TEXTS]
    made = {
        "id": [*range(len(texts))],
        "text": texts,
        "title": ["<b>Flood</b>"] * len(texts),
        "status": [*[None] * 11, "usable", "canceled", None],
    }
    WRITERS[name](tmp_path / name, pa.table(made))
    found = check_files([tmp_path / name])
    assert sorted({*read}) == [7, 8, 13]
    assert found["withdrawn"] == ["12"]
    assert len(found["segments"]) == len(texts) - 1


def bad_strings(kind: Any) -> Any:
    data = b"Rain in the north." + b"\xff\xfe" + b"Snow."
    offsets = {pa.string(): "i", pa.large_string(): "q"}[kind]
    import array

    return pa.Array.from_buffers(kind, 3, [None, pa.py_buffer(array.array(offsets, [0, 18, 20, 25]).tobytes()), pa.py_buffer(data)])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
@pytest.mark.parametrize("name", ["a.parquet", "c.feather"])
def test_strings_that_are_no_utf_8_are_one_error_at_their_row(tmp_path: Path, name: str, kind: Any) -> None:
    WRITERS[name](tmp_path / name, pa.table({"id": ["a", "b", "c"], "text": bad_strings(kind)}))
    found = check_files([tmp_path / name])
    assert found["error"][2].endswith(name)


def test_parts_of_a_table_are_read_from_where_they_begin(tmp_path: Path) -> None:
    made = pa.table({"id": [f"n{number}" for number in range(40)], "text": [f"{TEXTS[number % 3]} {number}" for number in range(40)]})
    write_stream(tmp_path / "c.feather", made.slice(13, 20))
    found = check_files([tmp_path / "c.feather"])
    assert [segment.id for segment in found["segments"]] == sorted(f"n{number}" for number in range(13, 33))


@pytest.mark.parametrize("name", WRITERS)
def test_a_table_without_rows_is_told(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name, pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())}))
    assert "nothing to read" in check_files([tmp_path / name])["error"][0]


def test_a_file_of_another_kind_than_its_name_says_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b'{"id": "a", "text": "Rain."}\n')
    write_parquet(tmp_path / "b.jsonl", pa.table({"id": ["b"], "text": ["Snow."]}))
    check_files([tmp_path])
