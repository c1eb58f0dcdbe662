"""Classify an edit: return its kind of change, by rules over word lists. The first rule that holds decides.

Cosmetic kinds come first, then time, qualifiers of numbers, attribution, negation, number and name. Wording is what is left. An inserted
or deleted clause is wording as a whole: the facts inside it are not listed one by one.
"""

from __future__ import annotations

from collections.abc import Callable

import regex

from ..diff.edits import Edit, strip_joiner
from ..diff.texts import ComparedTexts
from ..language.lexicon import Lexicon
from ..model import Kind
from .agreement import agrees_otherwise
from .attribution import changes_attribution
from .context import SideContext, has_same_content, is_moved_phrase, nonempty_sides
from .cosmetic import cosmetic_kind
from .counts import changes_number, changes_qualifier
from .names import changes_name, is_number_in_name
from .polarity import changes_negation
from .quantities import consonants, nearby_number
from .same_names import same_agency, same_country
from .source_phrases import is_source_phrase, starts_with_source
from .times import changes_time, is_time_phrase
from .values import value_kind

_FEMININE = ("ه", "ات", "تان", "تين")  # endings: students are not schoolgirls
_FLAG = regex.compile(r"\p{Regional_Indicator}")  # of a country
_DIGITS = regex.compile(r"\d+")
_LETTERS = regex.compile(r"[\s\N{ARABIC TATWEEL}]")
_CLAUSE = 6  # words from which an inserted clause, or a replacement, has more than one fact
_PASSAGE = 40  # words beyond which a change has no kind of its own


_RULES: tuple[tuple[Kind, Callable[[SideContext, SideContext], bool]], ...] = (
    (Kind.TIME, changes_time),
    (Kind.NUMBER, changes_qualifier),
    (Kind.ATTRIBUTION, changes_attribution),
    (Kind.NEGATION, changes_negation),
    (Kind.NUMBER, changes_number),
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


def _says_something(side: SideContext) -> bool:
    """Tell whether a side has a word: a stroke between letters alone, as it is typed for a dash, is none."""
    return any(word.strip("\N{ARABIC TATWEEL}") for word in side.words)


_ERAS = frozenset(("م", "ad", "ce", "میلادی", "ء", "عیسوی"))  # after a year of the common calendar; they say nothing of their own


def _is_era(a: SideContext, b: SideContext) -> bool:
    """Tell whether only the sign of the common calendar behind a year, or the article before a numeral, comes or goes: 2014م."""
    sides = nonempty_sides(a, b)
    if len(sides) == 1 and sides[0].words == (sides[0].lexicon.article,):
        return sides[0].word_after()[:1] == "#"  # the article of a numeral: ال51, الـ 51, 51
    year = sides[0].word_before()[1:] if len(sides) == 1 and sides[0].word_before()[:1] == "#" else ""
    return len(sides) == 1 and len(sides[0].words) == 1 and sides[0].words[0] in _ERAS and year.isdecimal() and 1000 <= int(year) <= 2200


def _same_characters(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides have the same letters and the same numbers, and differ in spaces and lines alone: ال51, الـ 51."""
    numbers = [_DIGITS.findall(side.surface) for side in (a, b)]
    return bool(numbers[0]) and numbers[0] == numbers[1] and _LETTERS.sub("", a.surface) == _LETTERS.sub("", b.surface)


def _is_counted(side: SideContext) -> bool:
    return bool(side.numbers)


def _agrees(a: SideContext, b: SideContext) -> bool:
    """Tell whether two words differ only in their agreement with what stays: the number before, the subject, the noun."""
    if len(a.words) != 1 or len(b.words) != 1 or not a.lexicon.article or a.word_after() != b.word_after():
        return False
    words = (a.words[0], b.words[0])
    counted = a.word_before() == b.word_before() and a.word_before().startswith("#")
    feminine = [word.endswith(_FEMININE) for word in words]
    if counted and feminine[0] == feminine[1] and len(consonants(words[0])) > 1 and consonants(words[0]) == consonants(words[1]):
        return True  # in Arabic the noun agrees with its number
    shorter, longer = sorted(words, key=len)
    if longer == shorter + "ه" and shorter.endswith("ي") and shorter in a.lexicon.common and a.word_before() == b.word_before():
        return True  # an adjective of a noun that is of both genders: سوق
    return agrees_otherwise(*words, a.word_after(), a.lexicon)


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
    if (decided := value_kind(a, b)) is not None:
        return decided
    if not any(map(_says_something, (a, b))):
        # A sign with a meaning right beside a number is its currency, sign or unit.
        if _FLAG.search(a.surface + b.surface):
            return Kind.NAME
        touching = any(nearby_number(side, 1) is not None for side in (edit.a, edit.b))
        return cosmetic_kind(a.surface, b.surface, lexicon) or (Kind.NUMBER if touching else Kind.WORDING)
    if _is_era(a, b) or (a.words and b.words and _same_characters(a, b)):
        return Kind.TYPOGRAPHY
    numbers = [[token.key for token in side.numbers] for side in (a, b)]
    if numbers[0] == numbers[1]:
        if numbers[0] and a.words == b.words:
            return cosmetic_kind(a.surface, b.surface, lexicon) or Kind.TYPOGRAPHY  # a value written another way
        if a.words and b.words and (kind := cosmetic_kind(a.surface, b.surface, lexicon)) is not None:
            return kind
    if max(len(a.words), len(b.words)) > _PASSAGE:
        return Kind.WORDING
    if differs_in_joiner(edit, lexicon):  # only a list has a member less or more before it
        return Kind.TYPOGRAPHY if a.word_before() != b.word_before() or all(map(_is_counted, (a, b))) else Kind.WORDING
    if a.words and b.words and _agrees(a, b):
        return Kind.SPELLING
    if has_same_content(a, b) or is_moved_phrase(a, b) or is_moved_phrase(b, a) or all(side.is_honorific for side in nonempty_sides(a, b)):
        return Kind.WORDING
    if any(map(is_number_in_name, (a, b))):
        return Kind.NAME
    sides = nonempty_sides(a, b)
    if len(sides) == 1 and _is_clause(sides[0]) and not is_source_phrase(sides[0]):
        return Kind.WORDING
    found = next((kind for kind, holds in _RULES if holds(a, b)), Kind.WORDING)
    if found in (Kind.ATTRIBUTION, Kind.NAME) and (same_country(a, b) or same_agency(a, b)):
        return Kind.WORDING
    return found
