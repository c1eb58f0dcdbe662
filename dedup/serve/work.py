"""What is done in processes of their own: untrusted files are read, texts are compared, pages are made. Each returns named bytes."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any, cast

from reports import Report, Timeline, Version, compare, compare_versions, render
from reports.build_report import build_report
from reports.history.versions import MOST_VERSIONS, timeline_of_pair
from reports.model import Alarm, AlarmKind, Comparison
from reports.renderers.formats import FORMATS
from reports.renderers.html import PageBody, render_body, render_brief_body
from reports.renderers.origin import cut

from ..config import Config
from ..errors import ConfigError, InputError
from ..evaluation.explanation import explain
from ..model import Document
from ..origins.model import Story
from ..origins.trace import StoryText, trace
from ..pipeline import find_duplicates, relate_texts
from ..readers.files import inflated
from ..readers.options import Reading
from ..readers.sources import read_bytes

DOWNLOADS = "html", "docx", "csv", "markdown", "unified", "json"
"""The formats in which a comparison can be had, in the order of the page."""
_TEXTS_ON_PAGE = 500  # as `dedup find --html` has it
_WARMING = (
    ("قتل 12 شخصا في حلب يوم الأحد.", "قتل 15 شخصا في حماة يوم الاثنين."),
    ("Police held 4 men in Marsa on Sunday.", "Police held 7 men in Marsa on Monday."),
    ("Deux morts à Lyon dimanche.", "Trois morts à Lyon lundi."),
)
_SQLITE = b"SQLite format 3\0"
_BEGINNING = 80  # characters of a text that is shown in the place of a title
_MOST_DOCUMENTS = 10_000  # of one file


@dataclass(frozen=True, slots=True)
class Given:
    """A text to be compared: the document itself, or a file with its name, and its format and its encoding where they are told."""

    document: Document | None = None
    data: bytes = b""
    name: str = ""
    input_format: str | None = None
    encoding: str | None = None


def compare_given(a: Given, b: Given, lang: str | None) -> Mapping[str, bytes]:
    """Compare two texts, and return the page's body, all `DOWNLOADS`, and under ``again`` what `compare_again` needs. Of files of several
    texts the page shows what repeats itself in both."""
    return compare_sides((a.name, b.name), _read(a), _read(b), lang)


def compare_inside(given: Given, lang: str | None) -> Mapping[str, bytes]:
    """Find what repeats itself in one file, and return the page's body, the page itself, and ``again``."""
    return compare_sides((given.name,), _read(given), [], lang)


def compare_again(again: bytes, lang: str | None) -> Mapping[str, bytes]:
    """Return what was compared before, in another language; ``again`` is what that has sent."""
    return compare_sides(*sides_in(again), lang)


def sides_in(again: bytes) -> tuple[tuple[str, ...], list[Document], list[Document]]:
    """Return the names and the texts of what was compared, without those of b where one file was looked into."""
    found = json.loads(again.decode("utf-8", "surrogatepass"))
    a, b = ([Document(**values) for values in found[side]] for side in "ab")
    return tuple(found["names"]), a, b


def compare_sides(names: Sequence[str], a: Sequence[Document], b: Sequence[Document], lang: str | None) -> Mapping[str, bytes]:
    """Compare two texts; or find what repeats itself in many."""
    again = {"names": names, "a": [*map(asdict, a)], "b": [*map(asdict, b)]}
    sent = {"again": json.dumps(again).encode("utf-8", "surrogatepass")}
    count = len(a), len(b)
    if count == (1, 1):
        comparison = _compared(a[0], b[0])
        timeline = timeline_of_pair(comparison)
        report = Report(_title(names, comparison.b.text), (timeline,))
        return {**sent, **_pages(report, lang, *count), **_downloads(comparison, timeline, lang)}
    documents = [*a, *b]
    result = find_duplicates(documents, Config(max_chars=2**31))
    report = build_report(result, documents, title=_title(names, b[0].text if b else ""), limit=_TEXTS_ON_PAGE)
    return {**sent, **_pages(report, lang, *count)}


def compare_as(a: Given, b: Given, style: str, lang: str | None) -> Mapping[str, bytes]:
    """Compare two texts, and return that in one format, under ``result``."""
    if style not in FORMATS or style == "terminal":
        raise ConfigError(f"no format {style!r}; there are {', '.join(DOWNLOADS)}")
    found = render(_compared(_only(a), _only(b)), style, lang=lang)
    return {"result": found if isinstance(found, bytes) else found.encode("utf-8", "replace")}


def explain_given(a: Document, b: Document) -> Mapping[str, bytes]:
    """Return why two texts match or do not, as JSON under ``result``."""
    if a.id == b.id:
        b = replace(b, id=f"{b.id}'")
    found = explain([a, b], a.id, b.id, Config(level="document", max_chars=2**31))
    return {"result": json.dumps(found.to_dict(), ensure_ascii=False).encode("utf-8", "replace")}


def story_page(documents: Sequence[Document], title: str, lang: str | None) -> Mapping[str, bytes]:
    """Return the body of the page of a story, its texts oldest first, and all `DOWNLOADS` of its versions."""
    timeline = _timeline(documents)
    origins = _origins(documents)
    report = Report(title, (timeline,), origins=() if origins is None else (origins,))
    return {**_pages(report, lang), **_downloads(timeline, timeline, lang)}


def story_body(documents: Sequence[Document], title: str, lang: str | None) -> Mapping[str, bytes]:
    """Return the body of the page of a story alone, with its neighbours compared, and the first text with the last."""
    timeline = _timeline(documents)
    origins = _origins(documents)
    return _body(render_brief_body(Report(title, (timeline,), origins=() if origins is None else (origins,)), lang=lang))


def _title(names: Sequence[str], text: str) -> str:
    """Return the names of the files that are compared; where there are none, the beginning of the newer text."""
    return " / ".join(dict.fromkeys(filter(None, names))) or cut(" ".join(text[:400].split()), _BEGINNING)


def _read(given: Given) -> list[Document]:
    if given.document is not None:
        return [given.document]
    return _documents(given.data, given.name, given.input_format, given.encoding)


def _documents(data: bytes, name: str, input_format: str | None, encoding: str | None = None) -> list[Document]:
    if input_format == "sqlite" or _is_database(data):  # which takes a copy on the disk, that a killed process leaves there
        raise InputError("an SQLite database is not read here", path=name, hint="read it with dedup filter")
    found: list[Document] = []
    for document in read_bytes(data, name or "file", Reading(input_format=input_format, encoding=encoding or "utf-8")):
        found.append(document)
        if len(found) > _MOST_DOCUMENTS:
            raise InputError(f"more than {_MOST_DOCUMENTS:,} texts", path=name, hint="search it with dedup find")
    return found


def _is_database(data: bytes) -> bool:
    """Tell whether a file is an SQLite database, packed or not."""
    try:
        return inflated(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data))), data[:4], ahead=False).peek(16).startswith(_SQLITE)
    except (OSError, EOFError, zlib.error):
        return False


def _only(given: Given) -> Document:
    found = _read(given)
    if len(found) != 1:
        raise InputError(f"{len(found) or 'no'} texts where one is needed", path=given.name, hint="give a file with one text")
    return found[0]


def _version(document: Document) -> Version:
    return Version(document.id, document.text, None, None, document.time, document.title, document.source, document.url)


def _compared(a: Document, b: Document) -> Comparison:
    if a.id == b.id:  # as where two files have one name
        b = replace(b, id=f"{b.id} (2)")
    relation = relate_texts(a.text, b.text, Config(max_chars=2**31))
    return compare(_version(a), _version(b), relation=relation)


def _timeline(documents: Sequence[Document]) -> Timeline:
    config = Config(max_chars=2**31)
    newest = documents[-MOST_VERSIONS:]
    relations = [relate_texts(one.text, other.text, config) for one, other in pairwise(newest)]
    return _without_borrowed(compare_versions([_version(each) for each in newest], relations=relations))


def _without_borrowed(timeline: Timeline) -> Timeline:
    """Return a timeline without sentences that came back in the first text of a source: it had not dropped them, others had."""

    def is_borrowed(alarm: Alarm) -> bool:
        place = timeline.states[alarm.state][0]
        source = timeline.versions[place].source
        return alarm.kind is AlarmKind.RETURNED and source is not None and all(each.source != source for each in timeline.versions[:place])

    return replace(timeline, alarms=tuple(alarm for alarm in timeline.alarms if not is_borrowed(alarm)))


def _origins(documents: Iterable[Document]) -> Story | None:
    texts = [StoryText(document.id, document.text, document) for document in documents]
    return trace("", texts, Config(max_chars=2**31)) if len({text.document.source for text in texts if text.document.source}) > 1 else None


def _pages(report: Report, lang: str | None, *count: int) -> dict[str, bytes]:
    """Return the page of a report, its body, and what is said about it, with how many texts each side has."""
    body, page = render_body(report, lang=lang)
    return {**_body(body, *count), "html": page.html.encode("utf-8", "replace")}


def _body(body: PageBody, *count: int) -> dict[str, bytes]:
    about: dict[str, Any] = {"title": body.title, "lang": body.lang, "dir": body.direction, "changes": body.changes, "lines": body.lines}
    about["texts"] = count
    return {"body": str(body.html).encode("utf-8", "replace"), "about": json.dumps(about).encode()}


def _downloads(subject: Comparison | Timeline, timeline: Timeline, lang: str | None) -> dict[str, bytes]:
    """Return all `DOWNLOADS` but the page."""
    found = {}
    for name in DOWNLOADS[1:]:
        try:
            made = render(timeline if name in ("csv", "markdown") else subject, name, lang=lang)
        except ConfigError:  # of Word files, where nothing is installed that makes them
            continue
        found[name] = made if isinstance(made, bytes) else made.encode("utf-8", "replace")
    return found


def warm() -> None:
    """Load what comparisons need, so that no job has to: to be called once in the process that jobs are forked from."""
    for a, b in _WARMING:
        compare_given(Given(Document("a", a)), Given(Document("b", b)), None)
