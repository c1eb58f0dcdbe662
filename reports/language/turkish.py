"""Turkish verbs: which form denies which other, which words are a clause and no subject, and the past tense of any other form.

An ending follows the vowels and the last consonant of its stem: -di, -dü and -tı are one. So forms are compared in capitals that stand
for all letters that an ending can have in one place: imzalanmadığını is ImzAlAn-mA-DIKInI. Words are folded: ı and i are one letter, as are
ü and u, ğ and g, ç and c.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CAPITALS = str.maketrans("aeiudtkgbp", "AAIIDDKKPP")
# What stands behind the stem of a verb, or behind its negation: past, participle, evidential, progressive, future, necessity, condition,
# wish, verbal nouns, converbs, ability. A negation is no verbal noun, and -dir makes a verb of a verb.
_NOUN = "mA(?:K|sI(?!n$)|lAr|yI|yA$|nIn|$)"
_ENDING = rf"(?:DI(?!r)|mIs|Iyor|y?AcAK|y?An|mAlI|sA|sIn|{_NOUN}|y?Is|y?IP|y?ArAK|y?IncA|y?APIl)"
_AORIST = "[AI]?r(?:$|lAr|sA|DI(?!r)|KAn|mIs)"
_STARTS_ENDING = re.compile(_ENDING)
_STARTS_FORM = re.compile(f"{_ENDING}|{_AORIST}")
_DENIAL = ("mA", "mAy", "AmA", "AmAy", "yAmA", "yAmAy")  # not, cannot: -ma-, -ama-, each with its y before a vowel
_DENIED_PROGRESS = ("m", "Am", "Im", "yAm", "AyAm", "IyAm")  # before -iyor, which takes the vowel of the negation and of the stem
_CAN = re.compile("(?<=A)PIl")  # -abil-; "cannot" leaves only its first vowel
_FEWEST = 2  # letters of a stem: et-, ol-, de-
_LONGEST = 60  # letters of a word that is looked at
# A participle with its possessor, in any case; a verbal noun, or nouns of somebody, in the accusative.
_CLAUSE = re.compile("..(?:(?:DI|AcA)K(?:lArI|I)(?:mI?z?|nI?z?)?(?:n?[IA]|n?DAn?|nIn)?|mA(?:sI|lArI)n(?:I|A|DAn?)|mA(?:yI|mIzI)|lArInI)$")
_VOICELESS = tuple("fstkchp")
_HIGH = {"a": "i", "e": "i", "i": "i", "o": "u", "u": "u"}  # the vowel of -di behind each vowel of a stem


def _without_denial(form: str) -> Iterator[str]:
    """Yield what a form in capitals can be without its negation, and for the aorist its other endings."""
    for place in range(1, len(form)):
        head = form[:place]
        for denial in _DENIED_PROGRESS:
            if form.startswith(denial + "Iyor", place):
                yield head + form[place + len(denial) :]
        if place < _FEWEST:
            continue
        for denial in _DENIAL:
            rest = form[place + len(denial) :]
            if form.startswith(denial, place) and _STARTS_ENDING.match(rest):
                yield head + rest
                if place == _FEWEST:  # the vowel of de- and ye- changes before y: demeyecek, diyecek
                    yield form[:1] + ("I" if rest[:1] == "y" else "A") + rest
        for able in ("", "A", "yA"):
            if form.startswith(able + "mAz", place):
                yield from (head + vowel + "r" + form[place + len(able) + 3 :] for vowel in ("", "A", "I"))
        if form.endswith("mADAn") and place == len(form) - 5:
            yield from (head + glide + "ArAK" for glide in ("", "y"))  # çalışmadan, çalışarak


def denies(one: str, other: str) -> bool:
    """Tell whether a folded verb is another one with its negation, in the same tense, mood and person: not, or cannot.

    >>> pairs = [("acilmayacak", "acilacak"), ("etmedigini", "ettigini"), ("olmaz", "olur"), ("inemez", "inebilir")]
    >>> all(denies(*pair) for pair in pairs), denies("acilacak", "acilmayacak"), denies("almanya", "alya")
    (True, False, False)
    """
    form, plain = (word.translate(_CAPITALS) for word in (one, other))
    if "m" not in form or len(form) > _LONGEST:
        return False
    wanted = {plain, _CAN.sub("", plain)}
    return any(each in wanted for each in _without_denial(form))


def is_turkish_clause(word: str) -> bool:
    """Tell whether a folded word is a verb made a noun, or the things of somebody in the accusative: said, not who says it.

    >>> [is_turkish_clause(word) for word in ("imzalandigini", "katilacagi", "kapatilmasini", "sonuclarini", "sozcusu", "aciklamasi")]
    [True, True, True, True, False, False]
    """
    return _CLAUSE.search(word.translate(_CAPITALS)) is not None


def past_forms(word: str) -> Iterator[str]:
    """Yield the past tense of each verb that a folded word can be a form of, negated forms excepted.

    >>> "artirdi" in past_forms("artiracagini"), "gitti" in past_forms("gidiyor"), "artti" in past_forms("artmadi")
    (True, True, False)
    """
    form = word.translate(_CAPITALS)
    for place in range(_FEWEST, len(word) if len(word) <= _LONGEST else 0):
        if not _STARTS_FORM.match(form, place):
            continue
        stem = word[:place]
        lost = (stem + "a", stem + "e") if form.startswith("Iyor", place) else ()
        for each in (stem, *lost):
            vowels = [letter for letter in each if letter in _HIGH]
            hard = each[:-1] + "t" if each[-1:] == "d" else each
            if vowels:
                yield hard + ("t" if hard.endswith(_VOICELESS) else "d") + _HIGH[vowels[-1]]
