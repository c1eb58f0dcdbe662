"""What the command answers, as one checksum a line: run it before and after a change that is to change nothing, and compare.

    python bench/answers.py dedup FEED PAIRS... > before.txt

The first argument is the command, FEED a JSONL feed of records, each of PAIRS a JSONL file of pairs of texts for ``dedup diff --pairs``.
With ``--spark`` the feed is searched on Spark too, and with ``--server URL`` it is filtered into an index on that server.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
TEXTS = [str(ROOT / "tests" / "texts" / f"{name}.txt") for name in ("morning", "noon", "evening")]
CASES = str(ROOT / "seeds" / "cases" / "pairs.jsonl")


def commands(feed: str, pairs: list[str], *, spark: bool, server: str | None) -> Iterator[list[str]]:
    """Yield the arguments of each run, in the order in which they run: ``seen.db`` is made by the first that names it."""
    for options in ([], ["--level", "document"], ["--relations", "reuse,template"]):
        for form in ("table", "pairs", "clusters", "json"):
            yield ["find", str(ROOT / "seeds"), "--format", form, *options]
    yield ["find", str(ROOT / "seeds"), "--format", "json", "--evidence"]
    yield ["find", str(ROOT / "seeds"), "--html", "report.html"]
    for form in ("pairs", "clusters", "json"):
        yield ["find", feed, "--format", form]
    yield ["find", feed, "--level", "segment", "--format", "pairs"]
    yield ["find", feed, "--format", "clusters", "--keep", "most-complete", "--set", "threshold=0.7", "--jobs", "2"]
    for name, options in (("seen.db", []), ("longest.db", ["--keep", "longest"])):
        yield ["filter", feed, "--index", name, "--set", "seed=7", "--actions", *options]
        yield ["index", "export", name]
        yield ["index", "verify", name]
    yield ["index", "query", "seen.db", feed]
    for number, path in enumerate(pairs):
        yield ["diff", "--pairs", path, "--format", "json", "-o", f"pairs-{number}.jsonl", "--lang", "ar"]
    for form in ("terminal", "unified", "json", "html"):
        yield ["diff", *TEXTS[:2], "--format", form]
    for form in ("html", "json", "csv", "markdown", "terminal"):
        yield ["report", *TEXTS, "--format", form]
    yield ["report", feed, "--clusters", "clusters.jsonl", "--top", "40", "--output", "pages"]
    yield ["explain", *TEXTS[:2]]
    yield ["evaluate", feed, "--truth", "labels.json", "--format", "json"]
    yield ["tune", feed, "--truth", "labels.json", "--html", "tuning.html", "--format", "json"]
    if spark:
        for form in ("pairs", "clusters"):
            yield ["find", feed, "--engine", "spark", "--format", form]
    if server:
        yield ["filter", feed, "--index", server, "--set", "seed=7", "--actions"]
        yield ["index", "export", server]


def labels(feed: str) -> dict[str, list[list[str]]]:
    """Return labels for some records of a feed, by nothing but their places: figures of no meaning, which must not change."""
    ids = [str(json.loads(line)["id"]) for line in Path(feed).read_text("utf-8").splitlines()[:400]]
    pairs = [list(pair) for pair in zip(ids[::2], ids[1::2], strict=True)]
    return {"pairs": pairs[::2], "neg_pairs": pairs[1::2]}


def main() -> None:
    """Run every command in one new folder and print what it wrote, as a checksum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command")
    parser.add_argument("feed")
    parser.add_argument("pairs", nargs="*")
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--server")
    options = parser.parse_args()
    feed, *pairs = (str(Path(path).resolve()) for path in (options.feed, *options.pairs))
    known: dict[Path, bytes] = {}  # what earlier runs have written
    with TemporaryDirectory() as folder:
        (Path(folder) / "labels.json").write_text(json.dumps(labels(feed)))
        for arguments in commands(feed, pairs, spark=options.spark, server=options.server):
            done = subprocess.run([options.command, *arguments], cwd=folder, capture_output=True, check=False)
            digest = hashlib.sha256(done.stdout)
            if arguments[:4] == ["find", feed, "--format", "clusters"] and len(arguments) == 4:
                (Path(folder) / "clusters.jsonl").write_bytes(done.stdout)
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and ".db" not in path.name and known.get(path) != path.read_bytes():
                    known[path] = path.read_bytes()
                    digest.update(known[path])
            shown = " ".join(Path(argument).name if "/" in argument else argument for argument in arguments)
            print(f"{digest.hexdigest()[:16]} {done.returncode} {len(done.stdout):>10,} {shown}", flush=True)
            if done.returncode > 1:
                print(done.stderr.decode(errors="replace").splitlines()[-1], file=sys.stderr)


if __name__ == "__main__":
    main()
