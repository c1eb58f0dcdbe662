"""Show exactly what changed between two versions of a text.

What `__all__` names is public and stays; everything else in this package is internal and may change.

>>> from reports import compare, render
>>> comparison = compare("Police arrested 4 men in Marsa.", "Police arrested 7 men in Marsa.")
>>> [(change.a.of(comparison.a.text), change.b.of(comparison.b.text)) for change in comparison.changes]
[('4', '7')]
>>> page = render(comparison, "html")
"""

from __future__ import annotations

from .comparison import compare
from .history.versions import compare_versions
from .model import Alarm, Change, Comparison, Fact, Kind, Report, Span, Timeline, Unit, UnitRelation, Version
from .renderers.formats import render
from .renderers.load_json import read_json
from .summary.new_facts import news

__all__ = [
    "Alarm",
    "Change",
    "Comparison",
    "Fact",
    "Kind",
    "Report",
    "Span",
    "Timeline",
    "Unit",
    "UnitRelation",
    "Version",
    "compare",
    "compare_versions",
    "news",
    "read_json",
    "render",
]


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
