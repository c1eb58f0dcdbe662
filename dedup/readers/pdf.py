"""PDF: a file is one document, which is cut into segments later. Needs pdfminer.six, the extra ``[pdf]``.

Lines are joined to paragraphs, words that were cut at the end of a line are joined, and lines that stand on the same place of several
pages are left out, which is said. A scanned page has no text; that is an error.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_time
from .lines import Stream
from .options import Reading
from .pdf_glyphs import UNKNOWN, Glyph, read_pages
from .pdf_lines import Line, lines_on_page
from .pdf_paragraphs import paragraphs, without_headers
from .records import Record, record_of_document
from .said import say
from .whole import file_id, read_whole, with_noun, within_limits

_MOST_FILE = 1 << 27  # bytes
_UNREADABLE = 0.3  # the share of glyphs without characters from which on the text cannot be read
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?'?)?")


def iso_of_pdf(date: str) -> str | None:
    """Return a date of a PDF (ISO 32000-1, 7.9.4) as ISO 8601; None if it is none.

    >>> iso_of_pdf("D:20240103101500+03'00'")
    '2024-01-03T10:15:00+03:00'
    """
    found = _DATE.match(date)
    if found is None:
        return iso_time(date)
    year, month, day, hour, minute, second, utc, zone, minutes = found.groups()
    clock = f"T{hour}:{minute or '00'}:{second or '00'}" if hour else ""
    offset = "" if not clock else "Z" if utc else f"{zone}:{minutes or '00'}" if zone else ""
    return iso_time(f"{year}-{month or '01'}-{day or '01'}{clock}{offset}")


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the record of a PDF. Raises `InputError`, also if it has no text."""
    data = read_whole(stream, path, "a PDF", _MOST_FILE)
    if b"%PDF-" not in data[:1024]:
        raise InputError("not a PDF: it does not begin with %PDF-", path=path, hint="give a PDF, or the right --as")
    pages: list[list[Line]] = []
    counts = Counter[bool]()

    def take(glyphs: Sequence[Glyph]) -> None:
        counts.update(glyph.text == UNKNOWN for glyph in glyphs if not glyph.text.isspace())
        pages.append(lines_on_page(glyphs))

    said = read_pages(data, path, take)
    if not counts:
        raise InputError("no text in it: scanned pages need OCR", path=path, hint="run OCR on it first, for example with ocrmypdf")
    if counts[True] > _UNREADABLE * counts.total():
        raise InputError("its fonts do not tell which letters they draw", path=path, hint="run OCR on it first, for example with ocrmypdf")
    if counts[True]:
        say(path, f"left out: {with_noun(counts[True], 'character')} that a font does not tell")
    lines, left_out = without_headers(pages)
    if left_out:
        say(path, f"left out: {with_noun(left_out, 'line')} that are the same on several pages")
    created = iso_of_pdf(said.created) if said.created else None
    text = "\n\n".join(paragraphs(lines))
    document = Document(file_id(path), text, path, 1, segmented=True, time=created, title=said.title)
    document = within_limits(document, reading)
    if document.text:
        yield record_of_document(document)
