"""Segments: documents are cut into headed sections, which make up bulletins, and paragraphs. A segment is a span of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from unicodedata import category

from ..model import Bulletin, Document, Segment
from .fold import fold
from .late import late

# `حلب::` heads a section everywhere. The text may follow on the same line after a blank.
_DOUBLE = late(r"\s*(?P<heading>[^:\s][^:]{0,79}?)\s*::+(?:[ \t]+(?P<rest>\S.*)|[ \t]*)")
# A single colon also ends the words before a quotation. A line with one is a heading only if it is short, has no text behind the colon, and
# is not the only such line.
_SINGLE = late(r"\s*(?P<heading>[^:.!?،,؛;\"«]{1,40}?)\s*[:\N{FULLWIDTH COLON}]\s*(?P<rest>)")
_HEADING_WORDS = 3
_NARROW, _WIDE = 35, 100  # the smallest and the largest width, in columns, at which lines are broken
_FEWEST, _WORDS = 3, 4  # lines of a paragraph that was broken, and blanks in each but its last
_OPENING = frozenset(("Ps", "Pe", "Pi", "Pf", "Sc"))  # categories of Unicode
_SENTENCE_ENDS = tuple(".!?؟۔…\"'”’»)")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    start: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class _Heading:
    place: int  # index of its line
    words: str
    rest: int  # offset of the text behind it in the line; the length of the line if there is none


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        lines.append(_Line(number, start, line))
        start += len(line) + 1
    return lines


def _headings(lines: Sequence[_Line]) -> list[_Heading]:
    double: list[_Heading] = []
    single: list[_Heading] = []
    for place, line in enumerate(lines):
        if match := _DOUBLE.fullmatch(line.text):
            found = double
        elif (match := _SINGLE.fullmatch(line.text)) and len(match["heading"].split()) <= _HEADING_WORDS:
            found = single
        else:
            continue
        found.append(_Heading(place, match["heading"], match.start("rest") if match["rest"] else len(line.text)))
    return sorted(double + (single if len(single) > 1 else []), key=lambda heading: heading.place)


def _runs(headings: Sequence[_Heading]) -> list[list[_Heading]]:
    """Cut the headings into bulletins: a new bulletin begins where a heading comes again."""
    runs: list[list[_Heading]] = []
    seen: set[str] = set()
    for heading in headings:
        key = " ".join(fold(heading.words).split())
        if not runs or key in seen:
            runs.append([])
            seen = set()
        runs[-1].append(heading)
        seen.add(key)
    return runs


def _bodies(lines: Sequence[_Line], run: Sequence[_Heading], stop: int) -> Iterator[tuple[int, int]]:
    """Yield for each section of a bulletin the range of its lines.

    A section ends at the next heading. Nothing marks the end of the last one: it gets as many lines with text as the longest other section
    has. A bulletin's only section ends at the first blank line.
    """
    longest = 1
    for heading, following in pairwise(run):
        first = heading.place if heading.rest < len(lines[heading.place].text) else heading.place + 1
        yield first, following.place
        longest = max(longest, sum(not line.blank for line in lines[first : following.place]))
    last = run[-1]
    end = first = last.place if last.rest < len(lines[last.place].text) else last.place + 1
    taken = 0
    while end < stop and (taken < longest if len(run) > 1 else not taken or not lines[end].blank):
        taken += not lines[end].blank
        end += 1
    yield first, end


def _goes_on(line: str, before: str) -> bool:
    """Tell whether a line may be one of a paragraph that was broken: it begins with a word, a quotation, a bracket or a sum of money.

    A dash belongs to a sentence where the line before ends with a word of it; otherwise it is the mark of a list, as other signs are.
    """
    if line[0].isalnum() or line[0] in "\"'" or category(line[0]) in _OPENING:
        return True
    return category(line[0]) == "Pd" and before[-1:].isalnum()


def _broken(block: Sequence[_Line]) -> list[Sequence[_Line]] | None:
    """Return the paragraphs of lines that were broken at a fixed width; None for other lines, each of which is a paragraph.

    In a text broken at a width, the first word of a line does not fit on the line before. Where it does, that line ends a paragraph, and a
    sentence. Two lines are too few to tell. So are lines of few words, as in verses, lists and headlines.
    """
    lines = [line.text.strip() for line in block]
    width = max(map(len, lines))
    if len(lines) < _FEWEST or not _NARROW <= width <= _WIDE:
        return None
    fits = [len(line) + 1 + len(following.replace("\t", " ").split(" ", 1)[0]) <= width for line, following in pairwise(lines)]
    ends = [*(place for place, each in enumerate(fits, 1) if each), len(lines)]
    parts = [range(start, end) for start, end in pairwise([0, *ends])]
    if any(len(part) < _FEWEST for part in parts) or not all(lines[end - 1].endswith(_SENTENCE_ENDS) for end in ends[:-1]):
        return None
    for part in parts:
        full = part[:-1]
        if not all(lines[place].count(" ") >= _WORDS and _goes_on(lines[place], lines[place - 1] if place else "") for place in full):
            return None
        if 2 * sum(not lines[place][0].isalnum() for place in full) >= len(part):
            return None
    return [block[part.start : part.stop] for part in parts]


def _paragraphs(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    block: list[_Line] = []
    for line in [*lines, _Line(0, 0, "")]:
        if not line.blank:
            block.append(line)
        elif block:
            yield from _broken(block) or ([each] for each in block)
            block = []


def _spanning(document: Document, lines: Sequence[_Line], skip: int = 0) -> Segment:
    """Return the segment of these lines without white space at either end. The first ``skip`` characters are left out."""
    start = lines[0].start + skip
    end = lines[-1].start + len(lines[-1].text)
    text = document.text[start:end]
    first = start + len(text) - len(text.lstrip())
    line = lines[0].number + document.text.count("\n", lines[0].start, first)
    return Segment("", document.id, None, first, max(first, start + len(text.rstrip())), line)


def split_document(document: Document) -> tuple[Segment, ...]:
    """Return the segments of a document in reading order.

    >>> [s.heading for s in split_document(Document("d", "One.\\nA::\\nText of A.\\nB:: Text of B.\\nTwo."))]
    [None, 'A', 'B', None]
    """
    lines = _lines(document.text)
    runs = _runs(_headings(lines))
    found: list[Segment] = []
    taken = 0
    for number, run in enumerate(runs):
        found += [_spanning(document, block) for block in _paragraphs(lines[taken : run[0].place])]
        stop = runs[number + 1][0].place if number + 1 < len(runs) else len(lines)
        for heading, (first, end) in zip(run, _bodies(lines, run, stop), strict=True):
            body = [line for line in lines[first:end] if not line.blank]
            skip = heading.rest if first == heading.place else 0
            at = lines[heading.place].start + len(lines[heading.place].text)
            section = _spanning(document, body, skip) if body else Segment("", document.id, None, at, at, lines[heading.place].number)
            found.append(replace(section, heading=heading.words, bulletin=number))
            taken = end
    found += [_spanning(document, block) for block in _paragraphs(lines[taken:])]
    return tuple(replace(segment, id=f"{document.id}#{index}", index=index) for index, segment in enumerate(found))


def segments_of(document: Document, level: str) -> tuple[Segment, ...]:
    """Return the segments of a document at a level (see `dedup.Config`): its sections and paragraphs, or the whole document as one."""
    segmented = document.segmented if level == "auto" else level == "segment"
    return split_document(document) if segmented else (whole_document(document),)


def whole_document(document: Document) -> Segment:
    """Return the whole document as one segment."""
    return Segment(document.id, document.id, None, 0, len(document.text), document.line)


def bulletins(segments: Sequence[Segment]) -> tuple[Bulletin, ...]:
    """Return the bulletins among these segments, in order. A single section is not a bulletin."""
    gathered: dict[tuple[str, int], list[Segment]] = {}
    for segment in segments:
        if segment.bulletin is not None:
            gathered.setdefault((segment.document, segment.bulletin), []).append(segment)
    return tuple(Bulletin(document, number, tuple(parts)) for (document, number), parts in gathered.items() if len(parts) > 1)
