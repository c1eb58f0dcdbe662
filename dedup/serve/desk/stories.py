"""The list of stories: searched, filtered, a page at a time; and a story as it is shown there."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from ...index import Index
from ...index.browse.model import Facets, StoryCard, StoryPage
from ..services import services_of
from .asked import KINDS, read_asked, read_number
from .clock import today
from .frame import fill, language_of, show

_PAGE = 25
_FACETS = 30


async def stories(request: Request) -> Response:
    """Show a page of the list."""
    asked, before = read_asked(request.query_params), read_number(request.query_params, "before")
    query, day = asked.query(), today()

    def read(index: Index) -> tuple[StoryPage, Facets, int]:
        return index.stories(query, before=before, most=_PAGE), index.facets(_FACETS), index.newest_row()

    page, facets, newest = await services_of(request).readers.ask(read)
    live = asked.address("/live", after=_told(page, newest), lang=language_of(request)) if before is None else None
    return show(
        request,
        "stories",
        asked=asked,
        page=page,
        all_kinds=KINDS,
        sources=_offered(facets.sources, asked.sources),
        sections=_offered(facets.sections, asked.sections),
        chosen=list(asked.without()),
        today=None if asked.since == day else replace(asked, since=day, until="").address("/stories"),
        live=live,
        troubles=[(each.name, each.problem) for each in services_of(request).watcher.state() if each.problem],
        feed=asked.address("/feed.atom", lang=language_of(request)),
        older=asked.address("/stories", before=page.next) if page.next is not None else None,
        first=asked.address("/stories") if before is not None else None,
    )


def card_markup(language: str, card: StoryCard) -> str:
    """Return a story as it stands in the list."""
    return fill(language, "card", card=card, all_kinds=KINDS)


def _told(page: StoryPage, newest: int) -> int:
    """Return the row from which on a page is told what comes: stories that are shown without their news are told again."""
    return min((card.newest - 1 for card in page.cards if card.news is None and card.texts > 1), default=newest)


def _offered(known: tuple[tuple[str, int], ...], chosen: tuple[str, ...]) -> list[tuple[str, int | None]]:
    """Return what a filter offers, with numbers, and what is chosen though it is none of the most frequent."""
    names = {name for name, _ in known}
    return [*known, *((name, None) for name in chosen if name not in names)]
