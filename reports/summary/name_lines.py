"""Lines about names that were added to a text, or dropped, each by itself."""

from __future__ import annotations

from collections.abc import Sequence

from dedup.text.fold import fold

from ..language.lexicon import Lexicon
from ..language.name_lists import split_names
from ..messages.catalog import Catalog
from ..model import Comparison
from .clauses import clean, shorten
from .facts import ChangedFact
from .lines import fill_line

_SEARCHED = 50  # changes whose names are read
_EXCERPT = 34  # characters of a name in a line with several


def names_state(fact: ChangedFact, comparison: Comparison, lexicon: Lexicon) -> str:
    """Return "added" or "dropped" for a change that only adds names to a list or drops some of it, else ""."""
    old, new = _listed(fact, comparison, lexicon)
    sides = _sides(fact, comparison)
    if not all(sides):
        return "added" if sides[1] else "dropped"
    if (old and new) or not (old or new):
        return ""
    return "added" if new else "dropped"


def names_line(facts: Sequence[ChangedFact], state: str, comparison: Comparison, catalog: Catalog, lexicon: Lexicon) -> str:
    """Return a line with the names that were added, or dropped."""
    side = 1 if state == "added" else 0
    found = (name for fact in facts[:_SEARCHED] for name in _listed(fact, comparison, lexicon)[side])
    names = list(dict.fromkeys(shorten(name, _EXCERPT) for name in found)) or [_sides(facts[0], comparison)[side]]
    label, _, _ = catalog.say(f"names_{state}", len(names), names="\0").partition("\0")
    return fill_line(label.rstrip(": \N{NO-BREAK SPACE}"), names, len(names), catalog.say("list_joint"), catalog)


def _sides(fact: ChangedFact, comparison: Comparison) -> tuple[str, str]:
    return clean(fact.a.of(comparison.a.text)), clean(fact.b.of(comparison.b.text))


def _listed(fact: ChangedFact, comparison: Comparison, lexicon: Lexicon) -> tuple[list[str], list[str]]:
    """Return the names that only the older text has in a change, and those that only the later one has."""
    old, new = (split_names(side, lexicon) for side in _sides(fact, comparison))
    known = [{fold(name) for name in side} for side in (old, new)]
    return [name for name in old if fold(name) not in known[1]], [name for name in new if fold(name) not in known[0]]
