"""Comparisons and timelines to what people and programs read. Each renderer is a function from one of them and a look to text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dedup.errors import ConfigError

from ..model import Comparison, Report, Timeline

FORMATS = ("terminal", "unified", "json", "html", "csv", "markdown")


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader may choose: the language of digests and of a page's own words, its title, colour in a terminal."""

    lang: str = "ar"
    colour: bool = False
    title: str | None = None


class Renderer(Protocol):
    """What stands behind the name of a format."""

    def __call__(self, subject: Comparison | Timeline, look: Look) -> str: ...


def _as_timeline(subject: Comparison | Timeline) -> Timeline:
    from ..history.versions import pair_timeline

    return subject if isinstance(subject, Timeline) else pair_timeline(subject)


def as_comparison(subject: Comparison | Timeline) -> Comparison:
    """Return a comparison as it is, and of a timeline that of its oldest version with its newest."""
    from ..compare import compare

    if isinstance(subject, Comparison):
        return subject
    return subject.steps[0] if len(subject.steps) == 1 else compare(subject.versions[0], subject.versions[-1])


# The modules are imported when needed: a terminal needs no template engine.
def _terminal(subject: Comparison | Timeline, look: Look) -> str:
    from .terminal import render_terminal, render_terminal_timeline

    if isinstance(subject, Timeline):
        return render_terminal_timeline(subject, lang=look.lang, colour=look.colour)
    return render_terminal(subject, colour=look.colour)


def _unified(subject: Comparison | Timeline, look: Look) -> str:
    from .unified import render_unified

    return render_unified(as_comparison(subject))


def _json(subject: Comparison | Timeline, look: Look) -> str:
    from .json import render_json

    return render_json(subject, lang=look.lang)


def _html(subject: Comparison | Timeline, look: Look) -> str:
    from .html import render_html

    timeline = _as_timeline(subject)
    title = look.title or " / ".join(dict.fromkeys((timeline.versions[0].id, timeline.versions[-1].id)))
    return render_html(Report(title, (timeline,)), lang=look.lang)


def _csv(subject: Comparison | Timeline, look: Look) -> str:
    from .csv import render_csv

    return render_csv(_as_timeline(subject))


def _markdown(subject: Comparison | Timeline, look: Look) -> str:
    from .markdown import render_markdown

    return render_markdown(_as_timeline(subject), lang=look.lang)


_RENDERERS: dict[str, Renderer] = dict(zip(FORMATS, (_terminal, _unified, _json, _html, _csv, _markdown), strict=True))


def render(subject: Comparison | Timeline, name: str = "html", look: Look | None = None) -> str:
    """Return a comparison or a timeline in one of the `FORMATS`. Raises `ConfigError` for another name.

    A unified diff is of the oldest version and the newest. Word files are bytes: `render_docx`.

    >>> from reports import compare
    >>> print(render(compare("Two died.", "Three died."), "terminal"))
    a → b: 1 changed
    ~ [-Two-] {+Three+} died.
    <BLANKLINE>
    """
    if name not in _RENDERERS:
        raise ConfigError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    return _RENDERERS[name](subject, look or Look())
