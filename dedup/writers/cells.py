"""Cells: texts of others in the lines of a terminal, where they must not act on it, nor turn round what stands beside them."""

from __future__ import annotations

import unicodedata

from ..about import About

_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")
TITLE, _SOURCE, _TIME = 80, 30, 30  # columns of a terminal that each may take
_JOINER = "\N{ZERO WIDTH NON-JOINER}"  # is part of ordinary Persian spelling
_ISOLATE, _POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def safe_cell(text: str) -> str:
    """Return text for a cell: one line, without control characters, and with a writing direction of its own."""
    return _isolated("".join(char if unicodedata.category(char) not in _CONTROLS else " " for char in text))


def _isolated(text: str) -> str:
    return f"{_ISOLATE}{text}{_POP}" if any(unicodedata.bidirectional(char) in ("R", "AL") for char in text) else text


def cut_cell(text: str, most: int) -> str:
    """Return the beginning of a text in one line, in at most so many columns of a terminal, its control characters spelled out."""
    shown, width = [], 0
    for char in " ".join(text[: 8 * most].split()):
        control = unicodedata.category(char) in _CONTROLS and char != _JOINER
        shown.append(f"<U+{ord(char):04X}>" if control else char)
        width += cell_width(shown[-1])
        if width > most:
            while width >= most:
                width -= cell_width(shown.pop())
            return _isolated("".join(shown) + "…")
    return _isolated("".join(shown) + "…" * (len(text) > 8 * most))


def cell_width(text: str) -> int:
    """Return the number of columns that a terminal uses for a text."""
    marks = sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(char) in "WF" for char in text)


def told_of(about: About) -> str:
    """Return what is known of a text, in one line."""
    parts = ((about.title, TITLE), (about.source, _SOURCE), (about.time, _TIME))
    return " · ".join(cut_cell(text, most) for text, most in parts if text)
