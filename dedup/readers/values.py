"""Texts that a program holds, as documents: strings, mappings with fields, and documents as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from numbers import Real
from typing import Any, Protocol, runtime_checkable

from ..errors import InputError
from ..model import Document

Text = str | Document | Mapping[str, Any]
"""A text alone, a document, or a record with the fields ``id`` and ``text``, and where known ``time``, ``source``, ``cluster`` and
``byline``."""
_KNOWN = "time", "source", "cluster", "byline"
_FORMS = 'give strings, documents, or mappings like {"id": "1", "text": "..."}'


@runtime_checkable
class _Moment(Protocol):
    """A date or a time, of Python or of pandas."""

    def isoformat(self) -> str: ...


def documents_of(texts: Iterable[Text]) -> Iterator[Document]:
    """Yield texts as documents, in their order; a string is named by its place, from 0.

    Fields of a mapping that are missing as pandas has them (NA, NaN, NaT) are as if they were not there; fields that `Text` does not name
    are left out. Raises `InputError` for what is no text, and for a table, a mapping or one string where several texts are needed.

    >>> [(each.id, each.text) for each in documents_of(["Rain.", {"id": 7, "text": "Snow."}, "Wind."])]
    [('0', 'Rain.'), ('7', 'Snow.'), ('2', 'Wind.')]
    """
    if isinstance(texts, str | bytes | Document):
        raise InputError("one text where several are needed", hint="give a list of texts")
    if isinstance(texts, Mapping):
        raise InputError("a mapping where a list of texts is needed", hint=_FORMS)
    if hasattr(texts, "columns"):
        raise InputError("a table where texts are needed", hint='give one column, df["text"], or its rows as mappings')
    return (_document(text, place) for place, text in enumerate(texts))


def _document(text: Any, place: int) -> Document:
    if isinstance(text, Document):
        return text
    if isinstance(text, str):
        return Document(str(place), text)
    if not isinstance(text, Mapping):
        raise InputError(f"text {place} is no text but {type(text).__name__}", hint=_FORMS)
    fields = {name: None if _is_missing(value) else value for name, value in text.items()}
    name, content = _as_text(fields.get("id"), "id", place), fields.get("text")
    if not name:
        raise InputError(f"text {place} has no 'id'", hint=_FORMS)
    if not isinstance(content, str):
        raise InputError(f"text {place} ({name!r}) has no text in 'text'", hint=_FORMS)
    time, source, cluster, byline = (_as_text(fields.get(field), field, place) or None for field in _KNOWN)
    return Document(name, content, time=time, source=source, cluster=cluster, byline=byline)


def _is_missing(value: Any) -> bool:
    """Tell whether a value is None, or what pandas has for it: NA, and NaN and NaT, which are not equal to themselves."""
    if value is None or type(value).__name__ == "NAType":
        return True
    return not isinstance(value, str) and isinstance(value, Real | _Moment) and bool(value != value)


def _as_text(value: Any, field: str, place: int) -> str | None:
    """Return the value of a field as a reader of records has it: text, a number as text; and a moment as ISO 8601."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Real) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, _Moment):
        return str(value.isoformat())
    raise InputError(f"text {place} has no text or number in {field!r}", hint=_FORMS)
