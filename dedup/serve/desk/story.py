"""The page of a story: what became of it, its texts, any two of them compared, what it is related to, and what people say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reports.history.versions import MOST_VERSIONS

from ...index import Index
from ...index.browse.model import StoredVersion, StoryTexts
from ...index.browse.versions import title_of
from ...model import Document
from ...text.ids import version_name
from ..jobs import Job
from ..kept import MadePage
from ..problems import Problem
from ..services import services_of
from ..work import DOWNLOADS, Given, compare_given, story_body, story_page
from .addresses import name_in_path, story_path
from .answers import Answered, answers_of, pair, said_before
from .asked import read_number
from .compare import downloaded, list_downloads
from .frame import language_of, show
from .made import made_pages

_TEXTS = 200  # of a story: of more, the oldest and the newest
_RELATED = "rewrite", "reuse", "template"
_MOST_RELATED = 10


@dataclass(frozen=True, slots=True)
class RelatedText:
    """A text of another story, and how the newest one of this story is related to it."""

    name: str
    title: str
    relation: str
    version: StoredVersion


@dataclass(frozen=True, slots=True)
class StoryText:
    """A text of a story, and the texts with which people may say that it is the same or not: each with what it is here, and an answer.

    ``number`` is that of its version in what is told above the texts, None where it is not told of there.
    """

    version: StoredVersion
    number: int | None
    title: str
    before: StoredVersion | None
    is_canonical: bool
    is_new: bool
    pairs: tuple[tuple[str, StoredVersion, str | None], ...]


@dataclass(frozen=True, slots=True)
class _Found:
    story: StoryTexts
    canonical: str | None
    related: tuple[RelatedText, ...]
    answers: Answered


async def story(request: Request) -> Response:
    """Show a story, or what is new in it since a row."""
    name, since = name_in_path(request.path_params["name"]), read_number(request.query_params, "since")
    services = services_of(request)
    found = await services.readers.ask(lambda index: _find(index, name))
    if found.story.name != name:
        query = request.url.query
        return RedirectResponse(story_path(found.story.name) + (f"?{query}" if query else ""), 303)
    versions = found.story.versions
    new = [each for each in versions if since is not None and each.row > since]
    partial = bool(new) and len(new) < len(versions)
    shown = versions[len(versions) - len(new) - 1 :] if partial else versions
    page, problem = None, None
    if len(shown) > 1 and services.index.keeps_texts:
        try:
            page = await _made(request, shown, story_body)
        except Problem as error:
            if error.status != 422:
                raise
            problem = error
    return show(
        request,
        "story",
        story=found.story,
        title=title_of(versions[-1]),
        newest=versions[-1],
        texts=_texts(found, new, shown if page is not None else ()),
        related=found.related,
        page=page,
        problem=problem,
        keeps_texts=services.index.keeps_texts,
        downloads=DOWNLOADS if page is not None else (),
        since=since,
        new=new,
        partial=partial,
        path=story_path(found.story.name),
        said=said_before(request, found.answers),
    )


async def story_file(request: Request) -> Response:
    """Return what became of a story in one format."""
    name = name_in_path(request.path_params["name"])
    found = await services_of(request).readers.ask(lambda index: index.story(name, most=_TEXTS))
    if found is None or len(found.versions) < 2:
        raise unknown(name)
    return downloaded(await _made(request, found.versions, story_page), request.path_params["style"], "story")


async def story_pair(request: Request) -> Response:
    """Show two stored texts compared."""
    a, b = await _pair(request)
    page = await _compared(request, a, b)
    answers = await services_of(request).readers.ask(answers_of)
    return show(
        request,
        "pair",
        page=page,
        a=a,
        b=b,
        answer=answers.get(pair(a.name, b.name)),
        downloads=list_downloads(page),
        path=story_path(name_in_path(request.path_params["name"])),
        said=said_before(request, answers),
    )


async def story_pair_file(request: Request) -> Response:
    """Return two stored texts compared, in one format."""
    return downloaded(await _compared(request, *await _pair(request)), request.path_params["style"], "comparison")


async def _pair(request: Request) -> tuple[StoredVersion, StoredVersion]:
    a, b = (request.query_params.get(side, "") for side in "ab")

    def read(index: Index) -> tuple[StoredVersion | None, StoredVersion | None]:
        return index.text(a), index.text(b)

    found = await services_of(request).readers.ask(read)
    if found[0] is None or found[1] is None:
        raise unknown(a if found[0] is None else b)
    if not services_of(request).index.keeps_texts:
        raise Problem(404, "this index keeps no texts", hint="compare the files themselves on the first page")
    return found[0], found[1]


async def _compared(request: Request, a: StoredVersion, b: StoredVersion) -> MadePage:
    language = language_of(request)
    return await made_pages(request).page((a.row, b.row, language), compare_given, Given(named(a)), Given(named(b)), language)


async def _made(request: Request, versions: Sequence[StoredVersion], job: Job) -> MadePage:
    language, title = language_of(request), title_of(versions[-1])
    made_of = tuple(each.row for each in versions), language
    return await made_pages(request).page(made_of, job, [named(each) for each in versions], title, language)


def named(version: StoredVersion) -> Document:
    """Return the document of a text, under the name that the text has in its story."""
    return replace(version.document, id=version.name)


def unknown(name: str) -> Problem:
    """Return what is answered where no story and no text has a name."""
    return Problem(404, "no story or text is called so", where=name[:80], hint="it may never have been there, or was removed")


def _find(index: Index, name: str) -> _Found:
    """Return a story and what belongs to its page. Raises `Problem` where there is none."""
    found = index.story(name, most=_TEXTS)
    if found is None or not found.versions:
        raise unknown(name)
    cluster = index.cluster(found.name) if found.texts > 1 else None
    return _Found(found, None if cluster is None else cluster.canonical, _related(index, found), answers_of(index))


def _related(index: Index, story: StoryTexts) -> tuple[RelatedText, ...]:
    if not index.keeps_texts:
        return ()
    own = {each.name for each in story.versions}
    newest = story.versions[-1].document
    # An index tells of a copy of what it has only what that is a duplicate of: one word less is no copy.
    asked = replace(newest, id="", text=newest.text.rstrip().rpartition(" ")[0])
    found: dict[str, RelatedText] = {}
    for decision in index.query(asked) if asked.text.strip() else ():
        if decision.relation not in _RELATED or decision.of is None or len(found) == _MOST_RELATED:
            continue
        name = decision.matched or (decision.of if decision.of_version is None else version_name(decision.of, decision.of_version))
        version = index.text(name)
        called = decision.cluster or name
        if version is not None and name not in own and called not in found:
            found[called] = RelatedText(called, title_of(version), decision.relation, version)
    return tuple(found.values())


def _texts(found: _Found, new: Sequence[StoredVersion], told: Sequence[StoredVersion]) -> list[StoryText]:
    """Return the texts of a story for its page, the newest first; ``told`` are those that the page compares."""
    versions, fresh = found.story.versions, {each.row for each in new}
    numbers = {each.row: number for number, each in enumerate(told[-MOST_VERSIONS:], 1)}
    canonical = next((each for each in versions if each.name == found.canonical), None)
    texts = []
    for place, version in enumerate(versions):
        before = versions[place - 1] if place else None
        others = [("with_before", before), ("with_canonical", canonical)]
        pairs = {}
        for what, other in others:
            if other is not None and other.name != version.name and other.name not in pairs:
                pairs[other.name] = what, other, found.answers.get(pair(version.name, other.name))
        is_canonical = canonical is not None and version.row == canonical.row
        number, is_new = numbers.get(version.row), version.row in fresh
        texts.append(StoryText(version, number, title_of(version), before, is_canonical, is_new, tuple(pairs.values())))
    return texts[::-1]
