"""The lines of a page: glyphs are put in the order in which they are read, from left to right or from right to left.

A PDF says where each glyph is drawn, so what is read from right to left stands in its visual order. It is turned into the logical order
with the rules of the Unicode Bidirectional Algorithm (UAX #9) backwards, and shapes of Arabic letters become ordinary letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .pdf_glyphs import UNKNOWN, Glyph

_SAME = 0.5  # of the size: glyphs whose baselines differ by less stand in one line
_SPACE, _COLUMN = 0.17, 2.0  # of the size: gaps from which on there is a space, or another cell of a table
_BOTH = 3  # a line with at most so many times more letters of one direction has many of both
_SHAPES = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
_STRONG_LEFT, _STRONG_RIGHT, _NUMBER = "L", ("R", "AL"), ("EN", "AN")
# Signs that belong to the number beside or around them, where the letters before are not Arabic; then only those of the first row do.
_INSIDE_ARABIC = set(".,:/\N{ARABIC DECIMAL SEPARATOR}\N{ARABIC THOUSANDS SEPARATOR}\N{ARABIC COMMA}")
_INSIDE_NUMBER = _INSIDE_ARABIC | set("-+\N{MINUS SIGN}")
_BESIDE_NUMBER = set("%$#+-\N{MINUS SIGN}\N{EURO SIGN}\N{POUND SIGN}\N{ARABIC PERCENT SIGN}\N{DEGREE SIGN}")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_LAST = re.compile(r"[\N{ARABIC LETTER TEH MARBUTA}\N{ARABIC LETTER ALEF MAKSURA}םןץףך]")
_WORDS = re.compile(r"[^\W\d_]{3,}")
_OPENING, _CLOSING = "([{«", ")]}»"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, its edges, its baseline, its size in points, and whether it is read from right to left."""

    text: str
    left: float
    right: float
    base: float
    size: float
    right_to_left: bool = False


def plain_letters(text: str) -> str:
    """Return a text with ordinary letters for the shapes that letters have in a word.

    >>> plain_letters("\\ufefb \\ufee1 \\ufb01")
    'لا م fi'
    """
    return _SHAPES.sub(lambda found: unicodedata.normalize("NFKC", found[0]).lstrip(" "), text)


def _rows(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the glyphs of each line: those that follow each other in the file on one baseline."""
    row: list[Glyph] = []
    for glyph in glyphs:
        if row and abs(glyph.base - row[0].base) > _SAME * max(glyph.size, row[0].size):
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _units(row: Sequence[Glyph]) -> tuple[list[str], float]:
    """Return the texts of the glyphs from left to right, marks behind their letters, with spaces and tabs for gaps; and the size."""
    letters = [each for each in row if not _is_mark(each.text)]
    sizes = sorted(each.size for each in letters or row)
    size = sizes[len(sizes) // 2]
    letters.sort(key=lambda each: (each.left + each.right) / 2)
    marks: dict[int, str] = {}
    places = {id(each): place for place, each in enumerate(letters)}
    for mark, letter in _letters_of_marks(row):
        marks[places[id(letter)]] = marks.get(places[id(letter)], "") + mark
    units: list[str] = []
    end = None
    for place, each in enumerate(letters):
        if each.text.isspace():
            if units and not units[-1].isspace():
                units.append(" ")
            end = None if end is None else max(end, each.left)
            continue
        gap = 0.0 if end is None else each.left - end
        if gap > _COLUMN * size:
            units[-1:] = ["\t"] if units[-1].isspace() else [units[-1], "\t"]
        elif gap > _SPACE * size and not units[-1].isspace():
            units.append(" ")
        units.append(plain_letters(each.text) + plain_letters(marks.get(place, "")))
        end = max(end, each.right) if end is not None else each.right
    return units, size


def _is_mark(text: str) -> bool:
    plain = plain_letters(text)
    return bool(plain) and all(unicodedata.combining(character) for character in plain)


def _letters_of_marks(row: Sequence[Glyph]) -> Iterator[tuple[str, Glyph]]:
    """Yield each mark and its letter: the one before it in the file, or the one behind where right to left is drawn from left to right."""
    before: Glyph | None = None
    waiting: list[Glyph] = []
    for each in row:
        if _is_mark(each.text):
            waiting.append(each)
            continue
        if not each.text.isspace():
            for mark in waiting:
                drawn_forward = before is None or before.left < each.left
                behind = drawn_forward and unicodedata.bidirectional(plain_letters(each.text)[0]) in _STRONG_RIGHT
                yield mark.text, each if behind or before is None else before
            before, waiting = each, []
    if before is not None:
        yield from ((mark.text, before) for mark in waiting)


def _class(text: str) -> str:
    """Return what a unit is: ``R``, ``L``, ``N`` for a number, or ``-`` for a space or a sign."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _STRONG_RIGHT:
            return "R"
        if kind == _STRONG_LEFT:
            return "L"
        if kind in _NUMBER:
            return "N"
    return "-"


def _letters(text: str) -> tuple[int, int]:
    """Return how many letters are read from right to left, and how many from left to right."""
    kinds = [unicodedata.bidirectional(character) for character in text]
    return sum(kind in _STRONG_RIGHT for kind in kinds), kinds.count(_STRONG_LEFT)


def _directions(texts: Sequence[str]) -> list[bool]:
    """Tell for each line whether it is read from right to left: as most of its letters, or as the page where the line has many of both."""
    counts = [_letters(text) for text in texts]
    page = sum(right for right, _ in counts) >= sum(left for _, left in counts)
    return [page if 0 < right <= _BOTH * left and left <= _BOTH * right else right > left for right, left in counts]


def _resolved(units: Sequence[str], base: str) -> list[str]:
    """Return the direction of each unit, ``R`` or ``L``: the rules W2 to N2 of UAX #9, for a line of direction ``base``."""
    kinds = [_class(unit) for unit in units]
    arabic = any(unicodedata.bidirectional(character) == "AL" for unit in units for character in unit)
    inside = _INSIDE_ARABIC if arabic else _INSIDE_NUMBER
    for place in range(1, len(units) - 1):
        if kinds[place] == "-" and units[place] in inside and kinds[place - 1] == "N" == kinds[place + 1]:
            kinds[place] = "N"
    beside = [
        kind == "-" and units[place] in _BESIDE_NUMBER and "N" in (*kinds[max(place - 1, 0) : place], *kinds[place + 1 : place + 2])
        for place, kind in enumerate(kinds)
    ]
    if not arabic:
        kinds = ["N" if near else kind for kind, near in zip(kinds, beside, strict=True)]
    place = 0
    while place < len(kinds):  # neutral ones have the direction of both neighbours, or that of the line
        end = place
        while end < len(kinds) and kinds[end] == "-":
            end += 1
        if end > place:
            before = kinds[place - 1] if place else base
            after = kinds[end] if end < len(kinds) else base
            kinds[place:end] = [before if before == after and before in ("L", "R") else base] * (end - place)
        place = end + 1
    return ["L" if kind in ("L", "N") else "R" for kind in kinds]


def logical(units: Sequence[str], right_to_left: bool) -> str:
    """Return the text of units that stand in visual order, from left to right, in the order in which they are read.

    >>> logical(list("\\u05d2 12 \\u05d1\\u05d0"), True)
    'אב 12 ג'
    >>> logical(list("%25 \\u0648\\u062d\\u0646"), True)
    'نحو 25%'
    """
    order: list[str] = []
    run: list[str] = []
    base = "R" if right_to_left else "L"
    kinds = _resolved(units, base)
    pairs = list(zip(units, kinds, strict=True))
    for unit, kind in reversed(pairs) if right_to_left else pairs:
        if kind != base:
            run.append(unit)
        else:
            order += reversed(run)
            run = []
            order.append(unit)
    order += reversed(run)
    return "".join(order)


def _split(units: Sequence[str], right_to_left: bool) -> list[str]:
    """Cut units of several words, which a glyph may stand for, at spaces. Their words stand in logical order."""
    out: list[str] = []
    for place, unit in enumerate(units):
        parts = re.findall(r"\s+|\S+", unit) if len(unit) > 1 else [unit]
        after = units[place + 1] if place + 1 < len(units) else ""
        mixed = _class(parts[-1]) != "-" and _class(parts[0]) != _class(parts[-1]) == _class(after)
        out += reversed(parts) if right_to_left and not mixed else parts
    return out


def _badly_nested(text: str) -> int:
    """Return how many brackets do not close what was opened, or are never closed."""
    bad, depth = 0, 0
    for character in text:
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            bad, depth = (bad, depth - 1) if depth else (bad + 1, 0)
    return bad + depth


def _is_backwards(text: str) -> bool:
    """Tell whether words are written backwards: letters that stand only at the end of words stand at their beginning."""
    words = _WORDS.findall(text)
    return sum(bool(_LAST.match(word)) for word in words) > sum(bool(_LAST.match(word[-1])) for word in words)


def lines_on_page(glyphs: Sequence[Glyph]) -> list[Line]:
    """Return the lines of a page, in the order of the file."""
    rows = [(*_units(row), row) for row in _rows(glyphs)]
    rows = [each for each in rows if any(not unit.isspace() for unit in each[0])]
    directions = _directions(["".join(units) for units, _, _ in rows])
    found = [(*each, right_to_left) for each, right_to_left in zip(rows, directions, strict=True)]
    texts = {}
    for place, (units, _, _, right_to_left) in enumerate(found):
        texts[place] = logical(_split(units, right_to_left), right_to_left).strip()
    right = [place for place, each in enumerate(found) if each[3]]
    whole = "\n".join(texts[place] for place in right)
    backwards = bool(right) and _is_backwards(whole)
    if backwards:  # drawn from left to right, by a program that knows no other direction
        texts |= {place: "".join(found[place][0]).strip() for place in right}
    elif _badly_nested(mirrored := whole.translate(_MIRRORED)) < _badly_nested(whole):
        texts |= dict(zip(right, mirrored.split("\n"), strict=True))
    return [
        Line(
            texts[place].replace(UNKNOWN, ""),
            min(g.left for g in row),
            max(g.right for g in row),
            row[0].base,
            size,
            right_to_left and not backwards,
        )
        for place, (_, size, row, right_to_left) in enumerate(found)
    ]
