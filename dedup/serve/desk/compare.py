"""The first page: two texts, pasted, dropped or chosen, and their comparison."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message

from reports.renderers.html import visible_text
from reports.renderers.origin import cut

from ...errors import DedupError
from ...index import Index
from ...index.browse.model import StoredVersion
from ...model import Document
from ...readers.formats import FORMATS as INPUT_FORMATS
from ...text.timestamps import known_seconds
from ..bounded import media_type
from ..kept import MadePage
from ..problems import Problem, problem_of, wants_page
from ..services import Services, services_of
from ..settings import RequestLimits
from ..work import DOWNLOADS, Given, compare_again, compare_given, compare_inside, sides_in
from .addresses import name_in_path, story_path
from .frame import language_of, show, trouble_of, words_of

_FORMATS = sorted(each.name for each in INPUT_FORMATS if each.name != "sqlite")  # which is read from a path alone
_ENCODINGS = "utf-8", "windows-1256", "iso-8859-6", "utf-16", "windows-1252"
_ENDINGS = {
    "html": ("html", "text/html; charset=utf-8"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "unified": ("diff", "text/x-diff; charset=utf-8"),
    "json": ("json", "application/json"),
}
_LONGEST_AGAIN = 1 << 20  # bytes of the texts of a comparison that are put back into the form


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side of the form: a text, or the id of a record, with the record where there is one; how a file is to be read."""

    text: str = ""
    id: str = ""
    style: str = ""
    encoding: str = ""
    record: Document | None = None


async def home(request: Request) -> Response:
    """Show the form for two texts: empty, with two records (``?a=ID&b=ID``), or with the texts of a comparison (``?from=NAME``)."""
    services = services_of(request)
    named = request.query_params.get("from")
    if named is not None and (page := services.kept.get(named)) is not None and (texts := _texts_of(page)) is not None:
        return _form(request, tuple(Side(text) for text in texts))
    ids = [request.query_params.get(name, "").strip() for name in "ab"]
    records = await services.readers.ask(lambda index: [stored(index, id_) if id_ else None for id_ in ids]) if any(ids) else (None, None)
    documents = (None if found is None else found.document for found in records)
    sides = tuple(Side(id=id_, record=record) for id_, record in zip(ids, documents, strict=True))
    missing = next((_not_stored(side.id) for side in sides if side.id and side.record is None), None)
    return _form(request, sides, missing)


def _form(request: Request, sides: tuple[Side, ...], problem: Problem | None = None) -> Response:
    """Return the page of the form, with what is wrong beside what was given."""
    known = [side.record for side in sides if side.record is not None]
    seconds = known_seconds(known) if len(known) == 2 else None
    return show(
        request,
        "compare",
        200 if problem is None else problem.status,
        sides=dict(zip("ab", sides, strict=True)),
        formats=_FORMATS,
        encodings=_ENCODINGS,
        most=services_of(request).settings.limits.body,
        wrong_order=seconds is not None and seconds[0] > seconds[1],
        trouble=None if problem is None else trouble_of(request, problem),
    )


async def compare(request: Request) -> Response:
    """Compare two texts, and lead to what came of it; where that cannot be, a browser gets the form again with what was pasted."""
    services = services_of(request)
    limits = services.settings.limits
    form: FormData | None = None
    try:
        form = await _form_of(request, limits)
        if (of_stories := await _stored_pair(form, services)) is not None:
            return RedirectResponse(of_stories, 303)
        made = await _made(request, form, services)
    except (Problem, DedupError) as error:
        if form is None or not wants_page(request):
            raise
        return _form(request, (_side(form, "a"), _side(form, "b")), problem_of(error))
    finally:
        if form is not None:
            await form.close()
    by_date = "?by=modified" if form.get("order") == "modified" else ""
    return RedirectResponse(f"/comparisons/{services.kept.put(MadePage.of(made))}{by_date}", 303)


async def _form_of(request: Request, limits: RequestLimits) -> FormData:
    if media_type(request.headers) != "multipart/form-data":  # which needs no work for each of its bytes
        raise Problem(415, "not the form of a page of this server", where="Content-Type", hint="programs ask POST /v1/compare")
    try:
        return await _bounded(request, limits).form(max_files=2, max_fields=20, max_part_size=limits.body)
    except MultiPartException as error:
        raise Problem(400, "a form that cannot be read", hint=error.message[:80]) from error


async def _stored_pair(form: FormData, services: Services) -> str | None:
    """Return the address where two stored texts are compared, and people may say whether they are one story; None for other texts."""
    sides = [_side(form, name) for name in "ab"]
    if not services.index.keeps_texts or any(_file(form, name) for name in "ab"):
        return None
    if any(side.text.strip() or not side.id.strip() for side in sides):
        return None
    a, b = await services.readers.ask(lambda index: [stored(index, side.id) for side in sides])
    return None if a is None or b is None else story_path(b.name, "compare", a=a.name, b=b.name)


async def _made(request: Request, form: FormData, services: Services) -> dict[str, bytes]:
    a, b = [await _given(request, form, name, services) for name in "ab"]
    if a is not None and b is not None:
        return await services.jobs.run(compare_given, a, b, language_of(request))
    alone = a or b
    if alone is None:
        raise Problem(422, "no text", hint="give two texts, or one file in which to look for what repeats itself")
    if alone.document is not None:
        raise Problem(422, "one text where two are needed", hint="give the other text as well")
    return await services.jobs.run(compare_inside, alone, language_of(request))


async def comparison(request: Request) -> Response:
    """Show a comparison, in the language of the reader."""
    services, name = services_of(request), request.path_params["name"]
    page = _kept(request)
    if page.lang != language_of(request) and page.again:
        page = MadePage.of(await services.jobs.run(compare_again, page.again, language_of(request)))
        services.kept.replace(name, page)
    return show(
        request,
        "comparison",
        page=page,
        name=name,
        downloads=list_downloads(page),
        can_change=_texts_of(page) is not None,
        nothing=not page.lines and "<article" not in page.body and page.texts != (1, 1),
        by_date=request.query_params.get("by") == "modified",
    )


async def download(request: Request) -> Response:
    """Return a comparison in one format."""
    page = _kept(request)
    return downloaded(page, request.path_params["style"], page.title)


def list_downloads(page: MadePage) -> list[str]:
    """Return the formats in which a page can be had."""
    return [name for name in DOWNLOADS if name in page.downloads]


def downloaded(page: MadePage, style: str, name: str) -> Response:
    """Return a page in one format, as a file with a name like this. Raises `Problem` where it cannot be had so."""
    if style not in _ENDINGS or style not in page.downloads:
        raise Problem(404, f"no format {style[:40]!r}", hint=f"there are {', '.join(list_downloads(page))}")
    ending, media = _ENDINGS[style]
    headers = {"Content-Disposition": _attached(name, ending), "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(page.downloads[style], media_type=media, headers=headers)


def _attached(name: str, ending: str) -> str:
    """Return a ``Content-Disposition`` (RFC 6266).

    >>> _attached("a.txt / b.txt", "csv")
    'attachment; filename="comparison.csv"; filename*=UTF-8\\'\\'a.txt%20-%20b.txt.csv'
    """
    plain = "".join("-" if char in '/\\:*?"<>|' else char for char in cut(visible_text(name), 80)).strip(" .-") or "comparison"
    return f"attachment; filename=\"comparison.{ending}\"; filename*=UTF-8''{quote(f'{plain}.{ending}', safe='', errors='replace')}"


def _kept(request: Request) -> MadePage:
    found = services_of(request).kept.get(request.path_params["name"])
    if found is None:
        raise Problem(404, "that comparison is not kept any more", hint="compare the texts again")
    return found


def _texts_of(page: MadePage) -> tuple[str, str] | None:
    """Return the two texts of a comparison, None where there are more, or too long ones for a form."""
    if page.texts != (1, 1) or len(page.again) > _LONGEST_AGAIN:
        return None
    _, (a,), (b,) = sides_in(page.again)
    one, other = (each.text.encode("utf-8", "replace").decode() for each in (a, b))
    return one, other


def _bounded(request: Request, limits: RequestLimits) -> Request:
    """Return a request whose body ends in a `Problem` where it is too large."""
    told = request.headers.get("content-length", "")
    size = 0

    async def receive() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > limits.body:
            raise Problem(413, f"more than {limits.body:,} bytes", hint="give smaller files", headers={"Connection": "close"})
        return message

    if told.isdigit() and int(told) > limits.body:
        raise Problem(413, f"more than {limits.body:,} bytes", hint="give smaller files", headers={"Connection": "close"})
    return Request(request.scope, receive)


def _choice(form: FormData, name: str) -> str | None:
    found = form.get(name)
    return found if isinstance(found, str) and found else None


def _plain_name(name: str) -> str:
    """Return the last part of the name of a file, which is told and never opened."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][-200:] or "file"


def _side(form: FormData, side: str) -> Side:
    """Return what stands on one side of the form that can be shown again: all but the file, which only the reader can choose."""
    text, id_, style, encoding = (_choice(form, f"{side}_{name}") or "" for name in ("text", "id", "as", "encoding"))
    return Side(text.replace("\r\n", "\n"), id_, style, encoding)


def _file(form: FormData, side: str) -> UploadFile | None:
    file = form.get(f"{side}_file")
    return file if isinstance(file, UploadFile) and (file.filename or file.size) else None


def stored(index: Index, name: str) -> StoredVersion | None:
    """Return the text with a name, or the newest one of a story whose address is given."""
    if (found := index.text(name.strip())) is not None:
        return found
    _, mark, part = urlsplit(name.strip()).path.rpartition("/stories/")
    story = index.story(name_in_path(unquote(part)), most=2) if mark else None
    return story.versions[-1] if story is not None and story.versions else None


def _not_stored(id_: str) -> Problem:
    return Problem(404, "no text is stored under that id", where=id_[:80], hint="look for it on the page of stories")


async def _given(request: Request, form: FormData, side: str, services: Services) -> Given | None:
    """Return what stands on one side of the form: a file, else a text, else the id of a record."""
    file, told = _file(form, side), _side(form, side)
    if file is not None:
        if told.style and told.style not in _FORMATS:
            raise Problem(422, f"no format {told.style[:40]!r}", where=f"{side}_as")
        if told.encoding and told.encoding not in _ENCODINGS:
            raise Problem(422, f"no encoding {told.encoding[:40]!r}", where=f"{side}_encoding")
        name = _plain_name(file.filename or side)
        return Given(data=await file.read(), name=name, input_format=told.style or None, encoding=told.encoding or None)
    if told.text.strip():
        return Given(Document(words_of(request).say("pasted", number="1" if side == "a" else "2"), told.text))
    if name := told.id.strip():
        known = await services.readers.ask(lambda index: stored(index, name))
        if known is None:
            raise _not_stored(name)
        return Given(known.document)
    return None
