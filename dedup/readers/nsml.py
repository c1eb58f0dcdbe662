"""NSML: stories of the newsroom system iNEWS. It looks like XML, but attributes have no quotes and some elements no end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_of_seconds
from .lines import SPARE, Stream
from .options import Reading
from .records import Record
from .said import say
from .wire_fields import finished, first_time
from .xml_encoding import characters

_TOKEN = re.compile(r"<!\[CDATA\[|<!--|</?([A-Za-z][A-Za-z0-9-]{0,40})([^<>]{0,2000})>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([A-Za-z-]{1,40})\s{0,9}=\s{0,9}("[^"]*"|'[^']*'|[^\s"'>]+)""")
_CUE = re.compile(r"\[\[[^\[\]]{0,2000}\]\]|\]\][^\[\]\n]{0,2000}\[\[")
# What presenters do not say: comments, instructions for the production, anchors, the texts of graphics.
_SILENT = frozenset(("cc", "pi", "aeset", "ae", "ap", "mc", "aeset-atts", "attachment"))
_STRUCTURE = frozenset(("nsml", "head", "story", "fields", "body", "meta", "f", "p", "storyid", "formname", "aeset"))
_HINT = "check that this is a story of iNEWS, and that the file is whole"


@dataclass(frozen=True, slots=True)
class _Story:
    """A story while it is read: its id, its fields by name, its paragraphs, and the line where it begins."""

    line: int
    head: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    paragraphs: list[str] = field(default_factory=list)


def _tokens(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield where a token begins, the text before it, its name (with / for an end), and its attributes; at the end the rest."""
    place = 0
    while (match := _TOKEN.search(text, place)) is not None:
        before, start = text[place : match.start()], match.start()
        place = match.end()
        mark = match.group()
        if mark in ("<![CDATA[", "<!--"):
            stop = text.find("]]>" if mark[2] == "[" else "-->", place)
            place = stop + 3 if stop >= 0 else len(text)
            yield start, before, "", ""
        else:
            yield start, before, ("/" if mark[1] == "/" else "") + match[1].lower(), match[2]
    yield len(text), text[place:], "", ""


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(text)}


def _take(story: _Story, path: list[str], fields: list[str], text: str) -> None:
    """Take a piece of text at a place of a story."""
    if "body" in path:
        if not _SILENT.intersection(path):
            if not story.paragraphs:
                story.paragraphs.append("")
            story.paragraphs[-1] += text
    elif "fields" in path and fields:
        story.fields[fields[-1]] = story.fields.get(fields[-1], "") + text
    elif "head" in path and path[-1] in ("storyid", "formname"):
        story.head[path[-1]] = story.head.get(path[-1], "") + text


def _stories(text: str, path: str) -> Iterator[_Story]:
    """Yield the stories of a file. Raises `InputError` if it is no NSML, or if it ends inside a story."""
    story: _Story | None = None
    open_names: list[str] = []
    fields: list[str] = []
    line, counted_to = 1, 0
    for start, before, name, attributes in _tokens(text):
        if story is not None and before:
            _take(story, open_names, fields, unescape(before))
        if not name:
            continue
        if name == "nsml":
            line += text.count("\n", counted_to, start)
            counted_to = start
            if story is not None:
                raise InputError("a story without an end", path=path, line=story.line, hint=_HINT)
            story, open_names, fields = _Story(line), ["nsml"], []
        elif story is None:
            raise InputError(f"not NSML: it begins with <{name}>", path=path, line=1, hint="name the format with --as")
        elif name == "/nsml":
            yield story
            story = None
        elif name.startswith("/"):
            if name[1:] in open_names:  # elements inside it that have no end are over as well
                del open_names[len(open_names) - 1 - open_names[::-1].index(name[1:]) :]
            if name == "/f":
                fields.clear()
        else:
            if name == "p":
                story.paragraphs.append("")
                open_names = [each for each in open_names if each not in ("p", "cc", "pi", "a")]
            if name == "f":
                fields = [_attributes(attributes).get("id", "").lower()]
            if (
                (name in _STRUCTURE or name in _SILENT)
                and name != "meta"
                and not attributes.rstrip().endswith("/")
                and len(open_names) < 64
            ):
                open_names.append(name)
    if story is not None:
        raise InputError("the file ends inside a story", path=path, line=story.line, hint=_HINT)


def _spoken(story: _Story) -> str:
    found = (" ".join(_CUE.sub(" ", paragraph).split()) for paragraph in story.paragraphs)
    return "\n\n".join(filter(None, found))


def _time(story: _Story) -> str | None:
    for name in ("modify-date", "create-date", "air-date"):
        written = story.fields.get(name, "").strip()
        if written.isdecimal() and 0 < len(written) < 12 and int(written):
            return iso_of_seconds(int(written))
        if found := first_time(written):
            return found
    return None


def _byline(story: _Story) -> str | None:
    written = (" ".join(story.fields.get(name, "").split()) for name in ("byline", "reporter", "writer"))
    return next(filter(None, written), None)


def _document(story: _Story, path: str) -> Document:
    title = " ".join(story.fields.get("title", "").split())
    name = " ".join(story.head.get("storyid", "").split())
    return Document(name, _spoken(story), path, story.line, time=_time(story), title=title or None, byline=_byline(story))


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of the stories in a file of NSML: what is spoken, without cues. Raises `InputError`."""
    limit = 2 * reading.max_chars + SPARE
    parts: list[str] = []
    size = 0
    for piece in characters(stream, path, reading, mend=False):
        parts.append(piece)
        size += len(piece)
        if size > limit:
            raise InputError(f"more than {limit:,} characters", path=path, hint="split the file, or raise --max-chars")
    text = "".join(parts)
    if not text.strip():
        return
    for story in _stories(text, path):
        document = _document(story, path)
        if not document.id:
            say(path, f"line {story.line}: a story without <storyid>; an id was made")
        yield finished(document, reading)
