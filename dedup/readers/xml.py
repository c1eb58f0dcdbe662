"""XML: the items of a stream, one at a time, in limited memory. No DTD is fetched, no entity is defined by a file."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html.entities import html5, name2codepoint
from typing import Any
from xml.parsers import expat

from ..errors import InputError
from .lines import BOM, SPARE, Stream
from .options import Reading
from .xml_elements import Element, Item
from .xml_encoding import characters
from .xml_mend import mended

_DEEPEST = 256  # elements inside each other
_ATTRIBUTES = 1000  # of an element
_LONGEST_TAG = 1 << 22  # bytes of a tag with its attributes, a comment or an instruction; the parser looks at them again with each piece
_NAMES = 20_000  # different names of elements and attributes
_PREFIXES = 200  # of names, at one place
_NODES = 1 << 18  # elements of an item
_AROUND = 10_000  # elements outside of items that are kept, and characters of their text
_AROUND_CHARS = 1 << 20
_XML = "http://www.w3.org/XML/1998/namespace"
_HINT = "check that the file is whole and that it is XML"
# The entities of HTML 4, which DTDs of old news formats and of XHTML define. Those that HTML 5 has besides are found in texts alone.
_ENTITIES = "".join(f'<!ENTITY {name} "&#38;#{code};">' for name, code in name2codepoint.items())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read of a file: the elements called ``items``, in a root that is called one of ``roots`` of a format with this ``label``.

    Elements called one of ``groups``, and those with items in them, are forgotten when they end, so that there may be any number of them.
    ``prefixes`` are the namespaces of prefixes that a file may use without saying what they are. If ``mend``, small faults are mended.
    """

    label: str
    roots: Collection[str]
    items: Collection[str]
    groups: Collection[str] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    mend: bool = False


class _Scope:
    """The namespaces of prefixes at a place, and the names that were looked up there."""

    __slots__ = ("names", "prefixes")

    def __init__(self, prefixes: dict[str, str]):
        self.prefixes = prefixes
        self.names: dict[str, tuple[str, str]] = {}

    def resolve(self, name: str) -> tuple[str, str]:
        """Return the namespace and the local name of a name."""
        found = self.names.get(name)
        if found is None:
            prefix, _, local = name.rpartition(":")
            found = self.names[name] = self.prefixes.get(prefix, prefix), local
        return found


class _Builder:
    """Builds the elements of items, and keeps those around them as long as they are few."""

    def __init__(self, parser: Any, path: str, wanted: Wanted, limit: int):
        self.parser, self.path, self.wanted, self.limit = parser, path, wanted, limit
        self.done: deque[Item] = deque()
        self.stack: list[Element] = []
        self.scopes = [_Scope({"": "", "xml": _XML, **dict(wanted.prefixes)})]
        self.item: int | None = None  # depth of the item that is read
        self.nodes = self.chars = 0  # of the item
        self.around = self.around_chars = 0
        self.before: list[tuple[int, int]] = []  # of each open element
        self.held: set[int] = set()  # depths of open elements that had an item in them
        self.seen: set[str] = set()
        self.wrong: InputError | None = None
        self.defined = False  # the entities of HTML are
        self.shift = 0

    @property
    def closed(self) -> bool:
        """True when the root has ended."""
        return bool(self.seen) and not self.stack

    @property
    def line(self) -> int:
        """The line that is read."""
        return int(self.parser.CurrentLineNumber) + self.shift

    def error(self, what: str, hint: str = _HINT) -> InputError:
        """Return an error at the line that is read."""
        return InputError(what, path=self.path, line=self.line, hint=hint)

    def start(self, name: str, listed: list[str]) -> None:
        """Take the start of an element."""
        depth = len(self.stack)
        if depth >= _DEEPEST:
            raise self.error(f"more than {_DEEPEST} elements inside each other")
        if len(listed) > 2 * _ATTRIBUTES:
            raise self.error(f"an element with more than {_ATTRIBUTES:,} attributes")
        self.seen.add(name)
        attributes = dict(zip(listed[::2], listed[1::2], strict=True)) if listed else {}
        self.seen.update(attributes)
        if len(self.seen) > _NAMES:
            raise self.error(f"more than {_NAMES:,} different names of elements and attributes")
        scope = self.scopes[-1]
        if listed and any(key.startswith("xmlns") for key in attributes):
            scope = self._declared(scope, attributes)
        self.scopes.append(scope)
        namespace, local = scope.resolve(name)
        if not depth and local not in self.wanted.roots:
            what = f"not {self.wanted.label}: the outermost element is <{name[:40]}>"
            raise self.error(what, "name the format with --as" if len(name) else _HINT)
        element = Element(local, namespace, attributes, self.line)
        if self.item is None and local in self.wanted.items:
            self.item, self.nodes, self.chars, self.wrong = depth, 0, 0, None
        if self.item is not None:
            self.nodes += 1
            self._count(sum(map(len, listed)))
            if self.nodes > _NODES and self.wrong is None:
                self.wrong = self.error(f"an item of more than {_NODES:,} elements", "leave it out")
        self.before.append((self.around, self.around_chars))
        if depth and self._kept(depth):
            self.stack[-1].children.append(element)
        self.stack.append(element)

    def _declared(self, scope: _Scope, attributes: dict[str, str]) -> _Scope:
        found = dict(scope.prefixes)
        for key in [key for key in attributes if key == "xmlns" or key.startswith("xmlns:")]:
            found[key[6:]] = attributes.pop(key)
        if len(found) > _PREFIXES + len(self.scopes[0].prefixes):
            raise self.error(f"more than {_PREFIXES} prefixes of names")
        return scope if found == scope.prefixes else _Scope(found)

    def _kept(self, depth: int) -> bool:
        if self.item is not None:
            return depth > self.item and self.wrong is None
        self.around += 1
        return self.around <= _AROUND

    def _count(self, chars: int) -> None:
        self.chars += chars
        if self.chars > self.limit and self.wrong is None:
            self.wrong = self.error(f"an item of more than {self.limit:,} characters", "leave it out, or raise --max-chars")

    def text(self, data: str) -> None:
        """Take a piece of text."""
        if not self.stack:
            return
        if self.item is not None:
            self._count(len(data))
            if self.wrong is not None:
                return
        else:
            self.around_chars += len(data)
            if self.around_chars > _AROUND_CHARS or data.isspace():
                return
        self.stack[-1].children.append(data)

    def end(self, _name: str) -> None:
        """Take the end of an element."""
        element = self.stack.pop()
        self.scopes.pop()
        before = self.before.pop()
        depth = len(self.stack)
        if self.item == depth:
            self.item = None
            self.held.update(range(depth))
            self.done.append(Item(element, tuple(self.stack), self.wrong))
            if self.wrong is not None:
                element.children.clear()
        elif self.item is None and self.stack and (depth in self.held or element.name in self.wanted.groups):  # its items are read
            self.held.discard(depth)
            self.around, self.around_chars = before
            children = self.stack[-1].children
            if children and children[-1] is element:
                children.pop()

    def entity(self, name: str, is_parameter: int, value: str | None, *_: object) -> None:
        """Refuse an entity that the file declares, except for the name of a DTD that is never fetched."""
        if not (is_parameter and value is None):
            hint = "remove the declarations (<!ENTITY ...>) if you trust the file"
            raise self.error(f"the file declares an entity, {name[:40]!r}, which is not read", hint)

    def skipped(self, name: str, is_parameter: int) -> None:
        """Take a reference to an entity that no file defined: one of HTML 5, or it stays as it is."""
        if not is_parameter:
            self.text(html5.get(f"{name};", f"&{name};"))

    def external(self, context: str, *_: object) -> int:
        """Read the entities of HTML in place of a DTD that is named by its address, and is never fetched."""
        if self.defined:
            return 1
        self.defined = True
        inner = self.parser.ExternalEntityParserCreate(context)
        inner.EntityDeclHandler = None
        inner.Parse(_ENTITIES, True)
        return 1


class _Documents:
    """Parses a file, and what follows behind its root: documents one after the other, as ``cat`` makes them."""

    def __init__(self, path: str, wanted: Wanted, limit: int):
        self.path, self.wanted, self.limit = path, wanted, limit
        self.given, self.before = 0, b""
        self.parser, self.builder = self._begin(0)

    def _begin(self, shift: int) -> tuple[Any, _Builder]:
        parser = expat.ParserCreate("utf-8")
        builder = _Builder(parser, self.path, self.wanted, self.limit)
        builder.shift = shift
        parser.ordered_attributes = parser.buffer_text = True
        parser.UseForeignDTD(True)
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        parser.ExternalEntityRefHandler = builder.external
        parser.EntityDeclHandler = builder.entity
        parser.SkippedEntityHandler = builder.skipped
        parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
        parser.CharacterDataHandler = builder.text
        return parser, builder

    def feed(self, data: bytes, last: bool = False) -> Iterator[Item]:
        """Parse a piece, and yield the items that end in it. Raises `InputError`."""
        while True:
            self.given += len(data)
            try:
                self.parser.Parse(data, last)
            except expat.ExpatError as error:
                yield from self.builder.done
                data, skipped = self._next(data)
                if not data:
                    what = f"broken XML ({expat.ErrorString(error.code)})"
                    raise InputError(what, path=self.path, line=error.lineno + self.builder.shift, hint=_HINT) from error
                self.given, self.before = 0, b""
                self.parser, self.builder = self._begin(self.builder.shift + error.lineno - 1 + skipped)
                continue
            yield from self.builder.done
            self.builder.done.clear()
            if self.given - self.parser.CurrentByteIndex > _LONGEST_TAG + len(data):
                raise self.builder.error(f"a tag or a comment of more than {_LONGEST_TAG:,} bytes")
            self.before = data
            return

    def _next(self, data: bytes) -> tuple[bytes, int]:
        """Return the bytes of the document behind the one that has ended, and how many lines stand before it; empty if it has not ended."""
        if not self.builder.closed:
            return b"", 0
        start = self.parser.ErrorByteIndex - (self.given - len(data) - len(self.before))
        rest = (self.before + data)[start:] if start >= 0 else b""
        found = rest.lstrip(BOM + b" \t\r\n")
        return (found, rest[: len(rest) - len(found)].count(b"\n")) if found.startswith(b"<") else (b"", 0)


def items(stream: Stream, path: str, reading: Reading, wanted: Wanted) -> Iterator[Item]:
    """Yield the items of an XML file, also of several documents in one. An item that is too large has an error, and the rest is read.

    Raises `InputError` with the line if the rest cannot be read, for another root, for entities that the file declares, for elements that
    are nested too deeply, and for tags that are too long.
    """
    pieces: Iterable[str] = characters(stream, path, reading, wanted.mend)
    if wanted.mend:
        pieces = mended(pieces)
    documents = _Documents(path, wanted, 2 * reading.max_chars + SPARE)
    begun = False
    for piece in pieces:
        text = piece if begun else piece.lstrip()  # white space before the declaration
        documents.builder.shift += piece.count("\n", 0, len(piece) - len(text))
        begun = begun or bool(text)
        yield from documents.feed(text.encode("utf-8", "replace"))
    if begun:
        yield from documents.feed(b"", last=True)
