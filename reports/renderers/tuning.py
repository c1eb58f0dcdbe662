"""The page of a tuning: what is recommended, precision against recall, and which pairs become candidates."""

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
    """A line in a square from 0 to 1 on both axes, as SVG sees it: points, ticks with their places, names."""

    title: str
    across: str
    up: str
    points: str
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


def _chart(title: str, across: str, up: str, points: Iterable[tuple[float, float]], dots: Mapping[str, tuple[float, float]]) -> Chart:
    return Chart(
        title,
        across,
        up,
        " ".join(f"{x},{y}" for x, y in (_at(*point) for point in points)),
        tuple((*_at(*point), name) for name, point in dots.items()),
        tuple((_at(tick, 0)[0], f"{tick:g}") for tick in _TICKS),
        tuple((_at(0, tick)[1], f"{tick:g}") for tick in _TICKS),
    )


def render_curves(tuning: Mapping[str, Any], title: str) -> str:
    """Return the page of a tuning, an object as `tune` returns it. It is in English and needs no script."""
    curve = [(row["recall"], row["precision"]) for row in tuning["curve"]]
    figures = {name.replace("_", "-"): tuning[name] for name in ("present", "recommended", "cross_validated")}
    dots = {name: (each["recall"], each["precision"]) for name, each in figures.items()}
    settings = tuning["recommended"]["settings"]
    charts = [
        _chart("Precision against recall, by novelty", "recall", "precision", curve, dots),
        _chart("Which pairs become candidates", "Jaccard", "probability", map(tuple, tuning["bands"]["candidate_probability"]), {}),
    ]
    command = " ".join(f"--set {name}={value:g}" for name, value in settings.items())
    return fill_template("curves", load_catalog("en"), title=title, figures=figures, charts=charts, tuning=tuning, command=command)
