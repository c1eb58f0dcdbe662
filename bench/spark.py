"""Compare a search on Spark with one machine, on a cluster of this machine, and kill its workers and its driver. Run from the root:

    python bench/spark.py FEED [PARTITIONS ...]     time, memory, shuffled bytes; the rows must be those of one machine
    python bench/spark.py --kills FEED [CONF ...]   a worker, then the driver, killed in every stage; the rows must be the same
    python bench/spark.py --profile FEED [CONF ...] on two threads of this machine: seconds and processor time of one machine and of Spark,
                                                    and where they go: a line for each job, from Spark's own log
    python bench/spark.py --skewed COUNT            print a feed: as many copies of one text, near-copies of it, and others

FEED is JSONL with ids and texts, CONF a setting of Spark, NAME=VALUE. The cluster is a master and two workers, each a process of its own
with one core.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PAUSE = 0.05
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of Linux
_GOOD = "the same rows, and no stage made twice"


@dataclass
class Cluster:
    """A master and two workers of one core each."""

    url: str
    folder: Path
    master: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]

    def start_worker(self) -> None:
        number = len(list(self.folder.glob("worker-*")))
        work = self.folder / f"worker-{number}"
        work.mkdir()
        options = ["--cores", "1", "--memory", "3g", "--host", "127.0.0.1", "--work-dir", str(work), "--webui-port", "0", self.url]
        self.workers.append(_java(self.folder, "worker.Worker", *options))

    def kill_worker(self) -> None:
        """Kill a worker and what it runs."""
        worker = self.workers.pop(0)
        for process in [*_below(worker.pid), worker.pid]:
            _kill(process)
        worker.wait()


def _java(folder: Path, name: str, *options: str) -> subprocess.Popen[bytes]:
    environment = _environment() | {"SPARK_NO_DAEMONIZE": "1", "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
    command = [f"{environment['SPARK_HOME']}/bin/spark-class", f"org.apache.spark.deploy.{name}", *options]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


def _environment() -> dict[str, str]:
    import pyspark

    return {**os.environ, "SPARK_HOME": str(Path(pyspark.__file__).parent), "SPARK_LOCAL_IP": "127.0.0.1"}


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Yield a running cluster on the loopback interface."""
    with tempfile.TemporaryDirectory(prefix="dedup-cluster-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "log").touch()
        master = _java(folder, "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        found = Cluster(_when(lambda: _logged(folder, "Starting Spark master at "), 60), folder, master, [])
        try:
            found.start_worker()
            found.start_worker()
            _when(lambda: (folder / "log").read_text().count("Successfully registered with master") >= 2 or None, 60)
            yield found
        finally:
            for process in [*found.workers, master]:
                for other in [*_below(process.pid), process.pid]:
                    _kill(other)
                process.wait()


def _logged(folder: Path, text: str) -> str | None:
    _, found, rest = (folder / "log").read_text().partition(text)
    return rest.split()[0] if found and "\n" in rest else None


def _when(condition, seconds: float):  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while (found := condition()) is None:
        if time.monotonic() > end:
            raise TimeoutError("the cluster does not start")
        time.sleep(_PAUSE)
    return found


def _processes() -> dict[int, int]:
    """Return the parent of each process."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return found


def _below(process: int) -> list[int]:
    parents = _processes()
    found = [process]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _memory(process: int) -> int:
    """Return the bytes of a process and all below it; what several share is counted once."""
    total = 0
    for each in [process, *_below(process)]:
        try:
            _, found, rest = Path(f"/proc/{each}/smaps_rollup").read_text().partition("\nPss:")
        except OSError:
            continue
        total += int(rest.split()[0]) << 10 if found else 0
    return total


@dataclass(frozen=True)
class Run:
    """What a run printed, how long it took, the most memory of it and of the workers together, and what it shuffled, bytes."""

    printed: bytes
    seconds: float
    memory: int
    shuffled: int = 0


def run(options: Sequence[str], workers: Sequence[int] = ()) -> Run:
    """Run ``dedup find``, and the workers beside it are measured with it."""
    with tempfile.TemporaryFile() as out:
        begin = time.monotonic()
        process = subprocess.Popen([sys.executable, "-P", "-m", "dedup", "find", *options], stdout=out, stderr=subprocess.PIPE)
        memory = 0
        while process.poll() is None:
            memory = max(memory, sum(map(_memory, [process.pid, *workers])))
            time.sleep(0.2)
        seconds = time.monotonic() - begin
        if process.returncode:
            assert process.stderr is not None
            raise SystemExit(process.stderr.read().decode())
        out.seek(0)
        return Run(out.read(), seconds, memory)


def on_spark(master: str, stages: Path, *more: str) -> list[str]:
    """Return the options of a search on Spark."""
    settings = ("spark.sql.session.timeZone=UTC", "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1", *more)
    given = [part for setting in settings for part in ("--conf", setting)]
    return ["--engine", "spark", "--master", master, "--stages", str(stages), *given]


def shuffled(folder: Path) -> int:
    """Return the bytes that the tasks of logged runs wrote to shuffles."""
    total = 0
    for path in folder.iterdir():
        for line in path.open():
            if '"SparkListenerTaskEnd"' in line:
                metrics = json.loads(line).get("Task Metrics") or {}
                total += metrics.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
    return total


def measure(feed: str, partitions: Sequence[str]) -> None:
    """Print a line for each way to search a feed."""
    documents = Path(feed).read_bytes().count(b"\n")
    wanted = {style: run([feed, "--format", style]) for style in ("pairs", "clusters")}
    one = wanted["pairs"]
    print(f"{documents:,} documents, one machine: {one.seconds:.1f} s, {one.memory >> 20:,} MB", flush=True)
    with cluster() as found:
        for master in ("local[2]", found.url):
            for number in partitions:
                with tempfile.TemporaryDirectory(prefix="dedup-stages-") as name:
                    folder, events = Path(name, "stages"), Path(name, "events")
                    events.mkdir()
                    log = ("spark.eventLog.enabled=true", f"spark.eventLog.dir=file://{events}", "spark.eventLog.rolling.enabled=false")
                    log += ("spark.eventLog.compress=false", f"spark.sql.shuffle.partitions={number}", "spark.executor.memory=2g")
                    workers = [worker.pid for worker in found.workers] if master == found.url else []
                    both = [run([feed, "--format", style, *on_spark(master, folder, *log)], workers) for style in ("pairs", "clusters")]
                    same = [each.printed == wanted[style].printed for style, each in zip(wanted, both, strict=True)]
                    bytes_each = shuffled(events) / documents
                    kept = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / documents
                    memory = max(each.memory for each in both) >> 20
                    times = " s, then clusters in ".join(f"{each.seconds:.1f}" for each in both)
                    print(f"  {master.split(':')[0]}, {number} partitions: matches in {times} s, {memory:,} MB,", end=" ")
                    print(f"{bytes_each:,.0f} bytes shuffled and {kept:,.0f} kept a document;", end=" ")
                    print("the same rows" if all(same) else f"OTHER ROWS {same}", flush=True)


def kills(feed: str, settings: Sequence[str]) -> int:
    """Kill a worker, then the driver, in each stage of a search, and return how many trials failed."""

    def options(style: str, folder: Path) -> list[str]:
        small = ("spark.executor.memory=1g", "spark.sql.shuffle.partitions=2")
        return [feed, "--format", style, *on_spark(found.url, folder, *small, *settings)]

    failed = 0
    with cluster() as found:
        wanted: dict[str, bytes] = {}
        asked: dict[str, str] = {}  # for each stage the style that needs it
        with tempfile.TemporaryDirectory(prefix="dedup-stages-") as name:
            for style in ("pairs", "clusters"):
                wanted[style] = run([feed, "--format", style]).printed
                run(options(style, Path(name)))
                asked = dict.fromkeys(_finished(Path(name)), style) | asked
        for stage, style in asked.items():
            for victim in ("worker", "driver"):
                with tempfile.TemporaryDirectory(prefix="dedup-stages-") as name:
                    said = killed(options(style, Path(name)), found, Path(name), stage, victim, wanted[style])
                failed += said != _GOOD
                print(f"{stage}, {victim} killed: {said}", flush=True)
    return failed


def killed(options: Sequence[str], found: Cluster, folder: Path, stage: str, victim: str, wanted: bytes) -> str:
    """Kill a worker or the driver when a stage begins, run the search again where it was the driver, and say how it ended."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([sys.executable, "-P", "-m", "dedup", "find", *options], stdout=out)
        _wait_for(stage, folder, process)
        if victim == "worker":
            found.kill_worker()
            found.start_worker()
        else:
            for each in [*_below(process.pid), process.pid]:
                _kill(each)
        if _finished(folder)[stage]:
            return "too late"
        process.wait()
        out.seek(0)
        printed = out.read() if victim == "worker" else run(options).printed
    again = [name for name, times in _finished(folder).items() if times > 1]
    return f"{', '.join(again)} made again" if again else _GOOD if printed == wanted else "OTHER ROWS"


def submit(found: Cluster, job: Sequence[str], settings: Mapping[str, str], *, folder: Path, kill_in: str) -> bool:
    """Run a job by spark-submit, kill a worker when a stage begins in this folder, and return whether that stage was unfinished then."""
    settings = {**settings, "spark.executor.memory": "1g", "spark.pyspark.python": sys.executable}
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command = [str(Path(sys.executable).with_name("spark-submit")), "--master", found.url, *options, *job]
    process = subprocess.Popen(command, env=_environment(), stderr=subprocess.DEVNULL)
    _wait_for(kill_in, folder, process)
    found.kill_worker()
    reached = not _finished(folder)[kill_in]
    if process.wait():
        raise SystemExit(f"the job ended with {process.returncode}")
    return reached


def profile(feed: str, settings: Sequence[str]) -> None:
    """Print how long one machine and Spark take, with the processor time of all that they start, and the jobs of Spark."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)  # so that Java, which pyspark does not wait for, is counted
    one, seconds, busy = _timed([feed, "--format", "pairs"])
    print(f"one machine: {seconds:.1f} s, {busy:.1f} s of processors", flush=True)
    with tempfile.TemporaryDirectory(prefix="dedup-stages-") as name:
        folder, events = Path(name, "stages"), Path(name, "events")
        events.mkdir()
        log = ("spark.eventLog.enabled=true", f"spark.eventLog.dir=file://{events}", "spark.eventLog.rolling.enabled=false")
        options = on_spark("local[2]", folder, *log, "spark.eventLog.compress=false", *settings)
        printed, seconds, busy = _timed([feed, "--format", "pairs", *options])
        print(f"Spark: {seconds:.1f} s, {busy:.1f} s of processors; {'the same rows' if printed == one else 'OTHER ROWS'}")
        for path in events.iterdir():
            _print_jobs([json.loads(line) for line in path.open()])


def _timed(options: Sequence[str]) -> tuple[bytes, float, float]:
    """Return what ``dedup find`` prints, its seconds, and the processor time of it and of all that it started."""
    before, begin = _processor_time(), time.monotonic()
    done = subprocess.run([sys.executable, "-P", "-m", "dedup", "find", *options], stdout=subprocess.PIPE, check=True)
    seconds = time.monotonic() - begin
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    return done.stdout, seconds, _processor_time() - before


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print_jobs(events: Sequence[Mapping[str, Any]]) -> None:
    start = next(event["Timestamp"] for event in events if event["Event"] == "SparkListenerApplicationStart")
    job_of: dict[int, int] = {}
    tasks: dict[int, list[Mapping[str, Any]]] = {}
    begun: dict[int, int] = {}
    for event in events:
        if event["Event"] == "SparkListenerJobStart":
            begun[event["Job ID"]] = event["Submission Time"]
            job_of |= dict.fromkeys(event["Stage IDs"], event["Job ID"])
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            tasks.setdefault(job_of[event["Stage ID"]], []).append(event["Task Metrics"])
        elif event["Event"] == "SparkListenerJobEnd":
            job, of_job = event["Job ID"], tasks.get(event["Job ID"], [])
            ran, java = (sum(task[name] for task in of_job) for name in ("Executor Run Time", "Executor CPU Time"))
            written = sum(task["Shuffle Write Metrics"]["Shuffle Bytes Written"] for task in of_job)
            print(f"  {(begun[job] - start) / 1e3:7.1f} s: {(event['Completion Time'] - begun[job]) / 1e3:6.1f} s,", end=" ")
            print(f"{len(of_job):4} tasks of {ran / 1e3:6.1f} s, {java / 1e9:6.1f} s of Java, {written >> 20:5,} MB shuffled")


def skewed(count: int) -> Iterator[str]:
    """Yield the lines of a feed of three times so many texts: copies of one, near-copies of it, each with one to six other words, and
    others, mixed."""
    draw = random.Random(5)
    known = ["".join(draw.choices("abdefghiklmnoprstuvz", k=draw.randint(3, 9))) for _ in range(20_000)]
    text = draw.choices(known, k=150)
    texts = [text] * count
    for _ in range(count):
        edited = [*text]
        for place in draw.sample(range(150), draw.randint(1, 6)):
            edited[place] = draw.choice(known)
        texts.append(edited)
    texts += [draw.choices(known, k=150) for _ in range(count)]
    draw.shuffle(texts)
    for number, words in enumerate(texts):
        yield json.dumps({"id": f"d{number:08}", "text": " ".join(words)}) + "\n"


def _wait_for(stage: str, folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Return when a stage has begun, or the process has ended."""
    while process.poll() is None and not any(path.name.rpartition("-")[0] == stage for path in folder.glob(f"{stage}-*")):
        time.sleep(0.005)


def _finished(folder: Path) -> Counter[str]:
    """Return how often each stage was finished, in the order of the first time."""
    paths = sorted(folder.glob("*-*/_SUCCESS"), key=lambda path: path.stat().st_mtime)
    return Counter(path.parent.name.rpartition("-")[0] for path in paths)


if __name__ == "__main__":
    if sys.argv[1] == "--skewed":
        sys.stdout.writelines(skewed(int(sys.argv[2])))
        sys.exit()
    if sys.argv[1] == "--profile":
        sys.exit(profile(sys.argv[2], sys.argv[3:]))
    if sys.argv[1] == "--kills":
        sys.exit(kills(sys.argv[2], sys.argv[3:]) > 0)
    measure(sys.argv[1], sys.argv[2:] or ["8"])
