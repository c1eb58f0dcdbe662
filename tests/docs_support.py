"""The code blocks of README and docs, and how a page is run: from its first block to its last, in one folder.

What stands before a block, or beside its language, says what it is:

- ``console``: each line that begins with ``$`` is a command, run as written. Lines below it are what it prints, ``...`` for any text;
  nothing below it says nothing. Status 2 is right where the page shows the error.
- ``python``: with ``>>>`` a doctest, otherwise a program; both share the names of those before.
- any language with ``title="NAME"``: a file that the reader has made, written before the commands that follow.
- ``sh``: the two commands of README, which ``.ci/run`` runs as written.
- ``text``: a drawing or a form, not run.
- ``<!-- needs: NAME -->`` above a block: it runs by itself, where a server or Spark is there, or a package of that name. Those of a page
  that need ``serve`` run in their order, beside one ``dedup serve``.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import installed
from conftest import ROOT

PAGES = ("README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))
LANGUAGES = {"console", "python", "json", "csv", "js", "sh", "text"}
_BLOCK = re.compile(r'^(?:<!-- needs: (\w+) -->\n+)?```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_WRITTEN = re.compile(r"(?:>|--html|-o) (\S+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A code block of a page; ``line`` counts from 1, ``needs`` is what must be there."""

    page: str
    line: int
    language: str
    code: str
    title: str | None
    needs: str | None

    @property
    def name(self) -> str:
        """What names it in the list of tests."""
        return f"{self.page}:{self.line}"


def blocks_of(page: str) -> list[Block]:
    """Return the blocks of a page."""
    text = (ROOT / page).read_text("utf-8")
    return [Block(page, text[: found.start(2)].count("\n") + 1, found[2], found[4], found[3], found[1]) for found in _BLOCK.finditer(text)]


def fences_of(page: str) -> int:
    """Return how many lines of a page open or close a block, wherever they stand."""
    return sum(line.lstrip(" >").startswith("```") for line in (ROOT / page).read_text("utf-8").split("\n"))


def commands_of(code: str) -> list[tuple[str, str]]:
    """Return the commands of a ``console`` block, each with what it prints.

    >>> commands_of("$ one\\nits output\\n$ two \\\\\\n  three\\n")
    [('one', 'its output\\n'), ('two \\\\\\n  three', '')]
    """
    found: list[tuple[str, str]] = []
    for line in (f"{each}\n" for each in code.removesuffix("\n").split("\n")):
        if line.startswith("$ "):
            found.append((line[2:].rstrip("\n"), ""))
        elif found and not found[-1][1] and found[-1][0].endswith("\\"):
            found[-1] = (f"{found[-1][0]}\n{line.rstrip()}", "")
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def furnish(folder: Path) -> None:
    """Put what a reader has beside the pages into a folder: the seed and the three small texts."""
    for name in ("seeds", "tests/texts"):
        shutil.copytree(ROOT / name, folder / name)


def write_files(blocks: list[Block], folder: Path) -> None:
    """Write those blocks that are files."""
    for block in blocks:
        if block.title:
            (folder / block.title).write_text(block.code, "utf-8")


def run_block(block: Block, folder: Path, names: dict[str, Any]) -> None:
    """Run a block in a folder, which is also the working folder of this process."""
    if block.title:
        write_files([block], folder)
    elif block.language == "console":
        for command, prints in commands_of(block.code):
            _run_command(block, command, prints, folder)
    elif block.language == "python" and ">>> " in block.code:
        example = doctest.DocTestParser().get_doctest(block.code, names, block.name, block.page, block.line)
        said: list[str] = []
        example.globs = names
        failed = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(example, out=said.append, clear_globs=False).failed
        assert failed == 0, "".join(said)
    elif block.language == "python":
        exec(compile(block.code, block.name, "exec"), names)


def _run_command(block: Block, command: str, prints: str, folder: Path) -> None:
    # Unbuffered, so that results and words stand in the order in which a terminal shows them.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PATH": f"{installed.script().parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    where = f"{block.name}: {command}"
    is_error = any(line.startswith("dedup: ") for line in done.stdout.split("\n"))
    assert done.returncode in ((2,) if "dedup: " in prints else (0, 1)), f"{where}\n{done.stdout}"
    assert is_error == ("dedup: " in prints), f"{where}\n{done.stdout}"
    if prints:
        same = doctest.OutputChecker().check_output(prints, done.stdout, doctest.ELLIPSIS)
        assert same, f"{where}\nprints\n{done.stdout}\nnot, as the page says,\n{prints}"
    written = [name for name in _WRITTEN.findall(command) if not name.startswith("/dev/")]
    assert all((folder / name).stat().st_size for name in written), where
