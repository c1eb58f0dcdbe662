"""Word: a .docx is one document, which is cut into segments later.

Its text is what Word shows with all changes accepted: insertions are text, deletions are not. Footnotes, comments, headers and footers are
left out, and that is said. The format is ECMA-376 (Office Open XML), in its transitional and its strict form.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote
from xml.parsers import expat

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_time
from .docx_lists import numbering_of
from .docx_text import Body
from .lines import Stream
from .options import Reading
from .records import Record, record_of_document
from .said import say
from .whole import file_id, read_whole, tidy, with_noun, within_limits

_MOST_FILE = 1 << 27  # bytes of a file
_MOST_PART = 1 << 27  # inflated bytes of one part: about 100 times as many as its text has characters
_MOST_SMALL = 1 << 23  # inflated bytes of a part that is not the text
_MOST_PARTS = 20_000
_MOST_FURNITURE = 100  # parts that are looked at for headers and footers
_MOST_ELEMENTS = 2_000_000
_DEEPEST = 2000  # elements inside each other
_OLE = b"\xd0\xcf\x11\xe0"
_HINT = "open it in Word or LibreOffice and save it again as .docx"
_OFFICE_DOCUMENT = "/officeDocument"
_CORE = "/core-properties"

_Start = Callable[[str, dict[str, str]], None]
_End = Callable[[str], None]
_Chars = Callable[[str], None]


def _broken(path: str, why: object) -> InputError:
    return InputError(f"a Word file that cannot be read ({' '.join(str(why).split())})", path=path, hint=_HINT)


class _Package:
    """The parts of a .docx. Sizes are those of the bytes that come out, not those that the file states."""

    def __init__(self, data: bytes, path: str):
        self._path = path
        if data.startswith(_OLE):
            what = "an old Word file (.doc), or one with a password"
            raise InputError(what, path=path, hint="save it as .docx, without a password")
        if data.count(b"PK\x01\x02") > _MOST_PARTS:
            raise _broken(path, f"more than {_MOST_PARTS:,} parts")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeError, IndexError) as error:
            raise _broken(path, error) from error
        self._names = {name.lower().lstrip("/"): name for name in self._zip.namelist()}

    def part(self, name: str, most: int = _MOST_SMALL) -> bytes | None:
        """Return the bytes of a part, None if it is not there. Raises `InputError`."""
        found = self._names.get(name.lower().lstrip("/"))
        if found is None:
            return None
        try:
            with self._zip.open(found) as part:
                data = part.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
            raise _broken(self._path, error) from error
        if len(data) > most:
            raise _broken(self._path, f"{found} has more than {most:,} bytes")
        return data

    def parse(self, name: str, start: _Start, end: _End | None = None, chars: _Chars | None = None, most: int = _MOST_SMALL) -> bool:
        """Give the elements of a part of XML to these functions; False if there is no such part. Raises `InputError`.

        Names are ``{namespace}name``. A document type, and so any entity, is refused.
        """
        data = self.part(name, most)
        if data is None:
            return False
        depth = elements = 0

        def opened(tag: str, values: dict[str, str]) -> None:
            nonlocal depth, elements
            depth, elements = depth + 1, elements + 1
            if depth > _DEEPEST:
                raise _broken(self._path, f"{name} has elements nested more than {_DEEPEST:,} deep")
            if elements > _MOST_ELEMENTS:
                raise _broken(self._path, f"{name} has more than {_MOST_ELEMENTS:,} elements")
            start(tag, values)

        def closed(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(tag)

        def refused(*_: object) -> None:
            raise _broken(self._path, f"{name} has a document type")

        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refused
        parser.EntityDeclHandler = refused
        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        if chars is not None:
            parser.CharacterDataHandler = chars
        try:
            parser.Parse(data, True)  # at once: in pieces, a long token would be read again for each
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise _broken(self._path, f"{name}: {error}") from error
        return True

    def relations(self, of: str) -> list[tuple[str, str, str]]:
        """Return the id, the type and the target of each relation of a part, or of the package for ''."""
        folder, name = posixpath.split(of)
        found: list[tuple[str, str, str]] = []

        def start(tag: str, values: dict[str, str]) -> None:
            if tag.endswith("}Relationship") and values.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, unquote(values.get("Target", "")))).lstrip("/")
                found.append((values.get("Id", ""), values.get("Type", ""), target))

        self.parse(posixpath.join(folder, "_rels", f"{name}.rels"), start)
        return found


def _first(relations: Sequence[tuple[str, str, str]], ending: str, otherwise: str) -> str:
    return next((target for _, kind, target in relations if kind.endswith(ending)), otherwise)


def _properties(package: _Package, name: str) -> dict[str, str]:
    """Return the core properties of the file: title, modified and language, where it has them."""
    found: dict[str, str] = {}
    inside = ""

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside
        inside = tag.rpartition("}")[2]

    def end(_: str) -> None:
        nonlocal inside
        inside = ""

    def chars(text: str) -> None:
        if inside and len(found.get(inside, "")) < 10_000:
            found[inside] = found.get(inside, "") + text

    package.parse(name, start, end, chars)
    return {key: " ".join(tidy(value).split()) for key, value in found.items() if value.strip()}


def _furniture(package: _Package, parts: Sequence[tuple[str, str, str]]) -> dict[str, int]:
    """Return how many headers and footers have a text."""
    found: dict[str, int] = {}
    for _, kind, target in parts[:_MOST_FURNITURE]:
        noun = kind.rpartition("/")[2]
        if noun in ("header", "footer"):
            body = Body({}, 1 << 20)
            package.parse(target, body.start, body.end, body.chars)
            if body.text():
                found[noun] = found.get(noun, 0) + 1
    return found


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the record of a Word file; none if it has no text. Raises `InputError`."""
    package = _Package(read_whole(stream, path, "a Word file", _MOST_FILE), path)
    relations = package.relations("")
    main = _first(relations, _OFFICE_DOCUMENT, "word/document.xml")
    parts = package.relations(main)
    lists = numbering_of(lambda start: package.parse(_first(parts, "/numbering", "word/numbering.xml"), start))
    body = Body(lists, 4 * reading.max_chars)
    if not package.parse(main, body.start, body.end, body.chars, _MOST_PART) or not body.is_word:
        raise InputError("a package without a Word document in it", path=path, hint="save the text as .docx")
    known = _properties(package, _first(relations, _CORE, "docProps/core.xml"))
    modified = known.get("modified")
    text = body.text()
    if body.beyond:
        raise InputError(f"a text of more than {4 * reading.max_chars:,} characters", path=path, hint="split it, or raise --max-chars")
    left_out = body.left_out | _furniture(package, parts)
    if left_out:
        say(path, f"left out: {', '.join(with_noun(number, noun) for noun, number in left_out.items())}")
    document = Document(
        file_id(path), text, path, 1, segmented=True, time=iso_time(modified) if modified else None,
        title=known.get("title"), language=known.get("language"),
    )  # fmt: skip
    document = within_limits(document, reading)
    if document.text:
        yield record_of_document(document)
