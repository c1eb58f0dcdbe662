"""The wrong pairs of an evaluation with their texts, for a person to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..config import Config
from ..readers.values import Text, documents_of
from ..text.ids import not_withdrawn
from ..text.segment import segments_of
from .answers import Example
from .scoring import Evaluation


@dataclass(frozen=True, slots=True)
class WrongPair:
    """A pair that was wrongly matched, or ``missed``, with the name of its label and its texts; one that no document has is None."""

    example: Example
    missed: bool
    label: str | None
    error: float
    a_text: str | None
    b_text: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain values for JSON."""
        return {**self.example.to_dict(), "missed": self.missed, "label": self.label, "a_text": self.a_text, "b_text": self.b_text}


def wrong_pairs(found: Evaluation, texts: Iterable[Text], config: Config | None = None) -> tuple[WrongPair, ...]:
    """Return the wrong pairs of an evaluation with their texts, the most wrong first.

    Texts are those that were evaluated, with the same settings; they are read once, and those of wrong pairs are kept.

    >>> from dedup.evaluation import Truth, evaluate
    >>> texts = ["Rain in the north.", "Wind in the south."]
    >>> [pair] = wrong_pairs(evaluate(texts, Truth({("0", "1"): True})), texts)
    >>> pair.missed, pair.a_text
    (True, 'Rain in the north.')
    """
    judged = {(each.a, each.b): each for each in found.answers}
    wrong = [(example, missed) for missed, some in ((False, found.wrongly_matched), (True, found.missed)) for example in some]
    wanted = {name for example, _ in wrong for name in (example.a, example.b)}
    parted = {name.rpartition("#")[0] for name in wanted}  # documents of which a segment is wanted
    level, held = (config or Config()).level, dict[str, str]()
    for document in not_withdrawn(documents_of(texts)):
        if document.id in wanted:
            held[document.id] = document.text
        if document.id in parted:
            held |= {each.id: document.text[each.start : each.end] for each in segments_of(document, level) if each.id in wanted}
    pairs = (
        WrongPair(each, missed, judged[each.a, each.b].label, judged[each.a, each.b].error, held.get(each.a), held.get(each.b))
        for each, missed in wrong
    )
    return tuple(sorted(pairs, key=lambda pair: (-pair.error, pair.example.a, pair.example.b)))
