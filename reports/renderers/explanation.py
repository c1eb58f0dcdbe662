"""The page of an explanation: the verdict, the evidence with bars, both texts side by side with their marks, the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..messages.catalog import follow_language, load_catalog
from .explanation_view import make_explanation_view
from .html import fill_template


def render_explanation(found: Mapping[str, Any], *, lang: str | None = None) -> str:
    """Return the page of an explanation, an object as `dedup.explain` describes it. It needs no script.

    ``lang`` (ar, en or fr) is the language of our own words, None for that of the texts. Raises `ConfigError` for another language.
    """
    catalog = load_catalog(lang or follow_language(found["b"]["text"], found["a"]["text"]))
    view = make_explanation_view(found, catalog)
    return fill_template("explanation", catalog, view=view, say=catalog.messages["explanation"])
