"""Arrow, saved datasets and SQLite: a record for each row, and no harm from hostile files."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from office_support import records

from dedup.errors import InputError
from dedup.model import Document
from dedup.readers.huggingface import dataset_files
from dedup.readers.options import Reading
from dedup.readers.records import Record

ROWS = {"id": ["1", "2"], "text": ["Rain.", "خبر"]}
DOCUMENTS = [("1", "Rain."), ("2", "خبر")]


def found(read: list[Record]) -> list[tuple[str, str]]:
    return [(record.document.id, record.document.text) for record in read if record.document]


def arrow(kind: str) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    table, out = pyarrow.table(ROWS), io.BytesIO()
    if kind == "feather":
        from pyarrow import feather

        feather.write_feather(table, out, compression="zstd")
    else:
        with (pyarrow.ipc.new_stream if kind == "stream" else pyarrow.ipc.new_file)(out, table.schema) as writer:
            writer.write_table(table)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["stream", "file", "feather"])
def test_arrow_files_and_streams_and_feather_are_read(kind: str) -> None:
    assert found(records("arrow", arrow(kind))) == DOCUMENTS


def test_arrow_that_is_damaged_or_something_else_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        records("arrow", arrow("file")[:-40])
    with pytest.raises(InputError, match="not Arrow"):
        records("arrow", b"PAR1 and more")
    with pytest.raises(InputError, match="Feather version 1"):
        records("arrow", b"FEA1" + bytes(40) + b"FEA1")


def saved(folder: Path, files: list[str]) -> Path:
    folder.mkdir()
    (folder / "dataset_info.json").write_text("{}")
    (folder / "state.json").write_text(json.dumps({"_data_files": [{"filename": name} for name in files]}))
    for name in files:
        if "/" not in name:
            (folder / name).write_bytes(b"")
    return folder


def test_the_files_of_a_saved_dataset_are_its_arrow_files_in_their_order(tmp_path: Path) -> None:
    names = ["data-00001-of-00002.arrow", "data-00000-of-00002.arrow"]
    one = saved(tmp_path / "one", names)
    assert dataset_files(str(one)) == tuple(str(one / name) for name in names)
    assert dataset_files(str(tmp_path)) is None
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["one"]}')
    assert dataset_files(str(tmp_path)) == tuple(str(one / name) for name in names)


def test_a_saved_dataset_does_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="outside"):
        dataset_files(str(saved(tmp_path / "a", ["../../secret.arrow"])))
    (saved(tmp_path / "b", ["x.arrow"]) / "x.arrow").unlink()
    with pytest.raises(InputError, match="not there"):
        dataset_files(str(tmp_path / "b"))


def database(path: Path, *statements: str) -> Path:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


NEWS = (
    "create table news(id integer primary key, title text, text text)", "create table tags(name text)",
    "insert into news(title, text) values ('A', 'Rain.'), ('B', 'خبر')",
)  # fmt: skip


def rows(path: Path, **options: Any) -> list[Record]:
    from dedup.readers import sqlite

    with path.open("rb") as stream:
        return list(sqlite.read(stream, str(path), Reading(**options)))


def test_the_only_table_with_a_text_is_read(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", *NEWS)
    assert [record.document for record in rows(path)] == [
        Document("1", "Rain.", str(path), 1, title="A"), Document("2", "خبر", str(path), 2, title="B"),
    ]  # fmt: skip


def test_a_table_a_query_and_a_pipe_are_read(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", *NEWS, "create table more(id, text)", "insert into more values (3, 'Sun.')")
    with pytest.raises(InputError, match=r"several tables have a column 'text': .*more \(id, text\); news \(id, title, text\)"):
        rows(path)
    assert found(rows(path, records="more")) == [("3", "Sun.")]
    assert found(rows(path, query="select title as id, text from news where id = 2")) == [("B", "خبر")]
    assert found(records("sqlite", path.read_bytes(), "-", records="news")) == DOCUMENTS


HOSTILE = {
    "another statement": ("delete from news", "does not begin with SELECT"),
    "two statements": ("select 1; delete from news", "one statement"),
    "a deletion in disguise": ("with a as (select 1) delete from news", "not authorized"),
    "another file": ("select * from pragma_database_list", "not authorized"),
    "an extension": ("select 1 as id, load_extension('x') as text", "not authorized"),
    "huge values": ("select 1 as id, zeroblob(2000000000) as text", "not authorized"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_query_may_only_select(tmp_path: Path, name: str) -> None:
    query, says = HOSTILE[name]
    path = database(tmp_path / "a.db", *NEWS)
    with pytest.raises(InputError, match=says):
        rows(path, query=query)
    assert len(rows(path)) == 2


def test_work_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.readers.sqlite._MOST_BEATS", 3)
    path = database(tmp_path / "a.db", *NEWS)
    query = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) as id, 'a' as text from n"
    with pytest.raises(InputError, match="too much"):
        rows(path, query=query)


def test_functions_of_a_schema_that_are_not_safe_do_not_run(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", *NEWS, "create view bad as select id, load_extension('x') as text from news")
    with pytest.raises(InputError, match="unsafe use"):
        rows(path, records="bad")


def test_long_values_and_broken_databases_are_refused(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", *NEWS)
    database(path, "update news set text = replace(hex(zeroblob(100000)), '0', 'a') where id = 1")
    with pytest.raises(InputError, match="cannot be read"):
        rows(path, max_chars=10)
    with pytest.raises(InputError, match="not an SQLite database"):
        records("sqlite", b"text")
    with pytest.raises(InputError, match="cannot be read"):
        records("sqlite", path.read_bytes()[:150])
