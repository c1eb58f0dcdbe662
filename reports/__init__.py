"""Show exactly what changed between two versions of a text.

>>> from reports import compare, render
>>> comparison = compare("Police arrested 4 men in Marsa.", "Police arrested 7 men in Marsa.")
>>> [(change.a.of(comparison.a.text), change.b.of(comparison.b.text)) for change in comparison.changes]
[('4', '7')]
>>> page = render(comparison, "html")
"""

from __future__ import annotations

from .compare import compare
from .model import Change, Comparison, Kind, Report, Span, Unit, UnitRelation, Version
from .render import render

__all__ = ["Change", "Comparison", "Kind", "Report", "Span", "Unit", "UnitRelation", "Version", "compare", "render"]
