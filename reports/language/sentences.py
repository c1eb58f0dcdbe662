"""Split a text into sentences: at the marks that end one, and at the ends of lines that the text does not wrap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import regex

from ..model import Span

# The Urdu full stop often has no space behind it. There it ends a sentence only behind a vowel, in which the finite verbs of Urdu end, or
# behind a closing mark; behind a consonant or a digit it joins two words, as a hyphen does.
_GLUED = r"(?<=[اآےۓیيىئؤوں»”)\]\"]\p{Zs}?)۔++[»”)\]]*+(?=[\p{L}\p{Nd}\"'«“‘(\[*])"
_END = regex.compile(rf"(?<![.!?؟…۔])[.!?؟…۔]++[\"'»”)\]]*+(?=\s|$)|{_GLUED}|[。！？]+[”’」』）]*")
# A full stop after these does not end a sentence: titles and common abbreviations, single letters.
_ABBREVIATION = regex.compile(r"(?:^|[\s(«\"“])(?:\p{L}(?:\.\p{L})*|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Sgt|Rep|Sen|Gov|No|vs|Mme|Mlle)\.$")
_LONGEST_ABBREVIATION = 12  # characters, with its full stop
_NUMERAL = regex.compile(r"(?:^|\n)[ \t]*\p{Nd}{1,3}[.۔]$")  # of a list
# Initials in Urdu: the names of Latin letters, with stops between them.
_LETTER = "(?:اے|بی|سی|ڈی|ای|ایف|جی|ایچ|آئی|جے|کے|ایل|ایم|این|او|پی|کیو|آر|ایس|ٹی|یو|وی|ڈبلیو|ایکس|وائی|زیڈ)"
_INITIALS = regex.compile(rf"(?<![\p{{L}}\p{{M}}]){_LETTER}(?:(?:۔{_LETTER})+(?![\p{{L}}\p{{M}}])۔?|(?:۔\s?{_LETTER})+۔)")
# The dash of an Urdu dateline is often typed as full stops: before the date and the agency in brackets, or as a row of them.
_DASHES = regex.compile(
    r"^[^\S\n]*(?:[^\s\p{Nd}۔.:!?؟()]{1,20}+[^\S\n]?){1,5}"
    r"(?P<dash>۔++)[^\S\n]?(?:(?<=۔{4}\s?)|(?:\p{Nd}{1,2}|یکم)\p{Zs}?\p{L}{2,12}\p{Zs}?\([^()\n]{2,40}\))",
    regex.MULTILINE,
)
# A number that a space cut behind its point: 8. 54 million.
_CUT = regex.compile(
    r"(?<![\p{Nd}.,])\p{Nd}{1,3}\. \p{Nd}{1,2}(?!\p{Nd})\s?(?:%|٪|[.)،]|(?:per ?cent|pour ?cent|million|billion|milliard|milyon|milyar|"
    r"(?:ال|ب)?(?:مليون|مليار|ألف|مئة|مائة)|في ال|بال|میلیون|میلیارد|درصد|هزار|ملین|ارب|کروڑ|لاکھ|فیصد))"
)

_CLOSED = regex.compile(r"[.!?؟…۔。！？][\"'»”’」』）)\]]*$")
_OPEN = regex.compile(r"[,،;؛(\[«“\-–—/&+]$")  # a line that ends so goes on
_ROW = regex.compile(r"[-–—•*▪●◦·]\s|\(?\p{Nd}{1,3}\s?[-–—.۔)/:](?!\p{Nd})|\p{L}[)]\s|[^\t|]*[\t|]")
_VALUE = regex.compile(r"[\p{Nd}%]\W*$")
_PART = r"[^\s\-–—/|]+(?:\s[^\s\-–—/|]+){0,2}"  # of a dateline: at most three words
_DATELINE = regex.compile(rf"{_PART}(?:\s?[-–—/|]+\s?{_PART})+\W*|.*[-–—:)]\s*|(?:\D*\p{{Nd}}+){{3,}}\D*")
_NARROWEST, _WIDEST = 20, 100  # characters of the longest line of a wrapped paragraph
_SHORT = 60  # characters, at most, of a heading, a dateline, a byline or a row of a table
_REST = 25  # characters, at most, of a line that only ends the sentence before
_WORDS = 4  # words, at most, of a byline
_ROWS = 3  # short lines from which on they are rows of a table, and others a paragraph that was wrapped by hand


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the spans of the sentences, without the white space around them.

    A sentence ends at ``. ! ? ؟ … ۔`` and closing quotes before white space, at ``۔`` behind a vowel also without it, at ``。！？``,
    before an empty line, and at the end of a line that is a heading, a row of a list or table, or a paragraph. It goes on over the lines
    of a wrapped paragraph, over the end of a dateline that stands alone on the first line, and over a ``۔`` that is the dash of a dateline.

    >>> [span.of("وصل د. علي. ثم غادر!") for span in split_sentences("وصل د. علي. ثم غادر!")]
    ['وصل د. علي.', 'ثم غادر!']
    >>> text = "Two bridges fell near the old harbour\\nand a road was cut."
    >>> len(split_sentences(text)), len(split_sentences("1. Norvik 34\\n2. Tarsk 31"))
    (1, 2)
    """
    joined = _joining_stops(text) if "۔" in text else frozenset()
    marks = (found for found in _END.finditer(text) if found.start() not in joined and not _abbreviates(text, found))
    ends = [(found.start(), found.end()) for found in marks]
    if "\n" in text:
        ends = sorted({*ends, *((place, place + 1) for place in _line_ends(text))})
    spans = []
    start = 0
    for _, end in [*ends, (len(text), len(text))]:
        spans.append(_without_white_space(text, start, end))
        start = end
    return tuple(span for span in spans if span.end > span.start)


def _joining_stops(text: str) -> frozenset[int]:
    """Return the places of Urdu full stops that are the dash of a dateline, or stand in initials."""
    initials = (place for found in _INITIALS.finditer(text) for place in range(found.start(), found.end()) if text[place] == "۔")
    return frozenset((*initials, *(found.start("dash") for found in _DASHES.finditer(text))))


def _abbreviates(text: str, found: regex.Match[str]) -> bool:
    end = found.end()
    if found.group() not in (".", "۔"):
        return False
    before = max(0, end - _LONGEST_ABBREVIATION)
    if found.group() == "۔":
        return _NUMERAL.search(text, before, end) is not None
    if text[end - 2 : end - 1].isdecimal() and any(
        cut.start() < end <= cut.end() for cut in _CUT.finditer(text, before, end + _LONGEST_ABBREVIATION)
    ):
        return True
    return any(pattern.search(text, before, end) for pattern in (_ABBREVIATION, _NUMERAL))


def _without_white_space(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    left = start + len(part) - len(part.lstrip())
    return Span(left, max(left, start + len(part.rstrip())))


def _line_ends(text: str) -> Iterator[int]:
    """Yield the places of the line feeds that end a sentence."""
    block: list[str] = []
    places: list[int] = []
    first = True  # no line with words stands before the block
    place = -1
    for line in text.split("\n"):
        place += len(line) + 1
        shown = line.strip()
        if shown:
            block.append(shown)
            places.append(place)
            continue
        yield from _ends_of_block(block, places, first)
        yield place
        first = first and not block
        block, places = [], []
    yield from (found for found in _ends_of_block(block, places, first) if found < len(text))


def _ends_of_block(lines: list[str], places: list[int], first: bool) -> Iterator[int]:
    """Yield the places of the line feeds that end a sentence, of lines with no empty line between them."""
    if not lines:
        return
    wrapped = _is_wrapped(lines)
    rows = _are_rows(lines)
    for number, (line, place) in enumerate(zip(lines[:-1], places, strict=False)):
        if _CLOSED.search(line) or not (wrapped or _goes_on(line, lines[number + 1], first and number == 0 and not rows)):
            yield place
    yield places[-1]


def _is_wrapped(lines: list[str]) -> bool:
    """Tell whether lines are one paragraph that was wrapped: few first words of a line would have found room on the line before."""
    width = max(map(len, lines))
    if len(lines) < 2 or not _NARROWEST <= width <= _WIDEST or any(_ROW.match(line) for line in lines) or all(map(_VALUE.search, lines)):
        return False
    if len(lines) == 2 and lines[1][0].isupper():  # a heading and a sentence
        return False
    parted = not any(map(_CLOSED.search, lines[:-1])) and any(_END.search(line[:-1]) for line in lines)
    if parted and len(lines) >= _ROWS:  # sentences end inside of lines, and never where a line does
        return True
    full = sum(len(line) + 1 + len(following.split(None, 1)[0]) > width for line, following in pairwise(lines))
    return full == len(lines) - 1 or (len(lines) >= _ROWS and not _are_rows(lines) and 2 * full >= len(lines) - 1)


def _are_rows(lines: list[str]) -> bool:
    """Tell whether lines are the rows of a list or table."""
    return len(lines) >= _ROWS and all(len(line) <= _SHORT and not _CLOSED.search(line) for line in lines)


def _goes_on(line: str, following: str, dateline: bool) -> bool:
    """Tell whether a sentence goes on after a line that is not wrapped; ``dateline`` says that the line is the first of a text."""
    if _ROW.match(line) or _ROW.match(following):
        return False
    lower = len(line) >= _NARROWEST and following[0].islower() and not line[0].islower()
    rest = len(following) <= _REST and len(line) > _SHORT and _CLOSED.search(following)
    if _OPEN.search(line) or lower or rest:
        return True
    beside = len(line) <= _SHORT and len(following) > len(line)
    return dateline and beside and (len(line.split()) <= _WORDS or _DATELINE.fullmatch(line) is not None)
