"""Advisory lines: marks at the start of a text that say how it differs from the version before: "CORRECTED-", "UPDATE 2-", "(تصحيح)".

They are about the text and no part of the news. Reuters puts them before a headline ("UPDATE 2-", "(Adds details)"), AP in a line of
its own ("Eds: Updates with quotes."), AFP, AA and others as a label with a colon. "URGENT" and "عاجل |" are none: they say nothing of a
version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .late import late

AdvisoryKind = Literal["correction", "update"]
_LONGEST = 400  # characters of marks that are looked at
_MARKS = 4  # one after the other
SPELLINGS = str.maketrans("أإآىیېةۀہک\N{NO-BREAK SPACE}\N{ZERO WIDTH NON-JOINER}", "اااييي" + "ههه" + "ك  ")  # one for one: places stay

# By language and kind: labels, in capitals where a script has them.
LABELS: dict[str, dict[AdvisoryKind, str]] = {
    "en": {
        "correction": r"CORRECT(?:ED|ION|IONS|S|ING)(?: \(OFFICIAL\))?|CLARIFICATION|CLARIFIES|REFILES?|ERRATUM",
        "update": r"UPDATE[DS]?|WRAPUP|RECASTS?|ADDS?|RPT|REPEATS?|WRITETHRU",
    },
    "fr": {
        "correction": r"RECTIFICATI(?:F|ON)|CORRECTI(?:F|ON)|CORRIG[EÉ]E?|ERRATUM|ANNULE ET REMPLACE|PR[EÉ]CISION",
        "update": r"MISE [AÀ] JOUR|M[AÀ]J|ACTUALIS(?:[EÉ]E?|ATION)|AJOUTE|COMPL[EÉ]MENT",
    },
    "ar": {"correction": "تصحيح(?: خبر)?|تصويب|استدراك|تصحيحي|مصحح", "update": "تحديث|محدث|يضيف|تضيف|معاد|اعاده"},
    "fa": {"correction": "اصلاحيه|اصلاح خبر|تصحيح", "update": "به ?روز ?رساني|بروزرساني|تكميلي"},
    "tr": {"correction": "DÜZELT(?:ME|İLMİŞTİR|İLDİ|İR)", "update": "GÜNCELLE(?:ME|NDİ|NMİŞTİR)|EKLEME"},
    "ur": {"correction": "تصحيح|درستي", "update": "اپ ڈيٹ|تازه كاري"},
    "es": {
        "correction": r"CORRECCI[OÓ]N|CORRIGE|RECTIFICACI[OÓ]N|FE DE ERRATAS?",
        "update": r"ACTUALIZA(?:CI[OÓ]N|D[AO])?|AMPL[IÍ](?:A|ACI[OÓ]N)",
    },
    "de": {"correction": "KORREKTUR|KORRIGIERT|BERICHTIGUNG|BERICHTIGT", "update": "AKTUALISIERUNG|AKTUALISIERT|ERGÄNZUNG"},
    "it": {"correction": "RETTIFICA|CORREZIONE", "update": "AGGIORNAMENTO"},
    "pt": {"correction": "CORREÇÃO|RETIFICAÇÃO", "update": "ATUALIZAÇÃO|ATUALIZADA"},
    "ru": {"correction": "ИСПРАВЛЕНИЕ|ПОПРАВКА|УТОЧНЕНИЕ", "update": "ОБНОВЛЕНИЕ|ДОПОЛНЕНИЕ"},
}
_ALL: dict[AdvisoryKind, str] = {kind: "|".join(labels[kind] for labels in LABELS.values()) for kind in ("correction", "update")}
_COUNT = r"(?: ?(?:NO\.? ?|رقم )?\d{1,3})?"
_DASH = "[-\N{EN DASH}\N{EM DASH}]"


def _patterns(kind: AdvisoryKind) -> tuple[re.Pattern[str], ...]:
    labels = f"(?:{_ALL[kind]})"
    return (
        late(rf"\s*(?i:{labels}){_COUNT}\s*[:\N{{FULLWIDTH COLON}}|]\s*"),
        late(rf"\s*{labels}{_COUNT}\s*{_DASH}\s*"),
        late(rf"\s*[(\[]\s*(?i:{labels})(?![^\W\d_])[^)\]\n]{{0,300}}[)\]]\s*(?:{_DASH}|[:|.])?\s*"),
        late(rf"\s*{labels}{_COUNT}[ \t]*\n\s*"),
    )


_CORRECTION, _UPDATE = _patterns("correction"), _patterns("update")
# A whole line about the text: notes to editors, and what AFP and AP say that they have added or changed.
_LINES = (
    late(r"\s*(?:EDS|Eds|EDITORS|Editors|NOTE TO EDITORS|Note to editors|Editor's note)\s*:[^\n]{0,300}\n\s*"),
    late(r"\s*(?:ADDS|RECASTS|UPDATES|CORRECTS|REFILES|AJOUTE|ACTUALISE|RECTIFIE) [^\n]{0,160}[a-zà-ÿ][^\n]{0,160}\n\s*"),
    late(r"\s*(?:\d(?:st|nd|rd|th)[- ])?(?:[Ll]d|LD|[Ll]ead|LEAD)[- ]?(?:[Ww]ritethru|WRITETHRU)[^\n]{0,80}\n\s*"),
)
_CORRECTS = late(r"(?i)correct|rectifi|refile|clarif")


@dataclass(frozen=True, slots=True)
class Advisory:
    """The marks at the start of a text: where they end, and whether one of them says that something was wrong."""

    kind: AdvisoryKind
    end: int


def advisory_of(text: str) -> Advisory | None:
    """Return the marks at the start of a text, None where it has none, or nothing else.

    >>> text = "UPDATE 2-CORRECTED-Four people die (Adds quote)"
    >>> advisory_of(text), text[advisory_of(text).end :]
    (Advisory(kind='correction', end=19), 'Four people die (Adds quote)')
    >>> advisory_of("(تصحيح) مقتل أربعة أشخاص"), advisory_of("عاجل | مقتل أربعة أشخاص")
    (Advisory(kind='correction', end=8), None)
    """
    start = text[: 3 * _LONGEST].translate(SPELLINGS)
    end, kind = 0, None
    for _ in range(_MARKS):
        found = _mark(start, end)
        if found is None or found.end > _LONGEST:
            break
        end, kind = found.end, "correction" if "correction" in (kind, found.kind) else "update"
    if kind is None or not any(char.isalnum() for char in text[end : end + 2 * _LONGEST]):
        return None
    return Advisory("correction" if kind == "correction" else "update", end)


def _mark(text: str, at: int) -> Advisory | None:
    for kind, patterns in (("correction", _CORRECTION), ("update", _UPDATE)):
        for pattern in patterns:
            if found := pattern.match(text, at):
                return Advisory("correction" if kind == "correction" or _CORRECTS.search(found[0]) else "update", found.end())
    for pattern in _LINES:
        if found := pattern.match(text, at):
            return Advisory("correction" if _CORRECTS.search(found[0]) else "update", found.end())
    return None
