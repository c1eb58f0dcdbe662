"""Decide which edits change a negation: whether something happened, or is only possible."""

from __future__ import annotations

from collections import Counter

from .context import SideContext, nonempty_sides

_CLAUSE = 6  # words, at most, of a side that changes only the polarity
_MAY = ("قد", "وقد")  # "may" before a verb in the present tense; before a past tense it only asserts, as these always do:
_WAS = ("كان", "كانت", "كانوا", "يكون", "تكون")  # before قد: something had happened
_PAST = ("ت", "وا")
_ASSERTING = ("فقد", "لقد", "ولقد")
_REWORDED = 3  # words from which a replacement without a shared word is about something else
_STEM = 3  # letters of a stem that is compared
_NEGATION = 3  # letters of a negation that may have a preposition written on to it: كلا is not لا
_CONTRACTED = ("الا", "بالا")  # ألا is أن لا, and is folded like إلا, "except"
_THAT = ("ان", "بان")
_NOT = "not"  # the basic form of English contractions: isn't
# Lists of phrases in which a negative word negates nothing: "no fewer than", "doctors without borders".
_FIXED = ("before", "after", "connectives", "affirmative", "groups", "parties", "names")


def _is_modal(side: SideContext, place: int) -> bool:
    """Tell whether the word at a place says that something is possible or wanted; قد before a past verb only asserts."""
    word = side.words[place]
    length = 0 if word in _ASSERTING else side.lexicon.phrase_length("modality", side.words, place)
    if length == 1 and word not in _MAY and not side.lexicon.has_without_article("modality", word):
        return False  # المحال, the shops, is not محال, impossible
    if not length or word not in _MAY:
        return length > 0
    before = side.words[place - 1] if place else side.word_before()
    following = side.words[place + 1] if place + 1 < len(side.words) else side.word_after()
    if before.endswith(_WAS) or (following[:1] != "ي" and following.endswith(_PAST)):
        return False  # "had gathered"; the endings of the past tense
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
            known = "ليس" if known.startswith("ليس") else known  # ليست only agrees
            return (_NOT if length > 1 and side.words[place + length - 1] == "t" else known), length
    if word.removeprefix("و") in _CONTRACTED and "ألا" in side.surface:
        return "لا", 1
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


def _is_part_of_noun(side: SideContext, other: SideContext) -> bool:
    """Tell whether the only negation of a side is inside a noun phrase that the other side does not have: "the non-residents"."""
    places = [place for place, word in enumerate(side.words) if side.in_lists(word, "negation")]
    if len(places) != 1 or not other.words or side.lexicon.variants(side.words[places[0]])[-1] != "غير" or places[0] + 1 == len(side.words):
        return False
    denied = side.words[places[0] + 1]
    return denied.startswith(side.lexicon.article) and not set(side.lexicon.stems(denied)) & {
        s for w in other.words for s in side.lexicon.stems(w)
    }


def _is_new_clause(side: SideContext) -> bool:
    """Tell whether inserted or deleted words are a clause with a verb of its own, in a language that joins it by a written-on "and"."""
    joined = bool(side.lexicon.joiners) and side.words[0].startswith(side.lexicon.joiners[:1]) and len(side.words) > 2
    return joined and any(side.lexicon.is_verb(word) for word in side.words[1:]) and not any(map(side.lexicon.is_verb, side.words[:1]))


def _is_invitation(side: SideContext, other: SideContext) -> bool:
    """Tell whether "can be" stands with a verbal noun, and the other side has only a preposition: "for the terms", "they can be seen"."""
    can = bool(side.lexicon.article) and any(word.endswith("يمكن") for word in side.words[:1]) and len(side.words) == 2
    return can and bool(other.words) and not other.has_verb and not other.contains("negation", "modality")


def changes_negation(a: SideContext, b: SideContext) -> bool:
    if max(len(a.words), len(b.words)) > _CLAUSE:
        return False
    if a.lexicon.are_opposites(a.words, b.words) or _is_negated_form(a, b):
        return True
    sides = nonempty_sides(a, b)
    counts = (_polarity_words(a), _polarity_words(b))
    if counts[0] == counts[1] or not _share_content(a, b):
        return False
    if any(_is_part_of_noun(one, other) or _is_invitation(one, other) for one, other in ((a, b), (b, a))):
        return False
    return not (len(sides) == 1 and _is_new_clause(sides[0]))
