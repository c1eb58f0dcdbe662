"""Find lines that are no part of a report: captions with control codes, marks for the end, and headings inside of the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from dedup.text.fold import fold

from ..language.lexicon import Lexicon
from ..model import Span

_LINES = 400  # lines that are read
_HEADING, _CAPTION = 4, 6  # words, at most, of a heading, and of one that a preposition begins
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_STOPS = tuple('.!?؟۔…।。！？"”»)')
_END_MARK = re.compile(r"\s*[/*#=~_+\-–—<>|.]{2,}\s*[^\W\d]+(?:\s+[^\W\d]+)?\s*[/*#=~_+\-–—<>|.]{2,}\s*")
_MOST = 0.5  # of the lines of a text must end with a stop, before a line without one is a heading


def scrap_spans(text: str, lexicon: Lexicon) -> list[Span]:
    """Return the lines that are no part of a report.

    >>> from ..language.lexicon import load_lexicon
    >>> text = "The fair opened in Marsa.\\nThe guests\\nMany came.\\n// end //"
    >>> [span.of(text) for span in scrap_spans(text, load_lexicon("en"))]
    ['The guests', '// end //']
    """
    lines = [Span(match.start(), match.end()) for _, match in zip(range(_LINES), _LINE.finditer(text), strict=False)]
    return list(_scraps(lines, text, lexicon))


def is_end_mark(sentence: str) -> bool:
    """Tell whether a sentence is a mark for the end of a report, or has no word at all.

    >>> is_end_mark("// end //"), is_end_mark("..."), is_end_mark("It rained.")
    (True, True, False)
    """
    return not any(map(str.isalnum, sentence)) or _END_MARK.fullmatch(sentence) is not None


def _scraps(lines: Sequence[Span], text: str, lexicon: Lexicon) -> Iterator[Span]:
    stopped = [line.of(text).rstrip().endswith(_STOPS) for line in lines]
    headings = sum(stopped) >= _MOST * len(lines)
    for place, line in enumerate(lines):
        shown = line.of(text).strip(" \t\r")
        coded = unicodedata.category(shown[0]) == "Cc"
        if coded or _END_MARK.fullmatch(shown) or (headings and not stopped[place] and _is_heading(shown, lexicon, first=not place)):
            yield line


def _is_heading(line: str, lexicon: Lexicon, *, first: bool) -> bool:
    """Tell whether a line without a stop has few words, no number and no verb; the first line is a caption if a preposition begins it."""
    words = fold(line).split()
    opened = bool(words) and words[0] in lexicon.lists["prepositions"]
    most = 0 if first and not opened else _CAPTION if opened else _HEADING
    return 0 < len(words) <= most and not any(any(map(str.isdigit, word)) or lexicon.is_verb(word) for word in words)
