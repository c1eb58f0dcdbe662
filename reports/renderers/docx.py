"""Render a comparison as a Word file with tracked changes: accept all and it reads b, reject all and it reads a.

A line of the text is a paragraph. A word processor keeps one order of text, so what moved is deleted at its old place and inserted at
its new one. Characters that XML cannot hold, and controls, are spelled out (``<U+0000>``); all others are kept as they are.
The markup is that of ECMA-376, part 1, 17.13.5.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, groupby, pairwise
from xml.sax.saxutils import escape

from dedup.errors import ConfigError

from ..comparison import all_runs
from ..diff.edits import shared_space
from ..language.invisible import spelled_out
from ..messages.catalog import Catalog, catalog_for
from ..model import Comparison, Kind, Span, Unit, UnitRelation, Version
from ..summary.digest import make_digest
from .direction import html_language, text_direction
from .origin import one_line, origin

AUTHOR = "bulletin-dedup"
BODY = "BodyText"
"""The style that the paragraphs of the compared text have, and no others."""
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_LONGEST_TITLE = 255  # characters; Word's limit for a property
_MARKS = {"L": "\N{LEFT-TO-RIGHT MARK}", "R": "\N{RIGHT-TO-LEFT MARK}"}
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SOLE = (UnitRelation.SAME, UnitRelation.EDITED)
_WHOLE = (UnitRelation.ADDED, UnitRelation.REMOVED, UnitRelation.MOVED, UnitRelation.SPLIT, UnitRelation.MERGED)


@dataclass(frozen=True, slots=True)
class FlowPiece:
    """A stretch of the flow of both texts: in both where ``tag`` is None, else ``ins`` or ``del``.

    ``sides`` has a letter for each character, R for one that is set from right to left.
    """

    text: str
    sides: str
    tag: str | None = None


def render_docx(comparison: Comparison, *, lang: str | None = None) -> bytes:
    """Return the Word file of a comparison, our own words in ``lang`` (ar, en or fr; None: the language of b).

    Equal comparisons give equal bytes. Raises `ConfigError` for another language and where python-docx is missing, and
    `RebuildError` for a comparison whose texts differ outside of its changes.
    """
    try:
        from docx import Document
        from docx.oxml import parse_xml
    except ImportError as error:
        raise ConfigError("Word files need python-docx: pip install 'bulletin-dedup[docx]'") from error
    words = catalog_for(comparison, lang)
    document = Document()
    properties = document.core_properties
    properties._element[:] = []  # the date of the template is not ours
    properties.author = AUTHOR
    properties.title = _title(comparison, words)[:_LONGEST_TITLE]
    document.element.body[:0] = list(parse_xml(body_xml(comparison, words)))
    file = io.BytesIO()
    document.save(file)
    return _undated(file)


def body_xml(comparison: Comparison, words: Catalog) -> str:
    """Return the body of the document, as one element: the front, then the text."""
    return f'<w:body xmlns:w="{_NAMESPACE}">{"".join(_front(comparison, words))}{"".join(_text(comparison))}</w:body>'


def _undated(file: io.BytesIO) -> bytes:
    """Return the archive without the time and the system that it was made on, so that equal comparisons give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, old.read(name))
    return packed.getvalue()


def _name(version: Version) -> str:
    return one_line(version.name)


def _title(comparison: Comparison, words: Catalog) -> str:
    a, b = _name(comparison.a), _name(comparison.b)
    return b if a == b else words.say("digest_replaced", a=_isolated(a), b=_isolated(b))


def _isolated(name: str) -> str:
    """Return a name between marks of its direction, so that it keeps its order among words of the other direction."""
    mark = _MARKS["R" if text_direction(name) == "rtl" else "L"]
    return f"{mark}{name}{mark}"


def _origin(key: str, version: Version, words: Catalog) -> str:
    parts = [_isolated(" ".join(spelled_out(version.id).split()))]
    if version.line is not None:
        parts.append(words.say("line", n=version.line))
    parts += map(_isolated, origin(version, titled=version.heading is not None))
    return f"{words.say(key)}: {' · '.join(parts)}"


def _front(comparison: Comparison, words: Catalog) -> Iterator[str]:
    """Yield the paragraphs before the text: names, digest, counts."""
    base, arabic = ("R" if words.say("dir") == "rtl" else "L"), words.language == "ar"

    def paragraph(style: str, text: str) -> str:
        # Without a mark of direction, an arrow between two names in Latin letters would be set in their direction.
        text = re.sub("[←→·]", lambda found: f"{_MARKS[base]}{found[0]}{_MARKS[base]}", text)
        return _paragraph([FlowPiece(text, _sides(text, base))], None, style, base, arabic, count(1))

    yield paragraph("Heading1", _title(comparison, words))
    yield paragraph("Normal", _origin("earlier", comparison.a, words))
    yield paragraph("Normal", _origin("later", comparison.b, words))
    yield paragraph("Heading2", words.say("digest"))
    lines = [line.text for line in make_digest(comparison, words)]
    found = Counter(comparison.counts) + Counter(unit.relation.value for unit in comparison.units if unit.relation in _WHOLE)
    if not found:
        lines.append(words.say("no_changes"))
    yield from (paragraph("ListBullet", line) for line in lines)
    names = words.messages["kind"]
    counts = [f"{names[kind]}: {found[kind]}" for kind in (*Kind, *_WHOLE) if found[kind]]
    for line in filter(None, (" · ".join(counts), comparison.note)):
        yield paragraph("Normal", line)
    yield paragraph("Heading2", words.say("digest_replaced", a=words.say("earlier"), b=words.say("later")))


def _text(comparison: Comparison) -> Iterator[str]:
    """Yield the paragraphs of both texts in one flow."""
    texts = comparison.a.text + comparison.b.text
    base, arabic = ("R" if text_direction(texts) == "rtl" else "L"), html_language(texts) == "ar"
    numbers = count(1)
    line: list[FlowPiece] = []
    for piece in flow(comparison, base):
        for found in re.finditer("[^\n]+|\n", piece.text):
            if found[0] == "\n":
                yield _paragraph(line, piece.tag, BODY, base, arabic, numbers)
                line = []
            else:
                line.append(FlowPiece(found[0], piece.sides[found.start() : found.end()], piece.tag))
    yield _paragraph(line, None, BODY, base, arabic, numbers)


def flow(comparison: Comparison, base: str) -> Iterator[FlowPiece]:
    """Yield both texts as one flow: what is in both or deleted gives a, what is in both or inserted gives b.

    ``base`` is the direction of the whole, R or L.

    >>> from reports import compare
    >>> [(piece.tag, piece.text) for piece in flow(compare("Two died.", "Three died."), "L")]
    [('del', 'Two '), ('ins', 'Three '), (None, 'died.')]
    """
    a, b = comparison.a.text, comparison.b.text
    sides_a, sides_b = _sides(a, base), _sides(b, base)
    at_a = at_b = 0
    for in_a, in_b in _common_stretches(comparison):
        if at_a < in_a.start:
            yield FlowPiece(a[at_a : in_a.start], sides_a[at_a : in_a.start], "del")
        if at_b < in_b.start:
            yield FlowPiece(b[at_b : in_b.start], sides_b[at_b : in_b.start], "ins")
        if in_b.start < in_b.end:
            yield FlowPiece(in_b.of(b), in_b.of(sides_b))
        at_a, at_b = in_a.end, in_b.end


def _common_stretches(comparison: Comparison) -> list[tuple[Span, Span]]:
    """Return what is in both texts, in the order of both; the last stretch ends with both, and may be empty.

    White space between units belongs to it. Where a word was replaced, the space after it (or before it) is replaced with it: without
    one between the old word and the new, Arabic letters join and 12, 15 reads 1215.
    """
    a, b = comparison.a.text, comparison.b.text
    found = [(Span(0, 0), Span(0, 0)), *_common(comparison), (Span(len(a), len(a)), Span(len(b), len(b)))]
    for place in range(len(found) - 1):
        (one_a, one_b), (other_a, other_b) = found[place : place + 2]
        old, new = a[one_a.end : other_a.start], b[one_b.end : other_b.start]
        front = shared_space(old, new)
        back = shared_space(old[front:][::-1], new[front:][::-1])
        if front + back < min(len(old), len(new)) and not old[: len(old) - back][-1].isspace() and not new[front].isspace():
            if b[other_b.start - back : other_b.end].startswith(" "):
                back -= 1
            elif b[one_b.start : one_b.end + front].endswith(" "):
                front -= 1
        one_a, one_b = Span(one_a.start, one_a.end + front), Span(one_b.start, one_b.end + front)
        other_a, other_b = Span(other_a.start - back, other_a.end), Span(other_b.start - back, other_b.end)
        found[place : place + 2] = [(one_a, one_b), (other_a, other_b)]
    return [*(stretch for stretch in found[:-1] if stretch[0].start < stretch[0].end), found[-1]]


def _common(comparison: Comparison) -> Iterator[tuple[Span, Span]]:
    """Yield the stretches that stay at their place in both texts, in the order of both."""
    units = {unit: runs for unit, runs in all_runs(comparison) if unit.a and unit.b and unit.relation is not UnitRelation.MOVED}
    kept: list[Unit] = []
    # A split or merged unit may have moved as well: it stays if it is in order with those that stay.
    for unit in sorted(units, key=lambda unit: (unit.relation not in _SOLE, unit.a)):
        place = bisect(kept, unit.a, key=lambda other: other.a)
        around = [*kept[max(place - 1, 0) : place], unit, *kept[place : place + 1]]
        if all(one.b < other.b for one, other in pairwise(around)):
            kept.insert(place, unit)
    for unit in kept:
        yield from ((run.a, run.b) for run in units[unit] if run.change is None and run.a and run.b)


def _sides(text: str, base: str) -> str:
    """Return for each character the direction of its run, R or L.

    What has no direction of its own takes that of the letters around it, where these disagree that of the whole: in
    a right-to-left run Word turns the order of what lies between two words in Latin letters.

    >>> _sides("b 2 c, \\u0628", "R")
    'LLLLLRRR'
    """
    strong = {"L": "L", "R": "R", "AL": "R", "B": base}
    found: list[str] = []
    before, undecided = base, 0
    for char in text:
        kind = unicodedata.bidirectional(char)
        side = before if kind == "NSM" and not undecided else strong.get(kind)  # a mark stays with its letter
        if side:
            found += [side if side == before else base] * undecided + [side]
            before, undecided = side, 0
        else:
            undecided += 1
    return "".join(found) + base * undecided


def _paragraph(line: Iterable[FlowPiece], mark: str | None, style: str, base: str, arabic: bool, numbers: Iterator[int]) -> str:
    """Return a paragraph; ``mark`` is the tag of its end."""
    runs = []
    for piece in line:
        inside = _runs(piece, arabic)
        runs.append(f"<w:{piece.tag} {_signed(numbers)}>{inside}</w:{piece.tag}>" if piece.tag else inside)
    bidi = "<w:bidi/>" if base == "R" else ""
    end = f"<w:rPr><w:{mark} {_signed(numbers)}/></w:rPr>" if mark else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{bidi}{end}</w:pPr>{"".join(runs)}</w:p>'


def _signed(numbers: Iterator[int]) -> str:
    return f'w:id="{next(numbers)}" w:author="{AUTHOR}"'


def _runs(piece: FlowPiece, arabic: bool) -> str:
    """Return the runs of a piece, one for each stretch of one direction."""
    runs = []
    at = 0
    name = "delText" if piece.tag == "del" else "t"
    for side, stretch in groupby(piece.sides):
        start, at = at, at + len(list(stretch))
        tongue = '<w:lang w:bidi="ar-SA"/>' if arabic else ""
        look = f"<w:rPr><w:rtl/>{tongue}</w:rPr>" if side == "R" else ""
        words = escape(_UNFIT.sub(lambda found: spelled_out(found[0]), piece.text[start:at])).split("\t")
        text = "<w:tab/>".join(f'<w:{name} xml:space="preserve">{word}</w:{name}>' if word else "" for word in words)
        runs.append(f"<w:r>{look}{text}</w:r>")
    return "".join(runs)
