"""Edits to kinds of change: rules over word lists, the first that holds decides.

What only looks different comes first, then times, sources, polarity, numbers and names; wording is whatever is left. A clause put in
or taken out is wording as a whole: what it says inside is not listed again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from .cosmetic import cosmetic_kind
from .diff import Edit, without_joiner
from .lexicon import Lexicon
from .model import Kind
from .naming import THAT, is_name, numbers_a_name
from .quantity import noun_number, number_beside
from .tokens import Form
from .view import View, sides_of

_CLAUSE = 6  # words from which an insertion with a verb, or a replacement, says more than one thing
_PASSAGE = 40  # words beyond which a change has no kind of its own
_ASSERTING = ("قد", "فقد", "وقد", "لقد")
_TIMES = ("time_core", "weekdays", "months")


# -- time


def _is_age(view: View) -> bool:
    return any(view.lexicon.phrase("age", keys, place) for keys, place in view.around(4))


def _counts_time(view: View) -> bool:
    """Tell whether a number inside is of hours, days or a date."""
    if any(token.number and token.number.form in (Form.CLOCK, Form.DATE) for token in view.numbers):
        return True
    if len(view.numbers) != len(view.words) or _is_age(view):
        return False
    value = view.numbers[0].number.value if view.numbers[0].number else None
    year = value is not None and 1900 <= value <= 2100 and view.known(view.before(), "months", "time_units", "year_words")
    return year or view.follows("time_units", "months", "clock") or view.known(view.before(), "clock")


def is_time(view: View) -> bool:
    """Tell whether a side says when, or how long."""
    if view.numbers and _counts_time(view):
        return True
    if view.all_known("ordinals") and any(view.follows("months", start=n) for n in (1, 2)):
        return True
    if view.all_known("ordinals") and view.known(view.before(), "clock"):
        return not view.lexicon.lists["joiners"]  # "at third" is no hour in languages that count hours by cardinals
    if view.all_known("ambiguous_times") and not view.capitalised:
        return False  # may is no May
    following = view.after(2) if view.known(view.after(), "prepositions") else view.after()
    beside = view.all_known("time") and any(view.known(word, *_TIMES) for word in (view.before(), following))
    core = view.holds(*_TIMES) or beside
    return core and not _is_age(view) and view.all_known("time", *_TIMES, "ordinals", "prepositions", "before")


def _says_when(view: View) -> bool:
    """Tell whether a side is a short phrase that says when: after the holiday."""
    return view.opens("time_prepositions") and 1 < len(view.words) <= _CLAUSE and not view.has_verb


def _time(a: View, b: View) -> bool:
    sides = sides_of(a, b)
    times = [is_time(view) for view in sides]
    return all(times) or (any(times) and all(is_time or _says_when(view) for view, is_time in zip(sides, times, strict=True)))


# -- attribution


def _said_by(view: View) -> bool:
    """Tell whether a side names who says something: a verb of saying stands next to it, or opens it."""
    if all(view.known(word, "say") for word in view.words):
        return False
    if view.lexicon.joiners:  # the verb stands first
        beside = (view.words[0], view.before(), view.before(2))
    else:
        beside = (view.words[0], view.after(), view.before() if view.follows_verb else "")
    return any(view.known(word, "say") for word in beside)


def _is_saying(view: View) -> bool:
    """Tell whether words put in or taken out only say who says it: "the ministry said that", ", she told reporters"."""
    if len(view.words) > _CLAUSE + 2 or not any(view.known(word, "say") for word in view.words):
        return False
    return view.words[-1] in THAT if view.lexicon.joiners else view.joined


def _is_quoted(view: View) -> bool:
    """Tell whether a side is whom a verb of saying quotes: نقلت الصحيفة عن X."""
    return view.known(view.after(), "told") or (view.before() == "عن" and any(view.known(view.before(n), "say") for n in range(2, 5)))


def _is_told(view: View) -> bool:
    """Tell whether what is said follows. Where the subject stands before its verb, the verb is enough; so is one that only speaks."""
    speaks = view.known(view.before(), "say") and not view.known(view.before(), "announce")
    return not view.lexicon.joiners or speaks or any(view.after(place) in THAT for place in range(1, 5))


def _attribution(a: View, b: View) -> bool:
    sides = sides_of(a, b)
    if all(view.opens("sources") for view in sides):
        return True
    if len(sides) == 1:
        return _is_saying(sides[0])
    if all(map(_is_quoted, sides)):
        return True
    for view in sides:
        words = [view.before(place) for place in range(5, 0, -1)]
        if view.lexicon.phrase_before("sources", words, len(words)):
            return True
    return any(view.holds("source_nouns") or _is_told(view) for view in sides) and all(map(_said_by, sides))


# -- negation


def _is_modal(view: View, place: int) -> bool:
    """Tell whether a word for modality stands at a place; قد before a past verb only asserts."""
    if not view.lexicon.phrase("modality", view.words, place):
        return False
    if view.words[place] not in _ASSERTING:
        return True
    following = view.words[place + 1] if place + 1 < len(view.words) else view.after()
    return following[:1] in ("ي", "ت", "ن") and not view.lexicon.has_verb(following)


def _polarity(view: View) -> Counter[str]:
    """Count the words for negation and modality; those of qualifiers and connectives, no fewer than, only belong to these."""
    found: Counter[str] = Counter()
    place = 0
    while place < len(view.words):
        fixed = max(view.lexicon.phrase(name, view.words, place) for name in ("before", "after", "connectives"))
        if fixed < 2:
            forms = (view.words[place], *(view.words[place].removeprefix(joiner) for joiner in view.lexicon.joiners))
            found.update([form for form in forms if form in view.lexicon.lists["negation"]][:1])
            found.update(["modal"] if _is_modal(view, place) else [])
        place += max(1, fixed)
    return found


def _opposed(a: View, b: View) -> bool:
    if not a.words or not b.words:
        return False
    forms = [{form for word in view.words for form in view.lexicon.stems(word)} for view in (a, b)]
    return any((forms[0] & one and forms[1] & other) or (forms[0] & other and forms[1] & one) for one, other in a.lexicon.opposites)


def _negated_form(a: View, b: View) -> bool:
    """Tell whether one verb is the other with a negative prefix that is written on to it."""
    if not len(a.words) == len(b.words) == 1:
        return False
    words = (a.words[0], b.words[0])
    return any(one == prefix + other for prefix in a.lexicon.negative_prefixes for one, other in (words, words[::-1]))


def _negation(a: View, b: View) -> bool:
    if max(len(a.words), len(b.words)) > _CLAUSE:
        return False
    return _opposed(a, b) or _polarity(a) != _polarity(b) or _negated_form(a, b)


# -- number


def _is_qualifier(view: View) -> bool:
    """Tell whether a side only qualifies a number that stands next to it."""
    return view.opens("before", "after") and len(view.words) <= 5 and number_beside(view.side) is not None


def _qualified(a: View, b: View) -> bool:
    return all(map(_is_qualifier, sides_of(a, b)))


def _counts(view: View) -> bool:
    return view.holds("vague") or any(noun_number(word, view.lexicon) for word in view.words)


def _is_dual(a: View, b: View) -> bool:
    """Tell whether every word of one side is the Arabic dual of the word of the other: جرار زراعي, جراران زراعيان."""
    if len(a.words) != len(b.words) or not a.words or not a.lexicon.joiners:
        return False
    for one, other in ((a.words, b.words), (b.words, a.words)):
        stems = [(word, word[:-1] + "ت" if word.endswith("ه") else word) for word in one]
        endings = ("ان", "ين", "ي") if len(one) == 1 and a.known(one[0], "singulars") else ("ان", "ين")
        if all(dual in [stem + ending for stem in forms for ending in endings] for forms, dual in zip(stems, other, strict=True)):
            return True
    return False


def _number(a: View, b: View) -> bool:
    sides = sides_of(a, b)
    if _is_dual(a, b):
        return True
    if a.numbers or b.numbers:
        return len(a.words) + len(b.words) <= (2 * _CLAUSE if len(sides) == 2 else 3)
    if all(view.all_known("ordinals") for view in sides):
        return True
    if len(sides) == 1 or len(a.words) + len(b.words) > _CLAUSE or not all(map(_counts, sides)):
        return False
    if any(view.opens("places") for view in sides):
        return False
    amounts = [[amount for word in view.words if (amount := noun_number(word, view.lexicon))] for view in sides]
    return any(view.holds("vague") for view in sides) or amounts[0] != amounts[1]


_RULES: tuple[tuple[Kind, Callable[[View, View], bool]], ...] = (
    (Kind.TIME, _time),
    (Kind.NUMBER, _qualified),
    (Kind.ATTRIBUTION, _attribution),
    (Kind.NEGATION, _negation),
    (Kind.NUMBER, _number),
    (Kind.NAME, is_name),
)


def number_kind(view: View) -> Kind:
    """Return what a number by itself is: a quantity, a time, or part of a name."""
    return Kind.TIME if is_time(view) else Kind.NAME if numbers_a_name(view) else Kind.NUMBER


def is_joiner_shift(edit: Edit, lexicon: Lexicon) -> bool:
    """Tell whether the two sides are one word, with and without the "and" that is written on to it."""
    words_a, words_b = edit.a.words, edit.b.words
    if len(words_a) != 1 or len(words_b) != 1 or words_a == words_b:
        return False
    return without_joiner(words_a[0], lexicon.joiners[:1]) == without_joiner(words_b[0], lexicon.joiners[:1])


def _is_clause(view: View) -> bool:
    """Tell whether words put in or taken out say something of their own."""
    return len(view.words) >= _CLAUSE and not view.opens("sources") and (view.has_verb or view.opens("connectives"))


def classify(edit: Edit, text_a: str, text_b: str, lexicon: Lexicon) -> Kind:
    """Return the kind of an edit."""
    a, b = (View.of(side, text, lexicon) for side, text in ((edit.a, text_a), (edit.b, text_b)))
    if not a.words and not b.words:
        # A mark that says something right beside a number is its currency, sign or unit.
        touching = any(number_beside(side, 1) is not None for side in (edit.a, edit.b))
        return cosmetic_kind(a.shown, b.shown, lexicon) or (Kind.NUMBER if touching else Kind.WORDING)
    numbers = [[token.key for token in view.numbers] for view in (a, b)]
    if numbers[0] == numbers[1]:
        if numbers[0] and a.words == b.words:
            return cosmetic_kind(a.shown, b.shown, lexicon) or Kind.TYPOGRAPHY  # a value written another way
        if a.words and b.words and (kind := cosmetic_kind(a.shown, b.shown, lexicon)) is not None:
            return kind
    if max(len(a.words), len(b.words)) > _PASSAGE:
        return Kind.WORDING
    if is_joiner_shift(edit, lexicon):
        return Kind.TYPOGRAPHY
    if any(map(numbers_a_name, (a, b))):
        return Kind.NAME
    sides = sides_of(a, b)
    if len(sides) == 1 and _is_clause(sides[0]) and not _is_saying(sides[0]):
        return Kind.WORDING
    return next((kind for kind, holds in _RULES if holds(a, b)), Kind.WORDING)
