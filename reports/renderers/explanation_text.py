"""Render an explanation for a terminal: the decisive evidence first, then the words, and the texts with their marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from ..language.invisible import spelled_out
from ..language.sentences import split_sentences
from ..messages.catalog import load_catalog
from .explanation_view import ExplanationView, MarkedPiece, SideView, make_explanation_view, side_view
from .origin import one_line
from .terminal import FAINT, NEW, OLD, paint

_FOR, _AGAINST, _RUN = "\x1b[32m", "\x1b[31m", "\x1b[32m"
_BRACKETS = {
    "a": {"exchanged": ("[-", "-]"), "own": ("[", "]"), "furniture": ("(", ")")},
    "b": {"exchanged": ("{+", "+}"), "own": ("{", "}"), "furniture": ("(", ")")},
}
_COLOURS = {
    "a": {"exchanged": OLD, "own": "\x1b[33m", "run": _RUN, "furniture": FAINT},
    "b": {"exchanged": NEW, "own": "\x1b[36m", "run": _RUN, "furniture": FAINT},
}
_MOST = 1200  # characters of a text that is shown whole beside its explanation
_SHOWN = 12  # words, at most, of one side of an exchange


def explanation_lines(found: Mapping[str, Any], *, lang: str | None = None, colour: bool = False) -> Iterator[str]:
    """Yield an explanation, an object as `dedup.explain` describes it, as lines for a terminal. The last one names the relation.

    ``lang`` (ar, en or fr; None: English) is the language of our own words. Of a long text the sentences with exchanged words are shown,
    of one without any those with runs of words of both. Control and bidi characters of the texts are spelled out.
    """
    catalog = load_catalog(lang or "en")
    say, view = catalog.messages["explanation"], make_explanation_view(found, catalog)
    yield from _head(view, say, colour)
    if view.checks:
        yield from ("", say["checks"])
        yield from (f"  {name}: {value}" for name, value in view.checks)
    yield from _words(view, say, colour)
    yield from ("", say["candidate"])
    yield from (f"  {name}: {value}" for name, value in view.candidate)
    yield from ("", _key(say, colour))
    for side in view.sides:
        yield from side_lines(side, colour=colour, most=_MOST)
    yield f"so: {found['relation'] or 'no match'}"


def _head(view: ExplanationView, say: Mapping[str, Any], colour: bool) -> Iterator[str]:
    for side in view.sides:
        yield f"{side.key}: {_said(side.id)}, {side.words:,} {'word' if side.words == 1 else 'words'}"
    yield from (view.verdict, *map(_said, view.told))
    if view.rows:
        yield from ("", say["evidence"])
        widest = max(len(row.points) for row in view.rows)
        for row in view.rows:
            points = paint(row.points.rjust(widest), _FOR if row.speaks_for else _AGAINST, colour)
            yield f"  {points}  {row.name}{': ' * bool(row.found)}{row.found}"
        yield f"  {view.note}"


def _words(view: ExplanationView, say: Mapping[str, Any], colour: bool) -> Iterator[str]:
    yield ""
    for a, b in view.exchanges:
        yield f"{say['exchanged']}: {paint(_cut(a), OLD, colour)} → {paint(_cut(b), NEW, colour)}"
    for name, words in view.lists:
        if words:
            yield f"{name}: {', '.join(map(_said, words))}"
    counted, run = view.longest
    yield f"{say['longest_run']}: {counted}{': ' * bool(run)}{_said(run)}"


def _key(say: Mapping[str, Any], colour: bool) -> str:
    """Return the key to the marks."""
    kinds = ("exchanged", "own", "run") if colour else ("exchanged", "own")
    return ", ".join(
        _marked(MarkedPiece(say[f"key_{kind}"], kind), key, colour) for kind in kinds for key in "ab"[: 1 if kind == "run" else 2]
    )


def _said(text: str) -> str:
    return spelled_out(text.replace("\n", " "))


def _cut(text: str) -> str:
    words = text.split()
    return _said(" ".join(words[:_SHOWN]) + ("…" if len(words) > _SHOWN else ""))


def marked_side_lines(side: Mapping[str, Any], key: str, *, lang: str | None = None, colour: bool = False) -> Iterator[str]:
    """Yield one text of an explanation, whole, as `side_lines` does; ``key`` is ``a`` or ``b``."""
    return side_lines(side_view(side, key, load_catalog(lang or "en")), colour=colour)


def side_lines(side: SideView, *, colour: bool = False, most: int | None = None) -> Iterator[str]:
    """Yield a text with its marks as lines, below its id, its title, its source and its time.

    ``[-word-]`` and ``{+word+}`` stand in the place of each other, ``[word]`` and ``{word}`` are in one text only. Of a text of more than
    ``most`` characters some sentences are shown.
    """
    about = [one_line(each) for each in (side.title, side.source, side.time) if each]
    yield ""
    yield paint(" · ".join([f"{side.name}: {one_line(side.id)}", *about]), FAINT, colour)
    for pieces in _sentences(side, most) if most is not None and len(side.text) > most else [side.pieces]:
        shown = "".join(_marked(piece, side.key, colour) for piece in pieces).strip("\n")
        yield from (f"  {line}" for line in shown.split("\n"))


def _marked(piece: MarkedPiece, key: str, colour: bool) -> str:
    if piece.kind is None:
        return spelled_out(piece.text)
    before, after = _BRACKETS[key].get(piece.kind, ("", ""))
    shade = _COLOURS[key].get(piece.kind, "")
    return "\n".join(paint(line, shade, colour) for line in f"{before}{spelled_out(piece.text)}{after}".split("\n"))


def _sentences(side: SideView, most: int) -> Iterator[tuple[MarkedPiece, ...]]:
    """Yield the sentences that have exchanged words, else those with runs, in order, until they have ``most`` characters."""
    cut = _cut_at(side.pieces, [(span.start, span.end) for span in split_sentences(side.text)])
    kinds = [{piece.kind for piece in pieces} for pieces in cut]
    wanted = "exchanged" if any("exchanged" in each for each in kinds) else "run"
    length, left_out = 0, False
    for pieces, each in zip(cut, kinds, strict=True):
        if wanted in each and length < most:
            length += sum(len(piece.text) for piece in pieces)
            yield ((MarkedPiece("… ", None),) if left_out else ()) + pieces
            left_out = False
        else:
            left_out = True
    if left_out:
        yield (MarkedPiece("…", None),)


def _cut_at(pieces: tuple[MarkedPiece, ...], spans: list[tuple[int, int]]) -> list[tuple[MarkedPiece, ...]]:
    """Return the pieces inside each of these spans of a text, which are in order."""
    starts = [0, *accumulate(len(piece.text) for piece in pieces)]
    found = []
    for start, end in spans:
        inside = range(bisect_right(starts, start) - 1, bisect_left(starts, end))
        cut = ((pieces[place], max(start - starts[place], 0), end - starts[place]) for place in inside)
        found.append(tuple(MarkedPiece(piece.text[first:last], piece.kind) for piece, first, last in cut))
    return found
