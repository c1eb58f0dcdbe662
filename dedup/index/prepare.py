"""Documents made ready for an index: their segments sketched, a batch at a time, outside of any transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.ragged import Array, Ragged
from ..candidates.exact_copies import first_copies
from ..candidates.lsh import band_keys, bands_of
from ..candidates.short_texts import word_band_keys
from ..clusters.constraints import restricts
from ..config import Config
from ..errors import InputError
from ..model import Document, Segment
from ..sketch.shingle import hash_rows
from ..sketch.sketches import sketch_texts
from ..text.ids import text_digest
from ..text.notices import has_text, is_notice
from ..text.ownership import ownership_of
from ..text.passages import needs_times, time_and_source
from ..text.segment import segments_of
from ..text.timestamps import timestamp_of
from .storage.postings import FoundAhead
from .stored_record import Age
from .texts import packed

_LONGEST = 2000  # bytes of an id: PostgreSQL indexes up to 2,704
_DIGITS = 19  # of a version: fewer are a number that databases hold


@dataclass(frozen=True, slots=True)
class Prepared:
    """Documents, their names and their segments, a row each. ``owners`` are the places of the documents; ``first`` is the first row with
    the same words as each, -1 without words; ``alike`` a hash of all words of each."""

    documents: Sequence[Document]
    names: list[str]
    digests: list[bytes]
    texts: list[tuple[bytes, bytes | None] | None]
    timestamps: list[float | None]
    segments: list[Segment]
    owners: list[int]
    words: Ragged
    prints: Ragged
    bands: Array
    short: dict[int, list[str]]
    short_bands: Array  # of the rows in short, in order
    alike: Array
    first: Array
    withdrawals: Sequence[str | None]
    """Of documents that withdraw what is known under their ids, or may do so: why."""
    editions: Sequence[int | None]
    """The numbers that sources give to versions."""
    ownerships: Sequence[int | None]
    """Whose text each segment is, as `dedup.text.ownership.ownership_of` has it; None where no setting needs that."""
    as_they_are: bool = False
    """True: each is a text to be stored, and none withdraws another or is too old."""
    ahead: FoundAhead | None = None
    """What was found of their keys before they are decided about."""

    def age(self, place: int) -> Age:
        """Return by what a document is told from other versions of its record as older or newer."""
        return self.editions[place], self.timestamps[place]


def withdrawal_of(document: Document) -> str | None:
    """Return why a document withdraws what is known under its id: it is ``canceled`` or ``withheld``, its text is ``empty``, or it is a
    ``notice`` of withdrawal; None for other documents.

    >>> withdrawal_of(Document("1", "Rain.", status="canceled")), withdrawal_of(Document("1", " ")), withdrawal_of(Document("1", "Rain."))
    ('canceled', 'empty', None)
    """
    if document.status in ("canceled", "withheld"):
        return document.status
    if not has_text(document.text):
        return "empty"
    return "notice" if is_notice(document.text, document.title) else None


def edition_of(document: Document) -> int | None:
    """Return the version of a document as a number, None where its source gives none.

    >>> edition_of(Document("1", "Rain.", version="3")), edition_of(Document("1", "Rain.", version="final"))
    (3, None)
    """
    version = (document.version or "").strip()
    return int(version) if version.isdecimal() and len(version) < _DIGITS else None


def _unfit(value: str) -> str | None:
    """Return what keeps a name out of a database, None for nothing."""
    if "\0" in value:
        return "a NUL character"
    try:
        return f"more than {_LONGEST:,} bytes" if len(value.encode()) > _LONGEST else None
    except UnicodeEncodeError:
        return "half of a surrogate pair"


def refuse_unfit(document: Document, config: Config) -> None:
    """Raise `InputError` for a document that lacks what the settings need, or has too much."""
    if document.time and not needs_times(config):
        timestamp_of(document)  # it is stored all the same
    time_and_source(document, config)
    for name, value in (("id", document.id), ("source", document.source or "")):
        what = _unfit(value)
        if what:
            raise InputError(f"{what} in the {name} {value[:40]!r}", path=document.path, line=document.line, hint="mend the record")
    if len(document.text) > config.max_chars:
        what = f"a text of more than {config.max_chars:,} characters"
        raise InputError(what, path=document.path or document.id, line=document.line, hint="split it, or raise max_chars")


def prepare(documents: Sequence[Document], config: Config, *, keep_texts: bool) -> Prepared:
    """Sketch documents. Raises `InputError` as `refuse_unfit` does."""
    for document in documents:
        refuse_unfit(document, config)
    segments: list[Segment] = []
    owners: list[int] = []
    for place, document in enumerate(documents):
        found = segments_of(document, config.level)
        segments += found
        owners += [place] * len(found)
    texts = [documents[owner].text[segment.start : segment.end] for owner, segment in zip(owners, segments, strict=True)]
    words, signed, prints, short = sketch_texts(texts, config)
    bands = bands_of(config)
    rows = np.array(sorted(short), np.int64)
    return Prepared(
        documents,
        [document.id for document in documents],
        [text_digest(document.text) for document in documents],
        [packed(document) if keep_texts else None for document in documents],
        [timestamp_of(document)[1] if document.time or needs_times(config) else None for document in documents],
        segments,
        owners,
        words,
        prints,
        band_keys(signed, bands),
        short,
        word_band_keys(words, rows, config),
        hash_rows(words),
        first_copies(words),
        [withdrawal_of(document) for document in documents],
        [edition_of(document) for document in documents],
        [ownership_of(documents[owner], text, config) for owner, text in zip(owners, texts, strict=True)],
    )


def looked_up(prepared: Prepared, config: Config) -> tuple[Array, Array]:
    """Return which rows are compared with others, and which of them are posted for those to come: masks. A copy is as its original, unless
    some pairs may not match."""
    long_enough = prepared.words.lengths >= config.min_words
    first = prepared.first == np.arange(len(prepared.first))
    return long_enough & (first | restricts(config)), long_enough & first
