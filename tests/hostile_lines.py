"""Lines of JSON as bad as they come: those of ``hostile_lines.json``, and any number of others, the same for the same seed."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

_CASES: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
TEXTS: list[str] = _CASES["texts"]
IDS: list[str] = _CASES["ids"]
WHOLE = [line.encode("utf-8") for lines in _CASES["lines"].values() for line in lines]
PIECES = [bytes.fromhex(each) for pieces in _CASES["bytes"].values() for each in pieces]
"""Bytes, most of which are not UTF-8."""
_FIELDS = ("id", "text", "title", "source", "time", "url")
_OTHERS = (
    "_id", "body", "content", "headline", "publisher", "date", "published", "pubDate", "timestamp", "link", "status", "lang", "author",
    "x", "", "i\u0064", "text ", "source.name",
)  # fmt: skip
_TIMES = (
    "2024-05-06",
    "2024-05-06T10:00:00Z",
    "6 May 2024",
    "Mon, 6 May 2024 10:00:00 GMT",
    "soon",
    "",
    "\u0665 \u0645\u0627\u064a\u0648 2024",
)
_NUMBERS = "0", "-0", "7", "-12", "1e5", "1.5", "007", "9" * 60, "9" * 999, "9" * 1001, "NaN", "-Infinity", "1E+2", "-", "0.", "1714990000"
_WORDS = "null", "true", "false", "nul", "True"
_SPACES = b"", b" ", b"\t", b"\r", b"  \t ", b"\x0b", b"\x0c", b"\xc2\xa0"


def string(random: Random, value: str) -> str:
    """Return a string of JSON, in which any character may be an escape."""
    how = random.random()
    if how < 0.5:
        return json.dumps(value, ensure_ascii=how < 0.15)
    out = ['"']
    for letter in value:
        units = letter.encode("utf-16-be", "surrogatepass")
        escaped = "".join(f"\\u{units[at]:02x}{units[at + 1]:02X}" for at in range(0, len(units), 2))
        plain = json.dumps(letter, ensure_ascii=False)[1:-1].replace("/", "\\/" if how < 0.75 else "/")
        out.append(escaped if random.random() < 0.1 else plain)
    return "".join([*out, '"'])


def _value(random: Random, depth: int = 2) -> str:
    kind = random.randrange(10)
    if kind < 4:
        return string(random, random.choice((*TEXTS, *IDS, *_TIMES)))
    if kind < 6:
        return random.choice(_NUMBERS[:7] if random.random() < 0.9 else _NUMBERS)
    if kind < 8 or not depth:
        return random.choice(_WORDS[:3] if random.random() < 0.95 else _WORDS)
    if kind == 8:
        return "[" + ", ".join(_value(random, depth - 1) for _ in range(random.randrange(3))) + "]"
    names = (string(random, random.choice(("name", "text", "a"))) for _ in range(random.randrange(3)))
    return "{" + ",".join(f"{name}:{_value(random, depth - 1)}" for name in names) + "}"


def text(random: Random) -> str:
    """Return a text, usual or not, alone or joined to others."""
    return random.choice(("", " ", "\n", ". ")).join(random.choice(TEXTS) for _ in range(random.choice((1, 1, 1, 2, 3, 9))))


def record(random: Random) -> bytes:
    """Return a line whose record is usual, or nearly so."""
    fields = [("id", string(random, random.choice(IDS) + random.choice(("", "", "9", "x@2")))), ("text", string(random, text(random)))]
    fields += [
        (name, string(random, random.choice((*_TIMES, *TEXTS) if name == "time" else TEXTS)))
        for name in _FIELDS[2:]
        if random.random() < 0.3
    ]
    while random.random() < 0.25:
        fields.append((random.choice((*_FIELDS, *_OTHERS)), _value(random)))
    if random.random() < 0.1:
        fields.pop(random.randrange(len(fields)))
    random.shuffle(fields)
    space = random.choice(("", " ")) if random.random() < 0.9 else random.choice(("\t", "\r", " \t"))
    return ("{" + f",{space}".join(f"{json.dumps(name)}:{space}{value}" for name, value in fields) + "}").encode("utf-8", "surrogatepass")


def _nested(random: Random) -> bytes:
    depth = random.choice((63, 64, 65, 600, 3000))
    inside = "[" * depth + "]" * depth if random.random() < 0.5 else '{"a":' * depth + "1" + "}" * depth
    return f'{{"id": "deep", "x": {inside}, "text": "b"}}'.encode()


def line(random: Random) -> bytes:
    """Return any line, without its end."""
    how = random.random()
    if how < 0.03:
        return random.choice(_SPACES)
    if how < 0.06:
        return _nested(random)
    made = random.choice(WHOLE) if how < 0.15 else record(random)
    if how > 0.75:
        at = random.randrange(len(made) + 1)
        change = random.randrange(5)
        if change == 0:
            made = made[:at] + random.choice(PIECES) + made[at:]
        elif change == 1:
            made = made[:at] + bytes([random.randrange(256)]) + made[at + 1 :]
        elif change == 2:
            made = made[:at] + made[at + random.randrange(4) :]
        elif change == 3:
            made = made[:at]
        else:
            made = made[:at] + random.choice((b'"', b"\\", b"{", b"}", b",", b":", b"\\u", b"\\ud83d", b"\0", b"<", b"&")) + made[at:]
    made = made.replace(b"\n", b" ")
    return random.choice(_SPACES) + made + random.choice(_SPACES) if random.random() < 0.1 else made
