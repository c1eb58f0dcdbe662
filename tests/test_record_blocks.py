"""Files of JSON Lines that are read and sketched in blocks give what the readers of records and the sketches of documents give."""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import cast

import hostile_lines
import pytest
from block_support import CONFIG, check_files, in_blocks, one_by_one, written
from command_support import run_command

from dedup import Config, kernels
from dedup.config import SameId
from dedup.errors import ConfigError
from dedup.pipeline import find_duplicates
from dedup.readers import jsonl, lines, record_blocks
from dedup.readers.lines import BOM, Stream
from dedup.readers.options import Reading
from dedup.readers.record_blocks import COLUMNS, Lines, about_of, cut_lines, split_block
from dedup.readers.records import Record
from dedup.readers.sources import Documents

pytestmark = pytest.mark.skipif(kernels.compiled is None, reason="the compiled loops are missing")
SIZES = 1, 2, 7, 64, 1000, 1 << 20


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


@cache
def hostile(seed: int, count: int) -> tuple[bytes, ...]:
    random = Random(seed)
    data = [*hostile_lines.WHOLE, *(hostile_lines.line(random) for _ in range(count))]
    data += [b'{"id": "a", "text": "' + piece + b'"}' for piece in hostile_lines.PIECES]
    data += [b'{"id": "a", "' + b"z" * size + piece + b'": 1, "text": "b"}' for piece in hostile_lines.PIECES for size in range(29, 33)]
    return tuple(each.replace(b"\n", b" ") for each in data)


@cache
def right_lines(how: Reading, seed: int, count: int) -> tuple[bytes, ...]:
    """Return those hostile lines that are no errors."""
    data = hostile(seed, count)
    found = jsonl.read(stream_of(b"\n".join(data)), "a.jsonl", how)
    return tuple(data[record.document.line - 1] for record in found if record.document is not None and record.document.line is not None)


READINGS = {
    "usual": Reading(),
    "plain": Reading(text_format="plain"),
    "other id": Reading(id_field="x"),
    "other text": Reading(text_field="x"),
    "other title and source": Reading(title_field="title", source_field="source"),
    "other time and address": Reading(time_field="x", url_field="url"),
    "short": Reading(max_chars=60),
}
RENAMED = {"other id": b"id", "other text": b"text", "other time and address": b"time"}


@pytest.mark.parametrize("name", READINGS)
def test_fields_that_are_found_in_bytes_are_those_of_the_records(name: str) -> None:
    how, renamed = READINGS[name], RENAMED.get(name, b"x")
    data = [line.replace(b'"' + renamed + b'"', b'"x"') for line in hostile(1, 2000)]
    whole = b"\n".join(data)
    expected = by_line([*jsonl.read(stream_of(whole), "a.jsonl", how)])
    given: dict[int, tuple[str | None, ...] | None] = {}
    for part in cut_lines(stream_of(whole), "a.jsonl", how):
        given.update(rows_of(part, how))
    assert given.keys() == expected.keys()
    for number, row in given.items():
        assert row is None or row == expected[number], data[number - 1]
    usual, all_of_them = (sum(row is not None for row in rows.values()) for rows in (given, expected))
    assert usual > all_of_them // 2


CONFIGS = {
    "usual": CONFIG,
    "long shingles": Config(num_perm=16, seed=3, shingle_words=5, fingerprint_words=7, fingerprint_window=3, min_words=3, short_words=30),
    "single words": Config(num_perm=16, shingle_words=1, fingerprint_words=2, min_words=1, short_words=2),
}


@pytest.mark.parametrize("config", CONFIGS)
def test_what_is_sketched_is_what_documents_give(tmp_path: Path, config: str) -> None:
    path = written(tmp_path / "a.jsonl", b"\n".join(right_lines(Reading(), 2, 900)))
    one = check_files([path], config=CONFIGS[config])
    assert len(one["segments"]) > 300
    assert one["short"]
    assert one["notes"]
    assert one["withdrawn"]
    assert len({segment.id.partition("@")[0] for segment in one["segments"]}) < len(one["segments"]) // 2


@pytest.mark.parametrize("name", [name for name in READINGS if name.startswith(("usual", "plain", "short"))])
def test_options_of_fields_change_both_alike(tmp_path: Path, name: str) -> None:
    how = READINGS[name]
    path = written(tmp_path / "a.jsonl", b"\n".join(right_lines(how, 3, 800)))
    assert check_files([path], how, replace(CONFIG, max_chars=how.max_chars))["segments"]


def test_where_blocks_end_changes_nothing(tmp_path: Path, step: int) -> None:
    kept = [line for line in right_lines(Reading(), 4, 300) if len(line) < 3000]
    path = written(tmp_path / "a.jsonl", BOM + b"\n".join(kept[:40] if step < 100 else kept))
    assert check_files([path])["segments"]


@pytest.mark.parametrize("seed", range(40))
def test_the_first_error_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    random = Random(seed)
    step = random.choice(SIZES[2:])
    monkeypatch.setattr(record_blocks, "STEP", step)
    monkeypatch.setattr(lines, "STEP", max(2, step))
    how = Reading(max_chars=random.choice((10, 1000, 10_000_000)), unnamed=random.choice(("line", "digest", "refuse")))
    right = right_lines(how, 5, 400)
    paths = []
    for number in range(random.randrange(1, 4)):
        made = [random.choice(right) for _ in range(random.randrange(40))]
        made += [random.choice(hostile(5, 400)) for _ in range(random.choice((0, 0, 1, 3)))]
        made += [b""] * random.choice((0, 0, 5)) + [b'{"id": "z", "text": "b", "x": "' + b"y" * random.choice((9, 65_400, 70_000)) + b'"}']
        random.shuffle(made)
        data = (
            random.choice((b"", b"", BOM, BOM + BOM)) + random.choice((b"\n", b"\r\n")).join(made) + random.choice((b"", b"\n", b"\n\n \n"))
        )
        packed = gzip.compress(data)[: -random.choice((0, 0, 5))] if random.random() < 0.3 else data
        paths.append(written(tmp_path / f"{number}.jsonl{'.gz' if packed is not data else ''}", packed))
    for same_id in ("version", "refuse"):
        check_files(paths, how, replace(CONFIG, max_chars=how.max_chars), cast(SameId, same_id), random.choice((1, 2, 5)))


LIMIT = 6 * 10 + lines.SPARE
WHOLE_FILES: dict[str, bytes] = {
    "empty": b"",
    "blank lines": b"\n\n \t\n\x0b\x0c\r\n",
    "a blank line without its end": b"  ",
    "a mark": BOM,
    "part of a mark": BOM[:2],
    "a mark and a line end": BOM + b'\n{"id": "a", "text": "b"}\n',
    "a mark and white space": BOM + b' \t\r\n{"id": "a", "text": "b"}\n',
    "two marks": BOM + BOM + b'{"id": "a", "text": "b"}\n',
    "a mark on the second line": b"\n" + BOM + b'{"id": "a", "text": "b"}\n',
    "a mark, and no line end": BOM + b'{"id": "a", "text": "b"}',
    "a cut character at the end": b'{"id": "a", "text": "b"}\n{"id": "c", "text": "\xe2\x82',
    "an array": b'[{"id": "a", "text": "Rain in the north."}, {"id": "a", "text": "Snow."}]',
    "an array whose second record is wrong": b'[{"id": "a", "text": "Rain."}, {"id": "b"}, {"id": "c", "text": "d"}, ',
    "an array that is cut": b'[{"id": "a", "text": "Rain."}, {"id": "b", "text": "d"}, {"id": ',
    "records on many lines": b'{\n "id": "a",\n "text": "b"\n}\n{\n "id": "c",\n "text": "d"\n}\n',
    "a list inside": b'{"articles": [{"id": "a", "text": "b"}], "total": 1}',
    "an answer of NewsAPI": b'{"status": "ok", "articles": [{"url": "u", "title": "t", "content": "Rain. [+99 chars]"}]}',
    "Elasticsearch": b'{"_index": "i", "_id": "1", "_source": {"text": "Rain."}}\n{"_index": "i", "_id": "2", "_source": {"text": ""}}\n',
    "ninjs": b'{"uri": "u:1", "headline": "h", "body_text": "Rain.", "versioncreated": "2024-05-06T10:00:00Z"}\n',
    "a page": b"<html><body><p>Rain in the north of the country on Monday.</p></body></html>",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(99),
    "text": b"Rain in the north.\n",
    "a line of white space without end": b'{"id": "a", "text": "b"}\n' + b" " * (LIMIT + 9) + b'\n{"id": "b", "text": "b"}\n',
    "withdrawn records alone": b'{"id": "a", "text": ""}\n{"id": "b", "status": "canceled"}\n',
    "other fields, then an error": b'{"id": "a", "body": "b"}\n{"id": "b"}\n{"id": "c", "content": "d"}\n{"content": "d"}\n',
    "other fields": b'{"id": "c", "content": "d"}\n{"text": "no id"}\n{"id": "a", "body": "b"}\n{"status": null, "content": "e"}\n',
}


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_files_of_all_kinds_are_read_alike(tmp_path: Path, step: int, name: str) -> None:
    path = written(tmp_path / "a.jsonl", WHOLE_FILES[name])
    before, after = (
        written(tmp_path / "0.jsonl", b'{"id": "first", "body": "One."}\n'),
        written(tmp_path / "b.ndjson", b'{"id": "q", "text": "Q."}'),
    )
    for paths in ([path], [before, path, after], [tmp_path]):
        for how in (Reading(max_chars=10), Reading(input_format="jsonl", max_chars=10)):
            check_files(paths, how, replace(CONFIG, max_chars=10))


@pytest.mark.parametrize("size", range(LIMIT - 2, LIMIT + 3))
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
@pytest.mark.parametrize("step", [size for size in SIZES if size >= 1000], indirect=True)  # smaller ones take long, and tell no more
def test_a_line_may_have_so_many_bytes_and_no_more(tmp_path: Path, size: int, end: bytes, step: int) -> None:
    for start in (b"", BOM, b'{"id": "b", "text": "b"}\n', b"\n"):
        head, tail = b'{"id": "a", "text": "b", "x": "', b'"}'
        line = head + b"y" * (size - len(head) - len(tail) - (len(BOM) if start == BOM else 0)) + tail
        path = written(tmp_path / "a.jsonl", start + line + end)
        one = check_files([path], Reading(max_chars=10), replace(CONFIG, max_chars=10))
        assert ("error" in one) == (size + bool(end) > LIMIT if end else size >= LIMIT)


def test_any_number_of_threads_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_blocks, "STEP", 5000)
    kept = right_lines(Reading(), 6, 600)
    paths = [written(tmp_path / f"{number}.jsonl", b"\n".join(kept[number::3])) for number in range(3)]
    one, *others = (in_blocks(paths, Reading(), jobs=jobs) for jobs in (1, 2, 5))
    assert all(other == one for other in others)
    assert one == one_by_one(paths, Reading())


IDS = {
    "again with the same text": ["a:1", "a:1", "b:1", "a:1"],
    "again with another text": ["a:1", "a:2", "a:1", "a:2", "a:3"],
    "ids that versions take": ["a:1", "a:2", "a@2:1", "a:3", "a@3:5", "a@2:1", "a@2:7"],
    "ids that versions cannot take": ["a@2:1", "a:1", "a:2", "a@3:9", "a:3", "a:4"],
    "versions of versions": ["a:1", "a:2", "a@2:1", "a@2@2:1", "a@2:2", "a@2@2:3"],
    "withdrawn ones between": ["a:", "a:1", "a:", "a:2", "b:", "b:"],
}


@pytest.mark.parametrize("block", [1, 60, 1 << 20])
@pytest.mark.parametrize("name", IDS)
def test_ids_that_repeat_are_named_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, block: int) -> None:
    monkeypatch.setattr(record_blocks, "STEP", block)
    records = [each.partition(":") for each in IDS[name]]
    made = [json.dumps({"id": own, "text": text and f"Text number {text}."}) for own, _, text in records]
    paths = [written(tmp_path / f"{part}.jsonl", "\n".join(made[part::2]).encode()) for part in (0, 1)]
    whole = written(tmp_path / "whole.jsonl", "\n".join(made).encode())
    for each in ([whole], paths, paths[::-1]):
        for same_id in ("version", "refuse"):
            check_files(each, same_id=cast(SameId, same_id))


def test_damage_is_told_behind_the_records_before_it(tmp_path: Path) -> None:
    right = b'{"id": "%d", "text": "Rain."}\n'
    for wrong in (b"", b'{"id": "x"}\n'):
        random = Random(1)  # bytes that do not pack well
        noise = b'{"id": "n", "x": "%s", "text": "b"}\n' % random.randbytes(60_000).hex().encode()
        packed = gzip.compress(b"".join(right % number for number in range(9)) + wrong + noise)
        for cut in (9, len(packed) // 2, 200):
            check_files([written(tmp_path / "a.jsonl.gz", packed[:-cut])])
        damaged = bytearray(packed)
        damaged[len(packed) // 2] ^= 0xFF
        check_files([written(tmp_path / "b.jsonl.gz", bytes(damaged))])


def test_packed_files_give_the_same(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    data = b"\n".join(right_lines(Reading(), 7, 300))
    plain = check_files([written(tmp_path / "a.jsonl", data)])
    for name, packed in (("b.jsonl.gz", gzip.compress(data)), ("c.jsonl.zst", zstandard.ZstdCompressor().compress(data))):
        assert len(check_files([written(tmp_path / name, packed)])["segments"]) == len(plain["segments"])


def test_a_setting_that_is_wrong_is_an_error_still(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", b'{"id": "a", "text": "b"}')
    with pytest.raises(ConfigError, match="same_id"):
        find_duplicates(Documents((str(path),), Reading()), same_id=cast(SameId, "other"))


def test_the_command_ends_alike_with_both(tmp_path: Path) -> None:
    kept = right_lines(Reading(), 2, 900)[:30]
    right = written(tmp_path / "right.jsonl", b"\n".join(kept))
    wrong = written(tmp_path / "wrong.jsonl", b"\n".join([*kept, b'{"id": "z", "text": "\xff"}', b"{"]))
    blank = written(tmp_path / "blank.jsonl", b"\n\n")
    titles = "--format", "clusters", "--titles"
    for paths, more, status in (
        ([right], titles, 0),
        ([right, wrong], (), 2),
        ([blank], (), 2),
        ([right], ("--same-id", "refuse"), 2),
    ):
        arguments = ["find", *map(str, paths), *more]
        one, other = (run_command(*arguments, BULLETIN_DEDUP_ENGINE=engine) for engine in ("c", "numpy"))
        assert (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)
        assert one.returncode == status
