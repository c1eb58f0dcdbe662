"""Describe a changed quantity: its value and qualifier on both sides, and the word for what is counted (its role)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..diff.edits import Edit, EditSide
from ..diff.texts import ComparedTexts
from ..language.beside import behind_number
from ..language.lexicon import Lexicon, fold_words
from ..language.tokens import NumberForm, Token
from ..model import Amount, QuantityChange
from .counted_words import SHARES, currency_sign_before, ranked_at, role_at

_FEW, _TEN = 3, 10
_NISBA = ("ي", "يه", "ان", "ين")  # endings of a noun after which a final ي is no dual
_YEARS = range(1900, 2101)
_DENIED = {"more_than": "at_most", "less_than": "at_least"}  # what a qualifier says with a negation before it
_QUALIFIED = 3  # tokens from a side to the number that it qualifies
_MARGIN = 5  # words around a number in which its qualifier stands
_AROUND = 24  # tokens around a number that may say what it counts, or that it is a score

_CURRENCIES = {"$": "USD", "\N{EURO SIGN}": "EUR", "\N{POUND SIGN}": "pound", "\N{YEN SIGN}": "JPY", "\N{TURKISH LIRA SIGN}": "lira"}


def number_places(side: EditSide) -> list[int]:
    """Return the places of the numbers inside a side."""
    return side.number_places


def main_number(side: EditSide) -> int | None:
    """Return the place of the number of a side that is no year, if there are several; None where there is none."""
    places = number_places(side)
    counts = [place for place in places if not _may_be_year(side, place)]
    return next(iter(counts or places), None)


def _may_be_year(side: EditSide, place: int) -> bool:
    number = side.tokens[place].number
    return number is not None and number.form is NumberForm.COUNT and number.value in _YEARS and number.scale == 1


def nearby_number(side: EditSide, reach: int = 2) -> int | None:
    """Return the place of the number next after a side, or else before it, at most ``reach`` tokens away; None for none."""
    places = (*range(side.end, side.end + reach), *range(side.start - 1, side.start - 1 - reach, -1))
    return next((place for place in places if 0 <= place < len(side.tokens) and side.tokens[place].number is not None), None)


def is_score(side: EditSide, place: int, lexicon: Lexicon) -> bool:
    """Tell whether ``2-1`` is a score, not a range: its first number is the larger, or the words around are about a match."""
    near = side.tokens[max(0, place - _AROUND) : place + _AROUND]
    return not side.tokens[place].key.startswith("#") or any(lexicon.has("scores", token.key) for token in near)


def _without(tokens: Sequence[Token], place: int) -> tuple[Token, ...]:
    return (*tokens[:place], *tokens[place + 1 :])


def qualifier_span(side: EditSide, place: int, lexicon: Lexicon) -> tuple[str, int, int] | None:
    """Return the qualifier of the number at a place and the places of its words, from before the number or after it; None for none."""
    opened = place > 0 and side.tokens[place - 1].key in ("(", '"')  # more than (160,000)
    if opened and (outside := _plain_qualifier(replace(side, tokens=_without(side.tokens, place - 1)), place - 1, lexicon)):
        return outside if outside[1] < place - 1 else (outside[0], outside[1] + 1, outside[2] + 1)
    return _plain_qualifier(side, place, lexicon)


def _plain_qualifier(side: EditSide, place: int, lexicon: Lexicon) -> tuple[str, int, int] | None:
    start = max(0, place - _MARGIN)
    words = [token.key for token in side.tokens[start : place + _MARGIN]]
    found = lexicon.phrase_before("before", words, place - start)
    if found is not None:
        first = place - found.count(" ") - 1
        qualifier = str(lexicon.values["before"][found])
        if first and lexicon.has("negation", side.tokens[first - 1].key) and qualifier in _DENIED:  # no more than
            return _DENIED[qualifier], first - 1, place
        return qualifier, first, place
    for after in (place - start + 1, place - start + 2):
        if length := lexicon.phrase_length("after", words, after):
            return str(lexicon.values["after"][" ".join(words[after : after + length])]), start + after, start + after + length
    return None


def nearby_quantity(side: EditSide, lexicon: Lexicon) -> int | None:
    """Return the place of the number or vague word next after a side, or else of the number before it; None for none."""
    for place in range(side.end, min(len(side.tokens), side.end + _QUALIFIED)):
        if side.tokens[place].number is not None or lexicon.has("vague", side.tokens[place].key):
            return place
    return next(
        (place for place in range(side.start - 1, max(-1, side.start - 1 - _QUALIFIED), -1) if side.tokens[place].number is not None), None
    )


def qualifier_at(side: EditSide, place: int, lexicon: Lexicon) -> str:
    """Return the qualifier of the number at a place: from the words before it, after it, or from its form."""
    number = side.tokens[place].number
    if number is not None and number.form is NumberForm.RANGE:
        return "exact" if is_score(side, place, lexicon) else "about"
    found = qualifier_span(side, place, lexicon)
    return found[0] if found else "vague" if number is None else "exact"


def noun_quantity(word: str, lexicon: Lexicon) -> Amount | None:
    """Return the quantity of a counted noun without a number: a dual is two, a bare singular one, a plural some."""
    bare = list(lexicon.variants(word))
    if any(each in lexicon.lists["duals"] for each in bare):
        both = any(each in lexicon.lists["count_nouns"] for each in bare)  # a plural as well: مدنيين
        return Amount(None, "vague") if both else Amount(2.0, "exact")
    if any(each in lexicon.lists["count_nouns"] for each in bare):
        return Amount(1.0, "exact") if any(each in lexicon.lists["singulars"] for each in bare) else Amount(None, "vague")
    return None


def consonants(word: str) -> str:
    """Return the consonants of an Arabic word that all its forms keep: not ة, the long vowels and letters of endings."""
    return "".join(letter for letter in word if letter not in "اويهتنىةءئؤ")


def share_noun(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether two sides have forms of one noun, by its first consonants: شهيد, شهداء; child, children.

    >>> share_noun(["قتلى"], ["قتيلا"]), share_noun(["survivors"], ["children"])
    (True, False)
    """
    roots = [{(consonants(word) or word)[:2] for word in words} for words in (one, other)]
    return not roots[0].isdisjoint(roots[1])


def looks_like_dual(word: str, noun: str, lexicon: Lexicon) -> bool:
    """Tell whether a word looks like the dual of a noun that the other text counts."""
    if lexicon.article and word.endswith("ي") and len(word) > _FEW and consonants(word) == consonants(noun) and not noun.endswith(_NISBA):
        return word[:-1] != noun or noun in lexicon.lists["singulars"]  # before a genitive: two tanks of fuel
    if not lexicon.joiners or word in lexicon.lists["not_duals"] or not word.endswith(("ان", "ين")) or len(word) < 5:
        return False
    one, other = consonants(word[:-2]), consonants(noun)
    return bool(one) and (one == other or (len(one) > 1 and (one.startswith(other[:2]) or other.startswith(one[:2]))))


def amount_at(side: EditSide, place: int, lexicon: Lexicon) -> Amount:
    """Return the quantity of the number, or of the vague word, at a place."""
    number = side.tokens[place].number
    if number is not None and number.form is NumberForm.CODE:
        return Amount(None, None)
    return Amount(number.value if number else None, qualifier_at(side, place, lexicon), readings=number.readings if number else ())


def _ordinal_value(words: Sequence[str], lexicon: Lexicon) -> float | None:
    """Return the value of an ordinal of one or two words: الحادي عشر (11th), الحادي والعشرون (21st); None for none."""
    values = lexicon.values["ordinals"]
    found = [next((float(values[form]) for form in lexicon.variants(word) if form in values), None) for word in words[:2]]
    first, second = (*found, None, None)[:2]
    if first is None or first >= _TEN:
        return first if first is not None else second
    return first + (_TEN if words[1:2] == (f"#{_TEN}",) else second if second is not None and second > _TEN else 0)


def side_amount(side: EditSide, other: EditSide, lexicon: Lexicon) -> Amount:
    """Return the quantity that a side of an edit says."""
    words, places = side.words, number_places(side)
    ordinals = lexicon.values["ordinals"]
    ranked = len(words) == 1 and words[0] in ordinals and any(word in ordinals for word in other.words)  # third, fourth; no fraction
    ordinal = _ordinal_value(words, lexicon) if places != [side.start] or ranked else None
    if ordinal is not None:
        return Amount(ordinal, "exact")
    if (place := main_number(side)) is not None:
        return amount_at(side, place, lexicon)
    if side.start == side.end:
        return Amount(None, None)
    if any(lexicon.has("vague", word) for word in words):
        return Amount(None, "vague")
    nouns = [token.key for token in other.tokens[other.start : other.end + 2] if token.is_word and token.number is None]
    for word in words:
        for variant in lexicon.variants(word):
            if any(looks_like_dual(variant, noun, lexicon) for noun in nouns):
                return Amount(2.0, "exact")
        if (amount := noun_quantity(word, lexicon)) is not None:
            return amount
    alike = [(word, noun) for word in words for noun in nouns if consonants(word) and consonants(word)[:2] == consonants(noun)[:2]]
    if not alike:
        return Amount(None, None)
    # In Arabic a noun after 3 to 10 is in the plural, after 11 and more in the singular.
    counted = [other.tokens[place].number for place in number_places(other)[:1]]
    value = counted[0].value if counted and counted[0] else None
    same = any(word == noun for word, noun in alike)
    plural_category = lexicon.article and value is not None and (same if _FEW <= value <= _TEN else not same if value > _TEN else False)
    return Amount(None, "vague") if plural_category else Amount(1.0, "exact")


def _side_role(side: EditSide, text: str, lexicon: Lexicon) -> str | None:
    if (place := main_number(side)) is not None:
        return role_at(side, place, text, lexicon)
    if side.words and _ordinal_value(side.words, lexicon) is not None:
        return ranked_at(side, text, lexicon)
    words = [token for token in side.tokens[side.start : side.end] if token.is_word]
    return text[words[-1].start : words[-1].end] if words else None


def _unit_at(side: EditSide, place: int, text: str, lexicon: Lexicon) -> str | None:
    """Return the name of the unit or currency of the number at a place, None without one."""
    number, units = side.tokens[place].number, lexicon.values["measures"]
    if number is not None and number.form in SHARES:
        return SHARES[number.form]
    if sign := currency_sign_before(side, place, text):
        return _CURRENCIES.get(sign, sign)
    behind = behind_number(side.tokens, place)
    following = [token.key for token in side.tokens[behind : behind + 2] if token.is_word]
    if " ".join(following) in units:  # square miles
        return str(units[" ".join(following)])
    forms = (lexicon.variants if lexicon.article else lexicon.stems)(following[0]) if following else ()
    return next((str(units[form]) for form in forms if form in units), None)


def _magnitude(shown: str, scale: float, lexicon: Lexicon) -> str | None:
    """Return the last word for a magnitude in the text of a number, None where it is written out in digits."""
    words = [word for word in shown.split() if lexicon.values["scales"].get(fold_words(word)) == scale]
    return words[-1] if words and scale > 1 else None


def _with_form(amount: Amount, side: EditSide, place: int | None, text: str, lexicon: Lexicon) -> Amount:
    """Return an amount with its written form, magnitude and unit, as they stand at a place."""
    if place is None or not (number := side.tokens[place].number):
        return amount
    token, unit = side.tokens[place], _unit_at(side, place, text, lexicon)
    start, end = token.start - len(currency_sign_before(side, place, text)), token.end
    behind = behind_number(side.tokens, place)
    following = side.tokens[behind : behind + 1]
    measured = following and any(form in lexicon.values["measures"] for form in lexicon.variants(following[0].key))
    shown = text[start : following[0].end if measured else end]
    if measured and behind > place + 1:  # without the mark between
        shown = f"{text[start:end]} {text[following[0].start : following[0].end]}"
    magnitude = _magnitude(text[token.start : end], number.scale, lexicon)
    return replace(amount, written=" ".join(shown.split()), magnitude=magnitude, scale=number.scale if magnitude else 1, unit=unit)


def _nearby_quantities(edit: Edit, lexicon: Lexicon) -> list[int | None]:
    """Return the places of the quantities that the sides of an edit qualify: one that stays, if there is one near by."""
    near = [nearby_quantity(side, lexicon) for side in (edit.a, edit.b)]
    for one, other, place in ((0, 1, near[0]), (1, 0, near[1])):
        side, twin = ((edit.a, edit.b), (edit.b, edit.a))[one]
        if place is None or not side.words:
            continue
        around = range(max(0, twin.start - _AROUND), min(len(twin.tokens), twin.end + _AROUND))
        same = [at for at in around if twin.tokens[at].number is not None and twin.tokens[at].key == side.tokens[place].key]
        if same:
            near[other] = same[0]
            break
    return near


def quantity_change(edit: Edit, texts: ComparedTexts) -> QuantityChange:
    """Return both quantities of an edit of kind ``number``, and what they count."""
    lexicon = texts.lexicon
    a, b = side_amount(edit.a, edit.b, lexicon), side_amount(edit.b, edit.a, lexicon)
    places = [main_number(side) for side in (edit.a, edit.b)]
    near = _nearby_quantities(edit, lexicon)
    words = (*edit.a.words, *edit.b.words)
    counted = any(place is not None for place in places) or any(
        noun_quantity(word, lexicon) or _ordinal_value([word], lexicon) for word in words
    )
    role = None
    if not counted and near[0] is not None and near[1] is not None:
        places = near
        a, b = amount_at(edit.a, near[0], lexicon), amount_at(edit.b, near[1], lexicon)
        role = role_at(edit.b, near[1], texts.b, lexicon)
    else:
        role = next(filter(None, (_side_role(side, text, lexicon) for side, text in reversed([*edit.sides(texts)]))), None)
    a, b = (
        _with_form(amount, side, place, text, lexicon)
        for amount, place, (side, text) in zip((a, b), places, edit.sides(texts), strict=True)
    )
    numbers = [side.tokens[place].number for side, place in zip((edit.a, edit.b), places, strict=True) if place is not None]
    pairs = len(numbers) == len([number for number in numbers if number and number.form is NumberForm.RANGE]) > 1
    if pairs and "exact" in (a.qualifier, b.qualifier):  # one is a score, so that the other is one
        a, b = replace(a, qualifier="exact"), replace(b, qualifier="exact")
    return QuantityChange(a, b, role)
