"""Compare two versions of a text: align, find the edits, refine them, classify them, and check the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from dedup.errors import RebuildError
from dedup.model import Relation

from .cache import ResultCache
from .diff.blocks import similarity
from .diff.edits import Edit, EditSide, find_edits, merge_close_edits
from .diff.limits import max_changes, min_kept_words
from .diff.runs import changes_by_unit, span_of_sentences, unit_runs
from .diff.sentence_alignment import align_sentences
from .diff.texts import ComparedTexts
from .kinds.alarms import alarm_of
from .kinds.classify import classify_edit
from .kinds.quantities import quantity_change
from .kinds.together import reconcile, replaces, without_kept_values
from .language.tokens import tokenize, word_keys
from .model import AlignedRun, Change, Comparison, Kind, Span, Unit, UnitRelation, Version
from .refine.join_edits import refine_edits
from .refine.moves import moved_pairs
from .refine.split_furniture import is_furniture_edit

_JOINED = "many short sentences: neighbours are compared as one"
_CAPPED = "long text: compared word by word without keeping phrases whole"
_COARSE = "many changes: those that stand close together are one"


def compare(a: Version | str, b: Version | str, *, relation: Relation | None = None) -> Comparison:
    """Compare two versions of a text, ``a`` the older.

    Raises `RebuildError` where the comparison does not rebuild both texts. That is a defect of this library, and such a comparison is
    never shown.

    >>> found = compare("Two died. Rain fell.", "Three died. Rain fell.")
    >>> [(change.a.of(found.a.text), change.b.of(found.b.text)) for change in found.changes]
    [('Two', 'Three')]
    """
    a, b = (Version(name, text) if isinstance(text, str) else text for name, text in (("a", a), ("b", b)))
    texts = ComparedTexts.of(a.text, b.text)
    units = align_sentences(texts)
    inside, notes = _edits_inside(texts, units)
    notes = [_JOINED] * texts.joined + notes
    gaps = _gap_edits(texts, units)
    found = [_change(edit, texts) for edit in gaps.get(None, [])]
    for unit, edited in zip(units, inside, strict=True):
        found += _changes(refine_edits(edited, texts), texts)
        found += [_change(edit, texts) for edit in gaps.get(unit, [])]
    changes = tuple(replace(change, id=f"c{number}") for number, change in enumerate(without_kept_values(found, units, texts), 1))
    alike = round(similarity(_all_word_keys(a.text, texts.sentences_a), _all_word_keys(b.text, texts.sentences_b)), 6)
    comparison = Comparison(a, b, relation, alike, texts.sentences_a, texts.sentences_b, units, changes, "; ".join(notes) or None)
    check_rebuild(comparison)
    ResultCache.trim_all()
    return comparison


def _edits_inside(texts: ComparedTexts, units: Sequence[Unit]) -> tuple[list[list[Edit]], list[str]]:
    """Return the edits inside of each unit, and notes on the bounds that were reached."""
    found: list[list[Edit]] = []
    capped = False
    for unit in units:
        inside: list[Edit] = []
        if unit.relation is not UnitRelation.SAME and unit.a and unit.b:
            inside, coarse = find_edits(texts, _covering_span(texts.sentences_a, unit.a), _covering_span(texts.sentences_b, unit.b))
            capped = capped or coarse
        found.append(inside)
    kept = [other.a.start - one.a.end for inside in found for one, other in pairwise(inside)]
    least = min_kept_words(kept, sum(map(len, found)), max_changes(len(texts.a) + len(texts.b)))
    if least:
        found = [list(merge_close_edits(inside, least)) for inside in found]
    return found, [_CAPPED] * capped + [_COARSE] * (least > 0)


def _all_word_keys(text: str, sentences: Sequence[Span]) -> list[str]:
    return [word for span in sentences for word in word_keys(tokenize(text, span))]


def _changes(edits: Sequence[Edit], texts: ComparedTexts) -> Iterator[Change]:
    """Yield the changes of a unit; words that only changed places are one change, at their new place."""
    changes = reconcile([_change(edit, texts) for edit in edits], edits, texts.lexicon)
    moves = {new: old for old, new in moved_pairs(edits, texts.lexicon)}
    for number, change in enumerate(changes):
        if number in moves:
            old = changes[moves[number]]
            month = old.kind is change.kind is Kind.TYPOGRAPHY  # on the other side of its day
            yield Change("", Kind.TYPOGRAPHY if month else Kind.WORDING, old.a, change.b, moved=True)
        elif number in moves.values():
            continue
        elif change.kind is Kind.WORDING and change.alarm is None and not replaces(edits[number], texts.lexicon):
            yield from (replace(change, b=None), replace(change, a=None))
        else:
            yield change


def _change(edit: Edit, texts: ComparedTexts) -> Change:
    # What an advisory says of the text, as "UPDATE 2-", is no part of the news.
    marks = edit.a.span.end <= texts.marks_a and edit.b.span.end <= texts.marks_b
    kind = Kind.TYPOGRAPHY if marks else Kind.FURNITURE if is_furniture_edit(edit, texts) else classify_edit(edit, texts)
    quantity = quantity_change(edit, texts) if kind is Kind.NUMBER else None
    a, b = (side.span if side.span.end > side.span.start else None for side in (edit.a, edit.b))
    return Change("", kind, a, b, quantity, alarm=alarm_of(kind, edit, quantity, texts))


def _covering_span(sentences: Sequence[Span], indices: Sequence[int]) -> Span:
    span = span_of_sentences(sentences, indices)
    assert span is not None
    return span


def _gap_edits(texts: ComparedTexts, units: Sequence[Unit]) -> dict[Unit | None, list[Edit]]:
    """Return the changes of white space between units, each by the unit before it, None for what stands before all units.

    White space is compared at both ends of the texts, and between two units that follow each other in both.
    """
    sides = ((texts.a, texts.sentences_a), (texts.b, texts.sentences_b))
    ends = [[Span(0, 0), *sentences, Span(len(text), len(text))] for text, sentences in sides]
    paired = [unit for unit in units if unit.a and unit.b]
    last = next((unit for unit in reversed(units) if unit.b), units[-1] if units else None)
    neighbours: list[tuple[Unit | None, int, int]] = [(None, 0, 0)] if units else []
    neighbours += [
        (one, one.a[-1] + 1, one.b[-1] + 1)
        for one, other in pairwise(paired)
        if other.a[0] == one.a[-1] + 1 and other.b[0] == one.b[-1] + 1
    ]
    neighbours.append((last, len(texts.sentences_a), len(texts.sentences_b)))
    found: dict[Unit | None, list[Edit]] = {}
    for unit, i, j in neighbours:
        a, b = Span(ends[0][i].end, ends[0][i + 1].start), Span(ends[1][j].end, ends[1][j + 1].start)
        if a.of(texts.a) != b.of(texts.b):
            found.setdefault(unit, []).append(Edit(EditSide(a, (), 0, 0), EditSide(b, (), 0, 0)))
    return found


def all_runs(comparison: Comparison) -> tuple[tuple[Unit, tuple[AlignedRun, ...]], ...]:
    """Return every unit with its runs, in the order of the units."""
    by_unit = changes_by_unit(comparison)
    return tuple((unit, unit_runs(comparison, unit, changes)) for unit, changes in zip(comparison.units, by_unit, strict=True))


def check_rebuild(comparison: Comparison) -> None:
    """Raise `RebuildError` unless the runs rebuild both texts, white space between units aside.

    Equal and deleted runs must give a, equal and inserted runs must give b.
    """
    runs = [run for _, found in all_runs(comparison) for run in found]
    for side, sentences, text in (("a", comparison.sentences_a, comparison.a.text), ("b", comparison.sentences_b, comparison.b.text)):
        spans = sorted((span.start, span.end) for run in runs if (span := getattr(run, side)))
        covered = [list(spans[0])] if spans else []
        for start, end in spans[1:]:
            if start != covered[-1][1]:
                covered.append([start, end])
            covered[-1][1] = end
        at = 0
        for start, end in [*covered, [len(text), len(text)]]:
            if start < at or text[at:start].strip():
                raise RebuildError(f"the comparison leaves out or repeats text of {side} at {at}")
            at = end
        if sum(len(unit_side) for unit in comparison.units if (unit_side := getattr(unit, side))) != len(sentences):
            raise RebuildError(f"the units leave out or repeat sentences of {side}")
