"""What a number of a text counts, and where: its role and its place, read from the sentence around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from dedup.text.fold import fold

from ..diff.edits import EditSide, tokenize_with_numbers
from ..kinds.counted_words import ranked_at, role_at
from ..kinds.quantities import share_noun
from ..language.beside import behind_number
from ..language.lexicon import Lexicon
from ..language.places import read_place
from ..language.role_words import PEOPLE
from ..language.roles import CountRole, read_role
from ..language.tokens import Token
from ..language.uncounted import is_numbered, is_ordinal
from ..model import Span


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts, and the name of its place as written; None where the words name none."""

    role: CountRole
    place: str | None
    noun: str | None = None
    """The word for what is counted, as written, where it counts no people."""


NOTHING = Counted(CountRole(None), None)


def counted_at(text: str, sentences: Sequence[Span], span: Span, lexicon: Lexicon) -> Counted:
    """Return what the first number in or right beside a span counts, where the span is in one of the sentences.

    >>> from ..language.lexicon import load_lexicon
    >>> text = "A blast in Marsa killed 9 people."
    >>> found = counted_at(text, (Span(0, len(text)),), Span(24, 25), load_lexicon("en"))
    >>> found.role.fate, found.place
    ('killed', 'Marsa')
    """
    at = bisect_right(sentences, span.start, key=lambda sentence: sentence.start) - 1
    if at < 0 or span.start >= sentences[at].end:
        return NOTHING
    tokens = tokenize_with_numbers(text, sentences[at], lexicon)
    place = _number_in(tokens, span)
    if place is None:
        return NOTHING
    side = EditSide(Span(tokens[place].start, tokens[place].end), tokens, place, place + 1)
    if is_ordinal(tokens[place], text[tokens[place].start : tokens[place].end], lexicon):
        role = CountRole(None, counts_nobody=True)
        return Counted(role, read_place(tokens, place, text, lexicon), ranked_at(side, text, lexicon))
    role = read_role(tokens, place, lexicon)
    if role.counts_nobody:
        numbered = text[tokens[place - 1].start : tokens[place - 1].end] if is_numbered(tokens, place, lexicon) else None
        return Counted(role, None if numbered else read_place(tokens, place, text, lexicon), numbered)
    noun = (
        None
        if role.known or tokens[place].number is None
        else _noun_behind(tokens, place, text, lexicon) or role_at(side, place, text, lexicon)
    )
    return Counted(role, read_place(tokens, place, text, lexicon), noun)


def _noun_behind(tokens: Sequence[Token], place: int, text: str, lexicon: Lexicon) -> str | None:
    """Return the noun behind a number in brackets or quotation marks; None for another number, or where none follows."""
    at = behind_number(tokens, place)
    if at == place + 1 or at >= len(tokens) or not tokens[at].is_word or lexicon.has("prepositions", tokens[at].key):
        return None
    return text[tokens[at].start : tokens[at].end]


def is_same_count(one: Counted, other: Counted) -> bool:
    """Tell whether two numbers may count the same: nothing that is known of both differs.

    A bare "toll" may be that of the dead; an age is no count. The names of places are compared without their cases and particles.
    """
    if one.role.counts_nobody != other.role.counts_nobody:
        return False
    fates = {one.role.fate, other.role.fate} - {None, PEOPLE}
    if "toll" in fates and fates <= {"toll", "killed", "victims"}:
        fates = set()
    groups = {one.role.group, other.role.group}
    if len(fates) > 1 or (len(groups) > 1 and one.role.known and other.role.known):
        return False
    return is_same_place(one.place, other.place) and _may_be_same_noun(one.noun, other.noun)


def _may_be_same_noun(one: str | None, other: str | None) -> bool:
    """Tell whether two nouns may be forms of one word: one is unknown, or they share their first consonants."""
    words = [fold(noun or "").split() for noun in (one, other)]
    return not words[0] or not words[1] or words[0] == words[1] or share_noun(*words)


def is_same_place(one: str | None, other: str | None) -> bool:
    """Tell whether two names may be of one place: one is unknown, or they share a word.

    >>> is_same_place("Aleppo", "the city of Aleppo"), is_same_place("Homs", None), is_same_place("Homs", "Hama")
    (True, True, False)
    """
    if one is None or other is None:
        return True
    words = [set(fold(name).split()) for name in (one, other)]
    return not words[0].isdisjoint(words[1])


def _number_in(tokens: Sequence[Token], span: Span) -> int | None:
    """Return the place of the first number in a span, else that of its first word."""
    first = bisect_right(tokens, span.start, key=lambda token: token.end)
    inside = []
    for place in range(first, len(tokens)):
        if tokens[place].start >= span.end:
            break
        inside.append(place)
    numbers = (place for place in inside if tokens[place].number is not None)
    return next(numbers, next((place for place in inside if tokens[place].is_word), None))
