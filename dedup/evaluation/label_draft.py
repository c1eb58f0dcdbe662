"""A truth in the making, and the ids in labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from ..model import Document
from .label_files import LabelFile
from .label_values import Label, WrongLabel
from .truth import LabelReading, Pair


@dataclass(slots=True)
class Draft:
    """A truth in the making."""

    path: str
    reading: LabelReading
    file: LabelFile
    pairs: dict[Pair, bool | None] = field(default_factory=dict)
    weights: dict[Pair, float] = field(default_factory=dict)
    labels: dict[Pair, str] = field(default_factory=dict)
    clusters: list[tuple[str, ...]] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    copies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    listed: bool = False

    def add(self, pair: Pair, label: Label) -> None:
        """Add a labelled pair. One that is labelled as both counts on neither side."""
        if pair[0] == pair[1]:
            self.counts["labels of an id and itself, left out"] += 1
            return
        before, same = self.pairs.get(pair), label.same
        if before is not None and same is not None and before is not same:
            self.counts["labels that contradict others of their pair, which counts on neither side"] += 1
            same = None
        elif pair in self.pairs and before is None and same is not None:
            same = None
        self.pairs[pair], self.labels[pair] = same, label.name


def list_of(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise WrongLabel(f'"{name}" is no list')
    return value


def ids_of(value: Any) -> tuple[str, ...]:
    return tuple(id_of(each, "an id") for each in list_of(value, "a list of ids"))


def id_of(value: Any, name: str, place: int | None = None, strip: bool = False) -> str:
    """Return an id as the readers of documents have it: text, or a number as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise WrongLabel("an id that is no text" if name == "an id" else f"no id in {name!r}", place)
    found = value.strip() if strip and isinstance(value, str) else str(value)
    if not found:
        raise WrongLabel("an empty id" if name == "an id" else f"no id in {name!r}", place)
    return found
