"""Arabic inflection: the regular forms of verbs, made from the past tense, and the patterns of nouns and participles.

Hollow verbs of form I are irregular; their forms stand in the word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LAST = ("ت", "ا", "ه", "ون")  # endings of words that are not the basic form of the past tense
_FEMININE = re.compile("[وف]?(?:است[^اوي]{3}|ت[^اوي]{3}|ت[^اوي]ا[^اوي]{2}|ان[^اوي]{3}|ا[^اوي]ت[^اوي]{2})ت")  # تضمنت, تجاوزت, انطلقت


def _present(past: str) -> str | None:
    """Return the stem of the present tense: علن of اعلن, فيد of افاد, ذكر of ذكر, None where it is not regular.

    >>> [_present(past) for past in ("اعلن", "افاد", "ذكر", "استبعد", "استقال", "توقع", "قال")]
    ['علن', 'فيد', 'ذكر', 'ستبعد', 'ستقيل', 'توقع', None]
    """
    stem = past[1:] if past[0] == "ا" and len(past) > 3 else past
    if len(stem) == 3 and stem[1] == "ا":
        return f"{stem[0]}ي{stem[2]}" if stem != past else None
    return f"{stem[:-2]}ي{stem[-1]}" if stem.startswith("ست") and len(stem) == 5 and stem[-2] == "ا" else stem


def inflected_forms(verbs: Iterable[str]) -> Iterator[str]:
    """Yield folded verbs in the past tense with their forms of the third person: أعلن, أعلنت, أعلنوا, يعلن, ستعلن, يعلنون.

    >>> {"اعلنت", "اعلنوا", "تعلن", "سيعلن", "يعلنون", "نفت"} <= set(inflected_forms(["اعلن", "نفي"]))
    True
    """
    for verb in verbs:
        yield verb
        if len(verb) < 3 or verb.endswith(_LAST) or " " in verb:
            continue
        weak, present = verb.endswith("ي"), verb.startswith("ي")
        if not present:
            yield from (verb[:-1] + "ت", verb[:-1] + "وا") if weak else (verb + "ت", verb + "وا", verb + "تا")
        stem = verb[1:] if present else _present(verb)
        if stem:
            yield from (prefix + stem for prefix in ("ي", "ت", "سي", "ست"))
            yield from (prefix + (stem[:-1] if weak else stem) + "ون" for prefix in ("ي", "سي"))


_NOUN = re.compile("(?:ال)?(?:ت..ي.|است..ا.|ان..ا.|ا.ت.ا.|ت.ا..|م.ا..ه)(?:ات|ه|ي|يه|ا)?")  # تعبيد, استنزاف, احتقان, معاينة
_PARTICIPLE = re.compile("(?:ال)?م(?:ت[^اوي]{3}|[^اوي]ت[^اوي]{2}|ن[^اوي]{3}|ست[^اوي]{3})(?:ات|ه|ون|ين|ا)?")  # متطرف, معتدل, منفلت


def looks_like_noun(word: str) -> bool:
    """Tell whether the form of an unknown folded word, particles aside, is that of a verbal noun of a derived form, or its participle.

    >>> [looks_like_noun(word) for word in ("تعبيد", "الاستنزاف", "احتقان", "مباغته", "المتطرفين", "زعفران", "منصور")]
    [True, True, True, True, True, False, False]
    """
    return _NOUN.fullmatch(word) is not None or looks_like_participle(word)


def looks_like_participle(word: str) -> bool:
    """Tell whether the form of a folded word is that of the active participle of a derived form.

    >>> [looks_like_participle(word) for word in ("متطرفين", "المعتدل", "منصور", "محمد")]
    [True, True, False, False]
    """
    return _PARTICIPLE.fullmatch(word) is not None


def looks_like_verb(word: str) -> bool:
    """Tell whether the form of an unknown folded word is that of a verb: the plural of the past tense, a derived form with its feminine.

    >>> [looks_like_verb(word) for word in ("واوقعوا", "وتضمنت", "استعرضت", "تازمورت", "بيت")]
    [True, True, True, False, False]
    """
    return len(word) > 4 and (word.endswith("وا") or _FEMININE.fullmatch(word) is not None)
