"""What the limits of a match promise, whatever the texts: a higher threshold or least probability takes away, and never adds."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from test_evaluate import PAIRS

from dedup import Config, Document, Match, find_duplicates
from dedup.verification.relations import least_share

SENTENCES = [
    [sentence.strip() for side in "ab" for sentence in re.split(r"(?<=[.!?؟۔।。])\s+", pair[side]) if sentence.strip()] for pair in PAIRS
]
LIMITS = st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
PROBABILITIES = st.one_of(st.sampled_from([0.0, 0.4, 0.6, 0.8, 1.0]), st.floats(0, 1))


@st.composite
def mixtures(draw: st.DrawFn) -> list[str]:
    """Draw texts that share much: the two of some cases, and texts of their sentences in other orders."""
    cases = draw(st.lists(st.sampled_from(range(len(PAIRS))), min_size=1, max_size=4, unique=True))
    whole = [PAIRS[place][side] for place in cases for side in "ab"]
    sentences = [sentence for place in cases for sentence in SENTENCES[place]]
    mixed = draw(st.lists(st.lists(st.sampled_from(sentences), min_size=1, max_size=6), max_size=6))
    return whole + [" ".join(parts) for parts in mixed]


def matches(texts: list[str], threshold: float, probability: float) -> dict[tuple[str, str], Match]:
    config = Config(threshold=threshold, min_probability=probability)
    found = find_duplicates([Document(f"{place:02}", text) for place, text in enumerate(texts)], config)
    return {(match.a.id, match.b.id): match for match in found.matches}


def duplicates(found: dict[tuple[str, str], Match]) -> set[tuple[str, str]]:
    return {pair for pair, match in found.items() if match.relation.duplicate}


@settings(max_examples=60, deadline=None)
@given(mixtures(), st.tuples(LIMITS, LIMITS), PROBABILITIES)
def test_a_higher_threshold_never_adds_a_match_of_any_relation(texts: list[str], limits: tuple[float, float], probability: float) -> None:
    low, high = (matches(texts, limit, probability) for limit in sorted(limits))
    assert {(pair, match.relation) for pair, match in high.items()} <= {(pair, match.relation) for pair, match in low.items()}
    assert duplicates(high) <= duplicates(low)


@settings(max_examples=60, deadline=None)
@given(mixtures(), LIMITS, st.tuples(PROBABILITIES, PROBABILITIES))
def test_a_higher_probability_never_adds_a_duplicate(texts: list[str], threshold: float, limits: tuple[float, float]) -> None:
    low, high = (matches(texts, threshold, limit) for limit in sorted(limits))
    assert duplicates(high) <= duplicates(low)


@settings(max_examples=60, deadline=None)
@given(mixtures(), LIMITS, PROBABILITIES)
def test_every_match_keeps_to_the_limits(texts: list[str], threshold: float, probability: float) -> None:
    for match in matches(texts, threshold, probability).values():
        assert max(match.containment_a, match.containment_b) >= least_share(threshold)
        if match.relation.duplicate:
            assert match.probability is not None
            assert match.probability >= probability


def test_the_limits_do_bind() -> None:
    texts = [pair[side] for pair in PAIRS for side in "ab"]
    by_threshold = [len(matches(texts, limit, 0.6)) for limit in (0.0, 0.3, 0.6, 0.9)]
    by_probability = [len(duplicates(matches(texts, 0.0, limit))) for limit in (0.2, 0.4, 0.6, 0.8, 0.95)]
    assert by_threshold == sorted(by_threshold, reverse=True)
    assert len({*by_threshold}) == len(by_threshold)
    assert by_probability == sorted(by_probability, reverse=True)
    assert len({*by_probability}) > 3
