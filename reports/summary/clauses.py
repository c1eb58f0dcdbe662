"""Quote a text in few characters: a clause, its core, or the words around a change, cut at the ends of words."""

from __future__ import annotations

import re

from dedup.text.fold import fold

from ..language.invisible import spelled_out
from ..language.lexicon import Lexicon
from ..language.tokens import tokenize
from ..model import Span

_EDGES = " \t\n\"'«»“”„,.;:-–—()[]\N{ARABIC COMMA}\N{ARABIC SEMICOLON}"
_DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # marks of direction, no part of the words
_TIMES = ("time", "months", "weekdays", "relative_days")
_ON = 2  # words behind a passage in which its phrase may end
_BREAK = re.compile("\n|[.,:!?](?=\\s)|[،؛;؟。！？，、]| [-–—] ")
_LEAST = 12  # characters of a first clause that stands for its sentence
_FEW_WORDS = 3
_TAIL = 40  # characters at the end of a clause that may be small words


def clean(text: str) -> str:
    """Return a text on one line, without marks at its ends, invisible characters spelled out."""
    shown = " ".join(text.split()).strip(_EDGES)
    return spelled_out(shown.strip(_EDGES + _DIRECTION) or shown)


def quoted_passage(text: str, sentence: Span, span: Span, lexicon: Lexicon, room: int) -> str:
    """Return what an added or dropped passage says in at most ``room`` characters, a time at its end as a whole.

    >>> from ..language.lexicon import load_lexicon
    >>> quoted_passage("The attack that took place on the eve of May failed.", Span(0, 52), Span(11, 40), load_lexicon("en"), 60)
    'took place on the eve of May'
    """
    end, most = span.end, clause_around(text, sentence, span).end
    for _ in range(_ON):
        shown = clean(text[span.start : end])
        if _without_open_end(shown, lexicon) == shown or end >= most:
            break
        further = _word_after(text, most, end)
        words = fold(text[end:further]).split()
        if not any(lexicon.has(name, word) for word in words[:1] for name in _TIMES):
            break
        end = further
    return core(text[span.start : end], lexicon, room)


def shorten(text: str, room: int) -> str:
    """Return the beginning of a text in at most ``room`` characters, cut at the end of a word.

    >>> shorten("The bridge in Marsa collapsed on Monday", 22)
    'The bridge in Marsa…'
    """
    if len(text) <= room:
        return text
    cut = text[: room - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(_EDGES) + "…"


def clause_around(text: str, sentence: Span, span: Span) -> Span:
    """Return the clause of a sentence that a span is in: from the mark before it to the mark after it."""
    before = [match.end() for match in _BREAK.finditer(text, sentence.start, span.start)]
    after = _BREAK.search(text, span.end, sentence.end)
    return Span(before[-1] if before else sentence.start, after.start() if after else sentence.end)


def core(text: str, lexicon: Lexicon, room: int) -> str:
    """Return what a sentence or an added clause says, without the connective before it, in at most ``room`` characters.

    A long text is cut after a clause that says something, or else at the end of a word.
    """
    shown = _without_open_end(clean(_without_connective(text, lexicon)), lexicon)
    if len(shown) <= room:
        return shown
    ends = [match.start() for match in _BREAK.finditer(shown, 0, room) if match.start() >= max(_LEAST, room // 2)]
    if ends and len(shown[: ends[-1]].split()) >= _FEW_WORDS:
        return shown[: ends[-1]].rstrip(_EDGES) + "…"
    return shorten(shown, room)


def _without_open_end(text: str, lexicon: Lexicon) -> str:
    """Return a text without the small words at its end that wait for more: noting that, in the."""
    tokens = [token for token in tokenize(text[-_TAIL:]) if token.is_word]
    last = len(tokens)
    while last and any(tokens[last - 1].key in lexicon.lists[name] for name in ("prepositions", "connectives", "articles", "stopwords")):
        last -= 1
    return text if last in (0, len(tokens)) else text[: max(0, len(text) - _TAIL) + tokens[last - 1].end]


def _without_connective(text: str, lexicon: Lexicon) -> str:
    """Return a text without the connectives that join it to what stands before: ومن جهة أخرى فقد, meanwhile."""
    text = text.lstrip(_EDGES)
    tokens = tokenize(text, Span(0, min(len(text), 120)))
    at = 0
    while at < len(tokens):
        if not tokens[at].is_word and tokens[at].key in (",", ";", ":", "-"):
            at += 1
            continue
        words = [token.key for token in tokens[at : at + 6]]
        length = lexicon.phrase_length("connectives", words, 0)
        says = any(lexicon.phrase_length(name, words, 0) for name in ("affirmative", "negation"))  # وما زال: still, not "and what"
        if not length or says or at + length >= len(tokens):
            break
        at += length
    return text[tokens[at].start :] if 0 < at < len(tokens) else text


def window(text: str, clause: Span, span: Span, room: int) -> str:
    """Return a span with the words around it, in its clause, in at most ``room`` characters; "…" says where the clause goes on.

    >>> text = "The company denied on Monday that the ferry was overloaded."
    >>> window(text, Span(0, 58), Span(12, 18), 30)
    'The company denied on Monday…'
    """
    whole = clean(text[clause.start : clause.end])
    if len(whole) <= room:
        return whole
    start, end = _whole_words(text, clause, span)
    inner = " ".join(text[start:end].split())
    if len(inner) >= room - 2:
        return shorten(clean(inner), room)
    while True:
        left = _word_before(text, clause.start, start)
        right = _word_after(text, clause.end, end)
        grown = [(left, end)] if left < start else []
        grown += [(start, right)] if right > end else []
        fitting = [pair for pair in grown if _length(text, clause, pair) <= room]
        if not fitting:
            break
        # Grow the side that has fewer characters of context.
        start, end = min(fitting, key=lambda pair: (pair[0] < start) == (span.start - start > end - span.end))
    shown = clean(text[start:end])
    return ("…" if text[clause.start : start].strip(_EDGES) else "") + shown + ("…" if text[end : clause.end].strip(_EDGES) else "")


def _length(text: str, clause: Span, pair: tuple[int, int]) -> int:
    start, end = pair
    shown = len(" ".join(text[start:end].split()))
    return shown + bool(text[clause.start : start].strip(_EDGES)) + bool(text[end : clause.end].strip(_EDGES))


def _whole_words(text: str, clause: Span, span: Span) -> tuple[int, int]:
    start, end = max(clause.start, span.start), min(clause.end, span.end)
    while start > clause.start and not text[start - 1].isspace():
        start -= 1
    while end < clause.end and not text[end].isspace():
        end += 1
    return start, max(start, end)


def _word_before(text: str, least: int, at: int) -> int:
    while at > least and text[at - 1].isspace():
        at -= 1
    while at > least and not text[at - 1].isspace():
        at -= 1
    return at


def _word_after(text: str, most: int, at: int) -> int:
    while at < most and text[at].isspace():
        at += 1
    while at < most and not text[at].isspace():
        at += 1
    return at
