"""Forms of a word: which two folded words are one word with other endings, prefixes or tense. Likeness of letters alone is no evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from .word_lists import word_lists

_STEM = 3  # letters, at least, of a stem
_CACHED = 1 << 16
_LONGEST = 40  # letters: longer words have no forms

# Arabic. Every ending has a name: a feminine noun, a dual or a plural of persons is not the same as the bare noun.
_AR_ENDINGS = (
    ("", ""), ("ا", ""), ("ه", "f"), ("ات", "f"), ("ته", "f"), ("تها", "f"), ("تهم", "f"), ("هم", ""), ("ها", ""),
    ("ين", "p"), ("ون", "p"), ("ان", "p"), ("ي", "p"),
)  # fmt: skip
_AR_PAST = "ت", "وا"
_AR_OBJECTS = "", "ه", "ها", "هم"
_AR_IMPERFECT = "يتن"
# Persian, Urdu and Turkish endings; the second value as above.
_FA_ENDINGS = (("", ""), ("ها", ""), ("هاي", ""), ("هايي", ""), ("هايش", ""), ("ان", "p"), ("ات", ""))
_UR_ENDINGS = (("", ""), ("ه", "e"), ("ے", "e"), ("ا", "e"), ("وں", ""), ("يں", ""), ("ياں", ""))
_TR_CASES = (
    "", "da", "de", "ta", "te", "dan", "den", "tan", "ten", "ın", "in", "un", "ün", "nın", "nin", "nun", "nün", "ı", "i", "u", "ü", "a",
    "e", "yı", "yi", "yu", "yü", "ya", "ye", "nda", "nde", "ndan", "nden", "na", "ne", "nı", "ni", "sı", "si", "su", "sü", "sına", "sine",
    "sında", "sinde", "sının", "sinin", "la", "le", "yla", "yle",
)  # fmt: skip
_TR_PLURALS = "lar", "ler"
_BRITISH = re.compile("(?<=..)(is)(?=(?:e|ed|es|er|ers|ing|ation|ations)$)|(?<=..)our(?=[a-z]*$)")  # organise, harbours
_SHORT = 5  # letters: shorter words have one spelling
_AGENTS = "er", "or", "ist", "ian", "ant", "eur", "man"  # endings of English and French nouns of persons


def _rests(word: str, prefixes: str) -> Iterator[str]:
    if word[:1] and word[0] in prefixes and len(word) > _STEM:
        yield word[1:]


def _arabic_bases(word: str) -> Iterator[tuple[str, bool]]:
    """Yield the word without the particles written on to it, and whether it has the article."""
    joined = [word, *_rests(word, "وف")]
    for each in joined:
        yield each, False
        for rest in (each, *_rests(each, "بك")):
            if rest.startswith("ال") and len(rest) >= _STEM + 2:
                yield rest[2:], True
                if rest is not each and rest[-2:-1] == "ا":
                    yield rest, False  # بالغاء, of الغاء
            elif rest is not each:
                yield rest, False
        if each.startswith("لل") and len(each) >= _STEM + 2:
            yield each[2:], True
        elif each.startswith("ل") and len(each) > _STEM:
            yield each[1:], False


def _hamza(word: str) -> str:
    return word.replace("ء", "ا")


def _arabic_nouns(base: str) -> Iterator[str]:
    for ending, name in _AR_ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= _STEM and (name != "p" or ending != "ي"):
            yield f"{base[: len(base) - len(ending)]}{name}"
    for ending in _AR_OBJECTS:
        if base.endswith(ending):
            noun = base[: len(base) - len(ending)]
            yield from _arabic_actions(noun[:-1] + "ه" if ending and noun.endswith("ت") else noun)  # استقالته, of استقاله
    if len(base) > 5 and base[0] == "م" and base[-1] == "ه":
        yield "v:" + base[1:-1]  # مغادره as in يغادر
    elif len(base) > 4 and base[-1] == "ه" and "ا" not in base:
        yield "v:" + base[:-1]  # سيطره as in يسيطر
    if len(base) > 5 and base.startswith("مت"):
        yield base[1:]  # متواصل as in تواصل
    if len(base) > 5 and base.endswith(("يه", "يا")):
        yield base[:-2]  # اسراءيليه as in اسراءيل
    places = word_lists("ar").places
    if base.endswith("ي") and base[:-1] in places:
        yield base[:-1]
    if base.endswith("يه") and base[:-1] + "ا" in places:
        yield base[:-1]  # روسيه as in روسيا


def _arabic_actions(noun: str) -> Iterator[str]:
    """Yield the stems of verbs to which a noun of action belongs."""
    if len(noun) < 5:
        return
    if len(noun) == 5 and noun[0] == "ت" and noun[3] == "ي":  # تعليق as in تعلق
        yield "2:" + _hamza(noun[1:3] + noun[4])
    if noun[0] != "ا":
        return
    if len(noun) == 5 and noun[2] == "ا" and noun[4] == "ه":  # اقاله as in يقيل
        yield "4:" + noun[1] + "ي" + noun[3]
    elif noun.startswith("است") and noun[-3] == "ا" and noun[-1] == "ه":  # استقاله as in يستقيل
        yield "v:" + noun[1:-3] + "ي" + noun[-2]
    elif noun.endswith("اء"):  # الغاء as in يلغي, انتهاء as in ينتهي
        yield ("4:" if len(noun) == 5 else "v:") + noun[1:-2] + "ي"
    elif noun[-2] == "ا" and len(noun) == 5:  # اغلاق as in تغلق, ايقاف as in يوقف
        yield "4:" + noun[1:3] + noun[4]
        if noun[1] == "ي":
            yield "4:و" + noun[2] + noun[4]
    elif noun[-2] == "ا":  # اعتقال as in تعتقل
        yield "v:" + noun[1:-2] + noun[-1]


def _past(stem: str) -> Iterator[str]:
    yield stem
    if stem[0] == "ا" and len(stem) >= 4:
        yield ("4:" if len(stem) == 4 else "v:") + stem[1:]


def _arabic_verbs(base: str) -> Iterator[str]:
    if base[:1] == "س" and base[1:2] in tuple(_AR_IMPERFECT) and len(base) > _STEM + 1:
        return  # what will be is another fact
    if base[:1] in ("ي", "ت") and len(base) == _STEM:
        yield "i:" + base[1:]  # يقر as in تقر
    present = base[1:] if base[:1] in tuple(_AR_IMPERFECT) and len(base) > _STEM else ""
    for ending in ("", "ون", "ان", "ن", "وا", "ه", "ها", "هم"):
        stem = present[: len(present) - len(ending)] if present.endswith(ending) else ""
        if len(stem) >= _STEM:
            yield stem
            yield "v:" + stem
            if len(stem) == 3:
                yield "2:" + _hamza(stem)
                yield "4:" + stem
    if base.endswith("ت") and len(base) > _STEM:
        yield from _past(base[:-1] + "ي")  # نفت as in نفي
    for ending in ("", *_AR_PAST):
        past = base[: len(base) - len(ending)] if base.endswith(ending) else ""
        if len(past) >= _STEM and not (ending == "ت" and past[-1] in "اوي"):
            yield from _past(past)


def _arabic(word: str) -> Iterator[str]:
    for base, article in _arabic_bases(word):
        yield base
        yield from _arabic_nouns(base)
        if not article:
            yield from _arabic_verbs(base)


def _with_endings(word: str, endings: tuple[tuple[str, str], ...], persons: frozenset[str]) -> Iterator[str]:
    yield word
    for ending, name in endings:
        stem = word[: len(word) - len(ending)]
        if word.endswith(ending) and len(stem) >= _STEM:
            yield stem + ("p" if ending and not name and stem in persons else name)


def _persian(word: str) -> Iterator[str]:
    persons = word_lists("fa").persons
    yield from _with_endings(word, _FA_ENDINGS, persons)
    if word.startswith("مي") and len(word) > _STEM + 2:
        yield word[2:]


def _urdu(word: str) -> Iterator[str]:
    yield from _with_endings(word, _UR_ENDINGS, word_lists("ur").persons)


def _turkish(word: str) -> Iterator[str]:
    persons = word_lists("tr").persons
    for case in _TR_CASES:
        stem = word[: len(word) - len(case)]
        if not word.endswith(case) or len(stem) < _STEM:
            continue
        yield stem if stem not in persons else stem + "s"
        for plural in _TR_PLURALS:
            if stem.endswith(plural) and len(stem) >= _STEM + 3:
                yield stem[:-3] + ("p" if stem[:-3] in persons else "")


def _is_person(noun: str, persons: frozenset[str]) -> bool:
    return noun in persons or (len(noun) > 5 and noun.endswith(_AGENTS))


def _verb_stems(stem: str, silent: str = "e") -> Iterator[str]:
    """Yield what stands before -ed and -ing: plann, plan; strik, strike."""
    yield stem
    yield stem + silent
    if len(stem) > _STEM and stem[-1] == stem[-2]:
        yield stem[:-1]


def _english(word: str) -> Iterator[str]:
    yield from _english_forms(word)
    american = _BRITISH.sub(lambda found: "iz" if found[1] else "or", word, count=1) if len(word) > _SHORT else word
    if american != word:
        yield from _english_forms(american)


def _english_forms(word: str) -> Iterator[str]:
    persons = word_lists("en").persons
    yield word
    for ending, stem in (("ies", word[:-3] + "y"), ("es", word[:-2]), ("s", word[:-1])):
        fits = ending != "es" or stem.endswith(("s", "x", "z", "ch", "sh", "o"))
        if word.endswith(ending) and fits and len(stem) > _STEM and not word.endswith(("ss", "us", "is")):
            yield stem + "+" if _is_person(stem, persons) else stem
    if word.endswith("ied") and len(word) > 5:
        yield word[:-3] + "y"
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            yield from _verb_stems(word[: -len(ending)])
    if word.endswith("an") and len(word) > 5 and word[-3] not in "aeiou":
        yield word[:-1]  # Russian as in Russia


def _french(word: str) -> Iterator[str]:
    persons = word_lists("fr").persons
    yield word
    if word.endswith(("s", "x")) and len(word) > _STEM + 1 and not word.endswith("ss"):
        yield word[:-1] + ("+" if _is_person(word[:-1], persons) else "")
        if word.endswith("aux"):
            yield word[:-3] + "al"
    for ending in ("es", "ees", "ee", "er", "ent", "ait", "ant"):
        stem = word[: -len(ending)] + "e"
        if (
            word.endswith(ending)
            and len(stem) > (_STEM - 1 if ending in ("es", "ee", "ees") else _STEM + 1)
            and not _is_person(stem, persons)
        ):
            yield stem


_FORMS: dict[str, Callable[[str], Iterator[str]]] = {
    "ar": _arabic, "en": _english, "fr": _french, "fa": _persian, "ur": _urdu, "tr": _turkish,
}  # fmt: skip


@lru_cache(maxsize=_CACHED)
def word_forms(word: str, language: str) -> frozenset[str]:
    """Return the stems that a folded word may have. Two words of a language are forms of one if they have a stem in common.

    >>> bool(word_forms("prices", "en") & word_forms("price", "en")), bool(word_forms("women", "en") & word_forms("woman", "en"))
    (True, False)
    >>> bool(word_forms("يغلق", "ar") & word_forms("اغلاق", "ar")), bool(word_forms("الحسن", "ar") & word_forms("الحسين", "ar"))
    (True, False)
    """
    if len(word) > _LONGEST or not word[0].isalpha():
        return frozenset((word,))
    lists = word_lists(language)
    stems = {*_FORMS[language](word)}
    return frozenset(stems | {lists.same[stem] for stem in stems if stem in lists.same})


def list_forms(word: str, language: str) -> frozenset[str]:
    """Return the stems of a folded word of a list, which has no particle written on to it.

    >>> "اس" in list_forms("باس", "ar"), sorted(list_forms("باس", "ar"))
    (False, ['باس'])
    """
    stems = {word, *_arabic_nouns(word), *_arabic_verbs(word)} if language == "ar" else {*_FORMS[language](word)}
    same = word_lists(language).same
    return frozenset(stems | {same[stem] for stem in stems if stem in same})


def is_verb_form(word: str, language: str) -> bool:
    """Tell whether a folded word looks like a verb that may stand before or behind its subject."""
    if language == "ar":
        return not word.startswith("ال") and word[:1] in ("ي", "ت") and len(word) > _STEM
    return language == "en" and word.endswith(("s", "ed", "ing"))


def carried_particle(word: str, language: str) -> str:
    """Return the preposition that is written on to a folded Arabic word, as it seems; empty if there is none."""
    if language != "ar" or len(word) <= _STEM + 1:
        return ""
    rest = word[1:] if word[0] in "وف" else word
    return rest[0] if rest.startswith(("بال", "كال", "لل")) or (rest[0] in "بل" and len(rest) > 4) else ""
