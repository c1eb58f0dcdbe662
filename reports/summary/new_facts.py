"""Tell whether a later text has new facts: for a program that decides without a reader."""

from __future__ import annotations

from dedup.errors import RebuildError

from ..comparison import compare
from ..history.alarms import change_alarm
from ..messages.catalog import catalog_for
from ..model import FACT_KINDS, UnitRelation
from .digest import make_digest
from .news_units import news_units


def news(a: str, b: str, *, lang: str | None = None) -> tuple[str, ...] | None:
    """Return the digest of what is new in ``b`` against ``a``, the older text; None where it has no new facts.

    New facts are numbers, times, names, sources and negations that were changed, added or dropped inside of a sentence, whatever an editor
    must look at twice (what happened to people, an outcome, a unit), and added sentences. Furniture is none, nor is a mark such as
    "UPDATE 2-" or "(Corrects name)" at the start, but it is told beside them. Texts that cannot be compared have an empty digest: a person
    must look at them. The digest is in ``lang`` (ar, en or fr), None: in the language of ``b``.

    >>> news("Police held 4 men.", "Police held 7 men.")
    ('detained: 4 → 7 (+3)',)
    >>> news("Police held 4 men. It rained.", "Police held 4 men!") is None
    True
    """
    try:
        comparison = compare(a, b)
    except RebuildError:
        return ()
    changed = any(change.kind in FACT_KINDS or change_alarm(change) is not None for change in comparison.changes)
    if not changed and all(unit.relation is not UnitRelation.ADDED for unit in news_units(comparison)):
        return None
    return tuple(line.text for line in make_digest(comparison, catalog_for(comparison, lang)))
