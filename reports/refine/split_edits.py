"""Split edits with several facts: two names that change places, a time after other words, a source after a comma."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..diff.edits import Edit, EditSide, split_edit
from ..diff.texts import ComparedTexts
from ..kinds.context import SideContext, has_same_content
from ..kinds.quantities import number_places, share_noun
from ..kinds.times import is_time_phrase
from ..language.lexicon import Lexicon
from ..language.tokens import NumberForm, Token
from .split_words import make_side, split_by_words, token_keys

_MEMBER = 4  # words of a side that may hold two facts
_QUALIFYING = ("before", "after", "vague", "scales", "percent", "time_units")  # lists of words that belong to a number
_LONGEST_TIME = 16  # tokens of a time after another word
_UNIT = 3  # tokens, at most, from a number to what it measures: 65 tons of
_STOPS = frozenset(",;:.")
_SHORT = 6  # words, at most, of an insertion from which a day is told
_BRACKETED = 8  # tokens between brackets that say something of their own


def _swap(one: Edit, other: Edit, lexicon: Lexicon) -> list[Edit] | None:
    """Return the edits of two phrases that change places around other words ("A to B", "B to A"), or of two parties side by side.

    The alignment keeps one of them and takes the other for moved. To a reader both have changed.
    """
    if one.a.words and not one.b.words:
        swapped = _swap_to_the_end(Edit(one.b, one.a), Edit(other.b, other.a), lexicon)
        return swapped and [Edit(edit.b, edit.a) for edit in swapped]
    return _swap_to_the_end(one, other, lexicon)


def _swap_to_the_end(one: Edit, other: Edit, lexicon: Lexicon) -> list[Edit] | None:
    """Return these edits where the phrase after the words was inserted before them."""
    put_in, taken_out = token_keys(one.b), token_keys(other.a)
    if token_keys(one.a) or token_keys(other.b) or not put_in:
        return None
    kept = make_side(one.a, one.a.start, other.a.start)
    if put_in == taken_out and all(lexicon.has("parties", words[0]) for words in (put_in, token_keys(kept)) if words):
        between = 0
    else:
        turns = (size for size in range(1, len(put_in)) if taken_out == [*put_in[-size:], *put_in[:-size]])
        between = next((size for size in turns if any(word.isalnum() for word in put_in[-size:])), 0)  # not around a comma
        if not between or max(len(put_in) - between, len(kept.words)) > _MEMBER:
            return None
    return [
        Edit(kept, make_side(one.b, one.b.start, one.b.end - between)),
        Edit(make_side(other.a, other.a.start + between, other.a.end), make_side(other.b, one.b.end, other.b.start)),
    ]


def _time_from(side: EditSide, text: str, lexicon: Lexicon) -> int | None:
    """Return the place where a time begins that ends the side; None where there is no time, or nothing before it."""
    end = side.end
    while end > side.start and side.tokens[end - 1].key in _STOPS:
        end -= 1
    if end == side.start:
        return None
    last = side.tokens[end - 1]
    dated = last.number is not None and last.number.form is NumberForm.DATE
    if not dated and not any(lexicon.has(name, last.key) for name in ("time", "months", "weekdays")):
        return None
    for place in range(max(side.start + 1, end - _LONGEST_TIME), end):
        first = side.tokens[place]
        if not first.is_word or (first.number is None and lexicon.has("ordinals", first.key)):
            continue
        headed = any(lexicon.has(name, side.tokens[place - 1].key) for name in ("places", "people", "groups"))
        if headed and not lexicon.has("relative_days", first.key):
            continue  # "the brigade of dawn" is a name
        if is_time_phrase(SideContext.of(make_side(side, place, end), text, lexicon)):
            return place
    return None


def _is_plain_time(side: EditSide, place: int, lexicon: Lexicon) -> bool:
    """Tell whether a time from a place on can be nothing else: it has more than one word, or is a day."""
    words = [token.key for token in side.tokens[place : side.end] if token.is_word]
    return len(words) > 1 or any(lexicon.has(name, word) for word in words for name in ("weekdays", "relative_days"))


def _split_day(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a day that begins or ends a few inserted or deleted words as an edit of its own: in a statement on Monday."""
    side, text, other = (edit.a, texts.a, edit.b) if edit.a.words else (edit.b, texts.b, edit.a)
    whole = SideContext.of(side, text, texts.lexicon)
    if not 1 < len(side.words) <= _SHORT or whole.has_verb or is_time_phrase(whole):
        yield edit
        return
    place = _time_from(side, text, texts.lexicon)
    if place is None or not _is_day(side.tokens[place : side.end], texts.lexicon):
        starts = ((at, make_side(side, side.start, at)) for at in range(side.start + 1, side.end))
        ends = [at for at, part in starts if is_time_phrase(SideContext.of(part, text, texts.lexicon))]
        place = ends[-1] if ends and _is_day(side.tokens[side.start : ends[-1]], texts.lexicon) else None
    if place is None:
        yield edit
    else:
        yield from split_edit(edit, texts, (place, other.end) if side is edit.a else (other.end, place))


def _is_day(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    return any(lexicon.has(name, token.key) for token in tokens for name in ("weekdays", "relative_days"))


def _split_time(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield the times that end both sides, or one of them, and what stands before them, as two edits."""
    if not edit.a.words or not edit.b.words:
        yield from _split_day(edit, texts)
        return
    places = [_time_from(side, text, texts.lexicon) if len(side.words) > 1 else None for side, text in edit.sides(texts)]
    sides = [SideContext.of(side, text, texts.lexicon) for side, text in edit.sides(texts)]
    if places == [None, None] or any(map(is_time_phrase, sides)):
        yield edit
    elif places[0] is not None and places[1] is not None:
        yield from split_edit(edit, texts, (places[0], places[1]))
    else:
        timed, other = (edit.a, sides[1]) if places[0] is not None else (edit.b, sides[0])
        at = edit.a.end if places[0] is None else places[0], edit.b.end if places[1] is None else places[1]
        place = at[0] if timed is edit.a else at[1]
        elsewhere = other.contains("relative_days", "weekdays", "months")
        yield from (edit,) if elsewhere or not _is_plain_time(timed, place, texts.lexicon) else split_edit(edit, texts, at)


def _split_brackets(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield words in brackets that end one side only as an edit of their own: a name that becomes a name (79)."""
    for side, other in ((edit.a, edit.b), (edit.b, edit.a)):
        keys = token_keys(side)
        opening = len(keys) - 1 - keys[::-1].index("(") if "(" in keys else 0
        if opening and keys[-1] == ")" and len(keys) - opening <= _BRACKETED and other.words and "(" not in token_keys(other):
            at = (side.start + opening, other.end) if side is edit.a else (other.end, side.start + opening)
            yield from split_edit(edit, texts, at)
            return
    yield edit


def _split_added_number(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a number, with its unit, that comes before words which stay: medicines, 65 tons of medicines."""
    for side, text, other, other_text in ((edit.a, texts.a, edit.b, texts.b), (edit.b, texts.b, edit.a, texts.a)):
        numbers = number_places(side)
        if numbers != [side.start] or number_places(other) or not other.words:
            continue
        kept = SideContext.of(other, other_text, texts.lexicon)
        for place in range(side.start + 1, min(side.end, side.start + 1 + _UNIT)):
            if has_same_content(SideContext.of(make_side(side, place, side.end), text, texts.lexicon), kept):
                yield from split_edit(edit, texts, (place, other.start) if side is edit.a else (other.start, place))
                return
    yield edit


def _split_number(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a number and the words beside it as two edits, unless they qualify it or are forms of the noun that it counts."""
    places = [number_places(side) for side in (edit.a, edit.b)]
    whole = (SideContext.of(side, text, texts.lexicon) for side, text in edit.sides(texts))
    if all(len(found) == 1 for found in places) and (counted := _counted_ends(edit, places, texts.lexicon)):
        yield from split_edit(edit, texts, counted)
        return
    if any(len(found) != 1 for found in places) or any(len(side.words) > _MEMBER or is_time_phrase(side) for side in whole):
        yield edit
        return
    (i,), (j,) = places
    rests = [[key for key in token_keys(side) if key != side.tokens[at].key] for side, at in ((edit.a, i), (edit.b, j))]
    behind = i == edit.a.start and j == edit.b.start
    before = i == edit.a.end - 1 and j == edit.b.end - 1
    bare = not all(rests) if behind else max(map(len, rests)) < 2 and not all(rests)
    qualified = any(texts.lexicon.phrase_length(name, rest, 0) for rest in rests for name in _QUALIFYING)
    if bare or qualified or not (behind or before) or (behind and share_noun(*rests)):
        yield edit
    else:
        yield from split_edit(edit, texts, (i + 1, j + 1) if behind else (i, j))


def _counted_ends(edit: Edit, places: list[list[int]], lexicon: Lexicon) -> tuple[int, int] | None:
    """Return the places behind what is counted where one side goes on after it: 50 others, about 40 people with injuries."""
    ends = []
    for side, (place,) in zip((edit.a, edit.b), places, strict=True):
        before = [token.key for token in side.tokens[side.start : place] if token.is_word]
        if before and not lexicon.phrase_length("before", before, 0):
            return None
        counted = place + 1 < side.end and side.tokens[place + 1].is_word
        ends.append(place + 1 + counted)
    rests = [sum(token.is_word for token in side.tokens[end : side.end]) for side, end in zip((edit.a, edit.b), ends, strict=True)]
    return (ends[0], ends[1]) if min(rests) == 0 and max(rests) > _MEMBER else None


def _split_opposite(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield two opposite verbs, and the words before or after them, as two edits."""
    words = [token_keys(side) for side in (edit.a, edit.b)]
    small = any(all(texts.lexicon.has("prepositions", key) for keys in words for key in keys[rest]) for rest in (slice(1, None), slice(-1)))
    if min(map(len, words)) < 2 or max(map(len, words)) > _MEMBER or small:
        yield edit
    elif words[0][-1] != words[1][-1] and texts.lexicon.are_opposites(words[0][-1:], words[1][-1:]):
        yield from split_edit(edit, texts, (edit.a.end - 1, edit.b.end - 1))
    elif words[0][0] != words[1][0] and texts.lexicon.are_opposites(words[0][:1], words[1][:1]):
        yield from split_edit(edit, texts, (edit.a.start + 1, edit.b.start + 1))
    else:
        yield edit


def _text_between(edits: Sequence[Edit], side: str, text: str) -> str:
    """Return what stands between the first two edits on a side."""
    one, other = (getattr(edit, side).span for edit in edits[:2])
    return text[one.end : other.start]


def pair_exchanged(edits: Iterable[Edit], texts: ComparedTexts) -> list[Edit]:
    """Return the edits; where two phrases change places, as two edits that replace one by the other."""
    found: list[Edit] = []
    for edit in edits:
        swapped = _swap(found[-1], edit, texts.lexicon) if found else None
        if swapped and _text_between(swapped, "a", texts.a) != _text_between(swapped, "b", texts.b):
            swapped = None
        found[-1 if swapped else len(found) :] = swapped or [edit]
    return found


def split_facts(edits: Iterable[Edit], texts: ComparedTexts) -> Iterator[Edit]:
    """Yield the edits; those with two facts as two edits."""
    for edit in edits:
        for part in split_by_words(edit, texts):
            for rest in (piece for whole in _split_brackets(part, texts) for piece in _split_time(whole, texts)):
                for other in (piece for whole in _split_added_number(rest, texts) for piece in _split_number(whole, texts)):
                    yield from _split_opposite(other, texts)
