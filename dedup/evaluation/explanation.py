"""Why two texts match or do not: every step from words to a relation, with its numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..candidates.channels import channels, distinctive_of
from ..candidates.document_frequency import Distinctive
from ..candidates.exact_copies import first_copies, unique_rows
from ..candidates.lsh import Bands, bands_of
from ..config import Config
from ..errors import InputError
from ..model import Document, Relation
from ..readers.values import Text, documents_of
from ..sketch.shingle import split_words
from ..sketch.sketches import Sketches, sketch_documents
from ..text.furniture import compared_texts
from ..text.ids import named
from ..text.spellings import with_one_spelling
from ..verification.evidence import longest_run
from ..verification.features import distinctive_shares, measure, similarities, substituted
from ..verification.headlines import shares_most
from ..verification.relations import (
    RELATIONS,
    is_held,
    is_revised,
    is_rewritten,
    own_limit,
    own_share,
    recurrence_is_known,
    relate,
    relate_short,
)
from ..verification.same_story import Headline, check_story

EXPLANATION_SCHEMA = "dedup/explanation/1"
_SHOWN = 40  # words of the longest run that are shown


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts: its id and its number of words."""

    id: str
    words: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What makes two texts a candidate: the channels that propose the pair (``by``), and the numbers behind them.

    ``estimate`` is the Jaccard that the signatures estimate, ``probability`` that of sharing one of the ``bands`` of so many ``rows``,
    ``bands_shared`` how many they do share; ``fingerprints`` counts those of each text, also those that recur.
    """

    by: tuple[str, ...]
    estimate: float
    probability: float
    bands: int
    rows: int
    bands_shared: int
    fingerprints: tuple[int, int]
    fingerprints_shared: int

    def to_dict(self) -> dict[str, Any]:
        """Return the proposal as plain values for JSON; shares have four digits."""
        found = {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return {**found, "by": [*self.by], "fingerprints": [*self.fingerprints]}


@dataclass(frozen=True, slots=True)
class LongestRun:
    """The longest run of words that both texts have: how many, and the first of them, folded."""

    words: int
    text: str


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of two texts: the number of ``shared`` shingles, then shares, 0..1, as `dedup.verification.features` has them."""

    shared: int
    fresh: float
    jaccard: float
    swapped: float
    lead: float
    similarity: float
    containment_a: float
    containment_b: float
    novelty_a: float
    novelty_b: float
    longest_run: LongestRun

    def to_dict(self) -> dict[str, Any]:
        """Return the measures as plain values for JSON; shares have four digits."""
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Step:
    """A question on the way to a relation, what was found, the limit where there is one, and whether it holds."""

    question: str
    value: bool | int | float | tuple[str, ...]
    holds: bool
    limit: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain values for JSON; fractions have four digits."""
        value = round(self.value, 4) if isinstance(self.value, float) else [*self.value] if isinstance(self.value, tuple) else self.value
        limit = None if self.limit is None else round(float(self.limit), 4)
        return {"question": self.question, "value": value, "limit": limit, "holds": self.holds}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two texts match or do not. ``a`` is the one with the smaller id.

    ``texts`` counts those among which recurrence was counted, ``recurrence_known`` tells whether they are enough. ``relation`` is what
    `dedup.find_duplicates` finds, None for no match; ``relation_if_proposed`` what it would find if a channel proposed the pair.
    """

    a: Side
    b: Side
    texts: int
    recurrence_known: bool
    candidate: Proposal
    measures: Measures
    steps: tuple[Step, ...]
    relation_if_proposed: Relation | None
    relation: Relation | None

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain values for JSON, what ``dedup explain --format json`` prints: ``dedup/explanation/1``."""
        return {
            "schema": EXPLANATION_SCHEMA,
            "a": asdict(self.a),
            "b": asdict(self.b),
            "texts": self.texts,
            "recurrence_known": self.recurrence_known,
            "candidate": self.candidate.to_dict(),
            "measures": self.measures.to_dict(),
            "steps": [step.to_dict() for step in self.steps],
            "relation_if_proposed": self.relation_if_proposed and self.relation_if_proposed.value,
            "relation": self.relation and self.relation.value,
        }


def explain(texts: Iterable[Text], a: str, b: str, config: Config | None = None, *, jobs: int = 1) -> Explanation:
    """Explain why the texts with these ids are a match among texts, or are none.

    Texts are as `dedup.find_duplicates` takes them. ``a`` and ``b`` are ids of documents, or of segments where these are matched. What
    recurs is counted in all the texts. Of texts under one id the later ones are named as `named` does. Raises `InputError` for an id that
    is not there.

    >>> texts = ["Rain is expected in the north on Monday, the weather service said.", "Rain is expected in the south on Monday."]
    >>> found = explain(texts, "0", "1")
    >>> found.relation, found.measures.shared, found.measures.longest_run.words
    (None, 3, 5)
    """
    config = config or Config()
    held: dict[str, str] = {}
    wanted = {name for each in (a, b) for name in (each, each.rpartition("#")[0])}
    kept = _keeping(named(documents_of(texts), "version"), wanted, held)
    sketches = sketch_documents(kept, config, jobs)
    rows = {segment.id: row for row, segment in enumerate(sketches.segments)}
    for name in (a, b):
        if name not in rows:
            raise InputError(f"no text has the id {name!r}", hint="ids are those that dedup find prints")
    left, right = sorted((rows[a], rows[b]))
    if left == right:
        raise InputError(f"{a!r} is one text: name two", hint="give two ids")
    shown = []
    for row in (left, right):
        segment = sketches.segments[row]
        shown.append(held[segment.document][segment.start : segment.end])
    return _explained(sketches, left, right, split_words(with_one_spelling(compared_texts(shown, config.ignore_lines))), config)


def _keeping(documents: Iterable[Document], wanted: Collection[str], texts: dict[str, str]) -> Iterator[Document]:
    """Yield all documents, and keep the texts of those that are wanted."""
    for document in documents:
        if document.id in wanted:
            texts[document.id] = document.text
        yield document


def _explained(sketches: Sketches, left: int, right: int, words: list[list[str]], config: Config) -> Explanation:
    eligible = np.flatnonzero(sketches.words.lengths >= config.min_words)
    fresh = distinctive_of(sketches, unique_rows(sketches.words, first_copies(sketches.words), config), config)
    sides = np.array([left]), np.array([right])
    # Nothing is too little to be measured here.
    pairs = measure(sketches.words, *sides, distinctive_shares(fresh, *sides), Config(reuse=0.0, shingle_words=config.shingle_words))
    pairs["swapped"] = substituted(sketches.words, *sides)
    pair, known = pairs[0], recurrence_is_known(fresh.texts, config)
    identical = words[0] == words[1]
    long_enough = min(map(len, words)) >= config.min_words
    proposed = _proposed(sketches, fresh, eligible, left, right, pair["jaccard"], config)
    short = left in sketches.short and right in sketches.short
    steps = (
        _step("same words in the same order", identical, identical),
        _step("words of the shorter text", min(map(len, words)), long_enough, config.min_words),
        Step("proposed by a channel", proposed.by, bool(proposed.by)),
        *(_short_steps(*words) if short else _steps(pairs, known, config)),
    )
    relation: Relation | None = None
    if identical:
        relation = Relation.IDENTICAL
    elif long_enough:
        pairs["relation"] = relate(pairs, known, config)
        relate_short(pairs, sketches.short)
        place = int(pairs["relation"][0])
        relation = RELATIONS[place] if place >= 0 else None
    start, _, length = longest_run(sketches.words.row(left), sketches.words.row(right))
    pairs["similarity"] = similarities(sketches.words, *sides)
    shares = {name: float(pair[name]) for name in Measures.__dataclass_fields__ if name not in ("shared", "longest_run")}
    run = LongestRun(length, " ".join(words[0][start : start + min(length, _SHOWN)]))
    return Explanation(
        Side(sketches.segments[left].id, len(words[0])),
        Side(sketches.segments[right].id, len(words[1])),
        fresh.texts,
        known,
        proposed,
        Measures(shared=int(pair["shared"]), longest_run=run, **shares),
        steps,
        relation,
        relation if identical or proposed.by else None,
    )


def _step(question: str, value: Any, holds: Any, limit: float | None = None) -> Step:
    return Step(question, float(value) if isinstance(value, np.floating) else value, bool(holds), limit)


def _proposed(sketches: Sketches, fresh: Distinctive, eligible: Array, left: int, right: int, jaccard: float, config: Config) -> Proposal:
    bands = bands_of(config)
    found = dict.fromkeys(("lsh", "fingerprint", "short"), False)
    if left in eligible and right in eligible:
        for name, codes in channels(sketches, fresh, eligible, bands, config)[0].items():
            found[name] = (left << 32 | right) in codes
    signatures = sketches.signatures[[left, right]]
    prints = [set(sketches.fingerprints.row(row).tolist()) for row in (left, right)]
    return Proposal(
        tuple(name for name, holds in found.items() if holds),
        float((signatures[0] == signatures[1]).mean()),
        bands.probability(float(jaccard)),
        bands.bands,
        bands.rows,
        _bands_shared(signatures, bands),
        (len(prints[0]), len(prints[1])),
        len(prints[0] & prints[1]),
    )


def _bands_shared(signatures: Array, bands: Bands) -> int:
    equal = signatures[0] == signatures[1]
    return int(equal[: bands.bands * bands.rows].reshape(bands.bands, bands.rows).all(axis=1).sum())


def _short_steps(a: list[str], b: list[str]) -> list[Step]:
    checks = check_story(Headline.of(a), Headline.of(b))
    return [
        _step("short texts that share most of their words", len({*a} & {*b}), shares_most(a, b)),
        _step("no word stands in the place of another", not checks.substituted, not checks.substituted),
        _step("no word turns the sense: a negation, another person", not checks.turned, not checks.turned),
        _step("none changes places: who and whom, two counts", not checks.exchanged, not checks.exchanged),
    ]


def _steps(pairs: Array, known: bool, config: Config) -> list[Step]:
    pair = pairs[0]
    most, least = (pick(pair["containment_a"], pair["containment_b"]) for pick in (max, min))
    own, limit = float(own_share(pairs)[0]), float(own_limit(pairs, known, config)[0])
    return [
        _step("Jaccard: alike as a whole", pair["jaccard"], is_revised(pairs, config)[0], config.threshold),
        _step("containment both ways", least, least >= config.containment, config.containment),
        _step("containment: one holds the other", most, is_held(pairs, config)[0], config.containment),
        _step("words of its own, and twice what is swapped", own, own <= limit, limit),
        _step("share that does not recur", pair["fresh"], pair["fresh"] >= config.fresh, config.fresh),
        _step("one report in other words", pair["lead"], is_rewritten(pairs, known, config)[0]),
        _step("a passage", most, most >= config.reuse, config.reuse),
    ]
