"""Watching: what appears in folders, files and feeds is taken once, whatever is in them, and whatever a server sends."""

from __future__ import annotations

import gzip
import json
import logging
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from command_support import PATIENCE
from hypothesis import given
from hypothesis import strategies as st

from dedup import Document, Index, InputError, Reading, StoreError
from dedup.index import Decision

pytest.importorskip("starlette", reason="dedup serve needs bulletin-dedup[serve]")

from dedup.serve.watch import (
    FileContent,
    Taken,
    Turn,
    WatchedFeed,
    WatchedFile,
    WatchedFolder,
    Watcher,
    WatchLimits,
    content_job,
    content_of,
    read_content,
    watch_sources,
)
from dedup.serve.watch import folder as folder_module
from dedup.serve.watch.address import parse_address
from dedup.serve.watch.fetching import Fetched, FetchError, Network, dial_ip, fetch

BOMB = b"\0" * 50_000_000
SMALL = WatchLimits(feed=100_000, idle=PATIENCE)


@dataclass
class Desk:
    """What a watcher needs of a server: an index in memory, or none, a clock that tests turn, and what was decided about."""

    time: float = 1_000_000.0
    documents: list[Document] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    broken: Exception | None = None

    def now(self) -> float:
        return self.time

    def decide(self, documents: list[Document]) -> list[Decision]:
        if self.broken is not None:
            raise self.broken
        self.documents += documents
        return [Decision(each.id, "index") for each in documents]

    def keep(self, notes: Mapping[str, str]) -> None:
        self.notes |= notes

    def watcher(self, *sources: Any, **options: Any) -> Watcher:
        return Watcher(sources, self.decide, self.keep, notes=dict(self.notes), now=self.now, **options)

    def taken(self) -> list[tuple[str, str]]:
        """Return the ids and texts that came since this was asked last."""
        found, self.documents = [(each.id, each.text) for each in self.documents], []
        return found


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what gives the lines of the log since it was asked last."""
    caplog.set_level(logging.INFO, "dedup.serve.watch")

    def lines() -> list[str]:
        found = [each.getMessage() for each in caplog.records if each.name == "dedup.serve.watch"]
        caplog.clear()
        return found

    return lines


def turn(now: Callable[[], float] = lambda: 0.0, *, every: float = 300.0, stopped: Callable[[], bool] = lambda: False) -> Turn:
    return Turn(now, lambda: 0.0, every, stopped, lambda _: nullcontext())


# Folders


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    """Return a folder that is watched."""
    path = tmp_path / "wire"
    path.mkdir()
    return path


def watched(path: Path, **options: Any) -> WatchedFolder:
    return WatchedFolder(str(path), read_content, **options)


def test_a_file_is_taken_when_it_did_not_change_between_two_looks(wire: Path, desk: Desk) -> None:
    watcher = desk.watcher(watched(wire))
    watcher.look(0)
    file = wire / "rain.txt"
    file.write_text("Rain")
    watcher.look(0)
    assert (desk.taken(), watcher.state()[0].waiting) == ([], 1)
    file.write_text("Rain in the north.")
    watcher.look(0)
    assert desk.taken() == []
    watcher.look(0)
    assert (desk.taken(), watcher.state()[0].waiting) == ([("wire/rain.txt", "Rain in the north.")], 0)
    watcher.look(0)
    assert desk.taken() == []


def test_what_changes_while_it_is_read_is_read_later(wire: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = wire / "rain.txt"
    file.write_text("Rain.")
    whole = folder_module.read_unchanged

    def grows(*arguments: Any) -> bytes | None:
        with file.open("a") as open_file:
            open_file.write(" More.")
        return whole(*arguments)

    watcher = desk.watcher(watched(wire))
    watcher.look(0)
    monkeypatch.setattr(folder_module, "read_unchanged", grows)
    watcher.look(0)
    watcher.look(0)
    assert desk.taken() == []
    monkeypatch.setattr(folder_module, "read_unchanged", whole)
    watcher.look(0)
    watcher.look(0)
    assert desk.taken() == [("wire/rain.txt", "Rain. More.")]


def looks(watcher: Watcher, times: int = 2) -> None:
    for _ in range(times):
        watcher.look(0)


def test_new_content_under_the_same_name_is_taken_and_old_content_is_not(wire: Path, desk: Desk) -> None:
    file = wire / "a.txt"
    watcher = desk.watcher(watched(wire))
    file.write_text("One.")
    looks(watcher)
    before = file.stat()
    file.write_text("Two.")  # of the same size
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    looks(watcher)
    file.unlink()
    looks(watcher)
    file.write_text("Three.")
    looks(watcher)
    assert [text for _, text in desk.taken()] == ["One.", "Two.", "Three."]
    other = wire / "b.part"
    other.write_text("Four.!")  # same size and time as the one that it replaces
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    looks(watcher)
    assert [text for _, text in desk.taken()] == ["Four.!"]


def test_a_restart_misses_nothing_and_repeats_nothing(wire: Path, desk: Desk) -> None:
    (wire / "a.txt").write_text("One.")
    (wire / "b.jsonl").write_text('{"id": "2", "text": "Two."}\n')
    looks(desk.watcher(watched(wire)))
    assert desk.taken() == [("wire/a.txt", "One."), ("2", "Two.")]
    (wire / "c.txt").write_text("Three.")
    (wire / "a.txt").write_text("One and more.")
    for _ in range(2):
        looks(desk.watcher(watched(wire)), 3)
    assert sorted(desk.taken()) == [("wire/a.txt", "One and more."), ("wire/c.txt", "Three.")]


STEPS = st.one_of(
    st.tuples(st.sampled_from(["write", "remove"]), st.sampled_from("abc")),
    st.tuples(st.sampled_from(["look", "restart", "fail"]), st.just("")),
)


@given(st.lists(STEPS, max_size=30))
def test_each_state_of_a_file_is_taken_once_whatever_happens_when(steps: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk, written = Desk(), 0
        watcher = desk.watcher(watched(Path(folder)))
        for step, name in [*steps, ("look", ""), ("look", ""), ("look", "")]:
            path = Path(folder, f"{name}.txt")
            if step == "write":
                written += 1
                path.write_text(f"Report {written:03}.")
                os.utime(path, (written, written))
            elif step == "remove":
                path.unlink(missing_ok=True)
            elif step == "restart":
                watcher = desk.watcher(watched(Path(folder)))
            else:
                desk.broken = StoreError("the disk is full") if step == "fail" else None
                watcher.look(0)
        taken = [text for _, text in desk.taken()]
        assert len({*taken}) == len(taken)
        assert {path.read_text() for path in Path(folder).iterdir()} <= {*taken}


def test_what_could_not_be_stored_comes_again(wire: Path, desk: Desk, said: Callable[[], list[str]]) -> None:
    (wire / "a.txt").write_text("One.")
    watcher = desk.watcher(watched(wire))
    watcher.look(0)
    desk.broken = StoreError("the disk is full", path="news.db")
    assert [watcher.look(0) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (desk.notes, len(said())) == ({}, 1)
    assert watcher.state()[0].problem == "what it brings cannot be stored (news.db: the disk is full)"
    desk.broken = None
    watcher.look(0)
    assert (desk.taken(), watcher.state()[0].problem) == ([("wire/a.txt", "One.")], None)


def test_a_fault_of_the_program_is_told_by_its_kind_alone(wire: Path, desk: Desk, said: Callable[[], list[str]]) -> None:
    (wire / "a.txt").write_text("One.")
    watcher = desk.watcher(watched(wire))
    desk.broken = ValueError("One.")
    looks(watcher)
    assert said() == [f"{wire}: what it brings cannot be stored (ValueError)"]


def test_one_document_that_cannot_be_stored_does_not_hold_up_others(wire: Path, desk: Desk, said: Callable[[], list[str]]) -> None:
    (wire / "a.jsonl").write_text("".join(f'{{"id": "{name}", "text": "Rain {name}."}}\n' for name in ("1", "bad", "3")))

    def decide(documents: list[Document]) -> list[Decision]:
        if any(each.id == "bad" for each in documents):
            raise InputError("no time", path="wire/a.jsonl", line=2)
        return desk.decide(documents)

    watcher = Watcher([watched(wire)], decide, desk.keep, notes={}, now=desk.now)
    looks(watcher)
    assert ([name for name, _ in desk.taken()], len(desk.notes)) == (["1", "3"], 1)
    assert said() == [f"{wire}: a document is left out: wire/a.jsonl:2: no time"]
    state = watcher.state()[0]
    assert (state.documents, state.let_through, state.refused) == (3, 2, 1)


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "nothing to read: the file is empty or blank; leave it out"),
    "page.jsonl": (b"\x89PNG\r\n\x1a\n", "this looks like a picture, which is not read; leave it out"),
    "cut.jsonl.gz": (gzip.compress(b'{"id": "1", "text": "Rain."}\n')[:-9], "cannot be read (the file ends before its end marker"),
    "twice.txt.gz": (gzip.compress(gzip.compress(b"Rain.")), "it is packed twice; unpack it"),
    "bomb.txt.gz": (gzip.compress(BOMB), "more than 1,000,000 bytes when it is unpacked; split it"),
    "large.txt": (b"x" * 100_001, "a file of more than 100,000 bytes; split it, or read it with dedup filter"),
    "base.sqlite": (b"SQLite format 3\0" + b"\0" * 100, "an SQLite database is not taken from a folder; read it with dedup filter"),
    "wrong.jsonl": (b'{"id": "1"}\n', "line 1: "),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_once_and_left_alone_until_it_changes(
    name: str, wire: Path, desk: Desk, said: Callable[[], list[str]]
) -> None:
    data, wrong = BROKEN[name]
    (wire / name).write_bytes(data)
    (wire / "z.txt").write_text("Rain.")
    reads: list[str] = []

    def read(data: bytes, name: str, reading: Reading, most: int) -> FileContent:
        reads.append(name)
        return read_content(data, name, reading, most)

    watcher = desk.watcher(WatchedFolder(str(wire), read, limits=WatchLimits(file=100_000, unpacked=1_000_000)))
    looks(watcher, 5)
    assert desk.taken() == [("wire/z.txt", "Rain.")]
    (line,) = said()
    assert line.startswith(f"wire/{name}: {wrong}")
    assert watcher.state()[0].problem == line
    assert len(reads) <= 2
    ending = "".join(Path(name).suffixes)
    (wire / name).write_bytes({".jsonl": b'{"id": "9", "text": "Snow."}\n'}.get(ending, b"Snow."))
    looks(watcher, 3)
    fixed = name not in ("cut.jsonl.gz", "base.sqlite")
    assert (len(desk.taken()), watcher.state()[0].problem is None) == (fixed, fixed)


def test_right_records_beside_wrong_ones_are_taken(wire: Path, desk: Desk, said: Callable[[], list[str]]) -> None:
    (wire / "a.jsonl").write_text('{"id": "1", "text": "Rain."}\n{"id": "2"}\nno\n{"id": "4", "text": "Snow."}\n')
    looks(desk.watcher(watched(wire)), 3)
    assert desk.taken() == [("1", "Rain."), ("4", "Snow.")]
    (line,) = said()
    assert line.startswith("wire/a.jsonl: left out 2 of its records, which are wrong; the first: line 2: ")


def test_a_reader_that_breaks_or_is_killed_holds_up_no_other_file(wire: Path, desk: Desk, said: Callable[[], list[str]]) -> None:
    (wire / "a.txt").write_text("Rain.")
    (wire / "b.txt").write_text("Snow.")

    def read(data: bytes, name: str, reading: Reading, most: int) -> FileContent:
        if name == "wire/a.txt":
            raise RuntimeError("Rain.")
        return read_content(data, name, reading, most)

    looks(desk.watcher(WatchedFolder(str(wire), read)), 4)
    assert desk.taken() == [("wire/b.txt", "Snow.")]
    assert said() == ["wire/a.txt: it cannot be read (RuntimeError)"]


def test_links_pipes_and_hidden_files_are_left_out(wire: Path, tmp_path: Path, desk: Desk, said: Callable[[], list[str]]) -> None:
    (tmp_path / "secret.txt").write_text("Secret.")
    (tmp_path / "private").mkdir()
    (tmp_path / "private/key.txt").write_text("Secret.")
    (wire / "out.txt").symlink_to(tmp_path / "secret.txt")
    (wire / "folder").symlink_to(tmp_path / "private")
    (wire / "loop").symlink_to(wire)
    os.mkfifo(wire / "pipe.txt")
    (wire / ".hidden.txt").write_text("Hidden.")
    (wire / "picture.jpg").write_text("?")
    (wire / "noending").write_text("?")
    os.close(os.open(os.fsencode(wire) + b"/\xff.txt", os.O_CREAT | os.O_WRONLY))
    (wire / "inner").mkdir()
    (wire / "inner/a.txt").write_text("Rain.")
    looks(desk.watcher(watched(wire)), 3)
    assert desk.taken() == []
    said()
    looks(desk.watcher(watched(wire, reading=Reading(recursive=True))), 3)
    assert desk.taken() == [("wire/inner/a.txt", "Rain.")]
    kinds = [line.removeprefix(f"{wire}: left out: ") for line in said()]
    assert kinds == [
        "files whose names are not UTF-8", "files whose names end in .jpg", "files whose names have no ending",
        "links", "pipes and devices",
    ]  # fmt: skip


def test_a_file_that_becomes_a_link_or_a_pipe_between_look_and_reading_is_not_opened(
    wire: Path, tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Secret.")
    whole = folder_module.read_unchanged

    def swapped(top: str, name: str, stamp: Any) -> bytes | None:
        path = wire / name
        path.unlink()
        if name == "link.txt":
            path.symlink_to(secret)
        elif name == "pipe.txt":
            os.mkfifo(path)
        else:
            (wire / "inner").rmdir()
            (wire / "inner").symlink_to(tmp_path)
        return whole(top, name, stamp)

    (wire / "inner").mkdir()
    for name in ("link.txt", "pipe.txt", "inner/secret.txt"):
        (wire / name).write_text("Public.")
    monkeypatch.setattr(folder_module, "read_unchanged", swapped)
    looks(desk.watcher(watched(wire, reading=Reading(recursive=True))), 2)
    assert desk.taken() == []


def test_a_name_does_nothing_to_a_terminal(wire: Path, desk: Desk, said: Callable[[], list[str]]) -> None:
    (wire / "a\x1b[31m\n\N{RIGHT-TO-LEFT OVERRIDE}خبر.txt").write_text("")
    looks(desk.watcher(watched(wire)), 2)
    assert said() == ["wire/a\\x1b[31m\\n\\u202eخبر.txt: nothing to read: the file is empty or blank; leave it out"]


def test_a_look_at_many_files_opens_none_that_is_known(wire: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10_000):
        (wire / f"{number}.txt").write_text(str(number))
    opened: list[str] = []
    whole = folder_module.read_unchanged

    def counting(top: str, name: str, stamp: Any) -> bytes | None:
        opened.append(name)
        return whole(top, name, stamp)

    def source() -> WatchedFolder:
        return WatchedFolder(str(wire), lambda data, name, reading, most: FileContent((Document(name, data.decode()),)))

    monkeypatch.setattr(folder_module, "read_unchanged", counting)
    looks(desk.watcher(source()))
    assert len(opened) == len({name for name, _ in desk.taken()}) == 10_000
    assert len(desk.notes) <= 256
    again = desk.watcher(source())
    looks(again, 3)
    (wire / "new.txt").write_text("Rain.")
    written = dict(desk.notes)
    looks(again)
    assert (opened[10_000:], desk.taken()) == (["new.txt"], [("wire/new.txt", "Rain.")])
    changed = [name for name, value in desk.notes.items() if written.get(name) != value]
    assert len(changed) == 1
    assert len(desk.notes[changed[0]]) < 10_000


def test_notes_forget_files_that_are_gone(wire: Path, desk: Desk) -> None:
    watcher = desk.watcher(watched(wire))
    for number in range(600):
        (wire / f"{number}.txt").write_text("Rain.")
        if number % 100 == 99:
            looks(watcher)
            for path in wire.iterdir():
                path.unlink()
    assert sum(len(json.loads(value)) for value in desk.notes.values()) < 450


def test_the_files_that_changed_first_come_first(wire: Path, desk: Desk) -> None:
    for place, name in enumerate(("c.txt", "a.txt", "b.txt")):
        (wire / name).write_text(name)
        os.utime(wire / name, (1_000 + place, 1_000 + place))
    looks(desk.watcher(watched(wire)))
    assert [name for name, _ in desk.taken()] == ["wire/c.txt", "wire/a.txt", "wire/b.txt"]


def test_a_folder_that_goes_away_is_told_and_comes_back_without_repeating(wire: Path, desk: Desk, said: Callable[[], list[str]]) -> None:
    (wire / "a.txt").write_text("Rain.")
    watcher = desk.watcher(watched(wire))
    looks(watcher)
    desk.taken()
    wire.rename(wire.with_name("away"))
    looks(watcher, 3)
    assert said() == [f"{wire}: the folder cannot be read (No such file or directory)"]
    wire.mkdir()  # as where something is mounted
    looks(watcher, 2)
    wire.rmdir()
    wire.with_name("away").rename(wire)
    looks(watcher, 3)
    assert (desk.taken(), watcher.state()[0].problem) == ([], None)


def test_a_folder_of_too_many_files_is_told(wire: Path, desk: Desk) -> None:
    for number in range(4):
        (wire / f"{number}.txt").write_text("Rain.")
    watcher = desk.watcher(watched(wire, limits=WatchLimits(files=3)))
    looks(watcher, 2)
    assert desk.taken() == []
    assert watcher.state()[0].problem == "a folder of more than 3 files; move the old ones to another folder"


def test_notes_that_are_no_notes_are_as_none(wire: Path, desk: Desk) -> None:
    (wire / "a.txt").write_text("Rain.")
    looks(desk.watcher(watched(wire)))
    desk.taken()
    for value in ("[]", "{", '{"x": 3}', "[" * 100_000, ""):
        desk.notes = dict.fromkeys(desk.notes, value)
        looks(desk.watcher(watched(wire)))
        assert desk.taken() == [("wire/a.txt", "Rain.")]


def test_an_index_has_each_text_once_whenever_the_server_was_killed(wire: Path, tmp_path: Path) -> None:
    for number in range(40):
        (wire / f"{number:02}.txt").write_text(
            f"Report {number}: {number} ships are in the harbour of Marsa, says its master, and more come."
        )
    path = str(tmp_path / "news.db")
    for killed_after in range(4):  # calls of the index
        left = [killed_after]

        def used(left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise SystemExit

        with suppress(SystemExit), closing(Index.open(path)) as index:

            def decide(documents: list[Document], index: Index = index, used: Callable[[], None] = used) -> list[Decision]:
                used()
                return index.add(documents)

            def keep(notes: Mapping[str, str], index: Index = index, used: Callable[[], None] = used) -> None:
                used()
                index.deliver(notes)

            looks(Watcher([watched(wire)], decide, keep, notes=index.notes(), now=lambda: 0.0))
    with Index.open(path) as index:
        looks(Watcher([watched(wire)], index.add, index.deliver, notes=index.notes(), now=lambda: 0.0))
        assert sorted(document.id for document, _ in index.documents()) == [f"wire/{number:02}.txt" for number in range(40)]
        before = index.stats()
        looks(Watcher([watched(wire)], index.add, index.deliver, notes=index.notes(), now=lambda: 0.0), 3)
        assert (index.stats(), index.verify()) == (before, [])


# Files


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Marsa Today</title>%s</channel></rss>"""


def rss(*items: tuple[str, str]) -> bytes:
    """Return a feed with these items, the newest first, as feeds have them: ids and texts."""
    inside = "".join(
        f"<item><title>{name}</title><guid isPermaLink='false'>{name}</guid><description>{text}</description></item>"
        for name, text in items
    )
    return (RSS % inside).encode()


def atom(*items: tuple[str, str, str]) -> bytes:
    """Return a feed of Atom with these items: ids, days and texts."""
    inside = "".join(
        f"<entry><id>tag:{name}</id><updated>{day}T10:00:00Z</updated><title>{name}</title><content>{text}</content></entry>"
        for name, day, text in items
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Marsa</title>{inside}</feed>'.encode()


def test_of_a_file_that_is_written_anew_only_what_is_new_or_changed_is_taken(tmp_path: Path, desk: Desk) -> None:
    path = tmp_path / "news.xml"
    path.write_bytes(rss(("b", "Snow."), ("a", "Rain.")))
    watcher = desk.watcher(WatchedFile(str(path), read_content))
    looks(watcher, 3)
    assert desk.taken() == [("b", "Snow."), ("a", "Rain.")]
    path.write_bytes(rss(("c", "Hail."), ("b", "Much snow.")))
    looks(desk.watcher(WatchedFile(str(path), read_content)), 3)
    assert desk.taken() == [("c", "Hail."), ("b", "Much snow.")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    again = desk.watcher(WatchedFile(str(path), read_content))
    looks(again, 3)
    assert again.state()[
        0
    ].problem == "its name is that of an RSS or Atom feed, but its content is not; give it another name, or say with --as what it is" or (
        again.state()[0].problem or ""
    ).startswith("this looks like a picture")
    path.unlink()
    looks(again)
    assert again.state()[0].problem == "it cannot be read (No such file or directory)"
    path.write_bytes(rss(("d", "Wind."), ("c", "Hail.")))
    looks(again)
    assert (desk.taken(), again.state()[0].problem) == ([("d", "Wind.")], None)


def test_a_file_of_lines_that_grows_gives_its_new_lines(tmp_path: Path, desk: Desk) -> None:
    path = tmp_path / "news.jsonl"
    watcher = None
    for number in range(3):
        with path.open("a") as file:
            file.write(json.dumps({"text": f"Report {number}."}) + "\n")
        watcher = watcher or desk.watcher(WatchedFile(str(path), read_content))
        looks(watcher)
        assert [text for _, text in desk.taken()] == [f"Report {number}."]


def test_a_pipe_is_not_read(tmp_path: Path, desk: Desk) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    looks(desk.watcher(WatchedFile(str(tmp_path / "pipe.xml"), read_content)), 3)
    assert desk.taken() == []


# Feeds


@dataclass
class Site:
    """A server of feeds that answers as a test says: a status, headers and a body, or a function that writes what it likes."""

    port: int = 0
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def address(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def requests(self) -> list[dict[str, str]]:
        found, self.asked = [headers for _, headers in self.asked], []
        return found


@contextmanager
def site_of(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = site.pages.get(self.path.partition("?")[0], (404, {}, b""))
            with suppress(OSError):
                if callable(page):
                    page(self)
                    return
                status, headers, body = page
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *values: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.ended.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with site_of() as running:
        yield running


def feed_of(site: Site, path: str = "/feed", **options: Any) -> WatchedFeed:
    return WatchedFeed(site.address(path), read_content, **{"limits": SMALL, **options})


def test_a_feed_is_asked_for_with_what_is_known_of_it(site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 200, {"ETag": '"v1"', "Last-Modified": "Mon, 02 Feb 2026 10:00:00 GMT"}, rss(("b", "Snow."), ("a", "Rain."))
    watcher = desk.watcher(feed_of(site))
    delay = watcher.look(0)
    assert 300 <= delay <= 330
    assert desk.taken() == [("127.0.0.1/a", "Rain."), ("127.0.0.1/b", "Snow.")]
    assert watcher.look(0) == delay  # too early
    desk.time += delay
    site.pages["/feed"] = 304, {}, b""
    watcher.look(0)
    first, second = site.requests()
    assert "if-none-match" not in first
    assert (second["if-none-match"], second["if-modified-since"]) == ('"v1"', "Mon, 02 Feb 2026 10:00:00 GMT")
    assert first["user-agent"].startswith("bulletin-dedup/")
    assert "cookie" not in second
    assert (desk.taken(), watcher.state()[0].problem) == ([], None)


@pytest.mark.parametrize(
    ("one", "other", "taken"),
    [
        (
            rss(("b", "Snow."), ("a", "Rain.")),
            rss(("c", "Hail."), ("b", "Much snow."), ("a", "Rain.")),
            [("127.0.0.1/b", "Much snow."), ("127.0.0.1/c", "Hail.")],
        ),
        (
            atom(("a", "2026-02-01", "Rain."), ("b", "2026-02-02", "Snow.")),
            atom(("a", "2026-02-04", "Much rain."), ("b", "2026-02-02", "Snow."), ("c", "2026-02-03", "Hail.")),
            [("tag:c", "Hail."), ("tag:a", "Much rain.")],
        ),
    ],
    ids=["rss", "atom"],
)  # fmt: skip
@pytest.mark.parametrize("restart", [False, True])
def test_only_what_is_new_or_changed_is_taken_the_oldest_first(
    one: bytes, other: bytes, taken: list[tuple[str, str]], restart: bool, site: Site, desk: Desk
) -> None:
    watcher = desk.watcher(feed_of(site))
    site.pages["/feed"] = 200, {}, one
    watcher.look(0)
    assert len(desk.taken()) == 2
    for body, wanted in ((one, []), (other, taken), (other, [])):
        site.pages["/feed"] = 200, {}, body
        desk.time += 1000
        watcher = desk.watcher(feed_of(site)) if restart else watcher
        watcher.look(0)
        assert desk.taken() == wanted


def test_a_deleted_entry_is_a_withdrawal(site: Site, desk: Desk) -> None:
    entry = '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="tag:a" when="2026-02-03T10:00:00Z"/>'
    site.pages["/feed"] = 200, {}, atom(("b", "2026-02-02", "Snow.")).replace(b"</feed>", entry.encode() + b"</feed>")
    desk.watcher(feed_of(site)).look(0)
    assert [(each.id, each.status) for each in desk.documents] == [("tag:b", None), ("tag:a", "canceled")]


def test_a_server_that_starts_again_and_again_asks_no_more_often(site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 200, {}, rss(("a", "Rain."))
    for _ in range(5):
        desk.watcher(feed_of(site), every=1.0).look(0)
    assert len(site.requests()) == 1
    desk.time += 67
    desk.watcher(feed_of(site), every=1.0).look(0)
    assert len(site.requests()) == 1
    desk.time -= 10_000_000  # a clock that was wrong
    assert desk.watcher(feed_of(site), every=1.0).look(0) <= 100_000


def test_what_could_not_be_stored_of_a_feed_comes_again(site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 200, {"ETag": '"v1"'}, rss(("a", "Rain."))
    watcher = desk.watcher(feed_of(site))
    desk.broken = StoreError("the disk is full")
    assert watcher.look(0) == 1
    desk.broken = None
    desk.time += 1000
    watcher.look(0)
    assert desk.taken() == [("127.0.0.1/a", "Rain.")]
    assert "if-none-match" not in site.requests()[1]


@pytest.mark.parametrize(
    ("status", "headers", "least", "most"),
    [
        (429, {"Retry-After": "7200"}, 7200, 7920),
        (503, {"Retry-After": "7200"}, 7200, 7920),
        (503, {"Retry-After": "Mon, 12 Jan 1970 15:46:40 GMT"}, 7200, 7920),
        (503, {"Retry-After": "1"}, 300, 330),
        (503, {"Retry-After": "99999999999999999"}, 86400, 95040),
        (429, {"Retry-After": "soon"}, 600, 660),
        (429, {}, 600, 660),
        (500, {"Retry-After": "7200"}, 600, 660),
        (404, {}, 600, 660),
        (206, {}, 600, 660),
    ],
)
def test_a_server_that_asks_to_be_left_alone_is_left_alone(
    status: int, headers: dict[str, str], least: float, most: float, site: Site, desk: Desk, said: Callable[[], list[str]]
) -> None:
    site.pages["/feed"] = status, headers, b""
    desk.time = 1_000_000.0
    watcher = desk.watcher(feed_of(site))
    delay = watcher.look(0)
    assert least <= delay <= most
    (line,) = said()
    assert line.startswith(f"{site.address()}: its server answers {status}; it is asked for again in ")
    assert desk.watcher(feed_of(site)).look(0) == delay  # a restart does not ask earlier
    assert len(site.requests()) == 1


def test_a_server_with_errors_is_asked_more_and_more_rarely(site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 500, {}, b""
    watcher = desk.watcher(feed_of(site))
    delays = []
    for _ in range(10):
        delays.append(watcher.look(0))
        desk.time += delays[-1]
        watcher = desk.watcher(feed_of(site))
    for delay, least in zip(delays, (600, 1200, 2400, 4800, 9600, 14400, 14400, 14400, 14400, 14400), strict=True):
        assert least <= delay <= least * 1.1
    site.pages["/feed"] = 200, {}, rss(("a", "Rain."))
    assert watcher.look(0) <= 330
    assert (len(desk.taken()), watcher.state()[0].problem) == (1, None)


def test_a_feed_that_is_gone_is_not_asked_for_again(site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 410, {}, b""
    watcher = desk.watcher(feed_of(site))
    watcher.look(0)
    desk.time += 1e6
    watcher.look(0)
    (state,) = watcher.state()
    assert (len(site.requests()), state.ended) == (1, True)
    assert state.problem == "it is gone for ever, its server says (410); it is not asked for any more"


@pytest.mark.parametrize(
    ("headers", "body", "wrong"),
    [
        ({"Content-Type": "text/html"}, b"<!DOCTYPE html><html><p>Sign in</p></html>", "not a feed: the outermost element is <html>"),
        ({}, b"\x89PNG\r\n\x1a\n\0\0", ""),
        ({}, b"", "nothing to read: the file is empty or blank"),
        ({}, rss(("a", "Rain."))[:60], ""),
        ({"Content-Encoding": "gzip"}, b"no gzip", "its compression is damaged"),
        ({"Content-Encoding": "gzip"}, gzip.compress(rss(("a", "Rain.")))[:-9], "it was cut off"),
        ({"Content-Encoding": "br"}, b"x", "a compression that was not asked for"),
        ({"Content-Encoding": "gzip"}, gzip.compress(BOMB), "more than 100,000 bytes"),
        ({}, gzip.compress(BOMB), "more than 100,000 bytes when it is unpacked"),
        ({"Content-Encoding": "gzip"}, gzip.compress(gzip.compress(BOMB)), "more than 100,000 bytes when it is unpacked"),
        ({}, b"<rss>" + b"x" * 200_000, "more than 100,000 bytes"),
        ({"Content-Length": "100000"}, rss(("a", "Rain.")), "it was cut off"),
        ({"Transfer-Encoding": "chunked", "Content-Length": "3"}, b"5\r\nabc", "it was cut off"),
        ({"Transfer-Encoding": "chunked", "Content-Length": "3"}, b"zz\r\nabc", "it was cut off"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_a_failure_and_is_asked_for_anew(headers: dict[str, str], body: bytes, wrong: str, site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 200, {"ETag": '"x"', **headers}, body
    watcher = desk.watcher(feed_of(site))
    assert watcher.look(0) >= 600
    (state,) = watcher.state()
    assert wrong in (state.problem or "")
    assert (state.problem or "").endswith("; it is asked for again in 10 min") or "in 11 min" in (state.problem or "")
    assert desk.taken() == []
    site.pages["/feed"] = 200, {}, rss(("a", "Rain."))
    desk.time += 1000
    watcher.look(0)
    assert (desk.taken(), watcher.state()[0].problem) == ([("127.0.0.1/a", "Rain.")], None)
    assert "if-none-match" not in site.requests()[-1]


@pytest.mark.parametrize("pack", [lambda body: body, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("coding", [{}, {"Content-Encoding": "gzip"}], ids=["as it is", "gzip"])
def test_a_packed_feed_is_read(pack: Callable[[bytes], bytes], coding: dict[str, str], site: Site, desk: Desk) -> None:
    body = pack(rss(*((f"{number}", "Rain. " * 100) for number in range(100))))
    site.pages["/feed"] = 200, coding, gzip.compress(body) if coding else body
    desk.watcher(feed_of(site)).look(0)
    assert len(desk.taken()) == 100
    assert site.requests()[0]["accept-encoding"] == "gzip"


def endless(write: Callable[[Any], Any], *, head: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Callable[[Any], None]:
    """Return a page that writes for ever."""

    def page(handler: Any) -> None:
        handler.wfile.write(head)
        while True:
            write(handler.wfile)

    return page


@pytest.mark.parametrize(
    "page",
    [
        endless(lambda file: file.write(b"<item>" * 1000)),
        endless(lambda file: file.write(b"1\r\nx\r\n" * 1000), head=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        endless(lambda file: file.write(b"1;" + b"y" * 9000 + b"\r\nx\r\n"), head=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        endless(lambda file: file.write(b"x: y\r\n" * 1000), head=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"),
        endless(lambda file: file.write(b"X: y\r\n"), head=b"HTTP/1.1 200 OK\r\n"),
        endless(lambda file: file.write(b"x" * 1000), head=b"HTTP/1.1 200 OK\r\nX: "),
        endless(lambda file: file.write(b"HTTP/1.1 100 Continue\r\n\r\n"), head=b""),
        endless(lambda file: file.write(b"\0" * 1000), head=b""),
    ],
    ids=["body", "chunks", "extensions", "trailers", "headers", "header", "continue", "junk"],
)  # fmt: skip
def test_an_endless_answer_is_broken_off(page: Any, site: Site, desk: Desk) -> None:
    site.pages["/feed"] = page
    watcher = desk.watcher(feed_of(site))
    assert watcher.look(0) >= 600
    assert watcher.state()[0].problem


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["status", "headers", "body"])
def test_a_slow_answer_is_broken_off_after_its_time(head: bytes, site: Site, desk: Desk) -> None:
    """Each byte comes soon enough; each look at the clock is a second later than the last."""
    site.pages["/feed"] = endless(lambda file: (file.write(b"1"), file.flush(), site.ended.wait(0.002)), head=head)
    ticks = iter(range(1_000_000, 2_000_000))
    asked = turn(lambda: float(next(ticks)))
    with pytest.raises(FetchError, match="it took longer than 30 seconds"):
        fetch(parse_address(site.address()), {}, SMALL, asked)
    assert next(ticks) < 1_000_100


def test_a_silent_server_is_left(site: Site) -> None:
    site.pages["/feed"] = lambda handler: site.ended.wait()
    with pytest.raises(FetchError, match=r"nothing came for 0\.5 seconds"):
        fetch(parse_address(site.address()), {}, replace(SMALL, idle=0.5), turn())


def test_a_request_is_broken_off_where_the_server_ends(site: Site) -> None:
    answering = threading.Event()

    def page(handler: Any) -> None:
        answering.set()
        site.ended.wait()

    site.pages["/feed"] = page
    with pytest.raises(FetchError, match="the server is ending"):
        fetch(parse_address(site.address()), {}, SMALL, turn(stopped=answering.is_set))


def test_a_server_that_is_not_there_is_told(desk: Desk) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    watcher = desk.watcher(WatchedFeed(f"http://127.0.0.1:{port}/feed", read_content))
    assert watcher.look(0) >= 600
    assert (watcher.state()[0].problem or "").startswith("no connection (Connection refused); it is asked for again in ")


def public(site: Site, hosts: Mapping[str, str]) -> Network:
    """Return a network with hosts of these IP addresses, all of which lead to the site."""
    return Network(lambda host, port: [hosts[host]], lambda ip, port, timeout: dial_ip("127.0.0.1", site.port, timeout))


HOSTS = {
    "news.example": "93.184.216.34", "other.example": "93.184.216.35", "inside.example": "10.0.0.7", "127.0.0.1": "127.0.0.1",
    "localhost": "127.0.0.1", "metadata.example": "169.254.169.254", "mapped.example": "::ffff:10.0.0.7", "six.example": "fd00::1",
    "nat.example": "64:ff9b::a00:7", "any.example": "0.0.0.0", "shared.example": "100.64.0.1", "2130706433": "127.0.0.1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("start", "location", "wrong"),
    [
        ("http://news.example/feed", "/moved", None),
        ("http://news.example/feed", "moved?x=1", None),
        ("http://news.example/feed", "http://other.example/moved", None),
        ("http://news.example/feed", "//other.example:8080/moved", None),
        ("http://inside.example/feed", "http://127.0.0.1/moved", None),
        ("http://inside.example/feed", "http://news.example/moved", None),
        ("http://inside.example/feed", "http://metadata.example/moved", "a redirect to a machine of this network"),
        *(("http://news.example/feed", f"http://{host}/moved", "a redirect to a machine of a private network")
          for host in ("inside.example", "127.0.0.1", "localhost", "mapped.example", "six.example", "nat.example", "any.example",
                       "shared.example", "2130706433")),
        ("http://news.example/feed", "http://metadata.example/moved", "a redirect to a machine of this network"),
        ("http://news.example/feed", "/feed", "more than 3 redirects"),
        ("http://news.example/feed", "", "more than 3 redirects"),
        ("http://news.example/feed", "file:///etc/passwd", "not the address of a feed: only http and https are read"),
        ("http://news.example/feed", "gopher://news.example/", "not the address of a feed: only http and https are read"),
        ("http://news.example/feed", "http://[::1", "a redirect to an address that is none"),
        ("http://news.example/feed", "http://news.example:99999/", "not the address of a feed: Port out of range 0-65535"),
        ("http://news.example/feed", "http://", "more than 3 redirects"),
        ("http://news.example/feed", "http://unknown.example/", "no connection .Name or service not known."),
    ],
)  # fmt: skip
def test_redirects_are_followed_within_limits(start: str, location: str, wrong: str | None, site: Site) -> None:
    site.pages["/feed"] = 302, {"Location": location}, b""
    site.pages["/moved"] = 200, {}, b"<rss/>"

    def resolve(host: str, port: int) -> list[str]:
        if host not in HOSTS:
            raise socket.gaierror(-2, "Name or service not known")
        return [HOSTS[host]]

    network = replace(public(site, HOSTS), resolve=resolve)
    if wrong is None:
        assert fetch(parse_address(start), {}, SMALL, turn(), network).body == b"<rss/>"
        return
    with pytest.raises(FetchError, match=wrong):
        fetch(parse_address(start), {}, SMALL, turn(), network)
    assert {path for path, _ in site.asked} == {"/feed"}
    assert len(site.asked) <= 4


def test_a_name_that_changes_its_address_meanwhile_leads_nowhere_private(site: Site) -> None:
    site.pages["/feed"] = 302, {"Location": "/moved"}, b""
    answers = iter((["93.184.216.34"], ["127.0.0.1"]))
    with pytest.raises(FetchError, match="private network"):
        fetch(
            parse_address("http://news.example/feed"),
            {},
            SMALL,
            turn(),
            replace(public(site, HOSTS), resolve=lambda host, port: next(answers)),
        )


def test_a_connection_is_made_to_the_address_that_was_checked(site: Site) -> None:
    site.pages["/feed"] = 200, {}, b"<rss/>"
    dialed: list[str] = []

    def dial(ip: str, port: int, timeout: float) -> socket.socket:
        dialed.append(f"{ip}:{port}")
        if ip == "93.184.216.34":
            raise ConnectionRefusedError
        return dial_ip("127.0.0.1", site.port, timeout)

    network = Network(lambda host, port: ["93.184.216.34", "93.184.216.35"], dial)
    assert fetch(parse_address("http://news.example:8080/feed"), {}, SMALL, turn(), network).status == 200
    assert dialed == ["93.184.216.34:8080", "93.184.216.35:8080"]
    assert site.requests()[0]["host"] == "news.example:8080"


def test_a_user_is_named_to_his_own_server_alone_and_nowhere_in_words(site: Site, desk: Desk, said: Callable[[], list[str]]) -> None:
    site.pages["/feed"] = 302, {"Location": "/same"}, b""
    site.pages["/same"] = 302, {"Location": "http://other.example/moved"}, b""
    site.pages["/moved"] = 500, {}, b""
    feed = WatchedFeed("http://me:secret@news.example/feed?key=hidden", read_content, limits=SMALL, network=public(site, HOSTS))
    watcher = desk.watcher(feed)
    watcher.look(0)
    assert [(path, headers.get("authorization")) for path, headers in site.asked] == [
        ("/feed?key=hidden", "Basic bWU6c2VjcmV0"), ("/same", "Basic bWU6c2VjcmV0"), ("/moved", None),
    ]  # fmt: skip
    written = [*said(), *desk.notes, *desk.notes.values(), *map(str, watcher.state())]
    assert not [line for line in written if "secret" in line or "hidden" in line or "bWU6" in line]


def test_what_is_encrypted_stays_so_and_a_certificate_must_hold(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=news.example"
    names = "subjectAltName=DNS:news.example"
    subprocess.run(["openssl", *options.split(), "-addext", names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    ours, theirs = ssl.create_default_context(cafile=certificate), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate, key)
    with site_of(theirs) as site:
        site.pages["/feed"] = 200, {}, b"<rss/>"
        site.pages["/down"] = 302, {"Location": "http://news.example/feed"}, b""
        network = replace(public(site, HOSTS), context=lambda: ours)
        assert fetch(parse_address("https://news.example/feed"), {}, SMALL, turn(), network).body == b"<rss/>"
        with pytest.raises(FetchError, match="not encrypted"):
            fetch(parse_address("https://news.example/down"), {}, SMALL, turn(), network)
        with pytest.raises(FetchError, match="its certificate does not hold"):
            fetch(parse_address("https://other.example/feed"), {}, SMALL, turn(), network)
        with pytest.raises(FetchError, match="its certificate does not hold"):
            fetch(parse_address("https://news.example/feed"), {}, SMALL, turn(), replace(network, context=ssl.create_default_context))


def test_feeds_with_ids_alike_are_told_apart(site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 200, {}, rss(("17", "Rain."), ("https://news.example/18", "Snow."))
    feeds = [WatchedFeed(f"http://{host}/feed", read_content, network=public(site, HOSTS)) for host in ("news.example", "other.example")]
    watcher = desk.watcher(*feeds)
    for place in range(2):
        watcher.look(place)
    assert [name for name, _ in desk.taken()] == [
        "https://news.example/18", "news.example/17", "https://news.example/18", "other.example/17",
    ]  # fmt: skip


def test_of_a_feed_with_too_many_items_the_first_are_taken(site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 200, {}, rss(*((f"{number}", "Rain.") for number in range(50)))
    desk.watcher(feed_of(site, limits=replace(SMALL, items=10))).look(0)
    assert {name for name, _ in desk.taken()} == {f"127.0.0.1/{number}" for number in range(10)}


def test_validators_that_are_none_are_not_sent_back(site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 200, {"ETag": "x" * 5000, "Last-Modified": "\xff"}, rss(("a", "Rain."))
    watcher = desk.watcher(feed_of(site))
    watcher.look(0)
    desk.time += 1000
    watcher.look(0)
    assert not {"if-none-match", "if-modified-since"} & set(site.requests()[1])


@pytest.mark.parametrize(
    "note", ["[]", "{", "null", '{"items": 3, "due": "x", "failures": [], "etag": 5}', '{"items": [3], "due": null}', '{"due": true}']
)
def test_notes_of_a_feed_that_are_no_notes_are_as_none(note: str, site: Site, desk: Desk) -> None:
    site.pages["/feed"] = 200, {}, rss(("a", "Rain."))
    feed = feed_of(site)
    desk.notes = {feed.key: note}
    desk.watcher(feed).look(0)
    assert len(desk.taken()) == 1


# What is named, and the threads


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ftp://news.example/feed", "ftp://news.example: not the address of a feed: only http and https are read"),
        ("http://me:secret@/feed?key=hidden", "it has no host"),
        ("http://me:secret@news.example:port/feed", ""),
        ("https://" + "a" * 64 + ".example/", "it has no port, or a host that is none"),
        ("http://news.example/a\nb", "has characters that no address has"),
        ("nowhere", "nowhere: no such folder or file; check the spelling"),
    ],
)
def test_what_is_no_source_is_refused(name: str, wrong: str) -> None:
    with pytest.raises(InputError) as caught:
        watch_sources([name], read_content)
    assert wrong in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_address_may_be_in_any_script() -> None:
    address = parse_address("https://أخبار.example/تغذية?x=ي#part")
    assert address.host == "xn--mgbam1bya.example" or address.host.startswith("xn--")
    assert address.target == "/%D8%AA%D8%BA%D8%B0%D9%8A%D8%A9?x=%D9%8A"
    assert "/تغذية" in address.shown


def test_sources_that_are_the_same_or_called_alike_are_refused(tmp_path: Path) -> None:
    for name in ("a/in", "b/in"):
        (tmp_path / name).mkdir(parents=True)
    one, other = str(tmp_path / "a/in"), str(tmp_path / "b/in")
    with pytest.raises(InputError, match=f"{other}: its last name is that of {one}, which is watched too; give one of them another name"):
        watch_sources([one, other], read_content)
    for twice in ([one, f"{one}/"], ["http://news.example/feed", "http://me:x@NEWS.example:80/feed"]):
        with pytest.raises(InputError, match="it is to be watched twice; name it once"):
            watch_sources(twice, read_content)
    names = [one, "http://news.example/feed?a=1", "http://news.example/feed?a=2"]
    assert [each.kind for each in watch_sources(names, read_content)] == ["folder", "feed", "feed"]


def test_what_another_process_reads_is_what_this_one_would() -> None:
    data = rss(("a", "Rain \N{SNOWMAN}."), ("b", "Snow."))
    one = read_content(data, "news.xml", Reading(), 1000)
    assert content_of(content_job(data, "news.xml", Reading(), 1000)) == one
    assert isinstance(one.documents[0], Document)


def test_threads_look_at_all_sources_until_they_are_stopped(wire: Path, site: Site, desk: Desk) -> None:
    (wire / "a.txt").write_text("Rain.")
    site.pages["/feed"] = 200, {}, rss(("b", "Snow."))
    site.pages["/slow"] = lambda handler: site.ended.wait()
    came = threading.Event()

    def decide(documents: list[Document]) -> list[Decision]:
        found = desk.decide(documents)
        if len(desk.documents) == 2:
            came.set()
        return found

    slow = WatchedFeed(site.address("/slow", "localhost"), read_content, limits=SMALL)
    sources = [watched(wire), feed_of(site), slow]
    watcher = Watcher(sources, decide, desk.keep, notes={}, now=desk.now, wait=lambda seconds: came.wait(0.01))
    watcher.start()
    assert came.wait(PATIENCE)
    assert watcher.stop(PATIENCE)
    assert sorted(desk.taken()) == [("127.0.0.1/b", "Snow."), ("wire/a.txt", "Rain.")]
    assert [each.problem for each in watcher.state()] == [None, None, None]


def test_one_server_is_asked_by_one_at_a_time(site: Site, desk: Desk) -> None:
    at_once, most, lock, met = [0], [0], threading.Lock(), threading.Barrier(2)

    def page(handler: Any) -> None:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        with suppress(threading.BrokenBarrierError):
            met.wait(0.2)  # two requests at once would meet here
        with lock:
            at_once[0] -= 1
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + rss(("a", "Rain.")))

    site.pages |= dict.fromkeys(("/1", "/2", "/3"), page)
    watcher = desk.watcher(*(feed_of(site, path) for path in ("/1", "/2", "/3")))
    threads = [threading.Thread(target=watcher.look, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, len(site.asked), len(desk.documents)) == ([1], 3, 3)


def test_what_is_stopped_between_two_parts_is_taken_again(wire: Path, desk: Desk) -> None:
    (wire / "a.jsonl").write_text("".join(f'{{"id": "{number}", "text": "Rain."}}\n' for number in range(250)))
    watcher = desk.watcher(watched(wire))

    def decide(documents: list[Document]) -> list[Decision]:
        watcher.stop()
        return desk.decide(documents)

    stopping = Watcher([watched(wire)], decide, desk.keep, notes={}, now=desk.now)
    watcher = stopping
    looks(stopping)
    assert (len(desk.taken()), desk.notes) == (100, {})
    looks(desk.watcher(watched(wire)))
    assert len(desk.taken()) == 250


def test_taken_documents_need_no_notes() -> None:
    assert Taken(()).notes == {}
    assert Fetched(304).body == b""
