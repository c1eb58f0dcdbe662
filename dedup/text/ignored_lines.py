"""Lines to leave out: text that a site or an agency writes into every article, such as a footer, a link line or "Reporting by".

They are given as lines of a file, or learned from many texts (`learn_lines`), and weigh nothing when texts are compared. What is shown
keeps them. A *unit* is a line, or what stands behind the last sentence of a line: the footer of a text that is one long line.
"""

from __future__ import annotations

import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from ..errors import InputError
from ..model import Document
from .spans import without_spans

# Signs around words: of ASCII, Latin-1, Arabic, and general punctuation with bullets.
_SIGNS = string.punctuation + "¡¿«»·•،؛؟٪٫٬۔ـ▪►◄●■★" + "".join(map(chr, range(0x2000, 0x2070)))
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
"""The end of a line of which the beginning alone is given, or the beginning of one of which the end alone is given."""
_UNIT = 300  # characters of the longest unit
_FIRST = 40  # characters in which the first word of a unit ends
_SENTENCE_END = re.compile(r"[.!?؟۔。…»”\"](?=[\s\N{RIGHT-TO-LEFT MARK}])|[。]")


def words_of(unit: str) -> tuple[str, ...]:
    """Return the words of a unit as they are compared."""
    return tuple(filter(None, (word.strip(_SIGNS) for word in unit.casefold().split())))


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines in words: whole ones, and beginnings and ends by their number of words."""

    whole: frozenset[tuple[str, ...]]
    beginnings: tuple[tuple[int, frozenset[tuple[str, ...]]], ...]
    ends: tuple[tuple[int, frozenset[tuple[str, ...]]], ...]
    first: frozenset[str]
    """The first words of whole lines and of beginnings. Most units have others, which saves time."""
    last: frozenset[str]
    """The last words of ends."""

    def have(self, unit: str) -> bool:
        first, last = words_of(unit[:_FIRST])[:1], words_of(unit[-_FIRST:])[-1:] if self.last else ()
        if self.first.isdisjoint(first) and self.last.isdisjoint(last):
            return False
        words = words_of(unit)
        return (
            words in self.whole
            or any(words[:length] in each for length, each in self.beginnings)
            or any(words[-length:] in each for length, each in self.ends)
        )


@lru_cache(maxsize=8)
def _compiled(lines: tuple[str, ...]) -> _Lines:
    whole: set[tuple[str, ...]] = set()
    beginnings: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    ends: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for line in lines:
        text = line.strip()
        words = words_of(text.strip(ELLIPSIS))
        if not words:
            continue
        if text.endswith(ELLIPSIS):
            beginnings[len(words)].add(words)
        elif text.startswith(ELLIPSIS):
            ends[len(words)].add(words)
        else:
            whole.add(words)
    first = frozenset(words[0] for words in (*whole, *chain.from_iterable(beginnings.values())))
    last = frozenset(words[-1] for words in chain.from_iterable(ends.values()))
    return _Lines(frozenset(whole), _sorted(beginnings), _sorted(ends), first, last)


def _sorted(found: dict[int, set[tuple[str, ...]]]) -> tuple[tuple[int, frozenset[tuple[str, ...]]], ...]:
    return tuple((length, frozenset(each)) for length, each in sorted(found.items()))


def units_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the units that end where a line ends: the line, and what stands behind each of its last sentences."""
    if end - start <= _UNIT:
        yield start, end
    for found in _SENTENCE_END.finditer(text, max(start, end - _UNIT), end):
        yield found.end(), end


def ignored_spans(text: str, lines: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return the spans of a text that some lines match: units of the same words, apart from case and the signs around words.

    A line that ends with an ellipsis matches units that begin so, and one that begins with it units that end so. A text that has nothing
    else has no spans.

    >>> text = "The bridge is closed. Link to the story: Bridge closed\\nFollow us!"
    >>> [text[slice(*span)] for span in ignored_spans(text, ("follow us", "Link to the story …"))]
    [' Link to the story: Bridge closed', 'Follow us!']
    """
    known, spans, start = _compiled(lines), list[tuple[int, int]](), 0
    for line in text.split("\n"):
        units = units_of(text, start, start + len(line)) if line else ()
        spans += [unit for unit in units if known.have(text[slice(*unit)])][-1:]
        start += len(line) + 1
    return tuple(spans) if any(map(str.isalnum, without_spans(text, spans))) else ()


def without_ignored(texts: list[str], lines: tuple[str, ...]) -> list[str]:
    """Return texts without what some lines match in them, as `ignored_spans` has it."""
    found = [(text, ignored_spans(text, lines)) for text in texts]
    return [without_spans(text, spans) if spans else text for text, spans in found]


def read_lines(path: str) -> tuple[str, ...]:
    """Return the lines to leave out that a text file has, one a line. Raises `InputError` for a file that cannot be read as UTF-8."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            found = file.read().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the lines to ignore: {error}", path=path) from error
    return tuple(sorted({line.strip() for line in found if words_of(line.strip().strip(ELLIPSIS))}))


class IgnoredCount:
    """Counts the lines that are left out, and the texts that have one."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._lines = lines
        self.lines = self.texts = 0

    def add(self, text: str) -> None:
        """Count the lines that are left out of a text."""
        spans = ignored_spans(text, self._lines) if self._lines else ()
        self.lines += len(spans)
        self.texts += bool(spans)

    def counting(self, documents: Iterable[Document]) -> Iterable[Document]:
        """Return documents that are counted while they are read."""
        return self._counting(documents) if self._lines else documents

    def _counting(self, documents: Iterable[Document]) -> Iterator[Document]:
        for document in documents:
            self.add(document.text)
            yield document

    def stats(self) -> dict[str, dict[str, int]]:
        """Return the counts as `Result.stats` has them; nothing where there are no lines to leave out."""
        return {"ignored": {"lines": self.lines, "texts": self.texts}} if self._lines else {}
