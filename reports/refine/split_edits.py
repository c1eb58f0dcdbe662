"""Split edits with several facts: two names that change places, a time after other words, a source after a comma."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..diff.edits import Edit, split_edit
from ..diff.texts import ComparedTexts
from ..kinds.attribution import is_source_phrase
from ..kinds.context import SideContext
from ..kinds.quantities import consonants
from ..kinds.times import is_time_phrase
from ..language.lexicon import Lexicon
from .split_values import keys_of, make_side, split_added_number, split_brackets, split_number, split_time

_MEMBER = 4  # words of a side that may hold two facts
_JOINED = 2  # words that are written as one
_WITH_TIME = 3  # words that were put in with a time, and the time


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
    put_in, taken_out = keys_of(one.b), keys_of(other.a)
    if keys_of(one.a) or keys_of(other.b) or not put_in:
        return None
    kept = make_side(one.a, one.a.start, other.a.start)
    if put_in == taken_out and all(lexicon.has("parties", words[0]) for words in (put_in, keys_of(kept)) if words):
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


def _split_source(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a source that follows a comma on one side only as an edit of its own."""
    for side in (edit.a, edit.b):
        commas = [place for place in range(side.start + 1, side.end) if side.tokens[place].key == ","]
        length = texts.lexicon.phrase_length("sources", keys_of(side), commas[-1] + 1 - side.start) if commas else 0
        if length and edit.a.words and edit.b.words and commas[-1] + 1 + length < side.end:
            at = (commas[-1], edit.b.end) if side is edit.a else (edit.a.end, commas[-1])
            yield from split_edit(edit, texts, at)
            return
    yield edit


def _split_opposite(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield two opposite verbs, and the words before or after them, as two edits."""
    words = [keys_of(side) for side in (edit.a, edit.b)]
    small = any(all(texts.lexicon.has("prepositions", key) for keys in words for key in keys[rest]) for rest in (slice(1, None), slice(-1)))
    if min(map(len, words)) < 2 or max(map(len, words)) > _MEMBER or small:
        yield edit
    elif words[0][-1] != words[1][-1] and texts.lexicon.are_opposites(words[0][-1:], words[1][-1:]):
        yield from split_edit(edit, texts, (edit.a.end - 1, edit.b.end - 1))
    elif words[0][0] != words[1][0] and texts.lexicon.are_opposites(words[0][:1], words[1][:1]):
        yield from split_edit(edit, texts, (edit.a.start + 1, edit.b.start + 1))
    else:
        yield edit


def _split_honorific(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield honorifics that end one side only as an edit of their own: اليوم معالي to أمس."""
    for side, other in ((edit.a, edit.b), (edit.b, edit.a)):
        start = side.end
        while start > side.start and texts.lexicon.article and side.tokens[start - 1].key in texts.lexicon.lists["honorifics"]:
            start -= 1
        if side.start < start < side.end and other.words and other.words[-1] not in texts.lexicon.lists["honorifics"]:
            at = (start, other.end) if side is edit.a else (other.end, start)
            yield from split_edit(edit, texts, at)
            return
    yield edit


def _split_joined(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a word that only lost or got a space as an edit of its own: مايعادلها to ما يعادلها."""
    a, b = ([token.key for token in side.tokens[side.start : side.end]] for side in (edit.a, edit.b))
    for one, other, turned in ((a, b, False), (b, a, True)):
        if len(one) > 1 and len(other) > _JOINED and one[0] == "".join(other[:2]) and len(one[0]) > _JOINED:
            at = (edit.a.start + 2, edit.b.start + 1) if turned else (edit.a.start + 1, edit.b.start + 2)
            yield from split_edit(edit, texts, at)
            return
    yield edit


def _split_saying(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a source with its verb that stands at the start of one side only as an edit of its own: "the ministry said that"."""
    lexicon = texts.lexicon
    sides = [SideContext.of(side, text, lexicon) for side, text in edit.sides(texts)]
    says = [bool(side.words) and lexicon.has("say", side.words[0]) and is_source_phrase(side) for side in sides]
    other = sides[says.index(False)] if says.count(True) == 1 else None
    if other is None or not lexicon.joiners or not other.words or len(other.words) > 2 or other.contains("say", "sources", "source_nouns"):
        yield edit
        return
    at = (edit.a.end, edit.b.start) if says[0] else (edit.a.start, edit.b.end)
    yield from split_edit(edit, texts, at)


def _text_between(edits: Sequence[Edit], side: str, text: str) -> str:
    """Return what stands between the first two edits on a side."""
    one, other = (getattr(edit, side).span for edit in edits[:2])
    return text[one.end : other.start]


def _split_new_speaker(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a verb of saying for another, and the speaker that only one side names behind it, as two edits."""
    lexicon = texts.lexicon
    shorter, longer = sorted((edit.a.words, edit.b.words), key=len)
    if lexicon.joiners and len(shorter) == 1 < len(longer) <= _MEMBER and all(side.tokens[side.start].is_word for side in (edit.a, edit.b)):
        titled = any(lexicon.has(name, longer[1]) for name in ("people", "honorifics"))
        said = [lexicon.has("say", word) for word in (shorter[0], longer[0])]
        forms = consonants(shorter[0]).removeprefix("م") == consonants(longer[0])  # مشيرا, وأشار
    else:
        titled, said, forms = False, [False, False], False
    if titled and (said[0] or (said[1] and forms)):
        yield from split_edit(edit, texts, (edit.a.start + 1, edit.b.start + 1))
    else:
        yield edit


def _split_when(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a time of one word, and the one or two words before it that were put in or taken out with it, as two edits."""
    side = edit.a if edit.a.words else edit.b
    words = side.words
    alone = not (edit.a.words and edit.b.words) and 2 <= len(words) <= _WITH_TIME and side.end - side.start == len(words)
    if alone and texts.lexicon.article and words[-1] in texts.lexicon.lists["time_core"]:
        before = SideContext.of(make_side(side, side.start, side.end - 1), texts.a if side is edit.a else texts.b, texts.lexicon)
        if not is_time_phrase(before) and not before.only_in_lists("time", "prepositions") and not before.has_verb:
            at = (side.end - 1, edit.b.end) if side is edit.a else (edit.a.end, side.end - 1)
            yield from split_edit(edit, texts, at)
            return
    yield edit


def _split_words(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield the parts of an edit: joined words, honorifics and sources at its ends."""
    for joined in _split_joined(edit, texts):
        for titled in _split_honorific(joined, texts):
            for said in _split_saying(titled, texts):
                for spoken in _split_new_speaker(said, texts):
                    for timed in _split_when(spoken, texts):
                        yield from _split_source(timed, texts)


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
        for part in _split_words(edit, texts):
            for rest in (piece for whole in split_brackets(part, texts) for piece in split_time(whole, texts)):
                for other in (piece for whole in split_added_number(rest, texts) for piece in split_number(whole, texts)):
                    yield from _split_opposite(other, texts)
