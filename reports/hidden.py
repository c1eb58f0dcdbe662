"""Characters that are not seen, or that disturb the order or the state of what shows them."""

from __future__ import annotations

import re

# Controls, zero-width and bidi characters, tags, non-characters, lone surrogates; ZWNJ is ordinary Persian spelling.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200d-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def code(found: re.Match[str]) -> str:
    """Return what stands for a hidden character, ``U+202E``."""
    return f"U+{ord(found[0]):04X}"


def spelled_out(text: str) -> str:
    """Return text with hidden characters as ``<U+202E>``, for terminals and messages.

    >>> spelled_out("a\\x1b[31mb")
    'a<U+001B>[31mb'
    """
    return HIDDEN.sub(lambda found: f"<{code(found)}>", text)
