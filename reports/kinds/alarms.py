"""Tell why an editor must look at a change first, whatever its kind: harm to people, outcomes, exchanged parties, sources, dates.

A false alarm is worse than a missing one: an alarm needs both sides, short, with words that say opposite or different things.
"""

from __future__ import annotations

import regex

from dedup.text.advisories import advisory_of

from ..diff.edits import Edit
from ..diff.texts import ComparedTexts
from ..language.lexicon import fold_words
from ..language.tokens import NumberForm
from ..model import AlarmKind, Kind, QuantityChange
from .context import SideContext, nonempty_sides, occurs_in_other_text

_SHORT = 5  # words, at most, of a side whose words are compared
_HIJRI, _LATEST = 1700, 2100  # years before the first are of another calendar
_PART = regex.compile(r"\d+")
_FACTS = (Kind.NUMBER, Kind.TIME, Kind.NAME)
_STEM = 3  # letters that forms of one word share
_HARAKAT = regex.compile(r"[\N{ARABIC FATHATAN}-\N{ARABIC SUKUN}]")


def _harm(side: SideContext) -> set[str]:
    """Return what happened to people by the words of a side: dead, wounded, missing."""
    senses = side.lexicon.values["harm"]
    return {senses[form] for word in side.words for form in side.lexicon.variants(word) if form in senses}


def _changes_harm(a: SideContext, b: SideContext) -> bool:
    if max(len(a.words), len(b.words)) > _SHORT:
        return False
    found = _harm(a), _harm(b)
    if found[0] and found[1]:
        voices = a.words == b.words and len(a.words) == 1 and all(_HARAKAT.search(side.surface) for side in (a, b))
        return found[0].isdisjoint(found[1]) or voices  # قَتل, قُتل
    return False


def _contrasts(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides say opposite outcomes: awarded, stripped."""
    return max(len(a.words), len(b.words)) <= _SHORT and a.lexicon.are_outcomes(a.words, b.words)


def _exchanges(a: SideContext, b: SideContext) -> bool:
    """Tell whether two names change places, and not only in a list of names."""
    if not a.words or not b.words or max(len(a.words), len(b.words)) > _SHORT or a.words == b.words:
        return False
    if not (occurs_in_other_text(a, b) and occurs_in_other_text(b, a)):
        return False
    if all(side.is_list_member for side in (a, b)) or any(side.starts_with("people") for side in (a, b)):
        return False
    return not any(_listed_with(side, other) for side, other in ((a, b), (b, a)))


def _listed_with(side: SideContext, other: SideContext) -> bool:
    """Tell whether the words of the other side stand next to this side, with a comma or an "and" between: a list in another order."""
    tokens, joiners = side.edit_side.tokens, (*side.lexicon.joiners[:1],)
    keys = [token.key for token in tokens]
    first, last = other.words[0], other.words[-1]
    after = keys[side.edit_side.end : side.edit_side.end + 2]
    before = keys[max(0, side.edit_side.start - 2) : side.edit_side.start]
    links = {",", "/", *side.lexicon.lists["joiners"]}
    own = side.words[0]
    return (
        (after[1:] == [first] and after[0] in links)
        or (before[:1] == [last] and before[-1] in links)
        or any(after[:1] == [joiner + first] or (before[-1:] == [last] and own.startswith(joiner)) for joiner in joiners)
    )


def _content(side: SideContext) -> set[str]:
    """Return the words of a source that name it: no verb of saying, no small word."""
    lists = (
        "say",
        "prepositions",
        "honorifics",
        "articles",
        "joiners",
        "connectives",
        "sources",
        "auxiliaries",
        "time",
        "weekdays",
        "people",
    )
    left = {word for word in side.words if len(word) > 2 and not side.in_lists(word, *lists) and not side.lexicon.is_verb(word)}
    return {form for word in left for form in side.lexicon.variants(word)[-1:]}


def _known(content: set[str], text: str) -> bool:
    """Tell whether a word of a source stands anywhere in a text, also inside of a word."""
    folded = fold_words(text)
    return any(word in folded for word in content)


def _alike(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sources share a word, in another form or spelling."""
    pairs = ((one, other) for one in _content(a) for other in _content(b) if min(len(one), len(other)) > _STEM)
    return any(one[:_STEM] == other[:_STEM] or one[-_STEM:] == other[-_STEM:] for one, other in pairs)


def _changes_source(kind: Kind, a: SideContext, b: SideContext, texts: ComparedTexts) -> bool:
    """Tell whether a source was withdrawn or exchanged, or only claims what it said before."""
    sides = nonempty_sides(a, b)
    if kind is Kind.WORDING and len(sides) == 2 and max(len(side.words) for side in sides) <= 2:
        weak = [any(side.in_lists(word, "claims") for word in side.words) for side in sides]
        return weak[0] != weak[1] and all(any(side.in_lists(word, "say", "claims") for word in side.words) for side in sides)
    if kind is not Kind.ATTRIBUTION or not a.words:
        return False
    lost, new = _content(a), _content(b)
    if not lost or _known(lost, texts.b):
        return False
    return not b.words or (bool(new) and not _known(new, texts.a) and not _alike(a, b))


def _named_days(side: SideContext, name: str) -> set[str]:
    """Return the weekdays or months that a side names."""
    return {form for word in side.words for form in side.lexicon.variants(word) if form in side.lexicon.lists[name]}


def _years(side: SideContext) -> set[str]:
    values = (token.number.value for token in side.numbers if token.number)
    return {str(value) for value in values if value is not None and _HIJRI <= value <= _LATEST}


def _changes_date(a: SideContext, b: SideContext) -> bool:
    """Tell whether a date, a year or a weekday is another one: not a vague time, and not one that only one text has."""
    if any(token.number and token.number.form is NumberForm.CLOCK for side in (a, b) for token in side.numbers):
        return False
    named = [(_named_days(a, name), _named_days(b, name)) for name in ("weekdays", "months")]
    if any(one and other and one.isdisjoint(other) for one, other in (*named, (_years(a), _years(b)))):
        return True
    dates = [
        {tuple(sorted(_PART.findall(token.key))) for token in side.numbers if token.number and token.number.form is NumberForm.DATE}
        for side in (a, b)
    ]
    return bool(dates[0] and dates[1]) and dates[0] != dates[1] and all(len(side.words) == 1 for side in (a, b))


def _announced(texts: ComparedTexts) -> bool:
    """Tell whether the later text says itself that it corrects the older one."""
    if texts.marks_b <= 0:
        return False
    found, before = advisory_of(texts.b), advisory_of(texts.a)
    return found is not None and found.kind == "correction" and (before is None or before.kind != "correction")


def alarm_of(kind: Kind, edit: Edit, quantity: QuantityChange | None, texts: ComparedTexts) -> AlarmKind | None:
    """Return why an editor must look at a change first, None where there is no reason. Cosmetic changes have none."""
    if kind.cosmetic:
        return None
    a, b = (SideContext.of(side, text, texts.lexicon) for side, text in edit.sides(texts))
    checks = (
        (AlarmKind.HARM, kind is not Kind.TIME and _changes_harm(a, b)),
        (AlarmKind.OUTCOME, kind in (Kind.WORDING, Kind.NEGATION) and _contrasts(a, b)),
        (AlarmKind.NEGATION, kind is Kind.NEGATION),
        (AlarmKind.MEASURE, quantity is not None and quantity.measure_changed),
        (AlarmKind.BOUND, quantity is not None and quantity.bound_changed),
        (AlarmKind.EXCHANGED, kind is Kind.NAME and _exchanges(a, b)),
        (AlarmKind.SOURCE, kind in (Kind.WORDING, Kind.ATTRIBUTION) and _changes_source(kind, a, b, texts)),
        (AlarmKind.DATE, kind is Kind.TIME and _changes_date(a, b)),
        (AlarmKind.CORRECTION, kind in _FACTS and _announced(texts)),
    )
    return next((alarm for alarm, holds in checks if holds), None)
