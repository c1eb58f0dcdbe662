"""Leave out of a summary what tells a reader nothing: small words, scraps, and what the other text says elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial

from dedup.text.fold import fold

from ..language.lexicon import Lexicon
from ..model import Comparison, Kind, Span
from .count_lines import plain_noun
from .facts import ChangedFact
from .scraps import scrap_spans

_SMALL = ("stopwords", "prepositions", "connectives", "articles")
_TELLING = ("negation", "modality", "numbers")
_PERSONS = ("names", "countries", "people", "honorifics", "groups")
_KEPT_WORDS, _KEPT_NAME = 4, 2  # words of a passage, and of a name, that the other text may have elsewhere
_LONG = 500  # characters of a change that are read
_DAY = 30  # characters before a number in which its weekday is searched
_LONGER = 4  # words that may make a name longer
_TOLD = 6  # words of a passage that a line about its count tells


def without_idle(facts: Sequence[ChangedFact], comparison: Comparison, lexicon: Lexicon) -> list[ChangedFact]:
    """Return the facts without those that tell nothing: a letter, small words, a name that is still there.

    A fact with an alarm, and a count, is never left out.
    """
    texts = comparison.a.text, comparison.b.text
    scraps = [scrap_spans(text, lexicon) for text in texts]
    folded = [f" {' '.join(fold(text).split())} " for text in texts]
    counts = [(fact.a, fact.b) for fact in facts if fact.quantity is not None]
    found = []
    for fact in facts:
        if fact.alarm is None and fact.quantity is None and fact.subject in (Kind.WORDING, Kind.NAME):
            if _is_idle(fact, texts, folded, scraps, lexicon) or _is_told_as_count(fact, texts, counts):
                continue
            longer = _lengthens_name(fact, texts, lexicon) or _is_longer_form(*_words(fact, texts), lexicon)
            if fact.subject == Kind.NAME and longer:
                fact.subject = Kind.WORDING.value
        elif fact.quantity is not None and _keeps_bound(fact, texts):
            continue
        elif fact.quantity is not None and not fact.counted.role.known and not plain_noun(fact, lexicon):
            if _stands_elsewhere(fact, texts):
                continue
            if any(_follows_day(text, span, lexicon) for text, span in zip(texts, (fact.a, fact.b), strict=True)):
                fact.subject, fact.quantity = Kind.TIME.value, None  # 12 behind a weekday is a date
        found.append(fact)
    return found


def _stands_elsewhere(fact: ChangedFact, texts: tuple[str, str]) -> bool:
    """Tell whether a bare number that came or went stands in the other text too, in digits."""
    assert fact.quantity is not None
    values = fact.quantity.a.value, fact.quantity.b.value
    if fact.alarm is not None or (values[0] is None) == (values[1] is None) or fact.quantity.a.unit or fact.quantity.b.unit:
        return False
    value = values[0] if values[1] is None else values[1]
    return value is not None and re.search(rf"(?<![\d.,]){value:g}(?![\d.,]*\d)", fold(texts[1 if values[1] is None else 0])) is not None


def _follows_day(text: str, span: Span, lexicon: Lexicon) -> bool:
    """Tell whether the word before a number names a weekday or a month."""
    words = fold(text[max(0, span.start - _DAY) : span.start]).split() if span.start < span.end else []
    return bool(words) and any(lexicon.has(name, words[-1]) for name in ("weekdays", "months"))


def _words(fact: ChangedFact, texts: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Return the folded words of a change on both sides."""
    a, b = (fold(text[span.start : min(span.end, span.start + _LONG)]).split() for text, span in zip(texts, (fact.a, fact.b), strict=True))
    return a, b


def _is_idle(fact: ChangedFact, texts: tuple[str, str], folded: Sequence[str], scraps: Sequence[Sequence[Span]], lexicon: Lexicon) -> bool:
    old, new = _words(fact, texts)
    if all(map(partial(_is_small, lexicon=lexicon), old + new)):
        return True
    if all(_is_inside(span, lines) for span, lines in zip((fact.a, fact.b), scraps, strict=True)):
        return True
    if old and new:
        return False
    least = _KEPT_NAME if fact.subject == Kind.NAME else _KEPT_WORDS
    words = old or new
    bare = words[1:] if words[0] in lexicon.lists["honorifics"] else words
    if fact.subject == Kind.NAME and not any(lexicon.has(name, word) for name in _PERSONS for word in words):
        return False  # a town of a list may be named elsewhere for another matter
    return len(bare) >= least and f" {' '.join(bare)} " in folded[0 if new else 1]


def _is_small(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word tells nothing by itself: a letter, a preposition."""
    if any(lexicon.has(name, word) for name in _TELLING):
        return False
    return (len(word) == 1 and not word.isdigit()) or any(word in lexicon.lists[name] for name in _SMALL)


def _is_inside(span: Span, lines: Sequence[Span]) -> bool:
    """Tell whether a span is empty, or begins in a line of the list and does not go on behind the next one."""
    if span.start == span.end:
        return True
    at = bisect_right(lines, span.start, key=lambda line: line.start) - 1
    return at >= 0 and span.end <= lines[at].end + 1


def _is_told_as_count(fact: ChangedFact, texts: tuple[str, str], counts: Sequence[tuple[Span, Span]]) -> bool:
    """Tell whether a short passage has a count that a line about numbers tells."""
    spans = fact.a, fact.b
    if len(fact.b.of(texts[1]).split()) > _TOLD or len(fact.a.of(texts[0]).split()) > _TOLD:
        return False
    return any(
        span.start <= count.start and count.end <= span.end and count.start < count.end
        for pair in counts for span, count in zip(spans, pair, strict=True)
    )  # fmt: skip


def _is_longer_form(old: Sequence[str], new: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether one of two names has all the words of the other: the same one, said in more words."""
    if not old or not new:
        return False
    fewer, more = sorted((old, new), key=len)
    forms = {form for word in more for form in lexicon.variants(word)}
    return len(fewer) < len(more) and all(not forms.isdisjoint(lexicon.variants(word)) for word in fewer)


def _lengthens_name(fact: ChangedFact, texts: tuple[str, str], lexicon: Lexicon) -> bool:
    """Tell whether words that came or went behind a name only made it longer or shorter: a family name, the name of a father."""
    text, span = (texts[1], fact.b) if fact.b.end > fact.b.start else (texts[0], fact.a)
    if fact.a.end > fact.a.start and fact.b.end > fact.b.start:
        return False
    before, words = text[max(0, span.start - _DAY) : span.start].rstrip(), fold(span.of(text)[:_LONG]).split()
    if not before[-1:].isalnum() or not words or len(words) > _LONGER or words[0].startswith(lexicon.joiners or "\0"):
        return False
    last = fold(before).split()[-1:]
    return bool(last) and (lexicon.has("names", last[0]) or lexicon.has("countries", last[0])) and not lexicon.has("places", last[0])


def _keeps_bound(fact: ChangedFact, texts: tuple[str, str]) -> bool:
    """Tell whether the words that one side has beside an unchanged number stand near it on the other side too."""
    assert fact.quantity is not None
    if fact.quantity.a.value is None or fact.quantity.a.value != fact.quantity.b.value or fact.quantity.a.unit != fact.quantity.b.unit:
        return False
    spans = fact.a, fact.b
    near = [fold(text[max(0, span.start - _DAY) : span.end + _DAY]).split() for text, span in zip(texts, spans, strict=True)]
    sides = _words(fact, texts)
    return all(word in other for side, other in zip(sides, near[::-1], strict=True) for word in side)
