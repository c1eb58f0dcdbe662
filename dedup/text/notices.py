"""Notices of withdrawal: a text that tells newsrooms not to use a story any more, and is no story itself.

Agencies write them in a few fixed ways (the kill of AP, "WITHDRAWN-" of Reuters, "ANNULE" of AFP, "ANULADA" of EFE). Only a first line or a
title that begins so is one. A news text about a withdrawal (of troops, of a candidate, of a bill) is none: a story that is taken out by
mistake is worse than one that stays.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_BLANK = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf"))  # categories of Unicode
_LINE = 160  # characters of a line that are looked at
_OPENING = " \t\N{NO-BREAK SPACE}([{<*#_=~!.-\N{EN DASH}\N{EM DASH}\N{BULLET}\"'«“\N{RIGHT-TO-LEFT MARK}\N{LEFT-TO-RIGHT MARK}"
# Signs that a writer may leave out, and letters that are written in several ways. What takes their place is in the patterns.
_SPELLINGS = str.maketrans(
    dict.fromkeys(map(chr, (*range(0x064B, 0x0653), 0x0640, 0x0670, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)), "")
    | dict.fromkeys("أإآٱ", "ا")
    | {"ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ک": "ك", "\N{NO-BREAK SPACE}": " ", "’": "'"}
)
_STOP = r"(?=\s*[:\N{FULLWIDTH COLON}|/]|\s+[-\N{EN DASH}\N{EM DASH}]\s|\s*[)\]}*!.»”]*\s*$)"
"""What must follow a label: a colon, a bar, a dash between blanks, or the end of the line."""
# What may stand before a notice.
_BEFORE = (
    r"(?:(?:(?i:attention|achtung|atención|dikkat|urgent|eds|editors?|advisory|advisories|notice|avis|bulletin|flash|note to editors|"
    r"aux rédactions)|تنويه|تنبيه|هام|عاجل|توجه|اعتذار)[\s:,;!|\-\N{EN DASH}\N{EM DASH}]*+)*+"
)
_STORY = r"(?:story|article|item|alert|dispatch|newsbreak|brief|report|text|take|copy|photo|picture|graphic|headline|file)"
_GONE = r"(?:withdrawn|killed|retracted|cancell?ed|deleted|removed)"
_DEPECHE = r"(?:d[ée]p[êe]che|information|info|papier|article|flash|alerte|urgent|factuel)"
_STATED = r"(?:الخبر|خبر|النبا|البرقيه|برقيه|الماده الخبريه|ماده خبريه|القصه الخبريه|الخبر العاجل|التصريح الصحفي المنسوب)"

# By language. All are matched at the beginning of a line, where needed with what must not follow.
_NOTICES: dict[str, tuple[str, ...]] = {
    "en": (
        rf"(?:MANDATORY\s+)?KILL(?:[\s,.!\-]++KILL)*+{_STOP}",
        r"(?i:(?:mandatory|bulletin|photo|story|urgent|immediate)\s+kill)\b(?!\s+(?:switch|zone|list|chain|shot|bill)\b)",
        rf"(?i:kill\s+(?:notice|advisory|order\s+for\s+{_STORY}|{_STORY}))\b",
        r"(?:STORY\s+)?WITHDRAWN(?:\s*[-\N{EN DASH}\N{EM DASH}:|/]|\s*[)\]}*!.]*\s*$)",
        rf"(?i:{_STORY}\s+(?:{_GONE})){_STOP}",
        rf"(?i:(?:withdrawal|retraction|cancellation)\s+(?:notice|of\s+(?:the\s+|this\s+|our\s+)?{_STORY}))\b",
        rf"(?i:notice\s+of\s+(?:withdrawal|retraction)){_STOP}",
        rf"(?i:retract(?:ion|ed)){_STOP}",
        rf"(?i:(?:please\s+)?(?:kill|withdraw|disregard|ignore|do\s+not\s+(?:use|publish)|cancel)\s+(?:the\s+|this\s+|our\s+|all\s+)"
        rf"(?:\w+\s+){{0,3}}?{_STORY})\b",
        rf"(?i:this\s+{_STORY}\s+(?:is|was|has\s+been)\s+(?:\w+\s+and\s+(?:is\s+)?)?{_GONE})\b",
        rf"(?i:the\s+(?:above|below|previous|preceding|earlier|following|foregoing)\s+{_STORY}\b.{{0,160}}?\b(?:is|was|has\s+been)\s+"
        rf"(?:\w+\s+and\s+(?:is\s+)?)?{_GONE})\b",
        r"(?i:(?:the\s+|a\s+|our\s+)?(?:\S+\s+){0,3}?(?:story|dispatch|newsbreak)\b.{0,200}?\bis\s+(?:\w+\s+and\s+(?:is\s+)?)?"
        r"(?:withdrawn|killed|retracted))\b",
    ),
    "fr": (
        rf"(?:ANNUL[EÉ]E?|D[ÉE]P[ÊE]CHE\s+(?:ANNUL|RETIR)[ÉE]E){_STOP}",
        rf"(?i:(?:avis\s+d['e]\s*)?(?:annulation|retrait)\s+(?:de\s+(?:la|notre|cette)?\s*|d['e]\s*(?:une\s+|un\s+)?|du\s+){_DEPECHE})\b",
        rf"(?i:(?:merci|pri[èe]re|veuillez)\s+(?:de\s+|d')?(?:bien\s+vouloir\s+)?(?:annuler|supprimer|retirer|ne\s+(?:pas|plus)\s+"
        rf"(?:utiliser|publier|diffuser|tenir\s+compte\s+de))\s+(?:\w+\s+){{0,2}}?{_DEPECHE})\b",
        rf"(?i:(?:cette|notre|la)\s+{_DEPECHE}\b.{{0,160}}?\b(?:est|a\s+[ée]t[ée])\s+(?:annul|retir)[ée]e?)\b",
    ),
    "ar": (
        rf"(?:الغاء|سحب|حذف)\s+{_STATED}(?!\w)",
        rf"(?:يلغي|يسحب|تلغي|تسحب|ملغي|ملغاه|الغي|سحب)\s*[:|\-]?\s*(?:هذا\s+)?{_STATED}(?!\w)",
        rf"(?:يلغي|ملغي|ملغاه|الغاء\s+وسحب|اشعار\s+(?:الغاء|سحب)){_STOP}",
        rf"(?:يرجي|الرجاء|نرجو)\s+(?:من\s+\w+\s+\w+\s+)?(?:الغاء|سحب|حذف|عدم\s+(?:نشر|استخدام|اعتماد))\s+{_STATED}(?!\w)",
        rf"(?:هذا\s+)?{_STATED}\s+.{{0,120}}?(?:ملغي|لاغ|لاغيا|مسحوب)(?!\w)",
        rf"(?:نعتذر\s+عن|تعتذر\s+\w+\s+عن)\s+.{{0,60}}?{_STATED}.{{0,120}}?(?:ونلغيه|ونسحبه|وتلغيه|وتسحبه|ملغي|ونرجو\s+عدم)",
    ),
    "fa": (
        r"(?:لغو|ابطال|حذف|باطل\s+شدن|پس\s*گرفتن)\s+(?:اين\s+)?(?:خبر|گزارش\s+خبري)(?!\w)",
        r"(?:اين\s+خبر|خبر\s+(?:زير|بالا|قبلي)).{0,120}?(?:لغو|ابطال|باطل|حذف|منتفي)\s*(?:شد|ميشود|مي\s+شود|گرديد|است)",
        rf"(?:خبر\s+(?:لغو|ابطال|حذف)\s+شد){_STOP}",
    ),
    "tr": (
        rf"(?:HABER\s+)?GERİ\s+ÇEK(?:İLDİ|İLMİŞTİR|İLEN\s+HABER|İLMESİ|ME){_STOP}",
        r"(?:HABER|FLAŞ|FOTOĞRAF)\s+İPTAL(?:İ|\s+EDİLDİ|\s+EDİLMİŞTİR)?\b",
        r"(?i:haber(?:in|imizin)?\s+(?:geri\s+çek|iptal)[iİı]\w*)\b",
        r"(?:[Bb]u|[Yy]ukarıdaki|[Öö]nceki|[Aa]şağıdaki)\s+haber(?:imiz)?\b.{0,160}?(?:geri\s+çekilmiştir|iptal\s+edilmiştir)",
    ),
    "ur": (
        rf"(?:خبر|اسٹوري)\s+(?:منسوخ|واپس\s+لي|حذف).{{0,40}}?{_STOP}",
        r"(?:اس|يه|مندرجه\s+بالا)\s+خبر.{0,80}?(?:منسوخ|واپس\s+لي)",
        rf"(?:منسوخ|منسوخي\s+خبر|خبر\s+كي\s+منسوخي){_STOP}",
    ),
    "es": (
        rf"(?:ANULAD[OA]|ANULACI[ÓO]N|ANULA|NOTICIA\s+(?:ANULADA|RETIRADA)){_STOP}",
        r"(?i:(?:rogamos|por\s+favor,?)\s+(?:anul|retir|no\s+(?:us|public))\w*\s+(?:\w+\s+){0,2}?(?:noticia|informaci[óo]n|despacho))\b",
    ),
    "de": (
        rf"(?:ANNULLIERUNG|ANNULLIERT|ZUR[ÜU]CKGEZOGEN|MELDUNG\s+ZUR[ÜU]CKGEZOGEN){_STOP}",
        r"(?i:(?:die|diese)\s+(?:\w+\s+)?meldung\b.{0,160}?\b(?:zur[üu]ckgezogen|annulliert))\b",
    ),
    "ru": (rf"(?:АННУЛИРОВАН[ОА]?|АННУЛИРУЕТСЯ|ОТЗЫВ\s+НОВОСТИ|ОТЗЫВ\s+СООБЩЕНИЯ|СООБЩЕНИЕ\s+АННУЛИР\w+){_STOP}",),
    "pt": (rf"(?:NOT[ÍI]CIA\s+(?:ANULADA|RETIRADA|CANCELADA)|ANULADA){_STOP}",),
    "it": (rf"(?:ANNULLAMENTO|ANNULLARE|NOTIZIA\s+ANNULLATA){_STOP}",),
    "zh": (r"(?:撤稿|撤回|撤销)\s*(?:[::|]|通知|$)",),
}
# Labels that are rubrics of news too: notices only where the line is not all in capitals, or ends there.
_RUBRICS = rf"{_BEFORE}(?:ANNULATION|RETRAIT|RETIR[ÉE]E?|WITHDRAWAL|CANCELL?(?:ED|ATION)|İPTAL(?:\s+EDİLDİ|\s+EDİLMİŞTİR|DİR)?){_STOP}"
_END = r"[\s)\]}*!.:»”]*$"
_FIRST_WORDS = (
    "تنويه", "تنبيه", "هام", "عاجل", "توجه", "اعتذار", "الغاء", "الغي", "سحب", "حذف", "يلغي", "يسحب", "تلغي", "تسحب", "ملغي", "ملغاه",
    "اشعار", "يرجي", "الرجاء", "نرجو", "هذا", "الخبر", "خبر", "النبا", "البرقيه", "برقيه", "الماده", "ماده", "القصه", "التصريح", "نعتذر",
    "تعتذر", "لغو", "ابطال", "باطل", "پس", "اين", "اسٹوري", "اس", "يه", "مندرجه", "منسوخ",
)  # fmt: skip
"""What a notice begins with whose first letter is of the Arabic script, but for one in English, which has a D. Most lines are told from
these without being spelled whole."""
_BEGINNING, _LONGEST_WORD = 40, 8  # characters of a line that its first word is looked for in, and of the longest of these words


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what a notice begins with in any language, the rubrics, and the end of a line; compiled when the first text is looked at."""
    notice = f"{_BEFORE}(?:{'|'.join(pattern for patterns in _NOTICES.values() for pattern in patterns)})"
    return re.compile(notice), re.compile(_RUBRICS), re.compile(_END)


def is_notice(text: str, title: str | None = None) -> bool:
    """Tell whether a text withdraws a story: its title or its first line says so.

    >>> is_notice("KILL: Bridge falls in Marsa\\nEditors, please do not use."), is_notice("The army announced the withdrawal of troops.")
    (True, False)
    >>> is_notice("إلغاء الخبر المعنون: انهيار جسر"), is_notice("سحب القوات من الحدود يبدأ غدا")
    (True, False)
    """
    return (bool(title) and _says_so(title or "")) or _says_so(_first_line(text))


def _first_line(text: str) -> str:
    start, stop = 0, min(len(text), 20 * _LINE)
    while start < stop:
        end = text.find("\n", start, stop)
        line = text[start : stop if end < 0 else end]
        if line.strip(_OPENING):
            return line
        start += len(line) + 1
    return ""


def has_text(text: str) -> bool:
    """Tell whether a text has more than white space, control characters and invisible ones.

    >>> has_text("Rain."), has_text(" \\N{NO-BREAK SPACE}\\N{ZERO WIDTH SPACE}\\n")
    (True, False)
    """
    return text[:1].isalnum() or any(unicodedata.category(char) not in _BLANK for char in text)


def _says_so(line: str) -> bool:
    line = line[:_LINE]
    beginning = line[:_BEGINNING].translate(_SPELLINGS).lstrip(_OPENING)
    is_arabic = "\u0600" <= beginning[:1] <= "\u06ff" and len(beginning) >= _LONGEST_WORD and "d" not in line and "D" not in line
    if is_arabic and not beginning.startswith(_FIRST_WORDS):
        return False
    line = line.translate(_SPELLINGS).strip(_OPENING)
    notice, rubrics, end = _patterns()
    if notice.match(line):
        return True
    found = rubrics.match(line)
    return found is not None and (bool(end.match(line, found.end())) or any(char.islower() for char in line[found.end() :]))
