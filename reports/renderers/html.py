"""Render a report as one self-contained HTML page for an editor.

Style and script are inlined and named by hash in a Content-Security-Policy; the page reads in full without the script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dedup.model import Segment

from ..language.invisible import INVISIBLE, code_point
from ..messages.catalog import Catalog, catalog_for
from ..model import Report
from ..summary.digest import MOST_LINES
from .comparison_view import COUNTED
from .direction import html_language, text_direction
from .origin import cut, host_of, web_address
from .timeline_view import TimelineView, leading_lines, make_timeline_view


@dataclass(frozen=True, slots=True)
class Page:
    """A page in a language, with what an index says of it: the number of substantive changes, and the first lines of its digest."""

    html: str
    lang: str
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
    """Return the page for a report, with a link to ``home``, as `render_html` does."""
    words = catalog_for(report, lang)
    stories = tuple(_stories(report, words))
    sections = {(match.a.id, match.b.id) for pair in report.bulletins for match in pair.sections}
    by_pair = {pair: (article, story) for story in stories for pair, article in story.by_pair().items() if pair in sections}
    story_of = {version.id: story for story in stories for version in story.timeline.versions}
    in_bulletins = {name for pair in sections for name in pair}
    alone = {section.id for pair in report.bulletins for section in (*pair.only_a, *pair.only_b)}
    texts = dict(report.only_texts)
    totals = sum((story.newest.counts for story in stories), Counter[str]())
    lead = leading_lines(stories, MOST_LINES)
    html = fill_template(
        "page",
        words,
        report=report,
        home=home,
        stories=stories,
        pairs=[story for story in stories if len(story.states) == 2],
        lead=lead,
        by_pair=by_pair,
        story_of=story_of,
        loose=[story for story in stories if not in_bulletins & {version.id for version in story.timeline.versions}],
        texts=texts,
        elsewhere=[name for name in texts if name not in alone],
        counted=COUNTED,
        totals=totals,
    )
    return Page(html, words.language, totals.total() - totals["cosmetic"], tuple(line.text for _, line in lead))


def _stories(report: Report, words: Catalog) -> Iterator[TimelineView]:
    first = 1
    for number, timeline in enumerate(report.timelines, 1):
        story = make_timeline_view(number, first, timeline, words)
        first += len(story.compared)
        yield story


def fill_template(name: str, words: Catalog, **values: Any) -> str:
    """Return a template filled in, with the style of all pages and the style and script of its own, where it has them."""
    own = (_template_file(f"{name}.css") if name != "page" else "", _template_file(f"{name}.js"))
    style, script = Markup(_template_file("page.css") + own[0]), Markup(own[1])
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
    """Return a line of a digest as markup; its invisible characters are spelled out already, and its marks of direction become styles."""
    return escape(text).replace("\N{RIGHT-TO-LEFT MARK}", Markup('<span class="rlm"></span>'))


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
