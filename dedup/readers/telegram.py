"""Exports of Telegram Desktop: ``result.json`` of one chat, or of all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from .field_paths import parse_path
from .fields import FieldNames
from .json import on_one_line, scanner
from .jsonl import parse_json
from .lines import Stream
from .options import Reading
from .records import Record, record_of
from .said import say

_NAMES = FieldNames(
    text=("text",),
    source=("from", "_chat"),
    time=("edited", "date"),
    title=(),
    version=(),
    status=(),
    url=(),
    byline=("author", "author_signature"),
)


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of messages. Those of the service, and messages without a text, are left out, and that is said.

    An id is that of the chat and of the message, since messages of each chat are counted from 1.
    """
    head = stream.peek(1 << 16)
    several = b'"chats"' in head and b'"messages"' not in head.partition(b'"chats"')[0]
    target = parse_path("chats.list[].messages[]" if several else "messages[]")
    cut = scanner(stream, path, reading, target)
    left_out = 0
    for line, raw in cut.records():
        message = parse_json(raw, path, line)
        if not isinstance(message, dict) or message.get("type") == "service" or message.get("text") in ("", []):
            left_out += 1
            continue
        chat = {name: _parsed(cut.around[name]) for name in ("name", "id") if name in cut.around}
        fields = {**message, "_chat": chat.get("name")}
        if chat.get("id") is not None and message.get("id") is not None:
            fields["id"] = f"{chat['id']}/{message['id']}"
        source = {name: value for name, value in fields.items() if name != "_chat"}
        yield replace(record_of(on_one_line(raw), fields, path, line, reading, _NAMES), source=source)
    if left_out:
        what = "1 message is left out: it is of the service, or has no text"
        if left_out > 1:
            what = f"{left_out:,} messages are left out: they are of the service, or have no text"
        say(path, what)


def _parsed(raw: bytes) -> Any:
    with suppress(ValueError):
        return json.loads(raw)
    return None
