"""Two texts among others, by their ids, as the search compares them, and both with their marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..config import Config
from ..errors import InputError
from ..model import Document, Segment
from ..readers.values import Text, documents_of
from ..text.ids import named, not_withdrawn
from ..text.passages import all_passages
from .word_marks import Mark, WordComparison, compare_words, compared_words


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text that is compared, and the document that it stands in."""

    segment: Segment
    document: Document

    @property
    def text(self) -> str:
        """The text itself."""
        return self.document.text[self.segment.start : self.segment.end]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two texts that are compared: its id, its number of words, what is known of it, the text itself and its marks."""

    id: str
    words: int
    title: str | None
    source: str | None
    time: str | None
    text: str
    marks: tuple[Mark, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the side as plain values for JSON."""
        return {**asdict(self), "marks": [asdict(mark) for mark in self.marks]}


def find_two(texts: Iterable[Text], a: str, b: str, config: Config | None = None) -> tuple[NamedText, NamedText]:
    """Return the texts with these ids, of documents or of segments, among texts as `dedup.find_duplicates` takes them and names them.

    Texts are read until both are found. Raises `InputError` for an id that is not there, or was withdrawn, and for one text twice.

    >>> [found.text for found in find_two(["Rain.", "Snow.", "Wind."], "2", "0")]
    ['Wind.', 'Rain.']
    """
    config, withdrawn = config or Config(), list[str]()
    if a == b:
        raise InputError(f"{a!r} is one text: name two", hint="give two ids")
    last: list[Document] = []
    found: dict[str, NamedText] = {}

    def read() -> Iterable[Document]:
        for document in named(not_withdrawn(documents_of(texts), withdrawn), "version"):
            last[:] = [document]
            yield document

    for segment, _ in all_passages(read(), config):
        if segment.id in (a, b):
            found[segment.id] = NamedText(segment, last[0])
            if len(found) == 2:
                break
    refuse_unknown((a, b), found, withdrawn)
    return found[a], found[b]


def refuse_unknown(ids: Iterable[str], known: Iterable[str], withdrawn: Iterable[str]) -> None:
    """Raise `InputError` for the first of these ids that is not known."""
    for name in ids:
        if name not in known and name in withdrawn:
            raise InputError(f"the text with the id {name!r} is empty or was withdrawn", hint="such a text is not compared")
        if name not in known:
            raise InputError(f"no text has the id {name!r}", hint="ids are those that dedup find prints")


def mark_two(found: Sequence[NamedText], config: Config | None = None) -> tuple[Side, Side, WordComparison]:
    """Return two texts with their marks, and their words beside each other."""
    config = config or Config()
    one, other = compared_words([each.text for each in found], config.ignore_lines)
    words = compare_words(one, other, config.shingle_words)
    marked = zip(found, (one, other), (words.marks_a, words.marks_b), strict=True)
    a, b = (
        Side(text.segment.id, len(of.hashes), text.document.title, text.document.source, text.document.time, text.text, marks)
        for text, of, marks in marked
    )
    return a, b, words


def show(texts: Iterable[Text], a: str, b: str, config: Config | None = None) -> tuple[Side, Side]:
    """Return the texts with these ids, with the words marked that both have, that stand in the place of others, and that only one has.

    Texts and ids are as `find_two` takes them; it raises the same errors.

    >>> one, other = show(["Two men were killed in Marsa.", "Three men were killed in Marsa."], "0", "1")
    >>> [(other.text[mark.start : mark.end], mark.kind) for mark in other.marks]
    [('Three', 'exchanged'), ('men were killed in Marsa', 'run')]
    """
    return mark_two(find_two(texts, a, b, config), config)[:2]
