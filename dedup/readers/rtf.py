"""RTF: a file is one document, which is cut into segments later.

Its text is what a word processor shows with all changes accepted: what was inserted is text, what was deleted or is hidden is not.
Footnotes, comments, headers and footers are left out, and that is said. Source: Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_time
from .lines import BOM, Stream
from .options import Reading
from .records import Record, record_of_document
from .rtf_text import Parser
from .said import say
from .whole import file_id, read_whole, tidy, with_noun, within_limits

_MOMENT = ("yr", "mo", "dy", "hr", "min", "sec")


def _time(moment: dict[str, int]) -> str | None:
    year, month, day, hour, minute, second = (moment.get(part, 0) for part in _MOMENT)
    return iso_time(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}") if year and month and day else None


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the record of an RTF file; none if it has no text. Raises `InputError`."""
    data = read_whole(stream, path, "RTF").removeprefix(BOM).lstrip()
    if not data.startswith(b"{\\rtf"):
        raise InputError("not RTF: it does not begin with {\\rtf", path=path, hint="give an RTF file, or the right --as")
    parser = Parser(data, path, 4 * reading.max_chars)
    parser.run()
    if parser.left_out:
        say(path, f"left out: {', '.join(with_noun(number, noun) for noun, number in parser.left_out.items())}")
    moment = parser.moments.get("creatim") or parser.moments.get("revtim") or {}
    title = " ".join(tidy("".join(parser.title)).split())
    document = Document(file_id(path), parser.text(), path, 1, segmented=True, time=_time(moment), title=title or None)
    document = within_limits(document, reading)
    if document.text:
        yield record_of_document(document)
