"""Spellings that depend on the letters and words around: the same words written together or apart, and letters that stand for one sound.

What is folded here needs more than one character to tell, so `fold` does not do it. Every text keeps its length: a letter takes the place
of another; a half space, which `fold` drops, that of a space within a word; and a spaced letter, which has a space before it, that of a
letter. So spans stay those of the text.

Persian and Urdu: endings and the prefix of the present are written on to the word beside them, with a half space, a space or nothing
between (می شود). Words of a closed class are parted (کیلئے, اسکے, اینکه) or joined (هم چنین, جب کہ), as is more usual. Urdu: yeh barree and
noon ghunna within a word are yeh and noon; hamza on waw or yeh is written in several ways (رہنماؤں, رہنمائوں; لئے, لیے, لیئے). At the end
of a word yeh and yeh barree are two letters (لڑکی, لڑکے).

In every language a character reference of HTML is its character, for texts that no reader decoded.
"""

from __future__ import annotations

import re

from .edges import BEH_HEH, SPACED
from .late import late

_HALF_SPACE = "\N{ZERO WIDTH NON-JOINER}"  # dropped by `fold`
# Letters that Arabic does not have: yeh and gaf of Persian and Urdu, yeh barree. A text without any is left as it is, which saves time.
_PERSIAN = "\N{ARABIC LETTER FARSI YEH}", "\N{ARABIC LETTER GAF}", "\N{ARABIC LETTER YEH BARREE}"
_URDU = "ےہںھٹڑڈ"
_LETTER = r"[^\W\d_]"
_BEGIN, _END = r"(?<!\w)", r"(?!\w)"
_SPACE = "[ \N{NO-BREAK SPACE}]"


def _typed(words: str) -> str:
    """Return a pattern of words with "|" or a space between, with yeh and kaf also as an Arabic keyboard has them."""
    return words.replace("ی", "[یي]").replace("ک", "[کك]").replace(" ", "|")


def _behind(words: str) -> str:
    """Return the pattern of a place one character behind one of some words."""
    return "(?:" + "|".join(f"(?<={_BEGIN}{_typed(word)}.)" for word in words.split()) + ")"


def _joined(*groups: tuple[str, str]) -> re.Pattern[str]:
    """Return the pattern of a space between one of some words and one of others."""
    each = (f"(?=(?:{_typed(then)}){_END}){_behind(words)}" for words, then in groups)
    return late(f"{_SPACE}(?:{'|'.join(each)})")


# Patterns begin with a character wherever they can: those that begin with a look behind take several times as long.
_ENDINGS = late(f"{_SPACE}(?=(?:{_typed('ها(?:ی{1,2}|ی?(?:م|ت|ش|مان|تان|شان))?|تر(?:ین)?|ای')}){_END})(?<={_LETTER}.)")
_PRESENT = late(rf"م[یي]{_SPACE}(?={_LETTER})(?:(?<={_BEGIN}م..)|(?<={_BEGIN}نم..))")
_JOINED_URDU = _joined(("جب بل تا کیوں چوں حالاں", "کہ"))
_JOINED_PERSIAN = _joined(
    ("هم", "چنین چنان اکنون"),
    ("این آن", "جا"),
    ("آن چنان", "چه"),
    ("بنابر", "این"),
    ("علی", "رغم"),
    ("در", "باره"),
    ("تا", "کنون"),
    ("یک", "دیگر"),
)
_AUXILIARY = "سکا سکی سکے سکتا سکتی سکتے چکا چکی چکے رہا رہی رہے رہیں"
_AFTER_KE = "لئے لیے لیئے ساتھ خلاف مطابق دوران بعد علاوہ بارے ذریعے باوجود تحت بغیر باعث طور حوالے سامنے متعلق"
_PARTED_KE = late(f"[کك](?<={_BEGIN}.)[یيے](?=(?:{_typed(_AFTER_KE)}){_END})(.)")
_PARTED_URDU = late(
    "|".join(
        rf"{word[0]}(?<!\w.){word[1]}(?=(?:{_typed(then)}){_END})(.)"
        for words, then in (
            ("کی", "طرف طرح جانب وجہ خاطر"),
            ("اس جس", "کے کا کی کو نے میں پر طرح وقت قدر لئے لیے لیئے"),
            ("ان جن", "کے کا کی کو میں پر"),
            ("ہو", "گیا گئی گئے گئیں " + _AUXILIARY),
            ("کر", "دیا دئے دیے دیئے دیں لیا لئے لیے کے " + _AUXILIARY),
            ("جا", _AUXILIARY),
        )
        for word in words.split()
    )
)
_PARTED_AGENT = late(f"ن[یے]و(?=ال(?:ا|ے|ی|وں){_END})")
_FUTURE = late(f"(ین|ون|ئی|ئے|ی|و)گ(?=[اےی]{_END})")
_FUTURE_STEMS = frozenset(["کر", "رہ", "سک", "مل", "بن", "رکھ", "دیکھ", "نکل", "چل"])  # before یگا
_NOT_FUTURE = frozenset(["رین", "سین", "پین", "بین", "گون", "مون", "ڈون", "لون", "ڈھون", "ادائی", "ہمسائی"])  # before گے or گی
_PARTED_PERSIAN = late(
    f"[کك](?=ه{_END}){_behind('این آن حالی صورتی زمانی هنگامی وقتی طوری درحالی')}"
    f"|ح(?=ال[یي](?:[کك]ه)?{_END})(?<={_BEGIN}درح)"
    f"|[گط](?=(?:ونه|ور){_END}){_behind('این آن همان همین')}"
)
_WITH = "ویژه طور طوری عنوان دلیل خصوص منظور صورت وسیله جای خاطر زودی سوی نظر علت موجب همراه تدریج ندرت"
# Some write these with a half space that is no space within a word.
_HALF_PARTED = late(f"{_HALF_SPACE}(?<=ه.)(?:(?=(?:است|اند|ام|ایم|اید){_END})|(?<={_BEGIN}به.)(?=(?:{_typed(_WITH)}){_END}))")
# Others write them with nothing between.
_GLUED = late(
    f"ه(?:(?<={_BEGIN}به)(?=(?:{_typed(_WITH)}){_END})"
    f"|(?:(?<=[شز]ده)|(?<=(?:[كک]رد|داد|بود|گفت|آمد|رفت)ه)|(?<=(?:گرفت|داشت|ساخت)ه))(?=(?:است|اند){_END}))(.)"
)
_PARTED_WITH = late(f"ب(?=(?:{_typed(_WITH)}){_END})(?<={_BEGIN}ب)")
_INSIDE = late(f"[ےں](?={_HALF_SPACE}?{_LETTER})")
_HAMZA_WAW = late(f"و(?=ں{_END})(?<=[اآ].)")
_YEH_YEH = late("[ئی](?=[یي])(?<=[اآو].)")
_YEH_BARREE = late("(?:یئ|ئی|یی|ی)ے")
_REFERENCE = late(r"&(?:amp;)*((?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)")


def with_one_spelling(texts: list[str]) -> list[str]:
    r"""Return texts, each of the same length, with what Persian, Urdu and HTML write in several ways written in one.

    >>> with_one_spelling(["برنامه های تازه می رسد"]) == ["برنامه\u200cهای تازه می\u200cرسد"]
    True
    >>> from dedup.text.fold import fold
    >>> fold(*with_one_spelling(["عوام کے لئے"])) == fold(*with_one_spelling(["عوام کیلیے"]))
    True
    >>> fold(*with_one_spelling(["Smith&nbsp;&amp; S&ouml;hne"])).split()
    ['smith', 'sohne']
    """
    referring = {place for place, text in enumerate(texts) if ";" in text and "&" in text}
    if referring:
        texts = [_REFERENCE.sub(_character, text) if place in referring else text for place, text in enumerate(texts)]
    yeh, gaf, barree = _PERSIAN
    marked = {place for place, text in enumerate(texts) if yeh in text or gaf in text or barree in text}
    if not marked:
        return texts
    return [_respelled(text) if place in marked else text for place, text in enumerate(texts)]


def _respelled(text: str) -> str:
    text = _ENDINGS.sub(_HALF_SPACE, _PRESENT.sub(_with_half_space, text))
    text = text.replace("ی\N{ARABIC HAMZA ABOVE}", "ئ" + _HALF_SPACE).replace("ئو", "ؤ" + _HALF_SPACE)
    if not any(letter in text for letter in _URDU):
        text = _HALF_PARTED.sub(" ", _JOINED_PERSIAN.sub(_HALF_SPACE, text))
        text = _GLUED.sub(lambda found: "ه" + _spaced(found[1]), text)
        text = _PARTED_WITH.sub(BEH_HEH, text)
        return _YEH_YEH.sub("ی", _PARTED_PERSIAN.sub(_spaced, text))
    text = _HAMZA_WAW.sub("ؤ", text) if "اوں" in text or "آوں" in text else text
    text = _INSIDE.sub(lambda found: "ی" if found[0] == "ے" else "ن", _JOINED_URDU.sub(_HALF_SPACE, text))
    text = _YEH_BARREE.sub(_yeh_barree, _YEH_YEH.sub("ئ", text))
    text = _PARTED_AGENT.sub(lambda found: "نے" + _spaced("و"), _PARTED_KE.sub(lambda found: "کے" + _spaced(found[1]), text))
    return _FUTURE.sub(_future, _PARTED_URDU.sub(lambda found: found[0][:-1] + _spaced(found[0][-1]), text))


def _spaced(letter: str | re.Match[str]) -> str:
    return chr(SPACED + ord(letter if isinstance(letter, str) else letter[0]))


def _character(found: re.Match[str]) -> str:
    """Return the characters that a reference names, and half spaces, in its length; the reference if it names none."""
    from html import unescape  # whose table of names takes a while to load

    written = unescape("&" + found[1])
    return found[0] if written == "&" + found[1] or len(written) > len(found[0]) else written.ljust(len(found[0]), _HALF_SPACE)


def _with_half_space(found: re.Match[str]) -> str:
    return found[0][:-1] + _HALF_SPACE


def _future(found: re.Match[str]) -> str:
    """Return a parted ending of the future tense: کرینگے is کریں گے, جائیگا is جائے گا. Other words stay: لیگی, مہنگے, یوگا."""
    text, end = found.string, found.start()
    start = end
    while start and text[start - 1].isalpha():
        start -= 1
    stem, last = text[start:end], found[1]
    if stem + last in _NOT_FUTURE or not stem:
        return found[0]
    if last in ("ین", "ون"):
        parted = True
    elif last == "و":
        parted = stem == "ہ"
    else:
        parted = last != "ی" or stem in _FUTURE_STEMS or (stem in ("د", "ل") and text[found.end()] == "ا")
    if not parted:
        return found[0]
    return {"ین": "یں", "ون": "وں", "ئی": "ئے", "ی": "ے"}.get(last, last) + _spaced("گ")


def _yeh_barree(found: re.Match[str]) -> str:
    """Return the one way to write a yeh barree with hamza or yeh before it. Behind a waw, yeh is another sound (رویے, روئے)."""
    before, written = found.string[max(0, found.start() - 1) : found.start()], found[0]
    if not before.isalpha() or (before == "و" and written == "یے"):
        return written
    if len(written) == 2:
        return "ئے"
    return "ئیے" if before in "اآو" else "ئے" + _HALF_SPACE
