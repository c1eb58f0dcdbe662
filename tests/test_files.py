"""Files and folders of pages are written whole or not at all, with the permissions that the umask leaves them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_support import COMMAND
from test_report import records, shuffled

from dedup.errors import OutputError
from dedup.writers import files
from dedup.writers.files import write_file
from reports import Report, compare_versions
from reports.renderers.folder import write_folder


def report(number: int) -> Report:
    return Report(f"story {number}", (compare_versions([f"Police held {number} men.", f"Police held {number + 1} men."]),))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in folder.iterdir()}


def failing(error: BaseException, after: int) -> Iterator[Report]:
    yield from map(report, range(after))
    raise error


@pytest.mark.parametrize("error", [KeyError("a document"), OSError(28, "No space left on device"), KeyboardInterrupt(), SystemExit(143)])
@pytest.mark.parametrize("after", [0, 2])
def test_what_fails_midway_leaves_a_folder_of_pages_as_it_was(tmp_path: Path, error: BaseException, after: int) -> None:
    folder = tmp_path / "pages"
    with pytest.raises(type(error)):
        write_folder(str(folder), failing(error, after), title="first")
    assert not folder.exists()
    write_folder(str(folder), map(report, range(3)), title="first")
    before = contents(folder)
    with pytest.raises(type(error)):
        write_folder(str(folder), failing(error, after), title="second")
    assert contents(folder) == before


def test_an_interruption_while_pages_take_their_place_waits_until_all_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(str(tmp_path / "wanted"), map(report, range(5, 9)), title="second")
    folder, moves, replace = tmp_path / "pages", [0], os.replace
    write_folder(str(folder), map(report, range(3)), title="first")

    def interrupted(source: Path, target: Path) -> None:
        moves[0] += ".new-" in str(source) and Path(target).parent == folder
        if moves[0] == 2:  # before the move
            moves[0] += 1
            raise KeyboardInterrupt
        replace(source, target)
        if moves[0] == 4:  # right behind it
            moves[0] += 1
            raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(str(folder), map(report, range(5, 9)), title="second")
    assert contents(folder) == contents(tmp_path / "wanted")


def test_a_page_that_cannot_take_its_place_is_found_before_any_has(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    write_folder(str(folder), map(report, range(3)), title="first")
    (folder / "page-000009.html").mkdir()
    before = contents(folder)
    with pytest.raises(OutputError, match="page-000009"):
        write_folder(str(folder), map(report, range(9)), title="second")
    assert contents(folder) == before


def test_what_a_killed_run_left_in_the_folder_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    write_folder(str(folder), map(report, range(2)), title="first")
    (folder / ".new-0123456789abcdef").mkdir()
    (folder / ".new-0123456789abcdef/page-000001.html").write_text("half", "utf-8")
    write_folder(str(folder), map(report, range(1)), title="second")
    assert set(contents(folder)) == {"index.html", "page-000001.html"}


@pytest.mark.parametrize("error", [ValueError("a text"), OSError(5, "Input/output error"), KeyboardInterrupt(), SystemExit(143)])
def test_what_fails_while_a_file_is_written_leaves_the_old_one_and_keeps_its_own_words(tmp_path: Path, error: BaseException) -> None:
    def parts() -> Iterator[str]:
        yield "half"
        raise error

    (tmp_path / "a.html").write_text("old", "utf-8")
    with pytest.raises(type(error)) as raised:
        write_file(str(tmp_path / "a.html"), parts())
    assert raised.value is error
    assert contents(tmp_path) == {"a.html": b"old"}


@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o022, 0o644), (0o002, 0o664), (0o027, 0o640)])
def test_a_file_has_the_permissions_that_the_umask_leaves_it(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write_file(str(tmp_path / "a.html"), ["a"])
        write_folder(str(tmp_path / "pages"), [report(1)], title="t")
        (tmp_path / "private.html").touch(0o600)
        write_file(str(tmp_path / "private.html"), ["b"])
    finally:
        os.umask(before)
    assert (tmp_path / "a.html").stat().st_mode & 0o777 == mode
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "pages").iterdir()} == {mode}
    assert (tmp_path / "private.html").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("command", [["report", "--cluster-field", "story", "-o", "pages"], ["find", "--html", "pages"]])
def test_pages_are_counted_on_a_terminal_and_nowhere_else(tmp_path: Path, command: list[str]) -> None:
    towns = ["Marsa", "Sirte", "Velin", "Bosk", "Tarsk", "Norvik", "Lodren"]
    said = "Police in {town} held {n} men near the old market on Monday, and {town} closed school number {school} for the week."
    rows = [row | {"id": f"{row['id']}-{n}", "text": said.format(town=towns[n % 7] + "abc"[n // 7 % 3], n=k, school=n * 7919)}
            for n in range(21) for k, row in enumerate(shuffled(story=f"s{n}")[:2])]  # fmt: skip
    line = [*COMMAND, command[0], records(tmp_path, rows), *command[1:]]
    screen, terminal = os.openpty()
    with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=terminal) as done:
        os.close(terminal)
        shown = b""
        while True:
            try:
                read = os.read(screen, 4096)
            except OSError:  # the other end is closed
                break
            if not read:
                break
            shown += read
    os.close(screen)
    assert done.returncode == 0
    assert b"pages written 20" in shown
    assert shown.endswith(b"pages and their index\r\n")
    silent = subprocess.run(line, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    assert silent.stderr.count(b"\n") == 1
