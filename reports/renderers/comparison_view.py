"""The view of a comparison for the HTML page: rows of pieces in reading order, folded where nothing changed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ..diff.runs import changes_by_unit, span_of_sentences, unit_runs
from ..kinds.furniture import furniture_in
from ..language.detect import detect_language
from ..language.invisible import INVISIBLE
from ..language.lexicon import load_lexicon
from ..messages.catalog import Catalog
from ..model import FACT_KINDS, AlignedRun, Change, Comparison, Kind, Span, Unit, UnitRelation
from ..summary.digest import make_digest
from .direction import html_language, text_direction

COUNTED = (*FACT_KINDS, "added", "removed", "moved", Kind.WORDING, "cosmetic")
# A comma, and whether words that open a clause follow it. A row ends there from 40 characters on, without such words from 120.
_OPENERS = "بينما|فيما|في حين|في المقابل|كما|أما|ومن جهة|من جهة|هذا و|حيث|إلى ذلك|while|whereas|but|meanwhile"
_CLAUSE = re.compile(rf"[\N{{ARABIC COMMA}}\N{{ARABIC SEMICOLON}},;][ ](?=(?P<opens>{_OPENERS})?)")
_SHORT_ROW, _LONG_ROW = 40, 120
_INSIDE_WORD = re.compile("[\\w\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d]{2}")

_Gap = tuple[Span, Span, list[Change]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a row: plain text where ``kind`` is None, else one mark. A missing side is None."""

    a: str | None
    b: str | None
    kind: str | None = None
    anchor: str | None = None
    cosmetic: bool = False
    part: bool = False
    """True where a side of the mark begins or ends inside a word: isolating it would break joined letters."""
    gap: bool = False
    """True for ordinary white space after a unit: the end of the row stands for it."""
    moved: bool = False
    """True for words that changed places inside a sentence: one mark where they stood, and one where they stand."""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit as a row of the page, or the place that a moved unit left (a departure); numbers count from 1."""

    relation: str
    anchor: str
    pieces: tuple[Piece, ...] = ()
    a: int | None = None
    b: int | None = None
    target: str | None = None

    @property
    def cosmetic(self) -> int:
        """Number of cosmetic marks."""
        return sum(piece.cosmetic for piece in self.pieces)

    @property
    def quiet(self) -> bool:
        """True for a row that folds: at most cosmetic changes are in it."""
        whole = self.relation in ("added", "removed") and any(p.cosmetic for p in self.pieces)  # furniture
        return (whole or self.relation in ("same", "edited")) and all(p.kind is None or p.cosmetic for p in self.pieces)


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line at the head of a page: its subject, its words, and the anchor that it leads to.

    ``weight`` orders the lines of several texts, the heaviest (the smallest number) first.
    """

    subject: str
    text: str
    anchor: str | None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """One comparison as the page shows it. ``blocks`` are runs of rows; a block with only unchanged rows is folded."""

    number: int
    comparison: Comparison
    dir: str
    lang: str
    blocks: tuple[tuple[bool, tuple[Row, ...]], ...]
    hidden: int
    digest: tuple[PageLine, ...]
    anchors: dict[str, str]
    """Anchors of the changes by their ids."""
    furniture: frozenset[Unit]
    """Sentences that only one text has and that are no part of the report: cosmetic."""

    @property
    def leading(self) -> tuple[Piece, ...]:
        """The marks that are not cosmetic, the most important kind first."""
        pieces = [piece for _, rows in self.blocks for row in rows for piece in row.pieces]
        return tuple(piece for kind in COUNTED for piece in pieces if piece.kind == kind)

    @property
    def counts(self) -> Counter[str]:
        """Number of changes by kind, the cosmetic ones as one, and of sentences added, removed and moved."""
        found = Counter("cosmetic" if change.kind.cosmetic else change.kind.value for change in self.comparison.changes)
        units = [unit for unit in self.comparison.units if unit.relation.value in COUNTED]
        found.update("cosmetic" if unit in self.furniture else unit.relation.value for unit in units)
        return found


def furniture_units(comparison: Comparison) -> frozenset[Unit]:
    """Return the sentences that were added or removed and are nothing but furniture: they are cosmetic."""
    whole = [unit for unit in comparison.units if not (unit.a and unit.b)]
    if not whole:
        return frozenset()
    texts = comparison.a.text, comparison.b.text
    words = load_lexicon(detect_language("\n".join(text[:4000] for text in texts)))
    a, b = (furniture_in(text, words) for text in texts)
    sides = ((unit, unit.a or unit.b, comparison.sentences_a if unit.a else comparison.sentences_b, a if unit.a else b) for unit in whole)
    return frozenset(
        unit
        for unit, places, sentences, found in sides
        if all(any(each.start <= sentences[n].start and sentences[n].end <= each.end for each in found) for n in places)
    )


def make_comparison_view(number: int, comparison: Comparison, words: Catalog) -> ComparisonView:
    """Return a comparison as the page shows it; the digest is in the words of the page."""
    texts = comparison.a.text + comparison.b.text
    marks = _anchors(comparison, number)
    anchors = {change.id: anchor for change, anchor in marks.items()}
    lines = tuple(
        PageLine(line.subject, line.text, anchors[line.changes[0]] if line.changes else None, line.weight)
        for line in make_digest(comparison, words)
    )
    furniture = furniture_units(comparison)
    blocks = groupby(_with_departures(tuple(_rows(comparison, number, marks, furniture))), key=lambda row: row.quiet)
    folded = tuple((quiet, tuple(rows)) for quiet, rows in blocks)
    return ComparisonView(
        number, comparison, text_direction(texts), html_language(texts), folded, len(INVISIBLE.findall(texts)), lines, anchors, furniture
    )


def _rows(comparison: Comparison, number: int, anchors: dict[Change, str], furniture: Collection[Unit]) -> Iterator[Row]:
    inside = changes_by_unit(comparison)
    gaps = _gaps(comparison, {change for changes in inside for change in changes})
    if before := _gap_pieces(comparison, anchors, *gaps[-1]):
        yield Row("same", f"r-{number}-0", before, 0, 0)
    for place, (unit, changes) in enumerate(zip(comparison.units, inside, strict=True)):
        whole = Piece(
            None,
            None,
            None if unit.a and unit.b else Kind.FURNITURE.value if unit in furniture else unit.relation.value,
            anchors[changes[0]] if changes else f"u-{number}-{place + 1}",
            unit in furniture,
        )
        pieces = _unit_pieces(comparison, unit, changes, anchors, whole)
        first_a, first_b = (side[0] + 1 if side else None for side in (unit.a, unit.b))
        pieces += _gap_pieces(comparison, anchors, *gaps[place])
        parts = _clauses(pieces) if unit.relation is UnitRelation.EDITED else [pieces]
        for part, row in enumerate(parts):
            yield Row(unit.relation.value, f"r-{number}-{place + 1}" + f"-{part}" * (part > 0), tuple(row), first_a, first_b)


def _clauses(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Cut a long sentence into rows, at commas in text that has not changed."""
    rows: list[list[Piece]] = [[]]
    length = 0
    for piece in pieces:
        if piece.kind or piece.a is None or piece.a != piece.b:
            rows[-1].append(piece)
            length += max(len(piece.a or ""), len(piece.b or ""))
            continue
        start = 0
        for comma in _CLAUSE.finditer(piece.a):
            if length + comma.end() - start >= (_SHORT_ROW if comma["opens"] is not None else _LONG_ROW):
                rows[-1].append(Piece(piece.a[start : comma.end()], piece.a[start : comma.end()]))
                rows.append([])
                start, length = comma.end(), 0
        rows[-1].append(Piece(piece.a[start:], piece.a[start:]))
        length += len(piece.a) - start
    return rows


def _with_departures(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows, and for each moved one a row at its old place that links to it."""
    stays = sorted((row.a, place) for place, row in enumerate(rows) if row.a and row.relation != "moved")
    left: dict[int, list[Row]] = {}
    for row in sorted((row for row in rows if row.relation == "moved"), key=lambda row: row.a or 0):
        before = bisect_right(stays, (row.a or 0, 0)) - 1
        stub = Row("departure", f"d{row.anchor[1:]}", a=row.a, b=row.b, target=row.anchor)
        left.setdefault(stays[before][1] if before >= 0 else -1, []).append(stub)
    yield from left.get(-1, ())
    for place, row in enumerate(rows):
        yield row
        yield from left.get(place, ())


def _unit_pieces(comparison: Comparison, unit: Unit, changes: Sequence[Change], anchors: dict[Change, str], whole: Piece) -> list[Piece]:
    pieces: list[Piece] = []
    for run in unit_runs(comparison, unit, changes):
        if run.change:
            pieces += _mark(comparison, run, run.change, anchors)
        else:
            a, b = _texts(comparison, run.a, run.b)
            pieces.append(replace(whole, a=a, b=b) if whole.kind else Piece(a, b))
    return pieces


def _mark(comparison: Comparison, run: AlignedRun, change: Change, anchors: dict[Change, str]) -> Iterator[Piece]:
    """Yield the mark of a change in a run, the white space at its ends outside of it; words that moved have their anchor where they are."""
    sides = ((comparison.a.text, run.a), (comparison.b.text, run.b))
    part = any(_INSIDE_WORD.match(text, edge - 1) for text, span in sides if span for edge in (span.start, span.end) if edge)
    a, b = _texts(comparison, run.a, run.b)
    blank = any(text is not None and not text.strip() for text in (a, b))  # a change of white space is marked as it is
    (before_a, a, after_a), (before_b, b, after_b) = ((None, text, None) if blank else _padding(text) for text in (a, b))
    if before_a or before_b:
        yield Piece(before_a, before_b)
    yield Piece(a, b, change.kind.value, anchors[change], change.kind.cosmetic, part, moved=change.moved)
    if after_a or after_b:
        yield Piece(after_a, after_b)


def _padding(text: str | None) -> tuple[str | None, str | None, str | None]:
    """Return the white space before a text, the text without it, and the white space after it."""
    if text is None:
        return None, None, None
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return text[:start] or None, text[start:end], text[end:] or None


def _texts(comparison: Comparison, a: Span | None, b: Span | None) -> tuple[str | None, str | None]:
    return a.of(comparison.a.text) if a else None, b.of(comparison.b.text) if b else None


def _anchors(comparison: Comparison, number: int) -> dict[Change, str]:
    """Return a unique id for each change that is safe in a link."""
    names: dict[str, Change] = {}
    for change in comparison.changes:
        name = f"p-{number}-" + re.sub("[^0-9A-Za-z.-]", lambda found: f"_{ord(found[0]):x}_", change.id)
        while name in names:
            name += "_"
        names[name] = change
    return {change: name for name, change in names.items()}


def _gaps(comparison: Comparison, placed: Collection[Change]) -> dict[int, _Gap]:
    """Return, by unit, the gaps that follow it in both texts with the changes in them; -1 is the space before all."""
    sides = (
        _side_gaps(comparison.a.text, comparison.sentences_a, [unit.a for unit in comparison.units]),
        _side_gaps(comparison.b.text, comparison.sentences_b, [unit.b for unit in comparison.units]),
    )
    nowhere = Span(0, 0)
    places = range(-1, len(comparison.units))
    gaps: dict[int, _Gap] = {place: (sides[0].get(place, nowhere), sides[1].get(place, nowhere), []) for place in places}
    ends = [sorted((gap.end, place) for place, gap in side.items() if gap.end > gap.start) for side in sides]
    for change in comparison.changes:
        if change not in placed:
            side, span = (1, change.b) if change.b else (0, change.a or nowhere)
            at = bisect_right(ends[side], (span.start, len(comparison.units)))
            gaps[ends[side][at][1] if at < len(ends[side]) else -1][2].append(change)
    return gaps


def _side_gaps(text: str, sentences: Sequence[Span], units: Sequence[Sequence[int]]) -> dict[int, Span]:
    order = sorted((span.start, span.end, place) for place, unit in enumerate(units) if (span := span_of_sentences(sentences, unit)))
    starts = [*(start for start, _, _ in order), len(text)]
    return {-1: Span(0, starts[0])} | {place: Span(end, starts[n]) for n, (_, end, place) in enumerate(order, 1)}


def _gap_pieces(comparison: Comparison, anchors: dict[Change, str], a: Span, b: Span, changes: Sequence[Change]) -> tuple[Piece, ...]:
    pieces = []
    for change in changes:
        in_a, in_b = _within(change.a, a), _within(change.b, b)
        before = Piece(comparison.a.text[a.start : in_a.start], comparison.b.text[b.start : in_b.start])
        pieces += [before, *_mark(comparison, AlignedRun(change.a, change.b), change, anchors)]
        a, b = Span(in_a.end, a.end), Span(in_b.end, b.end)
    rest = (a.of(comparison.a.text), b.of(comparison.b.text))
    pieces.append(Piece(*rest, gap=not INVISIBLE.search("".join(rest))))
    return tuple(piece for piece in pieces if piece.kind or piece.a or piece.b)


def _within(span: Span | None, gap: Span) -> Span:
    return span if span and gap.start <= span.start and span.end <= gap.end else Span(gap.start, gap.start)
