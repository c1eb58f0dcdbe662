"""Ids of documents, versions and segments: each is used once. A second text with the same id is a new version of that record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b

from ..config import SAME_ID, SameId
from ..errors import ConfigError, InputError
from ..model import Document
from .notices import has_text


def version_name(document: str, version: int) -> str:
    """Return the name of a version of a document; the first has the id itself.

    >>> version_name("live-1", 1), version_name("live-1", 2)
    ('live-1', 'live-1@2')
    """
    return document if version == 1 else f"{document}@{version}"


def version_of(document: str, name: str) -> int:
    """Return which version of a document has a name that `version_name` returned.

    >>> version_of("live-1", "live-1"), version_of("live-1", "live-1@2")
    (1, 2)
    """
    return 1 if name == document else int(name[len(document) + 1 :])


def record_and_version(name: str) -> tuple[str, int]:
    """Return the record and the number of the version that a name says, as `version_name` makes it.

    >>> record_and_version("live-1"), record_and_version("live-1@2")
    (('live-1', 1), ('live-1', 2))
    """
    record, mark, version = name.rpartition("@")
    is_version = bool(record and mark) and version.isascii() and version.isdigit() and not version.startswith("0") and len(version) < 10
    return (record, int(version)) if is_version else (name, 1)


def segment_name(document: str, index: int | None) -> str:
    """Return the name of a segment of a document, None for the whole of it.

    >>> segment_name("a.txt", 3), segment_name("a.txt", None)
    ('a.txt#3', 'a.txt')
    """
    return document if index is None else f"{document}#{index}"


def text_digest(text: str) -> bytes:
    """Return the digest of a text: 128 bits of BLAKE2b (RFC 7693). Different texts have different digests."""
    # For text that is not ASCII, encoding to UTF-16 is three times as fast as to UTF-8.
    data, kind = (text.encode("ascii"), b"ascii") if text.isascii() else (text.encode("utf-16-le", "surrogatepass"), b"utf-16")
    return blake2b(data, digest_size=16, person=kind).digest()


def not_withdrawn(documents: Iterable[Document], left_out: list[str] | None = None) -> Iterator[Document]:
    """Yield documents but for those that were withdrawn: ``canceled`` or ``withheld`` ones, and those with an empty text. Their ids are
    added to ``left_out``.

    >>> [each.id for each in not_withdrawn([Document("a", "Rain."), Document("b", "Snow.", status="canceled"), Document("c", " ")])]
    ['a']
    """
    for document in documents:
        if document.status not in ("canceled", "withheld") and has_text(document.text):
            yield document
        elif left_out is not None:
            left_out.append(document.id)


def named(documents: Iterable[Document], same_id: SameId) -> Iterator[Document]:
    """Yield documents with ids of their own. A document that comes again with the same id and the same text is left out.

    ``same_id`` says what a second text with the same id is: another version, with the id that `version_name` returns; or a replacement of
    the first, for which all texts are kept in memory; or a mistake. Raises `InputError` for a mistake, and `ConfigError`.

    >>> feed = [Document("a", "Rain."), Document("a", "Rain."), Document("a", "Snow.")]
    >>> [(each.id, each.text) for each in named(feed, "version")]
    [('a', 'Rain.'), ('a@2', 'Snow.')]
    >>> [(each.id, each.text) for each in named(feed, "replace")]
    [('a', 'Snow.')]
    """
    if same_id not in SAME_ID:
        raise ConfigError(f"same_id is {same_id!r}; it must be one of {', '.join(SAME_ID)}")
    if same_id == "replace":
        yield from {document.id: document for document in documents}.values()
        return
    texts: dict[str, set[bytes]] = {}
    places: dict[str, tuple[str | None, int | None]] = {}
    for document in documents:
        known, text = texts.setdefault(document.id, set()), text_digest(document.text)
        if text in known:
            continue
        if known and same_id == "refuse":
            raise same_id_error(document.id, (document.path, document.line), places[document.id])
        known.add(text)
        version = len(known)
        while (name := version_name(document.id, version)) in places:
            version += 1
        places[name] = document.path, document.line
        yield document if version == 1 else replace(document, id=name)


def same_id_error(name: str, place: tuple[str | None, int | None], first: tuple[str | None, int | None]) -> InputError:
    """Return the error of a second text with an id, where that is refused, from the paths and lines of both."""
    path, line = first
    hint = "give each document its own id, or say with --same-id version that a second text is a new version"
    hint = hint if path is None else f"the first is at {path}:{line}; {hint}"
    return InputError(f"a second document with id {name!r}", path=place[0], line=place[1], hint=hint)
