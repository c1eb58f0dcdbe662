"""Tell whether two Arabic words are one word in another case, or in other agreement with a word that stays: دولار, دولاراً; آخرون, آخرين.

All words are folded (`fold`). What may be another word or another number is left alone: قتل and قتلى, مهندسان and مهندسين.
"""

from __future__ import annotations

from ..language.lexicon import Lexicon

_STEM = 3  # letters of a stem, at least
_CASES = (("ون", "ين"), ("تان", "تين"), ("يون", "يين"))  # the nominative, and the other cases
_CONSTRUCT = (("و", "ي"), ("تا", "تي"), ("اه", "يه"), ("اها", "يها"), ("اهم", "يهم"))
_FIVE_NOUNS = (frozenset(("ابو", "ابا", "ابي")), frozenset(("اخو", "اخا", "اخي")), frozenset(("ذو", "ذا", "ذي")))
_RELATIVE = ("يين", "يون", "يه", "ي", "يات")  # endings of adjectives made from names: they agree with their noun
_SHORTEST = 4  # letters of a construct plural without its ending


def _ends(one: str, other: str, pairs: tuple[tuple[str, str], ...], least: int) -> bool:
    return any(
        x.endswith(first) and y.endswith(last) and x[: -len(first)] == y[: -len(last)] and len(x) - len(first) >= least
        for first, last in pairs
        for x, y in ((one, other), (other, one))
    )


def _is_proper(word: str, lexicon: Lexicon) -> bool:
    return any(lexicon.has(name, word) for name in ("names", "countries", "parties", "places"))


def _has_tanwin(shorter: str, longer: str, lexicon: Lexicon) -> bool:
    """Tell whether one word is the other with the alef of the indefinite accusative."""
    return (
        longer == shorter + "ا"
        and len(shorter) > 1
        and shorter[-1] not in "ها"
        and not lexicon.is_verb(shorter)
        and not lexicon.has("names", longer)
    )


def _is_weak(shorter: str, longer: str, lexicon: Lexicon) -> bool:
    """Tell whether one word is the other with a weak last letter, which is often left out: قاض, قاضي; تنته, تنتهي."""
    if longer != shorter + "ي" or any(_is_proper(word, lexicon) for word in (shorter, longer)):
        return False
    bare = shorter.removeprefix("و").removeprefix(lexicon.article)
    participle = 3 <= len(bare) <= 4 and bare[-2] == "ا"
    present = 3 <= len(bare) <= 5 and bare[0] in "تي" and not shorter.startswith(lexicon.article)
    return participle or present


def is_same_noun(one: str, other: str, lexicon: Lexicon) -> bool:
    """Tell whether two words differ in their case alone.

    >>> from reports.language.lexicon import load_lexicon
    >>> pairs = (("دولار", "دولارا"), ("اخرون", "اخرين"), ("قاض", "قاضي"), ("قتل", "قتلي"), ("لبنان", "لبناني"))
    >>> [is_same_noun(one, other, load_lexicon("ar")) for one, other in pairs]
    [True, True, True, False, False]
    """
    if not lexicon.article or one == other or " " in one + other:
        return False
    shorter, longer = sorted((one, other), key=len)
    return (
        _has_tanwin(shorter, longer, lexicon)
        or _is_weak(shorter, longer, lexicon)
        or _ends(one, other, _CASES, _STEM)
        or _ends(one, other, _CONSTRUCT, _SHORTEST)
        or any({one, other} <= forms for forms in _FIVE_NOUNS)
        or _is_number_word(one, other, lexicon)
    )


def _is_number_word(one: str, other: str, lexicon: Lexicon) -> bool:
    """Tell whether two words are the two genders of one number: الثلاث, الثلاثة."""
    shorter, longer = sorted((one, other), key=len)
    values = lexicon.values["numbers"]
    return longer == shorter + "ه" and any(form in values and values.get(form + "ه") == values[form] for form in lexicon.variants(shorter))


def agrees_otherwise(one: str, other: str, following: str, lexicon: Lexicon) -> bool:
    """Tell whether two words differ only in how they agree with a word that stays: تم, تمت; يشرف, تشرف; الفلسطينيين, الفلسطينية.

    ``following`` is the word after both. A verb of saying without its subject is left alone: he or she said it.
    """
    if not lexicon.article or one == other:
        return False
    for stem, ending in ((a[: -len(end)], end) for a in (one,) for end in _RELATIVE if a.endswith(end)):
        if len(stem) >= _STEM + 1 and any(other == stem + each for each in _RELATIVE if each != ending):
            return one.startswith(lexicon.article) == other.startswith(lexicon.article) and _agrees(one, other, lexicon)
    if any(lexicon.has(name, word) for word in (one, other) for name in ("say", "harm", "negation")):
        return False
    if not following or any(lexicon.phrase_length(name, [following], 0) for name in ("prepositions", "particles", "negation")):
        return False
    shorter, longer = sorted((one, other), key=len)
    if longer == shorter + "ت":
        return lexicon.is_verb(shorter) or shorter in ("تم", "وتم")
    starts = {one.removeprefix("و")[:1], other.removeprefix("و")[:1]}
    bare = (one.removeprefix("و")[1:], other.removeprefix("و")[1:])
    return starts == {"ي", "ت"} and bare[0] == bare[1] and len(bare[0]) >= 2 and any(map(lexicon.is_verb, (one, other)))


def _agrees(one: str, other: str, lexicon: Lexicon) -> bool:
    """Tell whether two relative adjectives are one in another gender or number: no noun is among them, as "the Libyans"."""
    return all(word.startswith(lexicon.article) for word in (one, other)) and not any(lexicon.has("harm", word) for word in (one, other))
