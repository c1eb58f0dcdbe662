"""Near words: two folded words of which one may stand for another in a headline, though they are not forms of one word.

Near are synonyms of the lists, a verb and a noun of one Arabic root, an Arabic noun and its adjective, a word with "my" or "our" written
on to it, two spellings of a long foreign name, and a long word with two letters exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from .contrasts import is_listed, is_place
from .package_data import package_json
from .word_forms import is_verb_form, word_forms

_CACHED = 1 << 16
_ROOT = 3  # letters, at least, of an Arabic root
_NOUN = 4  # letters, at least, of a noun of which an adjective is made
_NAME, _SKELETON = 6, 5  # letters and consonants, at least, of a foreign name with two spellings
_LONG = 6  # letters, at least, of a word with two letters exchanged by mistake; one less in Arabic, which leaves out vowels
_WEAK = re.compile("[اويء]")
_DOUBLED = re.compile(r"(.)\1+")
_FINAL_Y = re.compile("(?:iy|ij|yj|i)$")
_MINE = "ني", "نا"
_ARTICLES = "ال", "بال", "كال", "لل", "وال"
_SIDED = "><+-"
_TURNED = str.maketrans(_SIDED, "<>-+")


@cache
def _groups(language: str) -> dict[str, tuple[str, ...]]:
    """Return the names of the groups of synonyms of each stem."""
    found: dict[str, tuple[str, ...]] = {}
    for names, stems in package_json(__spec__, "data", "prepared", f"near_{language}.json").items():
        found.update(dict.fromkeys(stems.split(","), tuple(names.split())))
    return found


def _root(word: str, prefixes: str, endings: tuple[str, ...]) -> str:
    if word[0] in prefixes and len(word) > _ROOT:
        word = word[1:]
    ending = next((ending for ending in endings if word.endswith(ending) and len(word) - len(ending) >= _ROOT), "")
    return _WEAK.sub("", word[: len(word) - len(ending)])


def _arabic(word: str) -> Iterator[str]:
    """Yield what makes an Arabic word near to others. A verb of a root has ``>``, a noun ``<``, an adjective ``+`` and its noun ``-``."""
    bare = word[1:] if word[0] in "وف" and len(word) > _ROOT + 1 else word
    article = next((start for start in ("بال", "كال", "ال", "لل") if bare.startswith(start) and len(bare) > len(start) + 1), "")
    if not article and bare[0] in "يت" and len(bare) > _ROOT:
        root = _root(bare, "يت", ("ون", "ان", "وا", "ها", "هم", "ني", "ن"))
        if len(root) >= _ROOT:
            yield from (">" + root, ">" + root + root[-1])
    nouns = {bare[len(article) :], bare[1:] if not article and bare[0] in "بل" and len(bare) > _ROOT + 1 else bare[len(article) :]}
    for noun in nouns:
        for prefixes in ("", "مت"):
            root = _root(noun, prefixes, ("ات", "ين", "ون", "ه", "ي"))
            if len(root) >= _ROOT:
                yield "<" + root
        if noun.endswith("ي") and len(noun) > _NOUN:
            yield "+" + noun[:-1]
        elif len(noun) >= _NOUN:
            yield "-" + noun
    for ending in _MINE:
        if bare.endswith(ending) and len(bare) > _ROOT + len(ending):
            yield from word_forms(bare[: -len(ending)], "ar")
    if len(bare) >= _NAME and not article and bare[0] not in "مت" and not bare.endswith(("ات", "ه")):
        skeleton = bare[0] + _WEAK.sub("", bare[1:])
        if len(skeleton) >= _SKELETON:
            yield "&" + skeleton


@lru_cache(maxsize=_CACHED)
def near_keys(word: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys of a folded word, its stems among them, and the keys of words that are near to it or forms of it.

    >>> one, other = near_keys("crash", "en"), near_keys("collision", "en")
    >>> one[0].isdisjoint(other[1]), one[0].isdisjoint(near_keys("storm", "en")[1])
    (False, True)
    """
    stems = word_forms(word, language)
    if not word[0].isalpha():
        return stems, stems
    groups = _groups(language)
    keys = {*stems, *(name for stem in stems for name in groups.get(stem, ()))}
    if len(word) >= _LONG - (language == "ar"):
        keys.add("%" + word[0] + "".join(sorted(word[1:-1])) + word[-1])
    if language != "ar":
        if len(word) >= _NAME:
            keys.add("&" + _FINAL_Y.sub("y", _DOUBLED.sub(r"\1", word)))
        return (both := frozenset(keys)), both
    found = {*_arabic(word)} if not is_place(word, language) else set[str]()
    sided = {key for key in found if key[0] in _SIDED}
    keys |= found - sided
    return frozenset(keys | sided), frozenset(keys | {key[0].translate(_TURNED) + key[1:] for key in sided})


def are_near(word: str, other: str, language: str) -> bool:
    """Tell whether two folded words are near, or forms of one word.

    >>> [are_near("مقتل", other, "ar") for other in ("يقتل", "مصرع", "وفاه", "مقال")]
    [True, True, False, False]
    >>> [are_near("slovakia", other, "en") for other in ("slovenia", "slovakiya", "slovakkia")]
    [False, False, True]
    """
    return not near_keys(word, language)[0].isdisjoint(near_keys(other, language)[1])


def are_names(word: str, other: str, language: str) -> bool:
    """Tell whether two folded words may be two names: no list has them. Arabic shows by the article and the form which words are none.

    >>> are_names("jansen", "hansen", "en"), are_names("storm", "snow", "en")
    (True, False)
    >>> are_names("درنو", "نوره", "ar"), are_names("الطامحين", "الساعين", "ar")
    (True, False)
    """
    unknown = [may_be_name(each, language) for each in (word, other)]
    return all(unknown) if language == "ar" else any(unknown)


def may_be_name(word: str, language: str) -> bool:
    """Tell whether a folded word may be a name: no list has it.

    >>> may_be_name("jansen", "en"), may_be_name("friday", "en")
    (True, False)
    """
    if not word[0].isalpha() or (language == "ar" and (is_verb_form(word, language) or word.startswith(_ARTICLES))):
        return False
    groups = _groups(language)
    return not is_listed(word, language) and not any(stem in groups for stem in word_forms(word, language))
