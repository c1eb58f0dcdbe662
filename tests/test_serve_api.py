"""The HTTP API: what each endpoint answers, what it refuses, and that the same input gets the same answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from serve_api_support import FERRY, HIGHER, KEY, LINES, OTHER, RECORDS, answers_in, lines_of, problem, served
from starlette.testclient import TestClient

from dedup.serve import RequestLimits, ServeSettings

COMPARED = {"a": FERRY, "b": HIGHER}


@pytest.fixture(scope="module")
def empty() -> Iterator[TestClient]:
    """A server that is only asked for what changes nothing, or refused."""
    with served() as client:
        yield client


@pytest.fixture(scope="module")
def stocked() -> Iterator[TestClient]:
    """A server that knows `RECORDS`, and is not changed."""
    with served() as client:
        assert client.post("/v1/decide", json=RECORDS).status_code == 200
        yield client


@pytest.fixture
def client() -> Iterator[TestClient]:
    with served() as client:
        yield client


def stored(client: TestClient) -> list[str]:
    """Return those of a few ids under which something is stored."""
    return [name for name in ("1", "2", "3", "4", "9", "10", "11") if client.get(f"/v1/documents/{name}").status_code == 200]


# Decide: an object, an array, lines


def test_a_record_is_decided_about_and_stored(client: TestClient) -> None:
    assert client.post("/v1/decide", json=RECORDS[0]).json() == {"id": "9", "decision": "index"}
    update = client.post("/v1/decide", json=RECORDS[1]).json()
    assert (update["decision"], update["replaces"], update["digest"]) == ("update", "9", ["missing: 9 → 11 (+2)"])
    copy = client.post("/v1/decide", json={"id": "12", "text": FERRY}).json()
    assert (copy["decision"], copy["of"], copy["relation"]) == ("skip", "10", "identical")  # which stands for both now
    assert stored(client) == ["9", "10"]


def test_an_array_and_lines_are_answered_as_single_records_are() -> None:
    with served() as one:
        singly = [one.post("/v1/decide", json=record).json() for record in RECORDS]
    with served() as other:
        together = other.post("/v1/decide", json=RECORDS).json()
    with served() as third:
        answer = third.post("/v1/decide", content=lines_of(RECORDS), headers=LINES)
        assert answer.headers["content-type"] == "application/x-ndjson"
    assert singly == together == answers_in(answer.content)


@pytest.mark.parametrize("data", [b"[]", b" [ ] "])
def test_an_empty_array_has_an_empty_answer(empty: TestClient, data: bytes) -> None:
    answer = empty.post("/v1/decide", content=data, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n \n\t\n"])
def test_no_lines_have_an_empty_answer(empty: TestClient, data: bytes) -> None:
    answer = empty.post("/v1/decide", content=data, headers=LINES)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "media", ["application/x-ndjson", "application/jsonl", "application/x-jsonlines", "APPLICATION/X-NDJSON; charset=utf-8"]
)
@pytest.mark.parametrize(
    "data",
    [
        b'{"id": "1", "text": "Rain."}\n{"id": "2", "text": "Wind."}\n',
        b'{"id": "1", "text": "Rain."}\r\n{"id": "2", "text": "Wind."}\r\n',
        b'\xef\xbb\xbf{"id": "1", "text": "Rain."}\n\n  \n{"id": "2", "text": "Wind."}',
    ],
    ids=["lines", "crlf", "no-end"],
)
def test_lines_end_in_many_ways(empty: TestClient, data: bytes, media: str) -> None:
    found = answers_in(empty.post("/v1/decide?dry_run=1", content=data, headers={"content-type": media}).content)
    assert found == [{"id": "1", "decision": "index"}, {"id": "2", "decision": "index"}]


def test_a_bad_line_is_answered_in_its_place_and_the_others_are_stored(client: TestClient) -> None:
    lines = [
        json.dumps(RECORDS[0]).encode(),
        b"{",
        b'{"text": "no id"}',
        b'{"id": "2"}',
        b'{"id": "3", "text": "\\ud800"}',
        b"[1]",
        b'{"id": "4", "text": "\xff"}',
        b'{"id": "a\\u0000b", "text": "x"}',
        b'{"id": "3", "text": ""}',
        json.dumps({"id": "x" * 3000, "text": "x"}).encode(),
        b"[" * 100_000,
        json.dumps(RECORDS[1]).encode(),
    ]
    found = answers_in(client.post("/v1/decide", content=b"\n".join(lines), headers=LINES).content)
    statuses = [each.get("status", each.get("decision")) for each in found]
    assert statuses == ["index", 400, 422, 422, 400, 422, 400, 422, "refuse", 422, 400, "update"]
    assert [each.get("where") for each in found if "status" in each] == [f"line {number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 11)]
    assert all(each["detail"] and each["hint"] for each in found if "status" in each)
    assert stored(client) == ["9", "10"]


def test_a_line_without_end_is_refused_and_those_before_it_stand(client: TestClient) -> None:
    data = lines_of(RECORDS[:1]) + b'{"id": "2", "text": "' + b"x" * (9 << 20)
    first, last = answers_in(client.post("/v1/decide", content=data, headers=LINES).content)
    assert (first["decision"], last["status"], last["where"]) == ("index", 413, "line 2")
    assert stored(client) == ["9"]


def test_more_lines_than_an_array_may_have_are_decided_about() -> None:
    with served(ServeSettings(limits=RequestLimits(records=3))) as client:
        records = [{"id": str(number), "text": f"Report {number}."} for number in range(20)]
        found = answers_in(client.post("/v1/decide", content=lines_of(records), headers=LINES).content)
        assert [each["id"] for each in found] == [record["id"] for record in records]
        assert problem(client.post("/v1/decide", json=records), 413)["detail"] == "more than 3 records"
        assert problem(client.post("/v1/withdraw", json=[{"id": "1"}] * 4), 413)


def test_a_dry_run_tells_what_is_decided_then_and_stores_nothing(client: TestClient) -> None:
    for body, headers in ((lines_of(RECORDS), LINES), (json.dumps(RECORDS).encode(), {"content-type": "application/json"})):
        dry = client.post("/v1/decide?dry_run=1", content=body, headers=headers)
        assert stored(client) == []
        assert client.post("/v1/decide?dry_run=1", content=body, headers=headers).content == dry.content
    told = client.post("/v1/decide?dry_run=1", json=RECORDS).json()
    assert client.post("/v1/decide?dry_run=0", json=RECORDS).json() == told


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("dry_run=true", "dry_run"),
        ("dry_run=", "dry_run"),
        ("dryrun=1", "dryrun"),
        ("dry_run=1&dry_run=0", "dry_run"),
        ("dry_run=1&", None),
        ("id_field=", None),
        ("id_field=a[", "id_field"),
        ("id_field=a&id_field=b", "id_field"),
        ("_field=id", "_field"),
        ("token=abc", "token"),
    ],
)
@pytest.mark.parametrize("headers", [LINES, {"content-type": "application/json"}], ids=["lines", "json"])
def test_a_parameter_that_is_not_known_stores_nothing(query: str, where: str | None, headers: dict[str, str], empty: TestClient) -> None:
    answer = empty.post(f"/v1/decide?{query}", content=b'{"id": "1", "text": ""}', headers=headers)
    if where is None:
        assert answer.status_code in (200, 422)  # the record is refused, for it has no text
    else:
        assert problem(answer, 422)["where"] == where
    assert stored(empty) == []


def test_fields_have_the_names_that_parameters_give_them(client: TestClient) -> None:
    record = {
        "meta": {"guid": "1", "who": "Marsa Post"},
        "lead": "A ferry sank.",
        "body": "Nine are missing.",
        "kill": "canceled",
        "head": "Ferry",
    }
    names = "id_field=meta.guid&text_field=lead,body&source_field=meta.who&title_field=head"
    assert client.post(f"/v1/decide?{names}", json=record).json() == {"id": "1", "decision": "index"}
    (version,) = client.get("/v1/documents/1").json()["versions"]
    assert (version["text"], version["source"], version["title"]) == ("A ferry sank.\n\nNine are missing.", "Marsa Post", "Ferry")
    assert client.post(f"/v1/decide?{names}&status_field=kill", json=record).json()["decision"] == "withdraw"


def test_a_hint_speaks_of_parameters_and_not_of_options(empty: TestClient) -> None:
    assert problem(empty.post("/v1/decide", json={"uri": "1", "text": "x"}), 422)["hint"] == "name the field with id_field"
    assert problem(empty.post("/v1/decide", json={"articles": [{"text": "x"}]}), 422)["hint"] == "send the list of records itself"


# The same input, the same answer


def test_what_comes_again_is_answered_again(client: TestClient) -> None:
    body = [*RECORDS, RECORDS[0], {"id": "9", "text": HIGHER}]
    first = client.post("/v1/decide", json=body).json()
    assert [each["decision"] for each in first] == ["index", "update", "index", "skip", "skip"]
    assert client.post("/v1/decide", json=body).json() == first
    assert answers_in(client.post("/v1/decide", content=lines_of(RECORDS), headers=LINES).content) == first[:3]
    assert [client.post("/v1/decide", json=record).json() for record in RECORDS] == first[:3]


def test_many_at_once_get_the_same_answer(client: TestClient) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.post("/v1/decide", json=RECORDS).text, range(24)))
    assert len({*answers}) == 1
    assert [each["decision"] for each in json.loads(answers[0])] == ["index", "update", "index"]


def test_the_answer_is_the_same_after_a_restart(tmp_path: Path) -> None:
    settings = ServeSettings(str(tmp_path / "index.db"))
    with served(settings) as client:
        first = client.post("/v1/decide", json=RECORDS).json()
        withdrawn = client.post("/v1/withdraw", json={"id": "11"}).json()
    with served(settings) as client:
        assert client.post("/v1/decide", json=RECORDS[:2]).json() == first[:2]
        assert client.post("/v1/withdraw", json={"id": "11"}).json() == withdrawn
        assert client.post("/v1/decide", json=RECORDS[2]).json()["why"] == "withdrawn"


# Idempotency-Key


def test_a_request_under_its_key_is_done_once(client: TestClient) -> None:
    key = {"idempotency-key": "1"}
    first = client.post("/v1/withdraw", json={"id": "9"}, headers=key)
    assert first.json() == {"id": "9", "decision": "withdraw", "why": "canceled"}  # nothing was there
    client.post("/v1/decide", json=RECORDS[0])
    assert client.post("/v1/withdraw", json={"id": "9"}, headers=key).content == first.content
    assert stored(client) == ["9"]
    refused = problem(client.post("/v1/withdraw", json={"id": "10"}, headers=key), 422)
    assert (refused["where"], refused["hint"]) == ("Idempotency-Key", "make a new key")
    assert client.post("/v1/withdraw", json={"id": "9"}, headers={"idempotency-key": "2"}).json()["of"] == "9"


def test_the_parameters_belong_to_what_a_key_stands_for(client: TestClient) -> None:
    key = {"idempotency-key": "1"}
    assert client.post("/v1/decide?dry_run=1", json=RECORDS, headers=key).status_code == 200
    problem(client.post("/v1/decide", json=RECORDS, headers=key), 422)
    assert client.post("/v1/withdraw", json=RECORDS[0]["id"], headers=key).json()["where"] == "body"  # keys of another address are others
    assert stored(client) == []


def test_requests_with_one_key_at_once_are_done_once(client: TestClient) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.post("/v1/decide", json=RECORDS, headers={"idempotency-key": "1"}), range(16)))
    assert len({answer.content for answer in answers}) == 1
    assert "dedup_commit_records_sum 3.0\n" in client.get("/metrics").text


def test_what_failed_under_a_key_may_be_tried_again(client: TestClient) -> None:
    key = {"idempotency-key": "1"}
    problem(client.post("/v1/decide", content=b'{"id": "1"}', headers={**key, "content-type": "application/json"}), 422)
    assert client.post("/v1/decide", json=RECORDS[0], headers=key).json()["decision"] == "index"


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_length(empty: TestClient, key: str) -> None:
    assert problem(empty.post("/v1/decide", json=RECORDS, headers={"idempotency-key": key}), 400)["where"] == "Idempotency-Key"


def test_the_answers_of_keys_need_a_bounded_room() -> None:
    import asyncio

    from dedup.serve.idempotency import Answers

    async def ask() -> int:
        answers = Answers()

        async def large() -> bytes:
            return b"x" * (40 << 20)

        async def small() -> bytes:
            return b"x"

        await answers.once(("first",), b"", large)
        await answers.once(("second",), b"", large)
        for number in range(10_100):
            await answers.once((str(number),), b"", small)
        return len(answers._known)

    assert asyncio.run(ask()) == 10_000


# Bodies that are wrong, of every endpoint that takes one

POSTED = ("/v1/decide", "/v1/withdraw", "/v1/query", "/v1/compare", "/v1/explain", "/v1/verdicts")
BROKEN = {
    "empty": b"",
    "space": b"  \n",
    "brace": b"{",
    "two": b'{"id": "1"} {"id": "2"}',
    "quotes": b"{'id': '1'}",
    "latin": b'{"id": "caf\xe9", "text": "x"}',
    "utf-16": '{"id": "1", "text": "x"}'.encode("utf-16"),
    "half a pair": b'{"id": "1", "text": "\\ud83d", "a": "\\udc00", "b": "x"}',
    "deep list": b"[" * 200_000 + b"]" * 200_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "long number": b'{"id": ' + b"9" * 5000 + b', "text": "x"}',
    "control": b'{"id": "a\x01b"}',
}
UNFIT = {
    "null": None,
    "number": 5,
    "text": "text",
    "true": True,
    "list in list": [[]],
    "list of null": [None],
    "no fields": {},
    "numbers": {"id": 1, "a": 1, "b": 2},
    "nested": {"id": {"id": "1"}, "a": {"text": []}, "b": {"text": {}}},
    "true in it": {"id": True, "text": True, "a": True, "b": False},
    "null in it": {"id": None, "text": None, "a": None, "b": None},
    "empty texts": {"id": "", "a": {"id": None}, "b": {}},
    "unknown field": {"a": {"text": "x", "texts": "y"}, "b": "x"},
    "nul": {"id": "a\0b"},
}


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("case", BROKEN)
def test_a_body_that_is_no_json_is_refused(empty: TestClient, path: str, case: str) -> None:
    found = problem(empty.post(path, content=BROKEN[case], headers={"content-type": "application/json"}), 400)
    assert (found["where"], found["hint"]) == ("body", "send JSON in UTF-8")


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("case", UNFIT)
def test_json_of_another_form_is_refused_with_its_place(empty: TestClient, path: str, case: str) -> None:
    found = problem(empty.post(path, content=json.dumps(UNFIT[case]), headers={"content-type": "application/json"}), 422)
    assert found["where"]
    assert found["hint"]


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_body_of_another_media_type_is_refused(empty: TestClient, path: str, media: str) -> None:
    assert problem(empty.post(path, content=b"{}", headers={"content-type": media}), 415)["where"] == "Content-Type"


@pytest.mark.parametrize("headers", [LINES, {"content-type": "application/json"}], ids=["lines", "json"])
@pytest.mark.parametrize("packed", ["gzip", "br", "identity, gzip"])
def test_a_body_that_is_packed_is_refused(empty: TestClient, headers: dict[str, str], packed: str) -> None:
    found = problem(empty.post("/v1/decide", content=b"\x1f\x8b", headers={**headers, "content-encoding": packed}), 415)
    assert found["where"] == "Content-Encoding"


@pytest.mark.parametrize(
    ("record", "where"),
    [
        ({"id": "1", "text": 5}, "[1]"),
        ({"id": "1", "text": [1]}, "[1]"),
        ({"id": [], "text": "x"}, "[1]"),
        ({"id": True, "text": "x"}, "[1]"),
        ({"id": "a\0", "text": "x"}, "[1]"),
        ({"id": "x" * 2001, "text": "x"}, "[1]"),
        ({"id": "1", "text": "x" * 10_000_001}, "[1]"),
    ],
    ids=["number", "numbers", "list", "true", "nul", "long id", "long text"],
)
def test_one_bad_record_of_an_array_stores_none_of_it(empty: TestClient, record: Any, where: str) -> None:
    assert problem(empty.post("/v1/decide", json=[RECORDS[0], record]), 422)["where"] == where
    assert stored(empty) == []


def test_odd_values_that_are_no_mistakes_are_taken(client: TestClient) -> None:
    records = [
        {"id": 1, "text": "One."},
        {"id": 2.5, "text": "Two and a half."},
        {"id": "3\u2028", "text": "\0\u202e\ufffe NUL and marks."},
        {"id": "../../etc/passwd", "text": "Dots and slashes."},
        {"id": "4", "text": "<b>Bold</b> &amp; plain.", "time": "no time", "byline": {"name": ["x"]}, "more": {"a": [1, {"b": None}]}},
        {"id": "ش", "text": "خبر قصير.", "title": "", "source": {"name": "وكالة"}, "url": "javascript:alert(1)"},
    ]
    found = client.post("/v1/decide", json=records)
    assert [each["decision"] for each in found.json()] == ["index"] * 6
    for name in ("2.5", "3%E2%80%A8", "..%2F..%2Fetc%2Fpasswd", "%D8%B4"):
        assert client.get(f"/v1/documents/{name}").status_code == 200
    assert client.post("/v1/decide", json=records).json() == found.json()


def test_a_record_without_a_text_is_refused_alone_and_in_an_array_told(client: TestClient) -> None:
    assert problem(client.post("/v1/decide", json={"id": "1", "text": " "}), 422)["detail"] == "no text"
    first, second = client.post("/v1/decide", json=[{"id": "1", "text": ""}, RECORDS[0]]).json()
    assert (first, second["decision"]) == ({"id": "1", "decision": "refuse", "why": "no text"}, "index")


# What is stored


def test_a_text_finds_what_it_relates_to(stocked: TestClient) -> None:
    found = stocked.post("/v1/query", json={"text": FERRY}).json()["matches"]
    assert [(each["of"], each["relation"], each["duplicate"]) for each in found] == [("9", "identical", True), ("10", "revision", True)]
    assert stocked.post("/v1/query", json={"text": "Nothing like it."}).json() == {"matches": []}
    named = stocked.post("/v1/query?text_field=lead&id_field=n", json={"n": "7", "lead": FERRY}).json()["matches"]
    assert [(each["id"], each["of"]) for each in named] == [("7", "9"), ("7", "10")]
    assert stocked.get("/v1/documents/query").status_code == 404


def test_a_document_is_told_with_all_its_versions(client: TestClient) -> None:
    client.post("/v1/decide", json=[RECORDS[0], {**RECORDS[0], "text": HIGHER, "title": "Ferry"}])
    found = client.get("/v1/documents/9").json()
    assert [version["text"] for version in found["versions"]] == [FERRY, HIGHER]
    assert found["versions"][0] == {**RECORDS[0], "dedup": {"id": "9", "decision": "index"}}
    assert found["versions"][1]["dedup"]["replaces"] == "9"
    assert problem(client.get("/v1/documents/8"), 404)["hint"]


def test_a_cluster_is_told_by_its_name(stocked: TestClient) -> None:
    (name,) = {each["cluster"] for each in stocked.post("/v1/query", json={"text": FERRY}).json()["matches"]}
    assert stocked.get(f"/v1/clusters/{name}").json() == {"id": name, "canonical": "10", "members": ["10", "9"], "weakest": 0.9268}
    for other in ("9", "nothing", "a/b", "%00", "..%2f"):
        problem(stocked.get(f"/v1/clusters/{other}"), 404)


def test_what_is_withdrawn_stands_for_nothing(client: TestClient) -> None:
    client.post("/v1/decide", json=RECORDS[0])
    assert client.post("/v1/withdraw", json={"id": "9"}).json() == {"id": "9", "decision": "withdraw", "of": "9", "why": "canceled"}
    assert client.post("/v1/decide", json={**RECORDS[0], "id": "12"}).json() == {"id": "12", "decision": "index"}
    several = client.post("/v1/withdraw", json=[{"id": "9"}, {"id": "12"}, {"id": "13"}]).json()
    assert [each.get("of") for each in several] == ["9", "12", None]


def test_an_erased_document_is_gone(client: TestClient) -> None:
    client.post("/v1/decide", json=[RECORDS[0], {"id": "a/b", "text": OTHER}])
    assert client.delete("/v1/documents/9").json() == {"id": "9", "erased": 1}
    assert client.delete("/v1/documents/9").json() == {"id": "9", "erased": 0}
    assert client.delete("/v1/documents/a%2Fb").json() == {"id": "a/b", "erased": 1}
    problem(client.get("/v1/documents/9"), 404)
    assert client.post("/v1/query", json={"text": FERRY}).json() == {"matches": []}
    assert client.post("/v1/decide", json=RECORDS[1]).json() == {"id": "10", "decision": "index"}


# Two texts


@pytest.mark.parametrize(
    ("style", "media", "begins"),
    [
        (None, "application/json", b'{"schema": "dedup/comparison/1"'),
        ("json", "application/json", b'{"schema": "dedup/comparison/1"'),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("csv", "text/csv; charset=utf-8", b""),
        ("markdown", "text/markdown; charset=utf-8", b""),
        ("unified", "text/x-diff; charset=utf-8", b"--- a"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ],
)
def test_a_comparison_has_many_formats(empty: TestClient, style: str | None, media: str, begins: bytes) -> None:
    if style == "docx":
        pytest.importorskip("docx")
    answer = empty.post("/v1/compare", json=COMPARED if style is None else {**COMPARED, "format": style})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert answer.content.lower().startswith(begins.lower())
    assert len(answer.content) > 100


@pytest.mark.parametrize(
    ("name", "value"), [("format", "terminal"), ("format", "pdf"), ("lang", "de"), ("lang", ""), ("format", None), ("more", "x")]
)
def test_a_comparison_has_no_other_formats(empty: TestClient, name: str, value: str | None) -> None:
    assert problem(empty.post("/v1/compare", json={**COMPARED, name: value}), 422)["where"] == name


def test_stored_texts_are_compared_by_their_names(stocked: TestClient) -> None:
    body = {"a": {"id": "9"}, "b": {"id": "10"}}
    found = stocked.post("/v1/compare", json=body).json()
    assert [(change["kind"], change["a"]["text"], change["b"]["text"]) for change in found["changes"]] == [("number", "Nine", "Eleven")]
    assert (found["a"]["id"], found["b"]["id"]) == ("9", "10")
    assert stocked.post("/v1/explain", json=body).json()["relation"] == "revision"
    assert problem(stocked.post("/v1/compare", json={**body, "b": {"id": "77"}}), 404)["where"] == "b"
    assert problem(stocked.post("/v1/explain", json={**body, "a": {"id": "77"}}), 404)["where"] == "a"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("", ""),
        ("", FERRY),
        (FERRY, FERRY),
        ("\0", "\u202e"),
        ({"id": "x", "text": FERRY}, {"id": "x", "text": HIGHER}),
        ({"text": FERRY, "time": "x"}, OTHER),
    ],
    ids=["nothing", "from nothing", "the same", "odd", "one id", "odd time"],
)
def test_odd_texts_are_compared_and_explained(empty: TestClient, a: Any, b: Any) -> None:
    for path in ("/v1/compare", "/v1/explain"):
        answer = empty.post(path, json={"a": a, "b": b})
        assert answer.status_code in (200, 422), answer.text
        assert answer.status_code == 200 or answer.json()["detail"]
        assert empty.post(path, json={"a": a, "b": b}).content == answer.content


def test_a_comparison_that_takes_too_long_is_ended() -> None:
    with served(ServeSettings(limits=RequestLimits(job_seconds=0.01))) as client:
        assert "longer than 0.01 seconds" in problem(client.post("/v1/compare", json=COMPARED), 422)["detail"]
        assert 'dedup_jobs_total{outcome="refused"} 1.0' in client.get("/metrics").text


# People


def test_an_answer_of_a_person_is_kept_and_told(client: TestClient) -> None:
    client.post("/v1/decide", json=RECORDS)
    kept = client.post("/v1/verdicts", json={"a": "9", "b": "11", "verdict": "same", "who": "Rana"}).json()
    assert ({kept["a"], kept["b"]}, kept["verdict"], kept["who"]) == ({"9", "11"}, "same", "Rana")
    assert client.get("/v1/verdicts").json() == {"verdicts": [kept]}
    labels = client.get("/v1/labels")
    assert labels.headers["content-type"] == "application/x-ndjson"
    assert [{each["a"], each["b"]} for each in answers_in(labels.content)] == [{"9", "11"}]
    (name,) = {each["cluster"] for each in client.post("/v1/query", json={"text": FERRY}).json()["matches"]}
    assert {*client.get(f"/v1/clusters/{name}").json()["members"]} == {"9", "10", "11"}
    client.post("/v1/verdicts", json={"a": "9", "b": "11", "verdict": None})
    assert client.get("/v1/verdicts").json() == {"verdicts": []}


@pytest.mark.parametrize(
    "body",
    [
        {"a": "9", "b": "10"},
        {"a": "9", "verdict": "same"},
        {"a": "9", "b": "10", "verdict": "maybe"},
        {"a": "9", "b": "10", "verdict": 1},
        {"a": "9", "b": "10", "verdict": "same", "why": "x"},
        {"a": "9", "b": "9", "verdict": "same"},
        {"a": "9", "b": "77", "verdict": "same"},
        {"a": "9", "b": "a\0b", "verdict": "same"},
        {"a": 9, "b": 10, "verdict": "same"},
    ],
)
def test_an_answer_that_cannot_be_kept_is_refused(stocked: TestClient, body: Any) -> None:
    assert problem(stocked.post("/v1/verdicts", json=body), 422)["hint"]
    assert stocked.get("/v1/verdicts").json() == {"verdicts": []}


def test_doubtful_pairs_are_told(stocked: TestClient) -> None:
    assert isinstance(stocked.get("/v1/doubts").json()["doubts"], list)
    assert len(stocked.get("/v1/doubts?most=1").json()["doubts"]) <= 1
    for most in ("0", "501", "-1", "x", "", "1e2", "٣", "9" * 30):
        assert problem(stocked.get("/v1/doubts", params={"most": most}), 422)["where"] == "most"


# Methods, addresses, the server itself


@pytest.mark.parametrize("path", [*POSTED[:5], "/v1/documents/9", "/v1/labels", "/v1/verdicts", "/v1/openapi.json", "/healthz", "/metrics"])
def test_another_method_is_refused_and_those_that_are_there_are_named(empty: TestClient, path: str) -> None:
    for method in ("PUT", "PATCH", "OPTIONS"):
        answer = empty.request(method, path)
        assert {*answer.headers["allow"].split(", ")} <= {"GET", "HEAD", "POST", "DELETE"}
        assert answer.headers["allow"] in problem(answer, 405)["hint"]


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v1/decide/", "/v1/nothing", "/v2/decide", "/v1//decide", "/v1/%2e%2e/metrics", "/nothing"]
)
def test_another_address_is_not_found(empty: TestClient, path: str) -> None:
    assert problem(empty.post(path, json={}), 404)["hint"]


def test_head_is_get_without_a_body(stocked: TestClient) -> None:
    for path in ("/v1/documents/9", "/v1/labels", "/healthz", "/readyz", "/metrics", "/v1/openapi.json"):
        answer = stocked.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_the_server_tells_of_itself(client: TestClient) -> None:
    assert client.get("/healthz").json() == client.get("/readyz").json() == {"status": "ok"}
    client.post("/v1/decide", json=RECORDS)
    client.get("/v1/documents/9")
    client.get("/v1/documents/a-secret-name")
    client.get("/no/such/address")
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("application/openmetrics-text")
    assert told.text.endswith("# EOF\n")
    for line in (
        'dedup_http_requests_total{method="POST",route="/v1/decide",status="200"} 1.0',
        'dedup_http_requests_total{method="GET",route="/v1/documents/{id:path}",status="404"} 1.0',
        'dedup_http_requests_total{method="GET",route="none",status="404"} 1.0',
        'dedup_decisions_total{decision="index"} 2.0',
        'dedup_decisions_total{decision="update"} 1.0',
        "dedup_records_waiting 0.0",
    ):
        assert f"{line}\n" in told.text
    assert not any(secret in told.text for secret in ("a-secret-name", "ferry", KEY))


def test_an_error_of_the_program_tells_nothing_of_the_text(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: object, prepared: object, *values: object, **more: object) -> None:
        raise RuntimeError(FERRY)

    monkeypatch.setattr("dedup.index.index.Index.decide", broken)
    monkeypatch.setattr("dedup.index.index.Index.query", broken)
    with caplog.at_level("DEBUG"):
        problem(client.post("/v1/decide", json=RECORDS[0]), 500)
        problem(client.post("/v1/query", json=RECORDS[0]), 500)
        (line,) = answers_in(client.post("/v1/decide", content=lines_of(RECORDS[:1]), headers=LINES).content)
    assert line["status"] == 500
    assert "RuntimeError" in caplog.text
    assert "ferry" not in caplog.text.lower()
