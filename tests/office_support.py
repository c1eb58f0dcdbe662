"""Small files of offices and archives, made for tests, and how their readers are called."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, cast

from dedup.readers.options import Reading
from dedup.readers.records import Record

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def records(name: str, data: bytes, path: str = "f", **options: Any) -> list[Record]:
    """Return the records that a reader finds in these bytes."""
    stream = io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data)))
    return list(import_module(f"dedup.readers.{name}").read(stream, path, Reading(**options)))


def text_of(name: str, data: bytes, **options: Any) -> str:
    """Return the text of the only document in these bytes."""
    (record,) = records(name, data, **options)
    assert record.error is None, record.error
    assert record.document is not None
    return record.document.text


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Return a ZIP archive with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(body: str, **parts: str) -> bytes:
    """Return a Word file whose body has this XML. Other parts are named by their names, with ``__`` for a slash and without ``.xml``."""
    document = f'<?xml version="1.0"?><w:document {_SPACES}><w:body>{body}</w:body></w:document>'
    found: dict[str, str | bytes] = {"word/document.xml": document}
    return zipped(found | {f"{name.replace('__', '/')}.xml": content for name, content in parts.items()})


def paragraph(*runs: str, properties: str = "") -> str:
    """Return the XML of a paragraph with these runs; what begins with ``<`` is XML itself."""
    inside = "".join(run if run.startswith("<") else f"<w:r><w:t xml:space='preserve'>{run}</w:t></w:r>" for run in runs)
    return f"<w:p>{properties}{inside}</w:p>"


def numbering(*levels: tuple[str, str]) -> str:
    """Return the numbering part with one list, number 1, whose levels have these forms and texts."""
    inside = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for place, (form, text) in enumerate(levels)
    )
    return (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="7">{inside}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )


def item(text: str, level: int = 0) -> str:
    """Return the XML of an item of list 1."""
    return paragraph(text, properties=f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>')


def pdf(pages: Sequence[Iterable[tuple[float, float, Sequence[str]]]], info: str = "", extra: str = "") -> bytes:
    """Return a PDF. Each page has rows: the left edge, the baseline, and the glyphs from left to right, each 10 points wide.

    A glyph stands for one or more characters, as its font says (ToUnicode). An empty string is a gap.
    """
    rows = [[(x, y, [*glyphs]) for x, y, glyphs in page] for page in pages]
    texts = sorted({glyph for page in rows for _, _, glyphs in page for glyph in glyphs if glyph})
    codes = {text: number for number, text in enumerate(texts, 1)}
    chars = "\n".join(f"<{number:04x}> <{text.encode('utf-16-be').hex()}>" for text, number in codes.items())
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{chars}\nendbfchar endcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(rows)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(rows)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 1000 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        "/Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 -200 1000 800] /Ascent 800 "
        "/Descent -200 >> >>",
        f"<< /Length {len(table)} >>\nstream\n{table}\nendstream",
        f"<< {info} >>",
    ]
    for number, page in enumerate(rows):
        drawn = "\n".join(
            f"1 0 0 1 {x + 10 * place} {y} Tm <{codes[glyph]:04x}> Tj"
            for x, y, glyphs in page
            for place, glyph in enumerate(glyphs)
            if glyph
        )
        content = f"BT /F 10 Tf {drawn} ET {extra}"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> /Contents {8 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return assembled([each.encode() for each in objects], 6)


def assembled(objects: Sequence[bytes], info: int | None = None, trailer: str = "") -> bytes:
    """Return a PDF with these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    about = f"/Info {info} 0 R " if info else ""
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {about}{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
