"""Nexis: the articles of a text export of LexisNexis or Nexis Uni, each with its headline, source and date.

Two shapes are read: articles that begin with a line ``1 of 50 DOCUMENTS``, and articles that end with a line ``End of Document``; both in
the languages of the pages of Nexis. What stands before the first article, such as the search, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..errors import InputError
from ..model import Document
from .archive_words import date_of, language_of
from .lines import Stream, decode, unify_newlines
from .options import Reading
from .records import Record
from .whole import read_whole, records_of_documents, tidy, without_id

_OF = r"(?:of|de|von|di|van|/)"
_COUNT = re.compile(
    rf"[ \t\N{{ZERO WIDTH NO-BREAK SPACE}}]*(?:\d+ {_OF} \d+ (?:DOCUMENT|DOKUMENT)\w*|(?:Document|Dokument)\w* \d+ {_OF} \d+)[ \t]*",
    re.IGNORECASE,
)
_END = re.compile(
    r"\s*(?:End of Document|Ende des Dokuments?|Fin du document|Fin del documento|Fine del documento|Einde van document)\s*", re.IGNORECASE
)
_BODY = re.compile(r"\s*(?:Body|Text|Corps(?: de l'article)?|Cuerpo|Corpo|Volltext|Artikeltext)\s*(?::\s*(.*))?", re.IGNORECASE)
# The labels of fields, as English, German, French, Spanish, Dutch and Italian pages write them.
_ABOVE = {
    "byline": "byline autor autoren von auteur auteurs signature autor(es) autore",
    "section": "section rubrik rubrique sección seccion sectie sezione",
    "length": "length länge laenge longueur longitud lengte lunghezza",
    "dateline": "dateline ort lieu",
    "headline": "headline überschrift titre titular",
    "title": "title",
    "other": "highlight series type correction",
}
_BELOW = {
    "load": "load-date update actualisation date-chargement fecha-de-carga ladedatum",
    "language": "language sprache langue idioma taal lingua",
    "graphic": "graphic graphique grafik graphics gráfico",
    "kind": "publication-type type-publication publikationstyp tipo-publicación document-type",
    "url": "url",
    "number": "acc-no accession-number",
    "code": "journal-code code-revue",
    "notes": "notes note correction-date distribution",
    "terms": "subject company organization ticker industry person city state country geographic classification sujet pays ville personne "
    "thema firma organisation region staat stadt",
    "copyright": "copyright",
}
_SURE = {
    "load-date",
    "language",
    "sprache",
    "langue",
    "idioma",
    "graphic",
    "publication-type",
    "journal-code",
    "url",
    "acc-no",
    "date-chargement",
}
_CLASSES = re.compile(r"\s*(?:Classification|Klassifizierung|Clasificación|Classificazione)\s*", re.IGNORECASE)
_NAMES = {name: field for fields in (_ABOVE, _BELOW) for field, names in fields.items() for name in names.split()}
_LABEL = re.compile(r"([^\W\d_][\w()-]{1,24}(?:[ -][A-ZÄÖÜ]\w+)?)\s*:(?:[ \t]+(.*)|$)")
_RIGHTS = re.compile(
    r"(?:Copyright|©|\(c\)|All Rights Reserved|Alle Rechte vorbehalten|Tous droits réservés|Todos los derechos).*", re.IGNORECASE
)
_NOISE = re.compile(r"\s*(?:Page \d+(?: of \d+)?|Link to (?:Image|Original)|Correction Appended|\[?Graphic\]?)\s*", re.IGNORECASE)
_WIDE = 45  # characters: a line of this width was broken, and the next one goes on


def _field(line: str, newer: bool, in_body: bool) -> tuple[str, str] | None:
    """Return the field and the value of a line with a known label.

    In a text of the older shape a label has capitals only, in one of the newer it is one of a few, so that no sentence is taken for one.
    """
    found = _LABEL.fullmatch(line.strip()[:2000])
    if found is None:
        return None
    label = found[1].lower().replace(" ", "-")
    if in_body and (label not in _SURE if newer else found[1] != found[1].upper()):
        return None
    field = _NAMES.get(label)
    return (field, found[2] or "") if field else None


def _articles(lines: list[str]) -> Iterator[tuple[int, list[str], bool]]:
    """Yield the first line, the lines, and whether they are of the newer shape, of each article."""
    starts = [place for place, line in enumerate(lines) if len(line) < 120 and _COUNT.fullmatch(line)]
    if starts:
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            yield start + 2, lines[start + 1 : end], False
        return
    start = 0
    for place, line in enumerate(lines):
        if len(line) < 60 and _END.fullmatch(line):
            yield start + 1, lines[start:place], True
            start = place + 1


def _blocks(lines: list[str]) -> list[list[str]]:
    """Return the runs of lines that blank lines part."""
    blocks: list[list[str]] = [[]]
    begun = False
    for line in lines:
        if not begun and line.strip() and len(line) < 60 and _BODY.fullmatch(line):
            blocks += [[line.strip()], []] if _is_bare(line) else [[line.strip()]]
            begun = True
        elif line.strip() and not _NOISE.fullmatch(line):
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _is_bare(line: str) -> bool:
    return ":" not in line or not line.split(":", 1)[1].strip()


def _joined(block: list[str]) -> str:
    """Return the lines of a paragraph; those that were broken at a width are joined."""
    out = block[0]
    for before, line in pairwise(block):
        out += (" " if len(before) > _WIDE else "\n") + line
    return out


class _Article:
    """The parts of an article, from its blocks in their order."""

    def __init__(self, newer: bool):
        self.fields: dict[str, str] = {}
        self.heads: list[str] = []
        self.paragraphs: list[str] = []
        self.source: str | None = None
        self.time: str | None = None
        self._newer, self._in_body, self._below = newer, False, False

    def take(self, block: list[str], bodies: bool) -> None:
        """Take a block. ``bodies`` is True if a line of the article says where the text begins."""
        if found := _BODY.fullmatch(block[0]):
            if self._in_body and not found[1]:
                self.paragraphs.append(_joined(block))
                return
            self._in_body, rest = True, [*([found[1]] if found[1] else []), *block[1:]]
            if rest:
                self.take(rest, bodies)
        elif self._in_body and _CLASSES.fullmatch(block[0]):
            self._below = True
            self._labelled(block[1:])
        elif (field := self._field(block[0])) is not None and (field[0] in _BELOW or not self._in_body):
            self._labelled(block)
        elif _RIGHTS.match(block[0]):
            if not self._in_body and (rest := [line for line in block if not _RIGHTS.match(line)]):
                self.take(rest, bodies)
            self._below |= self._in_body and not self._newer and bool(self.paragraphs)
        elif self._in_body or (not bodies and "length" in self.fields):
            self._in_body = True
            if not self._below:
                self.paragraphs.append(_joined(block))
        else:
            self._above(block)

    def _field(self, line: str) -> tuple[str, str] | None:
        return _field(line, self._newer, self._in_body and not self._below)

    def _labelled(self, block: list[str]) -> None:
        """Take a block whose first line has a label. Others of its lines may have one as well."""
        name = ""
        for line in block:
            found = self._field(line)
            if found is not None:
                name = found[0]
                self.fields.setdefault(name, found[1])
                self._below |= self._in_body and name in _BELOW
            elif name:
                self.fields[name] = f"{self.fields[name]} {line}"[:10_000]

    def _above(self, block: list[str]) -> None:
        """Take a block above the text: the source and the date, or the headline."""
        place = next((place for place, line in enumerate(block) if date_of(line)), None)
        if place is not None and self.time is None and len(block[place]) < 80:
            self.time = date_of(block[place])
            before = block[:place] or ([self.heads.pop()] if self.heads else [])
            if before:
                self.source = before[-1] if self._newer else before[0]
                if before[:-1] and self._newer:
                    self.heads.append(" ".join(before[:-1]))
        else:
            self.heads.append(" ".join(block))

    @property
    def title(self) -> str | None:
        """The headline: in the older shape the first words below the date, in the newer the last above the source."""
        heads = [head for head in self.heads if head != self.source]
        return self.fields.get("headline") or self.fields.get("title") or ((heads[-1] if self._newer else heads[0]) if heads else None)


def _article(lines: list[str], newer: bool) -> _Article:
    article = _Article(newer)
    bodies = any(_BODY.fullmatch(line) for line in lines if len(line) < 200)
    for block in _blocks(lines):
        article.take(block, bodies)
    return article


def _documents(text: str, path: str, reading: Reading) -> Iterator[Document | InputError]:
    for line, lines, newer in _articles(text.split("\n")):
        article = _article(lines, newer)
        body = tidy("\n\n".join(article.paragraphs))
        if not body:
            yield InputError("an article without a text", path=path, line=line, hint="leave it out")
            continue
        fields = article.fields
        yield Document(
            fields.get("number") or without_id(body, path, line, reading), body, path, line,
            time=article.time or date_of(fields.get("load", "")), source=article.source, title=article.title,
            language=language_of(fields["language"]) or fields["language"] or None if "language" in fields else None,
            url=fields.get("url") or None, byline=fields.get("byline") or None,
        )  # fmt: skip


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of articles. An article without a text is an error. Raises `InputError` if the file has no article."""
    text = unify_newlines(decode(read_whole(stream, path, "a Nexis export"), path, reading.encoding))
    records = records_of_documents(_documents(text.replace("\f", "\n"), path, reading), reading)
    for first in records:
        yield first
        yield from records
        return
    what = "no article: there is no line like '1 of 50 DOCUMENTS' or 'End of Document'"
    raise InputError(what, path=path, hint="export it as text, or give the right --as")
