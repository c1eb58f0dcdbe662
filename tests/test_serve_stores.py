"""A server on a file and on PostgreSQL: two desks on one index, what one of them is told the other one shows; a store that goes away."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from command_support import PATIENCE
from serve_api_support import FERRY, HIGHER, OTHER, RECORDS, problem, served

from dedup.serve import ServeSettings


def shown(client: Any, words: str) -> str:
    """Return the list of stories once it has some words."""
    end = time.monotonic() + PATIENCE
    while words not in (page := client.get("/stories?lang=en").text):
        assert time.monotonic() < end, page
        time.sleep(0.05)
    return str(page)


def test_two_desks_share_one_index(place: str) -> None:
    with served(ServeSettings(index=place)) as one, served(ServeSettings(index=place)) as other:
        told = one.post("/v1/decide", json=RECORDS).json()
        assert [each["decision"] for each in told] == ["index", "update", "index"]
        assert other.post("/v1/decide", json=RECORDS).json() == told
        assert [each["of"] for each in other.post("/v1/query", json={"text": FERRY}).json()["matches"]] == ["9", "10"]
        assert "missing" in shown(other, "(+2)")
        cluster = told[1]["cluster"]
        assert other.get(f"/v1/clusters/{cluster}").json()["members"] == ["10", "9"]
        assert other.post("/v1/verdicts", json={"a": "9", "b": "10", "verdict": "different"}).status_code == 200
        problem(one.get(f"/v1/clusters/{cluster}"), 404)
        assert one.get("/v1/labels").json()["duplicate"] is False
        assert one.delete("/v1/documents/9").json() == {"id": "9", "erased": 1}
        problem(other.get("/v1/documents/9"), 404)
        assert [each["of"] for each in other.post("/v1/query", json={"text": HIGHER}).json()["matches"]] == ["10"]
    with served(ServeSettings(index=place)) as again:
        digest = told[1].pop("digest")
        assert digest
        found = again.post("/v1/decide", json=RECORDS[1:]).json()
        assert found[0].pop("digest") == []  # which quoted the text that was erased
        assert found == told[1:]
        assert again.get("/v1/documents/11").json()["versions"][0]["text"] == OTHER


def test_a_file_that_another_has_taken_the_place_of_is_told(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    with served(ServeSettings(index=str(path))) as client:
        client.post("/v1/decide", json=RECORDS[0])
        path.rename(tmp_path / "elsewhere.db")
        path.write_bytes(b"")
        found = problem(client.post("/v1/decide", json=RECORDS[1]), 500)
        assert found["detail"] == "another file has taken its place meanwhile"
        assert str(tmp_path) not in str(found)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_without_a_token(path: str) -> None:
    with served(token=None) as client:
        assert client.get(path).json() == {"status": "ok"}
