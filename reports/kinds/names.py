"""Which edits change a name: a person, a place, an organisation, a party, a member of a list of them."""

from __future__ import annotations

from ..language.inflection import looks_like_participle
from ..language.lexicon import Lexicon
from .context import View, is_elsewhere, sides_of
from .quantities import skeleton

_HEADS = ("places", "people", "groups")
_NAMES = ("names", "countries")
THAT = frozenset(("ان", "بان", "انه", "انها", "انهم", "بانه", "بانها", "بانهم", "كه", "that"))
_LIST = 12  # words back to the one that opened a list
_MEMBER = 4  # words of a member of a list
_SHORT = 6  # words among which a known name says what they are about
_LONGEST = 12  # words of a name put in or taken out


def numbers_a_name(view: View) -> bool:
    """Tell whether a side is the number of a name: brigade 47."""
    return len(view.words) == len(view.numbers) == 1 and view.known(view.before(), "numbered")


def _nominal(view: View) -> bool:
    """Tell whether a side names something: it begins with a word that heads names, or holds a known one."""
    named = any(view.lexicon.has_bare(name, word) for word in view.words for name in _NAMES)
    short = len(view.words) <= _SHORT and (named or view.holds("parties", "countries"))
    return view.opens(*_HEADS, "parties", *_NAMES) or short or view.capitalised


def _named_before(view: View) -> bool:
    """Tell whether the word before wants a name: the town of, the minister. A noun with the article is complete, unless a title."""
    word, article = view.before(), view.lexicon.article
    complete = bool(article) and any(form.startswith(article) for form in view.lexicon.variants(word))
    if complete:  # asked the judge *to postpone*
        named = _nominal(view) or any(_is_unknown(each, view.lexicon) for each in (*view.words, view.after()))
        return view.known(word, "people") and named
    return view.known(word, *_HEADS)


def _is_member(view: View) -> bool:
    """Tell whether a side is a member of a list: joined by a comma, or by the "and" that is written on to it or to what follows."""
    joiners = view.lexicon.joiners
    return view.joined and (not joiners or view.words[0].startswith(joiners[0]) or view.after().startswith(joiners[0]))


def _in_list_of_names(view: View) -> bool:
    """Tell whether a side is a member of a list that a word for places or groups opened, nouns alone between."""
    for place in range(1, _LIST + 1) if _is_member(view) else ():
        word = view.before(place)
        if view.known(word, "places", "groups"):
            return True
        if not word or view.lexicon.has_verb(word) or view.known(word, "prepositions"):
            return False
    return False


def _generic(view: View) -> bool:
    """Tell whether a side is no more than a noun with the article, the sea, or nouns written small where names are not."""
    if view.lexicon.capitals:
        return not (view.capitalised or view.opens_sentence or view.opens(*_HEADS, "parties"))
    article = view.lexicon.article
    complete = bool(article) and len(view.words) == 1 and article in view.words[0][:3]
    return complete and view.known(view.words[0], "places") and not _headed(view)


def _indefinite(view: View) -> bool:
    """Tell whether a side begins with a common noun in the indefinite accusative, opened *a market*: سوقا."""
    word, lexicon = view.words[0], view.lexicon
    written = bool(lexicon.article) and word.endswith("ا") and not view.known(view.before(), "places", "groups")
    written = written and not view.known(word, "people", "groups", *_NAMES)
    return written and any(form[:-1] in lexicon.common for form in lexicon.variants(word))


def _unnamed(view: View) -> bool:
    """Tell whether a side is a place without its name, and none follows: in an orchard, in an old well, at a filling station."""
    lexicon, after = view.lexicon, view.after()
    if not lexicon.article or not view.opens("places"):
        return False
    if view.opens("facilities"):
        return not any(_is_unknown(word, lexicon) for word in view.words)
    words = view.words if view.closes_clause else (*view.words, after)
    return not any(lexicon.article in word[:3] or _is_unknown(word, lexicon) for word in words)


def _descriptive(view: View) -> bool:
    """Tell whether a side only describes: directions, and adjectives of relation that name no party."""
    article = view.lexicon.article
    if view.known(view.before(), "places", "groups") and _named_before(view) and view.words[0].startswith(article or " "):
        return False  # an adjective has the article where its noun has it: the quarter of الصالحية
    return all(
        view.known(word, "directions")
        or (bool(article) and looks_like_participle(word) and not view.known(word, "parties", *_NAMES))
        or (bool(article) and article in word[:3] and word.endswith(("يه", "ي")) and not view.known(word, "parties"))
        for word in view.words
    )


def _prepositional(view: View) -> bool:
    """Tell whether a side is a phrase with a preposition, also one that is written on to its noun."""
    word = view.words[0]
    if view.opens("prepositions"):
        return True
    own = any(view.lexicon.phrase(name, view.words, 0) for name in (*_HEADS, "parties", "names", "countries"))
    return not own and any(word.startswith(prefix) and len(word) >= len(prefix) + 3 for prefix in view.lexicon.joined_prepositions)


def _same_root(a: View, b: View) -> bool:
    """Tell whether two words are forms of one: another tense or number."""
    if len(a.words) != 1 or len(b.words) != 1 or a.words == b.words or not a.lexicon.joiners:
        return False
    roots = [skeleton(view.words[0]) for view in (a, b)]
    return len(roots[0]) > 1 and roots[0] == roots[1]


def _in_minimal_pair(a: View, b: View) -> bool:
    """Tell whether two words are spelled alike but for a letter that makes them two words: على, علي."""
    named = any(view.lexicon.has_bare("names", view.after()) for view in (a, b))
    return not named and ((a.shown, b.shown) in a.lexicon.minimal_pairs or (b.shown, a.shown) in a.lexicon.minimal_pairs)


def _has_verb(view: View) -> bool:
    """Tell whether a verb is inside; in a short member of a list of names only the first word can be one, behind a head none."""
    headed = not view.lexicon.capitals and view.known(view.before(), "places", "groups") and _named_before(view)
    if headed and not view.words[0].startswith(view.lexicon.joiners):
        return False
    member = len(view.words) <= _MEMBER and _in_list_of_names(view)
    return view.lexicon.has_verb(view.words[0]) if member else view.has_verb


def _is_unknown(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is a name of the lists, or no common word."""
    return any(lexicon.has_bare(name, word) for name in _NAMES) or (len(word) > 2 and not lexicon.is_common(word))


def _unknown(view: View) -> bool:
    """Tell whether a side has a few words, none of them a number or a common word."""
    return 1 <= len(view.words) <= 4 and not view.numbers and all(_is_unknown(word, view.lexicon) for word in view.words)


def _headed(view: View) -> bool:
    """Tell whether a title, another head or a part of a name stands before the side."""
    before = view.before()
    return view.known(before, *_HEADS, *_NAMES, "titled") or _is_unknown(before, view.lexicon) or view.known(view.before(2), "people")


def _adjectival(view: View) -> bool:
    """Tell whether a side may describe the noun before it: a word with the article behind a noun, or one with a final alif."""
    lexicon, before, word = view.lexicon, view.before(), view.words[0]
    if _headed(view) or not lexicon.article:
        return False
    if word.startswith(lexicon.article):
        return not lexicon.has_verb(before)
    return word.endswith("ا") and not view.known(word, *_NAMES) and not view.known(before, "prepositions")


def _in_place_of_a_name(view: View) -> bool:
    """Tell whether a name can stand here, as the language orders its words."""
    lexicon, before, after = view.lexicon, view.before(), view.after()
    if lexicon.capitals:  # at the start of a sentence, where a capital says nothing
        return view.shown[:1].isupper() and view.opens_sentence
    if not lexicon.article:  # the verb comes last, with its noun before it
        return bool(after) and not view.closes_clause and (view.known(after, "prepositions") or not lexicon.has_verb(after))
    if view.opens_clause or view.known(before, "particles", "negation", "modality"):  # where verbs stand
        return False
    return before not in THAT or view.words[0][:1] not in lexicon.verb_prefixes


def _by_elimination(a: View, b: View) -> bool:
    """Tell whether both sides are words that no list has, where a name can stand."""
    return all(_unknown(view) and _in_place_of_a_name(view) for view in (a, b)) and not all(map(_adjectival, (a, b)))


def _exchanged(a: View, b: View) -> bool:
    """Tell whether two phrases change places, each where the other stood: A beat B, B beat A."""
    if a.lexicon.capitals or not a.words or not b.words or max(len(a.words), len(b.words)) > _MEMBER:
        return False
    return is_elsewhere(a, b) and is_elsewhere(b, a)


def _behind_verb(a: View, b: View) -> tuple[View, View]:
    """Return the sides without the verb that agrees with what follows it: received (he) Bashir, received (she) Nawal."""
    first, other = (view.words[0] if len(view.words) > 1 else "" for view in (a, b))
    agrees = a.lexicon.article and first and a.lexicon.has_verb(first) and other in (first + "ت", first.removesuffix("ت"))
    return (a.without_first, b.without_first) if agrees and other else (a, b)


def is_name(a: View, b: View) -> bool:
    """Tell whether an edit replaces a name, or puts one in or takes one out."""
    a, b = _behind_verb(a, b)
    sides = sides_of(a, b)
    if all(map(_unnamed, sides)):
        return False
    if len(sides) == 2 and all(view.known(view.words[0], "places") and len(view.words) <= _LONGEST for view in sides):
        return True  # the town of becomes the towns of
    if len(sides) == 2 and all(view.quoted and view.known(view.before(), "titled") for view in sides):
        return True
    if len(sides) == 2 and (_same_root(a, b) or _in_minimal_pair(a, b)):
        return False
    if all(map(_generic, sides)) or any(map(_indefinite, sides)):
        return False
    if any(_has_verb(view) or view.opens("connectives") for view in sides) or (all(map(_descriptive, sides)) and not _by_elimination(a, b)):
        return False
    if _exchanged(a, b):
        return True
    if len(sides) == 1:
        (view,) = sides
        # Where names are written large, a place before small words wants none.
        named = _named_before(view) and any(_is_unknown(word, view.lexicon) for word in view.words)
        member = view.joined and _in_list_of_names(view) and len(view.words) <= _MEMBER
        wanting = not view.lexicon.capitals and (named or member)
        phrase = any(view.known(word, "prepositions") for word in view.words[1:]) and not view.opens(*_HEADS, "parties", *_NAMES)
        return len(view.words) <= _LONGEST and not _prepositional(view) and (_nominal(view) or wanting) and not phrase
    if all(map(_prepositional, sides)) and not all(view.holds("names", "countries", "parties") for view in sides):
        return False
    if len(sides) == 2 and all(view.all_known("count_nouns") for view in sides):
        return False  # the camps of the refugees, of the displaced
    wanted = all(map(_named_before, sides)) or all(map(_in_list_of_names, sides)) or _by_elimination(a, b)
    likely = (_nominal(view) or any(_is_unknown(word, view.lexicon) for word in view.words) for view in sides)
    one_known = any(map(_nominal, sides)) and all(likely) and all(len(view.words) <= 4 for view in sides) and not _written_small(a, b)
    return wanted or all(map(_nominal, sides)) or one_known


def _written_small(a: View, b: View) -> bool:
    """Tell whether a side is written small in a language that writes names large."""
    return a.lexicon.capitals and any(not view.capitalised and not view.holds("groups", "parties") for view in (a, b))
