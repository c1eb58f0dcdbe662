"""Decide which edits change a negation: whether something happened, or is only possible."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from ..language.turkish import denies
from .context import SideContext, nonempty_sides
from .quantities import consonants

_CLAUSE = 6  # words, at most, of a side that changes only the polarity
_MAY = ("قد", "وقد")  # "may" before a verb in the present tense; before a past tense it only asserts, as these always do:
_WAS = ("كان", "كانت", "كانوا", "يكون", "تكون")  # before قد: something had happened
_SUBJECT = 3  # words from a form of "to be" to قد, with the subject between them
_PAST = ("ت", "وا")
_SIXTH = re.compile("ت.ا.{1,2}")  # a past tense behind وقد: تناول, تبادل
_NEAR = 10  # tokens on either side that may deny the same
_ELSEWHERE = 4  # words of a side whose negation may deny something that the other side does not say
_ASSERTING = ("فقد", "لقد", "ولقد")
_BASIC = ("ليس", "دون")  # negations with several forms
_CLAUSE_WORDS = 3  # words of an inserted clause, at least
_STEM = 3  # letters of a stem that is compared
_NEGATION = 3  # letters of a negation that may have a preposition written on to it: كلا is not لا
_CONTRACTED = ("الا", "بالا")  # ألا is أن لا, and is folded like إلا, "except"
_THAT = ("ان", "بان")
_NOT = "not"  # the basic form of English contractions: isn't
# Lists of phrases in which a negative word negates nothing: "no fewer than", "doctors without borders".
_FIXED = ("before", "after", "connectives", "affirmative", "groups", "parties", "names")


def _governs(side: SideContext, word: str, following: str) -> bool:
    """Tell whether a noun that can be a modality governs the noun after it: واجب العزاء, the duty of condolence."""
    article = side.lexicon.article
    particle = word in side.lexicon.lists["particles"] or word.endswith("ا") or side.lexicon.is_verb(word) or word[:1] in ("ي", "ت")
    return bool(article) and following.startswith(article) and not particle


def _is_modal(side: SideContext, place: int) -> bool:
    """Tell whether the word at a place says that something is possible or wanted; قد before a past verb only asserts."""
    word = side.words[place]
    length = 0 if word in _ASSERTING else side.lexicon.phrase_length("modality", side.words, place)
    following = side.words[place + 1] if place + 1 < len(side.words) else side.word_after()
    if length == 1 and word not in _MAY and (not side.lexicon.has_without_article("modality", word) or _governs(side, word, following)):
        return False  # المحال, the shops, is not محال, impossible
    if length == 1 and (side.words[place - 1] if place else side.word_before()) in _THAT and word[0] in "يت":
        return False  # "they want to seem"
    if not length or word not in _MAY:
        return length > 0
    earlier = [*side.words[:place][::-1], *(side.word_before(n) for n in range(1, _SUBJECT + 1))][:_SUBJECT]
    if any(form in _WAS for word in earlier for form in (word, word[1:] if word[:1] in side.lexicon.joiners else word)) or (
        following[:1] != "ي" and following.endswith(_PAST)
    ):
        return False  # "had gathered"; the endings of the past tense
    if word != _MAY[0] and _SIXTH.fullmatch(following):
        return False
    present = following[:1] == "ي" or side.in_lists(following, "present") or not side.lexicon.is_verb(following)
    return following[:1] in ("ي", "ت", "ن") and present


def _continues(side: SideContext, place: int) -> bool:
    """Tell whether "and not" only goes on with a negation that stands before it: "neither he nor his sons"."""
    following = side.words[place + 1] if place + 1 < len(side.words) else side.word_after()
    if side.words[place] != "ولا" or not following or side.lexicon.is_verb(following) or following[0] in "يت":
        return False
    earlier = [*side.words[:place], *(side.word_before(n) for n in range(1, _NEAR + 1))]
    return any(word in side.lexicon.lists["negation"] or word[1:] in side.lexicon.lists["negation"] for word in earlier if word)


def _negation_at(side: SideContext, place: int) -> tuple[str, int]:
    """Return the negation at a place, in its basic form, and its number of words; "" and 0 for none."""
    word = side.words[place]
    if _continues(side, place):
        return "", 0
    particles = (*side.lexicon.joiners, *side.lexicon.joined_prepositions)
    bare = (word[len(particle) :] for particle in particles if word.startswith(particle))
    for form in (word, *(form for form in bare if word[0] in side.lexicon.joiners or len(form) >= _NEGATION)):
        if length := side.lexicon.phrase_length("negation", (form, *side.words[place + 1 :]), 0):
            known = next((each for each in side.lexicon.variants(form)[::-1] if each in side.lexicon.lists["negation"]), form)
            if len(known) < _NEGATION and form != known and form[0] not in side.lexicon.joiners:
                continue  # كلم, km, is not لم
            known = next((basic for basic in _BASIC if basic in known), known)  # ليست only agrees, بدون is دون
            return (_NOT if length > 1 and side.words[place + length - 1] == "t" else known), length
    following = side.words[place + 1] if place + 1 < len(side.words) else side.word_after()
    if word.removeprefix("و") in _CONTRACTED and "ألا" in side.surface and not following.startswith("وه"):  # ألا وهو: namely
        return "لا", 1
    return "", 0


def _opens_connective(side: SideContext, place: int) -> bool:
    """Tell whether the last word of a side is the first of a connective that goes on behind it: غير أن, "but"."""
    last = place + 1 == len(side.words)
    return last and side.lexicon.phrase_length("connectives", (side.words[place], side.word_after(), side.word_after(2)), 0) > 1


def _polarity_words(side: SideContext) -> Counter[str]:
    """Count the words for negation and modality, but not those inside names, qualifiers and connectives ("no fewer than")."""
    found: Counter[str] = Counter()
    place = 0
    while place < len(side.words):
        fixed = max(side.lexicon.phrase_length(name, side.words, place) for name in _FIXED)
        length = 0
        if fixed < 2 and not side.lexicon.phrase_length("affirmative", side.words, place) and not _opens_connective(side, place):
            negative, length = _negation_at(side, place)
            found.update([negative] if negative else [])
            found.update(["modal"] if _is_modal(side, place) else [])
        place += max(1, fixed, length)
    return found


def _is_negated_form(a: SideContext, b: SideContext) -> bool:
    """Tell whether a verb of one side is one of the other with a negation that is written on to it, and none the other way round."""
    if a.lexicon.language == "tr":
        denied = [any(denies(one, other) for one in x.words for other in y.words) for x, y in ((a, b), (b, a))]
        return denied[0] != denied[1]
    if not len(a.words) == len(b.words) == 1:
        return False
    words = (a.words[0], b.words[0])
    return any(one == prefix + other for prefix in a.lexicon.negative_prefixes for one, other in (words, words[::-1]))


def _says_more(side: SideContext) -> bool:
    """Tell whether a side has words besides negations, words for what is possible, and small words."""
    lists = ("negation", "affirmative", "modality", "auxiliaries", "particles", "prepositions", "articles", "joiners")
    return not side.only_in_lists(*lists)


def _share_content(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides may say opposite things of one subject: one only denies, or they share a word."""
    sides = nonempty_sides(a, b)
    if len(sides) == 1 or not all(map(_says_more, sides)):
        return True
    stems = [{stem for word in side.words for stem in side.lexicon.stems(word) if stem == word or len(stem) >= _STEM} for side in sides]
    return not stems[0].isdisjoint(stems[1]) or _have_one_root(*sides)


def _have_one_root(one: SideContext, other: SideContext) -> bool:
    """Tell whether two verbs are forms of one root: كان, لم يكن."""
    roots = [{consonants(word) for word in side.words if not side.in_lists(word, "negation")} - {""} for side in (one, other)]
    return bool(one.lexicon.article) and not roots[0].isdisjoint(roots[1])


def _is_part_of_noun(side: SideContext, other: SideContext) -> bool:
    """Tell whether the only negation of a side is inside a noun phrase that the other side does not have: "the non-residents"."""
    places = [place for place, word in enumerate(side.words) if side.in_lists(word, "negation")]
    if len(places) != 1 or side.lexicon.variants(side.words[places[0]])[-1] != "غير" or places[0] + 1 == len(side.words):
        return False
    denied = side.words[places[0] + 1]
    if (not other.words and len(side.words) == 2) or side.in_lists(denied, "modality"):
        return False
    return denied.startswith(side.lexicon.article) and not set(side.lexicon.stems(denied)) & {
        s for w in other.words for s in side.lexicon.stems(w)
    }


def _denies_something_else(side: SideContext, other: SideContext) -> bool:
    """Tell whether a side shares words with the other, but not the word that it denies: "went out", "did not wait, but went out"."""
    places = [place for place, word in enumerate(side.words[:-1]) if side.in_lists(word, "negation")]
    if len(places) != 1 or len(side.words) < _ELSEWHERE or not side.lexicon.article or not other.words:
        return False
    stems = {stem for word in other.words for stem in side.lexicon.stems(word) if len(stem) >= _STEM}
    shared = [not stems.isdisjoint(side.lexicon.stems(word)) for word in side.words]
    return any(shared) and not shared[places[0] + 1]


def _is_denied_elsewhere(side: SideContext, other: SideContext) -> bool:
    """Tell whether the other text denies the same near by: "asserting no laxity of the ministry", "that the ministry will not be lax"."""
    if other.words or not side.lexicon.article:
        return False
    mine, theirs = ({stem for word in _denied(each) for stem in each.lexicon.stems(word) if len(stem) >= _STEM} for each in (side, other))
    return not mine.isdisjoint(theirs)


def _denied(side: SideContext) -> list[str]:
    """Return the words right behind a negation in a side, or where the side is empty within some words of it."""
    tokens, near = side.edit_side.tokens, 0 if side.words else _NEAR
    keys = [token.key for token in tokens[max(0, side.edit_side.start - near) : side.edit_side.end + near] if token.is_word]
    return [word for before, word in pairwise(keys) if side.in_lists(before, "negation")]


def _is_governed(side: SideContext, other: SideContext) -> bool:
    """Tell whether "without" or "not to" only takes the place of "from" behind a verb: "warned against", "advised not to"."""
    return other.words in (("من",), ("عن",)) and side.words in (("بعدم",), ("عدم",), ("دون",))


def _is_new_clause(side: SideContext) -> bool:
    """Tell whether inserted or deleted words are a clause with a verb of its own, in a language that joins it by a written-on "and"."""
    if not side.lexicon.joiners or len(side.words) < _CLAUSE_WORDS:
        return False
    if side.starts_with("connectives") and side.has_verb:
        return True
    if not side.words[0].startswith(side.lexicon.joiners[:1]):
        return False
    bare = side.words[0][1:]
    if side.lexicon.phrase_length("negation", (bare,), 0) and bare[0] != "ل":
        return True  # one thing more: "and their inability to"
    return any(side.lexicon.is_verb(word) for word in side.words[1:]) and not side.lexicon.is_verb(side.words[0])


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
    denied = [any(form in a.lexicon.lists["denials"] for word in side.words for form in a.lexicon.variants(word)) for side in sides]
    if (
        len(sides) == 2
        and denied[0] != denied[1]
        and not any(side.contains("negation") for side, no in zip(sides, denied, strict=True) if not no)
    ):
        return True  # "denied that" to "declined to comment on"
    found = (_polarity_words(a), _polarity_words(b))
    counts = [(words["modal"], words.total() - words["modal"]) for words in found]
    if counts[0] == counts[1] or not _share_content(a, b):
        return False
    excused = (_is_part_of_noun, _is_invitation, _denies_something_else, _is_denied_elsewhere, _is_governed)
    if any(excuse(one, other) for excuse in excused for one, other in ((a, b), (b, a)) if one.words):
        return False
    return not (len(sides) == 1 and _is_new_clause(sides[0]))
