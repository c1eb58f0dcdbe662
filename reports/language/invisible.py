"""Invisible characters, and those that change the order of a line or act on a terminal."""

from __future__ import annotations

import re

# Controls, zero-width and bidi characters, fillers, variation selectors, tags, non-characters, lone surrogates: all that Unicode calls
# default ignorable, and more. ZWNJ is left out: it is part of ordinary Persian spelling.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200d-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def code_point(found: re.Match[str]) -> str:
    """Return the name of an invisible character: ``U+202E``."""
    return f"U+{ord(found[0]):04X}"


def spelled_out(text: str) -> str:
    """Return text with invisible characters spelled out as ``<U+202E>``, for terminals and messages.

    >>> spelled_out("a\\x1b[31mb")
    'a<U+001B>[31mb'
    """
    return INVISIBLE.sub(lambda found: f"<{code_point(found)}>", text)
