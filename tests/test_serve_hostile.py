"""Attacks on a server: what was found by trying, and does not come back."""

from __future__ import annotations

import asyncio
import gzip
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import current_thread
from typing import Any

import pytest
import serve_jobs
from serve_api_support import FERRY, HIGHER, KEY, LINES, OTHER, RECORDS, answers_in, lines_of, problem, served
from starlette.types import Message, Receive, Scope, Send

from dedup.errors import InputError
from dedup.model import Document
from dedup.readers.fields import Extractor
from dedup.readers.options import Reading
from dedup.readers.sources import read_bytes
from dedup.serve import RequestLimits, ServeSettings, news
from dedup.serve.bounded import BoundedBodies
from dedup.serve.jobs import Jobs
from dedup.serve.news import Telling, tell_news
from dedup.serve.problems import Problem
from dedup.serve.telemetry import Metrics
from dedup.serve.watch.content import read_content
from dedup.serve.work import Given, compare_inside
from reports import news as new_facts

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
            compare_inside(Given(data=data, name=name), "en")
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
        assert telling.digest(a, b) == new_facts(a, b, lang="en")


def test_a_long_text_holds_up_nobody(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "_SECONDS", 0.001)
    telling = Telling(jobs, "en")
    assert telling.digest(LONG, LONGER) == ()  # as of what a person must look at
    assert telling.news(Document("1", LONG), Document("2", LONGER)).kinds == ("wording",)
    assert telling.digest(FERRY, HIGHER)  # which is told without a process


def test_a_text_that_is_too_long_is_not_compared_with_what_is_stored(tmp_path: Path) -> None:
    record = {"id": "1", "text": LONG}
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "news.jsonl").write_bytes(lines_of([record, {"id": "2", "text": FERRY}]))
    with served(ServeSettings(limits=RequestLimits(chars=1000), watch=(str(tmp_path / "in"),))) as client:
        for path in ("/v1/decide", "/v1/decide?dry_run=1", "/v1/query"):
            assert problem(client.post(path, json=record), 422)["detail"] == "a text of more than 1,000 characters"
        lines = answers_in(client.post("/v1/decide", content=lines_of([record, {"id": "3", "text": OTHER}]), headers=LINES).content)
        assert [line.get("status", line.get("decision")) for line in lines] == [422, "index"]
        while client.get("/v1/documents/2").status_code == 404:  # a file is taken when it did not change for two seconds
            client.get("/readyz")
        assert client.get("/v1/documents/1").status_code == 404


# What is kept in memory


def test_what_is_erased_stands_on_no_page_that_is_kept() -> None:
    with served() as client:
        client.post("/v1/decide", json=RECORDS, headers={"idempotency-key": "1"})
        at = client.post("/compare", data={"a_id": "9", "b_id": "10"}, files={"c": b""}).headers["location"]
        assert "Eleven" in client.get(at).text
        assert "Eleven" in client.get("/stories/9/compare?a=9&b=10").text
        assert client.delete("/v1/documents/10").json()["erased"] == 1
        for path in (at, f"{at}/html", "/stories/9/compare?a=9&b=10"):
            assert client.get(path).status_code == 404
        again = client.post("/v1/decide", json=RECORDS, headers={"idempotency-key": "1"}).json()
        assert [each["decision"] for each in again] == ["index", "update", "index"]
        assert client.get("/v1/documents/10").status_code == 200  # stored again, and not answered from memory


def test_keys_are_kept_in_a_bounded_room_and_apart(tmp_path: Path) -> None:
    with served() as client:
        for number in range(20):
            headers = {"idempotency-key": "k", "cookie": f"x{number}={'x' * 8000}"}
            assert client.post("/v1/decide", json={"id": str(number), "text": FERRY}, headers=headers).json().get("decision")
        known = client.app.state.services.answers._known  # type: ignore[attr-defined]
        assert len(known) == 20
        assert all(len(key) == 32 for key in known)


# Requests that are not what they seem


@pytest.mark.parametrize(
    ("path", "media"),
    [("/compare", "multipart/form-data; boundary=ndjson"), ("/v1/query", "application/json; x=ndjson"), ("/v1/query", "application/jsonl")],
)
def test_no_media_type_hides_a_body_from_the_limit_of_all(path: str, media: str) -> None:
    with served(ServeSettings(limits=RequestLimits(held=1000))) as client:
        body = b'--ndjson\r\nContent-Disposition: form-data; name="a_text"\r\n\r\n' + b"x" * 2000
        answer = client.post(path, content=body, headers={"content-type": media})
        assert answer.status_code in (415, 503)
        assert client.post("/v1/decide", content=lines_of(RECORDS * 9), headers=LINES).status_code == 200


def test_a_request_with_two_lengths_is_refused() -> None:
    with served() as client:
        headers = {"content-length": "2", "transfer-encoding": "chunked", "content-type": "application/json"}
        answer = client.post("/v1/query", content=iter([b"{}"]), headers=headers)
        assert (problem(answer, 400)["where"], answer.headers["connection"]) == ("Content-Length", "close")


@pytest.mark.parametrize("part", ["%ED%A0%80", "%ED%A0", "%FF", "%", "%25", "%00", "%ED%A0%80/compare?a=1&b=2", "%ED%A0%80/html"])
def test_a_story_that_cannot_be_is_not_found(part: str) -> None:
    with served() as client:
        # The client takes away one more level than a server does.
        assert client.get("/stories/" + part.replace("%", "%2525"), headers={"accept": "text/html"}).status_code == 404


# What reads files


def runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks /proc which processes run")
def test_a_job_leaves_no_process_behind(jobs: Jobs) -> None:
    child = int(jobs.run_here(serve_jobs.forking, True)["pid"])
    while runs(child):  # it is ended, and goes when it is next to run
        os.sched_yield()
    with pytest.raises(Problem, match="longer than"):  # also where another process holds on to its pipe
        jobs.run_here(serve_jobs.forking, False, seconds=1)


def test_a_job_writes_no_file(jobs: Jobs, tmp_path: Path) -> None:
    file = tmp_path / "index.db"
    file.write_bytes(b"as before")
    with pytest.raises(Problem):
        jobs.run_here(serve_jobs.writing, str(file))
    assert file.read_bytes() == b"as before"


# Bodies that take long to read


def test_a_form_is_sent_as_the_page_sends_it() -> None:
    with served() as client:
        found = client.post("/compare", content=b"a_text=" + b"%" * 100, headers={"content-type": "application/x-www-form-urlencoded"})
        assert problem(found, 415)["where"] == "Content-Type"
        assert client.post("/compare", data={"a_text": FERRY, "b_text": HIGHER}, files={"c": b""}).status_code == 303


def test_a_record_has_no_endless_value() -> None:
    record = {"id": "1", "text": FERRY, "title": "<a " * 400_000}
    with served() as client:
        for path in ("/v1/decide", "/v1/query"):
            assert problem(client.post(path, json=record), 422)["detail"] == "a value of more than 1,048,576 characters"
        (line,) = answers_in(client.post("/v1/decide", content=lines_of([record]), headers=LINES).content)
        assert (line["status"], line["where"]) == (422, "line 1")


def test_records_are_read_where_they_hold_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    read_in = set()
    read = Extractor.document

    def noted(self: Extractor, *values: Any) -> Document:
        read_in.add(current_thread().name.partition("_")[0])
        return read(self, *values)

    monkeypatch.setattr(Extractor, "document", noted)
    with served() as client:
        client.post("/v1/decide", json=RECORDS)
        client.post("/v1/query", json=RECORDS[0])
        bad = client.post("/v1/decide", content=lines_of(RECORDS) + b"x\n" * 2500 + lines_of(RECORDS[:1]), headers=LINES)
    assert read_in == {"asyncio"}
    answers = answers_in(bad.content)
    assert [each.get("where") for each in answers] == [None] * 3 + [f"line {number}" for number in range(4, 2504)] + [None]


# Pages of other sites


@pytest.mark.parametrize(
    ("site", "mode", "dest", "status"),
    [
        ("same-origin", "cors", "empty", 200),
        ("same-origin", "no-cors", "script", 200),
        ("none", "navigate", "document", 200),
        ("cross-site", "navigate", "document", 200),
        ("same-site", "navigate", "document", 200),
        ("same-site", "navigate", "iframe", 403),
        ("same-site", "no-cors", "image", 403),
        ("same-site", "cors", "empty", 403),
        ("cross-site", "no-cors", "script", 403),
    ],
)
def test_nothing_is_shown_inside_of_pages_of_others(site: str, mode: str, dest: str, status: int) -> None:
    asked = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    with served(token=None) as client:
        client.get(f"/?token={KEY}")  # a browser with its cookie
        for path in ("/v1/labels", "/stories", "/v1/doubts"):
            assert client.get(path, headers=asked).status_code == status
        assert client.get("/v1/labels", headers={**asked, "authorization": f"Bearer {KEY}"}).status_code == 200


@pytest.mark.parametrize("path", ["/compare", "/verdicts", "/v1/query"])
def test_a_body_that_comes_a_byte_at_a_time_comes_to_an_end(path: str) -> None:
    async def drip() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: Message) -> None: ...

    async def swallow(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            await receive()

    scope = {"type": "http", "path": path, "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}
    bounded = BoundedBodies(swallow, RequestLimits(body_seconds=0.05, held=1 << 40))
    with pytest.raises(Problem, match="in time"):
        asyncio.run(bounded(scope, drip, send))
