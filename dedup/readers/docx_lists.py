"""The lists of a Word file: their levels, and the numbers of their items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LEVELS = 9
"""The levels that each list has."""
_MOST_LISTS = 20_000
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
    (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""


@dataclass(slots=True)
class List:
    """A list of a Word file: the definition that it shares with others, its nine levels, and whether it begins anew."""

    definition: str
    levels: list[_Level]
    restarts: bool = False


def numbering_of(parse: Callable[[Callable[[str, dict[str, str]], None]], bool]) -> dict[str, List]:
    """Return the lists that the numbering part of a file defines, by number. ``parse`` gives its elements to a function."""
    definitions: dict[str, list[_Level]] = {}
    lists: dict[str, List] = {}
    current = List("", [])
    level = _Level()
    number = ""

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal current, level, number
        name, value = tag.rpartition("}")[2], attribute(values)
        if name == "abstractNum":
            definition = attribute(values, "abstractNumId")
            current = List(definition, definitions.setdefault(definition, [_Level() for _ in range(LEVELS)]))
        elif name == "num":
            number, current = attribute(values, "numId"), List("", [])
        elif name == "abstractNumId" and len(lists) < _MOST_LISTS:
            levels = [_Level(each.start, each.format, each.text) for each in definitions.get(value, [])]
            current = lists[number] = List(value, levels)
        elif name in ("lvl", "lvlOverride"):
            place = whole_number(attribute(values, "ilvl"), LEVELS)
            level = current.levels[place] if place < len(current.levels) else _Level()
        elif name in ("start", "startOverride"):
            level.start = whole_number(value, 1)
            current.restarts |= name == "startOverride"
        elif name == "numFmt":
            level.format = value
        elif name == "lvlText":
            level.text = value[:100]

    parse(start)
    return lists


def attribute(values: dict[str, str], name: str = "val") -> str:
    """Return an attribute by its local name; '' if it is not there."""
    return next((value for key, value in values.items() if key.rpartition("}")[2] == name), "")


def whole_number(text: str, otherwise: int) -> int:
    """Return a short whole number, or the other one if this is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def written(number: int, form: str) -> str:
    """Return a number in one of the forms of lists; other forms than letters and Roman numerals are written in digits.

    >>> written(4, "lowerRoman"), written(28, "upperLetter"), written(4, "arabicAbjad")
    ('iv', 'BB', '4')
    """
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        letters = ""
        for value, digit in _ROMAN:
            letters, number = letters + digit * (number // value), number % value
    elif form in ("lowerLetter", "upperLetter") and 0 < number < 780:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        return f"{number:02}" if form == "decimalZero" else str(number)
    return letters.upper() if form.startswith("upper") else letters
