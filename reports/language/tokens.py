"""Split a text into tokens: spans of the text, and the keys by which they are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import regex

from dedup.text.fold import fold

from ..cache import ResultCache
from ..model import Span

# A token is a number with the marks inside it, initials with dots, one letter of a script without spaces, a word with the format
# characters inside it, or any other visible character (a flag is two). White space, format and control characters between tokens belong
# to none. Inside a number stand separators, also the letter reh that Arabic papers write for one, an apostrophe between groups of three
# digits, an h of a French time, and format characters. A word of Latin letters goes on with digits (A320), unless it is a currency (Rs500).
_TOKEN = regex.compile(
    r"(?P<number>\p{Nd}++(?:\p{Cf}*+(?:[.,:/\-\N{EN DASH}\N{ARABIC DECIMAL SEPARATOR}\N{ARABIC THOUSANDS SEPARATOR}\N{ARABIC COMMA}]"
    r"|['\N{RIGHT SINGLE QUOTATION MARK}](?=\p{Nd}{3}(?!\p{Nd}))|\N{ARABIC LETTER REH})?+\p{Cf}*+\p{Nd}++)*+"
    r"(?:h\p{Nd}{2}(?![\p{L}\p{M}\p{Nd}]))?+)"
    r"|(?P<initials>\p{L}(?:\.\p{L})+\b\.?)"
    r"|(?P<letter>[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*)"
    r"|(?P<currency>(?:Rs|Dhs?|EUR|USD|GBP|AED|SAR|PKR|INR|CHF)(?=\p{Nd}))"
    r"|(?P<unit>(?<=\p{Nd}\s?)ك?م[23٢٣](?!\p{Nd}))"
    r"|(?P<dash>(?<![\p{L}\p{M}])\N{ARABIC TATWEEL}++(?![\p{L}\p{M}]))"
    r"|(?P<word>[\p{L}\p{M}](?:\p{Cf}*(?:[\p{L}\p{M}]|(?<=[\p{Latin}\p{Nd}])\p{Nd}))*)"
    r"|(?P<mark>\p{Regional_Indicator}{2}|[^\s\p{C}])"
)
_FORMAT = regex.compile(r"\p{Cf}+")

_MARKS = {
    "\N{ARABIC COMMA}": ",",
    "\N{ARABIC SEMICOLON}": ";",
    "\N{ARABIC QUESTION MARK}": "?",
    "\N{ARABIC FULL STOP}": ".",
    "\N{ARABIC PERCENT SIGN}": "%",
    "\N{MIDDLE DOT}": ".",
}
_MARKS |= dict.fromkeys("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}«»„‟″", '"')
_MARKS |= dict.fromkeys("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}‚‛′`´ʼ", "'")
_MARKS |= dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}", "-")
_NUMBER_MARKS = str.maketrans(
    "\N{ARABIC DECIMAL SEPARATOR}\N{ARABIC THOUSANDS SEPARATOR}\N{ARABIC COMMA}\N{EN DASH}\N{RIGHT SINGLE QUOTATION MARK}", ".,,-'"
)

STOPS = frozenset(".!?;…\n")
"""Marks that part what a number counts from what stands beyond them."""


class NumberForm(StrEnum):
    """The form of a number, as its own characters show it."""

    COUNT = "count"
    PERCENT = "percent"
    RANGE = "range"
    CLOCK = "clock"
    DATE = "date"
    CODE = "code"
    OPEN = "open"
    POINTS = "points"
    PER_MILLE = "per_mille"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written; ``value`` is None for a range, a clock time, a date, a code and an open notation.

    A code is a number that no float holds exactly, see `is_exact`, or that is written with leading zeros, as no quantity is. It is
    compared as it is written, and counts nothing. An open notation has ``readings``, its possible values. ``scale`` is the value of the
    last magnitude word (million).
    """

    value: float | None
    form: NumberForm
    readings: tuple[float, ...] = ()
    scale: float = 1


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a punctuation mark. Tokens with the same ``key`` differ only in cosmetics.

    ``number`` is set on numbers by `read_numbers`, which makes one token of all words of a number.
    """

    start: int
    end: int
    key: str
    is_word: bool
    number: Number | None = None


_LONGEST_KEPT = 60  # characters, at most, of a word whose key is kept

_recent: ResultCache[Token] = ResultCache()


def _fold_digit(character: str) -> str:
    return fold(character) if character.isdigit() else character


def _token_key(kind: str, surface: str) -> str:
    if kind == "dash":  # drawn with the sign that lengthens letters
        return "-"
    if kind == "mark":
        return _MARKS.get(surface, surface)
    if kind == "number":
        surface = surface.replace("h", ":")  # 14h30, as French papers write it
        if surface.isascii():
            return surface
        return "".join(map(_fold_digit, _FORMAT.sub("", surface.translate(_NUMBER_MARKS))))
    return fold(surface).replace(" ", "") or surface


_known_key = lru_cache(maxsize=100_000)(_token_key)


def tokenize(text: str, span: Span | None = None) -> tuple[Token, ...]:
    """Return the tokens of a text, or of a span of it, in order.

    >>> [token.key for token in tokenize("قُتِلَ ١٥ في 14:30، أ.ف.ب")]
    ['قتل', '15', 'في', '14:30', ',', 'افب']
    """
    start, end = (span.start, span.end) if span else (0, len(text))
    return _recent.get((text, start, end), lambda: _tokens(text, start, end))


def _tokens(text: str, start: int, end: int) -> tuple[Token, ...]:
    found = []
    for match in _TOKEN.finditer(text, start, end):
        kind, surface = match.lastgroup or "mark", match.group()
        key = (_known_key if len(surface) <= _LONGEST_KEPT else _token_key)(kind, surface)
        found.append(Token(match.start(), match.end(), key, kind not in ("mark", "dash")))
    return tuple(found)


def word_keys(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the keys of the tokens that are words or numbers."""
    return tuple(token.key for token in tokens if token.is_word)
