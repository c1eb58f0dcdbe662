"""Pairs near the limit of duplicates, the most useful first, one at a time, for people to say what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ...index import Index
from ...index.browse.model import StoredVersion
from ...index.browse.versions import title_of
from ...index.doubts import Doubt
from ..kept import MadePage
from ..services import services_of
from ..work import Given, compare_given
from .addresses import with_parameters
from .answers import answers_of, pair, said_before
from .frame import language_of, show
from .made import made_pages
from .story import named, unknown

_NEXT = 8


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Two texts, their titles, and what was measured of them, None for a pair asked for by its names. ``address`` shows the pair."""

    a: StoredVersion
    b: StoredVersion
    titles: tuple[str, str]
    doubt: Doubt | None
    address: str


async def doubts(request: Request) -> Response:
    """Show the next doubtful pair, or the one that is asked for, and what comes after it."""
    services, values = services_of(request), request.query_params
    after = values.get("after") or None
    here = "/doubts" if after is None else with_parameters("/doubts", after=after)
    asked = (values["a"], values["b"]) if values.get("a") and values.get("b") else None

    def read(index: Index) -> tuple[list[ShownPair], dict[tuple[str, str], str]]:
        return list(_pairs(index, asked, index.doubts(_NEXT, after), here)), dict(answers_of(index))

    found, answers = await services.readers.ask(read)
    now = found[0] if found else None
    return show(
        request,
        "doubts",
        now=now,
        following=found[1:],
        page=None if now is None or not services.index.keeps_texts else await _made(request, now),
        answered=len(answers),
        answer=None if now is None else answers.get(pair(now.a.name, now.b.name)),
        said=said_before(request, answers),
        after=after,
        back=here,
    )


def _pairs(index: Index, asked: tuple[str, str] | None, found: Sequence[Doubt], here: str) -> Iterator[ShownPair]:
    """Yield the pair that is asked for, and doubtful ones. Raises `Problem` for names of no text."""
    if asked is not None:
        a, b = index.text(asked[0]), index.text(asked[1])
        if a is None or b is None:
            raise unknown(asked[0] if a is None else asked[1])
        yield ShownPair(a, b, (title_of(a), title_of(b)), None, "")
    address = here
    for doubt in found:
        a, b = index.text(doubt.a), index.text(doubt.b)
        known = asked is not None and pair(*asked) == pair(doubt.a, doubt.b)
        if a is not None and b is not None and not known:
            yield ShownPair(a, b, (title_of(a), title_of(b)), doubt, address)
        address = with_parameters("/doubts", after=doubt.cursor)


async def _made(request: Request, shown: ShownPair) -> MadePage:
    language = language_of(request)
    made_of = shown.a.row, shown.b.row, language
    return await made_pages(request).page(made_of, compare_given, Given(named(shown.a)), Given(named(shown.b)), language)
