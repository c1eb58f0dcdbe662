"""Slugs: what agencies and sites write before a text or headline and is no part of the news: "URGENT", "UPDATE 2-", "(تصحيح)".

Those that say how a text differs from the version before are advisory lines, see `advisories`. Those that only say that it is new or
urgent stand here. Both weigh nothing when texts are compared, and are shown.
"""

from __future__ import annotations

import re
from functools import cache

from .advisories import LABELS, SPELLINGS, advisory_of
from .late import late

_SLUGS = 5  # one after the other
_LONGEST = 160  # characters that are looked at

# By language, in capitals where a script has them.
_LABELS = {
    "en": "URGENT|NEWS ?FLASH|FLASH|NEWS ALERT|ALERT|BREAKING NEWS|BREAKING|JUST IN|DEVELOPING STORY|DEVELOPING|EXCLUSIVE|SCOOP|BULLETIN"
    "|SNAP|BRIEF|NEWSBREAK|WRAP|TOP WRAP|ROUND-?UP|EMBARGOED|LEADALL",
    "fr": "URGENT|ALERTE INFO|ALERTE|FLASH INFO|DERNI[EÈ]RE MINUTE|DERNI[EÈ]RE HEURE|EXCLUSIF|R[EÉ]P[EÉ]TITION",
    "es": "URGENTE|ALERTA|[UÚ]LTIMA HORA|[UÚ]LTIMO MINUTO|AVANCE|EXCLUSIV[AO]|AMP\\.?|AMPL\\.?|REPETICI[OÓ]N",
    "de": "EILMELDUNG|EILT|EIL|EXKLUSIV|WDH|WIEDERHOLUNG",
    "it": "ULTIM['’]ORA|ESCLUSIVA",
    "pt": "PLANTÃO",
    "ru": "СРОЧНО|МОЛНИЯ|ЭКСТРЕННО|ЭКСКЛЮЗИВ",
    "tr": "SON ?DAK[İIiı]KA|FLA[ŞS] HABER|FLA[ŞS]|AC[İI]L|TEKRAR",
    "ar": "خبر عاجل|عاجل جدا|عاجل|مستعجل|فلاش|حصري|مكرر|نشره عاجله",
    "fa": "خبر فوري|فوري|لحظاتي پيش|همين حالا",
    "ur": "بريكنگ نيوز|بريكنگ|فوري خبر|تازه ترين",
}
# Their capitals, and "عاجل", need no sign behind them.
_BARE = "URGENTE?|BREAKING NEWS|BREAKING|FLASH|ALERTE?|JUST IN|EILMELDUNG|SON DAKİKA|SON DAKIKA|СРОЧНО|[UÚ]LTIMA HORA"
_ALL = "|".join(sorted({label for labels in _LABELS.values() for label in labels.split("|")}, key=len, reverse=True))
_COUNT = r"(?: ?#?\d{1,2})?"
_LEAD = r"(?:LEAD ?\d{1,2}|(?:\d ?(?:ST|ND|RD|TH|ER|E)|FIRST|SECOND|THIRD|PREMIER|DEUXI[EÈ]ME) LEAD)"
_DASH = "[-\N{EN DASH}\N{EM DASH}]"
_LABEL = f"(?:{_ALL}|{_LEAD})"
_PATTERNS = (
    late(rf"[^\w(\[]*(?i:{_LABEL}){_COUNT}\s*(?:[:\N{{FULLWIDTH COLON}}|!/*…]+|\.\.+|\.\s*{_DASH}|\s{_DASH}+\s)[\s:|!/*…]*"),
    # A hyphen between capitals belongs to a word: FLASH-FLOODS.
    late(rf"[^\w(\[]*{_LABEL}{_COUNT}\s?{_DASH}(?:\s+|(?=[^\W_]*[^\W\d_A-ZÀ-ÞĞİŞА-Я]))"),
    late(rf"[^\w(\[]*[(\[]\s*(?i:{_LABEL}){_COUNT}\s*[)\]]\s*(?:{_DASH}|[:|.!])?\s*"),
    late(rf"[^\w(\[]*#(?i:{_LABEL})(?!\w)[\s:|!/*…\N{{EN DASH}}\N{{EM DASH}}-]*"),
    late(rf"[^\w(\[]*(?i:{_LABEL}){_COUNT}[^\w\n]*\n\s*"),
    late(rf"[^\w(\[]*(?:{_BARE})[ \t]+(?=[^\W_A-ZÀ-ÞĞİŞ]|[^\W_]+[a-zà-ÿğışа-я])"),
    late(r"[^\w(\[]*عاجل[ \t]+(?=[^\W\d_]{3})"),
)


def _starts(labels: str) -> set[str]:
    """Return how labels may begin: up to four letters, in capitals, in small letters or with one capital."""
    found: set[str] = set()
    for label in labels.split("|"):
        starts = [""]
        for atom in re.findall(r"\[[^]]*\]|.", label):
            letters = atom.strip("[]")
            if letters == "?":
                starts = [start[:-1] for start in starts]
            if len(starts[0]) == _START or letters in "(?\\":
                break
            starts = [start + each for start in starts for letter in letters for each in _WRITTEN.get(letter, letter)]
        found.update(starts)
    return {each for start in found if len(start) > 2 for each in (start, start.lower(), start.capitalize())}


_START = 4
_WRITTEN = {letter: "".join(chr(code) for code, folded in SPELLINGS.items() if folded == ord(letter)) + letter for letter in "ايهك "}
_MORE = "EDS|EDITORS|NOTE TO|LEAD|LD |LD-|FIRST|SECOND|THIRD|PREMIER|DEUX|1ST|2ND|3RD|4TH|5TH|1ER|2E |3E |ACTUALISE|AJOUTE|RECTIFIE"
_SIGN = late(r"[^\w\s،,'’«»\"]")
_SIGNS = late(r"[\W_]{0,12}")


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(_starts("|".join([_ALL, *(label for labels in LABELS.values() for label in labels.values())])) | _starts(_MORE))


@cache
def brief_starts() -> frozenset[str]:
    """Return the first three letters of texts that may begin with a slug."""
    return frozenset(start[:3] for start in _beginnings())


def _may_begin(text: str) -> bool:
    """Tell whether a text may begin with a slug. Looking for slugs takes much longer."""
    start = text[:_START]
    if not start[:1].isalnum():
        at = _SIGNS.match(text).end()  # type: ignore[union-attr]  # matches nothing, too
        start = text[at : at + _START]
    if start not in _beginnings() and start[:3] not in _beginnings():
        return False
    return start.isupper() or start == "عاجل" or _SIGN.search(text, 0, _LONGEST // 2) is not None


def slug_end(text: str) -> int:
    """Return where the slugs at the start of a text end, 0 where it has none, or nothing else.

    >>> for text in ("URGENT: UPDATE 2-Oil falls", "(عاجل) زلزال يضرب المدينة", "Alert pupils saved a man", "SON DAKİKA | Deprem oldu"):
    ...     print(text[slug_end(text) :])
    Oil falls
    زلزال يضرب المدينة
    Alert pupils saved a man
    Deprem oldu
    """
    end = 0
    for _ in range(_SLUGS):
        advisory = advisory_of(text[end:])
        if advisory:
            end += advisory.end
            continue
        start = text[end : end + _LONGEST].translate(SPELLINGS)
        found = next((match for pattern in _PATTERNS if (match := pattern.match(start))), None)
        if found is None or not any(map(str.isalnum, text[end + found.end() : end + found.end() + _LONGEST])):
            break
        end += found.end()
    return end


def without_slugs(texts: list[str]) -> list[str]:
    """Return texts without the slugs at their start; the same list where none has any.

    >>> without_slugs(["RPT-Oil falls", "Oil falls"])
    ['Oil falls', 'Oil falls']
    """
    # Most texts are told from others by their first three letters, without a call.
    brief = brief_starts()
    near = [(place, text) for place, text in enumerate(texts) if text[:3] in brief or not text[:1].isalnum()]
    ends = {place: end for place, text in near if _may_begin(text) and (end := slug_end(text))}
    return [text[ends[place] :] if place in ends else text for place, text in enumerate(texts)] if ends else texts
