"""Which edits change who says something: a source beside a verb of saying, in a phrase such as "according to", or a part of one."""

from __future__ import annotations

from itertools import takewhile

from .context import ENDS, View, sides_of
from .names import THAT

_ONE = "#1"  # one official: no count
_SAYING = 8  # words that only say who says it
_SENTENCE = 40  # words of a sentence in which the verb may come last
_REACH = 7  # words of a source before or behind the words that have changed
_ABOUT = ("به", "عنه", "اليه", "عليه")  # between a verb of saying and who says it, in a relative clause
_OPEN = (" ما", " عن", " الي", " مع", " ل")  # ends of phrases that nothing but a source follows
_HEADS = ("source_nouns", "people", "groups")


def _speaks(view: View, word: str) -> bool:
    return view.known(word, "say") and not view.known(word, "negation")


def _can_speak(view: View) -> bool:
    """Tell whether a side names someone: it begins with a word for sources, people or groups, or with no common word."""
    return view.opens(*_HEADS, "names", "parties", "countries") or not view.lexicon.is_common(view.words[0])


def _said_by(view: View) -> bool:
    """Tell whether a side names who says something: a verb of saying stands next to it, or opens it."""
    if all(view.known(word, "say") for word in view.words):
        return False
    if view.lexicon.joiners:  # the verb stands first
        verbs = (view.words[0], view.before(), view.before(2))
        return any(view.known(word, "say") and not view.known(word, "prepositions") for word in verbs)
    if view.known(view.before(), "places", "prepositions") or view.known(view.words[-1], "passive"):
        return False
    if view.known(view.words[0], "say") or (view.follows_verb and view.known(view.before(), "say")):
        return True
    return _verb_follows(view) or _verb_ends(view)


def _verb_ends(view: View) -> bool:
    """Tell whether a side is who the sentence is about, before a comma, and a verb of saying ends it: Vali, ... açıkladı."""
    told = list(takewhile(lambda each: each[1] not in ENDS, view.following(_SENTENCE)))
    return view.opens_sentence and view.opens(*_HEADS) and bool(told) and told[0][1] == "," and view.known(told[-1][0], "say")


def _verb_follows(view: View) -> bool:
    """Tell whether a verb of saying follows: at once, after an auxiliary, or after more of the source."""
    for place, (word, mark) in enumerate(view.following(_REACH)):
        if view.known(word, "say"):
            return place == 0 or not view.known(view.after(place), "passive")
        if mark or view.known(word, "connectives") or (view.lexicon.has_verb(word) and not view.known(word, "auxiliaries")):
            return False
        if view.known(word, "prepositions") and not view.known(word, "auxiliaries") and not view.holds("source_nouns"):
            return False
    return False


def _is_saying(view: View) -> bool:
    """Tell whether words put in or taken out only say who says it: "the ministry said that", ", she told reporters"."""
    if len(view.words) > _SAYING or not any(view.known(word, "say") for word in view.words):
        return False
    return view.words[-1] in THAT if view.lexicon.joiners else view.joined


def opens_source(view: View) -> bool:
    """Tell whether a side begins with a phrase that names a source: according to, as X said."""
    if view.opens("as") and any(view.known(word, "say") for word in view.words[1:4]):
        return True
    length = view.length("sources")
    if not length or length == len(view.words):
        return bool(length)
    word = view.words[length]  # وفق is "by" as well, by the plan, by their age: no source
    return not view.lexicon.article or length > 1 or view.known(word, *_HEADS, "say", "parties") or not view.lexicon.is_common(word)


def is_source(view: View) -> bool:
    """Tell whether a side is nothing but a source with its verb or its phrase."""
    return opens_source(view) or _is_saying(view)


def _is_quoted(view: View) -> bool:
    """Tell whether a side is whom a verb of saying quotes: نقلت الصحيفة عن X."""
    return view.known(view.after(), "told") or (view.before() == "عن" and any(view.known(view.before(n), "say") for n in range(2, 5)))


def _is_told(view: View) -> bool:
    """Tell whether what is said follows. Where the subject stands before its verb, the verb is enough; so is one that only speaks."""
    speaks = view.known(view.before(), "say") and not view.known(view.before(), "announce") and _can_speak(view)
    return not view.lexicon.joiners or speaks or _that_follows(view)


def _that_follows(view: View) -> bool:
    """Tell whether "that" follows in the same clause, not behind a preposition: حرصه على أن."""
    before = view.words[-1]
    for word, mark in view.following(_REACH):
        if word in THAT:
            return not view.known(before, "prepositions")
        if mark == ",":
            return False
        before = word
    return False


def _introduced(view: View) -> tuple[list[str], bool]:
    """Return the words of a source before the side, the nearest first, and whether a phrase, no verb, introduces them."""
    found: list[str] = []
    for word, mark in view.preceding(_REACH):
        if mark in (",", ".", ";", ":"):
            break
        if view.lexicon.phrase("sources", [word, *found[::-1]], 0):
            return found, True
        if view.known(word, "say"):
            return found, False
        if word in THAT or view.lexicon.has_verb(word) or view.known(word, "connectives"):
            break
        found.append(word)
    return [], False


def _behind_its_head(view: View) -> bool:
    """Tell whether a noun for a source stands before the side, small words and genitives alone between: the head of the."""
    for word, mark in view.preceding(_REACH):
        if mark or (view.known(word, "prepositions") and not view.known(word, "genitives")) or view.lexicon.has_verb(word):
            return False
        if view.known(word, "source_nouns"):
            return True
    return False


def _continues_source(view: View) -> bool:
    """Tell whether a side is a part of a source: the spokesman for X said that, according to the agency X."""
    if not view.lexicon.joiners:
        return _behind_its_head(view) and _verb_follows(view)
    words, phrase = _introduced(view)
    if not any(view.known(word, *_HEADS) for word in words[-2:]):
        return False
    if phrase:
        return view.closes_clause
    return _that_follows(view) or view.after() == "عن" or any(view.known(view.after(n), "told") for n in (1, 2))


def _behind_relative(view: View) -> bool:
    """Tell whether a side is who says what a phrase refers to: وفق ما صرح به X, طبقا لما أوردته X."""
    place = 2 if view.before() in _ABOUT else 1
    verb = view.before(place)
    said = any(view.known(form, "say") for form in (verb, verb.removesuffix("ه")))
    return bool(view.lexicon.article) and view.before(place + 1).endswith("ما") and said


def _behind_phrase(view: View) -> bool:
    """Tell whether a side stands right behind "according to", or before it where the language puts it last."""
    words = [view.before(place) for place in range(5, 0, -1)]
    if _behind_relative(view):
        return True
    phrase = view.lexicon.phrase_before("sources", words, len(words))
    if phrase and view.lexicon.article and not phrase.endswith(_OPEN):
        written_on = view.words[0].startswith("ل") and not view.known(view.words[0], "people")  # في بيان للنقابة
        return written_on if phrase.startswith("في ") else _can_speak(view)
    return bool(phrase) or view.follows("sources_behind")


def is_attribution(a: View, b: View) -> bool:
    """Tell whether an edit changes, puts in or takes out a source."""
    sides = sides_of(a, b)
    if all(map(is_source, sides)):
        return True
    counted = any(token.key != _ONE for view in sides for token in view.numbers)
    if len(sides) == 1 or (counted and not any(view.holds("source_nouns") for view in sides)):
        return False
    if all(view.all_known("auxiliaries", "negation") for view in sides):  # a promis, n'a pas promis
        return False
    if all(map(_is_quoted, sides)) or all(map(_continues_source, sides)) or any(map(_behind_phrase, sides)):
        return True
    if not all(_said_by(view) or is_source(view) for view in sides):
        return False
    return any(any(view.known(word, "source_nouns") for word in view.words[:2]) or _is_told(view) or is_source(view) for view in sides)
