"""ninjs, the news in JSON of IPTC, versions 1 to 3: one item a file, a line or a place in an array."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .fields import FieldNames, is_named
from .json import read as read_json
from .lines import Stream
from .options import Reading
from .records import Record

# Versions 1 and 2 write names in small letters, version 3 has capitals within. All are looked up in small letters.
NAMES = FieldNames(
    id=("uri",),
    text=("_text",),
    title=("_title",),
    source=("source", "provider", "infosource[0].name", "copyrightholder"),
    time=("versioncreated", "contentcreated", "firstcreated"),
    language=("language",),
    version=("version",),
    status=("pubstatus",),
    url=("url",),
    embargo=("embargoed",),
)
_NO_TEXT = {"picture", "video", "audio", "graphic", "planning", "event", "component"}
_LOG = logging.getLogger("dedup.readers")


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of items. Pictures, videos and other items without a story are left out, and that is said."""
    for record in read_json(stream, path, reading, NAMES, prepare=None if is_named(reading, "text") else flat):
        if record.error is not None and record.fields.get("type") in _NO_TEXT:
            _LOG.warning("%s: items without a story, such as pictures, are left out", path)
            continue
        yield record


def flat(item: Any) -> Any:
    """Return an item with its names in small letters, and its story and headline as the fields ``_text`` and ``_title``."""
    if not isinstance(item, Mapping):
        return item
    found = {str(name).lower(): value for name, value in item.items()}
    text = story(found)
    if text is not None:
        found["_text"] = text
    title = found.get("headline") or _value(found.get("headlines"), ("main", "headline", "short"))
    if isinstance(title, str):
        found["_title"] = title
    return found


def story(item: Mapping[str, Any]) -> str | None:
    """Return the story of an item: its body, plain rather than with markup, else its description; None if it has none.

    >>> story({"bodies": [{"role": "teaser", "value": "Rain."}, {"role": "main", "contenttype": "text/html", "value": "<p>It rains.</p>"}]})
    '<p>It rains.</p>'
    """
    bodies = [item[name] for name in ("body_text", "body_html", "body_xhtml", "body_nitf", "body") if isinstance(item.get(name), str)]
    if bodies:
        return str(bodies[0])
    return _value(item.get("bodies"), ("text", "plain", "main", "body", "html", "xhtml")) or _described(item)


def _described(item: Mapping[str, Any]) -> str | None:
    text = item.get("description_text") or _value(item.get("descriptions"), ("text", "main", "summary"))
    if isinstance(text, str) and str(item.get("type", "text")).lower() not in _NO_TEXT:
        _LOG.warning("an item of ninjs without a body is read with its description")
        return text
    return "" if str(item.get("pubstatus", "")).lower() in ("canceled", "withheld") else None


def _value(values: Any, roles: Sequence[str]) -> str | None:
    """Return the value of the first role that is there, else the longest."""
    if not isinstance(values, list):
        return None
    found = [(each.get("role"), each["value"]) for each in values if isinstance(each, Mapping) and isinstance(each.get("value"), str)]
    for role in roles:
        for name, value in found:
            if name == role:
                return str(value)
    return max((str(value) for _, value in found), key=len, default=None)
