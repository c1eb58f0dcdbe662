"""Split off what begins or ends an edit by its words: honorifics, joined words, who says it, and when."""

from __future__ import annotations

from collections.abc import Iterator

from ..diff.edits import Edit, EditSide, split_edit
from ..diff.texts import ComparedTexts
from ..kinds.context import SideContext
from ..kinds.name_evidence import has_proper_name
from ..kinds.quantities import consonants
from ..kinds.source_phrases import is_source_phrase
from ..kinds.times import is_time_phrase
from ..model import Span

_MEMBER = 4  # words of a side that may hold two facts
_JOINED = 2  # words that are written as one
_WITH_TIME = 3  # words that were put in with a time, and the time


def make_side(side: EditSide, start: int, end: int) -> EditSide:
    """Return the tokens from ``start`` to ``end`` as a side, empty before ``start`` where there are none."""
    at = side.tokens[start].start if start < len(side.tokens) else side.span.end
    return EditSide(Span(at, side.tokens[end - 1].end if end > start else at), side.tokens, start, end)


def token_keys(side: EditSide) -> list[str]:
    """Return the keys of all tokens of a side."""
    return [token.key for token in side.tokens[side.start : side.end]]


def _split_source(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a source that follows a comma on one side only as an edit of its own."""
    for side in (edit.a, edit.b):
        commas = [place for place in range(side.start + 1, side.end) if side.tokens[place].key == ","]
        length = texts.lexicon.phrase_length("sources", token_keys(side), commas[-1] + 1 - side.start) if commas else 0
        if length and edit.a.words and edit.b.words and commas[-1] + 1 + length < side.end:
            at = (commas[-1], edit.b.end) if side is edit.a else (edit.a.end, commas[-1])
            yield from split_edit(edit, texts, at)
            return
    yield edit


def _split_honorific(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield honorifics that end one side only as an edit of their own: اليوم معالي to أمس."""
    for side, other in ((edit.a, edit.b), (edit.b, edit.a)):
        start = side.end
        while start > side.start and texts.lexicon.article and side.tokens[start - 1].key in texts.lexicon.lists["honorifics"]:
            start -= 1
        letters = start > side.start and len(side.tokens[start].key if start < side.end else "") == len(side.tokens[start - 1].key) == 1
        if letters:  # of an agency: أ ف ب
            continue
        if side.start < start < side.end and other.words and other.words[-1] not in texts.lexicon.lists["honorifics"]:
            at = (start, other.end) if side is edit.a else (other.end, start)
            yield from split_edit(edit, texts, at)
            return
    yield edit


def _split_blessing(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a title or a blessing, and the name that stands in its place on the other side, as two edits."""
    sides = [SideContext.of(side, text, texts.lexicon) for side, text in edit.sides(texts)]
    says = [bool(side.words) and side.is_honorific for side in sides]
    other = sides[says.index(False)] if says.count(True) == 1 else None
    if other is None or not texts.lexicon.article or not has_proper_name(other) or other.words[0] in texts.lexicon.lists["honorifics"]:
        yield edit
    else:
        yield from split_edit(edit, texts, (edit.a.end, edit.b.start) if says[0] else (edit.a.start, edit.b.end))


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


def _opens_clause(side: SideContext) -> bool:
    """Tell whether a side has a verb and more: a clause of its own. A verb alone belongs to the sentence."""
    return side.has_verb and sum(not side.in_lists(word, "honorifics") for word in side.words) > 1


def _split_when(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield a time of one word, and the one or two words before it that were put in or taken out with it, as two edits."""
    side = edit.a if edit.a.words else edit.b
    words = side.words
    last = side.end - (side.end > side.start and side.tokens[side.end - 1].key == ",")
    plain = [word for word in words if word not in texts.lexicon.lists["honorifics"]]
    alone = not (edit.a.words and edit.b.words) and len(words) >= 2 and len(plain) <= _WITH_TIME and side.tokens[last - 1].is_word
    if alone and texts.lexicon.article and words[-1] in texts.lexicon.lists["time_core"]:
        before = SideContext.of(make_side(side, side.start, last - 1), texts.a if side is edit.a else texts.b, texts.lexicon)
        if not is_time_phrase(before) and not before.only_in_lists("time", "prepositions") and not _opens_clause(before):
            at = (last - 1, edit.b.end) if side is edit.a else (edit.a.end, last - 1)
            yield from split_edit(edit, texts, at)
            return
    yield edit


def _time_words(side: EditSide, texts: ComparedTexts) -> int:
    """Return how many words at the end of a side only say on which day: أمس, غدا الأحد."""
    lists, length = texts.lexicon.lists, 0
    while length < side.end - side.start and side.tokens[side.end - 1 - length].is_word:
        key = side.tokens[side.end - 1 - length].key
        if not any(key in lists[name] for name in ("weekdays", "relative_days", "day_words", "time_modifiers")):
            break
        length += 1
    words = [side.tokens[place].key for place in range(side.end - length, side.end)]
    return length if any(word in lists[name] for word in words for name in ("weekdays", "relative_days")) else 0


def _split_day(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield the days at the end of both sides, and what stands before them, as two edits: arrived today, landed yesterday."""
    lengths = [_time_words(side, texts) for side in (edit.a, edit.b)]
    places = [side.end - length for side, length in zip((edit.a, edit.b), lengths, strict=True)]
    rests = [place - side.start for side, place in zip((edit.a, edit.b), places, strict=True)]
    whole = (
        SideContext.of(make_side(side, side.start, place), text, texts.lexicon)
        for (side, text), place in zip(edit.sides(texts), places, strict=True)
    )
    # "the day before" and "Saturday evening" are one time each
    timed = all(lengths) and any(side.words and (is_time_phrase(side) or side.only_in_lists("time", "prepositions")) for side in whole)
    if timed or not all(lengths) or not any(rests) or token_keys(edit.a)[-lengths[0] :] == token_keys(edit.b)[-lengths[1] :]:
        yield edit
    else:
        yield from split_edit(edit, texts, (places[0], places[1]))


def split_by_words(edit: Edit, texts: ComparedTexts) -> Iterator[Edit]:
    """Yield the parts of an edit: joined words, honorifics and sources at its ends."""
    for joined in _split_joined(edit, texts):
        for titled in (part for whole in _split_blessing(joined, texts) for part in _split_honorific(whole, texts)):
            for said in _split_saying(titled, texts):
                for spoken in _split_new_speaker(said, texts):
                    for timed in (part for whole in _split_day(spoken, texts) for part in _split_when(whole, texts)):
                        yield from _split_source(timed, texts)
