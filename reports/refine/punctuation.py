"""Punctuation in edits: a separator is an edit of its own, a pair of quotation marks is one edit, other marks belong to their word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..diff.edits import Edit, EditSide, merge_edits, split_edit
from ..diff.texts import ComparedTexts
from ..kinds.cosmetic import cosmetic_kind
from ..model import Kind, Span

_SEPARATORS = frozenset(",;.:!?…۔")
_QUOTES = frozenset("\"'")
_QUOTED = 10  # tokens between two quotation marks that are one change


def _is_separator(side: EditSide, place: int) -> bool:
    return side.start <= place < side.end and side.tokens[place].key in _SEPARATORS


def split_off_separators(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield an edit without the separators (comma, full stop) at both of its ends, and each of these as an edit of its own."""
    while edit.a.words or edit.b.words:
        for _ in range(min(map(_leading_separators, (edit.a, edit.b)))):
            mark, edit = split_edit(edit, texts, (edit.a.start + 1, edit.b.start + 1))
            yield mark
        if all(_is_separator(side, side.end - 1) for side in (edit.a, edit.b)):
            yield from split_edit(edit, texts, (edit.a.end - 1, edit.b.end - 1))
            return
        inside_a, inside_b = _separators(edit.a), _separators(edit.b)
        if len(inside_a) != 1 or len(inside_b) != 1:
            break
        first, edit = split_edit(edit, texts, (inside_a[0], inside_b[0]))
        yield first
    yield edit


def _leading_separators(side: EditSide) -> int:
    """Return the number of separators that a side begins with."""
    return next((place for place in range(side.start, side.end) if not _is_separator(side, place)), side.end) - side.start


def _separators(side: EditSide) -> list[int]:
    """Return the places of the separators between words of a side or behind them."""
    return [place for place in range(side.start + 1, side.end) if _is_separator(side, place)]


def _token_keys(edit: Edit) -> set[str]:
    """Return the keys of all tokens inside an edit."""
    return {token.key for side in (edit.a, edit.b) for token in side.tokens[side.start : side.end]}


def _is_quote(edit: Edit) -> bool:
    return bool(_token_keys(edit)) and _token_keys(edit) <= _QUOTES


def _closes_quotation(edit: Edit, opening: Edit) -> bool:
    """Tell whether an edit changes the mark that closes a short quotation, and ``opening`` the mark that opens it."""
    sides = ((opening.a, edit.a), (opening.b, edit.b))
    near = all(0 < last.start - first.end <= _QUOTED and last.end > last.start for first, last in sides)
    return near and _is_quote(edit) and _is_quote(opening) and _token_keys(edit) == _token_keys(opening)


def join_quotation_marks(edits: Iterable[Edit]) -> list[Edit]:
    """Join the edits of the two quotation marks around a few words: "a title" to «a title» is one change."""
    found: list[Edit] = []
    for edit in edits:
        place = len(found) - 1
        while _is_quote(edit) and place >= 0 and not _token_keys(found[place]):  # white space inside of the marks
            place -= 1
        if place >= 0 and _closes_quotation(edit, found[place]):
            found[place:] = [merge_edits(found[place], edit)]
        else:
            found.append(edit)
    return found


def _with_touching_words(side: EditSide) -> EditSide:
    """Return a side with the words that touch it without white space."""
    start, end, span = side.start, side.end, side.span
    if start and side.tokens[start - 1].end == span.start and side.tokens[start - 1].is_word:
        start, span = start - 1, Span(side.tokens[start - 1].start, span.end)
    if end < len(side.tokens) and side.tokens[end].start == span.end and side.tokens[end].is_word:
        end, span = end + 1, Span(span.start, side.tokens[end].end)
    return replace(side, span=span, start=start, end=end)


def take_in_word(edit: Edit, texts: ComparedTexts) -> Edit:
    """Include the word that a changed quotation mark, apostrophe or invisible character touches."""
    if edit.a.words or edit.b.words or _token_keys(edit) - _QUOTES:
        return edit
    kind = cosmetic_kind(*edit.surfaces(texts), texts.lexicon)
    if kind is not Kind.INVISIBLE and not _is_quote(edit):
        return edit
    grown = Edit(_with_touching_words(edit.a), _with_touching_words(edit.b))
    return grown if grown.a.words == grown.b.words else edit
