"""Attacks on a server: what was found by trying, and does not come back."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from serve_api_support import FERRY, HIGHER

from dedup.errors import InputError
from dedup.readers.options import Reading
from dedup.readers.sources import read_bytes
from dedup.serve.watch.content import read_content
from dedup.serve.work import read_file

# Files that name other ones


def database(path: Path, text: str) -> bytes:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table news (id text, text text)")
        connection.execute("insert into news values ('1', ?)", (text,))
    return path.read_bytes()


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_an_upload_opens_no_database_of_this_machine(tmp_path: Path, packed: Callable[[bytes], bytes]) -> None:
    database(tmp_path / "secret.db", FERRY)
    sent = packed(database(tmp_path / "sent.db", HIGHER))
    for data in (sent, packed(b"SQLite format 3\0" + bytes(100))):
        name = str(tmp_path / "secret.db")
        with pytest.raises(InputError, match="SQLite"):
            read_file(data, name, None)
        with pytest.raises(InputError, match="SQLite"):
            read_content(data, name, Reading(), 1 << 20)
    found = [document.text for document in read_bytes(sent, str(tmp_path / "secret.db"), Reading())]
    assert found == [HIGHER]
