"""Figures against labels, settings that fit labels, and why two texts match or do not.

>>> from dedup.evaluation import Truth, evaluate
>>> texts = ["Rain is expected in the north on Monday.", "RAIN is expected in the north, on Monday!", "The harbour stays closed."]
>>> evaluate(texts, Truth({("0", "1"): True, ("0", "2"): False})).pairs.f1
1.0
"""

from __future__ import annotations

from .explanation import Explanation, Limits, Measures, ShortTexts, Side, explain
from .labels import LabelReading, Labels, Truth, read_labels, read_truth
from .points import Evidence, EvidenceGroup, Formula, Term
from .proposal import Proposal
from .scoring import CandidateRecall, ClusterFigures, Evaluation, Example, Figures, LabelShare, candidate_recall, evaluate, evaluate_result
from .truth import LeftOut
from .tuning import CurvePoint, Fit, Trial, Tuning, tune
from .word_marks import Exchange, LongestRun, Mark, OwnWord, WordComparison

__all__ = [
    "CandidateRecall",
    "ClusterFigures",
    "CurvePoint",
    "Evaluation",
    "Evidence",
    "EvidenceGroup",
    "Example",
    "Exchange",
    "Explanation",
    "Figures",
    "Fit",
    "Formula",
    "LabelReading",
    "LabelShare",
    "Labels",
    "LeftOut",
    "Limits",
    "LongestRun",
    "Mark",
    "Measures",
    "OwnWord",
    "Proposal",
    "ShortTexts",
    "Side",
    "Term",
    "Trial",
    "Truth",
    "Tuning",
    "WordComparison",
    "candidate_recall",
    "evaluate",
    "evaluate_result",
    "explain",
    "read_labels",
    "read_truth",
    "tune",
]


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
