"""A tuning for a person at a terminal: its figures, the curve, and what is recommended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..writers.counts import counted

_FIGURES = ("precision", "recall", "f1", "f_beta")


def tuning_lines(found: dict[str, Any], written: str | None = None) -> Iterator[str]:
    """Yield the lines of a tuning, an object as `Tuning.to_dict` returns it; ``written`` is the file that its settings are in."""
    labelled, f_beta = found["labelled"], f"F{found['beta']:g}"
    labels = f"{counted(labelled['duplicates'], 'labelled duplicate')}, {counted(labelled['others'], 'other')}"
    yield f"{labels}; {counted(labelled['events'], 'event')}"
    yield _row("", ["precision", "recall", "F1", f_beta, "log loss"])
    yield _row("present", _shown(found["present"]))
    for trial in found["trials"]:
        yield _row(f"{trial['name']} (cross-validated)", _shown(trial["cross_validated"]))
    for trial in found["trials"]:
        helps = "helps" if trial["helps"] else "does not help"
        yield f"{trial['name']}: {helps}: {f_beta} {trial['gain']:+.3f}, standard error {trial['error']:.3f}"
    whose = " (cross-validated)" if found["recommended"]["penalty"] is not None else ""
    yield f"by min_probability{whose}:"
    yield _row("", ["precision", "recall", "F1", f_beta])
    for point in found["curve"]:
        names = f" {', '.join(point['names'])}" if point["names"] else ""
        yield _row(f"{point['min_probability']:.2f}{names}", _shown(point))
    yield f"recommended: {_advice(found, written)}"


def _row(name: str, cells: list[str]) -> str:
    return f"{name:34}" + "".join(f"{cell:>11}" for cell in cells).rstrip()


def _shown(figures: dict[str, Any]) -> list[str]:
    cells = [f"{figures[name]:.3f}" for name in _FIGURES]
    if "log_loss" in figures:
        cells.append("-" if figures["log_loss"] is None else f"{figures['log_loss']:.3f}")
    return cells


def _advice(found: dict[str, Any], written: str | None) -> str:
    recommended = found["recommended"]
    what, why = recommended["what"], recommended["why"]
    if what == "nothing":
        return f"change nothing: {why}"
    if written is not None:
        return f"--config {written}: {why}"
    limit = f"--min-probability {recommended['min_probability']:g}"
    if recommended["penalty"] is None:
        return f"{limit}: {why}"
    return f"other weights of the model, and {limit}; --config FILE writes them: {why}"
