"""Classify an edit: return its kind of change, by rules over word lists. The first rule that holds decides.

Cosmetic kinds come first, then time, qualifiers of numbers, attribution, negation, number and name. Wording is what is left. An inserted
or deleted clause is wording as a whole: the facts inside it are not listed one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..diff.edits import Edit, strip_joiner
from ..diff.texts import ComparedTexts
from ..language.lexicon import Lexicon
from ..language.tokens import NumberForm
from ..model import Kind
from .attribution import changes_attribution, is_source_phrase, starts_with_source
from .context import SideContext, has_same_content, is_moved_phrase, nonempty_sides
from .cosmetic import cosmetic_kind
from .names import changes_name, is_number_in_name
from .quantities import is_score, looks_like_dual, nearby_number, noun_quantity, share_noun

_CLAUSE = 6  # words from which an inserted clause, or a replacement, has more than one fact
_PASSAGE = 40  # words beyond which a change has no kind of its own
_MAY = ("قد", "وقد")  # "may" before a verb in the present tense; before a past tense it only asserts, as these always do:
_ASSERTING = ("فقد", "لقد", "ولقد")
_REWORDED = 3  # words from which a replacement without a shared word is about something else
_STEM = 3  # letters of a stem that is compared
_NEGATION = 3  # letters of a negation that may have a preposition written on to it: كلا is not لا
_NOT = "not"  # the basic form of English contractions: isn't
# Lists of phrases in which a negative word negates nothing: "no fewer than", "doctors without borders".
_FIXED = ("before", "after", "connectives", "affirmative", "groups", "parties", "names")
_TIMES = ("time_core", "weekdays", "months")


# -- Time


def _is_age(side: SideContext) -> bool:
    return any(side.lexicon.phrase_length("age", keys, place) for keys, place in side.phrase_starts(4))


def _counts_time(side: SideContext) -> bool:
    """Tell whether a number inside counts hours or days, or is a date."""
    if any(token.number and token.number.form in (NumberForm.CLOCK, NumberForm.DATE) for token in side.numbers):
        return True
    if len(side.numbers) != len(side.words) or _is_age(side):
        return False
    number = side.numbers[0].number
    if number and number.form is NumberForm.RANGE and is_score(side.edit_side, side.edit_side.start, side.lexicon):
        return False
    value = number.value if number else None
    year = value is not None and 1900 <= value <= 2100 and side.in_lists(side.word_before(), "months", "time_units", "year_words")
    return year or side.followed_by("time_units", "months", "clock") or side.in_lists(side.word_before(), "clock")


def is_time_phrase(side: SideContext) -> bool:
    """Tell whether a side says when something happens, or how long."""
    if any(token.number and token.number.form is NumberForm.PERCENT for token in side.numbers):
        return False
    if side.numbers and _counts_time(side):
        return True
    if side.only_in_lists("ordinals") and any(side.followed_by("months", start=n) for n in (1, 2)):
        return True
    if side.only_in_lists("ordinals") and side.in_lists(side.word_before(), "clock"):
        return not side.lexicon.lists["joiners"]  # an ordinal is no hour in languages that count hours with cardinals ("at three")
    if side.only_in_lists("ambiguous_times") and not side.is_capitalised:
        return False  # the verb "may" is not the month May
    following = side.word_after(2) if side.in_lists(side.word_after(), "prepositions") else side.word_after()
    beside = side.only_in_lists("time") and any(side.in_lists(word, *_TIMES) for word in (side.word_before(), following))
    core = side.contains(*_TIMES) or beside
    return core and not _is_age(side) and side.only_in_lists("time", *_TIMES, "ordinals", "prepositions", "before")


def _says_when(side: SideContext) -> bool:
    """Tell whether a side is a short phrase that says when: "after the holiday"."""
    return side.starts_with("time_prepositions") and 1 < len(side.words) <= _CLAUSE and not side.has_verb


def _changes_time(a: SideContext, b: SideContext) -> bool:
    sides = nonempty_sides(a, b)
    if _is_dual_change(a, b) and a.starts_with("time_units"):
        return True
    times = [is_time_phrase(side) for side in sides]
    return all(times) or (any(times) and all(is_time or _says_when(side) for side, is_time in zip(sides, times, strict=True)))


# -- Negation


def _is_modal(side: SideContext, place: int) -> bool:
    """Tell whether the word at a place says that something is possible or wanted; قد before a past verb only asserts."""
    word = side.words[place]
    if word in _ASSERTING or not side.lexicon.phrase_length("modality", side.words, place):
        return False
    if word not in _MAY:
        return True
    following = side.words[place + 1] if place + 1 < len(side.words) else side.word_after()
    present = side.in_lists(following, "present") or not side.lexicon.is_verb(following)
    return following[:1] in ("ي", "ت", "ن") and present


def _negation_at(side: SideContext, place: int) -> tuple[str, int]:
    """Return the negation at a place, in its basic form, and its number of words; "" and 0 for none."""
    word = side.words[place]
    particles = (*side.lexicon.joiners, *side.lexicon.joined_prepositions)
    bare = (word[len(particle) :] for particle in particles if word.startswith(particle))
    for form in (word, *(form for form in bare if word[0] in side.lexicon.joiners or len(form) >= _NEGATION)):
        if length := side.lexicon.phrase_length("negation", (form, *side.words[place + 1 :]), 0):
            known = next((each for each in side.lexicon.variants(form)[::-1] if each in side.lexicon.lists["negation"]), form)
            return (_NOT if length > 1 and side.words[place + length - 1] == "t" else known), length
    return "", 0


def _polarity_words(side: SideContext) -> Counter[str]:
    """Count the words for negation and modality, but not those inside names, qualifiers and connectives ("no fewer than")."""
    found: Counter[str] = Counter()
    place = 0
    while place < len(side.words):
        fixed = max(side.lexicon.phrase_length(name, side.words, place) for name in _FIXED)
        length = 0
        if fixed < 2 and not side.lexicon.phrase_length("affirmative", side.words, place):
            negative, length = _negation_at(side, place)
            found.update([negative] if negative else [])
            found.update(["modal"] if _is_modal(side, place) else [])
        place += max(1, fixed, length)
    return found


def _is_negated_form(a: SideContext, b: SideContext) -> bool:
    """Tell whether one verb is the other with a negative prefix or infix that is written on to it."""
    if not len(a.words) == len(b.words) == 1:
        return False
    words = (a.words[0], b.words[0])
    if any(one == prefix + other for prefix in a.lexicon.negative_prefixes for one, other in (words, words[::-1])):
        return True
    shorter, longer = sorted(words, key=len)
    places = range(_STEM, len(shorter))
    return any(longer == shorter[:at] + infix + shorter[at:] for infix in a.lexicon.negative_infixes for at in places)


def _share_content(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides may say opposite things of one subject: they are short, or share a word."""
    sides = nonempty_sides(a, b)
    if len(sides) == 1 or max(len(side.words) for side in sides) < _REWORDED:
        return True
    stems = [{stem for word in side.words for stem in side.lexicon.stems(word) if stem == word or len(stem) >= _STEM} for side in sides]
    return not stems[0].isdisjoint(stems[1])


def _changes_negation(a: SideContext, b: SideContext) -> bool:
    if max(len(a.words), len(b.words)) > _CLAUSE:
        return False
    if a.lexicon.are_opposites(a.words, b.words) or _is_negated_form(a, b):
        return True
    return (
        any(side.contains("negation", "modality") for side in (a, b)) and _polarity_words(a) != _polarity_words(b) and _share_content(a, b)
    )


# -- Number


def _is_qualifier(side: SideContext) -> bool:
    """Tell whether a side only qualifies a number that stands next to it."""
    return side.starts_with("before", "after") and len(side.words) <= 5 and nearby_number(side.edit_side) is not None


def _changes_qualifier(a: SideContext, b: SideContext) -> bool:
    return all(map(_is_qualifier, nonempty_sides(a, b)))


def _has_count(side: SideContext) -> bool:
    return side.contains("vague") or any(noun_quantity(word, side.lexicon) for word in side.words)


def _is_dual_change(a: SideContext, b: SideContext) -> bool:
    """Tell whether every word of one side is the Arabic dual of the word of the other: جرار زراعي, جراران زراعيان."""
    if len(a.words) != len(b.words) or not a.words or not a.lexicon.joiners:
        return False
    for one, other in ((a.words, b.words), (b.words, a.words)):
        stems = [(word, word[:-1] + "ت" if word.endswith("ه") else word.removesuffix("ا")) for word in one]
        endings = ("ان", "ين", "ي") if len(one) == 1 and a.in_lists(one[0], "singulars") else ("ان", "ين")
        if all(dual in [stem + ending for stem in forms for ending in endings] for forms, dual in zip(stems, other, strict=True)):
            return True
    return False


def _has_dual(side: SideContext, other: SideContext) -> bool:
    """Tell whether a side is the Arabic dual of a noun of the other: "two engineers", "a number of the engineers"."""
    nouns = [word.removeprefix(side.lexicon.article) for word in other.words]
    return len(side.words) == 1 and any(looks_like_dual(side.words[0], noun, side.lexicon) for noun in nouns)


def _changes_number(a: SideContext, b: SideContext) -> bool:
    sides = nonempty_sides(a, b)
    if _is_dual_change(a, b):
        return True
    if a.numbers or b.numbers:
        return len(a.words) + len(b.words) <= (2 * _CLAUSE if len(sides) == 2 else 3)
    if all(side.only_in_lists("ordinals") for side in sides):
        return True
    if len(sides) == 1 or len(a.words) + len(b.words) > _CLAUSE:
        return False
    if any(one.contains("vague") and _has_dual(other, one) for one, other in ((a, b), (b, a))):
        return True
    if not all(map(_has_count, sides)):
        return False
    if any(side.starts_with("places") for side in sides):
        return False
    if not any(side.contains("vague") for side in sides) and not share_noun(a.words, b.words):
        return False
    amounts = [[amount for word in side.words if (amount := noun_quantity(word, side.lexicon))] for side in sides]
    return any(side.contains("vague") for side in sides) or amounts[0] != amounts[1]


_RULES: tuple[tuple[Kind, Callable[[SideContext, SideContext], bool]], ...] = (
    (Kind.TIME, _changes_time),
    (Kind.NUMBER, _changes_qualifier),
    (Kind.ATTRIBUTION, changes_attribution),
    (Kind.NEGATION, _changes_negation),
    (Kind.NUMBER, _changes_number),
    (Kind.NAME, changes_name),
)


def number_kind(side: SideContext) -> Kind:
    """Return the kind of a number by itself: a quantity, a time, or part of a name."""
    return Kind.TIME if is_time_phrase(side) else Kind.NAME if is_number_in_name(side) else Kind.NUMBER


def differs_in_joiner(edit: Edit, lexicon: Lexicon) -> bool:
    """Tell whether the two sides are one word, with and without the "and" that is written on to it."""
    words_a, words_b = edit.a.words, edit.b.words
    if len(words_a) != 1 or len(words_b) != 1 or words_a == words_b:
        return False
    return strip_joiner(words_a[0], lexicon.joiners[:1]) == strip_joiner(words_b[0], lexicon.joiners[:1])


def _is_clause(side: SideContext) -> bool:
    """Tell whether inserted or deleted words are a clause, which says something of its own."""
    return len(side.words) >= _CLAUSE and not starts_with_source(side) and (side.has_verb or side.starts_with("connectives"))


def _without_case_shift(a: SideContext, b: SideContext) -> tuple[SideContext, SideContext]:
    """Return the sides without the word after an inserted or deleted start of a sentence: it only changed its capital letter."""
    for one, other in ((a, b), (b, a)):
        if len(one.words) == 1 < len(other.words) and one.words == other.words[-1:] and one.surface != other.surface[-len(one.surface) :]:
            sides = one.without_last, other.without_last
            return sides if one is a else sides[::-1]
    return a, b


def classify_edit(edit: Edit, texts: ComparedTexts) -> Kind:
    """Return the kind of an edit."""
    lexicon = texts.lexicon
    a, b = (SideContext.of(side, text, lexicon) for side, text in edit.sides(texts))
    a, b = _without_case_shift(a, b)
    if not a.words and not b.words:
        # A sign with a meaning right beside a number is its currency, sign or unit.
        touching = any(nearby_number(side, 1) is not None for side in (edit.a, edit.b))
        return cosmetic_kind(a.surface, b.surface, lexicon) or (Kind.NUMBER if touching else Kind.WORDING)
    numbers = [[token.key for token in side.numbers] for side in (a, b)]
    if numbers[0] == numbers[1]:
        if numbers[0] and a.words == b.words:
            return cosmetic_kind(a.surface, b.surface, lexicon) or Kind.TYPOGRAPHY  # a value written another way
        if a.words and b.words and (kind := cosmetic_kind(a.surface, b.surface, lexicon)) is not None:
            return kind
    if max(len(a.words), len(b.words)) > _PASSAGE:
        return Kind.WORDING
    if differs_in_joiner(edit, lexicon):
        return Kind.TYPOGRAPHY
    if has_same_content(a, b) or is_moved_phrase(a, b) or is_moved_phrase(b, a) or all(side.is_honorific for side in nonempty_sides(a, b)):
        return Kind.WORDING
    if any(map(is_number_in_name, (a, b))):
        return Kind.NAME
    sides = nonempty_sides(a, b)
    if len(sides) == 1 and _is_clause(sides[0]) and not is_source_phrase(sides[0]):
        return Kind.WORDING
    return next((kind for kind, holds in _RULES if holds(a, b)), Kind.WORDING)
