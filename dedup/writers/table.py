"""Tables: a result for a person at a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from ..model import BulletinMatch, Match, Relation, Result, Segment
from .counts import counted

_ROWS = 50  # rows of a table; a person does not read more
_ISOLATE, _POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def _safe(text: str) -> str:
    """Return text for a cell: one line, without control characters, and with a writing direction of its own."""
    shown = "".join(char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else " " for char in text)
    return f"{_ISOLATE}{shown}{_POP}" if any(unicodedata.bidirectional(char) in ("R", "AL") for char in shown) else shown


def _width(text: str) -> int:
    """Return the number of columns that a terminal uses for a text."""
    marks = sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(char) in "WF" for char in text)


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        yield ("  " + "  ".join(cells)).rstrip() + "\n"


def _place(segment: Segment, in_bulletin: bool) -> str:
    if segment.index is None:
        return _safe(segment.id)
    heading = f" {_safe(segment.heading)}" if segment.heading else ""
    return f"{'line ' if in_bulletin else _safe(segment.document) + ':'}{segment.line}{heading}"


def _match_rows(matches: Iterable[Match], names: tuple[str, str], *, in_bulletin: bool = False) -> list[tuple[str, ...]]:
    head = ("RELATION", "JACCARD", f"{names[0]} IN {names[1]}", f"{names[1]} IN {names[0]}", "SIMILARITY", names[0], names[1])
    return [head] + [
        (
            match.relation.value,
            *(f"{share:.2f}" for share in (match.jaccard, match.containment_a, match.containment_b, match.similarity)),
            _place(match.a, in_bulletin),
            _place(match.b, in_bulletin),
        )
        for match in matches
    ]


def _bulletin_lines(found: BulletinMatch) -> Iterator[str]:
    relations = [match.relation for match in found.sections]
    revised = sum(relation is not Relation.IDENTICAL for relation in relations)
    counts = [f"{revised} revised", f"{len(relations) - revised} identical"]
    for name, alone in (("later", found.only_b), ("earlier", found.only_a)):
        if alone:
            counts.append(f"{len(alone)} only in the {name} ({', '.join(_safe(segment.heading or '') for segment in alone)})")
    sides = [f"{_safe(side.document)}:{side.sections[0].line} ({counted(len(side.sections), 'section')})" for side in (found.a, found.b)]
    yield f"Two bulletins repeat each other: {sides[0]}, taken as the earlier, and {sides[1]}\n"
    yield f"{counted(len(relations), 'section')} matched: {', '.join(counts)}\n"
    yield from _columns(_match_rows(found.sections, ("EARLIER", "LATER"), in_bulletin=True))
    yield "\n"


def table(result: Result) -> Iterator[str]:
    """Yield the lines of the table: matched bulletins first, then the other matches."""
    for found in result.bulletins:
        yield from _bulletin_lines(found)
    others = result.apart_from_bulletins(result.matches)
    if others:
        yield f"{'Other matches' if result.bulletins else 'Matches'}: {len(others):,}\n"
        yield from _columns(_match_rows(others[:_ROWS], ("A", "B")))
        if len(others) > _ROWS:
            yield f"  ... and {len(others) - _ROWS:,} more: --format pairs prints them all\n"
        yield "\n"
    read = f"{counted(result.stats['documents'], 'document')}, {counted(result.stats['segments'], 'segment')} read"
    yield f"{read}: {counted(len(result.duplicates), 'duplicate pair')} in {counted(len(result.clusters), 'cluster')}\n"
