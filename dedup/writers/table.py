"""Tables: a result for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..about import UNKNOWN, About
from ..model import BulletinMatch, Match, OrderedBy, Relation, Result, Segment
from .cells import TITLE, cell_width, cut_cell, safe_cell, told_of
from .counts import counted

_ROWS = 50  # rows of a table; a person does not read more
_ORDERED_BY = {
    OrderedBy.INPUT: "in the input",
    OrderedBy.NEWEST_FIRST: "as the input has the newest first",
    OrderedBy.TIME: "by time",
    OrderedBy.DATE: "by the date in the text",
    OrderedBy.VERSION: "by number",
}


def number_rows(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table of numbers: the first column has names, which are made safe, the others end below each other.

    >>> [*number_rows([("NAME", "COUNT"), ("a", "1"), ("bcdef", "20")])]
    ['  NAME   COUNT', '  a          1', '  bcdef     20']
    """
    safe = [(cut_cell(name, TITLE), *numbers) for name, *numbers in rows]
    widths = [max(cell_width(row[place]) for row in safe) for place in range(len(safe[0]))]
    for name, *numbers in safe:
        cells = [name + " " * (widths[0] - cell_width(name))]
        yield "  ".join(["", *cells, *(each.rjust(width) for each, width in zip(numbers, widths[1:], strict=True))])


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(cell_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (width - cell_width(cell)) for cell, width in zip(row, widths, strict=True)]
        yield ("  " + "  ".join(cells)).rstrip() + "\n"


def _place(segment: Segment, in_bulletin: bool) -> str:
    if segment.index is None:
        return safe_cell(segment.id)
    heading = f" {safe_cell(segment.heading)}" if segment.heading else ""
    return f"{'line ' if in_bulletin else safe_cell(segment.document) + ':'}{segment.line}{heading}"


def _match_rows(matches: Iterable[Match], names: tuple[str, str], *, in_bulletin: bool = False) -> list[tuple[str, ...]]:
    head = ("RELATION", "PROBABILITY", "JACCARD", f"{names[0]} IN {names[1]}", f"{names[1]} IN {names[0]}", "SIMILARITY", *names)
    return [head] + [
        (
            match.relation.value,
            *(f"{share:.2f}" for share in (match.probability, match.jaccard, match.containment_a, match.containment_b, match.similarity)),
            _place(match.a, in_bulletin),
            _place(match.b, in_bulletin),
        )
        for match in matches
    ]


def _match_lines(matches: list[Match], about: Mapping[str, About]) -> Iterator[str]:
    """Yield the rows of a table, each with what is known of its two texts below it."""
    head, *rows = _columns(_match_rows(matches, ("A", "B")))
    yield head
    for match, row in zip(matches, rows, strict=True):
        yield row
        for name, segment in (("A", match.a), ("B", match.b)):
            if told := told_of(about.get(segment.id, UNKNOWN)):
                yield f"    {name}: {told}\n"


def _bulletin_lines(found: BulletinMatch) -> Iterator[str]:
    relations = [match.relation for match in found.sections]
    revised = sum(relation is not Relation.IDENTICAL for relation in relations)
    counts = [f"{revised} revised", f"{len(relations) - revised} identical"]
    for name, alone in (("later", found.only_b), ("earlier", found.only_a)):
        if alone:
            counts.append(f"{len(alone)} only in the {name} ({', '.join(safe_cell(segment.heading or '') for segment in alone)})")
    sides = [
        f"{safe_cell(side.document)}:{side.sections[0].line} ({counted(len(side.sections), 'section')})" for side in (found.a, found.b)
    ]
    yield f"Two bulletins repeat each other: {sides[0]}, the earlier {_ORDERED_BY[found.ordered_by]}, and {sides[1]}\n"
    yield f"{counted(len(relations), 'section')} matched: {', '.join(counts)}\n"
    yield from _columns(_match_rows(found.sections, ("EARLIER", "LATER"), in_bulletin=True))
    yield "\n"


def table(result: Result) -> Iterator[str]:
    """Yield the lines of the table: matched bulletins first, then the other matches, the strongest first, each with the titles of its
    texts."""
    for found in result.bulletins:
        yield from _bulletin_lines(found)
    others = sorted(result.apart_from_bulletins(result.matches), key=lambda match: (-match.probability, -match.similarity))
    if others:
        yield f"{'Other matches' if result.bulletins else 'Matches'}: {len(others):,}\n"
        yield from _match_lines([*others[:_ROWS]], result.about)
        if len(others) > _ROWS:
            yield f"  ... and {len(others) - _ROWS:,} more: --format pairs prints them all\n"
        yield "\n"
    read = f"{counted(result.stats['documents'], 'document')}, {counted(result.stats['segments'], 'segment')} read"
    yield f"{read}: {counted(len(result.duplicates), 'duplicate pair')} in {counted(len(result.clusters), 'cluster')}\n"
