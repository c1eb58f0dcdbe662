"""Fields: what a record says about its text, found by paths, and the document made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from ..errors import InputError
from ..model import Document
from ..text.timestamps import is_iso
from .bylines import names_in
from .field_paths import Path, is_at, parse_path, shown, value_at
from .lines import too_long, unify_newlines
from .made_ids import made_id
from .options import Reading
from .said import Once
from .statuses import STATUSES, status_of

Place = tuple[str, int | None]
"""Where a record was read: its path and line."""
_OPTIONS = "id", "text", "title", "source", "time", "language", "version", "status", "url", "byline"
_LONG = 200  # characters: a record with a longer text is an article, one without may be an answer that holds a list of articles
_BLANK, _LAST = 100, 200  # behind all fields of a format: the rank of a blank text in the first one, and that of nothing
_MOST_NAMES, _DEPTH = 12, 4  # fields that are named; objects inside of each other in which a list of records is looked for


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The paths at which the records of a format have what a document needs: of each, the first one that has a value counts."""

    id: tuple[str, ...] = ("id", "_id")
    text: tuple[str, ...] = ("text", "body", "content")
    title: tuple[str, ...] = ("title", "headline")
    source: tuple[str, ...] = ("source", "source.name", "publisher")
    time: tuple[str, ...] = ("time", "date", "published", "publishedAt", "published_at", "pubDate", "timestamp")
    language: tuple[str, ...] = ("language", "lang")
    version: tuple[str, ...] = ("version",)
    status: tuple[str, ...] = ("status",)
    url: tuple[str, ...] = ("url", "link")
    embargo: tuple[str, ...] = ("embargo", "embargoed")
    byline: tuple[str, ...] = ("byline", "author", "authors", "credit")


USUAL = FieldNames()
"""The fields of JSON, CSV and Parquet where the options name no others."""


def joined_runs(value: Any) -> Any:
    """Return the text of a list of runs, such as a message with formatting, or of paragraphs; any other value as it is.

    >>> joined_runs(["Rain in ", {"type": "bold", "text": "Homs"}]), joined_runs(["One.", "Two."])
    ('Rain in Homs', 'One.\\nTwo.')
    """
    if not isinstance(value, list) or not value:
        return value
    runs = [each.get("text") if isinstance(each, Mapping) else each for each in value]
    if not all(isinstance(run, str) for run in runs):
        return value
    return ("" if any(isinstance(each, Mapping) for each in value) else "\n").join(map(str, runs))


def _lists_in(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths of the lists of objects in a record, those nearest to it first.

    >>> [*_lists_in({"status": "ok", "response": {"pages": 1, "results": [{"id": "1"}]}})]
    ['response.results']
    """
    level = [(str(name), value) for name, value in record.items()]
    for _ in range(_DEPTH):
        yield from (name for name, value in level if isinstance(value, list) and value and isinstance(value[0], Mapping))
        inside = [(name, value) for name, value in level if isinstance(value, Mapping)]
        level = [(f"{name}.{inner}", each) for name, value in inside for inner, each in value.items()]


def scalar(value: Any) -> str | None:
    """Return a text, a number or a moment as text; None for any other value, and for an empty text."""
    if isinstance(value, str):
        return value or None
    if hasattr(value, "isoformat"):  # of Parquet, for example
        return str(value.isoformat())
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    """Return the text of a string or of runs, which may be empty; None for any other value."""
    found = joined_runs(value) if isinstance(value, list) else value
    return found if isinstance(found, str) else None


def time_in(value: Any) -> str | None:
    """Return the time that a value says, None for none."""
    text = scalar(value)
    if text is None or is_iso(text):
        return text
    from ..text.dates import iso_time  # which takes time to load, and most feeds do not need it

    return iso_time(text)


READ: dict[str, Callable[[Any], str | None]] = dict.fromkeys(FieldNames.__slots__, scalar)
READ |= {"text": _text, "time": time_in, "status": status_of, "byline": names_in}
"""What makes a text of the value of a usual field, None where it is none."""


def is_named(reading: Reading, name: str) -> bool:
    """Tell whether the options name a field.

    >>> is_named(Reading(text_field="body"), "text")
    True
    """
    return getattr(reading, f"{name}_field") is not None


class Extractor:
    """Makes documents of records: with the fields that the options name, else with those that the format has."""

    def __init__(self, reading: Reading, names: FieldNames, once: Once | None = None):
        self._reading, self._names, self.once = reading, names, once or Once()
        given = {name: getattr(reading, f"{name}_field") for name in (*_OPTIONS, "cluster")}
        self.named = {name: tuple(map(parse_path, map(str.strip, paths.split(",")))) for name, paths in given.items() if paths is not None}
        self.usual: dict[str, list[tuple[str, int, Path, Callable[[Any], str | None]]]] = {}
        for name in FieldNames.__slots__:
            for rank, steps in enumerate(map(parse_path, getattr(names, name)) if name not in self.named else ()):
                self.usual.setdefault(str(steps[0]), []).append((name, rank, steps[1:], READ[name]))
        self._others = tuple(name for name in self.named if name not in ("text", "status"))

    @property
    def columns(self) -> frozenset[str]:
        """The fields of a record that may be needed."""
        return frozenset((*self.usual, *(str(steps[0]) for paths in self.named.values() for steps in paths)))

    def document(self, record: Any, path: str, line: int | None) -> Document:
        """Return the document of a record with fields. Raises `InputError`."""
        if not isinstance(record, Mapping):
            hint = 'each record is an object like {"id": "1", "text": "..."}'
            raise InputError("not a record with fields", path=path, line=line, hint=hint)
        place = path, line
        found = self._values(record)
        for name in self._others:
            found[name] = self._must(record, name, place)
        if "status" in self.named:
            found["status"] = self._must_status(record, place)
        text = self._text(record, found.pop("text", None), found.get("status") in ("canceled", "withheld"), place)
        if "id" not in found:
            found["id"] = self._made_id(record, text, place)
        if "\0" in found["id"]:
            raise InputError("a NUL character in an id", path=path, line=line, hint="correct the record")
        if "title" in found:
            found["title"] = self.plain(found["title"])
        return Document(found.pop("id"), text, path, line, False, **found)

    def _values(self, record: Mapping[str, Any]) -> dict[str, str]:
        """Return what the usual fields of a record say; of the text, also which field that is. A blank text gives way to any other."""
        found: dict[str, str] = {}
        ranks: dict[str, int] = {}
        for key, value in record.items():
            for name, rank, steps, read in self.usual.get(key, ()):
                if rank < ranks.get(name, _LAST):
                    text = read(value_at(value, steps) if steps else value)
                    if text is None:
                        continue
                    place = rank + _BLANK if name == "text" and (not text or text.isspace()) else rank
                    if place < ranks.get(name, _LAST):
                        found[name], ranks[name] = text, place
        if rank := ranks.get("text", 0) % _BLANK:
            is_blank = _text(value_at(record, parse_path(self._names.text[0]))) is not None
            self.once.say(self.about_text_field(rank, is_blank=is_blank))
        return found

    def about_text_field(self, rank: int, *, is_blank: bool = False) -> str:
        """Return what is told where texts are not from the first field of the format, but from one behind it."""
        first = self._names.text[0]
        why = f"records have no text in the field {first!r}" if is_blank else f"there is no field {first!r}"
        return f"the texts are those of the field {self._names.text[rank]!r}, since {why}"

    def _text(self, record: Mapping[str, Any], text: str | None, taken_back: bool, place: Place) -> str:
        """Return the text of a record, an empty one for what is taken back and has none. Raises `InputError`."""
        if "text" in self.named:
            texts = [each for steps in self.named["text"] if (each := _text(value_at(record, steps))) is not None]
            text = "\n\n".join(filter(None, texts)) if texts else None
            if texts and len(texts) < len(self.named["text"]):
                self._tell_missing(record)
        path, line = place
        if text is None and taken_back:
            return ""
        if text is None:
            raise self._no_text(record, place)
        if len(text) > self._reading.max_chars:
            raise too_long(path, line, self._reading.max_chars)
        return self.plain(unify_newlines(text))

    def _tell_missing(self, record: Mapping[str, Any]) -> None:
        """Tell which of several fields of the text a record has not, also not as null: it may be misspelled."""
        for steps in self.named["text"]:
            if not is_at(record, steps):
                what = f"records without the field {shown(steps)!r}, which --text-field names"
                self.once.say(f"{what}: their texts are those of its other fields")

    def plain(self, text: str) -> str:
        """Return a text without markup, as the options say."""
        how = self._reading.text_format
        if how == "plain" or (how == "auto" and "<" not in text and not ("&" in text and ";" in text)):
            return text
        from ..text.markup import has_markup, plain_text  # which takes time to load, and most feeds have no markup

        return plain_text(text) if how == "html" or has_markup(text) else text

    def _no_text(self, record: Mapping[str, Any], place: Place) -> InputError:
        steps = self.named["text"][0] if "text" in self.named else parse_path(self._names.text[0])
        what = f"{'no field' if value_at(record, steps) is None else 'no text in field'} {shown(steps)!r}"
        found = next(_lists_in(record), None)
        hint = "name the field with --text-field"
        if found is not None and not any(isinstance(value, str) and len(value) > _LONG for value in record.values()):
            hint = f"if its records are in {found!r}, say --records {found}"
        elif record:
            hint += f"; there are {', '.join(map(str, islice(record, _MOST_NAMES)))}"
        return InputError(what, path=place[0], line=place[1], hint=hint)

    def _made_id(self, record: Mapping[str, Any], text: str, place: Place) -> str:
        """Return an id for a record that has no field for one. Raises `InputError` where there is such a field without a text."""
        path, line = place
        if (name := next((name for name in self._names.id if record.get(name) is not None), None)) is not None:
            raise InputError(f"no text in field {name!r}", path=path, line=line, hint="name the field with --id-field")
        how = self._reading.unnamed
        if how == "refuse":
            raise InputError(f"no field {self._names.id[0]!r}", path=path, line=line, hint="name the field with --id-field")
        by = "a digest of their text" if how == "digest" or line is None else "their file and line"
        self.once.say(f"records without an id are named by {by}; --id-field names the field of the id")
        return made_id(text, path, line, self._reading)

    def _must(self, record: Mapping[str, Any], name: str, place: Place) -> str:
        """Return the values of a named field, joined. They must be there; numbers are texts, and an empty text is none."""
        texts = []
        for steps in self.named[name]:
            value = value_at(record, steps)
            text = names_in(value) if name == "byline" else scalar(value)
            if not text:
                what = f"{'no field' if value is None else 'no text in field'} {shown(steps)!r}"
                raise InputError(what, path=place[0], line=place[1], hint=f"name the field with --{name}-field")
            texts.append(text)
        return "\n".join(texts)

    def _must_status(self, record: Mapping[str, Any], place: Place) -> str:
        value = self._must(record, "status", place)
        status = status_of(value)
        if status is None:
            hint = f"there are {', '.join(word for words in STATUSES.values() for word in words)}"
            raise InputError(f"not a status: {value[:40]!r}", path=place[0], line=place[1], hint=hint)
        return status


@lru_cache(16)
def extractor(reading: Reading, names: FieldNames) -> Extractor:
    """Return what makes documents of records; that of the same options is the same."""
    return Extractor(reading, names)
