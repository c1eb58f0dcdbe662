"""Why two texts match or do not: the decision as it is taken, with what each piece of evidence adds to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from ..arrays.ragged import Array
from ..config import Config
from ..errors import InputError
from ..model import Document, Relation
from ..pipeline import find_duplicates
from ..readers.values import Text, documents_of
from ..sketch.sketches import Sketches, sketch_documents
from ..text.ids import named, not_withdrawn
from ..verification.features import measure
from ..verification.headline import Headline
from ..verification.headlines import compare_short
from ..verification.relations import RELATIONS, counts_as_duplicate, is_alike, least_share, relate, relate_short
from ..verification.same_story import check_story
from ..verification.short_table import ShortTable
from ..verification.story_checks import BIAS
from ..verification.verify import relate_pairs
from .points import Evidence, Formula, formula_of, points_of
from .proposal import Proposal, are_copies, proposal_of
from .two_texts import NamedText, Side, mark_two, refuse_unknown
from .word_marks import WordComparison, compared_words

EXPLANATION_SCHEMA = "dedup/explanation/2"
DecidedBy = Literal["copies", "words", "short-texts", "threshold", "share", "model"]
"""What decides: exact copies; too few words; the checks of short texts; shares below the threshold, or too small; or the model."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of two texts, as `dedup.verification.features.PAIR` has it: numbers of shingles and words, then shares, 0..1."""

    shared: int
    words: int
    jaccard: float
    swapped: float
    lead: float
    opening: float
    formula: float
    kind: float
    recurring: float
    similarity: float
    containment_a: float
    containment_b: float
    novelty_a: float
    novelty_b: float

    def to_dict(self) -> dict[str, Any]:
        """Return the measures as plain values for JSON; shares have four digits."""
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a decision, as `dedup.Config` has them. ``least_share`` is the containment of one text that ``threshold`` implies."""

    min_probability: float
    threshold: float
    least_share: float
    min_words: int
    passage_words: int
    reuse: float

    def to_dict(self) -> dict[str, Any]:
        """Return the limits as plain values for JSON, with four digits."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class ShortTexts:
    """What is checked of two short texts: whether they share most words, and each of `check_story`, by its name.

    ``points`` are what each check adds to the log-odds of duplicates, the decisive ones first, without those that add nothing.
    """

    shares_most: bool
    checks: Mapping[str, bool | int | float]
    bias: float
    points: Mapping[str, float]
    log_odds: float

    def to_dict(self) -> dict[str, Any]:
        """Return the checks as plain values for JSON, with four digits."""
        checks = {name: value if isinstance(value, bool) else round(value, 4) for name, value in self.checks.items()}
        points = {name: round(value, 4) for name, value in self.points.items()}
        told = {"bias": round(self.bias, 4), "points": points, "log_odds": round(self.log_odds, 4)}
        return {"shares_most": self.shares_most, "checks": checks, **told}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two texts match or do not. ``a`` is the one with the smaller id.

    ``relation`` is what `dedup.find_duplicates` finds, None for no match, and ``duplicate`` whether that makes them duplicates;
    ``relation_if_proposed`` is what it would find if a channel proposed the pair. ``probability`` is that of duplicates, None for a text
    with too few words. ``evidence`` is that of the model, None where something else decides; ``short`` is None where not both texts are
    short.
    """

    a: Side
    b: Side
    relation: Relation | None
    duplicate: bool
    relation_if_proposed: Relation | None
    probability: float | None
    decided_by: DecidedBy
    limits: Limits
    evidence: Evidence | None
    short: ShortTexts | None
    formula: Formula
    words: WordComparison
    measures: Measures
    candidate: Proposal

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain values for JSON, what ``dedup explain --format json`` prints: ``dedup/explanation/2``."""
        return {
            "schema": EXPLANATION_SCHEMA,
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "relation": self.relation and self.relation.value,
            "duplicate": self.duplicate,
            "relation_if_proposed": self.relation_if_proposed and self.relation_if_proposed.value,
            "probability": None if self.probability is None else round(self.probability, 4),
            "decided_by": self.decided_by,
            "limits": self.limits.to_dict(),
            "evidence": self.evidence and self.evidence.to_dict(),
            "short": self.short and self.short.to_dict(),
            "formula": self.formula.to_dict(),
            "words": self.words.to_dict(),
            "measures": self.measures.to_dict(),
            "candidate": self.candidate.to_dict(),
        }


def explain(texts: Iterable[Text], a: str, b: str, config: Config | None = None, *, jobs: int = 1) -> Explanation:
    """Explain why the texts with these ids are a match among texts, or are none.

    Texts are as `dedup.find_duplicates` takes them. ``a`` and ``b`` are ids of documents, or of segments where these are matched. The
    other texts decide only whether the pair is a candidate. Where too many texts are alike this takes a second search, for which texts
    are read again; a generator cannot be, and then the relation is None. Of texts under one id the later ones are named as `named` does.
    Raises `InputError` for an id that is not there.

    >>> texts = ["Two men were killed in Marsa on Monday, police said.", "Three men were killed in Marsa on Monday, police said."]
    >>> found = explain(texts, "0", "1")
    >>> found.measures.shared, found.words.exchanged[0].a, found.words.longest_run.words
    (7, 'Two', 9)
    """
    config = config or Config()
    held: dict[str, Document] = {}
    wanted = {name for each in (a, b) for name in (each, each.rpartition("#")[0])}
    withdrawn: list[str] = []
    kept = _keeping(named(not_withdrawn(documents_of(texts), withdrawn), "version"), wanted, held)
    sketches = sketch_documents(kept, config, jobs)
    rows = {segment.id: row for row, segment in enumerate(sketches.segments)}
    refuse_unknown((a, b), rows, withdrawn)
    left, right = sorted((rows[a], rows[b]))
    if left == right:
        raise InputError(f"{a!r} is one text: name two", hint="give two ids")
    found = _explained(sketches, left, right, held, config)
    unsure = found.candidate.overfull and found.relation is None and found.relation_if_proposed is not None
    if unsure and iter(texts) is not texts:  # whether they are compared depends on all others; texts that are read once are gone
        matches = {(each.a.id, each.b.id): each for each in find_duplicates(texts, config, jobs=jobs).matches}
        match = matches.get((found.a.id, found.b.id))
        return found if match is None else replace(found, relation=match.relation, duplicate=counts_as_duplicate(match.relation, config))
    return found


def _keeping(documents: Iterable[Document], wanted: Collection[str], held: dict[str, Document]) -> Iterator[Document]:
    """Yield all documents, and keep those that are wanted."""
    for document in documents:
        if document.id in wanted:
            held[document.id] = document
        yield document


def _explained(sketches: Sketches, left: int, right: int, held: Mapping[str, Document], config: Config) -> Explanation:
    sides = np.array([left]), np.array([right])
    copies = are_copies(sketches, left, right)
    pairs = measure(sketches.words, *sides, config, least=0.0)
    relate(pairs, config)
    table = ShortTable.of(sketches.short, *sides)
    relate_short(pairs, table, config)
    related = relate_pairs(sketches.words, table, sides, np.array([copies]), config)
    short = _short(sketches, left, right)
    decided = _decided_by(pairs, bool(len(related)), copies, short is not None, config)
    relation = RELATIONS[int(related["relation"][0])] if len(related) and decided != "words" else None
    candidate = proposal_of(sketches, left, right, float(pairs["jaccard"][0]), config)
    taken = relation if candidate.allowed and candidate.listed and (copies or candidate.by) else None
    texts = [NamedText(segment, held[segment.document]) for segment in (sketches.segments[row] for row in (left, right))]
    a, b, words = mark_two(texts, config)
    return Explanation(
        a,
        b,
        taken,
        taken is not None and counts_as_duplicate(taken, config),
        relation,
        None if decided == "words" else 1.0 if copies else float(pairs["probability"][0]),
        decided,
        _limits(config),
        points_of(pairs, config) if decided in ("model", "threshold", "share") else None,
        short,
        formula_of(*compared_words([each.text for each in texts], config.ignore_lines)),
        words,
        _measures(pairs),
        candidate,
    )


def _limits(config: Config) -> Limits:
    threshold = config.threshold
    return Limits(config.min_probability, threshold, least_share(threshold), config.min_words, config.passage_words, config.reuse)


def _measures(pairs: Array) -> Measures:
    values = {name: float(pairs[name][0]) for name in Measures.__dataclass_fields__}
    shared, words = (int(values.pop(name)) for name in ("shared", "words"))
    return Measures(shared, words, **values)


def _decided_by(pairs: Array, is_related: bool, copies: bool, short: bool, config: Config) -> DecidedBy:
    if copies:
        return "copies"
    if pairs["words"][0] < config.min_words:
        return "words"
    if not is_alike(pairs, config)[0]:
        return "threshold"
    if short:
        return "short-texts"
    unmeasured = not is_related and pairs["relation"][0] >= 0  # it shares less than is measured
    return "share" if unmeasured else "model"


def _short(sketches: Sketches, left: int, right: int) -> ShortTexts | None:
    if left not in sketches.short or right not in sketches.short:
        return None
    shares_most = compare_short(sketches.short, np.array([left]), np.array([right]))[0][0]
    checks = check_story(*(Headline.of(sketches.short[row]) for row in (left, right)))
    points = dict(checks.contributions)
    bias, log_odds = points.pop(BIAS), sum(checks.contributions.values())
    return ShortTexts(
        bool(shares_most),
        MappingProxyType({name: getattr(checks, name) for name in checks.__dataclass_fields__}),
        bias,
        MappingProxyType(dict(sorted(filter(itemgetter(1), points.items()), key=lambda each: -abs(each[1])))),
        log_odds,
    )
