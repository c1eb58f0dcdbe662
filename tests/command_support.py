"""How tests start the command, and Python, as processes of their own: always the installed package, see `installed`."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from array import array
from collections.abc import Callable
from contextlib import suppress
from fcntl import F_GETPIPE_SZ, fcntl, ioctl
from pathlib import Path
from termios import FIONREAD
from types import ModuleType, TracebackType
from typing import Any

import loaded_command
from loaded_command import PATIENCE

# -P: the search for modules does not begin in the folder that the process runs in, so the checkout's own folders are out of reach.
PYTHON = (sys.executable, "-P")
COMMAND = (*PYTHON, "-m", "dedup")


class Process(subprocess.Popen[bytes]):
    """A process that is killed, not waited for, where the test that started it fails."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self.kill()
        super().__exit__(kind, error, trace)


def run_command(*arguments: str, cwd: Path | None = None, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end, on Linux in a process that has it loaded already, and return its status and what it wrote."""
    if sys.platform != "linux":
        return _run([*COMMAND, *arguments], cwd, stdin, environment)
    return loaded_command.run(arguments, cwd or Path.cwd(), stdin, {**os.environ, **environment})


def run_python(
    code: str, *arguments: str, cwd: Path | None = None, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run Python code to its end, and return its status and what it wrote."""
    return _run([*PYTHON, "-c", code, *arguments], cwd, stdin, environment)


def start_command(*arguments: str, pipes: tuple[str, ...] = ("stdout",), cwd: Path | None = None, **environment: str) -> Process:
    """Start the command, with pipes for the streams that are named."""
    return start([*COMMAND, *arguments], pipes, cwd, **environment)


def start(command: list[str], pipes: tuple[str, ...] = (), cwd: Path | None = None, **environment: str) -> Process:
    """Start a process, with pipes for the streams that are named."""
    streams: dict[str, Any] = dict.fromkeys(pipes, subprocess.PIPE)
    return Process(command, cwd=cwd, env={**os.environ, **environment}, **streams)


def load_bench(name: str) -> ModuleType:
    """Return a program of the folder ``bench`` as a module."""
    name, path = f"bench_{name}", Path(__file__).parent.parent / f"bench/{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wait_until(condition: Callable[[], bool]) -> None:
    """Return when something has happened, whenever that is; `PATIENCE` ends what never happens."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def state_of(process: subprocess.Popen[bytes]) -> str:
    """Return the letter that Linux has for the state of a process: R runs, S waits, T is stopped (proc(5))."""
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]


def has_open(process: subprocess.Popen[bytes], path: Path) -> bool:
    """Say whether a process has a file open."""
    folder = f"/proc/{process.pid}/fd"
    for name in os.listdir(folder):
        with suppress(FileNotFoundError):  # closed since the folder was read
            if os.readlink(f"{folder}/{name}") == str(path.resolve()):
                return True
    return False


def waits_in_a_write(process: subprocess.Popen[bytes]) -> bool:
    """Say whether a process sleeps because nobody reads what it writes: the pipe of its output is more than half full, and nothing comes.

    A pipe that is full has its last pages filled in part, and so less in it than it can hold.
    """
    assert process.stdout
    before = _unread(process.stdout.fileno())
    if 2 * before <= fcntl(process.stdout, F_GETPIPE_SZ) or state_of(process) != "S":
        return False
    time.sleep(0.05)
    return state_of(process) == "S" and _unread(process.stdout.fileno()) == before


def _unread(pipe: int) -> int:
    unread = array("i", [0])
    ioctl(pipe, FIONREAD, unread)
    return unread[0]


def _run(command: list[str], cwd: Path | None, stdin: bytes, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, check=False, env={**os.environ, **environment}, timeout=PATIENCE
    )
