"""Citations: the agencies and papers that a text names as the sources of statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .credit_words import CreditWords, Naming, bare_forms, credit_words
from .fold import fold
from .sources import NewsSource, NewsSources, plain_words

_AHEAD, _BACK = 80, 130  # characters
_NEXT = 30  # characters in which the next word stands
_PLACES = 12  # of a word that are looked at
_SKIPPED = 4  # words between what cites and the name
_WORD = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!?؟۔\n](?:\s|\Z)")
_QUOTES = frozenset('«"“')
_MARKS = '«"“('
_QUOTED = re.compile(r'[^«»"“”()\n]{2,30}(?=[»"”)])')
_SURE = frozenset(map(plain_words, ("نقلا عن", "نقل عن", "به گزارش", "به نقل از", "بحوالہ")))  # what only sources stand behind
_TOLD = ("to ", "à ")
_THAT = frozenset(("ان", "بان", "انه", "انها"))
_TO = ("ل", "لـ", "ل ", "لـ ")
_Token = tuple[str, int, int]


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    """Return the folded words of a part of a text, and where they stand."""
    return [(_folded(each[0]), *each.span()) for each in _WORD.finditer(text, max(0, start), end)]


@lru_cache(1 << 13)
def _folded(word: str) -> str:
    return fold(word).strip()


def _at(text: str, tokens: list[_Token], place: int, sources: NewsSources) -> tuple[NewsSource, int] | None:
    """Return the source whose longest spelling begins at a word, and how many words that has."""
    found: tuple[NewsSource, int] | None = None
    for first in bare_forms(tokens[place][0]):
        for size in range(min(sources.first.get(first, 0), len(tokens) - place), found[1] if found else 0, -1):
            source = sources.by_words.get(" ".join((first, *(word for word, _, _ in tokens[place + 1 : place + size]))))
            if source is not None and not (source.capitals and not text[tokens[place][1] : tokens[place + size - 1][2]].isupper()):
                found = source, size
                break
    return found


def citations(text: str, sources: NewsSources) -> Iterator[Naming]:
    """Yield the sources that a text cites, and its own people where it cites them, in no order.

    >>> from .sources import known_sources
    >>> [each.name for each in citations("It rained, an official told AFP on Friday.", known_sources())]
    ['afp']
    >>> [*citations("AFP said that it will close its office.", known_sources())]
    []
    """
    words = credit_words()
    found = text.replace(".", " ").split()  # a full stop without a space is no part of a word
    for hit in sorted((*words.triggers.intersection(found), *sources.told.intersection(found))):
        folded = _folded(hit)
        alone = folded in words.alone or folded.removeprefix("و") in words.alone
        for start in _places(text, hit):
            if not alone or _is_introduced(text, start + len(hit), sources, words):
                yield from _cited(text, start, hit, sources, words)
    yield from _told_in_quotes(text, sources, words)


def _places(text: str, word: str) -> Iterator[int]:
    at = -1
    for _ in range(_PLACES):
        at = text.find(word, at + 1)
        if at < 0:
            return
        if not text[max(0, at - 1) : at].isalnum() and not text[at + len(word) : at + len(word) + 1].isalnum():
            yield at


def _is_introduced(text: str, start: int, sources: NewsSources, words: CreditWords) -> bool:
    """Tell whether the next word may be the name of a source or introduce one."""
    following = _WORD.search(text, start, start + _NEXT)
    return following is not None and any(form in words.introducing or form in sources.first for form in bare_forms(_folded(following[0])))


def _cited(text: str, start: int, hit: str, sources: NewsSources, words: CreditWords) -> Iterator[Naming]:
    tokens = _tokens(text, start, min(len(text), start + _AHEAD))
    first = tokens[0][0] if tokens else ""
    for size in (4, 3, 2, 1):
        phrase = " ".join(word for word, _, _ in tokens[:size])
        for form in (phrase, phrase.removeprefix("و")):
            if form in words.own:
                yield Naming(text[tokens[0][1] : tokens[size - 1][2]], "staff", tokens[0][1], tokens[size - 1][2])
                return
            if form in words.claiming and size == 1:
                found = _name_ahead(text, tokens, 1, False, sources, words)
                if found and not _THAT.isdisjoint([word for word, start, _ in tokens if start >= found.end][:2]):
                    yield found
                return
            if form in words.citing and (found := _name_ahead(text, tokens, size, form in _SURE, sources, words)):
                yield found
                return
    is_told = hit in sources.told and (first[:1] == "ل" or text[max(0, start - 3) : start].endswith(_TOLD))
    if is_told or (first[:1] == "ل" and first[1:] in words.called):
        if _was_said(text, start, words) and (found := _name_ahead(text, tokens, 0, False, sources, words)):
            yield found
    elif found := _name_before(text, start, hit, sources, words):
        yield found


def _name_ahead(text: str, tokens: list[_Token], place: int, sure: bool, sources: NewsSources, words: CreditWords) -> Naming | None:
    """Return the source that stands behind what cites; only words that introduce it stand between the two. ``sure``: an agency by a
    name that is an everyday word is one as well."""
    called = False
    for at in range(place, min(len(tokens), place + _SKIPPED + 1)):
        if _STOP.search(text, tokens[0][1], tokens[at][1]):
            return None
        found = _at(text, tokens, at, sources)
        if found is not None and found[1] == 1 and tokens[at][0] in words.called:
            found = None
        if found is not None and (
            called
            or not found[0].marked
            or found[1] > 1
            or (found[0].kind == "agency" and (sure or text[tokens[at][1] - 1 : tokens[at][1]] in _QUOTES))
        ):
            source, size = found
            following = tokens[at + size][0] if at + size < len(tokens) else ""
            return None if following == "انها" else Naming(source.name, source.kind, tokens[at][1], tokens[at + size - 1][2])
        forms = bare_forms(tokens[at][0])
        calls = any(form in words.called for form in forms)
        called = called or calls
        if not calls and not any(form in words.between or form in words.citing for form in forms):
            return None
    return None


def _was_said(text: str, start: int, words: CreditWords) -> bool:
    """Tell whether a verb of speech stands before a place, in its sentence."""
    before = text[max(0, start - _BACK) : start]
    stop = max((each.end() for each in _STOP.finditer(before)), default=0)
    return any(form in words.speech for word, _, _ in _tokens(before, stop, len(before)) for form in bare_forms(word))


def _name_before(text: str, start: int, hit: str, sources: NewsSources, words: CreditWords) -> Naming | None:
    """Return the source before a word such as "reported"."""
    if _folded(hit) not in words.after_last:
        return None
    tokens = _tokens(text, start - _AHEAD // 2, start)[-6:]
    for at in range(len(tokens)):
        found = _at(text, tokens, at, sources)
        if found is not None and not found[0].marked and len(tokens) - at - found[1] <= 2 and not _STOP.search(text, tokens[at][2], start):
            return Naming(found[0].name, found[0].kind, tokens[at][1], tokens[at + found[1] - 1][2])
    return None


def _told_in_quotes(text: str, sources: NewsSources, words: CreditWords) -> Iterator[Naming]:
    """Yield papers whose name stands in quotation marks behind "to": لـ«عكاظ»."""
    for mark in _MARKS:
        at = text.find(mark)
        while at >= 0:
            if text[max(0, at - 2) : at].endswith(_TO) and _starts_word(text, at) and (quoted := _QUOTED.match(text, at + 1)):
                found = sources.named(plain_words(quoted[0]))
                if found is not None and _was_said(text, at, words):
                    yield Naming(found.name, found.kind, *quoted.span())
            at = text.find(mark, at + 1)


def _starts_word(text: str, end: int) -> bool:
    """Tell whether the particle before a place is a word of its own, not the end of one."""
    before = text[:end].rstrip("ـ ")
    return before.endswith("ل") and not before[-2:-1].isalnum()
