"""Find what a text has of scripts and style sheets that were taken over with a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import regex

from ..model import Span

# A rule of a style sheet or an object, a call that ends a statement, the head of a function, the end of nested brackets.
_PIECE = regex.compile(
    r"(?:[#.][\w-]{1,40}[ \w.#,:>-]{0,60}+)?\{[^{}\n]{0,400}+\}"
    r"|[\w$.]{2,60}+\([^()\n]{0,200}+\)\s?[;{.]"
    r"|\bfunction\s?\([^()\n]{0,60}+\)\s?\{"
    r"|[\]})]{2,}+\s?[;,]"
)
_FEW, _MANY = 3, 2_000  # pieces of a script, at least, and those that are looked for in a line
_SIGNS = "{}()[]=;:'#"
_SIGN_IN = 16  # characters of a script, at most, to one of these signs


def script_spans(text: str) -> Iterator[Span]:
    """Yield, for each line that has a script, the span from its first piece to its last.

    >>> text = "Do you agree? jQuery('#vote').submit(function() { vote(1); }); plot = [['a', 18], ['b', 14]]; draw(plot); Yes. No."
    >>> [span.of(text)[:6] + "…" + span.of(text)[-6:] for span in script_spans(text)]
    ['jQuery…plot);']
    """
    at = 0
    for line in text.split("\n") if ";" in text or "{" in text else ():
        pieces = [(found.start(), found.end()) for found in islice(_PIECE.finditer(line), _MANY)]
        start, end = (pieces[0][0], pieces[-1][1]) if pieces else (0, 0)
        if len(pieces) >= _FEW and sum(line.count(sign, start, end) for sign in _SIGNS) * _SIGN_IN >= end - start:
            yield Span(at + start, at + end)
        at += len(line) + 1
