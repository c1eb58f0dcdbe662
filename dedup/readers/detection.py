"""Detection: what a file is. Its name and its first bytes must agree; a file of a kind that is not known is never taken for text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import InputError
from ..text.late import late
from .formats import FORMATS, InputFormat, find_input_format, formats_named, holds
from .lines import Stream
from .options import Reading
from .sniffing import SNIFFED, Head

_CONVERT = "save it as text, or in a format that can be read"
_PAGE = late('<meta name="generator" content="bulletin-dedup">')
_SCHEMA = late(r"""^\s*\{\s*"schema":\s*"dedup/""")
_TOLERANT = ("jsonl", "json", "mail")  # whose readers say where such a file is wrong


class UnknownKind(InputError):
    """A file that is not of a kind that can be read, or whose name and content do not agree."""


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """A kind of file that cannot be read: what it is called, what to do with it, and how its first bytes look."""

    label: str
    hint: str
    looks: Callable[[Head], bool]


def _begins(*starts: bytes) -> Callable[[Head], bool]:
    return lambda head: head.begins(*starts)


def _is_archive(head: Head) -> bool:
    return head.begins(b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ") or head.data[257:262] == b"ustar"


def _is_picture(head: Head) -> bool:
    return head.begins(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*") or head.data[8:12] == b"WEBP"


def _is_sound(head: Head) -> bool:
    at_start, inside = head.begins(b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3"), head.data[8:12] in (b"WAVE", b"AVI ")
    return at_start or inside or head.data[4:8] == b"ftyp"


def is_result(path: str) -> bool:
    """Tell whether a file is a page or JSON that this project wrote; False for one that cannot be read."""
    try:
        with open(path, "rb") as stream:
            return _is_result(Head(stream.read(SNIFFED)))
    except OSError:
        return False


def _is_result(head: Head) -> bool:
    """Tell whether a file was written by this project: what is compared must be news, not what was said about it."""
    keys = head.keys[0]
    return bool(_PAGE.search(head.text)) or bool(head.json and _SCHEMA.search(head.text)) or keys >= {"a", "b", "relation", "jaccard"}


_UNREADABLE = (
    _Unreadable("a Word, Excel or Outlook file in the format of before 2007", "save it as .docx", _begins(b"\xd0\xcf\x11\xe0")),
    _Unreadable("a spreadsheet", "save it as CSV", holds("xl/")),
    _Unreadable("a presentation", _CONVERT, holds("ppt/")),
    _Unreadable("an OpenDocument or EPUB file", "save it as .docx", holds("mimetype")),
    _Unreadable("a ZIP archive", "unpack it", _begins(b"PK\3\4", b"PK\5\6")),
    _Unreadable("an archive", "unpack it", _is_archive),
    _Unreadable("a packed file", "end its name in .gz or .zst", _begins(b"\x1f\x8b", b"\x28\xb5\x2f\xfd")),
    _Unreadable("a picture", "leave it out", _is_picture),
    _Unreadable("sound or video", "leave it out", _is_sound),
    _Unreadable("PostScript", _CONVERT, _begins(b"%!PS")),
    _Unreadable("a program", "leave it out", _begins(b"\x7fELF", b"MZ\x90\0", b"\xca\xfe\xba\xbe")),
)


def detect_format(stream: Stream, path: str, reading: Reading) -> InputFormat:
    """Return the format of a stream: the one that the options name, else the one that the name of the file and its first bytes agree on.

    Raises `InputError` for a file of another kind, and where the two do not agree.
    """
    if reading.input_format is not None:
        return find_input_format(reading.input_format)
    named, head = formats_named(path), Head(stream.peek(SNIFFED)[:SNIFFED])
    if _is_result(head):
        raise UnknownKind("this was written by dedup, and is no news", path=path, hint="leave it out, or say with --as what it is")
    found = next((each for each in FORMATS if each.looks is not None and each.looks(head)), None)
    if found is None:
        return _without_looks(named, head, path)
    if found.name == "jsonl" and reading.records is not None:
        found = find_input_format("json")
    if not named or found in named:
        return found
    if found.name == "jsonl" and (other := find_input_format("json")) in named:
        return other
    raise _disagreement(named, found, path)


def _without_looks(named: tuple[InputFormat, ...], head: Head, path: str) -> InputFormat:
    """Return the format of a file whose first bytes are those of no format: what its name says, or text."""
    strange = next((each for each in _UNREADABLE if each.looks(head)), None)
    if strange is not None:
        zipped = next((each for each in named if each.name in ("docx", "wacz")), None)
        if zipped is not None and head.begins(b"PK\3\4"):  # whose first entries are others
            return zipped
        raise UnknownKind(f"this looks like {strange.label}, which is not read", path=path, hint=strange.hint)
    if root := head.root[0]:
        what = f"this looks like XML or HTML of a kind that is not read, with the root <{root[:40]}>"
        raise UnknownKind(what, path=path, hint="take the texts out of it, or say with --as what it is")
    by_name = next((each for each in named if each.looks is None), None)
    if by_name is not None:
        return by_name
    if not named:
        return find_input_format("text")
    likely = next((each for each in named if each.name in _TOLERANT), None)
    if likely is None and head.data.strip():
        hint = "give it another name, or say with --as what it is"
        raise UnknownKind(f"its name is that of {named[-1].label}, but its content is not", path=path, hint=hint)
    return likely or named[-1]


def _disagreement(named: tuple[InputFormat, ...], found: InputFormat, path: str) -> UnknownKind:
    what = f"its name is that of {named[-1].label}, but it looks like {found.label}"
    return UnknownKind(what, path=path, hint=f"give it another name, or say what it is with --as {found.name} or --as {named[-1].name}")
