"""Edits to kinds of change: rules over word lists, the first that holds decides.

What only looks different comes first, then times, sources, polarity, numbers and names; wording is whatever is left. A clause put in
or taken out is wording as a whole: what it says inside is not listed again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..diff.edits import Edit, without_joiner
from ..diff.texts import Texts
from ..language.lexicon import Lexicon
from ..language.tokens import Form
from ..model import Kind
from .attribution import is_attribution, is_source, opens_source
from .context import View, is_moved, same_content, sides_of
from .cosmetic import cosmetic_kind
from .names import is_name, numbers_a_name
from .quantities import is_score, looks_dual, noun_number, number_beside, same_noun

_CLAUSE = 6  # words from which an insertion with a verb, or a replacement, says more than one thing
_PASSAGE = 40  # words beyond which a change has no kind of its own
_MAY = ("قد", "وقد")  # before a verb in the present tense; before one in the past it only asserts, as these always do:
_ASSERTING = ("فقد", "لقد", "ولقد")
_REWORDED = 3  # words from which a replacement that shares none of them says something else
_STEM = 3  # letters of a word that says what a side is about
_NEGATION = 3  # letters of a negation with a preposition written on to it: كلا is no لا
_NOT = "not"  # what the contractions of English stand for
# Phrases in which a negative word negates nothing: no fewer than, doctors without borders, still.
_FIXED = ("before", "after", "connectives", "affirmative", "groups", "parties", "names")
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
    number = view.numbers[0].number
    if number and number.form is Form.RANGE and is_score(view.side, view.side.start, view.lexicon):
        return False
    value = number.value if number else None
    year = value is not None and 1900 <= value <= 2100 and view.known(view.before(), "months", "time_units", "year_words")
    return year or view.follows("time_units", "months", "clock") or view.known(view.before(), "clock")


def is_time(view: View) -> bool:
    """Tell whether a side says when, or how long."""
    if any(token.number and token.number.form is Form.PERCENT for token in view.numbers):
        return False
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
    if _is_dual(a, b) and a.opens("time_units"):
        return True
    times = [is_time(view) for view in sides]
    return all(times) or (any(times) and all(is_time or _says_when(view) for view, is_time in zip(sides, times, strict=True)))


# -- negation


def _is_modal(view: View, place: int) -> bool:
    """Tell whether a word for modality stands at a place; قد before a past verb only asserts."""
    word = view.words[place]
    if word in _ASSERTING or not view.lexicon.phrase("modality", view.words, place):
        return False
    if word not in _MAY:
        return True
    following = view.words[place + 1] if place + 1 < len(view.words) else view.after()
    present = view.known(following, "present") or not view.lexicon.has_verb(following)
    return following[:1] in ("ي", "ت", "ن") and present


def _negative(view: View, place: int) -> tuple[str, int]:
    """Return the negation at a place as it counts, without, no, not, and its words; "" and 0 for none."""
    word = view.words[place]
    particles = (*view.lexicon.joiners, *view.lexicon.joined_prepositions)
    bare = (word[len(particle) :] for particle in particles if word.startswith(particle))
    for form in (word, *(form for form in bare if word[0] in view.lexicon.joiners or len(form) >= _NEGATION)):
        if length := view.lexicon.phrase("negation", (form, *view.words[place + 1 :]), 0):
            known = next((each for each in view.lexicon.variants(form)[::-1] if each in view.lexicon.lists["negation"]), form)
            return (_NOT if length > 1 and view.words[place + length - 1] == "t" else known), length
    return "", 0


def _polarity(view: View) -> Counter[str]:
    """Count the words for negation and modality; those of names, qualifiers and connectives, no fewer than, only belong to these."""
    found: Counter[str] = Counter()
    place = 0
    while place < len(view.words):
        fixed = max(view.lexicon.phrase(name, view.words, place) for name in _FIXED)
        length = 0
        if fixed < 2 and not view.lexicon.phrase("affirmative", view.words, place):
            negative, length = _negative(view, place)
            found.update([negative] if negative else [])
            found.update(["modal"] if _is_modal(view, place) else [])
        place += max(1, fixed, length)
    return found


def _negated_form(a: View, b: View) -> bool:
    """Tell whether one verb is the other with a negative prefix or infix that is written on to it."""
    if not len(a.words) == len(b.words) == 1:
        return False
    words = (a.words[0], b.words[0])
    if any(one == prefix + other for prefix in a.lexicon.negative_prefixes for one, other in (words, words[::-1])):
        return True
    shorter, longer = sorted(words, key=len)
    places = range(_STEM, len(shorter))
    return any(longer == shorter[:at] + infix + shorter[at:] for infix in a.lexicon.negative_infixes for at in places)


def _alike(a: View, b: View) -> bool:
    """Tell whether two sides are about the same: short, or with a word in common. Secretly and without notice are two wordings."""
    sides = sides_of(a, b)
    if len(sides) == 1 or max(len(view.words) for view in sides) < _REWORDED:
        return True
    stems = [{stem for word in view.words for stem in view.lexicon.stems(word) if stem == word or len(stem) >= _STEM} for view in sides]
    return not stems[0].isdisjoint(stems[1])


def _negation(a: View, b: View) -> bool:
    if max(len(a.words), len(b.words)) > _CLAUSE:
        return False
    if a.lexicon.opposed(a.words, b.words) or _negated_form(a, b):
        return True
    return any(view.holds("negation", "modality") for view in (a, b)) and _polarity(a) != _polarity(b) and _alike(a, b)


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
        stems = [(word, word[:-1] + "ت" if word.endswith("ه") else word.removesuffix("ا")) for word in one]
        endings = ("ان", "ين", "ي") if len(one) == 1 and a.known(one[0], "singulars") else ("ان", "ين")
        if all(dual in [stem + ending for stem in forms for ending in endings] for forms, dual in zip(stems, other, strict=True)):
            return True
    return False


def _has_dual(view: View, other: View) -> bool:
    """Tell whether a side is the dual of a noun of the other: two engineers, a number of the engineers."""
    nouns = [word.removeprefix(view.lexicon.article) for word in other.words]
    return len(view.words) == 1 and any(looks_dual(view.words[0], noun, view.lexicon) for noun in nouns)


def _number(a: View, b: View) -> bool:
    sides = sides_of(a, b)
    if _is_dual(a, b):
        return True
    if a.numbers or b.numbers:
        return len(a.words) + len(b.words) <= (2 * _CLAUSE if len(sides) == 2 else 3)
    if all(view.all_known("ordinals") for view in sides):
        return True
    if len(sides) == 1 or len(a.words) + len(b.words) > _CLAUSE:
        return False
    if any(one.holds("vague") and _has_dual(other, one) for one, other in ((a, b), (b, a))):
        return True
    if not all(map(_counts, sides)):
        return False
    if any(view.opens("places") for view in sides):
        return False
    if not any(view.holds("vague") for view in sides) and not same_noun(a.words, b.words):
        return False
    amounts = [[amount for word in view.words if (amount := noun_number(word, view.lexicon))] for view in sides]
    return any(view.holds("vague") for view in sides) or amounts[0] != amounts[1]


_RULES: tuple[tuple[Kind, Callable[[View, View], bool]], ...] = (
    (Kind.TIME, _time),
    (Kind.NUMBER, _qualified),
    (Kind.ATTRIBUTION, is_attribution),
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
    return len(view.words) >= _CLAUSE and not opens_source(view) and (view.has_verb or view.opens("connectives"))


def _without_case_shift(a: View, b: View) -> tuple[View, View]:
    """Return the sides without the word behind what is put in or taken out at the start, which is written small on one side."""
    for one, other in ((a, b), (b, a)):
        if len(one.words) == 1 < len(other.words) and one.words == other.words[-1:] and one.shown != other.shown[-len(one.shown) :]:
            sides = one.without_last, other.without_last
            return sides if one is a else sides[::-1]
    return a, b


def classify(edit: Edit, texts: Texts) -> Kind:
    """Return the kind of an edit."""
    lexicon = texts.lexicon
    a, b = (View.of(side, text, lexicon) for side, text in edit.sides(texts))
    a, b = _without_case_shift(a, b)
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
    if same_content(a, b) or is_moved(a, b) or is_moved(b, a) or all(view.honorific for view in sides_of(a, b)):
        return Kind.WORDING
    if any(map(numbers_a_name, (a, b))):
        return Kind.NAME
    sides = sides_of(a, b)
    if len(sides) == 1 and _is_clause(sides[0]) and not is_source(sides[0]):
        return Kind.WORDING
    return next((kind for kind, holds in _RULES if holds(a, b)), Kind.WORDING)
