"""Compare many versions of a text: a timeline with the ledger of its facts, the merged text and the alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from dedup.model import OrderedBy, Relation

from ..cache import ResultCache
from ..comparison import compare
from ..diff.limits import bounded_sentences
from ..language.detect import detect_language
from ..language.lexicon import load_lexicon
from ..model import Comparison, Timeline, Version
from .alarms import timeline_alarms
from .ledger import LedgerBuilder
from .sentences import SentenceHistories
from .trace import SpanTracer

_FEW_NUMBERS = "many numbers: the first ones alone are followed"
MOST_VERSIONS = 50
"""Versions of one text that a page shows, the newest."""


def compare_versions(
    versions: Sequence[Version | str],
    *,
    relations: Sequence[Relation | None] | None = None,
    most: int | None = None,
    ordered_by: OrderedBy = OrderedBy.INPUT,
) -> Timeline:
    """Compare versions of a text, oldest first, the newest ``most`` of them.

    A version with exactly the text of the one before shares its state.

    ``relations`` are those of each version to the one after it, where they are known; ``ordered_by`` says what decided their order. Raises
    ValueError for no version, and `RebuildError` as `compare` does.

    >>> found = compare_versions(["Police held 9 men.", "Police held 12 men.", "Police held 12 men.", "Police held 7 men."])
    >>> [found.states, [cell.amount.value for cell in found.ledger[0].cells], found.ledger[0].falls]
    [((0,), (1, 2), (3,)), [9.0, 12.0, 7.0], (2,)]
    """
    if not versions:
        raise ValueError("no version to compare")
    left_out = max(0, len(versions) - most) if most else 0
    named = tuple(Version(f"v{place}", each) if isinstance(each, str) else each for place, each in enumerate(versions, 1))[left_out:]
    states = tuple(tuple(run) for _, run in groupby(range(len(named)), key=lambda place: named[place].text))
    known = (relations or [None] * (len(versions) - 1))[left_out:]
    steps = tuple(compare(named[one[0]], named[other[0]], relation=known[one[-1]]) for one, other in pairwise(states))
    return replace(build_timeline(named, states, steps), left_out=left_out, ordered_by=ordered_by)


def build_timeline(versions: tuple[Version, ...], states: tuple[tuple[int, ...], ...], steps: tuple[Comparison, ...]) -> Timeline:
    """Return the timeline of versions whose neighbours are compared already: ``steps`` has one comparison for each two states."""
    texts = [versions[state[0]].text for state in states]
    words = load_lexicon(detect_language("\n".join(text[:4000] for text in texts)))
    sentences = [step.sentences_a for step in steps] + [steps[-1].sentences_b if steps else bounded_sentences(texts[0])[0]]
    ledger = LedgerBuilder(texts, sentences, [SpanTracer(step) for step in steps], words)
    facts = ledger.facts()
    steps = tuple(_noted(step) if any(pair) else step for step, pair in zip(steps, pairwise(ledger.capped), strict=True))
    histories = SentenceHistories(texts, sentences, steps)
    ResultCache.trim_all()
    return Timeline(versions, states, steps, facts, histories.merged(), tuple(timeline_alarms(texts, steps, facts, histories.returns)))


def _noted(step: Comparison) -> Comparison:
    return replace(step, note="; ".join(filter(None, (step.note, _FEW_NUMBERS))))


def timeline_of_pair(comparison: Comparison) -> Timeline:
    """Return a comparison as the timeline of two versions."""
    return build_timeline((comparison.a, comparison.b), ((0,), (1,)), (comparison,))
