"""Wire messages with control characters: ANPA 1312 and IPTC 7901. Each message of a file is one document.

A message has a header between SOH and STX, a text between STX and ETX, and a closing line between ETX and EOT. Sources: ANPA Technical
Report 84-2 (1312), IPTC 7901 (The IPTC Recommended Message Format).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_time
from .guessing import guessed_encoding
from .lines import BOM, Stream, check_encoding, unify_newlines
from .options import Reading
from .records import Record
from .whole import read_whole, records_of_documents, tidy, without_id

_MESSAGE = re.compile(rb"\x01([^\x01\x02\x03\x04]{0,4000})\x02([^\x01\x02\x03\x04]*)(?:\x03([^\x01\x02\x04]*))?(\x04|(?=\x01)|\Z)")
_IPTC = re.compile(
    r"\s*([a-z]{2,5}) ?(\d{3,5}) +([1-9]) +([a-z]{1,8}) +(\d+)?[^\n]*?(?: ([a-z]{2,5}) +(\d+))?[ \t]*(?:\n|$)", re.IGNORECASE
)
_ANPA = re.compile(
    r"\s*([a-z]) ?(\d{3,5})(?:\x1f[^\n]*)?\n+([a-z]) ?([a-z]) ?[\x11-\x14]{0,2} ?(\S+)(.*?)(?:(\d\d)-(\d\d))?(?: +\d*)?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_SENT = re.compile(r"([A-Za-z]+)-[A-Za-z]+-(\d\d)-(\d\d)-(\d\d) (\d\d)(\d\d) ?(GMT|[A-Z]{3,4})")
_CLOSED = re.compile(r"(\d\d)(\d\d)(\d\d) (?:(GMT|[A-Z]{3,4}) )?([A-Za-zäéû]{3,4})\.? (\d\d)")
_MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "fév": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5,
    "jun": 6, "jui": 6, "juil": 7, "jul": 7, "aug": 8, "aou": 8, "aoû": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "out": 10,
    "nov": 11, "dec": 12, "déc": 12, "dez": 12, "dic": 12,
}  # fmt: skip
_ASIDE = re.compile(r"(?:AP|AFP|Reuters|dpa|UPI)? ?(?:Photo|Graphic|Video)s?\b|Eds?:|EDITOR'S NOTE|ADDITION|URGENT$", re.IGNORECASE)
_BYLINE = re.compile(r"(?:By|Von|Par|Por|Di|Door) \S.{0,80}|(?:The )?Associated Press|AP \w+ Writer|.{0,40} (?:Writer|Correspondent)")
_SLUG = re.compile(r"[A-Z]{2}-\S.*")
_LEAD = re.compile(
    r"(?:\d+(?:ST|ND|RD|TH)|FIRST|SECOND|THIRD|\w+,?) (?:LEAD|Ld)\b.*|\w*-?Writethru.*|\d+\. (?:Zusammenfassung|Meldung).*", re.IGNORECASE
)
_TAKE = re.compile(r"\d+(?:st|nd|rd|th) ?(?:Ld|Add|Lead)[^\s,]*|[^\s,]*Writethru", re.IGNORECASE)
_MOST_HEADS = 12  # lines of a headline with what stands around it
_DATELINE = re.compile(r"\s*\S.{0,70}\((?:AFP|AP|Reuters|dpa[^)]{0,10}|ANSA|EFE|TASS|WAM|SPA|QNA|MENA|[A-Z]{2,6})\) ?[-\u2013\u2014_:]")
_SIGNED = re.compile(r"[a-z]{2,4}(?:[/-][a-z]{2,4}){1,4}|dpa(?: [a-z0-9]{2,4})+")  # who wrote and sent it
_NOTES = re.compile(r"#{1,3} ?\S")
_GERMAN = re.compile(r"[A-Za-z][{|}~][a-z]|[a-z][{|}~]")
_NATIONAL = str.maketrans("[\\]{|}~", "ÄÖÜäöüß")  # ISO 646-DE


@dataclass(frozen=True, slots=True)
class _Header:
    name: str = ""
    source: str | None = None
    version: str | None = None
    keyword: str | None = None
    tabular: bool = False


def _decoded(data: bytes, path: str, line: int, encoding: str) -> str:
    """Return a message as text, in the encoding of the options, else in the one that its bytes have. Raises `InputError`."""
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        guess = guessed_encoding(data)
        if guess is None:
            what = f"a message that is not {encoding}"
            raise InputError(what, path=path, line=line, hint="name its encoding with --encoding, for example windows-1251") from error
        text = data.decode(guess, "replace")
    return unify_newlines(text)


def _header(text: str) -> _Header:
    text = re.sub(r"[ \t]+", " ", re.sub(r"\s*\n\s*", "\n", text))
    if found := _IPTC.match(text):
        service, number, _, _, _, agency, _ = found.groups()
        keyword = " ".join(text[found.end() :].split()).strip("/ ")
        return _Header(f"{service}{number}", agency, None, keyword or None)
    if found := _ANPA.match(text):
        service, number, _, _, slug, rest = found.groups()[:6]
        take = _TAKE.search(rest)
        return _Header(f"{service}{number}", None, take[0] if take else None, slug, "\x12" in text)
    return _Header()


def _time(closing: str) -> tuple[str | None, str | None]:
    """Return the time and the agency of the closing line, each None if it is not there."""
    if found := _SENT.search(closing):
        agency, month, day, year, hour, minute, zone = found.groups()
        return iso_time(f"20{year}-{month}-{day}T{hour}:{minute} {zone}"), agency
    if found := _CLOSED.search(closing):
        day, hour, minute, zone, month, year = found.groups()
        number = _MONTHS.get(month.lower()) or _MONTHS.get(month.lower()[:3], 0)
        agency = re.match(r"\s*([A-Z]{2,6})\b", closing)
        time = iso_time(f"20{year}-{number:02}-{day}T{hour}:{minute} {zone or ''}".strip()) if number else None
        return time, agency[1] if agency else None
    return None, None


def _plain(line: str) -> str:
    """Return a line without the signs at its ends, with the quotes and dashes for which wires have other characters."""
    line = line.replace("\x1e", " ").replace("\x1f", " ").replace("\x10", " ").replace("``", "“").replace("''", "”").replace(" _ ", " — ")
    line = line.replace("\b", "").strip().rstrip("<=").strip().lstrip("^")
    return re.sub(r"^\*\d+< *\^", "", line).strip()


def _anpa_text(body: str, tabular: bool) -> tuple[str | None, str | None, list[str]]:
    """Return the headline, the version and the paragraphs of a text of ANPA, whose lines begin with ``^`` for what stands above it."""
    heads: list[str] = []
    paragraphs: list[str] = []
    going_on = False
    for line in body.split("\n"):
        plain = _plain(line)
        if not plain or plain == "END":
            going_on = False
        elif line.startswith("^") and not paragraphs:
            heads.append(plain)
        elif line.startswith(("^", "\b")) or tabular or not going_on:
            paragraphs.append(plain)
            going_on = line.startswith("\t") and not tabular
        elif line.startswith("\t"):
            paragraphs.append(plain)
        else:
            paragraphs[-1] += f" {plain}"
    slug = heads.pop(0) if heads and _SLUG.fullmatch(heads[0]) else ""
    take = _TAKE.search(slug)
    own = [head for head in heads if not _ASIDE.match(head)]
    title = own[0] if own and not _BYLINE.fullmatch(own[0]) else slug.partition(",")[0] or None
    if not paragraphs:
        paragraphs = own[1:] if own and own[0] == title else own
    return title, take[0] if take else None, paragraphs


def _end_of_headline(lines: list[str]) -> int:
    """Return the place of the last line of the headline, -1 if there is none.

    It ends with ``=``, or the next line begins with a dateline such as ``PARIS, 3 jan (AFP) -``, or is blank, or is the first indented one.
    """
    start = lines[:_MOST_HEADS]
    if (marked := next((place for place, line in enumerate(start) if line.rstrip().endswith("=")), None)) is not None:
        return marked
    if (dated := next((place for place, line in enumerate(start) if _DATELINE.match(line)), None)) is not None:
        return dated - 1
    below = next((place for place, line in enumerate(start) if not line.strip() or (line.startswith(("  ", "\t")) and place)), 0)
    return below - 1 if lines[0] == lines[0].lstrip() and not lines[below - 1].rstrip().endswith((".", ":")) else -1


def _iptc_text(body: str) -> tuple[str | None, str | None, list[str]]:
    """Return the headline, the version and the paragraphs of a text of IPTC 7901, whose headline ends with ``=``."""
    lines = body.strip("\n").split("\n")
    end = _end_of_headline(lines)
    heads = [_plain(line) for line in lines[: end + 1] if _plain(line)]
    version = next((head for head in heads if _LEAD.fullmatch(head)), None)
    title = " ".join(head for head in heads if head != version and not _BYLINE.match(head) and not _ASIDE.match(head))
    paragraphs: list[str] = []
    fresh = True
    for line in lines[end + 1 :]:
        if _NOTES.match(line):
            break  # notes of the agency that are not for publication
        plain = _plain(line)
        if not plain:
            fresh = True
        elif fresh or line.startswith(("  ", "\t")):
            paragraphs.append(plain)
            fresh = False
        else:
            paragraphs[-1] += f" {plain}"
    if len(paragraphs) > 1 and _SIGNED.fullmatch(paragraphs[-1]):
        paragraphs.pop()
    return title or None, version, paragraphs


def _byline(body: str) -> str | None:
    """Return the lines above a text that say who wrote it: By JANE DOE, AP Writer."""
    found = []
    for line in body.strip("\n").split("\n")[:_MOST_HEADS]:
        if line.startswith("\t") or _DATELINE.match(line):
            break
        if _BYLINE.fullmatch(plain := _plain(line)):
            found.append(plain)
    return ", ".join(found) or None


def _document(header: str, body: str, closing: str, name: tuple[str, int], reading: Reading) -> Document:
    path, number = name
    if len(_GERMAN.findall(body)) > 2 and body.isascii():
        header, body = header.translate(_NATIONAL), body.translate(_NATIONAL)
    head = _header(header)
    is_anpa = "\n^" in f"\n{body}" or "\n\t" in f"\n{body}" or head.tabular
    title, version, paragraphs = _anpa_text(body, head.tabular) if is_anpa else _iptc_text(body)
    time, agency = _time(closing)
    text = tidy("\n".join(paragraphs) if head.tabular else "\n\n".join(paragraphs))
    own = f"{head.name}-{time[:16]}" if head.name and time else head.name
    return Document(
        own or without_id(text, path, number, reading), text, path, number, time=time, source=agency or head.source,
        title=title or head.keyword, version=version or head.version, byline=_byline(body),
    )  # fmt: skip


def _documents(data: bytes, path: str, reading: Reading) -> Iterator[Document | InputError]:
    found, line, at = Counter[str](), 1, 0
    for match in _MESSAGE.finditer(data):
        line, at = line + data.count(b"\n", at, match.start()), match.start()
        try:
            whole = _decoded(b"\1".join(part or b"" for part in match.groups()), path, line, reading.encoding)
        except InputError as error:
            yield error
            continue
        header, body, closing, end = whole.split("\1")
        if match[3] is None and not end:
            yield InputError("a message without an end: it was cut off", path=path, line=line, hint="get it again")
            continue
        document = _document(header, body, closing, (path, line), reading)
        if not document.text:
            yield InputError("a message without a text", path=path, line=line, hint="leave it out")
            continue
        found[document.id] += 1
        yield document if found[document.id] == 1 else _numbered(document, found[document.id])
    if not at and not _MESSAGE.search(data):
        raise InputError("no message: SOH, STX and ETX are not there", path=path, hint="give an ANPA or IPTC 7901 file, or the right --as")


def _numbered(document: Document, number: int) -> Document:
    return replace(document, id=f"{document.id}#{number}")


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of messages. A message that was cut off, or has no text, is an error."""
    check_encoding(reading.encoding)
    data = read_whole(stream, path, "a file of messages").removeprefix(BOM)
    for found in _documents(data, path, reading):
        if isinstance(found, InputError):
            yield Record(b"", {}, None, found)
        else:
            yield from records_of_documents([found], reading)
