"""ninjs, the news in JSON of IPTC, versions 1 to 3: one item a file, a line or a place in an array."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from .fields import FieldNames, is_named
from .json import read as read_json
from .lines import Stream
from .options import Reading
from .records import Record
from .said import Once, say, tally
from .statuses import status_of
from .wire_fields import is_flash

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
    byline=("_byline",),
)
_NO_TEXT = {"picture", "video", "audio", "graphic", "planning", "event", "component"}


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of items. Pictures, videos and other items without a story are left out, and that is said."""
    prepare = partial(_flat, Once(), Counter(), is_named(reading, "text"))
    left_out = prepare.args[1]
    yield from read_json(stream, path, reading, NAMES, prepare=prepare)
    if left_out:
        say(path, f"left out {tally(left_out, 'item without a story', 'items without a story')}")


def _flat(once: Once, left_out: Counter[str], text_is_named: bool, item: Any) -> Any:
    """Return an item with its names in small letters, and its story and headline as the fields ``_text`` and ``_title``.

    None for one that has no story, which is counted.
    """
    if not isinstance(item, Mapping):
        return item
    found = {str(name).lower(): value for name, value in item.items()}
    title = _part(found, "headline", ("main", "headline", "short"))
    if title is not None:
        found["_title"] = title
    if (byline := _byline(found)) is not None:
        found["_byline"] = byline
    if text_is_named:
        return {**item, **found}
    text, kind = story(found), str(found.get("type", "text")).lower()
    if text is None and kind not in _NO_TEXT and (text := _description(found)) is not None:
        once.say("items of ninjs without a body are read with their descriptions")
    if title is not None and kind == "text" and is_flash(text or "", status_of(found.get("pubstatus")), found.get("version")):
        text = title
    if text is None and found.get("pubstatus") in ("canceled", "withheld"):
        text = ""
    if text is None and kind in _NO_TEXT:
        left_out[kind] += 1
        return None
    return found if text is None else {**found, "_text": text}


def story(item: Mapping[str, Any]) -> str | None:
    """Return the story of an item: its body, plain rather than with markup; None if it has none.

    >>> story({"bodies": [{"role": "teaser", "value": "Rain."}, {"role": "main", "contenttype": "text/html", "value": "<p>It rains.</p>"}]})
    '<p>It rains.</p>'
    """
    return _part(item, "body", ("text", "plain", "main", "body", "html", "xhtml"))


def _description(item: Mapping[str, Any]) -> str | None:
    return _part(item, "description", ("text", "main", "summary"))


def _byline(item: Mapping[str, Any]) -> str | None:
    """Return who wrote an item, and for whom where that is not the source: its bylines, provider, and holder of the copyright.

    >>> _byline({"byline": "By Jane Doe", "provider": "AFP", "source": "Rain News"}), _byline({"provider": "AFP"})
    ('By Jane Doe, AFP', None)
    """
    lines = [each.get("value") if isinstance(each, Mapping) else each for each in [item.get("byline"), *_listed(item.get("bylines"))]]
    givers = [item.get("provider"), *map(_name_of, _listed(item.get("infosource"))), item.get("copyrightholder")]
    others = [item.get("creditline"), *givers]
    source = item.get("source") or next(filter(None, givers), None)
    named = [each for each in dict.fromkeys((*lines, *others)) if isinstance(each, str) and each and each != source]
    return ", ".join(named) or None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _name_of(value: Any) -> Any:
    return value.get("name") if isinstance(value, Mapping) else value


def _part(item: Mapping[str, Any], name: str, roles: Sequence[str]) -> str | None:
    """Return a part of an item: in version 1 the roles are ends of names, as in ``body_text``; in versions 2 and 3 there are lists."""
    if isinstance(item.get(name), str):
        return str(item[name])
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    one = [{"role": key.removeprefix(f"{name}_"), "value": value} for key, value in item.items() if key.startswith(f"{name}_")]
    return _value(one or item.get(plural), roles)


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
