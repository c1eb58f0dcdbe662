"""Runs the command in processes that have it loaded: most of the time of a short command goes into loading it.

One process loads it, and makes a child of itself for each run. A run has streams, an environment, a working folder and an end of its own;
it shares with others the interpreter, and modules with which nothing has been done yet.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

# Seconds after which a process is taken to hang. It only ends what would never end; on a slow machine make it longer.
PATIENCE = 300.0 * float(os.environ.get("BULLETIN_DEDUP_PATIENCE", "1"))
_SEPARATE = ("__main__", "integrations", "serve", "spark")  # modules that few commands load
_AT_THE_START = ("BULLETIN_DEDUP_ENGINE", "LANG", "LC_", "PYTHON")  # names of variables that are read when the command is loaded
_loaded: dict[frozenset[tuple[str, str]], socket.socket] = {}


def run(arguments: Sequence[str], folder: Path, stdin: bytes, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end, and return its status and what it wrote."""
    request = json.dumps({"arguments": arguments, "folder": str(folder), "environment": environment}).encode()
    ours, theirs = zip(*(os.pipe()[:: -1 if stream == 0 else 1] for stream in range(3)), strict=True)
    told, teller = socket.socketpair()
    socket.send_fds(_process_for(environment), [request], [*theirs, teller.fileno()])
    teller.close()
    for file in theirs:
        os.close(file)
    told.settimeout(PATIENCE)
    with told, told.makefile() as answers, ThreadPoolExecutor(3) as threads:
        child = int(answers.readline())
        try:
            threads.submit(_feed, ours[0], stdin)
            output, errors = (threads.submit(_drain, file) for file in ours[1:])
            status = os.waitstatus_to_exitcode(int(answers.readline()))
        except TimeoutError:
            os.kill(child, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(arguments, status, output.result(), errors.result())


def _feed(pipe: int, data: bytes) -> None:
    with suppress(BrokenPipeError), open(pipe, "wb") as file:
        file.write(data)


def _drain(pipe: int) -> bytes:
    with open(pipe, "rb") as file:
        return file.read()


def _process_for(environment: dict[str, str]) -> socket.socket:
    """Return the socket of the process that has loaded the command in such an environment; start it where there is none."""
    key = frozenset(each for each in environment.items() if each[0].startswith(_AT_THE_START))
    if key not in _loaded:
        _loaded[key], theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", __file__, str(theirs.fileno())]
        pipe = subprocess.PIPE  # as the streams of the children are
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, pass_fds=[theirs.fileno()])
        theirs.close()
        atexit.register(_end, process, _loaded[key])
    return _loaded[key]


def _end(process: subprocess.Popen[bytes], requests: socket.socket) -> None:
    requests.close()
    process.communicate()


def _serve(requests: socket.socket) -> None:
    """Make a process for each run, until nobody can ask for one any more; return in that which is to run the command.

    A request is one packet of JSON with four open files: the three streams, and the socket for the answers. These are two lines: the
    number of the process, and at last its status as `os.waitpid` gives it.
    """
    while True:
        packet, files, _, _ = socket.recv_fds(requests, 1 << 20, 4)
        if not packet:
            sys.exit()
        if os.fork() == 0:
            break
        for file in files:
            os.close(file)
    requests.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, answers = files
    child = os.fork()
    if child:
        for file in streams:
            os.close(file)
        os.write(answers, b"%d\n" % child)
        os.write(answers, b"%d\n" % os.waitpid(child, 0)[1])
        os._exit(0)
    for number, file in enumerate(streams):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    request = json.loads(packet)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["dedup", *request["arguments"]]


def _load() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does before it loads numpy
    for package in ("dedup", "reports"):
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if not {*module.name.split(".")}.intersection(_SEPARATE):
                with suppress(ImportError):  # of packages that are not installed
                    import_module(module.name)


if __name__ == "__main__":
    _load()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets who has ended
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("dedup", run_name="__main__", alter_sys=True)
