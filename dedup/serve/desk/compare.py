"""The first page: two texts, pasted, dropped or chosen, and their comparison."""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message

from ...model import Document
from ...readers.formats import FORMATS as INPUT_FORMATS
from ..bodies import media_type
from ..kept import MadePage
from ..problems import Problem
from ..services import Services, services_of
from ..settings import RequestLimits
from ..work import DOWNLOADS, Given, compare_given, compare_inside
from .frame import language_of, show

_FORMATS = sorted(each.name for each in INPUT_FORMATS)
_ENDINGS = {
    "html": ("html", "text/html; charset=utf-8"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "unified": ("diff", "text/x-diff; charset=utf-8"),
    "json": ("json", "application/json"),
}


async def home(request: Request) -> Response:
    """Show the form for two texts."""
    values = {name: request.query_params.get(name, "") for name in ("a", "b")}
    return show(request, "compare", formats=_FORMATS, values=values)


async def compare(request: Request) -> Response:
    """Compare two texts, and lead to what came of it."""
    services = services_of(request)
    limits = services.settings.limits
    if media_type(request.headers) != "multipart/form-data":  # which needs no work for each of its bytes
        raise Problem(415, "not the form of a page of this server", where="Content-Type", hint="programs ask POST /v1/compare")
    try:
        form = await _bounded(request, limits).form(max_files=2, max_fields=20, max_part_size=limits.body)
    except MultiPartException as error:
        raise Problem(400, "a form that cannot be read", hint=error.message[:80]) from error
    try:
        a, b = [await _given(form, name, services) for name in "ab"]
    finally:
        await form.close()
    lang = _choice(form, "lang")
    if a is None and b is None:
        raise Problem(422, "no text", hint="give two texts, or one file in which to look for what repeats itself")
    alone = a if b is None else b if a is None else None
    if alone is not None and alone.document is not None:
        raise Problem(422, "one text where two are needed", hint="give the other text as well")
    if alone is not None:
        made = await services.jobs.run(compare_inside, alone, lang or language_of(request))
    else:
        made = await services.jobs.run(compare_given, a, b, lang or language_of(request))
    return RedirectResponse(f"/comparisons/{services.kept.put(MadePage.of(made))}", 303)


async def comparison(request: Request) -> Response:
    """Show a comparison."""
    return show(request, "comparison", page=_kept(request), name=request.path_params["name"], downloads=list_downloads(_kept(request)))


async def download(request: Request) -> Response:
    """Return a comparison in one format."""
    return downloaded(_kept(request), request.path_params["style"], "comparison")


def list_downloads(page: MadePage) -> list[str]:
    """Return the formats in which a page can be had."""
    return [name for name in DOWNLOADS if name in page.downloads]


def downloaded(page: MadePage, style: str, name: str) -> Response:
    """Return a page in one format, as a file. Raises `Problem` where it cannot be had so."""
    if style not in _ENDINGS or style not in page.downloads:
        raise Problem(404, f"no format {style[:40]!r}", hint=f"there are {', '.join(list_downloads(page))}")
    ending, media = _ENDINGS[style]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(page.downloads[style], media_type=media, headers=headers)


def _kept(request: Request) -> MadePage:
    found = services_of(request).kept.get(request.path_params["name"])
    if found is None:
        raise Problem(404, "that comparison is not kept any more", hint="compare the texts again")
    return found


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


async def _given(form: FormData, side: str, services: Services) -> Given | None:
    """Return what stands on one side of the form: a file, else a text, else the id of a record."""
    file = form.get(f"{side}_file")
    if isinstance(file, UploadFile) and (file.filename or file.size):
        style = _choice(form, f"{side}_as")
        if style is not None and style not in _FORMATS:
            raise Problem(422, f"no format {style[:40]!r}", where=f"{side}_as")
        return Given(data=await file.read(), name=_plain_name(file.filename or side), input_format=style)
    if (text := _choice(form, f"{side}_text")) is not None and text.strip():
        return Given(Document(side, text.replace("\r\n", "\n")))
    if (name := _choice(form, f"{side}_id")) is not None and name.strip():
        known = await services.readers.ask(lambda index: index.text(name.strip()))
        if known is None:
            raise Problem(404, f"no text is stored under {name.strip()[:80]!r}", hint="look for it on the page of stories")
        return Given(known.document)
    return None
