"""The glyphs of a PDF: what pdfminer.six finds on each page, within limits of size and work."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InputError

_MOST_PAGES = 5000
_MOST_INFLATED = 1 << 26  # bytes that one stream inflates to
_MOST_WORK = 1 << 26  # bytes of page descriptions that are carried out, those used again included: about a minute
_MOST_GLYPHS = 4_000_000
_MOST_LZW = 1 << 22  # bytes
_PACKED = {"FlateDecode", "Fl", "LZWDecode", "LZW", "RunLengthDecode", "RL"}
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""The text of a glyph whose characters the file does not tell."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """What is drawn at one place: its characters, its left and right edge, its baseline and its size, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a PDF says about itself: its title, and when it was made, as it is written there."""

    title: str | None
    created: str | None


class _TooMuch(Exception):
    """A limit was reached; the message says which."""


def _check_stream(stream: Any) -> None:
    """Refuse a stream that inflates to too much, or is packed several times over. Raises `_TooMuch`."""
    filters = [getattr(name, "name", "") for name, _ in stream.get_filters()]
    packed = [name for name in filters if name in _PACKED]
    raw = stream.get_rawdata() or b""
    if len(packed) > 1:
        raise _TooMuch("a stream that is packed twice")
    if packed and packed[0].startswith("LZW") and len(raw) > _MOST_LZW:
        raise _TooMuch(f"a stream of LZW of more than {_MOST_LZW:,} bytes")
    if packed and packed[0] in ("FlateDecode", "Fl") and filters[0] == packed[0]:
        inflater = zlib.decompressobj()
        try:
            if len(inflater.decompress(raw, _MOST_INFLATED + 1)) > _MOST_INFLATED:
                raise _TooMuch(f"a stream that inflates to more than {_MOST_INFLATED:,} bytes")
        except zlib.error:
            return  # pdfminer reads what it can
    elif packed and len(raw) > _MOST_LZW:
        raise _TooMuch(f"a packed stream of more than {_MOST_LZW:,} bytes")


def _classes() -> tuple[Any, Any, Any]:
    """Return the parser, the interpreter and the device that keep the limits. pdfminer is imported only here."""
    from pdfminer.converter import PDFLayoutAnalyzer
    from pdfminer.layout import LTChar, LTFigure
    from pdfminer.pdfinterp import PDFPageInterpreter
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import PDFStream, stream_value

    class Stream(PDFStream):
        def decode(self) -> None:
            if self.decipher is None:
                _check_stream(self)
            super().decode()

    class Parser(PDFParser):
        def push(self, *objects: Any) -> None:
            for _, found in objects:
                if type(found) is PDFStream:
                    found.__class__ = Stream
            super().push(*objects)

    class Device(PDFLayoutAnalyzer):
        def __init__(self, manager: Any):
            super().__init__(manager, laparams=None)
            self.work = self.number = 0
            self.page: Any = None

        def receive_layout(self, page: Any) -> None:
            self.page = page

        def handle_undefined_char(self, *_: Any) -> str:
            return UNKNOWN

        def paint_path(self, *_: Any) -> None:
            pass

        def render_image(self, *_: Any) -> None:
            pass

        def render_char(self, *values: Any, **named: Any) -> float:
            self.number += 1
            if self.number > _MOST_GLYPHS:
                raise _TooMuch(f"more than {_MOST_GLYPHS:,} characters")
            return float(super().render_char(*values, **named))

    class Interpreter(PDFPageInterpreter):
        device: Any

        def execute(self, streams: Any) -> None:
            for stream in streams:
                self.device.work += 200 + len(stream_value(stream).get_data())
            if self.device.work > _MOST_WORK:
                raise _TooMuch(f"descriptions of pages of more than {_MOST_WORK:,} bytes")
            super().execute(streams)

    Device.kinds = (LTChar, LTFigure)  # type: ignore[attr-defined]
    return Parser, Interpreter, Device


def _glyphs(page: Any, kinds: tuple[Any, Any]) -> Iterator[Glyph]:
    """Yield the glyphs of a page. If most of its text is turned, it is turned back; text in other directions is left out."""
    chars, waiting = [], [page]
    while waiting:
        each = waiting.pop()
        if isinstance(each, kinds[0]):
            chars.append(each)
        elif hasattr(each, "__iter__"):
            waiting += reversed(list(each))
    turns: dict[int, int] = {}
    for char in chars:
        turns[_turn(char.matrix)] = turns.get(_turn(char.matrix), 0) + 1
    turn = max(sorted(turns), key=lambda key: turns[key], default=0)
    for char in chars:
        e, f = char.matrix[4:]
        if _turn(char.matrix) != turn:
            continue
        (x0, y0, x1, y1) = char.bbox
        left, right, base = {0: (x0, x1, f), 1: (y0, y1, -e), 2: (-x1, -x0, -f), 3: (-y1, -y0, e)}[turn]
        yield Glyph(char.get_text(), left, right, base, max(char.width if turn % 2 else char.height, 0.1))


def _turn(matrix: tuple[float, ...]) -> int:
    a, b = matrix[0], matrix[1]
    if abs(b) <= 0.3 * abs(a):
        return 0 if a >= 0 else 2
    return (1 if b > 0 else 3) if abs(a) <= 0.3 * abs(b) else -1


def read_pages(data: bytes, path: str, take: Callable[[Sequence[Glyph]], None]) -> Said:
    """Give the glyphs of each page of a PDF, in the order of the file, to ``take``; return what it says about itself.

    Raises `InputError` if it is damaged, encrypted or too large, or if pdfminer.six is not installed.
    """
    try:
        from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
        from pdfminer.pdfinterp import PDFResourceManager
        from pdfminer.pdfpage import PDFPage
    except ImportError as error:
        raise InputError("a PDF needs pdfminer.six", path=path, hint="pip install 'bulletin-dedup[pdf]'") from error
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # its words are not for users
    kind_parser, kind_interpreter, kind_device = _classes()
    try:
        document = PDFDocument(kind_parser(io.BytesIO(data)))
        manager = PDFResourceManager()
        device = kind_device(manager)
        for number, page in enumerate(PDFPage.create_pages(document)):
            if number >= _MOST_PAGES:
                raise _TooMuch(f"more than {_MOST_PAGES:,} pages")
            kind_interpreter(manager, device).process_page(page)
            glyphs = _glyphs(device.page, kind_device.kinds) if device.page is not None else iter(())
            take([each for each in glyphs if -1e6 < each.left <= each.right < 1e6 and -1e6 < each.base < 1e6])
        about = document.info[0] if document.info else {}
        return Said(_said(about.get("Title")), _said(about.get("CreationDate")) or _said(about.get("ModDate")))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise InputError("an encrypted PDF", path=path, hint="save it without a password") from error
    except _TooMuch as error:
        raise InputError(f"a PDF with {error}", path=path, hint="split it, or print it to a new PDF") from error
    except Exception as error:  # pdfminer raises whatever a damaged file leads it to
        why = " ".join(str(error).split())[:100] or type(error).__name__
        raise InputError(f"a PDF that cannot be read ({why})", path=path, hint="print it to a new PDF") from error


def _said(value: Any) -> str | None:
    """Return a text that the file says about itself."""
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    value = resolve1(value)
    return (
        " ".join(decode_text(value if isinstance(value, bytes) else value.encode("latin-1", "replace")).replace("\0", "").split()) or None
        if isinstance(value, bytes | str)
        else None
    )
