"""Render a report as one self-contained HTML page for an editor.

Style and script are inlined and named by hash in a Content-Security-Policy; the page reads in full without the script.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dedup.model import Segment

from ..language.invisible import INVISIBLE, code_point
from ..messages.catalog import Catalog, catalog_for
from ..model import Report
from ..summary.digest import fact_label
from .comparison_view import COUNTED
from .direction import html_language, text_direction
from .origin import cut, host_of, web_address
from .report_view import ReportView
from .timeline_view import TimelineView, make_timeline_view
from .turned import turned_report

_ARROW = re.compile(" [\u200e\u200f]?[←→][\u200e\u200f]? ")
_RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT MARK}←\N{RIGHT-TO-LEFT MARK}"
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}→\N{LEFT-TO-RIGHT MARK}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page in a language, with what an index says of it: the number of substantive changes, and the first lines of its digest."""

    html: str
    lang: str
    changes: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBody:
    """What a page shows, for a page that has a frame of its own: it needs `page_asset` for its style and its script."""

    title: str
    html: Markup
    lang: str
    direction: str
    changes: int
    lines: tuple[str, ...]


def render_html(report: Report, *, lang: str | None = None) -> str:
    """Return the page for a report, our own words in ``lang`` (ar, en or fr; None: the language of its newest texts).

    Equal reports give equal pages. Raises `ConfigError` for another language, and `RebuildError` for a comparison whose
    texts differ outside of its changes.

    >>> render_html(Report("2016-02-09", ())).startswith("<!doctype html>")
    True
    """
    return render_page(report, lang=lang).html


def render_page(report: Report, *, lang: str | None = None, home: str | None = None) -> Page:
    """Return the page for a report, with a link to ``home``, as `render_html` does.

    The page also has what it shows when a reader turns it round, as data that its script puts in place.
    """
    return _page(*_shown(report, lang, home))


def render_body(report: Report, *, lang: str | None = None) -> tuple[PageBody, Page]:
    """Return what the page for a report shows, without its frame, and the page itself, as `render_page` does."""
    words, shown, body = _shown(report, lang, None)
    return _page_body(words, shown, body), _page(words, shown, body)


def render_brief_body(report: Report, *, lang: str | None = None) -> PageBody:
    """Return what the page for a report shows, without its frame, and without what takes long: of each text only versions that follow each
    other are compared, and the first with the last, and the page cannot be turned round."""
    words = catalog_for(report, lang)
    shown = _view(report, words, turned=False, brief=True)
    return _page_body(words, shown, _body(words, shown, None, None))


def page_asset(name: str) -> str:
    """Return the style (``page.css``) or the script (``page.js``) that `render_body` needs."""
    return _template_file("page.css") + _template_file("origins.css") if name == "page.css" else _template_file("page.js")


def _substantive(shown: ReportView) -> int:
    totals = shown.totals
    return totals.total() - totals["cosmetic"]


def _shown(report: Report, lang: str | None, home: str | None) -> tuple[Catalog, ReportView, Markup]:
    words = catalog_for(report, lang)
    shown = _view(report, words, turned=False)
    differs = any(timeline.steps for timeline in report.timelines) or report.bulletins
    other = _view(turned_report(report), words, turned=True) if differs else None
    turned = None if other is None else _as_data(_parts(other, words, home))
    return words, shown, _body(words, shown, turned, home)


def _body(words: Catalog, shown: ReportView, turned: Markup | None, home: str | None) -> Markup:
    template = _environment(words).get_template("body.html.j2")
    return Markup(template.render(shown=shown, parts=_parts(shown, words, home), turned=turned))  # which has escaped what it shows


def _page_body(words: Catalog, shown: ReportView, body: Markup) -> PageBody:
    lines = tuple(line.text for _, line in shown.lead)
    return PageBody(shown.title, body, words.language, words.messages["dir"], _substantive(shown), lines)


def _page(words: Catalog, shown: ReportView, body: Markup) -> Page:
    styles = ("origins.css",) if shown.origins else ()
    html = fill_template("page", words, styles=styles, shown=shown, body=body)
    return Page(html, words.language, _substantive(shown), tuple(line.text for _, line in shown.lead))


def _view(report: Report, words: Catalog, *, turned: bool, brief: bool = False) -> ReportView:
    return ReportView(report, tuple(_stories(report, words, brief)), turned, words.messages["dir"] == "rtl")


def _as_data(parts: dict[str, Markup]) -> Markup:
    """Return parts of a page as JSON for an attribute: no character of it ends the attribute, or begins a tag."""
    return Markup(json.dumps(parts, ensure_ascii=False).translate({ord(char): f"\\u{ord(char):04x}" for char in "<>&'"}))


def _parts(view: ReportView, words: Catalog, home: str | None) -> dict[str, Markup]:
    """Return the parts of a page that depend on the direction, by their names."""
    values = {"view": view, "report": view.report, "stories": view.stories, "counted": COUNTED, "home": home}
    templates = {name: _environment(words).get_template(f"{name}.html.j2") for name in ("head", "filters", "main")}
    return {name: Markup(template.render(values)) for name, template in templates.items()}  # each escapes what it shows


def _stories(report: Report, words: Catalog, brief: bool) -> Iterator[TimelineView]:
    first = 1
    for number, timeline in enumerate(report.timelines, 1):
        story = make_timeline_view(number, first, timeline, words, brief=brief)
        first += len(story.compared)
        yield story


def fill_template(name: str, words: Catalog, *, styles: tuple[str, ...] = (), **values: Any) -> str:
    """Return a template filled in, with the style of all pages, the style and script of its own, where it has them, and more ``styles``."""
    own = "".join(map(_template_file, (f"{name}.css" if name != "page" else "", *styles)))
    style, script = Markup(_template_file("page.css") + own), Markup(_template_file(f"{name}.js"))
    return _environment(words).get_template(f"{name}.html.j2").render(style=style, script=script, **values)


@lru_cache
def _template_file(name: str) -> str:
    file = files("reports.renderers") / "templates" / name
    return file.read_text("utf-8") if file.is_file() else ""


@lru_cache
def _environment(words: Catalog) -> Environment:
    """Return the template environment of a language; its templates are compiled once."""
    environment = Environment(
        loader=PackageLoader("reports.renderers"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "show": markup_text,
        "plain": visible_text,
        "line": markup_line,
        "heading_or_id": _heading_or_id,
        "direction": text_direction,
        "language": html_language,
        "csp_hash": _csp_hash,
        "cut": cut,
        "label": partial(fact_label, catalog=words),
        "web_address": web_address,
        "host": host_of,
    }
    environment.globals |= {"lang": words.language, "messages": words.messages, "t": words.say}
    return environment


def markup_text(text: str) -> Markup:
    """Return text as markup, each invisible character as a chip.

    >>> str(markup_text("a\\u202e<b>"))
    'a<span class="chip">U+202E</span>&lt;b&gt;'
    """
    return Markup(INVISIBLE.sub(lambda found: f'<span class="chip">{code_point(found)}</span>', str(escape(text))))


def markup_line(text: str) -> Markup:
    """Return a line of a digest as markup; its invisible characters are spelled out already, and marks of direction become styles.

    The arrow between old and new points as the line is read, whatever the language of our words around it.

    >>> str(markup_line("killed: 2 → 3"))
    'killed: 2 <span class="lrm"></span>→<span class="lrm"></span> 3'
    """
    arrow = _RIGHT_TO_LEFT if text_direction(text) == "rtl" else _LEFT_TO_RIGHT
    found = escape(_ARROW.sub(f" {arrow} ", text))
    for mark, name in (("\N{RIGHT-TO-LEFT MARK}", "rlm"), ("\N{LEFT-TO-RIGHT MARK}", "lrm")):
        found = found.replace(mark, Markup('<span class="%s"></span>') % name)
    return found


def visible_text(text: str) -> str:
    """Return text for an attribute or the title: one space for any white space, invisible characters as ``U+202E``.

    >>> visible_text("a\\n b\\u202e")
    'a bU+202E'
    """
    return INVISIBLE.sub(code_point, re.sub("[ \t\n]+", " ", text))


def _heading_or_id(segment: Segment) -> str:
    return segment.heading or segment.id


def _csp_hash(source: str) -> Markup:
    return Markup("'sha256-%s'") % base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
