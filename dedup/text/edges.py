"""Edges of folded words that white space does not show: a number written on to a word, and an Arabic name written apart.

A word ends where a digit meets a letter: 15افراد is 15 افراد. Letters from a to z and signs go with the digits beside them, as names do
(A320, G20) and quantities (5%, $5). The first part of an Arabic name (Abd, Abu) is written on to the next one or not, as its writer likes.
"""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array
from .late import late

SEPARATOR = 0
"""The code between words."""
UNSPACED = 1 << 24
"""Flag on the code of a letter whose script puts no spaces between words."""
# Thai, Lao, Myanmar, Khmer, kana and Han: scripts without spaces between words (Unicode Standard Annex 14, class SA and ID).
UNSPACED_RANGES = (
    (0x0E01, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3041, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF),
)  # fmt: skip
SPACED, BEH_HEH = 0xF0000, "\U000f0000"
"""Codes for private use, that `dedup.text.spellings` puts in the place of letters: a letter plus the first folds to a space and the letter,
and the second to the word به of Persian and a space."""
# Letters from a to z, percent signs and signs of currencies: those of Unicode 16, with the rest of their blocks. The same table stands in
# native/text.c.
TOGETHER = (
    (0x24, 0x25), (0x61, 0x7A), (0xA2, 0xA5), (0x58F, 0x58F), (0x60B, 0x60B), (0x7FE, 0x7FF), (0x9F2, 0x9F3), (0x9FB, 0x9FB),
    (0xAF1, 0xAF1), (0xBF9, 0xBF9), (0xE3F, 0xE3F), (0x17DB, 0x17DB), (0x20A0, 0x20CF), (0xA838, 0xA838), (0x11FDD, 0x11FE0),
    (0x1E2FF, 0x1E2FF), (0x1ECB0, 0x1ECB0),
)  # fmt: skip
_ZERO = ord("0")
_ABD, _ABU = "عبد", "ابو"
_PREFIXES = frozenset(map(ord, "وفلبك"))  # and, so, to, by, like: written on to a name
_FIRST, _LAST = 0x0620, 0x06D3  # Arabic letters


def _class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


_TOGETHER = _class(TOGETHER)
_LETTER = f"{chr(_FIRST)}-{chr(_LAST)}"
_GLUED = late(rf"(?<=[0-9])(?=[^ 0-9{_TOGETHER}])|(?<=[^ 0-9{_TOGETHER}])(?=[0-9])")
_APART = late(rf"(?<![^ 0-9{_class(UNSPACED_RANGES)}])([{''.join(map(chr, sorted(_PREFIXES)))}]?(?:{_ABD}|{_ABU})) +([{_LETTER}]+)")
_TOGETHER_BOUNDS = np.array([bound for low, high in TOGETHER for bound in (low, high + 1)], np.uint32)


def with_edges(folded: str) -> str:
    """Return a folded text with a space where a digit meets a letter, and with the parts of Arabic names written together.

    >>> with_edges("g20 5% of 15человек")
    'g20 5% of 15 человек'
    >>> with_edges("عبد العزيز وابو بكر") == "عبدالعزيز وابوبكر"
    True
    """
    return _APART.sub(r"\1\2", _GLUED.sub(" ", folded))


def spaced_letters(code: int) -> str:
    """Return the letters of a code that `SPACED` and `BEH_HEH` make, with spaces; nothing for any other code.

    >>> spaced_letters(SPACED + 0x6AF) == " \N{ARABIC LETTER GAF}", spaced_letters(0x6AF)
    (True, '')
    """
    if code == ord(BEH_HEH):
        return "\N{ARABIC LETTER BEH}\N{ARABIC LETTER HEH} "
    return " " + chr(code - SPACED) if _FIRST <= code - SPACED <= _LAST else ""


def _goes_together(codes: Array) -> Array:
    within: Array = np.searchsorted(_TOGETHER_BOUNDS, codes, side="right") % 2 == 1
    return within


def glued(codes: Array) -> Array:
    """Return the places in folded codes of the second of two neighbours of which one is a digit and the other a letter that does
    not go with it.

    >>> glued(np.array([*map(ord, "5%"), 0, *map(ord, "15человек")], np.uint32)).tolist()
    [5]
    """
    digits = codes - np.uint32(_ZERO) < 10
    places = np.flatnonzero(digits[1:] != digits[:-1]) + 1
    one, other = codes[places - 1], codes[places]
    found: Array = places[(one != SEPARATOR) & (other != SEPARATOR) & ~_goes_together(one) & ~_goes_together(other)]
    return found


def joining_separators(codes: Array, ends: Array) -> Array:
    """Return the places of the separators in folded codes between the first part of an Arabic name and the word behind it.

    This begins with a letter of Arabic, and stands in the same text. ``ends`` has where each text ends.
    """
    found: list[int] = []
    for name in (_ABD, _ABU):
        one, two, three = map(ord, name)
        places = np.flatnonzero((codes[3:] == SEPARATOR) & (codes[2:-1] == three) & (codes[1:-2] == two) & (codes[:-3] == one)) + 3
        found += places.tolist()
    joining: list[int] = []
    text_ends = set((ends - 1).tolist()) if found else set()
    for place in sorted(found):
        start = place - 3
        if start and int(codes[start - 1]) in _PREFIXES:
            start -= 1
        after = place
        while after not in text_ends and codes[after] == SEPARATOR:
            after += 1
        begins = start == 0 or _begins(int(codes[start - 1]))
        if begins and after not in text_ends and _FIRST <= codes[after] <= _LAST and (not joining or joining[-1] != start - 1):
            joining += range(place, after)
    return np.array(joining, np.int64)


def _begins(before: int) -> bool:
    """Tell whether a letter behind a code begins a word."""
    return before == SEPARATOR or _ZERO <= before < _ZERO + 10 or bool(before & UNSPACED)
