"""Write a report as one self-contained page for an editor.

Style and script are inlined and named by hash in a Content-Security-Policy; the page reads in full without the script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ..catalog import catalog
from ..hidden import HIDDEN, code
from ..model import Report
from .page import COUNTED, direction, language, make_article


def render_html(report: Report, *, lang: str = "ar") -> str:
    """Return the page for a report, its own words in ``lang`` (ar, en or fr).

    Equal reports give equal pages. Raises `ConfigError` for another language, and `RebuildError` for a comparison whose
    texts differ outside of its changes.

    >>> render_html(Report("2016-02-09", ())).startswith("<!doctype html>")
    True
    """
    words = catalog(lang)
    templates = files("reports.render") / "templates"
    style, script = ((templates / name).read_text("utf-8") for name in ("page.css", "page.js"))
    articles = tuple(make_article(number, comparison, words) for number, comparison in enumerate(report.comparisons, 1))
    environment = Environment(
        loader=PackageLoader("reports.render"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"show": show, "plain": plain, "direction": direction, "language": language, "csp_hash": _csp_hash}
    return environment.get_template("page.html.j2").render(
        report=report,
        articles=articles,
        by_pair={(view.comparison.a.id, view.comparison.b.id): view for view in articles},
        texts=dict(report.only_texts),
        counted=COUNTED,
        totals=sum((view.counts for view in articles), Counter()),
        lang=lang,
        messages=words.messages,
        t=words.say,
        style=Markup(style),
        script=Markup(script),
    )


def show(text: str) -> Markup:
    """Return text as markup, each invisible character as a chip.

    >>> str(show("a\\u202e<b>"))
    'a<span class="chip">U+202E</span>&lt;b&gt;'
    """
    return Markup(HIDDEN.sub(lambda found: f'<span class="chip">{code(found)}</span>', str(escape(text))))


def plain(text: str) -> str:
    """Return text for an attribute or the title: white space runs as one space, invisible characters by code.

    >>> plain("a\\n b\\u202e")
    'a bU+202E'
    """
    return HIDDEN.sub(code, re.sub("[ \t\n]+", " ", text))


def _csp_hash(source: str) -> Markup:
    return Markup("'sha256-%s'") % base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
