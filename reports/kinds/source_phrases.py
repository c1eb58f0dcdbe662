"""Tell whether words are a source by themselves: according to the police, the ministry said that, to Reuters."""

from __future__ import annotations

from .context import SideContext
from .no_names import THAT
from .same_names import agencies_in, names_agency

_SAYING = 8  # words, at most, of an insertion that only says who says it
_REACH = 7  # words before a side in which a verb of saying stands
_OUTLET = 5  # words of an agency or an outlet that someone speaks to
_OUTLETS = frozenset(("وكاله", "صحيفه", "قناه", "مجله", "اذاعه", "موقع", "جريده", "تلفزيون", "سبق"))  # folded
_SEEN = 9  # words of a clause that says who saw the paper
_RECEIVED = frozenset(
    (*("نسخه", "اطلعت", "حصلت", "تلقت", "تلقته", "تلقتها"), *("seen", "obtained", "reviewed", "consulte", "consultee", "obtenu"))
)
NEWS = frozenset(("اخبار", "انباء", "نيوز", "بوابه"))
"""Words in the name of an outlet, folded."""
_TO = frozenset(("to", "told", "à", "a"))
SOURCE_HEADS = ("source_nouns", "people", "groups")
"""Lists of words that a source begins with."""


def _only_says_who(side: SideContext) -> bool:
    """Tell whether inserted or deleted words only say who says it: "the ministry said that", ", she told reporters"."""
    if len(side.words) > _SAYING or not any(side.in_lists(word, "say") for word in side.words):
        return False
    if side.starts_with("as") and _states_more(side):
        return False
    if not side.lexicon.joiners:
        return side.is_list_member
    speaker = len(side.words) == 2 and side.in_lists(side.words[0], "say") and side.words[0] not in side.lexicon.lists["verbs"]
    return side.words[-1] in THAT or (speaker and side.in_lists(side.words[1], "source_nouns") and not side.in_lists(side.words[1], "say"))


def _states_more(side: SideContext) -> bool:
    """Tell whether "as X said" goes on with what X said, so that it is news and no source: as police said they expected rain."""
    place = next(place for place, word in enumerate(side.words) if place and side.in_lists(word, "say"))
    more = side.words[place + 1 :]
    if any(word in THAT for word in more[:-1]):
        return True
    plain = [word for word in more if not side.in_lists(word, "say", "auxiliaries", "passive", "prepositions")]
    return not side.lexicon.joiners and any(map(side.lexicon.is_verb, plain))


def starts_with_source(side: SideContext) -> bool:
    """Tell whether a side begins with a phrase that names a source: according to, as X said."""
    if side.starts_with("as") and any(side.in_lists(word, "say") for word in side.words[1:4]):
        return not _states_more(side)
    length = side.leading_length("sources")
    if not length or length == len(side.words):
        return bool(length)
    word = side.words[length]  # وفق is also "according to the plan", which is no source
    if side.lexicon.article and any(NEWS.intersection(side.lexicon.variants(each)) for each in side.words[length : length + 4]):
        return True
    if side.lexicon.article and names_agency(side):  # by a count of the agency X
        return True
    return (
        not side.lexicon.article or length > 1 or side.in_lists(word, *SOURCE_HEADS, "say", "parties") or not side.lexicon.is_common(word)
    )


def speaks_to(side: SideContext) -> bool:
    """Tell whether a side only names the agency or the outlet that someone speaks to: to Reuters, لصحيفة الخبر."""
    if not 0 < len(side.words) <= _OUTLET or side.numbers:
        return False
    first, lexicon = side.words[0], side.lexicon
    if lexicon.article:
        named = first[:1] == "ل" and (names_agency(side) or first.removeprefix("ل") in _OUTLETS)
    else:
        named = first in _TO and names_agency(side)
    return named and any(lexicon.has("say", word) for word, _ in side.words_before(_REACH))


def was_seen_by(side: SideContext) -> bool:
    """Tell whether a side only says which agency saw or received the paper: seen by Reuters, تلقت رويترز نسخة منه."""
    if not 1 < len(side.words) <= _SEEN or side.numbers:
        return False
    seen = any(form in _RECEIVED for word in side.words for form in side.lexicon.variants(word))
    return seen and bool(agencies_in(side.surface, source=False))


def is_source_phrase(side: SideContext) -> bool:
    """Tell whether a side is only a source, with its verb or its phrase."""
    return starts_with_source(side) or _only_says_who(side) or speaks_to(side) or was_seen_by(side)
