"""The Atom feed of what changed, with the filters of the list."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from starlette.requests import Request
from starlette.responses import Response

from ...index.browse.model import StoryCard
from ..services import services_of
from .addresses import story_path
from .asked import read_asked
from .frame import fill, language_of

_ENTRIES = 50
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_TIME = "1970-01-01T00:00:00Z"  # of a text that has none: a time that does not change from one look to the next


async def feed(request: Request) -> Response:
    """Return the newest stories as a feed."""
    asked = read_asked(request.query_params)
    query = asked.query()
    page = await services_of(request).readers.ask(lambda index: index.stories(query, most=_ENTRIES))
    base = str(request.base_url).rstrip("/")
    entries = [(_id(card), base + story_path(card.name), _updated(card), card) for card in page.cards]
    body = fill(
        language_of(request),
        "feed.xml",
        entries=entries,
        updated=max((updated for _, _, updated, _ in entries), default=_NO_TIME),
        id=uuid5(NAMESPACE_URL, asked.address("dedup:/feed.atom")).urn,
        own=base + asked.address("/feed.atom", lang=language_of(request)),
        page=base + asked.address("/stories"),
    )
    data = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", body).encode()
    headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()[:32]}"', "Cache-Control": "private, no-cache"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="application/atom+xml", headers=headers)


def _id(card: StoryCard) -> str:
    """Return what names a text of a story in every feed, whatever the story is called."""
    return uuid5(NAMESPACE_URL, f"dedup:{card.newest}:{card.id}").urn


def _updated(card: StoryCard) -> str:
    try:
        return _NO_TIME if card.moment is None else datetime.fromtimestamp(card.moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return _NO_TIME
