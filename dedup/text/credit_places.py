"""Where a text names its sources: its dateline and its signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .credit_lines import EDGES, all_named, is_person, named_as_whole
from .credit_words import CreditKind, CreditWords, Naming, credit_words
from .sources import NewsSources, plain_words

_HEAD, _TAIL = 160, 260  # characters of a text that are looked at
_LINE = 70  # characters of a last line that names sources
_WIDE = 64  # characters of a part of a dateline, at most
_PART, _PARTS = 5, 6  # words of a part of a dateline, and parts, at most
_LETTERS = "A-Za-zÀ-ɏ"
_SEPARATOR = re.compile(rf"[\n:|/\\()\[\]،,؛;•*–—―]|(?<![{_LETTERS}])-+|-+(?![{_LETTERS}])|\s[_ـ]+\s")  # a tatweel is a dash to some
_DASHES = frozenset("-–—―_ـ")
_STRONG = frozenset(":|/\\)]-\n–—―_ـ")
_BY = re.compile(r"(?:By|BY|Par|PAR|Von)\s+((?:[A-ZÀ-Þ][\w.'’-]*\s?){2,4}?)\s*(?=[\n,|(]|(?:Associated|Reuters|AFP|AP|The)\b)")
_BUTTONS = re.compile(r"(?:(?:Next|Previous|Prev)\s+){2}")
_CAPITALS = re.compile(r"[A-ZÀ-ÞĞİŞ]+(?:[ .,'-]+[A-ZÀ-ÞĞİŞ]+)*")
_URDU = re.compile("[ےںٹڈڑہھ]")
_BRACKET = re.compile(r"[(\[«]([^()\[\]«»\n]{2,70})[)\]»]\s*[.۔]?\Z")
_SIGN_OFF = re.compile(
    r"\(?\b(?:Additional )?(?:[Rr]eporting|[Ww]riting|[Cc]ompiled) by [^\n()]{3,250}\bediting by\b[^\n]{3,120}\Z"
    r"|\(?(?:تغطية صحفية|شارك في التغطية|إعداد|اعداد) [^\n]{3,120}(?:النشرة العربية|للنشرة العربية)[^\n]{0,80}\Z",
    re.IGNORECASE,
)
_REPORTING = re.compile(r"\(?\b(?:reporting|muhabir) ?(?:by|:) ([^\n();,.]{3,60})[).]*\Z", re.IGNORECASE)
_ENDED = re.compile(r"[\s/(#*-]*(?:انتهى|انتهي|ENDS|/END/|# ?# ?#)[\s/)#*]*(?:\d{1,2}[:.]\d\d[^\n]{0,20})?\s*\Z")
_TAGGED = re.compile(r"\s(?:سمات|الوسوم|وسوم|Tags:|Etiketler:)\s[^\n.]*\Z")
_LINK = re.compile(r"رابط الخبر (?:(?:ب|في |من |على )(?:صحيفة|جريدة|موقع) )([^:\n]{2,30})(?=:|\n|\Z)")
_LEAD = re.compile(
    r"(?:(?:\A|[\s.(*])(?:المصدر|المصادر|[Ss]ources?|[Kk]aynak|منبع|ماخذ)\s?:|(?:\A|[\s(*])(?:©|\([cC]\)|[Cc]opyright)|"
    r"(?:\A|[\s(*])(?:[Aa]vec|[Ww]ith(?: agency)?(?: inputs?| files| reporting| material)?(?: from)?|خدمة|بالاشتراك مع|ترجمة عن)(?=\s))"
    r"[\s:]*(?:(?:19|20)\d\d)?[\s:]*([^\n©:]{2,60})\Z"
)
# What stands in what these patterns match: a search for it is fast.
_SIGNS = ("iting by", "iting By", "eporting", "uhabir", "النشرة", "للنشرة")
_LEADS = ("مصدر", "مصادر", "ource", "aynak", "منبع", "ماخذ", "©", "(c)", "(C)", "opyright", "vec ", "ith ", "خدمة", "بالاشتراك", "ترجمة")
_TAGS, _ENDS = ("سمات", "وسوم", "Tags", "Etiket"), ("انته", "END", "# #", "##")
_CLOSING = frozenset((*'.!?؟۔»"”…\n', ""))


def dateline(text: str, sources: NewsSources) -> Iterator[Naming]:
    """Yield what the dateline at the start of a text names, and the byline that stands there.

    >>> from .sources import known_sources
    >>> [each.name for each in dateline("LONDON (Reuters) - Rain.", known_sources())], [*dateline("LONDON - Rain.", known_sources())]
    (['reuters'], [])
    """
    words = credit_words()
    begin = _begin(text)
    by = _BY.match(text, begin)
    if by is not None:
        begin = by.end()
        begin += len(text[begin : begin + 20]) - len(text[begin : begin + 20].lstrip(EDGES + ",|"))
    parts = _parts(text, begin)
    known = [all_named(text[start:end], sources, words) for start, end, _ in parts]
    for place, found in enumerate(known):
        if found and not _stands(text, parts, place, begin, words):
            found.clear()
    if by is not None and not any(kind == "agency" for found in known for _, kind in found):
        yield Naming(" ".join(by[1].split()), "staff", *by.span(1))
    for place, (start, end, _) in enumerate(parts):
        if not known[place] and by is None and (_is_byline(text, parts, known, place, words) or _is_desk(text[start:end], words)):
            known[place].append((text[start:end], "staff"))
        yield from (Naming(name, kind, start, end) for name, kind in known[place])


def _begin(text: str) -> int:
    """Return where the words of a text begin, behind the buttons of a gallery."""
    begin = len(text) - len(text.lstrip(EDGES))
    buttons = _BUTTONS.match(text, begin)
    return buttons.end() if buttons is not None else begin


def _is_desk(written: str, words: CreditWords) -> bool:
    """Tell whether words begin with own people and go on with their place: de notre correspondant à Alger."""
    folded = plain_words(written)
    return any(" " in desk and folded.startswith(f"{desk} ") for desk in words.desks)


def _parts(text: str, begin: int) -> list[tuple[int, int, str]]:
    """Return the short parts of a start that separators end, each with these separators."""
    found: list[tuple[int, int, str]] = []
    at = begin
    while len(found) < _PARTS and (mark := _SEPARATOR.search(text, at, min(at + _WIDE, begin + _HEAD))) is not None:
        start, end = at, mark.start()
        while start < end and text[start] in EDGES:
            start += 1
        while start < end and text[end - 1] in EDGES:
            end -= 1
        at = mark.end()
        if start < end:
            if text.count(" ", start, end) >= _PART:
                break
            found.append((start, end, mark[0]))
        elif found:
            found[-1] = (*found[-1][:2], found[-1][2] + mark[0])
        if "\n" in mark[0]:
            break
    return found


def _stands(text: str, parts: list[tuple[int, int, str]], place: int, begin: int, words: CreditWords) -> bool:
    """Tell whether a known name in a part of a start is that of a dateline: what ends it is strong, and what stands before is a place."""
    start, end, after = parts[place]
    if not _STRONG & {*after}:
        return any(_STRONG & {*mark} and other - end < 40 for _, other, mark in parts[place + 1 : place + 2])
    bracketed = start > begin and text[start - 1 : start] in ("(", "[")
    before = [text[other[0] : other[1]] for other in parts[:place]]
    if any(len(each.split()) > 4 for each in before):
        return False
    if not bracketed or not before:
        return True
    folded = [word for each in before for word in plain_words(each).split()]
    if words.called.intersection(folded) or any(word[1:] in words.called for word in folded) or words.speech.intersection(folded):
        return False
    if {*after} & (_DASHES | {":", "\n"}):
        return True
    near = before[-1]
    return len(near.split()) <= 3 and (_CAPITALS.fullmatch(before[0]) is not None or _URDU.search(text, begin, end + 60) is not None)


def _is_byline(
    text: str, parts: list[tuple[int, int, str]], known: list[list[tuple[str, CreditKind]]], place: int, words: CreditWords
) -> bool:
    """Tell whether a part of a start is the person who wrote the text, for a paper that stands behind the name, or behind "by"."""
    start, end, after = parts[place]
    written = text[start:end]
    kinds = {kind if name != "agencies" else "agencies" for found in known for name, kind in found}
    if "agency" in kinds or not {*after} & _STRONG:
        return False
    if place == 1 and not known[0] and plain_words(text[slice(*parts[0][:2])]) in words.by:
        return is_person(written, words)
    if place:
        return False
    if any(kind == "outlet" for found in known[1:] for _, kind in found):
        return is_person(written, words)
    if any(name == "agencies" for found in known[1:2] for name, _ in found):
        return is_person(written, words, given=True)
    behind = text[slice(*parts[1][:2])].split() if len(parts) == 2 else []
    return (
        0 < len(behind) < 3 and bool(_DASHES & {*after}) and {*parts[1][2]} & {":", "\n"} != set() and is_person(written, words, given=True)
    )


def signature(text: str, sources: NewsSources, carrier: str | None) -> Iterator[Naming]:
    """Yield what the end of a text names. ``carrier`` is the agency that its dateline or its fields name.

    >>> from .sources import known_sources
    >>> [each.name for each in signature("Rain fell.\\n© AFP", known_sources(), None)]
    ['afp']
    """
    words = credit_words()
    end = _end(text)
    start = max(0, end - _TAIL)
    tail = text[max(0, end - 2 * _TAIL) : end]
    if any(mark in tail for mark in _SIGNS):
        if (signed := _SIGN_OFF.search(text, max(0, end - 2 * _TAIL), end)) is not None:
            yield Naming(carrier or "reuters", "agency", *signed.span())
            return
        if carrier is None and (signed := _REPORTING.search(text, start, end)) is not None:
            yield Naming(" ".join(signed[1].split()), "staff", *signed.span(1))
            return
    if "رابط الخبر" in tail and (link := _LINK.search(text, start, end)) is not None:
        yield from (Naming(name, kind, *link.span(1)) for name, kind in all_named(link[1], sources, words, field=True))
    if text[max(0, end - 1) : end] in (")", "]", "»", ".", "۔") and (bracket := _BRACKET.search(text, start, end)) is not None:
        before = plain_words(text[max(0, bracket.start() - 60) : bracket.start()]).split()[-6:]
        closed = text[: bracket.start()].rstrip(" \u00a0")[-1:] in _CLOSING
        found = _signed(bracket[1], sources, words) if closed or not (bracket[0][0] == "«" or _calls(before, words)) else []
        yield from (Naming(name, kind, *bracket.span()) for name, kind in found)
        if found or bracket[0][0] != "«":
            return
    for line_start, line_end in _last_lines(text, start, end):
        found = _signed(text[line_start:line_end], sources, words)
        yield from (Naming(name, kind, line_start, line_end) for name, kind in found)
    begin = max(start, text.rfind("\n", 0, end) + 1, end - 90)
    if any(mark in text[begin:end] for mark in _LEADS) and (lead := _LEAD.search(text, begin, end)) is not None:
        yield from (Naming(name, kind, *lead.span(1)) for name, kind in all_named(lead[1], sources, words))


def _end(text: str) -> int:
    """Return where the news ends: before a line of tags and before what only says that it ends."""
    end = len(text.rstrip())
    tail = text[max(0, end - _TAIL) : end]
    if any(mark in tail for mark in _TAGS) and (tagged := _TAGGED.search(text, max(0, end - _TAIL), end)) is not None:
        end = tagged.start()
    tail = text[max(0, end - 60) : end]
    if any(mark in tail for mark in _ENDS) and (ended := _ENDED.search(text, max(0, end - 60), end)) is not None:
        end = len(text[: ended.start()].rstrip())
    return end


def _calls(before: list[str], words: CreditWords) -> bool:
    """Tell whether words call what follows an agency or a paper, so that it is the source of a statement."""
    return any(form in words.called for word in before for form in (word, word[1:])) or words.citing.intersection(before) != frozenset()


def _signed(written: str, sources: NewsSources, words: CreditWords) -> list[tuple[str, CreditKind]]:
    """Return the sources that a line or what stands in brackets names, with or without what introduces them."""
    lead = _LEAD.search(written) if any(mark in written for mark in _LEADS) else None
    found = all_named(lead[1] if lead else written, sources, words)
    if not found and lead and lead.start() > 1:  # Le Monde avec AFP
        found = all_named(lead[1], sources, words)
    return found or _own_of(written.strip(EDGES), sources, words)


def _own_of(written: str, sources: NewsSources, words: CreditWords) -> list[tuple[str, CreditKind]]:
    """Return the own people of a paper: خاص بـ«الشرق الأوسط»."""
    desk, _, paper = written.partition(" ")
    known = plain_words(desk) in words.desks and named_as_whole(paper.lstrip('بلـ«"“ '), sources, words, field=True)
    return [(desk, "staff")] if known else []


def _last_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the short last lines of a text, at most three, the last one first; never a line that is the whole text."""
    for _ in range(3):
        line = text.rfind("\n", start, end)
        if line < 0 or end - line > _LINE:
            return
        yield line + 1, end
        end = len(text[:line].rstrip())
