"""Evidence that words are a name: known names, titles and words like "town" before unknown words; and what shows that they are none."""

from __future__ import annotations

from itertools import pairwise

from ..language.lexicon import Lexicon
from .context import SideContext

HEADS = ("places", "people", "groups")
"""Lists of the words that stand before a name."""
NAMES = ("names", "countries")
"""Lists of names."""
KIN = frozenset(("بن", "ابن", "بنت", "ال", "ابو", "ابي", "ام", "عبد"))
"""Words between the parts of a name."""
_ITS = ("ها", "هم", "هما")  # pronouns that are written on to a noun: no name has one
_LONGEST_OWNED = 4  # letters of a name that ends so all the same: أبها
POINTING = frozenset(("ذلك", "تلك", "هذا", "هذه", "هو", "هي", "هم", "انا", "نحن", "كل", "جميع", "كافه"))
"""Words that begin no name."""
_SHORTEST = 3  # letters of an unknown name
_TWO_WORDS = 8  # letters of two words that were run together, at least
_QUOTES = ('"', "«", "“", "'", "‘")
_SOME = 5  # words from which a name put in needs a known one inside


def is_unknown(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is a known name, or no known common word."""
    if any(lexicon.has_without_article(name, word) for name in NAMES):
        return True
    if _is_run_together(word, lexicon):
        return False
    owned = bool(lexicon.article) and word.endswith(_ITS) and len(word) > _LONGEST_OWNED
    return len(word) > 2 and not owned and not lexicon.is_common(word)


def _is_run_together(word: str, lexicon: Lexicon) -> bool:
    """Tell whether two common words lost the space between them: استمرارالنظام. Compound names are left alone: نورالدين."""
    if not lexicon.article or len(word) < _TWO_WORDS or word.endswith(("الدين", "الله")) or word.startswith(("عبد", "ابو")):
        return False
    common, article = lexicon.common, lexicon.article
    return any(
        word[:place] in common and (word[place:] in common or (word[place:].startswith(article) and word[place + 2 :] in common))
        for place in range(4, len(word) - 3)
    )


def is_part_of_name(side: SideContext) -> bool:
    """Tell whether inserted words are a part of a name: "son of X", a first name before a surname, a name in quotes behind "company"."""
    words, lexicon, before, after = side.words, side.lexicon, side.word_before(), side.word_after()
    if not lexicon.article or side.has_verb:
        return False
    if len(words) == 2 and words[0] in ("بن", "ابن", "بنت"):
        return True
    word = words[0]
    plain = word.startswith(lexicon.article) or word in lexicon.common or len(word) < _SHORTEST or side.numbers
    if len(words) != 1 or plain or any(lexicon.has(name, word) for name in ("prepositions", "connectives", "say", "time")):
        return False
    if side.surface.strip()[:1] in _QUOTES:
        return not lexicon.is_common(word) and any(lexicon.has(name, before) for name in ("groups", "titled"))
    if not is_unknown(after, lexicon) or lexicon.is_common(after) or lexicon.is_verb(after):
        return False
    known = any(lexicon.has(name, before) for name in ("people", "honorifics", "say")) or lexicon.has_without_article("names", before)
    return known or (is_unknown(before, lexicon) and is_unknown(word, lexicon))


def completes_a_name(side: SideContext) -> bool:
    """Tell whether a side is the rest of the name of a body before it: "the authority", "the authority for tourism and heritage"."""
    lexicon = side.lexicon
    before, articled = side.word_before(), len(lexicon.article) and side.words[0].startswith(lexicon.article)
    purpose = any(word.startswith("لل") for word in side.words[1:])
    return bool(articled) and before.startswith(lexicon.article) and lexicon.has("groups", before) and purpose and not side.has_verb


def has_proper_name(side: SideContext) -> bool:
    """Tell whether a name is inside, by evidence: a known name, a nationality, or an unknown word behind a title or a word like "town".

    A title with a country, as "the president of X" beside the name of the president, is none.
    """
    lexicon = side.lexicon
    titled = side.starts_with("people", "honorifics") and not side.in_lists(side.words[-1], "people", "honorifics")
    words = [side.word_before(), *side.words]
    for place, (before, word) in enumerate(pairwise(words)):
        if _is_surname(word, before, lexicon):
            return True
        known = lexicon.has_without_article("names", word) and word not in lexicon.lists["prepositions"]
        title = place == 0 and len(side.words) > 1 and word in lexicon.lists["people"]
        if word in KIN or title or (len(word) < _SHORTEST and not known):
            continue
        if lexicon.phrase_length("countries", side.words, place) or lexicon.has("parties", word):
            if not titled:
                return True
        elif known and not _is_common_noun(word, before, lexicon):
            return True
        if is_unknown(word, lexicon) and not known and not _is_described(word, before, lexicon):
            return True
    return False


def _is_surname(word: str, before: str, lexicon: Lexicon) -> bool:
    """Tell whether a word with the article follows a title of persons: Dr X, the engineer X. Any noun can be a surname."""
    title = before in lexicon.lists["honorifics"] and (len(before) == 1 or before.startswith(lexicon.article))
    other = any(lexicon.has(name, word) for name in ("people", "honorifics", "groups", "source_nouns"))
    return title and word.startswith(lexicon.article) and not other


def _is_common_noun(word: str, before: str, lexicon: Lexicon) -> bool:
    """Tell whether a known name is more likely a common noun here: no title, kin or other name stands before it."""
    return word in lexicon.common and not (before in KIN or any(lexicon.has(name, before) for name in ("people", "honorifics", "names")))


def _is_described(word: str, before: str, lexicon: Lexicon) -> bool:
    """Tell whether an unknown word has no evidence that it is a name: nothing before it that a name follows."""
    if before in KIN or any(lexicon.has_without_article(name, before) for name in ("names", "countries")):
        return False
    if any(lexicon.has(name, before) for name in ("people", "honorifics", "places", "groups", "titled")):
        if word.startswith(lexicon.article) and any(lexicon.has(name, before) for name in ("people", "honorifics")):
            return not (before.startswith(lexicon.article) or len(before) == 1)  # "the minister of education", not "Dr X"
        word = word[1:] if word.startswith(tuple(joiner + lexicon.article for joiner in lexicon.joiners)) else word
        return word.endswith("ه") and word.startswith(lexicon.article) and before.startswith(lexicon.article)  # an adjective of it
    return not word.startswith(lexicon.joiners)


def starts_otherwise(side: SideContext) -> bool:
    """Tell whether a side begins with a pronoun, or says where: "in the city of X" put in is no name by itself."""
    word, lexicon = side.words[0], side.lexicon
    if any(form in POINTING for form in lexicon.variants(word)):
        return True
    bare = next((word[1:] for prefix in lexicon.joined_prepositions if word.startswith(prefix) and word not in lexicon.lists["places"]), "")
    forms = (bare, *lexicon.variants(bare)) if len(bare) >= _SHORTEST else ()
    return any(form in lexicon.lists[name] for form in forms for name in (*HEADS, *NAMES))


def may_be_one_name(side: SideContext) -> bool:
    """Tell whether a side may be one name: a long one has a known name inside, and each part between commas names something."""
    known = any(word in KIN or any(side.lexicon.has_without_article(name, word) for name in (*NAMES, "parties")) for word in side.words)
    if len(side.words) > _SOME and not known:
        return False
    tokens, start = side.edit_side.tokens, side.edit_side.start
    marks = [place for place in range(start + 1, side.edit_side.end - 1) if tokens[place].key in (",", ";")]
    ends = [start, *marks, side.edit_side.end]
    parts = [[token.key for token in tokens[one:other] if token.is_word] for one, other in pairwise(ends)]
    names = (any(is_unknown(word, side.lexicon) or side.in_lists(word, *HEADS, "honorifics") for word in part) for part in parts if part)
    return len(parts) < 2 or all(names)


def are_adjectives(a: SideContext, b: SideContext) -> bool:
    """Tell whether two single words behind a title describe: the former president, the ousted president."""
    lexicon = a.lexicon
    words = [*a.words, *b.words]
    behind = len(a.words) == len(b.words) == 1 and a.word_before() == b.word_before() and lexicon.has("people", a.word_before())
    behind = behind and a.word_before().startswith(lexicon.article)
    plain = all(word.startswith(lexicon.article) and not lexicon.has("parties", word) and not lexicon.has("names", word) for word in words)
    return behind and plain and any(map(lexicon.is_common, words))


def _points_back(word: str, head: str, lexicon: Lexicon) -> bool:
    """Tell whether one word points back to a noun with more behind it: the region, for the region of X; his office, for the office of X."""
    heads = set(lexicon.variants(head))
    definite = {form.removeprefix(lexicon.article) for form in lexicon.variants(word) if form.startswith(lexicon.article)}
    owned = {form.removesuffix("ه") for form in lexicon.variants(word) if form.endswith("ه")}
    return bool(definite & heads) or (word not in heads and bool(owned & heads) and lexicon.has("groups", head))


def points_back(a: SideContext, b: SideContext) -> bool:
    """Tell whether one side is a single word that points back to what the other side names."""
    shorter, longer = sorted((a, b), key=lambda side: len(side.words))
    return (
        len(shorter.words) == 1 < len(longer.words)
        and bool(a.lexicon.article)
        and _points_back(shorter.words[0], longer.words[0], a.lexicon)
    )


def is_shortened(a: SideContext, b: SideContext) -> bool:
    """Tell whether one side has all the words of the other and more, but no name more: "the minister of education", "the minister"."""
    shorter, longer = sorted((a, b), key=lambda side: len(side.words))
    lexicon = a.lexicon
    bare = [{form.removeprefix(lexicon.article) for form in lexicon.variants(word)} for word in longer.words]
    if points_back(a, b):
        return True
    kept = {
        place
        for word in shorter.words
        for place, forms in enumerate(bare)
        if forms & {f.removeprefix(lexicon.article) for f in lexicon.variants(word)}
    }
    if len(kept) < len(shorter.words) or len(shorter.words) == len(longer.words):
        return False
    more = [word for place, word in enumerate(longer.words) if place not in kept]
    heads = all(any(lexicon.has(name, word) for name in (*HEADS, "honorifics", "prepositions")) for word in more)
    return (heads and len(more) == 1) or not has_proper_name(longer)
