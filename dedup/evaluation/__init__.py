"""Figures against labels, settings that fit labels, and why two texts match or do not.

>>> from dedup.evaluation import Truth, evaluate
>>> texts = ["Rain is expected in the north on Monday.", "RAIN is expected in the north, on Monday!", "The harbour stays closed."]
>>> evaluate(texts, Truth({("0", "1"): True, ("0", "2"): False})).pairs.f1
1.0
"""

from __future__ import annotations

from .answers import Example, JudgedPair
from .calibration import Calibration, CalibrationBin
from .exact_recall import CandidateRecall, candidate_recall
from .explanation import Explanation, Limits, Measures, ShortTexts, explain
from .figures import ClusterFigures, Figures
from .intervals import Intervals
from .labels import LabelReading, Labels, Truth, read_labels, read_truth
from .points import Evidence, EvidenceGroup, Formula, Term
from .proposal import Proposal
from .run_difference import ChangedPair, RunDifference, read_evaluation
from .scoring import Evaluation, LabelShare, evaluate, evaluate_result
from .truth import LeftOut
from .tuning import CurvePoint, Fit, Trial, Tuning, tune
from .two_texts import NamedText, Side, find_two, show
from .word_marks import Exchange, LongestRun, Mark, OwnWord, WordComparison
from .wrong_texts import WrongPair, wrong_pairs

__all__ = [
    "Calibration",
    "CalibrationBin",
    "CandidateRecall",
    "ChangedPair",
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
    "Intervals",
    "JudgedPair",
    "LabelReading",
    "LabelShare",
    "Labels",
    "LeftOut",
    "Limits",
    "LongestRun",
    "Mark",
    "Measures",
    "NamedText",
    "OwnWord",
    "Proposal",
    "RunDifference",
    "ShortTexts",
    "Side",
    "Term",
    "Trial",
    "Truth",
    "Tuning",
    "WordComparison",
    "WrongPair",
    "candidate_recall",
    "evaluate",
    "evaluate_result",
    "explain",
    "find_two",
    "read_evaluation",
    "read_labels",
    "read_truth",
    "show",
    "tune",
    "wrong_pairs",
]


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
