"""Decide which edits change a number: a count, its qualifier, or a dual or plural that counts."""

from __future__ import annotations

from ..language.tokens import NumberForm
from .ages import is_age
from .context import SideContext, nonempty_sides
from .numerals import only_labels
from .quantities import looks_like_dual, nearby_quantity, noun_quantity, qualifier_span, share_noun, side_amount
from .readings import ordinal_value, share_readings, token_readings

_BESIDE = 6  # tokens in which the digits of a number in words stand
_NOUN = 3  # words, at most, that stand in the place of a number with its noun
_QUALIFIER = 5  # words, at most, of a qualifier
_CLAUSE = 6  # words, at most, of both sides together where no number is inside


def _qualified(side: SideContext) -> tuple[str, bool] | None:
    """Return the qualifier of the number or vague word next to a side, and whether the side is part of it; None where there is neither."""
    place = nearby_quantity(side.edit_side, side.lexicon)
    if place is None:
        return None
    found = qualifier_span(side.edit_side, place, side.lexicon)
    if found is None:
        return "exact", False
    start, end = side.edit_side.start, side.edit_side.end
    return found[0], max(start, found[1]) < min(end, found[2])


def changes_qualifier(a: SideContext, b: SideContext) -> bool:
    """Tell whether an edit changes how exactly a number is said: about, at least. Words that say the same change nothing."""
    if a.numbers or b.numbers or max(len(a.words), len(b.words)) > _QUALIFIER:
        return False
    if all(side.only_in_lists("prepositions") and not side.starts_with("before", "after") for side in nonempty_sides(a, b)):
        return False
    found = [_qualified(side) for side in (a, b)]
    if found[0] is None or found[1] is None or found[0][0] == found[1][0] or not (found[0][1] or found[1][1]):
        return False
    if a.has_verb and b.has_verb and not (found[0][1] and found[1][1]):
        return False
    return all(
        inside
        or not side.words
        or side.words[0] in side.lexicon.joined_prepositions
        or side.only_in_lists("before", "after", "prepositions")
        for (_, inside), side in zip([each for each in found if each], (a, b), strict=True)
    )


def _has_count(side: SideContext) -> bool:
    return side.contains("vague") or any(noun_quantity(word, side.lexicon) for word in side.words)


def _is_adjective(word: str, side: SideContext) -> bool:
    """Tell whether a word has the form of a passive participle in the feminine, which agrees with a noun and counts nothing itself."""
    participle = word[:1] == "م" and word.endswith(("ه", "تين", "تان"))
    return participle and not side.in_lists(word, "count_nouns", "duals", "places", "groups")


def _is_generic(side: SideContext) -> bool:
    """Tell whether a side is one definite word that counts nothing, as an adjective, or a word with the ending of a pronoun: عليها."""
    bare = [word.removeprefix(joiner) for word in side.words for joiner in side.lexicon.joiners[:1]]
    if bare and all(_is_adjective(word, side) for word in bare):
        return True
    if len(side.words) != 1:
        return False
    (word,) = side.words
    definite = side.lexicon.article in word[:3] and not side.in_lists(word, "count_nouns", "duals")
    return definite or word.endswith(("ها", "هان"))


def _agrees_with_dual(a: SideContext, b: SideContext) -> bool:
    """Tell whether the dual of a side is the agreement of an adjective with a dual that stays: صورتين مصدقتين."""
    return a.word_before() == b.word_before() and a.word_before().endswith(("تين", "تان"))


def is_dual_change(a: SideContext, b: SideContext) -> bool:
    """Tell whether every word of one side is the Arabic dual of the word of the other: جرار زراعي, جراران زراعيان."""
    if len(a.words) != len(b.words) or not a.words or not a.lexicon.joiners or any(map(_is_generic, (a, b))) or _agrees_with_dual(a, b):
        return False
    for one, other in ((a.words, b.words), (b.words, a.words)):
        stems = [(word, word[:-1] + "ت" if word.endswith("ه") else word.removesuffix("ا")) for word in one]
        endings = ("ان", "ين", "ي") if len(one) == 1 and a.in_lists(one[0], "singulars") else ("ان", "ين")
        if all(dual in [stem + ending for stem in forms for ending in endings] for forms, dual in zip(stems, other, strict=True)):
            return True
    return False


def _repeats(a: SideContext, b: SideContext) -> bool:
    """Tell whether an edit only says again, in words, the number that stands there: (681) six hundred and eighty-one."""
    if is_age(a) and is_age(b) and bool(a.numbers) != bool(b.numbers):
        counted, other = (a, b) if a.numbers else (b, a)
        ordinals = {float(value) for word in other.words if (value := ordinal_value(word, other)) is not None}
        return ordinals == {token.number.value for token in counted.numbers if token.number}
    numbers = [(token, side.text) for side in (a, b) for token in side.numbers]
    for side in (a, b):
        start, end = side.edit_side.start, side.edit_side.end
        near = (side.edit_side.tokens[max(0, start - _NOUN) : start][::-1], side.edit_side.tokens[end : end + _NOUN])
        beside = [next((token for token in row if token.is_word), None) for row in near]
        numbers += [(token, side.text) for token in beside if token is not None and token.number is not None and len(numbers) == 1]
    return len(numbers) > 1 and bool(frozenset.intersection(*(token_readings(token, text) for token, text in numbers)))


def _spells_out(a: SideContext, b: SideContext) -> bool:
    """Tell whether every number of the sides says in words what stands in digits beside it: (1.071.5) a kilo and 71."""
    sides = [side for side in (a, b) if side.numbers]
    return not any(map(str.isdigit, "".join(side.surface for side in sides))) and all(map(_stands_beside_digits, sides))


def _stands_beside_digits(side: SideContext) -> bool:
    """Tell whether digits between brackets or quotes stand right before a side, one unit between them or none, or right behind it."""
    tokens, start, end = side.edit_side.tokens, side.edit_side.start, side.edit_side.end
    while start < end and not tokens[start].is_word:
        start += 1
    after = tokens[end : end + 3]
    if len(after) > 1 and after[0].key == "(" and after[1].number is not None:
        return True
    marks, units = list[str](), 0
    for token in tokens[max(0, start - _BESIDE) : start][::-1]:
        if token.number is not None:
            return bool({")", '"'} & set(marks)) and side.text[token.start].isdigit()
        units += token.is_word
        if units > 1 or (token.is_word and not side.in_lists(token.key, "measures")):
            return False
        marks.append(token.key)
    return False


def _says_scale_twice(a: SideContext, b: SideContext) -> bool:
    """Tell whether the only side with words is a magnitude behind a number that has one: six millions million."""
    sides = nonempty_sides(a, b)
    if len(sides) != 1 or not sides[0].edit_side.start or len(sides[0].words) != 1:
        return False
    side = sides[0].edit_side
    before, inside = side.tokens[side.start - 1].number, sides[0].numbers[0].number
    return before is not None and inside is not None and before.scale == inside.value and inside.scale > 1


def _only_agrees(a: SideContext, b: SideContext) -> bool:
    """Tell whether nouns without a number agree in another way with the number that stays before them: 809 patients."""
    counted = a.word_before() == b.word_before() and a.word_before()[:1] == "#"
    return counted and len(a.words) == len(b.words) and share_noun(a.words, b.words) and not (a.contains("vague") or b.contains("vague"))


def _vague_words(side: SideContext) -> set[str]:
    """Return the words of a side for a number that is not told, without particles and cases."""
    vague = side.lexicon.lists["vague"]
    found = {form for word in side.words for form in side.lexicon.variants(word) if form in vague}
    same = side.lexicon.lists["same_vague"]
    return {"~" if form in same else form for form in found}


def _has_dual(side: SideContext, other: SideContext) -> bool:
    """Tell whether a side is the Arabic dual of a noun of the other: "two engineers", "a number of the engineers"."""
    nouns = [word.removeprefix(side.lexicon.article) for word in other.words]
    return len(side.words) == 1 and any(looks_like_dual(side.words[0], noun, side.lexicon) for noun in nouns)


def _is_class(side: SideContext) -> bool:
    """Tell whether all words of a side have the article and none is a dual: the student, the students."""
    article = side.lexicon.article
    return bool(article) and all(article in word[:3] and not side.in_lists(word, "duals") for word in side.words)


def _replaces_count(counted: SideContext, other: SideContext) -> bool:
    """Tell whether words without a number stand in the place of a number with its noun: dozens, a dual, the noun alone, an ordinal."""
    if any(token.number and token.number.form is NumberForm.RANGE for token in counted.numbers):
        return False  # a score that is told in words
    spelled = not any(map(str.isdigit, counted.surface))
    if spelled and len(other.words) == 1 and all(token.number and token.number.value == 1 for token in counted.numbers):
        return noun_quantity(other.words[0], other.lexicon) is not None  # "one of them", "either"
    if other.contains("vague", "ordinals"):
        return True
    if len(counted.words) <= len(counted.numbers) + 1 and len(other.words) <= 2:
        return True
    place = counted.words.index(counted.numbers[0].key)
    nouns = [word.removeprefix(other.lexicon.article) for word in other.words]
    return len(other.words) <= _NOUN and share_noun(counted.words[place + 1 : place + 2], nouns)


def _same_amounts(a: SideContext, b: SideContext) -> bool:
    """Tell whether both sides say one quantity: two people, a dual and 2."""
    amounts = side_amount(a.edit_side, b.edit_side, a.lexicon), side_amount(b.edit_side, a.edit_side, a.lexicon)
    forms = [{token.number.form for token in side.numbers if token.number} for side in (a, b)]
    units = forms[0] == forms[1] or not (forms[0] and forms[1])
    return amounts[0].value is not None and amounts[0] == amounts[1] and units and max(len(a.numbers), len(b.numbers)) <= 1


def _same_share(a: SideContext, b: SideContext) -> bool:
    """Tell whether one side says as a fraction in words what the other says in percent: a quarter of, 25 percent of."""
    if len(a.numbers) != 1 or len(b.numbers) != 1:
        return False
    found = []
    for side in (a, b):
        tokens, token = side.edit_side.tokens, side.numbers[0]
        following = next((each for each in tokens[side.edit_side.start :] if each.start >= token.end), None)
        found.append(share_readings(token, following, side) | token_readings(token, side.text))
    return any(each.endswith("%") for each in found[0] & found[1])


def _counts_nothing(side: SideContext) -> bool:
    """Tell whether an ordinal is the numeral of an item, in words, or only says "first"."""
    return side.starts_clause or all(ordinal_value(word, side) == 1 for word in side.words)


def changes_number(a: SideContext, b: SideContext) -> bool:
    sides = nonempty_sides(a, b)
    if len(sides) == 2 and (_same_amounts(a, b) or _same_share(a, b)):
        return False
    if is_dual_change(a, b):
        return True
    if (a.numbers or b.numbers) and (all(only_labels(side) for side in sides if side.numbers) or _repeats(a, b)):
        return False
    if (a.numbers or b.numbers) and (_spells_out(a, b) or _says_scale_twice(a, b)):
        return False
    if not a.numbers and not b.numbers and len(sides) == 2 and _only_agrees(a, b):
        return False
    if not a.numbers and not b.numbers and len(sides) == 2 and not _vague_words(a).isdisjoint(_vague_words(b)):
        return False
    if len(sides) == 1 and sides[0].only_in_lists("ordinals") and not sides[0].numbers and _counts_nothing(sides[0]):
        return False
    if len(sides) == 1 and sides[0].numbers and is_age(sides[0]) and sides[0].only_in_lists("age", "age_units"):
        return True
    if bool(a.numbers) != bool(b.numbers) and len(sides) == 2 and not _replaces_count(*((a, b) if a.numbers else (b, a))):
        return False
    if len(sides) == 1 and sides[0].numbers and sides[0].only_in_lists("before", "after", "measures", "count_nouns"):
        return True  # less than 40 dollars
    if a.numbers or b.numbers:
        return len(a.words) + len(b.words) <= (2 * _CLAUSE if len(sides) == 2 else 3)
    if all(side.only_in_lists("ordinals") for side in sides):
        return True
    if len(sides) == 1 or len(a.words) + len(b.words) > _CLAUSE:
        return False
    if any(one.contains("vague") and _has_dual(other, one) for one, other in ((a, b), (b, a))):
        return True
    if not all(map(_has_count, sides)):
        return False
    if any(side.starts_with("places") for side in sides) or all(map(_is_class, sides)):
        return False
    if not any(side.contains("vague") for side in sides) and not share_noun(a.words, b.words):
        return False
    amounts = [[amount for word in side.words if (amount := noun_quantity(word, side.lexicon))] for side in sides]
    return any(side.contains("vague") for side in sides) or amounts[0] != amounts[1]
