"""Find furniture in a text: bylines, datelines, credits, sign-offs, tag lines, link lines and share bars.

Position decides first (the start of a line, or what stands behind the last sentence of a line), then the shape (short, no verb, a place
and an agency with dashes or brackets), then words as evidence. No clause of the report may be taken for furniture: in doubt it is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex
from babel import Locale

from dedup.text.furniture import box_spans

from ..language.lexicon import Lexicon, fold_words
from ..model import Span
from . import furniture_words as words
from .scripts import script_spans
from .sign_offs import OUTLETS, glued_tags, phrases, sign_offs, signed_agencies

LONGEST = 8  # words of a byline or dateline
_SEGMENT = 4  # words of one part of it
_LINES = 400  # lines whose starts are looked at
_HEAD = 110  # characters of a line in which a dateline ends
_DASH = r"[-\u2013\u2014\u2012|/]"
_EDGE = r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]*"
# Parts with a dash between them, closed by a colon, a dash or the end of the line: "X - Agency - Place:".
_PART = r"[^\n:\-\u2012-\u2014|/().]{2,40}"
_PARTS = rf"{_EDGE}(?P<parts>{_PART}(?:\s?{_DASH}+\s?{_PART}){{1,3}}?)"
_CLOSED = (regex.compile(rf"{_PARTS}(?P<end>\s*(?::|\n|$))"), regex.compile(rf"{_PARTS}(?P<end>\s*{_DASH}+\s)"))
# "Agency - Place" with nothing behind it before the first word of the report.
_OPEN = regex.compile(rf"{_EDGE}(?P<one>[^\n:\-\u2012-\u2014|/().]{{2,24}}?)\s?[-\u2013\u2014]+\s?(?P<rest>\S+(?:\s+\S+)?)")
# A place and an agency in brackets: "ALEPPO, Syria (AP) —", "دمشق (سانا)".
_BRACKETS = regex.compile(
    rf"{_EDGE}(?P<place>[^\n:()]{{0,60}}?)\s*[(\[](?P<agency>[^()\[\]\n]{{2,40}})[)\]]\s*(?P<end>[-\u2013\u2014:]+\s*|\n|$)?"
)
_DIVIDED = regex.compile(r"[,،۔]| - ")  # a place and what stands behind it: Karachi ۔ 12 May (APP)
_DATED = regex.compile(rf"{_EDGE}[^\p{{Nd}}۔،,]{{2,30}}۔+\s?(?:\p{{Nd}}{{1,2}}|یکم)\s?(?P<month>\p{{L}}+)")
# A row of Urdu full stops for a dash: "لاہور۔۔۔۔۔".
_STOPS = regex.compile(rf"{_EDGE}(?P<places>[^\n\p{{Nd}}۔:()]{{2,40}}?)\s?۔{{2,}}\s*")
_MORE = r"(?:,\s(?:\p{Lu}[\p{L}.]+|\d+)(?:\s(?:\p{L}[\p{L}.]+|\d+))?)"
_CAPITALS = regex.compile(rf"{_EDGE}(?P<place>\p{{Lu}}{{4,}}(?:[ .'-]+\p{{Lu}}{{2,}})*)(?P<more>{_MORE}{{0,2}})\s+[-\u2013\u2014]{{1,2}}\s")
_BY = regex.compile(rf"{_EDGE}(?:{words.BY})(?:\s*:|\s)\s*(?P<name>[^\n.:،,;(]{{3,60}})(?:\n|$)")
_ALONE = regex.compile(rf"{_EDGE}(?P<name>[^\n.:!?؟،,;0-9]{{4,40}})\n")


_CREDITS = phrases(words.CREDITS)


@lru_cache
def _cities(language: str) -> frozenset[str]:
    zones = Locale.parse(language).time_zones
    return phrases(words.CITIES) | {fold_words(zone["city"]) for zone in zones.values() if "city" in zone}


def _is_place(phrase: str, lexicon: Lexicon) -> bool:
    return phrase in _cities(lexicon.language) or phrase in lexicon.lists["countries"]


def _known_name(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.lists["names"]


def _is_person(phrase: str, lexicon: Lexicon) -> bool:
    """Tell whether a phrase is a person's name: two to four words, one of them a known name, none a verb, preposition or number."""
    parts = [word for word in phrase.split() if word not in lexicon.lists["honorifics"]]
    titled = len(parts) < len(phrase.split())
    if not 2 <= len(parts) <= _SEGMENT or any(word.isdigit() or lexicon.is_verb(word) for word in parts):
        return False
    if any(lexicon.phrase_length(name, [word], 0) for word in parts for name in ("prepositions", "connectives", "say", "groups", "places")):
        return False
    return (titled or any(_known_name(word, lexicon) for word in parts)) and sum(
        lexicon.is_common(w) and not _known_name(w, lexicon) for w in parts
    ) == 0


def _evidence(part: str, lexicon: Lexicon) -> str:
    """Return what a part of a dateline is: "outlet", "place", "person", "unknown" words that may be names, or "" for other words."""
    phrase = fold_words(part)
    if not phrase or len(phrase.split()) > _SEGMENT:
        return ""
    if phrase in OUTLETS or phrase in _CREDITS or phrase.split()[0] in _CREDITS:
        return "outlet"
    if _is_place(phrase, lexicon):
        return "place"
    if _is_person(phrase, lexicon):
        return "person"
    parts = phrase.split()
    if any(word.isdigit() or lexicon.is_verb(word) or lexicon.is_common(word) for word in parts):
        return ""
    return "unknown"


def _are_parts(parts: Sequence[str], closed_by: str, lexicon: Lexicon) -> bool:
    """Tell whether parts between dashes are a byline or dateline."""
    found = [_evidence(part, lexicon) for part in parts]
    if sum(len(part.split()) for part in parts) > LONGEST:
        return False
    if all(found):
        return "outlet" in found or ("person" in found and "place" in found and len(found) > 1 and closed_by != "-")
    # An outlet or a byline that no list has, before a city, in a line of its own.
    others = [part for part, kind in zip(parts, found, strict=True) if not kind]
    ordinary = len(others) == 1 and len(others[0].split()) <= 3 and not any(map(lexicon.is_verb, fold_words(others[0]).split()))
    if not ordinary or any(map(str.isdigit, others[0])):
        return False
    return "outlet" in found or (closed_by == "\n" and found[-1] == "place" and len(parts) == 2)


def _parts_end(line: str, lexicon: Lexicon) -> int:
    """Return where a byline or dateline of parts with dashes ends at the start of a line, 0 for none."""
    for pattern in _CLOSED:
        match = pattern.match(line[:_HEAD] + "." * (len(line) > _HEAD))
        if not match:
            continue
        parts = [part.strip() for part in regex.split(_DASH + "+", match["parts"])]
        end = match["end"].strip()
        closed_by = ":" if end == ":" else "-" if end else "\n"
        if _are_parts(parts, closed_by, lexicon):
            return match.end("end") if closed_by != "\n" else match.end("parts")
    return _open_end(line, lexicon)


def _open_end(line: str, lexicon: Lexicon) -> int:
    """Return where "Agency - Place" ends before the first word of the report, also one that is glued to it; 0 for none."""
    match = _OPEN.match(line)
    first = _evidence(match["one"].strip(), lexicon) if match else ""
    if not match or first not in ("outlet", "person"):
        return 0
    rest = match["rest"].split()
    if first == "person":  # the report must begin right behind it
        behind = fold_words(rest[1]) if len(rest) > 1 else ""
        return match.start("rest") + len(rest[0]) if lexicon.is_verb(behind) and _is_place(fold_words(rest[0]), lexicon) else 0
    if fold_words(rest[0]) in _CREDITS:
        return match.start("rest") + len(rest[0])
    for count in (2, 1):
        if len(rest) >= count and _is_place(fold_words(" ".join(rest[:count])), lexicon):
            return match.start("rest") + match["rest"].index(rest[count - 1], len(rest[0]) if count > 1 else 0) + len(rest[count - 1])
    for length in range(len(rest[0]) - 3, 2, -1):
        if _is_place(fold_words(rest[0][:length]), lexicon) and lexicon.is_verb(fold_words(rest[0][length:])):
            return match.start("rest") + length
    return 0


def _brackets_end(line: str, lexicon: Lexicon) -> int:
    """Return where a place with an agency in brackets ends at the start of a line, 0 for none."""
    match = _BRACKETS.match(line)
    if not match:
        return 0
    place = fold_words(match["place"])
    agencies = [fold_words(each) for each in regex.split(r"[/،,؛;\-–]| and | et ", match["agency"])]
    agency = any(each in OUTLETS or each in _CREDITS or any(OUTLETS & {each.split(" ", 1)[0]}) for each in agencies if each)
    inside = place.split()
    plain = len(inside) <= LONGEST and not any(map(lexicon.is_verb, inside)) and not any(lexicon.has("say", word) for word in inside)
    if lexicon.has_capitals:
        plain = plain and (not match["place"].strip() or match["place"].strip()[0].isupper())
    dated = _DATED.fullmatch(match["place"])
    located = _is_place(place, lexicon) or _is_place(fold_words(_DIVIDED.split(match["place"])[0]), lexicon)
    located = located or (dated is not None and fold_words(dated["month"]) in lexicon.lists["months"])
    capitals = match["place"].split(",")[0].isupper()
    if not plain:
        return 0
    if agency and (match["end"] or located or capitals):
        return match.end()
    initials = match["agency"].isupper() and len(match["agency"]) <= 8
    return match.end() if (located or capitals) and initials and (match["end"] or "").strip(" \n:") else 0


def _stops_end(line: str, lexicon: Lexicon) -> int:
    """Return where a dateline of places ends that a row of Urdu full stops closes, 0 for none."""
    match = _STOPS.match(line)
    return match.end() if match and all(_is_place(fold_words(each), lexicon) for each in regex.split("[/،,]", match["places"])) else 0


def _capitals_end(line: str, lexicon: Lexicon) -> int:
    """Return where a dateline in capitals ends, without an agency: "ALEPPO, Syria —"; 0 for none."""
    match = _CAPITALS.match(line) if lexicon.has_capitals else None
    if not match:
        return 0
    place = fold_words(match["place"])
    known = _is_place(place, lexicon) or bool(match["more"])
    return match.end() if known and not lexicon.phrase_length("groups", place.split(), 0) else 0


def _byline_end(line: str, first: bool, lexicon: Lexicon) -> int:
    """Return where a line ends that is only a byline: "By Jane Doe", or in the first line a name alone; 0 for none."""
    if match := _BY.match(line):
        names = [name for name in regex.split(r"\s+(?:and|et|ve|و|with|avec)\s+|\s*[-–—|/&]\s*", match["name"].strip()) if name]
        found = [_evidence(name, lexicon) for name in names]
        capitals = all(w[:1].isupper() for name in names for w in name.split() if len(w) > 3) if lexicon.has_capitals else True
        shaped = all(found) or (lexicon.has_capitals and capitals and all(2 <= len(name.split()) <= _SEGMENT for name in names))
        if shaped and capitals:
            return match.end("name")
    if first and not lexicon.has_capitals and (match := _ALONE.match(line + "\n")) and _is_person(fold_words(match["name"]), lexicon):
        return match.end("name")
    return 0


def _head_end(line: str, first: bool, lexicon: Lexicon) -> int:
    """Return where the byline or dateline at the start of a line ends, 0 for none.

    >>> from reports.language.lexicon import load_lexicon
    >>> line = "ALEPPO, Syria (AP) — Shells fell on the town."
    >>> line[_head_end(line, True, load_lexicon("en")):]
    'Shells fell on the town.'
    """
    near = line[:_HEAD]
    end = 0
    if "(" in near or "[" in near:
        end = _brackets_end(line, lexicon)
    if not end and "۔۔" in near:
        end = _stops_end(line, lexicon)
    if not end and any(dash in near for dash in "-\u2013\u2014|/"):
        end = _capitals_end(line, lexicon) or _parts_end(line, lexicon)
    return end or _byline_end(line, first, lexicon)


@lru_cache(maxsize=8)
def _spans(text: str, language: str, lexicon: Lexicon) -> tuple[Span, ...]:
    found = [*(Span(*span) for span in box_spans(text)), *script_spans(text)]
    start, first = 0, True
    for line in text.split("\n")[:_LINES]:
        if line.strip():
            end = _head_end(line, first, lexicon)
            if end and (end < len(line) or len(text) > len(line)):
                while end < len(line) and line[end] in " \t\u00a0":
                    end += 1
                found.append(Span(start, start + end))
                first = first and end >= len(line)  # the line after a byline may be one too
            else:
                first = False
        start += len(line) + 1
    found += [*sign_offs(text, lexicon), *signed_agencies(text, lexicon), *glued_tags(text, lexicon)]
    return _joined(sorted(found, key=lambda span: (span.start, span.end)))


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in spans:
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def furniture_in(text: str, lexicon: Lexicon) -> tuple[Span, ...]:
    """Return the spans of a text that are furniture, in order; none where nothing else would be left.

    >>> from reports.language.lexicon import load_lexicon
    >>> text = "By Jane Doe\\nTwo died. Read more: The storm in pictures"
    >>> [span.of(text) for span in furniture_in(text, load_lexicon("en"))]
    ['By Jane Doe', 'Read more: The storm in pictures']
    """
    spans = _spans(text, lexicon.language, lexicon)
    left = len(text.strip()) - sum(len(span.of(text).strip()) for span in spans)
    return spans if left > 0 else ()


def is_furniture(span: Span, text: str, lexicon: Lexicon) -> bool:
    """Tell whether a span of a text, such as a sentence, is nothing but furniture.

    >>> from reports.language.lexicon import load_lexicon
    >>> text = "By Jane Doe\\nTwo died."
    >>> is_furniture(Span(0, 11), text, load_lexicon("en")), is_furniture(Span(12, 21), text, load_lexicon("en"))
    (True, False)
    """
    return any(each.start <= span.start and span.end <= each.end for each in furniture_in(text, lexicon))
