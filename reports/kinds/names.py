"""Decide which edits change a name: of a person, a place, an organisation or a party, also in a list of names."""

from __future__ import annotations

import regex

from ..language.inflection import looks_like_participle
from .context import SideContext, nonempty_sides, occurs_in_other_text
from .name_evidence import (
    HEADS,
    NAMES,
    are_adjectives,
    completes_a_name,
    has_proper_name,
    is_part_of_name,
    is_shortened,
    is_unknown,
    may_be_one_name,
    points_back,
    starts_otherwise,
)
from .no_names import THAT, differs_in_gender, in_minimal_pair, is_small, one_letter_apart, opens_a_clause, same_root, were_run_together

_ADDRESS = regex.compile(r"(?i)\bwww\.|https?:|\w@\w|\w\.(?:com|net|org|gov|edu)\b")  # of a page or a mailbox
_LIST = 12  # words back to the word that opened a list
_MEMBER = 4  # words of a member of a list
_SHORT = 6  # words, at most, of a side that names something because it has a known name
_LONGEST = 12  # words of an inserted or deleted name


def is_number_in_name(side: SideContext) -> bool:
    """Tell whether a side is the number in a name: brigade 47."""
    return len(side.words) == len(side.numbers) == 1 and side.in_lists(side.word_before(), "numbered")


def _nominal(side: SideContext) -> bool:
    """Tell whether a side names something: it begins with a word that comes before names (town, minister), or has a known name."""
    named = any(side.lexicon.has_without_article(name, word) for word in side.words for name in NAMES)
    short = len(side.words) <= _SHORT and (named or side.contains("parties", "countries"))
    titled = bool(side.lexicon.article) and len(side.words) > 1 and side.words[0] in side.lexicon.lists["honorifics"]
    articled = bool(side.lexicon.article) and side.words[0].startswith(side.lexicon.article)  # الرضا is no رضا
    known = any(side.lexicon.has_without_article(name, side.words[0]) for name in NAMES) if articled else side.starts_with(*NAMES)
    return side.starts_with(*HEADS, "parties", "countries") or known or short or titled or side.is_capitalised


def _named_before(side: SideContext) -> bool:
    """Tell whether the word before needs a name after it: "the town of", a title. Other nouns with the article need none."""
    word, article = side.word_before(), side.lexicon.article
    complete = bool(article) and any(form.startswith(article) for form in side.lexicon.variants(word))
    if complete:  # "asked the judge to postpone": the judge needs no name
        named = _nominal(side) or any(is_unknown(each, side.lexicon) for each in (*side.words, side.word_after()))
        return side.in_lists(word, "people") and named
    return side.in_lists(word, *HEADS)


def _is_member(side: SideContext) -> bool:
    """Tell whether a side is a member of a list: joined by a comma, or by the "and" that is written on to it or to what follows."""
    joiners = side.lexicon.joiners
    return side.is_list_member and (not joiners or side.words[0].startswith(joiners[0]) or side.word_after().startswith(joiners[0]))


def _in_list_of_names(side: SideContext) -> bool:
    """Tell whether a side is a member of a list that a word for places or groups opened, with only nouns between."""
    for place in range(1, _LIST + 1) if _is_member(side) else ():
        word = side.word_before(place)
        if side.in_lists(word, "places", "groups"):
            return True
        if not word or side.lexicon.is_verb(word) or side.in_lists(word, "prepositions"):
            return False
    return False


def _generic(side: SideContext) -> bool:
    """Tell whether a side is only a common noun: one with the article ("the sea"), or without a capital where names have one."""
    if side.lexicon.has_capitals:
        return not (side.is_capitalised or side.starts_sentence or side.starts_with(*HEADS, "parties"))
    article = side.lexicon.article
    complete = bool(article) and len(side.words) == 1 and article in side.words[0][:3]
    return complete and side.in_lists(side.words[0], "places") and not _headed(side)


def _indefinite(side: SideContext) -> bool:
    """Tell whether a side begins with a common noun in the Arabic indefinite accusative: "opened a market", سوقا."""
    word, lexicon = side.words[0], side.lexicon
    written = bool(lexicon.article) and word.endswith("ا") and not side.in_lists(side.word_before(), "places", "groups")
    written = written and not side.in_lists(word, "people", "groups", *NAMES)
    return written and any(form[:-1] in lexicon.common for form in lexicon.variants(word))


def _unnamed(side: SideContext) -> bool:
    """Tell whether a side is a place without a name, and no name follows: an orchard, an old well, a filling station."""
    lexicon, after = side.lexicon, side.word_after()
    if not lexicon.article or not side.starts_with("places"):
        return False
    if side.starts_with("facilities"):
        return not any(is_unknown(word, lexicon) for word in side.words)
    words = side.words if side.ends_clause else (*side.words, after)
    return not any(lexicon.article in word[:3] or is_unknown(word, lexicon) for word in words)


def _descriptive(side: SideContext) -> bool:
    """Tell whether a side only describes: by directions, participles, and adjectives that name no party."""
    article = side.lexicon.article
    if side.in_lists(side.word_before(), "places", "groups") and _named_before(side) and side.words[0].startswith(article or " "):
        return False  # a name, not an adjective, which would have the article only if its noun had it: the quarter of الصالحية
    return all(
        side.in_lists(word, "directions")
        or (bool(article) and looks_like_participle(word) and not side.in_lists(word, "parties", *NAMES))
        or (bool(article) and article in word[:3] and word.endswith(("يه", "ي")) and not side.in_lists(word, "parties"))
        for word in side.words
    )


def _prepositional(side: SideContext) -> bool:
    """Tell whether a side begins with a preposition, also one that is written on to its noun."""
    word = side.words[0]
    if side.starts_with("prepositions"):
        return True
    if word[:1] in side.lexicon.joiners and len(word) > 1 and side.lexicon.phrase_length("prepositions", [word[1:]], 0):
        return True
    own = any(side.lexicon.phrase_length(name, side.words, 0) for name in (*HEADS, "parties", "names", "countries"))
    return not own and any(word.startswith(prefix) and len(word) >= len(prefix) + 3 for prefix in side.lexicon.joined_prepositions)


def _has_verb(side: SideContext) -> bool:
    """Tell whether a verb is inside. In a short member of a list of names only the first word can be one, after a word like "town" none."""
    headed = not side.lexicon.has_capitals and side.in_lists(side.word_before(), "places", "groups") and _named_before(side)
    if headed and not side.words[0].startswith(side.lexicon.joiners):
        return False
    member = len(side.words) <= _MEMBER and _in_list_of_names(side)
    return side.lexicon.is_verb(side.words[0]) if member else side.has_verb


def _unknown(side: SideContext) -> bool:
    """Tell whether a side has one to four words, none of them a number or a common word."""
    return 1 <= len(side.words) <= 4 and not side.numbers and all(is_unknown(word, side.lexicon) for word in side.words)


def _headed(side: SideContext) -> bool:
    """Tell whether a title, a word like "town" or a part of a name stands before the side."""
    before = side.word_before()
    if before in side.lexicon.common and side.in_lists(before, *NAMES) and side.in_lists(side.word_before(2), "prepositions"):
        return False  # "in good faith", as the name حسن
    return (
        side.in_lists(before, *HEADS, *NAMES, "titled") or is_unknown(before, side.lexicon) or side.in_lists(side.word_before(2), "people")
    )


def _adjectival(side: SideContext) -> bool:
    """Tell whether a side may be an adjective of the noun before it: it has the article, or the ending of the accusative."""
    lexicon, before, word = side.lexicon, side.word_before(), side.words[0]
    if _headed(side) or not lexicon.article:
        return False
    if word.startswith(lexicon.article):
        return not lexicon.is_verb(before)
    return word.endswith("ا") and not side.in_lists(word, *NAMES) and not side.in_lists(before, "prepositions")


def _in_place_of_a_name(side: SideContext) -> bool:
    """Tell whether a name can stand here, as the language orders its words."""
    lexicon, before, after = side.lexicon, side.word_before(), side.word_after()
    if lexicon.has_capitals:  # at the start of a sentence a capital says nothing
        return side.surface[:1].isupper() and side.starts_sentence
    if not lexicon.article:  # as in Turkish or Persian: the verb comes last, after its noun
        return bool(after) and not side.ends_clause and (side.in_lists(after, "prepositions") or not lexicon.is_verb(after))
    if side.starts_clause or side.in_lists(before, "particles", "negation", "modality"):  # a verb stands here
        return False
    return before not in THAT or side.words[0][:1] not in lexicon.verb_prefixes


def _by_elimination(a: SideContext, b: SideContext) -> bool:
    """Tell whether both sides are unknown words in a place where a name can stand."""
    return all(_unknown(side) and _in_place_of_a_name(side) for side in (a, b)) and not all(map(_adjectival, (a, b)))


def _exchanged(a: SideContext, b: SideContext) -> bool:
    """Tell whether two phrases are exchanged: "A beat B", "B beat A"."""
    if a.lexicon.has_capitals or not a.words or not b.words or max(len(a.words), len(b.words)) > _MEMBER:
        return False
    return occurs_in_other_text(a, b) and occurs_in_other_text(b, a)


def _behind_verb(a: SideContext, b: SideContext) -> tuple[SideContext, SideContext]:
    """Return the sides without a first verb that is the same but for the gender of the name after it."""
    first, other = (side.words[0] if len(side.words) > 1 else "" for side in (a, b))
    agrees = a.lexicon.article and first and a.lexicon.is_verb(first) and other in (first + "ت", first.removesuffix("ت"))
    return (a.without_first, b.without_first) if agrees and other else (a, b)


def _are_titles(a: SideContext, b: SideContext) -> bool:
    """Tell whether one title is another before the same name: "the minister of health Eng.", "the engineer"."""
    if not a.words or not b.words or not a.lexicon.article or a.word_after() != b.word_after():
        return False
    named = a.lexicon.has_without_article("names", a.word_after())
    return named and all(side.starts_with("people", "honorifics") and not has_proper_name(side) for side in (a, b))


def _first_marks(side: SideContext) -> set[str]:
    """Return the marks right before the first word of a side: a dash opens an item of a list of its own."""
    tokens, start = side.edit_side.tokens, side.edit_side.start
    return {token.key for token in tokens[max(0, start - 1) : start + 2] if not token.is_word}


def _is_name_put_in(side: SideContext) -> bool:
    """Tell whether inserted or deleted words are a name, and not only a title or the word before a name that stays."""
    # In a language with capitals, a word for a place before words without one needs no name.
    named = _named_before(side) and any(is_unknown(word, side.lexicon) for word in side.words)
    member = side.is_list_member and _in_list_of_names(side) and len(side.words) <= _MEMBER
    wanting = not side.lexicon.has_capitals and (named or member)
    phrase = any(side.in_lists(word, "prepositions") for word in side.words[1:]) and not side.starts_with(*HEADS, "parties", *NAMES)
    if is_part_of_name(side):
        return True
    if len(side.words) <= _SHORT and completes_a_name(side):
        return True
    if len(side.words) > _LONGEST or _prepositional(side) or phrase or not (_nominal(side) or wanting):
        return False
    if side.lexicon.article and (starts_otherwise(side) or not may_be_one_name(side)):
        return False
    if not side.lexicon.article or has_proper_name(side):
        return True
    if side.starts_with("people", "honorifics"):  # a title that joins a list is someone; beside a name it only describes
        joined = side.words[0].startswith(side.lexicon.joiners) and side.words[0] not in side.lexicon.lists["people"]
        return side.is_list_member and joined and "-" not in _first_marks(side)
    if len(side.words) == 1 and (side.starts_with("places", "groups") or not is_unknown(side.words[0], side.lexicon)):
        return False
    heads = [any(side.lexicon.has(name, word) for name in (*HEADS, "honorifics", "prepositions")) for word in side.words]
    return (member and len(heads) > 1) or ((member or heads[0] or named) and not all(heads))


def changes_name(a: SideContext, b: SideContext) -> bool:
    """Tell whether an edit replaces, inserts or deletes a name."""
    a, b = _behind_verb(a, b)
    sides = nonempty_sides(a, b)
    if (a.words == b.words and not one_letter_apart(a, b)) or _are_titles(a, b) or any(_ADDRESS.search(side.surface) for side in sides):
        return False
    if (
        all(map(_unnamed, sides))
        or any(map(opens_a_clause, sides))
        or (any(map(is_small, sides)) and not one_letter_apart(a, b))
        or differs_in_gender(a, b)
        or (len(sides) == 2 and were_run_together(a, b))
    ):
        return False
    if len(sides) == 2 and points_back(a, b):
        return False
    if len(sides) == 2 and all(side.in_lists(side.words[0], "places") and len(side.words) <= _LONGEST for side in sides):
        return True  # "the town of" becomes "the towns of"
    if len(sides) == 2 and all(side.is_quoted and side.in_lists(side.word_before(), "titled") for side in sides):
        return True
    if len(sides) == 2 and (same_root(a, b) or in_minimal_pair(a, b)):
        return False
    if all(map(_generic, sides)) or any(map(_indefinite, sides)):
        return False
    if any(_has_verb(side) or side.starts_with("connectives") for side in sides) or (
        all(map(_descriptive, sides)) and not _by_elimination(a, b)
    ):
        return False
    if _exchanged(a, b):
        return True
    if len(sides) == 1:
        return _is_name_put_in(sides[0])
    if len(sides) == 2 and a.lexicon.article and (is_shortened(a, b) or are_adjectives(a, b)):
        return False
    if all(map(_prepositional, sides)) and not all(side.contains("names", "countries", "parties") for side in sides):
        return False
    if len(sides) == 2 and all(side.only_in_lists("count_nouns") for side in sides):
        return False  # "the camps of the refugees", "of the displaced"
    wanted = all(map(_named_before, sides)) or all(map(_in_list_of_names, sides)) or _by_elimination(a, b)
    likely = (_nominal(side) or any(is_unknown(word, side.lexicon) for word in side.words) for side in sides)
    one_known = any(map(_nominal, sides)) and all(likely) and all(len(side.words) <= 4 for side in sides) and not _written_small(a, b)
    return wanted or all(map(_nominal, sides)) or one_known


def _written_small(a: SideContext, b: SideContext) -> bool:
    """Tell whether a side has no capital letter, in a language that writes names with one."""
    return a.lexicon.has_capitals and any(not side.is_capitalised and not side.contains("groups", "parties") for side in (a, b))
