"""Fuzz the commands: python bench/fuzz_commands.py [SECONDS] [SEED]. Random options with random values, on small files of all sorts.

A promise that is broken ends the run, with the command and the folder of its files: a status other than 0, 1 or 2, an internal error, more
than one line on stderr with status 2, a traceback, an input that is another one afterwards, a file that was begun and left.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from itertools import pairwise
from pathlib import Path

import click

from dedup import cli as command_line
from dedup.cli import cli

WORDS = "four people were killed when a bridge fell in marsa on monday the police said road port closed 12 قتل 15 شخصا".split()  # noqa: SIM905
ODD = [
    "\u202e",
    "\x1b[31m",
    "\0",
    "\u2028",
    "\x85",
    "\ud800",
    "\ufeff",
    "=",
    "::",
    "\r",
    "\n\n",
    "𝟙",
    "١٥",
    "9" * 400,
    "1e999",
    "ﷺ",
    "\u0301",
]
# fmt: off
VALUES = [
    "", "-", "0", "1", "-1", "2", "0.5", "1e308", "nan", "inf", "9" * 30, "9" * 5000, "true", "x", "a.txt", "b.txt", "c.jsonl", "d.csv",
    "e.json", "seen.db", "f", "no/such", "*.jsonl", "[", "**", "utf-8", "utf-16", "rot13", "undefined", "windows-1256", "punycode", "3h",
    "=", "seed=1", "threshold=2", "within=1h", "keep=latest", "prefer=a,b", "id", "text", "t", "label", "S", "1,2", "identical",
    "/dev/null", ".", "out", "out.html", "out.json", "out.csv", "out.md", "out.diff", "\u202e", "e\u0301", "postgresql://", "file:///",
    "sqlite:", ":memory:", "spark", "2016-01-01",
]
LIKELY = {
    "text_field": ["text", "a", "id"], "id_field": ["id", "b", "label"], "time_field": ["t", "id"], "source_field": ["a", "label"],
    "cluster_field": ["a", "label"], "encoding": ["utf-8", "windows-1256", "utf-16"], "threshold": ["0.05", "0.5", "1"],
    "jobs": ["1", "2"], "settings": ["min_words=1", "recall=0.5", "keep=latest", "within=1s", "fingerprint_words=2", "num_perm=16"],
    "truth": ["c.jsonl", "e.json"], "output": ["out.html", "out.json", "out.csv", "out.md", "out.diff", "out", "-"],
    "html": ["out.html", "out"], "within": ["1s", "3h"], "prefer": ["0", "a,b"], "max_chars": ["5", "100", "1000"],
    "relations": ["identical", "revision,reuse"], "duplicates": ["out1"], "rejects": ["out2"], "stats": ["out3"], "pairs": ["c.jsonl"],
    "clusters": ["c.jsonl", "e.json"], "duplicate_labels": ["S", "1"], "ignore_labels": ["1", "S"], "before": ["1", "2016-01-01"],
    "newest": ["0", "1"], "top": ["1"], "beta": ["1"], "path": ["f", "a.txt"],
    "url": [*["seen.db"] * 6, "new.db"], "paths": ["c.jsonl", "d.csv"],
    "a": ["0", "1", "a.txt", "a.txt#0"], "b": ["1", "2", "b.txt", "a.txt#1"],
}
# fmt: on
OUTPUTS = ("-o", "--output", "--html", "--stats", "--duplicates", "--rejects")  # of another file than those that are read


def _text(draw: random.Random) -> str:
    parts = [draw.choice(ODD) if draw.random() < 0.05 else draw.choice(WORDS) for _ in range(draw.randint(0, 40))]
    return " ".join(parts) + draw.choice([".", "", "\n", "::\n"])


def _value(draw: random.Random, depth: int = 0) -> object:
    simple = [None, True, 1, -1.5, 10**30, "1", "2", _text(draw), float("nan"), draw.choice(ODD)]
    if depth < 2 and draw.random() < 0.2:
        return [_value(draw, depth + 1) for _ in range(draw.randint(0, 3))]
    return {"a": _value(draw, 2)} if depth < 2 and draw.random() < 0.1 else draw.choice(simple)


def _records(draw: random.Random) -> list[dict[str, object]]:
    rows = []
    for number in range(draw.randint(0, 8)):
        row: dict[str, object] = {
            "id": str(number),
            "text": _text(draw),
            "t": str(number),
            "a": "0",
            "b": str(number),
            "label": draw.choice(["S", 1]),
        }
        row |= draw.choice([{}, {}, {"duplicate": True}, {"weight": 2}])
        if draw.random() < 0.05:
            row[draw.choice([*row])] = _value(draw)
        rows.append(row)
    return rows


def _json(rows: object, draw: random.Random) -> bytes:
    text = json.dumps(rows, ensure_ascii=draw.random() < 0.3)
    return text.encode("utf-8", "surrogatepass" if draw.random() < 0.3 else "replace")


def _broken(data: bytes, draw: random.Random) -> bytes:
    if draw.random() < 0.9 or not data:
        return data
    place = draw.randrange(len(data))
    return draw.choice(
        [data[:place], data[:place] + bytes([draw.randrange(256)]) + data[place + 1 :], data + data, b"[" * 3000, b"\xff\xfe" + data]
    )


def make_files(folder: Path, draw: random.Random) -> None:
    """Write small files of all sorts, some of them broken."""
    lines = b"\n".join(_json(row, draw) for row in _records(draw))
    contents = {
        "a.txt": "\n".join(_text(draw) for _ in range(draw.randint(0, 9))).encode("utf-8", "replace"),
        "b.txt": "\n".join(_text(draw) for _ in range(draw.randint(0, 9))).encode(draw.choice(["utf-8", "utf-16", "utf-7"]), "replace"),
        "c.jsonl": lines,
        "d.csv": ("id,text\n" + "".join(f'{number},"{_text(draw)}"\n' for number in range(4))).encode("utf-8", "replace"),
        "e.json": _json(
            draw.choice([{"clusters": [["0", "1"]]}, {"pairs": [["0", "1"]], "neg_x": [["1", "2"]]}, _value(draw), _records(draw)]), draw
        ),
        "f": draw.choice([b"", lines, b"\n\n", gzip.compress(lines), bytes(100)]),
        "c.jsonl.gz": gzip.compress(lines),
    }
    for name, data in contents.items():
        (folder / name).write_bytes(_broken(data, draw))


def _commands(command: click.Command, words: list[str]) -> Iterator[tuple[list[str], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            each = command.get_command(context, name)
            assert each is not None
            yield from _commands(each, [*words, name])
    else:
        yield words, command


def make_words(draw: random.Random) -> list[str]:
    """Return a command with random options, most of them of the right sort."""
    words, command = draw.choice([*_commands(cli, [])])
    files = ["a.txt", "b.txt", "c.jsonl", "c.jsonl", "d.csv", "f", "c.jsonl.gz", "*.jsonl"]
    for each in command.params:
        likely = LIKELY.get(each.name or "", VALUES)
        if isinstance(each, click.Argument):
            likely = files if each.name in ("paths", "a", "b") and draw.random() < 0.8 else likely
            count = draw.randint(1, 2) if each.nargs == -1 else 1
            words += [draw.choice(likely if draw.random() < 0.95 else VALUES) for _ in range(count)]
        elif isinstance(each, click.Option) and (each.required or draw.random() < 0.1) and each.name not in ("master", "stages"):
            words.append(draw.choice(each.opts))
            if not each.is_flag:
                likely = [*each.type.choices] if isinstance(each.type, click.Choice) else likely
                words.append(str(draw.choice(likely if draw.random() < 0.95 else VALUES)))
    return words


def run(words: list[str], folder: Path) -> tuple[int, str]:
    """Run a command in this process, and return its status and what it said."""
    errors, old = io.StringIO(), sys.argv
    sys.argv = ["dedup", *words]
    os.chdir(folder)
    try:
        with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace")), redirect_stderr(errors):
            try:
                status = cli.main([*words], prog_name="dedup", standalone_mode=False) or 0
                sys.stdout.flush()
            except BaseException as error:
                status = command_line._told(error)
                if "internal error" in errors.getvalue() or "the system refuses" in errors.getvalue():
                    errors.write(traceback.format_exc())
    finally:
        sys.argv = old
    return status, errors.getvalue()


def broken_promise(status: int, said: str, before: dict[str, bytes], folder: Path) -> str | None:
    """Return what promise was broken, None where none was."""
    if status not in (0, 1, 2) or "internal error" in said or "Traceback" in said or "the system refuses" in said:
        return "an error that nobody expected"
    if status == 2 and said.count("\n") != 1:
        return "an error of several lines"
    if any((folder / name).read_bytes() != data for name, data in before.items()):
        return "an input was changed"
    if any(path.name.startswith(".") for path in folder.rglob("*")):
        return "something was left behind"
    return None


def main() -> None:
    """Run until a promise is broken, or the time is over."""
    seconds, seed = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    end, count, statuses, whys = time.monotonic() + seconds, 0, {}, Counter()
    while time.monotonic() < end:
        draw = random.Random(f"{seed}/{count}")
        folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        make_files(folder, draw)
        run(["index", "add", "seen.db", "a.txt"], folder)
        words = make_words(draw)
        outputs = {word for option, word in pairwise(words) if option in OUTPUTS and words.count(word) == 1}
        indexes = {word for word in words if "index" in words or "--index" in words}  # one may be made of an empty file
        names = [path.name for path in folder.iterdir() if not path.name.startswith("seen.db") and path.name not in outputs | indexes]
        before = {name: (folder / name).read_bytes() for name in names}
        status, said = run(words, folder)
        statuses[status] = statuses.get(status, 0) + 1
        whys[said[:60] if status == 2 else "ended well"] += 1
        if (broken := broken_promise(status, said, before, folder)) is not None:
            print(f"{broken}: run {seed}/{count} in {folder}: dedup {words}\n{status}: {said[-1500:]}", flush=True)
        else:
            shutil.rmtree(folder)
        count += 1
    print(f"{count} commands, statuses {statuses}")
    print("\n".join(f"{number} {what}" for what, number in whys.most_common(12)))


if __name__ == "__main__":
    main()
