"""Find the cosmetic kind of a change: spelling, vowel signs, typography, invisible characters."""

from __future__ import annotations

import unicodedata

import regex

from dedup.text.fold import fold

from ..language.lexicon import Lexicon
from ..model import Kind
from .agreement import is_same_noun

_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}--[\n\t]]", regex.VERSION1)
# Ligatures and presentation forms, full and half width.
_FORMS = regex.compile(r"[\uFB00-\uFDFF\uFE70-\uFEFF\uFF00-\uFFEF]")
# Signs that carry meaning: currencies, signs of arithmetic, percent and degrees, superscripts and fractions, flags.
_MEANINGFUL_SIGN = regex.compile(r"[\p{Sc}\p{Sm}\p{No}\p{Regional_Indicator}%\N{ARABIC PERCENT SIGN}\N{PER MILLE SIGN}\N{DEGREE SIGN}]")
_HARAKAT = regex.compile(r"[\N{ARABIC FATHATAN}-\N{ARABIC SUKUN}\N{ARABIC LETTER SUPERSCRIPT ALEF}]")
_SHADDA = "\N{ARABIC SHADDA}"
_HARD_G = str.maketrans("جق", "غغ")
_LONG_VOWELS = "اوي"
_LONG_NAME = 6  # letters from which a word with one more long vowel is the same foreign name
_LONG_STUTTER = 7  # letters from which a word with one letter typed twice is the same word
_ENOUGH = 4  # places that are looked at in a row of one letter; more say the same
_FOREIGN = 5  # letters from which a word with one of these letters exchanged is the same word
_SEATS = str.maketrans("أإآؤئىء", "اااويي" + "ء")  # the letter that carries a hamza, without it
# Urdu and Persian: what carries a hamza, and the two forms of yeh; inside of a word they say nothing, at its end they tell words apart.
_CARRIERS = str.maketrans("ؤئيىۓ", "ویییے")
_YEH_INSIDE = regex.compile(r"ے(?=\p{L})")
_LAST_HAMZA = regex.compile(r"(?<=\p{L}ا)ء$")  # وزراء, وزرا
_LOST_CARRIER = 6  # letters from which a word without the letter of a hamza is the same word: چیرمین. میر is not میئر
_LOOK_ALIKE = ("بتثني", "جحخ", "سش", "صض", "طظ", "عغ", "فق", "دذ", "رز")  # letters that only their dots tell apart
_TYPED = 5  # letters from which a word with one wrong dot is a typing error
_LEFT_OUT = 7  # the same for a letter that was left out
_MAKSURA = 3  # letters from which a last alef may be written as either: دعا, دعى
_THAT_NOT = regex.compile(r"\b([وفب]?)(?:أن لا|ألّا)\b")
_ENDINGS = ("", "ه", "ا", "ات", "ون", "ين", "ي", "يه", "يا", "يون", "يين")  # of a noun that is spelled in two ways
_PHRASE = 4  # words of a phrase that are compared one by one
_PUNCTUATION = regex.compile(r"[^\p{L}\p{M}\p{N}]|\N{ARABIC TATWEEL}")


def _visible(text: str) -> str:
    """Return the text as readers see it: composed, without ignorable characters, presentation forms and widths."""
    shown = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)) if not text.isspace() else text
    return _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), shown)


def _plain(text: str) -> str:
    return _PUNCTUATION.sub("", text)


def _meaningful_signs(text: str) -> list[str]:
    """Return the signs of a text that carry meaning (currencies, percent, arithmetic), sorted."""
    return sorted(_MEANINGFUL_SIGN.findall(text.replace("\N{ARABIC PERCENT SIGN}", "%")))


def _vowels_conflict(a: str, b: str) -> bool:
    """Tell whether a letter has different vowel signs in two spellings; no sign on one of them is no conflict."""
    letters: list[list[tuple[str, str]]] = []
    for word in (a, b):
        signs: list[tuple[str, str]] = []
        for character in unicodedata.normalize("NFC", word):
            if _HARAKAT.match(character) and signs:
                signs[-1] = (signs[-1][0], signs[-1][1] + character)
            elif not _HARAKAT.match(character):
                signs.append((character, ""))
        letters.append(signs)
    if len(letters[0]) != len(letters[1]):
        return False
    pairs = ((x[1].replace(_SHADDA, ""), y[1].replace(_SHADDA, "")) for x, y in zip(*letters, strict=True))
    return any(x and y and x != y for x, y in pairs)  # a doubled letter often stands without its vowel


def _differ_by_typing_error(a: str, b: str) -> bool:
    """Tell whether two long words differ by a typing error: two neighbouring letters exchanged, or a letter typed again."""
    if min(len(a), len(b)) < 5 or a[0] != b[0]:
        return False
    if len(a) == len(b):
        wrong = [place for place in range(len(a)) if a[place] != b[place]]
        return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
    shorter, longer = sorted((a, b), key=len)
    # A letter typed again: خلالهخا for خلالها. Endings are left alone, they are other forms.
    more = _inserted_letter_places(longer, shorter) if len(longer) >= _LONG_STUTTER else range(0)
    return any(2 <= place < len(longer) - 1 and longer[place] in longer[:place] for place in more[:_ENOUGH])


def _inserted_letter_places(longer: str, shorter: str) -> range:
    """Return the places of the one letter that the longer word has more; several in a row of equal letters, none for other words.

    >>> _inserted_letter_places("letter", "leter"), _inserted_letter_places("letter", "later")
    (range(2, 4), range(0, 0))
    """
    last = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if len(longer) != len(shorter) + 1 or longer[last + 1 :] != shorter[last:]:
        return range(0)
    first = last
    while first and longer[first - 1] == longer[last]:
        first -= 1
    return range(first, last + 1)


def _same_sound(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether two foreign words differ only in the letter for a hard g, or in a vowel: إنستجرام, إنستغرام; دوسلدورف, دوسيلدورف."""
    words = (a, b)
    if not lexicon.article or min(map(len, words)) < _FOREIGN or all(map(lexicon.is_common, words)):
        return False
    known = any(form in lexicon.common for word in words for form in lexicon.variants(word))
    if known and min(map(len, words)) < _LONG_STUTTER:
        return False
    shorter, longer = sorted((a.translate(_HARD_G), b.translate(_HARD_G)), key=len)
    if shorter == longer or len(shorter) < _LONG_NAME:
        return shorter == longer
    return any(1 <= place < len(longer) - 1 and longer[place] in _LONG_VOWELS for place in _inserted_letter_places(longer, shorter))


def _misses_hamza(a: str, b: str) -> bool:
    """Tell whether two words differ in how a hamza is written: مؤقت, موقت; مفاجئ, مفاجيء; بدأوا, بدؤوا."""
    one, other = (word.replace("يء", "ئ").replace("ؤو", "أو").translate(_SEATS) for word in (a, b))
    return one == other and len(one) > _MAKSURA


def _differ_in_yeh(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether Urdu or Persian words differ in a carrier of hamza or in the form of a yeh inside: کےلئے, کیلئے; کاونٹر, کاؤنٹر.

    Words that one text writes together end inside of its word: کے لئے, کیلئے.

    >>> from reports.language.lexicon import load_lexicon
    >>> alike, others = (("مےں", "میں"), ("گاوں", "گائوں"), ("کے لئے", "کیلئے")), (("گئے", "گے"), ("میئر", "میر"), ("کے وزیر", "کی وزیر"))
    >>> [[_differ_in_yeh(*pair, load_lexicon("ur")) for pair in pairs] for pairs in (alike, others)]
    [[True, True, True], [False, False, False]]
    """
    if lexicon.language not in ("fa", "ur"):
        return False
    words = [[_plain(word) for word in text.split()] for text in (a, b)]
    if len(words[0]) != len(words[1]):
        words = [["".join(each)] for each in words]
    return [*map(_without_carriers, words[0])] == [*map(_without_carriers, words[1])]


def _without_carriers(word: str) -> str:
    bare = fold(_LAST_HAMZA.sub("", _YEH_INSIDE.sub("ی", word.replace("ئو", "ؤ").translate(_CARRIERS))))
    return bare[:-1].replace("يي", "ي") + bare[-1] if len(bare.replace("يي", "ي")) >= _LOST_CARRIER else bare


def _same_long_a(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether two words differ only in the letter for a long a at their end: دعا, دعى."""
    ends = {a[-1:], b[-1:]} == {"ا", "ى"} and fold(a[:-1]) == fold(b[:-1])
    return ends and len(a) >= _MAKSURA and not any(lexicon.has("prepositions", fold(word)) for word in (a, b))


def _is_wrong_letter(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether one word is a typing error for the other, which alone is a known word: سببقى, سيبقى; المستفيات, المستشفيات."""
    known = [any(form in lexicon.common for form in lexicon.variants(word)) for word in (a, b)]
    if not lexicon.article or known[0] == known[1] or min(len(a), len(b)) < _TYPED or a[:1] != b[:1]:
        return False
    wrong = a if known[1] else b
    if lexicon.has("names", wrong) or lexicon.is_common(wrong):
        return False
    if len(a) == len(b):
        places = [place for place in range(len(a)) if a[place] != b[place]]
        return len(places) == 1 and any(a[places[0]] in group and b[places[0]] in group for group in _LOOK_ALIKE)
    shorter, longer = sorted((a, b), key=len)
    return wrong == shorter and len(longer) >= _LEFT_OUT and bool(_inserted_letter_places(longer, shorter))


def _is_variant_inside(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether two words are variants of the list behind the same particles and before the same ending: للصحفيين, للصحافيين."""
    for pair in lexicon.variant_spellings if lexicon.article else ():
        for one, other in (tuple(pair), tuple(pair)[::-1]) if len(pair) == 2 else ():
            place = a.find(one) if len(one) > 2 else -1
            if place < 0 or a[:place] + other + a[place + len(one) :] != b:
                continue
            if (not place or a[:place] in lexicon.prefixes or a[:place] == "لل") and a[place + len(one) :] in _ENDINGS:
                return True
    return False


def _has_extra_vowel(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether a small word was written with a vowel that is only spoken: ذالك for ذلك; or a last letter twice: يحي, يحيى."""
    shorter, longer = sorted((a, b), key=len)
    if not lexicon.article or len(longer) != len(shorter) + 1:
        return False
    if longer == shorter + "ي" and shorter[-1:] == "ي":
        return lexicon.has("names", longer) or lexicon.has("names", shorter)
    places = _inserted_letter_places(longer, shorter)
    spoken = any(longer[place] == "ا" and 0 < place < len(longer) - 1 for place in places)
    return spoken and len(shorter) >= _MAKSURA and shorter in lexicon.lists["stopwords"] and longer not in lexicon.lists["stopwords"]


def _misses_letter(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether one letter inside of a long foreign word was left out: حتشبسوت, حتبسوت. No known word is among them."""
    shorter, longer = sorted((a, b), key=len)
    bare = shorter.removeprefix(lexicon.article) if lexicon.article else ""
    if len(bare) < _LONG_NAME or any(map(lexicon.is_common, (a, b))) or any(lexicon.has("names", word) for word in (a, b)):
        return False
    return any(2 <= place < len(longer) - 2 for place in _inserted_letter_places(longer, shorter))


def _has_other_vowel(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether two foreign words differ in one long vowel: أنجليس, أنجلوس. No known word is among them."""
    if not lexicon.article or len(a) != len(b) or len(a) < _LONG_NAME or a[0] != b[0] or any(map(lexicon.is_common, (a, b))):
        return False
    places = [place for place in range(len(a)) if a[place] != b[place]]
    known = any(lexicon.has(name, word) for name in ("names", "countries") for word in (a, b))
    return len(places) == 1 and {a[places[0]], b[places[0]]} <= set(_LONG_VOWELS) and not known


def _spelled_alike(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether two plain words are one in another spelling or case."""
    folded_a, folded_b = fold(a), fold(b)
    return (
        folded_a == folded_b
        or {folded_a, folded_b} in lexicon.variant_spellings
        or {folded_a.removesuffix("ا"), folded_b.removesuffix("ا")} in lexicon.variant_spellings
        or _differ_by_typing_error(folded_a, folded_b)
        or _same_sound(folded_a, folded_b, lexicon)
        or (bool(lexicon.article) and (_misses_hamza(a, b) or _same_long_a(a, b, lexicon)))
        or is_same_noun(folded_a, folded_b, lexicon)
        or _is_wrong_letter(folded_a, folded_b, lexicon)
        or _is_variant_inside(folded_a, folded_b, lexicon)
        or _has_extra_vowel(folded_a, folded_b, lexicon)
        or _has_other_vowel(folded_a, folded_b, lexicon)
        or _misses_letter(folded_a, folded_b, lexicon)
    )


def _in_minimal_pair(a: str, b: str, lexicon: Lexicon) -> bool:
    """Tell whether the two spellings are two different words, by the list of the language."""
    return any({a, b} == {one, other} for one, other in lexicon.minimal_pairs)


def _is_one_word(a: str, b: str, lexicon: Lexicon) -> bool:
    return not _in_minimal_pair(a, b, lexicon) and (_spelled_alike(a, b, lexicon) or _differ_in_yeh(a, b, lexicon))


def cosmetic_kind(a: str, b: str, lexicon: Lexicon) -> Kind | None:
    """Return the cosmetic kind of a change from ``a`` to ``b``, None where it is more than cosmetic.

    >>> from reports.language.lexicon import load_lexicon
    >>> arabic = load_lexicon("ar")
    >>> [cosmetic_kind(a, b, arabic) for a, b in (("أكّد", "أكد"), ("اصدر", "أصدر"), ("«x»", '"x"'), ("قَتل", "قُتل"), ("على", "علي"))]
    [<Kind.DIACRITICS: 'diacritics'>, <Kind.SPELLING: 'spelling'>, <Kind.TYPOGRAPHY: 'typography'>, None, None]
    """
    visible_a, visible_b = _visible(a), _visible(b)
    if _meaningful_signs(visible_a) != _meaningful_signs(visible_b):
        return None
    if visible_a == visible_b:
        return Kind.INVISIBLE if a.split() == b.split() or not (a.isspace() or b.isspace()) else Kind.TYPOGRAPHY
    capitals = visible_a[:1].isupper() and visible_b[:1].isupper()  # A l'issue, À l'issue: accents are left out on capitals
    if not capitals and _in_minimal_pair(visible_a.lower(), visible_b.lower(), lexicon):
        return None
    plain_a, plain_b = _plain(visible_a), _plain(visible_b)
    if plain_a == plain_b or (any(map(str.isdigit, visible_a)) and fold(visible_a).split() == fold(visible_b).split()):
        return Kind.TYPOGRAPHY
    if _HARAKAT.sub("", plain_a) == _HARAKAT.sub("", plain_b):
        return None if _vowels_conflict(plain_a, plain_b) else Kind.DIACRITICS
    if plain_a.lower() == plain_b.lower():
        return Kind.TYPOGRAPHY
    if 1 in (len(plain_a), len(plain_b)) and frozenset((fold(plain_a), fold(plain_b))) in lexicon.variant_spellings:
        return Kind.TYPOGRAPHY  # a title and its abbreviation
    if _spelled_alike(plain_a, plain_b, lexicon):
        return Kind.SPELLING
    if _differ_in_yeh(visible_a, visible_b, lexicon):
        return Kind.SPELLING if len(visible_a.split()) == len(visible_b.split()) else Kind.TYPOGRAPHY
    words_a, words_b = (_contracted(visible).split() for visible in (visible_a, visible_b))
    if 1 < len(words_a) == len(words_b) <= _PHRASE:
        pairs = [(_plain(x), _plain(y)) for x, y in zip(words_a, words_b, strict=True)]
        if all(x == y or (x and y and _is_one_word(x, y, lexicon)) for x, y in pairs):
            return None if any(map(_vowels_conflict, *zip(*pairs, strict=True))) else Kind.SPELLING
    return Kind.SPELLING if words_a == words_b else None


def _contracted(text: str) -> str:
    """Return a text with "that not" as one word, as it is often written: أن لا is ألا."""
    return _THAT_NOT.sub(r"\1ألا", text)
