"""Work on untrusted files in processes of their own, bounded in time and memory, that are killed when they need more."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from ..errors import DedupError
from .problems import Problem, problem_of
from .settings import RequestLimits
from .telemetry import LOG, Metrics

Job = Callable[..., Mapping[str, bytes]]
"""A function of a module, called in another process; what it returns are named bytes, so that nothing else comes back from there."""
_PRELOADED = ["dedup.serve.warm"]
_TOO_LONG = -signal.SIGKILL, -signal.SIGXCPU
_WAITING = 32  # jobs that wait for a process


class Jobs:
    """Processes for jobs. They are made by one that has loaded what they need, and has no threads (``forkserver``)."""

    def __init__(self, limits: RequestLimits, metrics: Metrics):
        self._limits, self._metrics = limits, metrics
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        forkserver.ensure_running()  # it loads while nobody waits yet
        self._threads = ThreadPoolExecutor(limits.jobs, "dedup-job")
        self._lock, self._asked = threading.Lock(), 0

    async def run(self, job: Job, *values: Any) -> dict[str, bytes]:
        """Return what a job returns. Raises `Problem` for what is wrong with its input, and where it needs too long or too much."""
        with self._lock:
            if self._asked >= _WAITING:
                raise Problem(429, "too many files wait to be read", hint="try again later", headers={"Retry-After": "2"})
            self._asked += 1
        asked = self._threads.submit(self.run_here, job, *values)
        asked.add_done_callback(self._leave)
        return await asyncio.wrap_future(asked)

    def _leave(self, done: object) -> None:
        with self._lock:
            self._asked -= 1

    def run_here(self, job: Job, *values: Any, seconds: float | None = None) -> dict[str, bytes]:
        """Do the same as `run`, in this thread; ``seconds`` are those that it may take, where they are fewer than those of others."""
        try:
            found = self._run(job, values, seconds or self._limits.job_seconds)
        except Problem as problem:
            self._metrics.jobs.labels("refused" if problem.status < 500 else "failed").inc()
            raise
        self._metrics.jobs.labels("done").inc()
        return found

    def _run(self, job: Job, values: tuple[Any, ...], seconds: float) -> dict[str, bytes]:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_work, args=(theirs, job, values, self._limits.job_memory, seconds), daemon=True)
        process.start()
        theirs.close()
        late = threading.Timer(seconds, _kill, (process,))
        late.start()
        try:
            return _received(ours)
        except EOFError:
            process.join()
            if process.exitcode in _TOO_LONG:
                raise Problem(422, f"it takes longer than {seconds:g} seconds", hint="split it") from None
            raise Problem(422, "it needs too much memory, or breaks the program that reads it", hint="split it") from None
        finally:
            late.cancel()
            ours.close()
            _kill(process)
            process.join()
            process.close()

    def close(self) -> None:
        """Wait for the jobs that are under way."""
        self._threads.shutdown(cancel_futures=True)


def _kill(process: BaseProcess) -> None:
    """End a process, and those that it has started."""
    with suppress(ValueError):  # it is let go of
        if process.pid is not None:
            with suppress(ProcessLookupError, PermissionError):  # it has ended, or has no group yet
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()


def _received(connection: Connection) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    while name := connection.recv_bytes(1 << 10).decode():
        data = connection.recv_bytes()
        if name == "problem":
            raise _problem(data)
        found[name] = data
    return found


def _problem(data: bytes) -> Problem:
    status, *rest = data.decode().split("\0")
    what, where, hint, kind = (part or None for part in rest)
    if kind is not None:
        LOG.error("internal error in a job: %s", kind)
    return Problem(int(status), what or "", where=where, hint=hint)


def _work(connection: Connection, job: Job, values: tuple[Any, ...], memory: int, seconds: float) -> None:
    """Do a job in the process that is made for it, and send back what it returns, or what is wrong."""
    os.setpgid(0, 0)  # so that what it starts ends with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # which a terminal sends to all: the server ends this process
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write to
    try:
        found = job(*values)
    except MemoryError:
        return
    except Exception as error:  # what a fault of the program says may quote a text: its kind alone is told
        problem = problem_of(error)
        kind = "" if isinstance(error, DedupError | Problem) else type(error).__name__
        parts = str(problem.status), problem.what, problem.where or "", problem.hint or "", kind
        connection.send_bytes(b"problem")
        connection.send_bytes("\0".join(part.replace("\0", " ") for part in parts).encode("utf-8", "replace"))
        return
    for name, data in found.items():
        connection.send_bytes(name.encode())
        connection.send_bytes(data)
    connection.send_bytes(b"")
