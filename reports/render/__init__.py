"""Comparisons to what people and programs read. Each renderer is a function from a comparison and a look to text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dedup.errors import ConfigError

from ..model import Comparison, Report

FORMATS = ("terminal", "unified", "json", "html")


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader may choose: the language of digests and of a page's own words, colour in a terminal."""

    lang: str = "ar"
    colour: bool = False


class Renderer(Protocol):
    """What stands behind the name of a format."""

    def __call__(self, comparison: Comparison, look: Look) -> str: ...


# The modules are imported when needed: a terminal needs no template engine.
def _terminal(comparison: Comparison, look: Look) -> str:
    from .terminal import render_terminal

    return render_terminal(comparison, colour=look.colour)


def _unified(comparison: Comparison, look: Look) -> str:
    from .unified import render_unified

    return render_unified(comparison)


def _json(comparison: Comparison, look: Look) -> str:
    from .json import render_json

    return render_json(comparison, lang=look.lang)


def _html(comparison: Comparison, look: Look) -> str:
    from ..versions import pair_timeline
    from .html import render_html

    return render_html(Report(f"{comparison.a.id} / {comparison.b.id}", (pair_timeline(comparison),)), lang=look.lang)


_RENDERERS: dict[str, Renderer] = dict(zip(FORMATS, (_terminal, _unified, _json, _html), strict=True))


def render(comparison: Comparison, name: str = "html", look: Look | None = None) -> str:
    """Return a comparison as ``terminal``, ``unified``, ``json`` or ``html``. Raises `ConfigError` for another name.

    >>> from reports import compare
    >>> print(render(compare("Two died.", "Three died."), "terminal"))
    a → b: 1 changed
    ~ [-Two-] {+Three+} died.
    <BLANKLINE>
    """
    if name not in _RENDERERS:
        raise ConfigError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    return _RENDERERS[name](comparison, look or Look())
