"""The server as a process: what it prints, who is let in, how it ends, and what it keeps when it is killed; its jobs and its writer."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_support import PATIENCE
from test_cli import dedup

httpx = pytest.importorskip("httpx", reason="httpx is not installed")
pytest.importorskip("starlette", reason="dedup serve needs bulletin-dedup[serve]")

import serve_jobs  # noqa: E402
from serve_support import running_server  # noqa: E402

from dedup import Document, Index, Policy  # noqa: E402
from dedup.errors import ConfigError, InputError  # noqa: E402
from dedup.serve.access import _host  # noqa: E402
from dedup.serve.jobs import Jobs  # noqa: E402
from dedup.serve.problems import Problem  # noqa: E402
from dedup.serve.settings import RequestLimits, ServeSettings  # noqa: E402
from dedup.serve.telemetry import Metrics  # noqa: E402
from dedup.serve.writer import Writer  # noqa: E402

STRIKE = {"id": "1", "text": "The port of Marsa reopened on Sunday after a strike of six days, its director said."}
AGAIN = {"id": "2", "text": "The port of Marsa reopened on Sunday after a strike of six days, its director said!"}


def test_a_server_from_its_first_address_to_its_end(tmp_path: Path) -> None:
    index = str(tmp_path / "seen.db")
    with running_server(tmp_path, "--index", index) as server, httpx.Client(base_url=server.base, timeout=PATIENCE) as client:
        assert client.get("/").status_code == 401
        moved = client.get(server.first)
        assert (moved.status_code, moved.headers["location"]) == (303, "/")
        cookie = moved.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert server.token not in cookie
        assert client.get("/").status_code == 200  # by the cookie
        assert client.post("/v1/decide", json=STRIKE, headers=server.headers).json() == {"id": "1", "decision": "index"}
        assert client.post("/v1/decide", json=AGAIN, headers=server.headers).json()["of"] == "1"
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 128 + signal.SIGTERM
        log = server.log.read_text()
        assert server.token not in log
        assert "Marsa" not in log
        lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        assert [line["route"] for line in lines] == ["none", "none", "/", "/v1/decide", "/v1/decide"]
    with Index.open(index) as stored:
        assert [decision.action for _, decision in stored.documents()] == ["index", "skip"]
        assert stored.verify() == []


def test_what_was_answered_is_there_after_a_kill_and_is_answered_again(tmp_path: Path) -> None:
    index = str(tmp_path / "seen.db")
    told: dict[str, Any] = {}
    for round_number in range(3):
        with running_server(tmp_path, "--index", index) as server:
            broken = threading.Event()

            enough = 20 * (round_number + 1)

            def send(name: str, server: Any = server, broken: threading.Event = broken, enough: int = enough) -> None:
                with httpx.Client(base_url=server.base, headers=server.headers, timeout=PATIENCE) as client:
                    for number in range(10_000):
                        record = {"id": f"{name}-{number}", "text": f"Report {name} number {number} of the harbour in the north."}
                        try:
                            answer = client.post("/v1/decide", json=record)
                        except httpx.HTTPError:
                            return
                        told[record["id"]] = record, answer.json()
                        if len(told) >= enough:
                            broken.set()

            threads = [threading.Thread(target=send, args=(f"{round_number}{name}",)) for name in "abcd"]
            for thread in threads:
                thread.start()
            assert broken.wait(PATIENCE)
            server.process.kill()
            for thread in threads:
                thread.join(PATIENCE)
    with running_server(tmp_path, "--index", index) as server:
        with httpx.Client(base_url=server.base, headers=server.headers, timeout=PATIENCE) as client:
            again = client.post("/v1/decide", json=[record for record, _ in told.values()]).json()
        assert again == [answer for _, answer in told.values()]
    with Index.open(index) as stored:
        ids = [document.id for document, _ in stored.documents()]
        assert len(ids) == len({*ids})
        assert told.keys() <= {*ids}
        assert stored.verify() == []


IMPATIENT = """
from dedup.serve import ServeSettings, running

running._HEAD_SECONDS = 0.2
running.serve(ServeSettings(port=0), lambda address: print(address, flush=True))
"""


def test_a_connection_on_which_nothing_is_asked_is_closed(tmp_path: Path) -> None:
    with running_server(tmp_path, program=IMPATIENT) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            assert slow.recv(100) == b""
        assert httpx.get(f"{server.base}/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "0.0.0.0 can be reached by others: give --token-file"),
        (["--token-file", "missing"], "missing: cannot be read"),
        (["--allow-host", "a b"], "'a b' is no name of a host"),
        (["--proxy", "nobody"], "proxy is 'nobody'; write it as 127.0.0.1=X-Remote-User"),
        (["--every", "0"], "every is 0.0; it must be more than 0 seconds"),
        (["--index", "."], ".: unable to open database file"),
    ],
)
def test_what_a_server_cannot_do_is_said_in_one_line(options: list[str], said: str, tmp_path: Path) -> None:
    done = dedup("serve", "--port", "0", *options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr.decode()


def test_a_file_of_tokens_is_never_quoted(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("read 0123456789abcdef\nwirte fedcba9876543210\n")
    done = dedup("serve", "--token-file", str(tokens))
    assert f"{tokens}:2: not a token; write 'read TOKEN' or 'write TOKEN'" in done.stderr.decode()
    assert b"fedcba" not in done.stderr


HOSTS = {
    "127.0.0.1": "127.0.0.1", "127.0.0.1:8765": "127.0.0.1", "LOCALHOST:80": "localhost", "localhost.": "localhost", "[::1]": "::1",
    "[::1]:8765": "::1", "desk.example.org:443": "desk.example.org", "evil.example": "evil.example",
    # What would be another host, or another path, where an address is put together with it:
    "": "", "[::1]/healthz?": "", "[::1]evil.example": "", "127.0.0.1/healthz?": "", "127.0.0.1:80/healthz?": "", "user@127.0.0.1": "",
    "127.0.0.1#": "", "127.0.0.1 evil.example": "", "127.0.0.1\\@evil.example": "", "127.0.0.1:123456": "", "[127.0.0.1": "",
}  # fmt: skip


@pytest.mark.parametrize(("header", "name"), HOSTS.items())
def test_a_name_of_a_host_is_nothing_else(header: str, name: str) -> None:
    assert _host(header) == name


def test_a_path_cannot_be_hidden_in_the_name_of_a_host(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        client.sendall(b"GET /v1/labels HTTP/1.1\r\nHost: [::1]/healthz?\r\nConnection: close\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 421 ")


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = dedup("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert b"it cannot listen at 127.0.0.1:" in done.stderr


# Jobs


def made(seconds: float) -> Iterator[Jobs]:
    jobs = Jobs(RequestLimits(job_seconds=seconds, job_memory=1 << 30), Metrics())
    yield jobs
    jobs.close()


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    yield from made(PATIENCE)


def test_a_job_is_done_in_another_process(jobs: Jobs) -> None:
    found = jobs.run_here(serve_jobs.fine, "قتلى")
    assert found["text"].decode() == "قتلى"
    assert int(found["pid"]) != os.getpid()


@pytest.mark.parametrize("job", [serve_jobs.greedy, serve_jobs.dying])
def test_a_job_that_needs_too_much_is_ended(jobs: Jobs, job: Any) -> None:
    with pytest.raises(Problem, match="it needs too much memory, or breaks the program that reads it") as found:
        jobs.run_here(job)
    assert found.value.status == 422
    assert jobs.run_here(serve_jobs.fine, "next")["text"] == b"next"


def test_a_job_that_takes_too_long_is_ended() -> None:
    for hasty in made(0.5):
        with pytest.raises(Problem, match=r"it takes longer than 0\.5 seconds"):
            hasty.run_here(serve_jobs.endless)


def test_what_is_wrong_in_a_job_is_told_with_its_place(jobs: Jobs) -> None:
    with pytest.raises(Problem) as found:
        jobs.run_here(serve_jobs.refusing)
    problem = found.value
    assert (problem.status, problem.what, problem.where, problem.hint) == (422, "half a file", "a.docx:3", "send the other half")


def test_a_fault_of_the_program_is_told_by_its_kind_alone(jobs: Jobs, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    with pytest.raises(Problem, match="an error of this program") as found:
        jobs.run_here(serve_jobs.broken)
    assert found.value.status == 500
    assert "internal error in a job: KeyError" in caplog.text
    assert "secret" not in caplog.text + "".join(capfd.readouterr())


# The writer


def test_what_many_ask_for_shares_transactions_and_one_bad_record_harms_nobody() -> None:
    async def run() -> None:
        with Index.open(":memory:") as index:
            changes = 0

            def told() -> None:
                nonlocal changes
                changes += 1

            writer = Writer(index, Policy(repeat=True), Metrics(), 1000, told)
            documents = [Document(str(number), f"Report number {number} of the harbour in the north.") for number in range(200)]
            bad = Document("bad\0", "A record that no index takes.")
            asked = [writer.decide([each]) for each in [*documents[:100], bad, *documents[100:]]]
            found = await asyncio.gather(*asked, return_exceptions=True)
            errors = [each for each in found if isinstance(each, BaseException)]
            assert [type(error) for error in errors] == [InputError]
            assert changes < 150
            again = await asyncio.gather(*(writer.decide([each]) for each in documents))
            assert again == [each for each in found if not isinstance(each, BaseException)]
            assert index.stats()["documents"] == 200
            writer.close()
            with pytest.raises(Problem, match="the server is ending"):
                await writer.decide(documents[:1])

    asyncio.run(run())


def test_two_requests_with_one_record_are_answered_alike() -> None:
    async def run() -> None:
        with Index.open(":memory:") as index:
            writer = Writer(index, Policy(repeat=True), Metrics(), 1000, lambda: None)
            document = Document("1", "Report of the harbour in the north.")
            found = await asyncio.gather(*(writer.decide([document]) for _ in range(20)))
            assert {each[0].action for each in found} == {"index"}
            writer.close()

    asyncio.run(run())


def test_too_many_records_are_told_to_come_back() -> None:
    async def run() -> None:
        with Index.open(":memory:") as index:
            held = threading.Event()
            writer = Writer(index, Policy(), Metrics(), 2, lambda: None)
            first = asyncio.ensure_future(writer.change(lambda _: held.wait(PATIENCE)))
            await asyncio.sleep(0)
            waiting = [asyncio.ensure_future(writer.decide([Document(name, "Rain.")])) for name in "ab"]
            await asyncio.sleep(0)
            with pytest.raises(Problem) as refused:
                await writer.decide([Document("c", "Rain.")])
            assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "1")
            held.set()
            await asyncio.gather(first, *waiting)
            writer.close()

    asyncio.run(run())


def test_limits_and_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ConfigError, match="records is 0; it must be more than 0"):
        RequestLimits(records=0)
    with pytest.raises(ConfigError, match="port is 70000"):
        ServeSettings(port=70000)
    assert ServeSettings(host="::1").is_local
    assert not ServeSettings(host="10.0.0.1", proxy="10.0.0.2=X-User").is_local
