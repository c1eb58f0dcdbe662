"""Know what is no name: words that open a clause, small words, and two forms of one word."""

from __future__ import annotations

from .context import SideContext
from .name_evidence import NAMES, POINTING
from .quantities import consonants

_START = 3  # letters that two words have in common at their start, at least
THAT = frozenset(("ان", "بان", "انه", "انها", "انهم", "بانه", "بانها", "بانهم", "كه", "that"))
"""Words that open a statement."""
_RELATIVE = frozenset(
    (*("الذي", "التي", "الذين", "اللذان", "اللتان", "اللواتي", "who", "whom", "whose", "which"), *("qui", "dont", "جو", "جس", "جنہوں"))
)  # open a clause: no name has one
_BEFORE_VERBS = frozenset(("قد", "سوف", "لم", "لن"))


def same_root(a: SideContext, b: SideContext) -> bool:
    """Tell whether two Arabic words are forms of one word, in another tense or number."""
    if len(a.words) != len(b.words) or a.words == b.words or not a.lexicon.joiners:
        return False
    known = any(side.words[0] in side.lexicon.lists["names"] - side.lexicon.lists["prepositions"] for side in (a, b))
    headed = all(side.in_lists(side.word_before(), "places") and not side.word_before().startswith(side.lexicon.article) for side in (a, b))
    if known or (headed and len(a.words) == 1):
        return False
    return all(map(_are_forms, map(_skeleton, a.words), map(_skeleton, b.words)))


def _are_forms(one: str, other: str) -> bool:
    """Tell whether two rows of consonants are of one word, with or without the letter of a participle."""
    return len(one) > 1 and (one == other or one == "م" + other or other == "م" + one)


def _skeleton(word: str) -> str:
    """Return the consonants of a word, each once where it is written twice: ظليله and ظليه are forms of one word."""
    letters = consonants(word)
    return "".join(letter for place, letter in enumerate(letters) if letters[place - 1 : place] != letter)


def in_minimal_pair(a: SideContext, b: SideContext) -> bool:
    """Tell whether two words are a minimal pair, one letter apart (على, علي), and no name follows."""
    named = any(side.lexicon.has_without_article("names", side.word_after()) for side in (a, b))
    return not named and one_letter_apart(a, b)


def one_letter_apart(a: SideContext, b: SideContext) -> bool:
    """Tell whether two words are a minimal pair: على, علي."""
    return not {(a.surface, b.surface), (b.surface, a.surface)}.isdisjoint(a.lexicon.minimal_pairs)


def opens_a_clause(side: SideContext) -> bool:
    """Tell whether a side has a word that opens a clause: that, who, which, an Arabic word that only verbs follow."""
    if len(side.words) < 2:
        return False
    if any(word in _RELATIVE or word in THAT or word in _BEFORE_VERBS for word in side.words):
        return True
    return bool(side.lexicon.article) and any(side.lexicon.phrase_length("connectives", side.words, n) for n in range(1, len(side.words)))


def is_small(side: SideContext) -> bool:
    """Tell whether a side is one word that is a preposition as it is written (على, not the name علي), a quantifier, or says which time."""
    if len(side.words) != 1:
        return False
    word, lexicon = side.words[0], side.lexicon
    if not lexicon.article:
        return word in lexicon.lists["prepositions"] and not side.surface[:1].isupper()
    written = side.surface.rstrip().endswith("ى") and word in lexicon.lists["prepositions"]
    return written or word in POINTING or word in lexicon.lists["time_modifiers"]


def differs_in_gender(a: SideContext, b: SideContext) -> bool:
    """Tell whether two words are one common adjective in two genders: مركزي, مركزية."""
    if not a.lexicon.article or len(a.words) != 1 or len(b.words) != 1:
        return False
    shorter, longer = sorted((a.words[0], b.words[0]), key=len)
    return longer == shorter + "ه" and shorter in a.lexicon.common and not a.in_lists(shorter, *NAMES, "parties")


def were_run_together(a: SideContext, b: SideContext) -> bool:
    """Tell whether a side is the words of the other without the space, and at most two letters apart: استمرارية النظام, استمرارالنظام."""
    if not a.lexicon.article or sorted((len(a.words), len(b.words))) != [1, 2]:
        return False
    shorter, longer = sorted(("".join(a.words), "".join(b.words)), key=len)
    same = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    return same > _START and len(longer) - len(shorter) <= 2 and longer.endswith(shorter[same:])
