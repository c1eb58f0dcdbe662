"""The labels of a drawing: text of a bounded width, by what its characters take at most."""

from __future__ import annotations

import unicodedata

_WIDTHS = {"W": 1.05, "F": 1.05}  # of a character, in ems, by its East Asian width
_CAPITAL, _LETTER, _ARABIC, _OTHER = 0.74, 0.6, 0.62, 0.62


def label_width(text: str) -> float:
    """Return about how wide a text is at most, in ems of a sans-serif face.

    >>> label_width("Rain"), label_width("")
    (2.54, 0)
    """
    return round(sum(map(_width, text)), 2)


def fitting_label(text: str, most: float) -> str:
    """Return a text, or its beginning and an ellipsis where it is wider than ``most`` ems.

    >>> fitting_label("Rain in the north", 5.2), fitting_label("Rain", 5.2)
    ('Rain in…', 'Rain')
    """
    if label_width(text) <= most:
        return text
    kept = len(text)
    room = most - 1.0
    for place, char in enumerate(text):
        room -= _width(char)
        if room < 0:
            kept = place
            break
    return f"{text[:kept].rstrip()}…"


def _width(char: str) -> float:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if (width := unicodedata.east_asian_width(char)) in _WIDTHS:
        return _WIDTHS[width]
    if char.isspace():
        return 0.3
    if unicodedata.bidirectional(char) == "AL":
        return _ARABIC
    if char in "mwMW@%…—":
        return 1.0
    return _CAPITAL if char.isupper() else _LETTER if char.isascii() else _OTHER
