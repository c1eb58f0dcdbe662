"""Notices of withdrawal: a text that tells newsrooms not to use a story any more, and is no story itself.

Agencies write them in a few fixed ways (the kill of AP, "WITHDRAWN-" of Reuters, "ANNULE" of AFP, "ANULADA" of EFE). Only a first line or a
title that begins so is one. A sentence is a notice where it speaks of the item itself and says no more than that it is withdrawn; an order,
where it is said to editors, or points to the item and ends there. A news text about a withdrawal (of troops, of a candidate, of a bill) is
none: a story that is taken out by mistake is worse than one that stays.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_BLANK = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf"))  # categories of Unicode
_LINE = 240  # characters of a line that are looked at
_OPENING = " \t\N{NO-BREAK SPACE}([{<*#_=~!.-\N{EN DASH}\N{EM DASH}\N{BULLET}\"'«“\N{RIGHT-TO-LEFT MARK}\N{LEFT-TO-RIGHT MARK}"
# Signs that a writer may leave out, and letters that are written in several ways. What takes their place is in the patterns.
_SPELLINGS = str.maketrans(
    dict.fromkeys(map(chr, (*range(0x064B, 0x0653), 0x0640, 0x0670, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)), "")
    | dict.fromkeys("أإآٱ", "ا")
    | {"ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ک": "ك", "\N{NO-BREAK SPACE}": " ", "’": "'"}
)
_STOP = r"(?=\s*[:\N{FULLWIDTH COLON}|/]|\s+[-\N{EN DASH}\N{EM DASH}]\s|\s*[)\]}*!.»”…]*\s*$)"
"""What must follow a label: a colon, a bar, a dash between blanks, or the end of the line."""
_ENDED = r"(?=\s*(?:[.!;。۔]|[)\]}*»”]*\s*$))"
"""What must follow a sentence: its sign, or the end of the line. News goes on there: with who says so, with whom, from where."""
_QUOTED = r"(?:\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\w)'[^']*'(?!\w)|\([^)]*\))"
_REST = rf"(?:\s*:|(?:{_QUOTED}|[^,،;:?؟.۔…])*+(?:[.۔]|$))"
"""A colon before what is named, or the rest of a sentence of one clause: nobody says it, and nothing but what is quoted has a comma."""
# What may stand before a notice.
_BEFORE = (
    r"(?:(?:تنويه|تنبيه|هام|عاجل|توجه|اعتذار|(?i:attention\s+(?:all\s+)?editors|attention|achtung|atención|dikkat|urgent|eds|"
    r"editors?(?=\s*[:,;!|\-\N{EN DASH}\N{EM DASH}]|\s+please)|advisory|advisories|notice|avis|bulletin|flash|note to editors|"
    r"aux rédactions))[\s:,;!|\-\N{EN DASH}\N{EM DASH}]*+)*+"
)
_TO_EDITORS = (
    r"(?i:(?:(?:urgent|advisory|bulletin|flash|notice|avis)[\s:,;!|\-\N{EN DASH}\N{EM DASH}]++)*+(?:attention\s+(?:all\s+)?(?:editors|eds)|"
    r"(?:(?:note\s+)?to\s+(?:all\s+)?)?(?:editors?|eds)(?=\s*[:,;!|\-\N{EN DASH}\N{EM DASH}]|\s+please)|aux\s+r[ée]dactions))"
    r"[\s:,;!|\-\N{EN DASH}\N{EM DASH}]*+"
)
"""What is said to editors. An order to them may name the story in any words."""
_STORY = r"(?:story|article|item|alert|dispatch|newsbreak|brief|report|text|take|copy|photo|picture|graphic|headline|file)"
_ITEM = r"(?:story|item|dispatch|newsbreak)"  # words of the trade: news is seldom about one
_GONE = r"(?:withdrawn|killed|retracted|cancell?ed|deleted|removed)"
_NAMED = r"(?:(?i:headlined|slugged|titled|entitled|numbered|datelined|dated)\b|[\"“«'#(]|\d|[A-Z]{2}[A-Z0-9]*\b)"
_SENT = r"(?i:above|below|previous|preceding|earlier|following|foregoing|last)"
_THIS = rf"(?:(?i:this|our)|(?i:the|our|all)\s+(?:(?:[A-Z\d][\w.:]*|[a-z]+)\s+)?{_SENT})(?:\s+[A-Z\d][\w.:]*){{0,2}}"
"""What points to a story that was sent."""
_NARRATES = r"(?:who|whom|whose|which|that|where|when|how|why|whether)"
_ABOUT = rf"\s+(?i:about|on|from|sent|moved|filed|issued)\b(?:(?!\b(?i:{_NARRATES})\b)[^,;:.!?…]){{0,100}}?"
_IS_GONE = rf"\s+(?i:(?:is|was|has\s+been|is\s+being)\s+(?:\w+\s+and\s+(?:is\s+|has\s+been\s+)?)?(?:hereby\s+)?{_GONE})"
_AND_WHY = (
    rf"(?:{_ENDED}|,?\s+(?i:(?:as|because|since|due|pending|until|owing)\b[^,;:.!?]*+(?:[.!]|$)|"
    r"and\s+(?:is|was|has\s+been|will|should|must|may|replaced|do\s+not|please)\b))"
)
_ORDER = r"(?i:(?:please\s+)?(?:kill|withdraw|disregard|ignore|do\s+not\s+(?:use|publish)|cancel))"
_DEPECHE = r"(?:d[ée]p[êe]che|information|info|papier|article|flash|alerte|urgent|factuel)"
_CETTE = (
    rf"(?:(?:cette|cet|ce|notre)\s+(?:pr[ée]c[ée]dente?\s+|derni[èe]re?\s+)?{_DEPECHE}|"
    rf"(?:la\s+|le\s+|l')(?:pr[ée]c[ée]dente?\s+)?{_DEPECHE}\s+(?:pr[ée]c[ée]dente?|ci-dessus|ci-dessous|suivante?|ant[ée]rieure?)\b)"
)
_INTITULE = r"\s+(?:intitul[ée]e?|titr[ée]e?|num[ée]ro|n°|[\"«“])"
_SUR = r"\s+(?:sur|concernant|relative|dat[ée]e)\b(?:(?!\b(?:qui|que|dont|o[uù])\b)[^,;:.!?…]){0,100}?"
_EST_ANNULE = r"\s+(?:est|a\s+[ée]t[ée])\s+(?:\w+\s+et\s+)?(?:annul|retir)[ée]e?"
_ET = rf"(?:{_ENDED}|,?\s+(?:et\s+(?:remplac|ne\b|sera|est)|car\b|en\s+raison|[àa]\s+la\s+demande|pour\s+cause|suite))"
_ANNULER = (
    r"(?:merci|pri[èe]re|veuillez)\s+(?:de\s+|d')?(?:bien\s+vouloir\s+)?(?:annuler|supprimer|retirer|ne\s+(?:pas|plus)\s+"
    r"(?:utiliser|publier|diffuser|tenir\s+compte\s+de))\s+"
)
_STATED = r"(?:الخبر|خبر|النبا|البرقيه|برقيه|الماده الخبريه|ماده خبريه|القصه الخبريه|الخبر العاجل|التصريح الصحفي المنسوب)"
_SABIQ = r"\s+(?:(?:السابق|الاخير|المعنون|التالي|المرسل|المذكور)ه?|اعلاه|ادناه|بعنوان|رقم|تحت\s+عنوان)(?!\w)"
_WHICH = rf"(?:\s*[:|]|{_STOP}|{_ENDED}|{_SABIQ}{_REST}|\s+{_QUOTED})"
_MULGHA = r"\s+(?:ملغي|لاغ|لاغيا|مسحوب)ه?(?!\w)"
_WA = rf"(?:{_ENDED}|\s+(?:و(?:يرجي|نرجو|الرجاء|سن|سي|ست|لا|حل)|بسبب|لورود|لخط|نظرا|لعدم|لاسباب))"
_YURJA = r"(?:يرجي|الرجاء|نرجو)\s+"
_ILGHA = r"(?:الغاء|سحب|حذف|عدم\s+(?:نشر|استخدام|اعتماد))"
_IN_KHABAR = r"(?:اين\s+خبر|خبر\s+(?:زير|بالا|قبلي|فوق))(?!\w)"
_BE_DALIL = r"(?:\s+(?:به\s+دليل|به\s+علت|بنا\s+به)(?:\s+(?!كه\b)\w+){1,6}?)?"
_KHABAR = (
    r"(?:(?:يه|مندرجه\s+بالا|گزشته|سابقه)\s+خبر|(?:اس|مندرجه\s+بالا)\s+خبر\s+كو)"
    r"(?:(?:\s+\w+){1,4}?\s+(?:كي\s+وجه\s+سے|كي\s+بنا\s+پر|كے\s+باعث))?"
)
_MANSUKH = r"\s+(?:منسوخ|واپس\s+لي(?:ا|ے)?|حذف)(?:\s+(?:كي|كيا|كر|جاتي|جاتا|جائے|گئي|گيا|دي|ديا|سمجھي|سمجھا|لي|هے)){0,4}(?!\w)"
_MELDUNG = r"(?:diese|unsere|(?:die|unsere)\s+(?:(?:obige|vorige|vorherige|fr[üu]here|folgende|letzte)\s+)?)"

# By language. All are matched at the beginning of a line, where needed with what must not follow. A sentence that withdraws speaks of the
# item itself, by what points to it or names it; that it is withdrawn is all it says. An order is said to editors, or is the whole sentence.
_NOTICES: dict[str, tuple[str, ...]] = {
    "en": (
        rf"(?:MANDATORY\s+)?KILL(?:[\s,.!\-]++KILL)*+{_STOP}",
        rf"(?i:(?:mandatory|bulletin|photo|story|urgent|immediate)\s+kill)"
        rf"(?:{_STOP}|{_ENDED}|\s+(?i:(?:of|on|for)\s+(?:the\s+|our\s+)?{_ITEM})\b)",
        rf"(?i:(?:mandatory\s+)?kill\s+(?:notice|advisory))(?:{_STOP}|{_ENDED}|\s+(?i:(?:of|on|for)\s+(?:the\s+|our\s+)?{_STORY})\b)",
        rf"(?i:kill\s+(?:order\s+for\s+)?{_ITEM})(?:{_STOP}|{_ENDED}|\s+{_NAMED})",
        r"(?:STORY\s+)?WITHDRAWN(?:\s*[-\N{EN DASH}\N{EM DASH}:|/]|\s*[)\]}*!.]*\s*$)",
        rf"(?i:{_ITEM}\s+{_GONE}){_STOP}",
        rf"(?i:{_STORY}\s+{_GONE}){_ENDED}",
        rf"(?i:(?:withdrawal|retraction|cancellation)\s+(?:notice|of\s+(?:(?:the\s+)?{_ITEM}|(?:this|our)\s+{_STORY})))"
        rf"(?:{_STOP}|{_ENDED}|\s+{_NAMED})",
        rf"(?i:notice\s+of\s+(?:withdrawal|retraction)){_STOP}",
        rf"(?i:retract(?:ion|ed)){_STOP}",
        rf"{_ORDER}\s+(?:{_THIS}\s+(?i:{_STORY})|(?i:the|all)\s+(?:\w+\s+){{0,3}}?(?i:{_ITEM}))(?:{_ENDED}|\s+{_NAMED}{_REST})",
        rf"{_THIS}\s+(?i:{_STORY})(?:,?\s+{_NAMED}.{{0,160}}?)?{_IS_GONE}{_AND_WHY}",
        rf"(?:(?i:the|our)\s+)?(?:(?:[A-Z\d][\w.,:]*|{_SENT})\s+){{0,3}}(?i:story|dispatch|newsbreak)(?:{_ABOUT}|,?\s+{_NAMED}.{{0,200}}?)?"
        rf"{_IS_GONE}{_AND_WHY}",
    ),
    "fr": (
        rf"(?:ANNUL[EÉ]E?|D[ÉE]P[ÊE]CHE\s+(?:ANNUL|RETIR)[ÉE]E){_STOP}",
        rf"(?i:(?:(?:avis\s+)?d['e]\s*)?(?:annulation|retrait)\s+(?:de\s+(?:la|notre|cette)?\s*|d['e]\s*(?:une\s+|un\s+)?|du\s+)"
        rf"(?:d[ée]p[êe]che\b(?:{_STOP}|{_REST})|{_DEPECHE}(?:{_STOP}|{_ENDED}|{_INTITULE})))",
        rf"(?i:{_ANNULER}(?:(?:\w+\s+){{0,2}}?d[ée]p[êe]che\b{_REST}|{_CETTE}(?:{_ENDED}|{_INTITULE}{_REST})))",
        rf"(?i:{_CETTE}(?:,?{_INTITULE}.{{0,160}}?)?{_EST_ANNULE}{_ET})",
        rf"(?i:(?:la|notre|cette)\s+d[ée]p[êe]che(?:{_SUR}|,?{_INTITULE}.{{0,160}}?)?{_EST_ANNULE}{_ET})",
    ),
    "ar": (
        rf"(?:الغاء|سحب|حذف)\s+(?:هذا\s+)?{_STATED}(?!\w){_WHICH}",
        rf"(?:يلغي|يسحب|تلغي|تسحب|ملغي|ملغاه|الغي|سحب)\s*[:|\-]?\s*(?:هذا\s+)?{_STATED}(?!\w){_WHICH}",
        rf"(?:يلغي|ملغي|ملغاه|الغاء\s+وسحب|اشعار\s+(?:الغاء|سحب)){_STOP}",
        rf"{_YURJA}(?:من\s+\w+\s+\w+\s+)?{_ILGHA}\s+(?:هذا\s+)?{_STATED}(?!\w){_WHICH}",
        rf"{_YURJA}من\s+(?:\w+\s+)?(?:المحررين|المشتركين)\s+{_ILGHA}\s+{_STATED}(?!\w)",
        rf"(?:هذا\s+)?{_STATED}(?:{_SABIQ}(?>{_QUOTED}|(?!\b(?:الذي|التي|ان)\b)[^،,;:؛.…]){{0,120}}?)?{_MULGHA}{_WA}",
        rf"(?:نعتذر\s+عن|تعتذر\s+\w+\s+عن)\s+.{{0,60}}?(?:هذا\s+{_STATED}|{_STATED}{_SABIQ}).{{0,120}}?"
        r"(?:(?:ونلغيه|ونسحبه|وتلغيه|وتسحبه|ملغي)ا?(?!\w)|ونرجو\s+عدم)",
    ),
    "fa": (
        rf"(?:لغو|ابطال|حذف|باطل\s+شدن|پس\s*گرفتن)\s+(?:اين\s+)?(?:خبر|گزارش\s+خبري)(?!\w)"
        rf"(?:{_STOP}|{_ENDED}|\s+(?:قبلي|بالا|زير)(?!\w){_REST})",
        rf"{_IN_KHABAR}(?:\s+با\s+عنوان\s+.{{0,120}}?)?{_BE_DALIL}\s+"
        rf"(?:لغو|ابطال|باطل|حذف|منتفي)\s*(?:شده\s+است|شد|ميشود|مي\s+شود|گرديد|است)(?!\w)"
        rf"(?:{_ENDED}|\s+و\s+(?:خبر|نسخه|متن|گزارش|لطفا)(?!\w))",
        rf"(?:خبر\s+(?:لغو|ابطال|حذف)\s+شد){_STOP}",
    ),
    "tr": (
        rf"(?:HABER\s+)?GERİ\s+ÇEK(?:İLDİ|İLMİŞTİR|İLEN\s+HABER|İLMESİ|ME){_STOP}",
        rf"(?:HABER|FLAŞ|FOTOĞRAF)\s+İPTAL(?:İ|\s+EDİLDİ|\s+EDİLMİŞTİR)?(?:{_STOP}|{_ENDED})",
        rf"(?i:haber(?:in|imizin)?\s+(?:geri\s+çek|iptal)[iİı]?\w*)(?:{_STOP}|{_ENDED})",
        r"(?:[Bb]u|[Yy]ukarıdaki|[Öö]nceki|[Aa]şağıdaki)\s+haber(?:imiz)?(?:(?:\s+\w+){1,4}?\s+(?:için|nedeniyle|sebebiyle|dolayı))?\s+"
        rf"(?:geri\s+çekilmiştir|iptal\s+edilmiştir)(?:{_ENDED}|\s+ve\s+(?:yerine|yeni)\b)",
    ),
    "ur": (
        rf"(?:خبر|اسٹوري){_MANSUKH}{_STOP}",
        rf"{_KHABAR}{_MANSUKH}{_ENDED}",
        rf"(?:منسوخ|منسوخي\s+خبر|خبر\s+كي\s+منسوخي){_STOP}",
    ),
    "es": (
        rf"(?:ANULAD[OA]|ANULACI[ÓO]N|ANULA|NOTICIA\s+(?:ANULADA|RETIRADA)){_STOP}",
        r"(?i:(?:rogamos|por\s+favor,?)\s+(?:anul|retir|no\s+(?:us|publi(?:c|qu)))\w*\s+(?:\w+\s+){0,2}?(?:noticia|informaci[óo]n|despacho))"
        rf"(?:{_ENDED}|\s+(?:(?i:anterior|previ[ao]|precedente|siguiente|titulad[ao])\b|[\"«“]){_REST})",
    ),
    "de": (
        rf"(?:ANNULLIERUNG|ANNULLIERT|ZUR[ÜU]CKGEZOGEN|MELDUNG\s+ZUR[ÜU]CKGEZOGEN){_STOP}",
        rf"(?i:{_MELDUNG}\s*\bmeldung(?:\s+(?:mit\s+(?:dem\s+titel|der\s+[üu]berschrift)|[\"„“«]).{{0,120}}?)?\s+"
        rf"(?:ist|wird|wurde)\s+(?:\w+\s+und\s+wird\s+)?"
        rf"(?:hiermit\s+)?(?:zur[üu]ckgezogen|annulliert)){_ENDED}",
    ),
    "ru": (rf"(?:АННУЛИРОВАН[ОА]?|АННУЛИРУЕТСЯ|ОТЗЫВ\s+НОВОСТИ|ОТЗЫВ\s+СООБЩЕНИЯ|СООБЩЕНИЕ\s+АННУЛИР\w+){_STOP}",),
    "pt": (rf"(?:NOT[ÍI]CIA\s+(?:ANULADA|RETIRADA|CANCELADA)|ANULADA){_STOP}",),
    "it": (rf"(?:ANNULLAMENTO|ANNULLARE|NOTIZIA\s+ANNULLATA){_STOP}",),
    "zh": (r"(?:撤稿|撤回|撤销)\s*(?:[::|]|通知|$)",),
}
# Orders that name a story in any words, where they are said to editors.
_ORDERS = (
    rf"{_ORDER}\s+(?i:(?:the|this|our|all)\s+(?:\w+\s+){{0,3}}?(?:{_STORY}s?|stories))\b",
    rf"(?i:{_ANNULER}(?:\w+\s+){{0,2}}?(?:l')?{_DEPECHE}\b)",
)
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
    order = f"{_TO_EDITORS}(?:{'|'.join(_ORDERS)})"
    return re.compile(f"(?:{notice})|(?:{order})"), re.compile(_RUBRICS), re.compile(_END)


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
    line = line if len(line) <= _LINE else f"{line[:_LINE]}…"
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
