"""The page of a tuning: whether it helps, precision against recall, and both by the limit of probability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..messages.catalog import load_catalog
from .html import fill_template

_WIDTH, _HEIGHT, _MARGIN = 440, 300, 44
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines in a square from 0 to 1 on both axes, as SVG sees it: points, ticks with their places, names."""

    title: str
    across: str
    up: str
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float, str], ...]
    columns: tuple[tuple[float, str], ...]
    rows: tuple[tuple[float, str], ...]
    width: int = _WIDTH
    height: int = _HEIGHT
    margin: int = _MARGIN


def _at(x: float, y: float) -> tuple[float, float]:
    """Return the place of a point in the drawing."""
    inner = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    return round(_MARGIN + x * inner[0], 1), round(_HEIGHT - _MARGIN - y * inner[1], 1)


def _chart(
    title: str, across: str, up: str, lines: Iterable[Iterable[tuple[float, float]]], dots: Mapping[str, tuple[float, float]]
) -> Chart:
    return Chart(
        title,
        across,
        up,
        tuple(" ".join(f"{x},{y}" for x, y in (_at(*point) for point in line)) for line in lines),
        tuple((*_at(*point), name) for name, point in dots.items()),
        tuple((_at(tick, 0)[0], f"{tick:g}") for tick in _TICKS),
        tuple((_at(0, tick)[1], f"{tick:g}") for tick in _TICKS),
    )


def render_curves(tuning: Mapping[str, Any], title: str) -> str:
    """Return the page of a tuning, an object of `Tuning.to_dict`. It is in English and needs no script."""
    curve = tuning["curve"]
    figures = {"present": tuning["present"]}
    figures |= {f"{trial['name']}, cross-validated": trial["cross_validated"] for trial in tuning["trials"]}
    named = {", ".join(point["names"]): point for point in curve if point["names"]}
    last = curve[-1]
    ends = {name: (last["min_probability"], last[name]) for name in ("precision", "recall")}
    charts = [
        _chart(
            "Precision against recall, by limit of probability",
            "recall",
            "precision",
            [[(point["recall"], point["precision"]) for point in curve]],
            {name: (point["recall"], point["precision"]) for name, point in named.items()},
        ),
        _chart(
            "Precision and recall by limit of probability",
            "min_probability",
            "precision, recall",
            [[(point["min_probability"], point[name]) for point in curve] for name in ends],
            ends,
        ),
    ]
    return fill_template("curves", load_catalog("en"), title=title, figures=figures, charts=charts, tuning=tuning)
