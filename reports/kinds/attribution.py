"""Decide which edits change the source: who says something, by a verb of saying or a phrase such as "according to"."""

from __future__ import annotations

from itertools import takewhile

from ..language.turkish import is_turkish_clause
from .context import ENDS, SideContext, nonempty_sides
from .name_evidence import points_back
from .no_names import THAT
from .quantities import consonants
from .source_phrases import SOURCE_HEADS, is_source_phrase

_ONE = "#1"  # one official: no count
_SENTENCE = 40  # words of a sentence that are searched for a verb at its end
_REACH = 7  # words of a source before or after the changed words
_ABOUT = ("به", "عنه", "اليه", "عليه")  # stand between a verb of saying and its subject, in a relative clause
_OPEN = (" ما", " عن", " الي", " مع", " ل")  # ends of phrases that only a source follows
_SMALL = frozenset(("الي", "عن", "في", "علي"))
_GENITIVE = ("in", "un")  # of Turkish, folded: köprünün


def _can_speak(side: SideContext) -> bool:
    """Tell whether a side names someone: it begins with a word for sources, people or groups, or with no common word."""
    if side.starts_with(*SOURCE_HEADS, "names", "parties", "countries"):
        return True
    return not side.lexicon.is_common(side.words[0]) and not side.in_lists(side.words[0], "prepositions", "say") and not side.has_verb


def _is_speaker(side: SideContext) -> bool:
    """Tell whether a side names who says something: a verb of saying stands next to it, or opens it."""
    if all(side.in_lists(word, "say") for word in side.words):
        return False
    if side.lexicon.joiners:  # the verb stands first
        verbs = (side.words[0], side.word_before(), side.word_before(2))
        return any(side.in_lists(word, "say") and not side.in_lists(word, "prepositions") for word in verbs)
    if side.in_lists(side.word_before(), "places", "prepositions") or side.in_lists(side.words[-1], "passive"):
        return False
    if _is_said(side, side.words[-1]):
        return False
    if side.in_lists(side.words[0], "say") or (side.follows_verb and side.in_lists(side.word_before(), "say")):
        return True
    return _verb_follows(side) or _verb_ends(side)


def _is_said(side: SideContext, word: str) -> bool:
    """Tell whether a Turkish word is a clause that a verb of saying has for its object: imzalandığını söyledi."""
    return side.lexicon.language == "tr" and is_turkish_clause(word)


def _is_in_clause(side: SideContext) -> bool:
    """Tell whether a side before such a clause is a part of it: a genitive, or words without the place or the noun of a subject."""
    if side.words[-1].endswith(_GENITIVE) and not (side.is_capitalised and not side.starts_sentence):
        return True
    return not (side.starts_sentence or side.is_capitalised or side.in_lists(side.words[-1], *SOURCE_HEADS))


def _verb_ends(side: SideContext) -> bool:
    """Tell whether a side opens a sentence as its subject, and a verb of saying ends it: Vali, ... açıkladı."""
    told = list(takewhile(lambda each: each[1] not in ENDS, side.words_after(_SENTENCE)))
    return (
        side.starts_sentence and side.starts_with(*SOURCE_HEADS) and bool(told) and told[0][1] == "," and side.in_lists(told[-1][0], "say")
    )


def _verb_follows(side: SideContext) -> bool:
    """Tell whether a verb of saying follows, at once, after an auxiliary or after more words of the source."""
    if _is_said(side, side.words[-1]):
        return False
    for place, (word, mark) in enumerate(side.words_after(_REACH)):
        if not mark and _is_said(side, word):
            if _is_in_clause(side):
                return False
            continue
        if side.in_lists(word, "say"):
            return place == 0 or not side.in_lists(side.word_after(place), "passive")
        if mark or side.in_lists(word, "connectives") or (side.lexicon.is_verb(word) and not side.in_lists(word, "auxiliaries")):
            return False
        if side.in_lists(word, "prepositions") and not side.in_lists(word, "auxiliaries") and not side.contains("source_nouns"):
            return False
    return False


def _is_quoted(side: SideContext) -> bool:
    """Tell whether a side is X, whom a verb of saying quotes: نقلت الصحيفة عن X."""
    return side.in_lists(side.word_after(), "told") or (
        side.word_before() == "عن" and any(side.in_lists(side.word_before(n), "say") for n in range(2, 5))
    )


def _statement_follows(side: SideContext) -> bool:
    """Tell whether a statement follows: always where the subject stands before its verb, else after "that" or a verb that only speaks."""
    speaks = side.in_lists(side.word_before(), "say") and not side.in_lists(side.word_before(), "announce") and _can_speak(side)
    return not side.lexicon.joiners or speaks or _that_follows(side)


def _that_follows(side: SideContext) -> bool:
    """Tell whether "that" follows in the same clause, not behind a preposition: حرصه على أن."""
    before = side.words[-1]
    for word, mark in side.words_after(_REACH):
        if word in THAT:
            return not side.in_lists(before, "prepositions")
        if mark == ",":
            return False
        before = word
    return False


def _introducing_words(side: SideContext) -> tuple[list[str], bool]:
    """Return the words of a source before the side, the nearest first, and whether a phrase introduces them, not a verb."""
    found: list[str] = []
    for word, mark in side.words_before(_REACH):
        if mark in (",", ".", ";", ":"):
            break
        if side.lexicon.phrase_length("sources", [word, *found[::-1]], 0):
            return found, True
        if side.in_lists(word, "say"):
            return found, False
        if word in THAT or side.lexicon.is_verb(word) or side.in_lists(word, "connectives"):
            break
        found.append(word)
    return [], False


def _behind_its_head(side: SideContext) -> bool:
    """Tell whether a noun for a source stands before the side, with only small words and genitives between: "the head of the"."""
    for word, mark in side.words_before(_REACH):
        if mark or (side.in_lists(word, "prepositions") and not side.in_lists(word, "genitives")) or side.lexicon.is_verb(word):
            return False
        if side.in_lists(word, "source_nouns"):
            return True
    return False


def _continues_source(side: SideContext) -> bool:
    """Tell whether a side is X, a part of a source: "the spokesman for X said that", "according to the agency X"."""
    if not side.lexicon.joiners:
        return _behind_its_head(side) and _verb_follows(side)
    words, phrase = _introducing_words(side)
    if not any(side.in_lists(word, *SOURCE_HEADS) for word in words[-2:]):
        return False
    if phrase:
        return side.ends_clause
    return _that_follows(side) or side.word_after() == "عن" or any(side.in_lists(side.word_after(n), "told") for n in (1, 2))


def _behind_relative(side: SideContext) -> bool:
    """Tell whether a side is X, the speaker in a relative clause: وفق ما صرح به X, طبقا لما أوردته X."""
    place = 2 if side.word_before() in _ABOUT else 1
    verb = side.word_before(place)
    said = any(side.in_lists(form, "say") for form in (verb, verb.removesuffix("ه")))
    return bool(side.lexicon.article) and side.word_before(place + 1).endswith("ما") and said


def _behind_phrase(side: SideContext) -> bool:
    """Tell whether a side stands right behind "according to", or before it where the language puts it last."""
    words = [side.word_before(place) for place in range(5, 0, -1)]
    if _behind_relative(side):
        return True
    phrase = side.lexicon.phrase_before("sources", words, len(words))
    if phrase and side.lexicon.article and not phrase.endswith(_OPEN):
        written_on = side.words[0].startswith("ل") and not side.in_lists(side.words[0], "people")  # "in a statement by the union"
        return written_on if phrase.startswith("في ") else _can_speak(side)
    return bool(phrase) or side.followed_by("sources_behind")


def _names_another(sides: list[SideContext]) -> bool:
    """Tell whether a side stands behind "according to" or the like, and the other may name a source too."""
    behind = [_behind_phrase(side) for side in sides]
    named = (side.contains(*SOURCE_HEADS, "names", "parties", "countries", "say") for side in sides)
    return any(behind) and all(one or other for one, other in zip(behind, named, strict=True))


def _refers_back(side: SideContext) -> bool:
    """Tell whether a side only refers to someone named before: his highness, the minister's excellency."""
    words = [word for word in side.words if not side.in_lists(word, "say")]
    return bool(side.lexicon.article) and len(words) == 1 and side.in_lists(words[0].removesuffix("ه"), "honorifics")


def _are_forms(a: SideContext, b: SideContext) -> bool:
    """Tell whether the sides are one word each, in two forms or spellings: most of them, the most of them."""
    if len(a.words) != 1 or len(b.words) != 1 or not a.lexicon.article:
        return False
    one, other = (consonants(side.words[0].replace("غ", "ج")) for side in (a, b))
    return one == other and len(one) > 0


def _cites_another(side: SideContext, other: SideContext) -> bool:
    """Tell whether a side ends with "citing", behind the outlet that cites the source, and the other only says: said."""
    phrase = side.lexicon.phrase_before("sources", side.words, len(side.words))
    cites = phrase is not None and phrase.endswith(_OPEN) and side.contains("source_nouns", "groups")
    return cites and all(side.in_lists(word, "say") for word in other.words)


def _is_preposition(side: SideContext) -> bool:
    """Tell whether a side is only a preposition, also with its pronoun: on, in it (فيها)."""
    bare = {side.words[0], *(side.words[0].removesuffix(ending) for ending in ("ها", "ه", "هم"))}
    known = side.lexicon.lists["prepositions"]
    return len(side.words) == 1 and bool(side.lexicon.article) and not known.isdisjoint(bare) and not side.surface[:1].isupper()


def _same_speaker(a: SideContext, b: SideContext) -> bool:
    """Tell whether the same one speaks, by another verb or a longer title: said the governor, added the governor of the bank."""
    if not a.lexicon.article or not all(side.in_lists(side.words[0], "say") for side in (a, b)):
        return False
    sides = []
    for side in (a, b):
        words = [word for word in side.words[1:] if word not in THAT and not side.in_lists(word, "say") and word not in _SMALL]
        sides.append([{form.removeprefix(side.lexicon.article) for form in side.lexicon.variants(word)} for word in words])
    shorter, longer = sorted(sides, key=len)
    return bool(shorter) and all(any(forms & each for each in longer) for forms in shorter)


def changes_attribution(a: SideContext, b: SideContext) -> bool:
    """Tell whether an edit changes, inserts or deletes a source."""
    sides = nonempty_sides(a, b)
    if len(sides) == 2 and all(side.leading_length("sources") == len(side.words) for side in sides):
        return False  # "according to" in other words
    if len(sides) == 2 and (_same_speaker(a, b) or points_back(a, b) or any(map(_is_preposition, sides))):
        return False
    if all(map(is_source_phrase, sides)):
        return True
    if len(sides) == 2 and any(_cites_another(one, other) for one, other in ((a, b), (b, a))):
        return True
    counted = any(token.key != _ONE for side in sides for token in side.numbers)
    if len(sides) == 1 or (counted and not any(side.contains("source_nouns") for side in sides)):
        return False
    if all(side.only_in_lists("auxiliaries", "negation") for side in sides):  # "a promis" to "n'a pas promis"
        return False
    when = (len(side.words) > 1 and side.only_in_lists("time", "prepositions", "weekdays") for side in sides)
    if all(any(side.in_lists(word, "harm") for word in side.words) for side in sides):
        return False  # what happened, not who says so
    if any(when) or any(map(_refers_back, sides)) or _are_forms(a, b):
        return False
    if all(map(_is_quoted, sides)) or all(map(_continues_source, sides)) or _names_another(sides):
        return True
    if not all(_is_speaker(side) or is_source_phrase(side) for side in sides):
        return False
    return any(
        any(side.in_lists(word, "source_nouns") for word in side.words[:2]) or _statement_follows(side) or is_source_phrase(side)
        for side in sides
    )
