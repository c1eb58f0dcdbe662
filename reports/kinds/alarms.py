"""Tell why an editor must look at a change first, whatever its kind: harm to people, outcomes, exchanged parties, sources, dates.

A false alarm is worse than a missing one: an alarm needs both sides, short, with words that say opposite or different things.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from dedup.text.advisories import advisory_of

from ..diff.edits import Edit
from ..diff.texts import ComparedTexts
from ..language.lexicon import Lexicon, fold_words
from ..language.tokens import NumberForm
from ..model import AlarmKind, Kind, QuantityChange
from .context import SideContext, nonempty_sides, occurs_in_other_text
from .name_evidence import KIN
from .no_names import THAT
from .quantities import consonants
from .same_names import agencies_in
from .source_phrases import NEWS, speaks_to, was_seen_by

_SHORT = 5  # words, at most, of a side whose words are compared
_HIJRI, _LATEST = 1700, 2100  # years before the first are of another calendar
_PART = regex.compile(r"\d+")
_TURKISH = 4  # letters of a Turkish verb that stays before its endings
_HARMS = ("dead", "wounded", "missing")
_FACTS = (Kind.NUMBER, Kind.TIME, Kind.NAME)
_STEM = 3  # letters that forms of one word share
_SMALL = ("say", "prepositions", "honorifics", "articles", "joiners", "connectives", "auxiliaries", "time", "weekdays", "people")
_SPEAKERS = ("source_nouns", "groups", "names", "countries", "parties")
_HARAKAT = regex.compile(r"[\N{ARABIC FATHATAN}-\N{ARABIC SUKUN}]")


def _harm(side: SideContext) -> set[str]:
    """Return what happened to people by the words of a side: dead, wounded, missing."""
    senses, lexicon = side.lexicon.values["harm"], side.lexicon
    if lexicon.article:
        return {senses[form] for word in side.words for form in lexicon.variants(word) if form in senses}
    found = {senses[stem] for word in side.words for stem in lexicon.stems(word) if stem in senses}
    if lexicon.language == "tr":  # endings one behind the other
        found |= {senses[verb] for word in side.words for verb in senses if len(verb) >= _TURKISH and word.startswith(verb)}
    return found


def _changes_harm(a: SideContext, b: SideContext) -> bool:
    if max(len(a.words), len(b.words)) > _SHORT:
        return False
    found = _harm(a), _harm(b)
    if found[0] and found[1]:
        voices = a.words == b.words and len(a.words) == 1 and all(_HARAKAT.search(side.surface) for side in (a, b))
        return (found[0].isdisjoint(found[1]) and not found[0].union(found[1]).isdisjoint(_HARMS)) or voices  # قَتل, قُتل
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
    if any(side.starts_with("people") or side.word_before() in KIN for side in (a, b)):
        return False
    return not any(_listed_with(side, other) for side, other in ((a, b), (b, a)))


def _listed_with(side: SideContext, other: SideContext) -> bool:
    """Tell whether the words of the other side stand in one list with this side: a comma or an "and" is between them."""
    tokens, joiner = side.edit_side.tokens, side.lexicon.joiners[:1]
    keys = [token.key for token in tokens]
    first, start, end = other.words[0], side.edit_side.start, side.edit_side.end
    places = [place for place, key in enumerate(keys) if key in (first, *(each + first for each in joiner)) and not start <= place < end]
    if not places:
        return False
    at = min(places, key=lambda place: abs(place - start))
    between = keys[end : at + 1] if at >= end else [*keys[at + 1 : start + 1], keys[at]][:-1]
    links = {",", "/", *side.lexicon.lists["joiners"]}
    return any(
        key in links or (key.startswith(joiner) and key not in side.lexicon.lists["common"]) for key in between if joiner or key in links
    )


@lru_cache(maxsize=8)
def _statement_words(lexicon: Lexicon) -> frozenset[str]:
    """Return the words of phrases that introduce a source: "in a statement to"."""
    return frozenset(word for phrase in lexicon.lists["sources"] for word in phrase.split())


def _content(side: SideContext) -> set[str]:
    """Return the words of a source that name it: words for sources and bodies, names, and words that are not common."""
    said = _statement_words(side.lexicon)
    words = [word for word in side.words if len(word) >= _STEM and word not in THAT and word not in said]
    news = NEWS if side.lexicon.article else frozenset()
    spoken = [word for word in words if side.in_lists(word, *_SPEAKERS) or news.intersection(side.lexicon.variants(word))]
    named = [*spoken, *(word for word in words if word not in spoken and not side.lexicon.is_common(word))]
    left = [word for word in named if not side.in_lists(word, *_SMALL) and not side.lexicon.is_verb(word)]
    return {side.lexicon.variants(word)[-1] for word in left}


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
    if (
        (a.lexicon.article and a.words[0] == "في") or speaks_to(a) or was_seen_by(a)
    ):  # where it was said: in an interview with, to an agency
        return False
    if not lost or _known(lost, texts.b) or agencies_in(a.surface, source=True) & agencies_in(texts.b, source=False):
        return False
    unnamed = bool(b.words) and not new and any(b.in_lists(word, "source_nouns") for word in b.words)
    return set(b.words) <= set(a.words) or unnamed or (bool(new) and not _known(new, texts.a) and not _alike(a, b))


def _named_days(side: SideContext) -> set[str]:
    """Return the weekdays that a side names."""
    days = side.lexicon.lists["weekdays"]
    return {form for word in side.words for form in side.lexicon.variants(word) if form in days}


def _months(side: SideContext) -> set[str]:
    """Return the numbers of the months that a side names, by any of their names: شباط is فبراير."""
    text = f" {' '.join(side.lexicon.variants(word)[-1] for word in side.words)} "
    return {str(number) for name, number in side.lexicon.values["month_numbers"].items() if f" {name} " in text}


def _years(side: SideContext) -> set[str]:
    values = (token.number.value for token in side.numbers if token.number)
    return {str(value) for value in values if value is not None and _HIJRI <= value <= _LATEST}


def _changes_date(a: SideContext, b: SideContext) -> bool:
    """Tell whether a date, a year or a weekday is another one: not a vague time, and not one that only one text has."""
    if any(token.number and token.number.form is NumberForm.CLOCK for side in (a, b) for token in side.numbers):
        return False
    named = ((_named_days(a), _named_days(b)), (_months(a), _months(b)), (_years(a), _years(b)))
    if any(one and other and one.isdisjoint(other) for one, other in named):
        return True
    days = [[token.key for token in side.numbers] for side in (a, b)]
    beside = [side.is_month(-1) or side.is_month(1) for side in (a, b)]
    if all(len(side.words) == len(numbers) == 1 for side, numbers in zip((a, b), days, strict=True)) and all(beside):
        return days[0] != days[1]  # 3 March, 5 March
    dates = [
        {tuple(sorted(_PART.findall(token.key))) for token in side.numbers if token.number and token.number.form is NumberForm.DATE}
        for side in (a, b)
    ]
    return bool(dates[0] and dates[1]) and dates[0] != dates[1] and all(len(side.words) == 1 for side in (a, b))


def _are_forms(a: SideContext, b: SideContext) -> bool:
    """Tell whether both sides are forms of one word: تجاوز, تتجاوز."""
    return consonants(" ".join(a.words)) == consonants(" ".join(b.words))


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
    if kind is not Kind.TIME and _changes_harm(a, b):
        return AlarmKind.HARM
    if kind is Kind.WORDING or kind is Kind.NEGATION:
        if _contrasts(a, b):
            return AlarmKind.OUTCOME
        if kind is Kind.NEGATION:
            return AlarmKind.NEGATION
    if quantity is not None and quantity.measure_changed:
        return AlarmKind.MEASURE
    if quantity is not None and quantity.bound_changed and not _are_forms(a, b):
        return AlarmKind.BOUND
    if kind is Kind.NAME and _exchanges(a, b):
        return AlarmKind.EXCHANGED
    if kind in (Kind.WORDING, Kind.ATTRIBUTION) and _changes_source(kind, a, b, texts):
        return AlarmKind.SOURCE
    if kind is Kind.TIME and _changes_date(a, b):
        return AlarmKind.DATE
    return AlarmKind.CORRECTION if kind in _FACTS and _announced(texts) else None
