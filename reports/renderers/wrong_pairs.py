"""The page of wrong pairs: what was matched wrongly and what was missed, with both texts and the reason."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..messages.catalog import load_catalog
from .direction import html_language, text_direction
from .html import fill_template
from .marked_words import Stretch, mark_words

_SHOWN = 200  # pairs on a page
_FOLDED = 1200  # characters of a text from which the rest is folded


@dataclass(frozen=True, slots=True)
class MarkedText:
    """One side of a pair: its id, its direction and language, and its stretches, those of a long text in two parts."""

    id: str
    side: str
    dir: str
    lang: str
    first: tuple[Stretch, ...]
    rest: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """A wrong pair as the page shows it; ``texts`` is empty where one of them is not there."""

    number: int
    missed: bool
    label: str | None
    reasons: tuple[str, ...]
    command: str
    ids: tuple[str, str]
    texts: tuple[MarkedText, ...]


def render_wrong_pairs(evaluation: Mapping[str, Any], pairs: Sequence[Mapping[str, Any]], title: str, paths: Sequence[str] = ()) -> str:
    """Return the page of the wrong pairs of an evaluation, objects as `dedup.evaluation.wrong_pairs` returns them.

    The page is in English and needs no script. ``paths`` are the documents that the pairs come from, for the command that explains a pair.
    """
    views = [_view(number, pair, paths) for number, pair in enumerate(pairs[:_SHOWN], 1)]
    return fill_template(
        "wrong", load_catalog("en"), title=title, evaluation=evaluation, views=views, total=len(pairs), left_out=len(pairs) - len(views)
    )


def _view(number: int, pair: Mapping[str, Any], paths: Sequence[str]) -> PairView:
    ids = pair["a"], pair["b"]
    texts = pair["a_text"], pair["b_text"]
    sides: tuple[MarkedText, ...] = ()
    if None not in texts:
        marked = zip("ab", ids, texts, mark_words(*texts), strict=True)
        sides = tuple(
            MarkedText(name, side, text_direction(text), html_language(text), *_parts(found)) for side, name, text, found in marked
        )
    command = shlex.join(["dedup", "explain", *ids, *(part for path in paths for part in ("--in", path))]) if paths else ""
    return PairView(number, pair["missed"], pair["label"], tuple(_reasons(pair)), command, ids, sides)


def _parts(stretches: Sequence[Stretch]) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Return the beginning of a text and the rest of it, which is folded; a text that is hardly longer is not cut."""
    if sum(len(each.text) for each in stretches) <= 1.5 * _FOLDED:
        return (*stretches,), ()
    first: list[Stretch] = []
    length = 0
    for place, each in enumerate(stretches):
        if length + len(each.text) > _FOLDED:
            cut = each.text.rfind(" ", 0, _FOLDED - length) + 1
            head, tail = each.text[:cut], each.text[cut:]
            return (*first, *([Stretch(head, each.kind)] if head else [])), (Stretch(tail, each.kind), *stretches[place + 1 :])
        first.append(each)
        length += len(each.text)
    return (*first,), ()


def _reasons(pair: Mapping[str, Any]) -> Iterator[str]:
    if "relation" not in pair:
        yield "no match: no channel proposed the pair, or too little is shared"
        return
    given = pair.get("probability")
    yield f"{pair['relation']}, {'no duplicate' if pair['missed'] else 'a duplicate'}"
    if given is not None:
        yield f"probability {given:.2f}"
    yield f"Jaccard {pair['jaccard']:.2f}"
    yield f"{pair['containment_a']:.2f} of A is in B"
    yield f"{pair['containment_b']:.2f} of B is in A"
