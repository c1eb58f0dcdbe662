"""Attacks on a server: what was found by trying, and does not come back."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from serve_api_support import FERRY, HIGHER

from dedup.errors import InputError
from dedup.model import Document
from dedup.readers.options import Reading
from dedup.readers.sources import read_bytes
from dedup.serve import RequestLimits, news
from dedup.serve.jobs import Jobs
from dedup.serve.news import Telling, tell_news
from dedup.serve.telemetry import Metrics
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


# Texts that take long


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    with closing(Jobs(RequestLimits(), Metrics())) as found:
        yield found


LONG = " ".join(f"{FERRY} Boat {number} came back." for number in range(60))
LONGER = LONG.replace("43 people", "44 people", 1)


def test_what_is_new_in_a_long_text_is_told_as_in_a_short_one(jobs: Jobs) -> None:
    telling = Telling(jobs, "en")
    for a, b in ((FERRY, HIGHER), (LONG, LONGER), (LONG, LONG)):
        older, newer = Document("1", a), Document("2", b)
        assert telling.news(older, newer) == tell_news(older, newer)
        assert telling.digest(a, b) == news.news(a, b, lang="en")


def test_a_long_text_holds_up_nobody(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "_SECONDS", 0.001)
    telling = Telling(jobs, "en")
    assert telling.digest(LONG, LONGER) == ()  # as of what a person must look at
    assert telling.news(Document("1", LONG), Document("2", LONGER)).kinds == ("wording",)
    assert telling.digest(FERRY, HIGHER)  # which is told without a process
