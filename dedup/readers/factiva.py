"""Factiva: the articles of a text export, each with its headline, source, date and accession number.

Two shapes are read: with indexing, where each field begins with two or three capitals such as ``HD`` or ``LP``, and without, where the
lines have a fixed order. Both end with a line ``Document LBA0000020240103ek13000a1``, whose number is the id. The codes of fields are the
same in all languages of Factiva; the words for "words" and the months are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import InputError
from ..model import Document
from .archive_words import date_of, language_of
from .lines import Stream, decode, unify_newlines
from .options import Reading
from .records import Record
from .whole import read_whole, records_of_documents, tidy, without_id

_NUMBER = re.compile(r"\s*(?:AN\s+)?(?:Document|Documento|Dokument|文書|文件|Документ)\s+([A-Z][A-Z0-9]{4,15}\d{8}[a-z0-9]{6,16})\s*")
_CODES = (
    "SE HD BY CR WC PD ET SN SC ED PG VOL LA CY CX LP TD CT RF CO IN NS RE IPC IPD PUB AN ART CLM DE RST GC SO AU NT DLN ATC CAT FDS ELM TI"
)
_FIELD = re.compile(rf"[ \t]{{0,3}}({'|'.join(_CODES.split())})(?:[ \t]{{1,}}(.*)|[ \t]*$)")
_WORDS = "words?|mots?|palabras?|Wörter|Woerter|Wort|parole|parola|palavras?|woorden|слов\\w*|字|語|语|كلمة|كلمات|kata|sözcük"
_COUNTED = re.compile(rf"\s*[\d.,\N{{NO-BREAK SPACE}}\N{{NARROW NO-BREAK SPACE}} ]+\s*(?:{_WORDS})\s*", re.IGNORECASE)
_CLOCK = re.compile(r"\s*(\d{1,2}:\d{2})(?::\d{2})?\s*(?:GMT|UTC)?\s*")
_RIGHTS = re.compile(r"\s*(?:\(c\)|©|Copyright\b|\(C\)|All [Rr]ights [Rr]eserved|Derechos reservados|Tous droits réservés).*")
_NOISE = re.compile(
    r"\s*(?:Page \d+(?: of \d+.*Factiva.*)?|(?:©|\(c\)) ?\d{4} (?:Factiva|Dow Jones).*(?:reserved|réservés|reservados|vorbehalten).*)\s*",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:By|Von|Par|Por|Di|Door|De|Oleh) \S|.{0,60}\b(?:Reporter|Correspondent|Writer|Staff)\b")
_CODE = re.compile(r"[A-Z0-9]{2,10}")
_TEXT = ("LP", "TD")


def _articles(lines: list[str]) -> Iterator[tuple[int, list[str], str]]:
    """Yield the first line, the lines and the accession number of each article."""
    start = 0
    for place, line in enumerate(lines):
        found = _NUMBER.fullmatch(line) if len(line) < 100 else None
        if found is not None:
            yield start + 1, lines[start:place], found[1]
            start = place + 1


def _labelled(lines: list[str]) -> dict[str, str] | None:
    """Return the fields of an article with codes; None for one without."""
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        found = _FIELD.fullmatch(line) if line[:4].strip() else None
        if found is not None and (found[1] not in fields or found[1] == name) and not (name in _TEXT and found[2] and not _is_column(line)):
            name = found[1]
            fields.setdefault(name, []).append(found[2] or "")
        elif name:
            fields[name].append(line.strip())
    if "HD" not in fields and not any(name in fields for name in _TEXT):
        return None
    return {name: "\n".join(value) for name, value in fields.items()}


def _is_column(line: str) -> bool:
    """Tell whether a code is parted from its value as by a column, not by one space as in a sentence."""
    return re.match(r"[ \t]{0,3}[A-Z]{2,3}(?:\t|[ \t]{2,}|$)", line) is not None


def _unlabelled(lines: list[str]) -> dict[str, str]:
    """Return the fields of an article without codes, from the order of its lines around the number of words."""
    count = next((place for place, line in enumerate(lines) if len(line) < 60 and _COUNTED.fullmatch(line)), None)
    if count is None:
        return {}
    above = [line.strip() for line in lines[:count] if line.strip()][-4:]
    fields = {}
    if len(above) > 1 and _BYLINE.match(above[-1]):
        fields["BY"] = above.pop()
    if above:
        fields["HD"] = above[-1]
    below: list[str] = []
    place = count + 1
    while place < len(lines) and len(below) < 16:
        line = lines[place].strip()
        if not line and below and ("rights" in fields or len(below) > 3):
            break
        place += 1
        if not line:
            continue
        below.append(line)
        if "PD" not in fields and date_of(line):
            fields["PD"] = line
        elif "ET" not in fields and _CLOCK.fullmatch(line):
            fields["ET"] = line
        elif _RIGHTS.match(line):
            fields["rights"] = line
        elif "SN" not in fields:
            fields["SN"] = line
        elif "SC" not in fields and _CODE.fullmatch(line):
            fields["SC"] = line
        elif "LA" not in fields and language_of(line):
            fields["LA"] = line
    fields["TD"] = "\n".join(lines[place:])
    return fields


def _paragraphs(text: str) -> str:
    """Return the paragraphs of a text: lines that blank lines part, or each line where there are none."""
    lines = [line.strip() for line in text.split("\n") if not _NOISE.fullmatch(line[:200])]
    return tidy("\n".join(lines))


def _time(fields: dict[str, str]) -> str | None:
    day = fields.get("PD", "").strip()
    clock = _CLOCK.fullmatch(fields.get("ET", "").strip()[:40])
    return date_of(f"{day} {clock[1]}" if clock else day)


def _byline(fields: dict[str, str]) -> str | None:
    """Return the byline with the credit."""
    return ", ".join(" ".join(fields[name].split()) for name in ("BY", "CR") if fields.get(name, "").strip()) or None


def _documents(text: str, path: str, reading: Reading) -> Iterator[Document | InputError]:
    for line, lines, number in _articles(text.split("\n")):
        fields = _labelled(lines) or _unlabelled(lines)
        body = _paragraphs("\n\n".join(fields[name] for name in _TEXT if fields.get(name)))
        if not body:
            yield InputError("an article without a text", path=path, line=line, hint="leave it out, or export articles, not headlines")
            continue
        language = " ".join(fields.get("LA", "").split())
        yield Document(
            number or without_id(body, path, line, reading), body, path, line, time=_time(fields),
            source=" ".join(fields.get("SN", "").split()) or None, title=" ".join(fields.get("HD", "").split()) or None,
            language=language_of(language) or language or None, byline=_byline(fields),
        )  # fmt: skip


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of articles. An article without a text is an error. Raises `InputError` if the file has no article."""
    text = unify_newlines(decode(read_whole(stream, path, "a Factiva export"), path, reading.encoding))
    records = records_of_documents(_documents(text.replace("\f", "\n"), path, reading), reading)
    for first in records:
        yield first
        yield from records
        return
    what = "no article: there is no line like 'Document LBA0000020240103ek13000a1'"
    raise InputError(what, path=path, hint="export it as text, or give the right --as")
