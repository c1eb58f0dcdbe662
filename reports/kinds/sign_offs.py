"""Find what signs off a report: who wrote and edited it, the agency in brackets, tags, and links to other articles."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from ..language.lexicon import Lexicon, fold_words
from ..model import Span
from . import furniture_words as words

_SIGN_OFF = 300  # characters of a sign-off, a line of tags or a link line
_CALLED = 40  # characters before an agency in brackets that may call it one
_SENTENCE_ENDS = regex.compile(r"(?:[.!?؟۔…»”\")\]]|\.\.)[ \t\u00a0\u200f\u200e]*(?=\S)|^|\n+[ \t\u00a0]*", regex.MULTILINE)
_SIGNED = regex.compile(rf"[(\[]?(?:{words.SIGNED})[^\n]{{2,{_SIGN_OFF}}}?(?=\n|$)")
_LINK = regex.compile(
    rf"(?:(?:{words.LINKS})\b[^\n.:]{{0,40}}(?::[^\n]{{0,{_SIGN_OFF}}}|\s*(?=\n|$))|(?:\.{{2,3}}|…)?\s?المزيد\s*(?=\n|$))"
)
_TAGS = regex.compile(rf"(?:{words.TAGS})\s*(?P<colon>:)?\s*(?P<list>[^\n؟!]{{2,{_SIGN_OFF}}})\s*$")
_GLUED = regex.compile(rf"(?<=\w[\s\u00a0])(?P<tags>(?:{words.TAGS})\s+(?P<list>[^\n.:،,؟!]{{2,{_SIGN_OFF}}}))\s*$")
_LAST = regex.compile(r"(?P<brackets>[(\[](?P<agency>[^()\[\]\n]{2,30})[)\]])\s*[.۔]?\s*(?=\n|$)")


def phrases(text: str) -> frozenset[str]:
    """Return the folded phrases of a list with a stroke between them."""
    return frozenset(fold_words(phrase) for phrase in text.split("|"))


OUTLETS = phrases(words.OUTLETS)
"""Folded names of agencies and outlets."""
_AGENCIES = phrases(words.AGENCIES)


def sign_offs(text: str, lexicon: Lexicon) -> Iterator[Span]:
    """Yield sign-offs, tag lines and link lines: at the start of a line, or behind the end of a sentence."""
    at = 0
    for place in _SENTENCE_ENDS.finditer(text):
        start = place.end()
        if start < at or start >= len(text):
            continue
        if match := _SIGNED.match(text, start):
            if match[0].startswith(("(", "[", "©")) or _is_signed(match[0], lexicon):
                yield Span(start, match.end())
                at = match.end()
        elif match := _LINK.match(text, start):
            yield Span(start, match.end())
            at = match.end()
        elif match := _TAGS.match(text, start):
            listed = match["list"].rstrip()
            if match["colon"] or not (listed.endswith((".", "۔")) or any(map(lexicon.is_verb, fold_words(listed).split()))):
                yield Span(start, match.end())
                at = match.end()


def glued_tags(text: str, lexicon: Lexicon) -> Iterator[Span]:
    """Yield the tags that end a text behind a sentence without its mark: names and nouns, without a verb or preposition."""
    start = max(0, len(text) - _SIGN_OFF)
    match = _GLUED.search(text, start)
    if match:
        listed = fold_words(match["list"]).split()
        if len(listed) > 1 and not any(lexicon.is_verb(word) or word in lexicon.lists["prepositions"] for word in listed):
            yield Span(match.start("tags"), match.end())


def signed_agencies(text: str, lexicon: Lexicon) -> Iterator[Span]:
    """Yield agencies in brackets that end a line: "... (Reuters)". Behind a word for an agency it is the name of a source."""
    for match in _LAST.finditer(text) if "(" in text or "[" in text else ():
        before = fold_words(text[max(0, match.start() - _CALLED) : match.start()]).split()
        called = any(form in _AGENCIES for word in before for form in lexicon.variants(word))
        if fold_words(match["agency"]) in OUTLETS and not called:
            yield Span(*match.span("brackets"))


def _is_signed(line: str, lexicon: Lexicon) -> bool:
    """Tell whether a line without brackets is a sign-off: a word of it, a colon or "by", and then names without a verb."""
    if lexicon.has_capitals:
        return ":" in line or line.lower().split(" ")[1:2] == ["by"] or "par " in line
    head, colon, rest = line.partition(":")
    return bool(colon) and len(head.split()) <= 2 and len(rest.split()) <= 6 and not any(map(lexicon.is_verb, fold_words(rest).split()))
