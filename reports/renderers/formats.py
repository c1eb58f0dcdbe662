"""The table of output formats: what each one renders, into text or bytes, under which file endings.

A new format is a module with its renderer, a function `_name(subject, options)` here that calls it, and a row of `FORMATS`. The command
line repeats the names in `dedup.cli.options.FORMATS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Protocol, overload

from dedup.errors import ConfigError

from ..model import Comparison, Report, Timeline

Subject = Comparison | Timeline | Report


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What a reader may choose: the language of our own words (None: that of the text), colour in a terminal, the title of a page."""

    lang: str | None = None
    colour: bool = False
    title: str | None = None


class Renderer(Protocol):
    """What makes the output of a format: text, or bytes where the format is binary."""

    def __call__(self, subject: Subject, options: RenderOptions) -> str | bytes: ...


@dataclass(frozen=True, slots=True)
class Format:
    """One output format.

    ``suffixes`` are the endings of its files, the usual one first. ``subjects`` are what it renders; a format for a comparison alone
    gets from a timeline that of its oldest version with its newest, and one for a timeline alone takes a comparison as two versions.
    """

    name: str
    renderer: Renderer
    suffixes: tuple[str, ...]
    subjects: tuple[type[Subject], ...] = (Comparison, Timeline)
    is_binary: bool = False

    def render(self, subject: Subject, options: RenderOptions) -> str | bytes:
        """Return a subject in this format. Raises `ConfigError` for one that the format does not render."""
        if not isinstance(subject, self.subjects):
            raise ConfigError(f"the format {self.name} does not render a {type(subject).__name__.lower()}")
        return self.renderer(subject, options)


def to_timeline(subject: Subject) -> Timeline:
    """Return a timeline as it is, and a comparison as one of two versions."""
    from ..history.versions import timeline_of_pair

    if isinstance(subject, Comparison):
        return timeline_of_pair(subject)
    assert isinstance(subject, Timeline)
    return subject


def to_comparison(subject: Subject) -> Comparison:
    """Return a comparison as it is, and of a timeline that of its oldest version with its newest."""
    from ..comparison import compare

    if isinstance(subject, Comparison):
        return subject
    assert isinstance(subject, Timeline)
    return subject.steps[0] if len(subject.steps) == 1 else compare(subject.versions[0], subject.versions[-1])


# The modules are imported when they are needed: a terminal needs no template engine.
def _terminal(subject: Subject, options: RenderOptions) -> str:
    from .terminal import render_terminal, render_terminal_timeline

    if isinstance(subject, Timeline):
        return render_terminal_timeline(subject, lang=options.lang, colour=options.colour)
    return render_terminal(to_comparison(subject), colour=options.colour)


def _unified(subject: Subject, options: RenderOptions) -> str:
    from .unified import render_unified

    return render_unified(to_comparison(subject))


def _json(subject: Subject, options: RenderOptions) -> str:
    from .json import render_json

    return render_json(subject if isinstance(subject, Timeline) else to_comparison(subject), lang=options.lang)


def _html(subject: Subject, options: RenderOptions) -> str:
    from .html import render_html

    if isinstance(subject, Report):
        return render_html(subject, lang=options.lang)
    timeline = to_timeline(subject)
    title = options.title or " / ".join(dict.fromkeys((timeline.versions[0].id, timeline.versions[-1].id)))
    return render_html(Report(title, (timeline,)), lang=options.lang)


def _csv(subject: Subject, options: RenderOptions) -> str:
    from .csv import render_csv

    return render_csv(to_timeline(subject))


def _markdown(subject: Subject, options: RenderOptions) -> str:
    from .markdown import render_markdown

    return render_markdown(to_timeline(subject), lang=options.lang)


def _docx(subject: Subject, options: RenderOptions) -> bytes:
    from .docx import render_docx

    return render_docx(to_comparison(subject), lang=options.lang)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        found.name: found
        for found in (
            Format("terminal", _terminal, (".txt",)),
            Format("unified", _unified, (".diff", ".patch")),
            Format("json", _json, (".json", ".jsonl")),
            Format("html", _html, (".html", ".htm"), (Comparison, Timeline, Report)),
            Format("csv", _csv, (".csv",)),
            Format("markdown", _markdown, (".md",)),
            Format("docx", _docx, (".docx",), is_binary=True),
        )
    }
)
"""Every format by its name, in the order in which they are listed for people."""


def find_format(name: str) -> Format:
    """Return the format of a name. Raises `ConfigError` where there is none."""
    if name not in FORMATS:
        raise ConfigError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    return FORMATS[name]


def format_by_suffix(suffix: str) -> Format | None:
    """Return the format of the files with an ending such as ``.html``, None where there is none."""
    return next((found for found in FORMATS.values() if suffix.lower() in found.suffixes), None)


@overload
def render(
    subject: Subject, name: Literal["docx"], *, lang: str | None = None, colour: bool = False, title: str | None = None
) -> bytes: ...
@overload
def render(
    subject: Subject,
    name: Literal["terminal", "unified", "json", "html", "csv", "markdown"] = "html",
    *,
    lang: str | None = None,
    colour: bool = False,
    title: str | None = None,
) -> str: ...
@overload
def render(subject: Subject, name: str, *, lang: str | None = None, colour: bool = False, title: str | None = None) -> str | bytes: ...
def render(subject: Subject, name: str = "html", *, lang: str | None = None, colour: bool = False, title: str | None = None) -> str | bytes:
    """Return a comparison or a timeline, in HTML also a report, in the format of a name; text, and for ``docx`` bytes.

    ``lang`` (ar, en or fr) is the language of our own words, of a page and of a digest: where it is None that of the newer text, and
    Arabic where we have no words in that. ``colour`` is for a terminal, ``title`` for a page. A unified diff and a Word file are of the
    oldest version and the newest. Raises `ConfigError` for another name or language, and for a subject that the format does not render.

    >>> from reports import compare
    >>> print(render(compare("Two died.", "Three died."), "terminal"))
    a → b: 1 changed
    ~ [-Two-] {+Three+} died.
    <BLANKLINE>
    """
    return find_format(name).render(subject, RenderOptions(lang, colour, title))
