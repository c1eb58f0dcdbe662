"""Who may ask a server what: tokens, the cookie, proxies, names of hosts, pages of other sites; and what no log holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serve_api_support import FERRY, HIGHER, KEY, LINES, RECORDS, answers_in, lines_of, problem, served
from starlette.testclient import TestClient

from dedup.errors import ConfigError
from dedup.serve import RequestLimits, ServeSettings
from dedup.serve.application import ROUTES, application

READER, WRITER = "a-token-that-only-reads", "a-token-that-may-write"
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
OPEN = ("/healthz", "/readyz")
COMPARED = {"a": FERRY, "b": HIGHER}
# Each request of the API, whether it changes something, and a body.
ASKED: list[tuple[str, str, bool, Any]] = [
    ("POST", "/v1/decide", True, RECORDS[0]),
    ("POST", "/v1/decide?dry_run=1", False, RECORDS[0]),
    ("POST", "/v1/withdraw", True, {"id": "1"}),
    ("POST", "/v1/query", False, RECORDS[0]),
    ("POST", "/v1/compare", False, COMPARED),
    ("POST", "/v1/explain", False, COMPARED),
    ("GET", "/v1/documents/nothing", False, None),
    ("DELETE", "/v1/documents/nothing", True, None),
    ("GET", "/v1/clusters/nothing", False, None),
    ("POST", "/v1/verdicts", True, {"a": "1", "b": "2", "verdict": "same"}),
    ("GET", "/v1/verdicts", False, None),
    ("GET", "/v1/labels", False, None),
    ("GET", "/v1/doubts", False, None),
    ("GET", "/v1/openapi.json", False, None),
    ("GET", "/metrics", False, None),
]
IDS = [f"{method} {path}" for method, path, _, _ in ASKED]


def test_every_route_of_the_api_is_asked_here() -> None:
    known = {(method, route.path.split("{")[0]) for route in ROUTES for method in route.methods or () if method != "HEAD"}
    asked = {(method, path.split("?")[0].replace("nothing", "")) for method, path, _, _ in ASKED}
    assert known - asked == {("GET", path) for path in OPEN}


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tokens") / "tokens.txt"
    file.write_text(f"# of the pipelines\n\nread {READER}\nwrite {WRITER}\n")
    return file


@pytest.fixture(scope="module")
def guarded(tokens: Path) -> Iterator[TestClient]:
    """A server with a file of tokens; who asks has none, unless a test gives one."""
    with served(ServeSettings(token_file=str(tokens)), token=None, key=None) as client:
        yield client


def bearer(token: str, scheme: str = "Bearer") -> dict[str, str]:
    return {"authorization": f"{scheme} {token}"}


def ask(client: TestClient, method: str, path: str, body: Any, headers: dict[str, Any] | None = None) -> Any:
    return client.request(method, path, headers=headers or {}, **({} if body is None else {"json": body}))


# Tokens


@pytest.mark.parametrize(("method", "path", "changes", "body"), ASKED, ids=IDS)
def test_nobody_is_let_in_without_a_token(guarded: TestClient, method: str, path: str, changes: bool, body: Any) -> None:
    wrong = "wrong", READER.upper(), READER[:-1], READER + "x", "", "é", "\udcff" * 9, KEY
    for headers in ({}, *({"authorization": b"Bearer " + token.encode("utf-8", "surrogateescape")} for token in wrong)):
        answer = ask(guarded, method, path, body, headers)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert problem(answer, 401)["hint"]


@pytest.mark.parametrize(("method", "path", "changes", "body"), ASKED, ids=IDS)
def test_a_token_that_reads_changes_nothing(guarded: TestClient, method: str, path: str, changes: bool, body: Any) -> None:
    answer = ask(guarded, method, path, body, bearer(READER))
    if changes:
        assert problem(answer, 403)["detail"] == "this token may only read"
    else:
        assert answer.status_code in (200, 404)


@pytest.mark.parametrize(("method", "path", "changes", "body"), ASKED, ids=IDS)
def test_a_token_that_writes_may_ask_for_all(tokens: Path, method: str, path: str, changes: bool, body: Any) -> None:
    with served(ServeSettings(token_file=str(tokens)), token=WRITER, key=None) as client:
        assert ask(client, method, path, body).status_code in (200, 404, 422)


def test_lines_with_a_token_that_reads_are_refused_before_they_are_read(guarded: TestClient) -> None:
    problem(guarded.post("/v1/decide", content=lines_of(RECORDS), headers={**LINES, **bearer(READER)}), 403)
    problem(guarded.post("/v1/decide?dry_run=1&dry_run=0", content=lines_of(RECORDS), headers={**LINES, **bearer(READER)}), 403)
    found = guarded.post("/v1/decide?dry_run=1", content=lines_of(RECORDS), headers={**LINES, **bearer(READER)})
    assert [each["decision"] for each in answers_in(found.content)] == ["index", "update", "index"]
    problem(guarded.get("/v1/documents/9", headers=bearer(READER)), 404)


def test_the_scheme_of_a_token_is_bearer(guarded: TestClient) -> None:
    assert guarded.get("/v1/labels", headers=bearer(READER, "bearer")).status_code == 200
    for scheme in ("Basic", "Token", ""):
        problem(guarded.get("/v1/labels", headers=bearer(READER, scheme)), 401)


@pytest.mark.parametrize("path", OPEN)
def test_whether_it_is_well_is_told_to_everybody(guarded: TestClient, path: str) -> None:
    assert guarded.get(path).json() == {"status": "ok"}
    problem(guarded.post(path), 405)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no token"),
        ("# nothing\n", "no token"),
        ("admin 0123456789abcdef\n", ":1: not a token"),
        ("read 0123456789abcdef\nread x y\n", ":2: not a token"),
        ("write secret\n", ":1: a token of less than 16"),
    ],
)
def test_a_file_of_tokens_that_is_wrong_is_refused_without_quoting_it(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "tokens.txt"
    file.write_text(text)
    with pytest.raises(ConfigError, match=says) as raised:
        application(ServeSettings(token_file=str(file)))
    assert not any(word in str(raised.value) for word in ("0123456789abcdef", "secret"))


# The cookie of a browser


@pytest.fixture
def browser() -> Iterator[TestClient]:
    """A browser that has opened the first address."""
    with served(token=None) as client:
        answer = client.get(f"/?token={KEY}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        yield client


def test_the_token_of_the_first_address_becomes_a_cookie(browser: TestClient) -> None:
    browser.cookies.clear()
    answer = browser.get(f"/v1/labels?a=1&token={KEY}&b=%26%3D")
    assert (answer.status_code, answer.headers["location"]) == (303, "/v1/labels?a=1&b=%26%3D")
    cookie = answer.headers["set-cookie"]
    assert KEY not in cookie
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert browser.get("/v1/labels").status_code == 200


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/\\evil.example", "/%2F/evil.example", "/https://evil.example", "/%5C%5Cevil.example"]
)
def test_the_first_address_leads_nowhere_else(browser: TestClient, path: str) -> None:
    answer = browser.get(f"{ADDRESS}{path}?token={KEY}")
    assert answer.status_code in (303, 404)
    assert not answer.headers.get("location", "/").startswith(("//", "/\\", "http"))


def test_a_wrong_token_in_an_address_is_refused(browser: TestClient) -> None:
    problem(browser.get("/?token=wrong"), 401)
    problem(browser.get("/?token="), 401)


@pytest.mark.parametrize("cookie", ["", "write", "write.", "write.0", "read.{seal}", "admin.{seal}", "{seal}", "write.{seal}0"])
def test_a_cookie_that_was_not_given_is_refused(browser: TestClient, cookie: str) -> None:
    (name,) = browser.cookies
    seal = browser.cookies[name].partition(".")[2]
    browser.cookies.clear()
    problem(browser.get("/v1/labels", headers={"cookie": f"{name}={cookie.format(seal=seal)}"}), 401)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": ADDRESS}, 200),
        ({"origin": ADDRESS, "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "same-site", "origin": ADDRESS}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "http://127.0.0.1"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "http://localhost:8765"}, 403),
        ({"origin": f"{ADDRESS}.evil.example"}, 403),
        ({"origin": "http://evil.example", "sec-fetch-site": "same-origin"}, 403),
    ],
)
def test_a_page_of_another_site_changes_nothing(browser: TestClient, headers: dict[str, str], status: int) -> None:
    assert browser.post("/v1/decide", json=RECORDS[0], headers=headers).status_code == status
    assert browser.delete("/v1/documents/x", headers=headers).status_code in ((403,) if status == 403 else (200, 404))
    assert browser.get("/v1/labels", headers=headers).status_code == 200  # which no other page can read
    assert browser.post("/v1/decide", json=RECORDS[0], headers={**headers, **bearer(KEY)}).status_code == 200  # no browser sends that


def test_a_cookie_of_a_token_that_reads_changes_nothing(tokens: Path) -> None:
    with served(ServeSettings(token_file=str(tokens)), token=None, key=None) as client:
        client.get(f"/?token={READER}")
        assert client.get("/v1/labels").status_code == 200
        problem(client.post("/v1/decide", json=RECORDS[0], headers={"origin": ADDRESS}), 403)


# Names of hosts


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:1", "localhost:8765", "LOCALHOST", "[::1]:8765", "desk.example.org", "localhost."]
)
def test_names_that_are_known_are_let_in(host: str) -> None:
    with served(ServeSettings(allowed_hosts=("desk.example.org",))) as client:
        assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8765", "", "127.0.0.2", "localhost@evil.example", "[::2]"]
)
def test_a_name_that_is_not_known_is_misdirected(host: str) -> None:
    with served() as client:
        for path in ("/healthz", "/v1/labels", "/metrics", "/"):
            assert problem(client.get(path, headers={"host": host}), 421)["hint"]


# A proxy that says who asks


def proxied(address: str) -> Any:
    return served(ServeSettings(proxy=f"{address}=X-Remote-User"), token=None, key=None)


def as_from(client: TestClient, address: str) -> None:
    client._transport.client = (address, 50000)  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["10.0.0.2", "::ffff:10.0.0.2"])
def test_a_trusted_proxy_says_who_asks(address: str) -> None:
    with proxied("10.0.0.2") as client:
        as_from(client, address)
        user = {"x-remote-user": "rana"}
        assert client.get("/v1/labels", headers=user).status_code == 200
        problem(client.get("/v1/labels"), 401)
        problem(client.get("/v1/labels", headers={"x-remote-user": ""}), 401)
        problem(client.post("/v1/decide", json=RECORDS, headers=user), 403)  # it comes with what the browser sends by itself
        assert client.post("/v1/decide", json=RECORDS, headers={**user, "origin": ADDRESS}).status_code == 200
        kept = client.post(
            "/v1/verdicts", json={"a": "9", "b": "11", "verdict": "different", "who": "x"}, headers={**user, "origin": ADDRESS}
        )
        assert kept.json()["who"] == "rana"


@pytest.mark.parametrize("address", ["10.0.0.3", "127.0.0.1", "testclient", "::1"])
def test_from_elsewhere_the_header_of_a_proxy_says_nothing(address: str) -> None:
    with proxied("10.0.0.2") as client:
        as_from(client, address)
        problem(client.get("/v1/labels", headers={"x-remote-user": "rana", "x-forwarded-for": "10.0.0.2"}), 401)


# What a page may load, and who may show it


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/labels", "/nothing", "/v1/decide"])
def test_each_answer_keeps_itself_to_itself(guarded: TestClient, path: str) -> None:
    for headers in ({}, bearer(READER), {"host": "evil.example"}):
        answer = guarded.get(path, headers=headers)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert not any(name.startswith("access-control-") for name in answer.headers)


# Too much, and too slow


def test_who_asks_for_too_much_at_once_is_told_when_to_come_back() -> None:
    with served(ServeSettings(limits=RequestLimits(body=2000))) as client:
        for body in (b"x" * 2001, iter([b"x" * 1500] * 2)):
            found = client.post("/v1/decide", content=body, headers={"content-type": "application/json"})
            assert (problem(found, 413)["detail"], found.headers["connection"]) == ("a body of more than 2,000 bytes", "close")
        assert client.post("/v1/decide", content=lines_of(RECORDS * 50), headers=LINES).status_code == 200


# Logs


def test_logs_hold_no_texts_no_ids_and_no_tokens(tokens: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), served(ServeSettings(token_file=str(tokens)), token=None, key=None) as client:
        secret = {"id": "secret-id", "text": f"{FERRY} secret-text", "title": "secret-title", "source": "secret-source"}
        client.post("/v1/decide", json=secret, headers={**bearer(WRITER), "idempotency-key": "secret-key"})
        client.post("/v1/decide?id_field=secret-field", json=[secret, {"secret-name": 1}], headers=bearer(WRITER))
        client.post("/v1/decide", content=lines_of([secret]) + b"secret-line\n", headers={**LINES, **bearer(WRITER)})
        client.post("/v1/query", json=secret, headers=bearer(READER))
        client.post("/v1/compare", json={"a": "secret-a", "b": secret, "format": "secret-format"}, headers=bearer(READER))
        client.post("/v1/verdicts", json={"a": "secret-a", "b": "secret-b", "verdict": "same"}, headers=bearer(WRITER))
        client.get("/v1/documents/secret-id?more=secret", headers=bearer(READER))
        client.get(
            "/v1/secret-path", headers={**bearer("secret-token-that-is-wrong"), "user-agent": "secret-agent", "host": "secret.example"}
        )
        client.get(f"/?token={READER}")
        client.get("/v1/labels", headers={"cookie": "secret-cookie"})
    ours = [record for record in caplog.records if record.name.startswith("dedup")]
    told = "\n".join(record.getMessage() for record in ours)
    assert "secret" not in told.lower()
    assert not any(token in told for token in (READER, WRITER, "ferry"))
    lines = [json.loads(record.getMessage()) for record in ours if record.name == "dedup.serve.access"]
    assert len(lines) == 10
    assert all(line.keys() == {"time", "client", "method", "route", "status", "ms", "bytes"} for line in lines)
    assert {line["route"] for line in lines} == {
        "/v1/decide",
        "/v1/query",
        "/v1/compare",
        "/v1/verdicts",
        "/v1/documents/{id:path}",
        "none",
    }
